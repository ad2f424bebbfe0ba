package workorder

import (
	"context"
	"errors"
	"strings"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// bound are the columns of an order beyond its facts: what ties it to persons, and free text.
var bound = []string{"id", "unit_id", "place_text", "place_coarse", "household_id", "reporter_person_id", "contact_opt_out", "title", "description", "version", "updated_at", "forgotten_at"}

var (
	orderColumns = strings.Join(append(append([]string{}, bound...), factColumns...), ", ")
	insertOrder  = `INSERT INTO work_order (` + orderColumns + `, watch_at) VALUES (?` + strings.Repeat(",?", len(bound)+len(factColumns)) + `)`
	selectOrder  = `SELECT ` + orderColumns + ` FROM work_order WHERE id = ?`
)

const (
	selectFollowers = `SELECT from_order_id, person_id, household_id, since FROM work_order_follower WHERE order_id = ?`
	selectWorkers   = `SELECT DISTINCT actor_person_id FROM work_order_event
		WHERE order_id = ? AND actor_person_id IS NOT NULL AND kind IN ('arrive', 'control', 'pause', 'resolve', 'object', 'propose_deferral', 'propose_extension')`
	insertEvent = `INSERT INTO work_order_event (order_id, seq, at, kind, from_state, to_state, actor_role, actor_person_id, actor_org_id, detail, text)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	eventColumns = `order_id, seq, at, kind, from_state, to_state, actor_role, actor_person_id, actor_org_id, detail, text`
)

func notFound() error { return fault.New(fault.NotFound, "not_found") }

// orderByID reads an order with its followers; who worked on it is read by loadWorkers where a rule asks.
func orderByID(ctx context.Context, q dbx.Querier, order id.ID) (*Order, error) {
	var o Order
	err := q.Get(ctx, &o, selectOrder, order)
	if dbx.IsNoRow(err) {
		return nil, notFound()
	}
	if err != nil {
		return nil, err
	}
	if o.Followers > 0 {
		err = q.Select(ctx, &o.followers, selectFollowers, order)
	}
	return &o, err
}

// loadWorkers reads which natural persons have had their hands on the order.
func (o *Order) loadWorkers(ctx context.Context, q dbx.Querier) error {
	return q.Select(ctx, &o.workers, selectWorkers, o.ID)
}

// insert stores a new order. The escalation job looks at it at once: watch_at is the present.
func (o *Order) insert(ctx context.Context, tx *dbx.Tx) error {
	args := []any{o.ID, o.UnitID, o.PlaceText, o.PlaceCoarse, o.HouseholdID, o.ReporterID, o.ContactOptOut, o.Title, o.Description, o.Version, o.UpdatedAt, o.ForgottenAt}
	for _, c := range o.all() {
		args = append(args, c.value)
	}
	_, err := tx.Exec(ctx, insertOrder, append(args, o.watch(o.UpdatedAt))...)
	return err
}

// watch is when the escalation job looks at the order next: now, since a clock has changed; nil while no
// clock runs. The job itself moves it on to the next rung of the ladder.
func (f Facts) watch(now clock.Instant) *clock.Instant {
	if f.DueAt == nil {
		return nil
	}
	return now.Ptr()
}

// update writes the changed facts on condition that the order is still as it was read; ErrNoMatch says
// that somebody was faster.
func (o *Order) update(ctx context.Context, tx *dbx.Tx, set []change, next Facts, now clock.Instant) error {
	var q strings.Builder
	q.WriteString(`UPDATE work_order SET version = version + 1, updated_at = ?`)
	args := []any{now}
	watch := false
	for _, c := range set {
		q.WriteString(", " + c.column + " = ?") // columns are the constant tags of Facts
		args = append(args, c.value)
		watch = watch || strings.HasSuffix(c.column, "due_at") || c.column == "clock_round"
	}
	if watch {
		q.WriteString(", watch_at = ?")
		args = append(args, next.watch(now))
	}
	q.WriteString(` WHERE id = ? AND state = ? AND version = ?`)
	return tx.ExecOne(ctx, q.String(), append(args, o.ID, o.State, o.Version)...)
}

func (e Event) insert(ctx context.Context, tx *dbx.Tx) error {
	_, err := tx.Exec(ctx, insertEvent, e.OrderID, e.Seq, e.At, e.Kind, e.From, e.To, e.ActorRole, e.ActorID, e.ActorOrg, e.Detail, e.Text)
	return err
}

// Events reads the whole record of an order, oldest first.
func Events(ctx context.Context, q dbx.Querier, order id.ID) ([]Event, error) {
	var out []Event
	err := q.Select(ctx, &out, `SELECT `+eventColumns+` FROM work_order_event WHERE order_id = ? ORDER BY seq`, order)
	return out, err
}

// nextNumber counts the orders of one prefix and day. The row is shared by the streets that happen to have
// one prefix, is locked for the rest of the reporting transaction, and lives for one day: no hot row.
func nextNumber(ctx context.Context, tx *dbx.Tx, prefix string, day clock.Date) (int64, error) {
	n, err := tx.Exec(ctx, `UPDATE work_order_number SET last = last + 1 WHERE prefix = ? AND day = ?`, prefix, day)
	if err == nil && n == 0 {
		_, err = tx.Exec(ctx, `INSERT INTO work_order_number (prefix, day, last) VALUES (?, ?, 1)`, prefix, day)
		if dbx.IsDuplicate(err) { // another report of the day was first
			_, err = tx.Exec(ctx, `UPDATE work_order_number SET last = last + 1 WHERE prefix = ? AND day = ?`, prefix, day)
		}
	}
	if err != nil {
		return 0, err
	}
	var last int64
	err = tx.Get(ctx, &last, `SELECT last FROM work_order_number WHERE prefix = ? AND day = ?`, prefix, day)
	return last, err
}

// lastAtPlace finds the newest order about the same category at the same place, reported since; nil when
// there is none. An order without a dwelling or a public area has no place to come back to.
func lastAtPlace(ctx context.Context, q dbx.Querier, o *Order, since clock.Instant) (*id.ID, error) {
	column, place := "unit_id", o.UnitID
	if place == nil {
		column, place = "public_area_id", o.PublicAreaID
	}
	if place == nil {
		return nil, nil
	}
	var found id.ID
	err := q.Get(ctx, &found, `SELECT id FROM work_order WHERE `+column+` = ? AND category = ? AND reported_at >= ? AND reported_at < ?
		AND state = 'closed' ORDER BY id DESC LIMIT 1`, place, o.Category, since, o.ReportedAt)
	if dbx.IsNoRow(err) {
		return nil, nil
	}
	return &found, err
}

type sealed struct {
	Name  []byte `db:"name_sealed"`
	Phone []byte `db:"phone_sealed"`
}

func insertIdentity(ctx context.Context, tx *dbx.Tx, order id.ID, s sealed) error {
	_, err := tx.Exec(ctx, `INSERT INTO work_order_identity (id, name_sealed, phone_sealed) VALUES (?, ?, ?)`, order, s.Name, s.Phone)
	return err
}

func insertCaller(ctx context.Context, tx *dbx.Tx, order id.ID, s sealed, phoneIndex []byte, basis string) error {
	_, err := tx.Exec(ctx, `INSERT INTO work_order_caller (id, name_sealed, phone_sealed, phone_index, phone_basis) VALUES (?, ?, ?, ?, ?)`,
		order, s.Name, s.Phone, phoneIndex, basis)
	return err
}

func identityOf(ctx context.Context, q dbx.Querier, table string, order id.ID) (sealed, bool, error) {
	var s sealed
	err := q.Get(ctx, &s, `SELECT name_sealed, phone_sealed FROM `+table+` WHERE id = ?`, order)
	if dbx.IsNoRow(err) {
		return s, false, nil
	}
	return s, err == nil, err
}

func insertLink(ctx context.Context, tx *dbx.Tx, hash [32]byte, order id.ID, kind string, expires, now clock.Instant) error {
	_, err := tx.Exec(ctx, `INSERT INTO work_order_link (token_hash, order_id, kind, expires_at, created_at) VALUES (?, ?, ?, ?, ?)`,
		hash[:], order, kind, expires, now)
	return err
}

func orderOfLink(ctx context.Context, q dbx.Querier, hash [32]byte, now clock.Instant) (id.ID, error) {
	var order id.ID
	err := q.Get(ctx, &order, `SELECT order_id FROM work_order_link WHERE token_hash = ? AND expires_at > ?`, hash[:], now)
	if dbx.IsNoRow(err) {
		return id.Nil, notFound()
	}
	return order, err
}

// hold keeps a closed order from being reopened until the transaction ends; ErrNoMatch says that it is not
// in this closure any more.
func hold(ctx context.Context, tx *dbx.Tx, o *Order) error {
	return tx.ExecOne(ctx, `UPDATE work_order SET closure_no = closure_no WHERE id = ? AND state = ? AND closure_no = ?`, o.ID, Closed, o.ClosureNo)
}

func isNoMatch(err error) bool { return errors.Is(err, dbx.ErrNoMatch) }
