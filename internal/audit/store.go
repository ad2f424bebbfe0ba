package audit

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// unsealed reads records without a place in the ledger. They are selected by that alone, never by a
// last id or time: a transaction that began earlier may commit later.
func unsealed(ctx context.Context, q dbx.Querier, limit int) (rows []row, err error) {
	err = q.Select(ctx, &rows, `SELECT `+columns+` FROM audit_record WHERE seq IS NULL ORDER BY id LIMIT ?`, limit)
	return rows, err
}

func number(ctx context.Context, tx *dbx.Tx, record id.ID, seq int64) error {
	return tx.ExecOne(ctx, `UPDATE audit_record SET seq = ? WHERE id = ? AND seq IS NULL`, seq, record)
}

func sealedFrom(ctx context.Context, q dbx.Querier, from int64, limit int) (rows []row, err error) {
	err = q.Select(ctx, &rows, `SELECT `+columns+` FROM audit_record WHERE seq >= ? ORDER BY seq LIMIT ?`, from, limit)
	return rows, err
}

// tail tells how many records wait to be sealed and since when the oldest does.
func tail(ctx context.Context, q dbx.Querier) (n int64, oldest *clock.Instant, err error) {
	var t struct {
		N      int64          `db:"n"`
		Oldest *clock.Instant `db:"oldest"`
	}
	err = q.Get(ctx, &t, `SELECT COUNT(*) AS n, MIN(at) AS oldest FROM audit_record WHERE seq IS NULL`)
	return t.N, t.Oldest, err
}

func list(ctx context.Context, q dbx.Querier, where string, args []any, limit int) (rows []row, err error) {
	err = q.Select(ctx, &rows, `SELECT `+columns+` FROM audit_record WHERE `+where+` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
	return rows, err
}
