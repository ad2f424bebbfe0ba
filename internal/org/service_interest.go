package org

import (
	"context"
	"errors"
	"slices"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/outbox"
)

// Declaration is an interest to be entered.
type Declaration struct {
	Body    id.ID // the owners' body whose member it is about, when the community enters it; zero when the person does
	Person  id.ID // that member; the caller when zero
	Company id.ID
	Holder  Holder
	Nature  Nature
}

// interestEvent is the payload of interest.declared and interest.ended; Seat is set when the person
// stands for the owners of a place where the company works, which the community then has to deal with.
type interestEvent struct {
	Interest id.ID  `json:"interest"`
	Person   id.ID  `json:"person"`
	Company  id.ID  `json:"company"`
	Seat     *id.ID `json:"seat,omitempty"`
}

// Declare enters an interest of a person or a close relative in a company: by the person, or by the
// community or street for a member of an owners' body of its area. It ends no post, since owners elect
// and recall (CC 278(3)); it refuses later ones, and where it meets a seat already held the event
// interest.declared tells the community. Faults: input.invalid (org.interest_company, org.interest_kind,
// org.person_unknown); org.interest_known (Conflict).
func (s *Service) Declare(ctx context.Context, p authz.Principal, once idem.Key, d Declaration) (Interest, error) {
	actor, scope, err := s.declarer(ctx, p, &d)
	if err != nil {
		return Interest{}, err
	}
	if err := s.checkDeclaration(ctx, d); err != nil {
		return Interest{}, err
	}
	i := Interest{ID: id.New(), Person: d.Person, Company: d.Company, Holder: d.Holder, Nature: d.Nature,
		From: clock.Now(s.clock), ScopePath: scope, Version: 1}
	made := i.ID
	err = s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		claimed, again, err := once.Claim(ctx, tx, i.ID)
		if made = claimed; err != nil || again {
			return err
		}
		return s.declare(ctx, tx, actor, i)
	})
	if err != nil {
		return Interest{}, err
	}
	return interest(ctx, s.db, made)
}

// declarer decides who may declare for whom, and fills in the caller as the person.
func (s *Service) declarer(ctx context.Context, p authz.Principal, d *Declaration) (authz.Actor, string, error) {
	if d.Body.IsZero() {
		d.Person = p.Person
		actor, err := authz.Act(p, authz.AccountSelf, authz.Object{Persons: []id.ID{p.Person}})
		return actor, "", err
	}
	o, err := s.Organisation(ctx, s.db, d.Body)
	if err != nil {
		return authz.Actor{}, "", err
	}
	actor, err := authz.Act(p, authz.PostArea, o.object())
	if err != nil {
		return authz.Actor{}, "", err
	}
	member, err := holdsPost(ctx, s.db, o.ID, d.Person, clock.Now(s.clock))
	if err == nil && (!member || !o.ownersBody()) {
		err = fault.InvalidField("body.personId", "org.person_unknown")
	}
	return actor, o.KeeperPath, err
}

func (s *Service) checkDeclaration(ctx context.Context, d Declaration) error {
	var wrong fault.Collect
	if !slices.Contains([]Holder{HolderSelf, HolderRelative}, d.Holder) {
		wrong.Add("body.holder", "org.interest_kind")
	}
	if !slices.Contains([]Nature{NatureEmployment, NatureShare, NatureSupply, NatureOther}, d.Nature) {
		wrong.Add("body.nature", "org.interest_kind")
	}
	o, err := organisation(ctx, s.db, d.Company)
	if err != nil && !dbx.IsNoRow(err) {
		return err
	}
	if err != nil || o.Kind != Company {
		wrong.Add("body.companyId", "org.interest_company")
	}
	return wrong.Err()
}

func (s *Service) declare(ctx context.Context, tx *dbx.Tx, actor authz.Actor, i Interest) error {
	if err := lockPerson(ctx, tx, i.Person); errors.Is(err, dbx.ErrNoMatch) {
		return fault.InvalidField("body.personId", "org.person_unknown")
	} else if err != nil {
		return err
	}
	if err := insertInterest(ctx, tx, i, actor.Person); dbx.IsDuplicate(err) {
		return fault.New(fault.Conflict, "org.interest_known").Because(err)
	} else if err != nil {
		return err
	}
	at, err := s.seatServed(ctx, tx, i.Person, i.Company, clock.Now(s.clock))
	if err != nil {
		return err
	}
	ev := interestEvent{Interest: i.ID, Person: i.Person, Company: i.Company}
	if at != nil {
		ev.Seat = &at.Post
	}
	return s.recordInterest(ctx, tx, actor, "interest.declare", "interest.declared", i, ev)
}

func (s *Service) recordInterest(ctx context.Context, tx *dbx.Tx, actor authz.Actor, action, topic string, i Interest, ev interestEvent) error {
	now := clock.Now(s.clock)
	err := audit.Record(ctx, tx, now, audit.Entry{Actor: actor, Action: action, ObjectKind: "interest", ObjectID: i.ID, ScopePath: i.ScopePath, Detail: ev})
	if err != nil {
		return err
	}
	return outbox.Add(ctx, tx, now, topic, i.ID, ev)
}

// EndInterest records that an interest is over: by the person where the person declared it, by the
// community or street where they entered it. Faults: org.interest_over (Conflict), version.stale.
func (s *Service) EndInterest(ctx context.Context, p authz.Principal, interestID id.ID, version int64) (Interest, error) {
	i, err := interest(ctx, s.db, interestID)
	if dbx.IsNoRow(err) {
		return Interest{}, notFound()
	}
	if err != nil {
		return Interest{}, err
	}
	perm, obj := authz.AccountSelf, authz.Object{Persons: []id.ID{i.Person}}
	if i.ScopePath != "" {
		perm, obj = authz.PostArea, authz.Object{Path: i.ScopePath, Persons: []id.ID{i.Person}}
	}
	actor, err := authz.Act(p, perm, obj)
	if err != nil {
		return Interest{}, err
	}
	if i.To != nil {
		return Interest{}, fault.New(fault.Conflict, "org.interest_over")
	}
	i.Version = version
	err = s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := endInterest(ctx, tx, i, clock.Now(s.clock)); err != nil {
			return postGone(err)
		}
		return s.recordInterest(ctx, tx, actor, "interest.end", "interest.ended", i, interestEvent{Interest: i.ID, Person: i.Person, Company: i.Company})
	})
	if err != nil {
		return Interest{}, err
	}
	return interest(ctx, s.db, interestID)
}

// OwnInterests lists the interests recorded of the caller.
func (s *Service) OwnInterests(ctx context.Context, p authz.Principal) ([]Interest, error) {
	if err := authz.Require(p, authz.AccountSelf, authz.Object{Persons: []id.ID{p.Person}}); err != nil {
		return nil, err
	}
	return interestsOf(ctx, s.db, p.Person)
}

// Conflicts lists who stands for owners in an area and has an interest in a company that works there.
func (s *Service) Conflicts(ctx context.Context, p authz.Principal, area id.ID) ([]Conflict, error) {
	_, path, err := s.areas.Scope(ctx, s.db, area)
	if err != nil {
		return nil, err
	}
	if err := authz.Require(p, authz.PostRead, authz.Object{Path: path}); err != nil {
		return nil, err
	}
	companies, err := s.serving.CompaniesAt(ctx, s.db, path)
	if err != nil {
		return nil, err
	}
	out := []Conflict{}
	for _, c := range companies {
		found, err := s.conflictsOf(ctx, c, path)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// conflictsOf keeps those whose seat lies where the company works, since an area may hold both apart.
func (s *Service) conflictsOf(ctx context.Context, company id.ID, area string) ([]Conflict, error) {
	paths, err := s.serving.PathsOf(ctx, s.db, company)
	if err != nil {
		return nil, err
	}
	var out []Conflict
	for _, path := range paths {
		if !overlap(path, area) {
			continue
		}
		found, err := s.PersonsHaveConflict(ctx, s.db, company, path)
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			if !slices.Contains(out, c) { // one seat can cover several service areas of an estate
				out = append(out, c)
			}
		}
	}
	return out, nil
}
