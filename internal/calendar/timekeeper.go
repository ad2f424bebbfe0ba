package calendar

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/redproperty/redproperty/internal/clock"
)

// Mode is which time a clock counts.
type Mode string

// The modes of a clock.
const (
	Natural Mode = "natural" // every minute
	Working Mode = "working" // minutes within working hours
)

// Span is a stretch of time, From included and To not; an absent To is not over yet.
type Span struct {
	From clock.Instant
	To   *clock.Instant
}

// Run is a limit that is being counted down, with everything that stops or lengthens it.
type Run struct {
	Start clock.Instant
	Limit time.Duration
	Mode  Mode
	// Extension lengthens Limit; it was granted once, with a reason.
	Extension time.Duration
	// Pauses stop the clock in either mode: waiting for the resident, with evidence (R3.4).
	Pauses []Span
	// Weather are the declared spells of extreme weather, given only for a category that may wait for
	// it. They stop a working clock; a natural one goes on, for what cannot wait for office hours
	// cannot wait for the sky either.
	Weather []Span
}

// Moment is a point on a clock.
type Moment struct {
	At clock.Instant
	// Provisional: it leans on a day whose holiday notice is not published.
	Provisional bool
}

// Timekeeper counts time by one calendar and one set of working hours. All its arithmetic is on
// integer milliseconds. It is immutable and safe for concurrent use.
type Timekeeper struct {
	cal   *Calendar
	hours Hours
}

// NewTimekeeper checks the hours.
func NewTimekeeper(cal *Calendar, hours Hours) (*Timekeeper, error) {
	if err := hours.Check(); err != nil {
		return nil, fmt.Errorf("working hours: %w", err)
	}
	return &Timekeeper{cal: cal, hours: hours}, nil
}

// Elapsed is how much of the run's clock has been used at now; 0 before its start.
func (k *Timekeeper) Elapsed(r Run, now clock.Instant) time.Duration {
	used, at := int64(0), r.Start
	for _, s := range r.stops() {
		if s.from >= now {
			break
		}
		used += k.count(r.Mode, at, s.from)
		at = max(at, s.to)
	}
	used += k.count(r.Mode, at, now)
	return time.Duration(used) * time.Millisecond
}

// DueAt is the earliest moment at which the limit with its extension is used up. It is false while a
// pause without an end stops the clock before that: there is no such moment yet.
func (k *Timekeeper) DueAt(r Run) (Moment, bool) { return k.ReachedAt(r, 100) }

// ReachedAt is the earliest moment at which percent of the limit with its extension is used up (rounded
// up to the millisecond), and false as DueAt says.
func (k *Timekeeper) ReachedAt(r Run, percent int) (Moment, bool) {
	need := ((r.Limit+r.Extension).Milliseconds()*int64(percent) + 99) / 100
	at := r.Start
	if need <= 0 {
		return Moment{At: at}, true
	}
	for _, s := range r.stops() {
		if got := k.count(r.Mode, at, s.from); got >= need {
			break
		} else {
			need -= got
		}
		if s.to == forever {
			return Moment{}, false
		}
		at = max(at, s.to)
	}
	end := k.advance(r.Mode, at, need)
	return Moment{At: end, Provisional: r.Mode == Working && !k.settled(r.Start, end)}, true
}

// NextOpen is at itself when it lies in working hours, or the moment they next begin.
func (k *Timekeeper) NextOpen(at clock.Instant) Moment {
	for d := dayAt(at); ; d++ {
		for _, w := range k.windows(d) {
			if w.to > at {
				open := max(at, w.from)
				return Moment{At: open, Provisional: !k.settled(at, open+1)}
			}
		}
	}
}

const forever = clock.Instant(math.MaxInt64)

type stretch struct{ from, to clock.Instant }

// stops are the stretches in which the clock stands, by their beginning, none before the start. They may
// overlap: whoever walks them keeps the latest end.
func (r Run) stops() []stretch {
	all := make([]stretch, 0, len(r.Pauses)+len(r.Weather))
	add := func(spans []Span) {
		for _, s := range spans {
			to := forever
			if s.To != nil {
				to = *s.To
			}
			if from := max(s.From, r.Start); from < to {
				all = append(all, stretch{from, to})
			}
		}
	}
	add(r.Pauses)
	if r.Mode == Working {
		add(r.Weather)
	}
	slices.SortFunc(all, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	return all
}

// windows are the working hours of a day as moments.
func (k *Timekeeper) windows(d day) []stretch {
	hours := k.hours.RestDay
	if k.cal.working(d) {
		hours = k.hours.Workday
	}
	out := make([]stretch, len(hours))
	for i, w := range hours {
		out[i] = stretch{
			d.start() + clock.Instant(int64(w.From)*msPerMinute),
			d.start() + clock.Instant(int64(w.To)*msPerMinute),
		}
	}
	return out
}

// count is how many milliseconds of the mode's time lie in [from, to).
func (k *Timekeeper) count(mode Mode, from, to clock.Instant) int64 {
	if from >= to {
		return 0
	}
	if mode == Natural {
		return int64(to - from)
	}
	total := int64(0)
	for d := dayAt(from); d <= dayAt(to-1); d++ {
		for _, w := range k.windows(d) {
			total += max(0, int64(min(w.to, to)-max(w.from, from)))
		}
	}
	return total
}

// advance is the earliest moment with need (> 0) milliseconds of the mode's time behind from.
func (k *Timekeeper) advance(mode Mode, from clock.Instant, need int64) clock.Instant {
	if mode == Natural {
		return from + clock.Instant(need)
	}
	for d := dayAt(from); ; d++ {
		for _, w := range k.windows(d) {
			begin := max(w.from, from)
			if got := int64(w.to - begin); got >= need {
				return begin + clock.Instant(need)
			} else if got > 0 {
				need -= got
			}
		}
	}
}

// settled tells whether every day that [from, to) touches has its notice published.
func (k *Timekeeper) settled(from, to clock.Instant) bool {
	for d := dayAt(from); d <= dayAt(to-1); d++ {
		if !k.cal.settled(d) {
			return false
		}
	}
	return true
}
