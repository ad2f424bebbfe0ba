package workorder

import (
	"context"
	"crypto/rand"
	"errors"
	"math/big"
	"slices"
	"time"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/text"
)

// noKey claims nothing: the caller has no account to claim a key under.
var noKey idem.Key

// Jobs are the background work of orders, each done by one replica at a time.
func (s *Service) Jobs() []job.Job {
	return []job.Job{
		{Name: "workorder.answers", Every: time.Minute, Do: s.ChaseAnswers},
		{Name: "workorder.sample", Every: time.Hour, Do: s.DrawSamples},
		{Name: "workorder.escalate", Every: 15 * time.Second, Do: s.Escalate},
		{Name: "workorder.weather", Every: 30 * time.Second, Do: s.ApplyWeather},
		{Name: "workorder.forget", Every: 6 * time.Hour, Do: s.Forget},
		{Name: "workorder.orphans", Every: 6 * time.Hour, Do: s.SweepPhotos},
	}
}

// batch bounds a round of a job, so that its lease is renewed in time.
const batch = 50

func systemActor(l job.Lease) authz.Actor {
	return authz.Actor{Role: authz.RoleSystem, Request: l.Name}
}

// ChaseAnswers reminds reporters who have not said whether it is solved, then closes their orders: as verified
// where somebody looked, else as unanswered, which never counts as satisfied (R4.4). A caller who left no way
// to be reminded is called on by the community.
func (s *Service) ChaseAnswers(ctx context.Context, l job.Lease) (bool, error) {
	now := s.now()
	due, err := dueAnswers(ctx, s.DB, now, batch)
	if err != nil {
		return false, err
	}
	for _, order := range due {
		if err := s.chase(ctx, l, order, now); err != nil && !errors.Is(err, fault.Conflict) {
			return false, err
		}
	}
	return len(due) == batch, nil
}

func (s *Service) chase(ctx context.Context, l job.Lease, order id.ID, now clock.Instant) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		o, err := orderByID(ctx, tx, order)
		if err != nil || o.AnswerAt == nil || *o.AnswerAt > now {
			return err
		}
		row, do := rowOf(StepCloseUnanswered), s.closeSilently
		if !o.Reminded {
			row, do = rowOf(StepRemind), s.remind
		}
		if !slices.Contains(row.from, o.State) {
			return nil
		}
		_, err = s.perform(ctx, tx, o, row, systemActor(l), now, do)
		return err
	})
}

func (s *Service) remind(ctx context.Context, tx *dbx.Tx, m *move) error {
	m.next.Reminded = true
	m.next.AnswerAt = m.order.ResolvedAt.Add(days(s.Rules.WorkOrders.Confirmation.AutoCloseDays)).Ptr()
	m.topic = "workorder.answer_reminder"
	if m.order.ReporterKind != ByCaller {
		return nil
	}
	_, reachable, err := identityOf(ctx, tx, "work_order_caller", m.order.ID)
	if err != nil || reachable {
		return err
	}
	return s.openCallback(ctx, tx, m.order, m.order.closureInHand(), "no_answer", m.now)
}

func (s *Service) closeSilently(_ context.Context, _ *dbx.Tx, m *move) error {
	as := ClosedUnanswered
	if m.order.VerifiedAt != nil {
		as = ClosedVerified
	}
	m.close(as)
	return nil
}

// DrawSamples draws, once for each community and month that is over, the closed orders of public areas that the
// community looks at again: the share and the least number of workorder.yaml, by the system's randomness, so
// that nobody knows beforehand which.
func (s *Service) DrawSamples(ctx context.Context, l job.Lease) (bool, error) {
	now := s.now()
	first := monthStart(now)
	month := monthStart(clock.At(first.Time().Add(-time.Hour)))
	communities, err := undrawn(ctx, s.DB, monthName(month), month, first)
	if err != nil {
		return false, err
	}
	for _, community := range communities {
		if err := s.draw(ctx, l, community, month, first, now); err != nil {
			return false, err
		}
	}
	return false, nil
}

// monthStart is the first moment, in China, of the month of at.
func monthStart(at clock.Instant) clock.Instant {
	t := at.Time().In(clock.Shanghai)
	return clock.At(time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, clock.Shanghai))
}

func monthName(at clock.Instant) string { return at.Time().In(clock.Shanghai).Format("2006-01") }

func (s *Service) draw(ctx context.Context, l job.Lease, community id.ID, from, to, now clock.Instant) error {
	pool, err := samplePool(ctx, s.DB, community, from, to)
	if err != nil {
		return err
	}
	v := s.Rules.WorkOrders.Verification
	size := min(len(pool), max((len(pool)*v.SamplePercent+99)/100, v.LeastPerMonth))
	if err := shuffle(pool); err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		if err := insertChecks(ctx, tx, pool[:size], community, monthName(from), now); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Entry{
			Actor: systemActor(l), Action: "workorder.draw_sample", ObjectKind: "organisation_area", ObjectID: community,
			Detail: map[string]any{"month": monthName(from), "pool": len(pool), "drawn": size},
		})
	})
}

// shuffle orders the pool by the system's randomness: a draw that could be predicted would be no check.
func shuffle(pool []closedOrder) error {
	for i := len(pool) - 1; i > 0; i-- {
		j, err := rand.Int(rand.Reader, big.NewInt(int64(i)+1))
		if err != nil {
			return err
		}
		pool[i], pool[j.Int64()] = pool[j.Int64()], pool[i]
	}
	return nil
}

// RecordCheck notes what the community found at an order of its sample. One that was not done after all is
// reopened, if the days for that have not run out.
func (s *Service) RecordCheck(ctx context.Context, p authz.Principal, once idem.Key, order id.ID, passed bool, note string) error {
	o, actor, err := s.byTheArea(ctx, p, order, authz.OrderVerify)
	if err != nil {
		return err
	}
	if note, err = text.Paragraph("body.note", note, 0, 1000); err != nil {
		return err
	}
	now := s.now()
	outcome := "failed"
	if passed {
		outcome = "passed"
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, o.ID); err != nil || again {
			return err
		}
		if err := finishCheck(ctx, tx, o, outcome, note, actor.Person.Ptr(), now); err != nil {
			if isNoMatch(err) {
				return fault.New(fault.Conflict, "workorder.no_check")
			}
			return err
		}
		if withinReopenDays(situation{order: o, now: now, rules: s.Rules.WorkOrders}) == "" && !passed && o.State == Closed {
			_, err := s.perform(ctx, tx, o, rowOf(StepReopen), actor, now, func(ctx context.Context, tx *dbx.Tx, m *move) error {
				m.text = note
				return s.reopen(ctx, tx, m)
			})
			return err
		}
		return audit.Record(ctx, tx, now, audit.Entry{
			Actor: actor, Action: "workorder.check", ObjectKind: "work_order", ObjectID: o.ID, ScopePath: o.ScopePath,
			Detail: map[string]any{"closure": o.ClosureNo, "outcome": outcome},
		})
	})
}

// HandOver passes the open orders that are assigned to a person who leaves an organisation to a successor there,
// or back to the team (successor zero). Package org calls it in the transaction that ends the post.
func (s *Service) HandOver(ctx context.Context, tx *dbx.Tx, org, person, successor id.ID, at clock.Instant) error {
	orders, err := assignedTo(ctx, tx, org, person)
	if err != nil {
		return err
	}
	return s.moveAll(ctx, tx, orders, at, func(_ context.Context, _ *dbx.Tx, m *move) error {
		m.next.AssigneeID = successor.Ptr()
		m.topic = "workorder.dispatched"
		return nil
	})
}

// TakeOver passes the open orders of a service area from the organisation that leaves to the one that takes over
// (zero: the community). Until then the outgoing one keeps them (CC 950). Package contract calls it in the
// transaction that changes the arrangement. Designated orders stay, and so do those that are resolved: who did the work
// is rated for it.
func (s *Service) TakeOver(ctx context.Context, tx *dbx.Tx, serviceArea, from, to id.ID, at clock.Instant) error {
	orders, err := openOf(ctx, tx, serviceArea, from)
	if err != nil {
		return err
	}
	return s.passAll(ctx, tx, orders, to, byArrangement(to), at)
}

// byArrangement is how an order comes into the hands of who looks after a place: of nobody, it is the community's.
func byArrangement(to id.ID) string {
	if to.IsZero() {
		return ViaCommunity
	}
	return ViaArrangement
}

// PassOn gives those of some orders that are still to be done to an organisation that is named for them, as the contractor who follows
// another one; what is resolved stays with who did it. Package renovation calls it in the transaction that names the contractor.
func (s *Service) PassOn(ctx context.Context, tx *dbx.Tx, orders []id.ID, to id.ID, at clock.Instant) error {
	if len(orders) == 0 {
		return nil
	}
	open, err := toDoAmong(ctx, tx, orders)
	if err != nil {
		return err
	}
	return s.passAll(ctx, tx, open, to, ViaDesignation, at)
}

func (s *Service) passAll(ctx context.Context, tx *dbx.Tx, orders []id.ID, to id.ID, via string, at clock.Instant) error {
	return s.moveAll(ctx, tx, orders, at, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		m.topic = "workorder.routed"
		return s.beginAnew(ctx, tx, m, to, via)
	})
}

// beginAnew puts an order into the hands of who takes over (zero: the community). The clocks of who left end with its
// work: the new handler's accept clock begins, those of the work at its own dispatch (R3.4), by what is promised now. A
// deferred order keeps its review, an objection under way its decision.
func (s *Service) beginAnew(ctx context.Context, tx *dbx.Tx, m *move, to id.ID, via string) error {
	m.next.handTo(to.Ptr(), via, m.now)
	if err := m.dropPending(ctx, tx); err != nil {
		return err
	}
	if m.next.State != Deferred && m.next.ClockStart != nil {
		m.next.stopClock()
		m.next.DispatchedAt = nil
	}
	if slices.Contains(atWork, m.next.State) {
		m.next.State = Accepted
	}
	if slices.Contains(atWork, m.next.PriorState) {
		m.next.PriorState = Accepted
	}
	return s.retime(ctx, tx, &m.next)
}

// dropPending ends what the handler who left was waiting for: the resident, and a decision on its proposal.
func (m *move) dropPending(ctx context.Context, tx *dbx.Tx) error {
	if m.order.PausedAt != nil {
		if err := m.resume(ctx, tx); err != nil {
			return err
		}
	}
	if m.next.Pending == "" {
		return nil
	}
	m.next.Pending = ""
	return decideProposal(ctx, tx, m.order.ID, OrderProposal{State: withdrawn, DecidedAt: m.now.Ptr(), Role: string(m.actor.Role)})
}

func (s *Service) moveAll(ctx context.Context, tx *dbx.Tx, orders []id.ID, at clock.Instant, change effect) error {
	actor := authz.Actor{Role: authz.RoleSystem, Request: "hand-over"}
	for _, order := range orders {
		o, err := orderByID(ctx, tx, order)
		if err != nil {
			return err
		}
		if _, err = s.perform(ctx, tx, o, rowOf(StepHandOver), actor, at, change); err != nil {
			return err
		}
	}
	return nil
}
