package report

import "math/big"

// zSquared is the square of the normal distribution's 97.5 % quantile, 1.959964…, in 1e-15.
var zSquared = big.NewRat(3_841_458_820_694_124, 1_000_000_000_000_000)

// wilson is the 95 % interval of Wilson for x hundredths of n answers, in units of 10^-digits percent, both
// ends rounded half up. It is computed with whole numbers: no result depends on a machine's rounding. n must
// be positive and x within 0 to 100·n.
func wilson(x, n int64, digits int) (low, high *big.Int) {
	num := big.NewRat(x, 100)
	all := big.NewRat(n, 1)
	rest := new(big.Rat).Sub(all, num)
	// centre = x + z²/2; spread² = z²·(x·(n-x)/n + z²/4); both over n + z².
	centre := new(big.Rat).Add(num, half(zSquared))
	inner := new(big.Rat).Quo(new(big.Rat).Mul(num, rest), all)
	inner.Add(inner, half(half(zSquared)))
	square := inner.Mul(inner, zSquared)
	below := new(big.Rat).Add(all, zSquared)

	const guard = 24 // digits of the root beyond those asked for
	scale := power10(digits + 2 + guard)
	root := scaledRoot(square, scale)
	unit := new(big.Rat).SetInt(power10(digits + 2))
	at := func(sign int64) *big.Int {
		s := new(big.Rat).SetFrac(new(big.Int).Mul(root, big.NewInt(sign)), scale)
		v := s.Add(s, centre)
		v.Quo(v.Mul(v, unit), below)
		return roundHalfUp(v)
	}
	return at(-1), at(1)
}

func half(r *big.Rat) *big.Rat { return new(big.Rat).Mul(r, big.NewRat(1, 2)) }

func power10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// scaledRoot is the whole part of scale·√r.
func scaledRoot(r *big.Rat, scale *big.Int) *big.Int {
	n := new(big.Int).Mul(r.Num(), new(big.Int).Mul(scale, scale))
	return n.Sqrt(n.Quo(n, r.Denom()))
}

// roundHalfUp rounds to a whole number; what the cut root left below zero is zero.
func roundHalfUp(r *big.Rat) *big.Int {
	twice := new(big.Int).Mul(r.Num(), big.NewInt(2))
	twice.Add(twice, r.Denom())
	v := twice.Div(twice, new(big.Int).Mul(r.Denom(), big.NewInt(2)))
	if v.Sign() < 0 {
		return new(big.Int)
	}
	return v
}

// points is the difference of two rates in percentage points with two decimals, rounded half up, with its sign.
func points(now, before *OpinionRate) string {
	d := new(big.Rat).Sub(big.NewRat(now.NumeratorHundredths, now.Denominator), big.NewRat(before.NumeratorHundredths, before.Denominator))
	d.Mul(d, big.NewRat(100, 1)) // hundredths of answers are percent; two decimals more
	sign := "+"
	if d.Sign() < 0 {
		sign = "-"
		d.Neg(d)
	}
	return sign + hundredths(roundHalfUp(d).Int64())
}
