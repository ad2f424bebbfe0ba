package area

import (
	"context"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// Chargeable is how much of one kind of unit a service area has: what a fee standard is multiplied by. Units without a known area
// count no area.
type Chargeable struct {
	Kind  string `db:"use_kind"` // residential, commercial, parking or other
	Units int64  `db:"units"`
	Area  int64  `db:"area"` // in 0.01 m²
}

// Chargeable adds up the units in use of a service area, sold or not: the developer owes the fee of what is not sold.
func (Store) Chargeable(ctx context.Context, q dbx.Querier, serviceArea id.ID) ([]Chargeable, error) {
	var out []Chargeable
	err := q.Select(ctx, &out, `SELECT use_kind, COUNT(*) AS units, SUM(area_m2x100) AS area FROM unit WHERE service_area_id = ? AND state = 'active' GROUP BY use_kind ORDER BY use_kind`, serviceArea)
	return out, err
}
