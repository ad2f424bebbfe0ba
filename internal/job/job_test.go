package job_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
)

var now = clock.At(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))

func check(db *dbx.DB, l job.Lease) error {
	return db.InTx(context.Background(), func(ctx context.Context, tx *dbx.Tx) error { return l.Check(ctx, tx) })
}

func TestLeaseIsOneOwnersUntilItEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		a, b := id.New(), id.New()
		first, err := job.Acquire(t.Context(), db, "x", a, now, time.Minute)
		require.NoError(t, err)
		_, err = job.Acquire(t.Context(), db, "x", b, now.Add(59*time.Second), time.Minute)
		require.ErrorIs(t, err, job.ErrLost)
		again, err := job.Acquire(t.Context(), db, "x", a, now.Add(30*time.Second), time.Minute)
		require.NoError(t, err)
		require.Equal(t, first.Epoch, again.Epoch, "prolonging changes no hands")
		require.NoError(t, check(db, first))
		taken, err := job.Acquire(t.Context(), db, "x", b, now.Add(90*time.Second), time.Minute)
		require.NoError(t, err)
		require.Greater(t, taken.Epoch, first.Epoch)
		require.ErrorIs(t, check(db, first), job.ErrLost, "the sleeper writes nothing")
		require.NoError(t, check(db, taken))
		require.NoError(t, taken.Release(t.Context(), db, now.Add(91*time.Second)))
		_, err = job.Acquire(t.Context(), db, "x", a, now.Add(91*time.Second), time.Minute)
		require.NoError(t, err)
	})
}

func TestManyWantOneLease(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		var won atomic.Int64
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() {
				if _, err := job.Acquire(context.Background(), db, "x", id.New(), now, time.Minute); err == nil {
					won.Add(1)
				} else if !errors.Is(err, job.ErrLost) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 1, won.Load())
	})
}

func TestRunnerSurvivesErrorsAndPanics(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		r := job.NewRunner(db, clock.System{}, slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(t.Context())
		var rounds atomic.Int64
		r.Run(ctx, job.Job{Name: "x", Every: time.Millisecond, Do: func(context.Context, job.Lease) (bool, error) {
			switch rounds.Add(1) {
			case 1:
				panic("defect")
			case 2:
				return false, errors.New("fails")
			case 3:
				return true, nil
			}
			stop()
			return false, nil
		}})
		require.EqualValues(t, 4, rounds.Load())
		s := r.Statuses()
		require.Len(t, s, 1)
		require.False(t, s[0].Failing)
		require.EqualValues(t, 4, s[0].Rounds)
	})
}

func TestTwoReplicasRunOneRoundAtATime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		var inside, most atomic.Int64
		work := job.Job{Name: "x", Do: func(context.Context, job.Lease) (bool, error) {
			if n := inside.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(2 * time.Millisecond) // long enough for the other to try
			inside.Add(-1)
			return false, nil
		}}
		var wg sync.WaitGroup
		for range 2 {
			r := job.NewRunner(db, clock.System{}, slog.New(slog.DiscardHandler))
			wg.Go(func() {
				for range 20 {
					if _, err := r.Once(context.Background(), work); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 1, most.Load())
	})
}

// A replica that stops gives its lease back; one that waits does not count the other's rounds as its own.
func TestStoppedRunnerGivesItsLeaseBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx, stop := context.WithCancel(t.Context())
		first, second := job.NewRunner(db, clock.System{}, slog.New(slog.DiscardHandler)), job.NewRunner(db, clock.System{}, slog.New(slog.DiscardHandler))
		first.Run(ctx, job.Job{Name: "x", Every: time.Hour, Do: func(context.Context, job.Lease) (bool, error) {
			waiting, end := context.WithTimeout(t.Context(), 20*time.Millisecond)
			defer end()
			second.Run(waiting, job.Job{Name: "x", Every: time.Millisecond, Do: func(context.Context, job.Lease) (bool, error) {
				t.Error("two at once")
				return false, nil
			}})
			stop()
			return false, nil
		}})
		require.Zero(t, second.Statuses()[0].Rounds)
		ran := false
		_, err := second.Once(t.Context(), job.Job{Name: "x", Do: func(context.Context, job.Lease) (bool, error) { ran = true; return false, nil }})
		require.NoError(t, err)
		require.True(t, ran, "at once, not when the lease has run out")
	})
}

// A round that takes longer than the lease keeps it: nobody begins the same work beside it.
func TestLongRoundKeepsItsLease(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		first, second := job.NewRunner(db, clock.System{}, slog.New(slog.DiscardHandler)), job.NewRunner(db, clock.System{}, slog.New(slog.DiscardHandler))
		const lease = 600 * time.Millisecond
		_, err := first.Once(t.Context(), job.Job{Name: "x", Lease: lease, Do: func(ctx context.Context, l job.Lease) (bool, error) {
			for end := time.Now().Add(2 * lease); time.Now().Before(end); time.Sleep(lease / 20) {
				_, err := second.Once(t.Context(), job.Job{Name: "x", Lease: lease, Do: func(context.Context, job.Lease) (bool, error) {
					t.Error("two at once")
					return false, nil
				}})
				require.NoError(t, err)
			}
			return false, check(db, l)
		}})
		require.NoError(t, err)
	})
}

// Who has lost the lease in the middle of a round is told by its context.
func TestRoundEndsWhenItsLeaseIsLost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		r := job.NewRunner(db, clock.System{}, slog.New(slog.DiscardHandler))
		_, err := r.Once(t.Context(), job.Job{Name: "x", Lease: 150 * time.Millisecond, Do: func(ctx context.Context, l job.Lease) (bool, error) {
			_, err := job.Acquire(t.Context(), db, l.Name, id.New(), l.Until.Add(time.Hour), time.Hour)
			require.NoError(t, err)
			<-ctx.Done()
			return false, context.Cause(ctx)
		}})
		require.ErrorIs(t, err, job.ErrLost)
	})
}
