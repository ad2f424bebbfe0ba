package workorder

import (
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/rules"
)

// OrderView is an order as somebody may see it. It has no name, no phone, no household and no rating: names
// come by ContactOf, which is recorded, and ratings are never in what a company sees.
type OrderView struct {
	ID             id.ID          `json:"id" doc:"The order"`
	Number         string         `json:"number" doc:"Short number people use, as NH-20261122-0042"`
	Title          string         `json:"title" doc:"What it is about"`
	Description    string         `json:"description" doc:"What was reported; phone and identity numbers are masked where the reporter is hidden from you"`
	Category       string         `json:"category" doc:"Code of the category"`
	Severity       rules.Severity `json:"severity" doc:"emergency, urgent, normal, complex, complaint or inquiry"`
	Identity       rules.Identity `json:"identityRule" doc:"Who may see the reporter: home_repair, service_defect or conduct"`
	Source         Source         `json:"source" doc:"How it came in"`
	ExternalNumber *string        `json:"externalNumber,omitempty" doc:"Number of a hotline case"`
	ExternalDueAt  *clock.Instant `json:"externalDueAt,omitempty" doc:"Deadline the hotline set; it is kept beside the order's own"`
	Place          OrderPlace     `json:"place" doc:"Where the trouble is"`
	Reporter       OrderReporter  `json:"reporter" doc:"What you may know of the reporter"`
	State          State          `json:"state" doc:"Where it stands"`
	Waiting        Waiting        `json:"waitingFor" doc:"Whose move is next"`
	Handler        OrderHandler   `json:"handler" doc:"Who has it"`
	Times          OrderTimes     `json:"times" doc:"What was promised and what happened"`
	DueAt          *clock.Instant `json:"dueAt,omitempty" doc:"When the next stage is due; absent while no clock runs"`
	DueStage       Stage          `json:"dueStage,omitempty" doc:"Which stage that is"`
	Overdue        bool           `json:"overdue" doc:"Whether that moment has passed"`
	Paused         bool           `json:"paused" doc:"Whether the clock stands because the resident is waited for"`
	Pending        string         `json:"pending,omitempty" doc:"deferral or extension while a proposal waits for its decision"`
	ReviewOn       *clock.Date    `json:"reviewOn,omitempty" doc:"When a deferred order is looked at again"`
	DeclineReason  string         `json:"declineReason,omitempty" doc:"Why it was not accepted"`
	DeclineChannel string         `json:"declineChannel,omitempty" doc:"Who is responsible instead; its text is in the categories"`
	ClosedAs       string         `json:"closedAs,omitempty" doc:"confirmed, verified, unanswered or imported"`
	ClosureNo      int64          `json:"closureNo" doc:"How often it was closed"`
	ReopenCount    int64          `json:"reopenCount" doc:"How often it was reopened"`
	RepeatOf       *id.ID         `json:"repeatOf,omitempty" doc:"An earlier order about the same at the same place"`
	DuplicateOf    *id.ID         `json:"duplicateOf,omitempty" doc:"The order this one is a duplicate of"`
	Followers      int64          `json:"followers" doc:"Reporters of duplicates"`
	Version        int64          `json:"version" doc:"For If-Match"`
	UpdatedAt      clock.Instant  `json:"updatedAt" doc:"Last change"`
	ForgottenAt    *clock.Instant `json:"forgottenAt,omitempty" doc:"When the description, messages, names and photos were cleared, since their time of keeping was over; absent while they are there"`
}

// OrderPlace is where the trouble is, as far as the viewer may know.
type OrderPlace struct {
	ServiceAreaID id.ID  `json:"serviceAreaId"`
	EstateID      id.ID  `json:"estateId"`
	CommunityID   *id.ID `json:"communityId,omitempty"`
	StreetID      id.ID  `json:"streetId"`
	UnitID        *id.ID `json:"unitId,omitempty" doc:"The dwelling; absent where it would tell who reported"`
	PublicAreaID  *id.ID `json:"publicAreaId,omitempty"`
	Text          string `json:"text" doc:"As people say it"`
}

// OrderReporter is what the viewer may know of the reporter.
type OrderReporter struct {
	Kind      ReporterKind `json:"kind,omitempty" doc:"account, caller, anonymous or staff; absent where it is hidden"`
	Own       bool         `json:"own" doc:"Whether it is your own report, or your household's"`
	You       bool         `json:"you" doc:"Whether you reported it yourself, and not another of your household"`
	Following bool         `json:"following" doc:"Whether you reported the same: you follow and rate it; what the other household wrote is kept from you"`
	Reachable bool         `json:"reachable" doc:"Whether you may ask for the name and phone; each asking is recorded and shown to the reporter"`
}

// OrderHandler is who has the order.
type OrderHandler struct {
	OrgID         *id.ID `json:"orgId,omitempty" doc:"The organisation; absent while it is in the community's hands"`
	Via           string `json:"via" doc:"arrangement, designated or community"`
	AssigneeID    *id.ID `json:"assigneeId,omitempty" doc:"The person it is assigned to; shown to the handler, the community and the street"`
	AssignedToYou bool   `json:"assignedToYou"`
	Subcontractor string `json:"subcontractor,omitempty" doc:"The firm the handler sends"`
}

// OrderTimes is promised against actual (R4.1).
type OrderTimes struct {
	Source       string         `json:"source" doc:"promised (the contract's table) or reference (参考时限)"`
	Mode         Mode           `json:"mode" doc:"natural, or the working hours named service or office"`
	ContractID   *id.ID         `json:"contractId,omitempty"`
	RuleHash     rules.Hash     `json:"ruleHash" doc:"Hash of the rules of work orders it runs by"`
	CategoryHash rules.Hash     `json:"categoryHash" doc:"Hash of the categories it runs by"`
	Provisional  bool           `json:"provisional" doc:"A due time leans on a holiday notice that is not published yet"`
	ReportedAt   clock.Instant  `json:"reportedAt"`
	DispatchedAt *clock.Instant `json:"dispatchedAt,omitempty"`
	VerifiedAt   *clock.Instant `json:"verifiedAt,omitempty"`
	ClosedAt     *clock.Instant `json:"closedAt,omitempty"`
	Extension    int64          `json:"extensionMinutes" doc:"Minutes by which the limit to fix was extended"`
	Stages       []OrderStage   `json:"stages" doc:"The limits and what came of them"`
}

// OrderStage is one limit.
type OrderStage struct {
	Stage   Stage          `json:"stage" doc:"accept, arrive, control or fix"`
	Minutes int64          `json:"minutes" doc:"The limit in minutes of the mode; 0 is none"`
	DueAt   *clock.Instant `json:"dueAt,omitempty"`
	DoneAt  *clock.Instant `json:"doneAt,omitempty"`
}

// eyes is in which relations somebody looks at an order. The widest counts.
type eyes struct {
	reporter bool // it is theirs or their household's
	follower bool // they reported the same: they learn how it goes, not what another household wrote
	area     bool // the community, the street or the program itself
	caller   bool // those of them who call back, and may know whom; the street's Party committee only supervises
	assignee bool
	company  bool // the handler's people
	outside  bool // those of them in a department or utility: sent to put something right, not the ones complained of
}

func lookAt(o *Order, p authz.Principal) eyes {
	can := func(w who) bool { return authz.Require(p, authz.OrderRead, o.tied(w)) == nil }
	own := o.tied(reporter)
	own.Persons = nil
	if o.ReporterID != nil {
		own.Persons = []id.ID{*o.ReporterID}
	}
	e := eyes{reporter: p.System == "" && authz.Require(p, authz.OrderRead, own) == nil, area: p.System != "" || (can(byArea) && !o.isAbout(p))}
	e.follower = p.System == "" && !e.reporter && can(reporter)
	e.caller = p.System == "" && authz.Require(p, authz.OrderCallback, o.tied(byArea)) == nil
	e.company = o.HandlerOrgID != nil && can(inHand)
	e.outside = e.company && slices.ContainsFunc(p.Grants, func(g authz.Grant) bool {
		return g.Org == *o.HandlerOrgID && (g.Role == authz.RoleDepartment || g.Role == authz.RoleUtility)
	})
	e.assignee = e.company && o.AssigneeID != nil && *o.AssigneeID == p.Person
	return e
}

// mayContact tells whether these eyes may ask for the reporter's name and phone (R6.6). A worker may for a
// repair in a home, until it is closed, unless the reporter opted out; the community and the street may
// call back; nobody else may, a company in a case of bad service least of all.
func (e eyes) mayContact(o *Order) bool {
	if o.ReporterKind != ByAccount && o.ReporterKind != ByCaller {
		return false
	}
	return e.caller || (e.assignee && o.IdentityRule == rules.HomeRepair && !o.ContactOptOut && o.Open() && o.State != Declined)
}

// hidesPlace tells whether the dwelling would tell these eyes who reported.
func (e eyes) hidesPlace(o *Order) bool {
	return !e.area && !e.reporter && o.IdentityRule != rules.HomeRepair
}

// mayReadOf tells whether these eyes may read what one of the reporters sent: the handler, the community and the
// street all of it, each household its own.
func (e eyes) mayReadOf(o *Order, writer *id.ID, reader id.ID) bool {
	switch {
	case e.area || e.company || (writer != nil && *writer == reader):
		return true
	case e.follower:
		return false
	case writer == nil:
		return true
	}
	_, follows := o.following(*writer)
	return !follows
}

// View shows an order to p, who may see it: a pure function of what is stored and of p's grants.
func View(o *Order, p authz.Principal, now clock.Instant) OrderView {
	e := lookAt(o, p)
	v := OrderView{
		ID: o.ID, Number: o.Number, Title: o.Title, Description: o.Description, Category: o.Category, Severity: o.Severity, Identity: o.IdentityRule,
		Source: o.Source, ExternalNumber: o.ExternalNumber, ExternalDueAt: o.ExternalDueAt,
		State: o.State, Waiting: o.Waiting, Times: o.timesView(), DueAt: o.DueAt, DueStage: o.DueStage, Overdue: o.Overdue(now),
		Paused: o.PausedAt != nil, Pending: o.Pending, ReviewOn: o.ReviewOn, DeclineReason: o.DeclineReason, DeclineChannel: string(o.DeclineChannel),
		ClosedAs: o.ClosedAs, ClosureNo: o.ClosureNo, ReopenCount: o.ReopenCount, RepeatOf: o.RepeatOf, DuplicateOf: o.DuplicateOf, Followers: o.Followers,
		Version: o.Version, UpdatedAt: o.UpdatedAt, ForgottenAt: o.ForgottenAt,
	}
	v.Place = o.placeView(e)
	v.Reporter = OrderReporter{Own: e.reporter, You: o.isReporter(p), Following: e.follower, Reachable: e.mayContact(o)}
	if e.area || e.reporter || o.IdentityRule == rules.HomeRepair {
		v.Reporter.Kind = o.ReporterKind
	}
	v.Handler = OrderHandler{OrgID: o.HandlerOrgID, Via: o.HandledVia, Subcontractor: o.Subcontractor, AssignedToYou: e.assignee}
	if e.area || e.company {
		v.Handler.AssigneeID = o.AssigneeID
	}
	if !e.area && !e.reporter {
		v.hideReporter(o)
	}
	if !e.area && !e.company {
		v.RepeatOf = nil // of another household, or of those who lived there before
	}
	return v
}

// hideReporter takes out what would tell a handler who reported.
func (v *OrderView) hideReporter(o *Order) {
	if o.IdentityRule == rules.HomeRepair {
		return
	}
	v.Title, v.Description = personal.Redact(v.Title), personal.Redact(v.Description)
	v.Followers, v.RepeatOf = 0, nil
}

func (o *Order) placeView(e eyes) OrderPlace {
	v := OrderPlace{ServiceAreaID: o.ServiceAreaID, EstateID: o.EstateID, CommunityID: o.CommunityID, StreetID: o.StreetID,
		UnitID: o.UnitID, PublicAreaID: o.PublicAreaID, Text: o.PlaceText}
	if e.hidesPlace(o) {
		v.UnitID, v.Text = nil, o.PlaceCoarse
		if e.outside {
			v.Text = o.PlaceText // who handles an order needs its place and its problem (R6.6); the reporter stays hidden
		}
	}
	return v
}

func (o *Order) timesView() OrderTimes {
	return OrderTimes{
		Source: o.SLASource, Mode: o.SLAMode, ContractID: o.SLAContractID, RuleHash: o.RuleHash, CategoryHash: o.CategoryHash, Provisional: o.DueProvisional,
		ReportedAt: o.ReportedAt, DispatchedAt: o.DispatchedAt, VerifiedAt: o.VerifiedAt, ClosedAt: o.ClosedAt, Extension: o.ExtensionMin,
		Stages: []OrderStage{
			{StageAccept, o.AcceptMin, o.AcceptDueAt, o.AcceptedAt},
			{StageArrive, o.ArriveMin, o.ArriveDueAt, o.ArrivedAt},
			{StageControl, o.ControlMin, o.ControlDueAt, o.ControlledAt},
			{StageFix, o.FixMin, o.FixDueAt, o.ResolvedAt},
		},
	}
}

// OrderEvent is a step in the history of an order. Who took it is told as a role (R6.7), residents as one.
type OrderEvent struct {
	Seq  int64         `json:"seq" doc:"Position, from 1; the order's version after it"`
	At   clock.Instant `json:"at" doc:"When"`
	Step Step          `json:"step" doc:"What was done"`
	From State         `json:"from,omitempty" doc:"State before"`
	To   State         `json:"to" doc:"State after"`
	Role string        `json:"role" doc:"Who did it: a role, or resident"`
	Org  *id.ID        `json:"orgId,omitempty" doc:"The organisation of that role"`
	Text string        `json:"text,omitempty" doc:"What was written"`
	// Level and Stage belong to an escalation (R4.6).
	Level int64 `json:"level,omitempty" doc:"Of an escalation: per cent of the limit used up"`
	Stage Stage `json:"stage,omitempty" doc:"Of an escalation: which limit"`
}

// residentRoles are shown as one: whether the owner, a tenant or a helper answered is nobody's business.
var residentRoles = []authz.Role{authz.RoleOwner, authz.RoleOccupant, authz.RoleHelper, authz.RoleAccount, linkRole}

// history shows the events to p: a handler does not learn of duplicates, nor a reporter's phone number.
func history(o *Order, events []Event, p authz.Principal) []OrderEvent {
	e := lookAt(o, p)
	out := make([]OrderEvent, 0, len(events))
	for _, ev := range events {
		hidden := !e.area && !e.reporter && o.IdentityRule != rules.HomeRepair
		if hidden && ev.Kind == stepFollowed {
			continue
		}
		v := OrderEvent{Seq: ev.Seq, At: ev.At, Step: ev.Kind, From: ev.From, To: ev.To, Role: ev.ActorRole, Org: ev.ActorOrg}
		if slices.Contains(residentRoles, authz.Role(ev.ActorRole)) {
			v.Role, v.Org = "resident", nil
		}
		if ev.Text != nil {
			v.Text = *ev.Text
			if hidden {
				v.Text = personal.Redact(v.Text)
			}
		}
		v.escalated(ev)
		out = append(out, v)
	}
	return out
}
