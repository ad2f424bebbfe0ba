package report

import (
	"context"
	"errors"
	"fmt"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// The tables of other features that the audit reads: work_order, work_order_event, work_order_rating, area,
// service_area, organisation. It writes none of them.

// place is an area or a service area.
type place struct {
	ID   id.ID  `db:"id"`
	Kind string `db:"kind"` // street, community, estate, service_area, or a level above
	Name string `db:"name"`
	Path string `db:"path"`
}

// column ties orders to a place of this level.
func (p place) column() (string, bool) {
	c, ok := map[string]string{"street": "street_id", "community": "community_id", "estate": "estate_id", "service_area": "service_area_id"}[p.Kind]
	return c, ok
}

const (
	selectArea        = `SELECT id, kind, name, path FROM area WHERE `
	selectServiceArea = `SELECT id, 'service_area' AS kind, name, path FROM service_area WHERE `
)

func notFound() error { return fault.New(fault.NotFound, "not_found") }

// placeByID finds an area or service area; NotFound when there is none.
func placeByID(ctx context.Context, q dbx.Querier, at id.ID) (place, error) {
	return findPlace(ctx, q, "id = ?", at)
}

// placeByPath finds what lies at a scope path.
func placeByPath(ctx context.Context, q dbx.Querier, path string) (place, error) {
	return findPlace(ctx, q, "path = ?", path)
}

func findPlace(ctx context.Context, q dbx.Querier, where string, arg any) (place, error) {
	var p place
	err := q.Get(ctx, &p, selectArea+where, arg)
	if dbx.IsNoRow(err) {
		err = q.Get(ctx, &p, selectServiceArea+where, arg)
	}
	if dbx.IsNoRow(err) {
		return p, notFound()
	}
	return p, err
}

// placesOf reads areas and service areas by their identifiers.
func placesOf(ctx context.Context, q dbx.Querier, ids []id.ID) (map[id.ID]place, error) {
	out := make(map[id.ID]place, len(ids))
	for _, query := range []string{selectArea, selectServiceArea} {
		err := inChunks(ids, func(part []id.ID) error {
			stmt, args, err := dbx.In(query+`id IN (?)`, part)
			if err != nil {
				return err
			}
			var rows []place
			if err := q.Select(ctx, &rows, stmt, args...); err != nil {
				return err
			}
			for _, r := range rows {
				out[r.ID] = r
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// companyNames reads the names of organisations.
func companyNames(ctx context.Context, q dbx.Querier, ids []id.ID) (map[id.ID]string, error) {
	out := make(map[id.ID]string, len(ids))
	err := inChunks(ids, func(part []id.ID) error {
		stmt, args, err := dbx.In(`SELECT id, name FROM organisation WHERE id IN (?)`, part)
		if err != nil {
			return err
		}
		var rows []struct {
			ID   id.ID  `db:"id"`
			Name string `db:"name"`
		}
		if err := q.Select(ctx, &rows, stmt, args...); err != nil {
			return err
		}
		for _, r := range rows {
			out[r.ID] = r.Name
		}
		return nil
	})
	return out, err
}

func inChunks(ids []id.ID, fn func([]id.ID) error) error {
	for len(ids) > 0 {
		n := min(len(ids), 500)
		if err := fn(ids[:n]); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// scope is the orders that an evaluation is about: those of a place, at or below a path.
type scope struct {
	place
	only filter
}

// filter narrows a live view. It is about what never changes in an order's life.
type filter struct {
	Category string
	Source   string
}

func (f filter) empty() bool { return f == filter{} }

// condition selects the orders of a scope that a period can be about: whatever changed since it began or is
// still open. after is where a page begins.
func (s scope) condition(period Period, after id.ID) (string, []any) {
	column, _ := s.column() // a scope is only made of a place that has one
	low, high := authz.PathRange(s.Path)
	where := `o.` + column + ` = ? AND o.id > ? AND o.scope_path >= ? AND o.scope_path < ?
		AND (o.reported_at < ? OR o.closed_at < ?) AND (o.updated_at >= ? OR o.waiting <> 'none')`
	args := []any{s.ID, after, low, high, period.To, period.To, period.From}
	if s.only.Category != "" {
		where, args = where+` AND o.category = ?`, append(args, s.only.Category)
	}
	if s.only.Source != "" {
		where, args = where+` AND o.source = ?`, append(args, s.only.Source)
	}
	return where, args
}

// errEnough ends a walk early.
var errEnough = errors.New("enough")

// walkPage is how many orders are read at once: neither this process nor the server holds more.
const walkPage = 500

// eachHistory walks the orders of a scope by their identifiers and gives the history of each that matters, as
// known at asOf; their events go into hash, if there is one. errEnough from fn ends the walk.
func eachHistory(ctx context.Context, q dbx.Querier, s scope, period Period, asOf clock.Instant, after id.ID, hash *eventHash, fn func(*history) error) error {
	for {
		where, args := s.condition(period, after)
		var orders []id.ID
		err := q.Select(ctx, &orders, `SELECT o.id FROM work_order o WHERE `+where+` ORDER BY o.id LIMIT ?`, append(args, walkPage)...)
		if err != nil || len(orders) == 0 {
			return err
		}
		err = eachOf(ctx, q, orders, asOf, hash, func(h *history) error {
			if !h.relevant(period.From) {
				return nil
			}
			hash.take()
			return fn(h)
		})
		if errors.Is(err, errEnough) {
			return nil
		}
		if err != nil || len(orders) < walkPage {
			return err
		}
		after = orders[len(orders)-1]
	}
}

// eachOf reads the events of some orders and gives the history of each in turn.
func eachOf(ctx context.Context, q dbx.Querier, orders []id.ID, asOf clock.Instant, hash *eventHash, fn func(*history) error) error {
	query, args, err := dbx.In(`SELECT order_id, seq, at, kind, detail FROM work_order_event WHERE order_id IN (?) ORDER BY order_id, seq`, orders)
	if err != nil {
		return err
	}
	var h *history
	found := 0
	err = q.Each(ctx, query, args, func(row dbx.Row) error {
		var e event
		if err := row.Scan(&e.Order, &e.Seq, &e.At, &e.Kind, &e.Detail); err != nil {
			return err
		}
		if h == nil || h.order != e.Order {
			if h != nil {
				if err := fn(h); err != nil {
					return err
				}
			}
			if e.Order != orders[found] {
				return fmt.Errorf("order %s has no events", orders[found])
			}
			found++
			h = newHistory(e.Order, asOf)
			hash.begin()
		}
		if err := h.apply(e); err != nil {
			return err
		}
		if !h.cut {
			hash.add(e)
		}
		return nil
	})
	if err == nil && h != nil {
		err = fn(h)
	}
	if err == nil && found < len(orders) {
		err = fmt.Errorf("order %s has no events", orders[found])
	}
	return err
}

// ratingsIn reads the ratings given in a scope from the beginning of a period until asOf.
func ratingsIn(ctx context.Context, q dbx.Querier, s scope, period Period, asOf clock.Instant) ([]rating, error) {
	column, _ := s.column()
	low, high := authz.PathRange(s.Path)
	var out []rating
	err := q.Select(ctx, &out, `SELECT r.id, r.order_id, r.closure_no, r.rater_key, r.solved, r.satisfied, r.channel, r.at
		FROM work_order_rating r JOIN work_order o ON o.id = r.order_id
		WHERE r.at >= ? AND r.at <= ? AND o.`+column+` = ? AND o.scope_path >= ? AND o.scope_path < ? ORDER BY r.id`,
		period.From, asOf, s.ID, low, high)
	return out, err
}
