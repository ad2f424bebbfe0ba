package workorder

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/text"
)

// The outcomes of objections and proposals.
const (
	upheld    = "upheld"
	dismissed = "dismissed"
	approved  = "approved"
	refused   = "refused"
	withdrawn = "withdrawn" // its proposer no longer has the order
)

// Object returns the order (退单): the handler says, citing a clause of the responsibility list or of its
// contract, that it is not its own. Allowed once, within the time of workorder.yaml (R3.5). The clock goes on.
func (s *Service) Object(ctx context.Context, p authz.Principal, order id.ID, how Taken, clause, reason string) (OrderView, error) {
	return s.take(ctx, p, order, StepObject, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		clause, err := text.Line("body.clause", clause, 2, 200)
		if err != nil {
			return err
		}
		if err := m.say("body.reason", reason, 1, 1000); err != nil {
			return err
		}
		due := m.now.Add(hours(s.Rules.WorkOrders.Objection.DecideWithinHours))
		m.next.PriorState, m.next.ObjectionCount = m.order.State, m.order.ObjectionCount+1
		m.next.DueAt, m.next.DueStage = due.Ptr(), StageDecision
		m.topic = "workorder.objected"
		return insertObjection(ctx, tx, m.order.ID, OrderObjection{
			ID: id.New(), OrgID: m.order.HandlerOrgID, PersonID: m.actor.Person.Ptr(), Clause: clause, Reason: m.text, RaisedAt: m.now, DueAt: due,
		})
	})
}

// DecideObjection ends an objection. Upheld, the order goes to handler (nil: the community itself), which cannot
// decline it; dismissed, it goes back, and no second objection is possible.
func (s *Service) DecideObjection(ctx context.Context, p authz.Principal, order id.ID, how Taken, uphold bool, handler *id.ID, reason string) (OrderView, error) {
	step, outcome := StepDismiss, dismissed
	if uphold {
		step, outcome = StepUphold, upheld
	}
	return s.take(ctx, p, order, step, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if err := m.say("body.reason", reason, 1, 1000); err != nil {
			return err
		}
		m.info["outcome"], m.topic = outcome, "workorder.objection_decided"
		o := OrderObjection{State: outcome, DecidedAt: m.now.Ptr(), DecidedBy: m.actor.Person.Ptr(), Role: string(m.actor.Role), Decision: m.text}
		if uphold {
			if handler != nil && m.order.HandlerOrgID != nil && *handler == *m.order.HandlerOrgID {
				return fault.InvalidField("body.handlerId", "workorder.same_handler")
			}
			if err := s.designate(ctx, tx, m, handler); err != nil {
				return err
			}
			m.next.PriorState, o.NewHandler = "", handler
		}
		return decideObjection(ctx, tx, m.order.ID, o)
	})
}

// ProposeDeferral asks to put the order off (挂账), with a plan and a day on which it is looked at again.
func (s *Service) ProposeDeferral(ctx context.Context, p authz.Principal, order id.ID, how Taken, plan string, reviewOn clock.Date) (OrderView, error) {
	return s.propose(ctx, p, order, StepProposeDefer, how, func(*Order) (OrderProposal, error) {
		plan, err := text.Paragraph("body.plan", plan, 5, 1000)
		if err != nil {
			return OrderProposal{}, err
		}
		today := clock.DateOf(s.Clock.Now())
		if most := today.AddDays(s.Rules.WorkOrders.Deferral.ReviewAtMostDays); reviewOn <= today || reviewOn > most {
			return OrderProposal{}, fault.InvalidField("body.reviewOn", "workorder.review_date", "most", string(most))
		}
		return OrderProposal{Kind: proposalDefer, Plan: plan, ReviewOn: &reviewOn}, nil
	})
}

// ProposeExtension asks for more time to fix, once, at most the share of the limit that workorder.yaml allows.
func (s *Service) ProposeExtension(ctx context.Context, p authz.Principal, order id.ID, how Taken, reason string, minutes int64) (OrderView, error) {
	return s.propose(ctx, p, order, StepProposeExtension, how, func(o *Order) (OrderProposal, error) {
		reason, err := text.Paragraph("body.reason", reason, 5, 1000)
		if err != nil {
			return OrderProposal{}, err
		}
		if most := o.FixMin * int64(s.Rules.WorkOrders.Extension.AtMostPercent) / 100; minutes < 1 || minutes > most {
			return OrderProposal{}, fault.InvalidField("body.minutes", "workorder.extension_minutes", "most", most)
		}
		return OrderProposal{Kind: proposalExtension, Plan: reason, Minutes: &minutes}, nil
	})
}

func (s *Service) propose(ctx context.Context, p authz.Principal, order id.ID, step Step, how Taken, build func(*Order) (OrderProposal, error)) (OrderView, error) {
	return s.take(ctx, p, order, step, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		pr, err := build(m.order)
		if err != nil {
			return err
		}
		pr.ID, pr.OrgID, pr.PersonID, pr.ProposedAt = id.New(), m.order.HandlerOrgID, m.actor.Person.Ptr(), m.now
		m.next.Pending, m.text, m.topic = pr.Kind, pr.Plan, "workorder.proposed"
		m.info["proposal"] = pr.Kind
		return insertProposal(ctx, tx, m.order.ID, pr)
	})
}

// DecideDeferral approves or refuses a deferral. While deferred nothing but the review date is due.
func (s *Service) DecideDeferral(ctx context.Context, p authz.Principal, order id.ID, how Taken, approve bool, reason string) (OrderView, error) {
	step := StepRefuseDefer
	if approve {
		step = StepApproveDefer
	}
	return s.decide(ctx, p, order, step, how, approve, reason, func(ctx context.Context, tx *dbx.Tx, m *move, pr OrderProposal) error {
		m.next.ReviewOn = pr.ReviewOn
		m.next.DueAt, m.next.DueStage = clock.At(pr.ReviewOn.AddDays(1).Start()).Ptr(), StageReview
		if m.order.PausedAt == nil {
			return nil
		}
		return m.resume(ctx, tx)
	})
}

// DecideExtension approves or refuses more time.
func (s *Service) DecideExtension(ctx context.Context, p authz.Principal, order id.ID, how Taken, approve bool, reason string) (OrderView, error) {
	step := StepRefuseExtension
	if approve {
		step = StepApproveExtension
	}
	return s.decide(ctx, p, order, step, how, approve, reason, func(_ context.Context, _ *dbx.Tx, m *move, pr OrderProposal) error {
		m.next.Extended, m.next.ExtensionMin = true, *pr.Minutes
		return nil
	})
}

func (s *Service) decide(ctx context.Context, p authz.Principal, order id.ID, step Step, how Taken, approve bool, reason string,
	grant func(context.Context, *dbx.Tx, *move, OrderProposal) error) (OrderView, error) {
	return s.take(ctx, p, order, step, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if err := m.say("body.reason", reason, 1, 1000); err != nil {
			return err
		}
		pr, err := pendingProposal(ctx, tx, m.order.ID)
		if dbx.IsNoRow(err) {
			return fault.New(fault.Conflict, "workorder.no_proposal")
		}
		if err != nil {
			return err
		}
		pr.State, pr.DecidedAt, pr.DecidedBy, pr.Role, pr.Decision = refused, m.now.Ptr(), m.actor.Person.Ptr(), string(m.actor.Role), m.text
		m.next.Pending, m.topic = "", "workorder.proposal_decided"
		if approve {
			pr.State = approved
			if err := grant(ctx, tx, m, pr); err != nil {
				return err
			}
		}
		m.info["proposal"], m.info["outcome"] = pr.Kind, pr.State
		return decideProposal(ctx, tx, m.order.ID, pr)
	})
}

// TakeUp ends a deferral: the clock begins a new round, as at a dispatch.
func (s *Service) TakeUp(ctx context.Context, p authz.Principal, order id.ID, how Taken) (OrderView, error) {
	return s.take(ctx, p, order, StepTakeUp, how, func(_ context.Context, _ *dbx.Tx, m *move) error {
		m.next.ReviewOn, m.topic = nil, "workorder.taken_up"
		m.next.startClock(m.now)
		return nil
	})
}
