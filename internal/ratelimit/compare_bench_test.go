package ratelimit

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"github.com/ulule/limiter/v3"
	limiterredis "github.com/ulule/limiter/v3/drivers/store/redis"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest/redisserver"
	"github.com/redproperty/redproperty/internal/id"
)

const (
	comparedTurn    = 100 // decisions of each caller before the next limiter has its turn
	simultaneous    = 50
	simultaneousFor = 100 // fresh buckets that are asked for at once
	heldBySmall     = 10
)

// compared is a limiter as its user calls it: may account pass, where a bucket holds burst per hour?
type compared struct {
	name  string
	allow func(ctx context.Context, account id.ID, key string) (bool, error)
}

// contestants are ours and two libraries, on one client of one Redis.
func contestants(b *testing.B, client redis.UniversalClient, burst int64) []compared {
	b.Helper()
	ours := newBed(b, clock.NewFake(testStart), patientRedis(b, client, nil), map[Name]Limit{WritesPerAccount: enforce(Rate{Burst: burst, Count: burst, Period: time.Hour})})
	theirs := redis_rate.NewLimiter(client)
	store, err := limiterredis.NewStore(client)
	require.NoError(b, err)
	window := limiter.New(store, limiter.Rate{Period: time.Hour, Limit: burst})
	return []compared{
		{"ours", func(ctx context.Context, account id.ID, _ string) (bool, error) {
			batch, err := ours.Write(ours.context, account)
			if err != nil {
				return false, err
			}
			d, err := ours.Decide(ctx, batch)
			if err == nil {
				err = d.Ignored
			}
			return d.Allowed, err
		}},
		{"redis_rate", func(ctx context.Context, _ id.ID, key string) (bool, error) {
			r, err := theirs.Allow(ctx, key, redis_rate.Limit{Rate: int(burst), Burst: int(burst), Period: time.Hour})
			return err == nil && r.Allowed > 0, err
		}},
		{"ulule", func(ctx context.Context, _ id.ID, key string) (bool, error) {
			c, err := window.Get(ctx, key)
			return err == nil && !c.Reached, err
		}},
	}
}

// BenchmarkDecideOneBucket compares decisions on one bucket each, by one caller and by 16, with redis_rate and
// ulule/limiter on the same Redis. They take turns of some milliseconds, so that whatever else the machine does hits all
// alike; ours:redis_rate is how many decisions ours made while redis_rate made one. Then 50 callers at once ask for each
// of 100 fresh buckets of ten tokens: over-admitted is the worst of what was admitted beyond ten.
func BenchmarkDecideOneBucket(b *testing.B) {
	client := patientClient(b, redisserver.Start(b))
	for _, callers := range []int{1, 16} {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) { compare(b, contestants(b, client, 10_000_000), callers) })
	}
	b.Run("over-admitted", func(b *testing.B) {
		for b.Loop() {
			for _, c := range contestants(b, client, heldBySmall) {
				b.ReportMetric(float64(c.worst(b)), c.name)
			}
		}
		b.ReportMetric(0, "ns/op")
	})
}

func compare(b *testing.B, wide []compared, callers int) {
	took, turns := make([]time.Duration, len(wide)), 0
	for _, c := range wide {
		c.turn(b, callers) // scripts loaded, connections open
	}
	for b.Loop() {
		for i := range wide {
			at := (i + turns) % len(wide)
			took[at] += wide[at].turn(b, callers)
		}
		turns++
	}
	for i, c := range wide {
		b.ReportMetric(float64(turns*callers*comparedTurn)/took[i].Seconds(), c.name+"/s")
		if i > 0 {
			b.ReportMetric(float64(took[i])/float64(took[0]), "ours:"+c.name)
		}
	}
	b.ReportMetric(0, "ns/op") // a round of turns means nothing by itself
}

// turn makes the decisions of a turn and returns how long they took together.
func (c compared) turn(b *testing.B, callers int) time.Duration {
	var done sync.WaitGroup
	begin := time.Now()
	for range callers {
		done.Go(func() {
			account := id.New()
			key := account.String()
			for range comparedTurn {
				if ok, err := c.allow(context.Background(), account, key); err != nil || !ok {
					b.Errorf("%s: %t, %v", c.name, ok, err)
					return
				}
			}
		})
	}
	done.Wait()
	return time.Since(begin)
}

// worst is the most that was admitted beyond what a bucket holds.
func (c compared) worst(b *testing.B) (worst int64) {
	for range simultaneousFor {
		account, admitted := id.New(), atomic.Int64{}
		var ready, done sync.WaitGroup
		start := make(chan struct{})
		ready.Add(simultaneous)
		for range simultaneous {
			done.Go(func() {
				ready.Done()
				<-start
				ok, err := c.allow(context.Background(), account, account.String())
				if err != nil {
					b.Errorf("%s: %v", c.name, err)
				}
				if ok {
					admitted.Add(1)
				}
			})
		}
		ready.Wait()
		close(start)
		done.Wait()
		worst = max(worst, admitted.Load()-heldBySmall)
	}
	return worst
}
