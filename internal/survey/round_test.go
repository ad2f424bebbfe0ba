package survey

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/score"
)

// The whole life of a round: planned, reconciled, frozen, opened, drawn, cast, closed, counted, scored, published.
func TestARoundFromThePlanToThePublishedScore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		var receipts []ballot.Receipt
		for n := range 60 {
			kept := w.draw(r, w.area, n)
			receipt, err := w.CastBallot(t.Context(), r.ID, cast(kept, 1, w.rated(r, 3+n%3, "")))
			require.NoError(t, err)
			require.NoError(t, receipt.Verify(ballotHash(r.ReceiptKey)))
			receipts = append(receipts, receipt)
		}
		require.Equal(t, 60, count1(t, db, `SELECT COUNT(*) FROM survey_cast`))
		_, err := w.Card(t.Context(), w.manager, r.ID)
		code(t, "survey.no_score", err)
		r = w.close(r)
		require.Equal(t, Scored, r.State)
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_stratum WHERE key_sealed IS NOT NULL`), "the signing keys are gone")
		for _, receipt := range receipts {
			counted, err := w.Counted(t.Context(), r.ID, receipt.Token)
			require.NoError(t, err)
			entry, err := ballot.ParseEntry([]byte(counted.Entry))
			require.NoError(t, err)
			require.True(t, receipt.Kept(entry.(ballot.Response)))
			trust, err := ballot.NewTrust(w.log.VerifierKey())
			require.NoError(t, err)
			require.NoError(t, trust.Included([]byte(counted.Entry), w.proof(counted.Pos)))
		}
		card, err := w.Card(t.Context(), w.manager, r.ID)
		require.NoError(t, err)
		got := card.Projects[0].Result
		require.EqualValues(t, 60, got.Counts.Answers)
		require.EqualValues(t, 120, got.Counts.Dwellings)
		require.Equal(t, score.Scored, got.Overall.State)
		require.Equal(t, "75.000000", got.Overall.Interval.Value.String(), "a third each of 3, 4 and 5: mean 4")
		_, err = w.Card(t.Context(), w.resident(w.area, 0), r.ID)
		code(t, "survey.no_score", err)
		_, err = w.PublicCard(t.Context(), r.ID)
		code(t, "survey.no_score", err)
		w.clock.Advance(73 * time.Hour)
		w.work()
		public, err := w.PublicCard(t.Context(), r.ID)
		require.NoError(t, err)
		require.Equal(t, card, public)
		same, err := w.Recomputed(t.Context(), w.must(roundByID(t.Context(), db, r.ID)))
		require.NoError(t, err)
		require.True(t, same)
	})
}

// A list is narrowed to some states; a draft is no resident's.
func TestRoundsAreListedByState(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		draft := w.must(w.Create(t.Context(), w.office, idem.Key{}, w.plan(w.area)))
		frozen := w.frozen(w.area)
		for _, c := range []struct {
			who    authz.Principal
			states []State
			ids    []id.ID
		}{
			{w.office, nil, []id.ID{frozen.ID, draft.ID}},
			{w.office, []State{Draft, Open}, []id.ID{draft.ID}},
			{w.office, []State{Draft, Frozen}, []id.ID{frozen.ID, draft.ID}},
			{w.resident(w.area, 0), []State{Draft, Frozen}, []id.ID{frozen.ID}},
			{w.office, []State{Open}, []id.ID{}},
		} {
			list, err := w.Rounds(t.Context(), c.who, c.states, page.Request{})
			require.NoError(t, err)
			got := []id.ID{}
			for _, r := range list.Items {
				got = append(got, r.ID)
			}
			require.Equal(t, c.ids, got, "%v", c.states)
		}
	})
}

// A roll that is fixed late would leave people less time than the rule gives them.
func TestALateRollWantsOtherDates(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	r := w.must(w.Create(t.Context(), w.office, idem.Key{}, w.plan(w.area)))
	r = w.must(w.Reconcile(t.Context(), w.keeper, r.ID, w.area, seen(r)))
	least := time.Duration(w.Rules.Surveys.MinDays) * 24 * time.Hour
	w.clock.Set(r.ClosesAt.Time().Add(time.Millisecond - least))
	_, err := w.Freeze(t.Context(), w.office, r.ID, seen(r))
	code(t, "survey.too_late", err)
	require.Equal(t, Draft, w.must(roundByID(t.Context(), w.db, r.ID)).State)
	w.clock.Set(r.ClosesAt.Time().Add(-least))
	require.Equal(t, Frozen, w.must(w.Freeze(t.Context(), w.office, r.ID, seen(r))).State)
}

// A panic while ballots are written is the answer of those who wait, not the end of the program.
func TestAPanicOfTheIntakeIsAnAnswer(t *testing.T) {
	i := &intake{} // without a database it cannot but panic
	for range 3 {
		_, err := i.take(t.Context(), Response{})
		require.ErrorContains(t, err, "panic")
	}
}

// While a round is open nobody learns how many have drawn on the same day, or from how few.
func TestTheRunningCountTellsNothingOfFew(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	r := w.open(w.area)
	shown := func() *int64 {
		list, err := w.Progress(t.Context(), w.office, r.ID)
		require.NoError(t, err)
		require.Len(t, list, 1)
		return list[0].Drawn
	}
	least := w.Rules.Surveys.Publication.RunningFrom
	for n := range least - 1 {
		w.draw(r, w.area, n)
	}
	w.clock.Advance(24 * time.Hour)
	require.Nil(t, shown(), "one less than the rule shows")
	w.draw(r, w.area, least-1)
	w.draw(r, w.area, least)
	require.Nil(t, shown(), "who draws today changes nothing that is shown today")
	w.clock.Advance(24 * time.Hour)
	require.EqualValues(t, least+1, *shown())
}
