package workorder

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
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
)

// heard is one event that a stream sent.
type heard struct {
	event string
	OrderChange
	raw string
}

// listen opens a stream as p and collects what it sends until the test ends.
func (w *world) listen(s *Service, p authz.Principal) (<-chan heard, context.CancelFunc) {
	w.t.Helper()
	l, err := s.Listen(p)
	require.NoError(w.t, err)
	ctx, cancel := context.WithCancel(w.ctx())
	out := make(chan heard, 1000)
	done := make(chan struct{})
	go func() {
		defer close(done)
		err := l.Run(ctx, func(event string, data []byte) error {
			h := heard{event: event, raw: string(data)}
			if err := json.Unmarshal(data, &h.OrderChange); err != nil {
				return err
			}
			out <- h
			return nil
		}, nil)
		if err != nil {
			w.t.Error(err)
		}
	}()
	w.t.Cleanup(func() { cancel(); <-done })
	return out, cancel
}

func next(t *testing.T, ch <-chan heard) heard {
	t.Helper()
	select {
	case h := <-ch:
		return h
	case <-time.After(10 * time.Second):
		require.FailNow(t, "nothing came")
		return heard{}
	}
}

func silent(t *testing.T, ch <-chan heard) {
	t.Helper()
	select {
	case h := <-ch:
		require.FailNow(t, "came too much", "%+v", h)
	case <-time.After(1500 * time.Millisecond):
	}
}

func TestChangesReachWhoeverSeesTheOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		other := New(w.s.Deps) // another replica on the same database
		manager, _ := w.listen(w.s, w.manager)
		far, _ := w.listen(other, w.manager)
		rival, _ := w.listen(w.s, w.rivalManager)
		owner, _ := w.listen(w.s, w.owner)
		for _, ch := range []<-chan heard{manager, far, rival, owner} {
			require.Equal(t, eventRefetch, next(t, ch).event, "it begins with fetching")
		}
		order := w.report(w.owner, w.defect())
		for _, ch := range []<-chan heard{manager, far, owner} {
			h := next(t, ch)
			require.Equal(t, eventChange, h.event)
			require.Equal(t, OrderChange{order, 1, stepReport, Reported, clock.Now(w.clock)}, h.OrderChange)
			require.NotContains(t, h.raw, w.owner.Person.String())
		}
		w.must(w.s.Accept(t.Context(), w.manager, order, Taken{}))
		for _, ch := range []<-chan heard{manager, far, owner} {
			require.Equal(t, Accepted, next(t, ch).State)
		}
		// The order goes to another: it leaves the screen of the first.
		w.must(w.s.Object(t.Context(), w.manager, order, Taken{}, "合同第3条", "属于供水公司"))
		w.must(w.s.DecideObjection(t.Context(), w.office, order, Taken{}, true, &w.utility, "属于供水公司"))
		last := heard{}
		for last.event != eventGone {
			last = next(t, manager)
		}
		require.Equal(t, order, last.Order)
		silent(t, rival)
		require.Empty(t, manager, "each change once")
	})
}

func TestASlowScreenIsToldToFetchAnew(t *testing.T) {
	h := newHub()
	l := h.join(id.New(), func(context.Context, func()) {})
	many := make([]seenChange, streamBuffer+1)
	h.publish(many[:streamBuffer])
	require.Empty(t, l.lost)
	h.publish(many[:1])
	h.publish(many[:1])
	require.Len(t, l.lost, 1)
	l.drain()
	require.Empty(t, l.changes)
	h.leave(l)
	require.Nil(t, h.stop, "nobody listens, nobody watches")
}

func TestAnAccountHasSoManyScreens(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for range streamsMost {
		l, err := w.s.Listen(w.manager)
		require.NoError(t, err)
		defer w.s.hub.leave(l.l)
	}
	_, err := w.s.Listen(w.manager)
	require.ErrorIs(t, err, fault.RateLimited)
	l, err := w.s.Listen(w.worker)
	require.NoError(t, err)
	w.s.hub.leave(l.l)
	_, err = w.s.Listen(authz.Principal{})
	require.ErrorIs(t, err, fault.Unauthenticated)
}

type sessions func(authz.Principal) (authz.Principal, error)

func (s sessions) Again(_ context.Context, p authz.Principal) (authz.Principal, error) { return s(p) }

func TestAnEndedPostEndsTheStream(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	order := w.report(w.owner, w.defect())
	c := seenChange{OrderChange{Order: order, Seq: 1, Kind: stepReport}, w.stored(order)}
	l, err := w.s.Listen(w.manager)
	require.NoError(t, err)
	defer w.s.hub.leave(l.l)
	require.Equal(t, eventChange, l.view.look(c))
	var sent []string
	send := func(event string, _ []byte) error { sent = append(sent, event); return nil }

	require.ErrorIs(t, l.again(t.Context(), send), fault.Unauthenticated, "nobody to ask: the stream ends, the client comes again")
	w.s.Sessions = sessions(func(p authz.Principal) (authz.Principal, error) { return p, nil })
	require.NoError(t, l.again(t.Context(), send))
	require.Empty(t, sent)
	w.s.Sessions = sessions(func(p authz.Principal) (authz.Principal, error) {
		p.Grants = w.rivalManager.Grants
		return p, nil
	})
	require.NoError(t, l.again(t.Context(), send))
	require.Equal(t, []string{eventRefetch}, sent, "other posts, another screen")
	require.Equal(t, eventGone, l.view.look(c))
	require.Empty(t, l.view.look(c))
	w.s.Sessions = sessions(func(p authz.Principal) (authz.Principal, error) {
		p.Grants = nil
		return p, nil
	})
	require.ErrorIs(t, l.again(t.Context(), send), fault.Forbidden)
	gone := errors.New("away")
	w.s.Sessions = sessions(func(p authz.Principal) (authz.Principal, error) { return p, gone })
	require.ErrorIs(t, l.again(t.Context(), send), gone)
}

func TestALateCommitIsFoundByTheLookBack(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	now := clock.Now(w.clock)
	told := memory{}
	first := w.report(w.owner, w.defect())
	_, _, err := w.s.lookForChanges(t.Context(), told, now.Add(-pollBack), true)
	require.NoError(t, err)
	late := w.report(w.owner, w.defect()) // its event carries the same moment as the first
	got, _, err := w.s.lookForChanges(t.Context(), told, now.Add(-pollBack), false)
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Equal(t, late, got[0].Order)
	require.NotEqual(t, first, got[0].Order)
	require.Empty(t, told.fresh([]OrderChange{{Order: late, Seq: 1, At: now}}, now))
	require.Empty(t, func() memory { told.fresh(nil, now.Add(time.Hour)); return told }(), "what no look can find again is forgotten")
}

func TestTheStreamOverHTTP(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	server := apitest.New(t, w.clock)
	Register(server.API, w.s)
	ts := httptest.NewServer(server.API)
	defer ts.Close()
	server.Do(t, w.manager, http.MethodGet, root+"/work-orders", nil) // who calls from now on
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, ts.URL+root+"/work-orders/stream", nil)
	require.NoError(t, err)
	req.Header.Set("Last-Event-ID", "17")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
	lines := bufio.NewScanner(resp.Body)
	until := func(want string) {
		t.Helper()
		for lines.Scan() {
			if lines.Text() == want {
				return
			}
		}
		require.FailNow(t, "the stream ended", "%v", lines.Err())
	}
	until("event: refetch")
	order := w.report(w.owner, w.defect())
	until("event: change")
	require.True(t, lines.Scan())
	require.Contains(t, lines.Text(), order.String())
}
