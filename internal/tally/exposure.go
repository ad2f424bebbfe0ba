package tally

import (
	"math"
	"slices"
)

// exact is up to how many outcomes are looked at one by one.
const exact = 1 << 20

// TooTelling is the share of outcomes, in hundredths of a per cent, from which totals are too telling to be shown.
const TooTelling = 100

// Question is an item as a head answers it: how many options there are, and how many of them it may choose.
type Question struct{ Options, Most int }

// ways is in how many ways a head can answer: the options, against and abstain.
func (q Question) ways() float64 {
	n, chosen := 2.0, 1.0
	for k := range min(q.Most, q.Options) {
		chosen = chosen * float64(q.Options-k) / float64(k+1)
		n += chosen
	}
	return n
}

// totals is how many totals of a question tell something that the others do not: where each head is in one of them, the last one follows.
func (q Question) totals() int {
	if q.Most == 1 {
		return q.Options + 1
	}
	return q.Options + 2
}

// Exposure tells, before a vote, in what share of the outcomes, in hundredths of a per cent, exact totals of area and heads could come about in
// one way only, so that whoever knows the areas knows each vote. It takes the smallest turnout that makes a quorum, of heads whose areas differ
// most. Where all vote alike the totals always tell; no rule can help that.
func Exposure(areas []int64, q Question) int64 { return Exposed(telling(areas), q) }

// Exposed is the same of the heads that took part, every way looked at in which they can answer. Beyond a million outcomes it is an upper
// bound: there are no more telling outcomes than different totals.
func Exposed(areas []int64, q Question) int64 {
	switch n := float64(len(areas)); {
	case n == 0:
		return 0
	case q.Most == 1 && math.Pow(q.ways(), n) <= exact:
		return alone(areas, q.Options+2)
	}
	return bound(areas, q)
}

// alone counts the outcomes whose totals no other outcome has, as a share.
func alone(areas []int64, ways int) int64 {
	sums := []uint64{0} // all totals of an outcome in one number: area and heads, times an odd number for each way
	for _, a := range areas {
		next := make([]uint64, 0, len(sums)*ways)
		for way := range uint64(ways) {
			for _, s := range sums {
				next = append(next, s+(uint64(a)<<8+1)*spread(way))
			}
		}
		sums = next
	}
	slices.Sort(sums)
	n := 0
	for i := range sums {
		if (i == 0 || sums[i-1] != sums[i]) && (i == len(sums)-1 || sums[i+1] != sums[i]) {
			n++
		}
	}
	return int64(n) * 10_000 / int64(len(sums))
}

// spread is an odd number of 64 bits for each way, so that different totals give different sums (but for one case in many millions).
func spread(way uint64) uint64 {
	x := (way + 1) * 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31 | 1
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
func bound(areas []int64, q Question) int64 {
	least, most, step := slices.Min(areas), slices.Max(areas), int64(0)
	for _, a := range areas {
		step = gcd(step, a-least)
	}
	n := int64(len(areas))
	totals := float64(n + 1)
	for k := range n + 1 {
		totals += float64(min(k, n-k)) * float64((most-least)/max(step, 1))
	}
	share := math.Exp(float64(q.totals())*math.Log(totals) - float64(n)*math.Log(q.ways()))
	return int64(math.Ceil(min(share, 1) * 10_000))
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
