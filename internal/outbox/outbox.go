// Package outbox holds what must happen outside the database after a change: it is written in the
// change's transaction, so nothing leaves before the commit and nothing committed is forgotten.
package outbox

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// Event is something that happened and that others may want to act upon. Its ID is the dedupe key of
// whatever is sent because of it.
type Event struct {
	ID      id.ID         `db:"id"`
	Topic   string        `db:"topic"`      // "workorder.dispatched"; consumers subscribe by topic
	Subject id.ID         `db:"subject_id"` // the thing it happened to
	Payload []byte        `db:"payload"`    // JSON of ids and codes; never personal data
	At      clock.Instant `db:"created_at"`
}

// Add notes an event in tx. payload is marshalled to JSON.
func Add(ctx context.Context, tx *dbx.Tx, at clock.Instant, topic string, subject id.ID, payload any) error {
	body, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("outbox %s: %w", topic, err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO outbox (id, topic, subject_id, payload, state, attempts, due_at, created_at, last_error)
		VALUES (?, ?, ?, ?, 'waiting', 0, ?, ?, '')`, id.New(), topic, subject, string(body), at, at)
	return err
}
