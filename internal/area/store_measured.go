package area

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// Block is an entrance of a building; of a building with one entrance, without a name.
type Block struct {
	BuildingID    id.ID  `db:"building_id"`
	ServiceAreaID id.ID  `db:"service_area_id"`
	Name          string `db:"name"` // the building's
	Entrance      string `db:"entrance"`
}

// Blocks lists the buildings at or below a path with the entrances that units in use have.
func (Store) Blocks(ctx context.Context, q dbx.Querier, path string) ([]Block, error) {
	low, high := authz.PathRange(path)
	var out []Block
	err := q.Select(ctx, &out, `SELECT b.id AS building_id, b.service_area_id, b.name, COALESCE(u.entrance, '') AS entrance FROM building b JOIN service_area s ON s.id = b.service_area_id
		LEFT JOIN (SELECT DISTINCT building_id, entrance FROM unit WHERE state = 'active') u ON u.building_id = b.id
		WHERE s.path >= ? AND s.path < ? ORDER BY b.order_no, b.name_key, b.id, entrance`, low, high)
	return out, err
}

// Entrances names the entrances of a building that units in use have.
func (Store) Entrances(ctx context.Context, q dbx.Querier, building id.ID) ([]string, error) {
	var out []string
	err := q.Select(ctx, &out, `SELECT DISTINCT entrance FROM unit WHERE building_id = ? AND state = 'active' AND entrance <> '' ORDER BY entrance`, building)
	return out, err
}

// Measured is a unit in use with its exclusive area in 0.01 m²; 0 where none is known.
type Measured struct {
	UnitID       id.ID  `db:"unit_id"`
	BuildingID   id.ID  `db:"building_id"`
	BuildingName string `db:"building_name"`
	Entrance     string `db:"entrance"`
	Number       string `db:"unit_number"`
	Area         int64  `db:"area"`
	Phase        string `db:"phase"` // name of its service area; empty where all units that were asked for lie in one
}

// Address is the unit's place as people say it: each phase of an estate has a 1号楼 of its own.
func (m Measured) Address() string {
	within := address(m.BuildingName, m.Entrance, m.Number)
	if m.Phase == "" {
		return within
	}
	name := []rune(m.Phase)
	return string(name[:min(len(name), maxPhaseShown)]) + " " + within
}

// maxPhaseShown keeps an address within the 200 characters that those who store one leave it.
const maxPhaseShown = 60

// Measured lists the units in use at or below a path by service area, building and number.
func (Store) Measured(ctx context.Context, q dbx.Querier, path string) ([]Measured, error) {
	low, high := authz.PathRange(path)
	var out []Measured
	err := q.Select(ctx, &out, `SELECT u.id AS unit_id, u.building_id, b.name AS building_name, u.entrance, u.number AS unit_number, COALESCE(u.area_m2x100, 0) AS area, s.name AS phase
		FROM unit u JOIN building b ON b.id = u.building_id JOIN service_area s ON s.id = u.service_area_id
		WHERE s.path >= ? AND s.path < ? AND u.state = 'active' ORDER BY s.id, b.order_no, b.name_key, u.number_key, u.id`, low, high)
	if !slices.ContainsFunc(out, func(m Measured) bool { return m.Phase != out[0].Phase }) {
		for i := range out {
			out[i].Phase = ""
		}
	}
	return out, err
}
