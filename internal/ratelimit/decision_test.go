package ratelimit

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

func TestDecisionAsFaultAndHeaders(t *testing.T) {
	d := Decision{Limit: WritesPerAccount, Burst: 120, ResetIn: time.Minute, RetryIn: 1500 * time.Millisecond}
	f := fault.Of(d.Err())
	require.ErrorIs(t, d.Err(), fault.RateLimited)
	require.Equal(t, "ratelimit.writes_per_account", f.Code)
	require.Equal(t, 1500*time.Millisecond, f.RetryAfter)
	require.Equal(t, fault.Params{"limit": "writes_per_account", "burst": int64(120), "retry_seconds": int64(2), "retry_minutes": int64(1)}, f.Params)
	q, ok := d.Quota()
	require.True(t, ok)
	require.Equal(t, Quota{Limit: 120, ResetSeconds: 60, RetryAfterSeconds: 2}, q)

	d = Decision{Allowed: true, Limit: WritesPerAccount, Burst: 120, Remaining: 119, ResetIn: time.Millisecond}
	require.NoError(t, d.Err())
	q, _ = d.Quota()
	require.Equal(t, Quota{Limit: 120, Remaining: 119, ResetSeconds: 1}, q)
}

func TestJitterOnlyLengthens(t *testing.T) {
	for random, want := range map[float64]time.Duration{0: 100 * time.Second, 0.5: 101500 * time.Millisecond, 1: 103 * time.Second} {
		b := newBed(t, clock.NewFake(testStart), nil, map[Name]Limit{WritesPerAccount: enforce(Rate{Burst: 1, Count: 1, Period: 100 * time.Second})})
		b.random = func() float64 { return random }
		account := id.New()
		require.Zero(t, b.sure(b.Write(b.context, account)).RetryIn)
		require.Equal(t, want, b.sure(b.Write(b.context, account)).RetryIn)
	}
}

// A caller who overlooks a building error is not admitted.
func TestUnbuiltBatchIsRefused(t *testing.T) {
	b := newBed(t, clock.NewFake(testStart), nil, nil)
	d, err := b.Decide(context.Background(), Batch{})
	require.ErrorIs(t, err, ErrNoBatch)
	require.False(t, d.Allowed)
}

// away is a shared source that never answers.
type away struct{ err error }

func (a away) apply(context.Context, []operation) (reading, error) { return reading{}, a.err }

// In one batch, an open limit admits while a fallback limit goes on counting.
func TestFailureModesInOneBatch(t *testing.T) {
	b := newBed(t, clock.NewFake(testStart), away{errors.New("gone")}, map[Name]Limit{
		WorkOrdersPerAccountHour: {Rate: Rate{Burst: 1, Count: 1, Period: time.Hour}, Failure: Open},
		WorkOrdersPerAccountDay:  {Rate: Rate{Burst: 3, Count: 3, Period: 24 * time.Hour}, Failure: Fallback},
	})
	account := id.New()
	for range 3 {
		d := b.decide(b.WorkOrder(b.context, account))
		require.True(t, d.Allowed)
		require.EqualError(t, d.Ignored, "gone")
		require.Equal(t, WorkOrdersPerAccountDay, d.Limit)
	}
	d := b.decide(b.WorkOrder(b.context, account))
	require.False(t, d.Allowed)
	require.EqualError(t, d.Ignored, "gone")
}

func TestLimiterNeedsItsParts(t *testing.T) {
	_, err := NewLimiter(LimiterConfig{Clock: clock.System{}})
	require.Error(t, err)
	_, err = NewLimiter(LimiterConfig{Memory: NewMemory(MemoryConfig{Clock: clock.System{}})})
	require.Error(t, err)
}

func TestMetrics(t *testing.T) {
	metrics := NewMetrics()
	registry := prometheus.NewRegistry()
	require.NoError(t, registry.Register(metrics))
	b := newBed(t, clock.NewFake(testStart), nil, map[Name]Limit{
		WritesPerAccount:  enforce(Rate{Burst: 1, Count: 1, Period: time.Hour}),
		ExportsPerAccount: {Rate: Rate{Burst: 1, Count: 1, Period: time.Hour}, Failure: Open, RecordOnly: true},
	})
	b.Limiter.metrics = metrics
	account := id.New()
	for range 3 {
		b.sure(b.Write(b.context, account))
		b.sure(b.Export(b.context, account))
	}
	families, err := registry.Gather()
	require.NoError(t, err)
	got := map[string]float64{}
	for _, f := range families {
		require.True(t, strings.HasPrefix(f.GetName(), "redproperty_ratelimit_"), f.GetName())
		for _, m := range f.GetMetric() {
			labels := f.GetName()[len("redproperty_ratelimit_"):]
			for _, l := range m.GetLabel() {
				labels += " " + l.GetValue()
			}
			got[labels] = m.GetCounter().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	require.Equal(t, 1.0, got["decision_seconds allowed writes_per_account"])
	require.Equal(t, 2.0, got["decision_seconds denied writes_per_account"])
	require.Equal(t, 3.0, got["decision_seconds allowed none"])
	require.Equal(t, 2.0, got["would_deny_total exports_per_account"])
}
