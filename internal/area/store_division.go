package area

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// AreaByCode reads the division that code stood for on a day; a code given anew to another division is
// told apart by the day. None is the fault not_found.
func (Store) AreaByCode(ctx context.Context, q dbx.Querier, code string, on clock.Date) (Area, error) {
	var a Area
	err := q.Get(ctx, &a, `SELECT `+areaColumns+areaFrom+`JOIN area_code o ON o.area_id = a.id
		WHERE o.code = ? AND o.valid_from <= ? AND (o.valid_to IS NULL OR o.valid_to > ?)`, code, on, on)
	return a, found(err)
}

// Ancestors reads the areas that path leads through, from the top, the last included.
func (Store) Ancestors(ctx context.Context, q dbx.Querier, path string) ([]Area, error) {
	var paths []string
	for i, c := range path {
		if c == '/' {
			paths = append(paths, path[:i+1])
		}
	}
	if len(paths) == 0 {
		return nil, nil
	}
	query, args, err := dbx.In(`SELECT `+areaColumns+areaFrom+`WHERE a.path IN (?) ORDER BY a.path`, paths)
	if err != nil {
		return nil, err
	}
	var out []Area
	err = q.Select(ctx, &out, query, args...)
	return out, err
}

const insertAreaSQL = `INSERT INTO area (id, parent_id, kind, name, name_key, path, created_at, version)`

func (a Area) values() []any {
	return []any{a.ID, a.ParentID, string(a.Kind), a.Name, nameKey(a.Name), a.Path, a.CreatedAt, 1}
}

func insertArea(ctx context.Context, tx *dbx.Tx, a Area) error {
	return tx.InsertMany(ctx, insertAreaSQL, [][]any{a.values()})
}

const insertDesignationSQL = `INSERT INTO area_code (area_id, code, name, valid_from)`

func insertDesignation(ctx context.Context, tx *dbx.Tx, area id.ID, d Designation) error {
	return tx.InsertMany(ctx, insertDesignationSQL, [][]any{{area, d.Code, d.Name, d.From}})
}

// insertDivisions writes divisions with their first designations, parents before children.
func insertDivisions(ctx context.Context, tx *dbx.Tx, list []newDivision) error {
	var areas, codes, names [][]any
	for _, d := range list {
		areas = append(areas, d.area.values())
		codes = append(codes, []any{d.area.ID, orZero(d.area.Code), d.area.Name, d.from})
		names = append(names, nameValues(d.area.Kind, d.area.ID, d.area.Path, d.area.Name))
	}
	if err := tx.InsertMany(ctx, insertAreaSQL, areas); err != nil {
		return err
	}
	if err := tx.InsertMany(ctx, insertDesignationSQL, codes); err != nil {
		return err
	}
	return tx.InsertMany(ctx, insertNameSQL, names)
}

// endDesignation ends the designation in force; ErrNoMatch when it began on or after that day.
func endDesignation(ctx context.Context, tx *dbx.Tx, area id.ID, to clock.Date) error {
	return tx.ExecOne(ctx, `UPDATE area_code SET valid_to = ? WHERE area_id = ? AND valid_to IS NULL AND valid_from < ?`, to, area, to)
}

func renameArea(ctx context.Context, tx *dbx.Tx, area id.ID, version int64, name string) error {
	return tx.ExecOne(ctx, `UPDATE area SET name = ?, name_key = ?, version = version + 1 WHERE id = ? AND version = ?`, name, nameKey(name), area, version)
}

func designations(ctx context.Context, q dbx.Querier, area id.ID) ([]Designation, error) {
	out := []Designation{}
	err := q.Select(ctx, &out, `SELECT code, name, valid_from, valid_to FROM area_code WHERE area_id = ? ORDER BY valid_from`, area)
	return out, err
}

// childAreas reads the areas directly in parent (nil: the provinces) after the cursor, which is a name
// key or code and an id: divisions by code, estates by name.
func childAreas(ctx context.Context, q dbx.Querier, parent *id.ID, scope condition, after []string, limit int) ([]Area, error) {
	where, args := `a.parent_id = ?`, []any{}
	if parent == nil {
		where = `a.parent_id IS NULL`
	} else {
		args = append(args, *parent)
	}
	where += ` AND (a.kind <> 'estate' OR ` + scope.sql + `)`
	args = append(args, scope.args...)
	if after != nil {
		where += ` AND (COALESCE(c.code, a.name_key), a.id) > (?, ?)`
		last, err := id.Parse(after[1])
		if err != nil {
			return nil, badCursor()
		}
		args = append(args, after[0], last)
	}
	var out []Area
	err := q.Select(ctx, &out, `SELECT `+areaColumns+areaFrom+`WHERE `+where+` ORDER BY COALESCE(c.code, a.name_key), a.id LIMIT ?`, append(args, limit)...)
	return out, err
}

// countBelow counts, for one area, what lies in it.
func countBelow(ctx context.Context, q dbx.Querier, a Area) (n AreaNode, err error) {
	low, high := authz.PathRange(a.Path)
	var row struct {
		Children int `db:"children"`
		Estates  int `db:"estates"`
		Units    int `db:"units"`
	}
	err = q.Get(ctx, &row, `SELECT
		(SELECT COUNT(*) FROM area WHERE parent_id = ?) AS children,
		(SELECT COUNT(*) FROM area WHERE kind = 'estate' AND path >= ? AND path < ?) AS estates,
		(SELECT COUNT(*) FROM unit u JOIN service_area s ON s.id = u.service_area_id WHERE u.state = 'active' AND s.path >= ? AND s.path < ?) AS units`,
		a.ID, low, high, low, high)
	return AreaNode{Area: a, Children: row.Children, Estates: row.Estates, Units: row.Units}, err
}

// divisionRow is what the import knows of each division already there.
type divisionRow struct {
	ID      id.ID      `db:"id"`
	Parent  *id.ID     `db:"parent_id"`
	Kind    Kind       `db:"kind"`
	Name    string     `db:"name"`
	Path    string     `db:"path"`
	Version int64      `db:"version"`
	Code    string     `db:"code"`
	From    clock.Date `db:"valid_from"`
}

func allDivisions(ctx context.Context, q dbx.Querier) ([]divisionRow, error) {
	var out []divisionRow
	err := q.Select(ctx, &out, `SELECT a.id, a.parent_id, a.kind, a.name, a.path, a.version, c.code, c.valid_from
		FROM area a JOIN area_code c ON c.current_area = a.id`)
	return out, err
}

const insertNameSQL = `INSERT INTO place_name (place_id, kind, path, name, name_key, initials)`

func nameValues(kind Kind, place id.ID, path, name string) []any {
	return []any{place, string(kind), path, name, nameKey(name), initials(name)}
}

// insertName makes a new place known to the search.
func insertName(ctx context.Context, tx *dbx.Tx, kind Kind, place id.ID, path, name string) error {
	return tx.InsertMany(ctx, insertNameSQL, [][]any{nameValues(kind, place, path, name)})
}

// updateName keeps the search in step with a place's name.
func updateName(ctx context.Context, tx *dbx.Tx, place id.ID, name string) error {
	return tx.ExecOne(ctx, `UPDATE place_name SET name = ?, name_key = ?, initials = ? WHERE place_id = ?`, name, nameKey(name), initials(name), place)
}
