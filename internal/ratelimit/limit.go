package ratelimit

import (
	"fmt"
	"time"
)

// Failure says what a limit does while the shared source (Redis) does not answer.
type Failure string

// The failure modes.
const (
	// Open admits: for reading and ordinary writes.
	Open Failure = "open"
	// Fallback lets this process's memory decide: where guessing or cost is at stake.
	Fallback Failure = "fallback"
)

// maxWindow bounds burst × emission: far below 2^53 µs, up to which Lua's numbers are exact.
const maxWindow = 366 * 24 * time.Hour

// Rate is how much a bucket allows: Count tokens flow back evenly per Period, into a bucket of Burst.
type Rate struct {
	Burst  int64
	Count  int64
	Period time.Duration
}

// problem is what is wrong with a Rate: the first field out of range, a fault code, and the bound, if any,
// that the field must keep.
type problem struct {
	field, code string
	bound       int64
}

func (p problem) found() bool { return p.field != "" }

// text says the problem to an operator.
func (p problem) text() string {
	switch p.code {
	case "ratelimit.not_positive":
		return "must be positive"
	case "ratelimit.too_slow":
		return "lets the bucket take more than 8784h to fill"
	case "ratelimit.too_dense":
		return "must leave at least a microsecond per token"
	}
	return fmt.Sprintf("must be at least %d, the most one call may cost", p.bound)
}

// problem checks the rate for use by limit n.
func (r Rate) problem(n Name) problem {
	switch {
	case r.Burst <= 0:
		return problem{"burst", "ratelimit.not_positive", 0}
	case r.Count <= 0:
		return problem{"count", "ratelimit.not_positive", 0}
	case r.Period <= 0:
		return problem{"period", "ratelimit.not_positive", 0}
	case r.Period > maxWindow:
		return problem{"period", "ratelimit.too_slow", 0}
	case r.Period.Microseconds() < r.Count:
		return problem{"count", "ratelimit.too_dense", 0}
	case r.Burst < specs[n].maxCost:
		return problem{"burst", "ratelimit.burst_below_cost", specs[n].maxCost}
	case r.Burst > maxWindow.Microseconds()/r.pace().emission:
		return problem{"burst", "ratelimit.too_slow", 0}
	}
	return problem{}
}

// pace computes what the algorithm works with. A remainder below a microsecond per token is dropped.
func (r Rate) pace() pace {
	emission := r.Period.Microseconds() / r.Count
	return pace{emission: emission, window: emission * r.Burst}
}

// Limit is a Rate and how it is applied.
type Limit struct {
	Rate
	Failure Failure
	// RecordOnly decides and counts, but refuses nobody: to watch a new limit before enforcing it.
	RecordOnly bool
}
