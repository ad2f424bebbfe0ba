package ledger_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/ledger"
)

// queue is what waits, with the numbers that were given.
type queue struct {
	places  []int64 // -1 while it waits
	refuses bool
}

func waitingFor(n int) *queue {
	q := &queue{}
	for range n {
		q.places = append(q.places, -1)
	}
	return q
}

func (q *queue) sealer(w *world) ledger.Sealer {
	return ledger.Sealer{DB: w.db, Ledger: w.Ledger, Log: "test", Batch: 4, Waiting: func(_ context.Context, _ *dbx.Tx, limit int) ([]ledger.Entry, error) {
		var out []ledger.Entry
		for i := range q.places {
			if q.places[i] >= 0 || len(out) == limit {
				continue
			}
			out = append(out, ledger.Entry{Leaf: leaf(i), Number: func(_ context.Context, _ *dbx.Tx, seq int64) error {
				if q.refuses {
					return dbx.ErrNoMatch
				}
				q.places[i] = seq
				return nil
			}})
		}
		return out, nil
	}}
}

func TestWhatWaitsIsSealedInBatches(t *testing.T) {
	each(t, func(w *world) {
		q := waitingFor(9)
		s := q.sealer(w)
		for _, more := range []bool{true, true, false, false} {
			busy, err := s.Do(w.t.Context(), w.lease)
			require.NoError(w.t, err)
			require.Equal(w.t, more, busy)
		}
		require.Equal(w.t, []int64{0, 1, 2, 3, 4, 5, 6, 7, 8}, q.places)
		size, checkpoints := w.sealed("test")
		require.EqualValues(w.t, 9, size)
		require.Equal(w.t, 3, checkpoints, "one a batch, none for an empty round")
	})
}

// Another writer between reading the head and moving it makes the round one to be repeated, and nothing of it stays.
func TestAForkedRoundIsRepeated(t *testing.T) {
	each(t, func(w *world) {
		w.grow("test", 3)
		q := waitingFor(2)
		s := q.sealer(w)
		inner := s.Waiting
		s.Waiting = func(ctx context.Context, tx *dbx.Tx, limit int) ([]ledger.Entry, error) {
			list, err := inner(ctx, tx, limit)
			list[1].Number = func(context.Context, *dbx.Tx, int64) error { return ledger.ErrForked }
			return list, err
		}
		busy, err := s.Do(w.t.Context(), w.lease)
		require.NoError(w.t, err)
		require.True(w.t, busy, "the next round starts from the other's head")
		size, checkpoints := w.sealed("test")
		require.EqualValues(w.t, 3, size)
		require.Equal(w.t, 1, checkpoints)
	})
}

func TestAnEntryThatHasAPlaceStopsTheRound(t *testing.T) {
	each(t, func(w *world) {
		q := waitingFor(2)
		q.refuses = true
		busy, err := q.sealer(w).Do(w.t.Context(), w.lease)
		require.ErrorIs(w.t, err, dbx.ErrNoMatch)
		require.False(w.t, busy)
		size, checkpoints := w.sealed("test")
		require.Zero(w.t, size)
		require.Zero(w.t, checkpoints)
	})
}

func TestNothingIsSealedWithoutTheLease(t *testing.T) {
	each(t, func(w *world) {
		w.clock.Advance(2 * time.Minute)
		_, err := job.Acquire(w.t.Context(), w.db, "test", id.New(), clock.Now(w.clock), time.Minute)
		require.NoError(w.t, err)
		_, err = waitingFor(1).sealer(w).Do(w.t.Context(), w.lease)
		require.ErrorIs(w.t, err, job.ErrLost)
		size, _ := w.sealed("test")
		require.Zero(w.t, size)
	})
}

func TestAFailureToReadWhatWaitsIsTold(t *testing.T) {
	each(t, func(w *world) {
		broken := errors.New("broken")
		_, err := ledger.Sealer{DB: w.db, Ledger: w.Ledger, Log: "test", Batch: 1, Waiting: func(context.Context, *dbx.Tx, int) ([]ledger.Entry, error) { return nil, broken }}.Do(w.t.Context(), w.lease)
		require.ErrorIs(w.t, err, broken)
	})
}
