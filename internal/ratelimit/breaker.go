package ratelimit

import (
	"errors"
	"sync"
	"time"

	"github.com/redproperty/redproperty/internal/clock"
)

// errBreakerOpen is what a call gets while Redis is taken to be away.
var errBreakerOpen = errors.New("ratelimit: redis: circuit breaker is open")

type breakerState int

const (
	breakerClosed   breakerState = iota // calls pass
	breakerHalfOpen                     // one call probes, the others are refused
	breakerOpen                         // calls are refused until a moment
)

// breaker spares requests the wait for a Redis that failed several times in a row.
type breaker struct {
	clock   clock.Clock
	after   int
	pause   time.Duration
	metrics *Metrics

	mu       sync.Mutex
	state    breakerState
	failures int
	until    time.Time
	era      int // grows with each change of state: results of calls begun earlier say nothing
}

func newBreaker(clk clock.Clock, after int, pause time.Duration, metrics *Metrics) *breaker {
	if after <= 0 {
		after = 5
	}
	if pause <= 0 {
		pause = time.Second
	}
	return &breaker{clock: clk, after: after, pause: pause, metrics: metrics}
}

// enter lets a call begin and returns its ticket for leave, or errBreakerOpen.
func (b *breaker) enter() (ticket int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch b.state {
	case breakerClosed:
		return b.era, nil
	case breakerOpen:
		if !b.clock.Now().Before(b.until) {
			b.become(breakerHalfOpen)
			return b.era, nil
		}
	}
	return 0, errBreakerOpen
}

// leave reports how the call ended.
func (b *breaker) leave(ticket int, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if ticket != b.era {
		return
	}
	if ok {
		b.failures = 0
		if b.state == breakerHalfOpen {
			b.become(breakerClosed)
		}
		return
	}
	if b.failures++; b.state == breakerHalfOpen || b.failures >= b.after {
		b.until = b.clock.Now().Add(b.pause)
		b.become(breakerOpen)
	}
}

func (b *breaker) become(s breakerState) {
	b.state = s
	b.era++
	b.failures = 0
	b.metrics.breaker.Set(float64(s))
}
