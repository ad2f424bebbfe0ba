package score

import (
	"slices"

	"github.com/redproperty/redproperty/internal/fault"
)

// Accumulator takes the answers of a round one by one and keeps whole-number sums only: its size depends on
// strata and items, never on how many answered, and the order of answers leaves no trace in it.
// It is not safe for concurrent use; take one each and Merge.
type Accumulator struct {
	design    Design
	dimension []int // of each item
	strata    []sums
	valid     []int // scratch: items rated in the answer at hand
}

// sums are the sufficient statistics of one stratum.
type sums struct {
	answers   int64
	byChannel [channels]int64
	items     []itemSums
	rated     []int64 // by dimension: answers with at least one rating in it
	anything  int64   // answers with at least one rating
	pairs     []pair  // of items j ≤ k, row by row
}

// itemSums count the answers to one item.
type itemSums struct {
	ratings                      [Highest]int64 // how many gave 1 … 5
	dontKnow, noAnswer, notAsked int64
}

func (s *itemSums) valid() int64 {
	n := int64(0)
	for _, c := range s.ratings {
		n += c
	}
	return n
}

func (s *itemSums) sum() int64 {
	n := int64(0)
	for i, c := range s.ratings {
		n += int64(i+1) * c
	}
	return n
}

// pair are cross products over the answers that rated both items j ≤ k: x is a rating, v is 1.
type pair struct{ xx, xv, vx, vv int64 }

// NewAccumulator prepares for the answers to a design. Faults: score.strata, score.items, score.weights.
func NewAccumulator(d Design) (*Accumulator, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	names := d.dimensions()
	a := &Accumulator{design: d, strata: make([]sums, len(d.Strata))}
	for _, item := range d.Items {
		a.dimension = append(a.dimension, slices.Index(names, item.Dimension))
	}
	n := len(d.Items)
	for i := range a.strata {
		a.strata[i] = sums{items: make([]itemSums, n), rated: make([]int64, len(names)), pairs: make([]pair, n*(n+1)/2)}
	}
	return a, nil
}

// Add counts one answer: values in the order of the design's items, each 1 to 5, NoAnswer, DontKnow or
// NotAsked. Fault: score.answer, and nothing is counted.
func (a *Accumulator) Add(stratum int, values []int8, channel Channel) error {
	if stratum < 0 || stratum >= len(a.strata) || len(values) != len(a.dimension) || channel >= channels {
		return fault.New(fault.Invalid, "score.answer")
	}
	for _, v := range values {
		if v < NotAsked || v > Highest {
			return fault.New(fault.Invalid, "score.answer")
		}
	}
	s := &a.strata[stratum]
	s.answers++
	s.byChannel[channel]++
	a.valid = a.valid[:0]
	for j, v := range values {
		if s.items[j].count(v) {
			a.valid = append(a.valid, j)
		}
	}
	a.countDimensions(s)
	s.cross(values, a.valid)
	return nil
}

func (s *itemSums) count(v int8) bool {
	switch v {
	case NotAsked:
		s.notAsked++
	case DontKnow:
		s.dontKnow++
	case NoAnswer:
		s.noAnswer++
	default:
		s.ratings[v-1]++
		return true
	}
	return false
}

func (a *Accumulator) countDimensions(s *sums) {
	if len(a.valid) > 0 {
		s.anything++
	}
	for at, j := range a.valid {
		first := !slices.ContainsFunc(a.valid[:at], func(i int) bool { return a.dimension[i] == a.dimension[j] })
		if first {
			s.rated[a.dimension[j]]++
		}
	}
}

func (s *sums) cross(values []int8, valid []int) {
	n := len(values)
	for at, j := range valid {
		x := int64(values[j])
		row := s.pairs[rowStart(n, j):]
		for _, k := range valid[at:] {
			p, y := &row[k-j], int64(values[k])
			p.xx += x * y
			p.xv += x
			p.vx += y
			p.vv++
		}
	}
}

// rowStart is where the pairs (j, j), (j, j+1) … begin among the pairs of n items.
func rowStart(n, j int) int { return j*n - j*(j-1)/2 }

// Merge adds what another accumulator of the same design has counted. Fault: score.answer.
func (a *Accumulator) Merge(b *Accumulator) error {
	if !slices.Equal(a.design.Strata, b.design.Strata) || !slices.Equal(a.design.Items, b.design.Items) {
		return fault.New(fault.Invalid, "score.answer")
	}
	for i := range a.strata {
		a.strata[i].merge(&b.strata[i])
	}
	return nil
}

func (s *sums) merge(o *sums) {
	s.answers += o.answers
	s.anything += o.anything
	for i, c := range o.byChannel {
		s.byChannel[i] += c
	}
	for i, c := range o.rated {
		s.rated[i] += c
	}
	for i := range o.items {
		s.items[i].merge(&o.items[i])
	}
	for i, p := range o.pairs {
		q := &s.pairs[i]
		q.xx, q.xv, q.vx, q.vv = q.xx+p.xx, q.xv+p.xv, q.vx+p.vx, q.vv+p.vv
	}
}

func (s *itemSums) merge(o *itemSums) {
	for i, c := range o.ratings {
		s.ratings[i] += c
	}
	s.dontKnow += o.dontKnow
	s.noAnswer += o.noAnswer
	s.notAsked += o.notAsked
}

func (s *sums) copy() sums {
	c := *s
	c.items, c.rated, c.pairs = slices.Clone(s.items), slices.Clone(s.rated), slices.Clone(s.pairs)
	return c
}
