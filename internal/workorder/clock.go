package workorder

import (
	"time"

	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// Mode is which time an order's clock counts.
type Mode string

// The modes: every minute, or the working hours named in workorder.yaml.
const (
	NaturalTime  Mode = "natural"
	ServiceHours Mode = "service"
	OfficeHours  Mode = "office"
)

// Stage is what a limit is about.
type Stage string

// The stages with a limit of the table of times, then those with one of workorder.yaml.
const (
	StageAccept   Stage = "accept"
	StageArrive   Stage = "arrive"
	StageControl  Stage = "control"
	StageFix      Stage = "fix"
	StageDecision Stage = "decision" // of an objection
	StageReview   Stage = "review"   // of a deferred order
	StageNone     Stage = ""
)

// Clocks counts the limits of orders. The accept clock starts when the order comes to its handler and is
// due until it is dispatched; arrive, control and fix start at dispatch, whether or not anybody signs for
// it (R3.4). They stand only while the resident is waited for.
type Clocks struct{ rules *rules.Set }

// NewClocks counts by these rules.
func NewClocks(r *rules.Set) Clocks { return Clocks{r} }

// setTimes gives the order its limits: the contract's promise where there is one, else the category's
// reference times at the order's severity.
func (c Clocks) setTimes(f *Facts, cat *rules.Category, promise *Promise) {
	ref := c.rules.Categories.Times(cat, f.Severity)
	f.RuleHash, f.CategoryHash = c.rules.Hash(rules.WorkOrders), c.rules.Hash(rules.Categories)
	if promise != nil {
		f.SLASource, f.SLAContractID = Promised, promise.ContractID.Ptr()
		f.AcceptMin, f.ArriveMin, f.ControlMin, f.FixMin = promise.AcceptMin, promise.ArriveMin, promise.ControlMin, promise.FixMin
		f.SLAMode = NaturalTime
		if promise.Working {
			f.SLAMode = workingMode(ref)
		}
		return
	}
	f.SLASource, f.SLAContractID = Reference, nil
	f.AcceptMin, f.ArriveMin, f.ControlMin, f.FixMin = minutes(ref.Accept), minutes(ref.Arrive), minutes(ref.Control), minutes(ref.Fix)
	f.SLAMode = NaturalTime
	if ref.Clock == calendar.Working {
		f.SLAMode = workingMode(ref)
	}
}

// workingMode names the working hours of the category's kind of work; a contract names none of its own.
func workingMode(ref rules.Times) Mode {
	if ref.Hours == rules.OfficeHours {
		return OfficeHours
	}
	return ServiceHours
}

func minutes(m *int) int64 {
	if m == nil {
		return 0
	}
	return int64(*m)
}

// keeper is the timekeeper of the order's mode.
func (c Clocks) keeper(m Mode) *calendar.Timekeeper {
	hours := rules.ServiceHours
	if m == OfficeHours {
		hours = rules.OfficeHours
	}
	return c.rules.Keeper(rules.Times{Hours: hours})
}

// Run is the clock of a stage with everything that stops or lengthens it; false for a stage without a
// limit, or whose clock has not started.
func (f Facts) Run(s Stage, stops Stops) (calendar.Run, bool) {
	start, limit, extension := f.ClockStart, int64(0), int64(0)
	switch s {
	case StageAccept:
		start, limit = f.HandedAt.Ptr(), f.AcceptMin
		stops = Stops{}
	case StageArrive:
		limit = f.ArriveMin
	case StageControl:
		limit = f.ControlMin
	case StageFix:
		limit, extension = f.FixMin, f.ExtensionMin
	}
	if start == nil || limit == 0 {
		return calendar.Run{}, false
	}
	mode := calendar.Working
	if f.SLAMode == NaturalTime {
		mode = calendar.Natural
	}
	return calendar.Run{
		Start: *start, Limit: time.Duration(limit) * time.Minute, Mode: mode,
		Extension: time.Duration(extension) * time.Minute, Pauses: stops.Pauses, Weather: stops.Weather,
	}, true
}

// Stops is what stops an order's clock: waiting for the resident, and declared extreme weather where the
// category may wait for it.
type Stops struct {
	Pauses  []calendar.Span
	Weather []calendar.Span
}

// DueOf is when a stage is due; nil when it has no limit, has not started, or its clock stands.
func (c Clocks) DueOf(f Facts, s Stage, stops Stops) (*clock.Instant, bool) {
	run, ok := f.Run(s, stops)
	if !ok {
		return nil, false
	}
	m, ok := c.keeper(f.SLAMode).DueAt(run)
	if !ok {
		return nil, false
	}
	return m.At.Ptr(), m.Provisional
}

// recompute derives every due time and who is waited for from the other facts. The due times of a
// decision and of a review are set by the steps that begin them.
func (c Clocks) recompute(f *Facts, stops Stops) {
	f.Waiting = f.waiting()
	var provisional [4]bool
	f.AcceptDueAt, provisional[0] = c.DueOf(*f, StageAccept, stops)
	f.ArriveDueAt, provisional[1] = c.DueOf(*f, StageArrive, stops)
	f.ControlDueAt, provisional[2] = c.DueOf(*f, StageControl, stops)
	f.FixDueAt, provisional[3] = c.DueOf(*f, StageFix, stops)
	f.DueProvisional = provisional[0] || provisional[1] || provisional[2] || provisional[3]
	if f.State == Returned || f.State == Deferred {
		return
	}
	f.DueAt, f.DueStage = f.next()
}

// next is what is due next of the stages that are not done yet; a stage that is done is never due.
func (f *Facts) next() (*clock.Instant, Stage) {
	switch f.State {
	case Reported, Accepted:
		if f.AcceptDueAt != nil {
			return f.AcceptDueAt, StageAccept
		}
		return nil, StageNone
	case Dispatched, InProgress:
	default:
		return nil, StageNone
	}
	var due *clock.Instant
	stage := StageNone
	for _, s := range []struct {
		stage Stage
		due   *clock.Instant
		done  *clock.Instant
	}{{StageArrive, f.ArriveDueAt, f.ArrivedAt}, {StageControl, f.ControlDueAt, f.ControlledAt}, {StageFix, f.FixDueAt, f.ResolvedAt}} {
		if s.done == nil && s.due != nil && (due == nil || *s.due < *due) {
			due, stage = s.due, s.stage
		}
	}
	return due, stage
}

// startClock begins a new round of the clock, at dispatch or at what amounts to one.
func (f *Facts) startClock(at clock.Instant) {
	f.ClockRound++
	f.ClockStart, f.PausedAt, f.ExtensionMin = at.Ptr(), nil, 0
	f.ArrivedAt, f.ControlledAt, f.ResolvedAt, f.VerifiedAt = nil, nil, nil, nil
}

// stopClock ends the round: the order left its handler.
func (f *Facts) stopClock() {
	f.ClockStart, f.PausedAt = nil, nil
	f.ArrivedAt, f.ControlledAt, f.ResolvedAt, f.VerifiedAt = nil, nil, nil, nil
}

// handTo puts the order into other hands; nil are the community's.
func (f *Facts) handTo(org *id.ID, via string, at clock.Instant) {
	f.HandlerOrgID, f.HandledVia, f.HandedAt = org, via, at
	f.AssigneeID, f.Subcontractor = nil, ""
}
