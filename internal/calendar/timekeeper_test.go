package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
)

func TestDueAt(t *testing.T) {
	for name, tc := range map[string]struct {
		hours       calendar.Hours
		run         calendar.Run
		due         string // empty: stands still
		provisional bool
	}{
		"natural":                             {office, calendar.Run{Start: at(t, "2026-02-14 23:50"), Limit: 30 * time.Minute, Mode: calendar.Natural}, "2026-02-15 00:20", false},
		"working, within a day":               {office, calendar.Run{Start: at(t, "2026-03-02 10:00"), Limit: 2 * time.Hour, Mode: calendar.Working}, "2026-03-02 12:00", false},
		"working, ends with the day":          {office, calendar.Run{Start: at(t, "2026-03-02 10:00"), Limit: 7 * time.Hour, Mode: calendar.Working}, "2026-03-02 17:00", false},
		"working, one minute more":            {office, calendar.Run{Start: at(t, "2026-03-02 10:00"), Limit: 7*time.Hour + time.Minute, Mode: calendar.Working}, "2026-03-03 09:01", false},
		"working, over the weekend":           {office, calendar.Run{Start: at(t, "2026-03-06 16:00"), Limit: 2 * time.Hour, Mode: calendar.Working}, "2026-03-09 10:00", false},
		"working, over Spring Festival":       {office, calendar.Run{Start: at(t, "2026-02-14 16:00"), Limit: 2 * time.Hour, Mode: calendar.Working}, "2026-02-24 10:00", false},
		"working, begins on a rest day":       {office, calendar.Run{Start: at(t, "2026-02-20 12:00"), Limit: time.Hour, Mode: calendar.Working}, "2026-02-24 10:00", false},
		"service hours run on holidays":       {service, calendar.Run{Start: at(t, "2026-02-16 19:30"), Limit: time.Hour, Mode: calendar.Working}, "2026-02-17 08:30", false},
		"working, into an open year":          {office, calendar.Run{Start: at(t, "2026-12-31 16:00"), Limit: 2 * time.Hour, Mode: calendar.Working}, "2027-01-04 10:00", true},
		"natural is never provisional":        {office, calendar.Run{Start: at(t, "2027-12-31 16:00"), Limit: 10 * time.Hour, Mode: calendar.Natural}, "2028-01-01 02:00", false},
		"no limit":                            {office, calendar.Run{Start: at(t, "2026-03-01 03:00"), Mode: calendar.Working}, "2026-03-01 03:00", false},
		"extension":                           {office, calendar.Run{Start: at(t, "2026-03-02 10:00"), Limit: time.Hour, Extension: 8 * time.Hour, Mode: calendar.Working}, "2026-03-03 11:00", false},
		"pause":                               {office, calendar.Run{Start: at(t, "2026-03-02 10:00"), Limit: time.Hour, Mode: calendar.Natural, Pauses: []calendar.Span{span(t, "2026-03-02 10:30", "2026-03-02 12:00")}}, "2026-03-02 12:30", false},
		"pause begins as the limit ends":      {office, calendar.Run{Start: at(t, "2026-03-02 10:00"), Limit: time.Hour, Mode: calendar.Natural, Pauses: []calendar.Span{span(t, "2026-03-02 11:00", "2026-03-02 12:00")}}, "2026-03-02 11:00", false},
		"pauses overlap, one before start":    {office, calendar.Run{Start: at(t, "2026-03-02 10:00"), Limit: time.Hour, Mode: calendar.Natural, Pauses: []calendar.Span{span(t, "2026-03-02 10:20", "2026-03-02 10:40"), span(t, "2026-03-02 09:00", "2026-03-02 10:10"), span(t, "2026-03-02 10:30", "2026-03-02 10:50")}}, "2026-03-02 11:40", false},
		"pause outside working hours":         {office, calendar.Run{Start: at(t, "2026-03-02 16:00"), Limit: 2 * time.Hour, Mode: calendar.Working, Pauses: []calendar.Span{span(t, "2026-03-02 18:00", "2026-03-03 08:00")}}, "2026-03-03 10:00", false},
		"open pause":                          {office, calendar.Run{Start: at(t, "2026-03-02 10:00"), Limit: time.Hour, Mode: calendar.Natural, Pauses: []calendar.Span{span(t, "2026-03-02 10:30", "")}}, "", false},
		"open pause after the limit":          {office, calendar.Run{Start: at(t, "2026-03-02 10:00"), Limit: time.Hour, Mode: calendar.Natural, Pauses: []calendar.Span{span(t, "2026-03-02 11:30", "")}}, "2026-03-02 11:00", false},
		"weather stops a working clock":       {service, calendar.Run{Start: at(t, "2026-07-20 10:00"), Limit: 2 * time.Hour, Mode: calendar.Working, Weather: []calendar.Span{span(t, "2026-07-20 11:00", "2026-07-21 09:00")}}, "2026-07-21 10:00", false},
		"weather does not stop a natural one": {service, calendar.Run{Start: at(t, "2026-07-20 10:00"), Limit: 2 * time.Hour, Mode: calendar.Natural, Weather: []calendar.Span{span(t, "2026-07-20 11:00", "2026-07-21 09:00")}}, "2026-07-20 12:00", false},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := keeper(t, tc.hours).DueAt(tc.run)
			require.Equal(t, tc.due != "", ok)
			if ok {
				require.Equal(t, calendar.Moment{At: at(t, tc.due), Provisional: tc.provisional}, got)
			}
		})
	}
}

func TestElapsed(t *testing.T) {
	k := keeper(t, office)
	run := calendar.Run{Start: at(t, "2026-03-06 16:00"), Mode: calendar.Working, Limit: time.Hour}
	for now, want := range map[string]time.Duration{
		"2026-03-06 15:00": 0,
		"2026-03-06 16:00": 0,
		"2026-03-06 16:59": 59 * time.Minute,
		"2026-03-08 12:00": time.Hour,
		"2026-03-09 09:00": time.Hour,
		"2026-03-09 09:01": 61 * time.Minute,
		"2026-03-10 20:00": 17 * time.Hour,
	} {
		require.Equal(t, want, k.Elapsed(run, at(t, now)), now)
	}
	run.Pauses = []calendar.Span{span(t, "2026-03-06 16:30", "")}
	require.Equal(t, 30*time.Minute, k.Elapsed(run, at(t, "2026-04-01 12:00")), "an open pause goes on")
}

func TestReachedAt(t *testing.T) {
	k := keeper(t, office)
	run := calendar.Run{Start: at(t, "2026-03-02 09:00"), Limit: 100 * time.Minute, Mode: calendar.Natural}
	for percent, want := range map[int]string{0: "2026-03-02 09:00", 80: "2026-03-02 10:20", 100: "2026-03-02 10:40", 150: "2026-03-02 11:30", 200: "2026-03-02 12:20"} {
		got, ok := k.ReachedAt(run, percent)
		require.True(t, ok)
		require.Equal(t, at(t, want), got.At, percent)
	}
	run.Limit = time.Millisecond
	got, _ := k.ReachedAt(run, 80)
	require.Equal(t, run.Start+1, got.At, "rounds up: never before the fraction is used")
}

func TestNextOpen(t *testing.T) {
	k := keeper(t, office)
	for in, want := range map[string]string{
		"2026-03-02 08:59": "2026-03-02 09:00",
		"2026-03-02 09:00": "2026-03-02 09:00",
		"2026-03-02 16:59": "2026-03-02 16:59",
		"2026-03-02 17:00": "2026-03-03 09:00",
		"2026-02-14 17:00": "2026-02-24 09:00",
	} {
		require.Equal(t, calendar.Moment{At: at(t, want)}, k.NextOpen(at(t, in)), in)
	}
	require.True(t, k.NextOpen(at(t, "2026-12-31 17:00")).Provisional)
}

func TestNextWaking(t *testing.T) {
	night, noon, none := calendar.Quiet{From: 22 * 60, To: 7 * 60}, calendar.Quiet{From: 12 * 60, To: 14 * 60}, calendar.Quiet{From: 60, To: 60}
	for _, tc := range []struct {
		q        calendar.Quiet
		in, want string
	}{
		{night, "2026-12-31 21:59", "2026-12-31 21:59"},
		{night, "2026-12-31 22:00", "2027-01-01 07:00"},
		{night, "2027-01-01 00:00", "2027-01-01 07:00"},
		{night, "2027-01-01 06:59", "2027-01-01 07:00"},
		{night, "2027-01-01 07:00", "2027-01-01 07:00"},
		{noon, "2026-03-02 11:59", "2026-03-02 11:59"},
		{noon, "2026-03-02 12:00", "2026-03-02 14:00"},
		{noon, "2026-03-02 14:00", "2026-03-02 14:00"},
		{none, "2026-03-02 01:00", "2026-03-02 01:00"},
	} {
		require.Equal(t, at(t, tc.want), calendar.NextWaking(at(t, tc.in), tc.q), tc.in)
	}
}

func TestHoursRefuses(t *testing.T) {
	for _, h := range []calendar.Hours{
		{},
		{RestDay: []calendar.Window{window(8, 20)}},
		{Workday: []calendar.Window{window(9, 9)}},
		{Workday: []calendar.Window{window(17, 9)}},
		{Workday: []calendar.Window{window(9, 25)}},
		{Workday: []calendar.Window{window(9, 12), window(11, 17)}},
		{Workday: []calendar.Window{window(9, 12)}, RestDay: []calendar.Window{window(-1, 3)}},
	} {
		_, err := calendar.NewTimekeeper(shipped(t), h)
		require.Error(t, err, "%+v", h)
	}
	require.Equal(t, 480, office.MinutesPerWorkday())
	require.Error(t, calendar.Quiet{From: 1440, To: 60}.Check())
	require.NoError(t, calendar.Quiet{From: 1439, To: 0}.Check())
}

func FuzzMinute(f *testing.F) {
	for _, s := range []string{"00:00", "24:00", "24:01", "09:60", "9:00", "-1:00", "aa:bb", "０９:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var m calendar.Minute
		if m.UnmarshalText([]byte(s)) != nil {
			return
		}
		back, err := m.MarshalText()
		require.NoError(t, err)
		require.Equal(t, s, string(back))
		require.LessOrEqual(t, int(m), 1440)
	})
}

func drawHours(t *rapid.T) calendar.Hours {
	draw := func(label string, least int) []calendar.Window {
		var ws []calendar.Window
		end := 0
		for range rapid.IntRange(least, 3).Draw(t, label) {
			from := rapid.IntRange(end, min(end+400, 1300)).Draw(t, "from")
			to := rapid.IntRange(from+1, min(from+600, 1440)).Draw(t, "to")
			ws = append(ws, calendar.Window{From: calendar.Minute(from), To: calendar.Minute(to)})
			if end = to; end > 1300 {
				break
			}
		}
		return ws
	}
	return calendar.Hours{Workday: draw("workday windows", 1), RestDay: draw("rest windows", 0)}
}

func drawSpans(t *rapid.T, label string, start clock.Instant) []calendar.Span {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) calendar.Span {
		from := start.Add(time.Duration(rapid.Int64Range(-86_400_000, 20*86_400_000).Draw(t, "from")) * time.Millisecond)
		to := from.Add(time.Duration(rapid.Int64Range(-1000, 5*86_400_000).Draw(t, "length")) * time.Millisecond)
		return calendar.Span{From: from, To: &to}
	}), 0, 4).Draw(t, label)
}

func drawRun(t *rapid.T) calendar.Run {
	start := at(t, "2025-12-20 00:00").Add(time.Duration(rapid.Int64Range(0, 400*86_400_000).Draw(t, "start")) * time.Millisecond)
	return calendar.Run{
		Start:     start,
		Limit:     time.Duration(rapid.Int64Range(0, 20*86_400_000).Draw(t, "limit")) * time.Millisecond,
		Extension: time.Duration(rapid.Int64Range(0, 86_400_000).Draw(t, "extension")) * time.Millisecond,
		Mode:      rapid.SampledFrom([]calendar.Mode{calendar.Natural, calendar.Working}).Draw(t, "mode"),
		Pauses:    drawSpans(t, "pauses", start),
		Weather:   drawSpans(t, "weather", start),
	}
}

func TestDueAtInvertsElapsed(t *testing.T) {
	cal := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		k, err := calendar.NewTimekeeper(cal, drawHours(t))
		require.NoError(t, err)
		run := drawRun(t)
		due, ok := k.DueAt(run)
		require.True(t, ok)
		whole := run.Limit + run.Extension
		require.Equal(t, whole, k.Elapsed(run, due.At))
		if whole > 0 {
			require.Less(t, k.Elapsed(run, due.At-1), whole, "the earliest such moment")
		}
	})
}

func TestAPauseNeverMakesItDueEarlier(t *testing.T) {
	cal := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		k, err := calendar.NewTimekeeper(cal, drawHours(t))
		require.NoError(t, err)
		run := drawRun(t)
		before, _ := k.DueAt(run)
		run.Pauses = append(run.Pauses, drawSpans(t, "more", run.Start)...)
		after, _ := k.DueAt(run)
		require.GreaterOrEqual(t, after.At, before.At)
	})
}

func TestElapsedAddsUp(t *testing.T) {
	cal := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		k, err := calendar.NewTimekeeper(cal, drawHours(t))
		require.NoError(t, err)
		run := drawRun(t)
		mid := run.Start.Add(time.Duration(rapid.Int64Range(0, 15*86_400_000).Draw(t, "mid")) * time.Millisecond)
		end := mid.Add(time.Duration(rapid.Int64Range(0, 15*86_400_000).Draw(t, "end")) * time.Millisecond)
		second := run
		second.Start = mid
		require.Equal(t, k.Elapsed(run, end), k.Elapsed(run, mid)+k.Elapsed(second, end))
	})
}

// The clock is compared with one that looks at every minute.
func TestElapsedAgainstMinuteByMinute(t *testing.T) {
	cal := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		hours := drawHours(t)
		k, err := calendar.NewTimekeeper(cal, hours)
		require.NoError(t, err)
		run := calendar.Run{
			Start: at(t, "2026-02-12 00:00").Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, "start")) * time.Minute),
			Mode:  calendar.Working,
		}
		pause := run.Start.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "pause")) * time.Minute)
		resume := pause.Add(time.Duration(rapid.IntRange(0, 2000).Draw(t, "resume")) * time.Minute)
		run.Pauses = []calendar.Span{{From: pause, To: &resume}}
		end := run.Start.Add(time.Duration(rapid.IntRange(0, 9000).Draw(t, "end")) * time.Minute)
		want := 0
		for m := run.Start; m < end; m = m.Add(time.Minute) {
			if (m < pause || m >= resume) && openAt(t, cal, hours, m) {
				want++
			}
		}
		require.Equal(t, time.Duration(want)*time.Minute, k.Elapsed(run, end))
	})
}

func openAt(t require.TestingT, cal *calendar.Calendar, h calendar.Hours, m clock.Instant) bool {
	info, err := cal.Day(clock.DateOf(m.Time()))
	require.NoError(t, err)
	ws := h.RestDay
	if info.Kind == calendar.Workday {
		ws = h.Workday
	}
	local := m.Time().In(clock.Shanghai)
	minute := calendar.Minute(local.Hour()*60 + local.Minute())
	for _, w := range ws {
		if minute >= w.From && minute < w.To {
			return true
		}
	}
	return false
}
