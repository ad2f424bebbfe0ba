package integrity

import (
	"math"
	"slices"

	"github.com/redproperty/redproperty/internal/score"
)

// Which answers can be told to be copies. Somebody content gives five throughout, or five and one four, and so do
// fifty others: that is no copy. An answer that leaves its own most frequent rating leastOff times or more is one
// of very many that the household could have given.
const (
	leastRated = 8 // ratings in it
	leastOff   = 3 // of which as many are not its most frequent rating
	leastEqual = 5 // copies from which it is looked at
	nearby     = 2 // steps within which another answer is nearly the same
)

// copies looks for answers that occur more often than their neighbours. Households waver: asked again, one that
// gave ten ratings gives the very same ten at most half as often (the allowance) as it gives ten that differ by
// one or two steps. So of all answers within two steps of a given one, at most a third are that one; each copy
// beyond is against a chance of one in three. The correction counts every answer that could have been copied.
func (a *audit) copies(m Method) []compared {
	eligible, counts := int64(0), map[string][]int{}
	for i, r := range a.all {
		if r.rated >= leastRated && r.off >= leastOff {
			eligible++
			key := pattern(r.Values)
			counts[key] = append(counts[key], i)
		}
	}
	c := compared{p: 1, times: float64(eligible)}
	c.Count, c.Against = 0, eligible
	if eligible < m.Least {
		c.State = NotAssessable
		return []compared{c}
	}
	out := []compared{}
	for _, same := range counts {
		if len(same) >= leastEqual {
			out = append(out, a.copied(m, same, c))
		}
	}
	if len(out) == 0 {
		out = append(out, c)
	}
	slices.SortFunc(out, func(x, y compared) int { return slices.Compare(x.Values, y.Values) })
	return out
}

func (a *audit) copied(m Method, same []int, c compared) compared {
	values := a.all[same[0]].Values
	near := int64(0)
	for i := range a.all {
		if d := steps(values, a.all[i].Values); d > 0 && d <= nearby {
			near++
		}
	}
	c.Values, c.Count, c.Against = readable(values), int64(len(same)), near
	c.Figure = share(c.Count, c.Count+near)
	ratio := float64(m.Allowance) / float64(score.One)
	expected := ratio / (1 + ratio)
	c.Usual = score.Micro(math.Round(expected * float64(certain)))
	c.p = binomialTail(c.Count+near, c.Count, expected)
	return c
}

// readable is an answer with all that is no rating shown alike.
func readable(values []int8) []int8 {
	out := slices.Clone(values)
	for i, v := range out {
		out[i] = max(v, score.NoAnswer)
	}
	return out
}

// pattern is the answer as a key; what is not a rating is all the same in it.
func pattern(values []int8) string {
	b := make([]byte, len(values))
	for i, v := range values {
		b[i] = byte(max(v, score.NoAnswer))
	}
	return string(b)
}

// steps is how far two answers are apart: the differences of their ratings added up, one step where only one of
// them has a rating. Past nearby it stops counting.
func steps(a, b []int8) int {
	n := 0
	for i, v := range a {
		x, y := max(v, score.NoAnswer), max(b[i], score.NoAnswer)
		switch {
		case x == y:
			continue
		case x == score.NoAnswer || y == score.NoAnswer:
			n++
		default:
			n += max(int(x-y), int(y-x))
		}
		if n > nearby {
			break
		}
	}
	return n
}

// texts asks of each lot whether more of its answers share their words than would if its answers had fallen into
// the lots of the stratum by chance. Words that occur outside the lot too are not counted: what many write is
// no sign.
func (a *audit) texts(m Method) []compared {
	var out []compared
	for _, l := range a.lots {
		cells := a.ofLot(l, func(i int) bool { return len(a.all[i].Texts) > 0 })
		c := compared{p: 1}
		c.Channel, c.Lot = channelNames[l.channel], l.code
		c.Count, c.Against = sizes(cells)
		if c.Count < m.Least || c.Against < m.Least {
			c.State = NotAssessable
		} else {
			t := a.wording(cells)
			seen := t.pairs()
			c.Figure = share(int64(len(t.inPairs())), c.Count)
			if seen > 0 {
				s := newSource(a.in.Seed, "texts")
				c.p = chance(func() bool { t.permute(s); return t.pairs() >= seen })
			}
		}
		out = append(out, c)
	}
	return out
}

// wording is the texts of a lot and its peers: each member of a stratum's pool is a list of text numbers, and the
// first take of them are the lot's.
type wording struct {
	cells []wordCell
	times []int // how often each text occurs in all
	seen  []int // scratch: how often in the lot
}

type wordCell struct {
	pool [][]int
	take int
}

// wording numbers the texts by their hashes, and orders cells and peers, so that the order of responses does not
// matter.
func (a *audit) wording(cells []sides) *wording {
	t := &wording{}
	numbers := a.numberTexts(cells)
	t.times, t.seen = make([]int, len(numbers)), make([]int, len(numbers))
	list := func(members []int) (out [][]int) {
		for _, i := range members {
			var texts []int
			for _, h := range a.all[i].Texts {
				if n := numbers[h]; !slices.Contains(texts, n) {
					texts = append(texts, n)
					t.times[n]++
				}
			}
			slices.Sort(texts)
			out = append(out, texts)
		}
		slices.SortFunc(out, slices.Compare)
		return out
	}
	for _, s := range cells {
		t.cells = append(t.cells, wordCell{pool: slices.Concat(list(s.group), list(s.peers)), take: len(s.group)})
	}
	slices.SortFunc(t.cells, func(x, y wordCell) int { return slices.CompareFunc(x.pool, y.pool, slices.Compare) })
	return t
}

func (a *audit) numberTexts(cells []sides) map[Hash]int {
	var hashes []Hash
	for _, s := range cells {
		for _, i := range slices.Concat(s.group, s.peers) {
			hashes = append(hashes, a.all[i].Texts...)
		}
	}
	slices.SortFunc(hashes, func(x, y Hash) int { return slices.Compare(x[:], y[:]) })
	numbers := map[Hash]int{}
	for i, h := range slices.Compact(hashes) {
		numbers[h] = i
	}
	return numbers
}

func (t *wording) permute(s source) {
	for _, c := range t.cells {
		pick(s, c.pool, c.take)
	}
}

// pairs counts the pairs of answers in the lot that share a text which occurs nowhere else.
func (t *wording) pairs() int {
	clear(t.seen)
	for _, c := range t.cells {
		for _, texts := range c.pool[:c.take] {
			for _, n := range texts {
				t.seen[n]++
			}
		}
	}
	pairs := 0
	for n, times := range t.seen {
		if times == t.times[n] {
			pairs += times * (times - 1) / 2
		}
	}
	return pairs
}

// inPairs lists the answers of the lot that pairs counted; it is asked before anything is permuted.
func (t *wording) inPairs() (out [][]int) {
	for _, c := range t.cells {
		for _, texts := range c.pool[:c.take] {
			if slices.ContainsFunc(texts, func(n int) bool { return t.seen[n] == t.times[n] && t.times[n] > 1 }) {
				out = append(out, texts)
			}
		}
	}
	return out
}
