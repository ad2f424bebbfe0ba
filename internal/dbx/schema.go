package dbx

import (
	"context"
	"errors"
	"fmt"
)

// Schema tells the version of the database's schema and the newest that this program knows. A database
// without a schema has version 0.
func (db *DB) Schema(ctx context.Context) (current, newest int64, err error) {
	p, err := db.provider()
	if err != nil {
		return 0, 0, err
	}
	if current, newest, err = p.GetVersions(ctx); err != nil {
		return 0, 0, fmt.Errorf("read schema version: %w", err)
	}
	return current, newest, nil
}

// CheckFile reads the whole embedded database and tells what is broken in it: damaged pages, indexes that
// do not fit their tables, rows whose parents are missing.
func (db *DB) CheckFile(ctx context.Context) error {
	if db.dialect != SQLite {
		return errors.New("dbx: only the embedded database is checked by the program; use the server's own tools")
	}
	var findings []string
	if err := db.Select(ctx, &findings, "PRAGMA integrity_check(10)"); err != nil {
		return fmt.Errorf("check database: %w", err)
	}
	if len(findings) != 1 || findings[0] != "ok" {
		return fmt.Errorf("check database: it is damaged: %q", findings)
	}
	return db.Each(ctx, "PRAGMA foreign_key_check", nil, func(row Row) error {
		var table, parent string
		var rowid *int64
		var key int
		if err := row.Scan(&table, &rowid, &parent, &key); err != nil {
			return err
		}
		return fmt.Errorf("check database: a row of %s lacks its row of %s", table, parent)
	})
}
