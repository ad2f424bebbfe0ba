package report

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

func TestPercentIsRoundedHalfUp(t *testing.T) {
	for _, c := range []struct {
		num, den int64
		want     string
	}{{0, 0, ""}, {0, 7, "0.00"}, {1, 3, "33.33"}, {2, 3, "66.67"}, {1, 1, "100.00"}, {1, 800, "0.13"}, {1, 801, "0.12"}, {28, 30, "93.33"}} {
		require.Equal(t, c.want, percent(c.num, c.den), "%d/%d", c.num, c.den)
	}
}

func TestQuantileIsOfTypeSeven(t *testing.T) {
	for _, c := range []struct {
		values []int64
		p      int
		want   int64
	}{
		{[]int64{7}, 50, 7}, {[]int64{7}, 90, 7}, {[]int64{1, 2}, 50, 2}, {[]int64{1, 3}, 50, 2}, {[]int64{0, 10, 20}, 50, 10},
		{[]int64{0, 10, 20, 30}, 90, 27}, {[]int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 90, 9}, {[]int64{0, 0, 0, 100}, 99, 97},
	} {
		require.Equal(t, c.want, quantile(c.values, c.p), "%v at %d", c.values, c.p)
	}
}

func TestQuantileLiesAmongItsValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SliceOfN(rapid.Int64Range(0, 1<<40), 1, 50).Draw(t, "values")
		slices.Sort(v)
		before := v[0]
		for p := 1; p <= 99; p++ {
			q := quantile(v, p)
			require.GreaterOrEqual(t, q, before)
			require.LessOrEqual(t, q, v[len(v)-1])
			before = q
		}
		shifted := make([]int64, len(v))
		for i := range v {
			shifted[i] = v[i] + 1000
		}
		require.Equal(t, quantile(v, 50)+1000, quantile(shifted, 50))
	})
}

// The share of the Copenhagen housing survey that was highly satisfied, computed elsewhere.
func TestWilsonMatchesPublishedInterval(t *testing.T) {
	low, high := wilson(66_800, 1681, 4)
	require.Equal(t, "374249", low.String())
	require.Equal(t, "420984", high.String())
	low, high = wilson(0, 10, 2)
	require.Equal(t, "0", low.String())
	require.Equal(t, "2775", high.String())
	low, high = wilson(1000, 10, 2)
	require.Equal(t, "7225", low.String())
	require.Equal(t, "10000", high.String())
}

func TestWilsonHoldsTheRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 100_000).Draw(t, "n")
		x := rapid.Int64Range(0, 100*n).Draw(t, "x")
		low, high := wilson(x, n, 2)
		rate := 100 * x / n
		require.LessOrEqual(t, low.Int64(), rate+1)
		require.GreaterOrEqual(t, high.Int64(), rate)
		require.GreaterOrEqual(t, low.Int64(), int64(0))
		require.LessOrEqual(t, high.Int64(), int64(10_000))
	})
}

func TestCellsAreReadAsTheyAreWritten(t *testing.T) {
	for _, c := range []Cell{{Total, keyAll}, {Company, keyNone}, {Project, id.New().String() + "." + id.New().String()}, {Project, id.New().String() + ".none"},
		{Category, "lift"}, {ByMonth, "2026-10"}, {Estate, id.New().String()}} {
		read, ok := ParseCell(c.String())
		require.True(t, ok, c)
		require.Equal(t, c, read)
	}
	for _, s := range []string{"", "total", "total.", "total.x", "company.x", "project." + id.New().String(), "project.x.y", "month.2026-13", "person.x", "estate.none"} {
		_, ok := ParseCell(s)
		require.False(t, ok, s)
	}
}

func FuzzParseCell(f *testing.F) {
	f.Add("total.all")
	f.Add("project." + id.New().String() + ".none")
	f.Fuzz(func(t *testing.T, s string) {
		if c, ok := ParseCell(s); ok {
			require.Equal(t, s, c.String())
			c.area()
			c.company()
		}
	})
}

// fields of the fold: one order through everything that can happen to a limit.
func TestLimits(t *testing.T) {
	each(t, func(w *world) {
		at := func(minute int) clock.Instant { return day(3, 8, 0).Add(time.Duration(minute) * time.Minute) }
		start := map[string]any{"accept_due_at": at(30)}
		begin := func() *told { return w.report(0, at(0), w.company, start) }
		dispatched := func(o *told) *told {
			return o.then("accept", at(10), "state", "accepted", "accepted_at", at(10)).
				then("dispatch", at(20), "state", "dispatched", "clock_round", 1, "clock_start", at(20), "arrive_due_at", at(80), "fix_due_at", at(500))
		}
		resolved := func(o *told, arrive, fix int) *told {
			return o.then("arrive", at(arrive), "state", "in_progress", "arrived_at", at(arrive)).then("resolve", at(fix), "state", "resolved", "resolved_at", at(fix))
		}
		w.keep(
			resolved(dispatched(begin()), 80, 500).closed(at(600)), // exactly in time
			resolved(dispatched(begin()), 81, 501).closed(at(600)), // a minute late
			begin(), // never contacted
			begin().then("accept", at(31), "state", "accepted", "accepted_at", at(31)),                                                             // contacted late
			begin().then("decline", at(5), "state", "declined", "waiting", "none"),                                                                 // told the right channel
			begin().then("cancel", at(5), "state", "cancelled", "waiting", "none"),                                                                 // withdrawn
			begin().then("mark_duplicate", at(5), "state", "duplicate", "waiting", "none"),                                                         // rated elsewhere
			begin().then("decline", at(40), "state", "declined", "waiting", "none"),                                                                // too late to be left out
			dispatched(begin()).then("approve_deferral", at(60), "state", "deferred"),                                                              // arrive and fix left out
			dispatched(begin()).then("uphold_objection", at(60), "state", "accepted", "clock_start", nil, "arrive_due_at", nil, "fix_due_at", nil), // handed over
			w.report(0, at(0), w.company, map[string]any{"source": "import", "state": "closed", "waiting": "none", "closed_at": at(9), "closure_no": 1}),
		)
		got := w.mustLive(w.office, Query{}).Total
		require.Equal(w.t, RateView{4, 7, "57.14", map[string]int64{"declined": 1, "withdrawn": 1, "duplicate": 1, "imported_history": 1}}, got.Response)
		require.Equal(w.t, RateView{1, 2, "50.00", map[string]int64{"deferred": 1, "handed_over": 1}}, got.Arrive)
		require.Equal(w.t, RateView{1, 2, "50.00", map[string]int64{"deferred": 1, "handed_over": 1}}, got.Fix)
		require.Equal(w.t, int64(0), got.Control.Denominator)
		require.Equal(w.t, Orders{Reported: 11, Closed: 3, Declined: 2, Cancelled: 1, Duplicates: 1, Open: 4, Overdue: 1}, got.Orders)
	})
}

// A second round of the clock has its own limits; ratings and durations belong to each closing.
func TestReopenedOrdersAreClosedTwice(t *testing.T) {
	each(t, func(w *world) {
		o := w.report(0, day(1, 8, 0), w.company, nil).
			then("dispatch", day(1, 9, 0), "state", "dispatched", "clock_round", 1, "clock_start", day(1, 9, 0), "fix_due_at", day(2, 9, 0)).
			then("resolve", day(1, 20, 0), "state", "resolved", "resolved_at", day(1, 20, 0)).closed(day(2, 8, 0)).
			then("reopen", day(3, 8, 0), "state", "dispatched", "waiting", "handler", "closed_at", nil, "resolved_at", nil, "clock_round", 2, "clock_start", day(3, 8, 0), "fix_due_at", day(3, 20, 0), "handler_org_id", w.rival)
		o.then("resolve", day(4, 8, 0), "state", "resolved", "resolved_at", day(4, 8, 0)).closed(day(5, 8, 0))
		w.keep(o)
		total := w.mustLive(w.office, Query{}).Total
		require.Equal(w.t, Orders{Reported: 1, Closed: 2, Reopened: 1}, total.Orders)
		require.Equal(w.t, RateView{1, 2, "50.00", nil}, total.Fix)
		require.Equal(w.t, []Percentile{{50, 60 * 3600_000}, {90, (24+72*9/10)*3600_000 + 2_880_000}}, total.ToClose.Percentiles)
		for _, c := range w.mustLive(w.office, Query{Dimension: Company}).Cells {
			require.Equal(w.t, int64(1), c.Orders.Closed, c.Name)
			require.Equal(w.t, map[string]int64{"甲物业": 1, "=乙物业": 0}[c.Name], c.Fix.Numerator, c.Name)
		}
		before := w.mustLive(w.office, Query{AsOf: day(2, 23, 0)}).Total
		require.Equal(w.t, Orders{Reported: 1, Closed: 1}, before.Orders)
		then := w.mustLive(w.office, Query{AsOf: day(3, 20, 1)}).Total
		require.Equal(w.t, Orders{Reported: 1, Closed: 1, Reopened: 1, Open: 1, Overdue: 1}, then.Orders)
	})
}

// What happened later, or was entered later, was not known then.
func TestAsKnownThen(t *testing.T) {
	each(t, func(w *world) {
		late := w.report(0, day(30, 8, 0), w.company, nil).closed(day(30, 9, 0))
		late.events[1].At = clock.At(testNow) // closed in October, entered in November
		w.keep(late)
		require.Zero(w.t, w.mustLive(w.office, Query{AsOf: october.End()}).Total.Orders.Closed)
		require.Equal(w.t, int64(1), w.mustLive(w.office, Query{AsOf: october.End()}).Total.Orders.Open)
		require.Equal(w.t, int64(1), w.mustLive(w.office, Query{}).Total.Orders.Closed)
		_, err := w.live(w.office, Query{AsOf: clock.At(testNow) + 1})
		require.ErrorContains(w.t, err, "report.as_of")
	})
}

func TestAHoleInTheRecordIsAnError(t *testing.T) {
	each(t, func(w *world) {
		o := w.report(0, day(1, 8, 0), w.company, nil).closed(day(1, 9, 0))
		o.events = append(o.events[:1], event{o.id, 3, day(1, 9, 0), "confirm", o.events[1].Detail})
		w.keep(o)
		_, err := w.live(w.office, Query{})
		require.ErrorContains(w.t, err, "event 2 is missing")
		w.exec(`DELETE FROM work_order_event WHERE order_id = ?`, o.id)
		w.keep(w.report(0, day(1, 8, 0), w.company, nil))
		_, err = w.live(w.office, Query{})
		require.ErrorContains(w.t, err, "order "+o.id.String()+" has no events")
	})
}

// Months are China's, not Greenwich's.
func TestMonthsBreakAtMidnightInChina(t *testing.T) {
	each(t, func(w *world) {
		w.keep(w.report(0, october.Start(), w.company, nil), w.report(0, october.Start()-1, w.company, nil), w.report(0, october.End()-1, w.company, nil), w.report(0, october.End(), w.company, nil))
		require.Equal(w.t, int64(2), w.mustLive(w.office, Query{}).Total.Orders.Reported)
		v := w.mustLive(w.office, Query{Month: "2026-11", Months: 3, Dimension: ByMonth})
		require.Equal(w.t, int64(4), v.Total.Orders.Reported)
		for i, n := range []int64{1, 2, 1} {
			require.Equal(w.t, n, v.Cells[i].Orders.Reported, v.Cells[i].Key)
		}
	})
}

// drawOrder makes an order of October that goes through a few steps, some of them out of the ordinary.
func drawOrder(t *rapid.T, companies []id.ID) []event {
	minute := int64(rapid.IntRange(0, 31*24*60-1).Draw(t, "reported"))
	at := october.Start().Add(time.Duration(minute) * time.Minute)
	company := func() *id.ID { return rapid.SampledFrom(companies).Draw(t, "company").Ptr() }
	o := &told{id: id.New(), set: map[string]any{}}
	o.push("report", at, map[string]any{
		"number": "N", "service_area_id": companies[1], "estate_id": companies[2], "community_id": nil, "category": rapid.SampledFrom([]string{"a", "b"}).Draw(t, "category"),
		"source": "resident", "reported_at": at, "state": "reported", "waiting": "handler", "handler_org_id": company(), "accept_due_at": at.Add(time.Hour), "clock_round": 0, "closure_no": 0,
	})
	closures, rounds := 0, 0
	for range rapid.IntRange(0, 8).Draw(t, "steps") {
		at = at.Add(time.Duration(rapid.IntRange(0, 20_000).Draw(t, "later")) * time.Minute)
		switch rapid.IntRange(0, 6).Draw(t, "step") {
		case 0:
			o.then("accept", at, "state", "accepted", "accepted_at", at)
		case 1:
			rounds++
			o.then("dispatch", at, "state", "dispatched", "waiting", "handler", "clock_round", rounds, "clock_start", at, "resolved_at", nil, "fix_due_at", at.Add(48*time.Hour), "handler_org_id", company())
		case 2:
			o.then("resolve", at, "state", "resolved", "resolved_at", at)
		case 3:
			closures++
			o.then("confirm", at, "state", "closed", "waiting", "none", "closed_at", at, "closed_as", "confirmed", "closure_no", closures)
		case 4:
			o.then("reopen", at, "state", "dispatched", "waiting", "handler", "closed_at", nil)
		case 5:
			o.then("object", at, "state", "returned")
		case 6:
			o.then("decline", at, "state", "declined", "waiting", "none")
		}
	}
	return o.events
}

// The groups of a dimension make up the total; what is known later changes nothing of what was known before;
// and every limit met was a limit that ended.
func TestFiguresAddUp(t *testing.T) {
	def := Definitions{testRules.Report, testRules.Hash("report")}
	companies := []id.ID{id.New(), id.New(), id.New()}
	count := func(t *rapid.T, orders [][]event, asOf clock.Instant) map[Cell]Figures {
		b := newBook(october.Period(), asOf, def, []Dimension{Total, Company, Category})
		for _, events := range orders {
			h := newHistory(events[0].Order, asOf)
			for _, e := range events {
				require.NoError(t, h.apply(e))
			}
			if h.relevant(b.period.From) {
				b.add(h)
			}
		}
		return b.settle()
	}
	rapid.Check(t, func(t *rapid.T) {
		var orders, known [][]event
		asOf := october.Start().Add(time.Duration(rapid.IntRange(0, 60*24*60).Draw(t, "as of")) * time.Minute)
		for range rapid.IntRange(0, 6).Draw(t, "orders") {
			events := drawOrder(t, companies)
			orders = append(orders, events)
			until := slices.IndexFunc(events, func(e event) bool { return e.At > asOf })
			if until != 0 {
				if until < 0 {
					until = len(events)
				}
				known = append(known, events[:until])
			}
		}
		cells := count(t, orders, asOf)
		require.Equal(t, cells, count(t, known, asOf), "later events change nothing")
		total := cells[Cell{Total, keyAll}]
		for _, d := range []Dimension{Company, Category} {
			var sum Figures
			for c, f := range cells {
				if c.Dimension == d {
					sum.Orders.Reported += f.Orders.Reported
					sum.Orders.Closed += f.Orders.Closed
					sum.Orders.Open += f.Orders.Open
					sum.Orders.Bounced += f.Orders.Bounced
					sum.Accept.Ended += f.Accept.Ended
					sum.Fix.Met += f.Fix.Met
					sum.ToEnd.N += f.ToEnd.N
				}
				require.LessOrEqual(t, f.Fix.Met, f.Fix.Ended)
				require.LessOrEqual(t, f.Orders.Overdue, f.Orders.Open)
			}
			require.Equal(t, []int64{total.Orders.Reported, total.Orders.Closed, total.Orders.Open, total.Orders.Bounced, total.Accept.Ended, total.Fix.Met, total.ToEnd.N},
				[]int64{sum.Orders.Reported, sum.Orders.Closed, sum.Orders.Open, sum.Orders.Bounced, sum.Accept.Ended, sum.Fix.Met, sum.ToEnd.N})
		}
	})
}

// pastMonths is a file of closed history and its figures, which were computed elsewhere.
type pastMonths struct {
	path        string
	rows        int
	counted     []int64 // reported, closed, cancelled, declined
	spread      []int64 // ended in order, before they began, at once, within 72 hours
	medianHours string
}

// realRequests lies beside the checkout, or below REDPROPERTY_DATA.
func realRequests() string {
	if dir := os.Getenv("REDPROPERTY_DATA"); dir != "" {
		return dir + "/311/la311_2018jan_5k.csv"
	}
	return "../../../shared/data/311/la311_2018jan_5k.csv"
}

// Closed history gives the figures of its file, to the digit: the project's own everywhere, 5,000 real service
// requests where they lie, as they must in CI.
func TestClosedHistoryGivesItsFigures(t *testing.T) {
	files := []pastMonths{{
		path: "testdata/history.csv", rows: 120, counted: []int64{120, 103, 11, 6}, spread: []int64{116, 4, 10, 103}, medianHours: "22.262083",
	}}
	_, err := os.Stat(realRequests())
	if err == nil || os.Getenv("CI") != "" || os.Getenv("REDPROPERTY_DATA") != "" {
		files = append(files, pastMonths{
			path: realRequests(), rows: 5000, counted: []int64{5000, 4835, 161, 4}, spread: []int64{4994, 6, 359, 3526}, medianHours: "45.326528",
		})
	}
	for _, f := range files {
		t.Run(filepath.Base(f.path), func(t *testing.T) { f.check(t) })
	}
}

func (f pastMonths) check(t *testing.T) {
	file, err := os.Open(f.path)
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 1+f.rows)
	each(t, func(w *world) {
		var orders []*told
		for _, r := range rows[1:] {
			orders = append(orders, w.imported(r[0], r[1], r[2], r[3], r[4]))
		}
		w.keep(orders...)
		v := w.mustLive(w.office, Query{Month: "2018-09", Months: 9, Dimension: Category})
		o, spread := v.Total.Orders, v.Total.ToEnd
		require.Equal(w.t, f.counted, []int64{o.Reported, o.Closed, o.Cancelled, o.Declined})
		require.Equal(w.t, f.spread, []int64{spread.N, spread.Negative, spread.Zero, spread.Within72h})
		require.Equal(w.t, 50, spread.Percentiles[0].Percent)
		require.Equal(w.t, f.medianHours, fmt.Sprintf("%.6f", float64(spread.Percentiles[0].MS)/3600_000))
		require.Equal(w.t, o.Closed, v.Total.Ratings.Coverage.Excluded["imported_history"])
		require.Zero(w.t, v.Total.Ratings.Coverage.Denominator)
		var closed int64
		for _, c := range v.Cells {
			closed += c.Orders.Closed
		}
		require.Equal(w.t, o.Closed, closed)
		flags, err := w.s.Flags(w.t.Context(), w.office, Query{Month: "2018-09", Months: 9})
		require.NoError(w.t, err)
		require.Len(w.t, flags.Negative.Orders, int(spread.Negative))
		for _, n := range flags.Negative.Orders {
			require.Less(w.t, *n.EndedAt, n.ReportedAt)
		}
	})
}

// imported is a closed order of the past, in one event of the day it was imported.
func (w *world) imported(number, created, closed, status, category string) *told {
	instant := func(s string) clock.Instant {
		t, err := time.ParseInLocation(time.DateTime, s, clock.Shanghai)
		require.NoError(w.t, err)
		return clock.At(t)
	}
	set := map[string]any{
		"number": number, "source": "import", "category": category, "state": map[string]string{"Closed": "closed", "Cancelled": "cancelled", "Referred Out": "declined"}[status],
		"waiting": "none", "reported_at": instant(created), "closed_at": instant(closed),
	}
	if status == "Closed" {
		set["closure_no"], set["closed_as"] = 1, "imported"
	}
	return w.report(rand.IntN(3), clock.At(testNow), w.company, set)
}
