package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
)

// Band is a grade's half-open range of scores in hundredths of a point: From is in it, Below is not.
// A nil bound is none.
type Band struct {
	Grade string `yaml:"grade"`
	From  *int   `yaml:"from"`
	Below *int   `yaml:"below"`
	// WithoutBadItems replaces the grade for a company with no bad item on record.
	WithoutBadItems string `yaml:"without_bad_items"`
}

// CreditRuleSet is one authority's way to grade companies.
type CreditRuleSet struct {
	Code      string `yaml:"code"`
	Text      `yaml:",inline"`
	Source    string     `yaml:"source"`
	ValidFrom clock.Date `yaml:"valid_from"`
	Division  string     `yaml:"division"`
	// BaseMax and GoodMax bound the parts of score = base + good - bad, in hundredths.
	BaseMax int    `yaml:"base_max"`
	GoodMax int    `yaml:"good_max"`
	Bands   []Band `yaml:"bands"`
	// PartyMax bounds what Party building may add to the good items' part, in hundredths; it is shown apart (R1.5).
	PartyMax int `yaml:"party_max"`
	// SurveyMax is what a full survey score of 100 adds to the good items' part, in hundredths; 0 where the authority
	// takes none.
	SurveyMax int `yaml:"survey_max"`
	// ItemMonths is how long an item counts where its own fact says nothing else.
	ItemMonths int `yaml:"item_months"`
	// ReplyDays is how many working days a company has to reply before a decision against it, AppealDays how many
	// calendar days it has to appeal (R6.11).
	ReplyDays  int `yaml:"reply_days"`
	AppealDays int `yaml:"appeal_days"`
	// MissingGrade is the state of a company that does business but did not enrol; empty where the
	// authority has none.
	MissingGrade string `yaml:"missing_grade"`
	// BlacklistGrade is given by event, whatever the score; empty where the authority publishes none.
	BlacklistGrade string `yaml:"blacklist_grade"`
}

// mostParty bounds the Party-building part: a quarter of what good items may add. No file can let it hide bad service (R1.5).
const mostParty = 4

// CreditBook is the file of credit grades.
type CreditBook struct{ sets []CreditRuleSet }

// All lists the rule sets.
func (b *CreditBook) All() []CreditRuleSet { return b.sets }

// For lists the rule sets of a division and those around it.
func (b *CreditBook) For(division string) []CreditRuleSet {
	return slices.DeleteFunc(slices.Clone(b.sets), func(s CreditRuleSet) bool { return !strings.HasPrefix(division, s.Division) })
}

// Find returns a rule set by its code, or a fault NotFound "rules.credit_set_unknown".
func (b *CreditBook) Find(code string) (*CreditRuleSet, error) {
	for i := range b.sets {
		if b.sets[i].Code == code {
			return &b.sets[i], nil
		}
	}
	return nil, fault.New(fault.NotFound, "rules.credit_set_unknown")
}

// CreditInput is what a grade depends on.
type CreditInput struct {
	Score       int  // hundredths of a point; bad items may bring it below zero
	HasBadItems bool // at least one bad item is on record
	Blacklisted bool // by event: serious dishonesty
	Enrolled    bool // takes part in the credit system
}

// CreditStatus is how a grade came about.
type CreditStatus string

// The statuses.
const (
	ByScore     CreditStatus = "by_score"
	NoData      CreditStatus = "no_data"
	OnBlacklist CreditStatus = "blacklisted"
)

// CreditGrade is a grade. Grade is empty where the authority names no grade for the status.
type CreditGrade struct {
	Status CreditStatus
	Grade  string
}

// Grade grades a company: the blacklist first, then missing data, then the score. A score above the most
// that base and good items can give is a fault Invalid "rules.credit_score_range".
func Grade(set *CreditRuleSet, in CreditInput) (CreditGrade, error) {
	switch {
	case in.Blacklisted:
		return CreditGrade{Status: OnBlacklist, Grade: set.BlacklistGrade}, nil
	case !in.Enrolled:
		return CreditGrade{Status: NoData, Grade: set.MissingGrade}, nil
	case in.Score > set.BaseMax+set.GoodMax:
		return CreditGrade{}, fault.New(fault.Invalid, "rules.credit_score_range", "max", set.BaseMax+set.GoodMax)
	}
	for _, b := range set.Bands { // the best first, each ending where the one before begins
		if b.From != nil && in.Score < *b.From {
			continue
		}
		if b.WithoutBadItems != "" && !in.HasBadItems {
			return CreditGrade{Status: ByScore, Grade: b.WithoutBadItems}, nil
		}
		return CreditGrade{Status: ByScore, Grade: b.Grade}, nil
	}
	return CreditGrade{}, fault.New(fault.Internal, "internal").Because(fmt.Errorf("credit set %s has a gap", set.Code))
}

// ParseCreditGrades reads and checks the file of credit grades: the bands of a set cover every score once.
func ParseCreditGrades(f File) (*CreditBook, error) {
	var doc struct {
		RuleSets []CreditRuleSet `yaml:"rule_sets"`
	}
	if err := f.decode(&doc); err != nil {
		return nil, err
	}
	c := &check{file: f.Name}
	seen := map[string]bool{}
	for i := range doc.RuleSets {
		s := &doc.RuleSets[i]
		field := fmt.Sprintf("rule_sets[%d] %s", i, s.Code)
		c.want(s.Code != "" && !seen[s.Code], field+".code", "missing or used twice")
		seen[s.Code] = true
		c.text(field, s.Text)
		c.want(s.Source != "", field+".source", "missing")
		c.want(s.ValidFrom != "", field+".valid_from", "missing")
		c.want(digits(s.Division), field+".division", "want the leading digits of a division code")
		c.within(field+".base_max", s.BaseMax, 1, 100_000)
		c.within(field+".good_max", s.GoodMax, 0, 100_000)
		s.checkItems(c, field)
		s.checkBands(c, field+".bands")
	}
	c.want(len(doc.RuleSets) > 0, "rule_sets", "missing")
	return &CreditBook{sets: doc.RuleSets}, c.err()
}

// checkItems checks what items are worth and how they come about.
func (s *CreditRuleSet) checkItems(c *check, field string) {
	c.within(field+".party_max", s.PartyMax, 0, s.GoodMax/mostParty)
	c.within(field+".survey_max", s.SurveyMax, 0, s.GoodMax)
	c.within(field+".item_months", s.ItemMonths, 1, 60)
	c.within(field+".reply_days", s.ReplyDays, 3, 60)
	c.within(field+".appeal_days", s.AppealDays, 5, 90)
}

// checkBands wants the best grade first, each band ending where the one before begins, open at both ends.
func (s *CreditRuleSet) checkBands(c *check, field string) {
	if len(s.Bands) == 0 {
		c.add(field, "missing")
		return
	}
	grades := map[string]bool{}
	for i, b := range s.Bands {
		at := fmt.Sprintf("%s[%d] %s", field, i, b.Grade)
		c.want(b.Grade != "" && !grades[b.Grade], at+".grade", "missing or used twice")
		grades[b.Grade] = true
		c.want((b.From == nil) == (i == len(s.Bands)-1), at+".from", "the last band alone has none")
		c.want((b.Below == nil) == (i == 0), at+".below", "the first band alone has none")
		if b.From != nil && b.Below != nil {
			c.want(*b.From < *b.Below, at+".below", "not above from")
		}
		if i > 0 && b.Below != nil && s.Bands[i-1].From != nil {
			c.want(*b.Below == *s.Bands[i-1].From, at+".below", "want the from of the band before: no gap, no overlap")
		}
	}
	for i, b := range s.Bands {
		c.want(b.WithoutBadItems == "" || grades[b.WithoutBadItems], fmt.Sprintf("%s[%d].without_bad_items", field, i), "no such grade")
	}
}
