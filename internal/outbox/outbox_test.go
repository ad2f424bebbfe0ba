package outbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/outbox"
)

const start = clock.Instant(1_795_000_000_000)

type box struct {
	t  *testing.T
	db *dbx.DB
}

func each(t *testing.T, body func(b box)) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) { body(box{t, db}) })
}

func (b box) tx(body dbx.Body) error { return b.db.InTx(b.t.Context(), body) }

func (b box) add(at clock.Instant, topic string) id.ID {
	b.t.Helper()
	subject := id.New()
	require.NoError(b.t, b.tx(func(ctx context.Context, tx *dbx.Tx) error {
		return outbox.Add(ctx, tx, at, topic, subject, map[string]any{"order": subject})
	}))
	return subject
}

func (b box) due(now clock.Instant) []outbox.Waiting {
	b.t.Helper()
	list, err := outbox.Due(b.t.Context(), b.db, now, 100)
	require.NoError(b.t, err)
	return list
}

func (b box) state(w outbox.Waiting) (state, why string) {
	b.t.Helper()
	var row struct {
		State string `db:"state"`
		Why   string `db:"last_error"`
	}
	require.NoError(b.t, b.db.Get(b.t.Context(), &row, `SELECT state, last_error FROM outbox WHERE id = ?`, w.ID))
	return row.State, row.Why
}

func TestAnEventIsWrittenWithItsChange(t *testing.T) {
	each(t, func(b box) {
		broken := errors.New("broken")
		err := b.tx(func(ctx context.Context, tx *dbx.Tx) error {
			require.NoError(b.t, outbox.Add(ctx, tx, start, "workorder.reported", id.New(), nil))
			return broken
		})
		require.ErrorIs(b.t, err, broken)
		require.Empty(b.t, b.due(start), "nothing leaves without the change")
		err = b.tx(func(ctx context.Context, tx *dbx.Tx) error {
			return outbox.Add(ctx, tx, start, "workorder.reported", id.New(), func() {})
		})
		require.ErrorContains(b.t, err, "workorder.reported", "a payload that is no JSON is a mistake in the program")

		subject := b.add(start, "workorder.closed")
		list := b.due(start)
		require.Len(b.t, list, 1)
		got := list[0]
		require.Equal(b.t, []any{"workorder.closed", subject, start, int64(0)}, []any{got.Topic, got.Subject, got.At, got.Attempts})
		var payload map[string]id.ID
		require.NoError(b.t, json.Unmarshal(got.Payload, &payload))
		require.Equal(b.t, subject, payload["order"])
		require.False(b.t, got.ID.IsZero())
	})
}

func TestEventsComeInTheirTime(t *testing.T) {
	each(t, func(b box) {
		late, early := b.add(start.Add(time.Second), "b"), b.add(start, "a")
		require.Empty(b.t, b.due(start-1))
		require.Equal(b.t, early, b.due(start)[0].Subject)
		list := b.due(start.Add(time.Second))
		require.Equal(b.t, []id.ID{early, late}, []id.ID{list[0].Subject, list[1].Subject})
		one, err := outbox.Due(b.t.Context(), b.db, start.Add(time.Hour), 1)
		require.NoError(b.t, err)
		require.Len(b.t, one, 1)

		// A transaction that commits late is not passed over, though its event is older than those already done.
		for _, w := range list {
			require.NoError(b.t, b.tx(func(ctx context.Context, tx *dbx.Tx) error { return outbox.Done(ctx, tx, w) }))
		}
		slow := b.add(start.Add(-time.Hour), "c")
		require.Equal(b.t, slow, b.due(start.Add(time.Second))[0].Subject)
	})
}

// Of those who act on one event at once, one succeeds: the others' work is not committed.
func TestAnEventIsActedUponOnce(t *testing.T) {
	each(t, func(b box) {
		b.add(start, "a")
		w := b.due(start)[0]
		errs := make([]error, 8)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				errs[i] = b.tx(func(ctx context.Context, tx *dbx.Tx) error {
					if err := outbox.Add(ctx, tx, start, "effect", id.New(), nil); err != nil {
						return err
					}
					return outbox.Done(ctx, tx, w)
				})
			})
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else {
				require.ErrorIs(b.t, err, dbx.ErrNoMatch)
			}
		}
		require.Equal(b.t, 1, won)
		require.Len(b.t, b.due(start), 1, "one effect, and the event is gone")
		require.Equal(b.t, "effect", b.due(start)[0].Topic)
	})
}

func TestAFailedEventComesAgainUntilItIsBuried(t *testing.T) {
	each(t, func(b box) {
		b.add(start, "a")
		first := b.due(start)[0]
		next := start.Add(time.Minute)
		require.NoError(b.t, b.tx(func(ctx context.Context, tx *dbx.Tx) error { return outbox.Retry(ctx, tx, first, next, "gateway") }))
		require.Empty(b.t, b.due(next-1))
		second := b.due(next)[0]
		require.Equal(b.t, []any{first.ID, int64(1)}, []any{second.ID, second.Attempts}, "the same dedupe key")
		state, why := b.state(second)
		require.Equal(b.t, []string{"waiting", "gateway"}, []string{state, why})

		for name, step := range map[string]func(context.Context, *dbx.Tx) error{
			"done":   func(ctx context.Context, tx *dbx.Tx) error { return outbox.Done(ctx, tx, first) },
			"retry":  func(ctx context.Context, tx *dbx.Tx) error { return outbox.Retry(ctx, tx, first, next, "x") },
			"bury":   func(ctx context.Context, tx *dbx.Tx) error { return outbox.Bury(ctx, tx, first, "x") },
			"revive": func(ctx context.Context, tx *dbx.Tx) error { return outbox.Revive(ctx, tx, first.ID, next) },
			"throw":  func(ctx context.Context, tx *dbx.Tx) error { return outbox.Discard(ctx, tx, first.ID) },
		} {
			require.ErrorIs(b.t, b.tx(step), dbx.ErrNoMatch, "%s: who read it before the last attempt is late, and it is not dead", name)
		}

		require.NoError(b.t, b.tx(func(ctx context.Context, tx *dbx.Tx) error { return outbox.Bury(ctx, tx, second, "gave_up") }))
		require.Empty(b.t, b.due(next.Add(time.Hour)), "a dead letter waits for a person")
		state, why = b.state(second)
		require.Equal(b.t, []string{"dead", "gave_up"}, []string{state, why})
		later := next.Add(time.Hour)
		require.NoError(b.t, b.tx(func(ctx context.Context, tx *dbx.Tx) error { return outbox.Revive(ctx, tx, second.ID, later) }))
		require.Empty(b.t, b.due(later-1))
		third := b.due(later)[0]
		require.Zero(b.t, third.Attempts, "from the first attempt on")
		require.NoError(b.t, b.tx(func(ctx context.Context, tx *dbx.Tx) error { return outbox.Done(ctx, tx, third) }))
		state, why = b.state(third)
		require.Equal(b.t, []string{"done", ""}, []string{state, why})
	})
}

// Only what was acted upon or thrown away is forgotten, and only after its time.
func TestForgetting(t *testing.T) {
	each(t, func(b box) {
		states := map[string]outbox.Waiting{}
		for _, name := range []string{"waiting", "done", "dead", "discarded"} {
			b.add(start, name)
		}
		young := start.Add(time.Hour)
		b.add(young, "young")
		for _, w := range b.due(young) {
			states[w.Topic] = w
		}
		require.NoError(b.t, b.tx(func(ctx context.Context, tx *dbx.Tx) error {
			return errors.Join(outbox.Done(ctx, tx, states["done"]), outbox.Done(ctx, tx, states["young"]),
				outbox.Bury(ctx, tx, states["dead"], "x"), outbox.Bury(ctx, tx, states["discarded"], "x"), outbox.Discard(ctx, tx, states["discarded"].ID))
		}))
		n, err := outbox.Forget(b.t.Context(), b.db, start, 10)
		require.NoError(b.t, err)
		require.Zero(b.t, n, "not yet")
		n, err = outbox.Forget(b.t.Context(), b.db, young, 10)
		require.NoError(b.t, err)
		require.EqualValues(b.t, 2, n)
		var left []string
		require.NoError(b.t, b.db.Select(b.t.Context(), &left, `SELECT topic FROM outbox ORDER BY topic`))
		require.Equal(b.t, []string{"dead", "waiting", "young"}, left)
	})
}
