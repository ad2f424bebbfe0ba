package rules

import "fmt"

// Rate says what a published rate means.
type Rate struct {
	Title       Text `yaml:"title"`
	Numerator   Text `yaml:"numerator"`
	Denominator Text `yaml:"denominator"`
}

// Solved is a household's answer to "is it solved?".
type Solved string

// The answers.
const (
	SolvedYes    Solved = "yes"
	SolvedPartly Solved = "partly"
	SolvedNo     Solved = "no"
)

// Contentment is how a rating of 1 to 5 counts.
type Contentment string

// The classes of ratings.
const (
	Satisfied    Contentment = "satisfied"    // 满意
	Basically    Contentment = "basically"    // 基本满意
	Dissatisfied Contentment = "dissatisfied" // 不满意
)

// Exclusion is a reason to leave an order out of the rates.
type Exclusion struct {
	Code string `yaml:"code"`
	Text `yaml:",inline"`
}

// ReportRules is the file of the audit's definitions. Weights are whole percent, so that rates stay
// fractions of integers.
type ReportRules struct {
	Response Rate `yaml:"response"`
	Solution struct {
		Rate    `yaml:",inline"`
		Weights map[Solved]int `yaml:"weights_percent"`
	} `yaml:"solution"`
	Satisfaction struct {
		Rate            `yaml:",inline"`
		SatisfiedFrom   int `yaml:"satisfied_from"`
		BasicallyFrom   int `yaml:"basically_from"`
		BasicallyWeight int `yaml:"basically_weight_percent"`
	} `yaml:"satisfaction"`
	Coverage    Rate `yaml:"coverage"`
	Suppression struct {
		// K is the smallest group shown, and the smallest difference between two that are.
		K int `yaml:"k"`
	} `yaml:"suppression"`
	Durations struct {
		Percentiles []int `yaml:"percentiles"`
		// Negative is always "flag": counted and listed, never averaged.
		Negative string `yaml:"negative"`
	} `yaml:"durations"`
	Exclusions []Exclusion `yaml:"exclusions"`
}

// Contentment tells how a rating of 1 to 5 counts.
func (r *ReportRules) Contentment(rating int) Contentment {
	switch {
	case rating >= r.Satisfaction.SatisfiedFrom:
		return Satisfied
	case rating >= r.Satisfaction.BasicallyFrom:
		return Basically
	}
	return Dissatisfied
}

// ParseReport reads and checks the definitions of the audit.
func ParseReport(f File) (*ReportRules, error) {
	r := &ReportRules{}
	if err := f.decode(r); err != nil {
		return nil, err
	}
	c := &check{file: f.Name}
	for field, rate := range map[string]Rate{"response": r.Response, "solution": r.Solution.Rate, "satisfaction": r.Satisfaction.Rate, "coverage": r.Coverage} {
		c.text(field+".title", rate.Title)
		c.text(field+".numerator", rate.Numerator)
		c.text(field+".denominator", rate.Denominator)
	}
	r.checkWeights(c)
	c.want(r.Suppression.K >= LeastGroup && r.Suppression.K <= 100, "suppression.k", "want %d to 100: smaller groups are never shown", LeastGroup)
	for i, p := range r.Durations.Percentiles {
		c.want(p >= 1 && p <= 99 && (i == 0 || p > r.Durations.Percentiles[i-1]), "durations.percentiles", "want 1 to 99, ascending")
	}
	c.want(len(r.Durations.Percentiles) > 0, "durations.percentiles", "missing")
	c.want(r.Durations.Negative == "flag", "durations.negative", "want flag: a negative duration is never averaged")
	seen := map[string]bool{}
	for i, e := range r.Exclusions {
		field := fmt.Sprintf("exclusions[%d] %s", i, e.Code)
		c.want(groupCode.MatchString(e.Code) && !seen[e.Code], field+".code", "want small letters and _, up to 20, used once")
		c.text(field, e.Text)
		seen[e.Code] = true
	}
	return r, c.err()
}

func (r *ReportRules) checkWeights(c *check) {
	w := r.Solution.Weights
	c.want(len(w) == 3 && w[SolvedYes] == 100 && w[SolvedNo] == 0, "solution.weights_percent", "want yes: 100, partly, no: 0")
	c.want(w[SolvedPartly] >= 0 && w[SolvedPartly] < 100, "solution.weights_percent.partly", "want 0 to 99: partly is not solved")
	s := r.Satisfaction
	c.within("satisfaction.satisfied_from", s.SatisfiedFrom, 2, 5)
	c.want(s.BasicallyFrom >= 2 && s.BasicallyFrom <= s.SatisfiedFrom, "satisfaction.basically_from", "want 2 to satisfied_from")
	c.within("satisfaction.basically_weight_percent", s.BasicallyWeight, 0, 100)
}
