package dbx

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jmoiron/sqlx"
)

// Body is what runs in a transaction. It may be run again after a conflict, so it must not leave
// traces outside the database, and it must use the context and the Tx it is given.
type Body func(ctx context.Context, tx *Tx) error

// attempts bounds how often a transaction is run when it conflicts with others.
const attempts = 6

type inTx struct{}

// InTx runs body in a transaction and returns after it is durable, or with body's error and nothing
// changed. Conflicts between transactions (deadlock, lock wait, write conflict at COMMIT) are retried
// a bounded number of times; a COMMIT whose answer was lost is ErrCommitUnknown and is not.
//
// On SQLite the bodies of concurrent callers share one writer and one COMMIT. When ctx ends before
// body has started, body is not run; afterwards the end of ctx changes nothing.
func (db *DB) InTx(ctx context.Context, body Body) error {
	if ctx.Value(inTx{}) != nil {
		return ErrNested
	}
	if db.queue != nil {
		return db.queue.do(ctx, body)
	}
	return db.retry(ctx, body)
}

func (db *DB) retry(ctx context.Context, body Body) error {
	var err error
	for n := range attempts {
		if err = db.runMySQL(ctx, body); Classify(err) != Retryable {
			return err
		}
		if !pause(ctx, n) {
			break
		}
	}
	return fmt.Errorf("transaction gave way %d times: %w", attempts, err)
}

// pause waits a random, growing while; false means the context ended.
func pause(ctx context.Context, attempt int) bool {
	t := time.NewTimer(time.Duration(1+rand.IntN(4<<attempt)) * time.Millisecond) // #nosec G404 -- spreads load, guards nothing
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (db *DB) runMySQL(ctx context.Context, body Body) (err error) {
	tx, err := db.write.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() {
		if p := recover(); p != nil {
			_ = tx.Rollback() // the panic says more than a failed rollback would
			panic(p)
		}
	}()
	if err := body(context.WithValue(ctx, inTx{}, true), &Tx{reader{tx, db.slow}, " FOR UPDATE"}); err != nil {
		_ = tx.Rollback() // a connection that cannot roll back is closed, which rolls back
		return err
	}
	return commit(ctx, tx)
}

// commit ends the transaction. database/sql does not start a COMMIT for an ended context: it says the context's error,
// or that the transaction is done where it has rolled back already, so both cases are certain; any other error that is
// not the server's own word leaves the outcome unknown.
func commit(ctx context.Context, tx *sqlx.Tx) error {
	err := tx.Commit()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return err
	case ctx.Err() != nil && errors.Is(err, sql.ErrTxDone):
		return ctx.Err()
	case lostConnection(err):
		return fmt.Errorf("%w: %w", ErrCommitUnknown, err)
	}
	return fmt.Errorf("commit: %w", err)
}
