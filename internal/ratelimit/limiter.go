package ratelimit

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/redproperty/redproperty/internal/clock"
)

// jitter is the most by which a wait is lengthened.
const jitter = 0.03

// Source keeps buckets and decides batches atomically: a *Memory or a *Redis.
type Source interface {
	apply(ctx context.Context, ops []operation) (reading, error)
}

// LimiterConfig is what a Limiter needs.
type LimiterConfig struct {
	// Shared is the source that several processes share; nil when this is the only process.
	Shared Source
	// Memory decides alone without Shared, and for limits with failure mode fallback while Shared is away.
	Memory *Memory
	Clock  clock.Clock // measures how long decisions take
	// Metrics may be nil.
	Metrics *Metrics
	// Random returns numbers in [0, 1) for the jitter of waits; nil means math/rand.
	Random func() float64
}

// Limiter decides batches. It is safe for concurrent use.
type Limiter struct {
	shared  Source
	memory  *Memory
	clock   clock.Clock
	metrics *Metrics
	random  func() float64
}

// NewLimiter refuses to be without a memory source.
func NewLimiter(cfg LimiterConfig) (*Limiter, error) {
	if cfg.Memory == nil || cfg.Clock == nil {
		return nil, errors.New("ratelimit: a Limiter needs a Memory source and a Clock")
	}
	if cfg.Random == nil {
		cfg.Random = rand.Float64
	}
	return &Limiter{shared: cfg.Shared, memory: cfg.Memory, clock: cfg.Clock, metrics: cfg.Metrics.orUnregistered(), random: cfg.Random}, nil
}

// Decide decides the batch and, unless it is refused, writes all of it. A refusal is a Decision, not an error;
// use Decision.Err. A failing Redis is no error either: it shows in Decision.Ignored. The only error is
// ErrNoBatch. The end of ctx does not stop a decision: who hangs up early is charged all the same.
func (l *Limiter) Decide(ctx context.Context, b Batch) (Decision, error) {
	if b.tag == "" {
		return Decision{}, ErrNoBatch
	}
	begin := l.clock.Now()
	d := l.decide(ctx, b.live())
	d.RetryIn += time.Duration(float64(d.RetryIn) * jitter * l.random())
	l.observe(d, l.clock.Now().Sub(begin))
	return d, nil
}

func (l *Limiter) decide(ctx context.Context, txns []transaction) Decision {
	if len(txns) == 0 {
		return Decision{Allowed: true}
	}
	if l.shared == nil || txns[0].alone() {
		return l.local(txns, nil)
	}
	ops := operations(txns)
	r, err := l.shared.apply(ctx, ops)
	if err != nil {
		return l.local(l.withoutOpen(txns), err)
	}
	return conclude(l.shared, txns, ops, r)
}

// withoutOpen keeps the transactions that must be decided although the shared source is away.
func (l *Limiter) withoutOpen(txns []transaction) []transaction {
	var kept []transaction
	for _, t := range txns {
		l.metrics.ignored.WithLabelValues(t.name.String(), string(t.limit.Failure)).Inc()
		if t.limit.Failure != Open {
			kept = append(kept, t)
		}
	}
	return kept
}

func (l *Limiter) local(txns []transaction, ignored error) Decision {
	if len(txns) == 0 {
		return Decision{Allowed: true, Ignored: ignored}
	}
	ops := operations(txns)
	d := conclude(l.memory, txns, ops, l.memory.decide(ops))
	d.Ignored = ignored
	return d
}

func conclude(source Source, txns []transaction, ops []operation, r reading) Decision {
	d := summarise(txns, r)
	if r.vetoed {
		return d
	}
	var charged []operation
	for i, op := range ops {
		if op.act&actSpend != 0 && op.cost > 0 && op.hasRoom(r.now, r.tats[i]) {
			op.act = actRefund
			charged = append(charged, op)
		}
	}
	if len(charged) > 0 {
		d.receipt = &receipt{source: source, ops: charged}
	}
	return d
}

// Refund gives back what the decision charged, once: for work that then failed for a reason that is not the
// caller's. It does nothing for a decision that charged nothing. An error means that the tokens stay spent;
// it is for the log.
func (l *Limiter) Refund(ctx context.Context, d Decision) error {
	if d.receipt == nil || d.receipt.used.Swap(true) {
		return nil
	}
	_, err := d.receipt.source.apply(ctx, d.receipt.ops)
	return err
}

func (l *Limiter) observe(d Decision, took time.Duration) {
	decision := "allowed"
	switch {
	case !d.Allowed:
		decision = "denied"
	case d.Ignored != nil:
		decision = "ignored"
	}
	l.metrics.decisions.WithLabelValues(d.Limit.String(), decision).Observe(took.Seconds())
	for _, n := range d.Observed {
		l.metrics.wouldDeny.WithLabelValues(n.String()).Inc()
	}
}
