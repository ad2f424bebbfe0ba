package membership

import (
	"context"
	"errors"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
)

// Slip is one unit's part of a printed sheet.
type Slip struct {
	Home
	Code string // 16 characters; known only now, the database keeps its hash
}

// Sheet is the codes of one making, to be printed and delivered by the community.
type Sheet struct {
	Batch   id.ID
	Estate  string
	Expires clock.Instant
	Slips   []Slip
	Address string // where to enter a code; empty when the platform does not know its own address
}

// codesMade is the audit's detail of a making: never a code.
type codesMade struct {
	Building id.ID `json:"building"`
	Units    int   `json:"units"`
}

// MakeCodes makes a new code for every unit of a building; codes made before for these units and not
// yet used are void from then on. Only the community makes codes (membership.code). The codes are in
// the answer and nowhere else: a repetition of the call is the fault membership.codes_shown_once.
// Faults (Conflict): membership.interested, membership.no_units, membership.codes_raced.
func (s *Service) MakeCodes(ctx context.Context, p authz.Principal, once idem.Key, building id.ID) (Sheet, error) {
	homes, err := s.homes.HomesOf(ctx, s.db, building)
	if err != nil {
		return Sheet{}, err
	}
	return s.makeCodes(ctx, p, once, homes)
}

// MakeCode is MakeCodes for one unit: a lost slip, a new family.
func (s *Service) MakeCode(ctx context.Context, p authz.Principal, once idem.Key, unit id.ID) (Sheet, error) {
	home, err := s.homes.Home(ctx, s.db, unit)
	if err != nil {
		return Sheet{}, err
	}
	return s.makeCodes(ctx, p, once, []Home{home})
}

func (s *Service) makeCodes(ctx context.Context, p authz.Principal, once idem.Key, homes []Home) (Sheet, error) {
	if len(homes) == 0 {
		return Sheet{}, fault.New(fault.Conflict, "membership.no_units")
	}
	actor, err := authz.Act(p, authz.MembershipCode, authz.Object{Path: homes[0].Path})
	if err != nil {
		return Sheet{}, err
	}
	if err := disinterested(p, id.Nil); err != nil {
		return Sheet{}, err
	}
	now := clock.Now(s.clock)
	sheet := Sheet{Batch: id.New(), Estate: homes[0].Estate, Expires: now.Add(CodeLasts), Address: s.publicURL}
	for _, h := range homes {
		code, err := newCode()
		if err != nil {
			return Sheet{}, err
		}
		sheet.Slips = append(sheet.Slips, Slip{h, code})
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		_, again, err := once.Claim(ctx, tx, sheet.Batch)
		if err == nil && again {
			return fault.New(fault.Conflict, "membership.codes_shown_once")
		}
		if err != nil {
			return err
		}
		return s.storeCodes(ctx, tx, actor, sheet, now)
	})
	if err != nil {
		return Sheet{}, err
	}
	return sheet, nil
}

func (s *Service) storeCodes(ctx context.Context, tx *dbx.Tx, actor authz.Actor, sheet Sheet, now clock.Instant) error {
	units := make([]id.ID, len(sheet.Slips))
	for i, c := range sheet.Slips {
		units[i] = c.Unit
	}
	if err := voidCodes(ctx, tx, units, now); err != nil {
		return err
	}
	by := actor.Person
	if by.IsZero() { // a command, or an account that no person stands behind
		by = actor.Account
	}
	if err := insertCodes(ctx, tx, sheet.Batch, by, now, sheet.Expires, sheet.Slips); dbx.IsDuplicate(err) {
		return fault.New(fault.Conflict, "membership.codes_raced").Because(err)
	} else if err != nil {
		return err
	}
	first := sheet.Slips[0]
	return audit.Record(ctx, tx, now, audit.Entry{Actor: actor, Action: "membership.code", ObjectKind: "join_code_batch", ObjectID: sheet.Batch,
		ScopePath: first.Path, Detail: codesMade{first.Building, len(sheet.Slips)}})
}

// CountCodes tells the community how the codes of a building stand.
func (s *Service) CountCodes(ctx context.Context, p authz.Principal, building id.ID) (CodeCount, error) {
	homes, err := s.homes.HomesOf(ctx, s.db, building)
	if err != nil {
		return CodeCount{}, err
	}
	if len(homes) == 0 {
		return CodeCount{}, notFound()
	}
	if err := authz.Require(p, authz.MembershipCode, authz.Object{Path: homes[0].Path}); err != nil {
		return CodeCount{}, err
	}
	return countCodes(ctx, s.db, building, clock.Now(s.clock))
}

// Joining is what somebody enters who joins by a code.
type Joining struct {
	Code     string // as typed
	Relation Relation
	Name     string // as they state it; of no effect for who has a name
}

// Redeem makes the caller a member of the household whose code it is; of several callers with one code
// exactly one gets in. To join as owner takes a place on the roll; whoever is not on it applies. Faults:
// input.invalid (membership.code_form, membership.relation, text.*); membership.code_unknown (NotFound);
// membership.code_used, membership.code_expired, membership.code_void, membership.already_member,
// membership.owner_not_on_roll (Conflict); RateLimited after too many wrong codes.
func (s *Service) Redeem(ctx context.Context, p authz.Principal, once idem.Key, in Joining) (Member, error) {
	actor, err := self(p, authz.Object{Persons: []id.ID{p.Person}})
	if err != nil {
		return Member{}, err
	}
	code, ok := ParseCode(in.Code)
	if !ok {
		return Member{}, fault.InvalidField("body.code", "membership.code_form")
	}
	if in.Relation != Owner && in.Relation != Occupant {
		return Member{}, fault.InvalidField("body.relation", "membership.relation")
	}
	refund, err := s.tries.Spend(ctx, p.Account)
	if err != nil {
		return Member{}, err
	}
	hash := hashCode(code)
	found, err := codeByHash(ctx, s.db, hash[:])
	if dbx.IsNoRow(err) {
		return Member{}, fault.New(fault.NotFound, "membership.code_unknown")
	}
	if err != nil {
		return Member{}, err
	}
	refund(ctx)
	return s.redeem(ctx, actor, once, found, in)
}

func (s *Service) redeem(ctx context.Context, actor authz.Actor, once idem.Key, code codeRow, in Joining) (Member, error) {
	fresh := id.New()
	made := fresh
	err := s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		claimed, again, err := once.Claim(ctx, tx, fresh)
		if made = claimed; err != nil || again {
			return err
		}
		now := clock.Now(s.clock)
		if err := useCode(ctx, tx, code.ID, actor.Person, now); errors.Is(err, dbx.ErrNoMatch) {
			return s.whyNot(ctx, tx, code.ID)
		} else if err != nil {
			return err
		}
		if err := s.persons.StateName(ctx, tx, actor.Person, in.Name); err != nil {
			return err
		}
		return s.enter(ctx, tx, actor, fresh, actor.Person, code.Unit, in.Relation, ViaCode)
	})
	if err != nil {
		return Member{}, err
	}
	return member(ctx, s.db, made)
}

// Claim makes the caller, who is on the roll as an owner of the unit, a member as owner: the way in for
// those who live elsewhere and get no slip. Faults (Conflict): membership.owner_not_on_roll,
// membership.already_member.
func (s *Service) Claim(ctx context.Context, p authz.Principal, once idem.Key, unit id.ID) (Member, error) {
	actor, err := self(p, authz.Object{Persons: []id.ID{p.Person}})
	if err != nil {
		return Member{}, err
	}
	fresh := id.New()
	made := fresh
	err = s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		claimed, again, err := once.Claim(ctx, tx, fresh)
		if made = claimed; err != nil || again {
			return err
		}
		return s.enter(ctx, tx, actor, fresh, p.Person, unit, Owner, ViaRoll)
	})
	if err != nil {
		return Member{}, err
	}
	return member(ctx, s.db, made)
}

// enter makes a person a member of a unit's household, beginning one where nobody lives yet.
func (s *Service) enter(ctx context.Context, tx *dbx.Tx, actor authz.Actor, self, person, unit id.ID, relation Relation, via Via) error {
	now := clock.Now(s.clock)
	home, err := s.homes.Home(ctx, tx, unit)
	if err != nil {
		return err
	}
	if relation == Owner && via != ViaApplication {
		on, err := s.onRoll(ctx, tx, unit, person)
		if err != nil {
			return err
		}
		if !on {
			return fault.New(fault.Conflict, "membership.owner_not_on_roll")
		}
	}
	household, err := s.homes.EnsureHousehold(ctx, tx, unit, now)
	if err != nil {
		return err
	}
	return s.join(ctx, tx, actor, Member{ID: self, Household: household, Unit: unit, Person: person, ScopePath: home.Path,
		Relation: relation, Via: via, From: now, ContestableUntil: now.Add(ContestWithin)})
}

// whyNot says what is wrong with a code that exists.
func (s *Service) whyNot(ctx context.Context, tx *dbx.Tx, code id.ID) error {
	row, err := codeByID(ctx, tx, code)
	switch {
	case err != nil:
		return err
	case row.UsedAt != nil:
		return fault.New(fault.Conflict, "membership.code_used")
	case row.VoidedAt != nil:
		return fault.New(fault.Conflict, "membership.code_void")
	}
	return fault.New(fault.Conflict, "membership.code_expired")
}
