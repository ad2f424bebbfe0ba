package dbx_test

import (
	"context"
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

const insertLease = `INSERT INTO lease (name, owner, ends_at, epoch) VALUES (?, ?, 0, ?)`

func count(t *testing.T, db *dbx.DB) (n int64) {
	t.Helper()
	require.NoError(t, db.Get(context.Background(), &n, `SELECT COUNT(*) FROM lease`))
	return n
}

func TestInTxKeepsOrDropsAll(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx := context.Background()
		boom := errors.New("boom")
		err := db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			_, err := tx.Exec(ctx, insertLease, "a", id.New(), 1)
			require.NoError(t, err)
			return boom
		})
		require.ErrorIs(t, err, boom)
		require.Zero(t, count(t, db))
		require.NoError(t, db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			_, err := tx.Exec(ctx, insertLease, "a", id.New(), 1)
			return err
		}))
		require.EqualValues(t, 1, count(t, db))
	})
}

func TestPanicRollsBackAndReachesTheCaller(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx := context.Background()
		require.Panics(t, func() {
			_ = db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
				_, err := tx.Exec(ctx, insertLease, "a", id.New(), 1)
				require.NoError(t, err)
				panic("defect")
			})
		})
		require.Zero(t, count(t, db))
		require.NoError(t, db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			_, err := tx.Exec(ctx, insertLease, "b", id.New(), 1)
			return err
		}), "the writer goes on after a panic")
	})
}

func TestInTxDoesNotNest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		err := db.InTx(context.Background(), func(ctx context.Context, tx *dbx.Tx) error {
			return db.InTx(ctx, func(context.Context, *dbx.Tx) error { return nil })
		})
		require.ErrorIs(t, err, dbx.ErrNested)
	})
}

// One guarded counter, many writers: exactly the cap is reached, whoever is faster.
func TestGuardedUpdateHoldsUnderRace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx := context.Background()
		require.NoError(t, db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			_, err := tx.Exec(ctx, insertLease, "counter", id.New(), 0)
			return err
		}))
		var won, lost atomic.Int64
		var wg sync.WaitGroup
		for range 60 {
			wg.Go(func() {
				err := db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
					return tx.ExecOne(ctx, `UPDATE lease SET epoch = epoch + 1 WHERE name = ? AND epoch < 25`, "counter")
				})
				if err == nil {
					won.Add(1)
				} else if errors.Is(err, dbx.ErrNoMatch) {
					lost.Add(1)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 25, won.Load())
		require.EqualValues(t, 35, lost.Load())
		var epoch int64
		require.NoError(t, db.Get(ctx, &epoch, `SELECT epoch FROM lease WHERE name = 'counter'`))
		require.EqualValues(t, 25, epoch)
	})
}

// A failing neighbour in the same group commit takes nobody with it.
func TestOneFailingBodyLeavesItsNeighboursAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx := context.Background()
		owner := id.New()
		var duplicates atomic.Int64
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				err := db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
					_, err := tx.Exec(ctx, insertLease, "same", owner, 1)
					return err
				})
				if dbx.IsDuplicate(err) {
					duplicates.Add(1)
				}
			})
			wg.Go(func() {
				_ = db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
					_, err := tx.Exec(ctx, insertLease, id.New().String(), owner, 1)
					return err
				})
			})
		}
		wg.Wait()
		require.EqualValues(t, 39, duplicates.Load())
		require.EqualValues(t, 41, count(t, db))
	})
}

func TestCancelledCallerIsNotRun(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		err := db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			_, err := tx.Exec(ctx, insertLease, "a", id.New(), 1)
			return err
		})
		require.ErrorIs(t, err, context.Canceled)
		require.Zero(t, count(t, db))
	})
}

// A caller that leaves while its body runs gets its outcome, and what the body wrote into the caller's variables is theirs alone by then.
func TestLeavingCallerGetsTheOutcome(t *testing.T) {
	db := dbtest.SQLite(t)
	for _, refusal := range []error{nil, errors.New("refused")} {
		ctx, leave := context.WithCancel(t.Context())
		written := false
		err := db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			leave()
			time.Sleep(10 * time.Millisecond) // a caller that did not wait would be gone by now
			_, err := tx.Exec(ctx, insertLease, id.New().String(), id.New(), 1)
			written = true
			return errors.Join(refusal, err)
		})
		require.ErrorIs(t, err, refusal)
		require.True(t, written)
		require.EqualValues(t, 1, count(t, db))
	}
}

// One whose turn never came is certain: nothing was run.
func TestCallerThatLeavesTheQueueIsNotRun(t *testing.T) {
	db := dbtest.SQLite(t)
	running, release := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	go func() {
		first <- db.InTx(context.Background(), func(context.Context, *dbx.Tx) error {
			close(running)
			<-release
			return nil
		})
	}()
	<-running
	ctx, leave := context.WithCancel(t.Context())
	second := make(chan error, 1)
	go func() {
		second <- db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			_, err := tx.Exec(ctx, insertLease, "b", id.New(), 1)
			return err
		})
	}()
	leave()
	err := <-second
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, dbx.ErrCommitUnknown)
	close(release)
	require.NoError(t, <-first)
	require.NoError(t, db.InTx(t.Context(), func(context.Context, *dbx.Tx) error { return nil }))
	require.Zero(t, count(t, db))
}

func TestReadersCannotWrite(t *testing.T) {
	db := dbtest.SQLite(t)
	var n int
	err := db.Get(context.Background(), &n, `INSERT INTO lease (name, owner, ends_at, epoch) VALUES ('x', x'00', 0, 0) RETURNING 1`)
	require.Error(t, err)
}

// What was deleted is in no byte of an embedded database after Purge; meanwhile and afterwards everybody writes on.
func TestPurge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx := context.Background()
		write := func(statement string, args ...any) {
			t.Helper()
			require.NoError(t, db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error { return tx.ExecOne(ctx, statement, args...) }))
		}
		write(insertLease, "a name that nobody may find", id.New(), 1)
		write(`DELETE FROM lease WHERE epoch = 1`)
		done, err := db.Purge(ctx)
		require.NoError(t, err)
		require.True(t, done)
		if db.Dialect() == dbx.SQLite {
			for _, suffix := range []string{"", "-wal"} {
				body, err := os.ReadFile(db.Path() + suffix)
				require.NoError(t, err)
				require.NotContains(t, string(body), "nobody may find")
			}
		}
		write(insertLease, "b", id.New(), 2)
		require.EqualValues(t, 1, count(t, db))
	})
}

// A reader of an older state keeps Purge from finishing; writes go on.
func TestPurgeUnderAReader(t *testing.T) {
	db := dbtest.SQLite(t)
	ctx := context.Background()
	for _, name := range []string{"a", "b"} {
		require.NoError(t, db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error { return tx.ExecOne(ctx, insertLease, name, id.New(), 1) }))
	}
	rows := 0
	require.NoError(t, db.Each(ctx, `SELECT name FROM lease`, nil, func(dbx.Row) error {
		if rows++; rows > 1 {
			return nil
		}
		require.NoError(t, db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error { return tx.ExecOne(ctx, insertLease, "c", id.New(), 1) }))
		done, err := db.Purge(ctx)
		require.NoError(t, err)
		require.False(t, done)
		return db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error { return tx.ExecOne(ctx, insertLease, "d", id.New(), 1) })
	}))
	require.Equal(t, 2, rows, "the reader sees its own state")
	done, err := db.Purge(ctx)
	require.NoError(t, err)
	require.True(t, done)
	require.EqualValues(t, 4, count(t, db))
}

func TestClosedDatabaseRefuses(t *testing.T) {
	ctx := context.Background()
	db, err := dbx.Open(ctx, dbx.Config{URL: "sqlite:" + t.TempDir() + "/x.db"})
	require.NoError(t, err)
	require.NoError(t, db.Close())
	require.ErrorIs(t, db.InTx(ctx, func(context.Context, *dbx.Tx) error { return nil }), dbx.ErrClosed)
}

func TestInsertManyInsertsAll(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx := context.Background()
		var rows [][]any
		for range 1203 {
			rows = append(rows, []any{id.New().String(), id.New(), 0, 1})
		}
		require.NoError(t, db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			return tx.InsertMany(ctx, "INSERT INTO lease (name, owner, ends_at, epoch)", rows)
		}))
		require.EqualValues(t, 1203, count(t, db))
	})
}

func TestBatchesInsertAllOrNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx := context.Background()
		b, err := db.Batches(ctx, "INSERT INTO lease (name, owner, ends_at, epoch)", 4)
		require.NoError(t, err)
		insert := func(n int, more ...[]any) error {
			rows := more
			for range n {
				rows = append(rows, []any{id.New().String(), id.New(), 0, 1})
			}
			return db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error { return tx.InsertBatches(ctx, b, rows) })
		}
		total := 0
		for _, n := range []int{0, 1, 7, 64, 203} {
			require.NoError(t, insert(n))
			total += n
			require.EqualValues(t, total, count(t, db), "%d rows", n)
		}
		twice := []any{"twice", id.New(), 0, 1}
		require.True(t, dbx.IsDuplicate(insert(97, twice, twice)))
		require.EqualValues(t, total, count(t, db))
	})
}

func TestMigrateRefusesNewerDatabase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx := context.Background()
		require.NoError(t, db.Migrate(ctx), "an up-to-date schema is left alone")
		require.NoError(t, db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`)
			return err
		}))
		require.ErrorIs(t, db.Migrate(ctx), dbx.ErrNewer)
	})
}
