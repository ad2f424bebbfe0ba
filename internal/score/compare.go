package score

import (
	"math/big"

	"github.com/redproperty/redproperty/internal/fault"
)

// Direction is what a comparison of two rounds says.
type Direction string

// The directions. NoChange is a result: the interval of the difference holds zero.
const (
	Up       Direction = "up"
	Down     Direction = "down"
	NoChange Direction = "no_detectable_change"
	Unknown  Direction = "unknown" // one of the rounds has no figure, or one whose interval cannot be told
)

// Change is the difference of two rounds' estimates of the same thing.
type Change struct {
	Direction  Direction `json:"direction" doc:"What the comparison says" enum:"up,down,no_detectable_change,unknown"`
	Difference *Interval `json:"difference,omitempty" doc:"Later less earlier"`
}

// ChangeOf compares two rounds that were drawn and answered independently. It is computed from the published
// figures, so that every reader can do the same. Where largely the same dwellings answered twice the interval is
// too wide rather than too narrow.
func ChangeOf(earlier, later Estimate) Change {
	if earlier.State != Scored || later.State != Scored {
		return Change{Direction: Unknown}
	}
	a, b := earlier.Interval, later.Interval
	variance := new(big.Int).Add(squared(a.SE), squared(b.SE))
	d := normal(big.NewRat(int64(b.Value-a.Value), int64(One)), microRoot(variance))
	out := Change{Direction: NoChange, Difference: &d}
	switch {
	case earlier.Reason == NoVariation || later.Reason == NoVariation:
		out.Direction = Unknown
	case d.Low > 0:
		out.Direction = Up
	case d.High < 0:
		out.Direction = Down
	}
	return out
}

// Covering is the estimate with an interval that is wider than its own answers make it, as a re-contact may want, and with the
// least standard error from which ± z·SE covers it.
func (e Estimate) Covering(wide Interval) Estimate {
	if e.State != Scored {
		return e
	}
	half := max(e.Interval.Value-wide.Low, wide.High-e.Interval.Value)
	se, accuracy := over(floatInt(int64(half)), normalQuantile).Int64()
	if accuracy == big.Below {
		se++
	}
	wide.Value, wide.SE = e.Interval.Value, max(e.Interval.SE, Micro(se))
	e.Interval = &wide
	return e
}

func squared(m Micro) *big.Int { return new(big.Int).Mul(big.NewInt(int64(m)), big.NewInt(int64(m))) }

// microRoot is the root of a sum of squared millionths, as a plain number.
func microRoot(variance *big.Int) *big.Float {
	return over(root(newFloat().SetInt(variance)), floatInt(int64(One)))
}

// Estate is one estate's part in a combined estimate.
type Estate struct {
	Key       string   `json:"key" doc:"Of the estate"`
	Dwellings int64    `json:"dwellings" doc:"On its roll"`
	Index     Estimate `json:"index" doc:"As published"`
}

// Combined is an estimate over many estates.
type Combined struct {
	Index     Estimate `json:"index" doc:"Weighted by dwellings"`
	Dwellings int64    `json:"dwellings" doc:"Of the estates with a figure"`
	Missing   int64    `json:"missing" doc:"Dwellings of the estates without one, for whom it does not speak"`
	Without   []string `json:"without" doc:"Estates without a figure"`
}

// Combine is the stratified estimate Σ N·index / Σ N over estates that were each surveyed on their own, computed
// from their published figures. Estates without a figure are left out and named. It puts estates together; it
// never ranks them. Fault: score.strata for a roll without dwellings or a key twice.
func Combine(estates []Estate) (Combined, error) {
	out := Combined{Index: Estimate{State: Insufficient, Reason: FewAnswers}, Without: []string{}}
	seen := map[string]bool{}
	var in []Estate
	for _, e := range estates {
		if e.Dwellings < 1 || e.Dwellings > maxDwellings || seen[e.Key] {
			return Combined{}, fault.New(fault.Invalid, "score.strata")
		}
		seen[e.Key] = true
		if e.Index.State != Scored {
			out.Missing += e.Dwellings
			out.Without = append(out.Without, e.Key)
			continue
		}
		out.Dwellings += e.Dwellings
		in = append(in, e)
	}
	if len(in) > 0 {
		out.Index = pooled(in, out.Dwellings)
	}
	return out, nil
}

func pooled(in []Estate, dwellings int64) Estimate {
	value, low, high, variance := new(big.Int), new(big.Int), new(big.Int), new(big.Int)
	e := Estimate{State: Scored}
	for _, s := range in {
		n := big.NewInt(s.Dwellings)
		weigh := func(m Micro) *big.Int { return new(big.Int).Mul(n, big.NewInt(int64(m))) }
		value.Add(value, weigh(s.Index.Interval.Value))
		low.Add(low, weigh(s.Index.Bounds.Low))
		high.Add(high, weigh(s.Index.Bounds.High))
		se := weigh(s.Index.Interval.SE)
		variance.Add(variance, se.Mul(se, se))
		e.Valid += s.Index.Valid
		if s.Index.Reason == NoVariation {
			e.Reason = NoVariation
		}
	}
	all := new(big.Int).Mul(big.NewInt(dwellings), big.NewInt(int64(One)))
	ratio := func(n *big.Int) *big.Rat { return new(big.Rat).SetFrac(n, all) }
	interval := normal(ratio(value), over(microRoot(variance), floatInt(dwellings))).within(0, full)
	e.Interval = &interval
	e.Bounds = &Bounds{Low: microOf(ratio(low)), High: microOf(ratio(high))}
	if interval.SE > 0 {
		e.Reason = ""
	}
	return e
}
