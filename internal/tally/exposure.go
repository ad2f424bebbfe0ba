package tally

import (
	"math"
	"math/bits"
	"slices"
)

// exact is the most heads for which every outcome is looked at: two to its power of them.
const exact = 20

// TooTelling is the share of outcomes, in hundredths of a per cent, from which totals are too telling to be shown.
const TooTelling = 100

// Exposure tells in what share of the outcomes, in hundredths of a per cent, exact totals of area and heads could come about in one
// way only, so that whoever knows the areas knows each vote. It takes the smallest turnout that makes a quorum, of heads whose areas
// differ most, and every way in which they can vote for or not. Beyond twenty heads it is an upper bound: there are no more telling
// outcomes than different totals. Where all vote alike the totals always tell; no rule can help that.
func Exposure(areas []int64) int64 {
	areas = telling(areas)
	switch {
	case len(areas) == 0:
		return 0
	case len(areas) > exact:
		return bound(areas)
	}
	sums := make([]uint64, 1<<len(areas))
	for outcome := 1; outcome < len(sums); outcome++ {
		first := bits.TrailingZeros(uint(outcome))
		sums[outcome] = sums[outcome&(outcome-1)] + uint64(areas[first])<<8 + 1 // area and heads in one number
	}
	slices.Sort(sums)
	alone := 0
	for i := range sums {
		if (i == 0 || sums[i-1] != sums[i]) && (i == len(sums)-1 || sums[i+1] != sums[i]) {
			alone++
		}
	}
	return int64(alone) * 10_000 / int64(len(sums))
}

// telling is two thirds of the heads, those of different areas first.
func telling(areas []int64) []int64 {
	list := slices.Sorted(slices.Values(areas))
	var different, again []int64
	for i, a := range list {
		if i > 0 && list[i-1] == a {
			again = append(again, a)
		} else {
			different = append(different, a)
		}
	}
	quorum := (2*len(list) + 2) / 3
	return append(different, again...)[:quorum]
}

// bound is the number of different totals as a share of the number of outcomes. Of some heads together the least area and the most lie as
// far apart as the smallest head and the largest, for each head; in between there are steps of the areas' common measure.
func bound(areas []int64) int64 {
	least, most, step := slices.Min(areas), slices.Max(areas), int64(0)
	for _, a := range areas {
		step = gcd(step, a-least)
	}
	n := int64(len(areas))
	totals := float64(n + 1)
	for k := range n + 1 {
		totals += float64(min(k, n-k)) * float64((most-least)/max(step, 1))
	}
	share := totals / math.Exp2(float64(n))
	return int64(math.Ceil(min(share, 1) * 10_000))
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
