package score

import (
	"math"
	"math/big"

	"gonum.org/v1/gonum/stat/distuv"
)

// Square roots and exponentials are taken in software arithmetic of this many bits, about 76 decimals. A
// processor's own floating point may fuse a product and a sum, or not, and so differ in the last digit from
// one machine to another; this does not, and what is published is far from its last digit.
const precision = 256

// normalQuantile is the 97.5 % quantile of the normal distribution; a test holds it against gonum's.
var normalQuantile = mustFloat("1.959963984540054235524594430520551527955550860")

func mustFloat(s string) *big.Float {
	f, _, err := big.ParseFloat(s, 10, precision, big.ToNearestEven)
	if err != nil {
		panic(err)
	}
	return f
}

func newFloat() *big.Float { return new(big.Float).SetPrec(precision) }

func floatOf(r *big.Rat) *big.Float { return newFloat().SetRat(r) }

func floatInt(n int64) *big.Float { return newFloat().SetInt64(n) }

func plus(a, b *big.Float) *big.Float { return newFloat().Add(a, b) }

func minus(a, b *big.Float) *big.Float { return newFloat().Sub(a, b) }

func times(a, b *big.Float) *big.Float { return newFloat().Mul(a, b) }

func over(a, b *big.Float) *big.Float { return newFloat().Quo(a, b) }

// root is the square root; what cancellation left below zero is zero.
func root(a *big.Float) *big.Float {
	if a.Sign() <= 0 {
		return newFloat()
	}
	return newFloat().Sqrt(a)
}

// studentQuantile is the 97.5 % quantile of Student's t, rounded to nine decimals: the digits on which every
// machine agrees. df must be positive.
func studentQuantile(df int64) *big.Float {
	q := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(df)}.Quantile(0.975)
	return floatOf(big.NewRat(int64(math.Round(q*1e9)), 1e9))
}

// exponential is e to the power a: the Taylor series of a small part of a, squared back up. Beyond ±700 it
// answers as for ±700, which no share with six decimals tells from 0 or 100 %.
func exponential(a *big.Float) *big.Float {
	bound := floatInt(700)
	switch {
	case a.Cmp(bound) > 0:
		a = bound
	case a.Cmp(newFloat().Neg(bound)) < 0:
		a = newFloat().Neg(bound)
	}
	const halvings = 20
	small := newFloat().SetMantExp(a, -halvings)
	sum, term := floatInt(1), floatInt(1)
	for k := int64(1); k <= 24; k++ {
		term = over(times(term, small), floatInt(k))
		sum = plus(sum, term)
	}
	for range halvings {
		sum = times(sum, sum)
	}
	return sum
}
