package audit_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/ledger"
)

const origin = "test.example/redproperty"

var start = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

type world struct {
	db     *dbx.DB
	clock  *clock.Fake
	ledger *ledger.Ledger
	key    ledger.Key
	lease  job.Lease
	sealer *audit.Sealer
}

func each(t *testing.T, body func(t *testing.T, w *world)) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := &world{db: db, clock: clock.NewFake(start)}
		var err error
		w.key, err = ledger.EnsureKey(t.Context(), db, filepath.Join(t.TempDir(), "k"), origin)
		require.NoError(t, err)
		w.ledger, err = ledger.New(origin, w.key, w.clock)
		require.NoError(t, err)
		w.lease, err = job.Acquire(t.Context(), db, "seal", id.New(), clock.Now(w.clock), time.Minute)
		require.NoError(t, err)
		w.sealer = &audit.Sealer{DB: db, Ledger: w.ledger}
		body(t, w)
	})
}

func (w *world) record(t *testing.T, n int) {
	t.Helper()
	require.NoError(t, w.db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
		for range n {
			if err := audit.Record(ctx, tx, clock.Now(w.clock), audit.Entry{
				Actor: authz.Actor{Account: id.New(), Role: authz.RoleWorker}, Action: "workorder.accept", ObjectKind: "work_order", ObjectID: id.New(),
				ScopePath: "a/", Detail: map[string]int{"n": n}}); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (w *world) seal(t *testing.T) {
	t.Helper()
	for busy := true; busy; {
		var err error
		busy, err = w.sealer.Do(t.Context(), w.lease)
		require.NoError(t, err)
	}
}

func (w *world) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	require.NoError(t, w.db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
		return tx.ExecOne(ctx, query, args...)
	}))
}

func (w *world) verify(t *testing.T) audit.Report {
	t.Helper()
	r, err := audit.Verify(t.Context(), w.db, w.ledger)
	require.NoError(t, err)
	return r
}

func TestSealedTrailIsRight(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, n := range []int{1, 7, 600} {
			w.record(t, n)
			w.seal(t)
		}
		w.record(t, 3)
		r := w.verify(t)
		require.Empty(t, r.Problems)
		require.EqualValues(t, 608, r.Entries)
		require.Equal(t, 4, r.Checkpoints, "600 take two batches")
		require.EqualValues(t, 3, r.Unsealed, "the tail is reported")
		require.Equal(t, clock.At(start), *r.Oldest)
	})
}

func TestTamperingIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		query string
		want  string
	}{
		"altered":                    {`UPDATE audit_record SET action = 'workorder.close' WHERE seq = 4`, "entry 4 (workorder.close of work_order"},
		"other time":                 {`UPDATE audit_record SET at = at + 1 WHERE seq = 9`, "entry 9"},
		"dropped":                    {`DELETE FROM audit_record WHERE seq = 2`, "entry 2 was dropped"},
		"last dropped":               {`DELETE FROM audit_record WHERE seq = 129`, "entry 129 was dropped"},
		"leaf dropped":               {`DELETE FROM ledger_leaf WHERE pos = 5`, "leaf 5 is missing"},
		"hash of the tree altered":   {`UPDATE ledger_hash SET hash = (SELECT leaf FROM ledger_leaf WHERE pos = 0) WHERE pos = 126`, "stored hash 126 of the tree is not"},
		"hash of the tree dropped":   {`DELETE FROM ledger_hash WHERE pos = 126`, "stored hash 126 of the tree is missing"},
		"last hash dropped":          {`DELETE FROM ledger_hash WHERE pos = 254`, "stored hash 254 of the tree is missing"},
		"head moved back":            {`UPDATE ledger_log SET tree_size = 8 WHERE name = 'audit'`, "the head says 8"},
		"checkpoint of another size": {`UPDATE ledger_checkpoint SET tree_size = 131 WHERE tree_size = 130`, "is another one"},
		"checkpoint rewritten":       {`UPDATE ledger_checkpoint SET note = REPLACE(note, '130', '129') WHERE tree_size = 130`, "checkpoint"},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				w.record(t, 130) // two whole blocks
				w.seal(t)
				require.Empty(t, w.verify(t).Problems)
				w.exec(t, c.query)
				require.Contains(t, strings.Join(w.verify(t).Problems, "\n"), c.want)
			})
		})
	}
}

// Someone with the database who rewrites a record, its leaf and all hashes still cannot sign the past:
// the checkpoints contradict the new tree.
func TestRewritingTheWholeTreeContradictsTheCheckpoints(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.record(t, 5)
		w.seal(t)
		kept, err := w.ledger.Newest(t.Context(), w.db, ledger.Audit)
		require.NoError(t, err)
		for _, table := range []string{"ledger_log", "ledger_leaf", "ledger_hash"} {
			require.NoError(t, w.db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
				_, err := tx.Exec(ctx, "DELETE FROM "+table)
				return err
			}))
		}
		require.NoError(t, w.db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE audit_record SET seq = NULL, detail = '{}'`); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `DELETE FROM ledger_checkpoint`)
			return err
		}))
		w.seal(t)
		require.Empty(t, w.verify(t).Problems, "by itself the forged database looks right")
		require.ErrorContains(t, w.ledger.Compare(t.Context(), w.db, kept.Note), "history was rewritten")
	})
}

func TestRestoredOldDatabaseIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		file := filepath.Join(t.TempDir(), "outside", "checkpoints")
		w.record(t, 3)
		w.seal(t)
		pusher := &ledger.Pusher{DB: w.db, Ledger: w.ledger, Clock: w.clock, Targets: []ledger.Target{ledger.File(file)}}
		for range 2 {
			_, err := pusher.Do(t.Context(), w.lease)
			require.NoError(t, err)
		}
		require.NoError(t, w.ledger.CheckFiles(t.Context(), w.db, []string{file, file + ".missing"}))
		newest, err := w.ledger.Sign(ledger.Audit, ledger.Head{Size: 4, Root: tlog.Hash{1}})
		require.NoError(t, err)
		require.NoError(t, ledger.File(file).Push(t.Context(), newest))
		require.ErrorContains(t, w.ledger.CheckFiles(t.Context(), w.db, []string{file}), "restored from an old backup")
	})
}

// Appenders that all believe to hold the lease: the condition on the head keeps one line of history.
func TestTwoReplicasNeverFork(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var appended atomic.Int64
		var wg sync.WaitGroup
		for i := range 24 {
			wg.Go(func() {
				err := w.db.InTx(context.Background(), func(ctx context.Context, tx *dbx.Tx) error {
					_, err := w.ledger.Append(ctx, tx, "rates", [][32]byte{{byte(i)}, {byte(i), 1}})
					return err
				})
				if err == nil {
					appended.Add(2)
				} else if !errors.Is(err, ledger.ErrForked) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		v, err := w.ledger.Verify(t.Context(), w.db, "rates", func(ledger.Leaf) (string, error) { return "", nil })
		require.NoError(t, err)
		require.Empty(t, v.Problems)
		require.Equal(t, appended.Load(), v.Head.Size)
	})
}

func TestLostLeaseSealsNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.record(t, 3)
		w.clock.Advance(2 * time.Minute)
		_, err := job.Acquire(t.Context(), w.db, "seal", id.New(), clock.Now(w.clock), time.Minute)
		require.NoError(t, err)
		_, err = w.sealer.Do(t.Context(), w.lease)
		require.ErrorIs(t, err, job.ErrLost)
		require.EqualValues(t, 3, w.verify(t).Unsealed)
	})
}

func TestProofsConvinceAStranger(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.record(t, 5)
		w.seal(t)
		old, err := w.ledger.Head(t.Context(), w.db, ledger.Audit)
		require.NoError(t, err)
		w.record(t, 8)
		w.seal(t)
		now, err := w.ledger.Head(t.Context(), w.db, ledger.Audit)
		require.NoError(t, err)
		proof, err := w.ledger.Consistency(t.Context(), w.db, ledger.Audit, old.Size, now.Size)
		require.NoError(t, err)
		require.NoError(t, tlog.CheckTree(proof, now.Size, now.Root, old.Size, old.Root))
		var leaf []byte
		require.NoError(t, w.db.Get(t.Context(), &leaf, `SELECT leaf FROM ledger_leaf WHERE pos = 6`))
		record, err := w.ledger.Inclusion(t.Context(), w.db, ledger.Audit, now.Size, 6)
		require.NoError(t, err)
		require.NoError(t, tlog.CheckRecord(record, now.Size, now.Root, 6, tlog.RecordHash(leaf)))
	})
}

func TestKeyOfAnUsedLedgerIsNotMadeAnew(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.record(t, 1)
		w.seal(t)
		_, err := ledger.EnsureKey(t.Context(), w.db, filepath.Join(t.TempDir(), "lost"), origin)
		require.ErrorContains(t, err, "is missing")
	})
}
