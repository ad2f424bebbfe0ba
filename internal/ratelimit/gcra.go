package ratelimit

// pace is a Rate in the algorithm's terms, in microseconds.
type pace struct {
	emission int64 // how long one token takes to flow back; positive
	window   int64 // how long an empty bucket takes to fill: burst × emission
}

// verdict is what one transaction finds in its bucket. Times are microseconds.
type verdict struct {
	allowed   bool
	tat       int64 // when the bucket will be full again: after paying if allowed, else as it was
	remaining int64 // whole tokens left: after paying if allowed, else as it was
	resetIn   int64 // until the bucket is full again
	retryIn   int64 // until the cost could be paid; 0 if allowed
}

// maybeSpend is the generic cell rate algorithm: whether cost tokens can be paid at now from a bucket that
// is full again at tat (0 for a bucket never seen). It is a pure function; cost 0 only asks. The Lua script
// computes the same for Redis.
func maybeSpend(p pace, now, tat, cost int64) verdict {
	from := max(now, tat) // idle time earns nothing beyond full
	to := from + cost*p.emission
	room := now - (to - p.window)
	if room < 0 {
		return verdict{
			tat:       tat,
			remaining: max(0, now-(from-p.window)) / p.emission,
			resetIn:   from - now,
			retryIn:   -room,
		}
	}
	return verdict{allowed: true, tat: to, remaining: room / p.emission, resetIn: to - now}
}

// refund returns the TAT after cost tokens were given back. A bucket never becomes more than full.
func refund(now, tat, costMicros int64) int64 { return max(tat-costMicros, now) }

// action is what a transaction may do to its bucket.
type action uint8

const (
	actCheck  action = 1 << iota // without room, veto the batch
	actSpend                     // with room, pay
	actReset                     // forget the bucket
	actRefund                    // give back
)

// operation is one transaction as a source sees it. Times are microseconds.
type operation struct {
	key    string
	former string // a bucket whose debt counts here too and is written here; see transaction
	act    action
	cost   int64 // cost × emission
	window int64
}

// reading is what a source found when it decided a batch.
type reading struct {
	now    int64   // by the source's clock
	vetoed bool    // then nothing was written
	tats   []int64 // of each operation's bucket beforehand; 0 for none
}

// veto tells whether some operation refuses the batch. The Lua script computes the same for Redis.
func veto(ops []operation, now int64, tats []int64) bool {
	for i, op := range ops {
		if op.act&actCheck != 0 && !op.hasRoom(now, tats[i]) {
			return true
		}
	}
	return false
}

func (op operation) hasRoom(now, tat int64) bool { return max(now, tat)+op.cost-op.window <= now }

// after returns the TAT that the operation leaves behind in a batch without veto; a TAT not after now
// means a full bucket, which need not be kept.
func (op operation) after(now, tat int64) int64 {
	switch {
	case op.act&actReset != 0:
		return 0
	case op.act&actRefund != 0:
		return refund(now, tat, op.cost)
	case op.act&actSpend != 0 && op.hasRoom(now, tat):
		return max(now, tat) + op.cost
	}
	return tat
}
