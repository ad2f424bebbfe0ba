package ratelimit

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/redproperty/redproperty/internal/clock"
)

//go:embed batch.lua
var batchScript string

const (
	// MaxRedisTimeout bounds what a Redis that is away may cost a request.
	MaxRedisTimeout = 50 * time.Millisecond
	// DefaultRedisTimeout leaves room below MaxRedisTimeout for the rest of a decision.
	DefaultRedisTimeout = 25 * time.Millisecond
	// keyPrefix keeps our keys apart from others in the same Redis.
	keyPrefix = "rl:"
	// dialTimeout is how long a connection may take to be made; the request meanwhile waits for its own
	// timeout only.
	dialTimeout = time.Second
)

// RedisConfig is what a Redis source needs.
type RedisConfig struct {
	// Client is best made by NewRedisClient.
	Client RedisClient
	// Timeout of one batch, above 0 and at most MaxRedisTimeout; 0 means DefaultRedisTimeout.
	Timeout time.Duration
	// Clock times the circuit breaker.
	Clock clock.Clock
	// Now replaces the server's own time, for tests. Nil in production, so that all processes agree.
	Now clock.Clock
	// BreakAfter consecutive failures open the circuit breaker; 0 means 5.
	BreakAfter int
	// BreakFor is how long it stays open before one call may probe; 0 means 1 s.
	BreakFor time.Duration
	// Metrics may be nil.
	Metrics *Metrics
}

// Redis keeps buckets in Redis: one script per batch, atomic on the node that holds the batch's tag.
type Redis struct {
	airline
	now     clock.Clock
	breaker *breaker
	metrics *Metrics
}

// NewRedis refuses a timeout out of range. It makes no call.
func NewRedis(cfg RedisConfig) (*Redis, error) {
	if cfg.Timeout == 0 {
		cfg.Timeout = DefaultRedisTimeout
	}
	if cfg.Timeout < 0 || cfg.Timeout > MaxRedisTimeout {
		return nil, fmt.Errorf("ratelimit: Redis timeout %s must be above 0 and at most %s", cfg.Timeout, MaxRedisTimeout)
	}
	metrics := cfg.Metrics.orUnregistered()
	return &Redis{
		airline: airline{client: cfg.Client, script: redis.NewScript(batchScript), timeout: cfg.Timeout},
		now:     cfg.Now,
		breaker: newBreaker(cfg.Clock, cfg.BreakAfter, cfg.BreakFor, metrics),
		metrics: metrics,
	}, nil
}

// NewRedisClient makes a client on which a call ends with its context: without retries (a repeated script
// would charge twice; a cluster's client may still repeat one whose connection broke, which charges a token too
// many at worst) and without waiting for dials. More than one address, or IsClusterMode, means a cluster.
func NewRedisClient(o redis.UniversalOptions) redis.UniversalClient {
	o.ContextTimeoutEnabled = true
	o.MaxRetries = -1
	o.DialTimeout = dialTimeout
	o.DialerRetries = 1
	o.PoolTimeout = MaxRedisTimeout
	o.ReadTimeout, o.WriteTimeout = MaxRedisTimeout, MaxRedisTimeout
	o.MinIdleConns = max(o.MinIdleConns, 2)
	o.DisableIdentity = true
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return redis.NewUniversalClient(&o)
}

// apply does not end when the client goes away: whoever hangs up early must not go uncharged.
func (r *Redis) apply(ctx context.Context, ops []operation) (reading, error) {
	ticket, err := r.breaker.enter()
	if err != nil {
		r.metrics.redisErrors.WithLabelValues(errorClass(err)).Inc()
		return reading{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.timeout)
	defer cancel()
	keys, args := r.arguments(ops)
	reply, err := r.send(ctx, keys, args)
	if err == nil && len(reply) != len(ops)+2 {
		err = fmt.Errorf("script returned %d numbers for %d keys", len(reply), len(ops))
	}
	r.breaker.leave(ticket, err == nil)
	if err != nil {
		r.metrics.redisErrors.WithLabelValues(errorClass(err)).Inc()
		return reading{}, fmt.Errorf("ratelimit: redis: %w", err)
	}
	return reading{now: reply[0], vetoed: reply[1] == 1, tats: reply[2:]}, nil
}

func (r *Redis) arguments(ops []operation) (keys []string, args []any) {
	keys, args = make([]string, len(ops)), make([]any, 0, 3*len(ops)+1)
	for i, op := range ops {
		keys[i] = keyPrefix + op.key
		args = append(args, int(op.act), op.cost, op.window)
	}
	if r.now != nil {
		args = append(args, r.now.Now().UnixMicro())
	}
	return keys, args
}

// errorClass sorts a failure for the metrics.
func errorClass(err error) string {
	var reply redis.Error
	var network net.Error
	switch {
	case errors.Is(err, errBreakerOpen):
		return "breaker"
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.As(err, &reply):
		return "reply"
	case errors.As(err, &network) && network.Timeout():
		return "timeout"
	case errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, redis.ErrClosed):
		return "network"
	}
	return "other"
}
