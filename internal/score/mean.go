package score

import (
	"math/big"

	"github.com/redproperty/redproperty/internal/fault"
)

// Cell is what a stratum contributes to a mean of whole numbers: its members N (zero, with a single cell, for a
// population without end), and the count, sum and sum of squares of the values seen.
type Cell struct {
	N, Count, Sum, Squares int64
	Weight                 *big.Rat // members that a value stands for, where published weights are not N/Count; else nil
}

// Take counts a value.
func (c *Cell) Take(v int64) {
	c.Count++
	c.Sum += v
	c.Squares += v * v
}

// Mean is the stratified mean Σ N·ȳ / Σ N with its standard error under finite population correction and the
// interval of the normal distribution; for a population without end, of Student's t with n−1 degrees of freedom. Fault: score.cells where a cell has fewer than two values without being
// complete, or more than N.
func Mean(cells []Cell) (Interval, error) {
	parts := make([]part, len(cells))
	for i, c := range cells {
		parts[i] = part{n: c.N, answers: c.Count, given: c.Weight, x: []int64{c.Sum}, v: []int64{c.Count},
			pair: func(int, int) pair { return pair{c.Squares, c.Sum, c.Sum, c.Count} }}
	}
	if err := checkParts(parts); err != nil {
		return Interval{}, err
	}
	r := newRatios(parts, 1)
	value, se := r.combine(unit(1, 0), r.sigma())
	if cells[0].N == 0 {
		return around(value, se, studentQuantile(cells[0].Count-1)), nil
	}
	return normal(value, se), nil
}

func checkParts(parts []part) error {
	bad := fault.New(fault.Invalid, "score.cells")
	for _, p := range parts {
		switch {
		case p.n < 0, p.n == 0 && len(parts) > 1, p.n > 0 && p.answers > p.n, p.answers < 1,
			p.answers == 1 && p.n != 1, p.given != nil && p.given.Sign() <= 0, p.v[0] < 0 || p.v[0] > p.answers:
			return bad
		}
	}
	if len(parts) == 0 {
		return bad
	}
	return nil
}
