package workorder

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// Verify says, by somebody who neither did the work nor belongs to who did, that it is done. Where nobody
// can be asked, the order closes on it.
func (s *Service) Verify(ctx context.Context, p authz.Principal, order id.ID, how Taken, finding string) (OrderView, error) {
	return s.take(ctx, p, order, StepVerify, how, func(_ context.Context, _ *dbx.Tx, m *move) error {
		m.next.VerifiedAt, m.topic = m.now.Ptr(), "workorder.verified"
		if m.next.Closing == ClosesOnVerification {
			m.next.AnswerAt, m.next.Reminded = m.now.Ptr(), true // the next round of the job closes it
		}
		return m.say("body.finding", finding, 0, 1000)
	})
}

// RejectWork says, by the same sort of person, that it is not done: the order goes back to work.
func (s *Service) RejectWork(ctx context.Context, p authz.Principal, order id.ID, how Taken, finding string) (OrderView, error) {
	return s.sendBack(ctx, p, order, StepReject, how, "body.finding", finding)
}

// Dispute says, by the reporter, that it is not solved: the order goes back to work.
func (s *Service) Dispute(ctx context.Context, p authz.Principal, order id.ID, how Taken, reason string) (OrderView, error) {
	return s.sendBack(ctx, p, order, StepDispute, how, "body.reason", reason)
}

// sendBack puts a resolved order back to work. The time in which the answer was waited for does not count
// against the handler; the rest of the clock goes on.
func (s *Service) sendBack(ctx context.Context, p authz.Principal, order id.ID, step Step, how Taken, path, reason string) (OrderView, error) {
	return s.take(ctx, p, order, step, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if err := m.say(path, reason, 1, 1000); err != nil {
			return err
		}
		m.topic = "workorder.disputed"
		return s.backToWork(ctx, tx, m)
	})
}

func (s *Service) backToWork(ctx context.Context, tx *dbx.Tx, m *move) error {
	waited := OrderPause{ID: id.New(), Round: m.order.ClockRound, From: *m.order.ResolvedAt, To: m.now.Ptr(), Reason: "answer", Evidence: "resolved"}
	m.next.ResolvedAt, m.next.VerifiedAt, m.next.AnswerAt, m.next.Reminded = nil, nil, nil, false
	if err := insertPause(ctx, tx, m.order.ID, waited); err != nil {
		return err
	}
	now, via, err := s.heir(ctx, tx, &m.order.Facts, m.order.ID)
	if err != nil || now == id.OrNil(m.order.HandlerOrgID) {
		return err
	}
	return s.beginAnew(ctx, tx, m, now, via) // who resolved it has left since
}

// heir is who does the work of an order now, and why: whoever looks after its place, or who follows the one that it was named for.
func (s *Service) heir(ctx context.Context, q dbx.Querier, f *Facts, order id.ID) (now id.ID, via string, err error) {
	now, via = id.OrNil(f.HandlerOrgID), f.HandledVia
	switch via {
	case ViaArrangement:
		now, err = s.Arrangements.Handler(ctx, q, f.ServiceAreaID)
		via = byArrangement(now)
	case ViaDesignation:
		now, err = s.Successors.Follower(ctx, q, order, now)
	}
	return now, via, err
}

// Confirm closes the order on the reporter's word, which the community may write down for somebody without a
// phone. The answer may be given at the same time, and is optional (R4.5).
func (s *Service) Confirm(ctx context.Context, p authz.Principal, order id.ID, how Taken, answer *Answer) (OrderView, error) {
	return s.take(ctx, p, order, StepConfirm, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		m.close(ClosedConfirmed)
		if answer == nil {
			return nil
		}
		a := *answer
		if err := a.clean("body.rating"); err != nil {
			return err
		}
		return s.rateNow(ctx, tx, m, p, a)
	})
}

// CloseVerified closes a verified order for which nobody can be asked.
func (s *Service) CloseVerified(ctx context.Context, p authz.Principal, order id.ID, how Taken) (OrderView, error) {
	return s.take(ctx, p, order, StepClose, how, func(_ context.Context, _ *dbx.Tx, m *move) error {
		m.close(ClosedVerified)
		return nil
	})
}

// close counts the closure; ratings belong to it.
func (m *move) close(as string) {
	m.next.ClosedAt, m.next.ClosedAs, m.next.ClosureNo = m.now.Ptr(), as, m.order.ClosureNo+1
	m.next.AnswerAt = nil
	m.info["closure"], m.info["as"] = m.next.ClosureNo, as
	m.topic = "workorder.closed"
}

// closureInHand is the closure that an order is in, or is on its way to.
func (f Facts) closureInHand() int64 {
	if f.State == Closed {
		return f.ClosureNo
	}
	return f.ClosureNo + 1
}

// Reopen puts a closed order back to work within the days of workorder.yaml. The same trouble at the same place
// is graver than before (R4.4), so its severity is lifted and its times are those of the new one. It goes to
// whoever handles the service area now.
func (s *Service) Reopen(ctx context.Context, p authz.Principal, order id.ID, how Taken, reason string) (OrderView, error) {
	return s.take(ctx, p, order, StepReopen, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if err := m.say("body.reason", reason, 1, 1000); err != nil {
			return err
		}
		return s.reopen(ctx, tx, m)
	})
}

func (s *Service) reopen(ctx context.Context, tx *dbx.Tx, m *move) error {
	n := &m.next
	handler, via, err := s.heir(ctx, tx, n, m.order.ID)
	if err != nil {
		return err
	}
	n.handTo(handler.Ptr(), via, m.now)
	n.ReopenCount++
	n.ClosedAt, n.ClosedAs, n.Reminded = nil, "", false
	n.DispatchedAt = m.now.Ptr()
	n.startClock(m.now)
	n.Severity = s.Rules.WorkOrders.Lifted(n.Severity)
	m.topic, m.info["lifted"] = "workorder.reopened", n.Severity != m.order.Severity
	return s.retime(ctx, tx, n)
}

// retime gives the order the times that hold for it now. One of a retired category keeps those it has.
func (s *Service) retime(ctx context.Context, tx *dbx.Tx, f *Facts) error {
	cat, err := s.Rules.Categories.Find(f.Category)
	if err != nil {
		return nil //nolint:nilerr // it is retired
	}
	return s.setClock(ctx, tx, f, cat)
}
