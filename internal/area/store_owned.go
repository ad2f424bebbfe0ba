package area

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// UnitOwner is a present owner of a unit.
type UnitOwner struct {
	ID     id.ID
	Kind   OwnerKind
	Person id.ID // zero where nobody knows which person it is
}

// OwnedUnit is a unit in use with its present owners, as owners' decisions count it.
type OwnedUnit struct {
	ID        id.ID
	Address   string
	Area      int64 // in force, in 0.01 m²
	Source    AreaSource
	Use       Use
	Delivery  Delivery
	Household id.ID // zero where nobody is known to live
	Owners    []UnitOwner
}

// PartOf narrows a scope to a building, or to one of its entrances.
type PartOf struct {
	Building id.ID
	Entrance string
}

// OwnedUnits lists the units in use at or below a scope path, by address.
func (Store) OwnedUnits(ctx context.Context, q dbx.Querier, path string, part PartOf) ([]OwnedUnit, error) {
	var rows []struct {
		ID        id.ID      `db:"id"`
		Building  string     `db:"building"`
		Entrance  string     `db:"entrance"`
		Number    string     `db:"number"`
		Area      int64      `db:"area_m2x100"`
		Source    AreaSource `db:"area_source"`
		Use       Use        `db:"use_kind"`
		Delivery  Delivery   `db:"delivery"`
		Household *id.ID     `db:"household_id"`
		Owner     *id.ID     `db:"owner_id"`
		Kind      *OwnerKind `db:"kind"`
		Person    *id.ID     `db:"person_id"`
	}
	low, high := authz.PathRange(path)
	query, args := `SELECT u.id, b.name AS building, u.entrance, u.number, u.area_m2x100, u.area_source, u.use_kind, u.delivery, h.id AS household_id, o.id AS owner_id, o.kind, o.person_id
		FROM unit u JOIN building b ON b.id = u.building_id JOIN service_area s ON s.id = u.service_area_id LEFT JOIN household h ON h.current_unit = u.id
		LEFT JOIN unit_owner w ON w.unit_id = u.id AND w.to_date IS NULL LEFT JOIN owner o ON o.id = w.owner_id
		WHERE s.path >= ? AND s.path < ? AND u.state = 'active'`, []any{low, high}
	if !part.Building.IsZero() {
		query, args = query+` AND u.building_id = ?`, append(args, part.Building)
	}
	if part.Entrance != "" {
		query, args = query+` AND u.entrance = ?`, append(args, part.Entrance)
	}
	if err := q.Select(ctx, &rows, query+` ORDER BY s.path, b.order_no, b.name_key, u.number_key, u.id, o.id`, args...); err != nil {
		return nil, err
	}
	var out []OwnedUnit
	for _, r := range rows {
		if n := len(out); n == 0 || out[n-1].ID != r.ID {
			out = append(out, OwnedUnit{ID: r.ID, Address: address(r.Building, r.Entrance, r.Number), Area: r.Area, Source: r.Source, Use: r.Use, Delivery: r.Delivery, Household: id.OrNil(r.Household)})
		}
		if u := &out[len(out)-1]; r.Owner != nil {
			u.Owners = append(u.Owners, UnitOwner{ID: *r.Owner, Kind: *r.Kind, Person: id.OrNil(r.Person)})
		}
	}
	return out, nil
}

// BuildingPlace says where a building lies. None is the fault not_found.
func (s Store) BuildingPlace(ctx context.Context, q dbx.Querier, which id.ID) (Building, Place, error) {
	b, err := building(ctx, q, which)
	if err != nil {
		return b, Place{}, err
	}
	place, err := s.Place(ctx, q, b.ServiceAreaID)
	return b, place, err
}
