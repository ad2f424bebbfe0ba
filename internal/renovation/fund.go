package renovation

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// FundPath is how maintenance money is asked for (R2.8).
type FundPath string

// The paths.
const (
	Ordinary  FundPath = "ordinary"  // by the owners' decision (Civil Code 278 item 5)
	Emergency FundPath = "emergency" // without a vote, where three parties have seen the danger on site
)

// FundState is where a request is.
type FundState string

// The states. Both paths meet when the work is done.
const (
	FundRequested FundState = "requested"
	FundConsented FundState = "consented" // the owners decided
	FundVerified  FundState = "verified"  // owner, owners' body and firm have seen it on site
	FundDone      FundState = "done"      // the work is done and accounted for
	FundPosted    FundState = "posted"    // settlement and shares are posted
	FundDrawn     FundState = "drawn"     //
	FundWithdrawn FundState = "withdrawn"
)

// FundStep is something that people do to a request.
type FundStep string

// The steps.
const (
	FundStepRequest  FundStep = "request"
	FundStepRevise   FundStep = "revise"
	FundStepDecide   FundStep = "record_decision"
	FundStepVerify   FundStep = "verify"
	FundStepSettle   FundStep = "settle"
	FundStepPost     FundStep = "post"
	FundStepObject   FundStep = "object"
	FundStepAnswer   FundStep = "answer"
	FundStepDraw     FundStep = "draw"
	FundStepWithdraw FundStep = "withdraw"
	FundStepAttach   FundStep = "attach"
)

// fundRow is a step with the states from which it is possible.
type fundRow struct {
	step FundStep
	from []FundState
	only FundPath // empty for both
}

var fundTable = []fundRow{
	{FundStepRevise, []FundState{FundRequested, FundConsented, FundVerified, FundDone}, ""},
	{FundStepDecide, []FundState{FundRequested}, Ordinary},
	{FundStepVerify, []FundState{FundRequested}, Emergency},
	{FundStepSettle, []FundState{FundConsented, FundVerified, FundDone, FundPosted}, ""},
	{FundStepPost, []FundState{FundDone}, ""},
	{FundStepObject, []FundState{FundPosted}, ""},
	{FundStepAnswer, []FundState{FundDone, FundPosted}, ""},
	{FundStepDraw, []FundState{FundPosted}, ""},
	{FundStepWithdraw, []FundState{FundRequested, FundConsented, FundVerified, FundDone, FundPosted}, ""},
	{FundStepAttach, []FundState{FundRequested, FundConsented, FundVerified, FundDone, FundPosted}, ""},
}

// FundSteps lists what is possible with a request.
func (r FundRequest) steps() []FundStep {
	out := []FundStep{}
	for _, row := range fundTable {
		if slices.Contains(row.from, r.State) && (row.only == "" || row.only == r.Path) {
			out = append(out, row.step)
		}
	}
	return out
}

func (r FundRequest) allow(step FundStep) error {
	steps := r.steps()
	if slices.Contains(steps, step) {
		return nil
	}
	names := make([]string, len(steps))
	for i, st := range steps {
		names[i] = string(st)
	}
	return fault.New(fault.Conflict, "fund.step_illegal", "state", string(r.State), "allowed", names)
}

// FundRequest asks for maintenance money for a repair.
type FundRequest struct {
	ID             id.ID         `db:"id" json:"id"`
	ServiceAreaID  id.ID         `db:"service_area_id" json:"serviceAreaId"`
	ScopePath      string        `db:"scope_path" json:"-"`
	ProjectID      *id.ID        `db:"renovation_id" json:"renovationId,omitempty" doc:"The renovation that it is part of"`
	PartsText      string        `db:"parts" json:"-"`
	Path           FundPath      `db:"path" json:"path" enum:"ordinary,emergency"`
	Danger         string        `db:"danger" json:"danger,omitempty" doc:"Of an emergency: a code of the rules"`
	Title          string        `db:"title" json:"title"`
	Why            string        `db:"why" json:"why"`
	FirmID         *id.ID        `db:"firm_org_id" json:"firmId,omitempty" doc:"Who repairs, where it is an organisation of the platform"`
	FirmName       string        `db:"firm_name" json:"firmName"`
	BudgetFen      int64         `db:"budget_fen" json:"budgetFen"`
	SettledFen     *int64        `db:"settled_fen" json:"settledFen,omitempty" doc:"What it cost in the end"`
	State          FundState     `db:"state" json:"state" enum:"requested,consented,verified,done,posted,drawn,withdrawn"`
	ContentHash    blob.Hash     `db:"content_hash" json:"contentHash" doc:"Of what is decided on or verified"`
	DoneOn         *clock.Date   `db:"done_on" json:"doneOn,omitempty"`
	DoneWords      string        `db:"done_words" json:"doneWords,omitempty"`
	PostedOn       *clock.Date   `db:"posted_on" json:"postedOn,omitempty"`
	PostedUntil    *clock.Date   `db:"posted_until" json:"postedUntil,omitempty" doc:"Last day of the posting; the money is drawn after it"`
	Round          int64         `db:"allocation_round" json:"-"`
	DrawnOn        *clock.Date   `db:"drawn_on" json:"drawnOn,omitempty"`
	DrawReference  string        `db:"draw_reference" json:"drawReference,omitempty"`
	RuleHash       rules.Hash    `db:"rule_hash" json:"ruleHash"`
	RequestedBy    *id.ID        `db:"requested_person" json:"-"`
	RequestedOrgID *id.ID        `db:"requested_org" json:"requestedById,omitempty"`
	Changes        int64         `db:"changes" json:"-"`
	CreatedAt      clock.Instant `db:"created_at" json:"createdAt"`
	ChangedAt      clock.Instant `db:"changed_at" json:"changedAt"`
	Version        int64         `db:"version" json:"version"`

	Parts []Part `db:"-" json:"parts" doc:"The buildings or entrances whose owners bear it; empty for the whole service area"`
}

// object is a request as permissions see it.
func (r FundRequest) object(handlers []id.ID) authz.Object {
	orgs := slices.Clone(handlers)
	for _, org := range []*id.ID{r.FirmID, r.RequestedOrgID} {
		if org != nil {
			orgs = append(orgs, *org)
		}
	}
	return authz.Object{Path: r.ScopePath, Orgs: orgs, Open: true}
}

// hash is what a decision or a verification is bound to; a decision has the cost apart, for the overrun rule.
func (r FundRequest) hash() blob.Hash {
	body, err := json.Marshal([]any{"redproperty fund request 1", r.Path, r.Danger, r.Title, r.Why, r.Parts, r.FirmName})
	if err != nil {
		panic(fmt.Sprintf("renovation: fund request: %v", err)) // texts and identifiers always marshal
	}
	return sha256.Sum256(body)
}

// Party is a side that signs.
type Party string

// The parties. Of an emergency the first three see it on site; of an item of a renovation the rest accept it.
const (
	PartyOwner          Party = "owner"          // an owner whose home is affected
	PartyOwnersBody     Party = "owners_body"    // the committee; where there is none, the residents' committee
	PartyFirm           Party = "firm"           // who repairs
	PartySponsor        Party = "sponsor"        // the office that carries a renovation out
	PartyContractor     Party = "contractor"     //
	PartyRepresentative Party = "representative" // of the residents
	PartyUtility        Party = "utility"        // takes a line over
)

// onSite are the parties that verify an emergency.
var onSite = []Party{PartyOwner, PartyOwnersBody, PartyFirm}

// Signature is the word of a natural person for a party.
type Signature struct {
	ID       id.ID         `db:"id" json:"id"`
	Hash     blob.Hash     `db:"subject_hash" json:"subjectHash" doc:"Of what was signed"`
	Party    Party         `db:"party" json:"party" enum:"owner,owners_body,firm,sponsor,contractor,representative,utility"`
	PersonID *id.ID        `db:"person_id" json:"-"`
	OrgID    *id.ID        `db:"org_id" json:"organisationId,omitempty"`
	Role     string        `db:"role" json:"-"`
	Words    string        `db:"words" json:"words,omitempty"`
	Document *blob.Hash    `db:"document" json:"document,omitempty"`
	At       clock.Instant `db:"at" json:"at"`
}
