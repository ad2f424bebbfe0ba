package calendar

import (
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
)

// Unit is what a legal period is counted in.
type Unit string

// The units of a legal period.
const (
	CalendarDays Unit = "calendar_days"
	WorkingDays  Unit = "working_days"
	Months       Unit = "months"
	Years        Unit = "years"
)

// longestCount bounds a period: a hundred years in days.
const longestCount = 36_500

// Rule is a legal period: how long, counted in what, after or before a base day, and on what ground.
type Rule struct {
	Count int  `yaml:"count"`
	Unit  Unit `yaml:"unit"`
	// Before counts backwards from the base day, as in "90 days before the term ends" (Civil Code 947).
	Before bool `yaml:"before"`
	// Basis is the provision or contract clause the period rests on; it is shown with the result.
	Basis string `yaml:"basis"`
}

// Due is when a period ends.
type Due struct {
	// Date is the last day of the period, in China; it ends at midnight (see End).
	Date clock.Date
	// ActBy is the last working day on which the act still is in time: Date itself for a period that
	// runs forward, the working day on or before Date for one that runs backward.
	ActBy clock.Date
	// Provisional: the result leans on a day whose holiday notice is not published; compute it again
	// when the calendar changes.
	Provisional bool
	Basis       string
}

// End is the first moment after the period.
func (d Due) End() clock.Instant { return clock.At(d.Date.AddDays(1).Start()) }

// Check refuses a rule that means nothing, with a fault "calendar.rule_invalid".
func (r Rule) Check() error {
	switch r.Unit {
	case CalendarDays, WorkingDays, Months, Years:
	default:
		return fault.New(fault.Invalid, "calendar.rule_invalid")
	}
	longest := longestCount
	switch r.Unit {
	case Months:
		longest = 1200
	case Years:
		longest = 100
	}
	if r.Count < 1 || r.Count > longest {
		return fault.New(fault.Invalid, "calendar.rule_invalid")
	}
	return nil
}

// Deadline tells when the period r, counted from base, ends.
//
// Forward (Civil Code 201-203): the base day does not count; a month or year ends on the day of the same
// number, or on the month's last where there is none; a last day that is a rest day gives way to the next
// working day, and a weekend day made a working day is one.
//
// Backward: Date is the bare count and never rolls. Rolling forward would eat into the time the other
// side is owed, and rolling back would call an act late that the law accepts; ActBy carries the careful
// reading, the working day on or before. Counted in working days, both are the same.
//
// Faults: "calendar.rule_invalid", "calendar.date_invalid".
func (c *Calendar) Deadline(r Rule, base clock.Date) (Due, error) {
	if err := r.Check(); err != nil {
		return Due{}, err
	}
	from, err := dayOf(base)
	if err != nil {
		return Due{}, dateInvalid()
	}
	step := 1
	if r.Before {
		step = -1
	}
	if r.Unit == WorkingDays {
		last, settled := c.countWorking(from, r.Count, day(step))
		return Due{Date: last.date(), ActBy: last.date(), Provisional: !settled, Basis: r.Basis}, nil
	}
	bare := shift(from, r.Unit, step*r.Count)
	rolled, settled := c.nearestWorking(bare, day(step))
	due := Due{Date: rolled.date(), ActBy: rolled.date(), Provisional: !settled, Basis: r.Basis}
	if r.Before {
		due.Date = bare.date()
	}
	return due, nil
}

func shift(from day, unit Unit, n int) day {
	switch unit {
	case Months:
		return from.addMonths(n)
	case Years:
		return from.addMonths(12 * n)
	}
	return from + day(n)
}

// countWorking walks n working days from d, not counting d; settled is false when a day on the way may
// still change.
func (c *Calendar) countWorking(d day, n int, step day) (last day, settled bool) {
	settled = true
	for n > 0 {
		d += step
		settled = settled && c.settled(d)
		if c.working(d) {
			n--
		}
	}
	return d, settled
}

// nearestWorking is d itself, or the next working day in the direction of step.
func (c *Calendar) nearestWorking(d, step day) (near day, settled bool) {
	settled = c.settled(d)
	for !c.working(d) {
		d += step
		settled = settled && c.settled(d)
	}
	return d, settled
}

func dateInvalid() error { return fault.New(fault.Invalid, "calendar.date_invalid") }
