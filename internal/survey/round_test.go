package survey

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
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
		require.Equal(t, 60, count1(t, db, `SELECT COUNT(*) FROM survey_response`))
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
