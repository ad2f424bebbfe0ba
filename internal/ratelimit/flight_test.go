package ratelimit

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest/redisserver"
	"github.com/redproperty/redproperty/internal/id"
)

// trips counts the round trips of a client.
type trips struct{ single, shared, aboard atomic.Int64 }

func (c *trips) DialHook(next redis.DialHook) redis.DialHook { return next }

func (c *trips) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		c.single.Add(1)
		return next(ctx, cmd)
	}
}

func (c *trips) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		c.shared.Add(1)
		c.aboard.Add(int64(len(cmds)))
		return next(ctx, cmds)
	}
}

// Two hundred decisions at once share flights, each gets its own answer, and the sum is exact, although Redis has
// forgotten the script.
func TestDecisionsAtOnceShareFlights(t *testing.T) {
	client := patientClient(t, redisserver.StartPrivate(t).Addr)
	b := newBed(t, clock.NewFake(testStart), patientRedis(t, client, nil), map[Name]Limit{WritesPerAccount: enforce(Rate{Burst: 10, Count: 10, Period: time.Hour})})
	var count trips
	client.AddHook(&count)
	for range 5 {
		require.NoError(t, client.ScriptFlush(context.Background()).Err())
		accounts := [5]id.ID{id.New(), id.New(), id.New(), id.New(), id.New()}
		require.Equal(t, 50, together(b, 200, func(i int) (Batch, error) { return b.Write(b.context, accounts[i%5]) }), "five accounts of ten tokens")
	}
	require.Positive(t, count.shared.Load())
	require.Greater(t, count.aboard.Load(), count.shared.Load())
}

// Each batch of a flight is refused or admitted by itself.
func TestAFlightIsNoBatch(t *testing.T) {
	client := patientClient(t, redisserver.StartPrivate(t).Addr)
	source := patientRedis(t, client, nil)
	ops := func(key string) []operation { return []operation{spendOf("{t}:"+key, time.Hour, time.Hour)} }
	spent, err := source.apply(context.Background(), ops("spent"))
	require.NoError(t, err)
	require.False(t, spent.vetoed)
	aboard := make([]*passenger, 3)
	for i, key := range []string{"spent", "fresh", "other"} {
		p := &passenger{}
		p.keys, p.args = source.arguments(ops(key))
		aboard[i] = p
	}
	source.run(context.Background(), aboard)
	for i, vetoed := range []int64{1, 0, 0} {
		require.NoError(t, aboard[i].err)
		require.Equal(t, vetoed, aboard[i].reply[1])
	}
}

// While the server hangs, who waits for a flight is not sent, and is not charged when the server comes back: only what was
// on its way already may count there and in the memory.
func TestWhoWaitsIsNotChargedTwice(t *testing.T) {
	server := redisserver.StartPrivate(t)
	client := NewRedisClient(redis.UniversalOptions{Addrs: []string{server.Addr}})
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	source, err := NewRedis(RedisConfig{Client: client, Clock: clock.System{}})
	require.NoError(t, err)
	spend := []operation{spendOf("{t}:one", time.Second, time.Hour)}
	_, err = source.apply(context.Background(), spend)
	require.NoError(t, err)

	server.Pause(t)
	var done sync.WaitGroup
	var failed atomic.Int64
	for range 100 {
		done.Go(func() {
			if _, err := source.apply(context.Background(), spend); err != nil {
				failed.Add(1)
			}
		})
	}
	done.Wait()
	server.Resume(t)
	require.Equal(t, int64(100), failed.Load())
	var found reading
	require.Eventually(t, func() bool {
		found, err = source.apply(context.Background(), []operation{{key: "{t}:one"}})
		return err == nil
	}, 10*time.Second, 10*time.Millisecond)
	charged := (found.tats[0] - found.now + time.Second.Microseconds() - 1) / time.Second.Microseconds()
	require.LessOrEqual(t, charged, int64(1+3*flightsAtOnce), "of a hundred; a late goroutine may have found the way free again")
}

// Batches of different hash tags fly apart: one node that is away does not hold the others up.
func TestTagsFlyApart(t *testing.T) {
	var a airline
	require.Same(t, a.gate("rl:{write:c}:17:x"), a.gate("rl:{write:c}:17:y"))
	require.NotSame(t, a.gate("rl:{write:c}:17:x"), a.gate("rl:{draw:c}:20:x"))
}

func TestGate(t *testing.T) {
	g := &gate{}
	for range flightsAtOnce {
		require.True(t, g.board(&passenger{}))
	}
	waiting := make([]*passenger, maxAboard+2)
	for i := range waiting {
		waiting[i] = &passenger{}
		require.False(t, g.board(waiting[i]))
	}
	g.leave(waiting[1])
	g.leave(&passenger{}) // one that has gone
	require.True(t, g.land(nil))
	require.Equal(t, append([]*passenger{waiting[0]}, waiting[2:maxAboard+1]...), g.call())
	require.True(t, g.land(redis.Nil), "an answer")
	require.Equal(t, waiting[maxAboard+1:], g.call())
	require.False(t, g.land(nil))
	require.True(t, g.board(&passenger{}), "the way is free again")

	behind := &passenger{}
	require.False(t, g.board(behind))
	require.False(t, g.land(context.DeadlineExceeded))
	<-behind.done
	require.ErrorIs(t, behind.err, context.DeadlineExceeded)
	require.False(t, g.land(nil))
	require.Zero(t, g.away)
}
