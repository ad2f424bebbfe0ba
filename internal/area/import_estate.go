package area

import (
	"context"
	"errors"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/sheet"
)

// estateColumns are those of units, preceded by where they lie.
var estateColumns = slices.Concat(sheet.Schema{
	{Key: "estate", Names: []string{"小区", "小区名称", "项目名称", "estate name"}, Required: true},
	{Key: "service_area", Names: []string{"物业服务区域", "服务区域", "物业管理区域", "分期", "phase"}},
	{Key: "community", Names: []string{"社区代码", "社区编码", "community code"}},
}, unitSchema)

// ImportEstate brings in estates with their service areas, buildings and units: one unit a row. The
// community is the target, or named in each row by its code. A row without a service area means the one
// that has the estate's name. It needs place.manage in the community.
func (m *Importer) ImportEstate(ctx context.Context, p authz.Principal, in ImportInput, progress Progress) (*sheet.Report, error) {
	if _, err := authz.Holds(p, authz.PlaceManage); err != nil {
		return nil, err
	}
	e := &estateRun{p: p, communities: map[string]Area{}, places: map[string]*register{}}
	var err error
	if !in.Target.IsZero() {
		if e.target, e.actor, err = m.s.parent(ctx, p, in.Target); err != nil {
			return nil, err
		}
		if e.target.Kind != Community {
			return nil, fault.InvalidField("target", "area.parent_kind", "expected", string(Community))
		}
	}
	if err := in.check(clock.DateOf(m.s.Clock.Now())); err != nil {
		return nil, err
	}
	f, err := in.read(estateColumns)
	if err != nil {
		return nil, err
	}
	e.run = newRun(m.s, in, "estate", f.report, progress)
	e.run.actor, e.run.path = e.actor, e.target.Path
	for _, row := range f.rows {
		if err := e.line(ctx, row); err != nil {
			return nil, err
		}
	}
	return e.write(ctx)
}

// estateRun is an import of estates under way.
type estateRun struct {
	*run
	p           authz.Principal
	actor       authz.Actor
	target      Area
	communities map[string]Area      // by code
	places      map[string]*register // by community, estate and service area
}

func (e *estateRun) line(ctx context.Context, row *sheet.Row) error {
	estate, phase, code := placeText(row, "estate", maxAreaName), placeText(row, "service_area", maxAreaName), row.Code("community", codeLength)
	l := unitOf(row, e.in.AreaSource)
	if phase == "" {
		phase = estate
	}
	if !row.OK() {
		e.reject(row)
		return nil
	}
	community, err := e.community(ctx, row, code)
	if err != nil {
		return err
	}
	var reg *register
	if row.OK() {
		if reg, err = e.place(ctx, community, estate, phase); err != nil {
			return err
		}
	}
	if !row.OK() || !reg.once(row, l) {
		e.reject(row)
		return nil
	}
	known, outcome := e.unit(reg, row, l)
	if known == nil {
		e.reject(row)
		return nil
	}
	known.row = row.Number
	e.accept(row, outcome, append([]string{orZero(community.Code), nameKey(estate), nameKey(phase)}, l.canonical()...)...)
	return nil
}

// community is the target, or the division that the row's code stands for, if rows may be entered there.
func (e *estateRun) community(ctx context.Context, row *sheet.Row, code string) (Area, error) {
	switch {
	case e.target.ID.IsZero() && code == "":
		row.Reject("community", "area.community_missing", "area.expect.code")
		return Area{}, nil
	case code == "":
		return e.target, nil
	}
	a, known := e.communities[code]
	if !known {
		var err error
		a, err = e.s.AreaByCode(ctx, e.s.DB, code, clock.DateOf(e.at.Time()))
		if err != nil && !errors.Is(err, fault.NotFound) {
			return a, err
		}
		if a, err = e.mayEnter(a); err != nil {
			return a, err
		}
		e.communities[code] = a
	}
	if a.Kind != Community || (!e.target.ID.IsZero() && a.ID != e.target.ID) {
		row.Reject("community", "area.community_unknown", "area.expect.code")
	}
	return a, nil
}

// mayEnter returns the zero Area for a community where the caller may enter nothing: what one may not
// see is not there.
func (e *estateRun) mayEnter(a Area) (Area, error) {
	actor, err := authz.Act(e.p, authz.PlaceManage, authz.Object{Path: a.Path})
	if fault.Is(err, "capacity.ambiguous") {
		return a, err
	}
	if err != nil {
		return Area{}, nil //nolint:nilerr // the row is rejected as unknown
	}
	e.run.actor = actor
	if e.run.path == "" {
		e.run.path = a.Path
	}
	return a, nil
}

// place finds or enters an estate and its service area, and reads what is known of it.
func (e *estateRun) place(ctx context.Context, community Area, estate, phase string) (*register, error) {
	key := community.ID.String() + "/" + nameKey(estate) + "/" + nameKey(phase)
	if reg := e.places[key]; reg != nil {
		return reg, nil
	}
	a, err := e.estate(ctx, community, estate)
	if err != nil {
		return nil, err
	}
	sa, isNew, err := e.serviceArea(ctx, community, a, phase)
	if err != nil {
		return nil, err
	}
	reg, err := loadRegister(ctx, e.s.DB, sa, isNew)
	if err == nil {
		e.places[key] = reg
	}
	return reg, err
}

func (e *estateRun) estate(ctx context.Context, community Area, name string) (Area, error) {
	for _, w := range e.chunks {
		for _, a := range w.estates {
			if id.OrNil(a.ParentID) == community.ID && nameKey(a.Name) == nameKey(name) {
				return a, nil
			}
		}
	}
	a, err := estateByName(ctx, e.s.DB, community.ID, name)
	if !dbx.IsNoRow(err) {
		return a, err
	}
	fresh := id.New()
	a = Area{ID: fresh, ParentID: &community.ID, Kind: Estate, Name: name, Path: authz.ChildPath(community.Path, fresh), CreatedAt: e.at}
	e.current.estates = append(e.current.estates, a)
	return a, nil
}

func (e *estateRun) serviceArea(ctx context.Context, community, estate Area, name string) (sa ServiceArea, isNew bool, err error) {
	sa, err = serviceAreaByName(ctx, e.s.DB, estate.ID, name)
	if !dbx.IsNoRow(err) {
		return sa, false, err
	}
	fresh := id.New()
	sa = ServiceArea{ID: fresh, EstateID: estate.ID, CommunityID: community.ID, StreetID: id.OrNil(community.ParentID), Name: name,
		Path: authz.ChildPath(estate.Path, fresh), CreatedAt: e.at}
	e.current.serviceAreas = append(e.current.serviceAreas, sa)
	return sa, true, nil
}
