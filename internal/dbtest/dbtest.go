// Package dbtest gives each test a fresh, migrated database on every engine at hand: SQLite always,
// MariaDB or MySQL when REDPROPERTY_TEST_MYSQL says where (scripts/services starts one).
package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
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
	EachURL(t, func(t *testing.T, url string) { body(t, open(t, url)) })
}

// EachURL runs body once per engine, each time with the URL of a new, migrated database.
func EachURL(t *testing.T, body func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { body(t, newSQLiteURL(t)) })
	if os.Getenv(serverEnv) == "" {
		require.Empty(t, os.Getenv("CI"), "%s is not set: the tests must run on both engines", serverEnv)
		return
	}
	t.Run("mysql", func(t *testing.T) { body(t, NewMySQLURL(t)) })
}

// servicesEnv names the folder of the servers of a run of tests. It is removed after the run.
const servicesEnv = "REDPROPERTY_TEST_SERVICES"

// template is a migrated file that tests copy: migrating anew for each of them would take most of
// their time. In a run with servers the test programs, one for each package, share one.
var template = sync.OnceValues(func() ([]byte, error) {
	services := os.Getenv(servicesEnv)
	if services == "" {
		return newTemplate()
	}
	path := filepath.Join(services, "template-"+version()+".db")
	if body, err := os.ReadFile(path); err == nil {
		return body, nil
	}
	body, err := newTemplate()
	if err != nil {
		return nil, err
	}
	own := path + "." + id.New().Segment() // others may be writing theirs
	if err := os.WriteFile(own, body, 0o600); err != nil {
		return nil, err
	}
	return body, os.Rename(own, path)
})

func newTemplate() ([]byte, error) {
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
}

// version names the migrations as they are: servers that run on while migrations are written keep the templates of others.
var version = sync.OnceValue(func() string {
	sum := sha256.New()
	err := fs.WalkDir(dbx.Migrations(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(dbx.Migrations(), path)
		fmt.Fprintf(sum, "%s %d\n%s", path, len(body), body)
		return err
	})
	if err != nil {
		panic(err) // they are embedded
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
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
	return open(t, newSQLiteURL(t))
}

func newSQLiteURL(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	SQLiteAt(t, path)
	return "sqlite:" + path
}

// SQLiteAt writes an empty, migrated database to a new file, for a program that is to find its tables there.
func SQLiteAt(t testing.TB, path string) {
	t.Helper()
	body, err := template()
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, body, 0o600))
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

// serverSchema has the statements that make the tables, read from a database that the first test program of a run migrates.
var serverSchema = sync.OnceValues(func() (stmts []string, err error) {
	ctx := context.Background()
	admin, err := openAdmin()
	if err != nil {
		return nil, err
	}
	defer admin.Close()
	name := "rp_template_" + version()
	if err := migrateOnServer(ctx, admin, name); err != nil {
		return nil, err
	}
	return tableStatements(ctx, admin, name)
})

// migrateOnServer makes the database of a template where there is none yet; programs that come at once wait for the first.
func migrateOnServer(ctx context.Context, admin *sqlx.DB, name string) error {
	turn, err := admin.Connx(ctx)
	if err != nil {
		return err
	}
	defer turn.Close()
	var got int
	if err := turn.GetContext(ctx, &got, "SELECT GET_LOCK(?, 300)", name); err != nil {
		return err
	}
	if got != 1 {
		return fmt.Errorf("%s is being migrated for too long", name)
	}
	if _, err := turn.ExecContext(ctx, "CREATE DATABASE IF NOT EXISTS "+name+" CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"); err != nil {
		return err
	}
	db, err := migrated(ctx, serverURL(name))
	if err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	_, err = turn.ExecContext(ctx, "DO RELEASE_LOCK(?)", name)
	return err
}

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
