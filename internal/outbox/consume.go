package outbox

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// Waiting is an event that still has to be acted upon, with how often that has failed.
type Waiting struct {
	Event
	Attempts int64 `db:"attempts"`
}

// Due lists the events that wait and whose time has come. It selects by state and due time, never beyond
// a last id or time: a transaction that commits late leaves its event among the waiting ones.
func Due(ctx context.Context, q dbx.Querier, now clock.Instant, limit int) (list []Waiting, err error) {
	err = q.Select(ctx, &list, `SELECT id, topic, subject_id, payload, created_at, attempts FROM outbox
		WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT ?`, now, limit)
	return list, err
}

// Done marks the event as acted upon, in the transaction that did it. dbx.ErrNoMatch means that somebody
// else acted meanwhile: the transaction must not be committed.
func Done(ctx context.Context, tx *dbx.Tx, w Waiting) error {
	return tx.ExecOne(ctx, `UPDATE outbox SET state = 'done', last_error = '' WHERE id = ? AND state = 'waiting' AND attempts = ?`, w.ID, w.Attempts)
}

// Retry notes a failed attempt and when the next one is due. why is a code, never a text of others.
func Retry(ctx context.Context, tx *dbx.Tx, w Waiting, due clock.Instant, why string) error {
	return tx.ExecOne(ctx, `UPDATE outbox SET attempts = attempts + 1, due_at = ?, last_error = ? WHERE id = ? AND state = 'waiting' AND attempts = ?`,
		due, why, w.ID, w.Attempts)
}

// Bury gives the event up: it becomes a dead letter, which an administrator sees.
func Bury(ctx context.Context, tx *dbx.Tx, w Waiting, why string) error {
	return tx.ExecOne(ctx, `UPDATE outbox SET attempts = attempts + 1, state = 'dead', last_error = ? WHERE id = ? AND state = 'waiting' AND attempts = ?`,
		why, w.ID, w.Attempts)
}

// Revive lets a dead event be tried anew, from the first attempt on. dbx.ErrNoMatch: it is not dead.
func Revive(ctx context.Context, tx *dbx.Tx, event id.ID, now clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE outbox SET state = 'waiting', attempts = 0, due_at = ? WHERE id = ? AND state = 'dead'`, now, event)
}

// Discard gives a dead event up for good. dbx.ErrNoMatch: it is not dead.
func Discard(ctx context.Context, tx *dbx.Tx, event id.ID) error {
	return tx.ExecOne(ctx, `UPDATE outbox SET state = 'discarded' WHERE id = ? AND state = 'dead'`, event)
}

// Forget deletes up to limit events that were acted upon or discarded before the given moment, and
// returns how many. Dead letters stay.
func Forget(ctx context.Context, db *dbx.DB, before clock.Instant, limit int) (n int64, err error) {
	var old []id.ID
	for _, state := range []string{"done", "discarded"} {
		var part []id.ID
		err := db.Select(ctx, &part, `SELECT id FROM outbox WHERE state = ? AND due_at < ? AND created_at < ? ORDER BY due_at LIMIT ?`, state, before, before, limit)
		if err != nil {
			return 0, err
		}
		old = append(old, part...)
	}
	if len(old) == 0 {
		return 0, nil
	}
	query, args, err := dbx.In(`DELETE FROM outbox WHERE id IN (?) AND state IN ('done', 'discarded')`, old)
	if err != nil {
		return 0, err
	}
	err = db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		n, err = tx.Exec(ctx, query, args...)
		return err
	})
	return n, err
}
