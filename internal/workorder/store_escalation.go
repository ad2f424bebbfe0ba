package workorder

import (
	"context"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/rules"
)

// watched lists the orders that it is time to look at, those that have waited longest first.
func watched(ctx context.Context, q dbx.Querier, now clock.Instant, limit int) ([]id.ID, error) {
	var out []id.ID
	err := q.Select(ctx, &out, `SELECT id FROM work_order WHERE watch_at <= ? ORDER BY watch_at LIMIT ?`, now, limit)
	return out, err
}

// setWatch moves the next look on, unless somebody has changed the order meanwhile.
func setWatch(ctx context.Context, tx *dbx.Tx, order id.ID, version int64, at *clock.Instant) error {
	_, err := tx.Exec(ctx, `UPDATE work_order SET watch_at = ? WHERE id = ? AND version = ?`, at, order, version)
	return err
}

// firedLevels are the levels of one running limit that are recorded.
func firedLevels(ctx context.Context, q dbx.Querier, order id.ID, round clock.Instant, stage Stage) ([]int64, error) {
	var out []int64
	err := q.Select(ctx, &out, `SELECT level FROM work_order_escalation WHERE order_id = ? AND round = ? AND stage = ?`, order, round, stage)
	return out, err
}

// insertEscalation records a level; a UNIQUE key refuses the second of a running limit.
func insertEscalation(ctx context.Context, tx *dbx.Tx, e OrderEscalation, queued, digest bool) error {
	_, err := tx.Exec(ctx, `INSERT INTO work_order_escalation (id, order_id, round, stage, level, severity, audience, queued, told, digest, reached_at, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, e.ID, e.OrderID, e.Round, e.Stage, e.Level, e.Severity, joinAudience(e.To), queued, e.Told, digest, e.ReachedAt, e.At)
	return err
}

func joinAudience(to []rules.Audience) string {
	parts := make([]string, len(to))
	for i, a := range to {
		parts[i] = string(a)
	}
	return strings.Join(parts, ",")
}

func (e OrderEscalation) shown() OrderEscalation {
	for _, a := range strings.Split(e.Audience, ",") {
		e.To = append(e.To, rules.Audience(a))
	}
	return e
}

const escalationColumns = `e.id, e.order_id, o.number, e.round, e.stage, e.level, e.severity, e.audience, e.told, e.reached_at, e.at`

func escalationsOf(ctx context.Context, q dbx.Querier, order id.ID) ([]OrderEscalation, error) {
	var out []OrderEscalation
	err := q.Select(ctx, &out, `SELECT `+escalationColumns+` FROM work_order_escalation e JOIN work_order o ON o.id = e.order_id
		WHERE e.order_id = ? ORDER BY e.at, e.level`, order)
	for i, e := range out {
		out[i] = e.shown()
	}
	return out, err
}

// listQueue reads the street queue: the orders nobody has moved in spite of everybody told, still open.
func listQueue(ctx context.Context, q dbx.Querier, where string, args []any, req page.Request) (page.Page[OrderEscalation], error) {
	last, err := afterCursor(req)
	if err != nil {
		return page.Page[OrderEscalation]{}, err
	}
	var rows []OrderEscalation
	err = q.Select(ctx, &rows, `SELECT `+escalationColumns+`, o.title, o.place_coarse AS place FROM work_order_escalation e JOIN work_order o ON o.id = e.order_id
		WHERE `+where+` AND e.queued = 1 AND o.waiting <> 'none' AND e.id > ? ORDER BY e.id LIMIT ?`, append(args, last, req.Size()+1)...)
	if err != nil {
		return page.Page[OrderEscalation]{}, err
	}
	cut := page.Cut(rows, req.Size(), func(e OrderEscalation) []string { return []string{e.ID.String()} })
	for i, e := range cut.Items {
		e.Title = personal.Redact(e.Title)
		cut.Items[i] = e.shown()
	}
	return cut, nil
}

const weatherColumns = `id, area_id, scope_path, kind, reason, from_at, to_at, declared_at, person_id, org_id, apply_after, version`

func insertWeather(ctx context.Context, tx *dbx.Tx, w WeatherWindow) error {
	_, err := tx.Exec(ctx, `INSERT INTO weather_window (`+weatherColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		w.ID, w.AreaID, w.ScopePath, w.Kind, w.Reason, w.From, w.To, w.DeclaredAt, w.PersonID, w.OrgID, w.ApplyAfter, w.Version)
	return err
}

// endWeather sets the end and lets the job begin anew with the due times.
func endWeather(ctx context.Context, tx *dbx.Tx, w WeatherWindow, to clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE weather_window SET to_at = ?, apply_after = ?, version = version + 1 WHERE id = ? AND version = ?`, to, id.Nil, w.ID, w.Version)
}

func weatherByID(ctx context.Context, q dbx.Querier, window id.ID) (WeatherWindow, error) {
	var w WeatherWindow
	err := q.Get(ctx, &w, `SELECT `+weatherColumns+` FROM weather_window WHERE id = ?`, window)
	if dbx.IsNoRow(err) {
		return w, notFound()
	}
	return w, err
}

func listWeather(ctx context.Context, q dbx.Querier, where string, args []any, req page.Request) (page.Page[WeatherWindow], error) {
	last, err := afterCursor(req)
	if err != nil {
		return page.Page[WeatherWindow]{}, err
	}
	if last.IsZero() {
		for i := range last {
			last[i] = 0xff
		}
	}
	var rows []WeatherWindow
	err = q.Select(ctx, &rows, `SELECT `+weatherColumns+` FROM weather_window WHERE `+where+` AND id < ? ORDER BY id DESC LIMIT ?`, append(args, last, req.Size()+1)...)
	if err != nil {
		return page.Page[WeatherWindow]{}, err
	}
	return page.Cut(rows, req.Size(), func(w WeatherWindow) []string { return []string{w.ID.String()} }), nil
}

// weatherAt are the spells declared for the place of an order, or for an area around it, that are not over
// by the start of its clock.
func weatherAt(ctx context.Context, q dbx.Querier, path string, since clock.Instant) ([]calendar.Span, error) {
	paths := pathsAround(path)
	if len(paths) == 0 {
		return nil, nil
	}
	var rows []WeatherWindow
	err := q.Select(ctx, &rows, `SELECT from_at, to_at FROM weather_window WHERE `+in("scope_path", len(paths))+` AND (to_at IS NULL OR to_at > ?) ORDER BY from_at`,
		append(paths, since)...)
	var out []calendar.Span
	for _, w := range rows {
		out = append(out, calendar.Span{From: w.From, To: w.To})
	}
	return out, err
}

// pathsAround lists a scope path and those of the places around it.
func pathsAround(path string) []any {
	var out []any
	for i, c := range path {
		if c == '/' {
			out = append(out, path[:i+1])
		}
	}
	return out
}

// unapplied is a declared spell whose due times have not all been moved yet.
func unapplied(ctx context.Context, q dbx.Querier) (WeatherWindow, bool, error) {
	var w WeatherWindow
	err := q.Get(ctx, &w, `SELECT `+weatherColumns+` FROM weather_window WHERE apply_after IS NOT NULL ORDER BY id LIMIT 1`)
	if dbx.IsNoRow(err) {
		return w, false, nil
	}
	return w, err == nil, err
}

func setApplied(ctx context.Context, tx *dbx.Tx, w WeatherWindow, after *id.ID) error {
	_, err := tx.Exec(ctx, `UPDATE weather_window SET apply_after = ? WHERE id = ? AND version = ?`, after, w.ID, w.Version)
	return err
}

// waitingForWeather lists open orders below a scope whose clock counts working time, by identifier.
func waitingForWeather(ctx context.Context, q dbx.Querier, path string, after id.ID, limit int) ([]id.ID, error) {
	low, high := authz.PathRange(path)
	var out []id.ID
	err := q.Select(ctx, &out, `SELECT id FROM work_order WHERE scope_path >= ? AND scope_path < ? AND id > ? AND waiting <> 'none'
		AND sla_mode <> 'natural' AND clock_start IS NOT NULL ORDER BY id LIMIT ?`, low, high, after, limit)
	return out, err
}
