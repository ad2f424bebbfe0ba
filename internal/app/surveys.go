package app

import (
	"context"

	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/contract"
	"github.com/redproperty/redproperty/internal/credit"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/membership"
	"github.com/redproperty/redproperty/internal/org"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/score"
	"github.com/redproperty/redproperty/internal/survey"
)

// What surveys ask of the other features, in their words.

// surveyPlaces answers package survey.
type surveyPlaces struct{ area.Store }

// ServiceArea returns a service area with the name that people know.
func (p surveyPlaces) ServiceArea(ctx context.Context, q dbx.Querier, serviceArea id.ID) (survey.Place, error) {
	at, err := p.Place(ctx, q, serviceArea)
	return surveyPlace(at), err
}

func surveyPlace(at area.Place) survey.Place {
	return survey.Place{ServiceAreaID: at.ServiceAreaID, Path: at.Path, Name: placeName(at)}
}

// AreaPath is the scope path of an area or a service area.
func (p surveyPlaces) AreaPath(ctx context.Context, q dbx.Querier, which id.ID) (string, error) {
	_, path, err := p.Scope(ctx, q, which)
	return path, err
}

// Near tells whether an area is a community, or lies in one.
func (p surveyPlaces) Near(ctx context.Context, q dbx.Querier, which id.ID) (bool, error) {
	kind, _, err := p.Scope(ctx, q, which)
	switch kind {
	case area.Province, area.City, area.District, area.Street:
		return false, err
	}
	return err == nil, err
}

// Within lists the service areas at or below a path.
func (p surveyPlaces) Within(ctx context.Context, q dbx.Querier, path string) ([]survey.Extent, error) {
	list, err := p.Extents(ctx, q, path)
	out := make([]survey.Extent, len(list))
	for i, e := range list {
		out[i] = survey.Extent{Place: surveyPlace(e.Place), Dwellings: e.Dwellings}
	}
	return out, err
}

// Homes lists the dwellings of a service area.
func (p surveyPlaces) Homes(ctx context.Context, q dbx.Querier, serviceArea id.ID) ([]survey.Home, error) {
	list, err := p.Dwellings(ctx, q, serviceArea)
	out := make([]survey.Home, len(list))
	for i, d := range list {
		out[i] = survey.Home{Unit: d.UnitID, Building: d.BuildingID, Block: d.BuildingName, Label: d.Address(), Household: d.HouseholdID, Occupied: string(d.Occupied)}
	}
	return out, err
}

// surveyResidents answers package survey.
type surveyResidents struct{ *membership.Service }

// Present lists who lives at a path.
func (r surveyResidents) Present(ctx context.Context, q dbx.Querier, path string, at clock.Instant) ([]survey.Resident, error) {
	list, err := r.PresentAt(ctx, q, path, at)
	out := make([]survey.Resident, len(list))
	for i, m := range list {
		out[i] = survey.Resident{Household: m.Household, Person: m.Person, Tenant: m.Relation == membership.Occupant}
	}
	return out, err
}

// HasAccount tells whether somebody of a unit can log in.
func (r surveyResidents) HasAccount(ctx context.Context, q dbx.Querier, path string, unit id.ID, at clock.Instant) (bool, error) {
	return r.AnyOf(ctx, q, path, unit, at)
}

// Units lists the units that a person lives in or owns; whom a helper helps is another's.
func (r surveyResidents) Units(ctx context.Context, q dbx.Querier, person id.ID, at clock.Instant) ([]id.ID, error) {
	grants, err := r.Grants(ctx, q, person, at)
	var out []id.ID
	for _, g := range grants {
		if g.Role != authz.RoleHelper && !g.Unit.IsZero() {
			out = append(out, g.Unit)
		}
	}
	return out, err
}

// surveyArrangements answers package survey.
type surveyArrangements struct{ contract.Store }

// Serving returns who handles a service area and who stands for its owners.
func (a surveyArrangements) Serving(ctx context.Context, q dbx.Querier, serviceArea id.ID) (survey.Arrangement, error) {
	in, err := a.Arrangement(ctx, q, serviceArea)
	return survey.Arrangement{Company: id.OrNil(in.HandlerID), Contract: id.OrNil(in.ContractID), Owners: id.OrNil(in.OwnersRepID)}, err
}

// surveyCompanies answers package survey.
type surveyCompanies struct {
	contract.Store
	orgs *org.Service
}

// KeeperPath is the path of the street that keeps a company's record.
func (c surveyCompanies) KeeperPath(ctx context.Context, q dbx.Querier, company id.ID) (string, error) {
	o, err := c.orgs.Organisation(ctx, q, company)
	if err == nil && o.Kind != org.Company {
		err = fault.New(fault.NotFound, "not_found")
	}
	return o.KeeperPath, err
}

// Served lists the paths of the service areas where a company works.
func (c surveyCompanies) Served(ctx context.Context, q dbx.Querier, company id.ID) ([]string, error) {
	return c.PathsOf(ctx, q, company)
}

// Moment is one of the company's credit record, whose grades rest on scores.
func (c surveyCompanies) Moment(ctx context.Context, tx *dbx.Tx, company id.ID, now clock.Instant) (clock.Instant, error) {
	return credit.Moment(ctx, tx, company, now)
}

// ballotKeys keeps the signing keys of rounds under a key derived for them alone.
type ballotKeys struct {
	suite   personal.AES
	sealing []byte
	receipt []byte
}

func newBallotKeys(v *personal.Vault) ballotKeys {
	return ballotKeys{sealing: v.Derive("ballot keys"), receipt: v.Derive("survey receipts")}
}

func ofStratum(row id.ID) []byte { return append([]byte("redproperty ballot key 1\x00"), row[:]...) }

// Seal encrypts a signing key for its stratum.
func (k ballotKeys) Seal(row id.ID, plain []byte) ([]byte, error) {
	return k.suite.Seal(k.sealing, plain, ofStratum(row))
}

// Open decrypts it.
func (k ballotKeys) Open(row id.ID, sealed []byte) ([]byte, error) {
	return k.suite.Open(k.sealing, sealed, ofStratum(row))
}

// Receipts is the seed of a round's receipt key.
func (k ballotKeys) Receipts(round id.ID) ballot.Hash {
	return ballot.Hash(k.suite.MAC(k.receipt, round[:]))
}

// surveyContracts answers package survey.
type surveyContracts struct {
	contract.Store
	areas area.Store
}

// FeeTerms returns a contract's fee linkage, and its fee of a month: its standards times the units of the register.
func (c surveyContracts) FeeTerms(ctx context.Context, q dbx.Querier, which, serviceArea id.ID) (survey.FeeTerms, error) {
	bands, fees, err := c.Linkage(ctx, q, which)
	if err != nil {
		return survey.FeeTerms{}, err
	}
	units, err := c.areas.Chargeable(ctx, q, serviceArea)
	out := survey.FeeTerms{}
	for _, b := range bands {
		out.Bands = append(out.Bands, score.FeeBand{From: b.From, Below: b.Below, Share: b.Share})
	}
	for _, f := range fees {
		for _, u := range units {
			switch {
			case u.Kind != f.UnitKind:
			case f.Per == contract.PerUnit:
				out.MonthFen += f.Fen * u.Units
			default:
				out.MonthFen += (f.Fen*u.Area + 50) / 100 // of 0.01 m², halves rounded up
			}
		}
	}
	return out, err
}
