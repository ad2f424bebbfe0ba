package app

import (
	"context"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/ratelimit"
)

func newSurveyLimits(t *testing.T, clk clock.Clock) surveyLimits {
	t.Helper()
	file, err := os.ReadFile("../../configs/ratelimits.yaml")
	require.NoError(t, err)
	defaults, err := ratelimit.ParseDefaults(file)
	require.NoError(t, err)
	build, err := ratelimit.NewBuilder(ratelimit.BuilderConfig{Defaults: defaults, Key: []byte("a key of thirty-two bytes or more")})
	require.NoError(t, err)
	limiter, err := ratelimit.NewLimiter(ratelimit.LimiterConfig{Memory: ratelimit.NewMemory(ratelimit.MemoryConfig{Clock: clk}), Clock: clk})
	require.NoError(t, err)
	return surveyLimits{guard{limiter: limiter, build: build, context: "test"}, newHourlySalt(clk)}
}

// limitedBy returns how many calls pass before the first that is refused, which must be by the limit.
func limitedBy(t *testing.T, limit ratelimit.Name, call func() error) int {
	t.Helper()
	for n := range 1000 {
		if err := call(); err != nil {
			f := fault.Of(err)
			require.Equal(t, fault.RateLimited, f.Kind)
			require.Equal(t, limit.Code(), f.Code)
			return n
		}
	}
	require.Fail(t, "never refused")
	return 0
}

func TestDrawLimits(t *testing.T) {
	l, ctx := newSurveyLimits(t, clock.NewFake(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))), context.Background()
	round, household, account := id.New(), id.New(), id.New()
	require.Equal(t, 20, limitedBy(t, ratelimit.BallotDrawsPerAccount, func() error { return l.Draw(ctx, round, household, account) }))
	require.Equal(t, 10, limitedBy(t, ratelimit.BallotDrawsPerHousehold, func() error { return l.Draw(ctx, round, household, id.New()) }))
	require.NoError(t, l.Draw(ctx, round, id.New(), id.New()))
	require.Equal(t, fault.Internal, fault.Of(l.Draw(ctx, round, id.Nil, id.New())).Kind, "a missing household is a defect, never a way round")
}

// Only failures count; the change of the hour, of the second hour too, forgets none of them before its time.
func TestCastLimits(t *testing.T) {
	clk := clock.NewFake(time.Date(2026, 11, 22, 12, 59, 50, 0, time.UTC))
	l, ctx, round := newSurveyLimits(t, clk), context.Background(), id.New()
	for range 1000 {
		require.False(t, l.Suspect(ctx, round), "asking counts nothing")
	}
	require.Equal(t, 60, limitedBy(t, ratelimit.BallotFailuresPerAddress, func() error { return l.CastFailed(ctx, round) }))
	require.True(t, l.Suspect(ctx, round))
	clk.Advance(20 * time.Second)
	require.True(t, l.Suspect(ctx, round), "the hour has changed")
	clk.Advance(10 * time.Second)
	require.Equal(t, 1, limitedBy(t, ratelimit.BallotFailuresPerAddress, func() error { return l.CastFailed(ctx, round) }))
	for range 120 { // an hour in which it takes each token as it flows back
		clk.Advance(30 * time.Second)
		require.Equal(t, 1, limitedBy(t, ratelimit.BallotFailuresPerAddress, func() error { return l.CastFailed(ctx, round) }))
	}
	clk.Advance(30 * time.Minute)
	require.False(t, l.Suspect(ctx, round))
	require.Equal(t, 60, limitedBy(t, ratelimit.BallotFailuresPerAddress, func() error { return l.CastFailed(ctx, round) }))
}

func TestHourlySalt(t *testing.T) {
	clk := clock.NewFake(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	h := newHourlySalt(clk)
	first := h.salts()
	require.NotEqual(t, ratelimit.Salt{}, first.Now)
	require.NotEqual(t, ratelimit.Salt{}, first.Before)
	require.NotEqual(t, first.Now, first.Before)
	clk.Advance(time.Hour - time.Nanosecond)
	require.Equal(t, first, h.salts(), "the same hour")
	clk.Advance(time.Nanosecond)
	second := h.salts()
	require.Equal(t, first.Now, second.Before)
	require.NotEqual(t, first.Now, second.Now)
	require.NotContains(t, []ratelimit.Salt{h.kept.Now, h.kept.Before}, first.Before, "overwritten")
	for _, away := range []time.Duration{2 * time.Hour, -5 * time.Hour} {
		before := h.salts()
		clk.Advance(away)
		after := h.salts()
		for _, old := range []ratelimit.Salt{before.Now, before.Before} {
			require.NotContains(t, []ratelimit.Salt{after.Now, after.Before}, old)
		}
	}
	require.NotEqual(t, first, newHourlySalt(clk).salts(), "another process has another salt")
}

func TestCallerWithoutAnAddressHasAGroup(t *testing.T) {
	require.Equal(t, netip.IPv6Unspecified(), caller(context.Background()))
}
