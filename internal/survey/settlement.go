package survey

import (
	"context"
	"regexp"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/score"
)

// FeeTerms is what a contract says of the fee.
type FeeTerms struct {
	Bands    []score.FeeBand // empty without a linkage clause
	MonthFen int64           // the fee of a month by the contract's standards and the register, in fen
}

// Contracts knows what contracts say.
type Contracts interface {
	FeeTerms(ctx context.Context, q dbx.Querier, contract, serviceArea id.ID) (FeeTerms, error)
}

// SettlementState is how far a settlement is. Nothing settles by itself (R1.7).
type SettlementState string

// The states of a settlement.
const (
	Proposed         SettlementState = "proposed"
	CompanyConfirmed SettlementState = "company_confirmed"
	OwnersConfirmed  SettlementState = "owners_confirmed"
	Settled          SettlementState = "settled"
	Disputed         SettlementState = "disputed" // for the parties to settle between themselves, or in court
)

// settlementTopics are the topics under which the parties are told that a settlement came into a state.
var settlementTopics = map[SettlementState]string{
	Proposed:         "survey.settlement_proposed",
	CompanyConfirmed: "survey.settlement_company_confirmed",
	OwnersConfirmed:  "survey.settlement_owners_confirmed",
	Settled:          "survey.settlement_settled",
	Disputed:         "survey.settlement_disputed",
}

// Settlement is what the fee linkage of the contract in force at the freezing proposes for a service area.
type Settlement struct {
	ID            id.ID             `db:"id" json:"id"`
	RoundID       id.ID             `db:"round_id" json:"roundId"`
	ServiceAreaID id.ID             `db:"service_area_id" json:"serviceAreaId"`
	ScopePath     string            `db:"scope_path" json:"-"`
	Revision      int64             `db:"revision" json:"revision" doc:"Of the score; a later revision needs a new proposal"`
	ContractID    id.ID             `db:"contract_id" json:"contractId"`
	CompanyID     id.ID             `db:"company_org_id" json:"companyId"`
	OwnersID      id.ID             `db:"owners_org_id" json:"ownersId"`
	State         SettlementState   `db:"state" json:"state" enum:"proposed,company_confirmed,owners_confirmed,settled,disputed"`
	FromMonth     string            `db:"from_month" json:"fromMonth" doc:"First month of the period, as 2026-01"`
	Months        int64             `db:"months" json:"months"`
	MonthFen      int64             `db:"month_fen" json:"monthFen" doc:"The fee of a month by the contract's standards and the register, in fen"`
	ProposalText  string            `db:"proposal" json:"-"`
	Proposal      score.FeeProposal `db:"-" json:"proposal"`
	ProposedBy    id.ID             `db:"proposed_by" json:"-"`
	ProposedRole  string            `db:"proposed_role" json:"-"`
	ProposedAt    clock.Instant     `db:"proposed_at" json:"proposedAt"`
	CompanyBy     *id.ID            `db:"company_by" json:"-"`
	CompanyAt     *clock.Instant    `db:"company_at" json:"companyAt,omitempty" doc:"When the company confirmed"`
	OwnersBy      *id.ID            `db:"owners_by" json:"-"`
	OwnersAt      *clock.Instant    `db:"owners_at" json:"ownersAt,omitempty" doc:"When the owners' side confirmed"`
	DisputedBy    *id.ID            `db:"disputed_by" json:"-"`
	DisputedOrg   *id.ID            `db:"disputed_org" json:"disputedBy,omitempty" doc:"The organisation that disputes it"`
	DisputedAt    *clock.Instant    `db:"disputed_at" json:"disputedAt,omitempty"`
	Dispute       string            `db:"dispute" json:"dispute,omitempty"`
	Version       int64             `db:"version" json:"version"`
}

// confirmed is the state after a side has confirmed; false where it cannot, or has already.
func (c Settlement) confirmed(by Objector) (SettlementState, bool) {
	switch {
	case c.State == Proposed && by == ByCompany:
		return CompanyConfirmed, true
	case c.State == Proposed && by == ByCommittee:
		return OwnersConfirmed, true
	case c.State == CompanyConfirmed && by == ByCommittee, c.State == OwnersConfirmed && by == ByCompany:
		return Settled, true
	}
	return "", false
}

// ended tells whether nothing more can happen to it here.
func (c Settlement) ended() bool { return c.State == Settled || c.State == Disputed }

var monthForm = regexp.MustCompile(`^20[0-9]{2}-(0[1-9]|1[0-2])$`)
