package area

import (
	"context"
	"errors"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
)

// CreateDivision enters a division below its parent. It needs place.manage at the parent: nobody makes
// divisions beside their own. Faults: area.code_digits, area.code_range, area.code_parent (fields),
// area.taken (another one has the code, or the name under the same parent).
func (s *Service) CreateDivision(ctx context.Context, p authz.Principal, once idem.Key, in NewDivision) (Area, error) {
	parent, actor, err := s.parent(ctx, p, in.ParentID)
	if err != nil {
		return Area{}, err
	}
	a, err := s.division(in, parent)
	if err != nil {
		return Area{}, err
	}
	made, err := s.once(ctx, once, a.ID, func(ctx context.Context, tx *dbx.Tx) error {
		if err := insertDivisions(ctx, tx, []newDivision{{a, in.From}}); err != nil {
			return taken(err, "area.taken")
		}
		return s.record(ctx, tx, actor, "area.create", "area", a.ID, a.Path, map[string]any{"code": *a.Code, "name": a.Name, "from": in.From})
	})
	if err != nil {
		return Area{}, err
	}
	return s.Area(ctx, s.DB, made)
}

// parent reads the area in which something is to be made, and asks for permission there. At the top
// only a local command has it.
func (s *Service) parent(ctx context.Context, p authz.Principal, which id.ID) (Area, authz.Actor, error) {
	var a Area
	if !which.IsZero() {
		var err error
		if a, err = s.Area(ctx, s.DB, which); err != nil {
			return a, authz.Actor{}, err
		}
	}
	actor, err := s.may(ctx, p, authz.PlaceManage, a.Path)
	return a, actor, err
}

// division checks a new division against its parent; the zero Area stands for none.
func (s *Service) division(in NewDivision, parent Area) (Area, error) {
	name, err := placeName(in.Name, maxAreaName)
	if err != nil {
		return Area{}, err
	}
	if _, err := clock.ParseDate(string(in.From)); err != nil {
		return Area{}, fault.InvalidField("body.from", "area.date")
	}
	kind, err := s.codeUnder(in.Code, parent)
	if err != nil {
		return Area{}, err
	}
	fresh := id.New()
	return Area{ID: fresh, ParentID: parent.ID.Ptr(), Kind: kind, Name: name, Code: &in.Code,
		Path: authz.ChildPath(parent.Path, fresh), CreatedAt: clock.Now(s.Clock)}, nil
}

// codeUnder checks that code may be given below parent and tells the kind it stands for.
func (s *Service) codeUnder(code string, parent Area) (Kind, error) {
	kind, err := CheckCode("body.code", code)
	if err != nil {
		return "", err
	}
	if above[kind] != parent.Kind || ParentCode(code) != orZero(parent.Code) {
		return "", fault.InvalidField("body.code", "area.code_parent")
	}
	return kind, nil
}

// Renumber gives a division another code from a day on; what it was until then stays in its
// designations, and everything in it stays where it is. It needs place.manage above the division.
// Faults: as CreateDivision, and area.designation_order (the day is not after the present designation's
// first day, or still to come).
func (s *Service) Renumber(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, version int64, code string, from clock.Date) (Area, error) {
	return s.redesignate(ctx, p, once, which, version, func(a Area, parent Area) (Designation, error) {
		kind, err := s.codeUnder(code, parent)
		if err == nil && kind != a.Kind {
			err = fault.InvalidField("body.code", "area.code_parent")
		}
		return Designation{Code: code, Name: a.Name, From: from}, err
	})
}

// Rename gives a division another name from a day on, as Renumber does with codes.
func (s *Service) Rename(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, version int64, name string, from clock.Date) (Area, error) {
	return s.redesignate(ctx, p, once, which, version, func(a Area, _ Area) (Designation, error) {
		clean, err := placeName(name, maxAreaName)
		return Designation{Code: orZero(a.Code), Name: clean, From: from}, err
	})
}

func (s *Service) redesignate(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, version int64, next func(a, parent Area) (Designation, error)) (Area, error) {
	a, err := s.Area(ctx, s.DB, which)
	if err != nil {
		return Area{}, err
	}
	parent, actor, err := s.parent(ctx, p, id.OrNil(a.ParentID))
	if err != nil {
		return Area{}, err
	}
	d, err := next(a, parent)
	if err != nil {
		return Area{}, err
	}
	if a.Kind == Estate || d.From > clock.DateOf(s.Clock.Now()) {
		return Area{}, fault.New(fault.Conflict, "area.designation_order")
	}
	_, err = s.once(ctx, once, which, func(ctx context.Context, tx *dbx.Tx) error {
		if err := s.setDesignation(ctx, tx, a, version, d); err != nil {
			return taken(err, "area.taken")
		}
		return s.record(ctx, tx, actor, "area.redesignate", "area", which, a.Path, map[string]any{
			"code": d.Code, "name": d.Name, "from": d.From, "codeBefore": orZero(a.Code), "nameBefore": a.Name})
	})
	if err != nil {
		return Area{}, err
	}
	return s.Area(ctx, s.DB, which)
}

// setDesignation ends the designation in force and begins d.
func (s *Service) setDesignation(ctx context.Context, tx *dbx.Tx, a Area, version int64, d Designation) error {
	if err := renameArea(ctx, tx, a.ID, version, d.Name); err != nil {
		return stale(err)
	}
	if err := endDesignation(ctx, tx, a.ID, d.From); err != nil {
		if errors.Is(err, dbx.ErrNoMatch) {
			return fault.New(fault.Conflict, "area.designation_order")
		}
		return err
	}
	if err := insertDesignation(ctx, tx, a.ID, d); err != nil {
		return err
	}
	return updateName(ctx, tx, a.ID, d.Name)
}

// ReadArea shows a division or an estate. Divisions are public facts: everybody who may read places sees
// all of them; an estate is seen by those tied to it.
func (s *Service) ReadArea(ctx context.Context, p authz.Principal, which id.ID) (AreaNode, error) {
	a, err := s.Area(ctx, s.DB, which)
	if err != nil {
		return AreaNode{}, err
	}
	if err := s.seesArea(ctx, p, a); err != nil {
		return AreaNode{}, err
	}
	return countBelow(ctx, s.DB, a)
}

func (s *Service) seesArea(ctx context.Context, p authz.Principal, a Area) error {
	if a.Kind == Estate {
		return s.sees(ctx, p, a.Path)
	}
	_, err := authz.Holds(p, authz.PlaceRead)
	return err
}

// Designations lists the codes and names of a division through time, oldest first.
func (s *Service) Designations(ctx context.Context, p authz.Principal, which id.ID) ([]Designation, error) {
	if _, err := s.ReadArea(ctx, p, which); err != nil {
		return nil, err
	}
	return designations(ctx, s.DB, which)
}

// Children lists what lies directly in an area (the provinces, where parent is zero): divisions by their
// codes, estates that p may see by their names; each with counts of what lies in it.
func (s *Service) Children(ctx context.Context, p authz.Principal, parent id.ID, req page.Request) (page.Page[AreaNode], error) {
	scope, err := s.scope(ctx, p, authz.PlaceRead, "a.path", true)
	if err != nil {
		return page.Page[AreaNode]{}, err
	}
	if !parent.IsZero() {
		if _, err := s.ReadArea(ctx, p, parent); err != nil {
			return page.Page[AreaNode]{}, err
		}
	}
	return listing(req, 2, func(after []string, limit int) ([]AreaNode, error) {
		areas, err := childAreas(ctx, s.DB, parent.Ptr(), scope, after, limit)
		nodes := make([]AreaNode, len(areas))
		for i := 0; i < len(areas) && err == nil; i++ {
			nodes[i], err = countBelow(ctx, s.DB, areas[i])
		}
		return nodes, err
	}, func(n AreaNode) []string {
		if n.Code != nil {
			return []string{*n.Code, n.ID.String()}
		}
		return []string{nameKey(n.Name), n.ID.String()}
	})
}

// Scope tells what an area or a service area is and its scope path; an unknown one is the fault
// not_found.
func (s Store) Scope(ctx context.Context, q dbx.Querier, which id.ID) (Kind, string, error) {
	a, err := s.Area(ctx, q, which)
	if err == nil || fault.Of(err).Kind != fault.NotFound {
		return a.Kind, a.Path, err
	}
	place, err := s.Place(ctx, q, which)
	return kindServiceArea, place.Path, err
}
