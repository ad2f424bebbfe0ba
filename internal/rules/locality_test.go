package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/rules"
)

func TestLocalityInherits(t *testing.T) {
	book := shipped(t).Localities
	for _, tc := range []struct {
		place string
		param rules.Param
		count int // 0: not stated
		unit  calendar.Unit
		from  string
	}{
		{"muping", rules.ContractFiling, 10, calendar.CalendarDays, "shandong"},
		{"beijing", rules.ContractFiling, 15, calendar.CalendarDays, "beijing"},
		{"shanghai", rules.ContractFiling, 30, calendar.CalendarDays, "shanghai"},
		{"national", rules.ContractFiling, 0, "", ""},
		{"muping", rules.OwnersTerminationNotice, 60, calendar.CalendarDays, "national"},
		{"muping", rules.ProviderUnwillingNotice, 90, calendar.CalendarDays, "national"},
		{"zibo", rules.IndefiniteEndNotice, 60, calendar.CalendarDays, "national"},
		{"zibo", rules.Handover, 30, calendar.CalendarDays, "zibo"},
		{"hangzhou", rules.Handover, 15, calendar.CalendarDays, "hangzhou"},
		{"muping", rules.Handover, 30, calendar.CalendarDays, "national"},
		{"muping", rules.EmergencyServiceMax, 6, calendar.Months, "national"},
		{"beijing", rules.EarlyStageMax, 2, calendar.Years, "beijing"},
		{"muping", rules.EarlyStageMax, 0, "", ""},
		{"weifang", rules.ManagerReport, 10, calendar.CalendarDays, "weifang"},
		{"zibo", rules.ManagerReport, 5, calendar.CalendarDays, "zibo"},
		{"beijing", rules.ManagerReport, 3, calendar.CalendarDays, "beijing"},
		{"heze", rules.AuthorityComplaintReply, 5, calendar.WorkingDays, "heze"},
		{"heze", rules.JointComplaintAnswer, 2, calendar.WorkingDays, "heze"},
		{"hangzhou", rules.ComplaintReply, 10, calendar.CalendarDays, "hangzhou"},
	} {
		l, err := book.Find(tc.place)
		require.NoError(t, err)
		p, ok := l.Period(tc.param)
		require.Equal(t, tc.count != 0, ok, "%s %s", tc.place, tc.param)
		if ok {
			require.Equal(t, tc.count, p.Count, "%s %s", tc.place, tc.param)
			require.Equal(t, tc.unit, p.Unit)
			require.Equal(t, tc.from, p.From)
			require.NotEmpty(t, p.Source)
		}
		require.Equal(t, []int{-180, -90, -60, 0, 30}, l.RenewalPrompts)
	}
}

func TestNoticesCountBackwards(t *testing.T) {
	s := shipped(t)
	l, err := s.Localities.Find("muping")
	require.NoError(t, err)
	p, _ := l.Period(rules.ProviderUnwillingNotice)
	due, err := s.Calendar.Deadline(p.Rule(), "2026-06-13")
	require.NoError(t, err)
	require.Equal(t, calendar.Due{Date: "2026-03-15", ActBy: "2026-03-13", Basis: "民法典第九百四十七条"}, due)

	p, _ = l.Period(rules.ContractFiling)
	due, err = s.Calendar.Deadline(p.Rule(), "2026-02-05")
	require.NoError(t, err)
	require.EqualValues(t, "2026-02-24", due.Date, "ten days end in Spring Festival")
}

func TestForDivision(t *testing.T) {
	book := shipped(t).Localities
	for code, want := range map[string]string{
		"370612001001": "muping", "370602001001": "yantai", "370102001001": "shandong", "370303000000": "zibo",
		"110105001001": "beijing", "330106001001": "hangzhou", "440305001001": "national", "": "national",
	} {
		require.Equal(t, want, book.ForDivision(code).Code, code)
	}
	require.Equal(t, "national", book.All()[0].Code)
}

// A place may be stricter than the one above it.
func TestLocalityMayTighten(t *testing.T) {
	s, err := rules.Load(edited(t, rules.Localities, "    division: \"370612\"\n",
		"    division: \"370612\"\n    params:\n      contract_filing: { count: 7, unit: calendar_days, standing: local_regulation, source: x }\n      owners_termination_notice: { count: 90, unit: calendar_days, standing: local_regulation, source: x }\n"))
	require.NoError(t, err)
	l, err := s.Localities.Find("muping")
	require.NoError(t, err)
	p, _ := l.Period(rules.ContractFiling)
	require.Equal(t, 7, p.Count)
	p, _ = l.Period(rules.OwnersTerminationNotice)
	require.Equal(t, 90, p.Count)
	require.True(t, p.Rule().Before)
	above, err := s.Localities.Find("yantai")
	require.NoError(t, err)
	p, _ = above.Period(rules.ContractFiling)
	require.Equal(t, 10, p.Count, "the parent is untouched")
}
