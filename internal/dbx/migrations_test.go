package dbx_test

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pingcap/tidb/pkg/parser"
	_ "github.com/pingcap/tidb/pkg/parser/test_driver"
	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
)

func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir("migrations/" + folder)
	require.NoError(t, err)
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestBothFoldersHaveTheSameMigrations(t *testing.T) {
	require.Equal(t, names(t, "mysql"), names(t, "sqlite"))
}

// On MySQL a schema change does not roll back: a file with one statement is applied or not.
func TestMySQLMigrationsHoldOneStatementThatADistributedEngineParses(t *testing.T) {
	p := parser.New()
	for _, name := range names(t, "mysql") {
		body, err := os.ReadFile("migrations/mysql/" + name)
		require.NoError(t, err)
		up, _, ok := strings.Cut(strings.TrimPrefix(string(body), "-- +goose Up"), "-- +goose Down")
		require.True(t, ok, name)
		stmts, _, err := p.Parse(up, "", "")
		require.NoError(t, err, name)
		require.Len(t, stmts, 1, name)
	}
}

func TestBothEnginesHaveTheSameTablesAndColumns(t *testing.T) {
	columns := map[string][]string{}
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		columns[string(db.Dialect())] = schema(t, db)
	})
	if len(columns) == 2 {
		require.Equal(t, columns["mysql"], columns["sqlite"])
	}
}

func schema(t *testing.T, db *dbx.DB) []string {
	t.Helper()
	query := `SELECT CONCAT(table_name, '.', column_name, CASE WHEN is_nullable = 'YES' THEN '?' ELSE '' END)
		FROM information_schema.columns WHERE table_schema = DATABASE() AND extra NOT LIKE '%GENERATED%'`
	if db.Dialect() == dbx.SQLite {
		query = `SELECT m.name || '.' || c.name || CASE WHEN c."notnull" = 0 AND c.pk = 0 THEN '?' ELSE '' END
			FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c WHERE m.type = 'table' AND c.hidden = 0`
	}
	var list []string
	require.NoError(t, db.Select(context.Background(), &list, query))
	list = slices.DeleteFunc(list, func(s string) bool { return regexp.MustCompile(`^(goose|sqlite|guest)`).MatchString(s) })
	slices.Sort(list)
	require.Greater(t, len(list), 100)
	return list
}
