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
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
)

// Crossing is a cross-appointment to be entered.
type Crossing struct {
	Person id.ID
	Home   id.ID
	Host   id.ID
	Kind   CrossKind
}

// crossEvent is the payload of cross.started and cross.ended. It leaves out what the appointment is
// to: that could tell of Party membership.
type crossEvent struct {
	Cross  id.ID `json:"cross"`
	Person id.ID `json:"person"`
}

// side is the path of the side of a cross-appointment that has a place: whose community or street
// records it.
func side(home, host Organisation) string {
	if host.ScopePath != "" {
		return host.ScopePath
	}
	return home.ScopePath
}

// Cross enters a cross-appointment. Faults: input.invalid (org.cross_hosts, org.cross_home,
// org.cross_post when the person lacks the post at home that it takes); org.cross_consent,
// org.cross_held, org.self_appointment (Conflict).
func (s *Service) Cross(ctx context.Context, p authz.Principal, once idem.Key, in Crossing) (CrossAppointment, error) {
	home, host, err := s.bothSides(ctx, in)
	if err != nil {
		return CrossAppointment{}, err
	}
	actor, err := authz.Act(p, authz.CrossPost, authz.Object{Path: side(home, host)})
	if err != nil {
		return CrossAppointment{}, err
	}
	if !actor.Person.IsZero() && actor.Person == in.Person {
		return CrossAppointment{}, fault.New(fault.Conflict, "org.self_appointment")
	}
	row, err := in.Kind.rule(home.Kind, host.Kind)
	if err != nil {
		return CrossAppointment{}, err
	}
	c := CrossAppointment{ID: id.New(), Person: in.Person, Home: in.Home, Host: in.Host, Kind: in.Kind,
		ScopePath: side(home, host), From: clock.Now(s.clock), Version: 1}
	made := c.ID
	err = s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		claimed, again, err := once.Claim(ctx, tx, c.ID)
		if made = claimed; err != nil || again {
			return err
		}
		return s.cross(ctx, tx, actor, c, row, home, host)
	})
	if err != nil {
		return CrossAppointment{}, err
	}
	return cross(ctx, s.db, made)
}

func (s *Service) bothSides(ctx context.Context, in Crossing) (home, host Organisation, err error) {
	if home, err = s.Organisation(ctx, s.db, in.Home); err != nil {
		return home, host, err
	}
	if host, err = s.Organisation(ctx, s.db, in.Host); err != nil {
		return home, host, err
	}
	if home.State == Closed || host.State == Closed {
		err = fault.New(fault.Conflict, "org.closed")
	}
	return home, host, err
}

func (s *Service) cross(ctx context.Context, tx *dbx.Tx, actor authz.Actor, c CrossAppointment, row crossing, home, host Organisation) error {
	if err := lockPerson(ctx, tx, c.Person); errors.Is(err, dbx.ErrNoMatch) {
		return fault.InvalidField("body.personId", "org.person_unknown")
	} else if err != nil {
		return err
	}
	holds, err := holdsRole(ctx, tx, home.ID, c.Person, row.Roles, c.From)
	if err != nil {
		return err
	}
	if !holds {
		return fault.InvalidField("body.personId", "org.cross_post")
	}
	if c.revealing(host.Kind) {
		if c.Consent, err = s.labelConsent(ctx, tx, c.Person); err != nil {
			return err
		}
	}
	if c.Conflict, err = s.crossConflict(ctx, tx, c, home, host); err != nil {
		return err
	}
	if err := insertCross(ctx, tx, c, actor.Person); dbx.IsDuplicate(err) {
		return fault.New(fault.Conflict, "org.cross_held").Because(err)
	} else if err != nil {
		return err
	}
	return s.recordCross(ctx, tx, actor, "cross.record", "cross.started", c)
}

// labelConsent finds the person's consent in force to Party membership being shown.
func (s *Service) labelConsent(ctx context.Context, q dbx.Querier, person id.ID) (*id.ID, error) {
	all, err := s.consents.List(ctx, q, person)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if c.Purpose == personal.PurposePartyLabel && c.WithdrawnAt == nil {
			return &c.ID, nil
		}
	}
	return nil, fault.New(fault.Conflict, "org.cross_consent")
}

func (s *Service) crossConflict(ctx context.Context, q dbx.Querier, c CrossAppointment, home, host Organisation) (ConflictNote, error) {
	if host.Kind == Company {
		ties, err := companyTies(ctx, q, c.Person, c.From)
		if err == nil && slices.ContainsFunc(ties, func(t Conflict) bool { return t.Company == host.ID }) {
			return InterestInHost, nil
		}
		return NoConflict, err
	}
	if home.Kind != Company {
		return NoConflict, nil
	}
	companies, err := s.serving.CompaniesAt(ctx, q, host.ScopePath)
	if err == nil && slices.Contains(companies, home.ID) {
		return HomeServesThere, nil
	}
	return NoConflict, err
}

func (s *Service) recordCross(ctx context.Context, tx *dbx.Tx, actor authz.Actor, action, topic string, c CrossAppointment) error {
	now := clock.Now(s.clock)
	ev := crossEvent{Cross: c.ID, Person: c.Person}
	err := audit.Record(ctx, tx, now, audit.Entry{Actor: actor, Action: action, ObjectKind: "cross_appointment", ObjectID: c.ID, ScopePath: c.ScopePath, Detail: ev})
	if err != nil {
		return err
	}
	return outbox.Add(ctx, tx, now, topic, c.ID, ev)
}

// EndCross ends a cross-appointment: by who may record one there, or by the person. Faults:
// input.invalid (org.end_reason); org.cross_over (Conflict); version.stale.
func (s *Service) EndCross(ctx context.Context, p authz.Principal, crossID id.ID, version int64, why EndReason) (CrossAppointment, error) {
	c, err := cross(ctx, s.db, crossID)
	if dbx.IsNoRow(err) {
		return CrossAppointment{}, notFound()
	}
	if err != nil {
		return CrossAppointment{}, err
	}
	actor, err := authz.Act(p, authz.CrossPost, authz.Object{Path: c.ScopePath})
	if err != nil && p.Person == c.Person {
		actor, err = authz.Act(p, authz.AccountSelf, authz.Object{Persons: []id.ID{c.Person}})
		why = EndResigned
	}
	switch {
	case err != nil:
		return CrossAppointment{}, err
	case !slices.Contains(endReasons, why):
		return CrossAppointment{}, fault.InvalidField("body.reason", "org.end_reason")
	case c.To != nil:
		return CrossAppointment{}, fault.New(fault.Conflict, "org.cross_over")
	}
	c.Version = version
	if err := s.endCross(ctx, actor, c, why); err != nil {
		return CrossAppointment{}, err
	}
	return cross(ctx, s.db, crossID)
}

func (s *Service) endCross(ctx context.Context, actor authz.Actor, c CrossAppointment, why EndReason) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := endCross(ctx, tx, c, clock.Now(s.clock), why); err != nil {
			return postGone(err)
		}
		return s.recordCross(ctx, tx, actor, "cross.end", "cross.ended", c)
	})
}

func (s *Service) endUnconsented(ctx context.Context, limit int) (int, error) {
	due, err := unconsented(ctx, s.db, limit)
	if err != nil {
		return 0, err
	}
	for n, c := range due {
		if err := s.endCross(ctx, authz.Actor{Role: authz.RoleSystem}, c, EndConsent); err != nil && !errors.Is(err, fault.Stale) {
			return n, err
		}
	}
	return len(due), nil
}

// CrossHeld is a cross-appointment with the masked name of its holder.
type CrossHeld struct {
	CrossAppointment
	Name string
}

// CrossList lists the cross-appointments of the caller's area, or from the caller's company; past adds
// those that have ended.
func (s *Service) CrossList(ctx context.Context, p authz.Principal, past bool, req page.Request) (page.Page[CrossHeld], error) {
	none := page.Page[CrossHeld]{}
	grants, err := authz.Holds(p, authz.PostRead)
	if err != nil {
		return none, err
	}
	last, err := lastID(req)
	if err != nil {
		return none, err
	}
	where, args := authz.Where(p, grants, authz.Columns{Path: "c.scope_path", Org: "c.home_org_id"})
	rows, err := crossList(ctx, s.db, where, args, past, last, req.Size()+1)
	if err != nil {
		return none, err
	}
	ids := make([]id.ID, len(rows))
	for i, c := range rows {
		ids[i] = c.Person
	}
	persons, err := s.Persons(ctx, s.db, ids)
	if err != nil {
		return none, err
	}
	out := make([]CrossHeld, len(rows))
	for i, c := range rows {
		out[i] = CrossHeld{c, persons[c.Person].Masked().Name}
	}
	return page.Cut(out, req.Size(), func(c CrossHeld) []string { return []string{c.ID.String()} }), nil
}

// lastID reads a cursor that holds one id; the zero ID for the first page.
func lastID(req page.Request) (id.ID, error) {
	parts, err := page.Decode(req.Cursor, 1)
	if err != nil || parts == nil {
		return id.Nil, err
	}
	last, err := id.Parse(parts[0])
	if err != nil {
		return id.Nil, badCursor()
	}
	return last, nil
}

// Coverage counts how far cross-appointment has come in an area now (R1.2).
func (s *Service) Coverage(ctx context.Context, p authz.Principal, area id.ID) (Coverage, error) {
	_, path, err := s.areas.Scope(ctx, s.db, area)
	if err != nil {
		return Coverage{}, err
	}
	if err := authz.Require(p, authz.PostRead, authz.Object{Path: path}); err != nil {
		return Coverage{}, err
	}
	return coverage(ctx, s.db, path, clock.Now(s.clock))
}
