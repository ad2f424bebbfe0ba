package tally

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/big"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/id"
)

func count(total, joined, favour Weight) Count { return Count{total, joined, favour} }

func TestLimitsOfTheLaw(t *testing.T) {
	for name, c := range map[string]struct {
		item   Item
		count  Count
		passes bool
		failed []string
	}{
		"two thirds exactly, and one more than half":    {Provider, count(Weight{300, 30}, Weight{200, 20}, Weight{101, 11}), true, []string{}},
		"one cent of area less than two thirds":         {Provider, count(Weight{300, 30}, Weight{199, 20}, Weight{150, 15}), false, []string{"quorum_area"}},
		"one head less than two thirds":                 {Provider, count(Weight{300, 30}, Weight{200, 19}, Weight{150, 15}), false, []string{"quorum_heads"}},
		"half is not more than half":                    {UseFund, count(Weight{300, 30}, Weight{200, 20}, Weight{100, 10}), false, []string{"favour_area", "favour_heads"}},
		"three quarters exactly":                        {Rebuild, count(Weight{300, 30}, Weight{200, 20}, Weight{150, 15}), true, []string{}},
		"one cent less than three quarters":             {RaiseFund, count(Weight{300, 30}, Weight{200, 20}, Weight{149, 15}), false, []string{"favour_area"}},
		"one head less than three quarters":             {CommonPurpose, count(Weight{300, 30}, Weight{200, 20}, Weight{150, 14}), false, []string{"favour_heads"}},
		"zero turnout":                                  {Rebuild, count(Weight{300, 30}, Weight{}, Weight{}), false, []string{"quorum_area", "quorum_heads", "favour_area", "favour_heads"}},
		"all abstain":                                   {OtherMatter, count(Weight{300, 30}, Weight{300, 30}, Weight{}), false, []string{"favour_area", "favour_heads"}},
		"a developer's block of half the area":          {Provider, count(Weight{2000, 101}, Weight{2000, 101}, Weight{1000, 1}), false, []string{"favour_area", "favour_heads"}},
		"a developer's block of nearly all the area":    {Provider, count(Weight{2000, 101}, Weight{2000, 101}, Weight{1900, 1}), false, []string{"favour_heads"}},
		"one owner of forty units outvoted by heads":    {OtherMatter, count(Weight{10000, 61}, Weight{10000, 61}, Weight{4001, 1}), false, []string{"favour_area", "favour_heads"}},
		"everybody interested consents":                 {BusinessUse, count(Weight{300, 30}, Weight{300, 30}, Weight{300, 30}), true, []string{}},
		"one interested owner does not":                 {BusinessUse, count(Weight{300, 30}, Weight{300, 30}, Weight{290, 29}), false, []string{"favour_area", "favour_heads"}},
		"a majority is no defence where one was silent": {BusinessUse, count(Weight{300, 30}, Weight{290, 29}, Weight{290, 29}), false, []string{"quorum_area", "quorum_heads", "favour_area", "favour_heads"}},
	} {
		require.True(t, c.count.Possible(), name)
		tests := c.count.Tests(c.item)
		require.Equal(t, c.passes, tests.Passed(), name)
		require.Equal(t, c.failed, tests.Failed(), name)
	}
}

func TestImpossibleCounts(t *testing.T) {
	ok := count(Weight{300, 30}, Weight{200, 20}, Weight{100, 10})
	for _, change := range []func(*Count){
		func(c *Count) { c.Total.Area = 0 }, func(c *Count) { c.Total.Heads = 0 }, func(c *Count) { c.Joined.Area = 301 },
		func(c *Count) { c.Favour.Heads = 21 }, func(c *Count) { c.Favour.Area = -1 }, func(c *Count) { c.Total.Area = mostArea + 1 },
	} {
		c := ok
		change(&c)
		require.False(t, c.Possible(), "%+v", c)
	}
}

// Real electorates (shared/data/vote): two thirds of each, exactly where it divides, passes; one less fails.
func TestRealElectorates(t *testing.T) {
	list := electorates(t)
	total := list["金碧花园(东莞)"]
	require.EqualValues(t, 1140, total.Heads)
	quorum := func(total, joined Weight) Tests { return count(total, joined, joined).Tests(Provider) }
	require.True(t, quorum(total, Weight{total.Area, 760}).QuorumHeads, "760 of 1,140 is two thirds exactly")
	require.False(t, quorum(total, Weight{total.Area, 759}).QuorumHeads)
	total = list["福星·都市时尚1"]
	require.True(t, quorum(total, Weight{1948344, total.Heads}).QuorumArea, "19,483.44 m² of 29,225.16 is two thirds exactly")
	require.False(t, quorum(total, Weight{1948343, total.Heads}).QuorumArea, "one cent of area less fails")
	total = list["花园小区(匿名)"]
	require.False(t, quorum(total, Weight{total.Area, 616}).QuorumHeads, "616 of 950 fails, though published as 64.8 %")
	require.False(t, quorum(total, Weight{total.Area, 633}).QuorumHeads)
	require.True(t, quorum(total, Weight{total.Area, 634}).QuorumHeads)
	for name, total := range list {
		least := func(n int64) int64 { return (2*n + 2) / 3 }
		at := Weight{least(total.Area), least(total.Heads)}
		require.True(t, quorum(total, at).Quorum(), name)
		require.False(t, quorum(total, Weight{at.Area - 1, at.Heads}).QuorumArea, name)
		require.False(t, quorum(total, Weight{at.Area, at.Heads - 1}).QuorumHeads, name)
	}
}

// electorates reads the file where it is, and the figures of three of its rows where it is not.
func electorates(t *testing.T) map[string]Weight {
	t.Helper()
	dir := os.Getenv("REDPROPERTY_TEST_DATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	raw, err := os.ReadFile(dir + "/vote/owners_vote_electorates.csv")
	if os.IsNotExist(err) {
		return map[string]Weight{"金碧花园(东莞)": {10842748, 1140}, "福星·都市时尚1": {2922516, 395}, "花园小区(匿名)": {12737800, 950}}
	}
	require.NoError(t, err)
	rows, err := csv.NewReader(strings.NewReader(string(raw))).ReadAll()
	require.NoError(t, err)
	out := map[string]Weight{}
	for _, r := range rows[1:] {
		whole, cents, _ := strings.Cut(r[3], ".")
		area, err := strconv.ParseInt(whole+(cents + "00")[:2], 10, 64)
		require.NoError(t, err)
		heads, err := strconv.ParseInt(r[2], 10, 64)
		require.NoError(t, err)
		out[r[1]] = Weight{area, heads}
	}
	return out
}

// A slow oracle in rational numbers agrees about every count.
func TestAgainstRationalNumbers(t *testing.T) {
	share := func(part, whole int64) *big.Rat { return big.NewRat(part, whole) }
	rapid.Check(t, func(t *rapid.T) {
		total := Weight{rapid.Int64Range(1, mostArea).Draw(t, "area"), rapid.Int64Range(1, 10_000_000).Draw(t, "heads")}
		near := func(of int64, num, den int64, name string) int64 {
			at := of*num/den + rapid.Int64Range(-2, 2).Draw(t, name)
			if rapid.Bool().Draw(t, name+" anywhere") {
				at = rapid.Int64Range(0, of).Draw(t, name+" at")
			}
			return max(0, min(of, at))
		}
		joined := Weight{near(total.Area, 2, 3, "joined area"), near(total.Heads, 2, 3, "joined heads")}
		item := Item(rapid.IntRange(1, 9).Draw(t, "item"))
		num, den := int64(1), int64(2)
		if item >= 6 && item <= 8 {
			num, den = 3, 4
		}
		favour := Weight{near(joined.Area, num, den, "favour area"), near(joined.Heads, num, den, "favour heads")}
		got := count(total, joined, favour).Tests(item)
		quorum := func(part, whole int64) bool { return share(part, whole).Cmp(big.NewRat(2, 3)) >= 0 }
		agreed := func(part, whole int64) bool {
			if whole == 0 {
				return false
			}
			if den == 4 {
				return share(part, whole).Cmp(big.NewRat(3, 4)) >= 0
			}
			return share(part, whole).Cmp(big.NewRat(1, 2)) > 0
		}
		want := Tests{quorum(joined.Area, total.Area), quorum(joined.Heads, total.Heads), agreed(favour.Area, joined.Area), agreed(favour.Heads, joined.Heads)}
		if got != want {
			t.Fatalf("item %d, %+v: %+v, want %+v", item, count(total, joined, favour), got, want)
		}
	})
}

func TestHeads(t *testing.T) {
	a, b, c := id.New(), id.New(), id.New()
	unit := func(area int64, owners ...id.ID) Unit { return Unit{ID: id.New(), Area: area, Owners: owners} }
	unsold := Unit{ID: id.New(), Area: 700, Developer: true}
	undelivered := Unit{ID: id.New(), Area: 300, Owners: []id.ID{c}, Developer: true}
	units := []Unit{unit(100, a), unit(50, a), unit(80, a, b), unit(20, b, a), unit(60), unit(40), unsold, undelivered}
	heads := Heads(units, Bylaw{})
	require.Len(t, heads, 5, "a; a and b together; two without a known owner; the developer")
	require.Equal(t, Weight{1350, 5}, Total(heads))
	require.Equal(t, int64(150), heads[0].Area)
	require.Equal(t, int64(100), heads[1].Area)
	require.True(t, heads[4].Developer)
	require.Equal(t, int64(1000), heads[4].Area, "unsold and undelivered units are one head")
	heads = Heads(units, Bylaw{EachUnit: true})
	require.Equal(t, Weight{1350, 7}, Total(heads), "the owners agreed that each unit counts; the developer stays one")

	forty := make([]Unit, 0, 60)
	for i := range 60 {
		if i < 40 {
			forty = append(forty, unit(100, a))
		} else {
			forty = append(forty, unit(100, id.New()))
		}
	}
	heads = Heads(forty, Bylaw{})
	require.Equal(t, Weight{6000, 21}, Total(heads))
	require.Equal(t, Weight{4000, 1}, heads[0].Weight())
}

// Floating point adds 395 areas of one size to less than their sum; whole numbers do not.
func TestAreasAreWholeNumbers(t *testing.T) {
	units := make([]Unit, 395)
	var floating float64
	for i := range units {
		units[i] = Unit{ID: id.New(), Area: 7398}
		floating += 73.98
	}
	units[0].Area += 2922516 - 395*7398
	total := Total(Heads(units, Bylaw{}))
	require.Equal(t, Weight{2922516, 395}, total)
	require.NotEqual(t, fmt.Sprintf("%.12f", float64(395*7398)/100), fmt.Sprintf("%.12f", floating))
}

func TestSilentVotesAreShownBesideTheLaw(t *testing.T) {
	spoken := count(Weight{300, 30}, Weight{160, 16}, Weight{100, 10})
	require.False(t, spoken.Tests(Provider).Quorum())
	with := spoken.WithSilent(Provider, Weight{140, 14})
	require.Equal(t, count(Weight{300, 30}, Weight{300, 30}, Weight{240, 24}), with)
	require.True(t, with.Tests(Provider).Passed())
	split := count(Weight{300, 30}, Weight{160, 16}, Weight{100, 8})
	require.Equal(t, split.Favour, split.WithSilent(Provider, Weight{140, 14}).Favour, "no majority to go with")
	all := count(Weight{300, 30}, Weight{160, 16}, Weight{160, 16})
	require.False(t, all.WithSilent(BusinessUse, Weight{140, 14}).Tests(BusinessUse).Passed(), "nobody consents by silence under 279")
}

func TestExposureOfSmallScopes(t *testing.T) {
	yesNo, of3, several := Question{1, 1}, Question{3, 1}, Question{5, 3}
	twelve := []int64{8912, 9034, 8876, 12011, 11987, 12045, 6543, 6550, 6561, 10021, 10034, 9999}
	require.Greater(t, Exposure(twelve, yesNo), int64(9000), "twelve dwellings of distinct area: almost always")
	same := make([]int64, 12)
	for i := range same {
		same[i] = 8912
	}
	require.Equal(t, int64(3*10_000/6561), Exposure(same, yesNo), "equal areas tell only where all vote alike")
	many := make([]int64, 300)
	for i := range many {
		many[i] = 8000 + int64(i*i*131)%4001
	}
	for _, q := range []Question{yesNo, of3, several} {
		require.Less(t, Exposure(many, q), int64(TooTelling))
		require.GreaterOrEqual(t, Exposure(many[:33], q), int64(TooTelling), "twenty-two of thirty-three: the bound")
	}
	require.Less(t, Exposure(many[:48], yesNo), int64(TooTelling))
	require.Equal(t, int64(10_000), Exposure(many[:48], of3), "five totals of thirty-two heads can come about in one way almost always")
	require.Zero(t, Exposure(nil, yesNo))
	require.Equal(t, int64(10_000), Exposure([]int64{5000}, yesNo))
	require.Greater(t, Exposed(many[:9], yesNo), int64(8000), "nine of three hundred took part")
	require.Less(t, Exposed(many[:200], yesNo), int64(TooTelling))
}

// The sums tell apart exactly what the totals tell apart.
func TestOutcomesAreToldApartByTheirTotals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		areas := rapid.SliceOfN(rapid.Int64Range(1, 6), 1, 6).Draw(t, "areas")
		ways := rapid.IntRange(3, 5).Draw(t, "ways")
		seen, outcomes := map[string]int{}, int64(math.Pow(float64(ways), float64(len(areas))))
		for o := range outcomes {
			totals := make([]Weight, ways)
			for i, rest := 0, o; i < len(areas); i, rest = i+1, rest/int64(ways) {
				totals[rest%int64(ways)] = totals[rest%int64(ways)].Add(Weight{areas[i], 1})
			}
			seen[fmt.Sprint(totals)]++
		}
		n := int64(0)
		for _, times := range seen {
			if times == 1 {
				n++
			}
		}
		require.Equal(t, n*10_000/outcomes, Exposed(areas, Question{ways - 2, 1}))
	})
}
