// Package clock supplies the time. Rules take a Clock, never time.Now, so that a test can
// stand at any moment; the database holds an Instant, never a driver's idea of a date.
package clock

import (
	"database/sql/driver"
	"fmt"
	"sync"
	"time"
)

// Shanghai is the zone of every legal deadline (Civil Code 201-203). China keeps UTC+8 all year.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Clock tells the time.
type Clock interface{ Now() time.Time }

// System is the machine's clock.
type System struct{}

// Now returns the machine's time in UTC.
func (System) Now() time.Time { return time.Now().UTC() }

// Fake is a clock that moves only when told; safe for concurrent use.
type Fake struct {
	mu  sync.Mutex
	now time.Time
}

// NewFake returns a clock that stands at t.
func NewFake(t time.Time) *Fake { return &Fake{now: t.UTC()} }

// Now returns the moment the clock stands at.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Advance moves the clock by d and returns the new moment.
func (f *Fake) Advance(d time.Duration) time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
	return f.now
}

// Set puts the clock at t.
func (f *Fake) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = t.UTC()
}

// Instant is a moment to the millisecond: integer Unix milliseconds in the database, RFC 3339 in
// JSON. The zero value means "no moment" nowhere: an absent one is a nil *Instant.
type Instant int64

// At converts t, cutting what is below a millisecond.
func At(t time.Time) Instant { return Instant(t.UnixMilli()) }

// Now is the present of c as an Instant.
func Now(c Clock) Instant { return At(c.Now()) }

// Time returns the moment in UTC.
func (i Instant) Time() time.Time { return time.UnixMilli(int64(i)).UTC() }

// Add returns the moment d later.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d.Milliseconds()) }

// Sub returns how long i is after j; negative when it is before.
func (i Instant) Sub(j Instant) time.Duration { return time.Duration(i-j) * time.Millisecond }

// Ptr returns a pointer to a copy, for nullable columns.
func (i Instant) Ptr() *Instant { return &i }

// String writes the moment as RFC 3339 in UTC.
func (i Instant) String() string { return i.Time().Format("2006-01-02T15:04:05.000Z07:00") }

// MarshalText writes the moment as RFC 3339 in UTC.
func (i Instant) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads RFC 3339 in any zone.
func (i *Instant) UnmarshalText(b []byte) error {
	t, err := time.Parse(time.RFC3339Nano, string(b))
	if err != nil {
		return fmt.Errorf("not an RFC 3339 time: %w", err)
	}
	*i = At(t)
	return nil
}

// Value stores Unix milliseconds.
func (i Instant) Value() (driver.Value, error) { return int64(i), nil }

// Scan reads Unix milliseconds.
func (i *Instant) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("cannot read %T as Unix milliseconds", src)
	}
	*i = Instant(n)
	return nil
}

// Date is a calendar day in China, as "2006-01-02" in JSON and in the database (CHAR(10)), so that
// it compares as text. The empty Date is "no day".
type Date string

// DateOf returns the day of t in China.
func DateOf(t time.Time) Date { return Date(t.In(Shanghai).Format(time.DateOnly)) }

// ParseDate checks that s is a real day.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return "", fmt.Errorf("not a date as YYYY-MM-DD: %w", err)
	}
	return Date(t.Format(time.DateOnly)), nil
}

// Start returns the first moment of the day in China; the zero time for a malformed day.
func (d Date) Start() time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), Shanghai)
	if err != nil {
		return time.Time{}
	}
	return t
}

// AddDays returns the day n days later.
func (d Date) AddDays(n int) Date { return DateOf(d.Start().AddDate(0, 0, n)) }

// UnmarshalText accepts only real days.
func (d *Date) UnmarshalText(b []byte) error {
	v, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// MarshalText writes the day as it is stored.
func (d Date) MarshalText() ([]byte, error) { return []byte(d), nil }
