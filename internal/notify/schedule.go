package notify

import (
	"time"

	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
)

// pauses are the waits after each failed attempt: eight attempts over about a day. None is shorter than a
// minute, so that the attempts of one delivery never count twice in a robot's minute.
var pauses = [deliveryAtMost - 1]time.Duration{
	time.Minute, 5 * time.Minute, 20 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
}

// retryAt is when the next attempt is due after so many failed ones, up to a quarter later by jitter in
// [0,1); false when there is none left.
func retryAt(now clock.Instant, failed int64, jitter float64) (clock.Instant, bool) {
	if failed < 1 {
		failed = 1
	}
	if failed >= deliveryAtMost {
		return 0, false
	}
	p := pauses[failed-1]
	return now.Add(p + time.Duration(float64(p)*jitter/4)), true
}

// digestAt is half past eight in China, when offices open and nobody is asleep.
const digestAt = 8*time.Hour + 30*time.Minute

// Cadence is how often a digest is sent.
type Cadence string

// The cadences.
const (
	Never  Cadence = "off"
	Daily  Cadence = "daily"
	Weekly Cadence = "weekly" // on Mondays
)

// nextDigest is the first moment from now on at which a digest of this cadence is sent, outside quiet
// hours; false when there is none.
func nextDigest(now clock.Instant, every Cadence, quiet calendar.Quiet) (clock.Instant, bool) {
	if every != Daily && every != Weekly {
		return 0, false
	}
	day := clock.DateOf(now.Time())
	for {
		at := clock.At(day.Start().Add(digestAt))
		if at >= now && (every == Daily || day.Start().Weekday() == time.Monday) {
			return calendar.NextWaking(at, quiet), true
		}
		day = day.AddDays(1)
	}
}

// allowed is when a message of this urgency may be sent at the earliest.
func allowed(now clock.Instant, u Urgency, quiet calendar.Quiet) clock.Instant {
	if u == Emergency {
		return now
	}
	return calendar.NextWaking(now, quiet)
}
