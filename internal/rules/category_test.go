package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/rules"
)

func at(t testing.TB, s string) clock.Instant {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", s, clock.Shanghai)
	require.NoError(t, err)
	return clock.At(v)
}

func TestDictionary(t *testing.T) {
	d := shipped(t).Categories
	n := 0
	used := map[rules.Responsibility]bool{}
	severities := map[rules.Severity]bool{}
	for _, g := range d.Groups() {
		for _, c := range g.Categories {
			n++
			used[c.Responsibility], severities[c.Severity] = true, true
			require.Equal(t, g.Code, c.Parent)
			found, err := d.Find(c.Code)
			require.NoError(t, err)
			require.Same(t, c, found)
			_, ok := d.Channel(c.Responsibility)
			require.True(t, ok)
			_, ok = d.Times(c, c.Severity).Limit(rules.StageAccept)
			require.True(t, ok)
		}
	}
	require.GreaterOrEqual(t, n, 45)
	require.Len(t, used, 7, "each responsibility has a category")
	require.Len(t, severities, 6, "each severity has a category")
}

func TestDangerAnswersWithNumbersFirst(t *testing.T) {
	d := shipped(t).Categories
	for code, want := range map[string]string{
		"fire.fire": "119", "order.crime": "110", "order.medical": "120", "power.live_wire": "120", "building.falling": "119",
	} {
		c, err := d.Find(code)
		require.NoError(t, err)
		require.Equal(t, want, d.Contacts(c)[0].Number, code)
	}
	gas, err := d.Find("energy.gas_leak")
	require.NoError(t, err)
	contacts := d.Contacts(gas)
	require.True(t, contacts[0].Local, "the utility's own line first")
	require.Equal(t, "119", contacts[1].Number)
	burst, err := d.Find("water.pipe_burst")
	require.NoError(t, err)
	require.Empty(t, d.Contacts(burst))
}

func TestTimes(t *testing.T) {
	d := shipped(t).Categories
	limit := func(code string, sev rules.Severity, stage rules.Stage) time.Duration {
		c, err := d.Find(code)
		require.NoError(t, err)
		v, _ := d.Times(c, sev).Limit(stage)
		return v
	}
	require.Equal(t, 30*time.Minute, limit("lift.entrapment", rules.Emergency, rules.StageArrive), "its own time")
	require.Equal(t, 5*time.Minute, limit("fire.fire", rules.Emergency, rules.StageArrive))
	require.Zero(t, limit("fire.fire", rules.Emergency, rules.StageFix), "until it is safe: no limit")
	require.Equal(t, 24*time.Hour, limit("water.pipe_burst", rules.Urgent, rules.StageFix))
	require.Zero(t, limit("water.no_supply", rules.Urgent, rules.StageControl))
	require.Equal(t, 12*time.Hour, limit("water.no_supply", rules.Normal, rules.StageArrive), "at another severity its own times do not hold")
	c, err := d.Find("greening.care")
	require.NoError(t, err)
	require.Equal(t, calendar.Working, d.Times(c, rules.Normal).Clock)
	require.Equal(t, rules.OfficeHours, d.Times(c, rules.Normal).Hours)
}

func TestSearch(t *testing.T) {
	d := shipped(t).Categories
	for query, want := range map[string]string{
		"停水":          "water.no_supply",
		"没水":          "water.no_supply",
		"tingshui":    "water.no_supply",
		"TING SHUI":   "water.no_supply",
		"dtkr":        "lift.entrapment",
		"困梯":          "lift.entrapment",
		"路灯":          "power.common_light",
		"马桶":          "water.home_plumbing",
		"matong":      "water.home_plumbing",
		"物业费":         "fee.question",
		"gas leak":    "energy.gas_leak",
		"Gas":         "energy.gas_leak",
		"我家马桶坏了":      "water.home_plumbing",
		"ＬＩＦＴ":        "lift.entrapment",
		"蟑螂":          "cleaning.pests",
		"fire.fire":   "fire.fire",
		"暖气不热":        "energy.heating_outage",
		"乱停车":         "order.parking",
		"luantingche": "order.parking",
	} {
		got := d.Search(query, 3)
		require.NotEmpty(t, got, query)
		require.Equal(t, want, got[0].Code, query)
	}
	for _, empty := range []string{"", "   ", "?!", "zzzzzz"} {
		require.Empty(t, d.Search(empty, 10), empty)
	}
	require.Len(t, d.Search("漏", 2), 2, "at most limit")
	require.Empty(t, d.Search("漏", 0))
}

func FuzzSearch(f *testing.F) {
	d := shipped(f).Categories
	for _, s := range []string{"停水", "ts", "𡐓", "\xff", "é\u0301", "1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, q string) {
		require.LessOrEqual(t, len(d.Search(q, 5)), 5)
	})
}
