package report

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// BenchmarkRates computes a published month's cells, event hash included, over 100,000 orders of a street, of
// five events each, a fifth of them rated.
func BenchmarkRates(b *testing.B) {
	engines := map[string]func(testing.TB) *dbx.DB{"sqlite": dbtest.SQLite}
	if os.Getenv("REDPROPERTY_TEST_MYSQL") != "" {
		engines["mysql"] = dbtest.MySQL
	}
	for name, open := range engines {
		b.Run(name, func(b *testing.B) {
			w := newWorld(b, open(b))
			const orders = 100_000
			for batch := 0; batch < orders; batch += 5000 {
				w.keep(w.busyDay(batch, 5000)...)
			}
			b.ResetTimer()
			for range b.N {
				sn := Snapshot{Month: october, AsOf: clock.At(testNow), Salt: make([]byte, 32)}
				e, err := evaluate(b.Context(), w.db, taskOf(sn, w.street, w.s.present(), nil))
				require.NoError(b, err)
				require.Equal(b, int64(orders), e.orders)
			}
			b.ReportMetric(float64(orders)*float64(b.N)/b.Elapsed().Seconds(), "orders/s")
		})
	}
}

// busyDay makes n orders and stores a rating of every fifth.
func (w *world) busyDay(from, n int) []*told {
	var out []*told
	var ratings [][]any
	for i := from; i < from+n; i++ {
		at := day(1+i%28, 8, i%60)
		o := w.report(i%3, at, w.company, map[string]any{"category": fmt.Sprint("c", i%12), "accept_due_at": at.Add(time.Hour)}).
			then("accept", at.Add(30*time.Minute), "state", "accepted", "accepted_at", at.Add(30*time.Minute)).
			then("dispatch", at.Add(time.Hour), "state", "dispatched", "clock_round", 1, "clock_start", at.Add(time.Hour), "fix_due_at", at.Add(9*time.Hour)).
			then("resolve", at.Add(2*time.Hour), "state", "resolved", "resolved_at", at.Add(2*time.Hour)).closed(at.Add(time.Duration(i%200) * time.Hour))
		out = append(out, o)
		if i%5 == 0 {
			ratings = append(ratings, []any{id.New(), o.id, 1, id.New(), "yes", 1 + i%5, "self", at.Add(201 * time.Hour)})
		}
	}
	w.later = append(w.later, ratings...)
	return out
}
