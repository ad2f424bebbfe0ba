package score

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/redproperty/redproperty/internal/fault"
)

// Micro is a published figure: a number with exactly six decimals, held as a whole number of millionths.
// In JSON it is text ("71.250000"), so that no reader turns it into a binary fraction; in a database it is
// an integer column. Figures are rounded once, when they become a Micro, halves away from zero.
type Micro int64

// One is the figure 1.000000.
const One Micro = 1_000_000

// full is 100.000000: the top of an index and the whole in per cent.
const full = 100 * One

// String writes the figure with its six decimals.
func (m Micro) String() string {
	sign, v := "", uint64(m)
	if m < 0 {
		sign, v = "-", -v
	}
	rest := strconv.FormatUint(v%uint64(One), 10)
	return sign + strconv.FormatUint(v/uint64(One), 10) + "." + strings.Repeat("0", 6-len(rest)) + rest
}

// MarshalText is String.
func (m Micro) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what String writes and nothing else. Fault: score.figure.
func (m *Micro) UnmarshalText(text []byte) error {
	v, err := parseMicro(string(text))
	if err != nil {
		return err
	}
	*m = v
	return nil
}

func parseMicro(s string) (Micro, error) {
	whole, rest, found := strings.Cut(s, ".")
	if !found || len(rest) != 6 {
		return 0, fault.New(fault.Invalid, "score.figure")
	}
	v, err := strconv.ParseInt(whole+rest, 10, 64)
	if err != nil || Micro(v).String() != s {
		return 0, fault.New(fault.Invalid, "score.figure")
	}
	return Micro(v), nil
}

// Hundredths cuts the figure to hundredths, towards minus infinity: a score never rises into a band by rounding.
func (m Micro) Hundredths() int64 {
	const step = int64(One) / 100
	v := int64(m) / step
	if int64(m)%step < 0 {
		v--
	}
	return v
}

// microOf rounds an exact number to millionths, halves away from zero.
func microOf(r *big.Rat) Micro {
	n := new(big.Int).Mul(r.Num(), big.NewInt(2*int64(One)))
	negative := n.Sign() < 0
	n.Abs(n).Add(n, r.Denom())
	n.Quo(n, new(big.Int).Mul(r.Denom(), big.NewInt(2)))
	if negative {
		n.Neg(n)
	}
	return Micro(n.Int64())
}

func microOfFloat(f *big.Float) Micro {
	r, _ := f.Rat(nil)
	return microOf(r)
}

// percent is part of whole in per cent; zero of nothing is zero.
func percent(part, whole int64) Micro {
	if whole == 0 {
		return 0
	}
	r := big.NewRat(part, whole)
	return microOf(r.Mul(r, big.NewRat(100, 1)))
}

func clip(m, low, high Micro) Micro { return min(max(m, low), high) }
