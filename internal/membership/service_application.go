package membership

import (
	"context"
	"errors"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/text"
)

// Asking is an application to be entered.
type Asking struct {
	Unit     id.ID
	Relation Relation
	Name     string // as in the papers that prove it
	Note     string // what proves it; sealed
}

// Apply asks the community to be entered in a household. Faults: input.invalid (membership.relation,
// text.*); membership.already_member, membership.already_applied, membership.too_many_applications (Conflict).
func (s *Service) Apply(ctx context.Context, p authz.Principal, once idem.Key, in Asking) (Application, error) {
	actor, err := self(p, authz.Object{Persons: []id.ID{p.Person}})
	if err != nil {
		return Application{}, err
	}
	a, err := s.asked(ctx, p, in)
	if err != nil {
		return Application{}, err
	}
	made := a.ID
	err = s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		claimed, again, err := once.Claim(ctx, tx, a.ID)
		if made = claimed; err != nil || again {
			return err
		}
		return s.apply(ctx, tx, actor, a)
	})
	if err != nil {
		return Application{}, err
	}
	return application(ctx, s.db, made)
}

// asked checks the shape of an application and seals what the applicant wrote.
func (s *Service) asked(ctx context.Context, p authz.Principal, in Asking) (Application, error) {
	if in.Relation != Owner && in.Relation != Occupant {
		return Application{}, fault.InvalidField("body.relation", "membership.relation")
	}
	name, err := text.Line("body.name", in.Name, 1, 50)
	if err != nil {
		return Application{}, err
	}
	note, err := text.Paragraph("body.note", in.Note, 0, 500)
	if err != nil {
		return Application{}, err
	}
	home, err := s.homes.Home(ctx, s.db, in.Unit)
	if err != nil {
		return Application{}, err
	}
	a := Application{ID: id.New(), Unit: in.Unit, Person: p.Person, Relation: in.Relation, ScopePath: home.Path, State: Pending, AppliedAt: clock.Now(s.clock)}
	if a.NameSealed, err = s.vault.Seal(personal.ApplicationName, a.ID, name); err != nil {
		return Application{}, err
	}
	a.NoteSealed, err = s.vault.Seal(personal.ApplicationNote, a.ID, note)
	return a, err
}

func (s *Service) apply(ctx context.Context, tx *dbx.Tx, actor authz.Actor, a Application) error {
	waiting, err := countPending(ctx, tx, a.Person)
	if err != nil {
		return err
	}
	if waiting >= maxPending {
		return fault.New(fault.Conflict, "membership.too_many_applications", "most", maxPending)
	}
	mine, err := membershipsOf(ctx, tx, a.Person)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(mine, func(m Member) bool { return m.Unit == a.Unit && m.To == nil }) {
		return fault.New(fault.Conflict, "membership.already_member")
	}
	if err := insertApplication(ctx, tx, a); dbx.IsDuplicate(err) {
		return fault.New(fault.Conflict, "membership.already_applied").Because(err)
	} else if err != nil {
		return err
	}
	return s.record(ctx, tx, actor, "membership.applied", "household_application", a.ID, a.ScopePath, a.event())
}

func (a Application) event() event {
	return event{Application: a.ID.Ptr(), Unit: a.Unit, Person: a.Person, Relation: a.Relation}
}

func (s *Service) loadApplication(ctx context.Context, q dbx.Querier, applicationID id.ID) (Application, error) {
	a, err := application(ctx, q, applicationID)
	if dbx.IsNoRow(err) {
		return a, notFound()
	}
	return a, err
}

// Approve makes the applicant a member. The community decides, by another natural person than the
// applicant, who lives elsewhere. Faults (Conflict): membership.decided, membership.two_persons,
// membership.interested, membership.already_member; version.stale.
func (s *Service) Approve(ctx context.Context, p authz.Principal, applicationID id.ID, version int64) (Application, error) {
	a, actor, err := s.decider(ctx, p, applicationID, version)
	if err != nil {
		return Application{}, err
	}
	asked, err := s.open(ctx, s.db, a)
	if err != nil {
		return Application{}, err
	}
	fresh := id.New()
	err = s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := decideApplication(ctx, tx, a, Approved, actor.Person, fresh, "", clock.Now(s.clock)); err != nil {
			return changed(err)
		}
		if err := s.persons.NameUnnamed(ctx, tx, a.Person, asked.Name); err != nil {
			return err
		}
		if err := s.enter(ctx, tx, actor, fresh, a.Person, a.Unit, a.Relation, ViaApplication); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "membership.approved", "household_application", a.ID, a.ScopePath, a.event())
	})
	if err != nil {
		return Application{}, err
	}
	return application(ctx, s.db, applicationID)
}

// Decline refuses an application with a reason. Faults as of Approve, and input.invalid (membership.reason).
func (s *Service) Decline(ctx context.Context, p authz.Principal, applicationID id.ID, version int64, why Reason) (Application, error) {
	a, actor, err := s.decider(ctx, p, applicationID, version)
	if err != nil {
		return Application{}, err
	}
	if !slices.Contains(declineReasons, why) {
		return Application{}, fault.InvalidField("body.reason", "membership.reason")
	}
	return s.settleApplication(ctx, actor, a, Declined, why, "membership.declined")
}

// Withdraw takes the caller's own application back. Faults: membership.decided (Conflict), version.stale.
func (s *Service) Withdraw(ctx context.Context, p authz.Principal, applicationID id.ID, version int64) (Application, error) {
	a, err := s.loadApplication(ctx, s.db, applicationID)
	if err != nil {
		return Application{}, err
	}
	actor, err := self(p, authz.Object{Persons: []id.ID{a.Person}})
	if err != nil {
		return Application{}, err
	}
	if a.State != Pending {
		return Application{}, fault.New(fault.Conflict, "membership.decided")
	}
	a.Version = version
	return s.settleApplication(ctx, actor, a, Withdrawn, "", "membership.withdrawn")
}

func (s *Service) settleApplication(ctx context.Context, actor authz.Actor, a Application, to ApplicationState, why Reason, topic string) (Application, error) {
	err := s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := decideApplication(ctx, tx, a, to, actor.Person, id.Nil, why, clock.Now(s.clock)); err != nil {
			return changed(err)
		}
		ev := a.event()
		ev.Reason = why
		return s.record(ctx, tx, actor, topic, "household_application", a.ID, a.ScopePath, ev)
	})
	if err != nil {
		return Application{}, err
	}
	return application(ctx, s.db, a.ID)
}

// decider loads an application and checks who decides it.
func (s *Service) decider(ctx context.Context, p authz.Principal, applicationID id.ID, version int64) (Application, authz.Actor, error) {
	a, err := s.loadApplication(ctx, s.db, applicationID)
	if err != nil {
		return a, authz.Actor{}, err
	}
	actor, err := authz.Act(p, authz.MembershipApprove, authz.Object{Path: a.ScopePath})
	if err != nil {
		return a, actor, err
	}
	if !p.Person.IsZero() && p.Person == a.Person {
		return a, actor, fault.New(fault.Conflict, "membership.two_persons")
	}
	if a.State != Pending {
		return a, actor, fault.New(fault.Conflict, "membership.decided")
	}
	a.Version = version
	home, err := s.homes.Home(ctx, s.db, a.Unit)
	if err != nil {
		return a, actor, err
	}
	return a, actor, disinterested(p, home.Household)
}

// Asked is an application as who decides sees it.
type Asked struct {
	Application
	Home  Home
	Name  string // masked until revealed
	Note  string // hidden until revealed
	Phone string // masked until revealed
}

// Applications lists the applications of a state that the community may see, oldest first, masked.
func (s *Service) Applications(ctx context.Context, p authz.Principal, state ApplicationState, req page.Request) (page.Page[Asked], error) {
	none := page.Page[Asked]{}
	grants, err := authz.Holds(p, authz.MembershipApprove)
	if err != nil {
		return none, err
	}
	last, err := lastID(req)
	if err != nil {
		return none, err
	}
	where, args := authz.Where(p, grants, authz.Columns{Path: "a.scope_path"})
	rows, err := applications(ctx, s.db, where, args, state, last, req.Size()+1)
	if err != nil {
		return none, err
	}
	out := make([]Asked, len(rows))
	for i, a := range rows {
		clear, err := s.open(ctx, s.db, a)
		if err != nil {
			return none, err
		}
		out[i] = clear.masked()
	}
	return page.Cut(out, req.Size(), func(a Asked) []string { return []string{a.ID.String()} }), nil
}

func (a Asked) masked() Asked {
	a.Name, a.Phone, a.Note = personal.MaskName(a.Name), personal.MaskPhone(a.Phone), personal.MaskAll(a.Note)
	return a
}

// open reads an application in clear.
func (s *Service) open(ctx context.Context, q dbx.Querier, a Application) (Asked, error) {
	out := Asked{Application: a}
	var err error
	if out.Name, err = s.vault.Open(personal.ApplicationName, a.ID, a.NameSealed); err != nil {
		return out, err
	}
	if out.Note, err = s.vault.Open(personal.ApplicationNote, a.ID, a.NoteSealed); err != nil {
		return out, err
	}
	who, err := s.persons.Named(ctx, q, []id.ID{a.Person})
	if err != nil {
		return out, err
	}
	out.Phone = who[a.Person].Phone
	out.Home, err = s.homeAsked(ctx, q, a)
	return out, err
}

// homeAsked is the home of an application; nothing where the unit was merged, split or struck out meanwhile.
func (s *Service) homeAsked(ctx context.Context, q dbx.Querier, a Application) (Home, error) {
	home, err := s.homes.Home(ctx, q, a.Unit)
	if errors.Is(err, fault.NotFound) {
		return Home{}, nil
	}
	return home, err
}

// OwnApplications lists the caller's applications with the homes they are about, without what was sealed.
func (s *Service) OwnApplications(ctx context.Context, p authz.Principal) ([]Asked, error) {
	if _, err := self(p, authz.Object{Persons: []id.ID{p.Person}}); err != nil {
		return nil, err
	}
	rows, err := applicationsOf(ctx, s.db, p.Person)
	if err != nil {
		return nil, err
	}
	out := make([]Asked, len(rows))
	for i, a := range rows {
		home, err := s.homeAsked(ctx, s.db, a)
		if err != nil {
			return nil, err
		}
		out[i] = Asked{Application: a, Home: home}
	}
	return out, nil
}

// Reveal shows an application in clear to the community, and records the reading, which the applicant
// can see. Fault: input.invalid (personal.reason_unknown).
func (s *Service) Reveal(ctx context.Context, p authz.Principal, applicationID id.ID, reason personal.Reason) (Asked, error) {
	a, err := s.loadApplication(ctx, s.db, applicationID)
	if err != nil {
		return Asked{}, err
	}
	actor, err := authz.Act(p, authz.RollReveal, authz.Object{Path: a.ScopePath})
	if err != nil {
		return Asked{}, err
	}
	var out Asked
	err = s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		var reads []personal.Read
		for _, f := range []personal.Field{personal.ApplicationName, personal.ApplicationNote, personal.PersonPhone} {
			reads = append(reads, personal.Read{Reader: actor.Person, Capacity: string(actor.Role), Subject: a.Person, Field: f,
				Reason: reason, ObjectKind: "household_application", Object: a.ID})
		}
		if err := s.reads.Record(ctx, tx, reads...); err != nil {
			return err
		}
		var err error
		out, err = s.open(ctx, tx, a)
		return err
	})
	return out, err
}
