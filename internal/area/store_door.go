package area

import (
	"context"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// joinPlaces reads the service areas whose own name or whose estate's holds the key, or its initials do.
func joinPlaces(ctx context.Context, q dbx.Querier, key string) ([]JoinPlace, error) {
	like := "%" + likeText(key) + "%"
	match, args := `n.name_key LIKE ? ESCAPE '!'`, []any{like}
	if isInitials(key) {
		match, args = match+` OR n.initials LIKE ? ESCAPE '!'`, append(args, like)
	}
	out := []JoinPlace{}
	err := q.Select(ctx, &out, `SELECT s.id, e.name AS estate_name, s.name, s.path`+serviceAreaFrom+`WHERE EXISTS
		(SELECT 1 FROM place_name n WHERE n.place_id IN (s.id, s.estate_id) AND (`+match+`)) ORDER BY e.name_key, s.name_key, s.id LIMIT ?`, append(args, maxJoinPlaces)...)
	return out, err
}

func joinBuildings(ctx context.Context, q dbx.Querier, area id.ID) ([]JoinBuilding, error) {
	out := []JoinBuilding{}
	err := q.Select(ctx, &out, `SELECT id, name FROM building WHERE service_area_id = ? ORDER BY order_no, id LIMIT ?`, area, maxJoinBuildings)
	return out, err
}

func doors(ctx context.Context, q dbx.Querier, building id.ID) ([]Door, error) {
	out := []Door{}
	err := q.Select(ctx, &out, `SELECT id, entrance, number FROM unit WHERE building_id = ? AND state = 'active' AND use_kind IN ('residential', 'commercial') ORDER BY number_key, id LIMIT ?`, building, maxDoors)
	return out, err
}
