package ratelimit

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// shelf is an OverrideSource whose content the test sets.
type shelf struct {
	mu    sync.Mutex
	rows  []Override
	err   error
	loads int
}

func (s *shelf) set(err error, rows ...Override) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows, s.err = rows, err
}

func (s *shelf) Load(context.Context) ([]Override, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loads++
	return s.rows, s.err
}

func (s *shelf) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.loads
}

func goodOverride(account id.ID) Override {
	return Override{
		Name: WritesPerAccount, Key: account.String(), Limit: Rate{Burst: 50, Count: 50, Period: time.Minute},
		Author: id.New(), Comment: "整区导入", Enabled: true,
	}
}

type overrideBed struct {
	*Overrides
	shelf   *shelf
	clock   *clock.Fake
	log     *bytes.Buffer
	metrics *Metrics
	bed     *bed
}

func newOverrideBed(t *testing.T) overrideBed {
	o := overrideBed{shelf: &shelf{}, clock: clock.NewFake(testStart), log: &bytes.Buffer{}, metrics: NewMetrics()}
	o.Overrides = NewOverrides(OverridesConfig{Source: o.shelf, Clock: o.clock, Log: slog.New(slog.NewTextHandler(o.log, nil)), Metrics: o.metrics})
	o.bed = newBed(t, o.clock, nil, map[Name]Limit{WritesPerAccount: {Rate: tenPerTenSeconds, Failure: Open}})
	o.bed.Builder.overrides = o.Overrides
	return o
}

func (o overrideBed) burst(account id.ID) int64 {
	return o.bed.sure(o.bed.Write(o.bed.context, account)).Burst
}

func TestOverridesSwapAsAWhole(t *testing.T) {
	o := newOverrideBed(t)
	ctx := context.Background()
	one, two := id.New(), id.New()
	require.False(t, o.Loaded())
	require.Equal(t, int64(10), o.burst(one))

	o.shelf.set(nil, goodOverride(one))
	require.NoError(t, o.Refresh(ctx))
	require.True(t, o.Loaded())
	require.Equal(t, int64(50), o.burst(one))
	require.Equal(t, int64(10), o.burst(two), "only that account")
	require.Equal(t, 1.0, testutil.ToFloat64(o.metrics.overrides.WithLabelValues("writes_per_account")))

	o.shelf.set(errors.New("database away"))
	require.EqualError(t, o.Refresh(ctx), "database away")
	require.Equal(t, int64(50), o.burst(one), "a failed load changes nothing")
	require.Equal(t, 1.0, testutil.ToFloat64(o.metrics.loadFailures))

	o.shelf.set(nil, goodOverride(two))
	require.NoError(t, o.Refresh(ctx))
	require.Equal(t, int64(10), o.burst(one))
	require.Equal(t, int64(50), o.burst(two))

	o.shelf.set(nil)
	require.NoError(t, o.Refresh(ctx))
	require.Equal(t, int64(10), o.burst(two), "an empty set clears")
	require.Equal(t, 0.0, testutil.ToFloat64(o.metrics.overrides.WithLabelValues("writes_per_account")))
}

func TestOverridesExpireBetweenLoads(t *testing.T) {
	o := newOverrideBed(t)
	account, off := id.New(), id.New()
	expiring, disabled := goodOverride(account), goodOverride(off)
	expiring.ExpiresAt = clock.At(testStart.Add(time.Hour)).Ptr()
	disabled.Enabled = false
	o.shelf.set(nil, expiring, disabled)
	require.NoError(t, o.Refresh(context.Background()))
	require.Equal(t, int64(10), o.burst(off))
	o.clock.Advance(time.Hour - time.Millisecond)
	require.Equal(t, int64(50), o.burst(account))
	o.clock.Advance(time.Millisecond)
	require.Equal(t, int64(10), o.burst(account))
	require.NoError(t, o.Refresh(context.Background()))
	require.Equal(t, int64(10), o.burst(account))
}

func TestBadRowsAreSkipped(t *testing.T) {
	o := newOverrideBed(t)
	account := id.New()
	unknown, zero := goodOverride(id.New()), goodOverride(id.New())
	unknown.Name, zero.Limit.Burst = 99, 0
	o.shelf.set(nil, unknown, goodOverride(account), zero)
	require.NoError(t, o.Refresh(context.Background()))
	require.Equal(t, int64(50), o.burst(account))
	require.Equal(t, 2.0, testutil.ToFloat64(o.metrics.skippedRows))
	require.Equal(t, 2, strings.Count(o.log.String(), "rate limit override skipped"))
}

// An override of a limit that is not configured is enforced, and falls back.
func TestOverrideOfDisabledLimit(t *testing.T) {
	o := newOverrideBed(t)
	account := id.New()
	row := goodOverride(account)
	row.Name = ExportsPerAccount
	o.shelf.set(nil, row)
	require.NoError(t, o.Refresh(context.Background()))
	d := o.bed.sure(o.bed.Export(o.bed.context, account))
	require.Equal(t, ExportsPerAccount, d.Limit)
	require.Equal(t, int64(49), d.Remaining)
	batch, err := o.bed.Export(o.bed.context, account)
	require.NoError(t, err)
	require.Equal(t, Fallback, batch.txns[0].limit.Failure)
}

func TestValidateNamesTheField(t *testing.T) {
	for field, change := range map[string]func(*Override){
		"name":         func(o *Override) { o.Name = 0 },
		"key":          func(o *Override) { o.Key = "not an id" },
		"limit.burst":  func(o *Override) { o.Limit.Burst = 0 },
		"limit.count":  func(o *Override) { o.Limit.Count = -1 },
		"limit.period": func(o *Override) { o.Limit.Period += time.Microsecond },
		"author":       func(o *Override) { o.Author = id.Nil },
		"comment":      func(o *Override) { o.Comment = strings.Repeat("长", maxComment+1) },
	} {
		o := goodOverride(id.New())
		require.NoError(t, o.Validate())
		change(&o)
		f := fault.Of(o.Validate())
		require.NotNil(t, f, field)
		require.Equal(t, fault.Invalid, f.Kind)
		require.Len(t, f.Fields, 1)
		require.Equal(t, field, f.Fields[0].Path)
	}
	longest := goodOverride(id.New())
	longest.Comment = strings.Repeat("长", maxComment)
	require.NoError(t, longest.Validate())
}

func TestPersonalKeysMustBeHashes(t *testing.T) {
	o := goodOverride(id.New())
	o.Name, o.Key = OTPFailuresPerPhone, "13800000001"
	require.Error(t, o.Validate(), "a phone number is never stored")
	o.Key = keyer{secret: testKey}.handle("13800000001").text
	require.NoError(t, o.Validate())
	require.True(t, OTPFailuresPerPhone.Personal())
	require.False(t, WritesPerAccount.Personal())
}

func TestRunRefreshesUntilTheEnd(t *testing.T) {
	o := newOverrideBed(t)
	o.shelf.set(errors.New("database away"))
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- o.Run(ctx, 5*time.Millisecond) }()
	require.Eventually(t, func() bool { return o.shelf.count() > 3 }, 10*time.Second, time.Millisecond)
	require.False(t, o.Loaded())
	o.shelf.set(nil, goodOverride(id.New()))
	require.Eventually(t, o.Loaded, 10*time.Second, time.Millisecond)
	loads := o.shelf.count()
	require.Eventually(t, func() bool { return o.shelf.count() > loads+1 }, 10*time.Second, time.Millisecond)
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
}
