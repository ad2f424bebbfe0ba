package contract

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/outbox"
)

// passed is open work that was given on.
type passed struct{ area, from, to id.ID }

// desk keeps open work. What it is told it also writes in the transaction, to see whether it stays.
type desk struct {
	told []passed
	full error
}

func (d *desk) TakeOver(ctx context.Context, tx *dbx.Tx, serviceArea, from, to id.ID, at clock.Instant) error {
	d.told = append(d.told, passed{serviceArea, from, to})
	if err := outbox.Add(ctx, tx, at, "test.taken_over", serviceArea, nil); err != nil {
		return err
	}
	return d.full
}

// kept is how many of the hand-overs of work were committed.
func (w *world) kept() int {
	return w.count(`SELECT COUNT(*) FROM outbox WHERE topic = 'test.taken_over'`)
}

func (w *world) arrange(kind Under, handler *id.ID) error {
	cur := w.now().ID
	_, err := w.SetArrangement(ctx, w.communityHead, idem.Key{}, w.area, NewArrangement{Kind: kind, HandlerID: handler, CurrentID: cur.Ptr(), Basis: "居民会议"})
	return err
}

// Who works without a contract goes at once, and with them the open orders, to whoever comes next.
func TestOpenOrdersGoWithTheHandler(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		d := &desk{}
		w.Orders = d
		require.NoError(t, w.arrange(UnderCustody, &w.residents.ID))
		require.Empty(t, d.told, "nobody was there before")
		require.NoError(t, w.arrange(SelfManaged, &w.committee.ID))
		require.Equal(t, []passed{{w.area, w.residents.ID, w.committee.ID}}, d.told)
		require.Equal(t, 1, w.kept())

		rep, err := w.SetOwnersRep(ctx, w.communityHead, idem.Key{}, w.area, w.now().ID.Ptr(), w.residents.ID)
		require.NoError(t, err)
		require.Equal(t, w.committee.ID, *rep.HandlerID)
		require.Len(t, d.told, 1, "who stands for the owners changes nothing for the orders")

		before := w.now()
		d.full = errors.New("full")
		require.ErrorIs(t, w.arrange(UnderNone, nil), d.full)
		require.Equal(t, before, w.now(), "the arrangement changes only with its orders")
		require.Equal(t, 1, w.kept())
		d.full, d.told = nil, nil
		require.NoError(t, w.arrange(UnderNone, nil))
		require.Equal(t, []passed{{w.area, w.committee.ID, id.Nil}}, d.told, "to the community where nobody handles the place")
		require.Equal(t, 2, w.kept())
	})
}

// A company keeps its open orders from the end of its contract until it has handed over (CC 950).
func TestOpenOrdersStayUntilTheTakeover(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		d := &desk{}
		w.Orders = d
		old := w.earlyStage()
		next, err := w.BringIntoForce(ctx, w.office, w.signed(w.rival, w.rivalManager, "HT-2").ID, anew)
		require.NoError(t, err)
		require.Equal(t, w.rival.ID, *w.now().HandlerID)
		require.Empty(t, d.told, "the outgoing company works them off")

		d.full = errors.New("full")
		_, err = w.TakeOver(ctx, w.office, old.ID, anew, "企业拒不移交")
		require.ErrorIs(t, err, d.full)
		require.Equal(t, Terminated, w.read(old).State)
		require.Zero(t, w.kept())
		d.full, d.told = nil, nil
		_, err = w.TakeOver(ctx, w.office, old.ID, anew, "企业拒不移交")
		require.NoError(t, err)
		require.Equal(t, []passed{{w.area, w.company.ID, w.rival.ID}}, d.told)
		require.Equal(t, 1, w.kept())
		require.Equal(t, InForce, w.read(next).State)
	})
}

// A company that has a new contract for the same place goes on with what it has in hand.
func TestARenewalPassesNothingOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		d := &desk{}
		w.Orders = d
		w.inForce(w.company, w.manager, "HT-1")
		w.inForce(w.company, w.manager, "HT-2")
		require.Empty(t, d.told)
	})
}

// An arrangement ends once. Whoever changes one that has ended meanwhile is told so, and its end stays.
func TestAnEndedArrangementIsNotEndedAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		require.NoError(t, w.arrange(UnderCustody, &w.residents.ID))
		seen := w.now()
		w.fake.Advance(time.Second)
		require.NoError(t, w.arrange(UnderNone, nil))
		ended := w.arrangement(seen.ID)
		require.NotNil(t, ended.To)
		w.fake.Advance(time.Second)
		err := w.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			return w.Service.arrange(ctx, tx, authz.Actor{Role: authz.RoleSystem}, seen, seen.next(UnderNone, w.Service.now()))
		})
		require.Equal(t, "contract.arrangement_changed", code(err))
		require.ErrorIs(t, err, dbx.ErrNoMatch, "the end is refused, before the beginning of another")
		require.Equal(t, ended, w.arrangement(seen.ID))
	})
}

func (w *world) arrangement(which id.ID) Arrangement {
	w.t.Helper()
	list, err := arrangements(ctx, w.DB, w.area, nil, 100)
	require.NoError(w.t, err)
	for _, a := range list {
		if a.ID == which {
			return a
		}
	}
	w.t.Fatal("no such arrangement")
	return Arrangement{}
}

// A step is taken on what was read, or not at all: neither a version nor a state that is gone is claimed.
func TestAContractThatMovedOnIsNotClaimed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		old := w.draft(w.company, w.manager, w.terms(Ordinary, "HT-1"))
		w.paper(old, w.manager) // another version, the same state
		now := w.read(old)
		require.Equal(t, old.State, now.State)
		otherState := now
		otherState.State = Signed
		for name, c := range map[string]Contract{"version": old, "state": otherState} {
			err := w.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error { return claimVersion(ctx, tx, c) })
			require.ErrorIs(t, err, dbx.ErrNoMatch, name)
		}
		require.Equal(t, now, w.read(old))
		require.NoError(t, w.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error { return claimVersion(ctx, tx, now) }))
		require.Equal(t, now.Version+1, w.read(old).Version)
	})
}
