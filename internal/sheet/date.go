package sheet

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/redproperty/redproperty/internal/clock"
)

const codeDate = "sheet.date_malformed"

// Serial numbers are believed between 1950 and 2100 only, so that a bare year (2024 would be a day of 1905)
// or a room number is no date.
const (
	firstSerial = 18_264 // 1950-01-01
	lastSerial  = 73_415 // 2100-12-31
	shift1904   = 1_462  // days between the two epochs of workbooks
)

var (
	dayShape  = regexp.MustCompile(`^(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))`)
	timeShape = regexp.MustCompile(`^(?:[tT]|\s+)(\d{1,2})(?::|时)(\d{1,2})(?:(?::|分)(\d{1,2})(?:\.(\d{1,9}))?秒?|分)?\s*(Z|z|[+-]\d{2}:?\d{2})?$`)
	serial    = regexp.MustCompile(`^(\d{4,6})(?:\.(\d+))?$`)
)

// ParseDate reads a day: 2024-01-02, 2024/1/2, 2024.1.2, 20240102, 2024年1月2日, or the serial number
// of a spreadsheet. A time of day other than midnight is refused, not cut off. Day-first and
// month-first forms are refused: they cannot be told apart.
func ParseDate(s string) (clock.Date, *Problem) { return parseDate(s, false) }

func parseDate(s string, from1904 bool) (clock.Date, *Problem) {
	t, zoned, ok := parseMoment(s, time.UTC, from1904)
	if !ok || zoned || !t.Equal(t.Truncate(24*time.Hour)) {
		return "", problem(codeDate, expectDate)
	}
	return clock.Date(t.Format(time.DateOnly)), nil
}

// ParseDateTime reads a moment: a day as ParseDate has it, alone or with a time, in zone unless the text
// names an offset of its own. Serial numbers keep their milliseconds.
func ParseDateTime(s string, zone *time.Location) (clock.Instant, *Problem) {
	return parseDateTime(s, zone, false)
}

func parseDateTime(s string, zone *time.Location, from1904 bool) (clock.Instant, *Problem) {
	t, _, ok := parseMoment(s, zone, from1904)
	if !ok {
		return 0, problem(codeDate, expectDateTime)
	}
	return clock.At(t), nil
}

// parseMoment reads a day with or without a time; zoned tells that the text named an offset.
func parseMoment(s string, zone *time.Location, from1904 bool) (t time.Time, zoned, ok bool) {
	s = strings.TrimFunc(strings.Replace(norm.NFKC.String(s), "日", "日 ", 1), isSpace)
	if len(s) > 64 {
		return t, false, false
	}
	if m := serial.FindStringSubmatch(s); m != nil {
		t, ok = serialMoment(m[1], m[2], zone, from1904)
		return t, false, ok
	}
	day := dayShape.FindStringSubmatch(s)
	if day == nil {
		return t, false, false
	}
	date, ok := realDay(day)
	if !ok {
		return t, false, false
	}
	return withTime(date, s[len(day[0]):], zone)
}

func realDay(m []string) (time.Time, bool) {
	parts := make([]int, 0, 3)
	for _, p := range m[1:] {
		if p != "" {
			n, _ := strconv.Atoi(p)
			parts = append(parts, n)
		}
	}
	t := time.Date(parts[0], time.Month(parts[1]), parts[2], 0, 0, 0, 0, time.UTC)
	return t, t.Day() == parts[2] && int(t.Month()) == parts[1] && parts[0] >= 1800 && parts[0] <= 2200
}

func withTime(day time.Time, rest string, zone *time.Location) (time.Time, bool, bool) {
	local := func(h, m, s, ns int, z *time.Location) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day(), h, m, s, ns, z)
	}
	if rest == "" {
		return local(0, 0, 0, 0, zone), false, true
	}
	m := timeShape.FindStringSubmatch(rest)
	if m == nil {
		return time.Time{}, false, false
	}
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	second, _ := strconv.Atoi(m[3])
	nanos, _ := strconv.Atoi((m[4] + "000000000")[:9])
	if hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false, false
	}
	if m[5] == "" {
		return local(hour, minute, second, nanos, zone), false, true
	}
	offset, ok := offsetOf(m[5])
	return local(hour, minute, second, nanos, time.FixedZone("", offset)), true, ok
}

// offsetOf reads "Z", "+08:00" or "+0800" as seconds east.
func offsetOf(s string) (int, bool) {
	if s == "Z" || s == "z" {
		return 0, true
	}
	digits := strings.ReplaceAll(s[1:], ":", "")
	hours, _ := strconv.Atoi(digits[:2])
	minutes, _ := strconv.Atoi(digits[2:])
	seconds := hours*3600 + minutes*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, hours <= 14 && minutes <= 59
}

// serialMoment reads a day number and the fraction of the day, in integers: ten decimals are nine
// microseconds, and the result is rounded to the millisecond.
func serialMoment(days, fraction string, zone *time.Location, from1904 bool) (time.Time, bool) {
	n, _ := strconv.Atoi(days)
	if from1904 {
		n += shift1904
	}
	if n < firstSerial || n > lastSerial {
		return time.Time{}, false
	}
	part, _ := strconv.ParseInt((fraction + "0000000000")[:10], 10, 64)
	millis := (part*86_400_000 + 5_000_000_000) / 10_000_000_000
	return time.Date(1899, 12, 30+n, 0, 0, 0, 0, zone).Add(time.Duration(millis) * time.Millisecond), true
}
