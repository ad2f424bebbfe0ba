package calendar_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
)

func TestDeadline(t *testing.T) {
	c := shipped(t)
	const (
		d = calendar.CalendarDays
		w = calendar.WorkingDays
		m = calendar.Months
		y = calendar.Years
	)
	for name, tc := range map[string]struct {
		base        clock.Date
		count       int
		unit        calendar.Unit
		before      bool
		date, actBy clock.Date
		provisional bool
	}{
		"start day excluded":                  {"2026-03-02", 10, d, false, "2026-03-12", "2026-03-12", false},
		"one day":                             {"2026-03-02", 1, d, false, "2026-03-03", "2026-03-03", false},
		"Saturday rolls to Monday":            {"2026-03-04", 10, d, false, "2026-03-16", "2026-03-16", false},
		"Sunday rolls to Monday":              {"2026-03-05", 10, d, false, "2026-03-16", "2026-03-16", false},
		"Friday stays":                        {"2026-03-03", 10, d, false, "2026-03-13", "2026-03-13", false},
		"Spring Festival 2026 first day":      {"2026-02-05", 10, d, false, "2026-02-24", "2026-02-24", false},
		"Spring Festival 2026 last day":       {"2026-02-13", 10, d, false, "2026-02-24", "2026-02-24", false},
		"Saturday worked before it stays":     {"2026-02-04", 10, d, false, "2026-02-14", "2026-02-14", false},
		"Sunday worked in 2024":               {"2024-02-08", 10, d, false, "2024-02-18", "2024-02-18", false},
		"holiday rolls onto a worked Sunday":  {"2024-02-07", 10, d, false, "2024-02-18", "2024-02-18", false},
		"National Day 2025, eight days":       {"2025-09-21", 10, d, false, "2025-10-09", "2025-10-09", false},
		"year end 2025 rolls over New Year":   {"2025-12-22", 10, d, false, "2026-01-04", "2026-01-04", false},
		"year end 2026 not published":         {"2026-12-18", 10, d, false, "2026-12-28", "2026-12-28", true},
		"day before the open days":            {"2026-12-15", 10, d, false, "2026-12-25", "2026-12-25", false},
		"Sunday rolling into an open day":     {"2026-12-17", 10, d, false, "2026-12-28", "2026-12-28", true},
		"fixed day of an open year":           {"2026-12-22", 10, d, false, "2027-01-04", "2027-01-04", true},
		"leap day reached":                    {"2024-02-19", 10, d, false, "2024-02-29", "2024-02-29", false},
		"no leap day":                         {"2026-02-20", 10, d, false, "2026-03-02", "2026-03-02", false},
		"month without the 31st":              {"2025-03-31", 1, m, false, "2025-04-30", "2025-04-30", false},
		"month to a weekend end of February":  {"2026-01-31", 1, m, false, "2026-02-28", "2026-02-28", false}, // a worked Saturday
		"month to the leap day":               {"2024-01-31", 1, m, false, "2024-02-29", "2024-02-29", false},
		"months over the year end":            {"2025-11-30", 3, m, false, "2026-02-28", "2026-02-28", false},
		"year from the leap day":              {"2024-02-29", 1, y, false, "2025-02-28", "2025-02-28", false},
		"year to a Sunday":                    {"2025-03-15", 1, y, false, "2026-03-16", "2026-03-16", false},
		"five working days":                   {"2026-03-02", 5, w, false, "2026-03-09", "2026-03-09", false},
		"working days from a Sunday":          {"2026-03-01", 5, w, false, "2026-03-06", "2026-03-06", false},
		"working days over Spring Festival":   {"2026-02-13", 5, w, false, "2026-02-27", "2026-02-27", false},
		"working days use the worked Sunday":  {"2026-01-01", 1, w, false, "2026-01-04", "2026-01-04", false},
		"working days into an open year":      {"2026-12-30", 5, w, false, "2027-01-07", "2027-01-07", true},
		"before, does not roll":               {"2026-06-13", 90, d, true, "2026-03-15", "2026-03-13", false},
		"before, on a working day":            {"2026-06-11", 90, d, true, "2026-03-13", "2026-03-13", false},
		"before, in Spring Festival":          {"2026-04-20", 60, d, true, "2026-02-19", "2026-02-14", false},
		"before, 180 days over a leap day":    {"2024-08-27", 180, d, true, "2024-02-29", "2024-02-29", false},
		"before, months to the end of month":  {"2025-08-31", 6, m, true, "2025-02-28", "2025-02-28", false},
		"before, working days":                {"2026-02-24", 2, w, true, "2026-02-13", "2026-02-13", false},
		"before, base in an open year":        {"2027-03-31", 90, d, true, "2026-12-31", "2026-12-31", true},
		"before, base open but date settled":  {"2027-02-10", 90, d, true, "2026-11-12", "2026-11-12", false},
		"before, rest day against open days":  {"2027-03-27", 90, d, true, "2026-12-27", "2026-12-25", false},
		"far past without a calendar":         {"2019-06-03", 10, d, false, "2019-06-13", "2019-06-13", true},
		"century rule: 2100 is no leap year":  {"2096-02-29", 4, y, false, "2100-03-01", "2100-03-01", true},
		"emergency service, six months":       {"2026-08-31", 6, m, false, "2027-03-01", "2027-03-01", true},
		"filing in Shandong over May holiday": {"2026-04-22", 10, d, false, "2026-05-06", "2026-05-06", false},
	} {
		t.Run(name, func(t *testing.T) {
			rule := calendar.Rule{Count: tc.count, Unit: tc.unit, Before: tc.before, Basis: "CC 201"}
			due, err := c.Deadline(rule, tc.base)
			require.NoError(t, err)
			require.Equal(t, calendar.Due{Date: tc.date, ActBy: tc.actBy, Provisional: tc.provisional, Basis: "CC 201"}, due)
		})
	}
}

func TestDueEndsAtMidnightInChina(t *testing.T) {
	due := calendar.Due{Date: "2026-03-12"}
	require.Equal(t, at(t, "2026-03-13 00:00"), due.End())
	require.Equal(t, "2026-03-12T16:00:00.000Z", due.End().String())
}

func TestDeadlineRefuses(t *testing.T) {
	c := shipped(t)
	for _, r := range []calendar.Rule{
		{Count: 0, Unit: calendar.CalendarDays}, {Count: -1, Unit: calendar.CalendarDays}, {Count: 36501, Unit: calendar.CalendarDays},
		{Count: 1201, Unit: calendar.Months}, {Count: 101, Unit: calendar.Years}, {Count: 1, Unit: "weeks"}, {Count: 1},
	} {
		_, err := c.Deadline(r, "2026-03-02")
		require.True(t, fault.Is(err, "calendar.rule_invalid"), "%+v", r)
	}
	for _, base := range []clock.Date{"", "2026-2-3", "2026-02-29", "yesterday"} {
		_, err := c.Deadline(calendar.Rule{Count: 1, Unit: calendar.CalendarDays}, base)
		require.True(t, fault.Is(err, "calendar.date_invalid"), base)
	}
}

// Whatever the rule, a forward period ends on a working day, never before the bare count; a backward one
// ends exactly on it and is to be acted on no later; a longer period never ends earlier.
func TestDeadlineProperties(t *testing.T) {
	c := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		base := clock.Date("2023-06-01").AddDays(rapid.IntRange(0, 1800).Draw(t, "base"))
		n := rapid.IntRange(1, 400).Draw(t, "count")
		before := rapid.Bool().Draw(t, "before")
		unit := rapid.SampledFrom([]calendar.Unit{calendar.CalendarDays, calendar.WorkingDays}).Draw(t, "unit")
		due, err := c.Deadline(calendar.Rule{Count: n, Unit: unit, Before: before}, base)
		require.NoError(t, err)
		info, err := c.Day(due.ActBy)
		require.NoError(t, err)
		require.Equal(t, calendar.Workday, info.Kind)
		longer, err := c.Deadline(calendar.Rule{Count: n + 1, Unit: unit, Before: before}, base)
		require.NoError(t, err)
		if before {
			require.LessOrEqual(t, due.ActBy, due.Date)
			require.LessOrEqual(t, due.Date, base.AddDays(-n))
			require.Less(t, longer.Date, due.Date)
			return
		}
		require.Equal(t, due.Date, due.ActBy)
		require.GreaterOrEqual(t, due.Date, base.AddDays(n))
		require.GreaterOrEqual(t, longer.Date, due.Date)
	})
}
