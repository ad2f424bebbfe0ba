package area

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

const serviceAreaColumns = `s.id, s.estate_id, e.name AS estate_name, s.community_id, s.street_id, s.name, s.path, s.created_at, s.version`

const serviceAreaFrom = ` FROM service_area s JOIN area e ON e.id = s.estate_id `

const buildingColumns = `id, service_area_id, name, order_no, floors_above, floors_below, built_year, created_at, version`

const publicAreaColumns = `id, service_area_id, building_id, name, created_at, version`

func serviceArea(ctx context.Context, q dbx.Querier, which id.ID) (ServiceArea, error) {
	var s ServiceArea
	err := q.Get(ctx, &s, `SELECT `+serviceAreaColumns+serviceAreaFrom+`WHERE s.id = ?`, which)
	return s, found(err)
}

func building(ctx context.Context, q dbx.Querier, which id.ID) (Building, error) {
	var b Building
	err := q.Get(ctx, &b, `SELECT `+buildingColumns+` FROM building WHERE id = ?`, which)
	return b, found(err)
}

func publicArea(ctx context.Context, q dbx.Querier, which id.ID) (PublicArea, error) {
	var p PublicArea
	err := q.Get(ctx, &p, `SELECT `+publicAreaColumns+` FROM public_area WHERE id = ?`, which)
	return p, found(err)
}

func insertServiceArea(ctx context.Context, tx *dbx.Tx, s ServiceArea) error {
	_, err := tx.Exec(ctx, `INSERT INTO service_area (id, estate_id, street_id, community_id, name, name_key, path, created_at, version) VALUES (?,?,?,?,?,?,?,?,1)`,
		s.ID, s.EstateID, s.StreetID, s.CommunityID, s.Name, nameKey(s.Name), s.Path, s.CreatedAt)
	return err
}

func renameServiceArea(ctx context.Context, tx *dbx.Tx, which id.ID, version int64, name string) error {
	return tx.ExecOne(ctx, `UPDATE service_area SET name = ?, name_key = ?, version = version + 1 WHERE id = ? AND version = ?`, name, nameKey(name), which, version)
}

func insertBuilding(ctx context.Context, tx *dbx.Tx, b Building) error {
	_, err := tx.Exec(ctx, `INSERT INTO building (id, service_area_id, name, name_key, order_no, floors_above, floors_below, built_year, created_at, version) VALUES (?,?,?,?,?,?,?,?,?,1)`,
		b.ID, b.ServiceAreaID, b.Name, buildingKey(b.Name), b.Order, b.FloorsAbove, b.FloorsBelow, b.BuiltYear, b.CreatedAt)
	return err
}

func updateBuilding(ctx context.Context, tx *dbx.Tx, which id.ID, version int64, f BuildingFacts) error {
	return tx.ExecOne(ctx, `UPDATE building SET name = ?, name_key = ?, order_no = ?, floors_above = ?, floors_below = ?, built_year = ?, version = version + 1
		WHERE id = ? AND version = ?`, f.Name, buildingKey(f.Name), f.Order, f.FloorsAbove, f.FloorsBelow, f.BuiltYear, which, version)
}

func insertPublicArea(ctx context.Context, tx *dbx.Tx, p PublicArea) error {
	_, err := tx.Exec(ctx, `INSERT INTO public_area (id, service_area_id, building_id, name, name_key, created_at, version) VALUES (?,?,?,?,?,?,1)`,
		p.ID, p.ServiceAreaID, p.BuildingID, p.Name, nameKey(p.Name), p.CreatedAt)
	return err
}

func renamePublicArea(ctx context.Context, tx *dbx.Tx, which id.ID, version int64, name string) error {
	return tx.ExecOne(ctx, `UPDATE public_area SET name = ?, name_key = ?, version = version + 1 WHERE id = ? AND version = ?`, name, nameKey(name), which, version)
}

func listServiceAreas(ctx context.Context, q dbx.Querier, estate id.ID, scope condition, after []string, limit int) ([]ServiceArea, error) {
	where, args := scope.sql, scope.args
	if !estate.IsZero() {
		where, args = where+` AND s.estate_id = ?`, append(args, estate)
	}
	if after != nil {
		last, err := id.Parse(after[1])
		if err != nil {
			return nil, badCursor()
		}
		where, args = where+` AND (s.name_key, s.id) > (?, ?)`, append(args, after[0], last)
	}
	var out []ServiceArea
	err := q.Select(ctx, &out, `SELECT `+serviceAreaColumns+serviceAreaFrom+`WHERE `+where+` ORDER BY s.name_key, s.id LIMIT ?`, append(args, limit)...)
	return out, err
}

func listBuildings(ctx context.Context, q dbx.Querier, area id.ID, after []int64, afterID id.ID, limit int) ([]Building, error) {
	where, args := `service_area_id = ?`, []any{area}
	if after != nil {
		where, args = where+` AND (order_no, id) > (?, ?)`, append(args, after[0], afterID)
	}
	var out []Building
	err := q.Select(ctx, &out, `SELECT `+buildingColumns+` FROM building WHERE `+where+` ORDER BY order_no, id LIMIT ?`, append(args, limit)...)
	return out, err
}

func listPublicAreas(ctx context.Context, q dbx.Querier, area, after id.ID, limit int) ([]PublicArea, error) {
	var out []PublicArea
	err := q.Select(ctx, &out, `SELECT `+publicAreaColumns+` FROM public_area WHERE service_area_id = ? AND id > ? ORDER BY id LIMIT ?`, area, after, limit)
	return out, err
}

// estateByName reads an estate of a community; the error of no row when there is none.
func estateByName(ctx context.Context, q dbx.Querier, community id.ID, name string) (Area, error) {
	var a Area
	err := q.Get(ctx, &a, `SELECT `+areaColumns+areaFrom+`WHERE a.parent_id = ? AND a.kind = 'estate' AND a.name_key = ?`, community, nameKey(name))
	return a, err
}

// serviceAreaByName reads a service area of an estate; the error of no row when there is none.
func serviceAreaByName(ctx context.Context, q dbx.Querier, estate id.ID, name string) (ServiceArea, error) {
	var sa ServiceArea
	err := q.Get(ctx, &sa, `SELECT `+serviceAreaColumns+serviceAreaFrom+`WHERE s.estate_id = ? AND s.name_key = ?`, estate, nameKey(name))
	return sa, err
}

// ServiceAreasNamed finds the service areas within an area by their own name or their estate's.
func (Store) ServiceAreasNamed(ctx context.Context, q dbx.Querier, within id.ID, name string) ([]Place, error) {
	var paths []string
	if err := q.Select(ctx, &paths, `SELECT path FROM area WHERE id = ?`, within); err != nil || len(paths) == 0 {
		return nil, err
	}
	low, high := authz.PathRange(paths[0])
	var list []Place
	err := q.Select(ctx, &list, `SELECT `+placeColumns+` FROM service_area s JOIN area e ON e.id = s.estate_id
		WHERE s.path >= ? AND s.path < ? AND (s.name_key = ? OR e.name_key = ?) ORDER BY s.id LIMIT 50`, low, high, nameKey(name), nameKey(name))
	return list, err
}
