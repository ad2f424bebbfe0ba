package workorder

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/rules"
)

// reasonText is the reason of a reading as clients send it.
type reasonText string

func (r reasonText) reason() personal.Reason { return personal.Reason(r) }

// DeclineOrder says why an order is not accepted, and whose it is instead.
type DeclineOrder struct {
	Reason  string `json:"reason" enum:"private_part,utility,developer_warranty,other_authority,court_or_petition,unclear,no_trouble_found" doc:"Why"`
	Channel string `json:"channel" enum:"common_part,private_part,utility,developer_warranty,public,fee_question,conduct" doc:"Who is responsible; the reporter reads its text"`
	Note    string `json:"note,omitempty" maxLength:"2000" doc:"More for the reporter"`
}

// RouteOrder hands an order to an organisation.
type RouteOrder struct {
	HandlerID *id.ID `json:"handlerId,omitempty" doc:"A department, a utility, or the company that serves the place; absent: the community keeps it"`
	Reason    string `json:"reason" minLength:"1" maxLength:"2000" doc:"Why there"`
}

// SendOrder says who goes.
type SendOrder struct {
	AssigneeID    *id.ID `json:"assigneeId,omitempty" doc:"A person of the handler's staff; absent: the team"`
	Subcontractor string `json:"subcontractor,omitempty" maxLength:"200" doc:"The firm that is sent"`
}

// OrderText is what is written with a step.
type OrderText struct {
	Text string `json:"text" minLength:"1" maxLength:"4000" doc:"Read by everybody who may see the order"`
}

// OrderFinding is what somebody independent found; it may be empty.
type OrderFinding struct {
	Text string `json:"text,omitempty" maxLength:"2000" doc:"What you found"`
}

// PauseOrder says that the resident is waited for, and what shows it.
type PauseOrder struct {
	Reason       string `json:"reason" enum:"resident_absent,resident_asked_later,access_refused,resident_decides,resident_information" doc:"What is waited for"`
	Evidence     string `json:"evidence" minLength:"5" maxLength:"1000" doc:"What shows it; the resident reads it and can end the wait"`
	AttachmentID *id.ID `json:"attachmentId,omitempty" doc:"A picture or paper of the order"`
}

// DuplicateOf names the order that stays.
type DuplicateOf struct {
	OrderID id.ID `json:"orderId" doc:"The order this one is a duplicate of"`
}

func (s *Service) registerSteps(api *httpapi.API) {
	bare(api, stepOp("acceptWorkOrder", "accept", authz.OrderTriage, "Accept", "The reporter was contacted and the case is taken on (立案). It stays due until it is dispatched."), s.Accept)
	withBody(api, stepOp("declineWorkOrder", "decline", authz.OrderTriage, "Decline with the right channel", ""),
		func(ctx context.Context, p authz.Principal, order id.ID, how Taken, b DeclineOrder) (OrderView, error) {
			return s.Decline(ctx, p, order, how, b.Reason, rules.Responsibility(b.Channel), b.Note)
		})
	bare(api, stepOp("cancelWorkOrder", "cancel", authz.OrderConfirm, "Withdraw your report", "Before it is dispatched."), s.Cancel)
	withBody(api, stepOp("markWorkOrderDuplicate", "mark-duplicate", authz.OrderTriage, "Mark as a duplicate", "Its reporter, and those who followed it, follow and rate the other one."),
		func(ctx context.Context, p authz.Principal, order id.ID, how Taken, b DuplicateOf) (OrderView, error) {
			return s.MarkDuplicate(ctx, p, order, how, b.OrderID)
		})
	withBody(api, stepOp("routeWorkOrder", "route", authz.OrderRoute, "Hand to another organisation", "By the community or the street office; the one designated cannot decline and may object once."),
		func(ctx context.Context, p authz.Principal, order id.ID, how Taken, b RouteOrder) (OrderView, error) {
			return s.Route(ctx, p, order, how, b.HandlerID, b.Reason)
		})
	withBody(api, stepOp("dispatchWorkOrder", "dispatch", authz.OrderDispatch, "Dispatch", "To own staff or a subcontractor. The clocks start now."),
		func(ctx context.Context, p authz.Principal, order id.ID, how Taken, b SendOrder) (OrderView, error) {
			return s.Dispatch(ctx, p, order, how, Crew{b.AssigneeID, b.Subcontractor})
		})
	withBody(api, stepOp("assignWorkOrder", "assign", authz.OrderWork, "Assign to somebody else", "No clock changes. A worker hands over an own order, or takes one of the team's; a firm is named by who dispatches."),
		func(ctx context.Context, p authz.Principal, order id.ID, how Taken, b SendOrder) (OrderView, error) {
			return s.Assign(ctx, p, order, how, Crew{b.AssigneeID, b.Subcontractor})
		})
	s.registerWork(api)
}

func (s *Service) registerWork(api *httpapi.API) {
	bare(api, stepOp("arriveAtWorkOrder", "arrive", authz.OrderWork, "Arrived", "No position and no photo is asked for."), s.Arrive)
	bare(api, stepOp("controlWorkOrder", "control", authz.OrderWork, "Under control", "Danger or damage is stopped; the repair may follow."), s.Control)
	withBody(api, stepOp("noteWorkOrder", "note", authz.OrderRead, "Add a note on progress", "By the handler, or by the community."),
		func(ctx context.Context, p authz.Principal, order id.ID, how Taken, b OrderText) (OrderView, error) {
			return s.Note(ctx, p, order, how, b.Text)
		})
	withBody(api, stepOp("pauseWorkOrder", "pause", authz.OrderWork, "Wait for the resident", "The only thing that stops a clock."),
		func(ctx context.Context, p authz.Principal, order id.ID, how Taken, b PauseOrder) (OrderView, error) {
			return s.Pause(ctx, p, order, how, WaitingFor(b))
		})
	bare(api, stepOp("resumeWorkOrder", "resume", authz.OrderRead, "End the wait", "By the handler or the resident."), s.Resume)
	withBody(api, stepOp("resolveWorkOrder", "resolve", authz.OrderWork, "Done", "The reporter is asked, or somebody independent verifies."),
		func(ctx context.Context, p authz.Principal, order id.ID, how Taken, b OrderText) (OrderView, error) {
			return s.Resolve(ctx, p, order, how, b.Text)
		})
}

// ObjectToOrder cites the clause by which an order is not the handler's.
type ObjectToOrder struct {
	Clause string `json:"clause" minLength:"2" maxLength:"400" doc:"Clause of the responsibility list or the contract"`
	Reason string `json:"reason" minLength:"1" maxLength:"2000" doc:"Why it applies"`
}

// ObjectionDecision ends an objection.
type ObjectionDecision struct {
	Uphold    bool   `json:"uphold" doc:"Whether the handler is right"`
	HandlerID *id.ID `json:"handlerId,omitempty" doc:"Upheld: who gets it; absent: the community keeps it"`
	Reason    string `json:"reason" minLength:"1" maxLength:"2000" doc:"Read by everybody who may see the order"`
}

// DeferralProposal asks to put an order off.
type DeferralProposal struct {
	Plan     string     `json:"plan" minLength:"5" maxLength:"2000" doc:"What is to happen and what it waits for"`
	ReviewOn clock.Date `json:"reviewOn" doc:"When it is looked at again"`
}

// ExtensionProposal asks for more time.
type ExtensionProposal struct {
	Reason  string `json:"reason" minLength:"5" maxLength:"2000" doc:"Why the limit cannot be kept"`
	Minutes int64  `json:"minutes" minimum:"1" doc:"More minutes, of the kind the limit is counted in"`
}

// ProposalDecision ends a proposal.
type ProposalDecision struct {
	Approve bool   `json:"approve" doc:"Whether it is granted"`
	Reason  string `json:"reason" minLength:"1" maxLength:"2000" doc:"Read by everybody who may see the order"`
}

func (s *Service) registerDecisions(api *httpapi.API) {
	withBody(api, stepOp("objectToWorkOrder", "object", authz.OrderObject, "Object (退单)", "Once, within the time for it, citing a clause."),
		func(ctx context.Context, p authz.Principal, order id.ID, how Taken, b ObjectToOrder) (OrderView, error) {
			return s.Object(ctx, p, order, how, b.Clause, b.Reason)
		})
	withBody(api, stepOp("decideWorkOrderObjection", "decide-objection", authz.OrderDecide, "Decide an objection", "By the community or the street office, never by who belongs to the handler."),
		func(ctx context.Context, p authz.Principal, order id.ID, how Taken, b ObjectionDecision) (OrderView, error) {
			return s.DecideObjection(ctx, p, order, how, b.Uphold, b.HandlerID, b.Reason)
		})
	withBody(api, stepOp("proposeWorkOrderDeferral", "propose-deferral", authz.OrderDefer, "Ask to put it off (挂账)", ""),
		func(ctx context.Context, p authz.Principal, order id.ID, how Taken, b DeferralProposal) (OrderView, error) {
			return s.ProposeDeferral(ctx, p, order, how, b.Plan, b.ReviewOn)
		})
	withBody(api, stepOp("decideWorkOrderDeferral", "decide-deferral", authz.OrderDecide, "Decide a deferral", ""),
		func(ctx context.Context, p authz.Principal, order id.ID, how Taken, b ProposalDecision) (OrderView, error) {
			return s.DecideDeferral(ctx, p, order, how, b.Approve, b.Reason)
		})
	bare(api, stepOp("takeUpWorkOrder", "take-up", authz.OrderRead, "Take up a deferred order", "By the handler, the community or the street office."), s.TakeUp)
	withBody(api, stepOp("proposeWorkOrderExtension", "propose-extension", authz.OrderDefer, "Ask for more time", "Once."),
		func(ctx context.Context, p authz.Principal, order id.ID, how Taken, b ExtensionProposal) (OrderView, error) {
			return s.ProposeExtension(ctx, p, order, how, b.Reason, b.Minutes)
		})
	withBody(api, stepOp("decideWorkOrderExtension", "decide-extension", authz.OrderDecide, "Decide an extension", ""),
		func(ctx context.Context, p authz.Principal, order id.ID, how Taken, b ProposalDecision) (OrderView, error) {
			return s.DecideExtension(ctx, p, order, how, b.Approve, b.Reason)
		})
}

// OrderAnswer answers the two questions after a closure.
type OrderAnswer struct {
	Solved    string `json:"solved" enum:"yes,partly,no" doc:"Is it solved?"`
	Satisfied int    `json:"satisfied" minimum:"1" maximum:"5" doc:"How satisfied are you, 1 to 5?"`
	Remark    string `json:"remark,omitempty" maxLength:"1000" doc:"What you want to tell the community, up to 500 characters"`
	PassOn    bool   `json:"passOn,omitempty" doc:"The remark may be passed on to the handler, without the score and without a name"`
}

func (a *OrderAnswer) answer() *Answer {
	if a == nil {
		return nil
	}
	return &Answer{a.Solved, a.Satisfied, a.Remark, a.PassOn}
}

// ConfirmOrder says that it is solved.
type ConfirmOrder struct {
	Rating *OrderAnswer `json:"rating,omitempty" doc:"Optional"`
}

func (s *Service) registerClosing(api *httpapi.API) {
	withBody(api, stepOp("verifyWorkOrder", "verify", authz.OrderVerify, "Verify", "By somebody who neither did the work nor belongs to who did."),
		func(ctx context.Context, p authz.Principal, order id.ID, how Taken, b OrderFinding) (OrderView, error) {
			return s.Verify(ctx, p, order, how, b.Text)
		})
	withBody(api, stepOp("rejectWorkOrderWork", "reject-work", authz.OrderVerify, "Not done: back to work", ""),
		func(ctx context.Context, p authz.Principal, order id.ID, how Taken, b OrderText) (OrderView, error) {
			return s.RejectWork(ctx, p, order, how, b.Text)
		})
	withBody(api, stepOp("confirmWorkOrder", "confirm", authz.OrderRead, "Confirm that it is solved", "By the reporter; by the community for somebody without a phone, marked as such."),
		func(ctx context.Context, p authz.Principal, order id.ID, how Taken, b ConfirmOrder) (OrderView, error) {
			return s.Confirm(ctx, p, order, how, b.Rating.answer())
		})
	withBody(api, stepOp("disputeWorkOrder", "dispute", authz.OrderRead, "Not solved: back to work", "By the reporter, or by the community for somebody without a phone."),
		func(ctx context.Context, p authz.Principal, order id.ID, how Taken, b OrderText) (OrderView, error) {
			return s.Dispute(ctx, p, order, how, b.Text)
		})
	bare(api, stepOp("closeWorkOrder", "close", authz.OrderVerify, "Close a verified order", "Only where nobody can be asked."), s.CloseVerified)
	withBody(api, stepOp("reopenWorkOrder", "reopen", authz.OrderRead, "Reopen", "By the reporter or the community, within the days for it. Its severity is lifted."),
		func(ctx context.Context, p authz.Principal, order id.ID, how Taken, b OrderText) (OrderView, error) {
			return s.Reopen(ctx, p, order, how, b.Text)
		})
}
