package survey

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/idem"
)

// interviewer appoints somebody to a round and returns the badge.
func (w *world) interviewer(r Round, who authz.Principal) ballot.Badge {
	w.t.Helper()
	_, err := w.AppointInterviewer(w.ctx(), w.office, idem.Key{}, r.ID, who.Person, who.Grants[0].Org)
	require.NoError(w.t, err)
	badge, err := w.OwnBadge(w.ctx(), who, r.ID)
	require.NoError(w.t, err)
	return badge
}

// assisted draws and casts for the n-th home on the device of the keeper, who is an interviewer.
func (w *world) assisted(r Round, n int, badge ballot.Badge, rating int) ballot.Kept {
	w.t.Helper()
	return w.assistedBy(w.keeper, r, n, badge, rating)
}

// assistedBy draws and casts for the n-th home on the device of an interviewer.
func (w *world) assistedBy(who authz.Principal, r Round, n int, badge ballot.Badge, rating int) ballot.Kept {
	w.t.Helper()
	require.NoError(w.t, w.RecordAgreement(w.ctx(), w.head, r.ID, w.homes[w.area][n].Unit))
	pending := w.prepare(r, w.area, n)
	signature, err := w.DrawAssisted(w.ctx(), who, r.ID, w.homes[w.area][n].Unit, pending.Key(), pending.Blinded())
	require.NoError(w.t, err)
	kept, err := pending.Finish(signature)
	require.NoError(w.t, err)
	c := cast(kept, 1, w.rated(r, rating, ""))
	c.Badge = badge.String()
	_, err = w.CastBallot(w.ctx(), r.ID, c)
	require.NoError(w.t, err)
	return kept
}

func TestInterviewersAreNeutralAndFew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		appoint := func(by, who authz.Principal) error {
			_, err := w.AppointInterviewer(t.Context(), by, idem.Key{}, r.ID, who.Person, who.Grants[0].Org)
			return err
		}
		code(t, "survey.not_neutral", appoint(w.office, w.manager))
		w.staff[w.company] = append(w.staff[w.company], w.keeper.Person)
		code(t, "survey.not_neutral", appoint(w.office, w.keeper))
		w.staff[w.company] = w.staff[w.company][:len(w.staff[w.company])-1]
		idle := w.resident(w.area, 0)
		idle.Grants = w.keeper.Grants
		code(t, "survey.no_post", appoint(w.office, idle))
		code(t, "survey.not_author", appoint(w.head, w.keeper))
		require.Error(t, appoint(w.manager, w.keeper))
		_, err := w.OwnBadge(t.Context(), w.keeper, r.ID)
		code(t, "survey.not_interviewer", err)
		var made atomic.Int64
		atOnce(6, func(int) {
			if appoint(w.office, w.keeper) == nil {
				made.Add(1)
			}
		})
		require.EqualValues(t, 1, made.Load())
		for range MostInterviewers - 1 {
			require.NoError(t, appoint(w.office, w.post(authz.RoleCommunityWork, w.head.Grants[0].Org, w.community)))
		}
		code(t, "survey.interviewers_most", appoint(w.office, w.post(authz.RoleCommunityWork, w.head.Grants[0].Org, w.community)))
		list, err := w.Interviewers(t.Context(), w.office, r.ID)
		require.NoError(t, err)
		require.Len(t, list, MostInterviewers)
	})
}

// dismissed ends an interviewer's work, twice.
func (w *world) dismissed(r Round, number int64) {
	w.t.Helper()
	for range 2 {
		require.NoError(w.t, w.DismissInterviewer(w.ctx(), w.office, r.ID, number))
	}
}

func TestAnAssistedBallot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		badge := w.interviewer(r, w.keeper)
		unit := w.homes[w.area][0].Unit
		pending := w.prepare(r, w.area, 0)
		draw := func() ([]byte, error) {
			return w.DrawAssisted(t.Context(), w.keeper, r.ID, unit, pending.Key(), pending.Blinded())
		}
		_, err := draw()
		code(t, "survey.no_agreement", err)
		code(t, "survey.same_person", w.RecordAgreement(t.Context(), w.keeper, r.ID, unit))
		require.Error(t, w.RecordAgreement(t.Context(), w.manager, r.ID, unit))
		w.accounts[unit] = true
		code(t, "survey.has_account", w.RecordAgreement(t.Context(), w.head, r.ID, unit))
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_agreement`))
		w.accounts[unit] = false
		for range 2 {
			require.NoError(t, w.RecordAgreement(t.Context(), w.head, r.ID, unit))
		}
		visits, err := w.Visits(t.Context(), w.keeper, r.ID)
		require.NoError(t, err)
		require.Len(t, visits, 1)
		require.Equal(t, "s0001", visits[0].Stratum)
		_, err = w.Visits(t.Context(), w.head, r.ID)
		code(t, "survey.not_interviewer", err)
		for who, is := range map[*authz.Principal]bool{&w.keeper: true, &w.head: false, &w.manager: false} {
			interviews, err := w.Interviews(t.Context(), *who, r.ID)
			require.NoError(t, err)
			require.Equal(t, is, interviews)
		}
		require.NoError(t, w.WithdrawAgreement(t.Context(), w.head, r.ID, unit))
		_, err = draw()
		code(t, "survey.no_agreement", err)
		require.NoError(t, w.RecordAgreement(t.Context(), w.head, r.ID, unit))
		signature, err := draw()
		require.NoError(t, err)
		again, err := draw()
		require.NoError(t, err)
		require.Equal(t, signature, again, "after a lost answer the same ballot is drawn")
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_agreement`), "nothing tells that this dwelling was visited")
		_, err = w.DrawBallot(t.Context(), w.resident(w.area, 0), r.ID, unit, pending.Key(), w.prepare(r, w.area, 0).Blinded())
		code(t, "survey.drawn_already", err)

		kept, err := pending.Finish(signature)
		require.NoError(t, err)
		c := cast(kept, 1, w.rated(r, 2, ""))
		for _, odd := range []string{"i01", "i02." + badge.Mark.String(), "'; --", ballot.NewBadge(ballot.NewHash(), r.ID, 1).String()} {
			c.Badge = odd
			_, err = w.CastBallot(t.Context(), r.ID, c)
			code(t, "survey.badge", err)
		}
		c.Badge = badge.String()
		_, err = w.CastBallot(t.Context(), r.ID, c)
		require.NoError(t, err)
		_, err = w.CastBallot(t.Context(), r.ID, cast(kept, 2, w.rated(r, 5, "")))
		require.NoError(t, err)
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_cast WHERE channel = 'assisted' AND lot = 'i01' AND revision = 2`), "the mark stays")
		w.dismissed(r, 1)
		c.Revision = 3
		c.Opening, err = kept.Secret.Opening(3)
		require.NoError(t, err)
		_, err = w.CastBallot(t.Context(), r.ID, c)
		code(t, "survey.badge", err)
		_, err = w.OwnBadge(t.Context(), w.keeper, r.ID)
		code(t, "survey.not_interviewer", err)
	})
}

// A badge stops to work at the moment in which its holder takes a post in the rated company.
func TestAnInterviewerStaysNeutral(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		badge := w.interviewer(r, w.keeper)
		kept := w.draw(r, w.area, 0)
		w.staff[w.company] = append(w.staff[w.company], w.keeper.Person)
		c := cast(kept, 1, w.rated(r, 5, ""))
		c.Badge = badge.String()
		_, err := w.CastBallot(t.Context(), r.ID, c)
		code(t, "survey.badge", err)
		require.NoError(t, w.RecordAgreement(t.Context(), w.head, r.ID, w.homes[w.area][1].Unit))
		pending := w.prepare(r, w.area, 1)
		_, err = w.DrawAssisted(t.Context(), w.keeper, r.ID, w.homes[w.area][1].Unit, pending.Key(), pending.Blinded())
		code(t, "survey.not_neutral", err)
	})
}

// Whoever asks again and again, with whatever bytes, learns nothing of a dwelling that has not agreed: not the minute in which it drew.
func TestAnInterviewerDoesNotLearnWhoHasDrawn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		w.interviewer(r, w.keeper)
		w.draw(r, w.area, 0)
		ask := func(n int) error {
			pending := w.prepare(r, w.area, n)
			_, err := w.DrawAssisted(t.Context(), w.keeper, r.ID, w.homes[w.area][n].Unit, pending.Key(), pending.Blinded())
			return err
		}
		code(t, "survey.no_agreement", ask(0))
		code(t, "survey.no_agreement", ask(1))
		require.NoError(t, w.RecordAgreement(t.Context(), w.head, r.ID, w.homes[w.area][0].Unit))
		code(t, "survey.drawn_already", ask(0))
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_draw`))
	})
}

// Who records agreements and is appointed afterwards does not draw on them: a ballot on an interviewer's device takes two persons.
func TestWhoRecordedAnAgreementDoesNotDrawOnIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		unit := w.homes[w.area][0].Unit
		require.NoError(t, w.RecordAgreement(t.Context(), w.keeper, r.ID, unit))
		w.interviewer(r, w.keeper)
		second := w.post(authz.RoleCommunityWork, w.head.Grants[0].Org, w.community)
		w.interviewer(r, second)
		pending := w.prepare(r, w.area, 0)
		draw := func(by authz.Principal) error {
			_, err := w.DrawAssisted(t.Context(), by, r.ID, unit, pending.Key(), pending.Blinded())
			return err
		}
		code(t, "survey.same_person", draw(w.keeper))
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_draw`))
		d, err := dwellingOf(t.Context(), db, r.ID, unit)
		require.NoError(t, err)
		require.ErrorIs(t, db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error { return useAgreement(ctx, tx, d.ID, w.keeper.Person) }), dbx.ErrNoMatch)
		require.NoError(t, draw(second))
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_agreement`))
	})
}
