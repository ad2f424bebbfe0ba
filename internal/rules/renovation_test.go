package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/rules"
)

// No file lowers the Civil Code's shares or the days of posting, or names what is not there.
func TestRenovationFilesAreRefused(t *testing.T) {
	for name, tc := range map[string]struct{ old, new, want string }{
		"posted four days":                {"posting_days: 5", "posting_days: 4", "localities[0].posting_days"},
		"a share below three quarters":    {"    posting_days: 5\n", "    shares: [{ item: lift, num: 2, den: 3 }]\n    posting_days: 5\n", "localities[0].shares[0] lift: weakens Civil Code 278"},
		"half is not more than half":      {"    posting_days: 5\n", "    shares: [{ item: road, num: 1, den: 2 }]\n    posting_days: 5\n", "localities[0].shares[0] road: weakens Civil Code 278"},
		"a share of nothing known":        {"    posting_days: 5\n", "    shares: [{ item: pool, num: 1, den: 1 }]\n    posting_days: 5\n", "localities[0].shares[0] pool.item: no such item"},
		"an item of an unknown class":     {"code: water_supply, class: basic", "code: water_supply, class: base", "items[0] water_supply.class"},
		"a committee's election":          {"code: water_supply, class: basic, unit: m, decision: 0", "code: water_supply, class: basic, unit: m, decision: 3", "items[0] water_supply.decision"},
		"an unknown unit":                 {"code: water_supply, class: basic, unit: m,", "code: water_supply, class: basic, unit: km,", "items[0] water_supply.unit"},
		"an unknown check":                {"checks: [pressure, leak_tight]", "checks: [presure, leak_tight]", `items[0] water_supply.checks: no check "presure"`},
		"an item twice":                   {"code: drainage,", "code: water_supply,", "items[1] water_supply.code"},
		"a danger without a name":         {"zh: 屋面、外墙渗漏, ", "", "dangers[0] roof_leak.zh: missing"},
		"one representative who can fail": {"representatives: 2", "representatives: 0", "representatives"},
		"a category that is not there":    {"quality: building.warranty", "quality: building.guarantee", `findings.quality: no category "building.guarantee"`},
		"a template that is not there":    {"wishes: renovation_wishes", "wishes: wishes", `surveys.wishes: no survey template "wishes"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := rules.Load(edited(t, rules.Renovation, tc.old, tc.new))
			require.ErrorContains(t, err, "rules/renovation.yaml")
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func TestRenovationRulesOfAPlace(t *testing.T) {
	r := shipped(t).Renovation
	_, err := r.Item("hidden_danger", "370612001000")
	require.Error(t, err, "a class of another city")
	it, err := r.Item("hidden_danger", "510104001000")
	require.NoError(t, err)
	require.Equal(t, "safety", it.Class)
	require.Equal(t, rules.LocalRegulation, r.Locality("330902001000").Overrun.Standing)
	o := r.Locality("370612001000").Overrun
	for _, c := range []struct {
		budget, cost int64
		want         bool
	}{
		{100_000_000, 110_000_000, false}, {100_000_000, 110_000_001, true}, // ten per cent
		{1_000_000, 2_000_000, false}, {1_000_000, 2_000_001, true}, // ten thousand yuan
		{100_000_000, 90_000_000, false},
	} {
		require.Equal(t, c.want, o.Exceeded(c.budget, c.cost), "%d for %d", c.cost, c.budget)
	}
	lift, err := r.Item("lift", "370612001000")
	require.NoError(t, err)
	var codes []string
	for _, ch := range r.ChecksOf(lift) {
		codes = append(codes, ch.Code)
	}
	require.Equal(t, []string{"as_planned", "site_clean", "papers_complete", "works_on_trial", "lift_inspection"}, codes)
}
