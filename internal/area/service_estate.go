package area

import (
	"context"
	"strconv"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
)

// CreateEstate enters an estate in a community. Faults: area.parent_kind (not a community), area.taken
// (the community has an estate of this name).
func (s *Service) CreateEstate(ctx context.Context, p authz.Principal, once idem.Key, in NewEstate) (Area, error) {
	community, actor, err := s.parent(ctx, p, in.CommunityID)
	if err != nil {
		return Area{}, err
	}
	if community.Kind != Community {
		return Area{}, fault.InvalidField("body.communityId", "area.parent_kind", "expected", string(Community))
	}
	name, err := placeName(in.Name, maxAreaName)
	if err != nil {
		return Area{}, err
	}
	fresh := id.New()
	a := Area{ID: fresh, ParentID: &community.ID, Kind: Estate, Name: name, Path: authz.ChildPath(community.Path, fresh), CreatedAt: clock.Now(s.Clock)}
	made, err := s.once(ctx, once, fresh, func(ctx context.Context, tx *dbx.Tx) error {
		if err := addEstate(ctx, tx, a); err != nil {
			return taken(err, "area.taken")
		}
		return s.record(ctx, tx, actor, "estate.create", "area", a.ID, a.Path, map[string]any{"name": a.Name})
	})
	if err != nil {
		return Area{}, err
	}
	return s.Area(ctx, s.DB, made)
}

func addEstate(ctx context.Context, tx *dbx.Tx, a Area) error {
	if err := insertArea(ctx, tx, a); err != nil {
		return err
	}
	return insertName(ctx, tx, Estate, a.ID, a.Path, a.Name)
}

// RenameEstate gives an estate another name; the audit keeps the one before.
func (s *Service) RenameEstate(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, version int64, name string) (Area, error) {
	a, err := s.Area(ctx, s.DB, which)
	if err != nil {
		return Area{}, err
	}
	actor, err := s.may(ctx, p, authz.PlaceManage, a.Path)
	if err != nil {
		return Area{}, err
	}
	if a.Kind != Estate {
		return Area{}, fault.New(fault.Conflict, "area.designation_order")
	}
	err = s.rename(ctx, once, actor, named{Estate, which, a.Path, a.Name, maxAreaName}, name, func(ctx context.Context, tx *dbx.Tx, name string) error {
		return renameArea(ctx, tx, which, version, name)
	})
	if err != nil {
		return Area{}, err
	}
	return s.Area(ctx, s.DB, which)
}

// named is a place whose name changes.
type named struct {
	kind   Kind
	id     id.ID
	path   string
	before string
	most   int
}

// rename checks the name, changes it by update, and keeps search and audit in step.
func (s *Service) rename(ctx context.Context, once idem.Key, actor authz.Actor, n named, name string, update func(context.Context, *dbx.Tx, string) error) error {
	name, err := placeName(name, n.most)
	if err != nil {
		return err
	}
	_, err = s.once(ctx, once, n.id, func(ctx context.Context, tx *dbx.Tx) error {
		if err := update(ctx, tx, name); err != nil {
			return taken(stale(err), "area.taken")
		}
		if err := updateName(ctx, tx, n.id, name); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, string(n.kind)+".rename", string(n.kind), n.id, n.path, map[string]any{"name": name, "nameBefore": n.before})
	})
	return err
}

// CreateServiceArea enters a service area of an estate.
func (s *Service) CreateServiceArea(ctx context.Context, p authz.Principal, once idem.Key, in NewServiceArea) (ServiceArea, error) {
	estate, actor, err := s.parent(ctx, p, in.EstateID)
	if err != nil {
		return ServiceArea{}, err
	}
	if estate.Kind != Estate {
		return ServiceArea{}, fault.InvalidField("body.estateId", "area.parent_kind", "expected", string(Estate))
	}
	name, err := placeName(in.Name, maxAreaName)
	if err != nil {
		return ServiceArea{}, err
	}
	sa, err := s.serviceAreaIn(ctx, estate, name)
	if err != nil {
		return ServiceArea{}, err
	}
	made, err := s.once(ctx, once, sa.ID, func(ctx context.Context, tx *dbx.Tx) error {
		if err := s.addServiceArea(ctx, tx, sa); err != nil {
			return taken(err, "area.taken")
		}
		return s.record(ctx, tx, actor, "service_area.create", "service_area", sa.ID, sa.Path, map[string]any{"name": name, "estate": sa.EstateID})
	})
	if err != nil {
		return ServiceArea{}, err
	}
	return serviceArea(ctx, s.DB, made)
}

// serviceAreaIn is a new service area of an estate, with the community and the street above it.
func (s *Service) serviceAreaIn(ctx context.Context, estate Area, name string) (ServiceArea, error) {
	ancestors, err := s.Ancestors(ctx, s.DB, estate.Path)
	if err != nil {
		return ServiceArea{}, err
	}
	fresh := id.New()
	sa := ServiceArea{ID: fresh, EstateID: estate.ID, Name: name, Path: authz.ChildPath(estate.Path, fresh), CreatedAt: clock.Now(s.Clock)}
	for _, a := range ancestors {
		switch a.Kind {
		case Street:
			sa.StreetID = a.ID
		case Community:
			sa.CommunityID = a.ID
		}
	}
	return sa, nil
}

func (s *Service) addServiceArea(ctx context.Context, tx *dbx.Tx, sa ServiceArea) error {
	if err := insertServiceArea(ctx, tx, sa); err != nil {
		return err
	}
	if err := insertName(ctx, tx, kindServiceArea, sa.ID, sa.Path, sa.Name); err != nil {
		return err
	}
	if s.Arrangements == nil {
		return nil
	}
	return s.Arrangements.Begin(ctx, tx, sa.ID, sa.CreatedAt)
}

// RenameServiceArea gives a service area another name.
func (s *Service) RenameServiceArea(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, version int64, name string) (ServiceArea, error) {
	sa, actor, err := s.managed(ctx, p, which)
	if err != nil {
		return ServiceArea{}, err
	}
	err = s.rename(ctx, once, actor, named{kindServiceArea, which, sa.Path, sa.Name, maxAreaName}, name, func(ctx context.Context, tx *dbx.Tx, name string) error {
		return renameServiceArea(ctx, tx, which, version, name)
	})
	if err != nil {
		return ServiceArea{}, err
	}
	return serviceArea(ctx, s.DB, which)
}

// managed reads a service area and asks for place.manage in it.
func (s *Service) managed(ctx context.Context, p authz.Principal, which id.ID) (Place, authz.Actor, error) {
	place, err := s.Place(ctx, s.DB, which)
	if err != nil {
		return place, authz.Actor{}, err
	}
	actor, err := s.may(ctx, p, authz.PlaceManage, place.Path)
	return place, actor, err
}

// ReadServiceArea shows a service area.
func (s *Service) ReadServiceArea(ctx context.Context, p authz.Principal, which id.ID) (ServiceArea, error) {
	sa, err := serviceArea(ctx, s.DB, which)
	if err != nil {
		return sa, err
	}
	return sa, s.sees(ctx, p, sa.Path)
}

// ServiceAreas lists the service areas that p may see, by name; those of one estate where it is not zero.
func (s *Service) ServiceAreas(ctx context.Context, p authz.Principal, estate id.ID, req page.Request) (page.Page[ServiceArea], error) {
	scope, err := s.scope(ctx, p, authz.PlaceRead, "s.path", true)
	if err != nil {
		return page.Page[ServiceArea]{}, err
	}
	return listing(req, 2, func(after []string, limit int) ([]ServiceArea, error) {
		return listServiceAreas(ctx, s.DB, estate, scope, after, limit)
	}, func(sa ServiceArea) []string { return []string{nameKey(sa.Name), sa.ID.String()} })
}

// CreateBuilding enters a building. area.taken: the service area has a building of this name, however it
// is written (1号楼, １号楼, 一号楼, 1栋).
func (s *Service) CreateBuilding(ctx context.Context, p authz.Principal, once idem.Key, in NewBuilding) (Building, error) {
	place, actor, err := s.managed(ctx, p, in.ServiceAreaID)
	if err != nil {
		return Building{}, err
	}
	facts, err := in.BuildingFacts.check()
	if err != nil {
		return Building{}, err
	}
	b := newBuilding(place.ServiceAreaID, facts, clock.Now(s.Clock))
	made, err := s.once(ctx, once, b.ID, func(ctx context.Context, tx *dbx.Tx) error {
		if err := addBuilding(ctx, tx, b, place.Path); err != nil {
			return taken(err, "area.taken")
		}
		return s.record(ctx, tx, actor, "building.create", "building", b.ID, place.Path, map[string]any{"name": b.Name})
	})
	if err != nil {
		return Building{}, err
	}
	return building(ctx, s.DB, made)
}

func newBuilding(area id.ID, f BuildingFacts, at clock.Instant) Building {
	return Building{ID: id.New(), ServiceAreaID: area, Name: f.Name, Order: f.Order, FloorsAbove: f.FloorsAbove, FloorsBelow: f.FloorsBelow, BuiltYear: f.BuiltYear, CreatedAt: at}
}

func addBuilding(ctx context.Context, tx *dbx.Tx, b Building, path string) error {
	if err := insertBuilding(ctx, tx, b); err != nil {
		return err
	}
	return insertName(ctx, tx, kindBuilding, b.ID, path, b.Name)
}

// UpdateBuilding changes what is said of a building.
func (s *Service) UpdateBuilding(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, version int64, facts BuildingFacts) (Building, error) {
	b, err := building(ctx, s.DB, which)
	if err != nil {
		return b, err
	}
	place, actor, err := s.managed(ctx, p, b.ServiceAreaID)
	if err != nil {
		return b, err
	}
	if facts, err = facts.check(); err != nil {
		return b, err
	}
	err = s.rename(ctx, once, actor, named{kindBuilding, which, place.Path, b.Name, maxBuildingName}, facts.Name, func(ctx context.Context, tx *dbx.Tx, name string) error {
		return updateBuilding(ctx, tx, which, version, facts)
	})
	if err != nil {
		return b, err
	}
	return building(ctx, s.DB, which)
}

// ReadBuilding shows a building.
func (s *Service) ReadBuilding(ctx context.Context, p authz.Principal, which id.ID) (Building, error) {
	b, err := building(ctx, s.DB, which)
	if err != nil {
		return b, err
	}
	_, err = s.ReadServiceArea(ctx, p, b.ServiceAreaID)
	return b, err
}

// Buildings lists the buildings of a service area in their order.
func (s *Service) Buildings(ctx context.Context, p authz.Principal, area id.ID, req page.Request) (page.Page[Building], error) {
	if _, err := s.ReadServiceArea(ctx, p, area); err != nil {
		return page.Page[Building]{}, err
	}
	return listing(req, 2, func(after []string, limit int) ([]Building, error) {
		if after == nil {
			return listBuildings(ctx, s.DB, area, nil, id.Nil, limit)
		}
		order, err := strconv.ParseInt(after[0], 10, 64)
		last, bad := id.Parse(after[1])
		if err != nil || bad != nil {
			return nil, badCursor()
		}
		return listBuildings(ctx, s.DB, area, []int64{order}, last, limit)
	}, func(b Building) []string { return []string{strconv.Itoa(b.Order), b.ID.String()} })
}

// AddPublicArea enters a public area of a service area or of one of its buildings.
func (s *Service) AddPublicArea(ctx context.Context, p authz.Principal, once idem.Key, in NewPublicArea) (PublicArea, error) {
	place, actor, err := s.managed(ctx, p, in.ServiceAreaID)
	if err != nil {
		return PublicArea{}, err
	}
	name, err := placeName(in.Name, maxAreaName)
	if err != nil {
		return PublicArea{}, err
	}
	if !in.BuildingID.IsZero() {
		elsewhere := fault.InvalidField("body.buildingId", "area.building_elsewhere")
		b, err := building(ctx, s.DB, in.BuildingID)
		if err != nil {
			return PublicArea{}, fault.MissingAs(err, elsewhere)
		}
		if b.ServiceAreaID != in.ServiceAreaID {
			return PublicArea{}, elsewhere
		}
	}
	pa := PublicArea{ID: id.New(), ServiceAreaID: in.ServiceAreaID, BuildingID: in.BuildingID.Ptr(), Name: name, CreatedAt: clock.Now(s.Clock)}
	made, err := s.once(ctx, once, pa.ID, func(ctx context.Context, tx *dbx.Tx) error {
		if err := insertPublicArea(ctx, tx, pa); err != nil {
			return taken(err, "area.taken")
		}
		if err := insertName(ctx, tx, kindPublicArea, pa.ID, place.Path, name); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "public_area.create", "public_area", pa.ID, place.Path, map[string]any{"name": name})
	})
	if err != nil {
		return PublicArea{}, err
	}
	return publicArea(ctx, s.DB, made)
}

// RenamePublicArea gives a public area another name.
func (s *Service) RenamePublicArea(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, version int64, name string) (PublicArea, error) {
	pa, err := publicArea(ctx, s.DB, which)
	if err != nil {
		return pa, err
	}
	place, actor, err := s.managed(ctx, p, pa.ServiceAreaID)
	if err != nil {
		return pa, err
	}
	err = s.rename(ctx, once, actor, named{kindPublicArea, which, place.Path, pa.Name, maxAreaName}, name, func(ctx context.Context, tx *dbx.Tx, name string) error {
		return renamePublicArea(ctx, tx, which, version, name)
	})
	if err != nil {
		return pa, err
	}
	return publicArea(ctx, s.DB, which)
}

// PublicAreas lists the public areas of a service area in the order they were entered.
func (s *Service) PublicAreas(ctx context.Context, p authz.Principal, area id.ID, req page.Request) (page.Page[PublicArea], error) {
	if _, err := s.ReadServiceArea(ctx, p, area); err != nil {
		return page.Page[PublicArea]{}, err
	}
	return listing(req, 1, func(after []string, limit int) ([]PublicArea, error) {
		last, err := idAfter(after)
		if err != nil {
			return nil, err
		}
		return listPublicAreas(ctx, s.DB, area, last, limit)
	}, func(pa PublicArea) []string { return []string{pa.ID.String()} })
}

// idAfter is the identifier of a cursor; zero, which sorts before all, for the first page.
func idAfter(after []string) (id.ID, error) {
	if after == nil {
		return id.Nil, nil
	}
	last, err := id.Parse(after[0])
	if err != nil {
		return id.Nil, badCursor()
	}
	return last, nil
}
