package ratelimit

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
)

func spendOf(key string, cost, window time.Duration) operation {
	return operation{key: key, act: actCheck | actSpend, cost: cost.Microseconds(), window: window.Microseconds()}
}

func TestMemorySweepsFullBuckets(t *testing.T) {
	clk := clock.NewFake(testStart)
	m := NewMemory(MemoryConfig{Clock: clk})
	for i := range 10_000 {
		m.decide([]operation{spendOf(fmt.Sprint(i), time.Second, time.Minute)})
	}
	require.Equal(t, 10_000, m.Len())
	clk.Advance(2 * time.Minute)
	for i := range 2_000 {
		m.decide([]operation{spendOf(fmt.Sprint("later", i), time.Second, time.Minute)})
	}
	require.Equal(t, 2_000, m.Len())
}

// A flood of fresh keys stays within the cap and does not free the bucket of the one under guard.
func TestMemoryCapKeepsDrainedBuckets(t *testing.T) {
	metrics := NewMetrics()
	m := NewMemory(MemoryConfig{Clock: clock.NewFake(testStart), MaxKeys: 64 * 32, Metrics: metrics})
	guarded := spendOf("guarded", time.Hour, time.Hour)
	require.False(t, m.decide([]operation{guarded}).vetoed)
	for i := range 50_000 {
		require.False(t, m.decide([]operation{spendOf(fmt.Sprint(i), time.Minute, time.Hour)}).vetoed)
	}
	require.LessOrEqual(t, m.Len(), 64*32)
	require.True(t, m.decide([]operation{guarded}).vetoed)
	require.Greater(t, testutil.ToFloat64(metrics.evicted), 40_000.0)
}

// Batches over the same keys in opposite orders neither deadlock nor let more through than the burst.
func TestMemoryBatchesInAnyOrder(t *testing.T) {
	m := NewMemory(MemoryConfig{Clock: clock.NewFake(testStart)})
	keys := make([]operation, 8)
	for i := range keys {
		keys[i] = spendOf(fmt.Sprint("k", i), time.Second, 100*time.Second)
	}
	var done sync.WaitGroup
	var mu sync.Mutex
	admitted := 0
	for i := range 50 {
		done.Go(func() {
			for j := range 10 {
				ops := []operation{keys[(i+j)%8], keys[(i+j+3)%8], keys[(i+j+6)%8]}
				r, err := m.apply(context.Background(), ops)
				if err == nil && !r.vetoed {
					mu.Lock()
					admitted++
					mu.Unlock()
				}
			}
		})
	}
	done.Wait()
	var debt int64
	for _, k := range keys {
		r := m.decide([]operation{{key: k.key}})
		debt += max(0, r.tats[0]-r.now)
		require.LessOrEqual(t, r.tats[0]-r.now, k.window)
	}
	require.Equal(t, int64(admitted)*3, debt/time.Second.Microseconds(), "each admission paid in all its buckets")
}
