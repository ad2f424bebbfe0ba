// Package survey keeps satisfaction surveys whose scores are evidence: questionnaires that freeze, rounds over the
// dwellings of service areas, a roll that the community reconciles, one ballot for each dwelling that nobody can trace to
// it (package ballot), a public ledger, and scores that anybody can recompute (package score).
package survey

import (
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// State is where a round is in its life.
type State string

// The states of a round, in their order; cancelled is an end before opening.
const (
	Draft     State = "draft"     // service areas, questionnaire and dates can still change
	Frozen    State = "frozen"    // the roll is fixed; the parties reveal what they pledged for the draw
	Open      State = "open"      // ballots are drawn and cast
	Closing   State = "closing"   // no ballot is taken any more; the responses enter the ledger
	Closed    State = "closed"    // every counted response is in the ledger
	Scored    State = "scored"    // computed, seen by the parties
	Published State = "published" // seen by everybody
	Revised   State = "revised"   // published again with a reason
	Cancelled State = "cancelled"
)

// Method is who is asked.
type Method string

// The methods.
const (
	Census Method = "census" // every dwelling
	Sample Method = "sample" // dwellings drawn by a seed that nobody could choose (R1.6)
)

// Round is one survey over one or many service areas.
type Round struct {
	ID          id.ID          `db:"id" json:"id"`
	FormID      id.ID          `db:"form_id" json:"formId" doc:"The questionnaire, in the version that was published"`
	AuthorID    id.ID          `db:"author_org_id" json:"authorId" doc:"The organisation that holds the survey"`
	AuthorRole  string         `db:"author_role" json:"-"`
	ScopePath   string         `db:"scope_path" json:"-"`
	Title       string         `db:"title" json:"title"`
	State       State          `db:"state" json:"state" enum:"draft,frozen,open,closing,closed,scored,published,revised,cancelled"`
	Method      Method         `db:"method" json:"method" enum:"census,sample"`
	Margin      *int64         `db:"margin_bp" json:"marginBp,omitempty" doc:"Planned half width of the 95 % interval of a share, in 1/100 of a percentage point; of a sample"`
	Response    *int64         `db:"response_percent" json:"responsePercent,omitempty" doc:"Of a hundred dwellings asked, how many are expected to answer: so many more are asked than the margin needs answers; of a sample"`
	OpensAt     clock.Instant  `db:"opens_at" json:"opensAt"`
	ClosesAt    clock.Instant  `db:"closes_at" json:"closesAt"`
	RuleHash    rules.Hash     `db:"rule_hash" json:"ruleHash" doc:"The survey rules in force when the round was made"`
	ReceiptKey  []byte         `db:"receipt_key" json:"receiptKey,omitempty" doc:"Ed25519 public key of the receipts, base64"`
	RollHash    []byte         `db:"roll_hash" json:"rollHash,omitempty" doc:"Hash of the frozen roll, base64"`
	FrozenAt    *clock.Instant `db:"frozen_at" json:"frozenAt,omitempty"`
	RevealUntil *clock.Instant `db:"reveal_until" json:"revealUntil,omitempty" doc:"Until when the parties reveal what they pledged for the draw"`
	Seed        []byte         `db:"seed" json:"seed,omitempty" doc:"Seed of the draw, base64; of a sample"`
	OpenedAt    *clock.Instant `db:"opened_at" json:"openedAt,omitempty"`
	ClosedAt    *clock.Instant `db:"closed_at" json:"closedAt,omitempty"`
	ScoredAt    *clock.Instant `db:"scored_at" json:"scoredAt,omitempty"`
	PublishedAt *clock.Instant `db:"published_at" json:"publishedAt,omitempty"`
	Revision    int64          `db:"revision" json:"revision" doc:"0 until it is scored"`
	CreatedAt   clock.Instant  `db:"created_at" json:"createdAt"`
	ChangedAt   clock.Instant  `db:"changed_at" json:"changedAt"`
	Version     int64          `db:"version" json:"version"`
}

// Step is what moves a round.
type Step string

// The steps.
const (
	StepCreate  Step = "create"
	StepEdit    Step = "edit"
	StepRoll    Step = "reconcile"
	StepPledge  Step = "pledge"
	StepFreeze  Step = "freeze"
	StepReveal  Step = "reveal"
	StepOpen    Step = "open"
	StepClose   Step = "close"
	StepCount   Step = "count" // every response is in the ledger
	StepScore   Step = "score"
	StepPublish Step = "publish"
	StepRevise  Step = "revise"
	StepCancel  Step = "cancel"
)

// steps is the whole of what can happen to a round: from which states to which.
var steps = map[Step]struct {
	from []State
	to   State // empty: the state stays
}{
	StepEdit:    {from: []State{Draft}},
	StepRoll:    {from: []State{Draft}},
	StepPledge:  {from: []State{Draft}},
	StepFreeze:  {from: []State{Draft}, to: Frozen},
	StepReveal:  {from: []State{Frozen}},
	StepOpen:    {from: []State{Frozen}, to: Open},
	StepClose:   {from: []State{Open}, to: Closing},
	StepCount:   {from: []State{Closing}, to: Closed},
	StepScore:   {from: []State{Closed}, to: Scored},
	StepPublish: {from: []State{Scored}, to: Published},
	StepRevise:  {from: []State{Published, Revised}, to: Revised},
	StepCancel:  {from: []State{Draft, Frozen}, to: Cancelled},
}

// can tells whether a step is possible in a state.
func (s State) can(step Step) bool { return slices.Contains(steps[step].from, s) }

// after is the state that a step leads to.
func (s State) after(step Step) State {
	if to := steps[step].to; to != "" {
		return to
	}
	return s
}

// Over tells whether the ballots are counted, so that who is rated may see results (R6.5).
func (s State) Over() bool {
	return s == Scored || s.Public()
}

// Public tells whether everybody may see results.
func (s State) Public() bool { return s == Published || s == Revised }

// Project is a service area in a round: the company, its contract and the owners' side as they were when the roll was
// frozen. It is the project that is rated, not the company (R1.1).
type Project struct {
	RoundID        id.ID          `db:"round_id" json:"-"`
	ServiceAreaID  id.ID          `db:"service_area_id" json:"serviceAreaId"`
	ScopePath      string         `db:"scope_path" json:"-"`
	Name           string         `db:"name" json:"name"`
	CompanyID      *id.ID         `db:"company_org_id" json:"companyId,omitempty" doc:"Who is rated"`
	ContractID     *id.ID         `db:"contract_id" json:"contractId,omitempty"`
	OwnersID       *id.ID         `db:"owners_org_id" json:"ownersId,omitempty" doc:"Who stands for the owners"`
	Dwellings      int64          `db:"dwellings" json:"dwellings" doc:"On the roll; 0 until it is frozen"`
	LeftOut        int64          `db:"left_out" json:"leftOut" doc:"Dwellings whose only known adults hold posts in the rated company"`
	Sampled        int64          `db:"sampled" json:"sampled" doc:"Drawn into the sample; all of them in a census"`
	ReconciledAt   *clock.Instant `db:"reconciled_at" json:"reconciledAt,omitempty" doc:"When the community confirmed the roll"`
	ReconciledBy   *id.ID         `db:"reconciled_by" json:"-"`
	ReconciledRole string         `db:"reconciled_role" json:"-"`
}

// Stratum is a group of dwellings with a signing key of its own, too large to single anyone out.
type Stratum struct {
	ID            id.ID          `db:"id" json:"id"`
	RoundID       id.ID          `db:"round_id" json:"-"`
	ServiceAreaID id.ID          `db:"service_area_id" json:"serviceAreaId"`
	No            int64          `db:"no" json:"no"`
	Name          string         `db:"name" json:"name"`
	Dwellings     int64          `db:"dwellings" json:"dwellings"`
	Sampled       int64          `db:"sampled" json:"sampled"`
	KeyID         []byte         `db:"key_id" json:"keyId,omitempty" doc:"SHA-256 of the public key, base64"`
	PublicKey     []byte         `db:"public_key" json:"publicKey,omitempty" doc:"SubjectPublicKeyInfo, base64"`
	KeySealed     []byte         `db:"key_sealed" json:"-"`
	DestroyedAt   *clock.Instant `db:"destroyed_at" json:"keyDestroyedAt,omitempty"`
}

// object is a project of a round as permissions see it: of its place, and of the organisations that it is about. Those who
// live there see it once the roll is frozen.
func (r Round) object(p Project) authz.Object {
	o := authz.Object{Path: p.ScopePath, Orgs: []id.ID{r.AuthorID}, Open: r.State != Draft && r.State != Cancelled}
	for _, org := range []*id.ID{p.CompanyID, p.OwnersID} {
		if org != nil {
			o.Orgs = append(o.Orgs, *org)
		}
	}
	return o
}
