// Package audit records each change in the change's own transaction. The rows carry no order of their
// own: a leased sealer appends them to the transparency ledger within seconds, so no write waits for
// another, and what was sealed cannot be altered, dropped or added to unseen.
package audit

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// Entry says who did what to which thing.
type Entry struct {
	Actor      authz.Actor // who, in which capacity
	Action     string      // "workorder.accept": the operation in the field's terms
	ObjectKind string      // "work_order"
	ObjectID   id.ID
	ScopePath  string // where it happened; an auditor sees the records of their own area
	Detail     any    // codes, ids and amounts; never personal data, never free text of persons
}

// Record writes the entry. It takes the transaction of the change, so that a change without its record,
// or a record without its change, cannot be committed.
func Record(ctx context.Context, tx *dbx.Tx, at clock.Instant, e Entry) error {
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return fmt.Errorf("audit %s: %w", e.Action, err)
	}
	var salt [16]byte
	if _, err := rand.Read(salt[:]); err != nil {
		return fmt.Errorf("audit %s: %w", e.Action, err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO audit_record
		(id, at, account_id, person_id, capacity, post_id, action, object_kind, object_id, scope_path, request_id, detail, salt)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id.New(), at, e.Actor.Account.Ptr(), e.Actor.Person.Ptr(), string(e.Actor.Role), e.Actor.Post.Ptr(), e.Action, e.ObjectKind, e.ObjectID,
		e.ScopePath, e.Actor.Request, string(detail), salt[:])
	if err != nil {
		return fmt.Errorf("audit %s: %w", e.Action, err)
	}
	return nil
}
