// Package contract keeps property service contracts (Civil Code 937-950) and the arrangement in force in
// each service area: who handles it and who stands for the owners. The platform never ends a contract or
// lets one take effect by itself (R1.8): it computes the dates, reminds, and records what people did.
package contract

import (
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// Kind tells a contract made by the developer before the owners can act from one the owners chose.
type Kind string

// The kinds of contract.
const (
	EarlyStage Kind = "early_stage" // 前期物业服务合同 (CC 939, 940)
	Ordinary   Kind = "ordinary"    // 普通物业服务合同
)

// FeeMethod is how the provider is paid.
type FeeMethod string

// The fee methods.
const (
	LumpSum    FeeMethod = "lump_sum"   // 包干制
	Commission FeeMethod = "commission" // 酬金制
	Trust      FeeMethod = "trust"      // 信托制
)

// State is where a contract is in its life; state.go has the steps between them.
type State string

// The states.
const (
	Draft      State = "draft"
	Signed     State = "signed"
	InForce    State = "in_force"
	Renewed    State = "renewed"    // followed by another contract with the same company
	Indefinite State = "indefinite" // goes on without a term (CC 948)
	Terminated State = "terminated"
	Handover   State = "handover"
	Closed     State = "closed"
)

// Side is a party to a contract.
type Side string

// The sides.
const (
	CompanySide Side = "company"
	OwnersSide  Side = "owners" // the committee; for an early-stage contract the developer
)

// Contract is a property service contract without its terms' lists.
type Contract struct {
	ID            id.ID         `db:"id" json:"id"`
	ServiceAreaID id.ID         `db:"service_area_id" json:"serviceAreaId"`
	ScopePath     string        `db:"scope_path" json:"-"`
	Number        string        `db:"number" json:"number" doc:"As written on the paper"`
	Kind          Kind          `db:"kind" json:"kind" enum:"early_stage,ordinary"`
	CompanyID     id.ID         `db:"company_org_id" json:"companyId" doc:"The property company"`
	OwnersID      *id.ID        `db:"owners_org_id" json:"ownersId,omitempty" doc:"The owners' side: a committee, or the developer of an early-stage contract"`
	FeeMethod     FeeMethod     `db:"fee_method" json:"feeMethod" enum:"lump_sum,commission,trust"`
	StartsOn      clock.Date    `db:"starts_on" json:"startsOn"`
	EndsOn        *clock.Date   `db:"ends_on" json:"endsOn,omitempty" doc:"Last day of the term; absent for a contract without one"`
	State         State         `db:"state" json:"state" enum:"draft,signed,in_force,renewed,indefinite,terminated,handover,closed"`
	TermsVersion  int64         `db:"terms_version" json:"termsVersion" doc:"Grows when the draft is replaced; signatures are for one of them"`
	SignedOn      *clock.Date   `db:"signed_on" json:"signedOn,omitempty"`
	FiledOn       *clock.Date   `db:"filed_on" json:"filedOn,omitempty"`
	FilingNumber  *string       `db:"filing_number" json:"filingNumber,omitempty"`
	InForceOn     *clock.Date   `db:"in_force_on" json:"inForceOn,omitempty" doc:"The day it took effect"`
	EndedOn       *clock.Date   `db:"ended_on" json:"endedOn,omitempty" doc:"The day it ended"`
	EndGround     *Ground       `db:"end_ground" json:"endGround,omitempty" doc:"Why it ended"`
	ClosedOn      *clock.Date   `db:"closed_on" json:"closedOn,omitempty"`
	FollowsID     *id.ID        `db:"follows_id" json:"followsId,omitempty" doc:"The contract that this one took the place of"`
	Imported      bool          `db:"imported" json:"imported" doc:"It was running already when it was entered"`
	CreatedAt     clock.Instant `db:"created_at" json:"createdAt"`
	ChangedAt     clock.Instant `db:"changed_at" json:"changedAt"`
	Version       int64         `db:"version" json:"version" doc:"Send it in If-Match to change the contract"`
}

// Ground is why a contract ended or what a termination rests on.
type Ground string

// The grounds.
const (
	ByNotice     Ground = "notice"     // CC 946-948
	ByAgreement  Ground = "agreement"  // both sides in writing
	ByJudgment   Ground = "judgment"   // a court or an arbitrator
	ByLeaving    Ground = "abandoned"  // the company left without right
	BySuperseded Ground = "superseded" // an early-stage contract when the owners' contract takes effect (CC 940)
	ByRenewal    Ground = "renewal"    // another contract with the same company
	ByWithdrawal Ground = "withdrawn"  // it never took effect
)

// forced tells whether the contract governs its service area.
func (s State) forced() bool { return s == InForce || s == Indefinite }
