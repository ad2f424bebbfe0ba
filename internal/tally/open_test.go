package tally

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// kindsOf puts heads of one area together.
func kindsOf(areas []int64) (out []Voters) {
	where := map[int64]int{}
	for _, a := range areas {
		if _, ok := where[a]; !ok {
			where[a] = len(out)
			out = append(out, Voters{Area: a})
		}
		out[where[a]].Heads++
	}
	return out
}

// forced tries every way of voting and tells whether the totals leave some head one choice only.
func forced(areas []int64, totals []Weight) bool {
	seen := make([]int, len(areas))
	for o := range int(math.Pow(float64(len(totals)), float64(len(areas)))) {
		got := make([]Weight, len(totals))
		for i, rest := 0, o; i < len(areas); i, rest = i+1, rest/len(totals) {
			got[rest%len(totals)] = got[rest%len(totals)].Add(Weight{areas[i], 1})
		}
		same := true
		for k := range totals {
			same = same && got[k] == totals[k]
		}
		for i, rest := 0, o; same && i < len(areas); i, rest = i+1, rest/len(totals) {
			seen[i] |= 1 << (rest % len(totals))
		}
	}
	for _, bits := range seen {
		if bits&(bits-1) == 0 {
			return true
		}
	}
	return false
}

// Whatever is held to be open is: every way of voting that gives the totals is tried, and no head chose the same in all of them.
func TestTotalsThatAreOpenForceNoChoice(t *testing.T) {
	open := 0
	rapid.Check(t, func(t *rapid.T) {
		areas := rapid.SliceOfN(rapid.SampledFrom([]int64{3, 5, 6, 8, 8912, 8950, 12050}), 2, 9).Draw(t, "areas")
		ways := rapid.IntRange(2, 4).Draw(t, "ways")
		totals := make([]Weight, ways)
		for _, a := range areas {
			k := rapid.IntRange(0, ways-1).Draw(t, "choice")
			totals[k] = totals[k].Add(Weight{a, 1})
		}
		alike := 0
		for _, w := range totals {
			if w.Heads > 0 {
				alike++
			}
		}
		list := kindsOf(areas)
		got := Open(list, totals)
		if alike == 1 {
			require.True(t, got)
			return
		}
		require.Equal(t, !forced(areas, totals), got)
		if got {
			open++
		}
	})
	require.Positive(t, open)
}

// An estate of few sorts of dwellings gives away who lives in the one of another sort; many of many areas give nobody away.
func TestWhoseAreaNobodyElseHas(t *testing.T) {
	voted := func(voters []Voters, favour ...int) []Weight {
		var yes, no Weight
		for i, v := range voters {
			yes = yes.Add(Weight{int64(favour[i]) * v.Area, int64(favour[i])})
			no = no.Add(Weight{int64(v.Heads-favour[i]) * v.Area, int64(v.Heads - favour[i])})
		}
		return []Weight{yes, no}
	}
	sorts := []Voters{{Area: 8912, Heads: 30}, {Area: 12050, Heads: 29}}
	require.True(t, Open(sorts, voted(sorts, 17, 20)))
	require.False(t, Open(sorts, voted(sorts, 30, 20)), "all of one sort")
	roof := append(sorts, Voters{Area: 20377, Heads: 1})
	require.False(t, Open(roof, voted(roof, 17, 20, 1)), "the sum tells how many of each sort")
	even := []Voters{{Area: 8000, Heads: 15}, {Area: 8500, Heads: 15}, {Area: 9000, Heads: 15}}
	require.True(t, Open(even, voted(even, 10, 10, 10)))
	developer := append(even, Voters{Area: 450_000, Heads: 1})
	require.False(t, Open(developer, voted(developer, 10, 10, 10, 1)), "nobody else weighs as much")
	developer[3].Known = true
	require.True(t, Open(developer, voted(developer, 10, 10, 10, 1)))
	for _, n := range []int{60, 1000} {
		areas, choices := make([]int64, n), make([]Weight, 3)
		for i := range areas {
			areas[i] = 6000 + int64(i*i*131)%9001
			k := []int{0, 0, 0, 1, 1, 2}[i*7%6]
			choices[k] = choices[k].Add(Weight{areas[i], 1})
		}
		list := kindsOf(areas)
		require.True(t, Open(list, []Weight{choices[0], choices[1].Add(choices[2])}), "%d heads", n)
		require.True(t, n < 1000 || Open(list, choices), "%d heads, three ways", n)
	}
}
