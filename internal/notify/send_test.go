package notify

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/sms"
)

var noPage page.Request

// The process dies after the gateway took the message and before that was noted: it is sent again, under
// the same identifier, when the claim has run out, and not before.
func TestACrashAfterSendingSendsAgainUnderTheSameID(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.person(Reporter)
		w.happen("workorder.declined", order())
		w.drain(w.FanOut)
		due, err := dueTargets(t.Context(), db, []Channel{ToPhone}, w.now(), 10)
		require.NoError(t, err)
		loads, err := w.claim(t.Context(), w.lease("test"), due, w.now())
		require.NoError(t, err)
		require.Len(t, loads, 1)
		require.NoError(t, w.dispatch(t.Context(), loads[0]))

		w.clock.Advance(claimFor - time.Millisecond)
		w.drain(w.SendTexts)
		first := w.received()
		require.Len(t, first, 1)
		w.clock.Advance(time.Millisecond)
		w.drain(w.SendTexts)
		second := w.received()
		require.Len(t, second, 1)
		require.Equal(t, first[0].ID, second[0].ID)

		// The one that was thought dead comes back and says it failed: its claim has passed on.
		require.NoError(t, w.Service.settle(t.Context(), loads[0], errGateway))
		require.Equal(t, Done, w.rows()[0].State)
	})
}

func TestADeliveryThatKillsTheProcessIsGivenUp(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.person(Reporter)
	w.happen("workorder.declined", order())
	w.drain(w.FanOut)
	for range deliveryAtMost {
		due, err := dueTargets(t.Context(), w.db, []Channel{ToPhone}, w.now(), 10)
		require.NoError(t, err)
		loads, err := w.claim(t.Context(), w.lease("test"), due, w.now())
		require.NoError(t, err)
		require.Len(t, loads, 1)
		w.clock.Advance(claimFor)
	}
	w.drain(w.SendTexts)
	require.Empty(t, w.received())
	require.Equal(t, Dead, w.rows()[0].State)
	require.Equal(t, "unfinished", w.rows()[0].Error)
}

// Several workers claim the same due deliveries at once: each has one holder.
func TestAClaimHasOneHolder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		for range 10 {
			w.person(Reporter)
		}
		w.happen("workorder.declined", order())
		w.drain(w.FanOut)
		due, err := dueTargets(t.Context(), db, []Channel{ToPhone}, w.now(), 32)
		require.NoError(t, err)
		require.Len(t, due, 10)
		lease, held := w.lease("test"), map[id.ID]int{}
		var mu sync.Mutex
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				loads, err := w.claim(t.Context(), lease, due, w.now())
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					for _, l := range loads {
						held[l.ID]++
					}
				}
			})
		}
		wg.Wait()
		require.Len(t, held, 10)
		for _, n := range held {
			require.Equal(t, 1, n)
		}
	})
}

func TestRetriesBackOffAndEndAsADeadLetter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		p := w.person(Reporter)
		_, err := w.SetPreferences(t.Context(), self(p), Preferences{SMS: map[Group]Choice{Orders: ByAll}, Digest: Daily}) // no quiet hours
		require.NoError(t, err)
		w.happen("workorder.declined", order())
		w.drain(w.FanOut)
		w.refuse = errGateway
		for n := range deliveryAtMost {
			w.drain(w.SendTexts)
			r := w.rows()[0]
			require.EqualValues(t, n+1, r.Attempts)
			require.Equal(t, "sms", r.Error, "no text of the gateway, which holds its token")
			if n == deliveryAtMost-1 {
				require.Equal(t, Dead, r.State)
				break
			}
			require.Equal(t, Waiting, r.State)
			require.Equal(t, w.now().Add(pauses[n]), r.Due)
			w.clock.Advance(pauses[n] - time.Millisecond)
			w.drain(w.SendTexts)
			require.EqualValues(t, n+1, w.rows()[0].Attempts, "not before its time")
			w.clock.Advance(time.Millisecond)
		}
		require.Less(t, w.clock.Now().Sub(noon), 25*time.Hour)

		dead, err := w.DeadLetters(t.Context(), operator, noPage)
		require.NoError(t, err)
		require.Len(t, dead.Items, 1)
		require.Equal(t, "delivery", dead.Items[0].Kind)
		w.refuse = nil
		require.NoError(t, w.RepeatDead(t.Context(), operator, dead.Items[0].ID))
		w.drain(w.SendTexts)
		texts := w.received()
		require.Len(t, texts, 1)
		require.Equal(t, dead.Items[0].ID, texts[0].ID, "the same identifier")
		require.ErrorIs(t, w.RepeatDead(t.Context(), operator, dead.Items[0].ID), fault.NotFound)
	})
}

func TestOnlyTheOperatorDecidesDeadLetters(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.happen("workorder.closed", []int{})
	w.drain(w.FanOut)
	dead, err := w.DeadLetters(t.Context(), operator, noPage)
	require.NoError(t, err)
	which := dead.Items[0].ID
	for name, p := range map[string]authz.Principal{"anonymous": {}, "resident": self(id.New()), "manager": manager(id.New())} {
		_, err := w.DeadLetters(t.Context(), p, noPage)
		require.Error(t, err, name)
		require.Error(t, w.RepeatDead(t.Context(), p, which), name)
		require.Error(t, w.DiscardDead(t.Context(), p, which), name)
	}
	require.Equal(t, map[string]int{"dead": 1}, w.eventStates())
	require.NoError(t, w.DiscardDead(t.Context(), operator, which))
	require.Equal(t, map[string]int{"discarded": 1}, w.eventStates())
	var action string
	require.NoError(t, w.db.Get(t.Context(), &action, `SELECT action FROM audit_record WHERE object_id = ?`, which))
	require.Equal(t, "dead_letter.discard", action)
}

func TestQuietHours(t *testing.T) {
	day := func(d, h, m int, ms int64) clock.Instant {
		return clock.At(noon.AddDate(0, 0, d).Add(time.Duration(h-12)*time.Hour+time.Duration(m)*time.Minute)) + clock.Instant(ms)
	}
	for name, c := range map[string]struct {
		now, want clock.Instant
		severity  string
	}{
		"the last moment of the day":   {day(0, 21, 59, 59_999), day(0, 21, 59, 59_999), "normal"},
		"quiet hours begin":            {day(0, 22, 0, 0), day(1, 7, 0, 0), "normal"},
		"past midnight":                {day(1, 0, 0, 0), day(1, 7, 0, 0), "urgent"},
		"the last moment of the night": {day(1, 6, 59, 59_999), day(1, 7, 0, 0), "normal"},
		"quiet hours end":              {day(1, 7, 0, 0), day(1, 7, 0, 0), "normal"},
		"an emergency":                 {day(1, 3, 0, 0), day(1, 3, 0, 0), "emergency"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, dbtest.SQLite(t))
			p := w.person(Assignee)
			_, err := w.SetPreferences(t.Context(), self(p), Preferences{SMS: map[Group]Choice{Duties: ByAll}, Digest: Never, Quiet: night})
			require.NoError(t, err)
			w.clock.Set(c.now.Time())
			w.happen("workorder.dispatched", order("severity", c.severity))
			w.tellAll()
			require.Len(t, w.inbox(p), 1, "the inbox never waits")
			require.Equal(t, c.now == c.want, len(w.received()) == 1)
			if c.now != c.want {
				require.Equal(t, c.want, w.rows()[0].Due)
				w.clock.Set((c.want - 1).Time())
				w.drain(w.SendTexts)
				require.Empty(t, w.received())
				w.clock.Set(c.want.Time())
				w.drain(w.SendTexts)
				require.Len(t, w.received(), 1)
			}
		})
	}
}

// A message that was due by day and comes up late at night waits for the morning, without using an attempt.
func TestWhatWaitedIntoTheNightWaitsOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.person(Reporter)
		w.at(0, 21, 59)
		w.happen("workorder.declined", order())
		w.drain(w.FanOut)
		w.at(0, 22, 1)
		w.drain(w.SendTexts)
		require.Empty(t, w.received())
		require.Zero(t, w.rows()[0].Attempts)
		w.at(1, 7, 0)
		w.drain(w.SendTexts)
		require.Len(t, w.received(), 1)
	})
}

func TestPreferencesDecideWhatComesBySMS(t *testing.T) {
	for name, c := range map[string]struct {
		choice    Choice
		severity  string
		wantTexts int
	}{
		"off":                    {ByNone, "emergency", 0},
		"emergency, but a lamp":  {ByEmergency, "normal", 0},
		"emergency":              {ByEmergency, "emergency", 1},
		"all":                    {ByAll, "normal", 1},
		"default is emergencies": {"", "normal", 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, dbtest.SQLite(t))
			p := w.person(Assignee)
			if c.choice != "" {
				_, err := w.SetPreferences(t.Context(), self(p), Preferences{SMS: map[Group]Choice{Duties: c.choice}, Digest: Never, Quiet: night})
				require.NoError(t, err)
			}
			w.happen("workorder.dispatched", order("severity", c.severity))
			w.tellAll()
			require.Len(t, w.received(), c.wantTexts)
			require.Len(t, w.inbox(p), 1)
		})
	}
}

func TestADigestIsOneMessageAboutWhatIsUnread(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		p, reader := w.person(Reporter), w.person(Reporter)
		for range 3 {
			w.happen("workorder.arrived", order())
			w.clock.Advance(time.Hour)
		}
		w.tellAll()
		require.Empty(t, w.received())
		require.NoError(t, w.MarkRead(t.Context(), self(p), w.inbox(p)[1].ID))
		require.NoError(t, w.MarkAllRead(t.Context(), self(reader), w.inbox(reader)[0].ID))

		w.at(1, 8, 29)
		w.tellAll()
		require.Empty(t, w.received())
		w.at(1, 8, 30)
		w.tellAll()
		texts := w.received()
		require.Len(t, texts, 1, "who has read everything is left alone")
		require.Equal(t, w.phones[p], texts[0].Phone)
		require.Equal(t, sms.Notice, texts[0].Kind)
		require.Equal(t, "您有 2 条新消息", texts[0].Params["title"])
		for _, r := range w.rows() {
			require.Equal(t, Done, r.State)
		}
		w.at(2, 8, 30)
		w.tellAll()
		require.Empty(t, w.received())
	})
}

func TestAGroupThatIsOffIsInNoDigest(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	p := w.person(Reporter)
	_, err := w.SetPreferences(t.Context(), self(p), Preferences{SMS: map[Group]Choice{Orders: ByNone}, Digest: Daily, Quiet: night})
	require.NoError(t, err)
	w.happen("workorder.arrived", order())
	w.tellAll()
	require.Empty(t, w.rows())
	require.Len(t, w.inbox(p), 1)
}

func TestNextDigest(t *testing.T) {
	sunday := func(h, m int) clock.Instant {
		return clock.At(noon.Add(time.Duration(h-12)*time.Hour + time.Duration(m)*time.Minute))
	}
	day := clock.Instant(24 * time.Hour / time.Millisecond)
	for name, c := range map[string]struct {
		now, want clock.Instant
		every     Cadence
		quiet     calendar.Quiet
	}{
		"before":        {sunday(8, 29), sunday(8, 30), Daily, night},
		"at":            {sunday(8, 30), sunday(8, 30), Daily, night},
		"after":         {sunday(8, 30) + 1, sunday(8, 30) + day, Daily, night},
		"weekly":        {sunday(12, 0), sunday(8, 30) + day, Weekly, night},
		"weekly, late":  {sunday(8, 31) + day, sunday(8, 30) + 8*day, Weekly, night},
		"late sleepers": {sunday(7, 0), sunday(10, 0), Daily, calendar.Quiet{From: 0, To: 600}},
	} {
		got, ok := nextDigest(c.now, c.every, c.quiet)
		require.True(t, ok, name)
		require.Equal(t, c.want, got, "%s: %v", name, got)
	}
	_, ok := nextDigest(sunday(12, 0), Never, night)
	require.False(t, ok)
}

func TestRetryAt(t *testing.T) {
	at := clock.Instant(1_000_000)
	last := time.Duration(0)
	total := time.Duration(0)
	for n := int64(1); n < deliveryAtMost; n++ {
		low, ok := retryAt(at, n, 0)
		require.True(t, ok)
		high, _ := retryAt(at, n, 0.999)
		require.Greater(t, low.Sub(at), last)
		require.GreaterOrEqual(t, low.Sub(at), robotWithin)
		require.Less(t, high.Sub(at), low.Sub(at)*5/4)
		require.Greater(t, high, low)
		last, total = low.Sub(at), total+low.Sub(at)
	}
	require.Equal(t, 22*time.Hour+26*time.Minute, total)
	_, ok := retryAt(at, deliveryAtMost, 0)
	require.False(t, ok)
}

// An invitation to a survey waits in everybody's inbox, and reaches by SMS who agreed to that alone.
func TestAnInvitationToASurveyNeedsConsentForSMS(t *testing.T) {
	for topic, to := range map[string]Audience{"survey.open": Residents, "survey.reminder": Persons} {
		w := newWorld(t, dbtest.SQLite(t))
		agreed, silent := w.person(to), w.person(to)
		w.agreed = map[id.ID]bool{agreed: true}
		w.happen(topic, map[string]any{"round": id.New()})
		w.tellAll()
		require.Len(t, w.inbox(agreed), 1, topic)
		require.Len(t, w.inbox(silent), 1, topic)
		texts := w.received()
		require.Len(t, texts, 1, topic)
		require.Equal(t, w.phones[agreed], texts[0].Phone)
	}
}
