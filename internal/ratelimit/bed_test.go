package ratelimit

import (
	"context"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest/redisserver"
	"github.com/redproperty/redproperty/internal/id"
)

var (
	testKey   = []byte("a key of thirty-two bytes or more")
	testStart = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
)

// tenPerTenSeconds has a token per second and holds ten.
var tenPerTenSeconds = Rate{Burst: 10, Count: 10, Period: 10 * time.Second}

func enforce(r Rate) Limit { return Limit{Rate: r, Failure: Fallback} }

// bed is a limiter over one source with a clock that the test moves. Its context is its own, so that tests
// may share a Redis.
type bed struct {
	*Builder
	*Limiter
	t       testing.TB
	clock   *clock.Fake
	context string
}

func newBed(t testing.TB, clk *clock.Fake, shared Source, limits map[Name]Limit) *bed {
	t.Helper()
	defaults, err := NewDefaults(limits)
	require.NoError(t, err)
	builder, err := NewBuilder(BuilderConfig{Defaults: defaults, Key: testKey})
	require.NoError(t, err)
	limiter, err := NewLimiter(LimiterConfig{
		Shared: shared,
		Memory: NewMemory(MemoryConfig{Clock: clk}),
		Clock:  clk,
		Random: func() float64 { return 0 },
	})
	require.NoError(t, err)
	return &bed{Builder: builder, Limiter: limiter, t: t, clock: clk, context: id.New().String()}
}

// decide decides a batch that must have been built without error.
func (b *bed) decide(batch Batch, err error) Decision {
	b.t.Helper()
	require.NoError(b.t, err)
	d, err := b.Decide(context.Background(), batch)
	require.NoError(b.t, err)
	return d
}

// sure decides and insists that the source under test did it.
func (b *bed) sure(batch Batch, err error) Decision {
	b.t.Helper()
	d := b.decide(batch, err)
	require.NoError(b.t, d.Ignored)
	return d
}

// eachSource runs body over every source: the memory, one Redis, a Redis Cluster of three nodes.
func eachSource(t *testing.T, body func(t *testing.T, make func(limits map[Name]Limit) *bed)) {
	t.Run("memory", func(t *testing.T) {
		body(t, func(limits map[Name]Limit) *bed { return newBed(t, clock.NewFake(testStart), nil, limits) })
	})
	t.Run("redis", func(t *testing.T) { body(t, overRedis(t, redisserver.Start(t))) })
	t.Run("cluster", func(t *testing.T) { body(t, overRedis(t, redisserver.StartCluster(t, 3)...)) })
}

func overRedis(t *testing.T, addrs ...string) func(map[Name]Limit) *bed {
	client := patientClient(t, addrs...)
	return func(limits map[Name]Limit) *bed {
		clk := clock.NewFake(testStart)
		return newBed(t, clk, patientRedis(t, client, clk), limits)
	}
}

// patientClient and patientRedis wait longer than production may: on a busy machine these tests must ask what
// Redis decides, not whether it is in time.
func patientClient(t testing.TB, addrs ...string) redis.UniversalClient {
	client := redis.NewUniversalClient(&redis.UniversalOptions{Addrs: addrs})
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return client
}

func patientRedis(t testing.TB, client redis.UniversalClient, now clock.Clock) *Redis {
	t.Helper()
	source, err := NewRedis(RedisConfig{Client: client, Clock: clock.System{}, Now: now})
	require.NoError(t, err)
	source.timeout = 20 * time.Second
	return source
}
