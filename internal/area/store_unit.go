package area

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

const unitColumns = `u.id, u.building_id, u.service_area_id, u.code, u.entrance, u.number, u.floor, u.area_register, u.area_survey, u.area_contract,
	u.use_kind, u.state, u.delivery, u.occupied_state, u.created_at, u.changed_at, u.version`

type unitRow struct {
	ID        id.ID         `db:"id"`
	Building  id.ID         `db:"building_id"`
	Area      id.ID         `db:"service_area_id"`
	Code      *string       `db:"code"`
	Entrance  string        `db:"entrance"`
	Number    string        `db:"number"`
	Floor     *int          `db:"floor"`
	Register  *int64        `db:"area_register"`
	Survey    *int64        `db:"area_survey"`
	Contract  *int64        `db:"area_contract"`
	Use       Use           `db:"use_kind"`
	State     UnitState     `db:"state"`
	Delivery  Delivery      `db:"delivery"`
	Occupied  Occupied      `db:"occupied_state"`
	CreatedAt clock.Instant `db:"created_at"`
	ChangedAt clock.Instant `db:"changed_at"`
	Version   int64         `db:"version"`
}

func (r unitRow) unit() Unit {
	u := Unit{ID: r.ID, BuildingID: r.Building, ServiceAreaID: r.Area, State: r.State, CreatedAt: r.CreatedAt, ChangedAt: r.ChangedAt, Version: r.Version,
		UnitFacts: UnitFacts{Delivery: r.Delivery, Occupied: r.Occupied},
		UnitIdentity: UnitIdentity{Code: orZero(r.Code), Entrance: r.Entrance, Number: r.Number, Floor: r.Floor, Use: r.Use,
			Areas: Areas{Register: orZero(r.Register), Survey: orZero(r.Survey), Contract: orZero(r.Contract)}}}
	u.Area, u.AreaSource = u.Areas.InForce()
	return u
}

func units(rows []unitRow) []Unit {
	out := make([]Unit, len(rows))
	for i, r := range rows {
		out[i] = r.unit()
	}
	return out
}

// orZero is what p points to, or the zero value.
func orZero[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// orNull is v as a column's value, NULL for the zero value.
func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// Unit reads a unit in any state. None is the fault not_found.
func (Store) Unit(ctx context.Context, q dbx.Querier, which id.ID) (Unit, error) {
	var row unitRow
	err := q.Get(ctx, &row, `SELECT `+unitColumns+` FROM unit u WHERE u.id = ?`, which)
	return row.unit(), found(err)
}

const insertUnitSQL = `INSERT INTO unit (id, building_id, service_area_id, code, entrance, number, number_key, floor, area_register, area_survey, area_contract,
	use_kind, state, delivery, occupied_state, created_at, changed_at, version)`

// values are those of insertUnitSQL.
func (u Unit) values() []any {
	return []any{u.ID, u.BuildingID, u.ServiceAreaID, orNull(u.Code), u.Entrance, u.Number, unitKey(u.Entrance, u.Number), u.Floor,
		orNull(u.Areas.Register), orNull(u.Areas.Survey), orNull(u.Areas.Contract),
		string(u.Use), string(UnitActive), string(u.Delivery), string(u.Occupied), u.CreatedAt, u.ChangedAt, 1}
}

func insertUnits(ctx context.Context, tx *dbx.Tx, list []Unit) error {
	rows := make([][]any, len(list))
	for i, u := range list {
		rows[i] = u.values()
	}
	return tx.InsertMany(ctx, insertUnitSQL, rows)
}

// reidentify writes another identity over a unit in use; ErrNoMatch when it was changed since version.
func reidentify(ctx context.Context, tx *dbx.Tx, which id.ID, version int64, u UnitIdentity, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE unit SET code = ?, entrance = ?, number = ?, number_key = ?, floor = ?, area_register = ?, area_survey = ?, area_contract = ?, use_kind = ?,
		changed_at = ?, version = version + 1 WHERE id = ? AND version = ? AND state = 'active'`,
		orNull(u.Code), u.Entrance, u.Number, unitKey(u.Entrance, u.Number), u.Floor, orNull(u.Areas.Register), orNull(u.Areas.Survey), orNull(u.Areas.Contract), string(u.Use),
		at, which, version)
}

// retire takes a unit out of use; ErrNoMatch when it was changed since version.
func retire(ctx context.Context, tx *dbx.Tx, which id.ID, version int64, state UnitState, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE unit SET state = ?, changed_at = ?, version = version + 1 WHERE id = ? AND version = ? AND state = 'active'`, string(state), at, which, version)
}

func updateUnitFacts(ctx context.Context, tx *dbx.Tx, which id.ID, version int64, f UnitFacts, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE unit SET delivery = ?, occupied_state = ?, changed_at = ?, version = version + 1 WHERE id = ? AND version = ? AND state = 'active'`,
		string(f.Delivery), string(f.Occupied), at, which, version)
}

// unitEvent is what a unit was until a change.
type unitEvent struct {
	Unit    id.ID
	Version int64 // of the unit before the change
	Kind    string
	At      clock.Instant
	Person  id.ID
	Role    string
	Change  id.ID
	Before  string // JSON of the Unit
}

func insertUnitEvent(ctx context.Context, tx *dbx.Tx, e unitEvent) error {
	_, err := tx.Exec(ctx, `INSERT INTO unit_event (unit_id, version, kind, at, actor_person, actor_role, change_id, before_state) VALUES (?,?,?,?,?,?,?,?)`,
		e.Unit, e.Version, e.Kind, e.At, e.Person.Ptr(), e.Role, e.Change.Ptr(), e.Before)
	return err
}

func listUnits(ctx context.Context, q dbx.Querier, building id.ID, states []string, after []string, limit int) ([]Unit, error) {
	where, args := `u.building_id = ? AND u.state IN (?)`, []any{building, states}
	if after != nil {
		last, err := id.Parse(after[1])
		if err != nil {
			return nil, badCursor()
		}
		where, args = where+` AND (u.number_key, u.id) > (?, ?)`, append(args, after[0], last)
	}
	query, args, err := dbx.In(`SELECT `+unitColumns+` FROM unit u WHERE `+where+` ORDER BY u.number_key, u.id LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, err
	}
	var rows []unitRow
	err = q.Select(ctx, &rows, query, args...)
	return units(rows), err
}

// unitsByKey reads the units in use of a building under the keys given.
func unitsByKey(ctx context.Context, q dbx.Querier, building id.ID, keys []string) ([]Unit, error) {
	query, args, err := dbx.In(`SELECT `+unitColumns+` FROM unit u WHERE u.building_id = ? AND u.state = 'active' AND u.number_key IN (?)`, building, keys)
	if err != nil {
		return nil, err
	}
	var rows []unitRow
	err = q.Select(ctx, &rows, query, args...)
	return units(rows), err
}

func unitEvents(ctx context.Context, q dbx.Querier, unit id.ID) ([]UnitEvent, error) {
	out := []UnitEvent{}
	err := q.Each(ctx, `SELECT version, kind, at, actor_role, change_id, before_state FROM unit_event WHERE unit_id = ? ORDER BY version`, []any{unit}, func(row dbx.Row) error {
		var e UnitEvent
		var before string
		if err := row.Scan(&e.Version, &e.Kind, &e.At, &e.Role, &e.Change, &before); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(before), &e.Before); err != nil {
			return fmt.Errorf("unit event: %w", err)
		}
		out = append(out, e)
		return nil
	})
	return out, err
}
