package survey

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/integrity"
	"github.com/redproperty/redproperty/internal/score"
)

// doubtful is a published round of one service area: 30 answers on the web, two lots of paper with 20 answers each, and two interviewers with 12 each.
// The second lot and the first interviewer bring the best rating alone; 10 envelopes of the second lot are void.
func (w *world) doubtful() (Round, []ballot.Receipt) {
	w.t.Helper()
	r := w.open(w.area)
	first, second := w.boxed(r, 20), w.boxed(r, 30)
	other := w.post(authz.RoleCommunityWork, w.head.Grants[0].Org, w.community)
	one, two := w.interviewer(r, w.keeper), w.interviewer(r, other)
	var receipts []ballot.Receipt
	for n := range 20 {
		w.hand(r, first, w.area, n)
		w.hand(r, second, w.area, 20+n)
		receipts = append(receipts, w.entered(r, first.sheets[n], w.rated(r, 2+n%3, "")), w.entered(r, second.sheets[n], w.rated(r, 5, "")))
	}
	_, err := w.VoidEnvelopes(w.ctx(), w.keeper, r.ID, second.ID, Voiding{Openings: openings(second.sheets[20:]...), Fate: Unused})
	require.NoError(w.t, err)
	for n := 40; n < 70; n++ {
		receipt, err := w.CastBallot(w.ctx(), r.ID, cast(w.draw(r, w.area, n), 1, w.rated(r, 2+n%3, "")))
		require.NoError(w.t, err)
		receipts = append(receipts, receipt)
	}
	for n := 70; n < 82; n++ {
		w.assisted(r, n, one, 5)
		w.assistedBy(other, r, 20+n, two, 2+n%3)
	}
	r = w.close(r)
	r = w.must(w.Publish(w.ctx(), w.office, r.ID, seen(r)))
	w.clock.Advance(2 * time.Minute)
	w.work()
	return w.reread(r), receipts
}

// Flags and shares come of real ballots, and exclusions of a real lot and of an interviewer make a revision that anybody verifies.
func TestAnAuditOfPaperAndInterviewers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r, receipts := w.doubtful()
		found, err := examinationOf(t.Context(), db, r.ID, 0)
		require.NoError(t, err)
		require.True(t, found.Recomputed)
		for flag, lot := range map[integrity.Flag]string{integrity.PaperLots: "p0002", integrity.Interviewers: "i01"} {
			require.Equal(t, lot, highest(found.Report, flag), flag)
		}
		half := 50 * score.One
		require.ElementsMatch(t, []integrity.LotFigure{{Channel: "paper", Lot: "p0001", Answers: 20, Share: half}, {Channel: "paper", Lot: "p0002", Answers: 20, Share: half},
			{Channel: "assisted", Lot: "i01", Answers: 12, Share: half}, {Channel: "assisted", Lot: "i02", Answers: 12, Share: half}}, found.Report.Figures.Lots)
		stratum := found.Report.Figures.Strata[0]
		require.EqualValues(t, 94, stratum.Answers)
		require.EqualValues(t, 42_553_191, stratum.PaperShare, "40 of 94")
		require.EqualValues(t, 25_531_915, stratum.AssistedShare, "24 of 94")

		party, ctx := w.auditor(), t.Context()
		a, err := w.OpenAudit(ctx, party, idem.Key{}, r.ID, "第二批信封和第一名访问员的答卷全部满分。")
		require.NoError(t, err)
		for i, lot := range []string{"p0002", "i01"} {
			a, err = w.Exclude(ctx, party, r.ID, a.ID, version(a), NewExclusion{"lot", lot, "复访中多户否认本人填写，应当剔除。"})
			require.NoError(t, err)
			a, err = w.ConfirmExclusion(ctx, w.decider(), r.ID, a.ID, int64(i+1), version(a))
			require.NoError(t, err)
		}
		a, err = w.Conclude(ctx, party, r.ID, a.ID, version(a), Revise, "建议剔除这一批次和这名访问员的答卷。")
		require.NoError(t, err)
		_, err = w.DecideAudit(ctx, w.decider(), r.ID, a.ID, version(a), Revise, "剔除理由成立，修订得分。")
		require.NoError(t, err)
		card, err := w.PublicCard(ctx, r.ID)
		require.NoError(t, err)
		counts := card.Projects[0].Result.Counts
		require.EqualValues(t, 62, counts.Answers)
		require.EqualValues(t, 32_258_065, counts.PaperShare, "20 of 62")
		require.EqualValues(t, 19_354_839, counts.AssistedShare, "12 of 62")
		trail, err := w.Trail(ctx, r.ID)
		require.NoError(t, err)
		require.EqualValues(t, []int64{20, 12}, []int64{trail.Exclusions[0].Count, trail.Exclusions[1].Count})
		require.Equal(t, 94, count1(t, db, `SELECT COUNT(*) FROM survey_response`), "nothing is deleted")

		w.clock.Advance(publishAfter * 25 * time.Hour)
		w.work()
		r = w.reread(r)
		report := verified(t, w, r, receipts)
		require.Equal(t, len(receipts), report.Kept)
		require.EqualValues(t, 50, report.Envelopes)
		require.EqualValues(t, 10, report.Void)
		require.Empty(t, w.inspected(r))
		w.tamperedPaperIsFound(r)
	})
}

// highest is the lot whose answers a raised flag finds above the others'.
func highest(r integrity.Report, flag integrity.Flag) (lot string) {
	for _, f := range r.Flags {
		for _, one := range f.Findings {
			if f.Flag == flag && f.State == integrity.Raised && one.State == integrity.Raised && one.Figure > 0 {
				lot = one.Lot
			}
		}
	}
	return lot
}

// tamperedPaperIsFound changes, one after the other, what a round has of paper, interviewers and exclusions.
func (w *world) tamperedPaperIsFound(r Round) {
	w.t.Helper()
	swap := func(from, to string) func([]byte) []byte {
		return func(b []byte) []byte { return bytes.Replace(b, []byte(from), []byte(to), 1) }
	}
	one := func(where string) string { // a row that is the same one after the change
		var name ballot.Hash
		require.NoError(w.t, w.db.Get(w.ctx(), &name, `SELECT token_hash FROM survey_response WHERE `+where+` ORDER BY token_hash LIMIT 1`))
		return fmt.Sprintf("token_hash = x'%x'", name[:])
	}
	for _, c := range []struct {
		table, column, where string
		to                   func([]byte) []byte
	}{
		{"survey_response", "lot", one("lot = 'p0002'"), swap("p0002", "p0001")},
		{"survey_response", "lot", one("lot = 'i01'"), swap("i01", "i02")},
		{"survey_response", "channel", one("channel = 'assisted'"), swap("assisted", "web")},
		{"survey_response", "channel", one("channel = 'paper'"), swap("paper", "web")},
		{"survey_leaf", "body", "kind = 'lot' AND body LIKE '%p0001%'", swap(`"issued":20`, `"issued":50`)},
		{"survey_leaf", "body", "kind = 'voided'", swap(`"v":1`, `"v":2`)},
		{"survey_leaf", "body", "kind = 'exclusion' AND body LIKE '%\"number\":1,%'", swap(`"value":"p0002"`, `"value":"p0001"`)},
		{"survey_leaf", "body", "kind = 'exclusion' AND body LIKE '%\"number\":2,%'", swap(`"value":"i01"`, `"value":"i02"`)},
		{"survey_leaf", "body", "kind = 'exclusion' AND body LIKE '%\"number\":2,%'", swap(`"count":12`, `"count":13`)},
	} {
		undo := w.change(c.table, c.column, c.where, c.to)
		found := w.inspected(r)
		undo()
		require.NotEmpty(w.t, found, "%s.%s where %s: nobody finds it", c.table, c.column, c.where)
		w.t.Logf("%s.%s where %s: %s", c.table, c.column, c.where, found[0])
	}
	require.Empty(w.t, w.inspected(r))
}
