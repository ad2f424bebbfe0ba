package clock

import (
	"sync"
	"time"
)

// Replay is the machine's clock until it is stood at a moment of the past; it then moves only forward and only when told, until it is
// let go. The demonstration lives through its weeks with it, and can be ahead of the machine, so that what takes weeks can be watched.
type Replay struct {
	mu    sync.Mutex
	past  *time.Time
	ahead time.Duration
}

// Now returns the moment of the past, or the machine's time and what it is ahead of it.
func (r *Replay) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.past != nil {
		return *r.past
	}
	return System{}.Now().Add(r.ahead)
}

// SkipTo sets how far the clock is ahead of the machine's, once it is let go; less than nothing changes nothing.
func (r *Replay) SkipTo(ahead time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ahead = max(0, ahead)
}

// MoveTo stands the clock at t; a moment before the one it stands at changes nothing.
func (r *Replay) MoveTo(t time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if t = t.UTC(); r.past == nil || t.After(*r.past) {
		r.past = &t
	}
}

// LetGo makes it the machine's clock again.
func (r *Replay) LetGo() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.past = nil
}
