package ratelimit

import (
	"context"
	"hash/maphash"
	"slices"
	"sync"

	"github.com/redproperty/redproperty/internal/clock"
)

const (
	memoryShards = 64
	// defaultMaxKeys bounds the memory: about 150 bytes per key, so some 40 MB.
	defaultMaxKeys = 1 << 18
	// sweepMicros is how often a shard drops its full buckets.
	sweepMicros = 60_000_000
	// evictSample buckets are looked at to find one to drop when a shard is full of live ones.
	evictSample = 16
)

// MemoryConfig is what a Memory source needs.
type MemoryConfig struct {
	Clock clock.Clock
	// MaxKeys bounds the buckets kept; 0 means 262,144. Beyond it, those nearest to full are dropped first.
	MaxKeys int
	// Metrics may be nil.
	Metrics *Metrics
}

// Memory keeps buckets in this process. A batch is decided and written while the shards of its keys are
// locked, always in ascending order, so batches are atomic and cannot deadlock. It needs no goroutine: full
// buckets are swept as others are written.
type Memory struct {
	clock    clock.Clock
	seed     maphash.Seed
	perShard int
	metrics  *Metrics
	shards   [memoryShards]shard
}

type shard struct {
	sync.Mutex
	tats    map[string]int64
	sweepAt int64
}

// NewMemory makes an empty source.
func NewMemory(cfg MemoryConfig) *Memory {
	if cfg.MaxKeys <= 0 {
		cfg.MaxKeys = defaultMaxKeys
	}
	m := &Memory{clock: cfg.Clock, seed: maphash.MakeSeed(), perShard: max(1, cfg.MaxKeys/memoryShards), metrics: cfg.Metrics.orUnregistered()}
	for i := range m.shards {
		m.shards[i].tats = make(map[string]int64)
	}
	return m
}

// Len counts the buckets kept now.
func (m *Memory) Len() int {
	n := 0
	for i := range m.shards {
		m.shards[i].Lock()
		n += len(m.shards[i].tats)
		m.shards[i].Unlock()
	}
	return n
}

func (m *Memory) apply(_ context.Context, ops []operation) (reading, error) {
	return m.decide(ops), nil
}

func (m *Memory) decide(ops []operation) reading {
	homes := make([]int, 2*len(ops)) // of the keys, then of the former ones
	for i, op := range ops {
		homes[i] = m.home(op.key)
		homes[len(ops)+i] = homes[i]
		if op.former != "" {
			homes[len(ops)+i] = m.home(op.former)
		}
	}
	defer m.lock(homes)()
	r := reading{now: m.clock.Now().UnixMicro(), tats: make([]int64, len(ops))}
	for i, op := range ops {
		r.tats[i] = m.shards[homes[i]].tats[op.key]
		if op.former != "" {
			r.tats[i] = max(r.tats[i], m.shards[homes[len(ops)+i]].tats[op.former])
		}
	}
	if r.vetoed = veto(ops, r.now, r.tats); r.vetoed {
		return r
	}
	for i, op := range ops {
		if tat := op.after(r.now, r.tats[i]); tat != r.tats[i] {
			m.write(&m.shards[homes[i]], op.key, tat, r.now)
		}
	}
	return r
}

func (m *Memory) home(key string) int { return int(maphash.String(m.seed, key) % memoryShards) }

// lock locks the shards of a batch in ascending order and returns how to unlock them.
func (m *Memory) lock(homes []int) func() {
	order := slices.Compact(slices.Sorted(slices.Values(homes)))
	for _, i := range order {
		m.shards[i].Lock()
	}
	return func() {
		for _, i := range order {
			m.shards[i].Unlock()
		}
	}
}

func (m *Memory) write(s *shard, key string, tat, now int64) {
	if tat <= now {
		delete(s.tats, key)
		return
	}
	if now >= s.sweepAt {
		s.sweep(now)
	}
	if _, known := s.tats[key]; !known && len(s.tats) >= m.perShard {
		s.evict()
		m.metrics.evicted.Inc()
	}
	s.tats[key] = tat
}

// sweep drops the buckets that are full again.
func (s *shard) sweep(now int64) {
	for key, tat := range s.tats {
		if tat <= now {
			delete(s.tats, key)
		}
	}
	s.sweepAt = now + sweepMicros
}

// evict drops, of a random sample, the bucket that would be full soonest. So a flood of fresh keys pushes
// out its own kind before it frees a bucket that is deep in debt.
func (s *shard) evict() {
	victim, soonest, seen := "", int64(0), 0
	for key, tat := range s.tats {
		if seen == 0 || tat < soonest {
			victim, soonest = key, tat
		}
		if seen++; seen == evictSample {
			break
		}
	}
	delete(s.tats, victim)
}
