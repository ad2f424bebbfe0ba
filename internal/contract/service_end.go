package contract

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// NoticeKind is what a notice announces.
type NoticeKind string

// The kinds of notice.
const (
	OwnersDismissal    NoticeKind = "owners_dismissal"     // the owners end it: 60 days (CC 946)
	ProviderNonRenewal NoticeKind = "provider_non_renewal" // the provider will not renew: 90 days before the end (CC 947)
	IndefiniteEnd      NoticeKind = "indefinite_end"       // either side ends a contract of indefinite term: 60 days (CC 948)
)

// noticeForm is what a kind of notice asks for.
type noticeForm struct {
	sides []Side
	state State
	param rules.Param
}

var noticeForms = map[NoticeKind]noticeForm{
	OwnersDismissal:    {[]Side{OwnersSide}, InForce, rules.OwnersTerminationNotice},
	ProviderNonRenewal: {[]Side{CompanySide}, InForce, rules.ProviderUnwillingNotice},
	IndefiniteEnd:      {[]Side{CompanySide, OwnersSide}, Indefinite, rules.IndefiniteEndNotice},
}

// NewNotice is a written notice to be recorded.
type NewNotice struct {
	Kind     NoticeKind `json:"kind" enum:"owners_dismissal,provider_non_renewal,indefinite_end"`
	Side     Side       `json:"side" enum:"company,owners" doc:"Who gave it"`
	GivenOn  clock.Date `json:"givenOn" doc:"The day it reached the other side"`
	Document blob.Hash  `json:"document" doc:"Hash of the notice, one of the contract's documents"`
}

// Notice is a written notice on record.
type Notice struct {
	ID          id.ID         `db:"id" json:"id"`
	Kind        NoticeKind    `db:"kind" json:"kind" enum:"owners_dismissal,provider_non_renewal,indefinite_end"`
	Side        Side          `db:"side" json:"side" enum:"company,owners"`
	GivenOn     clock.Date    `db:"given_on" json:"givenOn"`
	Document    blob.Hash     `db:"document" json:"document"`
	EarliestEnd clock.Date    `db:"earliest_end" json:"earliestEnd" doc:"The first day on which the contract can end by it"`
	Late        bool          `db:"late" json:"late" doc:"It came later than the law or the contract asks"`
	Count       int           `db:"count_of" json:"count"`
	Unit        calendar.Unit `db:"unit" json:"unit" enum:"calendar_days,working_days,months,years"`
	Basis       string        `db:"basis" json:"basis"`
	Clause      *string       `db:"clause" json:"clause,omitempty"`
	RuleHash    rules.Hash    `db:"rule_hash" json:"ruleHash"`
	RecordedAt  clock.Instant `db:"recorded_at" json:"recordedAt"`
}

// GiveNotice records a written notice and computes the earliest end: its own period from the day it was
// given, and for a provider that will not renew never before the term is over. A notice ends nothing by
// itself. Faults: contract.notice_kind (Conflict), contract.notice_side, contract.notice_day,
// contract.document, contract.not_party.
func (s *Service) GiveNotice(ctx context.Context, p authz.Principal, which id.ID, how Taken, in NewNotice) (Contract, error) {
	return s.take(ctx, p, which, StepNotice, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if err := m.checkNotice(in); err != nil {
			return err
		}
		if err := attached(ctx, tx, m.now, in.Document); err != nil {
			return err
		}
		n, due, err := s.weigh(ctx, tx, m.now, in)
		if err != nil {
			return err
		}
		n.RecordedAt = m.at
		m.note("notice", n.ID)
		m.note("kind", n.Kind)
		m.note("earliestEnd", n.EarliestEnd)
		if err := insertNotice(ctx, tx, which, n, m.actor.Person.Ptr(), m.actor.Org.Ptr()); err != nil {
			return err
		}
		return s.plan(ctx, tx, due)
	})
}

func (m *move) checkNotice(in NewNotice) error {
	form, known := noticeForms[in.Kind]
	switch {
	case !known, form.state != m.now.State, in.Kind == ProviderNonRenewal && m.now.EndsOn == nil:
		return fault.New(fault.Conflict, "contract.notice_kind", "state", string(m.now.State))
	case in.Side != form.sides[0] && in.Side != form.sides[len(form.sides)-1]:
		return fault.InvalidField("body.side", "contract.notice_side")
	case !realDay(in.GivenOn) || in.GivenOn > m.today || in.GivenOn < *m.now.InForceOn:
		return fault.InvalidField("body.givenOn", "contract.notice_day")
	}
	return m.speaksFor(in.Side)
}

// speaksFor lets a party speak for itself only; the street office and the community record for either.
func (m *move) speaksFor(side Side) error {
	if m.publicBody() {
		return nil
	}
	own, err := m.side()
	if err == nil && own != side {
		return fault.New(fault.Forbidden, "contract.not_party")
	}
	return err
}

// publicBody tells whether the actor is an office rather than a party.
func (m *move) publicBody() bool {
	switch m.actor.Role {
	case authz.RoleStreetOffice, authz.RoleCommunity, authz.RoleSystem:
		return true
	}
	return false
}

// weigh computes what a notice leads to. Its deadline carries the period as counted from the day it was given.
func (s *Service) weigh(ctx context.Context, tx *dbx.Tx, c Contract, in NewNotice) (Notice, Deadline, error) {
	r, ok, err := s.rule(ctx, tx, c, noticeForms[in.Kind].param)
	if err != nil {
		return Notice{}, Deadline{}, err
	}
	if !ok { // the national profile states every notice; a set of rules without it is refused
		return Notice{}, Deadline{}, fault.New(fault.Internal, "internal")
	}
	n := Notice{ID: id.New(), Kind: in.Kind, Side: in.Side, GivenOn: in.GivenOn, Document: in.Document,
		Count: r.Count, Unit: r.Unit, Basis: r.Basis, Clause: r.clause, RuleHash: s.Rules.Hash(rules.Localities)}
	d := r.to(c.deadline(n.ID, DueNotice, in.GivenOn))
	d.Back = false
	if err := d.compute(s.Rules.Calendar); err != nil {
		return n, d, err
	}
	if n.EarliestEnd = d.DueOn; in.Kind != ProviderNonRenewal {
		return n, d, nil
	}
	latest := r.to(c.deadline(n.ID, DueNonRenewal, *c.EndsOn))
	if err := latest.compute(s.Rules.Calendar); err != nil {
		return n, d, err
	}
	if n.Late = in.GivenOn > latest.DueOn; !n.Late {
		n.EarliestEnd = *c.EndsOn
		d.BaseOn, d.Count = *c.EndsOn, 0
	}
	return n, d, nil
}

// Ending is how a contract ended.
type Ending struct {
	Ground   Ground     `json:"ground" enum:"notice,agreement,judgment,abandoned"`
	NoticeID *id.ID     `json:"noticeId,omitempty" doc:"The notice it rests on; required for the ground notice"`
	EndedOn  clock.Date `json:"endedOn" doc:"The day it ended; not in the future"`
	Document *blob.Hash `json:"document,omitempty" doc:"Hash of the agreement, judgment or record, one of the contract's documents; required for the other grounds"`
}

// Terminate records that people ended the contract: by a notice whose time has run, or, by the street office
// or the community, by agreement, judgment or because the company left. The hand-over begins: the company
// keeps its open orders until takeover and nothing else (CC 949, 950). Faults: contract.ground,
// contract.notice_running, contract.ended_day, contract.document, contract.not_party, contract.office_record.
func (s *Service) Terminate(ctx context.Context, p authz.Principal, which id.ID, how Taken, in Ending) (Contract, error) {
	return s.take(ctx, p, which, StepEnd, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if !realDay(in.EndedOn) || in.EndedOn > m.today || in.EndedOn < *m.now.InForceOn {
			return fault.InvalidField("body.endedOn", "contract.ended_day")
		}
		if err := s.checkGround(ctx, tx, m, in); err != nil {
			return err
		}
		m.note("ground", in.Ground)
		m.note("endedOn", in.EndedOn)
		if err := s.end(ctx, tx, m, in.Ground, in.EndedOn); err != nil {
			return err
		}
		cur, err := s.Arrangement(ctx, tx, m.now.ServiceAreaID)
		if err != nil || id.OrNil(cur.ContractID) != m.now.ID {
			return err
		}
		return s.arrange(ctx, tx, m.actor, cur, cur.next(UnderNone, m.at))
	})
}

func (s *Service) checkGround(ctx context.Context, tx *dbx.Tx, m *move, in Ending) error {
	switch in.Ground {
	case ByNotice:
		return s.checkMatured(ctx, tx, m, in)
	case ByAgreement, ByJudgment, ByLeaving:
		if !m.publicBody() {
			return fault.New(fault.Forbidden, "contract.office_record")
		}
		if in.Document == nil {
			return fault.InvalidField("body.document", "contract.document")
		}
		m.note("document", *in.Document)
		return attached(ctx, tx, m.now, *in.Document)
	}
	return fault.InvalidField("body.ground", "contract.ground")
}

// checkMatured wants a notice of this contract whose time has run on the day named.
func (s *Service) checkMatured(ctx context.Context, tx *dbx.Tx, m *move, in Ending) error {
	if !m.publicBody() {
		if _, err := m.side(); err != nil {
			return err
		}
	}
	if in.NoticeID == nil {
		return fault.InvalidField("body.noticeId", "contract.notice_unknown")
	}
	n, ok, err := notice(ctx, tx, m.now.ID, *in.NoticeID)
	if err != nil {
		return err
	}
	if !ok {
		return fault.InvalidField("body.noticeId", "contract.notice_unknown")
	}
	if in.EndedOn < n.EarliestEnd {
		return fault.New(fault.Conflict, "contract.notice_running", "date", string(n.EarliestEnd))
	}
	m.note("notice", n.ID)
	return s.settle(ctx, tx, n.ID, DueNotice, in.EndedOn)
}

// end makes the contract terminated and opens its hand-over.
func (s *Service) end(ctx context.Context, tx *dbx.Tx, m *move, ground Ground, on clock.Date) error {
	m.next.State, m.next.EndGround, m.next.EndedOn = Terminated, &ground, &on
	m.topics = append(m.topics, "contract.terminated")
	if err := s.settleAll(ctx, tx, m.now, DueVoid, m.today, []DeadlineKind{DueFiling}); err != nil {
		return err
	}
	if err := insertItems(ctx, tx, m.now.ID); err != nil {
		return err
	}
	return s.planRule(ctx, tx, m.now, m.now.ID, DueHandover, rules.Handover, on)
}
