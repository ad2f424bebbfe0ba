package membership

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
)

// move is what the keeper of the units does when units are merged, split or struck out.
func (w *world) move(from, into, unit id.ID) {
	w.t.Helper()
	require.NoError(w.t, w.db.InTx(ctx(), func(ctx context.Context, tx *dbx.Tx) error {
		return w.s.MoveHousehold(ctx, tx, from, into, unit, clock.Now(w.clock))
	}))
}

// present is who is a member of a household now, by person.
func (w *world) present(household id.ID) map[id.ID]Member {
	w.t.Helper()
	rows, err := presentOf(ctx(), w.db, household)
	require.NoError(w.t, err)
	out := map[id.ID]Member{}
	for _, m := range rows {
		out[m.Person] = m
	}
	require.Len(w.t, out, len(rows), "nobody twice")
	return out
}

// A household that keeps on living together gets another dwelling: everybody stays what they were.
func TestAHouseholdMovesToAnotherUnit(t *testing.T) {
	each(t, func(w *world) {
		p, m := w.join("王芳", w.units[0])
		q, other := w.join("李强", w.units[1])
		_, left := w.join("赵六", w.units[0])
		_, err := w.s.Remove(ctx(), w.secretary(), left.ID, left.Version, ReasonMovedOut)
		require.NoError(w.t, err)
		unit := id.New()
		w.clock.Advance(1)
		w.move(m.Household, m.Household, unit)
		got := w.read(m.ID)
		require.Equal(w.t, []any{unit, m.Household, Active, m.From}, []any{got.Unit, got.Household, got.State, got.From})
		require.Equal(w.t, unit, w.again(p).Grants[0].Unit)
		require.Equal(w.t, w.units[1], w.again(q).Grants[0].Unit, "not the neighbours")
		require.Equal(w.t, other, w.read(other.ID))
		require.Equal(w.t, w.units[0], w.read(left.ID).Unit, "where somebody lived before is not written over")
	})
}

// Two households become one: each begins anew there, so that nobody sees what the others did before.
func TestTwoHouseholdsBecomeOne(t *testing.T) {
	each(t, func(w *world) {
		p, m := w.join("王芳", w.units[0])
		q, n := w.join("李强", w.units[1])
		h, err := w.s.AddHelper(ctx(), q, none, n.ID, w.giving(personal.ChannelSelf, "13911110000"))
		require.NoError(w.t, err)
		w.clock.Advance(1000)
		before := w.count(`SELECT COUNT(*) FROM audit_record`)
		unit := id.New()
		w.move(n.Household, m.Household, unit)

		require.Equal(w.t, []any{Ended, ReasonMerged}, []any{w.read(n.ID).State, w.read(n.ID).EndedReason})
		require.Empty(w.t, w.present(n.Household))
		now := w.present(m.Household)
		require.Len(w.t, now, 3)
		came := now[q.Person]
		require.Equal(w.t, []any{unit, Active, n.Relation, clock.Now(w.clock), n.ScopePath}, []any{came.Unit, came.State, came.Relation, came.From, came.ScopePath})
		require.Equal(w.t, came.ID, *now[h.Person].Helps, "the helper helps the same person there")
		require.Equal(w.t, m, now[p.Person], "who lives there already stays")
		require.Equal(w.t, m.Household, w.again(q).Grants[0].Household)
		require.Equal(w.t, []any{authz.RoleHelper, m.Household}, []any{w.again(authz.Principal{Person: h.Person}).Grants[0].Role, w.again(authz.Principal{Person: h.Person}).Grants[0].Household})
		require.Equal(w.t, before+2, w.count(`SELECT COUNT(*) FROM audit_record`), "each of them on record")
	})
}

// Somebody who belongs to both stays what they are in the one that goes on, and keeps who helps them.
func TestAMemberOfBothIsOneOfThem(t *testing.T) {
	each(t, func(w *world) {
		q, n := w.join("李强", w.units[1])
		stays, err := w.s.Redeem(ctx(), q, none, Joining{Code: w.code(w.units[0]), Relation: Occupant})
		require.NoError(w.t, err)
		h, err := w.s.AddHelper(ctx(), w.again(q), none, n.ID, w.giving(personal.ChannelSelf, "13911110000"))
		require.NoError(w.t, err)
		w.move(n.Household, stays.Household, w.units[0])
		require.Empty(w.t, w.present(n.Household))
		now := w.present(stays.Household)
		require.Len(w.t, now, 2)
		require.Equal(w.t, stays, now[q.Person])
		require.Equal(w.t, stays.ID, *now[h.Person].Helps)
	})
}

// A contest is not lost by a merger: who is contested gets nothing by it.
func TestAContestedMemberStaysContested(t *testing.T) {
	each(t, func(w *world) {
		_, m := w.join("王芳", w.units[0])
		mate, _ := w.join("李强", w.units[1])
		p, newcomer := w.join("陌生人", w.units[1])
		newcomer, err := w.s.Contest(ctx(), mate, newcomer.ID, newcomer.Version, ReasonUnknown)
		require.NoError(w.t, err)
		require.Empty(w.t, w.again(p).Grants)
		w.move(newcomer.Household, m.Household, w.units[0])
		now := w.present(m.Household)[p.Person]
		require.Equal(w.t, []any{Contested, newcomer.ContestReason, newcomer.ContestedBy, newcomer.ContestedAt}, []any{now.State, now.ContestReason, now.ContestedBy, now.ContestedAt})
		require.Empty(w.t, w.again(p).Grants)
	})
}

// A dwelling that does not exist has nobody in it.
func TestNobodyLivesInAUnitThatDoesNotExist(t *testing.T) {
	each(t, func(w *world) {
		p, m := w.join("王芳", w.units[0])
		h, err := w.s.AddHelper(ctx(), p, none, m.ID, w.giving(personal.ChannelSelf, "13911110000"))
		require.NoError(w.t, err)
		_, other := w.join("李强", w.units[1])
		w.move(m.Household, id.Nil, id.Nil)
		require.Equal(w.t, []any{ReasonHouseholdEnd, ReasonHelped}, []any{w.read(m.ID).EndedReason, w.read(h.ID).EndedReason})
		require.Empty(w.t, w.again(p).Grants)
		require.Equal(w.t, Active, w.read(other.ID).State)
	})
}
