package survey

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/idem"
)

// Who works with paper, interviews, or waits for an interviewer reads it in the export; erased, nothing but the audit trail leads to them.
func TestWhatPaperAndInterviewsHoldOfAPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		b := w.boxed(r, 20)
		w.hand(r, b, w.area, 0)
		w.hand(r, b, w.area, 1)
		badge := w.interviewer(r, w.keeper)
		second := w.post(authz.RoleCommunityWork, w.head.Grants[0].Org, w.community)
		w.interviewer(r, second)
		w.assisted(r, 2, badge, 4)
		_, err := w.enters(w.keeper, r, b.sheets[0], w.rated(r, 4, "灯不亮"))
		require.NoError(t, err)
		_, err = w.enters(w.head, r, b.sheets[1], w.rated(r, 4, ""))
		require.NoError(t, err)
		for _, n := range []int{7, 8} {
			require.NoError(t, w.RecordAgreement(t.Context(), w.head, r.ID, w.homes[w.area][n].Unit))
		}
		home := w.resident(w.area, 7)

		export := func(p authz.Principal) Export {
			out, err := w.ExportPerson(t.Context(), db, p.Person)
			require.NoError(t, err)
			return out
		}
		mine := export(w.keeper)
		require.Len(t, mine.Interviewer, 1)
		require.EqualValues(t, 1, mine.Interviewer[0].Number)
		require.Equal(t, w.keeper.Grants[0].Org, mine.Interviewer[0].Organisation)
		require.Equal(t, r.Title, mine.Interviewer[0].Round)
		require.Equal(t, []ExportedPaper{{r.Title, 0, 1, 0}}, mine.Paper)
		require.Equal(t, []ExportedPaper{{r.Title, 1, 0, 0}}, export(w.office).Paper)
		require.Equal(t, []ExportedPaper{{r.Title, 0, 1, 2}}, export(w.head).Paper)
		require.Equal(t, []ExportedAgreement{{r.Title, "1号楼 108"}}, export(home).Agreements)
		none := export(w.resident(w.area, 2))
		require.Empty(t, none.Agreements, "nothing tells that an interviewer was there")
		require.NotNil(t, none.Agreements)
		require.NotNil(t, none.Interviewer)
		require.NotNil(t, none.Paper)

		for _, p := range []authz.Principal{home, w.keeper, second, w.head, w.office} {
			for range 2 {
				require.NoError(t, db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error { return w.ErasePerson(ctx, tx, p.Person) }))
			}
			left := export(p)
			require.Empty(t, left.Interviewer)
			require.Empty(t, left.Paper)
			require.Empty(t, left.Agreements)
			for _, table := range []string{"survey_lot", "survey_entry", "survey_interviewer", "survey_agreement", "survey_envelope", "survey_cast", "survey_response", "survey_draw"} {
				for _, line := range dump(t, db, table) {
					require.NotContains(t, strings.Join(line, "|"), string(p.Person[:]), table)
				}
			}
		}
		require.Equal(t, 2, count1(t, db, `SELECT COUNT(*) FROM survey_interviewer WHERE ended_at IS NOT NULL`), "a badge of nobody is worth nothing")
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_agreement`), "the other dwelling's stays")
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_entry`))
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_cast WHERE channel = 'assisted' AND lot = 'i01'`), "what was answered stays")
		kept := w.draw(r, w.area, 3)
		c := cast(kept, 1, w.rated(r, 2, ""))
		c.Badge = badge.String()
		_, err = w.CastBallot(t.Context(), r.ID, c)
		code(t, "survey.badge", err)
		require.NotZero(t, count1(t, db, `SELECT COUNT(*) FROM audit_record WHERE action = 'survey.interviewer_appoint'`))

		third := w.post(authz.RoleCommunityWork, w.head.Grants[0].Org, w.community)
		made, err := w.AppointInterviewer(t.Context(), w.decider(), idem.Key{}, r.ID, third.Person, third.Grants[0].Org)
		require.NoError(t, err)
		require.EqualValues(t, 3, made.No, "an erased one's number is not given again")
	})
}
