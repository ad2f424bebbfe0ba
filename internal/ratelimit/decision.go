package ratelimit

import (
	"sync/atomic"
	"time"

	"github.com/redproperty/redproperty/internal/fault"
)

// Decision is the answer to a batch: of its checking transactions, the strictest (a refusal before an
// admission, the longer wait before the shorter, fewer tokens left before more).
type Decision struct {
	Allowed bool
	// Limit is the one that decided; zero when the batch checks nothing or its limits are not configured.
	Limit Name
	// Burst is that limit's size, Remaining the tokens left in the bucket, after paying when allowed.
	Burst     int64
	Remaining int64
	// ResetIn is until the bucket would be full again.
	ResetIn time.Duration
	// RetryIn is until the same call could be admitted, 0 when it was; lengthened by 0-3 % so that
	// clients refused together do not come back together.
	RetryIn time.Duration
	// Ignored is the failure of the shared source in spite of which the batch was decided: each limit by its
	// failure mode. It belongs in the request event.
	Ignored error
	// Observed are the record-only limits that would have refused.
	Observed []Name

	receipt *receipt
}

// receipt remembers what was charged where, for a refund.
type receipt struct {
	source Source
	ops    []operation
	used   atomic.Bool
}

// Quota is a Decision in the terms of the RateLimit-Limit, -Remaining and -Reset header fields.
type Quota struct {
	Limit        int64
	Remaining    int64
	ResetSeconds int64
	// RetryAfterSeconds is for the Retry-After field; 0 when the call was admitted.
	RetryAfterSeconds int64
}

// Quota returns the numbers of the header fields, and false when no limit applied. Seconds are rounded up.
func (d Decision) Quota() (Quota, bool) {
	if d.Limit == 0 {
		return Quota{}, false
	}
	return Quota{
		Limit:             d.Burst,
		Remaining:         d.Remaining,
		ResetSeconds:      ceil(d.ResetIn, time.Second),
		RetryAfterSeconds: ceil(d.RetryIn, time.Second),
	}, true
}

// Err returns nil when the batch was admitted, else a fault.RateLimited with the code of the limit, the wait,
// and the parameters limit (its word), burst, retry_seconds and retry_minutes.
func (d Decision) Err() error {
	if d.Allowed {
		return nil
	}
	return fault.New(fault.RateLimited, d.Limit.Code(),
		"limit", d.Limit.String(),
		"burst", d.Burst,
		"retry_seconds", ceil(d.RetryIn, time.Second),
		"retry_minutes", ceil(d.RetryIn, time.Minute),
	).After(d.RetryIn)
}

func ceil(d, unit time.Duration) int64 { return int64((d + unit - 1) / unit) }

// summarise finds the strictest verdict. Spend-only, reset-only and record-only transactions have no say.
func summarise(txns []transaction, r reading) Decision {
	d := Decision{Allowed: !r.vetoed}
	var strictest verdict
	for i, t := range txns {
		if !t.kind.checks() {
			continue
		}
		v := t.verdict(r.now, r.tats[i])
		if t.limit.RecordOnly {
			if !v.allowed {
				d.Observed = append(d.Observed, t.name)
			}
			continue
		}
		if d.Limit == 0 || v.stricter(strictest) {
			strictest, d.Limit, d.Burst = v, t.name, t.limit.Burst
		}
	}
	d.Remaining = strictest.remaining
	d.ResetIn = time.Duration(strictest.resetIn) * time.Microsecond
	d.RetryIn = time.Duration(strictest.retryIn) * time.Microsecond
	return d
}

// verdict is what the transaction finds; an admitted check-only one leaves the bucket as it was.
func (t transaction) verdict(now, tat int64) verdict {
	v := maybeSpend(t.pace, now, tat, t.cost)
	if v.allowed && t.kind == CheckOnly {
		return maybeSpend(t.pace, now, tat, 0)
	}
	return v
}

func (v verdict) stricter(than verdict) bool {
	switch {
	case v.allowed != than.allowed:
		return !v.allowed
	case v.retryIn != than.retryIn:
		return v.retryIn > than.retryIn
	case v.remaining != than.remaining:
		return v.remaining < than.remaining
	}
	return v.resetIn > than.resetIn
}
