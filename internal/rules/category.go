package rules

import (
	"time"

	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/fault"
)

// Responsibility is whose a trouble is to put right (R4.2).
type Responsibility string

// The responsibilities.
const (
	CommonPart        Responsibility = "common_part"
	PrivatePart       Responsibility = "private_part"
	Utility           Responsibility = "utility"
	DeveloperWarranty Responsibility = "developer_warranty"
	Public            Responsibility = "public"
	FeeQuestion       Responsibility = "fee_question"
	Conduct           Responsibility = "conduct"
)

var responsibilities = []Responsibility{CommonPart, PrivatePart, Utility, DeveloperWarranty, Public, FeeQuestion, Conduct}

// Severity is how grave an order is.
type Severity string

// The severities.
const (
	Emergency Severity = "emergency"
	Urgent    Severity = "urgent"
	Normal    Severity = "normal"
	Complex   Severity = "complex"
	Complaint Severity = "complaint"
	Inquiry   Severity = "inquiry"
)

// Severities lists all severities, the gravest first.
func Severities() []Severity {
	return []Severity{Emergency, Urgent, Normal, Complex, Complaint, Inquiry}
}

// Identity is who may see the reporter.
type Identity string

// The identity rules.
const (
	// HomeRepair: the assigned worker sees name and phone until closing.
	HomeRepair Identity = "home_repair"
	// ServiceDefect: the company sees the case, not the reporter; contact goes through the relay.
	ServiceDefect Identity = "service_defect"
	// ConductCase: the community alone handles it; the party sees a case without names.
	ConductCase Identity = "conduct"
)

// HoursName names a set of working hours in the work-order rules.
type HoursName string

// The sets of working hours.
const (
	ServiceHours HoursName = "service"
	OfficeHours  HoursName = "office"
)

// Times are reference limits in minutes from dispatch. A nil stage has no limit.
type Times struct {
	Clock calendar.Mode `yaml:"clock"`
	// Hours is the set a working clock runs in; empty for a natural one.
	Hours   HoursName `yaml:"hours"`
	Accept  *int      `yaml:"accept"`
	Arrive  *int      `yaml:"arrive"`
	Control *int      `yaml:"control"`
	Fix     *int      `yaml:"fix"`
}

// Stage is a step of handling that has a limit.
type Stage string

// The stages, in order.
const (
	StageAccept  Stage = "accept"
	StageArrive  Stage = "arrive"
	StageControl Stage = "control"
	StageFix     Stage = "fix"
)

// Stages lists the stages in order.
func Stages() []Stage { return []Stage{StageAccept, StageArrive, StageControl, StageFix} }

// Limit returns a stage's limit; false where it has none.
func (t Times) Limit(s Stage) (time.Duration, bool) {
	minutes := t.minutes(s)
	if minutes == nil {
		return 0, false
	}
	return time.Duration(*minutes) * time.Minute, true
}

func (t Times) minutes(s Stage) *int {
	return map[Stage]*int{StageAccept: t.Accept, StageArrive: t.Arrive, StageControl: t.Control, StageFix: t.Fix}[s]
}

// Contact is a number to ring.
type Contact struct {
	Code string `yaml:"code"`
	// Number is empty for a Local contact: the estate's own number is shown beside the name.
	Number string `yaml:"number"`
	Local  bool   `yaml:"local"`
	Text   `yaml:",inline"`
}

// Danger is what a reporter of a life-threatening trouble is answered first (R4.3). Such a report is never
// queued in place of the call.
type Danger struct {
	// Call are codes of contacts, the first to ring first.
	Call   []string `yaml:"call"`
	Advice Text     `yaml:"advice"`
}

// Channel says who acts for a responsibility and what a resident is told.
type Channel struct {
	Code    Responsibility `yaml:"code"`
	Handler string         `yaml:"handler"`
	Text    `yaml:",inline"`
	Channel Text `yaml:"channel"`
}

// SeverityInfo is a severity's name and its reference times.
type SeverityInfo struct {
	Code  Severity `yaml:"code"`
	Text  `yaml:",inline"`
	Times Times `yaml:"times"`
}

// Category is one kind of trouble.
type Category struct {
	Code string `yaml:"code"`
	// Parent is the group's code.
	Parent         string `yaml:"-"`
	Text           `yaml:",inline"`
	Responsibility Responsibility `yaml:"responsibility"`
	// Severity is the one a new order starts with.
	Severity Severity `yaml:"severity"`
	Identity Identity `yaml:"identity"`
	// Own are times for this category's default severity; nil takes the severity's.
	Own *Times `yaml:"times"`
	// Closing is the condition under which the order may be closed.
	Closing   Text    `yaml:"closing"`
	Emergency *Danger `yaml:"emergency"`
	// WeatherExtendable: extreme weather stops its working clock.
	WeatherExtendable bool `yaml:"weather_extendable"`
	// Words are what people call it; pinyin and initials are derived.
	Words []string `yaml:"words"`
}

// Group is the upper level of the dictionary.
type Group struct {
	Code       string `yaml:"code"`
	Text       `yaml:",inline"`
	Categories []*Category `yaml:"categories"`
}

// Dictionary is the file of categories.
type Dictionary struct {
	contacts         []Contact
	responsibilities map[Responsibility]Channel
	severities       map[Severity]SeverityInfo
	groups           []Group
	byCode           map[string]*Category
	index            []entry
}

// Groups lists the tree in its order.
func (d *Dictionary) Groups() []Group { return d.groups }

// Find returns a category by its code, or a fault Invalid "rules.category_unknown".
func (d *Dictionary) Find(code string) (*Category, error) {
	c, ok := d.byCode[code]
	if !ok {
		return nil, fault.New(fault.Invalid, "rules.category_unknown")
	}
	return c, nil
}

// Times are the reference times of a category at a severity: its own at its default severity, else the
// severity's. They are a reference (参考时限), not law; a contract's table comes first.
func (d *Dictionary) Times(c *Category, s Severity) Times {
	if c.Own != nil && s == c.Severity {
		return *c.Own
	}
	return d.severities[s].Times
}

// Severity returns a severity's name and times; false for an unknown one.
func (d *Dictionary) Severity(s Severity) (SeverityInfo, bool) {
	v, ok := d.severities[s]
	return v, ok
}

// Channel tells who acts for a responsibility; false for an unknown one.
func (d *Dictionary) Channel(r Responsibility) (Channel, bool) {
	v, ok := d.responsibilities[r]
	return v, ok
}

// EmergencyNumbers are the numbers that hold everywhere, in the order of the file; a local service, whose number is posted
// in each estate, is not among them.
func (d *Dictionary) EmergencyNumbers() []Contact {
	var out []Contact
	for _, c := range d.contacts {
		if !c.Local {
			out = append(out, c)
		}
	}
	return out
}

// Contacts are the numbers to ring for a category in danger to life, the first to ring first; none for
// any other category.
func (d *Dictionary) Contacts(c *Category) []Contact {
	if c.Emergency == nil {
		return nil
	}
	out := make([]Contact, 0, len(c.Emergency.Call))
	for _, code := range c.Emergency.Call {
		for _, contact := range d.contacts {
			if contact.Code == code {
				out = append(out, contact)
			}
		}
	}
	return out
}
