package org

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
)

// Areas knows places.
type Areas interface {
	// Scope tells what an area or a service area is and its scope path; an unknown one is the fault not_found.
	Scope(ctx context.Context, q dbx.Querier, area id.ID) (kind AreaKind, path string, err error)
}

// Serving knows which company works where: the handler of the arrangement in force and the party to a
// contract that is not over.
type Serving interface {
	// CompaniesAt lists the companies of the service areas at, below or above path.
	CompaniesAt(ctx context.Context, q dbx.Querier, path string) ([]id.ID, error)
	// PathsOf lists the paths of the service areas where company works.
	PathsOf(ctx context.Context, q dbx.Querier, company id.ID) ([]string, error)
}

// Handover passes on what a person leaves behind in an organisation.
type Handover interface {
	// HandOver gives the open work of person in org to successor, or to org's queue when that is zero.
	HandOver(ctx context.Context, tx *dbx.Tx, org, person, successor id.ID, at clock.Instant) error
}

// Consents knows what a person consented to.
type Consents interface {
	List(ctx context.Context, q dbx.Querier, person id.ID) ([]personal.Consent, error)
}

// Reads records readings of clear personal data.
type Reads interface {
	Record(ctx context.Context, tx *dbx.Tx, reads ...personal.Read) error
}

// Deps is what the service stands on.
type Deps struct {
	DB       *dbx.DB
	Clock    clock.Clock
	Vault    Vault
	Areas    Areas
	Serving  Serving
	Handover Handover
	Consents Consents
	Reads    Reads
}

// Service is organisations, persons and posts.
type Service struct {
	db       *dbx.DB
	clock    clock.Clock
	vault    Vault
	areas    Areas
	serving  Serving
	handover Handover
	consents Consents
	reads    Reads
}

// New returns the service.
func New(d Deps) *Service {
	return &Service{db: d.DB, clock: d.Clock, vault: d.Vault, areas: d.Areas, serving: d.Serving, handover: d.Handover, consents: d.Consents, reads: d.Reads}
}
