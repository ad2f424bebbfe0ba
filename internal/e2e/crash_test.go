package e2e

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/id"
)

// write is an order that somebody tried to make, with its key; order is empty when no answer came.
type write struct {
	who        *user
	key, order string
}

// After kill -9 in the middle of writes, nothing that was acknowledged is lost, and repeating every request
// with its key doubles nothing.
func TestKilledWhileWriting(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e engine) {
		w := explore(install(t, e).up("demo"))
		place := w.as("community").get("/service-areas/" + w.serviceArea + "/public-areas").want(200).id("items.0.id")
		call := obj{"where": obj{"publicAreaId": place}, "category": "power.common_light"}
		writers := w.unlimited("manager", "worker", "community", "community-worker")

		time.AfterFunc(time.Duration(200+rand.IntN(800))*time.Millisecond, func() { _ = w.cmd.Process.Kill() })
		writes := untilDown(writers, call)
		w.killed()
		w.up("demo")

		db, acknowledged := w.database(), 0
		require.NotEmpty(t, writes)
		for _, wr := range writes {
			if wr.order != "" {
				acknowledged++
				wr.who.get("/work-orders/" + wr.order).want(200)
			}
			again := wr.who.post("/front-desk-orders", call, "Idempotency-Key", wr.key).want(201).id("order.id")
			if wr.order != "" {
				require.Equal(t, wr.order, again, "the key gives the same order")
			}
		}
		require.Positive(t, acknowledged)
		t.Logf("%d orders tried, %d acknowledged", len(writes), acknowledged)
		require.EqualValues(t, len(writes), count(t, db, "SELECT COUNT(*) FROM work_order WHERE source = 'desk'"), "one order for each key")
		require.EqualValues(t, len(writes), count(t, db, "SELECT COUNT(*) FROM work_order_event e JOIN work_order o ON o.id = e.order_id WHERE o.source = 'desk' AND e.kind = 'report'"))
		require.EqualValues(t, len(writes), count(t, db, "SELECT COUNT(*) FROM audit_record a JOIN work_order o ON o.id = a.object_id WHERE o.source = 'desk' AND a.action = 'workorder.report'"))
		require.EqualValues(t, len(writes), count(t, db, "SELECT COUNT(DISTINCT number) FROM work_order WHERE source = 'desk'"))
		w.verify()
		if e.name == embedded.name {
			var verdict string
			require.NoError(t, db.Get(context.Background(), &verdict, "PRAGMA integrity_check"))
			require.Equal(t, "ok", verdict)
		}
	})
}

// unlimited logs people in and has the operator lift their limits for an hour, as for a day of moving in.
func (w *world) unlimited(names ...string) (out []*user) {
	operator, until := w.as("operator"), time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	for _, name := range names {
		u := w.as(name)
		account := u.get("/account").want(200).id("account")
		for _, limit := range []string{"writes_per_account", "desk_orders_per_account_hour", "work_orders_per_account_hour", "work_orders_per_account_day"} {
			operator.post("/system/limits/overrides", obj{"limit": limit, "subject": []string{account}, "burst": 100000, "count": 100000,
				"periodSeconds": 60, "comment": "a day with many calls", "enabled": true, "expiresAt": until}).want(204)
		}
		out = append(out, u)
	}
	return out
}

// untilDown lets everybody write until the program answers no more.
func untilDown(writers []*user, call obj) (all []write) {
	var mu sync.Mutex
	var group sync.WaitGroup
	for i := range 2 * len(writers) {
		group.Go(func() {
			for {
				wr := write{who: writers[i%len(writers)], key: id.New().String()}
				r := wr.who.try(http.MethodPost, "/front-desk-orders", call, "Idempotency-Key", wr.key)
				if r.err == nil && r.Status == http.StatusCreated {
					wr.order = r.str("order.id")
				}
				mu.Lock()
				all = append(all, wr)
				mu.Unlock()
				if r.err != nil || r.Status != http.StatusCreated {
					return
				}
			}
		})
	}
	group.Wait()
	return all
}
