package contract

import (
	"context"
	"io"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// Place is where a service area lies.
type Place struct {
	ServiceAreaID id.ID
	Path          string // scope path of the service area
	Division      string // 12-digit code of the street or community around it; empty where none is known
}

// Places knows service areas.
type Places interface {
	// ServiceArea is the fault not_found for an unknown one.
	ServiceArea(ctx context.Context, q dbx.Querier, serviceArea id.ID) (Place, error)
	// Named finds the service areas within an area by the estate's or the service area's own name.
	Named(ctx context.Context, q dbx.Querier, within id.ID, name string) ([]Place, error)
	// Path is the scope path of an area or a service area; not_found for an unknown one.
	Path(ctx context.Context, q dbx.Querier, area id.ID) (string, error)
}

// Org is what a contract needs to know of an organisation.
type Org struct {
	ID     id.ID
	Kind   string // as package org names it: "company", "committee", "residents_committee", …
	Name   string
	Path   string // scope path of the area it is competent for; empty for companies
	Active bool
}

// Orgs knows organisations and conflicts of interest.
type Orgs interface {
	// Org is the fault not_found for an unknown one.
	Org(ctx context.Context, q dbx.Querier, org id.ID) (Org, error)
	// CompanyByCode finds a property company by its unified social credit code; not_found.
	CompanyByCode(ctx context.Context, q dbx.Querier, code string) (Org, error)
	// InConflict lists the persons who stand for the owners of the place at path and have an interest in
	// company, by a post in it or declared (R1.2).
	InConflict(ctx context.Context, q dbx.Querier, company id.ID, path string) ([]id.ID, error)
}

// Intake checks what is uploaded; *blob.Intake is one.
type Intake interface {
	Document(ctx context.Context, r io.Reader) (blob.Document, error)
}

// Files keeps documents; blob.Store is one.
type Files interface {
	Put(ctx context.Context, data []byte) (blob.Hash, error)
	Get(ctx context.Context, h blob.Hash) (io.ReadCloser, error)
}

// Decisions knows the owners' decision that an ordinary contract rests on (CC 278 item 4).
type Decisions interface {
	// Evidence is false when no decision is recorded for the contract.
	Evidence(ctx context.Context, q dbx.Querier, contract id.ID) (Decided, bool, error)
}

// Orders passes the open work orders of a service area on.
type Orders interface {
	// TakeOver gives what from still has in hand to to, or to the community when that is zero.
	TakeOver(ctx context.Context, tx *dbx.Tx, serviceArea, from, to id.ID, at clock.Instant) error
}

// Deps is what the service stands on. Decisions may be nil: then the document recorded with the contract is
// the evidence. Orders may be nil where no work orders are kept.
type Deps struct {
	DB        *dbx.DB
	Clock     clock.Clock
	Rules     *rules.Set
	Places    Places
	Orgs      Orgs
	Intake    Intake
	Files     Files
	Decisions Decisions
	Orders    Orders
}

// Service is the use cases of contracts and arrangements.
type Service struct {
	Store
	Deps
}

// New returns the service.
func New(d Deps) *Service {
	s := &Service{Deps: d}
	if s.Decisions == nil {
		s.Decisions = s.Store
	}
	return s
}

func (s *Service) now() clock.Instant { return clock.Now(s.Clock) }

func (s *Service) today() clock.Date { return clock.DateOf(s.Clock.Now()) }

// Begin records that a new service area has no arrangement yet. It is called in the transaction that makes
// the service area.
func (s *Service) Begin(ctx context.Context, tx *dbx.Tx, serviceArea id.ID, at clock.Instant) error {
	place, err := s.Places.ServiceArea(ctx, tx, serviceArea)
	if err != nil {
		return err
	}
	none := Arrangement{ServiceAreaID: serviceArea, ScopePath: place.Path}
	return insertArrangement(ctx, tx, none.next(UnderNone, at))
}

// Promise is what the contract in force promises for a category and a severity; false when there is no such
// contract or it is silent. A contract of indefinite term goes on promising (CC 948).
func (s *Service) Promise(ctx context.Context, q dbx.Querier, serviceArea id.ID, category, severity string) (SLA, bool, error) {
	a, err := s.Arrangement(ctx, q, serviceArea)
	if err != nil || a.ContractID == nil {
		return SLA{}, false, err
	}
	rows, err := slaRows(ctx, q, *a.ContractID)
	if err != nil {
		return SLA{}, false, err
	}
	lineage := []string{category}
	if c, err := s.Rules.Categories.Find(category); err == nil && c.Parent != "" {
		lineage = append(lineage, c.Parent)
	}
	row, ok := pickSLA(rows, lineage, severity)
	return row.sla(*a.ContractID), ok, nil
}

// object is a contract as permissions see it: in the hands of its parties.
func (c Contract) object() authz.Object {
	orgs := []id.ID{c.CompanyID}
	if c.OwnersID != nil {
		orgs = append(orgs, *c.OwnersID)
	}
	return authz.Object{Path: c.ScopePath, Orgs: orgs}
}
