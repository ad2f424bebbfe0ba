package idem_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
)

var now = clock.At(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))

func claim(db *dbx.DB, k idem.Key, resource id.ID) (got id.ID, again bool, err error) {
	err = db.InTx(context.Background(), func(ctx context.Context, tx *dbx.Tx) error {
		got, again, err = k.Claim(ctx, tx, resource)
		return err
	})
	return got, again, err
}

func TestRepetitionFindsTheFirstCallsResource(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		who, first := id.New(), id.New()
		key := idem.New(who, "op", "key-1", "/x", []byte("body"), now)
		got, again, err := claim(db, key, first)
		require.NoError(t, err)
		require.False(t, again)
		require.Equal(t, first, got)
		got, again, err = claim(db, key, id.New())
		require.NoError(t, err)
		require.True(t, again)
		require.Equal(t, first, got)
	})
}

func TestAnotherBodyTargetCallerOrOperation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		who := id.New()
		_, _, err := claim(db, idem.New(who, "op", "k", "/x", []byte("body"), now), id.New())
		require.NoError(t, err)
		for _, k := range []idem.Key{idem.New(who, "op", "k", "/x", []byte("other"), now), idem.New(who, "op", "k", "/y", []byte("body"), now)} {
			_, _, err = claim(db, k, id.New())
			require.ErrorIs(t, err, fault.Mismatch)
		}
		for _, k := range []idem.Key{idem.New(id.New(), "op", "k", "/x", []byte("body"), now), idem.New(who, "op2", "k", "/x", []byte("body"), now), {}} {
			_, again, err := claim(db, k, id.New())
			require.NoError(t, err)
			require.False(t, again)
		}
	})
}

func TestFiftyAtOnceMakeOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		key := idem.New(id.New(), "op", "k", "/x", nil, now)
		var made atomic.Int64
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if _, again, err := claim(db, key, id.New()); err != nil {
					t.Error(err)
				} else if !again {
					made.Add(1)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 1, made.Load())
	})
}

func TestSweepForgetsAfterTwoDays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		key := idem.New(id.New(), "op", "k", "/x", nil, now)
		_, _, err := claim(db, key, id.New())
		require.NoError(t, err)
		n, err := idem.Sweep(t.Context(), db, now.Add(idem.Keep))
		require.NoError(t, err)
		require.Zero(t, n)
		n, err = idem.Sweep(t.Context(), db, now.Add(idem.Keep+time.Millisecond))
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
	})
}
