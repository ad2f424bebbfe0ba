package ratelimit

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

const (
	maxComment   = 500 // runes
	firstBackoff = time.Second
)

// Override gives one bucket another rate than its limit's default.
type Override struct {
	Name Name
	// Key is the bucket's subject as Builder.OverrideKey writes it; of personal subjects an HMAC.
	Key     string
	Limit   Rate
	Author  id.ID  // the account that made it
	Comment string // why; 1-500 characters
	Enabled bool
	// ExpiresAt ends it; nil means it stands until changed.
	ExpiresAt *clock.Instant
}

// Validate returns a fault.Invalid that names each wrong field.
func (o Override) Validate() error {
	var wrong fault.Collect
	if !o.Name.Known() {
		wrong.Add("name", "ratelimit.unknown_limit")
		return wrong.Err()
	}
	if !o.Name.validKey(o.Key) {
		wrong.Add("key", "ratelimit.malformed_key", "limit", o.Name.String())
	}
	if p := o.Limit.problem(o.Name); p.found() {
		wrong.Add("limit."+p.field, p.code, "min", p.bound)
	}
	if o.Limit.Period%time.Millisecond != 0 {
		wrong.Add("limit.period", "ratelimit.period_fraction")
	}
	if o.Author.IsZero() {
		wrong.Add("author", "ratelimit.author_required")
	}
	if n := utf8.RuneCountInString(o.Comment); n == 0 || n > maxComment {
		wrong.Add("comment", "ratelimit.comment_length", "max", maxComment)
	}
	return wrong.Err()
}

func (o Override) inForce(now clock.Instant) bool {
	return o.Enabled && (o.ExpiresAt == nil || now < *o.ExpiresAt)
}

// OverrideSource is where overrides come from.
type OverrideSource interface {
	// Load returns all overrides, the disabled and expired ones too.
	Load(ctx context.Context) ([]Override, error)
}

// OverridesConfig is what Overrides needs.
type OverridesConfig struct {
	Source OverrideSource
	Clock  clock.Clock
	Log    *slog.Logger
	// Metrics may be nil.
	Metrics *Metrics
}

// Overrides is the set of overrides in force. A load replaces the set as a whole, an empty load empties
// it, a failed load leaves it. Safe for concurrent use.
type Overrides struct {
	source  OverrideSource
	clock   clock.Clock
	log     *slog.Logger
	metrics *Metrics
	set     atomic.Pointer[map[overrideKey]Override]
}

type overrideKey struct {
	name Name
	key  string
}

// NewOverrides makes an empty set; Refresh or Run fill it.
func NewOverrides(cfg OverridesConfig) *Overrides {
	return &Overrides{source: cfg.Source, clock: cfg.Clock, log: cfg.Log, metrics: cfg.Metrics.orUnregistered()}
}

// Find returns the rate that overrides a bucket's default now.
func (o *Overrides) Find(n Name, key string) (Rate, bool) {
	set := o.set.Load()
	if set == nil {
		return Rate{}, false
	}
	found, ok := (*set)[overrideKey{n, key}]
	if !ok || !found.inForce(clock.Now(o.clock)) {
		return Rate{}, false
	}
	return found.Limit, true
}

// Loaded tells whether a load has succeeded since the start; until then the process is not ready.
func (o *Overrides) Loaded() bool { return o.set.Load() != nil }

// Refresh loads the overrides once. A bad row is logged, counted and skipped. The error is the source's.
func (o *Overrides) Refresh(ctx context.Context) error {
	rows, err := o.source.Load(ctx)
	if err != nil {
		o.metrics.loadFailures.Inc()
		return err
	}
	now := clock.Now(o.clock)
	set, skipped, perLimit := make(map[overrideKey]Override, len(rows)), 0, map[Name]int{}
	for _, row := range rows {
		if err := row.Validate(); err != nil {
			o.log.WarnContext(ctx, "rate limit override skipped", "limit_number", int(row.Name), "error", err)
			skipped++
			continue
		}
		if row.inForce(now) {
			set[overrideKey{row.Name, row.Key}] = row
			perLimit[row.Name]++
		}
	}
	o.set.Store(&set)
	o.report(skipped, perLimit, now)
	return nil
}

func (o *Overrides) report(skipped int, perLimit map[Name]int, now clock.Instant) {
	o.metrics.skippedRows.Set(float64(skipped))
	o.metrics.loadedAt.Set(float64(now) / 1000)
	for _, n := range Names() {
		o.metrics.overrides.WithLabelValues(n.String()).Set(float64(perLimit[n]))
	}
}

// Run refreshes now and then every interval until ctx ends, after a failure sooner: in 1 s, 2 s, 4 s and so on
// up to the interval. It returns ctx's error.
func (o *Overrides) Run(ctx context.Context, interval time.Duration) error {
	backoff := min(firstBackoff, interval)
	for {
		wait := interval
		if err := o.Refresh(ctx); err == nil {
			backoff = min(firstBackoff, interval)
		} else if ctx.Err() == nil {
			o.log.WarnContext(ctx, "rate limit overrides not loaded, the last ones apply", "error", err, "retry_in", backoff)
			wait, backoff = backoff, min(2*backoff, interval)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}
