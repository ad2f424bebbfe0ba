package renovation

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// listRows reads the rows of a list after a place in its order.
func listRows(ctx context.Context, q dbx.Querier, area id.ID, name string, after int64, limit int) ([]ListRow, error) {
	var out []ListRow
	err := q.Select(ctx, &out, `SELECT id, list_name, order_no, region, place, projects, communities, buildings, households, area_m2x100, started, rate_bp
		FROM renovation_list_row WHERE area_id = ? AND list_name = ? AND order_no > ? ORDER BY order_no, id LIMIT ?`, area, name, after, limit)
	return out, err
}

func insertListRows(ctx context.Context, tx *dbx.Tx, area id.ID, scope string, list []ListRow, at clock.Instant, person *id.ID) error {
	rows := make([][]any, len(list))
	for i, r := range list {
		rows[i] = []any{r.ID, area, scope, r.ListName, r.Order, r.Region, r.Place, r.Projects, r.Communities, r.Buildings, r.Households, r.Area, r.Started, r.RateBp, at, person}
	}
	return tx.InsertMany(ctx, `INSERT INTO renovation_list_row (id, area_id, scope_path, list_name, order_no, region, place, projects, communities, buildings, households, area_m2x100, started, rate_bp, imported_at, person_id)`, rows)
}

func updateListRow(ctx context.Context, tx *dbx.Tx, r ListRow, at clock.Instant, person *id.ID) error {
	return tx.ExecOne(ctx, `UPDATE renovation_list_row SET order_no = ?, projects = ?, communities = ?, buildings = ?, households = ?, area_m2x100 = ?, started = ?, rate_bp = ?, imported_at = ?, person_id = ? WHERE id = ?`,
		r.Order, r.Projects, r.Communities, r.Buildings, r.Households, r.Area, r.Started, r.RateBp, at, person, r.ID)
}

// listSums adds up the lists of a division.
func listSums(ctx context.Context, q dbx.Querier, area id.ID) ([]ListSums, error) {
	out := []ListSums{}
	err := q.Select(ctx, &out, `SELECT list_name, COUNT(*) AS row_count, SUM(projects) AS projects, SUM(communities) AS communities, SUM(buildings) AS buildings, SUM(households) AS households,
		SUM(area_m2x100) AS area, SUM(started) AS started, MAX(imported_at) AS imported_at FROM renovation_list_row WHERE area_id = ? GROUP BY list_name ORDER BY list_name`, area)
	return out, err
}
