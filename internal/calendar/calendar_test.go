package calendar_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
)

func TestDay(t *testing.T) {
	c := shipped(t)
	for _, tc := range []struct {
		date        clock.Date
		kind        calendar.Kind
		name        string
		provisional bool
	}{
		{"2024-02-09", calendar.Workday, "", false}, // New Year's Eve was no holiday in 2024
		{"2024-02-10", calendar.Holiday, "春节", false},
		{"2024-02-17", calendar.Holiday, "春节", false},
		{"2024-02-18", calendar.Workday, "", false}, // a Sunday worked
		{"2025-01-28", calendar.Holiday, "春节", false},
		{"2025-10-08", calendar.Holiday, "国庆节、中秋节", false},
		{"2026-01-04", calendar.Workday, "", false}, // a Sunday worked
		{"2026-02-14", calendar.Workday, "", false}, // a Saturday worked
		{"2026-02-15", calendar.Holiday, "春节", false},
		{"2026-02-23", calendar.Holiday, "春节", false},
		{"2026-02-24", calendar.Workday, "", false},
		{"2026-11-21", calendar.Weekend, "", false},
		{"2026-12-27", calendar.Weekend, "", false},
		{"2026-12-28", calendar.Workday, "", true}, // the notice for 2027 may still speak of it
		{"2024-12-31", calendar.Workday, "", false},
		{"2027-01-01", calendar.Holiday, "元旦", true},
		{"2027-05-02", calendar.Holiday, "劳动节", true},
		{"2027-05-03", calendar.Workday, "", true},
		{"2027-10-03", calendar.Holiday, "国庆节", true},
		{"2027-10-04", calendar.Workday, "", true},
		{"2023-05-02", calendar.Workday, "", true}, // one day only, before 2025
	} {
		t.Run(string(tc.date), func(t *testing.T) {
			got, err := c.Day(tc.date)
			require.NoError(t, err)
			require.Equal(t, calendar.Info{Kind: tc.kind, Name: tc.name, Provisional: tc.provisional}, got)
		})
	}
	_, err := c.Day("2026-02-30")
	require.True(t, fault.Is(err, "calendar.date_invalid"))
}

// Each notice says how many days a holiday lasts and how many weekend days are worked for it; the sum of
// working days of a year is known from them.
func TestWorkingDaysOfAYear(t *testing.T) {
	c := shipped(t)
	for year, want := range map[string]int{"2024": 251, "2025": 248, "2026": 248} {
		n := 0
		for d := clock.Date(year + "-01-01"); d <= clock.Date(year+"-12-31"); d = d.AddDays(1) {
			info, err := c.Day(d)
			require.NoError(t, err)
			if info.Kind == calendar.Workday {
				n++
			}
		}
		require.Equal(t, want, n, year)
	}
}

func TestNewRefuses(t *testing.T) {
	rest := func(from, to clock.Date) []calendar.Rest {
		return []calendar.Rest{{Name: "x", From: from, To: to}}
	}
	year := func(r []calendar.Rest, work ...clock.Date) calendar.Data {
		return calendar.Data{Years: []calendar.Year{{Year: 2026, Published: true, Notice: "n", Rest: r, Work: work}}}
	}
	good := year(rest("2025-12-28", "2026-01-01"), "2026-01-03")
	_, err := calendar.New(good)
	require.NoError(t, err)
	for name, tc := range map[string]struct {
		data calendar.Data
		want string
	}{
		"other year":        {year(rest("2025-12-27", "2026-01-01")), "years: 2026: rest[0]: from: 2025-12-27 does not belong"},
		"backwards":         {year(rest("2026-01-02", "2026-01-01")), "years: 2026: rest[0]: to: "},
		"too long":          {year(rest("2026-01-01", "2026-01-15")), "at most 14 days"},
		"no date":           {year(rest("2026-02-30", "2026-02-30")), "rest[0]: from: not a date"},
		"weekday worked":    {year(rest("2026-01-01", "2026-01-01"), "2026-01-05"), "work[0]: 2026-01-05 is no weekend day"},
		"worked twice":      {year(rest("2026-01-01", "2026-01-01"), "2026-01-04", "2026-01-04"), "listed twice"},
		"both":              {year(rest("2026-01-01", "2026-01-04"), "2026-01-04"), "both a working day and a day off"},
		"unpublished":       {calendar.Data{Years: []calendar.Year{{Year: 2026, Notice: "n", Rest: rest("2026-01-01", "2026-01-01")}}}, "published"},
		"no notice":         {calendar.Data{Years: []calendar.Year{{Year: 2026, Published: true, Rest: rest("2026-01-01", "2026-01-01")}}}, "notice: missing"},
		"no rest":           {year(nil), "rest: missing"},
		"year twice":        {calendar.Data{Years: append(good.Years, good.Years...)}, "listed twice"},
		"fixed 30 February": {calendar.Data{Fixed: []calendar.Fixed{{Name: "x", Month: 2, Day: 30, Days: 1}}}, "fixed[0]: month, day"},
		"fixed no days":     {calendar.Data{Fixed: []calendar.Fixed{{Name: "x", Month: 2, Day: 1}}}, "fixed[0]: days"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := calendar.New(tc.data)
			require.ErrorContains(t, err, tc.want)
		})
	}
}
