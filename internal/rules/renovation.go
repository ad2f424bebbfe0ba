package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/fault"
)

// RenovationClass is a class of renovation items: the three of the national guideline, and those a locality adds.
type RenovationClass struct {
	Code string `yaml:"code"`
	Text `yaml:",inline"`
	// Division is the leading digits of the codes of the places that have the class; empty for all.
	Division string `yaml:"division"`
}

// RenovationItem is a kind of work in a renovation.
type RenovationItem struct {
	Code  string `yaml:"code"`
	Class string `yaml:"class"`
	Text  `yaml:",inline"`
	Unit  string `yaml:"unit"` // of its progress: m, m2, set or place
	// Decision is the item of Civil Code 278 that the owners decide it under; 0 where they need not.
	Decision int64 `yaml:"decision"`
	// Takeover: the line is handed to the utility that runs it.
	Takeover bool     `yaml:"takeover"`
	Checks   []string `yaml:"checks"` // codes
}

// RenovationCheck is what is looked at when an item is accepted.
type RenovationCheck struct {
	Code  string `yaml:"code"`
	Text  `yaml:",inline"`
	Every bool `yaml:"every"` // asked of all items
}

// FundDanger is an emergency for which maintenance money is used without a vote.
type FundDanger struct {
	Code string `yaml:"code"`
	Text `yaml:",inline"`
}

// Overrun says from where on a cost above the budget that the owners decided on needs another decision: both bounds are passed.
type Overrun struct {
	Percent  int64    `yaml:"percent"`
	Fen      int64    `yaml:"fen"`
	Standing Standing `yaml:"standing"`
	Source   string   `yaml:"source"`
}

// Exceeded tells whether a cost is so far above a budget, both in fen.
func (o Overrun) Exceeded(budget, cost int64) bool {
	over := cost - budget
	return over > o.Fen && over*100 > budget*o.Percent
}

// RaisedShare is a higher share of those who took part than the law asks to agree to an item.
type RaisedShare struct {
	Item string `yaml:"item"`
	Num  int64  `yaml:"num"`
	Den  int64  `yaml:"den"`
}

// RenovationLocality is what a place rules itself.
type RenovationLocality struct {
	Division    string        `yaml:"division"`
	PostingDays int           `yaml:"posting_days"` // calendar days
	Overrun     Overrun       `yaml:"overrun"`
	Shares      []RaisedShare `yaml:"shares"`
}

// RenovationRules is the file of renovations.
type RenovationRules struct {
	Hash Hash `yaml:"-"`

	Classes  []RenovationClass `yaml:"classes"`
	Items    []RenovationItem  `yaml:"items"`
	Checks   []RenovationCheck `yaml:"checks"`
	Findings struct {
		Safety  string `yaml:"safety"` // codes of work order categories
		Quality string `yaml:"quality"`
		Defect  string `yaml:"defect"`
	} `yaml:"findings"`
	Dangers            []FundDanger         `yaml:"dangers"`
	Localities         []RenovationLocality `yaml:"localities"`
	Supervisors        int64                `yaml:"supervisors"`
	Representatives    int64                `yaml:"representatives"`
	WarningDays        int                  `yaml:"warning_days"`
	WarrantyMonths     int                  `yaml:"warranty_months"`
	SecondSurveyMonths int                  `yaml:"second_survey_months"`
	Surveys            struct {
		Wishes  string `yaml:"wishes"`
		Results string `yaml:"results"`
	} `yaml:"surveys"`
}

// leastPostingDays is how long local rules have shares of maintenance money posted at least (R2.8); no file says less.
const leastPostingDays = 5

// Item returns a kind of work that a place has, or a fault NotFound "rules.renovation_item_unknown".
func (r *RenovationRules) Item(code, division string) (*RenovationItem, error) {
	for i := range r.Items {
		if r.Items[i].Code == code && r.HasClass(r.Items[i].Class, division) {
			return &r.Items[i], nil
		}
	}
	return nil, fault.New(fault.NotFound, "rules.renovation_item_unknown")
}

// HasClass tells whether a place has a class.
func (r *RenovationRules) HasClass(code, division string) bool {
	return slices.ContainsFunc(r.Classes, func(c RenovationClass) bool {
		return c.Code == code && strings.HasPrefix(division, c.Division)
	})
}

// ChecksOf lists what is looked at when an item is accepted.
func (r *RenovationRules) ChecksOf(item *RenovationItem) []RenovationCheck {
	var out []RenovationCheck
	for _, c := range r.Checks {
		if c.Every || slices.Contains(item.Checks, c.Code) {
			out = append(out, c)
		}
	}
	return out
}

// Locality is the row of the nearest place that holds a division.
func (r *RenovationRules) Locality(division string) *RenovationLocality {
	best := &r.Localities[0]
	for i := range r.Localities {
		l := &r.Localities[i]
		if len(l.Division) > len(best.Division) && strings.HasPrefix(division, l.Division) {
			best = l
		}
	}
	return best
}

// Share is the least share of those who took part that a place asks to agree to an item; 0, 0 where it asks for no more than the law.
func (l *RenovationLocality) Share(item string) (num, den int64) {
	for _, s := range l.Shares {
		if s.Item == item {
			return s.Num, s.Den
		}
	}
	return 0, 0
}

// HasDanger tells whether a kind of emergency is known.
func (r *RenovationRules) HasDanger(code string) bool {
	return slices.ContainsFunc(r.Dangers, func(d FundDanger) bool { return d.Code == code })
}

// ParseRenovation reads and checks the file of renovations. That its categories and survey templates exist is checked with the whole set.
func ParseRenovation(f File) (*RenovationRules, error) {
	r := &RenovationRules{Hash: f.Hash}
	if err := f.decode(r); err != nil {
		return nil, err
	}
	c := &check{file: f.Name}
	seen := map[string]bool{}
	once := func(field, code string, t Text) {
		c.want(surveyCode.MatchString(code) && !seen[code], field+".code", "want small letters, digits and _, used once")
		seen[code] = true
		c.text(field, t)
	}
	for i, cl := range r.Classes {
		once(fmt.Sprintf("classes[%d] %s", i, cl.Code), cl.Code, cl.Text)
		c.want(cl.Division == "" || digits(cl.Division), fmt.Sprintf("classes[%d].division", i), "want leading digits of a division code")
	}
	clear(seen)
	for i, d := range r.Dangers {
		once(fmt.Sprintf("dangers[%d] %s", i, d.Code), d.Code, d.Text)
	}
	clear(seen)
	for i, ch := range r.Checks {
		once(fmt.Sprintf("checks[%d] %s", i, ch.Code), ch.Code, ch.Text)
	}
	clear(seen)
	for i, it := range r.Items {
		field := fmt.Sprintf("items[%d] %s", i, it.Code)
		once(field, it.Code, it.Text)
		r.checkItem(c, field, it)
	}
	r.checkLocalities(c)
	r.checkNumbers(c)
	return r, c.err()
}

func (r *RenovationRules) checkItem(c *check, field string, it RenovationItem) {
	c.want(slices.ContainsFunc(r.Classes, func(cl RenovationClass) bool { return cl.Code == it.Class }), field+".class", "no such class")
	c.want(slices.Contains([]string{"m", "m2", "set", "place"}, it.Unit), field+".unit", "want m, m2, set or place")
	c.want(it.Decision == 0 || it.Decision >= 5 && it.Decision <= 9, field+".decision", "want 0, or an item of Civil Code 278 from 5 to 9")
	for _, code := range it.Checks {
		c.want(slices.ContainsFunc(r.Checks, func(ch RenovationCheck) bool { return ch.Code == code }), field+".checks", "no check %q", code)
	}
}

func (r *RenovationRules) checkLocalities(c *check) {
	c.want(len(r.Localities) > 0 && r.Localities[0].Division == "", "localities", "the first row is the nation's, without a division")
	for i, l := range r.Localities {
		field := fmt.Sprintf("localities[%d]", i)
		c.want(i == 0 || digits(l.Division), field+".division", "want leading digits of a division code")
		c.within(field+".posting_days", l.PostingDays, leastPostingDays, 60)
		c.within(field+".overrun.percent", int(l.Overrun.Percent), 0, 50)
		c.within(field+".overrun.fen", int(l.Overrun.Fen), 0, 100_000_000)
		c.want(oneOf(l.Overrun.Standing, []Standing{LocalRegulation, Default}), field+".overrun.standing", "want local_regulation or default")
		c.want(l.Overrun.Source != "", field+".overrun.source", "missing")
		for j, s := range l.Shares {
			at := fmt.Sprintf("%s.shares[%d] %s", field, j, s.Item)
			k := slices.IndexFunc(r.Items, func(it RenovationItem) bool { return it.Code == s.Item })
			if c.want(k >= 0, at+".item", "no such item"); k >= 0 {
				c.want(s.raises(r.Items[k].Decision), at, "weakens Civil Code 278")
			}
		}
	}
}

// raises tells whether the share is at least what Civil Code 278 asks for an item of it.
func (s RaisedShare) raises(decision int64) bool {
	if s.Den < 1 || s.Den > 100 || s.Num > s.Den {
		return false
	}
	if decision >= 6 && decision <= 8 {
		return 4*s.Num >= 3*s.Den
	}
	return 2*s.Num > s.Den
}

func (r *RenovationRules) checkNumbers(c *check) {
	c.within("supervisors", int(r.Supervisors), 1, 9)
	c.within("representatives", int(r.Representatives), 1, 9)
	c.within("warning_days", r.WarningDays, 1, 60)
	c.within("warranty_months", r.WarrantyMonths, 12, 120)
	c.within("second_survey_months", r.SecondSurveyMonths, 6, 24)
}

// checkRenovation wants what the file of renovations names in others to be there.
func (s *Set) checkRenovation() error {
	c := &check{file: Renovation}
	for field, code := range map[string]string{"safety": s.Renovation.Findings.Safety, "quality": s.Renovation.Findings.Quality, "defect": s.Renovation.Findings.Defect} {
		_, err := s.Categories.Find(code)
		c.want(err == nil, "findings."+field, "no category %q", code)
	}
	for field, code := range map[string]string{"wishes": s.Renovation.Surveys.Wishes, "results": s.Renovation.Surveys.Results} {
		_, err := s.Surveys.Template(code)
		c.want(err == nil, "surveys."+field, "no survey template %q", code)
	}
	return c.err()
}
