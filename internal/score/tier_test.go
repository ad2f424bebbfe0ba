package score

import (
	"testing"

	"github.com/stretchr/testify/require"
)

var tiers = []Band{{"low", 0, 6000}, {"middle", 6000, 8000}, {"high", 8000, TopBelow}}

func between(low, value, high Micro) Estimate {
	return Estimate{State: Scored, Interval: &Interval{Value: value, SE: (high - low) / 4, Low: low, High: high}, Bounds: &Bounds{0, full}}
}

func TestTierHoldsTheWholeInterval(t *testing.T) {
	for _, c := range []struct {
		low, high Micro
		code      string
		touched   []string
	}{
		{61 * One, 79 * One, "middle", []string{"middle"}},
		{60 * One, 79_999_999, "middle", []string{"middle"}},
		{60 * One, 80 * One, "", []string{"middle", "high"}},
		{59_999_999, 79 * One, "", []string{"low", "middle"}},
		{50 * One, 90 * One, "", []string{"low", "middle", "high"}},
		{80 * One, 100 * One, "high", []string{"high"}},
		{0, 59_999_999, "low", []string{"low"}},
	} {
		tier, err := TierOf(tiers, between(c.low, (c.low+c.high)/2, c.high))
		require.NoError(t, err)
		require.Equal(t, c.code, tier.Code, "%v", c)
		require.Equal(t, c.touched, tier.Touched)
		require.Equal(t, c.code != "", tier.Verdict == Determined)
	}
}

func TestTierWithoutDataOrSpread(t *testing.T) {
	none, err := TierOf(tiers, Estimate{State: Insufficient, Reason: FewAnswers})
	require.NoError(t, err)
	require.Equal(t, Tier{Verdict: NoData, Reason: FewAnswers, Touched: []string{}}, none)
	alike := between(75*One, 75*One, 75*One)
	alike.Reason = NoVariation
	tier, err := TierOf(tiers, alike)
	require.NoError(t, err)
	require.Equal(t, Tier{Verdict: Undetermined, Reason: NoVariation, Touched: []string{"middle"}}, tier)
}

func TestBandsAreHalfOpenAndComplete(t *testing.T) {
	for name, bands := range map[string][]Band{
		"none":    {},
		"gap":     {{"a", 0, 10}, {"b", 11, TopBelow}},
		"overlap": {{"a", 0, 10}, {"b", 9, TopBelow}},
		"short":   {{"a", 0, 10_000}},
		"begins":  {{"a", 1, TopBelow}},
	} {
		_, err := TierOf(bands, Estimate{})
		require.ErrorContains(t, err, "score.bands", name)
	}
}

// The clause of domain.md 1.5, its last share taken as 70 %.
var clause = []FeeBand{{0, 6000, 7000}, {6000, 6500, 8000}, {6500, 7500, 9000}, {7500, 8500, 9500}, {8500, 9500, 9800}, {9500, TopBelow, 10_000}}

func TestFeeFollowsThePointScoreAndTellsTheInterval(t *testing.T) {
	for name, c := range map[string]struct {
		low, value, high Micro
		want             FeeProposal
	}{
		"inside":        {76 * One, 80 * One, 84 * One, FeeProposal{Verdict: Determined, Score: 8000, Share: 9500, DueFen: 950, LowFen: 950, HighFen: 950}},
		"straddling":    {72 * One, 80 * One, 86 * One, FeeProposal{Verdict: Undetermined, Score: 8000, Share: 9500, DueFen: 950, LowFen: 900, HighFen: 980}},
		"on the bound":  {85 * One, 85 * One, 85 * One, FeeProposal{Verdict: Determined, Score: 8500, Share: 9800, DueFen: 980, LowFen: 980, HighFen: 980}},
		"a breath less": {84_999_999, 84_999_999, 84_999_999, FeeProposal{Verdict: Determined, Score: 8499, Share: 9500, DueFen: 950, LowFen: 950, HighFen: 950}},
		"full score":    {100 * One, 100 * One, 100 * One, FeeProposal{Verdict: Determined, Score: 10_000, Share: 10_000, DueFen: 1000, LowFen: 1000, HighFen: 1000}},
	} {
		got, err := Fee(clause, between(c.low, c.value, c.high), 1000)
		require.NoError(t, err)
		c.want.BaseFen = 1000
		require.Equal(t, c.want, got, name)
	}
	half, err := Fee(clause, between(76*One, 80*One, 84*One), 10)
	require.NoError(t, err)
	require.Equal(t, int64(10), half.DueFen, "9.5 fen are rounded up")
	none, err := Fee(clause, Estimate{State: Insufficient, Reason: FewAnswers}, 1000)
	require.NoError(t, err)
	require.Equal(t, FeeProposal{Verdict: NoData, Reason: FewAnswers, BaseFen: 1000}, none)
	_, err = Fee(clause[1:], Estimate{}, 1000)
	require.ErrorContains(t, err, "score.bands")
	_, err = Fee(clause, Estimate{}, -1)
	require.ErrorContains(t, err, "score.fee")
}

func TestChangeBetweenRounds(t *testing.T) {
	at := func(value, se Micro) Estimate {
		return Estimate{State: Scored, Interval: &Interval{Value: value, SE: se}}
	}
	for _, c := range []struct {
		earlier, later Estimate
		want           Direction
		low, high      string
	}{
		// 4 ± 1.959964·5 and 10 ± 1.959964·5, by hand.
		{at(60*One, 3*One), at(64*One, 4*One), NoChange, "-5.799820", "13.799820"},
		{at(60*One, 3*One), at(70*One, 4*One), Up, "0.200180", "19.799820"},
		{at(70*One, 3*One), at(60*One, 4*One), Down, "-19.799820", "-0.200180"},
		{at(60*One, 0), at(60*One, 0), NoChange, "0.000000", "0.000000"},
		{at(60*One, 0), at(60*One+1, 0), Up, "0.000001", "0.000001"},
	} {
		got := ChangeOf(c.earlier, c.later)
		require.Equal(t, c.want, got.Direction)
		require.Equal(t, []string{c.low, c.high}, []string{got.Difference.Low.String(), got.Difference.High.String()})
	}
	require.Equal(t, Change{Direction: Unknown}, ChangeOf(at(1, 1), Estimate{State: Insufficient}))
	alike := at(60*One, 0)
	alike.Reason = NoVariation
	require.Equal(t, Unknown, ChangeOf(alike, at(90*One, One)).Direction)
}

// Two estates by hand: (300·60 + 100·80)/400 = 65; SE = √(300²·3² + 100²·4²)/400 = √970000/400.
func TestCombinedEstimateWeighsByDwellings(t *testing.T) {
	one := Estate{"a", 300, Estimate{State: Scored, Valid: 50, Interval: &Interval{Value: 60 * One, SE: 3 * One}, Bounds: &Bounds{20 * One, 90 * One}}}
	two := Estate{"b", 100, Estimate{State: Scored, Valid: 20, Interval: &Interval{Value: 80 * One, SE: 4 * One}, Bounds: &Bounds{40 * One, 98 * One}}}
	none := Estate{"c", 50, Estimate{State: Insufficient, Reason: FewAnswers}}
	got, err := Combine([]Estate{one, none, two})
	require.NoError(t, err)
	require.Equal(t, []string{"65.000000", "2.462214", "60.174148", "69.825852"}, figures(*got.Index.Interval))
	require.Equal(t, Bounds{25 * One, 92 * One}, *got.Index.Bounds)
	require.Equal(t, []int64{400, 50, 70}, []int64{got.Dwellings, got.Missing, got.Index.Valid})
	require.Equal(t, []string{"c"}, got.Without)

	nothing, err := Combine([]Estate{none})
	require.NoError(t, err)
	require.Equal(t, Insufficient, nothing.Index.State)
	_, err = Combine([]Estate{one, one})
	require.ErrorContains(t, err, "score.strata")
}

// By hand: an interval 60 to 90 around 70 reaches 20 up, and 20 / 1.959963984540054 = 10.204269…, rounded up.
func TestCoveringIsTheLeastErrorThatReachesBothEnds(t *testing.T) {
	e := Estimate{State: Scored, Interval: &Interval{Value: 70 * One, SE: One, Low: 68 * One, High: 72 * One}}
	wide := e.Covering(Interval{Value: 70 * One, SE: One, Low: 60 * One, High: 90 * One})
	require.Equal(t, Interval{Value: 70 * One, SE: 10_204_270, Low: 60 * One, High: 90 * One}, *wide.Interval)
	require.EqualValues(t, One, e.Interval.SE, "the published one stays as it was")
	none := Estimate{State: Insufficient}
	require.Equal(t, none, none.Covering(Interval{}))
}
