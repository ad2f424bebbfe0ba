package notify

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/sms"
)

func order(more ...any) map[string]any {
	out := map[string]any{"order": id.New(), "number": "NH-20261122-0042", "state": "resolved", "category": "lamp", "severity": "normal", "person": "张三"}
	for i := 0; i+1 < len(more); i += 2 {
		out[more[i].(string)] = more[i+1]
	}
	return out
}

func TestAnEventReachesInboxAndPhone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		reporter := w.person(Reporter)
		subject := w.happen("workorder.resolved", order())
		w.tellAll()

		got := w.inbox(reporter)
		require.Len(t, got, 1)
		require.Equal(t, subject, got[0].Subject)
		require.Equal(t, params{"number": "NH-20261122-0042"}, got[0].Params, "codes of the text and nothing else")
		require.Equal(t, "工单 NH-20261122-0042 已处理，请确认", got[0].view(Chinese).Title)
		require.Equal(t, "Order NH-20261122-0042: is it solved?", got[0].view(English).Title)

		texts := w.received()
		require.Len(t, texts, 1)
		require.Equal(t, sms.OrderUpdate, texts[0].Kind)
		require.Equal(t, w.phones[reporter], texts[0].Phone)
		require.Equal(t, map[string]string{"number": "NH-20261122-0042", "state": "已处理，请确认是否解决"}, texts[0].Params)
		require.Equal(t, map[string]int{"done": 1}, w.eventStates())
		for _, r := range w.rows() {
			require.Equal(t, Done, r.State)
		}
		w.tellAll()
		require.Empty(t, w.received(), "nothing is told twice")
	})
}

func TestAPersonInSeveralAudiencesIsToldOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		both := w.person(Assignee, Handler)
		w.happen("workorder.disputed", order())
		w.tellAll()
		require.Len(t, w.inbox(both), 1)
	})
}

func TestACallerWithoutAccountGetsALink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.happen("workorder.reported", order())
		w.tellAll()
		require.Empty(t, w.received(), "no phone was left")
		w.caller = "13800000000"
		w.happen("workorder.reported", order("callerLink", true))
		w.tellAll()
		texts := w.received()
		require.Len(t, texts, 1)
		require.Equal(t, sms.Message{ID: texts[0].ID, Phone: "13800000000", Kind: sms.OrderConfirm,
			Params: map[string]string{"number": "NH-20261122-0042", "link": "https://example.cn/f/token"}}, texts[0])
	})
}

func TestUnknownTopicsAreDoneAndCounted(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.happen("moon.rose", map[string]any{})
	w.happen("org.changed", map[string]any{})
	w.tellAll()
	require.Equal(t, map[string]int{"done": 2}, w.eventStates())
	require.InDelta(t, 1, testutil.ToFloat64(w.metrics.unknown.WithLabelValues("moon.rose")), 0)
	require.Equal(t, 1, testutil.CollectAndCount(w.metrics.unknown))
}

// A poison event becomes a dead letter and holds up no other.
func TestPoisonEventsHoldUpNoOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		reporter := w.person(Reporter)
		var bad, worse id.ID
		for i := range 10 {
			switch i {
			case 3:
				w.happen("workorder.closed", []int{1}) // no object
			case 5:
				bad = w.happen("workorder.closed", order())
			case 7:
				worse = w.happen("workorder.closed", order())
			default:
				w.happen("workorder.closed", order())
			}
		}
		w.broken = func(ev outbox.Event) error {
			switch ev.Subject {
			case bad:
				return errors.New("who is 张三?")
			case worse:
				panic("nobody expected this")
			}
			return nil
		}
		w.drain(w.FanOut)
		require.Equal(t, map[string]int{"done": 7, "dead": 1, "waiting": 2}, w.eventStates())
		require.Len(t, w.inbox(reporter), 7)

		for range deliveryAtMost {
			w.clock.Advance(13 * time.Hour)
			w.drain(w.FanOut)
		}
		require.Equal(t, map[string]int{"done": 7, "dead": 3}, w.eventStates())
		dead, err := w.DeadLetters(t.Context(), operator, noPage)
		require.NoError(t, err)
		require.Len(t, dead.Items, 3)
		codes := map[string]int64{}
		for _, d := range dead.Items {
			require.Equal(t, "event", d.Kind)
			codes[d.LastError] = d.Attempts
		}
		require.Equal(t, map[string]int64{"payload": 1, "internal": 8, "panic": 8}, codes, "a code, never the text of an error")

		w.broken = nil
		require.NoError(t, w.RepeatDead(t.Context(), operator, dead.Items[0].ID))
		w.drain(w.FanOut)
		require.Equal(t, map[string]int{"done": 8, "dead": 2}, w.eventStates())
		require.Len(t, w.inbox(reporter), 8)
	})
}

// A replica that slept through its lease writes nothing.
func TestAReplicaWithoutTheLeaseTellsNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		reporter := w.person(Reporter)
		w.happen("workorder.resolved", order())
		old := w.lease("test")
		w.clock.Advance(31 * time.Second)
		w.owner = id.New()
		w.lease("test")

		busy, err := w.FanOut(t.Context(), old)
		require.NoError(t, err)
		require.False(t, busy)
		require.Empty(t, w.inbox(reporter))
		require.Equal(t, map[string]int{"waiting": 1}, w.eventStates())

		w.drain(w.FanOut)
		_, err = w.SendTexts(t.Context(), old)
		require.NoError(t, err)
		require.Empty(t, w.received())
		w.drain(w.SendTexts)
		require.Len(t, w.received(), 1)
	})
}

func TestAThousandEventsAreDrainedQuickly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		reporter := w.person(Reporter)
		w.person(Handler)
		require.NoError(t, db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
			for range 1000 {
				if err := outbox.Add(ctx, tx, clock.Now(w.clock), "workorder.closed", id.New(), order()); err != nil {
					return err
				}
			}
			return nil
		}))
		began := time.Now()
		w.drain(w.FanOut)
		took := time.Since(began)
		t.Logf("1,000 events in %v", took)
		require.Less(t, took, 15*time.Second)
		require.Equal(t, map[string]int{"done": 1000}, w.eventStates())
		n, err := unreadOf(t.Context(), db, reporter)
		require.NoError(t, err)
		require.EqualValues(t, 1000, n)
	})
}

func TestSweepKeepsWhatIsNotOver(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		reporter := w.person(Reporter)
		w.happen("workorder.resolved", order())
		w.happen("workorder.closed", []int{}) // a dead letter
		w.tellAll()
		count := func(table string) (n int) {
			require.NoError(t, db.Get(t.Context(), &n, `SELECT COUNT(*) FROM `+table))
			return n
		}
		steps := []struct{ days, events, deliveries, messages int }{{30, 2, 2, 1}, {31, 1, 2, 1}, {91, 1, 0, 1}, {180, 1, 0, 1}, {181, 1, 0, 0}}
		for _, s := range steps {
			w.clock.Set(noon.AddDate(0, 0, s.days))
			_, err := w.Sweep(t.Context(), job.Lease{})
			require.NoError(t, err)
			require.Equal(t, s.events, count("outbox"), "%d days", s.days)
			require.Equal(t, s.deliveries, count("delivery"), "%d days", s.days)
			require.Equal(t, s.messages, count("inbox_message"), "%d days", s.days)
		}
		require.Empty(t, w.inbox(reporter))
	})
}

// Who is told of an escalation, and how soon: nobody is woken for a lamp.
func TestEscalation(t *testing.T) {
	for name, c := range map[string]struct {
		digest bool
		to     []any
		want   []tell
	}{
		"lamp":         {true, []any{"company", "community"}, []tell{{Handler, "order_escalated", Normal, Duties}, {Community, "order_escalated", Digest, Duties}}},
		"gas":          {false, []any{"street_office", "street_queue"}, []tell{{StreetOffice, "order_escalated", Emergency, Duties}, {StreetQueue, "order_escalated", Emergency, Duties}}},
		"unknown rung": {true, []any{"mayor"}, []tell{}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, topics["workorder.escalated"].of(payload{"digest": c.digest, "to": c.to}))
		})
	}
}
