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
)

func notFound() error  { return fault.New(fault.NotFound, "not_found") }
func stale() error     { return fault.New(fault.Stale, "version.stale") }
func badCursor() error { return fault.InvalidField("query.cursor", "page.cursor") }

// orgChanged is the payload of the topics org.created, org.changed and org.closed.
type orgChanged struct {
	Org  id.ID `json:"org"`
	Kind Kind  `json:"kind"`
}

// Organisation reads one, for other features; no permission is asked. The fault not_found.
func (s *Service) Organisation(ctx context.Context, q dbx.Querier, org id.ID) (Organisation, error) {
	o, err := organisation(ctx, q, org)
	if dbx.IsNoRow(err) {
		return o, notFound()
	}
	return o, err
}

// CompanyByCode reads the property company with a unified social credit code, for other features. The fault
// not_found.
func (s *Service) CompanyByCode(ctx context.Context, q dbx.Querier, code string) (Organisation, error) {
	o, err := companyByCode(ctx, q, code)
	if dbx.IsNoRow(err) {
		return o, notFound()
	}
	return o, err
}

// Show returns one organisation to who may see it.
func (s *Service) Show(ctx context.Context, p authz.Principal, org id.ID) (Organisation, error) {
	o, err := s.Organisation(ctx, s.db, org)
	if err != nil {
		return Organisation{}, err
	}
	return o, authz.Require(p, authz.OrgRead, o.object())
}

// Look returns one organisation to who may see it, and to everybody else who may see organisations at all what
// the directory shows of it. A closed one is in no directory.
func (s *Service) Look(ctx context.Context, p authz.Principal, org id.ID) (o Organisation, whole bool, err error) {
	if o, err = s.Show(ctx, p, org); err == nil || !errors.Is(err, fault.NotFound) || o.State != Active {
		return o, true, err
	}
	_, err = authz.Holds(p, authz.OrgRead)
	return o, false, err
}

// place finds where an organisation of the draft's kind belongs: its scope path, and the path of the
// area whose office keeps the record. The fault org.area_kind when the area is not of a fitting kind.
func (s *Service) place(ctx context.Context, q dbx.Querier, d Draft) (scope, keeper string, err error) {
	f := forms[d.Kind]
	if f.In == nil {
		return "", "", nil
	}
	kind, path, err := s.areas.Scope(ctx, q, d.Area)
	if err != nil {
		return "", "", err
	}
	if !slices.Contains(f.In, kind) {
		return "", "", fault.InvalidField("body.areaId", "org.area_kind", "kind", string(d.Kind), "expected", areaNames(f.In))
	}
	if !f.Bound {
		return "", path, nil
	}
	return path, path, nil
}

func areaNames(kinds []AreaKind) []string {
	out := make([]string, len(kinds))
	for i, k := range kinds {
		out[i] = string(k)
	}
	return out
}

// Create enters an organisation. Faults: input.invalid (org.kind, org.area_kind, org.credit_code);
// org.kind_taken (Conflict) when the area already has an active one of this kind; org.credit_code_taken.
func (s *Service) Create(ctx context.Context, p authz.Principal, once idem.Key, d Draft) (Organisation, error) {
	d, err := d.clean()
	if err != nil {
		return Organisation{}, err
	}
	scope, keeper, err := s.place(ctx, s.db, d)
	if err != nil {
		return Organisation{}, err
	}
	actor, err := authz.Act(p, authz.OrgManage, authz.Object{Path: keeper})
	if err != nil {
		return Organisation{}, err
	}
	o := d.organisation(id.New(), scope, keeper, clock.Now(s.clock))
	made := o.ID
	err = s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		claimed, again, err := once.Claim(ctx, tx, o.ID)
		if made = claimed; err != nil || again {
			return err
		}
		if err := insertOrganisation(ctx, tx, o); err != nil {
			return taken(err, d)
		}
		return s.record(ctx, tx, actor, "org.create", "org.created", o)
	})
	if err != nil {
		return Organisation{}, err
	}
	return s.Organisation(ctx, s.db, made)
}

func (d Draft) organisation(self id.ID, scope, keeper string, at clock.Instant) Organisation {
	o := Organisation{ID: self, Kind: d.Kind, Name: d.Name, ScopePath: scope, KeeperPath: keeper,
		PublicPhone: d.PublicPhone, Address: d.Address, State: Active, CreatedAt: at, Version: 1}
	if d.CreditCode != "" {
		o.CreditCode = &d.CreditCode
	}
	if scope != "" {
		o.Area = d.Area.Ptr()
	}
	return o
}

// taken translates the refusals of the unique keys.
func taken(err error, d Draft) error {
	switch {
	case dbx.DuplicateOf(err, "credit_code"):
		return fault.New(fault.Conflict, "org.credit_code_taken").Because(err)
	case dbx.DuplicateOf(err, "sole_area_id"):
		return fault.New(fault.Conflict, "org.kind_taken", "kind", string(d.Kind)).Because(err)
	}
	return err
}

func (s *Service) record(ctx context.Context, tx *dbx.Tx, actor authz.Actor, action, topic string, o Organisation) error {
	at := clock.Now(s.clock)
	err := audit.Record(ctx, tx, at, audit.Entry{Actor: actor, Action: action, ObjectKind: "organisation", ObjectID: o.ID, ScopePath: o.KeeperPath,
		Detail: orgChanged{o.ID, o.Kind}})
	if err != nil {
		return err
	}
	return outbox.Add(ctx, tx, at, topic, o.ID, orgChanged{o.ID, o.Kind})
}

// Change edits name, code, phone and address; kind and area never change, since posts and papers stand
// on them. Faults as of Create; version.stale; org.closed (Conflict).
func (s *Service) Change(ctx context.Context, p authz.Principal, org id.ID, version int64, d Draft) (Organisation, error) {
	o, err := s.Show(ctx, p, org)
	if err != nil {
		return Organisation{}, err
	}
	actor, err := authz.Act(p, authz.OrgManage, o.object())
	if err != nil {
		return Organisation{}, err
	}
	d.Kind = o.Kind
	if d, err = d.clean(); err != nil {
		return Organisation{}, err
	}
	next := d.organisation(o.ID, o.ScopePath, o.KeeperPath, o.CreatedAt)
	err = s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		err := updateOrganisation(ctx, tx, next, version)
		if errors.Is(err, dbx.ErrNoMatch) {
			return s.whyNot(ctx, tx, org)
		}
		if err != nil {
			return taken(err, d)
		}
		return s.record(ctx, tx, actor, "org.change", "org.changed", next)
	})
	if err != nil {
		return Organisation{}, err
	}
	return s.Organisation(ctx, s.db, org)
}

// whyNot tells a closed organisation from one that somebody else has just changed.
func (s *Service) whyNot(ctx context.Context, q dbx.Querier, org id.ID) error {
	o, err := s.Organisation(ctx, q, org)
	if err != nil {
		return err
	}
	if o.State == Closed {
		return fault.New(fault.Conflict, "org.closed")
	}
	return stale()
}

// Close ends an organisation without posts in force. Faults: org.posts_in_force (Conflict) with their
// number; org.closed; version.stale.
func (s *Service) Close(ctx context.Context, p authz.Principal, org id.ID, version int64) (Organisation, error) {
	o, err := s.Show(ctx, p, org)
	if err != nil {
		return Organisation{}, err
	}
	actor, err := authz.Act(p, authz.OrgManage, o.object())
	if err != nil {
		return Organisation{}, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		at := clock.Now(s.clock)
		err := closeOrganisation(ctx, tx, org, version, at)
		if errors.Is(err, dbx.ErrNoMatch) {
			return s.whyNot(ctx, tx, org)
		}
		if err != nil {
			return err
		}
		// The row is now locked: an appointment either is seen here or finds the organisation closed.
		held, err := countPosts(ctx, tx, org)
		if err != nil {
			return err
		}
		if held > 0 {
			return fault.New(fault.Conflict, "org.posts_in_force", "posts", held)
		}
		return s.record(ctx, tx, actor, "org.close", "org.closed", o)
	})
	if err != nil {
		return Organisation{}, err
	}
	return s.Organisation(ctx, s.db, org)
}

// Filter narrows a list of organisations; empty fields narrow nothing.
type Filter struct {
	Kind  Kind
	Name  string // the beginning of the name
	Area  id.ID  // kept at or below this area
	State State  // only for List
}

func (s *Service) listing(ctx context.Context, f Filter, req page.Request) (listing, error) {
	l := listing{where: "1 = 1", Kind: f.Kind, Name: f.Name, State: f.State, Limit: req.Size() + 1}
	if !f.Area.IsZero() {
		_, path, err := s.areas.Scope(ctx, s.db, f.Area)
		if err != nil {
			return l, err
		}
		l.Under = path
	}
	var err error
	l.After, err = page.Decode(req.Cursor, 2)
	return l, err
}

// List returns the organisations that p may see, by name.
func (s *Service) List(ctx context.Context, p authz.Principal, f Filter, req page.Request) (page.Page[Organisation], error) {
	grants, err := authz.Holds(p, authz.OrgRead)
	if err != nil {
		return page.Page[Organisation]{}, err
	}
	l, err := s.listing(ctx, f, req)
	if err != nil {
		return page.Page[Organisation]{}, err
	}
	l.where, l.args = authz.Where(p, grants, authz.Columns{Path: "o.keeper_path", Org: "o.id", Open: true})
	rows, err := organisations(ctx, s.db, l)
	if err != nil {
		return page.Page[Organisation]{}, err
	}
	return page.Cut(rows, req.Size(), func(o Organisation) []string { return []string{o.Name, o.ID.String()} }), nil
}

// Directory returns the public cards of active organisations, by name. It asks no permission: offices'
// names, telephones and addresses are public.
func (s *Service) Directory(ctx context.Context, f Filter, req page.Request) (page.Page[Card], error) {
	f.State = Active
	l, err := s.listing(ctx, f, req)
	if err != nil {
		return page.Page[Card]{}, err
	}
	rows, err := cards(ctx, s.db, l)
	if err != nil {
		return page.Page[Card]{}, err
	}
	return page.Cut(rows, req.Size(), func(c Card) []string { return []string{c.Name, c.ID.String()} }), nil
}
