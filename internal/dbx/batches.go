package dbx

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
)

// batchRows are the numbers of rows that a statement of Batches inserts: any number of rows is a sum of few of them.
var batchRows = []int{64, 32, 16, 8, 4, 2, 1}

// Batches inserts rows of one table, much written, by statements that a server has read before: reading the text of a row with
// signatures and hashes costs it more than keeping the row does. A connection prepares a statement when it first needs it and keeps it.
type Batches struct {
	query      string
	statements []*sql.Stmt // by batchRows; none in an embedded database, which reads quickly
}

// Batches prepares what inserts rows; query ends before VALUES, and each row has so many columns. It needs a connection, so it is
// not to be called in a transaction, which has one and might wait for a second for ever.
func (db *DB) Batches(ctx context.Context, query string, columns int) (*Batches, error) {
	b := &Batches{query: query}
	if db.dialect == SQLite {
		return b, nil
	}
	for _, n := range batchRows {
		s, err := db.write.PrepareContext(ctx, query+values(columns, n)) //nolint:sqlclosecheck // kept as long as the pool
		if err != nil {
			return nil, errors.Join(fmt.Errorf("prepare a batch of %d: %w", n, err), b.close())
		}
		b.statements = append(b.statements, s)
	}
	return b, nil
}

func (b *Batches) close() (err error) {
	for _, s := range b.statements {
		err = errors.Join(err, s.Close())
	}
	return err
}

// InsertBatches inserts rows. What it was prepared of decides the table and the number of values of each row.
func (tx *Tx) InsertBatches(ctx context.Context, b *Batches, rows [][]any) error {
	own, ok := tx.q.(*sqlx.Tx)
	if !ok || b.statements == nil {
		return tx.InsertMany(ctx, b.query, rows)
	}
	for i, n := range batchRows {
		for len(rows) >= n {
			if err := insertOn(ctx, own.StmtContext(ctx, b.statements[i]), rows[:n]); err != nil {
				return err
			}
			rows = rows[n:]
		}
	}
	return nil
}

// insertOn runs a statement of a transaction and gives it back; its connection keeps what was prepared.
func insertOn(ctx context.Context, statement *sql.Stmt, rows [][]any) (err error) {
	defer func() { err = errors.Join(err, statement.Close()) }()
	_, err = statement.ExecContext(ctx, flat(rows)...)
	return err
}

// values is the part of an INSERT with the places of so many rows.
func values(columns, rows int) string {
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", columns), ",") + ")"
	return " VALUES " + strings.TrimSuffix(strings.Repeat(one+",", rows), ",")
}

func flat(rows [][]any) []any {
	out := make([]any, 0, len(rows)*len(rows[0]))
	for _, r := range rows {
		out = append(out, r...)
	}
	return out
}
