// Package idem makes a client's write happen once. A client sends an Idempotency-Key with each write;
// the key is claimed first in the write's own transaction, so a repetition (a lost answer, a double
// click, a replay after a crash) finds what the first call made instead of making another.
package idem

import (
	"bytes"
	"context"
	"crypto/sha256"
	"time"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Keep is how long a key is remembered.
const Keep = 48 * time.Hour

// Key identifies one write of one caller. The zero Key claims nothing: the caller sent no key.
type Key struct {
	Principal id.ID    // the account, so that keys of different callers never meet
	Operation string   // the operation's id in the API description
	Key       [32]byte // hash of the header's value
	Body      [32]byte // hash of the request's target and body
	At        clock.Instant
	set       bool
}

// New builds the key of a request; target and body are what must be the same in a repetition.
func New(principal id.ID, operation, header string, target string, body []byte, at clock.Instant) Key {
	h := sha256.New()
	h.Write([]byte(target))
	h.Write([]byte{0})
	h.Write(body)
	k := Key{Principal: principal, Operation: operation, Key: sha256.Sum256([]byte(header)), At: at, set: true}
	h.Sum(k.Body[:0])
	return k
}

// Part is the key of one thing of several that a request does, each of which happens once by itself. The zero Key has
// zero parts.
func (k Key) Part(resource id.ID) Key {
	if k.set {
		k.Key = sha256.Sum256(append(k.Key[:], resource[:]...))
	}
	return k
}

// Claim takes the key for resource, the row this transaction is about to make or change. When the key
// was claimed before by the same request, it returns the resource of that call and true: the caller
// answers with it and writes nothing. The same key with another body is a fault.Mismatch.
func (k Key) Claim(ctx context.Context, tx *dbx.Tx, resource id.ID) (id.ID, bool, error) {
	if !k.set {
		return resource, false, nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO idempotency (principal, operation, key_hash, body_hash, resource, created_at) VALUES (?,?,?,?,?,?)`,
		k.Principal, k.Operation, k.Key[:], k.Body[:], resource, k.At)
	if err == nil {
		return resource, false, nil
	}
	if !dbx.IsDuplicate(err) {
		return id.Nil, false, err
	}
	return k.recall(ctx, tx)
}

func (k Key) recall(ctx context.Context, tx *dbx.Tx) (id.ID, bool, error) {
	var row struct {
		Body     []byte `db:"body_hash"`
		Resource id.ID  `db:"resource"`
	}
	err := tx.Get(ctx, &row, `SELECT body_hash, resource FROM idempotency WHERE principal = ? AND operation = ? AND key_hash = ?`,
		k.Principal, k.Operation, k.Key[:])
	if err != nil {
		return id.Nil, false, err
	}
	if !bytes.Equal(row.Body, k.Body[:]) {
		return id.Nil, false, fault.New(fault.Mismatch, "idempotency.mismatch")
	}
	return row.Resource, true, nil
}

// Sweep forgets keys older than Keep and returns how many.
func Sweep(ctx context.Context, db *dbx.DB, now clock.Instant) (n int64, err error) {
	err = db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		n, err = tx.Exec(ctx, `DELETE FROM idempotency WHERE created_at < ?`, now.Add(-Keep))
		return err
	})
	return n, err
}
