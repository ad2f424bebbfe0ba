package workorder

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// Accept takes the order on (立案): the reporter has been contacted. It stays due until it is dispatched.
func (s *Service) Accept(ctx context.Context, p authz.Principal, order id.ID, how Taken) (OrderView, error) {
	return s.take(ctx, p, order, StepAccept, how, func(_ context.Context, _ *dbx.Tx, m *move) error {
		m.next.AcceptedAt, m.topic = m.now.Ptr(), "workorder.accepted"
		return nil
	})
}

// declineReasons are why an order may be declined (R4.2, BJ-JSJB 10): a closed list, so that it can be counted.
var declineReasons = []string{"private_part", "utility", "developer_warranty", "other_authority", "court_or_petition", "unclear", "no_trouble_found"}

// Decline refuses the order, with the reason and the channel that is right instead; the reporter is told both.
// Faults: input.invalid for a reason or channel outside the lists.
func (s *Service) Decline(ctx context.Context, p authz.Principal, order id.ID, how Taken, reason string, channel rules.Responsibility, note string) (OrderView, error) {
	return s.take(ctx, p, order, StepDecline, how, func(_ context.Context, _ *dbx.Tx, m *move) error {
		if !slices.Contains(declineReasons, reason) {
			return fault.InvalidField("body.reason", "workorder.decline_reason")
		}
		if _, ok := s.Rules.Categories.Channel(channel); !ok {
			return fault.InvalidField("body.channel", "workorder.decline_channel")
		}
		m.next.DeclineReason, m.next.DeclineChannel = reason, channel
		m.info["reason"], m.info["channel"], m.topic = reason, channel, "workorder.declined"
		return m.say("body.note", note, 0, 1000)
	})
}

// Cancel withdraws a report before it is dispatched.
func (s *Service) Cancel(ctx context.Context, p authz.Principal, order id.ID, how Taken) (OrderView, error) {
	return s.take(ctx, p, order, StepCancel, how, func(_ context.Context, _ *dbx.Tx, m *move) error {
		m.topic = "workorder.cancelled"
		return nil
	})
}

// Route hands the order to another organisation, or takes it into the community's own hands (org nil). The one
// designated cannot decline; it may object once. Faults: workorder.party_excluded, workorder.handler_unfit.
func (s *Service) Route(ctx context.Context, p authz.Principal, order id.ID, how Taken, org *id.ID, reason string) (OrderView, error) {
	return s.take(ctx, p, order, StepRoute, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		m.topic = "workorder.routed"
		if err := m.say("body.reason", reason, 1, 1000); err != nil {
			return err
		}
		return s.designate(ctx, tx, m, org)
	})
}

// designate puts the order into the hands of org, nil for the community's.
func (s *Service) designate(ctx context.Context, tx *dbx.Tx, m *move, org *id.ID) error {
	if err := s.fit(ctx, tx, m.order, org); err != nil {
		return err
	}
	via := ViaDesignation
	if org == nil {
		via = ViaCommunity
	}
	m.next.handTo(org, via, m.now)
	m.next.stopClock()
	m.next.AcceptedAt, m.next.DispatchedAt = m.now.Ptr(), nil
	m.next.DeclineReason, m.next.DeclineChannel = "", ""
	m.info["handler"] = org
	return nil
}

// fit checks that an organisation may have the order: never the party complained of (R6.6), nobody at all in a
// conduct case, no company without an arrangement in the service area.
func (s *Service) fit(ctx context.Context, q dbx.Querier, o *Order, org *id.ID) error {
	if org == nil {
		return nil
	}
	if o.IdentityRule == rules.ConductCase || (o.PartyOrgID != nil && *o.PartyOrgID == *org) {
		return fault.New(fault.Conflict, "workorder.party_excluded")
	}
	unfit := fault.New(fault.Conflict, "workorder.handler_unfit")
	target, err := s.Orgs.Org(ctx, q, *org)
	if err != nil || !target.Active {
		return unfit.Because(err)
	}
	switch target.Kind {
	case "department", "utility":
		return nil
	case "company":
		handler, err := s.Arrangements.Handler(ctx, q, o.ServiceAreaID)
		if err == nil && handler == *org {
			return nil
		}
		return unfit.Because(err)
	}
	return unfit
}

// Crew is who is sent: a person of the handler's staff, a subcontractor's firm, both, or neither (the team).
type Crew struct {
	PersonID      *id.ID
	Subcontractor string
}

// Dispatch sends the order to own staff or a subcontractor. The clocks to arrive, control and fix start now,
// whether or not anybody signs for it (R3.4). Fault: workorder.not_staff.
func (s *Service) Dispatch(ctx context.Context, p authz.Principal, order id.ID, how Taken, crew Crew) (OrderView, error) {
	return s.send(ctx, p, order, StepDispatch, how, crew, func(m *move) {
		m.next.DispatchedAt = m.now.Ptr()
		m.next.startClock(m.now)
	})
}

// Assign gives a dispatched order to somebody else. No clock changes. A worker hands over an own order, back to the team where
// nobody is named, or takes one of the team's; the firm stays, since who may dispatch sends it (Fault: auth.forbidden).
func (s *Service) Assign(ctx context.Context, p authz.Principal, order id.ID, how Taken, crew Crew) (OrderView, error) {
	return s.send(ctx, p, order, StepAssign, how, crew, func(*move) {})
}

func (s *Service) send(ctx context.Context, p authz.Principal, order id.ID, step Step, how Taken, crew Crew, start func(*move)) (OrderView, error) {
	return s.take(ctx, p, order, step, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		firm, err := text.Line("body.subcontractor", crew.Subcontractor, 0, 100)
		if err != nil {
			return err
		}
		if m.actor.Role == authz.RoleWorker {
			if firm != "" {
				return fault.New(fault.Forbidden, "auth.forbidden", "permission", string(authz.OrderDispatch))
			}
			firm = m.order.Subcontractor
		}
		if err := s.checkStaff(ctx, tx, m, crew.PersonID); err != nil {
			return err
		}
		m.next.AssigneeID, m.next.Subcontractor = crew.PersonID, firm
		m.topic = "workorder.dispatched"
		start(m)
		return nil
	})
}

// checkStaff: an order is assigned to nobody but the handler's present staff. In the community's hands that is
// whoever sends it.
func (s *Service) checkStaff(ctx context.Context, q dbx.Querier, m *move, person *id.ID) error {
	if person == nil {
		return nil
	}
	org := m.actor.Org
	if m.order.HandlerOrgID != nil {
		org = *m.order.HandlerOrgID
	}
	works, err := s.Orgs.WorksFor(ctx, q, org, *person, m.now)
	if err != nil {
		return err
	}
	if !works {
		return fault.New(fault.Conflict, "workorder.not_staff")
	}
	return nil
}

// Arrive records that somebody is on site, or has begun.
func (s *Service) Arrive(ctx context.Context, p authz.Principal, order id.ID, how Taken) (OrderView, error) {
	return s.take(ctx, p, order, StepArrive, how, func(_ context.Context, _ *dbx.Tx, m *move) error {
		m.next.ArrivedAt, m.topic = m.now.Ptr(), "workorder.arrived"
		return nil
	})
}

// Control records that danger or damage is stopped, before the repair is done.
func (s *Service) Control(ctx context.Context, p authz.Principal, order id.ID, how Taken) (OrderView, error) {
	return s.take(ctx, p, order, StepControl, how, func(_ context.Context, _ *dbx.Tx, m *move) error {
		m.next.ControlledAt, m.topic = m.now.Ptr(), "workorder.controlled"
		return nil
	})
}

// Note adds progress that everybody who may see the order reads.
func (s *Service) Note(ctx context.Context, p authz.Principal, order id.ID, how Taken, note string) (OrderView, error) {
	return s.take(ctx, p, order, StepNote, how, func(_ context.Context, _ *dbx.Tx, m *move) error {
		m.topic = "workorder.noted"
		return m.say("body.text", note, 1, 2000)
	})
}

// pauseReasons are the ways of waiting for the resident; nothing else stops a clock (R3.4).
var pauseReasons = []string{"resident_absent", "resident_asked_later", "access_refused", "resident_decides", "resident_information"}

// Waiting for the resident: the reason, what shows it, and a picture or paper if there is one.
type WaitingFor struct {
	Reason       string
	Evidence     string
	AttachmentID *id.ID
}

// Pause stops the clock while the resident is waited for, with evidence that the resident sees and can end.
func (s *Service) Pause(ctx context.Context, p authz.Principal, order id.ID, how Taken, w WaitingFor) (OrderView, error) {
	return s.take(ctx, p, order, StepPause, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if !slices.Contains(pauseReasons, w.Reason) {
			return fault.InvalidField("body.reason", "workorder.pause_reason")
		}
		if err := m.say("body.evidence", w.Evidence, 5, 500); err != nil {
			return err
		}
		m.next.PausedAt, m.topic = m.now.Ptr(), "workorder.paused"
		m.info["reason"], m.info["attachment"] = w.Reason, w.AttachmentID
		return insertPause(ctx, tx, m.order.ID, OrderPause{
			ID: id.New(), Round: m.order.ClockRound, From: m.now, Reason: w.Reason, Evidence: m.text, AttachmentID: w.AttachmentID,
		})
	})
}

// Resume lets the clock run again; the resident may do it by saying that the wait is over.
func (s *Service) Resume(ctx context.Context, p authz.Principal, order id.ID, how Taken) (OrderView, error) {
	return s.take(ctx, p, order, StepResume, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		m.topic = "workorder.resumed"
		return m.resume(ctx, tx)
	})
}

func (m *move) resume(ctx context.Context, tx *dbx.Tx) error {
	m.next.PausedAt = nil
	return endPause(ctx, tx, m.order.ID, m.now)
}

// Resolve says that the work is done and what was done. The reporter is asked, or somebody else verifies.
func (s *Service) Resolve(ctx context.Context, p authz.Principal, order id.ID, how Taken, result string) (OrderView, error) {
	return s.take(ctx, p, order, StepResolve, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if err := m.say("body.result", result, 1, 2000); err != nil {
			return err
		}
		m.next.ResolvedAt, m.topic = m.now.Ptr(), "workorder.resolved"
		if m.next.Closing == ClosesOnAnswer {
			m.next.AnswerAt, m.next.Reminded = m.now.Add(days(s.Rules.WorkOrders.Confirmation.RemindAfterDays)).Ptr(), false
		}
		if m.order.PausedAt == nil {
			return nil
		}
		return m.resume(ctx, tx)
	})
}

// MarkDuplicate ends the order as a duplicate of another of the same service area. Its reporter, and those who
// followed it, follow and rate the other one. Fault: workorder.duplicate_target.
func (s *Service) MarkDuplicate(ctx context.Context, p authz.Principal, order id.ID, how Taken, of id.ID) (OrderView, error) {
	return s.take(ctx, p, order, StepDuplicate, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		main, err := orderByID(ctx, tx, of)
		wrong := fault.InvalidField("body.of", "workorder.duplicate_target")
		if err != nil {
			return fault.MissingAs(err, wrong)
		}
		if main.ID == m.order.ID || !mayBeFollowed(main, m.order) {
			return wrong
		}
		moved, err := moveFollowers(ctx, tx, m.order.ID, main.ID)
		if err != nil {
			return err
		}
		if err := insertFollower(ctx, tx, main, m.order, m.now); err != nil {
			return err
		}
		m.next.DuplicateOf, m.next.Followers, m.topic = of.Ptr(), 0, "workorder.duplicate"
		m.next.stopClock()
		return s.follow(ctx, tx, m, main, moved+1)
	})
}

// mayBeFollowed: only an order that is still alive, of the same service area and under the same rule of who
// sees whom, so that following it opens nothing to anybody. A repair in a home is the same only in that home, while
// the same household lives there: next door there is work to do too.
func mayBeFollowed(main, from *Order) bool {
	if main.IdentityRule == rules.HomeRepair && (id.OrNil(main.UnitID) != id.OrNil(from.UnitID) || id.OrNil(main.HouseholdID) != id.OrNil(from.HouseholdID)) {
		return false
	}
	alive := slices.Contains(unfinished, main.State)
	return alive && main.ServiceAreaID == from.ServiceAreaID && main.IdentityRule == from.IdentityRule && main.IdentityRule != rules.ConductCase
}

// follow counts the new followers of the order that was kept.
func (s *Service) follow(ctx context.Context, tx *dbx.Tx, m *move, main *Order, n int64) error {
	kept := &move{order: main, next: main.Facts, actor: m.actor, now: m.now, info: map[string]any{"duplicate": m.order.ID}}
	kept.next.Followers += n
	set := main.changesTo(kept.next)
	if err := main.update(ctx, tx, set, kept.next, m.now); err != nil {
		if isNoMatch(err) {
			return fault.New(fault.Conflict, "workorder.changed_meanwhile")
		}
		return err
	}
	return s.record(ctx, tx, stepFollowed, kept, set, main.Version+1)
}
