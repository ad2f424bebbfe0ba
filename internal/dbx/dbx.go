// Package dbx is the database: one connection pool per engine, one transaction type, one way to
// classify errors. The same SQL runs on SQLite (modernc, embedded) and on MySQL, MariaDB and engines
// that speak their protocol; what differs lives here and in the migration folders, nowhere else.
package dbx

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// Dialect is the family of the engine behind a DB.
type Dialect string

// The engines' families.
const (
	SQLite Dialect = "sqlite"
	MySQL  Dialect = "mysql"
)

// Config says which database to open.
type Config struct {
	// URL is "sqlite:PATH" or "mysql://user:password@host:port/name?option=value".
	URL string
	// MaxOpen bounds the connections to a MySQL server; SQLite always has one writer and four readers.
	MaxOpen int
	// SlowQuery is the duration from which a statement is logged as slow, without its values; 0 logs none.
	SlowQuery time.Duration
	Log       *slog.Logger
}

// Querier reads rows. Both DB and Tx are Queriers, so a store function that only reads takes one.
type Querier interface {
	// Get reads one row into dest (a struct or a scalar). No row is sql.ErrNoRows.
	Get(ctx context.Context, dest any, query string, args ...any) error
	// Select reads all rows into dest (a slice).
	Select(ctx context.Context, dest any, query string, args ...any) error
	// Each calls fn with each row in turn, without holding them all; fn scans it.
	Each(ctx context.Context, query string, args []any, fn func(Row) error) error
}

// Row is the current row of Each.
type Row interface {
	Scan(dest ...any) error
	StructScan(dest any) error
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	reader
	dialect Dialect
	write   *sqlx.DB // SQLite: the single writing connection; MySQL: the same pool as reader.q
	queue   *writer  // SQLite only
	read    *sqlx.DB
	path    string // SQLite only: the file
	log     *slog.Logger
}

// Open connects and checks the connection. It changes nothing: Migrate does.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	switch {
	case strings.HasPrefix(cfg.URL, "sqlite:"):
		return openSQLite(ctx, cfg, strings.TrimPrefix(cfg.URL, "sqlite:"))
	case strings.HasPrefix(cfg.URL, "mysql:"):
		return openMySQL(ctx, cfg)
	}
	return nil, fmt.Errorf("database url: want sqlite:PATH or mysql://user:password@host:port/name")
}

// Dialect tells the family of the engine.
func (db *DB) Dialect() Dialect { return db.dialect }

// Path returns the file of an embedded database, empty for a server.
func (db *DB) Path() string { return db.path }

// Ping checks that the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.read.PingContext(ctx) }

// Close waits for the writes under way and closes the connections.
func (db *DB) Close() error {
	if db.queue != nil {
		db.queue.stop()
	}
	err := db.read.Close()
	if db.write != db.read {
		if e := db.write.Close(); err == nil {
			err = e
		}
	}
	return err
}

// reader runs queries on a pool or in a transaction, and reports slow ones.
type reader struct {
	q    executor
	slow slowLog
}

func (r reader) Get(ctx context.Context, dest any, query string, args ...any) error {
	defer r.slow.since(time.Now(), query)
	return sqlx.GetContext(ctx, r.q, dest, query, args...)
}

func (r reader) Select(ctx context.Context, dest any, query string, args ...any) error {
	defer r.slow.since(time.Now(), query)
	return sqlx.SelectContext(ctx, r.q, dest, query, args...)
}

func (r reader) Each(ctx context.Context, query string, args []any, fn func(Row) error) error {
	defer r.slow.since(time.Now(), query)
	rows, err := r.q.QueryxContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// executor is what pools, connections and transactions have in common.
type executor interface {
	sqlx.QueryerContext
	sqlx.ExecerContext
}

// slowLog names statements that took long. Values are never logged: they may be personal.
type slowLog struct {
	log   *slog.Logger
	limit time.Duration
}

func (s slowLog) since(start time.Time, query string) {
	if d := time.Since(start); s.limit > 0 && d >= s.limit {
		s.log.Warn("slow query", "ms", d.Milliseconds(), "query", strings.Join(strings.Fields(query), " "))
	}
}

// In expands the slices among args into as many placeholders, for "IN (?)". An empty slice is an
// error of the caller, who knows what no value means.
func In(query string, args ...any) (string, []any, error) { return sqlx.In(query, args...) }

// Tx is a transaction. It has no InTx, so that nesting does not compile.
type Tx struct {
	reader
	lock string
}

// ForUpdate is the end of a SELECT whose rows nobody else is to change until the transaction is over. In an embedded database it
// is empty: who writes there is alone.
func (tx *Tx) ForUpdate() string { return tx.lock }

// Exec runs a statement that may touch any number of rows and returns how many it matched.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	defer tx.slow.since(time.Now(), query)
	res, err := tx.q.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// ExecOne runs a statement that must match exactly one row. None is ErrNoMatch, which a caller turns
// into a conflict; more than one is a defect and fails the transaction.
func (tx *Tx) ExecOne(ctx context.Context, query string, args ...any) error {
	n, err := tx.Exec(ctx, query, args...)
	switch {
	case err != nil:
		return err
	case n == 0:
		return ErrNoMatch
	case n > 1:
		return fmt.Errorf("dbx: %d rows matched where one was meant", n)
	}
	return nil
}

// InsertMany inserts rows in statements of bounded size. query ends before VALUES; each row has the
// same number of values.
func (tx *Tx) InsertMany(ctx context.Context, query string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	perStatement := max(1, min(500, 30000/len(rows[0])))
	for len(rows) > 0 {
		n := min(perStatement, len(rows))
		if _, err := tx.Exec(ctx, query+values(len(rows[0]), n), flat(rows[:n])...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

var _ Querier = (*DB)(nil)
var _ Querier = (*Tx)(nil)
