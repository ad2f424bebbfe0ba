package integrity

import (
	"cmp"
	"crypto/sha256"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// Permutations are drawn until enough of them reach what was seen, or until there are maxDraws. What comes out is
// a valid chance either way (Besag and Clifford, Biometrika 78, 1991), and honest rounds take few draws.
const (
	enough   = 10
	maxDraws = 19_999
)

const permutationDomain = "redproperty/integrity/permutation/v1"

// source gives numbers from ChaCha8 with SHA-256(domain, seed, purpose) as its key.
type source struct{ stream *rand.ChaCha8 }

func newSource(seed Hash, purpose string) source {
	h := sha256.New()
	h.Write([]byte(permutationDomain))
	h.Write(seed[:])
	h.Write([]byte(purpose))
	var key [32]byte
	return source{rand.NewChaCha8([32]byte(h.Sum(key[:0])))}
}

// below is a number from 0 to n-1: the upper half of the product of n and 64 random bits, drawn again where the
// lower half would make some numbers more frequent than others.
func (s source) below(n int) int {
	bound := uint64(n)
	for {
		high, low := bits.Mul64(s.stream.Uint64(), bound)
		if low >= bound || low >= -bound%bound {
			return int(high)
		}
	}
}

// pick moves take randomly chosen values to the front.
func pick[T any](s source, values []T, take int) {
	for i := range take {
		j := i + s.below(len(values)-i)
		values[i], values[j] = values[j], values[i]
	}
}

// chance is the chance that permutations reach what was seen; draw makes one and tells whether it does.
func chance(draw func() bool) float64 {
	reached := 0
	for n := 1; n <= maxDraws; n++ {
		if !draw() {
			continue
		}
		reached++
		if reached == enough {
			return float64(reached) / float64(n)
		}
	}
	return float64(reached+1) / float64(maxDraws+1)
}

// cell is a group among its peers in one stratum: take of the pool's values are the group's.
type cell struct {
	pool []int64
	take int
}

// contrast compares groups with their peers over all strata. What is compared is how far the values are from
// their stratum's mean; sum and squares are those of everyone.
type contrast struct {
	cells        []cell
	group, peers int
	sum, squares int64
}

// newContrast takes each stratum's mean off its values. The order in which cells and values came leaves no trace.
func newContrast(cells []cell) *contrast {
	c := &contrast{cells: cells}
	for i := range cells {
		pool := cells[i].pool
		c.group += cells[i].take
		c.peers += len(pool) - cells[i].take
		mean := total(pool) / int64(len(pool))
		for at := range pool {
			pool[at] -= mean
		}
		slices.Sort(pool)
		c.sum += total(pool)
		c.squares += squares(pool)
	}
	slices.SortFunc(cells, func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.take, b.take), slices.Compare(a.pool, b.pool))
	})
	return c
}

// statistic is Welch's, from the group's sum and squares: the difference of the means over its standard error, each
// side with its own variance. With it permutations remain nearly right where the two sides vary differently
// (Janssen, Statistics & Probability Letters 36, 1997), as invented answers do. Each product is rounded on its own,
// so that all machines agree.
func (c *contrast) statistic(sum, square int64) float64 {
	g, p := float64(c.group), float64(c.peers)
	rest, restSquare := c.sum-sum, c.squares-square
	difference := float64(sum)/g - float64(rest)/p
	within := func(s, q int64, n float64) float64 {
		return (float64(q) - float64(float64(s)*float64(s)/n)) / (n - 1) / n
	}
	variance := within(sum, square, g) + within(rest, restSquare, p)
	switch {
	case variance > 0:
		return difference / math.Sqrt(variance)
	case difference > 0:
		return math.Inf(1)
	}
	return 0
}

// permute chooses a group anew in each stratum and returns its statistic. Where most belong to the group it
// chooses those who do not: fewer to move.
func (c *contrast) permute(s source) float64 {
	sum, square := int64(0), int64(0)
	for _, one := range c.cells {
		chosen := one.pool[:one.take]
		if rest := len(one.pool) - one.take; rest < one.take {
			pick(s, one.pool, rest)
			chosen = one.pool[rest:]
		} else {
			pick(s, one.pool, one.take)
		}
		sum += total(chosen)
		square += squares(chosen)
	}
	return c.statistic(sum, square)
}

// among is the chance of a statistic of at least seen when any in a stratum could be the group.
func (c *contrast) among(s source, seen float64) float64 {
	return chance(func() bool { return c.permute(s) >= seen })
}

func squares(values []int64) int64 {
	n := int64(0)
	for _, v := range values {
		n += v * v
	}
	return n
}

func total(values []int64) int64 {
	n := int64(0)
	for _, v := range values {
		n += v
	}
	return n
}
