// Package dbtest gives each test a fresh, migrated database on every engine at hand: SQLite always,
// MariaDB or MySQL when REDPROPERTY_TEST_MYSQL says where (scripts/services starts one).
package dbtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// serverEnv names the MySQL-protocol server for tests, as "user:password@host:port".
const serverEnv = "REDPROPERTY_TEST_MYSQL"

// Each runs body once per engine, each time with a new database.
func Each(t *testing.T, body func(t *testing.T, db *dbx.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { body(t, SQLite(t)) })
	if os.Getenv(serverEnv) == "" {
		require.Empty(t, os.Getenv("CI"), "%s is not set: the tests must run on both engines", serverEnv)
		return
	}
	t.Run("mysql", func(t *testing.T) { body(t, MySQL(t)) })
}

// template is a migrated file that tests copy: migrating anew for each of them would take most of
// their time.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "redproperty-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "t.db")
	db, err := migrated(context.Background(), "sqlite:"+path)
	if err != nil {
		return nil, err
	}
	if err := db.CopyTo(context.Background(), path+".copy"); err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path + ".copy")
})

func migrated(ctx context.Context, url string) (*dbx.DB, error) {
	db, err := dbx.Open(ctx, dbx.Config{URL: url})
	if err != nil {
		return nil, err
	}
	return db, db.Migrate(ctx)
}

// SQLite returns a new embedded database.
func SQLite(t testing.TB) *dbx.DB {
	t.Helper()
	body, err := template()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "test.db")
	require.NoError(t, os.WriteFile(path, body, 0o600))
	return open(t, "sqlite:"+path)
}

// MySQL returns an empty, migrated database on the test server.
func MySQL(t testing.TB) *dbx.DB {
	t.Helper()
	return open(t, NewMySQLURL(t))
}

// free holds databases that tests of this process have finished with and that were emptied: making
// every table anew for each test would take most of the tests' time.
var free struct {
	sync.Mutex
	names []string
}

// NewMySQLURL returns the URL of an empty, migrated database on the test server. It is emptied for
// others when the test ends; the server itself is thrown away after the run.
func NewMySQLURL(t testing.TB) string {
	t.Helper()
	free.Lock()
	defer free.Unlock()
	var name string
	if n := len(free.names); n > 0 {
		name, free.names = free.names[n-1], free.names[:n-1]
	} else {
		name = createDatabase(t)
	}
	t.Cleanup(func() {
		empty(t, name)
		free.Lock()
		defer free.Unlock()
		free.names = append(free.names, name)
	})
	return serverURL(name)
}

func createDatabase(t testing.TB) string {
	t.Helper()
	schema, err := serverSchema()
	require.NoError(t, err)
	name := "rp_" + id.New().Segment()
	onServer(t, append([]string{"CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
		"USE " + name, "SET foreign_key_checks = 0"}, schema...))
	return name
}

// empty deletes all rows but the schema's version.
func empty(t testing.TB, name string) {
	t.Helper()
	var tables, full []string
	pool := adminPool(t)
	require.NoError(t, pool.SelectContext(context.Background(), &tables,
		"SELECT table_name FROM information_schema.tables WHERE table_schema = ? AND table_name NOT LIKE 'goose%'", name))
	require.NotEmpty(t, tables)
	parts := make([]string, len(tables))
	for i, table := range tables {
		parts[i] = fmt.Sprintf("SELECT '%s' FROM DUAL WHERE EXISTS (SELECT 1 FROM %s.%s)", table, name, table)
	}
	require.NoError(t, pool.SelectContext(context.Background(), &full, strings.Join(parts, " UNION ALL ")))
	stmts := []string{"SET foreign_key_checks = 0", "DELETE FROM " + name + ".goose_db_version WHERE version_id >= 99999"}
	for _, table := range full {
		stmts = append(stmts, "DELETE FROM "+name+"."+table)
	}
	onServer(t, stmts)
}

// onServer runs statements on one connection.
func onServer(t testing.TB, stmts []string) {
	t.Helper()
	conn, err := adminPool(t).Connx(context.Background())
	require.NoError(t, err)
	defer conn.Close()
	for _, stmt := range stmts {
		_, err := conn.ExecContext(context.Background(), stmt)
		require.NoError(t, err, stmt)
	}
}

func serverURL(name string) string {
	return "mysql://" + strings.TrimSuffix(strings.NewReplacer("tcp(", "", ")", "").Replace(os.Getenv(serverEnv)), "/") + "/" + name
}

// adminPool is one pool for the process, since it is needed in clean-ups too.
func adminPool(t testing.TB) *sqlx.DB {
	t.Helper()
	pool, err := admin()
	require.NoError(t, err)
	return pool
}

var admin = sync.OnceValues(openAdmin)

func openAdmin() (*sqlx.DB, error) {
	env := os.Getenv(serverEnv)
	if !strings.Contains(env, "tcp(") {
		user, addr, _ := strings.Cut(env, "@")
		env = fmt.Sprintf("%s@tcp(%s)/", user, strings.TrimSuffix(addr, "/"))
	}
	return sqlx.Open("mysql", env)
}

// serverSchema migrates once per process and remembers the statements that make the same tables.
var serverSchema = sync.OnceValues(func() (stmts []string, err error) {
	ctx := context.Background()
	admin, err := openAdmin()
	if err != nil {
		return nil, err
	}
	defer admin.Close()
	name := "rp_template_" + id.New().Segment()
	if _, err := admin.ExecContext(ctx, "CREATE DATABASE "+name+" CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"); err != nil {
		return nil, err
	}
	defer func() {
		if _, e := admin.ExecContext(ctx, "DROP DATABASE "+name); err == nil {
			err = e
		}
	}()
	db, err := migrated(ctx, serverURL(name))
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return tableStatements(ctx, admin, name)
})

func tableStatements(ctx context.Context, admin *sqlx.DB, name string) ([]string, error) {
	var tables, stmts []string
	if err := admin.SelectContext(ctx, &tables, "SHOW TABLES FROM "+name); err != nil {
		return nil, err
	}
	for _, table := range tables {
		var row struct {
			Table  string `db:"Table"`
			Create string `db:"Create Table"`
		}
		if err := admin.GetContext(ctx, &row, "SHOW CREATE TABLE "+name+"."+table); err != nil {
			return nil, err
		}
		stmts = append(stmts, row.Create)
	}
	var versions []int64
	if err := admin.SelectContext(ctx, &versions, "SELECT version_id FROM "+name+".goose_db_version WHERE is_applied ORDER BY id"); err != nil {
		return nil, err
	}
	for _, v := range versions {
		stmts = append(stmts, fmt.Sprintf("INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, 1)", v))
	}
	return stmts, nil
}

func open(t testing.TB, url string) *dbx.DB {
	t.Helper()
	db, err := dbx.Open(context.Background(), dbx.Config{URL: url, MaxOpen: 20})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}
