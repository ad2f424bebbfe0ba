package workorder

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
)

// An order that is taken up again between being found and being cleared keeps its words, and no record says otherwise.
func TestAnOrderTakenUpAgainIsNotForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		order := w.report(w.owner, w.repair()) // it is open, as one that was taken up again
		before := w.stored(order)
		l, err := job.Acquire(t.Context(), db, "workorder.forget", id.New(), clock.Now(w.clock), time.Minute)
		require.NoError(t, err)
		require.NoError(t, w.s.forget(t.Context(), l, outlivedOrder{ID: order, Title: before.Title, ScopePath: before.ScopePath}))
		require.Equal(t, before, w.stored(order))
		require.Zero(t, count(t, db, `SELECT COUNT(*) FROM audit_record WHERE object_id = ? AND action = 'workorder.forget'`, order))
	})
}
