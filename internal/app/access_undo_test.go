package app_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// undo takes back what was written to an embedded database while the program runs over it: triggers note for each
// change the statement that reverses it. Each request of the access matrix so meets the same world.
type undo struct {
	t  *testing.T
	db *sql.DB
}

func newUndo(t *testing.T, url string) *undo {
	t.Helper()
	db, err := sql.Open("sqlite", strings.TrimPrefix(url, "sqlite:")+"?_pragma=busy_timeout(5000)&_pragma=synchronous(OFF)&_pragma=foreign_keys(0)&_txlock=immediate")
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	u := &undo{t, db}
	u.exec("CREATE TABLE undo_log (seq INTEGER PRIMARY KEY AUTOINCREMENT, statement TEXT NOT NULL)")
	for _, table := range u.texts("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'undo_log'") {
		u.watch(table)
	}
	return u
}

// watch makes the triggers of a table. Generated columns are not written; some tables have no rowid, but all a key.
func (u *undo) watch(table string) {
	columns := u.texts("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0", table)
	var sets, olds []string
	for _, c := range columns {
		sets = append(sets, fmt.Sprintf(`'"%s" = ' || quote(old."%s")`, c, c))
		olds = append(olds, fmt.Sprintf(`quote(old."%s")`, c))
	}
	where := func(row string) string {
		var parts []string
		for _, c := range u.texts("SELECT name FROM pragma_table_xinfo(?) WHERE pk > 0", table) {
			parts = append(parts, fmt.Sprintf(`'"%s" = ' || quote(%s."%s")`, c, row, c))
		}
		require.NotEmpty(u.t, parts, table)
		return "' WHERE ' || " + strings.Join(parts, " || ' AND ' || ")
	}
	on := func(event, reverse string) {
		u.exec(fmt.Sprintf("CREATE TRIGGER undo_%s_%s AFTER %s ON %s BEGIN INSERT INTO undo_log (statement) VALUES (%s); END", event, table, event, table, reverse))
	}
	on("INSERT", fmt.Sprintf("'DELETE FROM %s' || %s", table, where("new")))
	on("UPDATE", fmt.Sprintf("'UPDATE %s SET ' || %s || %s", table, strings.Join(sets, " || ', ' || "), where("new")))
	on("DELETE", fmt.Sprintf(`'INSERT INTO %s ("%s") VALUES (' || %s || ')'`, table, strings.Join(columns, `", "`), strings.Join(olds, " || ', ' || ")))
}

// all takes everything back that was written since the last time.
func (u *undo) all() {
	u.t.Helper()
	statements := u.texts("SELECT statement FROM undo_log ORDER BY seq DESC")
	tx, err := u.db.BeginTx(context.Background(), nil)
	require.NoError(u.t, err)
	for _, s := range append(statements, "DELETE FROM undo_log") {
		_, err := tx.ExecContext(context.Background(), s)
		require.NoError(u.t, err, s)
	}
	require.NoError(u.t, tx.Commit())
}

func (u *undo) exec(statement string) {
	u.t.Helper()
	_, err := u.db.ExecContext(context.Background(), statement)
	require.NoError(u.t, err, statement)
}

func (u *undo) texts(query string, args ...any) (out []string) {
	u.t.Helper()
	rows, err := u.db.QueryContext(context.Background(), query, args...)
	require.NoError(u.t, err)
	defer rows.Close()
	defer rows.Close()
	for rows.Next() {
		var s string
		require.NoError(u.t, rows.Scan(&s))
		out = append(out, s)
	}
	require.NoError(u.t, rows.Err())
	return out
}
