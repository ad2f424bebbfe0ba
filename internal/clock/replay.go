package clock

import (
	"sync"
	"time"
)

// Replay is the machine's clock until it is stood at a moment of the past; it then moves only forward and only when told, until it is
// let go. The demonstration lives through its weeks with it.
type Replay struct {
	mu   sync.Mutex
	past *time.Time
}

// Now returns the moment of the past, or the machine's time.
func (r *Replay) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.past != nil {
		return *r.past
	}
	return System{}.Now()
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
