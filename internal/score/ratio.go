package score

import "math/big"

// part is one stratum of a ratio estimate: its dwellings, its answers, and for each item the sum x and the
// count v of valid values with their cross products. Dwellings zero stand for a population without end.
type part struct {
	n, answers int64
	given      *big.Rat // weight of an answer, where it is not n/answers
	x, v       []int64
	pair       func(j, k int) pair // for j ≤ k
}

// ratios are the estimates of several items at once.
//
// The mean of item j is R = X̂/V̂ with X̂ = Σ (N/n)·x and V̂ = Σ (N/n)·v over the strata: the mean among those
// dwellings of the roll that have a rating to give. A "don't know" lowers V̂ and leaves the mean alone.
type ratios struct {
	parts []part
	mean  []*big.Rat
	base  []*big.Rat // V̂
}

func newRatios(parts []part, items int) ratios {
	r := ratios{parts: parts}
	for j := range items {
		x, v := new(big.Rat), new(big.Rat)
		for _, p := range parts {
			w := p.weight()
			x.Add(x, new(big.Rat).Mul(w, big.NewRat(p.x[j], 1)))
			v.Add(v, new(big.Rat).Mul(w, big.NewRat(p.v[j], 1)))
		}
		mean := new(big.Rat)
		if v.Sign() > 0 {
			mean.Quo(x, v)
		}
		r.mean, r.base = append(r.mean, mean), append(r.base, v)
	}
	return r
}

// weight is how many dwellings an answer stands for.
func (p part) weight() *big.Rat {
	switch {
	case p.given != nil:
		return p.given
	case p.n == 0, p.answers == 0:
		return big.NewRat(1, 1)
	}
	return big.NewRat(p.n, p.answers)
}

// spread is (N/n)²·(1 − n/N)·n/(n − 1), by which the squares of a stratum enter the variance. A stratum that
// answered completely adds none; one answer of several cannot show any spread and is merged before.
func (p part) spread() *big.Rat {
	if p.answers < 2 || p.answers == p.n {
		return new(big.Rat)
	}
	w := p.weight()
	s := new(big.Rat).Mul(w, w)
	s.Mul(s, big.NewRat(p.answers, p.answers-1))
	if p.n > 0 {
		s.Mul(s, big.NewRat(p.n-p.answers, p.n))
	}
	return s
}

// sigma is the covariance matrix of the means, upper triangle, by Taylor linearisation: the residual of an
// answer is u = (x − R·v)/V̂, an answer without the item having u = 0, and the estimate's variance is that
// of the total of u in a stratified sample.
func (r ratios) sigma() [][]*big.Float {
	items := len(r.mean)
	out := make([][]*big.Float, items)
	means, bases := floatsOf(r.mean), floatsOf(r.base)
	for j := range out {
		out[j] = make([]*big.Float, items)
		for k := j; k < items; k++ {
			out[j][k] = newFloat()
		}
	}
	for _, p := range r.parts {
		spread := p.spread()
		if spread.Sign() == 0 {
			continue
		}
		factor, answers := floatOf(spread), floatInt(p.answers)
		total := make([]*big.Float, items) // Σ u·V̂ in the stratum
		for j := range total {
			total[j] = minus(floatInt(p.x[j]), times(means[j], floatInt(p.v[j])))
		}
		for j := range items {
			for k := j; k < items; k++ {
				squares := minus(crossed(p.pair(j, k), means[j], means[k]), over(times(total[j], total[k]), answers))
				out[j][k] = plus(out[j][k], times(factor, squares))
			}
		}
	}
	for j := range items {
		for k := j; k < items; k++ {
			if bases[j].Sign() > 0 && bases[k].Sign() > 0 {
				out[j][k] = over(out[j][k], times(bases[j], bases[k]))
			}
		}
	}
	return out
}

// crossed is Σ (xj − Rj·vj)(xk − Rk·vk).
func crossed(p pair, rj, rk *big.Float) *big.Float {
	sum := minus(floatInt(p.xx), times(rk, floatInt(p.xv)))
	sum = minus(sum, times(rj, floatInt(p.vx)))
	return plus(sum, times(times(rj, rk), floatInt(p.vv)))
}

func floatsOf(rs []*big.Rat) []*big.Float {
	out := make([]*big.Float, len(rs))
	for i, r := range rs {
		out[i] = floatOf(r)
	}
	return out
}

// combine is Σ c·R with its standard error.
func (r ratios) combine(c []*big.Rat, sigma [][]*big.Float) (*big.Rat, *big.Float) {
	value, variance := new(big.Rat), newFloat()
	floats := floatsOf(c)
	for j := range c {
		if c[j].Sign() == 0 {
			continue
		}
		value.Add(value, new(big.Rat).Mul(c[j], r.mean[j]))
		for k := j; k < len(c); k++ {
			term := times(times(floats[j], floats[k]), sigma[j][k])
			if k > j {
				term = plus(term, term)
			}
			variance = plus(variance, term)
		}
	}
	return value, root(variance)
}

// Interval is an estimate with its standard error and its 95 % interval.
type Interval struct {
	Value Micro `json:"value" doc:"The estimate"`
	SE    Micro `json:"standardError" doc:"By linearisation, with finite population correction"`
	Low   Micro `json:"low" doc:"Lower end of the 95 % interval"`
	High  Micro `json:"high" doc:"Upper end of the 95 % interval"`
}

// normal is the interval by the normal distribution.
func normal(value *big.Rat, se *big.Float) Interval { return around(value, se, normalQuantile) }

// around is value ± quantile·se.
func around(value *big.Rat, se, quantile *big.Float) Interval {
	v, half := floatOf(value), times(quantile, se)
	return Interval{Value: microOf(value), SE: microOfFloat(se), Low: microOfFloat(minus(v, half)), High: microOfFloat(plus(v, half))}
}

// within clips the ends of an interval to what can occur.
func (i Interval) within(low, high Micro) Interval {
	i.Low, i.High = clip(i.Low, low, high), clip(i.High, low, high)
	return i
}
