package workorder

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

func TestTimesArePromisedOrForReference(t *testing.T) {
	c := NewClocks(testRules)
	cat := firstCategory(t, normalWith(rules.HomeRepair))
	f := Facts{Severity: rules.Normal}
	c.setTimes(&f, cat, nil)
	require.Equal(t, Reference, f.SLASource)
	require.Equal(t, ServiceHours, f.SLAMode)
	require.EqualValues(t, 30, f.AcceptMin)
	require.Nil(t, f.SLAContractID)
	require.Equal(t, testRules.Hash(rules.WorkOrders), f.RuleHash)
	require.Equal(t, testRules.Hash(rules.Categories), f.CategoryHash)

	contract := id.New()
	c.setTimes(&f, cat, &Promise{ContractID: contract, AcceptMin: 15, FixMin: 120})
	require.Equal(t, Promised, f.SLASource)
	require.Equal(t, NaturalTime, f.SLAMode)
	require.Equal(t, contract, *f.SLAContractID)
	require.Zero(t, f.ArriveMin, "the contract promises none; none is added")

	c.setTimes(&f, cat, &Promise{ContractID: contract, Working: true})
	require.Equal(t, ServiceHours, f.SLAMode)
}

func TestWhatIsDueNext(t *testing.T) {
	c := NewClocks(testRules)
	start := clock.At(testNow)
	at := func(m int) *clock.Instant { return start.Add(time.Duration(m) * time.Minute).Ptr() }
	base := Facts{SLAMode: NaturalTime, AcceptMin: 30, ArriveMin: 60, ControlMin: 120, FixMin: 600, HandedAt: start, State: Reported, HandlerOrgID: id.New().Ptr()}
	for _, v := range []struct {
		name  string
		set   func(*Facts)
		stops []calendar.Span
		due   *clock.Instant
		stage Stage
	}{
		{"reported", func(*Facts) {}, nil, at(30), StageAccept},
		{"accepted, not dispatched", func(f *Facts) { f.State = Accepted; f.AcceptedAt = at(1) }, nil, at(30), StageAccept},
		{"dispatched", func(f *Facts) { f.State = Dispatched; f.ClockStart = at(10) }, nil, at(70), StageArrive},
		{"arrived", func(f *Facts) { f.State = InProgress; f.ClockStart = at(10); f.ArrivedAt = at(11) }, nil, at(130), StageControl},
		{"controlled", func(f *Facts) {
			f.State = InProgress
			f.ClockStart = at(10)
			f.ArrivedAt = at(11)
			f.ControlledAt = at(12)
		}, nil, at(610), StageFix},
		{"extended", func(f *Facts) {
			f.State, f.ClockStart, f.ArrivedAt, f.ControlledAt, f.ExtensionMin = InProgress, at(10), at(11), at(12), 100
		}, nil, at(710), StageFix},
		{"waited", func(f *Facts) { f.State = Dispatched; f.ClockStart = at(10) }, []calendar.Span{{From: *at(20), To: at(50)}}, at(100), StageArrive},
		{"waiting", func(f *Facts) { f.State = Dispatched; f.ClockStart = at(10) }, []calendar.Span{{From: *at(20)}}, nil, StageNone},
		{"waiting began after the limit", func(f *Facts) { f.State = Dispatched; f.ClockStart = at(10) }, []calendar.Span{{From: *at(70)}}, at(70), StageArrive},
		{"resolved", func(f *Facts) { f.State = Resolved; f.ClockStart = at(10) }, nil, nil, StageNone},
		{"no limits", func(f *Facts) {
			f.State = Dispatched
			f.ClockStart = at(10)
			f.ArriveMin, f.ControlMin, f.FixMin = 0, 0, 0
		}, nil, nil, StageNone},
	} {
		t.Run(v.name, func(t *testing.T) {
			f := base
			v.set(&f)
			c.recompute(&f, Stops{Pauses: v.stops})
			require.Equal(t, v.due, f.DueAt)
			require.Equal(t, v.stage, f.DueStage)
		})
	}
}

func TestWorkingTimePassesTheNight(t *testing.T) {
	c := NewClocks(testRules)
	evening := clock.At(time.Date(2026, 11, 18, 19, 50, 0, 0, clock.Shanghai))
	f := Facts{SLAMode: ServiceHours, ArriveMin: 30, State: Dispatched, ClockStart: &evening}
	c.recompute(&f, Stops{})
	require.Equal(t, clock.At(time.Date(2026, 11, 19, 8, 20, 0, 0, clock.Shanghai)), *f.DueAt)
}
