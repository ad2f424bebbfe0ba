package rules

import (
	"fmt"
	"strings"

	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/fault"
)

// Param names a period that differs from place to place.
type Param string

// The parameters of a locality.
const (
	// ContractFiling: from signing to filing the contract with the authority.
	ContractFiling Param = "contract_filing"
	// OwnersTerminationNotice: written notice before the owners' dismissal takes effect (CC 946).
	OwnersTerminationNotice Param = "owners_termination_notice"
	// ProviderUnwillingNotice: written notice before the term ends by a provider that will not renew (CC 947).
	ProviderUnwillingNotice Param = "provider_unwilling_notice"
	// IndefiniteEndNotice: written notice before a contract of indefinite term ends (CC 948).
	IndefiniteEndNotice Param = "indefinite_end_notice"
	// Handover: from the end of the contract to the hand-over of premises, files and money (CC 949).
	Handover Param = "handover"
	// EmergencyServiceMax: the longest emergency service.
	EmergencyServiceMax Param = "emergency_service_max"
	// EarlyStageMax: the longest early-stage contract.
	EarlyStageMax Param = "early_stage_max"
	// ManagerReport: from taking post to the project manager's report to the residents' committee.
	ManagerReport Param = "manager_report"
	// ComplaintReply: from a complaint to the provider's answer.
	ComplaintReply Param = "complaint_reply"
	// AuthorityComplaintReply: from a complaint to a department to that department's answer.
	AuthorityComplaintReply Param = "authority_complaint_reply"
	// JointComplaintAnswer: from a complaint to a department by many owners or an organisation to its word
	// whether it is accepted.
	JointComplaintAnswer Param = "joint_complaint_answer"
)

// Standing is how binding a figure is.
type Standing string

// The standings.
const (
	Statute         Standing = "statute"
	LocalRegulation Standing = "local_regulation"
	Default         Standing = "default" // the platform's own choice where no rule is known
)

// Period is a parameter's value with its source.
type Period struct {
	Count    int           `yaml:"count"`
	Unit     calendar.Unit `yaml:"unit"`
	Standing Standing      `yaml:"standing"`
	Source   string        `yaml:"source"`
	// From is the profile that states it.
	From string `yaml:"-"`
	// Before: it is counted backward from its base day.
	Before bool `yaml:"-"`
}

// Rule is the period as the calendar counts it.
func (p Period) Rule() calendar.Rule {
	return calendar.Rule{Count: p.Count, Unit: p.Unit, Before: p.Before, Basis: p.Source}
}

// profile is one place as the file states it.
type profile struct {
	Code     string `yaml:"code"`
	Parent   string `yaml:"parent"`
	Text     `yaml:",inline"`
	Division string           `yaml:"division"`
	Prompts  []int            `yaml:"renewal_prompts"`
	Params   map[Param]Period `yaml:"params"`
}

// Locality is one place with everything it inherits.
type Locality struct {
	Code   string
	Parent string
	Text
	// Division is the leading digits of the 12-digit codes of the place; empty for the nation.
	Division string
	// RenewalPrompts are days from the end of the term, negative before it, in order (R2.6).
	RenewalPrompts []int
	params         map[Param]Period
}

// Period returns a parameter; false where neither the place nor one above it states it.
func (l *Locality) Period(p Param) (Period, bool) {
	v, ok := l.params[p]
	return v, ok
}

// LocalityBook is the file of localities.
type LocalityBook struct {
	byCode map[string]*Locality
	order  []*Locality
}

// All lists the localities, parents before children.
func (b *LocalityBook) All() []*Locality { return b.order }

// Find returns a locality by its code, or a fault NotFound "rules.locality_unknown".
func (b *LocalityBook) Find(code string) (*Locality, error) {
	l, ok := b.byCode[code]
	if !ok {
		return nil, fault.New(fault.NotFound, "rules.locality_unknown")
	}
	return l, nil
}

// ForDivision returns the nearest locality that holds a division with this code; the nation holds all.
func (b *LocalityBook) ForDivision(code string) *Locality {
	best := b.order[0]
	for _, l := range b.order {
		if len(l.Division) > len(best.Division) && strings.HasPrefix(code, l.Division) {
			best = l
		}
	}
	return best
}

// ParseLocalities reads and checks the file of localities.
func ParseLocalities(f File) (*LocalityBook, error) {
	var doc struct {
		Profiles []profile `yaml:"profiles"`
	}
	if err := f.decode(&doc); err != nil {
		return nil, err
	}
	c := &check{file: f.Name}
	b := &LocalityBook{byCode: map[string]*Locality{}}
	for i, p := range doc.Profiles {
		b.add(c, fmt.Sprintf("profiles[%d] %s", i, p.Code), p)
	}
	c.want(len(b.order) > 0, "profiles", "missing")
	return b, c.err()
}

func (b *LocalityBook) add(c *check, field string, p profile) {
	parent := b.byCode[p.Parent]
	switch {
	case p.Code == "" || b.byCode[p.Code] != nil:
		c.add(field+".code", "missing or used twice")
		return
	case len(b.order) == 0:
		c.want(p.Parent == "" && p.Division == "" && len(p.Prompts) > 0, field, "the first profile is the nation: no parent, no division, with renewal_prompts")
	case parent == nil:
		c.add(field+".parent", "no profile %q above this one", p.Parent)
		return
	default:
		c.want(len(p.Division) > len(parent.Division) && strings.HasPrefix(p.Division, parent.Division) && digits(p.Division),
			field+".division", "want digits that continue the parent's %q", parent.Division)
	}
	c.text(field, p.Text)
	l := inherit(parent, p)
	for name, period := range p.Params {
		l.set(c, field+".params."+string(name), name, period, parent)
	}
	for i, d := range l.RenewalPrompts {
		c.want(d >= -730 && d <= 730 && (i == 0 || d > l.RenewalPrompts[i-1]), field+".renewal_prompts", "want days from -730 to 730, ascending")
	}
	b.byCode[p.Code] = l
	b.order = append(b.order, l)
}

func inherit(parent *Locality, p profile) *Locality {
	l := &Locality{Code: p.Code, Parent: p.Parent, Text: p.Text, Division: p.Division, RenewalPrompts: p.Prompts, params: map[Param]Period{}}
	if parent == nil {
		return l
	}
	if len(p.Prompts) == 0 {
		l.RenewalPrompts = parent.RenewalPrompts
	}
	for name, period := range parent.params {
		l.params[name] = period
	}
	return l
}

// set takes a parameter that the place states itself, when it weakens neither the statute nor the parent.
func (l *Locality) set(c *check, field string, name Param, v Period, parent *Locality) {
	spec, known := params[name]
	if !known {
		c.add(field, "unknown parameter")
		return
	}
	v.From, v.Before = l.Code, spec.before
	c.want(oneOf(v.Unit, spec.units), field+".unit", "want one of %v", spec.units)
	c.want(v.Rule().Check() == nil, field+".count", "not a period")
	c.want(oneOf(v.Standing, []Standing{Statute, LocalRegulation, Default}), field+".standing", "want statute, local_regulation or default")
	c.want(v.Source != "", field+".source", "missing")
	if spec.bound != 0 {
		c.want(!spec.tighter.weaker(v.Count, spec.bound), field+".count", "weakens the law's %d %s", spec.bound, spec.units[0])
	}
	if parent != nil {
		if above, ok := parent.params[name]; ok && above.Standing != Default {
			c.want(v.Unit == above.Unit && !spec.tighter.weaker(v.Count, above.Count), field+".count", "weakens the %d %s of %s (%s)", above.Count, above.Unit, above.From, above.Source)
		}
	}
	l.params[name] = v
}

func digits(s string) bool {
	return strings.Trim(s, "0123456789") == "" && s != ""
}

func oneOf[T comparable](v T, list []T) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}
