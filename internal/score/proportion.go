package score

import (
	"math/big"

	"github.com/redproperty/redproperty/internal/fault"
)

// Share is what a stratum contributes to a proportion: its members N (zero, with a single share, for a population
// without end), who answered at all, who of them gave a valid answer, and who of these are counted.
type Share struct{ N, Answers, Valid, Hits int64 }

// Proportion is the share of Hits among valid answers in per cent. Its standard error is by linearisation with
// finite population correction. Its interval: for one stratum Wilson's with the effective size
// n(N−1)/(N−n); for several, the logit's with Student's t of (valid answers − strata) degrees of freedom. Where
// nobody or everybody is counted the logit has no value, and Wilson's is taken over all strata together.
// A complete population has an interval of width zero. Fault: score.cells.
func Proportion(shares []Share) (Interval, error) {
	parts := make([]part, len(shares))
	var all Share
	strata := int64(0)
	for i, s := range shares {
		if s.Hits < 0 || s.Hits > s.Valid {
			return Interval{}, fault.New(fault.Invalid, "score.cells")
		}
		parts[i] = part{n: s.N, answers: s.Answers, x: []int64{s.Hits}, v: []int64{s.Valid},
			pair: func(int, int) pair { return pair{s.Hits, s.Hits, s.Hits, s.Valid} }}
		all.N, all.Answers, all.Valid, all.Hits = all.N+s.N, all.Answers+s.Answers, all.Valid+s.Valid, all.Hits+s.Hits
		if s.Valid > 0 {
			strata++
		}
	}
	if err := checkParts(parts); err != nil {
		return Interval{}, err
	}
	if all.Valid == 0 {
		return Interval{}, fault.New(fault.Invalid, "score.cells")
	}
	r := newRatios(parts, 1)
	p, se := r.combine(unit(1, 0), r.sigma())
	hundred := floatInt(100)
	out := Interval{Value: microOf(new(big.Rat).Mul(p, big.NewRat(100, 1))), SE: microOfFloat(times(hundred, se))}
	low, high := floatOf(p), floatOf(p)
	switch df := all.Valid - strata; {
	case all.Answers == all.N: // complete: nothing is left to chance
	case len(shares) == 1, p.Sign() == 0, p.Cmp(big.NewRat(1, 1)) == 0, df < 1:
		low, high = wilson(p, effectiveSize(all))
	default:
		low, high = logit(p, se, df)
	}
	out.Low, out.High = microOfFloat(times(hundred, low)), microOfFloat(times(hundred, high))
	return out.within(0, full), nil
}

// effectiveSize is the number of answers from an endless population that would say as much: n(N−1)/(N−n). Of
// the dwellings on the roll, N·valid/answers are taken to have a valid answer to give.
func effectiveSize(s Share) *big.Rat {
	if s.N == 0 {
		return big.NewRat(s.Valid, 1)
	}
	have := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(s.N), big.NewInt(s.Valid)), big.NewInt(s.Answers))
	n := big.NewRat(s.Valid, 1)
	size := new(big.Rat).Sub(have, big.NewRat(1, 1))
	return size.Mul(size, n).Quo(size, have.Sub(have, n))
}

// wilson is Wilson's score interval for the proportion p seen in size answers.
func wilson(p, size *big.Rat) (low, high *big.Float) {
	n, one := floatOf(size), floatInt(1)
	share := floatOf(p)
	z2 := over(times(normalQuantile, normalQuantile), n) // z²/n
	quarter := over(times(z2, z2), floatInt(4))
	inner := plus(times(z2, times(share, minus(one, share))), quarter)
	below, half := plus(one, z2), root(inner)
	centre := plus(share, over(z2, floatInt(2)))
	return over(minus(centre, half), below), over(plus(centre, half), below)
}

// logit is the interval of Student's t on the scale of log-odds, turned back into proportions.
func logit(p *big.Rat, se *big.Float, df int64) (low, high *big.Float) {
	one := floatInt(1)
	share := floatOf(p)
	rest := minus(one, share)
	odds := over(share, rest)
	e := exponential(over(times(studentQuantile(df), se), times(share, rest)))
	up := times(odds, e)
	return over(odds, plus(e, odds)), over(up, plus(one, up))
}

// unit is the vector of n coefficients that picks out item at.
func unit(n, at int) []*big.Rat {
	out := make([]*big.Rat, n)
	for i := range out {
		out[i] = new(big.Rat)
	}
	out[at].SetInt64(1)
	return out
}
