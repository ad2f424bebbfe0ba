package membership

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
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

// Homes knows units, households and the roll of owners.
type Homes interface {
	// Home returns a unit; an unknown or void one is the fault not_found.
	Home(ctx context.Context, q dbx.Querier, unit id.ID) (Home, error)
	// HomesOf returns the units of a building that are lived in, in the order of their numbers; an
	// unknown building is the fault not_found.
	HomesOf(ctx context.Context, q dbx.Querier, building id.ID) ([]Home, error)
	// EnsureHousehold returns the present household of a unit, or begins one.
	EnsureHousehold(ctx context.Context, tx *dbx.Tx, unit id.ID, at clock.Instant) (id.ID, error)
	// OwnersOf lists the persons on the roll as present owners of a unit.
	OwnersOf(ctx context.Context, q dbx.Querier, unit id.ID) ([]id.ID, error)
}

// Persons knows natural persons.
type Persons interface {
	// EnsurePerson returns the person with this phone, or enters a new one.
	EnsurePerson(ctx context.Context, tx *dbx.Tx, name, phone string) (id.ID, error)
	// Named returns clear names and phones of persons; the caller masks them or records the reading.
	Named(ctx context.Context, q dbx.Querier, persons []id.ID) (map[id.ID]Named, error)
}

// Named is a person's clear name and phone.
type Named struct{ Name, Phone string }

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
	persons   Persons
	consents  Consents
	vault     Vault
	reads     Reads
	publicURL string
}

// New returns the service.
func New(d Deps) *Service {
	return &Service{db: d.DB, clock: d.Clock, homes: d.Homes, persons: d.Persons, consents: d.Consents, vault: d.Vault, reads: d.Reads, publicURL: d.PublicURL}
}
