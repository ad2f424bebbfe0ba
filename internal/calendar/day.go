package calendar

import (
	"time"

	"github.com/redproperty/redproperty/internal/clock"
)

const (
	msPerMinute = int64(60_000)
	msPerDay    = 24 * 60 * msPerMinute
	// shanghaiOffset is China's distance from UTC; it has not changed since 1991, so days are plain
	// integer arithmetic.
	shanghaiOffset = 8 * 60 * msPerMinute
)

// day counts the days in China since 1970-01-01.
type day int64

func dayAt(i clock.Instant) day {
	ms := int64(i) + shanghaiOffset
	if ms < 0 {
		return day((ms - msPerDay + 1) / msPerDay)
	}
	return day(ms / msPerDay)
}

func dayOf(d clock.Date) (day, error) {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0, err
	}
	return day(t.Unix() / (24 * 60 * 60)), nil
}

func civil(year int, month time.Month, dom int) day {
	return day(time.Date(year, month, dom, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

func (d day) utc() time.Time        { return time.Unix(int64(d)*24*60*60, 0).UTC() }
func (d day) date() clock.Date      { return clock.Date(d.utc().Format(time.DateOnly)) }
func (d day) weekday() time.Weekday { return d.utc().Weekday() }
func (d day) start() clock.Instant  { return clock.Instant(int64(d)*msPerDay - shanghaiOffset) }

func (d day) weekend() bool {
	w := d.weekday()
	return w == time.Saturday || w == time.Sunday
}

// addMonths keeps the day of the month, or takes the month's last day where it has no such day
// (Civil Code 202).
func (d day) addMonths(n int) day {
	y, m, dom := d.utc().Date()
	first := time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return civil(first.Year(), first.Month(), min(dom, last))
}
