package membership

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
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
)

// Home is a unit and where it is.
type Home struct {
	Unit      id.ID
	Building  id.ID
	Household id.ID  // the present one; zero when nobody is known to live there
	Path      string // scope path of the service area
	Estate    string // name
	Block     string // name of the building
	Number    string // of the unit
}

// Homes knows units and households.
type Homes interface {
	// Home returns a unit; an unknown or void one is the fault not_found.
	Home(ctx context.Context, q dbx.Querier, unit id.ID) (Home, error)
	// HomesOf returns the units of a building that are lived in, in the order of their numbers; an
	// unknown building is the fault not_found.
	HomesOf(ctx context.Context, q dbx.Querier, building id.ID) ([]Home, error)
	// EnsureHousehold returns the present household of a unit, or begins one.
	EnsureHousehold(ctx context.Context, tx *dbx.Tx, unit id.ID, at clock.Instant) (id.ID, error)
}

// Roll knows who owns what.
type Roll interface {
	// OwnersOf lists the persons on the roll as present owners of a unit.
	OwnersOf(ctx context.Context, q dbx.Querier, unit id.ID) ([]id.ID, error)
}

// Tries bounds how many wrong codes an account may enter.
type Tries interface {
	// Spend counts a try before the code is looked at; too many are a RateLimited fault. refund takes the
	// try back when the code was right.
	Spend(ctx context.Context, account id.ID) (refund func(context.Context), err error)
}

// Persons knows natural persons.
type Persons interface {
	// EnsurePerson returns the person with this phone, or enters a new one.
	EnsurePerson(ctx context.Context, tx *dbx.Tx, name, phone string) (id.ID, error)
	// NameUnnamed gives a person without a verified name the one that was looked at.
	NameUnnamed(ctx context.Context, tx *dbx.Tx, person id.ID, name string) error
	// StateName gives a person without a name the one that they state themselves.
	StateName(ctx context.Context, tx *dbx.Tx, person id.ID, name string) error
	// Named returns clear names and phones of persons; the caller masks them or records the reading.
	Named(ctx context.Context, q dbx.Querier, persons []id.ID) (map[id.ID]Named, error)
}

// Named is a person's clear name and phone. A stated name is the person's own word.
type Named struct {
	Name   string
	Stated bool
	Phone  string
}

// Consents keeps what persons consented to.
type Consents interface {
	Give(ctx context.Context, tx *dbx.Tx, g personal.Giving) error
	Has(ctx context.Context, q dbx.Querier, person id.ID, p personal.Purpose) (bool, error)
}

// Vault seals and opens personal data.
type Vault interface {
	Seal(f personal.Field, row id.ID, plaintext string) ([]byte, error)
	Open(f personal.Field, row id.ID, sealed []byte) (string, error)
}

// Reads records readings of clear personal data.
type Reads interface {
	Record(ctx context.Context, tx *dbx.Tx, reads ...personal.Read) error
}

// Deps is what the service stands on.
type Deps struct {
	DB        *dbx.DB
	Clock     clock.Clock
	Homes     Homes
	Roll      Roll
	Tries     Tries
	Persons   Persons
	Consents  Consents
	Vault     Vault
	Reads     Reads
	PublicURL string // where residents reach the platform, as "https://host"; goes into the printed code
}

// Service is the memberships of households.
type Service struct {
	db        *dbx.DB
	clock     clock.Clock
	homes     Homes
	roll      Roll
	tries     Tries
	persons   Persons
	consents  Consents
	vault     Vault
	reads     Reads
	publicURL string
}

// New returns the service.
func New(d Deps) *Service {
	return &Service{db: d.DB, clock: d.Clock, homes: d.Homes, roll: d.Roll, tries: d.Tries, persons: d.Persons,
		consents: d.Consents, vault: d.Vault, reads: d.Reads, publicURL: d.PublicURL}
}

func notFound() error { return fault.New(fault.NotFound, "not_found") }

// changed turns a missed condition into the fault version.stale.
func changed(err error) error {
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Stale, "version.stale")
	}
	return err
}

// self is the capacity in which people act for themselves here. They need no other, and would often have
// several that allow it.
func self(p authz.Principal, about authz.Object) (authz.Actor, error) {
	if err := authz.Require(p, authz.MembershipApply, about); err != nil {
		return authz.Actor{}, err
	}
	return p.Actor(authz.Grant{Role: authz.RoleAccount}), nil
}

// disinterested refuses a person who, in whatever capacity, has a post in a property company or an
// owners' body, or lives in the household concerned: persons are compared, not capacities. The fault
// membership.interested (Conflict).
func disinterested(p authz.Principal, household id.ID) error {
	for _, g := range p.Grants {
		switch {
		case g.Role == authz.RoleManager, g.Role == authz.RoleWorker, g.Role == authz.RoleCommittee:
			return fault.New(fault.Conflict, "membership.interested")
		case !household.IsZero() && g.Household == household:
			return fault.New(fault.Conflict, "membership.interested")
		}
	}
	return nil
}

// event is the payload of the topics of this package, and the audit's detail: ids and codes only.
type event struct {
	Member      *id.ID   `json:"member,omitempty"`
	Application *id.ID   `json:"application,omitempty"`
	Household   *id.ID   `json:"household,omitempty"`
	Unit        id.ID    `json:"unit"`
	Person      id.ID    `json:"person"`
	Relation    Relation `json:"relation,omitempty"`
	Via         Via      `json:"via,omitempty"`
	Reason      Reason   `json:"reason,omitempty"`
	Upheld      *bool    `json:"upheld,omitempty"`
}

func (m Member) event() event {
	return event{Member: m.ID.Ptr(), Household: m.Household.Ptr(), Unit: m.Unit, Person: m.Person, Relation: m.Relation, Via: m.Via}
}

// record writes what happened to the audit and the outbox.
func (s *Service) record(ctx context.Context, tx *dbx.Tx, actor authz.Actor, topic, kind string, subject id.ID, path string, ev event) error {
	at := clock.Now(s.clock)
	err := audit.Record(ctx, tx, at, audit.Entry{Actor: actor, Action: topic, ObjectKind: kind, ObjectID: subject, ScopePath: path, Detail: ev})
	if err != nil {
		return err
	}
	return outbox.Add(ctx, tx, at, topic, subject, ev)
}

// join enters a member. The fault membership.already_member (Conflict).
func (s *Service) join(ctx context.Context, tx *dbx.Tx, actor authz.Actor, m Member) error {
	if err := insertMember(ctx, tx, m); dbx.IsDuplicate(err) {
		return fault.New(fault.Conflict, "membership.already_member").Because(err)
	} else if err != nil {
		return err
	}
	return s.record(ctx, tx, actor, "membership.joined", "household_member", m.ID, m.ScopePath, m.event())
}

// onRoll tells whether a person is on the roll as an owner of the unit.
func (s *Service) onRoll(ctx context.Context, q dbx.Querier, unit, person id.ID) (bool, error) {
	owners, err := s.roll.OwnersOf(ctx, q, unit)
	return slices.Contains(owners, person), err
}

// lastID reads a cursor that holds one id; the zero ID for the first page.
func lastID(req page.Request) (id.ID, error) {
	parts, err := page.Decode(req.Cursor, 1)
	if err != nil || parts == nil {
		return id.Nil, err
	}
	last, err := id.Parse(parts[0])
	if err != nil {
		return id.Nil, fault.InvalidField("query.cursor", "page.cursor")
	}
	return last, nil
}
