package ratelimit

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const ms = int64(1000) // microseconds

// TestWalk follows one bucket of 10 with 10 tokens per second step by step.
func TestWalk(t *testing.T) {
	p := Rate{Burst: 10, Count: 10, Period: time.Second}.pace()
	require.Equal(t, pace{emission: 100 * ms, window: 1000 * ms}, p)
	now, tat := int64(1_700_000_000_000_000), int64(0)
	step := func(what string, wait, cost int64, want verdict) {
		t.Helper()
		now += wait
		got := maybeSpend(p, now, tat, cost)
		tat = got.tat
		want.tat = got.tat
		require.Equal(t, want, got, what)
	}
	step("a question costs nothing", 0, 0, verdict{allowed: true, remaining: 10})
	require.LessOrEqual(t, tat, now)
	step("the first", 0, 1, verdict{allowed: true, remaining: 9, resetIn: 100 * ms})
	step("eight at once", 0, 8, verdict{allowed: true, remaining: 1, resetIn: 900 * ms})
	step("two do not fit", 0, 2, verdict{remaining: 1, resetIn: 900 * ms, retryIn: 100 * ms})
	step("the last", 0, 1, verdict{allowed: true, remaining: 0, resetIn: 1000 * ms})
	step("empty, and asking is allowed", 0, 0, verdict{allowed: true, remaining: 0, resetIn: 1000 * ms})
	step("empty", 0, 1, verdict{remaining: 0, resetIn: 1000 * ms, retryIn: 100 * ms})
	step("a millisecond short", 99*ms, 1, verdict{remaining: 0, resetIn: 901 * ms, retryIn: 1 * ms})
	step("exactly as patient as told", 1*ms, 1, verdict{allowed: true, remaining: 0, resetIn: 1000 * ms})
	step("half a token is none", 50*ms, 1, verdict{remaining: 0, resetIn: 950 * ms, retryIn: 50 * ms})
	step("a full bucket after a second", 950*ms, 10, verdict{allowed: true, remaining: 0, resetIn: 1000 * ms})
	step("twenty hours earn no more than full", (20 * time.Hour).Microseconds(), 11,
		verdict{remaining: 10, resetIn: tat - (now + (20 * time.Hour).Microseconds()), retryIn: 100 * ms}.idle())
	step("full", 0, 10, verdict{allowed: true, remaining: 0, resetIn: 1000 * ms})
}

// idle is for a bucket that has been full for a while: it resets in no time.
func (v verdict) idle() verdict {
	v.resetIn = 0
	return v
}

func genRate(t *rapid.T) Rate {
	return Rate{
		Burst:  rapid.Int64Range(1, 1000).Draw(t, "burst"),
		Count:  rapid.Int64Range(1, 5000).Draw(t, "count"),
		Period: time.Duration(rapid.Int64Range(int64(time.Second), int64(24*time.Hour)).Draw(t, "period")),
	}
}

// In any span of time no more is admitted than the burst and what flowed back meanwhile, and an admission
// never leaves a bucket below empty.
func TestNeverMoreThanBurstAndFlow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := genRate(t)
		p := r.pace()
		now, tat, spent := int64(1_700_000_000_000_000), int64(0), int64(0)
		begin := now
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			now += rapid.Int64Range(0, 2*p.emission).Draw(t, "wait")
			cost := rapid.Int64Range(0, r.Burst).Draw(t, "cost")
			v := maybeSpend(p, now, tat, cost)
			if v.allowed {
				spent += cost
			} else {
				require.Equal(t, tat, v.tat, "a refusal changes nothing")
			}
			tat = v.tat
			require.LessOrEqual(t, tat, now+p.window)
			require.LessOrEqual(t, spent, r.Burst+(now-begin)/p.emission)
		}
	})
}

// Waiting exactly retryIn admits the same cost; a microsecond less does not.
func TestRetryInIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := genRate(t)
		p := r.pace()
		now := int64(1_700_000_000_000_000)
		tat := now + rapid.Int64Range(-p.window, p.window).Draw(t, "debt")
		cost := rapid.Int64Range(1, r.Burst).Draw(t, "cost")
		v := maybeSpend(p, now, tat, cost)
		if v.allowed {
			require.Zero(t, v.retryIn)
			return
		}
		require.True(t, maybeSpend(p, now+v.retryIn, tat, cost).allowed)
		require.False(t, maybeSpend(p, now+v.retryIn-1, tat, cost).allowed)
	})
}

// What remains can be spent at once, and not one token more.
func TestRemainingIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := genRate(t)
		p := r.pace()
		now := int64(1_700_000_000_000_000)
		tat := now + rapid.Int64Range(-p.window, p.window).Draw(t, "debt")
		v := maybeSpend(p, now, tat, rapid.Int64Range(0, r.Burst).Draw(t, "cost"))
		require.GreaterOrEqual(t, v.remaining, int64(0))
		require.True(t, maybeSpend(p, now, v.tat, v.remaining).allowed)
		require.False(t, maybeSpend(p, now, v.tat, v.remaining+1).allowed)
	})
}

// A refund undoes a payment, and never makes a bucket more than full.
func TestRefundUndoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := genRate(t)
		p := r.pace()
		now := int64(1_700_000_000_000_000)
		tat := now + rapid.Int64Range(0, p.window).Draw(t, "debt")
		cost := rapid.Int64Range(0, r.Burst).Draw(t, "cost")
		v := maybeSpend(p, now, tat, cost)
		if v.allowed {
			require.Equal(t, tat, refund(now, v.tat, cost*p.emission))
		}
		require.Equal(t, now, refund(now, tat, p.window+1))
	})
}

// The operation that the sources run says the same as the algorithm.
func TestOperationAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := genRate(t)
		p := r.pace()
		now := int64(1_700_000_000_000_000)
		tat := now + rapid.Int64Range(-p.window, p.window).Draw(t, "debt")
		cost := rapid.Int64Range(1, r.Burst).Draw(t, "cost")
		tx := transaction{kind: CheckAndSpend, cost: cost, pace: p}
		v := maybeSpend(p, now, tat, cost)
		require.Equal(t, v.allowed, tx.operation().hasRoom(now, tat))
		require.Equal(t, v.tat, tx.operation().after(now, tat))
	})
}
