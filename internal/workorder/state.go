package workorder

import (
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// Step is something that is done to an order; it is also the kind of the event that records it.
type Step string

// The steps of the table below.
const (
	StepAccept           Step = "accept"
	StepDecline          Step = "decline"
	StepDuplicate        Step = "mark_duplicate"
	StepCancel           Step = "cancel"
	StepRoute            Step = "route"
	StepDispatch         Step = "dispatch"
	StepAssign           Step = "assign"
	StepArrive           Step = "arrive"
	StepControl          Step = "control"
	StepNote             Step = "note"
	StepPause            Step = "pause"
	StepResume           Step = "resume"
	StepResolve          Step = "resolve"
	StepObject           Step = "object"
	StepUphold           Step = "uphold_objection"
	StepDismiss          Step = "dismiss_objection"
	StepProposeDefer     Step = "propose_deferral"
	StepApproveDefer     Step = "approve_deferral"
	StepRefuseDefer      Step = "refuse_deferral"
	StepTakeUp           Step = "take_up"
	StepProposeExtension Step = "propose_extension"
	StepApproveExtension Step = "approve_extension"
	StepRefuseExtension  Step = "refuse_extension"
	StepVerify           Step = "verify"
	StepReject           Step = "reject_work"
	StepConfirm          Step = "confirm"
	StepDispute          Step = "dispute"
	StepClose            Step = "close"
	StepRemind           Step = "remind"
	StepCloseUnanswered  Step = "close_unanswered"
	StepReopen           Step = "reopen"
	StepHandOver         Step = "hand_over"
	stepReport           Step = "report"   // the first event
	stepFollowed         Step = "followed" // another order was marked a duplicate of this one
)

// same leaves the state as it is; prior goes back to where an objection was raised.
const (
	same  State = ""
	prior State = "prior"
)

// who is the relation to the order in which a step is taken.
type who int

const (
	inHand   who = iota // the handler's people; the community and the street office while nobody else has it
	byArea              // the community or the street office competent for the place
	reporter            // the reporter, the household, and the reporters of duplicates
	bySystem            // a background job
)

// way is one permission, in one relation, that allows a step.
type way struct {
	permission authz.Permission
	who        who
}

// legal is a row of the table: a step, from which states, to which, by whom, on which conditions.
type legal struct {
	step   Step
	from   []State
	to     State
	ways   []way
	guards []guard
}

var (
	atWork     = []State{Dispatched, InProgress}
	done       = []State{Resolved, Verified}
	unfinished = []State{Reported, Accepted, Dispatched, InProgress, Returned, Deferred, Resolved, Verified}

	handlerTriages  = []way{{authz.OrderTriage, inHand}}
	handlerWorks    = []way{{authz.OrderWork, inHand}}
	handlerProposes = []way{{authz.OrderDefer, inHand}}
	areaDecides     = []way{{authz.OrderDecide, byArea}}
	areaVerifies    = []way{{authz.OrderVerify, byArea}}
	residentAnswers = []way{{authz.OrderConfirm, reporter}, {authz.OrderCallback, byArea}}
	jobs            = []way{{"", bySystem}}
)

// table is every legal step. What is not in it cannot happen to an order.
var table = []legal{
	{StepAccept, []State{Reported}, Accepted, handlerTriages, nil},
	{StepDecline, []State{Reported, Accepted}, Declined, handlerTriages, []guard{notDesignated}},
	{StepDuplicate, []State{Reported, Accepted, Dispatched}, Duplicate, []way{{authz.OrderTriage, inHand}, {authz.OrderTriage, byArea}}, nil},
	{StepCancel, []State{Reported, Accepted}, Cancelled, []way{{authz.OrderConfirm, reporter}}, []guard{ownReport}},
	{StepRoute, []State{Reported, Accepted, Declined}, Accepted, []way{{authz.OrderRoute, byArea}}, nil},

	{StepDispatch, []State{Accepted}, Dispatched, []way{{authz.OrderDispatch, inHand}}, nil},
	{StepAssign, atWork, same, handlerWorks, []guard{mine}},
	{StepArrive, []State{Dispatched}, InProgress, handlerWorks, []guard{mine, running}},
	{StepControl, []State{InProgress}, same, handlerWorks, []guard{mine, notControlled}},
	{StepNote, unfinished, same, []way{{authz.OrderWork, inHand}, {authz.OrderRoute, byArea}}, nil},
	{StepPause, atWork, same, handlerWorks, []guard{mine, running, someoneToWaitFor}},
	{StepResume, atWork, same, []way{{authz.OrderWork, inHand}, {authz.OrderConfirm, reporter}}, []guard{paused}},
	{StepResolve, []State{InProgress}, Resolved, handlerWorks, []guard{mine, nothingPending}},

	{StepObject, []State{Reported, Accepted, Dispatched}, Returned, []way{{authz.OrderObject, inHand}}, []guard{handlerIsOrganisation, firstObjection, objectionInTime, nothingPending, running}},
	{StepUphold, []State{Returned}, Accepted, areaDecides, []guard{independent}},
	{StepDismiss, []State{Returned}, prior, areaDecides, []guard{independent}},

	{StepProposeDefer, atWork, same, handlerProposes, []guard{nothingPending, running}},
	{StepApproveDefer, atWork, Deferred, areaDecides, []guard{deferralPending, independent}},
	{StepRefuseDefer, atWork, same, areaDecides, []guard{deferralPending, independent}},
	{StepTakeUp, []State{Deferred}, Dispatched, []way{{authz.OrderWork, inHand}, {authz.OrderDecide, byArea}}, nil},
	{StepProposeExtension, atWork, same, handlerProposes, []guard{nothingPending, notExtended, hasFixLimit}},
	{StepApproveExtension, atWork, same, areaDecides, []guard{extensionPending, independent}},
	{StepRefuseExtension, atWork, same, areaDecides, []guard{extensionPending, independent}},

	{StepVerify, []State{Resolved}, Verified, areaVerifies, []guard{independent}},
	{StepReject, done, InProgress, areaVerifies, []guard{independent}},
	{StepConfirm, done, Closed, residentAnswers, []guard{independentOfArea}},
	{StepDispute, done, InProgress, residentAnswers, nil},
	{StepClose, []State{Verified}, Closed, areaVerifies, []guard{independent, nobodyToAsk}},
	{StepRemind, done, same, jobs, nil},
	{StepCloseUnanswered, done, Closed, jobs, nil},
	{StepReopen, []State{Closed}, Dispatched, []way{{authz.OrderConfirm, reporter}, {authz.OrderVerify, byArea}}, []guard{withinReopenDays}},
	{StepHandOver, unfinished, same, jobs, nil},
}

func rowOf(s Step) legal {
	i := slices.IndexFunc(table, func(l legal) bool { return l.step == s })
	return table[i]
}

// legalIn lists the steps the table has for a state, those of background jobs left out.
func legalIn(s State) []string {
	var out []string
	for _, l := range table {
		if slices.Contains(l.from, s) && l.ways[0].who != bySystem {
			out = append(out, string(l.step))
		}
	}
	return out
}

// illegal is the refusal of a step that the order's state does not allow.
func illegal(step Step, s State) *fault.Fault {
	return fault.New(fault.Conflict, "workorder.step_illegal", "step", string(step), "state", string(s), "allowed", legalIn(s))
}

// situation is what the conditions of a step look at.
type situation struct {
	order *Order
	p     authz.Principal
	actor authz.Actor
	via   who
	now   clock.Instant
	rules *rules.WorkOrderRules
}

// guard is a condition beyond state and permission. It returns the code of the refusal, or "".
type guard func(situation) string

// admit finds the capacity in which p may take the step now, or says why not: NotFound for who may not
// see the order, Forbidden for who may not do this, Conflict when the state or a condition forbids it.
func admit(l legal, sit situation) (authz.Actor, error) {
	if err := sit.order.seenBy(sit.p); err != nil {
		return authz.Actor{}, err
	}
	actor, via, err := l.capacity(sit.order, sit.p)
	if err != nil {
		return authz.Actor{}, err
	}
	if !slices.Contains(l.from, sit.order.State) {
		return actor, illegal(l.step, sit.order.State)
	}
	sit.actor, sit.via = actor, via
	for _, g := range l.guards {
		if code := g(sit); code != "" {
			return actor, fault.New(fault.Conflict, code)
		}
	}
	return actor, nil
}

// capacity tries the ways of the row in turn.
func (l legal) capacity(o *Order, p authz.Principal) (authz.Actor, who, error) {
	refusal := error(fault.New(fault.Forbidden, "auth.forbidden", "permission", string(l.ways[0].permission)))
	for _, w := range l.ways {
		if w.who == bySystem && p.System == "" {
			continue
		}
		actor, err := authz.Act(p, w.permission, o.tied(w.who))
		if err == nil {
			return actor, w.who, nil
		}
		if fault.Is(err, "capacity.ambiguous") {
			refusal = err
		}
	}
	return authz.Actor{}, 0, refusal
}

// tied narrows what the order is tied to down to one relation.
func (o *Order) tied(w who) authz.Object {
	full := o.object()
	switch w {
	case inHand:
		if o.HandlerOrgID != nil {
			return authz.Object{Orgs: full.Orgs}
		}
		return authz.Object{Path: full.Path}
	case byArea:
		return authz.Object{Path: full.Path}
	case reporter:
		return authz.Object{Household: full.Household, At: full.At, Persons: full.Persons}
	}
	return authz.Object{}
}

// OrderStep is one step and whether the caller may take it now.
type OrderStep struct {
	Step    Step   `json:"step" doc:"The step"`
	Allowed bool   `json:"allowed" doc:"Whether you may take it now"`
	Why     string `json:"why,omitempty" doc:"Code of the reason why not"`
}

// AllowedSteps returns every step that people take, with whether p may take it now and why not: what a
// screen needs to show its buttons and to explain those it greys out.
func AllowedSteps(o *Order, p authz.Principal, now clock.Instant, r *rules.WorkOrderRules) []OrderStep {
	var out []OrderStep
	for _, l := range table {
		if l.ways[0].who == bySystem {
			continue
		}
		_, err := admit(l, situation{order: o, p: p, now: now, rules: r})
		s := OrderStep{Step: l.step, Allowed: err == nil}
		if err != nil {
			s.Why = fault.Of(err).Code
		}
		out = append(out, s)
	}
	return out
}

func notDesignated(s situation) string {
	if s.order.HandledVia == ViaDesignation {
		return "workorder.designated"
	}
	return ""
}

// ownReport: the reporter of a duplicate follows, but does not withdraw another's report.
func ownReport(s situation) string {
	own := s.order.isReporter(s.p)
	household := s.order.HouseholdID != nil && livedIn(s.p, *s.order.HouseholdID, s.order.ReportedAt)
	if !own && !household {
		return "workorder.not_your_report"
	}
	return ""
}

// livedIn tells whether p was a member of the household then, and still is.
func livedIn(p authz.Principal, household id.ID, then clock.Instant) bool {
	return slices.ContainsFunc(p.Grants, func(g authz.Grant) bool { return g.Household == household && g.Since <= then })
}

// mine: a worker takes no order that is assigned to another, nor hands it over; a manager may step in.
func mine(s situation) string {
	if s.actor.Role == authz.RoleWorker && s.order.AssigneeID != nil && *s.order.AssigneeID != s.actor.Person {
		return "workorder.not_assigned_to_you"
	}
	return ""
}

func running(s situation) string {
	if s.order.PausedAt != nil {
		return "workorder.is_paused"
	}
	return ""
}

func paused(s situation) string {
	if s.order.PausedAt == nil {
		return "workorder.not_paused"
	}
	return ""
}

// someoneToWaitFor: the clock stops only for a resident (R3.4).
func someoneToWaitFor(s situation) string {
	if s.order.ReporterKind == ByStaff || s.order.ReporterKind == Anonymously {
		return "workorder.nobody_to_wait_for"
	}
	return ""
}

func notControlled(s situation) string {
	if s.order.ControlledAt != nil {
		return "workorder.controlled_already"
	}
	return ""
}

func nothingPending(s situation) string {
	if s.order.Pending != "" {
		return "workorder.proposal_pending"
	}
	return ""
}

func deferralPending(s situation) string {
	if s.order.Pending != proposalDefer {
		return "workorder.no_proposal"
	}
	return ""
}

func extensionPending(s situation) string {
	if s.order.Pending != proposalExtension {
		return "workorder.no_proposal"
	}
	return ""
}

func handlerIsOrganisation(s situation) string {
	if s.order.HandlerOrgID == nil {
		return "workorder.no_handler"
	}
	return ""
}

// firstObjection: allowed once; after the decision further return is impossible (R3.5).
func firstObjection(s situation) string {
	if s.order.ObjectionCount > 0 {
		return "workorder.objected_already"
	}
	return ""
}

func objectionInTime(s situation) string {
	if s.now > s.order.HandedAt.Add(hours(s.rules.Objection.FileWithinHours)) {
		return "workorder.objection_late"
	}
	return ""
}

func notExtended(s situation) string {
	if s.order.Extended {
		return "workorder.extended_already"
	}
	return ""
}

func hasFixLimit(s situation) string {
	if s.order.FixMin == 0 {
		return "workorder.no_fix_limit"
	}
	return ""
}

// independent: nobody decides about or verifies work that is their own or their organisation's. Natural
// persons are compared over all their present posts, never capacities.
func independent(s situation) string {
	if s.p.Person.IsZero() {
		return ""
	}
	if slices.Contains(s.order.workers, s.p.Person) || (s.order.AssigneeID != nil && *s.order.AssigneeID == s.p.Person) {
		return "workorder.own_work"
	}
	if s.order.HandlerOrgID != nil && holdsPostIn(s.p, *s.order.HandlerOrgID) {
		return "workorder.own_work"
	}
	return ""
}

// independentOfArea: the reporter's own answer needs no independence; one that the community records does.
func independentOfArea(s situation) string {
	if s.via != byArea {
		return ""
	}
	return independent(s)
}

func holdsPostIn(p authz.Principal, org id.ID) bool {
	return slices.ContainsFunc(p.Grants, func(g authz.Grant) bool { return g.Org == org })
}

func nobodyToAsk(s situation) string {
	if s.order.Closing != ClosesOnVerification {
		return "workorder.reporter_is_asked"
	}
	return ""
}

func withinReopenDays(s situation) string {
	if s.order.ClosedAt == nil || s.now > s.order.ClosedAt.Add(days(s.rules.Confirmation.ReopenDays)) {
		return "workorder.reopen_late"
	}
	return ""
}
