package area

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// Dwelling is a residential unit in use that was handed over, or may have been, with its current household.
type Dwelling struct {
	UnitPlace
	Occupied Occupied
}

// Dwellings lists the dwellings of a service area by building and number.
func (Store) Dwellings(ctx context.Context, q dbx.Querier, serviceArea id.ID) ([]Dwelling, error) {
	var rows []struct {
		unitPlaceRow
		Occupied Occupied `db:"occupied_state"`
	}
	err := q.Select(ctx, &rows, `SELECT `+unitPlaceColumns+`, u.occupied_state`+unitPlaceFrom+`WHERE u.service_area_id = ? AND u.state = 'active' AND u.use_kind = 'residential'
		AND u.delivery NOT IN ('unsold', 'undelivered') ORDER BY b.order_no, b.name_key, u.number_key, u.id`, serviceArea)
	out := make([]Dwelling, len(rows))
	for i, r := range rows {
		out[i] = Dwelling{r.place(), r.Occupied}
	}
	return out, err
}

// Extent is a service area with how many dwellings it has.
type Extent struct {
	Place
	Dwellings int64 `db:"dwellings"`
}

// Extents lists the service areas at or below a path, by name.
func (Store) Extents(ctx context.Context, q dbx.Querier, path string) ([]Extent, error) {
	low, high := authz.PathRange(path)
	var out []Extent
	err := q.Select(ctx, &out, `SELECT `+placeColumns+`, (SELECT COUNT(*) FROM unit u WHERE u.service_area_id = s.id AND u.state = 'active' AND u.use_kind = 'residential'
		AND u.delivery NOT IN ('unsold', 'undelivered')) AS dwellings FROM service_area s JOIN area e ON e.id = s.estate_id
		WHERE s.path >= ? AND s.path < ? ORDER BY e.name_key, s.name_key, s.id`, low, high)
	return out, err
}
