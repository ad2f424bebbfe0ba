package score

import (
	"math"
	"math/big"

	"github.com/redproperty/redproperty/internal/fault"
)

// Band is a half-open band of an index in hundredths: From is in it, Below is not. TopBelow closes the highest.
type Band struct {
	Code  string `json:"code" doc:"Of the band"`
	From  int64  `json:"from" doc:"In hundredths; included"`
	Below int64  `json:"below" doc:"In hundredths; not included; 10001 closes the highest"`
}

// TopBelow is the end of a band that holds the full score of 100.00.
const TopBelow = 10_001

func (b Band) has(hundredths int64) bool { return b.From <= hundredths && hundredths < b.Below }

// checkBands wants bands that follow each other without gap or overlap over all scores.
func checkBands(bands []Band) error {
	next := int64(0)
	for _, b := range bands {
		if b.From != next || b.Below <= b.From {
			return fault.New(fault.Invalid, "score.bands", "next", next)
		}
		next = b.Below
	}
	if next != TopBelow {
		return fault.New(fault.Invalid, "score.bands", "next", next)
	}
	return nil
}

// Verdict says whether an estimate settles a question.
type Verdict string

// The verdicts.
const (
	Determined   Verdict = "determined"
	Undetermined Verdict = "undetermined"
	NoData       Verdict = "insufficient_data"
)

// Tier is the band of an estimate, if its interval leaves only one.
type Tier struct {
	Verdict Verdict  `json:"verdict" doc:"Whether one band wholly contains the interval" enum:"determined,undetermined,insufficient_data"`
	Code    string   `json:"code,omitempty" doc:"The band, when determined"`
	Touched []string `json:"touched" doc:"All bands that the interval reaches"`
	Reason  Reason   `json:"reason,omitempty" doc:"Why there is none, where it is not the interval"`
}

// TierOf finds the band that wholly contains the estimate's interval. Where the interval reaches into another
// band, or shows no spread because all answers were alike, the tier is undetermined. Fault: score.bands.
func TierOf(bands []Band, e Estimate) (Tier, error) {
	if err := checkBands(bands); err != nil {
		return Tier{}, err
	}
	out := Tier{Touched: []string{}}
	if e.State != Scored {
		out.Verdict, out.Reason = NoData, e.Reason
		return out, nil
	}
	low, high := e.Interval.Low.Hundredths(), e.Interval.High.Hundredths()
	for _, b := range bands {
		if b.Below > low && b.From <= high {
			out.Touched = append(out.Touched, b.Code)
		}
	}
	out.Verdict, out.Reason = Undetermined, e.Reason
	if len(out.Touched) == 1 && e.Reason != NoVariation {
		out.Verdict, out.Code = Determined, out.Touched[0]
	}
	return out, nil
}

// FeeBand is a row of a contract's fee linkage: a band of the score and the share of the fee that it earns, in
// hundredths of a per cent.
type FeeBand struct {
	From  int64 `json:"from" doc:"In hundredths; included"`
	Below int64 `json:"below" doc:"In hundredths; not included; 10001 closes the highest"`
	Share int64 `json:"share" doc:"Share of the fee, in hundredths of a per cent"`
}

// FeeProposal is what a fee linkage proposes. It settles nothing: both sides confirm it after the time for
// objections (R1.7). The contract names a band for a score, so the point score chooses it; that the interval
// reaches other bands is told beside it, with what each end would make due, and is for the parties to weigh.
type FeeProposal struct {
	Verdict Verdict `json:"verdict" doc:"Whether the interval lies within the band" enum:"determined,undetermined,insufficient_data"`
	Reason  Reason  `json:"reason,omitempty" doc:"Why not, where it is not the interval"`
	Score   int64   `json:"score" doc:"In hundredths, cut off, never rounded up into a band"`
	Share   int64   `json:"share" doc:"Of the fee, in hundredths of a per cent"`
	BaseFen int64   `json:"baseFen" doc:"The fee of the period, in fen"`
	DueFen  int64   `json:"dueFen" doc:"The share of it that is due, in fen, halves rounded up"`
	LowFen  int64   `json:"lowFen" doc:"Least that is due at any score within the interval"`
	HighFen int64   `json:"highFen" doc:"Most that is due at any score within the interval"`
}

// Fee applies a contract's bands to an estimate. Without data nothing is proposed: Verdict is NoData, and no
// amount is given. Faults: score.bands; score.fee for a negative fee or one beyond computing.
func Fee(bands []FeeBand, e Estimate, baseFen int64) (FeeProposal, error) {
	plain := make([]Band, len(bands))
	for i, b := range bands {
		plain[i] = Band{From: b.From, Below: b.Below}
		if b.Share < 0 || b.Share > 2*WeightSum {
			return FeeProposal{}, fault.New(fault.Invalid, "score.bands", "next", b.From)
		}
	}
	if err := checkBands(plain); err != nil {
		return FeeProposal{}, err
	}
	if baseFen < 0 || baseFen > math.MaxInt64/4 {
		return FeeProposal{}, fault.New(fault.Invalid, "score.fee")
	}
	if e.State != Scored {
		return FeeProposal{Verdict: NoData, Reason: e.Reason, BaseFen: baseFen}, nil
	}
	return propose(bands, plain, e, baseFen), nil
}

func propose(bands []FeeBand, plain []Band, e Estimate, baseFen int64) FeeProposal {
	score, low, high := e.Interval.Value.Hundredths(), e.Interval.Low.Hundredths(), e.Interval.High.Hundredths()
	out := FeeProposal{Verdict: Determined, Score: score, BaseFen: baseFen, LowFen: math.MaxInt64}
	touched := 0
	for i, b := range bands {
		due := shareOf(baseFen, b.Share)
		if plain[i].has(score) {
			out.Share, out.DueFen = b.Share, due
		}
		if b.Below > low && b.From <= high {
			out.LowFen, out.HighFen = min(out.LowFen, due), max(out.HighFen, due)
			touched++
		}
	}
	if touched > 1 || e.Reason == NoVariation {
		out.Verdict, out.Reason = Undetermined, e.Reason
	}
	return out
}

// shareOf is share hundredths of a per cent of an amount in fen, halves rounded up.
func shareOf(amount, share int64) int64 {
	n := new(big.Int).Mul(big.NewInt(amount), big.NewInt(share))
	n.Add(n, big.NewInt(WeightSum/2))
	return n.Quo(n, big.NewInt(WeightSum)).Int64()
}
