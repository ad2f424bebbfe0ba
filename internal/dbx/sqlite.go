package dbx

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	"github.com/jmoiron/sqlx"
	"modernc.org/sqlite"
)

// readers is the size of the pool that only reads: WAL lets them run beside the writer.
const readers = 4

// What the writing connection keeps in memory, in KiB, and after how many pages of 4 KiB in the write-ahead log it brings them into the
// file. SQLite's own 2 MiB and 1000 pages are less than one transaction of thousands of rows: its pages were written and
// read back before its COMMIT, and brought into the file after each.
const (
	writerCache     = 32 << 10
	checkpointPages = 4000
)

// busyTimeout is how long a connection waits for a lock, in milliseconds.
const busyTimeout = 5000

func openSQLite(ctx context.Context, cfg Config, path string) (*DB, error) {
	if path == "" {
		return nil, fmt.Errorf("database url: sqlite: wants a file path")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, fmt.Errorf("database folder: %w", err)
	}
	write, err := openPool(ctx, path, 1, fmt.Sprintf("_txlock=immediate&_pragma=cache_size(%d)&_pragma=wal_autocheckpoint(%d)", -writerCache, checkpointPages))
	if err != nil {
		return nil, err
	}
	read, err := openPool(ctx, path, max(readers, runtime.NumCPU()), "_pragma=query_only(1)")
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	slow := slowLog{cfg.Log, cfg.SlowQuery}
	db := &DB{reader: reader{read, slow}, dialect: SQLite, write: write, read: read, path: path, log: cfg.Log}
	db.queue = newWriter(write, slow)
	return db, nil
}

// openPool opens the file with the settings in the DSN, since a PRAGMA executed on a pool reaches one
// connection only. synchronous=FULL: an acknowledged write survives a power cut. secure_delete: what is deleted or replaced
// is overwritten in its page, not only unlinked.
func openPool(ctx context.Context, path string, size int, extra string) (*sqlx.DB, error) {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + fmt.Sprintf("?_pragma=busy_timeout(%d)", busyTimeout) +
		"&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=secure_delete(1)&" + extra
	open, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	pool := sql.OpenDB(preparing{open})
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	if err := pool.PingContext(ctx); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return sqlx.NewDb(pool, "sqlite"), nil
}

// CopyTo writes a consistent copy of the embedded database to a new file while it is in use.
func (db *DB) CopyTo(ctx context.Context, path string) error {
	if db.dialect != SQLite {
		return fmt.Errorf("dbx: only the embedded database is copied by the program; use the server's own tools")
	}
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("copy database: %s exists already", path)
	}
	pool, err := openPool(ctx, db.path, 1, "_txlock=deferred") // the readers' query_only forbids VACUUM INTO
	if err != nil {
		return err
	}
	defer pool.Close()
	if _, err := pool.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return fmt.Errorf("copy database: %w", err)
	}
	return nil
}

// purgeWait is how long Purge waits for readers, and holds up writes, in milliseconds.
const purgeWait = 250

// Purge brings all that was written into the file of an embedded database and empties the write-ahead log beside it, so that
// what was deleted before is in neither. False: somebody is still reading an older state, try again later. A server keeps logs of
// its own, which only its operator can shorten: there it does nothing.
func (db *DB) Purge(ctx context.Context) (done bool, err error) {
	if db.dialect != SQLite {
		return true, nil
	}
	conn, err := db.write.Connx(ctx) // between two transactions of the writer
	if err != nil {
		return false, fmt.Errorf("purge: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout(%d)", purgeWait)); err != nil {
		return false, fmt.Errorf("purge: %w", err)
	}
	var busy, frames, moved int64
	err = conn.QueryRowxContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
	if _, e := conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("PRAGMA busy_timeout(%d)", busyTimeout)); e != nil || err != nil {
		return false, fmt.Errorf("purge: %w", errors.Join(err, e))
	}
	return busy == 0, nil
}
