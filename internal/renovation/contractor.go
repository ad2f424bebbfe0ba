package renovation

import (
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// Tender is who was chosen to build, and by what.
type Tender struct {
	ContractorID id.ID      `json:"contractorId" doc:"A contractor of the platform"`
	Reference    string     `json:"reference" minLength:"1" maxLength:"100" doc:"Number of the announced result"`
	On           clock.Date `json:"on" doc:"The day of the result"`
	PriceFen     int64      `json:"priceFen" minimum:"1" maximum:"1000000000000" doc:"Price of the works contract"`
}

// Ending is how a works contract ends before the works are accepted.
type Ending struct {
	On         clock.Date `json:"on" doc:"The day on which it ends"`
	Reason     string     `json:"reason" minLength:"5" maxLength:"1000" doc:"Residents read it"`
	SettledFen int64      `json:"settledFen" minimum:"0" maximum:"1000000000000" doc:"What it costs in the end: what was paid for it and what is still owed, in fen"`
	Document   *blob.Hash `json:"document,omitempty" doc:"Hash of the agreement or the notice that ended it, a document of the project"`
}

// Former is a works contract that ended before the works were accepted. Its work orders pass to the contractor who follows.
type Former struct {
	ID           id.ID         `db:"id" json:"id"`
	ContractorID id.ID         `db:"contractor_org_id" json:"contractorId"`
	Contractor   string        `db:"-" json:"contractor" doc:"Name"`
	Reference    string        `db:"tender_reference" json:"tenderReference"`
	TenderedOn   clock.Date    `db:"tendered_on" json:"tenderedOn"`
	PriceFen     int64         `db:"contract_fen" json:"priceFen" doc:"As it was agreed"`
	EndedOn      clock.Date    `db:"ended_on" json:"endedOn"`
	Reason       string        `db:"reason" json:"reason"`
	SettledFen   int64         `db:"settled_fen" json:"settledFen" doc:"What it costs in the end"`
	Document     *blob.Hash    `db:"document" json:"document,omitempty"`
	At           clock.Instant `db:"at" json:"at"`
}

// committed is what contracts that ended take of the budget: what was settled, or, where the next one begins, all that is paid already
// when that is more.
func committed(former []Former, paidFen int64, vacant bool) int64 {
	settled := int64(0)
	for _, c := range former {
		settled += c.SettledFen
	}
	if vacant {
		return max(settled, paidFen)
	}
	return settled
}
