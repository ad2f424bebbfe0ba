package contract

import (
	"context"
	"errors"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/text"
)

// ConfirmStart records that one party says the service has begun; with the other party's word the contract
// takes effect. In an early-stage contract no body of the owners has a word, so that two companies alone would
// take a place: it takes effect by the street office's record only, contract.office_only (Forbidden). Other
// faults as of BringIntoForce, and contract.side_done, contract.same_person, contract.not_party.
func (s *Service) ConfirmStart(ctx context.Context, p authz.Principal, which id.ID, how Taken) (Contract, error) {
	return s.take(ctx, p, which, StepConfirm, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if _, err := m.side(); err != nil {
			return err
		}
		if m.now.Kind == EarlyStage {
			return fault.New(fault.Forbidden, "contract.office_only")
		}
		if err := m.due(); err != nil {
			return err
		}
		return s.bothAssent(ctx, tx, m, ActStart, func() error { return s.enforce(ctx, tx, m) })
	})
}

// BringIntoForce records, by the street office, that a signed contract has taken effect. What governed the
// place before ends in the same transaction: an early-stage contract by law (CC 940), a contract with the
// same company by renewal, any other arrangement. Faults: contract.office_only, contract.not_started,
// contract.term_over, contract.other_in_force (an ordinary contract with another company must be ended first, and
// no early-stage contract follows what the owners chose).
func (s *Service) BringIntoForce(ctx context.Context, p authz.Principal, which id.ID, how Taken) (Contract, error) {
	return s.take(ctx, p, which, StepEnforce, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if err := office(m.actor); err != nil {
			return err
		}
		if err := m.due(); err != nil {
			return err
		}
		return s.enforce(ctx, tx, m)
	})
}

// due wants today to lie in the contract's term.
func (m *move) due() error {
	if m.today < m.now.StartsOn {
		return fault.New(fault.Conflict, "contract.not_started", "date", string(m.now.StartsOn))
	}
	if m.now.EndsOn != nil && *m.now.EndsOn < m.today {
		return fault.New(fault.Conflict, "contract.term_over", "date", string(*m.now.EndsOn))
	}
	return nil
}

// enforce makes the contract govern its place.
func (s *Service) enforce(ctx context.Context, tx *dbx.Tx, m *move) error {
	prev, found, err := inForce(ctx, tx, m.now.ServiceAreaID)
	if err != nil {
		return err
	}
	if found {
		if err := s.giveWay(ctx, tx, m, prev); err != nil {
			return err
		}
		m.next.FollowsID = &prev.ID
	}
	m.next.State, m.next.InForceOn = InForce, &m.today
	m.topics = append(m.topics, "contract.in_force")
	if err := s.govern(ctx, tx, m, UnderContract, m.now.Number); err != nil {
		return err
	}
	return s.planTerm(ctx, tx, m)
}

// giveWay ends the contract in force for the one that takes effect.
func (s *Service) giveWay(ctx context.Context, tx *dbx.Tx, m *move, prev Contract) error {
	switch step := m.now.replaces(prev); step {
	case StepRenew:
		return s.beside(ctx, tx, m, prev, step, func(old *move) error {
			ground := ByRenewal
			old.next.State, old.next.EndGround, old.next.EndedOn = Renewed, &ground, &m.today
			return s.settleAll(ctx, tx, prev, DueDone, m.today, []DeadlineKind{DueFiling})
		})
	case StepEnd:
		return s.beside(ctx, tx, m, prev, step, func(old *move) error {
			old.note("ground", BySuperseded)
			return s.end(ctx, tx, old, BySuperseded, m.today)
		})
	}
	return otherInForce(prev)
}

// replaces is the step that ends a contract in force when c takes effect: the same company's is renewed, an
// early-stage contract ends by law (CC 940). It is empty where the one in force must be ended first.
func (c Contract) replaces(prev Contract) Step {
	switch {
	case prev.Kind == Ordinary && c.Kind == EarlyStage:
		return ""
	case prev.CompanyID == c.CompanyID:
		return StepRenew
	case prev.Kind == EarlyStage && c.Kind == Ordinary:
		return StepEnd
	}
	return ""
}

func otherInForce(prev Contract) error {
	return fault.New(fault.Conflict, "contract.other_in_force", "number", prev.Number)
}

// beside takes a step of another contract in the transaction of m, in the same capacity.
func (s *Service) beside(ctx context.Context, tx *dbx.Tx, m *move, other Contract, step Step, do func(*move) error) error {
	if err := claimVersion(ctx, tx, other); err != nil {
		return raced(err)
	}
	o := &move{step: step, actor: m.actor}
	o.begin(other, s)
	o.note("by", m.now.ID)
	if err := do(o); err != nil {
		return err
	}
	return s.finish(ctx, tx, o)
}

func raced(err error) error {
	if errors.Is(err, dbx.ErrNoMatch) {
		return errRaced
	}
	return err
}

// govern puts the arrangement of a contract in the place of the one in force.
func (s *Service) govern(ctx context.Context, tx *dbx.Tx, m *move, kind Under, basis string) error {
	cur, err := s.Arrangement(ctx, tx, m.now.ServiceAreaID)
	if err != nil {
		return err
	}
	cur.ScopePath = m.now.ScopePath
	next := cur.next(kind, m.at)
	next.HandlerID, next.ContractID, next.Basis = &m.now.CompanyID, &m.now.ID, basis
	if m.now.Kind == Ordinary && m.now.OwnersID != nil {
		next.OwnersRepID = m.now.OwnersID
	}
	return s.arrange(ctx, tx, m.actor, cur, next)
}

// arrange ends the arrangement in force and begins the next one. Exactly one of those who do it at once
// succeeds; the others get contract.arrangement_changed (Conflict).
func (s *Service) arrange(ctx context.Context, tx *dbx.Tx, actor authz.Actor, cur, next Arrangement) error {
	if !cur.ID.IsZero() {
		if err := endArrangement(ctx, tx, cur.ID, next.From); err != nil {
			return arrangementTaken(err)
		}
		if cur.Kind == UnderEmergency {
			if err := s.settle(ctx, tx, cur.ID, DueEmergency, s.today()); err != nil {
				return err
			}
		}
	}
	next.PersonID, next.OrgID = actor.Person.Ptr(), actor.Org.Ptr()
	if err := insertArrangement(ctx, tx, next); err != nil {
		return arrangementTaken(err)
	}
	detail := arranged{next.ID, next.ServiceAreaID, cur.Kind, next.Kind, cur.HandlerID, next.HandlerID, next.ContractID}
	// A company keeps its open orders until the hand-over is done (CC 950); who worked without a contract goes at once.
	if cur.HandlerID != nil && cur.ContractID == nil {
		if err := s.passOrders(ctx, tx, next.ServiceAreaID, *cur.HandlerID, next.From); err != nil {
			return err
		}
	}
	err := audit.Record(ctx, tx, next.From, audit.Entry{Actor: actor, Action: "arrangement.set", ObjectKind: "arrangement", ObjectID: next.ID, ScopePath: next.ScopePath, Detail: detail})
	if err != nil {
		return err
	}
	return outbox.Add(ctx, tx, next.From, "arrangement.changed", next.ServiceAreaID, detail)
}

// passOrders gives the open orders of an organisation that has left to who works there now.
func (s *Service) passOrders(ctx context.Context, tx *dbx.Tx, serviceArea, from id.ID, at clock.Instant) error {
	if s.Orders == nil {
		return nil
	}
	to, err := s.Handler(ctx, tx, serviceArea)
	if err != nil || to == from {
		return err
	}
	return s.Orders.TakeOver(ctx, tx, serviceArea, from, to, at)
}

// arranged is the payload of the topic arrangement.changed.
type arranged struct {
	Arrangement id.ID  `json:"arrangement"`
	ServiceArea id.ID  `json:"serviceArea"`
	Before      Under  `json:"before"`
	Kind        Under  `json:"kind"`
	HandlerWas  *id.ID `json:"handlerWas,omitempty"`
	Handler     *id.ID `json:"handler,omitempty"`
	Contract    *id.ID `json:"contract,omitempty"`
}

func arrangementTaken(err error) error {
	if errors.Is(err, dbx.ErrNoMatch) || dbx.IsDuplicate(err) {
		return fault.New(fault.Conflict, "contract.arrangement_changed").Because(err)
	}
	return err
}

// RecordContinuation records that the term is over, nobody decided, and the company goes on: the contract
// is of indefinite term from now on (CC 948). It is never done by the clock alone. Faults:
// contract.term_running, contract.no_term.
func (s *Service) RecordContinuation(ctx context.Context, p authz.Principal, which id.ID, how Taken, basis string) (Contract, error) {
	return s.take(ctx, p, which, StepContinue, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		basis, err := text.Line("body.basis", basis, 1, 300)
		if err != nil {
			return err
		}
		if err := m.now.termOver(m.today); err != nil {
			return err
		}
		m.next.State = Indefinite
		if err := s.govern(ctx, tx, m, UnderContinuation, basis); err != nil {
			return err
		}
		return s.settleAll(ctx, tx, m.now, DueDone, m.today, []DeadlineKind{DueFiling})
	})
}

// termOver wants a term that has run out.
func (c Contract) termOver(today clock.Date) error {
	switch {
	case c.EndsOn == nil:
		return fault.New(fault.Conflict, "contract.no_term")
	case *c.EndsOn >= today:
		return fault.New(fault.Conflict, "contract.term_running", "date", string(*c.EndsOn))
	}
	return nil
}
