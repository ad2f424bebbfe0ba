package httpapi

import (
	"log/slog"
	"sync"
	"time"
)

// unseen holds the defects that quiet operations met, without a time: they are logged, with their number, by the first
// request of the next hour, or when the server stops. A line at the time of the failure would tell the second of a
// cast. That something else was away is not kept: other operations and the readiness tell it.
type unseen struct {
	mu     sync.Mutex
	hour   time.Time // in which they were met
	failed map[unseenFailure]int
}

// unseenFailure is what is told of a defect.
type unseenFailure struct{ operation, cause string }

// note counts a defect. Causes that differ each time are kept up to a number, so that memory is bounded.
func (u *unseen) note(now time.Time, f unseenFailure) {
	const kinds = 100
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.failed) == 0 {
		u.hour, u.failed = now.Truncate(time.Hour), map[unseenFailure]int{}
	}
	if _, ok := u.failed[f]; !ok && len(u.failed) >= kinds {
		f.cause = "of more kinds"
	}
	u.failed[f]++
}

// tell logs what was met in an hour that is over.
func (u *unseen) tell(log *slog.Logger, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.failed) > 0 && !now.Truncate(time.Hour).Equal(u.hour) {
		u.write(log)
	}
}

// end logs whatever is left.
func (u *unseen) end(log *slog.Logger) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.write(log)
}

func (u *unseen) write(log *slog.Logger) {
	for f, n := range u.failed {
		log.Error("requests failed in an hour", "op", f.operation, "times", n, "cause", f.cause)
	}
	u.failed = nil
}
