package workorder

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi/apitest"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

// steps lists what was done to an order, as its events in the database say.
func (w *world) steps(order id.ID) (out []Step) {
	w.t.Helper()
	all, err := Events(w.ctx(), w.db, order)
	require.NoError(w.t, err)
	for _, e := range all {
		out = append(out, e.Kind)
	}
	return out
}

func targets(orders ...id.ID) (out []BulkTarget) {
	for _, o := range orders {
		out = append(out, BulkTarget{ID: o})
	}
	return out
}

func TestOneStepOnSeveralOrdersHasAnOutcomeForEach(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		fresh, stale, sent, strange := w.report(w.owner, w.repair()), w.report(w.owner, w.repair()), w.dispatched(w.repair()), id.New()
		all := targets(fresh, stale, sent, strange)
		all[1].Version = new(int64) // nobody saw version 0
		key := key(w.manager, "bulk-0001")
		out, err := w.s.TakeAll(w.ctx(), w.manager, key, Bulk{Step: StepAccept, Orders: all})
		require.NoError(t, err)
		require.Equal(t, Accepted, out[0].Order.State)
		require.ErrorIs(t, out[1].Err, fault.Stale)
		require.Equal(t, "workorder.step_illegal", fault.Of(out[2].Err).Code)
		require.ErrorIs(t, out[3].Err, fault.NotFound)
		require.Equal(t, []any{Accepted, Reported, Dispatched}, []any{w.stored(fresh).State, w.stored(stale).State, w.stored(sent).State}, "read back")

		// The answer was lost. In the repetition what was done is not done again, what was refused is tried again.
		w.must(w.s.Dispatch(w.ctx(), w.manager, fresh, Taken{}, Crew{}))
		out, err = w.s.TakeAll(w.ctx(), w.manager, key, Bulk{Step: StepAccept, Orders: all})
		require.NoError(t, err)
		require.Equal(t, Dispatched, out[0].Order.State, "the order as it is now")
		require.Equal(t, []Step{"report", StepAccept, StepDispatch}, w.steps(fresh))

		_, err = w.s.TakeAll(w.ctx(), w.rivalManager, key, Bulk{Step: StepAccept, Orders: targets(fresh, stale)})
		require.ErrorIs(t, err, fault.NotFound, "another company sees none of them")
		_, err = w.s.TakeAll(w.ctx(), w.owner, key, Bulk{Step: StepAccept, Orders: targets(stale, strange)})
		require.ErrorIs(t, err, fault.Forbidden, "the reporter sees one and accepts none")
		_, err = w.s.TakeAll(w.ctx(), w.manager, key, Bulk{Step: StepResolve, Orders: targets(sent)})
		require.Equal(t, "workorder.bulk_step", fault.Of(err).Fields[0].Code)
		_, err = w.s.TakeAll(w.ctx(), w.manager, key, Bulk{Step: StepAccept, Orders: targets(stale, stale)})
		require.Equal(t, "workorder.bulk_twice", fault.Of(err).Fields[0].Code)
	})
}

func TestOneRequestForSeveralOrdersAtOnceDoesEachOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		var orders []id.ID
		for range 5 {
			orders = append(orders, w.report(w.owner, w.repair()))
		}
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				out, err := w.s.TakeAll(w.ctx(), w.manager, key(w.manager, "bulk-0002"), Bulk{Step: StepAccept, Orders: targets(orders...)})
				if err != nil {
					t.Error(err)
				}
				for _, o := range out {
					if o.Err != nil {
						t.Error(o.Err)
					}
				}
			})
		}
		all.Wait()
		for _, o := range orders {
			require.Equal(t, []Step{"report", StepAccept}, w.steps(o))
		}
	})
}

func TestSeveralOrdersOverHTTP(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	server := apitest.New(t, w.clock)
	Register(server.API, w.s)
	one, two := w.report(w.owner, w.repair()), w.dispatched(w.repair())
	body := map[string]any{"step": "accept", "orders": []map[string]any{{"id": one, "version": 1}, {"id": two}}}
	reply := server.Do(t, w.manager, http.MethodPost, root+"/work-orders/bulk", body, "Idempotency-Key", "bulk-0003", "Accept-Language", "en")
	require.Equal(t, 200, reply.Status, string(reply.Body))
	var got BulkAnswer
	reply.JSON(t, &got)
	require.Equal(t, []any{Accepted, 409, "workorder.step_illegal"}, []any{got.Orders[0].Order.State, got.Orders[1].Problem.Status, got.Orders[1].Problem.Code})
	require.NotEmpty(t, got.Orders[1].Problem.Detail)
	body["orders"] = make([]map[string]any, 0)
	require.Equal(t, 400, server.Do(t, w.manager, http.MethodPost, root+"/work-orders/bulk", body).Status)
	for _, p := range []authz.Principal{w.rivalManager, {}} {
		body["orders"] = []map[string]any{{"id": one}}
		require.Contains(t, []int{401, 404}, server.Do(t, p, http.MethodPost, root+"/work-orders/bulk", body).Status)
	}
}

func TestListOfWhatChangedSince(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.report(w.owner, w.repair())
		touched := w.report(w.owner, w.repair())
		w.clock.Advance(26 * time.Hour)
		since := clock.Now(w.clock).Add(-time.Hour)
		w.must(w.s.Accept(w.ctx(), w.manager, touched, Taken{}))
		list, err := w.s.List(w.ctx(), w.manager, Filter{Open: true, ChangedSince: since}, page.Request{})
		require.NoError(t, err)
		require.Len(t, list.Items, 1)
		require.Equal(t, touched, list.Items[0].ID)
		sum, err := w.s.Summary(w.ctx(), w.manager, SummaryOf{Since: &since})
		require.NoError(t, err)
		require.EqualValues(t, len(list.Items), sum.Changed, "the number leads to its list")
	})
}
