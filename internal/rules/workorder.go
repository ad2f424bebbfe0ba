package rules

import (
	"fmt"

	"github.com/redproperty/redproperty/internal/calendar"
)

// Audience is who an escalation tells.
type Audience string

// The audiences, from the nearest.
const (
	ToCompany      Audience = "company"
	ToCommunity    Audience = "community"
	ToStreetOffice Audience = "street_office"
	ToStreetQueue  Audience = "street_queue" // the street's named queue of orders that nobody moves (R4.6)
)

// Step is one rung of the escalation ladder.
type Step struct {
	// Percent of the limit that must be used up.
	Percent int        `yaml:"percent"`
	To      []Audience `yaml:"to"`
	// FloorMinutes is the least natural time since dispatch, by severity.
	FloorMinutes map[Severity]int `yaml:"floor_minutes"`
	// Wakes are the severities told in quiet hours too; the others wait for the morning.
	Wakes []Severity `yaml:"wakes"`
}

// MayWake tells whether the step is sent in quiet hours for this severity.
func (s Step) MayWake(v Severity) bool { return oneOf(v, s.Wakes) }

// WorkOrderRules is the file on how orders run. Field names carry their units.
type WorkOrderRules struct {
	Hours      map[HoursName]calendar.Hours `yaml:"hours"`
	Quiet      calendar.Quiet               `yaml:"quiet"`
	Escalation []Step                       `yaml:"escalation"`
	Repeat     struct {
		WithinDays int `yaml:"within_days"`
		// Lift maps a severity to the one a repeated trouble gets.
		Lift map[Severity]Severity `yaml:"lift"`
	} `yaml:"repeat"`
	Confirmation struct {
		RemindAfterDays int `yaml:"remind_after_days"`
		AutoCloseDays   int `yaml:"auto_close_days"` // then it closes as unrated
		ReopenDays      int `yaml:"reopen_days"`
	} `yaml:"confirmation"`
	Rating struct {
		OpenDays            int `yaml:"open_days"`
		LowAtMost           int `yaml:"low_at_most"` // on the scale of 1 to 5
		CallBackWorkingDays int `yaml:"call_back_working_days"`
	} `yaml:"rating"`
	Verification struct {
		SamplePercent int `yaml:"sample_percent"`
		LeastPerMonth int `yaml:"least_per_month"`
	} `yaml:"verification"`
	Objection struct {
		FileWithinHours   int `yaml:"file_within_hours"`
		DecideWithinHours int `yaml:"decide_within_hours"`
	} `yaml:"objection"`
	Extension struct {
		AtMostPercent int `yaml:"at_most_percent"` // of the limit it extends
	} `yaml:"extension"`
	Deferral struct {
		ReviewAtMostDays int `yaml:"review_at_most_days"`
	} `yaml:"deferral"`
	Conduct struct {
		StatementWorkingDays int `yaml:"statement_working_days"`
	} `yaml:"conduct"`
	Reveal struct {
		AtMostHours int `yaml:"at_most_hours"`
	} `yaml:"reveal"`
	Photos struct {
		AtMost int `yaml:"at_most"`
	} `yaml:"photos"`
}

// Lifted is the severity of a trouble that came back at the same place (R4.4); most stay as they are.
func (w *WorkOrderRules) Lifted(s Severity) Severity {
	if up, ok := w.Repeat.Lift[s]; ok {
		return up
	}
	return s
}

// ParseWorkOrders reads and checks the rules of work orders.
func ParseWorkOrders(f File) (*WorkOrderRules, error) {
	w := &WorkOrderRules{}
	if err := f.decode(w); err != nil {
		return nil, err
	}
	c := &check{file: f.Name}
	for _, name := range []HoursName{ServiceHours, OfficeHours} {
		_, ok := w.Hours[name]
		c.want(ok, "hours."+string(name), "missing")
	}
	for name, h := range w.Hours {
		c.want(oneOf(name, []HoursName{ServiceHours, OfficeHours}), "hours."+string(name), "unknown")
		if err := h.Check(); err != nil {
			c.add("hours."+string(name), "%v", err)
		}
	}
	if err := w.Quiet.Check(); err != nil {
		c.add("quiet", "%v", err)
	}
	w.checkEscalation(c)
	w.checkLift(c)
	w.checkNumbers(c)
	return w, c.err()
}

func (w *WorkOrderRules) checkEscalation(c *check) {
	c.want(len(w.Escalation) > 0, "escalation", "missing")
	for i, s := range w.Escalation {
		field := fmt.Sprintf("escalation[%d]", i)
		c.within(field+".percent", s.Percent, 1, 1000)
		c.want(len(s.To) > 0, field+".to", "missing")
		for _, a := range s.To {
			c.want(oneOf(a, []Audience{ToCompany, ToCommunity, ToStreetOffice, ToStreetQueue}), field+".to", "unknown %q", a)
		}
		for _, v := range s.Wakes {
			c.want(oneOf(v, Severities()), field+".wakes", "unknown %q", v)
		}
		c.want(s.MayWake(Emergency), field+".wakes", "an emergency never waits for the morning")
		c.want(len(s.FloorMinutes) == len(Severities()), field+".floor_minutes", "want each severity once")
		for _, v := range Severities() {
			floor, ok := s.FloorMinutes[v]
			c.want(ok && floor >= 0 && floor <= longestLimit, field+".floor_minutes."+string(v), "want 0 to %d", longestLimit)
			c.want(i == 0 || floor >= w.Escalation[i-1].FloorMinutes[v], field+".floor_minutes."+string(v), "sooner than the step before")
		}
		c.want(i == 0 || s.Percent > w.Escalation[i-1].Percent, field+".percent", "want steps in ascending order")
	}
}

func (w *WorkOrderRules) checkLift(c *check) {
	for from, to := range w.Repeat.Lift {
		known := oneOf(from, Severities()) && oneOf(to, Severities())
		c.want(known && from != to, "repeat.lift."+string(from), "want a severity and another one")
		c.want(to != Emergency, "repeat.lift."+string(from), "an emergency is a matter of its category: the numbers come first (R4.3)")
	}
}

func (w *WorkOrderRules) checkNumbers(c *check) {
	for _, n := range []struct {
		field           string
		value, low, top int
	}{
		{"repeat.within_days", w.Repeat.WithinDays, 1, 366},
		{"confirmation.remind_after_days", w.Confirmation.RemindAfterDays, 1, 60},
		{"confirmation.auto_close_days", w.Confirmation.AutoCloseDays, 1, 90},
		{"confirmation.reopen_days", w.Confirmation.ReopenDays, 1, 366},
		{"rating.open_days", w.Rating.OpenDays, 1, 90},
		{"rating.low_at_most", w.Rating.LowAtMost, 1, 4},
		{"rating.call_back_working_days", w.Rating.CallBackWorkingDays, 1, 30},
		{"verification.sample_percent", w.Verification.SamplePercent, 1, 100},
		{"verification.least_per_month", w.Verification.LeastPerMonth, 1, 1000},
		{"objection.file_within_hours", w.Objection.FileWithinHours, 1, 24 * 30},
		{"objection.decide_within_hours", w.Objection.DecideWithinHours, 1, 24 * 30},
		{"extension.at_most_percent", w.Extension.AtMostPercent, 1, 100},
		{"deferral.review_at_most_days", w.Deferral.ReviewAtMostDays, 1, 366},
		{"conduct.statement_working_days", w.Conduct.StatementWorkingDays, 1, 30},
		{"reveal.at_most_hours", w.Reveal.AtMostHours, 1, 24 * 7},
		{"photos.at_most", w.Photos.AtMost, 1, 9},
	} {
		c.within(n.field, n.value, n.low, n.top)
	}
	c.want(w.Confirmation.RemindAfterDays < w.Confirmation.AutoCloseDays, "confirmation.remind_after_days", "want fewer than auto_close_days")
}
