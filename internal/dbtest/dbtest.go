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

// MySQL returns a new database on the test server; it is dropped when the test ends.
func MySQL(t testing.TB) *dbx.DB {
	t.Helper()
	return open(t, NewMySQLURL(t))
}

// NewMySQLURL makes a new, migrated database on the test server and returns its URL.
func NewMySQLURL(t testing.TB) string {
	t.Helper()
	schema, err := serverSchema()
	require.NoError(t, err)
	name := "rp_" + id.New().Segment()
	ctx := context.Background()
	admin := adminPool(t)
	_, err = admin.ExecContext(ctx, "CREATE DATABASE "+name+" CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := adminPool(t).ExecContext(ctx, "DROP DATABASE "+name)
		require.NoError(t, err)
	})
	conn, err := admin.Connx(ctx)
	require.NoError(t, err)
	defer conn.Close()
	for _, stmt := range append([]string{"USE " + name, "SET foreign_key_checks = 0"}, schema...) {
		_, err := conn.ExecContext(ctx, stmt)
		require.NoError(t, err, stmt)
	}
	return serverURL(name)
}

func serverURL(name string) string {
	return "mysql://" + strings.TrimSuffix(strings.NewReplacer("tcp(", "", ")", "").Replace(os.Getenv(serverEnv)), "/") + "/" + name
}

func adminPool(t testing.TB) *sqlx.DB {
	t.Helper()
	pool, err := openAdmin()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	return pool
}

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
