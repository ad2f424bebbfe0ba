// Package report is the street's audit: what was reported, how soon it was answered and put right, and what
// households said about it, as rates with numerator, denominator and everything that was left out. It reads
// the events of work orders and the ratings, never their present state, so that every figure can be computed
// again for any past period as it was known then (R3.8). A published month is frozen, sealed into the ledger
// "rates" and corrected only by a new revision.
//
// The figures are pure functions: fold.go turns the events of one order into what happened when, tally.go
// counts it, suppress.go decides which ratings may be shown. SQL only loads facts.
package report

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// Log is the ledger log that published months are sealed into.
const Log = "rates"

// Month is a calendar month in China, as "2026-11".
type Month string

// ParseMonth reads "2026-11".
func ParseMonth(s string) (Month, error) {
	t, err := time.ParseInLocation("2006-01", s, clock.Shanghai)
	if err != nil || t.Year() < 1970 {
		return "", fmt.Errorf("not a month as YYYY-MM")
	}
	return Month(t.Format("2006-01")), nil
}

// MonthOf is the month that a moment falls into in China.
func MonthOf(at clock.Instant) Month {
	return Month(at.Time().In(clock.Shanghai).Format("2006-01"))
}

func (m Month) first() time.Time {
	t, _ := time.ParseInLocation("2006-01", string(m), clock.Shanghai) // a Month was parsed or made by MonthOf
	return t
}

// Start is the first moment of the month.
func (m Month) Start() clock.Instant { return clock.At(m.first()) }

// Add is the month n later.
func (m Month) Add(n int) Month { return Month(m.first().AddDate(0, n, 0).Format("2006-01")) }

// End is the first moment after the month.
func (m Month) End() clock.Instant { return m.Add(1).Start() }

// Period is a stretch of time; To is the first moment after it.
type Period struct {
	From clock.Instant `json:"from" doc:"First moment"`
	To   clock.Instant `json:"to" doc:"First moment after it"`
}

// Period is the whole month.
func (m Month) Period() Period { return Period{m.Start(), m.End()} }

func (p Period) holds(at clock.Instant) bool { return at >= p.From && at < p.To }

// Dimension is what figures are broken down by.
type Dimension string

// The dimensions. A project is a company in a service area: the unit that is rated (R1.1).
const (
	Total       Dimension = "total"
	Community   Dimension = "community"
	Company     Dimension = "company"
	Project     Dimension = "project"
	ServiceArea Dimension = "service_area"
	Estate      Dimension = "estate"
	Category    Dimension = "category"
	ByMonth     Dimension = "month"
)

// ranked are the dimensions in the order in which ratings are released: a cell comes out unless, together with
// those before it, it would single out a small group.
func ranked() []Dimension {
	return []Dimension{Total, ByMonth, Community, Company, Project, ServiceArea, Estate, Category}
}

// published are the dimensions of a snapshot, which is of one month.
func published() []Dimension {
	return []Dimension{Total, Community, Company, Project, ServiceArea, Estate, Category}
}

// Cell names one group: a dimension and which of its groups. The key is an identifier, two of them for a
// project (service area, then company), a code of a category, a month, or "all"; "none" is the group of
// orders in nobody's but the community's own hands.
type Cell struct {
	Dimension Dimension
	Key       string
}

const (
	keyAll  = "all"
	keyNone = "none"
)

// String is the form that paths of the API carry.
func (c Cell) String() string { return string(c.Dimension) + "." + c.Key }

// ParseCell reads what String wrote; false for anything else.
func ParseCell(s string) (Cell, bool) {
	dim, key, ok := strings.Cut(s, ".")
	c := Cell{Dimension(dim), key}
	if !ok || key == "" || len(key) > 80 {
		return c, false
	}
	switch c.Dimension {
	case Total:
		return c, key == keyAll
	case Company:
		_, err := id.Parse(key)
		return c, err == nil || key == keyNone
	case Community, ServiceArea, Estate:
		_, err := id.Parse(key)
		return c, err == nil
	case Project:
		area, company, ok := c.project()
		return c, ok && !area.IsZero() && (company != id.Nil || strings.HasSuffix(key, "."+keyNone))
	case ByMonth:
		_, err := ParseMonth(key)
		return c, err == nil
	case Category:
		return c, true
	}
	return c, false
}

// project splits the key of a project; the company is zero for "none".
func (c Cell) project() (area, company id.ID, ok bool) {
	a, b, found := strings.Cut(c.Key, ".")
	area, err := id.Parse(a)
	if !found || err != nil {
		return area, company, false
	}
	if b == keyNone {
		return area, company, true
	}
	company, err = id.Parse(b)
	return area, company, err == nil
}

// area is the place that the cell is about, zero when it is about none.
func (c Cell) area() id.ID {
	switch c.Dimension {
	case Community, ServiceArea, Estate:
		a, _ := id.Parse(c.Key) // a key of these dimensions was an identifier when it was made
		return a
	case Project:
		a, _, _ := c.project()
		return a
	}
	return id.Nil
}

// company is the organisation that the cell is about, zero when it is about none.
func (c Cell) company() id.ID {
	switch c.Dimension {
	case Company:
		o, _ := id.Parse(c.Key) // "none" is no identifier and no organisation
		return o
	case Project:
		_, o, _ := c.project()
		return o
	}
	return id.Nil
}

func keyOf(v id.ID) string {
	if v.IsZero() {
		return keyNone
	}
	return v.String()
}

// percent writes 100·num/den with two decimals, rounded half up; "" when there is nothing to divide by.
func percent(num, den int64) string {
	if den == 0 {
		return ""
	}
	n := new(big.Int).Mul(big.NewInt(num), big.NewInt(20_000))
	n.Add(n, big.NewInt(den)).Quo(n, new(big.Int).Mul(big.NewInt(den), big.NewInt(2)))
	return hundredths(n.Int64())
}

// hundredths writes n/100 with two decimals.
func hundredths(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return sign + strconv.FormatInt(n/100, 10) + "." + fmt.Sprintf("%02d", n%100)
}
