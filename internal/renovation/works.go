package renovation

import (
	"math/bits"

	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// Milestone is a day by which something is to be reached.
type Milestone struct {
	ID         id.ID         `db:"id" json:"id"`
	ProjectID  id.ID         `db:"renovation_id" json:"-"`
	ItemID     *id.ID        `db:"item_id" json:"itemId,omitempty"`
	Title      string        `db:"title" json:"title"`
	PlannedOn  clock.Date    `db:"planned_on" json:"plannedOn" doc:"As it was planned; it never moves"`
	ForecastOn clock.Date    `db:"forecast_on" json:"forecastOn" doc:"As it is expected after delays"`
	ActualOn   *clock.Date   `db:"actual_on" json:"actualOn,omitempty"`
	Warned     string        `db:"warned" json:"-"`
	WarnOn     *clock.Date   `db:"warn_on" json:"-"`
	CreatedAt  clock.Instant `db:"created_at" json:"-"`

	Delays   []Delay `db:"-" json:"delays"`
	DaysLate int64   `db:"-" json:"daysLate" doc:"Behind the plan: as reached, as forecast, or as it stands today; 0 in time"`
}

// The words of warning about a milestone, in their order.
const (
	warnedNear = "near" // it is a few days away
	warnedLate = "late" // its day has passed
)

// late is how many days the milestone is behind its plan.
func (m Milestone) late(today clock.Date) int64 {
	at := max(m.ForecastOn, today)
	if m.ActualOn != nil {
		at = *m.ActualOn
	} else if m.ForecastOn >= today {
		at = m.ForecastOn
	}
	return max(0, daysBetween(m.PlannedOn, at))
}

// daysBetween counts calendar days.
func daysBetween(from, to clock.Date) int64 {
	return int64(to.Start().Sub(from.Start()).Hours() / 24)
}

// wait sets when the milestone is next warned about.
func (m *Milestone) wait(warningDays int) {
	m.WarnOn = nil
	switch {
	case m.ActualOn != nil:
	case m.Warned == "":
		near := m.ForecastOn.AddDays(-warningDays)
		m.WarnOn = &near
	case m.Warned == warnedNear:
		after := m.ForecastOn.AddDays(1)
		m.WarnOn = &after
	}
}

// Reason is why a milestone is late.
type Reason string

// The reasons.
const (
	ForWeather   Reason = "weather"
	ForMaterial  Reason = "material"
	ForFunding   Reason = "funding"
	ForResidents Reason = "residents" // wishes and agreements on the site
	ForDesign    Reason = "design"
	ForUtilities Reason = "utilities" // works of utilities on the same site
	ForLabour    Reason = "labour"
	ForFindings  Reason = "findings" // what was found had to be put right first
	ForOther     Reason = "other"
)

// Delay is a milestone's move to a later day, with the reason that residents read.
type Delay struct {
	MilestoneID id.ID         `db:"milestone_id" json:"-"`
	FromOn      clock.Date    `db:"from_on" json:"fromOn"`
	ToOn        clock.Date    `db:"to_on" json:"toOn"`
	Reason      Reason        `db:"reason" json:"reason" enum:"weather,material,funding,residents,design,utilities,labour,findings,other"`
	Words       string        `db:"words" json:"words,omitempty"`
	At          clock.Instant `db:"at" json:"at"`
}

// FindingKind is what was found on a site.
type FindingKind string

// The kinds of finding.
const (
	FoundSafety  FindingKind = "safety"
	FoundQuality FindingKind = "quality"
	FoundDefect  FindingKind = "defect" // on acceptance or under warranty
)

// Finding is something found on a site; a work order to the contractor puts it right.
type Finding struct {
	ID     id.ID         `db:"id" json:"id"`
	ItemID *id.ID        `db:"item_id" json:"itemId,omitempty"`
	Kind   FindingKind   `db:"kind" json:"kind" enum:"safety,quality,defect"`
	Title  string        `db:"title" json:"title"`
	Words  string        `db:"words" json:"words,omitempty"`
	Order  id.ID         `db:"order_id" json:"orderId" doc:"The work order to the contractor"`
	Number string        `db:"order_number" json:"orderNumber"`
	At     clock.Instant `db:"at" json:"at"`
	Open   bool          `db:"-" json:"open" doc:"The order is not over"`
	Done   bool          `db:"-" json:"done,omitempty" doc:"It is put right, and somebody else than who did it is to look: of an open one"`
}

// Supervisor is a resident who volunteers to look after the works (R2.9). Nobody is appointed without having volunteered.
type Supervisor struct {
	ID            id.ID           `db:"id" json:"id"`
	PersonID      *id.ID          `db:"person_id" json:"-"`
	State         SupervisorState `db:"state" json:"state" enum:"volunteered,confirmed,ended"`
	VolunteeredAt clock.Instant   `db:"volunteered_at" json:"volunteeredAt"`
	ConfirmedAt   *clock.Instant  `db:"confirmed_at" json:"confirmedAt,omitempty"`
	EndedAt       *clock.Instant  `db:"ended_at" json:"endedAt,omitempty"`
	Name          string          `db:"-" json:"name,omitempty" doc:"Masked; for the owners' side and the offices"`
	Mine          bool            `db:"-" json:"mine" doc:"It is you"`
}

// SupervisorState is where a supervisor's office is.
type SupervisorState string

// The states of a supervisor.
const (
	Volunteered SupervisorState = "volunteered"
	Confirmed   SupervisorState = "confirmed"
	Ended       SupervisorState = "ended"
)

// Progress is what was measured of an item on a day, all of it so far.
type Progress struct {
	ItemID     id.ID         `db:"item_id" json:"itemId"`
	MeasuredOn clock.Date    `db:"measured_on" json:"measuredOn"`
	Quantity   int64         `db:"quantity" json:"quantity" doc:"So far, in hundredths of the item's unit"`
	Note       string        `db:"note" json:"note,omitempty"`
	At         clock.Instant `db:"at" json:"at"`
}

// DiaryEntry is what happened on the site on a day. Photos are optional (R6.2).
type DiaryEntry struct {
	ID     id.ID         `db:"id" json:"id"`
	On     clock.Date    `db:"on_date" json:"on"`
	Words  string        `db:"words" json:"words"`
	At     clock.Instant `db:"at" json:"at"`
	OrgID  *id.ID        `db:"org_id" json:"organisationId,omitempty"`
	Photos []blob.Hash   `db:"-" json:"photos" doc:"Hashes of the photos"`
}

// EarnedValue compares what is built with what was planned to be built and what was paid for it, in fen. Indices are in hundredths of a
// per cent: 9500 is 95 %; absent where nothing is planned, or paid, yet.
type EarnedValue struct {
	PlannedFen int64  `json:"plannedFen" doc:"Budget of what is to be built by today, evenly over each item's days"`
	EarnedFen  int64  `json:"earnedFen" doc:"Budget of what is built"`
	ActualFen  int64  `json:"actualFen" doc:"Paid for the items"`
	Schedule   *int64 `json:"scheduleIndex,omitempty" doc:"Earned over planned"`
	Cost       *int64 `json:"costIndex,omitempty" doc:"Earned over paid"`
}

// earned computes the earned value of items on a day.
func earned(items []Item, paid map[id.ID]int64, today clock.Date) EarnedValue {
	var v EarnedValue
	for _, it := range items {
		v.EarnedFen += part(it.BudgetFen, it.DoneQuantity, it.Quantity)
		v.ActualFen += paid[it.ID]
		if it.PlannedFrom == nil || today < *it.PlannedFrom {
			continue
		}
		whole := daysBetween(*it.PlannedFrom, *it.PlannedUntil) + 1
		v.PlannedFen += part(it.BudgetFen, min(whole, daysBetween(*it.PlannedFrom, today)+1), whole)
	}
	v.Schedule, v.Cost = ratio(v.EarnedFen, v.PlannedFen), ratio(v.EarnedFen, v.ActualFen)
	return v
}

// part is amount × n / of, cut to the fen, in 128 bits so that no product overflows.
func part(amount, n, of int64) int64 {
	hi, lo := bits.Mul64(uint64(amount), uint64(n))
	quotient, _ := bits.Div64(hi, lo, uint64(of))
	return int64(quotient)
}

func ratio(a, b int64) *int64 {
	if b == 0 {
		return nil
	}
	r := part(a, 10_000, b)
	return &r
}
