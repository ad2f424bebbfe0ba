package ledger_test

import (
	"context"
	"crypto/sha256"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/ledger"
)

const origin = "test.example/redproperty"

type world struct {
	t     *testing.T
	db    *dbx.DB
	clock *clock.Fake
	key   ledger.Key
	*ledger.Ledger
	lease job.Lease
}

func each(t *testing.T, body func(w *world)) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := &world{t: t, db: db, clock: clock.NewFake(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))}
		var err error
		w.key, err = ledger.NewKey(origin)
		require.NoError(t, err)
		w.Ledger, err = ledger.New(origin, w.key, w.clock)
		require.NoError(t, err)
		w.lease, err = job.Acquire(t.Context(), db, "test", id.New(), clock.Now(w.clock), time.Minute)
		require.NoError(t, err)
		body(w)
	})
}

func leaf(n int) [32]byte { return sha256.Sum256([]byte{byte(n >> 8), byte(n)}) }

// grow appends n leaves to a log and signs a checkpoint.
func (w *world) grow(log string, n int) ledger.Head {
	w.t.Helper()
	var h ledger.Head
	require.NoError(w.t, w.db.InTx(w.t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
		leaves := make([][32]byte, n)
		for i := range leaves {
			leaves[i] = leaf(i)
		}
		var err error
		if h, err = w.Append(ctx, tx, log, leaves); err != nil {
			return err
		}
		return w.Checkpoint(ctx, tx, log, h)
	}))
	return h
}

func (w *world) newest(log string) ledger.Checkpoint {
	w.t.Helper()
	c, err := w.Newest(w.t.Context(), w.db, log)
	require.NoError(w.t, err)
	require.NotNil(w.t, c)
	return *c
}

// sealed tells how long a log is and how many checkpoints fit it.
func (w *world) sealed(log string) (int64, int) {
	w.t.Helper()
	v, err := w.Verify(w.t.Context(), w.db, log, func(ledger.Leaf) (string, error) { return "", nil })
	require.NoError(w.t, err)
	require.Empty(w.t, v.Problems)
	return v.Head.Size, v.Checkpoints
}
