// Package workorder is 报事报修: what residents, front desks, inspectors and hotlines report, who is to put it
// right, by when, and how it was closed. The rules are in this package's tables and pure functions: state.go
// says which step is possible when and for whom, clock.go by when, view.go who sees what. Every change of an
// order appends an event from which any past day can be rebuilt (facts.go).
package workorder

import (
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// State is where an order stands (R3.3).
type State string

// The states.
const (
	Reported   State = "reported"
	Accepted   State = "accepted"    // 立案
	Declined   State = "declined"    // not accepted: a reason and the right channel were given
	Dispatched State = "dispatched"  // in the hands of a team or a person
	InProgress State = "in_progress" // somebody is on site
	Resolved   State = "resolved"    // the handler says it is done
	Verified   State = "verified"    // somebody else looked and agrees
	Closed     State = "closed"
	Returned   State = "returned"  // 退单: the handler objects, the community or the street office decides
	Deferred   State = "deferred"  // 挂账: approved, with a plan and a review date
	Duplicate  State = "duplicate" // of another order, which its reporter follows
	Cancelled  State = "cancelled" // withdrawn by the reporter before dispatch
)

// States lists all states in the order of an order's life, side states last.
func States() []State {
	return []State{Reported, Accepted, Dispatched, InProgress, Resolved, Verified, Closed, Declined, Returned, Deferred, Duplicate, Cancelled}
}

// Waiting is whose move is next; lists of "waiting for me" walk along it.
type Waiting string

// The ones who can be waited for.
const (
	ForHandler  Waiting = "handler"  // the organisation that has the order
	ForAssignee Waiting = "assignee" // the person it is assigned to
	ForResident Waiting = "resident" // the reporter: an answer, or to be at home
	ForArea     Waiting = "area"     // the community or the street office
	ForNobody   Waiting = "none"     // it is over
)

// Source is how an order came in.
type Source string

// The sources.
const (
	FromResident   Source = "resident"
	FromDesk       Source = "desk"       // taken down for a caller without account
	FromInspection Source = "inspection" // found by staff
	FromHotline    Source = "hotline"    // 12345, with a number and a deadline of its own
	FromImport     Source = "import"
)

// ReporterKind says who stands behind a report, without saying who.
type ReporterKind string

// The kinds of reporter.
const (
	ByAccount   ReporterKind = "account"   // a resident with an account
	ByCaller    ReporterKind = "caller"    // somebody without an account, known at most by name and phone
	Anonymously ReporterKind = "anonymous" // nobody: only a follow token exists
	ByStaff     ReporterKind = "staff"     // an inspection
)

// How an order came into its handler's hands.
const (
	ViaArrangement = "arrangement" // by the arrangement in force in the service area
	ViaDesignation = "designated"  // named by the community or the street office; cannot be declined
	ViaCommunity   = "community"   // kept by the community: no handler, or it must not see it
)

// What an order needs to be closed.
const (
	ClosesOnAnswer       = "answer"       // the reporter is asked; no answer closes it as unanswered
	ClosesOnVerification = "verification" // nobody can be asked, so somebody independent must look
)

// How an order was closed (R4.4).
const (
	ClosedConfirmed  = "confirmed"
	ClosedVerified   = "verified"
	ClosedUnanswered = "unanswered" // counts as unrated, never as satisfied
	ClosedImported   = "imported"
)

// Where an order's times come from.
const (
	Promised  = "promised"  // the contract's table
	Reference = "reference" // 参考时限 of the category
)

// Place is where a service area lies. Prefix opens the numbers of orders there: one to eight capital
// letters, by custom the pinyin initials of the street ("NH").
type Place struct {
	ServiceAreaID, EstateID, CommunityID, StreetID id.ID
	Path                                           string // scope path of the service area
	Name                                           string // as people say it: estate and phase
	Prefix                                         string
}

// UnitPlace is where a dwelling lies.
type UnitPlace struct {
	Place
	UnitID      id.ID
	Building    string // 1号楼
	Address     string // 1号楼 2单元 301
	HouseholdID id.ID  // the present one; zero when there is none
}

// PublicPlace is where a public area lies.
type PublicPlace struct {
	Place
	PublicAreaID id.ID
	Area         string
}

// Promise is what the contract in force promises for a category and severity, in minutes; zero is no limit.
type Promise struct {
	ContractID                               id.ID
	AcceptMin, ArriveMin, ControlMin, FixMin int64
	Working                                  bool // counted in working time
}

// Facts is what is known of an order, except what ties it to persons (reporter, household, dwelling) or is
// free text. It is exactly what events record: the first sets all of it, each later one what it changed.
type Facts struct {
	Number         string               `db:"number" json:"number"`
	ServiceAreaID  id.ID                `db:"service_area_id" json:"service_area_id"`
	EstateID       id.ID                `db:"estate_id" json:"estate_id"`
	CommunityID    *id.ID               `db:"community_id" json:"community_id"` // nil when the community itself is complained of
	StreetID       id.ID                `db:"street_id" json:"street_id"`
	ScopePath      string               `db:"scope_path" json:"scope_path"`
	PublicAreaID   *id.ID               `db:"public_area_id" json:"public_area_id"`
	ReporterKind   ReporterKind         `db:"reporter_kind" json:"reporter_kind"`
	Category       string               `db:"category" json:"category"`
	IdentityRule   rules.Identity       `db:"identity_rule" json:"identity_rule"`
	PartyOrgID     *id.ID               `db:"party_org_id" json:"party_org_id"` // whom a conduct case is about; never its handler
	Source         Source               `db:"source" json:"source"`
	ExternalNumber *string              `db:"external_number" json:"external_number"`
	ExternalDueAt  *clock.Instant       `db:"external_due_at" json:"external_due_at"`
	RepeatOf       *id.ID               `db:"repeat_of" json:"repeat_of"`
	RuleHash       rules.Hash           `db:"rule_hash" json:"rule_hash"`         // of workorder.yaml
	CategoryHash   rules.Hash           `db:"category_hash" json:"category_hash"` // of categories.yaml
	ReportedAt     clock.Instant        `db:"reported_at" json:"reported_at"`
	Severity       rules.Severity       `db:"severity" json:"severity"`
	State          State                `db:"state" json:"state"`
	PriorState     State                `db:"prior_state" json:"prior_state"` // where a dismissed objection goes back to
	Waiting        Waiting              `db:"waiting" json:"waiting"`
	HandlerOrgID   *id.ID               `db:"handler_org_id" json:"handler_org_id"` // nil: in the community's hands
	HandledVia     string               `db:"handled_via" json:"handled_via"`
	HandedAt       clock.Instant        `db:"handed_at" json:"handed_at"` // when it came to this handler: the accept clock's start
	AssigneeID     *id.ID               `db:"assignee_person_id" json:"assignee_person_id"`
	Subcontractor  string               `db:"subcontractor" json:"subcontractor"`
	Closing        string               `db:"closing" json:"closing"`
	SLASource      string               `db:"sla_source" json:"sla_source"`
	SLAMode        Mode                 `db:"sla_mode" json:"sla_mode"`
	SLAContractID  *id.ID               `db:"sla_contract_id" json:"sla_contract_id"`
	AcceptMin      int64                `db:"accept_min" json:"accept_min"` // minutes of the mode; 0 is no limit
	ArriveMin      int64                `db:"arrive_min" json:"arrive_min"`
	ControlMin     int64                `db:"control_min" json:"control_min"`
	FixMin         int64                `db:"fix_min" json:"fix_min"`
	ExtensionMin   int64                `db:"extension_min" json:"extension_min"`
	Extended       bool                 `db:"extended" json:"extended"`
	ClockRound     int64                `db:"clock_round" json:"clock_round"` // counts the starts of the clock
	ClockStart     *clock.Instant       `db:"clock_start" json:"clock_start"`
	PausedAt       *clock.Instant       `db:"paused_at" json:"paused_at"`
	AcceptDueAt    *clock.Instant       `db:"accept_due_at" json:"accept_due_at"`
	ArriveDueAt    *clock.Instant       `db:"arrive_due_at" json:"arrive_due_at"`
	ControlDueAt   *clock.Instant       `db:"control_due_at" json:"control_due_at"`
	FixDueAt       *clock.Instant       `db:"fix_due_at" json:"fix_due_at"`
	DueAt          *clock.Instant       `db:"due_at" json:"due_at"` // of what is due next; nil while no clock runs
	DueStage       Stage                `db:"due_stage" json:"due_stage"`
	DueProvisional bool                 `db:"due_provisional" json:"due_provisional"` // leans on an unpublished holiday notice
	AcceptedAt     *clock.Instant       `db:"accepted_at" json:"accepted_at"`
	DispatchedAt   *clock.Instant       `db:"dispatched_at" json:"dispatched_at"`
	ArrivedAt      *clock.Instant       `db:"arrived_at" json:"arrived_at"`
	ControlledAt   *clock.Instant       `db:"controlled_at" json:"controlled_at"`
	ResolvedAt     *clock.Instant       `db:"resolved_at" json:"resolved_at"`
	VerifiedAt     *clock.Instant       `db:"verified_at" json:"verified_at"`
	ClosedAt       *clock.Instant       `db:"closed_at" json:"closed_at"`
	ClosedAs       string               `db:"closed_as" json:"closed_as"`
	ClosureNo      int64                `db:"closure_no" json:"closure_no"` // counts the closures; ratings belong to one of them
	ReopenCount    int64                `db:"reopen_count" json:"reopen_count"`
	ObjectionCount int64                `db:"objection_count" json:"objection_count"`
	Pending        string               `db:"pending" json:"pending"` // kind of the proposal that waits for a decision
	ReviewOn       *clock.Date          `db:"review_on" json:"review_on"`
	DeclineReason  string               `db:"decline_reason" json:"decline_reason"`
	DeclineChannel rules.Responsibility `db:"decline_channel" json:"decline_channel"`
	DuplicateOf    *id.ID               `db:"duplicate_of" json:"duplicate_of"`
	Followers      int64                `db:"followers" json:"followers"`
	AnswerAt       *clock.Instant       `db:"answer_at" json:"answer_at"` // when the reporter is reminded, then when it closes without an answer
	Reminded       bool                 `db:"reminded" json:"reminded"`
}

// Order is a stored order.
type Order struct {
	ID            id.ID          `db:"id"`
	UnitID        *id.ID         `db:"unit_id"`
	PlaceText     string         `db:"place_text"`   // as the reporter gave it
	PlaceCoarse   string         `db:"place_coarse"` // without the dwelling
	HouseholdID   *id.ID         `db:"household_id"` // the reporter's, which rates it; not the place
	ReporterID    *id.ID         `db:"reporter_person_id"`
	ContactOptOut bool           `db:"contact_opt_out"`
	Title         string         `db:"title"`
	Description   string         `db:"description"`
	Version       int64          `db:"version"`
	UpdatedAt     clock.Instant  `db:"updated_at"`
	ForgottenAt   *clock.Instant `db:"forgotten_at"` // words, names and photos were cleared: their time of keeping is over
	Facts

	followers []follower // loaded with a single order: they count as its reporters
	workers   []id.ID    // the natural persons who have worked on it
}

// Open tells whether something is still to be done.
func (f Facts) Open() bool { return f.Waiting != ForNobody }

// Overdue tells whether the limit of what is due next has passed.
func (f Facts) Overdue(now clock.Instant) bool { return f.DueAt != nil && *f.DueAt <= now }

// waiting derives whose move it is.
func (f Facts) waiting() Waiting {
	handler := ForHandler
	if f.HandlerOrgID == nil {
		handler = ForArea
	}
	switch f.State {
	case Reported, Accepted:
		return handler
	case Dispatched, InProgress:
		return f.waitingAtWork(handler)
	case Deferred:
		return handler
	case Returned:
		return ForArea
	case Resolved, Verified:
		if f.Closing == ClosesOnVerification {
			return ForArea
		}
		return ForResident
	}
	return ForNobody
}

func (f Facts) waitingAtWork(handler Waiting) Waiting {
	switch {
	case f.Pending != "":
		return ForArea
	case f.PausedAt != nil:
		return ForResident
	case f.AssigneeID != nil:
		return ForAssignee
	}
	return handler
}

// object ties the order to roles: whoever matches it may see the order (R6.6). A conduct case is tied to
// no organisation, and one about the community lies, by its scope path, in the street's hands alone.
func (o *Order) object() authz.Object {
	obj := authz.Object{Path: o.ScopePath, Household: id.OrNil(o.HouseholdID), At: o.ReportedAt, Persons: o.reporters()}
	if o.HandlerOrgID != nil && o.IdentityRule != rules.ConductCase {
		obj.Orgs = []id.ID{*o.HandlerOrgID}
	}
	return obj
}

// seenBy tells whether p may see the order; NotFound otherwise. A conduct case is kept from whoever has a post in
// the body complained of, whatever other post would show it to them, unless they reported it (R6.6): persons are compared, not capacities.
func (o *Order) seenBy(p authz.Principal) error {
	if o.isAbout(p) {
		return authz.Require(p, authz.OrderRead, o.tied(reporter))
	}
	return authz.Require(p, authz.OrderRead, o.object())
}

// isAbout tells whether the order is a conduct case about a body in which p has a post.
func (o *Order) isAbout(p authz.Principal) bool {
	return o.IdentityRule == rules.ConductCase && o.PartyOrgID != nil && holdsPostIn(p, *o.PartyOrgID)
}

// isReporter tells whether p reported the order in their own name.
func (o *Order) isReporter(p authz.Principal) bool {
	return o.ReporterID != nil && *o.ReporterID == p.Person
}

// reporters are the persons whose order it is: who reported it, or a duplicate of it.
func (o *Order) reporters() []id.ID {
	var out []id.ID
	if o.ReporterID != nil {
		out = append(out, *o.ReporterID)
	}
	for _, f := range o.followers {
		if f.PersonID != nil {
			out = append(out, *f.PersonID)
		}
	}
	return out
}

// follower is the reporter of a duplicate.
type follower struct {
	FromOrderID id.ID         `db:"from_order_id"`
	PersonID    *id.ID        `db:"person_id"`
	HouseholdID *id.ID        `db:"household_id"`
	Since       clock.Instant `db:"since"`
}

// following is when the person began to follow the order, and whether they do.
func (o *Order) following(person id.ID) (clock.Instant, bool) {
	i := slices.IndexFunc(o.followers, func(f follower) bool { return f.PersonID != nil && *f.PersonID == person })
	if i < 0 {
		return 0, false
	}
	return o.followers[i].Since, true
}
