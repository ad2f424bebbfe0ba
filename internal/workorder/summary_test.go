package workorder

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
)

// A summary's numbers are the lengths of the lists, for every reader, now and when limits have passed.
func TestSummaryCountsWhatTheListsHold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.report(w.owner, w.repair())
		w.report(w.neighbour, w.defect())
		w.dispatched(w.defect())
		w.report(w.neighbour, w.conduct())
		w.resolved(w.repair())
		readers := map[string]authz.Principal{"owner": w.owner, "neighbour": w.neighbour, "manager": w.manager, "worker": w.worker, "clerk": w.clerk, "office": w.office, "rival": w.rivalManager}
		same := func() {
			t.Helper()
			for name, p := range readers {
				got, err := w.s.Summary(w.ctx(), p, SummaryOf{Soon: 4 * time.Hour})
				require.NoError(t, err, name)
				require.EqualValues(t, len(w.listed(p, Filter{Open: true})), got.Open, name)
				require.EqualValues(t, len(w.listed(p, Filter{ForMe: true})), got.WaitingForMe, name)
				require.EqualValues(t, len(w.listed(p, Filter{Overdue: true})), got.Overdue, name)
				var byState int64
				for _, st := range got.States {
					require.EqualValues(t, len(w.listed(p, Filter{States: []State{st.State}})), st.Orders, name)
					byState += st.Orders
				}
				require.Equal(t, got.Open, byState, name)
			}
		}
		same()
		w.clock.Advance(30 * 24 * time.Hour)
		same()
		got, err := w.s.Summary(w.ctx(), w.office, SummaryOf{Soon: time.Hour})
		require.NoError(t, err)
		require.NotZero(t, got.Overdue)
		require.Zero(t, got.Reported, "nothing is new after a month")
		all, err := w.s.Summary(w.ctx(), w.office, SummaryOf{Soon: time.Hour, Since: clock.Instant(1).Ptr()})
		require.NoError(t, err)
		require.Equal(t, all.Open, all.Reported)
		require.Equal(t, all.Open, all.Changed)
	})
}
