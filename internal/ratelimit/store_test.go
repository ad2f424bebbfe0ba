package ratelimit

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

func TestStore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx := context.Background()
		s := NewStore(db)
		now := clock.At(testStart)
		in := func(body func(tx *dbx.Tx) error) error {
			return db.InTx(ctx, func(_ context.Context, tx *dbx.Tx) error { return body(tx) })
		}
		add := func(o Override) error { return in(func(tx *dbx.Tx) error { return s.Add(ctx, tx, o, now) }) }
		list := func() []StoredOverride {
			all, err := s.List(ctx)
			require.NoError(t, err)
			return all
		}
		require.Empty(t, list())

		one, two := goodOverride(id.New()), goodOverride(id.New())
		one.ExpiresAt = now.Add(time.Hour).Ptr()
		two.Name, two.Enabled, two.Comment = ExportsPerAccount, false, "𡐓 e\u0301 😀"
		require.NoError(t, add(one))
		require.NoError(t, add(two))
		two.Comment = "𡐓 é 😀" // stored composed
		require.Equal(t, []StoredOverride{{two, 1, now}, {one, 1, now}}, list())

		require.True(t, fault.Is(add(one), "ratelimit.override_exists"))
		bad := one
		bad.Comment = ""
		require.ErrorIs(t, add(bad), fault.Invalid)

		one.ExpiresAt, one.Limit.Burst = nil, 77
		later := now.Add(time.Minute)
		change := func(o Override, version int64) error {
			return in(func(tx *dbx.Tx) error { return s.Change(ctx, tx, o, version, later) })
		}
		require.NoError(t, change(one, 1))
		require.Equal(t, StoredOverride{one, 2, later}, list()[1])
		require.True(t, fault.Is(change(one, 1), "ratelimit.override_changed"))
		require.ErrorIs(t, change(bad, 2), fault.Invalid)
		require.Equal(t, StoredOverride{one, 2, later}, list()[1])

		remove := func(o Override, version int64) error {
			return in(func(tx *dbx.Tx) error { return s.Remove(ctx, tx, o.Name, o.Key, version) })
		}
		require.True(t, fault.Is(remove(one, 1), "ratelimit.override_changed"))
		require.NoError(t, remove(one, 2))
		require.Equal(t, []StoredOverride{{two, 1, now}}, list())
	})
}

// The whole way: a row in the database changes a decision; a row of a limit that is no more is skipped.
func TestStoredOverridesApply(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx := context.Background()
		account := id.New()
		store := NewStore(db)
		now := clock.At(testStart)
		require.NoError(t, db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			if err := store.Add(ctx, tx, goodOverride(account), now); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `INSERT INTO rate_limit_override
				(limit_number, bucket_key, burst, token_count, period_ms, author_id, comment_text, enabled, expires_at, version, updated_at)
				VALUES (99, 'x', 1, 1, 9223372036854775807, ?, 'x', 1, NULL, 1, 0)`, id.New())
			return err
		}))
		o := newOverrideBed(t)
		o.Overrides.source = store
		o.Overrides.log = slog.New(slog.NewTextHandler(&bytes.Buffer{}, nil))
		require.NoError(t, o.Refresh(ctx))
		require.Equal(t, int64(50), o.burst(account))
	})
}

func TestStoredPeriodDoesNotWrap(t *testing.T) {
	require.Equal(t, 24*time.Hour, milliseconds(86_400_000))
	require.Negative(t, milliseconds(1<<62))
}
