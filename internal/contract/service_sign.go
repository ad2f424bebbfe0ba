package contract

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/text"
)

// RecordDecision records the owners' decision that the contract rests on, in the name of the owners' side.
// Faults: contract.decision_failed (Conflict) with the tests of CC 278 that failed; contract.document;
// contract.future; contract.not_owners_side (Forbidden).
func (s *Service) RecordDecision(ctx context.Context, p authz.Principal, which id.ID, how Taken, e Evidence) (Contract, error) {
	return s.take(ctx, p, which, StepDecision, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if side, err := m.side(); err != nil || side != OwnersSide {
			return fault.New(fault.Forbidden, "contract.not_owners_side")
		}
		if !realDay(e.HeldOn) || e.HeldOn > m.today {
			return fault.InvalidField("body.heldOn", "contract.future")
		}
		if err := e.Check(); err != nil {
			return err
		}
		if err := attached(ctx, tx, m.now, e.Document); err != nil {
			return err
		}
		m.note("heldOn", e.HeldOn)
		m.note("tally", e.Tally)
		m.note("document", e.Document)
		return putEvidence(ctx, tx, which, e, m.actor.Person.Ptr(), m.actor.Org.Ptr(), m.at)
	})
}

// Sign records the signature of one party; the second one makes the contract signed and begins the time for
// filing, which is a duty and never a condition. Faults: contract.not_party, contract.same_person,
// contract.side_done, contract.conflict_of_interest, contract.incomplete, contract.decision_missing,
// contract.decision_failed.
func (s *Service) Sign(ctx context.Context, p authz.Principal, which id.ID, how Taken) (Contract, error) {
	return s.take(ctx, p, which, StepSign, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if err := s.maySign(ctx, tx, m); err != nil {
			return err
		}
		return s.bothAssent(ctx, tx, m, ActSign, func() error {
			m.next.State, m.next.SignedOn = Signed, &m.today
			m.topics = append(m.topics, "contract.signed")
			return s.planFiling(ctx, tx, m)
		})
	})
}

// maySign checks what must be there before anybody signs.
func (s *Service) maySign(ctx context.Context, tx *dbx.Tx, m *move) error {
	side, err := m.side()
	if err != nil {
		return err
	}
	if err := s.noConflict(ctx, tx, m, side); err != nil {
		return err
	}
	t, err := terms(ctx, tx, m.now)
	if err != nil {
		return err
	}
	if err := t.complete(); err != nil {
		return err
	}
	if m.now.Kind == EarlyStage {
		return nil
	}
	return s.decided(ctx, tx, m)
}

// noConflict refuses a signature for the owners by a person with an interest in the company (R1.2).
func (s *Service) noConflict(ctx context.Context, tx *dbx.Tx, m *move, side Side) error {
	if side != OwnersSide || m.now.Kind == EarlyStage {
		return nil
	}
	persons, err := s.Orgs.InConflict(ctx, tx, m.now.CompanyID, m.now.ScopePath)
	if err == nil && slices.Contains(persons, m.actor.Person) {
		return fault.New(fault.Conflict, "contract.conflict_of_interest")
	}
	return err
}

// decided wants the owners' decision for an ordinary contract, wherever it is kept, and tests it again: the
// statute is not left to whoever recorded it.
func (s *Service) decided(ctx context.Context, tx *dbx.Tx, m *move) error {
	e, ok, err := s.Decisions.Evidence(ctx, tx, m.now.ID)
	if err != nil {
		return err
	}
	if !ok || e.HeldOn > m.today {
		return fault.New(fault.Conflict, "contract.decision_missing")
	}
	return e.Check()
}

// bothAssent records the assent of the actor's side; when the other side's is there too, then is done.
func (s *Service) bothAssent(ctx context.Context, tx *dbx.Tx, m *move, act Act, then func() error) error {
	side, err := m.side()
	if err != nil {
		return err
	}
	t, err := terms(ctx, tx, m.now)
	if err != nil {
		return err
	}
	a := Assent{Act: act, TermsVersion: m.now.TermsVersion, Side: side, Person: m.actor.Person, Org: m.actor.Org, Post: m.actor.Post.Ptr(),
		TermsHash: blob.Hash(t.hash(m.now.ServiceAreaID, m.now.CompanyID)), At: m.at}
	if err := insertAssent(ctx, tx, m.now.ID, a); err != nil {
		return assentTaken(ctx, tx, m.now.ID, a, err)
	}
	m.note("side", side)
	m.note("terms", a.TermsHash)
	n, err := countAssents(ctx, tx, m.now.ID, act, m.now.TermsVersion)
	if err == nil && n == 2 {
		return then()
	}
	return err
}

// assentTaken tells which of the two rules a second assent breaks: one for each side, by two persons.
func assentTaken(ctx context.Context, tx *dbx.Tx, contract id.ID, a Assent, err error) error {
	if !dbx.IsDuplicate(err) {
		return err
	}
	given, e := assents(ctx, tx, contract)
	if e != nil {
		return e
	}
	if slices.ContainsFunc(given, func(g Assent) bool { return g.Act == a.Act && g.TermsVersion == a.TermsVersion && g.Side == a.Side }) {
		return fault.New(fault.Conflict, "contract.side_done").Because(err)
	}
	return fault.New(fault.Conflict, "contract.same_person").Because(err)
}

// File records the filing with the authority. Faults: contract.filed, contract.future, contract.before_signing.
func (s *Service) File(ctx context.Context, p authz.Principal, which id.ID, how Taken, on clock.Date, number string) (Contract, error) {
	return s.take(ctx, p, which, StepFile, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		number, err := text.Line("body.number", number, 1, 60)
		if err != nil {
			return err
		}
		switch {
		case m.now.FiledOn != nil:
			return fault.New(fault.Conflict, "contract.filed")
		case !realDay(on) || on > m.today:
			return fault.InvalidField("body.filedOn", "contract.future")
		case m.now.SignedOn != nil && on < *m.now.SignedOn:
			return fault.InvalidField("body.filedOn", "contract.before_signing")
		}
		m.next.FiledOn, m.next.FilingNumber = &on, &number
		m.note("filedOn", on)
		return s.settle(ctx, tx, m.now.ID, DueFiling, on)
	})
}
