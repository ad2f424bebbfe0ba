package calendar

import (
	"fmt"

	"github.com/redproperty/redproperty/internal/clock"
)

// Minute is a time of day in China, in minutes from 0 ("00:00") to 1440 ("24:00").
type Minute int

const minutesPerDay Minute = 24 * 60

// UnmarshalText reads "HH:MM"; "24:00" is the end of the day.
func (m *Minute) UnmarshalText(b []byte) error {
	v, ok := parseMinute(string(b))
	if !ok {
		return fmt.Errorf("not a time of day as HH:MM, 00:00 to 24:00")
	}
	*m = v
	return nil
}

// MarshalText writes "HH:MM".
func (m Minute) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%02d:%02d", int(m)/60, int(m)%60), nil
}

func parseMinute(s string) (Minute, bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	for _, i := range []int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	hour, minute := int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
	m := Minute(hour*60 + minute)
	return m, minute < 60 && m <= minutesPerDay
}

// Window is a stretch of one day, From included and To not.
type Window struct {
	From Minute `yaml:"from"`
	To   Minute `yaml:"to"`
}

// Hours are the working hours on working days and on rest days (weekends and holidays).
type Hours struct {
	Workday []Window `yaml:"workday"`
	RestDay []Window `yaml:"rest_day"`
}

// Check refuses hours in which a working clock would never run, or that overlap. Windows are in order.
func (h Hours) Check() error {
	if len(h.Workday) == 0 {
		return fmt.Errorf("workday: missing")
	}
	if err := checkWindows(h.Workday); err != nil {
		return fmt.Errorf("workday: %w", err)
	}
	if err := checkWindows(h.RestDay); err != nil {
		return fmt.Errorf("rest_day: %w", err)
	}
	return nil
}

func checkWindows(ws []Window) error {
	end := Minute(0)
	for i, w := range ws {
		if w.From < end || w.To <= w.From || w.To > minutesPerDay {
			return fmt.Errorf("[%d]: want from < to, after the window before, within one day", i)
		}
		end = w.To
	}
	return nil
}

// MinutesPerWorkday is how long a working day is under these hours.
func (h Hours) MinutesPerWorkday() int {
	total := Minute(0)
	for _, w := range h.Workday {
		total += w.To - w.From
	}
	return int(total)
}

// Quiet are the hours in which nobody is disturbed for what can wait: From included, To not; they may
// pass midnight. From equal to To means there are none.
type Quiet struct {
	From Minute `yaml:"from"`
	To   Minute `yaml:"to"`
}

// Check refuses times outside the day, and hours that never end.
func (q Quiet) Check() error {
	if q.From < 0 || q.From >= minutesPerDay || q.To < 0 || q.To >= minutesPerDay {
		return fmt.Errorf("want times from 00:00 to 23:59")
	}
	return nil
}

// NextWaking is at itself, or the end of the quiet hours it falls into.
func NextWaking(at clock.Instant, q Quiet) clock.Instant {
	today := dayAt(at)
	now := int64(at - today.start())
	from, to := int64(q.From)*msPerMinute, int64(q.To)*msPerMinute
	switch {
	case from == to:
		return at
	case from < to && now >= from && now < to:
		return today.start() + clock.Instant(to)
	case from > to && now < to:
		return today.start() + clock.Instant(to)
	case from > to && now >= from:
		return (today + 1).start() + clock.Instant(to)
	}
	return at
}
