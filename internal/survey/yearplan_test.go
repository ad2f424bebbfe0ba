package survey

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/score"
)

func (w *world) contents(p YearPlan) planned {
	w.t.Helper()
	var c planned
	require.NoError(w.t, json.Unmarshal([]byte(p.Content), &c))
	return c
}

func TestAYearIsPlannedRevisedAndMadeIntoRounds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w, ctx := newWorld(t, db), t.Context()
		small := w.place("小院", 1, 12)
		in := NewYearPlan{Year: 2026, Margin: 1000, Rounds: 4, Budget: score.Budget{Sheets: 1000, Minutes: 10_000}, Kind: score.Rotation, Times: 2}
		_, err := w.PlanYear(ctx, w.stranger, idem.Key{}, w.communityID, in)
		code(t, "not_found", err)
		_, err = w.PlanYear(ctx, w.manager, idem.Key{}, w.communityID, in)
		code(t, "not_found", err)
		bad := in
		bad.Times = 5
		_, err = w.PlanYear(ctx, w.head, idem.Key{}, w.communityID, bad)
		code(t, "survey.plan_offer", err)
		_, err = w.YearOffers(ctx, w.stranger, w.communityID, in)
		code(t, "not_found", err)
		offers, err := w.YearOffers(ctx, w.head, w.communityID, in)
		require.NoError(t, err)
		plan, err := w.PlanYear(ctx, w.head, idem.Key{}, w.communityID, in)
		require.NoError(t, err)
		require.Equal(t, w.contents(plan).within(plan.ScopePath).Offers, offers.Offers, "what was offered is what is planned")
		_, err = w.PlanYear(ctx, w.head, idem.Key{}, w.communityID, in)
		code(t, "survey.plan_exists", err)

		// By hand: 120 dwellings at 10 points need 54 answers of 40 %: 135, so all 120 are asked; 40 need 29: all 40.
		c := w.contents(plan)
		require.Equal(t, score.Rotation, c.Chosen.Kind)
		byID := map[id.ID]PlannedArea{}
		for _, a := range c.Areas {
			byID[a.ServiceAreaID] = a
		}
		require.True(t, byID[small].TooSmall)
		require.Empty(t, byID[small].Rounds)
		require.EqualValues(t, 120, byID[w.area].Asked)
		require.Len(t, byID[w.area].Rounds, 2)
		require.EqualValues(t, 2*24, byID[w.area].Plan.Load.Sheets, "a fifth on paper, two sheets each")

		_, err = w.ReplanYear(ctx, w.office, w.communityID, plan.ID, Taken{Version: 1}, in)
		require.Error(t, err, "another organisation's")
		in.Kind, in.Times, in.Margin, in.Reason = score.Rolling, 4, 1000, "改为滚动测评，减少每次工作量。"
		_, err = w.ReplanYear(ctx, w.head, w.communityID, plan.ID, Taken{Version: 2}, in)
		code(t, "version.stale", err)
		var mu sync.Mutex
		var group sync.WaitGroup
		won := 0
		for range 20 {
			group.Go(func() {
				if _, err := w.ReplanYear(ctx, w.head, w.communityID, plan.ID, Taken{Version: 1}, in); err == nil {
					mu.Lock()
					won++
					mu.Unlock()
				}
			})
		}
		group.Wait()
		require.Equal(t, 1, won)
		list, _, err := w.PlanRevisions(ctx, w.office, w.communityID, plan.ID)
		require.NoError(t, err)
		require.Len(t, list, 2)
		require.Equal(t, in.Reason, list[0].Reason)
		require.Equal(t, plan.Content, list[1].Content, "the first revision stays as it was")
		c = w.contents(list[0])
		for _, a := range c.Areas {
			if a.ServiceAreaID == w.area { // 48 answers that can be had in four rounds are 12, of 40 % are 30
				require.EqualValues(t, 30, a.Asked)
				require.Equal(t, []int64{1, 2, 3, 4}, a.Rounds)
			}
		}

		now := clock.Now(w.clock)
		first := PlanRound{No: 1, FormID: w.form().ID, Title: "第一季度滚动测评", OpensAt: now.Add(24 * time.Hour), ClosesAt: now.Add(11 * 24 * time.Hour)}
		late := first
		late.No = 5
		_, err = w.CreateFromPlan(ctx, w.head, idem.Key{}, w.communityID, plan.ID, late)
		code(t, "survey.plan_no", err)
		_, err = w.CreateFromPlan(ctx, w.office, idem.Key{}, w.communityID, plan.ID, first)
		require.Error(t, err)
		r := w.must(w.CreateFromPlan(ctx, w.head, idem.Key{}, w.communityID, plan.ID, first))
		_, err = w.CreateFromPlan(ctx, w.head, idem.Key{}, w.communityID, plan.ID, first)
		code(t, "survey.plan_round_exists", err)
		r = w.must(w.Cancel(ctx, w.head, r.ID, seen(r), "问卷有误，重新安排。"))
		require.Equal(t, Cancelled, r.State)
		r = w.must(w.CreateFromPlan(ctx, w.head, idem.Key{}, w.communityID, plan.ID, first))
		require.Equal(t, Sample, r.Method)
		made, err := madeOf(ctx, db, plan.ID)
		require.NoError(t, err)
		require.Equal(t, []MadeRound{{1, r.ID, first.Title, Draft}}, made, "the cancelled one is left out")
		require.EqualValues(t, 2, count1(t, db, `SELECT COUNT(*) FROM survey_plan_round WHERE round_id = ? AND asked > 0`, r.ID))

		// Its margin is wider than an author may choose: an edit keeps it, or takes one that may be chosen.
		require.Greater(t, *r.Margin, w.Rules.Surveys.Sampling.MaxMargin)
		edit := Plan{FormID: r.FormID, Title: "第一季度滚动测评（改期）", Method: Sample, Margin: r.Margin, OpensAt: r.OpensAt, ClosesAt: r.ClosesAt}
		for _, a := range c.Areas {
			if !a.TooSmall {
				edit.ServiceAreas = append(edit.ServiceAreas, a.ServiceAreaID)
			}
		}
		r = w.must(w.Edit(ctx, w.head, r.ID, seen(r), edit))
		require.Equal(t, edit.Title, r.Title)
		for _, wrong := range []int64{*r.Margin + 1, 99, w.Rules.Surveys.Sampling.MaxMargin + 1} {
			edit.Margin = &wrong
			_, err = w.Edit(ctx, w.head, r.ID, seen(r), edit)
			code(t, "survey.margin_bounds", err)
			_, err = w.Create(ctx, w.head, idem.Key{}, edit)
			code(t, "survey.margin_bounds", err)
		}
	})
}

// A repeated request, after a lost answer, gets the revision that it made, though its version is another's before by now.
func TestARepeatedRevisionOfAPlan(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w, ctx := newWorld(t, db), t.Context()
		in := NewYearPlan{Year: 2026, Margin: 1000, Rounds: 4, Budget: score.Budget{Sheets: 1000, Minutes: 10_000}, Kind: score.Rotation, Times: 2}
		plan, err := w.PlanYear(ctx, w.head, idem.Key{}, w.communityID, in)
		require.NoError(t, err)
		in.Reason = "调整轮次安排，减少工作量。"
		once := idem.New(w.head.Account, "replan", "k1", "/x", []byte("{}"), clock.Now(w.clock))
		for range 2 {
			again, err := w.ReplanYear(ctx, w.head, w.communityID, plan.ID, Taken{Version: 1, Once: once}, in)
			require.NoError(t, err)
			require.EqualValues(t, 2, again.Revision)
		}
		for _, stale := range []int64{-1, 0, 1, 3} {
			_, err = w.ReplanYear(ctx, w.head, w.communityID, plan.ID, Taken{Version: stale}, in)
			code(t, "version.stale", err)
		}
		require.Equal(t, 2, count1(t, db, `SELECT COUNT(*) FROM survey_plan`))
	})
}

// By hand: 90 of 900 are ± 9.804 points, which is cut to 980 hundredths and asks 91; 150 of 300 are ± 5.667, which asks for more of the other.
func TestAPlannedRoundAsksAtLeastAsManyAsThePlan(t *testing.T) {
	area := func(dwellings, asked int64) PlannedArea {
		return PlannedArea{Asked: asked, Estate: score.PlanEstate{Dwellings: dwellings, Response: 10_000}}
	}
	margin, response, err := asking([]PlannedArea{area(900, 90)})
	require.NoError(t, err)
	require.EqualValues(t, 100, *response)
	size, err := score.SampleSize(900, *margin)
	require.NoError(t, err)
	require.GreaterOrEqual(t, size.Needed, int64(90))
	require.LessOrEqual(t, size.Needed, int64(91))
	both, _, err := asking([]PlannedArea{area(900, 90), area(300, 150)})
	require.NoError(t, err)
	require.Less(t, *both, *margin)
	for _, small := range []int64{2, 12, 40, 300, 5_000} { // of which the plan asks all, while it asks a part of another
		mixed, _, err := asking([]PlannedArea{area(900, 90), area(small, small)})
		require.NoError(t, err)
		size, err := score.SampleSize(small, *mixed)
		require.NoError(t, err)
		require.Equal(t, small, size.Needed)
		if wider, err := score.SampleSize(small, *mixed+1); err == nil && *mixed < *margin {
			require.Less(t, wider.Needed, small, "the widest margin that asks all")
		}
	}
	all, _, err := asking([]PlannedArea{area(40, 40)})
	require.NoError(t, err)
	require.Nil(t, all, "a census")
}
