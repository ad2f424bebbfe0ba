package workorder

import (
	"slices"
	"time"

	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// StepEscalate is the event of a rung of the ladder (R4.6).
const StepEscalate Step = "escalate"

// stepWeather is the event of a due time that moved because extreme weather was declared, or ended.
const stepWeather Step = "weather"

// escalates and waitsOutWeather are taken by jobs only and change no state.
var (
	escalates       = legal{StepEscalate, unfinished, same, jobs, nil}
	waitsOutWeather = legal{stepWeather, unfinished, same, jobs, nil}
)

// reviewNotice is how long before the end of its review date a deferred order enters the ladder: that day.
const reviewNotice = 24 * time.Hour

// limit is what an order is running against now: the clock of its due stage. False while no clock runs.
func (c Clocks) limit(f Facts, stops Stops) (calendar.Run, bool) {
	if f.DueAt == nil {
		return calendar.Run{}, false
	}
	switch f.DueStage {
	case StageDecision:
		return until(*f.DueAt, hours(c.rules.WorkOrders.Objection.DecideWithinHours)), true
	case StageReview:
		return until(*f.DueAt, reviewNotice), true
	}
	return f.Run(f.DueStage, stops)
}

func until(due clock.Instant, length time.Duration) calendar.Run {
	return calendar.Run{Start: due.Add(-length), Limit: length, Mode: calendar.Natural}
}

// rung is a level of the ladder that an order has come to.
type rung struct {
	step    rules.Step
	reached clock.Instant
}

// climb finds the levels of the running limit that are to be told now and have not been yet, the lowest
// first, and the next moment to look, nil when the ladder has an end or the clock stands.
//
// A level is told when its percentage is used up, not before the floor of the severity, and, unless the
// severity may wake people for this level, not in quiet hours. What no level wakes anybody for also waits
// for working hours. So a job that was away for a night finds the levels of the night, and does not send
// them at three in the morning either.
func (c Clocks) climb(f Facts, stops Stops, fired []int64, now clock.Instant) (due []rung, next *clock.Instant) {
	run, ok := c.limit(f, stops)
	if !ok {
		return nil, nil
	}
	for _, step := range c.rules.WorkOrders.Escalation {
		if slices.Contains(fired, int64(step.Percent)) {
			continue
		}
		m, ok := c.keeper(f.SLAMode).ReachedAt(run, step.Percent)
		if !ok {
			continue
		}
		floor := run.Start.Add(time.Duration(step.FloorMinutes[f.Severity]) * time.Minute)
		at := c.tellable(f, step, max(m.At, floor, now))
		if at <= now {
			due = append(due, rung{step, m.At})
		} else if next == nil || at < *next {
			next = at.Ptr()
		}
	}
	return due, next
}

// tellable is at, or the first moment after it at which this level may be told.
func (c Clocks) tellable(f Facts, step rules.Step, at clock.Instant) clock.Instant {
	if step.MayWake(f.Severity) {
		return at
	}
	at = calendar.NextWaking(at, c.rules.WorkOrders.Quiet)
	if !c.canWait(f.Severity) {
		return at
	}
	mode := f.SLAMode
	if mode == NaturalTime {
		mode = OfficeHours
	}
	return c.keeper(mode).NextOpen(at).At
}

// canWait tells whether no level ever wakes anybody for this severity: it waits for working hours, and is
// sent with others in a digest.
func (c Clocks) canWait(v rules.Severity) bool {
	return !slices.ContainsFunc(c.rules.WorkOrders.Escalation, func(s rules.Step) bool { return s.MayWake(v) })
}

// audience is who is told. Where no organisation has the order, the community that has it stands for it;
// a decision or review that is late is the area's own; and what the community must not see goes to the street.
func audience(to []rules.Audience, f Facts) []rules.Audience {
	var out []rules.Audience
	for _, a := range to {
		own := f.DueStage == StageDecision || f.DueStage == StageReview
		if a == rules.ToCompany && (f.HandlerOrgID == nil || own || f.IdentityRule == rules.ConductCase) {
			a = rules.ToCommunity
		}
		if a == rules.ToCommunity && f.CommunityID == nil {
			a = rules.ToStreetOffice
		}
		if !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}

// OrderEscalation is one level that an order came to, as everybody who may see the order sees it.
type OrderEscalation struct {
	ID        id.ID            `db:"id" json:"id"`
	OrderID   id.ID            `db:"order_id" json:"orderId"`
	Number    string           `db:"number" json:"orderNumber" doc:"Short number of the order"`
	Title     string           `db:"title" json:"orderTitle,omitempty" doc:"In the street's queue: what the order is about. Numbers of persons are masked, since the list goes to a meeting"`
	Place     string           `db:"place" json:"place,omitempty" doc:"In the street's queue: where, without the dwelling"`
	Round     clock.Instant    `db:"round" json:"runningSince" doc:"When the limit that was running began"`
	Stage     Stage            `db:"stage" json:"stage" doc:"Which limit: accept, arrive, control, fix, decision or review"`
	Level     int64            `db:"level" json:"level" doc:"Per cent of the limit used up"`
	Severity  rules.Severity   `db:"severity" json:"severity"`
	To        []rules.Audience `db:"-" json:"to" doc:"Who was told: company, community, street_office, street_queue"`
	Told      bool             `db:"told" json:"told" doc:"False when a higher level was reached by then and told instead"`
	ReachedAt clock.Instant    `db:"reached_at" json:"reachedAt"`
	At        clock.Instant    `db:"at" json:"at" doc:"When it was told: night and rest are left alone for what can wait"`

	Audience string `db:"audience" json:"-"`
}

// The kinds of extreme weather that a street can declare.
var weatherKinds = []string{"rain", "typhoon", "wind", "snow", "ice", "cold", "heat", "fog", "thunder", "other"}

// How far back and how long a spell of weather can be declared: a street does not clear what is overdue
// by declaring last month's rain.
const (
	weatherBack = 24 * time.Hour
	weatherLong = 30 * 24 * time.Hour
)

// WeatherWindow is a spell of extreme weather declared for an area. It stops the working clocks of the
// categories that may wait for it; what runs on natural time cannot wait for the sky.
type WeatherWindow struct {
	ID         id.ID          `db:"id" json:"id"`
	AreaID     id.ID          `db:"area_id" json:"areaId"`
	ScopePath  string         `db:"scope_path" json:"-"`
	Kind       string         `db:"kind" json:"kind" enum:"rain,typhoon,wind,snow,ice,cold,heat,fog,thunder,other"`
	Reason     string         `db:"reason" json:"reason" doc:"As the warning said"`
	From       clock.Instant  `db:"from_at" json:"from"`
	To         *clock.Instant `db:"to_at" json:"to,omitempty" doc:"Absent while it is not over"`
	DeclaredAt clock.Instant  `db:"declared_at" json:"declaredAt"`
	Version    int64          `db:"version" json:"version"`

	PersonID *id.ID `db:"person_id" json:"-"`
	OrgID    *id.ID `db:"org_id" json:"-"`
	// ApplyAfter is how far the job has come with moving the due times; nil when it is done.
	ApplyAfter *id.ID `db:"apply_after" json:"-"`
}

// escalated shows in the order's history which level an escalation came to.
func (v *OrderEvent) escalated(e Event) {
	if e.Kind != StepEscalate {
		return
	}
	info, err := e.Info()
	if err != nil {
		return
	}
	if level, ok := info["level"].(float64); ok {
		v.Level = int64(level)
	}
	if stage, ok := info["stage"].(string); ok {
		v.Stage = Stage(stage)
	}
}
