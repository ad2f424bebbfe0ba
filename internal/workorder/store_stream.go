package workorder

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// changesSince reads the events since a moment, oldest first, and whether there are more than most.
func changesSince(ctx context.Context, q dbx.Querier, since clock.Instant, most int) ([]OrderChange, bool, error) {
	var rows []Event
	err := q.Select(ctx, &rows, `SELECT order_id, seq, at, kind, to_state FROM work_order_event WHERE at >= ? ORDER BY at LIMIT ?`, since, most+1)
	out := make([]OrderChange, 0, len(rows))
	for _, e := range rows {
		out = append(out, OrderChange{Order: e.OrderID, Seq: e.Seq, Kind: e.Kind, State: e.To, At: e.At})
	}
	if len(out) > most {
		return nil, true, err
	}
	return out, false, err
}

// ordersByID reads orders with their followers, as they stand.
func ordersByID(ctx context.Context, q dbx.Querier, ids []id.ID) (map[id.ID]*Order, error) {
	out := make(map[id.ID]*Order, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), 500)
		var rows []*Order
		if err := q.Select(ctx, &rows, `SELECT `+orderColumns+` FROM work_order WHERE `+in("id", n), anys(ids[:n])...); err != nil {
			return nil, err
		}
		for _, o := range rows {
			if o.Followers > 0 {
				if err := q.Select(ctx, &o.followers, selectFollowers, o.ID); err != nil {
					return nil, err
				}
			}
			out[o.ID] = o
		}
		ids = ids[n:]
	}
	return out, nil
}
