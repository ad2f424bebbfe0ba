package score

import (
	"math/big"

	"github.com/redproperty/redproperty/internal/fault"
)

// Size is how many answers a margin needs.
type Size struct {
	Dwellings int64 `json:"dwellings" doc:"On the roll"`
	Margin    int64 `json:"margin" doc:"Either way, in hundredths of a percentage point"`
	Exact     Micro `json:"exact" doc:"What the formula gives"`
	Needed    int64 `json:"needed" doc:"The next whole number: fewer would miss the margin"`
}

// SampleSize is the number of answers with which a share of 50 %, the least certain one, is known within
// ± margin hundredths of a percentage point in 95 of 100 draws: n₀ = z²/4e², n = n₀N/(N + n₀ − 1), rounded up.
// Fault: score.margin for no dwellings, or a margin outside 1 to 5000.
func SampleSize(dwellings, margin int64) (Size, error) {
	if dwellings < 1 || dwellings > maxDwellings || margin < 1 || margin > 5_000 {
		return Size{}, fault.New(fault.Invalid, "score.margin", "from", 1, "to", 5_000)
	}
	e := floatOf(big.NewRat(margin, 10_000))
	endless := over(times(normalQuantile, normalQuantile), times(floatInt(4), times(e, e)))
	n := floatInt(dwellings)
	exact := over(times(endless, n), minus(plus(n, endless), floatInt(1)))
	needed, accuracy := exact.Int64()
	if accuracy == big.Below {
		needed++
	}
	return Size{Dwellings: dwellings, Margin: margin, Exact: microOfFloat(exact), Needed: needed}, nil
}

// MarginOf is the margin in percentage points that a number of answers gives, the inverse of SampleSize.
// Fault: score.margin unless 1 ≤ answers ≤ dwellings.
func MarginOf(dwellings, answers int64) (Micro, error) {
	if answers < 1 || answers > dwellings || dwellings > maxDwellings {
		return 0, fault.New(fault.Invalid, "score.margin", "from", 1, "to", 5_000)
	}
	if answers == dwellings {
		return 0, nil
	}
	n, all := floatInt(answers), floatInt(dwellings)
	variance := over(minus(all, n), times(times(floatInt(4), n), minus(all, floatInt(1))))
	return microOfFloat(times(floatInt(100), times(normalQuantile, root(variance)))), nil
}

// Asked is how many dwellings must be drawn for so many answers when response ten-thousandths of them answer;
// never more than there are.
func Asked(needed, dwellings, response int64) int64 {
	if response < 1 {
		return dwellings
	}
	return min(ceilShare(needed, WeightSum, response), dwellings)
}

// leastOfStratum is how many dwellings of a stratum are drawn at least, so that it has a variance.
const leastOfStratum = 2

// Draws is how many dwellings of each stratum of one service area are drawn so that a margin can be expected: as many as give the
// answers that it needs (SampleSize) when response of a hundred answer, shared in proportion, at least two of each.
// Fault: score.margin, also for a response outside 1 to 100.
func Draws(dwellings []int64, marginBp, response int64) ([]int64, error) {
	var all int64
	for _, d := range dwellings {
		all += d
	}
	need, err := SampleSize(all, marginBp)
	if err != nil {
		return nil, err
	}
	if response < 1 || response > 100 {
		return nil, fault.New(fault.Invalid, "score.margin", "from", 1, "to", 5_000)
	}
	return Allocate(dwellings, Asked(need.Needed, all, 100*response), leastOfStratum), nil
}

// ceilShare is amount × part / whole, rounded up.
func ceilShare(amount, part, whole int64) int64 {
	n := new(big.Int).Mul(big.NewInt(amount), big.NewInt(part))
	n.Add(n, big.NewInt(whole-1))
	return n.Quo(n, big.NewInt(whole)).Int64()
}

// Allocate shares n answers among strata in proportion to their dwellings, by largest remainders (the first of
// equals), with at least least, or all its dwellings, in each. It may therefore give more than n in all.
func Allocate(dwellings []int64, n, least int64) []int64 {
	total := int64(0)
	for _, d := range dwellings {
		total += d
	}
	out := make([]int64, len(dwellings))
	if total == 0 {
		return out
	}
	n = min(n, total)
	rest := make([]*big.Int, len(dwellings))
	left := n
	for i, d := range dwellings {
		product := new(big.Int).Mul(big.NewInt(d), big.NewInt(n))
		q, r := product.QuoRem(product, big.NewInt(total), new(big.Int))
		out[i], rest[i] = q.Int64(), r
		left -= out[i]
	}
	for ; left > 0; left-- {
		at := 0
		for i := range rest {
			if rest[i].Cmp(rest[at]) > 0 {
				at = i
			}
		}
		out[at]++
		rest[at] = big.NewInt(-1)
	}
	for i, d := range dwellings {
		out[i] = max(out[i], min(least, d))
	}
	return out
}
