package ratelimit

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest/redisserver"
	"github.com/redproperty/redproperty/internal/id"
)

// The script and the Memory source give the same readings for any batch, one after another.
func TestScriptAgreesWithGo(t *testing.T) {
	clk := clock.NewFake(testStart)
	shared := patientRedis(t, patientClient(t, redisserver.Start(t)), clk)
	rapid.Check(t, func(t *rapid.T) {
		local := NewMemory(MemoryConfig{Clock: clk})
		tag := "{t:" + id.New().String() + "}"
		for range rapid.IntRange(1, 12).Draw(t, "batches") {
			clk.Advance(time.Duration(rapid.Int64Range(0, 3_000_000).Draw(t, "wait")) * time.Microsecond)
			ops := genOperations(t, tag)
			want, err := local.apply(context.Background(), ops)
			require.NoError(t, err)
			got, err := shared.apply(context.Background(), ops)
			require.NoError(t, err)
			// A bucket that is full again may be forgotten or not: it means the same.
			require.Equal(t, settled(want), settled(got))
		}
	})
}

func genOperations(t *rapid.T, tag string) []operation {
	acts := []action{0, actCheck, actSpend, actCheck | actSpend, actReset, actRefund}
	ops := make([]operation, rapid.IntRange(1, 4).Draw(t, "size"))
	for i := range ops {
		emission := rapid.Int64Range(1, 2_000_000).Draw(t, "emission")
		ops[i] = operation{
			key:    fmt.Sprintf("%s:%d", tag, i),
			act:    rapid.SampledFrom(acts).Draw(t, "act"),
			cost:   rapid.Int64Range(0, 4).Draw(t, "cost") * emission,
			window: rapid.Int64Range(4, 20).Draw(t, "burst") * emission,
		}
	}
	return ops
}

func settled(r reading) reading {
	r.tats = slices.Clone(r.tats)
	for i := range r.tats {
		r.tats[i] = max(r.tats[i], r.now)
	}
	return r
}

// Without a clock of its own the source goes by the server's, and a bucket ends soon after it is full.
func TestServerTimeAndTTL(t *testing.T) {
	client := patientClient(t, redisserver.Start(t))
	source := patientRedis(t, client, nil)
	b := newBed(t, clock.NewFake(testStart), source, map[Name]Limit{WritesPerAccount: enforce(Rate{Burst: 10, Count: 10, Period: time.Hour})})
	account := id.New()
	require.Equal(t, int64(9), b.sure(b.Write(b.context, account)).Remaining)

	ctx := context.Background()
	server, err := client.Time(ctx).Result()
	require.NoError(t, err)
	key := keyPrefix + "{write:" + b.context + "}:17:" + account.String()
	tat, err := client.Get(ctx, key).Int64()
	require.NoError(t, err)
	require.InDelta(t, server.Add(6*time.Minute).UnixMicro(), tat, 5e6)
	ttl, err := client.PTTL(ctx, key).Result()
	require.NoError(t, err)
	require.InDelta(t, 6*time.Minute+time.Second, ttl, float64(5*time.Second))
}

func TestScriptIsSentAgainAfterFlush(t *testing.T) {
	server := redisserver.StartPrivate(t)
	client := patientClient(t, server.Addr)
	b := newBed(t, clock.NewFake(testStart), patientRedis(t, client, nil), map[Name]Limit{WritesPerAccount: enforce(tenPerTenSeconds)})
	account := id.New()
	b.sure(b.Write(b.context, account))
	require.NoError(t, client.ScriptFlush(context.Background()).Err())
	require.True(t, b.sure(b.Write(b.context, account)).Allowed)
}

func TestTimeoutIsBounded(t *testing.T) {
	for timeout, ok := range map[time.Duration]bool{
		-time.Millisecond: false, 0: true, MaxRedisTimeout: true, MaxRedisTimeout + 1: false,
	} {
		_, err := NewRedis(RedisConfig{Clock: clock.System{}, Timeout: timeout})
		require.Equal(t, ok, err == nil, timeout)
	}
}

// outage is a limiter in its production setting over a server that the test can hurt.
type outage struct {
	*bed
	server  *redisserver.Server
	metrics *Metrics
}

func newOutage(t *testing.T) outage {
	t.Helper()
	server := redisserver.StartPrivate(t)
	client := NewRedisClient(redis.UniversalOptions{Addrs: []string{server.Addr}})
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	require.NoError(t, client.Ping(context.Background()).Err())
	metrics := NewMetrics()
	source, err := NewRedis(RedisConfig{Client: client, Clock: clock.System{}, BreakFor: 100 * time.Millisecond, Metrics: metrics})
	require.NoError(t, err)
	b := newBed(t, clock.NewFake(testStart), source, map[Name]Limit{
		OTPFailuresPerPhone:     enforce(tenPerTenSeconds),
		WritesPerAccount:        {Rate: tenPerTenSeconds, Failure: Open},
		AttachmentMiBPerAccount: enforce(Rate{Burst: 64, Count: 64, Period: time.Hour}),
	})
	b.Limiter.metrics = metrics
	return outage{bed: b, server: server, metrics: metrics}
}

// timed decides n times from four goroutines and returns how long each took, sorted.
func (o outage) timed(n int, batch func() (Batch, error)) []time.Duration {
	var mu sync.Mutex
	var took []time.Duration
	var done sync.WaitGroup
	for range 4 {
		done.Go(func() {
			for range n / 4 {
				begin := time.Now()
				built, err := batch()
				if err == nil {
					_, err = o.Decide(context.Background(), built)
				}
				mu.Lock()
				if err == nil {
					took = append(took, time.Since(begin))
				}
				mu.Unlock()
			}
		})
	}
	done.Wait()
	slices.Sort(took)
	return took
}

func TestRedisAway(t *testing.T) {
	for name, hurt := range map[string]func(t *testing.T, s *redisserver.Server){
		"killed": func(_ *testing.T, s *redisserver.Server) { s.Kill() },
		"hangs":  func(t *testing.T, s *redisserver.Server) { s.Pause(t) },
	} {
		t.Run(name, func(t *testing.T) {
			o := newOutage(t)
			phone, account := "13800000001", id.New()
			require.True(t, o.decide(o.OTPReserve(o.context, phone)).Allowed)
			hurt(t, o.server)

			took := o.timed(80, func() (Batch, error) { return o.OTPReserve(o.context, phone) })
			require.Len(t, took, 80)
			// The machine's own pauses are allowed for in one decision of twenty.
			require.Less(t, took[len(took)*19/20-1], MaxRedisTimeout, took)

			d := o.decide(o.OTPReserve(o.context, phone))
			require.Error(t, d.Ignored)
			require.False(t, d.Allowed, "the memory's limit holds")
			for range 30 {
				d = o.decide(o.Write(o.context, account))
				require.True(t, d.Allowed, "an open limit admits")
				require.Error(t, d.Ignored)
			}
			require.Positive(t, testutil.ToFloat64(o.metrics.redisErrors.WithLabelValues("breaker")))
			require.GreaterOrEqual(t, testutil.ToFloat64(o.metrics.ignored.WithLabelValues("writes_per_account", "open")), 30.0)
		})
	}
}

// Redis is killed between the calls of one actor: what Redis admitted before and what the memory admits after
// are each within the burst, so the limit holds per process.
func TestRedisKilledInTheMiddle(t *testing.T) {
	o := newOutage(t)
	admitted := map[bool]int{} // by whether Redis was away
	for i := range 60 {
		if i == 5 {
			o.server.Kill()
		}
		if d := o.decide(o.OTPReserve(o.context, "13800000001")); d.Allowed {
			admitted[d.Ignored != nil]++
		}
	}
	require.Equal(t, 10, admitted[true])
	require.LessOrEqual(t, admitted[false], 5)
}

func TestRedisComesBack(t *testing.T) {
	o := newOutage(t)
	account := id.New()
	o.server.Pause(t)
	require.Eventually(t, func() bool {
		return o.decide(o.Write(o.context, account)).Ignored != nil && testutil.ToFloat64(o.metrics.breaker) == float64(breakerOpen)
	}, 10*time.Second, time.Millisecond)
	o.server.Resume(t)
	require.Eventually(t, func() bool {
		return o.decide(o.Write(o.context, account)).Ignored == nil
	}, 10*time.Second, 10*time.Millisecond)
	require.Equal(t, float64(breakerClosed), testutil.ToFloat64(o.metrics.breaker))
}

// A refund goes where the charge went.
func TestRefundAfterFallback(t *testing.T) {
	o := newOutage(t)
	account := id.New()
	o.server.Kill()
	d := o.decide(o.Attachment(o.context, account, 64<<20))
	require.True(t, d.Allowed)
	require.False(t, o.decide(o.Attachment(o.context, account, 1)).Allowed)
	require.NoError(t, o.Refund(context.Background(), d))
	require.True(t, o.decide(o.Attachment(o.context, account, 64<<20)).Allowed)
}

func TestBreaker(t *testing.T) {
	clk := clock.NewFake(testStart)
	metrics := NewMetrics()
	b := newBreaker(clk, 3, time.Second, metrics)
	call := func(ok bool) error {
		ticket, err := b.enter()
		if err == nil {
			b.leave(ticket, ok)
		}
		return err
	}
	for _, ok := range []bool{false, false, true, false, false, false} {
		require.NoError(t, call(ok), "two failures, then a success, then three failures")
	}
	require.ErrorIs(t, call(true), errBreakerOpen)
	require.Equal(t, 2.0, testutil.ToFloat64(metrics.breaker))

	clk.Advance(time.Second - 1)
	require.ErrorIs(t, call(true), errBreakerOpen)
	clk.Advance(1)
	probe, err := b.enter()
	require.NoError(t, err)
	require.Equal(t, 1.0, testutil.ToFloat64(metrics.breaker))
	require.ErrorIs(t, call(true), errBreakerOpen, "one probe at a time")
	b.leave(probe, false)
	require.ErrorIs(t, call(true), errBreakerOpen)

	clk.Advance(time.Second)
	require.NoError(t, call(true))
	late, err := b.enter()
	require.NoError(t, err)
	for range 3 {
		require.NoError(t, call(false))
	}
	clk.Advance(time.Second)
	probe, err = b.enter()
	require.NoError(t, err)
	b.leave(late, true)
	require.ErrorIs(t, call(true), errBreakerOpen, "a call from before says nothing")
	b.leave(probe, true)
	require.NoError(t, call(true))
}
