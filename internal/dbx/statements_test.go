package dbx_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// lease inserts leases of these names.
func lease(t *testing.T, db *dbx.DB, names ...string) {
	t.Helper()
	for _, name := range names {
		require.NoError(t, db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error { return tx.ExecOne(ctx, insertLease, name, id.New(), 1) }))
	}
}

func TestAQueryIsAskedWhileItsRowsAreRead(t *testing.T) {
	const names = `SELECT name FROM lease WHERE name >= ? ORDER BY name`
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		lease(t, db, "a", "b", "c")
		if db.Dialect() != dbx.SQLite {
			return // one connection of a server reads one answer at a time
		}
		for range 2 { // the second time over kept statements
			var seen []string
			require.NoError(t, db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
				return tx.Each(ctx, names, []any{"a"}, func(row dbx.Row) error {
					var name string
					var after []string
					require.NoError(t, row.Scan(&name))
					require.NoError(t, tx.Select(ctx, &after, names, name))
					if seen = append(seen, name+":"+strings.Join(after, "")); len(seen) > 3 {
						return errors.New("the rows began anew")
					}
					return nil
				})
			}))
			require.Equal(t, []string{"a:abc", "b:bc", "c:c"}, seen)
		}
	})
}

func TestAQueryMeetsTheSchemaOfItsTime(t *testing.T) {
	db := dbtest.SQLite(t)
	lease(t, db, "a")
	const query = `SELECT * FROM lease`
	columns := func() (n int) {
		require.NoError(t, db.Each(t.Context(), query, nil, func(row dbx.Row) error {
			var one struct {
				Name, Owner, Note *string
				Ends              *int64 `db:"ends_at"`
				Epoch             int64
			}
			require.NoError(t, row.StructScan(&one))
			if n = 4; one.Note != nil {
				n = 5
			}
			return nil
		}))
		return n
	}
	require.Equal(t, 4, columns())
	require.NoError(t, db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
		_, err := tx.Exec(ctx, `ALTER TABLE lease ADD COLUMN note TEXT NOT NULL DEFAULT 'x'`)
		return err
	}))
	require.Equal(t, 5, columns())
}

func TestAStatementThatFailedWorksAgain(t *testing.T) {
	db := dbtest.SQLite(t)
	for i := range 3 {
		name := fmt.Sprint(i)
		lease(t, db, name)
		err := db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error { return tx.ExecOne(ctx, insertLease, name, id.New(), 1) })
		require.True(t, dbx.IsDuplicate(err), err)
		gone, leave := context.WithCancel(t.Context())
		err = db.Each(gone, `SELECT a.epoch FROM lease a, lease b, lease c`, nil, func(dbx.Row) error {
			leave()
			return gone.Err()
		})
		require.ErrorIs(t, err, context.Canceled)
	}
	require.EqualValues(t, 3, count(t, db))
}

func TestMoreQueriesThanAreKept(t *testing.T) {
	db := dbtest.SQLite(t)
	lease(t, db, "a")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 500 {
				var n int
				if err := db.Get(context.Background(), &n, fmt.Sprintf(`SELECT %d * ? FROM lease`, i), 2); err != nil || n != 2*i {
					t.Errorf("query %d: %d, %v", i, n, err)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkAsk(b *testing.B) {
	db := dbtest.SQLite(b)
	ctx := context.Background()
	for b.Loop() {
		var names []string
		if err := db.Select(ctx, &names, `SELECT l.name FROM lease l JOIN lease m ON m.name = l.name WHERE l.owner = ? AND l.ends_at > ? ORDER BY l.name LIMIT 20`, id.ID{}, 0); err != nil {
			b.Fatal(err)
		}
	}
}

// Some settings of the engine are made while they are prepared: kept ones work the second time because the engine prepares them anew.
func TestASettingIsMadeEachTime(t *testing.T) {
	db := dbtest.SQLite(t)
	require.NoError(t, db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
		for _, want := range []int{7, 8, 7, 5000} {
			var got int
			_, err := tx.Exec(ctx, fmt.Sprintf("PRAGMA busy_timeout(%d)", want))
			require.NoError(t, err)
			require.NoError(t, tx.Get(ctx, &got, "PRAGMA busy_timeout"))
			require.Equal(t, want, got)
		}
		return nil
	}))
}
