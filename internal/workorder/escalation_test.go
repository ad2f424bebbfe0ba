package workorder

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/rules"
)

func (w *world) ScopePath(_ context.Context, _ dbx.Querier, area id.ID) (string, error) {
	paths := map[id.ID]string{w.street: w.streetPath, w.community: w.communityPath, w.area: w.path}
	if p, ok := paths[area]; ok {
		return p, nil
	}
	return "", notFound()
}

// replica is a process of its own that runs the jobs of orders.
func (w *world) replica() *job.Runner {
	return job.NewRunner(w.db, w.clock, slog.New(slog.DiscardHandler))
}

func (w *world) escalateBy(r *job.Runner) {
	w.t.Helper()
	_, err := r.Once(w.ctx(), job.Job{Name: "workorder.escalate", Do: w.s.Escalate})
	require.NoError(w.t, err)
}

// levels are the recorded levels of an order with whether each was told.
func (w *world) levels(order id.ID) map[int64]bool {
	w.t.Helper()
	list, err := w.s.Escalations(w.ctx(), w.owner, order)
	require.NoError(w.t, err)
	out := map[int64]bool{}
	for _, e := range list {
		out[e.Level] = e.Told
	}
	require.Len(w.t, out, len(list), "each level once")
	return out
}

func (w *world) told(order id.ID) int {
	w.t.Helper()
	return count(w.t.(*testing.T), w.db, `SELECT COUNT(*) FROM outbox WHERE subject_id = ? AND topic = 'workorder.escalated'`, order)
}

// A limit of 100 minutes makes levels easy to read; the clock stands at 10:00 on a working day.
func (w *world) urgent100() id.ID {
	w.t.Helper()
	w.promise = &Promise{ContractID: id.New(), AcceptMin: 100, ArriveMin: 100}
	c := firstCategory(w.t, func(c *rules.Category) bool {
		return c.Severity == rules.Urgent && c.Identity == rules.ServiceDefect && c.Responsibility == rules.CommonPart && c.Emergency == nil
	})
	return w.report(w.owner, Report{Where: Where{PublicAreaID: &w.public}, Category: c.Code, Title: "请打 13800001234 找我"})
}

func TestTheLadderIsClimbedOnceAndSeenByTheReporter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		order := w.urgent100()
		a := w.replica()
		w.escalateBy(a)
		require.Empty(t, w.levels(order))
		w.clock.Advance(80*time.Minute - time.Millisecond)
		w.escalateBy(a)
		require.Empty(t, w.levels(order), "a millisecond before 80 %")
		w.clock.Advance(time.Millisecond)
		w.escalateBy(a)
		require.Equal(t, map[int64]bool{80: true}, w.levels(order))
		w.clock.Advance(40 * time.Minute) // 120 minutes: 100 % and its floor of 30
		w.escalateBy(a)
		w.escalateBy(a)
		require.Equal(t, map[int64]bool{80: true, 100: true}, w.levels(order))
		w.clock.Advance(120 * time.Minute) // 240: 150 % and 200 %, floors of 120 and 240
		w.escalateBy(a)
		require.Equal(t, map[int64]bool{80: true, 100: true, 150: false, 200: true}, w.levels(order))
		require.Equal(t, 3, w.told(order))
		require.Zero(t, count(t, db, `SELECT COUNT(*) FROM work_order WHERE id = ? AND watch_at IS NOT NULL`, order), "the ladder has an end")

		events, err := w.s.History(t.Context(), w.owner, order)
		require.NoError(t, err)
		require.Equal(t, StepEscalate, events[len(events)-1].Step)
		require.EqualValues(t, 200, events[len(events)-1].Level)
		require.Equal(t, StageAccept, events[len(events)-1].Stage)
		all, err := Events(t.Context(), db, order)
		require.NoError(t, err)
		rebuilt, _, err := Rebuild(all, clock.Now(w.clock))
		require.NoError(t, err)
		require.Equal(t, w.stored(order).Facts, rebuilt)

		queue, err := w.s.StreetQueue(t.Context(), w.office, firstPage)
		require.NoError(t, err)
		require.Len(t, queue.Items, 1)
		require.Contains(t, queue.Items[0].To, rules.ToStreetQueue)
		require.Equal(t, w.stored(order).PlaceCoarse, queue.Items[0].Place)
		require.Contains(t, queue.Items[0].Title, "找我")
		require.NotContains(t, queue.Items[0].Title, "13800001234", "the list goes to a meeting")
		levels, err := w.s.Escalations(t.Context(), w.owner, order)
		require.NoError(t, err)
		require.Empty(t, levels[0].Title+levels[0].Place)
		for _, p := range []authz.Principal{w.manager, w.owner} {
			queue, err = w.s.StreetQueue(t.Context(), p, firstPage)
			require.NoError(t, err)
			require.Empty(t, queue.Items)
		}

		// Dispatch begins another limit, with a ladder of its own.
		w.must(w.s.Accept(t.Context(), w.manager, order, Taken{}))
		w.must(w.s.Dispatch(t.Context(), w.manager, order, Taken{}, Crew{PersonID: &w.worker.Person}))
		w.clock.Advance(80 * time.Minute)
		w.escalateBy(a)
		require.Equal(t, 2, count(t, db, `SELECT COUNT(*) FROM work_order_escalation WHERE order_id = ? AND level = 80`, order))
	})
}

func TestTwoReplicasNeverFireTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		order := w.urgent100()
		w.clock.Advance(130 * time.Minute)
		var wg sync.WaitGroup
		for range 2 {
			r := w.replica()
			for range 5 {
				wg.Go(func() {
					if _, err := r.Once(t.Context(), job.Job{Name: "workorder.escalate", Do: w.s.Escalate}); err != nil && !errors.Is(err, job.ErrLost) {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		require.Equal(t, map[int64]bool{80: false, 100: true}, w.levels(order))
		require.Equal(t, 1, w.told(order))
	})
}

func TestAReplicaThatDiesInBetweenLeavesNothingHalfDone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		order := w.urgent100()
		w.clock.Advance(85 * time.Minute)
		died := errors.New("killed")
		l, err := job.Acquire(t.Context(), db, "job:workorder.escalate", id.New(), clock.Now(w.clock), 30*time.Second)
		require.NoError(t, err)
		err = db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
			o := w.stored(order)
			due, _, err := w.s.rungs(ctx, tx, o, Stops{}, clock.Now(w.clock))
			require.NoError(t, err)
			require.Len(t, due, 1)
			_, err = w.s.perform(ctx, tx, o, escalates, systemActor(l), clock.Now(w.clock), w.s.tell(due))
			require.NoError(t, err)
			return died
		})
		require.ErrorIs(t, err, died)
		require.Empty(t, w.levels(order))
		other := w.replica()
		w.escalateBy(other) // the dead one's lease still runs
		require.Empty(t, w.levels(order))
		w.clock.Advance(31 * time.Second)
		w.escalateBy(other)
		require.Equal(t, map[int64]bool{80: true}, w.levels(order))
		// The first wakes up again, with a lease that is another's by now.
		require.ErrorIs(t, w.s.escalate(t.Context(), l, order, clock.Now(w.clock)), job.ErrLost)
		require.Equal(t, 1, w.told(order))
	})
}

func TestNobodyIsWokenForALamp(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.promise = &Promise{ContractID: id.New(), AcceptMin: 60}
	w.clock.Set(time.Date(2026, 11, 18, 13, 30, 0, 0, time.UTC)) // 21:30 in China
	order := w.report(w.owner, w.defect())
	a := w.replica()
	w.escalateBy(a)
	for range 10 {
		w.clock.Advance(time.Hour)
		w.escalateBy(a)
		require.Empty(t, w.levels(order), "%s", w.clock.Now())
	}
	w.clock.Set(time.Date(2026, 11, 19, 0, 59, 59, 0, time.UTC)) // 08:59:59: a natural clock that can wait goes by office hours
	w.escalateBy(a)
	require.Empty(t, w.levels(order))
	w.clock.Advance(time.Second)
	w.escalateBy(a)
	require.Equal(t, map[int64]bool{80: false, 100: true}, w.levels(order), "the highest whose floor has passed")
	require.Equal(t, 1, count(t, w.db, `SELECT COUNT(*) FROM work_order_escalation WHERE order_id = ? AND told = 1 AND digest = 1`, order))
}

func TestDangerToLifeIsToldAtOnceAtNight(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.clock.Set(time.Date(2026, 11, 18, 18, 0, 0, 0, time.UTC)) // 02:00 in China
	c := firstCategory(t, func(c *rules.Category) bool { return c.Emergency != nil && c.Identity == rules.ServiceDefect })
	order := w.report(w.owner, Report{Where: Where{PublicAreaID: &w.public}, Category: c.Code})
	w.clock.Advance(5 * time.Minute) // accept within five
	w.escalateBy(w.replica())
	require.Equal(t, map[int64]bool{80: false, 100: true}, w.levels(order))
	w.clock.Advance(25 * time.Minute)
	w.escalateBy(w.replica())
	require.Equal(t, map[int64]bool{80: false, 100: true, 150: false, 200: true}, w.levels(order))
	require.Zero(t, count(t, w.db, `SELECT COUNT(*) FROM work_order_escalation WHERE digest = 1`))
}

// A job that was away does not send what it finds in the night, and never tells sooner than the limit, the
// floor and the quiet hours allow.
func TestLevelsAreNeverToldTooSoon(t *testing.T) {
	clocks := NewClocks(testRules)
	rapid.Check(t, func(t *rapid.T) {
		start := clock.At(testNow.Add(time.Duration(rapid.Int64Range(0, 14*24*60).Draw(t, "start")) * time.Minute))
		severity := rapid.SampledFrom(rules.Severities()).Draw(t, "severity")
		f := Facts{State: Reported, HandedAt: start, Severity: severity, AcceptMin: rapid.Int64Range(1, 10000).Draw(t, "limit"),
			SLAMode: rapid.SampledFrom([]Mode{NaturalTime, ServiceHours, OfficeHours}).Draw(t, "mode")}
		clocks.recompute(&f, Stops{})
		now := start.Add(time.Duration(rapid.Int64Range(0, 60*24*60).Draw(t, "later")) * time.Minute)
		due, next := clocks.climb(f, Stops{}, nil, now)
		for _, r := range due {
			if r.reached > now || now < start.Add(time.Duration(r.step.FloorMinutes[severity])*time.Minute) {
				t.Fatalf("level %d too soon", r.step.Percent)
			}
			hour := now.Time().In(clock.Shanghai).Hour()
			if !r.step.MayWake(severity) && (hour >= 22 || hour < 7) {
				t.Fatalf("level %d of %s told at %d h", r.step.Percent, severity, hour)
			}
		}
		if len(due) < len(testRules.WorkOrders.Escalation) && next == nil {
			t.Fatal("a level is left that nobody will look at")
		}
		if next != nil {
			if *next <= now {
				t.Fatal("the next look is in the past")
			}
			later, _ := clocks.climb(f, Stops{}, nil, *next)
			if len(later) == 0 {
				t.Fatal("nothing to tell at the next look")
			}
		}
	})
}

func TestWhoIsTold(t *testing.T) {
	company, community := id.New(), id.New()
	all := []rules.Audience{rules.ToCompany, rules.ToCommunity}
	for name, c := range map[string]struct {
		f    Facts
		want []rules.Audience
	}{
		"company":             {Facts{HandlerOrgID: &company, CommunityID: &community, DueStage: StageFix}, all},
		"community has it":    {Facts{CommunityID: &community, DueStage: StageFix}, []rules.Audience{rules.ToCommunity}},
		"objection":           {Facts{HandlerOrgID: &company, CommunityID: &community, DueStage: StageDecision}, []rules.Audience{rules.ToCommunity}},
		"conduct":             {Facts{HandlerOrgID: &company, CommunityID: &community, IdentityRule: rules.ConductCase}, []rules.Audience{rules.ToCommunity}},
		"about the community": {Facts{IdentityRule: rules.ConductCase}, []rules.Audience{rules.ToStreetOffice}},
	} {
		require.Equal(t, c.want, audience(all, c.f), name)
	}
}

func TestALateDecisionClimbsToo(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	order := w.report(w.owner, w.repair())
	w.must(w.s.Object(t.Context(), w.manager, order, Taken{}, "合同第3条", "属于供水公司"))
	w.clock.Advance(24 * time.Hour)
	w.escalateBy(w.replica())
	list, err := w.s.Escalations(t.Context(), w.owner, order)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, StageDecision, list[1].Stage)
	require.NotContains(t, list[1].To, rules.ToCompany)
}

func (w *world) applyWeather(r *job.Runner) {
	w.t.Helper()
	for range 10 {
		busy, err := r.Once(w.ctx(), job.Job{Name: "workorder.weather", Do: w.s.ApplyWeather})
		require.NoError(w.t, err)
		if !busy {
			return
		}
	}
}

func TestDeclaredWeatherMovesWorkingClocks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.s.Scopes = w
		outside := firstCategory(t, func(c *rules.Category) bool {
			return c.WeatherExtendable && c.Identity == rules.ServiceDefect && c.Severity == rules.Normal
		})
		w.promise = &Promise{ContractID: id.New(), AcceptMin: 100, FixMin: 240, Working: true}
		in := w.defect()
		in.Category = outside.Code
		rainy := w.dispatched(in)
		dry := w.dispatched(w.repair())
		due, dryDue := *w.stored(rainy).DueAt, *w.stored(dry).DueAt
		version := w.stored(dry).Version
		now := clock.Now(w.clock)
		spell := WeatherWindow{AreaID: w.community, Kind: "snow", Reason: "暴雪橙色预警", From: now}

		_, err := w.s.DeclareWeather(t.Context(), w.keeper, idem.Key{}, spell)
		require.ErrorIs(t, err, fault.Forbidden, "the community does not")
		_, err = w.s.DeclareWeather(t.Context(), w.manager, idem.Key{}, spell)
		require.ErrorIs(t, err, fault.NotFound, "nor the company")
		late := spell
		late.From = now.Add(-25 * time.Hour)
		_, err = w.s.DeclareWeather(t.Context(), w.office, idem.Key{}, late)
		require.Equal(t, "workorder.weather_from", code(err))

		window, err := w.s.DeclareWeather(t.Context(), w.office, key(w.office, "snow-123"), spell)
		require.NoError(t, err)
		again, err := w.s.DeclareWeather(t.Context(), w.office, key(w.office, "snow-123"), spell)
		require.NoError(t, err)
		require.Equal(t, window.ID, again.ID)
		r := w.replica()
		w.applyWeather(r)
		require.Nil(t, w.stored(rainy).DueAt, "an open-ended spell stops the clock")
		require.Equal(t, dryDue, *w.stored(dry).DueAt)
		require.Equal(t, version, w.stored(dry).Version, "what does not move is not touched")

		w.clock.Advance(2 * time.Hour)
		window, err = w.s.EndWeather(t.Context(), w.office, window.ID, window.Version, clock.Now(w.clock))
		require.NoError(t, err)
		w.applyWeather(r)
		require.Equal(t, due.Add(2*time.Hour), *w.stored(rainy).DueAt)
		require.Equal(t, 1, count(t, db, `SELECT COUNT(*) FROM work_order WHERE id = ? AND watch_at IS NOT NULL`, rainy))
		_, err = w.s.EndWeather(t.Context(), w.office, window.ID, window.Version, clock.Now(w.clock).Add(time.Hour))
		require.Equal(t, "workorder.weather_over", code(err))
		later := w.dispatched(in)
		require.Equal(t, clock.Now(w.clock).Add(4*time.Hour), *w.stored(later).DueAt, "a spell that is over stops nothing that begins later")
		require.Equal(t, 2, count(t, db, `SELECT COUNT(*) FROM audit_record WHERE object_id = ?`, window.ID))
		list, err := w.s.WeatherList(t.Context(), w.owner, firstPage)
		require.NoError(t, err)
		require.Len(t, list.Items, 1, "residents see what stopped the clock")
	})
}
