package notify

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

// params are a message's codes, stored as JSON.
type params map[string]string

// Scan reads the stored form.
func (p *params) Scan(src any) error {
	var raw []byte
	switch v := src.(type) {
	case string:
		raw = []byte(v)
	case []byte:
		raw = v
	default:
		return fmt.Errorf("cannot read %T as parameters", src)
	}
	return json.Unmarshal(raw, p)
}

func (p params) stored() string {
	b, _ := json.Marshal(p) // a map of texts always marshals
	return string(b)
}

// delivery is one message on its way to one recipient.
type delivery struct {
	ID        id.ID         `db:"id"`
	Event     id.ID         `db:"event_id"`
	Channel   Channel       `db:"channel"`
	Recipient id.ID         `db:"recipient"` // a person, a webhook, or an order whose caller is told
	Topic     string        `db:"topic"`
	Subject   id.ID         `db:"subject_id"`
	Template  string        `db:"template"`
	Params    params        `db:"params"`
	Urgency   Urgency       `db:"urgency"`
	EventAt   clock.Instant `db:"event_at"`
	Attempts  int64         `db:"attempts"`
	DueAt     clock.Instant `db:"due_at"`
}

const deliveryColumns = `id, event_id, channel, recipient, topic, subject_id, template, params, urgency, event_at, attempts, due_at`

func insertDeliveries(ctx context.Context, tx *dbx.Tx, list []delivery, now clock.Instant) error {
	rows := make([][]any, len(list))
	for i, d := range list {
		rows[i] = []any{d.ID, d.Event, string(d.Channel), d.Recipient, d.Topic, d.Subject, d.Template, d.Params.stored(), int64(d.Urgency),
			d.EventAt, d.Attempts, d.DueAt, string(Waiting), "", now}
	}
	return tx.InsertMany(ctx, `INSERT INTO delivery (`+deliveryColumns+`, state, last_error, created_at)`, rows)
}

// target is what is due: one delivery, or on a digest channel all that are due for one recipient.
type target struct {
	ID        id.ID   `db:"id"`
	Channel   Channel `db:"channel"`
	Recipient id.ID   `db:"recipient"`
	Urgency   Urgency `db:"urgency"`
}

func dueTargets(ctx context.Context, q dbx.Querier, channels []Channel, now clock.Instant, limit int) (list []target, err error) {
	query, args, err := dbx.In(`SELECT id, channel, recipient, urgency FROM delivery WHERE state = 'waiting' AND due_at <= ? AND channel IN (?)
		ORDER BY urgency, due_at, id LIMIT ?`, now, channels, limit)
	if err != nil {
		return nil, err
	}
	err = q.Select(ctx, &list, query, args...)
	return list, err
}

// claimTarget takes what is due for t until a moment, and returns it in the order it was made; nothing
// when somebody else has it.
func claimTarget(ctx context.Context, tx *dbx.Tx, t target, claim id.ID, now, until clock.Instant) (list []delivery, err error) {
	const take = `UPDATE delivery SET claim = ?, attempts = attempts + 1, tried_at = ?, due_at = ? WHERE state = 'waiting' AND due_at <= ? AND `
	var n int64
	if t.Channel.gathers() {
		n, err = tx.Exec(ctx, take+`recipient = ? AND channel = ?`, claim, now, until, now, t.Recipient, string(t.Channel))
	} else {
		n, err = tx.Exec(ctx, take+`id = ?`, claim, now, until, now, t.ID)
	}
	if err != nil || n == 0 {
		return nil, err
	}
	err = tx.Select(ctx, &list, `SELECT `+deliveryColumns+` FROM delivery WHERE recipient = ? AND claim = ? ORDER BY id`, t.Recipient, claim)
	return list, err
}

// postpone moves what is due for t without counting an attempt.
func postpone(ctx context.Context, tx *dbx.Tx, t target, now, until clock.Instant) error {
	_, err := tx.Exec(ctx, `UPDATE delivery SET due_at = ? WHERE state = 'waiting' AND due_at <= ? AND recipient = ? AND channel = ?`,
		until, now, t.Recipient, string(t.Channel))
	return err
}

// postponeOne moves one delivery without counting an attempt.
func postponeOne(ctx context.Context, tx *dbx.Tx, t target, now, until clock.Instant) error {
	_, err := tx.Exec(ctx, `UPDATE delivery SET due_at = ? WHERE state = 'waiting' AND due_at <= ? AND id = ?`, until, now, t.ID)
	return err
}

// settle writes the outcome of a claim; nothing when the claim has passed to somebody else.
func settle(ctx context.Context, tx *dbx.Tx, recipient, claim id.ID, to State, due clock.Instant, why string) error {
	_, err := tx.Exec(ctx, `UPDATE delivery SET state = ?, due_at = ?, last_error = ? WHERE recipient = ? AND claim = ? AND state = 'waiting'`,
		string(to), due, why, recipient, claim)
	return err
}

// sentSince counts the messages tried to a recipient since a moment, and tells when the first of them was.
func sentSince(ctx context.Context, q dbx.Querier, recipient id.ID, since clock.Instant) (n int64, first clock.Instant, err error) {
	var row struct {
		N     int64         `db:"n"`
		First clock.Instant `db:"first_at"`
	}
	err = q.Get(ctx, &row, `SELECT COUNT(DISTINCT claim) AS n, COALESCE(MIN(tried_at), 0) AS first_at FROM delivery WHERE recipient = ? AND tried_at > ?`, recipient, since)
	return row.N, row.First, err
}

// dropFor discards what waits for a recipient that is gone.
func dropFor(ctx context.Context, tx *dbx.Tx, recipient id.ID) error {
	_, err := tx.Exec(ctx, `UPDATE delivery SET state = 'discarded' WHERE recipient = ? AND state IN ('waiting', 'dead')`, recipient)
	return err
}

// forgetDeliveries deletes up to limit deliveries that are over, made before the given moment.
func forgetDeliveries(ctx context.Context, db *dbx.DB, before clock.Instant, limit int) (int64, error) {
	var old []id.ID
	for _, state := range []State{Done, Discarded} {
		var part []id.ID
		err := db.Select(ctx, &part, `SELECT id FROM delivery WHERE state = ? AND due_at < ? AND created_at < ? ORDER BY due_at LIMIT ?`, string(state), before, before, limit)
		if err != nil {
			return 0, err
		}
		old = append(old, part...)
	}
	return deleteIn(ctx, db, `DELETE FROM delivery WHERE id IN (?)`, old)
}

func deleteIn(ctx context.Context, db *dbx.DB, query string, ids []id.ID) (n int64, err error) {
	if len(ids) == 0 {
		return 0, nil
	}
	query, args, err := dbx.In(query, ids)
	if err != nil {
		return 0, err
	}
	err = db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		n, err = tx.Exec(ctx, query, args...)
		return err
	})
	return n, err
}

// DeadLetter is an event or a delivery that was given up.
type DeadLetter struct {
	ID        id.ID         `db:"id" json:"id"`
	Kind      string        `db:"kind" json:"kind" enum:"event,delivery" doc:"An event that could not be fanned out, or a message that could not be delivered"`
	Topic     string        `db:"topic" json:"topic" doc:"What happened"`
	Subject   id.ID         `db:"subject_id" json:"subject" doc:"The thing it happened to"`
	Channel   string        `db:"channel" json:"channel,omitempty" doc:"The way it was to go; absent for an event"`
	Attempts  int64         `db:"attempts" json:"attempts" doc:"How often it was tried"`
	LastError string        `db:"last_error" json:"lastError" doc:"Code of the last failure; the log has the rest"`
	CreatedAt clock.Instant `db:"created_at" json:"createdAt" doc:"When it was made"`
}

func deadLetters(ctx context.Context, q dbx.Querier, req page.Request) (page.Page[DeadLetter], error) {
	after, err := page.Decode(req.Cursor, 1)
	if err != nil {
		return page.Page[DeadLetter]{}, err
	}
	where, args := "state = 'dead'", []any{}
	if after != nil {
		last, err := id.Parse(after[0])
		if err != nil {
			return page.Page[DeadLetter]{}, badCursor()
		}
		where, args = where+" AND id < ?", []any{last, last}
	}
	var list []DeadLetter
	size := req.Size()
	err = q.Select(ctx, &list, `SELECT id, 'event' AS kind, topic, subject_id, '' AS channel, attempts, last_error, created_at FROM outbox WHERE `+where+`
		UNION ALL SELECT id, 'delivery' AS kind, topic, subject_id, channel, attempts, last_error, created_at FROM delivery WHERE `+where+`
		ORDER BY id DESC LIMIT ?`, append(args, size+1)...)
	if err != nil {
		return page.Page[DeadLetter]{}, err
	}
	return page.Cut(list, size, func(d DeadLetter) []string { return []string{d.ID.String()} }), nil
}

func reviveDelivery(ctx context.Context, tx *dbx.Tx, which id.ID, now clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE delivery SET state = 'waiting', attempts = 0, due_at = ?, claim = NULL WHERE id = ? AND state = 'dead'`, now, which)
}

func discardDelivery(ctx context.Context, tx *dbx.Tx, which id.ID) error {
	return tx.ExecOne(ctx, `UPDATE delivery SET state = 'discarded' WHERE id = ? AND state = 'dead'`, which)
}
