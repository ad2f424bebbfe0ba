package vote

import (
	"cmp"
	"context"
	"errors"
	"io"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/text"
)

// OrderKind is what an authority orders.
type OrderKind string

// The kinds of order (PMR 19, BJ 51).
const (
	Correct OrderKind = "correct" // 责令限期改正
	Revoke  OrderKind = "revoke"  // 撤销
)

// Authority is who may order something about a decision.
type Authority string

// The authorities (PMR 19). The housing department has no log-in here: it decides on paper, and the street office records what it decided.
const (
	StreetOffice      Authority = "street_office"
	HousingDepartment Authority = "housing_department"
)

// Decided is what an authority ordered: with the reasons that every owner reads and, of the housing department, the number of its paper.
type Decided struct {
	Kind      OrderKind
	Authority Authority
	Paper     string
	Reasons   string
}

// clean wants the reasons, and of another authority than the one that enters it the number of the paper. Faults: text.*, vote.order_paper.
func (d Decided) clean() (Decided, error) {
	var err error
	if d.Reasons, err = text.Paragraph("body.reasons", d.Reasons, 20, 2000); err != nil {
		return d, err
	}
	if d.Paper, err = text.Line("body.paper", d.Paper, 0, 100); err != nil {
		return d, err
	}
	d.Authority = cmp.Or(d.Authority, StreetOffice)
	if d.Authority == HousingDepartment && d.Paper == "" {
		return d, fault.InvalidField("body.paper", "vote.order_paper")
	}
	return d, nil
}

// Order is an authority's order about a decision: reasoned, told to the owners, open to appeal (R6.10).
type Order struct {
	ID          id.ID          `db:"id" json:"id"`
	Kind        OrderKind      `db:"kind" json:"kind" enum:"correct,revoke"`
	Authority   Authority      `db:"authority" json:"authority" enum:"street_office,housing_department" doc:"Who ordered it; what the housing department decides on paper the street office records"`
	Paper       string         `db:"paper" json:"paper,omitempty" doc:"Number of the authority's paper"`
	Reasons     string         `db:"reasons" json:"reasons"`
	OrgID       id.ID          `db:"org_id" json:"orgId"`
	OrderedBy   id.ID          `db:"ordered_by" json:"-"`
	OrderedRole string         `db:"ordered_role" json:"orderedRole"`
	OrderedAt   clock.Instant  `db:"ordered_at" json:"orderedAt"`
	Appeal      string         `db:"appeal" json:"appeal,omitempty"`
	AppealedBy  *id.ID         `db:"appealed_by" json:"-"`
	AppealedAt  *clock.Instant `db:"appealed_at" json:"appealedAt,omitempty"`
	Upheld      *bool          `db:"upheld" json:"upheld,omitempty" doc:"Of a ruling: the order stays"`
	Ruling      string         `db:"ruling" json:"ruling,omitempty"`
	RuledBy     *id.ID         `db:"ruled_by" json:"-"`
	RuledAt     *clock.Instant `db:"ruled_at" json:"ruledAt,omitempty"`
	EndedPaper  string         `db:"ended_paper" json:"endedPaper,omitempty" doc:"Number of the paper with which the housing department, or who reviews it, ruled on the appeal or lifted its order"`
	EndedAt     *clock.Instant `db:"ended_at" json:"endedAt,omitempty" doc:"When it was lifted"`
	Mine        bool           `db:"-" json:"mine,omitempty" doc:"Of a list: the caller gave or recorded it, so that somebody else rules on an appeal"`
	Version     int64          `db:"version" json:"version"`
}

// Order orders a correction of a decision or revokes it, with reasons that every owner reads. Faults: input.invalid with vote.order_paper.
func (s *Service) Order(ctx context.Context, p authz.Principal, which id.ID, t Taken, in Decided) (Vote, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return v, err
	}
	actor, err := authz.Act(p, authz.VoteOrder, v.object())
	if err != nil {
		return Vote{}, err
	}
	if in, err = in.clean(); err != nil {
		return Vote{}, err
	}
	step := StepOrder
	if in.Kind == Revoke {
		step = StepRevoke
	}
	return s.take(ctx, t, actor, v, step, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		o := Order{ID: id.New(), Kind: in.Kind, Authority: in.Authority, Paper: in.Paper, Reasons: in.Reasons, OrgID: actor.Org, OrderedBy: actor.Person, OrderedRole: string(actor.Role), OrderedAt: m.at}
		m.detail["order"], m.detail["kind"], m.detail["authority"] = o.ID, in.Kind, in.Authority
		m.leaf = map[string]any{"order": o.ID, "order_kind": in.Kind, "authority": in.Authority, "paper": in.Paper, "reasons": in.Reasons}
		return insertOrder(ctx, tx, v.ID, o)
	})
}

// Orders lists the orders about a decision.
func (s *Service) Orders(ctx context.Context, p authz.Principal, which id.ID) ([]Order, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return nil, err
	}
	list, err := ordersOf(ctx, s.DB, v.ID)
	for i, o := range list {
		list[i].Mine = o.OrderedBy == p.Person && !p.Person.IsZero()
	}
	return list, err
}

// AppealOrder appeals against the order in force, for the owners' committee or as an owner. Faults: vote.no_order, vote.appealed.
func (s *Service) AppealOrder(ctx context.Context, p authz.Principal, which, order id.ID, t Taken, content string) (Order, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return Order{}, err
	}
	persons, err := electorPersons(ctx, s.DB, v.ID, p.Person)
	if err != nil {
		return Order{}, err
	}
	actor, err := authz.Act(p, authz.VoteAppeal, v.object(persons...))
	if err = fault.Or(err, asElector(actor, persons)); err != nil {
		return Order{}, err
	}
	if content, err = text.Paragraph("body.appeal", content, 10, 2000); err != nil {
		return Order{}, err
	}
	at := s.now()
	return s.changeOrder(ctx, t, actor, v, order, "vote.appeal_order", func(ctx context.Context, tx *dbx.Tx, o Order) error {
		if o.AppealedAt != nil {
			return fault.New(fault.Conflict, "vote.appealed")
		}
		o.Version, o.Appeal, o.AppealedBy, o.AppealedAt = t.Version, content, actor.Person.Ptr(), &at
		return updateOrder(ctx, tx, v.ID, o)
	})
}

// Ruling is what was decided on an appeal.
type Ruling struct {
	Uphold  bool
	Paper   string // of the housing department, or of who reviews it; needed on its orders
	Reasons string
}

// paperOn wants the number of the paper on an order of the housing department: the street office records what becomes of it and decides nothing
// about it (ADR 17). Fault: input.invalid with vote.order_paper.
func (o *Order) paperOn(number string) error {
	number, err := text.Line("body.paper", number, 0, 100)
	if err == nil && o.Authority == HousingDepartment && number == "" {
		err = fault.InvalidField("body.paper", "vote.order_paper")
	}
	o.EndedPaper = number
	return err
}

// RuleOnAppeal upholds an order or lifts it, by another natural person than the one who gave it; on an order of the housing department with the
// number of the paper that ruled. Faults: vote.no_order, vote.not_appealed, vote.same_person, vote.order_paper.
func (s *Service) RuleOnAppeal(ctx context.Context, p authz.Principal, which, order id.ID, t Taken, in Ruling) (Order, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return Order{}, err
	}
	actor, err := authz.Act(p, authz.VoteOrder, v.object())
	if err != nil {
		return Order{}, err
	}
	if in.Reasons, err = text.Paragraph("body.reasons", in.Reasons, 10, 2000); err != nil {
		return Order{}, err
	}
	at := s.now()
	return s.changeOrder(ctx, t, actor, v, order, "vote.rule_on_appeal", func(ctx context.Context, tx *dbx.Tx, o Order) error {
		switch {
		case o.AppealedAt == nil || o.RuledAt != nil:
			return fault.New(fault.Conflict, "vote.not_appealed")
		case o.OrderedBy == actor.Person && !actor.Person.IsZero():
			return fault.New(fault.Forbidden, "vote.same_person")
		}
		if err := o.paperOn(in.Paper); err != nil {
			return err
		}
		o.Version, o.Upheld, o.Ruling, o.RuledBy, o.RuledAt = t.Version, &in.Uphold, in.Reasons, actor.Person.Ptr(), &at
		if in.Uphold {
			return updateOrder(ctx, tx, v.ID, o)
		}
		o.EndedAt = &at
		if err := updateOrder(ctx, tx, v.ID, o); err != nil {
			return err
		}
		return s.lift(ctx, tx, actor, v.ID, o)
	})
}

// LiftOrder ends an order to correct once the correction is made; one of the housing department with the number of its paper. Faults:
// vote.no_order, vote.order_paper.
func (s *Service) LiftOrder(ctx context.Context, p authz.Principal, which, order id.ID, t Taken, paper string) (Order, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return Order{}, err
	}
	actor, err := authz.Act(p, authz.VoteOrder, v.object())
	if err != nil {
		return Order{}, err
	}
	at := s.now()
	return s.changeOrder(ctx, t, actor, v, order, "vote.lift_order", func(ctx context.Context, tx *dbx.Tx, o Order) error {
		if err := o.paperOn(paper); err != nil {
			return err
		}
		o.Version, o.EndedAt = t.Version, &at
		if err := updateOrder(ctx, tx, v.ID, o); err != nil {
			return err
		}
		return s.lift(ctx, tx, actor, v.ID, o)
	})
}

// lift brings a decision back to where it was posted; the posting goes on from its own day.
func (s *Service) lift(ctx context.Context, tx *dbx.Tx, actor authz.Actor, which id.ID, o Order) error {
	v, err := voteByID(ctx, tx, which)
	if err != nil {
		return err
	}
	return s.step(ctx, tx, actor, v, StepLift, func(_ context.Context, _ *dbx.Tx, m *move) error {
		m.leaf = map[string]any{"order": o.ID, "paper": o.EndedPaper}
		return nil
	})
}

func (s *Service) changeOrder(ctx context.Context, t Taken, actor authz.Actor, v Vote, order id.ID, action string, do func(context.Context, *dbx.Tx, Order) error) (Order, error) {
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := t.Once.Claim(ctx, tx, order); err != nil || again {
			return err
		}
		o, err := orderByID(ctx, tx, v.ID, order)
		if err != nil {
			return err
		}
		if o.EndedAt != nil {
			return fault.New(fault.Conflict, "vote.no_order")
		}
		if err := do(ctx, tx, o); errors.Is(err, dbx.ErrNoMatch) {
			return fault.New(fault.Stale, "version.stale")
		} else if err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, v, action, map[string]any{"order": order})
	})
	if err != nil {
		return Order{}, err
	}
	return orderByID(ctx, s.DB, v.ID, order)
}

// Opening is the opening of one ballot, for a court or for statutory verification: asked for with a reason, done by two tellers, told to the owner.
type Opening struct {
	ID        id.ID          `db:"id" json:"id"`
	Head      int            `db:"head_no" json:"head"`
	Basis     string         `db:"basis" json:"basis" enum:"court,verification"`
	Reason    string         `db:"reason" json:"reason"`
	OrgID     id.ID          `db:"org_id" json:"orgId"`
	AskedBy   id.ID          `db:"asked_by" json:"-"`
	AskedRole string         `db:"asked_role" json:"askedRole"`
	AskedAt   clock.Instant  `db:"asked_at" json:"askedAt"`
	OpenedAt  *clock.Instant `db:"opened_at" json:"openedAt,omitempty" doc:"When a teller said that it was opened"`
	OpenedBy  *id.ID         `db:"opened_by" json:"-"`
}

// AskOpening asks the tellers to open one ballot. The owner is told at once, with the reason.
func (s *Service) AskOpening(ctx context.Context, p authz.Principal, t Taken, which id.ID, head int, basis, reason string) (Opening, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return Opening{}, err
	}
	actor, err := authz.Act(p, authz.VoteVerify, v.object())
	if err != nil {
		return Opening{}, err
	}
	if reason, err = text.Paragraph("body.reason", reason, 20, 1000); err != nil {
		return Opening{}, err
	}
	if v.ClosedAt == nil {
		return Opening{}, impossible(v)
	}
	b, err := ballotOf(ctx, s.DB, v.ID, head)
	if err != nil || b == nil {
		return Opening{}, fault.Or(err, fault.New(fault.NotFound, "not_found"))
	}
	o := Opening{ID: id.New(), Head: head, Basis: basis, Reason: reason, OrgID: actor.Org, AskedBy: actor.Person, AskedRole: string(actor.Role), AskedAt: s.now()}
	made := o.ID
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		got, again, err := t.Once.Claim(ctx, tx, o.ID)
		if made = got; err != nil || again {
			return err
		}
		if err := insertOpening(ctx, tx, v.ID, o); err != nil {
			return err
		}
		persons, err := personsOfHead(ctx, tx, v.ID, head)
		if err != nil {
			return err
		}
		if err := s.tell(ctx, tx, v, "vote.opening", o.AskedAt, persons); err != nil {
			return err
		}
		if err := addLeaf(ctx, tx, v, "opening", o.AskedAt, map[string]any{"opening": o.ID, "head": head, "basis": basis}); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, v, "vote.ask_opening", map[string]any{"opening": o.ID, "head": head, "basis": basis})
	})
	if err != nil {
		return Opening{}, err
	}
	return openingByID(ctx, s.DB, v.ID, made)
}

// Openings lists what openings were asked for: to who may ask, to the tellers, and to an owner those of their own ballot.
func (s *Service) Openings(ctx context.Context, p authz.Principal, which id.ID) ([]Opening, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return nil, err
	}
	list, err := openingsOf(ctx, s.DB, v.ID)
	if err != nil || authz.Require(p, authz.VoteVerify, v.object()) == nil {
		return list, err
	}
	seats, err := seatsOf(ctx, s.DB, v.ID)
	if err != nil {
		return nil, err
	}
	if _, err := mySeat(seats, p.Person); err == nil {
		return list, nil
	}
	heads, err := headsOfPerson(ctx, s.DB, v.ID, p.Person)
	if err != nil {
		return nil, err
	}
	out := []Opening{}
	for _, o := range list {
		for _, h := range heads {
			if h == o.Head {
				out = append(out, o)
			}
		}
	}
	return out, nil
}

// Scans gives a teller the sealed pictures of the paper of a ballot whose opening was asked for, in the order of the two entries; none of a
// ballot that was not on paper. One teller alone opens them no more than the choice.
func (s *Service) Scans(ctx context.Context, p authz.Principal, which, opening id.ID) ([][]byte, error) {
	v, _, _, _, err := s.counting(ctx, p, which)
	if err != nil {
		return nil, err
	}
	o, err := openingByID(ctx, s.DB, v.ID, opening)
	if err != nil {
		return nil, err
	}
	b, err := ballotOf(ctx, s.DB, v.ID, o.Head)
	if err != nil || b == nil {
		return nil, fault.Or(err, fault.New(fault.NotFound, "not_found"))
	}
	out := [][]byte{}
	for _, hash := range [][]byte{b.Scan, b.SecondScan} {
		if hash == nil {
			continue
		}
		body, err := s.Files.Get(ctx, blob.Hash(hash))
		if err != nil {
			return nil, err
		}
		raw, err := io.ReadAll(body)
		if err = errors.Join(err, body.Close()); err != nil {
			return nil, err
		}
		out = append(out, raw)
	}
	return out, nil
}

// MarkOpened records that a teller opened the ballot with another's part, before they see it; the contents go to who asked outside the platform.
// Said again, or by another teller too, it adds to the audit and keeps the first one's time.
func (s *Service) MarkOpened(ctx context.Context, p authz.Principal, t Taken, which, opening id.ID) (Opening, error) {
	v, _, _, mine, err := s.counting(ctx, p, which)
	if err != nil {
		return Opening{}, err
	}
	o, err := openingByID(ctx, s.DB, v.ID, opening)
	if err != nil {
		return o, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := t.Once.Claim(ctx, tx, o.ID); err != nil || again {
			return err
		}
		if err := markOpened(ctx, tx, v.ID, opening, p.Person, s.now()); err != nil && !errors.Is(err, dbx.ErrNoMatch) {
			return err
		}
		return s.audit(ctx, tx, s.asTeller(p, mine), v, "vote.opened", map[string]any{"opening": opening, "head": o.Head, "teller": mine.No})
	})
	if err != nil {
		return Opening{}, err
	}
	return openingByID(ctx, s.DB, v.ID, opening)
}
