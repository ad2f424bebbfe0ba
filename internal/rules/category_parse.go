package rules

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/redproperty/redproperty/internal/calendar"
)

type dictionaryFile struct {
	Contacts         []Contact      `yaml:"contacts"`
	Responsibilities []Channel      `yaml:"responsibilities"`
	Severities       []SeverityInfo `yaml:"severities"`
	Groups           []Group        `yaml:"groups"`
}

// lifelines are the numbers of which every danger to life names at least one (R4.3).
var lifelines = map[string]bool{"119": true, "110": true, "120": true}

// longestLimit bounds a reference time: a year in minutes.
const longestLimit = 366 * 24 * 60

var (
	groupCode    = regexp.MustCompile(`^[a-z][a-z_]{0,19}$`)
	categoryCode = regexp.MustCompile(`^[a-z][a-z_]{0,19}\.[a-z][a-z_]{0,19}$`)
	phoneNumber  = regexp.MustCompile(`^[0-9]{3,12}$`)
)

// ParseCategories reads and checks the dictionary of categories.
func ParseCategories(f File) (*Dictionary, error) {
	var doc dictionaryFile
	if err := f.decode(&doc); err != nil {
		return nil, err
	}
	c := &check{file: f.Name}
	d := &Dictionary{
		contacts: doc.Contacts, groups: doc.Groups,
		responsibilities: map[Responsibility]Channel{},
		severities:       map[Severity]SeverityInfo{},
		byCode:           map[string]*Category{},
	}
	numbers := d.takeContacts(c, doc.Contacts)
	d.takeResponsibilities(c, doc.Responsibilities)
	d.takeSeverities(c, doc.Severities)
	d.takeGroups(c, numbers)
	if err := c.err(); err != nil {
		return nil, err
	}
	d.index = buildIndex(d.groups)
	return d, nil
}

func (d *Dictionary) takeContacts(c *check, list []Contact) map[string]string {
	numbers := map[string]string{}
	for i, v := range list {
		field := fmt.Sprintf("contacts[%d] %s", i, v.Code)
		_, twice := numbers[v.Code]
		c.want(v.Code != "" && !twice, field+".code", "missing or used twice")
		c.want(v.Local != phoneNumber.MatchString(v.Number) && (v.Local == (v.Number == "")), field+".number", "want 3 to 12 digits, or local: true")
		c.text(field, v.Text)
		numbers[v.Code] = v.Number
	}
	return numbers
}

func (d *Dictionary) takeResponsibilities(c *check, list []Channel) {
	for i, v := range list {
		field := fmt.Sprintf("responsibilities[%d] %s", i, v.Code)
		_, twice := d.responsibilities[v.Code]
		c.want(oneOf(v.Code, responsibilities) && !twice, field+".code", "unknown or used twice")
		c.want(oneOf(v.Handler, []string{"company", "owner", "utility", "developer", "community"}), field+".handler", "want company, owner, utility, developer or community")
		c.text(field, v.Text)
		c.text(field+".channel", v.Channel)
		d.responsibilities[v.Code] = v
	}
	for _, r := range responsibilities {
		_, ok := d.responsibilities[r]
		c.want(ok, "responsibilities", "%s is missing", r)
	}
	c.want(d.responsibilities[Conduct].Handler == "community", "responsibilities.conduct.handler", "a complaint about conduct goes to the community, never to its target (R6.6)")
}

func (d *Dictionary) takeSeverities(c *check, list []SeverityInfo) {
	for i, v := range list {
		field := fmt.Sprintf("severities[%d] %s", i, v.Code)
		_, twice := d.severities[v.Code]
		c.want(oneOf(v.Code, Severities()) && !twice, field+".code", "unknown or used twice")
		c.text(field, v.Text)
		v.Times.check(c, field+".times")
		d.severities[v.Code] = v
	}
	for _, s := range Severities() {
		_, ok := d.severities[s]
		c.want(ok, "severities", "%s is missing", s)
	}
}

func (t Times) check(c *check, field string) {
	switch t.Clock {
	case calendar.Natural:
		c.want(t.Hours == "", field+".hours", "a natural clock has no hours")
	case calendar.Working:
		c.want(oneOf(t.Hours, []HoursName{ServiceHours, OfficeHours}), field+".hours", "want service or office")
	default:
		c.add(field+".clock", "want natural or working")
	}
	c.want(t.Accept != nil, field+".accept", "missing")
	last, lastStage := 0, Stage("")
	for _, s := range Stages() {
		minutes := t.minutes(s)
		if minutes == nil {
			continue
		}
		c.within(field+"."+string(s), *minutes, 1, longestLimit)
		c.want(*minutes >= last, field+"."+string(s), "shorter than %s", lastStage)
		last, lastStage = *minutes, s
	}
}

func (d *Dictionary) takeGroups(c *check, numbers map[string]string) {
	seen := map[string]bool{}
	for i, g := range d.groups {
		field := fmt.Sprintf("groups[%d] %s", i, g.Code)
		c.want(groupCode.MatchString(g.Code) && !seen[g.Code], field+".code", "want small letters and _, up to 20, used once")
		c.want(len(g.Categories) > 0, field+".categories", "missing")
		c.text(field, g.Text)
		seen[g.Code] = true
		for j, cat := range g.Categories {
			if cat == nil {
				c.add(fmt.Sprintf("%s.categories[%d]", field, j), "empty")
				continue
			}
			cat.Parent = g.Code
			d.takeCategory(c, fmt.Sprintf("%s.categories[%d] %s", field, j, cat.Code), cat, numbers)
		}
	}
	c.want(len(d.groups) > 0, "groups", "missing")
}

func (d *Dictionary) takeCategory(c *check, field string, v *Category, numbers map[string]string) {
	c.want(categoryCode.MatchString(v.Code) && strings.HasPrefix(v.Code, v.Parent+".") && d.byCode[v.Code] == nil,
		field+".code", "want %q and small letters and _, up to 20, used once", v.Parent+".")
	c.text(field, v.Text)
	c.text(field+".closing", v.Closing)
	c.want(oneOf(v.Responsibility, responsibilities), field+".responsibility", "unknown")
	c.want(oneOf(v.Severity, Severities()), field+".severity", "unknown")
	c.want(oneOf(v.Identity, []Identity{HomeRepair, ServiceDefect, ConductCase}), field+".identity", "unknown")
	c.want((v.Identity == ConductCase) == (v.Responsibility == Conduct), field+".identity", "conduct goes with responsibility conduct, and only with it")
	c.want(len(v.Words) > 0, field+".words", "missing")
	for i, w := range v.Words {
		c.want(strings.TrimSpace(w) != "", fmt.Sprintf("%s.words[%d]", field, i), "empty")
	}
	if v.Own != nil {
		v.Own.check(c, field+".times")
	}
	c.want(!v.WeatherExtendable || d.Times(v, v.Severity).Clock == calendar.Working, field+".weather_extendable", "only a working clock waits for the weather")
	v.checkDanger(c, field+".emergency", numbers)
	d.byCode[v.Code] = v
}

func (v *Category) checkDanger(c *check, field string, numbers map[string]string) {
	c.want((v.Severity == Emergency) == (v.Emergency != nil), field, "goes with severity emergency, and only with it")
	if v.Emergency == nil {
		return
	}
	c.text(field+".advice", v.Emergency.Advice)
	life := false
	for i, code := range v.Emergency.Call {
		number, ok := numbers[code]
		c.want(ok, fmt.Sprintf("%s.call[%d]", field, i), "no contact %q", code)
		life = life || lifelines[number]
	}
	c.want(life, field+".call", "want at least one of 119, 110, 120 (R4.3)")
}
