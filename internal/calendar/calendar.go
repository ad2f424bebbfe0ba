// Package calendar is legal and working time in China: which days are rest days, when a legal period
// ends (Civil Code 201-203), and how much working time lies between two moments.
//
// Rest days are weekends and the days the State Council's yearly notice declares off; weekend days that
// the notice turns into working days are working days. Where no notice is published yet only the days
// fixed by decree are known, so every result that leans on such a day is provisional: it is computed
// again when the notice is loaded.
package calendar

import (
	"fmt"
	"time"

	"github.com/redproperty/redproperty/internal/clock"
)

// Data is the content of a holiday file.
type Data struct {
	Fixed []Fixed `yaml:"fixed"`
	Years []Year  `yaml:"years"`
}

// Fixed is a holiday of the decree on public holidays that falls on the same date every year.
type Fixed struct {
	Name  string `yaml:"name"`
	Month int    `yaml:"month"`
	Day   int    `yaml:"day"`
	Days  int    `yaml:"days"`
	// FromYear and UntilYear bound the years it applies to, both included; 0 is no bound.
	FromYear  int `yaml:"from_year"`
	UntilYear int `yaml:"until_year"`
}

// Year is one State Council notice.
type Year struct {
	Year      int          `yaml:"year"`
	Published bool         `yaml:"published"`
	Notice    string       `yaml:"notice"`
	Rest      []Rest       `yaml:"rest"`
	Work      []clock.Date `yaml:"work"`
}

// Rest is a run of days off, both ends included.
type Rest struct {
	Name string     `yaml:"name"`
	From clock.Date `yaml:"from"`
	To   clock.Date `yaml:"to"`
}

// Calendar answers what kind of day a day is. It is immutable and safe for concurrent use.
type Calendar struct {
	fixed     []Fixed
	published map[int]bool
	rest      map[day]string
	work      map[day]bool
}

// newYearBridge is the first day of December that the next year's notice may still change: the days
// off at New Year, and the weekend day worked for them, have begun as early as 29 December.
const newYearBridge = 28

// longestRest bounds a run of days off; the longest so far was nine.
const longestRest = 14

// New checks the data and makes a calendar. The error names the year and the entry that is wrong.
func New(data Data) (*Calendar, error) {
	c := &Calendar{fixed: data.Fixed, published: map[int]bool{}, rest: map[day]string{}, work: map[day]bool{}}
	for i, f := range data.Fixed {
		if err := f.check(); err != nil {
			return nil, fmt.Errorf("fixed[%d]: %w", i, err)
		}
	}
	for _, y := range data.Years {
		if err := c.add(y); err != nil {
			return nil, fmt.Errorf("years: %d: %w", y.Year, err)
		}
	}
	for d := range c.work {
		if name, both := c.rest[d]; both {
			return nil, fmt.Errorf("years: %s is both a working day and a day off (%s)", d.date(), name)
		}
	}
	return c, nil
}

func (f Fixed) check() error {
	d := civil(2024, time.Month(f.Month), f.Day).utc() // a leap year, so that 29 February is a day
	switch {
	case f.Name == "":
		return fmt.Errorf("name: missing")
	case int(d.Month()) != f.Month || d.Day() != f.Day:
		return fmt.Errorf("month, day: not a day of the year")
	case f.Days < 1 || f.Days > longestRest:
		return fmt.Errorf("days: want 1 to %d", longestRest)
	case f.UntilYear != 0 && f.UntilYear < f.FromYear:
		return fmt.Errorf("until_year: before from_year")
	}
	return nil
}

func (c *Calendar) add(y Year) error {
	switch {
	case y.Year < 2000 || y.Year > 2200:
		return fmt.Errorf("year: want 2000 to 2200")
	case c.published[y.Year]:
		return fmt.Errorf("year: listed twice")
	case !y.Published:
		return fmt.Errorf("published: a year without a published notice is not listed")
	case y.Notice == "":
		return fmt.Errorf("notice: missing")
	case len(y.Rest) == 0:
		return fmt.Errorf("rest: missing")
	}
	c.published[y.Year] = true
	for i, r := range y.Rest {
		if err := c.addRest(y.Year, r); err != nil {
			return fmt.Errorf("rest[%d]: %w", i, err)
		}
	}
	for i, w := range y.Work {
		if err := c.addWork(y.Year, w); err != nil {
			return fmt.Errorf("work[%d]: %w", i, err)
		}
	}
	return nil
}

func (c *Calendar) addRest(year int, r Rest) error {
	from, err := inYear(year, r.From)
	if err != nil {
		return fmt.Errorf("from: %w", err)
	}
	to, err := inYear(year, r.To)
	if err != nil {
		return fmt.Errorf("to: %w", err)
	}
	if r.Name == "" {
		return fmt.Errorf("name: missing")
	}
	if to < from || to-from >= longestRest {
		return fmt.Errorf("to: want a day on or after from, at most %d days in all", longestRest)
	}
	for d := from; d <= to; d++ {
		if _, twice := c.rest[d]; twice {
			return fmt.Errorf("%s is listed twice", d.date())
		}
		c.rest[d] = r.Name
	}
	return nil
}

func (c *Calendar) addWork(year int, w clock.Date) error {
	d, err := inYear(year, w)
	switch {
	case err != nil:
		return err
	case !d.weekend():
		return fmt.Errorf("%s is no weekend day, so it needs no entry", w)
	case c.work[d]:
		return fmt.Errorf("%s is listed twice", w)
	}
	c.work[d] = true
	return nil
}

// inYear accepts the days a year's notice may speak of: its own, and the last of the year before.
func inYear(year int, date clock.Date) (day, error) {
	d, err := dayOf(date)
	if err != nil {
		return 0, fmt.Errorf("not a date as YYYY-MM-DD")
	}
	if d < civil(year-1, time.December, newYearBridge) || d > civil(year, time.December, 31) {
		return 0, fmt.Errorf("%s does not belong to the notice for %d", date, year)
	}
	return d, nil
}

// Kind is what a day is.
type Kind string

// The kinds of day.
const (
	Workday Kind = "workday"
	Weekend Kind = "weekend"
	Holiday Kind = "holiday"
)

// Info describes one day.
type Info struct {
	Kind Kind
	// Name is the holiday's name in Chinese, empty for other days.
	Name string
	// Provisional: no notice is published for the day yet, it may still change its kind.
	Provisional bool
}

// Day describes the day date; a malformed date is a fault "calendar.date_invalid".
func (c *Calendar) Day(date clock.Date) (Info, error) {
	d, err := dayOf(date)
	if err != nil {
		return Info{}, dateInvalid()
	}
	kind, name := c.kind(d)
	return Info{Kind: kind, Name: name, Provisional: !c.settled(d)}, nil
}

func (c *Calendar) kind(d day) (Kind, string) {
	if name, ok := c.rest[d]; ok {
		return Holiday, name
	}
	if c.work[d] {
		return Workday, ""
	}
	if name := c.fixedName(d); name != "" {
		return Holiday, name
	}
	if d.weekend() {
		return Weekend, ""
	}
	return Workday, ""
}

func (c *Calendar) fixedName(d day) string {
	t := d.utc()
	for _, f := range c.fixed {
		if t.Year() < f.FromYear || (f.UntilYear != 0 && t.Year() > f.UntilYear) {
			continue
		}
		first := civil(t.Year(), time.Month(f.Month), f.Day)
		if d >= first && d < first+day(f.Days) {
			return f.Name
		}
	}
	return ""
}

func (c *Calendar) working(d day) bool {
	kind, _ := c.kind(d)
	return kind == Workday
}

// settled tells whether every notice that may speak of the day is published.
func (c *Calendar) settled(d day) bool {
	t := d.utc()
	if !c.published[t.Year()] {
		return false
	}
	return t.Month() != time.December || t.Day() < newYearBridge || c.published[t.Year()+1]
}
