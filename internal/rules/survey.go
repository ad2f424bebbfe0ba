package rules

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

// WholeWeight is what the weights of a template's dimensions make together: 100 % in hundredths of a per cent.
const WholeWeight = 10_000

// WholeIndex is the full score of the index of 0 to 100, in hundredths.
const WholeIndex = 10_000

// mostApart bounds what a dimension shown apart may weigh in a later rating, in hundredths of a per cent: no
// file can let Party building hide bad service (R1.5).
const mostApart = 2_000

// Dimension is a scored part of a questionnaire.
type Dimension struct {
	Code   string `yaml:"code"`
	Text   `yaml:",inline"`
	Weight int64 `yaml:"weight"` // hundredths of a per cent
}

// Apart is a dimension shown beside the score and never in it.
type Apart struct {
	Code string `yaml:"code"`
	Text `yaml:",inline"`
	Cap  int64 `yaml:"cap"` // hundredths of a per cent of any later rating
}

// SurveyTemplate is a questionnaire to begin with, and how it is scored.
type SurveyTemplate struct {
	Code          string `yaml:"code"`
	Text          `yaml:",inline"`
	Dimensions    []Dimension                 `yaml:"dimensions"`
	Apart         []Apart                     `yaml:"apart"`
	Questionnaire questionnaire.Questionnaire `yaml:"questionnaire"`
}

// Weights returns the weight of each dimension in the score, in hundredths of a per cent.
func (t *SurveyTemplate) Weights() map[string]int64 {
	out := map[string]int64{}
	for _, d := range t.Dimensions {
		out[d.Code] = d.Weight
	}
	return out
}

// ShownApart tells whether a dimension is published beside the score and never in it.
func (t *SurveyTemplate) ShownApart(dimension string) bool {
	for _, a := range t.Apart {
		if a.Code == dimension {
			return true
		}
	}
	return false
}

// SurveyTier is a half-open band of the index in hundredths: From is in it, Below is not. The best tier ends
// above the full score.
type SurveyTier struct {
	Code  string `yaml:"code"`
	Text  `yaml:",inline"`
	From  int64 `yaml:"from"`
	Below int64 `yaml:"-"`
}

// SurveyRules is the file of surveys. Field names carry their units.
type SurveyRules struct {
	// Hash of the file, which each round cites.
	Hash Hash `yaml:"-"`

	MinDays int `yaml:"min_days"` // of a round, calendar days
	MaxDays int `yaml:"max_days"`
	// Strata is by dwellings that are asked.
	Strata struct {
		MinDwellings int64 `yaml:"min_dwellings"` // below it a service area holds no survey
		SplitAbove   int64 `yaml:"split_above"`   // above it groups of whole buildings are made
		MinGroup     int64 `yaml:"min_group"`     // of at least so many dwellings
	} `yaml:"strata"`
	// Sampling has margins in hundredths of a percentage point, either way.
	Sampling struct {
		ConfidencePercent int   `yaml:"confidence_percent"`
		Margin            int64 `yaml:"margin"`
		MaxMargin         int64 `yaml:"max_margin"`
		CensusBelow       int64 `yaml:"census_below"` // dwellings of a service area
		PledgeDays        int   `yaml:"pledge_days"`
		RevealDays        int   `yaml:"reveal_days"`
	} `yaml:"sampling"`
	// Reminders are of those who have not drawn a ballot.
	Reminders struct {
		DaysBefore []int `yaml:"days_before"` // of closing; none where it is left out
		Hour       int   `yaml:"hour"`        // of the day from which they are sent
	} `yaml:"reminders"`
	Publication struct {
		K           int `yaml:"k"`            // the smallest group, and the smallest difference between two
		RunningFrom int `yaml:"running_from"` // answers below which a running count is not shown
	} `yaml:"publication"`
	Sufficiency struct {
		MinAnswers           int64 `yaml:"min_answers"`
		OrPercentOfDwellings int64 `yaml:"or_percent_of_dwellings"`
		MinItem              int64 `yaml:"min_item"`
		MinStratum           int64 `yaml:"min_stratum"`
	} `yaml:"sufficiency"`
	// Tiers from the lowest, each ending where the next begins.
	Tiers     []SurveyTier `yaml:"tiers"`
	Objection struct {
		FileDays   int   `yaml:"file_days"` // calendar days
		DecideDays int   `yaml:"decide_days"`
		Households int64 `yaml:"households"`
	} `yaml:"objection"`
	Recontact struct {
		Percent int64 `yaml:"percent"`
		AtLeast int64 `yaml:"at_least"`
		// SetAsidePercent is the share of "no" above which, for certain, a round is set aside.
		SetAsidePercent int64 `yaml:"set_aside_percent"`
	} `yaml:"recontact"`
	// Burden is by dwelling: of the respondent on the web, of staff on paper, of an interviewer.
	Burden struct {
		WebMinutes      int64 `yaml:"web_minutes"`
		PaperSheets     int64 `yaml:"paper_sheets"`
		PaperMinutes    int64 `yaml:"paper_minutes"`
		AssistedMinutes int64 `yaml:"assisted_minutes"`
		ResponsePercent int64 `yaml:"response_percent"`
		PaperPercent    int64 `yaml:"paper_percent"`
		AssistedPercent int64 `yaml:"assisted_percent"`
	} `yaml:"burden"`
	Templates []SurveyTemplate `yaml:"templates"`
}

// Template returns a template by its code, or a fault NotFound "rules.survey_template_unknown".
func (s *SurveyRules) Template(code string) (*SurveyTemplate, error) {
	for i := range s.Templates {
		if s.Templates[i].Code == code {
			return &s.Templates[i], nil
		}
	}
	return nil, fault.New(fault.NotFound, "rules.survey_template_unknown")
}

// MinAnswers is how many answers a round over so many dwellings needs before it says anything: the fixed
// number, or the share of the dwellings, rounded up, where that is fewer.
func (s *SurveyRules) MinAnswers(dwellings int64) int64 {
	return min(s.Sufficiency.MinAnswers, percentUp(dwellings, s.Sufficiency.OrPercentOfDwellings))
}

// Recontacted is how many of the drawn dwellings are asked again after closing; never more than there are.
func (s *SurveyRules) Recontacted(drawn int64) int64 {
	return min(drawn, max(percentUp(drawn, s.Recontact.Percent), s.Recontact.AtLeast))
}

func percentUp(n, percent int64) int64 { return (n*percent + 99) / 100 }

// ParseSurveys reads and checks the rules of surveys. The templates' texts are normalised.
func ParseSurveys(f File) (*SurveyRules, error) {
	s := &SurveyRules{Hash: f.Hash}
	if err := f.decode(s); err != nil {
		return nil, err
	}
	c := &check{file: f.Name}
	s.checkNumbers(c)
	s.checkTiers(c)
	c.want(len(s.Templates) > 0, "templates", "missing")
	seen := map[string]bool{}
	for i := range s.Templates {
		t := &s.Templates[i]
		field := fmt.Sprintf("templates[%d] %s", i, t.Code)
		c.want(surveyCode.MatchString(t.Code) && !seen[t.Code], field+".code", "want small letters, digits and _, used once")
		seen[t.Code] = true
		t.check(c, field)
	}
	return s, c.err()
}

var surveyCode = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func (s *SurveyRules) checkNumbers(c *check) {
	for _, n := range []struct {
		field           string
		value, low, top int64
	}{
		{"min_days", int64(s.MinDays), 1, 90},
		{"max_days", int64(s.MaxDays), int64(s.MinDays), 366},
		{"strata.min_dwellings", s.Strata.MinDwellings, 20, 1000},
		{"strata.min_group", s.Strata.MinGroup, max(s.Strata.MinDwellings, 100), 100_000},
		{"strata.split_above", s.Strata.SplitAbove, 2 * s.Strata.MinGroup, 1_000_000},
		{"sampling.confidence_percent", int64(s.Sampling.ConfidencePercent), 95, 95},
		{"sampling.margin", s.Sampling.Margin, 100, s.Sampling.MaxMargin},
		{"sampling.max_margin", s.Sampling.MaxMargin, 100, 2000},
		{"sampling.census_below", s.Sampling.CensusBelow, s.Strata.MinDwellings, 100_000},
		{"sampling.pledge_days", int64(s.Sampling.PledgeDays), 1, 60},
		{"sampling.reveal_days", int64(s.Sampling.RevealDays), 1, 60},
		{"publication.k", int64(s.Publication.K), LeastGroup, 100},
		{"publication.running_from", int64(s.Publication.RunningFrom), 20, 1000},
		{"sufficiency.min_answers", s.Sufficiency.MinAnswers, 30, 10_000},
		{"sufficiency.or_percent_of_dwellings", s.Sufficiency.OrPercentOfDwellings, 20, 100},
		{"sufficiency.min_item", s.Sufficiency.MinItem, int64(s.Publication.K), 10_000},
		{"sufficiency.min_stratum", s.Sufficiency.MinStratum, int64(s.Publication.K), 10_000},
		{"objection.file_days", int64(s.Objection.FileDays), 1, 90},
		{"objection.decide_days", int64(s.Objection.DecideDays), 1, 90},
		{"objection.households", s.Objection.Households, 1, 1000},
		{"recontact.percent", s.Recontact.Percent, 5, 100},
		{"recontact.at_least", s.Recontact.AtLeast, 30, 10_000},
		{"recontact.set_aside_percent", s.Recontact.SetAsidePercent, 1, 50},
		{"burden.web_minutes", s.Burden.WebMinutes, 1, 60},
		{"burden.paper_sheets", s.Burden.PaperSheets, 1, 20},
		{"burden.paper_minutes", s.Burden.PaperMinutes, 1, 240},
		{"burden.assisted_minutes", s.Burden.AssistedMinutes, 1, 240},
		{"burden.response_percent", s.Burden.ResponsePercent, 1, 100},
		{"burden.paper_percent", s.Burden.PaperPercent, 0, 100},
		{"burden.assisted_percent", s.Burden.AssistedPercent, 0, 100},
	} {
		c.within(n.field, int(n.value), int(n.low), int(n.top))
	}
	c.want(len(s.Reminders.DaysBefore) <= 3, "reminders.days_before", "want at most 3: more is pressure")
	for i, n := range s.Reminders.DaysBefore {
		c.within(fmt.Sprintf("reminders.days_before[%d]", i), n, 1, s.MaxDays)
		c.want(i == 0 || n < s.Reminders.DaysBefore[i-1], fmt.Sprintf("reminders.days_before[%d]", i), "want descending")
	}
	if len(s.Reminders.DaysBefore) > 0 {
		c.within("reminders.hour", s.Reminders.Hour, 8, 20)
	}
	c.want(s.Burden.PaperPercent+s.Burden.AssistedPercent <= 100, "burden.assisted_percent", "with paper more than everybody")
}

// checkTiers wants the file's tiers descending to zero, and turns them to ascend with both ends.
func (s *SurveyRules) checkTiers(c *check) {
	seen := map[string]bool{}
	below := int64(WholeIndex + 1)
	for i := range s.Tiers {
		t := &s.Tiers[i]
		field := fmt.Sprintf("tiers[%d] %s", i, t.Code)
		c.want(surveyCode.MatchString(t.Code) && !seen[t.Code], field+".code", "want small letters, digits and _, used once")
		seen[t.Code] = true
		c.text(field, t.Text)
		c.want(t.From >= 0 && t.From < below, field+".from", "want 0 to %d, descending", WholeIndex)
		t.Below, below = below, t.From
	}
	c.want(len(s.Tiers) >= 2 && below == 0, "tiers", "want two or more, the last from 0")
	for i, j := 0, len(s.Tiers)-1; i < j; i, j = i+1, j-1 {
		s.Tiers[i], s.Tiers[j] = s.Tiers[j], s.Tiers[i]
	}
}

func (t *SurveyTemplate) check(c *check, field string) {
	c.text(field, t.Text)
	t.Questionnaire.Clean()
	if f := (*fault.Fault)(nil); errors.As(t.Questionnaire.Check(), &f) {
		for _, wrong := range f.Fields {
			c.add(field+".questionnaire."+wrong.Path, "%s", wrong.Code)
		}
	}
	asked := map[string]bool{}
	for _, d := range t.Questionnaire.Dimensions() {
		asked[d] = true
	}
	known := map[string]bool{}
	dimension := func(field, code string, text Text) {
		c.want(surveyCode.MatchString(code) && !known[code], field+".code", "want small letters, digits and _, used once")
		c.want(asked[code], field+".code", "no item of the questionnaire belongs to it")
		c.text(field, text)
		known[code] = true
	}
	sum := int64(0)
	for i, d := range t.Dimensions {
		at := fmt.Sprintf("%s.dimensions[%d] %s", field, i, d.Code)
		dimension(at, d.Code, d.Text)
		c.want(d.Weight >= 1 && d.Weight <= WholeWeight, at+".weight", "want 1 to %d", WholeWeight)
		sum += min(max(d.Weight, 0), WholeWeight)
	}
	c.want(sum == WholeWeight, field+".dimensions", "the weights make %d, want %d", sum, WholeWeight)
	for i, a := range t.Apart {
		at := fmt.Sprintf("%s.apart[%d] %s", field, i, a.Code)
		dimension(at, a.Code, a.Text)
		c.want(a.Cap >= 0 && a.Cap <= mostApart, at+".cap", "want 0 to %d", mostApart)
	}
	for d := range asked {
		c.want(known[d], field+".dimensions", "%s is missing: it has items", d)
	}
	c.want(!known[partyBuilding] || t.ShownApart(partyBuilding), field+".dimensions", "%s is shown apart, never in a score of service", partyBuilding)
}

// partyBuilding is the dimension that no file may put into a score of service (R1.5).
const partyBuilding = "party_building"
