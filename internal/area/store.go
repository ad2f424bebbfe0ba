package area

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Store answers, on any Querier and so inside another feature's transaction too, where a place lies and
// who lives there. It asks no permission: its callers do. Service has the same methods.
type Store struct{}

const areaColumns = `a.id, a.parent_id, a.kind, a.name, a.path, a.created_at, a.version, c.code`

const areaFrom = ` FROM area a LEFT JOIN area_code c ON c.current_area = a.id `

// Area reads a division or an estate with its present code. None is the fault not_found.
func (Store) Area(ctx context.Context, q dbx.Querier, areaID id.ID) (Area, error) {
	var a Area
	err := q.Get(ctx, &a, `SELECT `+areaColumns+areaFrom+`WHERE a.id = ?`, areaID)
	return a, found(err)
}

const placeColumns = `s.id AS service_area_id, s.estate_id, s.community_id, s.street_id, s.path, s.name, e.name AS estate_name`

// Place reads where a service area lies. None is the fault not_found.
func (Store) Place(ctx context.Context, q dbx.Querier, serviceArea id.ID) (Place, error) {
	var p Place
	err := q.Get(ctx, &p, `SELECT `+placeColumns+` FROM service_area s JOIN area e ON e.id = s.estate_id WHERE s.id = ?`, serviceArea)
	return p, found(err)
}

type unitPlaceRow struct {
	UnitPlace
	Household *id.ID `db:"household_id"`
}

func (r unitPlaceRow) place() UnitPlace {
	r.HouseholdID = id.OrNil(r.Household)
	return r.UnitPlace
}

const unitPlaceColumns = placeColumns + `, u.id AS unit_id, u.building_id, b.name AS building_name, u.entrance, u.number AS unit_number, h.id AS household_id`

const unitPlaceFrom = ` FROM unit u JOIN building b ON b.id = u.building_id JOIN service_area s ON s.id = u.service_area_id JOIN area e ON e.id = s.estate_id
	LEFT JOIN household h ON h.current_unit = u.id `

// UnitPlace reads where a unit in use lies, with its current household. A unit that does not exist, or
// was merged, split or struck out, is the fault not_found.
func (Store) UnitPlace(ctx context.Context, q dbx.Querier, unit id.ID) (UnitPlace, error) {
	var row unitPlaceRow
	err := q.Get(ctx, &row, `SELECT `+unitPlaceColumns+unitPlaceFrom+`WHERE u.id = ? AND u.state = 'active'`, unit)
	return row.place(), found(err)
}

// PublicAreaPlace reads where a public area lies. None is the fault not_found.
func (Store) PublicAreaPlace(ctx context.Context, q dbx.Querier, publicArea id.ID) (PublicAreaPlace, error) {
	var row struct {
		PublicAreaPlace
		Building *id.ID `db:"building_id"`
	}
	err := q.Get(ctx, &row, `SELECT `+placeColumns+`, p.id AS public_area_id, p.name AS public_area_name, p.building_id
		FROM public_area p JOIN service_area s ON s.id = p.service_area_id JOIN area e ON e.id = s.estate_id WHERE p.id = ?`, publicArea)
	row.BuildingID = id.OrNil(row.Building)
	return row.PublicAreaPlace, found(err)
}

// found turns "no row" into the fault not_found; other errors stay.
func found(err error) error {
	if dbx.IsNoRow(err) {
		return fault.New(fault.NotFound, "not_found")
	}
	return err
}

// CurrentHousehold reads the household that lives in a unit now; zero when there is none.
func (Store) CurrentHousehold(ctx context.Context, q dbx.Querier, unit id.ID) (id.ID, error) {
	var household id.ID
	err := q.Get(ctx, &household, `SELECT id FROM household WHERE current_unit = ?`, unit)
	if dbx.IsNoRow(err) {
		return id.Nil, nil
	}
	return household, err
}

const insertHouseholdSQL = `INSERT INTO household (id, unit_id, started_at, version)`

// EnsureHousehold returns the unit's current household and starts one when there is none. Whoever does
// so at the same time gets the same household: the database holds one per unit.
func (s Store) EnsureHousehold(ctx context.Context, tx *dbx.Tx, unit id.ID, at clock.Instant) (id.ID, error) {
	household, err := s.CurrentHousehold(ctx, tx, unit)
	if err != nil || !household.IsZero() {
		return household, err
	}
	fresh := id.New()
	_, err = tx.Exec(ctx, insertHouseholdSQL+` VALUES (?,?,?,1)`, fresh, unit, at)
	if err == nil || !dbx.IsDuplicate(err) {
		return fresh, err
	}
	// Another transaction was faster. Transactions see what others have committed, so its row is there.
	return s.CurrentHousehold(ctx, tx, unit)
}

// EndHousehold ends the unit's current household, as when everybody has moved out; ErrNoMatch when there
// is none.
func (Store) EndHousehold(ctx context.Context, tx *dbx.Tx, unit id.ID, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE household SET ended_at = ?, version = version + 1 WHERE current_unit = ?`, at, unit)
}
