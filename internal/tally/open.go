package tally

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Voters are heads of one area, who cannot be told apart by totals.
type Voters struct {
	Area  int64
	Heads int
	// Known marks whose choice is nobody's secret: the developer's, who is no person. They are in the totals all the same.
	Known bool
}

// Open tells whether totals leave every choice open: whether for each head there are two ways of voting that give exactly these totals, each
// head in one of them, and in which it chose differently. It believes only in ways that it has found, so that where it loses patience the
// answer is no. Where all chose one thing the answer is yes: no arithmetic is needed to know it. The answer is always the same for the same.
func Open(voters []Voters, totals []Weight) bool {
	chosen := slices.DeleteFunc(slices.Clone(totals), func(w Weight) bool { return w.Heads == 0 })
	if len(chosen) < 2 {
		return true
	}
	slices.SortStableFunc(chosen, func(a, b Weight) int { return cmp.Compare(a.Heads, b.Heads) }) // the small ones fit in the fewest ways
	s := &search{voters: voters, seen: make([]uint64, len(voters)), patience: 400}
	s.random = rand.New(rand.NewChaCha8([32]byte{})) //nolint:gosec // nothing is secret about what is tried, and it must come out the same each time
	left := make([]int, len(voters))
	for i, v := range voters {
		left[i] = v.Heads
	}
	s.look(left, chosen, nil)
	for i, v := range voters {
		if !v.Known && !s.both(i) && !s.turn(i, left, chosen) {
			return false
		}
	}
	return true
}

// search looks for ways of voting, and notes which voters chose what in some of them.
type search struct {
	voters   []Voters
	seen     []uint64 // of each kind of voter the totals it is in, a bit each
	random   *rand.Rand
	patience int
}

// both tells whether a kind of voter was seen to choose different things.
func (s *search) both(i int) bool { return s.seen[i]&(s.seen[i]-1) != 0 }

// turn looks for a way in which one head of a kind chose something that none of them was seen to choose.
func (s *search) turn(i int, left []int, totals []Weight) bool {
	left = slices.Clone(left)
	left[i]--
	for k, w := range totals {
		if s.seen[i]&(1<<k) != 0 {
			continue
		}
		rest := slices.Clone(totals)
		rest[k] = Weight{w.Area - s.voters[i].Area, w.Heads - 1}
		if s.look(left, rest, nil) {
			if s.seen[i] |= 1 << k; s.both(i) {
				return true
			}
		}
	}
	return false
}

// look finds ways of filling the totals from the one after those that are filled, and notes them. It tells whether there is one.
func (s *search) look(left []int, totals []Weight, filled [][]int) (found bool) {
	if len(filled) == len(totals)-1 { // whoever is left is in the last one
		if s.weight(left) != totals[len(filled)] {
			return false
		}
		for k, some := range append(filled, left) {
			for i, n := range some {
				if n > 0 {
					s.seen[i] |= 1 << k
				}
			}
		}
		return true
	}
	if s.patience--; s.patience < 0 {
		return false
	}
	tries := 64
	s.fill(left, totals[len(filled)], func(some []int) bool {
		rest := make([]int, len(left))
		for i := range left {
			rest[i] = left[i] - some[i]
		}
		found = s.look(rest, totals, append(slices.Clip(filled), some)) || found
		tries--
		return tries > 0
	})
	return found
}

func (s *search) weight(counts []int) (w Weight) {
	for i, n := range counts {
		w = w.Add(Weight{int64(n) * s.voters[i].Area, int64(n)})
	}
	return w
}

// Bounds of the search: how many kinds of voters are tried against each other, how many mixes of a half of them are looked at where all can
// be, and how many where some are drawn.
const (
	kinds  = 36
	allOf  = 1 << 16
	someOf = 1 << 13
)

// fill gives mixes of the voters that are left whose weight is the one wanted, until each says no. Of many kinds of voters most are drawn, and
// some tried in all mixes: in two halves, each mix of the one beside those of the other that make up for it.
func (s *search) fill(left []int, want Weight, each func([]int) bool) {
	core, drawn := s.draw(left, want)
	want = Weight{want.Area - s.weight(drawn).Area, want.Heads - s.weight(drawn).Heads}
	halves := split(core, left)
	share := min(max(float64(want.Heads)/float64(max(1, sum(core, left))), 0), 1)
	found := map[Weight][][]int{}
	s.mixes(halves[0], left, share, func(counts []int, w Weight) bool {
		found[w] = append(found[w], slices.Clone(counts))
		return true
	})
	s.mixes(halves[1], left, share, func(counts []int, w Weight) bool {
		for _, other := range found[Weight{want.Area - w.Area, want.Heads - w.Heads}] {
			mix := slices.Clone(drawn)
			for j, i := range halves[0] {
				mix[i] = other[j]
			}
			for j, i := range halves[1] {
				mix[i] = counts[j]
			}
			if !each(mix) {
				return false
			}
		}
		return true
	})
}

func sum(which, left []int) (n int) {
	for _, i := range which {
		n += left[i]
	}
	return n
}

// draw chooses the kinds that are tried, and draws of the others as many as leave the rest about what those can make up.
func (s *search) draw(left []int, want Weight) (core, drawn []int) {
	drawn = make([]int, len(left))
	var there []int
	for i, n := range left {
		if n > 0 {
			there = append(there, i)
		}
	}
	if len(there) <= kinds {
		return there, drawn
	}
	s.random.Shuffle(len(there), func(a, b int) { there[a], there[b] = there[b], there[a] })
	core, others := there[:kinds], there[kinds:]
	of := s.weight(left)
	share := min(max(float64(want.Heads)/float64(of.Heads), 0), 1)
	for _, i := range others {
		drawn[i] = s.some(left[i], share)
	}
	aim := Weight{want.Area - int64(share*float64(s.area(core, left))), want.Heads - int64(math.Round(share*float64(sum(core, left))))}
	s.approach(others, left, drawn, aim)
	return core, drawn
}

func (s *search) area(which, left []int) (a int64) {
	for _, i := range which {
		a += int64(left[i]) * s.voters[i].Area
	}
	return a
}

// approach puts heads in and out until as many are drawn as wanted, then exchanges them while that brings their area nearer.
func (s *search) approach(others, left, drawn []int, aim Weight) {
	has := s.weight(drawn)
	for range 50 * len(others) {
		i, j := others[s.random.IntN(len(others))], others[s.random.IntN(len(others))]
		off := aim.Area - has.Area
		step := s.voters[i].Area - s.voters[j].Area
		switch {
		case has.Heads < aim.Heads && drawn[i] < left[i]:
			drawn[i]++
			has = has.Add(Weight{s.voters[i].Area, 1})
		case has.Heads > aim.Heads && drawn[i] > 0:
			drawn[i]--
			has = has.Add(Weight{-s.voters[i].Area, -1})
		case has.Heads == aim.Heads && drawn[i] < left[i] && drawn[j] > 0 && max(off-step, step-off) < max(off, -off):
			drawn[i], drawn[j] = drawn[i]+1, drawn[j]-1
			has.Area += step
		}
	}
}

// split divides kinds into halves of about as many mixes.
func split(core, left []int) (halves [2][]int) {
	core = slices.Clone(core)
	slices.SortStableFunc(core, func(a, b int) int { return cmp.Compare(left[b], left[a]) })
	size := [2]float64{1, 1}
	for _, i := range core {
		to := 0
		if size[1] < size[0] {
			to = 1
		}
		halves[to] = append(halves[to], i)
		size[to] *= float64(left[i] + 1)
	}
	return halves
}

// mixes calls each with how many of each kind there are in a mix, and with its weight: with all mixes, or some that are drawn.
func (s *search) mixes(half, left []int, share float64, each func([]int, Weight) bool) {
	all := 1.0
	for _, i := range half {
		all *= float64(left[i] + 1)
	}
	counts := make([]int, len(half))
	weight := func() (w Weight) {
		for j, i := range half {
			w = w.Add(Weight{int64(counts[j]) * s.voters[i].Area, int64(counts[j])})
		}
		return w
	}
	if all > allOf {
		for range someOf {
			for j, i := range half {
				counts[j] = s.some(left[i], share)
			}
			if !each(counts, weight()) {
				return
			}
		}
		return
	}
	for each(counts, weight()) {
		j := 0
		for ; j < len(half) && counts[j] == left[half[j]]; j++ {
			counts[j] = 0
		}
		if j == len(half) {
			return
		}
		counts[j]++
	}
}

// some draws how many of n do what a share of all does.
func (s *search) some(n int, share float64) (k int) {
	if n > 20 {
		drawn := math.Round(float64(n)*share + math.Sqrt(float64(n)*share*(1-share))*s.random.NormFloat64())
		return int(min(max(drawn, 0), float64(n)))
	}
	for range n {
		if s.random.Float64() < share {
			k++
		}
	}
	return k
}
