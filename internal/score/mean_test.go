package score

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

// Two strata by hand: 10 members with 1 and 3 seen, 20 with 2 and 6. Mean (10·2 + 20·4)/30; variance
// (1/3)²·0.8·2/2 + (2/3)²·0.9·8/2 = 1.688889.
func TestStratifiedMeanByHand(t *testing.T) {
	a, b := Cell{N: 10}, Cell{N: 20}
	a.Take(1)
	a.Take(3)
	b.Take(2)
	b.Take(6)
	got, err := Mean([]Cell{a, b})
	require.NoError(t, err)
	require.Equal(t, []string{"3.333333", "1.299573", "0.786218", "5.880449"}, figures(got))
	complete, err := Mean([]Cell{{N: 1, Count: 1, Sum: 7, Squares: 49}})
	require.NoError(t, err)
	require.Equal(t, []string{"7.000000", "0.000000", "7.000000", "7.000000"}, figures(complete))
}

func TestCellsThatDoNotFit(t *testing.T) {
	for name, cells := range map[string][]Cell{
		"none":                nil,
		"empty":               {{N: 5}},
		"one value of many":   {{N: 5, Count: 1, Sum: 1, Squares: 1}},
		"more than there are": {{N: 2, Count: 3, Sum: 3, Squares: 3}},
		"endless stratum":     {{N: 0, Count: 3, Sum: 3, Squares: 3}, {N: 9, Count: 3, Sum: 3, Squares: 3}},
		"negative":            {{N: -1, Count: 3, Sum: 3, Squares: 3}},
		"weightless":          {{N: 9, Count: 3, Sum: 3, Squares: 3, Weight: new(big.Rat)}},
	} {
		_, err := Mean(cells)
		require.ErrorContains(t, err, "score.cells", name)
	}
	for name, shares := range map[string][]Share{
		"none":         nil,
		"more hits":    {{N: 9, Answers: 5, Valid: 4, Hits: 5}},
		"negative":     {{N: 9, Answers: 5, Valid: 4, Hits: -1}},
		"more valid":   {{N: 9, Answers: 5, Valid: 6, Hits: 1}},
		"nobody valid": {{N: 9, Answers: 5}},
	} {
		_, err := Proportion(shares)
		require.ErrorContains(t, err, "score.cells", name)
	}
}

// The figures are those of Wilson's formula with n(N−1)/(N−n), computed in R. Copenhagen's are published facts;
// prop.test(668, 1681, correct = FALSE) gives the same.
func TestWilsonIntervals(t *testing.T) {
	for _, c := range []struct {
		share            Share
		value, low, high string
	}{
		{Share{0, 1681, 1681, 668}, "39.738251", "37.424880", "42.098416"},
		{Share{200, 50, 50, 30}, "60.000000", "47.977450", "70.927724"},
		{Share{200, 50, 50, 0}, "0.000000", "0.000000", "5.474129"},
		{Share{200, 50, 50, 50}, "100.000000", "94.525871", "100.000000"},
		{Share{51, 50, 50, 49}, "98.000000", "97.373066", "98.479649"},
		{Share{200, 60, 50, 30}, "60.000000", "48.375891", "70.597550"}, // ten of sixty did not know
		{Share{50, 50, 50, 30}, "60.000000", "60.000000", "60.000000"},
	} {
		got, err := Proportion([]Share{c.share})
		require.NoError(t, err)
		require.Equal(t, []string{c.value, c.low, c.high}, []string{got.Value.String(), got.Low.String(), got.High.String()}, "%v", c.share)
	}
	// svyratio(~x, ~v) with fifty valid of sixty answers.
	some, err := Proportion([]Share{{200, 60, 50, 30}})
	require.NoError(t, err)
	require.Equal(t, "5.845468", some.SE.String())
}

// Where nobody is counted the logit has no value: Wilson's interval over all strata together.
func TestShareOfNobodyInStrata(t *testing.T) {
	got, err := Proportion([]Share{{60, 20, 20, 0}, {40, 20, 20, 0}})
	require.NoError(t, err)
	require.Equal(t, []string{"0.000000", "0.000000", "0.000000", "5.500256"}, figures(got))
}
