package survey

import (
	"context"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/credit"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
)

// graded joins surveys and company credit as the program does: scores add to grades, and whatever changes a score has its moment among them.
type graded struct{ *world }

func (g graded) Moment(ctx context.Context, tx *dbx.Tx, company id.ID, now clock.Instant) (clock.Instant, error) {
	return credit.Moment(ctx, tx, company, now)
}

func (g graded) Company(context.Context, dbx.Querier, id.ID) (credit.Company, error) {
	return credit.Company{ID: g.company, Name: "某物业", KeeperPath: g.street, Division: "370612001000"}, nil
}

func (g graded) Settled(ctx context.Context, q dbx.Querier, company id.ID, at clock.Instant) (*credit.SurveyPart, error) {
	a, waiting, err := g.SettledAcross(ctx, q, company, at)
	if err != nil || a.Index.Interval == nil {
		return nil, err
	}
	out := &credit.SurveyPart{Index: a.Index.Interval.Value.String(), Answers: a.Answers, Dwellings: a.Dwellings, Waiting: waiting}
	for _, s := range a.Areas {
		if s.Standing == Counts {
			out.Results = append(out.Results, s.Result.String())
		}
	}
	return out, nil
}

// grading is the credit service over the world, with rules by which scores add to grades.
func (w *world) grading() *credit.Service {
	w.t.Helper()
	raw, err := fs.ReadFile(configs.Files, "rules/credit_grades.yaml")
	require.NoError(w.t, err)
	changed := strings.ReplaceAll(string(raw), "survey_max: 0", "survey_max: 400")
	set, err := rules.Load(fstest.MapFS{"rules/credit_grades.yaml": {Data: []byte(changed)}}, configs.Files)
	require.NoError(w.t, err)
	require.NoError(w.t, rules.Keep(w.ctx(), w.db, set, clock.Now(w.clock)))
	w.Companies = graded{w}
	out := credit.New(credit.Deps{DB: w.db, Clock: w.clock, Rules: set, Companies: graded{w}, Surveys: graded{w}})
	require.NoError(w.t, out.Enrol(w.ctx(), w.office, idem.Key{}, w.company, ruleSet, true))
	return out
}

const ruleSet = "yantai_2022"

// whileGraded publishes six grades while something else happens to their score, all in one millisecond.
func (w *world) whileGraded(grades *credit.Service, happens func() error) {
	w.t.Helper()
	var all sync.WaitGroup
	failed := make([]error, 7)
	for n := range failed {
		all.Go(func() {
			if n == 3 {
				failed[n] = happens()
				return
			}
			_, failed[n] = grades.Publish(w.ctx(), w.office, idem.Key{}, w.company, ruleSet)
		})
	}
	all.Wait()
	for _, err := range failed {
		require.NoError(w.t, err)
	}
}

// No grade cites a score that an audit had taken up, rejected or replaced before it, however closely one follows the other.
func TestNoGradeCitesAScoreThatWasSetAsideBeforeIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w, ctx := newWorld(t, db), t.Context()
		r := w.examined()
		grades := w.grading()
		settle := func() {
			w.clock.Set(w.clock.Now().AddDate(0, 0, w.Rules.Surveys.Objection.FileDays+1))
			w.work()
			_, err := grades.Publish(ctx, w.office, idem.Key{}, w.company, ruleSet) // while nothing happens to the score, so that it is cited whoever is faster afterwards
			require.NoError(t, err)
		}
		settle()
		audited := func(outcome Outcome, before func(a Audit) Audit) {
			party, decider := w.auditor(), w.decider()
			var a Audit
			w.whileGraded(grades, func() (err error) {
				a, err = w.OpenAudit(ctx, party, idem.Key{}, r.ID, "抽查本轮测评结果。")
				return err
			})
			a = before(a)
			a, err := w.Conclude(ctx, party, r.ID, a.ID, version(a), outcome, "审计意见见附件，建议据此决定。")
			require.NoError(t, err)
			w.whileGraded(grades, func() error {
				_, err := w.DecideAudit(ctx, decider, r.ID, a.ID, version(a), outcome, "审计意见成立，据此决定。")
				return err
			})
		}
		as := func(a Audit) Audit { return a }
		for range 3 {
			audited(Uphold, as)
		}
		audited(Revise, func(a Audit) Audit {
			a, err := w.Exclude(ctx, w.auditor(), r.ID, a.ID, version(a), NewExclusion{"lot", "i-07", "访问员自行填写，复访中多户否认。"})
			require.NoError(t, err)
			a, err = w.ConfirmExclusion(ctx, w.decider(), r.ID, a.ID, 1, version(a))
			require.NoError(t, err)
			return a
		})
		settle()
		audited(Reject, as)
		w.onlyStandingScoresAreCited(r, grades)
	})
}

// onlyStandingScoresAreCited reads all published grades and holds each against the audits and scores of the round.
func (w *world) onlyStandingScoresAreCited(r Round, grades *credit.Service) {
	w.t.Helper()
	audits, err := auditsOf(w.ctx(), w.db, r.ID)
	require.NoError(w.t, err)
	first, err := scoreOf(w.ctx(), w.db, r.ID, w.area, 0)
	require.NoError(w.t, err)
	second, err := scoreOf(w.ctx(), w.db, r.ID, w.area, 1)
	require.NoError(w.t, err)
	list, err := grades.Grades(w.ctx(), w.office, w.company, page.Request{Limit: 200})
	require.NoError(w.t, err)
	require.Len(w.t, list.Items, 62)
	cited := map[ballot.Hash]int{}
	for _, g := range list.Items {
		require.True(w.t, g.Recomputes, "grade %d", g.Number)
		if g.Survey == nil {
			continue
		}
		stands := first.Hash
		if second.MadeAt <= g.At {
			stands = second.Hash
		}
		require.Equal(w.t, []string{stands.String()}, g.Survey.Results, "grade %d cites what was replaced", g.Number)
		for _, a := range audits {
			require.False(w.t, a.OpenedAt <= g.At && g.At < *a.DecidedAt, "grade %d cites a score under audit %d", g.Number, a.Number)
			require.False(w.t, a.Outcome == Reject && *a.DecidedAt <= g.At, "grade %d cites a rejected score", g.Number)
		}
		cited[stands]++
	}
	require.Len(w.t, cited, 2, "both revisions were cited while they stood")
}
