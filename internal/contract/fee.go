package contract

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/redproperty/redproperty/internal/fault"
)

// Charge is what a fee standard counts.
type Charge string

// The ways to charge.
const (
	PerArea Charge = "area_month" // fen per m² and month
	PerUnit Charge = "unit_month" // fen per unit and month: a parking space
)

// Fee is the fee standard for one kind of unit.
type Fee struct {
	UnitKind string `db:"unit_kind" json:"unitKind" enum:"residential,commercial,parking,other"`
	Fen      int64  `db:"fen" json:"fen" minimum:"0" maximum:"10000000" doc:"Price in fen"`
	Per      Charge `db:"charged_per" json:"per" enum:"area_month,unit_month" doc:"Per m² and month, or per unit and month"`
	Basis    string `db:"basis" json:"basis,omitempty" maxLength:"200" doc:"What the price rests on: a price document, the owners' decision"`
}

// Scores and shares of a fee linkage are in hundredths: 9050 is a score of 90.50, a share of 90.50 %.
const (
	fullScore = 10_000
	fullShare = 10_000
)

// Band is one row of a fee linkage (R1.7): scores from From up to but without Below earn Share of the fee.
type Band struct {
	From  int64 `db:"from_score" json:"from" minimum:"0" maximum:"10000" doc:"Lowest score of the band, in hundredths; included"`
	Below int64 `db:"below_score" json:"below" minimum:"1" maximum:"10001" doc:"First score above the band, in hundredths; 10001 closes the top band over 100.00"`
	Share int64 `db:"share_bp" json:"share" minimum:"0" maximum:"20000" doc:"Share of the fee that is due, in hundredths of a per cent"`
}

// checkBands wants half-open bands that follow each other without gap or overlap over all scores.
func checkBands(c *fault.Collect, bands []Band) {
	next := int64(0)
	for i, b := range bands {
		if b.From != next || b.Below <= b.From || b.Below > fullScore+1 || b.Share < 0 || b.Share > 2*fullShare {
			c.Add(fmt.Sprintf("body.bands[%d]", i), "contract.bands", "next", next)
			return
		}
		next = b.Below
	}
	if len(bands) > 0 && next != fullScore+1 {
		c.Add("body.bands", "contract.bands", "next", next)
	}
}

// Proposal is what a fee linkage proposes. Nothing is settled by it: both parties confirm, and may object.
type Proposal struct {
	Score     int64 `json:"score" doc:"The assessment's result, in hundredths"`
	Band      Band  `json:"band"`
	BaseFen   int64 `json:"baseFen" doc:"The fee of the period, in fen"`
	DueFen    int64 `json:"dueFen" doc:"The share of it that is due, in fen, halves rounded up"`
	ChangeFen int64 `json:"changeFen" doc:"dueFen less baseFen"`
	NeedsBoth bool  `json:"needsBoth" doc:"Always true: a proposal that both parties must confirm"`
	Version   int64 `json:"contractVersion" doc:"Version of the contract it was computed from"`
}

// Propose computes the settlement for a score by the bands of the contract. Faults: input.invalid
// (contract.score, contract.base_fee).
func Propose(bands []Band, score, baseFen int64) (Proposal, error) {
	if score < 0 || score > fullScore {
		return Proposal{}, fault.InvalidField("query.score", "contract.score")
	}
	if baseFen < 0 || baseFen > math.MaxInt64/4 {
		return Proposal{}, fault.InvalidField("query.baseFen", "contract.base_fee")
	}
	for _, b := range bands {
		if score >= b.From && score < b.Below {
			due := shareOf(baseFen, b.Share)
			return Proposal{Score: score, Band: b, BaseFen: baseFen, DueFen: due, ChangeFen: due - baseFen, NeedsBoth: true}, nil
		}
	}
	return Proposal{}, noLinkage()
}

// shareOf is amount × share / fullShare with halves rounded up, in 128 bits so that no product overflows.
func shareOf(amount, share int64) int64 {
	hi, lo := bits.Mul64(uint64(amount), uint64(share))
	lo, carry := bits.Add64(lo, fullShare/2, 0)
	quotient, _ := bits.Div64(hi+carry, lo, fullShare)
	return int64(quotient)
}

func noLinkage() error { return fault.New(fault.Conflict, "contract.no_fee_linkage") }
