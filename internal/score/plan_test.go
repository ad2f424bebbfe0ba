package score

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var year = PlanRule{Margin: 1000, Rounds: 4, PaperSheets: 1, PaperMinutes: 6, AssistedMinutes: 30}

// By hand: 300 dwellings at ± 10 points need 73 answers; at 40 % that answer, 183 are asked: 37 sheets for a
// fifth of them, 10 visits for a twentieth, 37·6 + 10·30 = 522 minutes.
func TestPlanOfOneEstate(t *testing.T) {
	plan, err := PlanYear([]PlanEstate{{"nh", 300, 4000, 2000, 500}}, year, Budget{Sheets: 80, Minutes: 1100})
	require.NoError(t, err)
	e := plan.Estates[0]
	require.Equal(t, Load{Answers: 73, Asked: 183, Sheets: 37, Minutes: 522}, e.Load)
	require.True(t, e.Reached)
	require.Equal(t, "9.993877", e.Margin.String())
	var kinds []OfferKind
	var fits []bool
	for _, o := range plan.Offers {
		kinds, fits = append(kinds, o.Kind), append(fits, o.Fits)
	}
	require.Equal(t, []OfferKind{EveryRound, Rotation, Rotation, Rotation, Rolling}, kinds)
	require.Equal(t, []bool{false, false, true, true, true}, fits)
	require.Equal(t, Load{Answers: 292, Asked: 732, Sheets: 148, Minutes: 2088}, plan.Offers[0].Year)
	require.Equal(t, [][]string{{"nh"}, nil, {"nh"}, nil}, plan.Offers[2].Schedule)
	// A quarter each time: 19 answers, 48 asked, 10 sheets, 3 visits.
	require.Equal(t, Load{Answers: 76, Asked: 192, Sheets: 40, Minutes: 600}, plan.Offers[4].Year)
}

func TestPlanSaysWhatCannotBeReached(t *testing.T) {
	plan, err := PlanYear([]PlanEstate{{"small", 60, 3000, 10_000, 0}}, year, Budget{Sheets: 30, Minutes: 1000})
	require.NoError(t, err)
	require.Equal(t, Load{Answers: 18, Asked: 60, Sheets: 60, Minutes: 360}, plan.Estates[0].Load)
	require.False(t, plan.Estates[0].Reached)
	require.Equal(t, "19.488593", plan.Estates[0].Margin.String())
	for _, o := range plan.Offers[:4] {
		require.False(t, o.Fits)
	}
	require.Zero(t, plan.Affordable)
	some, err := PlanYear([]PlanEstate{{"small", 60, 10_000, 10_000, 0}}, year, Budget{Sheets: 30, Minutes: 1000})
	require.NoError(t, err)
	require.Equal(t, int64(1300), some.Affordable)
}

func TestScheduleIsEvenAndComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 15).Draw(t, "estates")
		rounds := rapid.Int64Range(1, 6).Draw(t, "rounds")
		times := rapid.Int64Range(1, rounds).Draw(t, "times")
		var plans []EstatePlan
		for i := range n {
			plans = append(plans, EstatePlan{Key: string(rune('a' + i)), Load: Load{Minutes: 10, Asked: 5}})
		}
		held := map[string]int64{}
		least, most := n, 0
		for _, keys := range schedule(plans, rounds, times) {
			least, most = min(least, len(keys)), max(most, len(keys))
			for _, k := range keys {
				held[k]++
			}
		}
		require.Len(t, held, n)
		for k, c := range held {
			require.Equal(t, times, c, k)
		}
		if times == 1 {
			require.LessOrEqual(t, most-least, 1)
		}
	})
}

func TestRefusedPlans(t *testing.T) {
	good := PlanEstate{"a", 100, 5000, 1000, 1000}
	for name, c := range map[string]struct {
		estates []PlanEstate
		rule    PlanRule
	}{
		"none":     {nil, year},
		"twice":    {[]PlanEstate{good, good}, year},
		"silent":   {[]PlanEstate{{"a", 100, 0, 0, 0}}, year},
		"channels": {[]PlanEstate{{"a", 100, 5000, 9000, 1001}}, year},
		"rounds":   {[]PlanEstate{good}, PlanRule{Margin: 1000, Rounds: 13, PaperSheets: 1}},
	} {
		_, err := PlanYear(c.estates, c.rule, Budget{})
		require.ErrorContains(t, err, "score.plan", name)
	}
	_, err := PlanYear([]PlanEstate{good}, PlanRule{Margin: 0, Rounds: 1, PaperSheets: 1}, Budget{})
	require.ErrorContains(t, err, "score.margin")
}
