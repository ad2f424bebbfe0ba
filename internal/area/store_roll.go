package area

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// sealed is an identity as it lies in the database.
type sealed struct {
	Name       []byte  `db:"name_sealed"`
	NameIndex  []byte  `db:"name_index"`
	Phone      []byte  `db:"phone_sealed"`
	PhoneIndex []byte  `db:"phone_index"`
	Basis      *string `db:"phone_basis"`
}

type ownerRow struct {
	sealed
	ID      id.ID     `db:"id"`
	Area    id.ID     `db:"service_area_id"`
	Kind    OwnerKind `db:"kind"`
	Person  *id.ID    `db:"person_id"`
	Version int64     `db:"version"`
}

type occupantRow struct {
	sealed
	ID       id.ID      `db:"id"`
	Unit     id.ID      `db:"unit_id"`
	Area     id.ID      `db:"service_area_id"`
	Relation Relation   `db:"relation"`
	From     clock.Date `db:"from_date"`
	Version  int64      `db:"version"`
}

const ownerColumns = `o.id, o.service_area_id, o.kind, o.name_sealed, o.name_index, o.phone_sealed, o.phone_index, o.phone_basis, o.person_id, o.version`

const occupantColumns = `t.id, t.unit_id, t.service_area_id, t.relation, t.name_sealed, t.name_index, t.phone_sealed, t.phone_index, t.phone_basis, t.from_date, t.version`

func findOwner(ctx context.Context, q dbx.Querier, which id.ID) (ownerRow, error) {
	var row ownerRow
	err := q.Get(ctx, &row, `SELECT `+ownerColumns+` FROM owner o WHERE o.id = ?`, which)
	return row, found(err)
}

func findOccupant(ctx context.Context, q dbx.Querier, which id.ID) (occupantRow, error) {
	var row occupantRow
	err := q.Get(ctx, &row, `SELECT `+occupantColumns+` FROM occupant t WHERE t.id = ? AND t.to_date IS NULL`, which)
	return row, found(err)
}

// sameOwner finds the owner of a service area whom a new one would repeat; zero when there is none. People
// are the same when name and phone are; without a phone two people of one name cannot be told apart. A
// company is known by its name.
func sameOwner(ctx context.Context, q dbx.Querier, row ownerRow) (id.ID, error) {
	var which id.ID
	var err error
	switch {
	case row.Kind != PersonOwner:
		err = q.Get(ctx, &which, `SELECT id FROM owner WHERE service_area_id = ? AND name_index = ? AND kind = ? ORDER BY id LIMIT 1`, row.Area, row.NameIndex, string(row.Kind))
	case row.PhoneIndex != nil:
		err = q.Get(ctx, &which, `SELECT id FROM owner WHERE service_area_id = ? AND name_index = ? AND phone_index = ?`, row.Area, row.NameIndex, row.PhoneIndex)
	}
	if dbx.IsNoRow(err) {
		return id.Nil, nil
	}
	return which, err
}

const insertOwnerSQL = `INSERT INTO owner (id, service_area_id, kind, name_sealed, name_index, phone_sealed, phone_index, phone_basis, person_id, created_at, version)`

func (r ownerRow) values(at clock.Instant) []any {
	return []any{r.ID, r.Area, string(r.Kind), r.Name, r.NameIndex, r.Phone, r.PhoneIndex, r.Basis, r.Person, at, 1}
}

const insertOwnershipSQL = `INSERT INTO unit_owner (id, unit_id, owner_id, from_date, source, created_at)`

func ownershipValues(unit, owner id.ID, from clock.Date, e Evidence, at clock.Instant) []any {
	return []any{id.New(), unit, owner, from, string(e), at}
}

const insertOccupantSQL = `INSERT INTO occupant (id, unit_id, service_area_id, relation, name_sealed, name_index, phone_sealed, phone_index, phone_basis, from_date, created_at, version)`

func (r occupantRow) values(at clock.Instant) []any {
	return []any{r.ID, r.Unit, r.Area, string(r.Relation), r.Name, r.NameIndex, r.Phone, r.PhoneIndex, r.Basis, r.From, at, 1}
}

func updateOwnerIdentity(ctx context.Context, tx *dbx.Tx, which id.ID, version int64, s sealed) error {
	return tx.ExecOne(ctx, `UPDATE owner SET name_sealed = ?, name_index = ?, phone_sealed = ?, phone_index = ?, phone_basis = ?, version = version + 1 WHERE id = ? AND version = ?`,
		s.Name, s.NameIndex, s.Phone, s.PhoneIndex, s.Basis, which, version)
}

func updateOccupantIdentity(ctx context.Context, tx *dbx.Tx, which id.ID, version int64, s sealed) error {
	return tx.ExecOne(ctx, `UPDATE occupant SET name_sealed = ?, name_index = ?, phone_sealed = ?, phone_index = ?, phone_basis = ?, version = version + 1 WHERE id = ? AND version = ? AND to_date IS NULL`,
		s.Name, s.NameIndex, s.Phone, s.PhoneIndex, s.Basis, which, version)
}

func linkOwner(ctx context.Context, tx *dbx.Tx, which id.ID, version int64, person id.ID) error {
	return tx.ExecOne(ctx, `UPDATE owner SET person_id = ?, version = version + 1 WHERE id = ? AND version = ?`, person, which, version)
}

// endOwnership ends one owning; ErrNoMatch when it is not in force or began after that day.
func endOwnership(ctx context.Context, tx *dbx.Tx, unit, owner id.ID, to clock.Date) error {
	return tx.ExecOne(ctx, `UPDATE unit_owner SET to_date = ? WHERE unit_id = ? AND current_owner = ? AND from_date <= ?`, to, unit, owner, to)
}

func endOccupancy(ctx context.Context, tx *dbx.Tx, which id.ID, version int64, to clock.Date) error {
	return tx.ExecOne(ctx, `UPDATE occupant SET to_date = ?, version = version + 1 WHERE id = ? AND version = ? AND to_date IS NULL AND from_date <= ?`, to, which, version, to)
}

// rollOwner is a present owner of a unit.
type rollOwner struct {
	ownerRow
	Unit     id.ID      `db:"unit_id"`
	From     clock.Date `db:"from_date"`
	Evidence Evidence   `db:"source"`
}

func ownersOfUnits(ctx context.Context, q dbx.Querier, units []id.ID) ([]rollOwner, error) {
	query, args, err := dbx.In(`SELECT `+ownerColumns+`, w.unit_id, w.from_date, w.source FROM unit_owner w JOIN owner o ON o.id = w.owner_id
		WHERE w.unit_id IN (?) AND w.to_date IS NULL ORDER BY w.created_at, w.id`, units)
	if err != nil {
		return nil, err
	}
	var out []rollOwner
	err = q.Select(ctx, &out, query, args...)
	return out, err
}

func occupantsOfUnits(ctx context.Context, q dbx.Querier, units []id.ID) ([]occupantRow, error) {
	query, args, err := dbx.In(`SELECT `+occupantColumns+` FROM occupant t WHERE t.current_unit IN (?) ORDER BY t.id`, units)
	if err != nil {
		return nil, err
	}
	var out []occupantRow
	err = q.Select(ctx, &out, query, args...)
	return out, err
}

// rollUnit is a unit as the roll lists it.
type rollUnit struct {
	ID       id.ID  `db:"id"`
	Building string `db:"building"`
	Order    int64  `db:"order_no"`
	Entrance string `db:"entrance"`
	Number   string `db:"number"`
	Key      string `db:"number_key"`
	Area     int64  `db:"area_m2x100"`
	Place    id.ID  `db:"service_area_id"`
}

const rollColumns = `u.id, b.name AS building, b.order_no, u.entrance, u.number, u.number_key, u.area_m2x100, u.service_area_id`

const rollFrom = ` FROM unit u JOIN building b ON b.id = u.building_id JOIN service_area s ON s.id = u.service_area_id `

func rollUnits(ctx context.Context, q dbx.Querier, area, after id.ID, limit int) ([]rollUnit, error) {
	var out []rollUnit
	err := q.Select(ctx, &out, `SELECT `+rollColumns+rollFrom+`WHERE u.service_area_id = ? AND u.state = 'active' AND u.id > ? ORDER BY u.id LIMIT ?`, area, after, limit)
	return out, err
}

// findRollUnits reads the units in scope for which cond holds.
func findRollUnits(ctx context.Context, q dbx.Querier, scope condition, cond condition, after id.ID, limit int) ([]rollUnit, error) {
	var out []rollUnit
	args := append(append([]any{}, scope.args...), cond.args...)
	err := q.Select(ctx, &out, `SELECT `+rollColumns+rollFrom+`WHERE u.state = 'active' AND `+scope.sql+` AND `+cond.sql+` AND u.id > ? ORDER BY u.id LIMIT ?`, append(args, after, limit)...)
	return out, err
}

// byIdentity is the condition that an owner or occupant of the unit has an index in a column.
func byIdentity(column string, owner, occupant []byte) condition {
	return condition{`(u.id IN (SELECT w.unit_id FROM unit_owner w JOIN owner o ON o.id = w.owner_id WHERE o.` + column + ` = ? AND w.to_date IS NULL)
		OR u.id IN (SELECT t.current_unit FROM occupant t WHERE t.` + column + ` = ? AND t.to_date IS NULL))`, []any{owner, occupant}}
}

// headRow is a unit and one of its owners, for counting heads.
type headRow struct {
	Unit     id.ID      `db:"id"`
	Area     int64      `db:"area_m2x100"`
	Use      Use        `db:"use_kind"`
	Delivery Delivery   `db:"delivery"`
	Owner    *id.ID     `db:"owner_id"`
	Kind     *OwnerKind `db:"kind"`
}

func headRows(ctx context.Context, q dbx.Querier, area id.ID) ([]headRow, error) {
	var out []headRow
	err := q.Select(ctx, &out, `SELECT u.id, u.area_m2x100, u.use_kind, u.delivery, o.id AS owner_id, o.kind
		FROM unit u LEFT JOIN unit_owner w ON w.unit_id = u.id AND w.to_date IS NULL LEFT JOIN owner o ON o.id = w.owner_id
		WHERE u.service_area_id = ? AND u.state = 'active' ORDER BY u.id`, area)
	return out, err
}

// OwnersOf lists the natural persons who are on the roll as present owners of a unit, as far as the
// roll knows which person an owner is.
func (Store) OwnersOf(ctx context.Context, q dbx.Querier, unit id.ID) ([]id.ID, error) {
	var out []id.ID
	err := q.Select(ctx, &out, `SELECT DISTINCT o.person_id FROM unit_owner w JOIN owner o ON o.id = w.owner_id
		WHERE w.unit_id = ? AND w.to_date IS NULL AND o.person_id IS NOT NULL`, unit)
	return out, err
}

// ErasePhones takes the phones of a person off the roll, at that person's wish. The name stays: the roll
// of owners is a statutory duty.
func (Store) ErasePhones(ctx context.Context, tx *dbx.Tx, person id.ID) error {
	_, err := tx.Exec(ctx, `UPDATE owner SET phone_sealed = NULL, phone_index = NULL, phone_basis = NULL, version = version + 1 WHERE person_id = ?`, person)
	return err
}

// HomesOf reads the units in use of a building with their current households, by number; zero households
// where nobody is known to live. An unknown building is the fault not_found.
func (s Store) HomesOf(ctx context.Context, q dbx.Querier, buildingID id.ID) ([]UnitPlace, error) {
	if _, err := building(ctx, q, buildingID); err != nil {
		return nil, err
	}
	var rows []unitPlaceRow
	err := q.Select(ctx, &rows, `SELECT `+unitPlaceColumns+unitPlaceFrom+`WHERE u.building_id = ? AND u.state = 'active' ORDER BY u.number_key, u.id`, buildingID)
	out := make([]UnitPlace, len(rows))
	for i, r := range rows {
		out[i] = r.place()
	}
	return out, err
}

func ownershipsOf(ctx context.Context, q dbx.Querier, person id.ID) ([]Ownership, error) {
	list := []Ownership{}
	err := q.Select(ctx, &list, `SELECT w.unit_id, w.owner_id, w.from_date, w.to_date FROM unit_owner w JOIN owner o ON o.id = w.owner_id
		WHERE o.person_id = ? ORDER BY w.from_date, w.unit_id`, person)
	return list, err
}

// forgetFormerOwners clears name and phone of owners who own nothing since before a day.
func forgetFormerOwners(ctx context.Context, tx *dbx.Tx, before clock.Date) error {
	_, err := tx.Exec(ctx, `UPDATE owner SET name_sealed = NULL, name_index = NULL, phone_sealed = NULL, phone_index = NULL, phone_basis = NULL, version = version + 1
		WHERE (name_sealed IS NOT NULL OR phone_sealed IS NOT NULL) AND EXISTS (SELECT 1 FROM unit_owner w WHERE w.owner_id = owner.id)
		AND NOT EXISTS (SELECT 1 FROM unit_owner w WHERE w.owner_id = owner.id AND (w.to_date IS NULL OR w.to_date >= ?))`, before)
	return err
}

// forgetFormerOccupants clears name and phone of occupants who moved out before a day.
func forgetFormerOccupants(ctx context.Context, tx *dbx.Tx, before clock.Date) error {
	_, err := tx.Exec(ctx, `UPDATE occupant SET name_sealed = NULL, name_index = NULL, phone_sealed = NULL, phone_index = NULL, phone_basis = NULL, version = version + 1
		WHERE to_date < ? AND (name_sealed IS NOT NULL OR phone_sealed IS NOT NULL)`, before)
	return err
}
