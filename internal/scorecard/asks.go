package scorecard

import (
	"slices"
	"strconv"

	"github.com/redproperty/redproperty/internal/questionnaire"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/score"
)

// asks is what of a questionnaire is scored, in its order.
type asks struct {
	form   questionnaire.Questionnaire
	scored []questionnaire.Item
	others []questionnaire.Item
}

// newAsks tells the scored items from the others; what the template shows apart is never in the score (R1.5).
func newAsks(q questionnaire.Questionnaire, t *rules.SurveyTemplate) asks {
	a := asks{form: q}
	for _, i := range q.Items() {
		switch {
		case i.Scored() && !t.ShownApart(i.Dimension):
			a.scored = append(a.scored, i)
		case i.Kind != questionnaire.FreeText:
			a.others = append(a.others, i)
		}
	}
	return a
}

// design is what the answers are scored by: strata, items, and the rule's weights of the dimensions that are asked.
func (a asks) design(strata []score.Stratum, weights map[string]int64) score.Design {
	d := score.Design{Strata: strata, Weights: map[string]int64{}}
	var codes []string
	for _, i := range a.scored {
		d.Items = append(d.Items, score.Item{Code: i.Code, Dimension: i.Dimension})
		if !slices.Contains(codes, i.Dimension) {
			codes = append(codes, i.Dimension)
		}
	}
	slices.Sort(codes)
	share := make([]int64, len(codes))
	for k, c := range codes {
		share[k] = weights[c]
	}
	for k, w := range score.Allocate(scaled(share), score.WeightSum, 0) {
		d.Weights[codes[k]] = w
	}
	return d
}

// scaled makes weights large enough that Allocate, which never gives more than there is, shares the whole among them.
func scaled(share []int64) []int64 {
	for i := range share {
		share[i] *= score.WeightSum
	}
	return share
}

// Values are what one response adds to the sums.
type Values struct {
	ratings []int8   // in the order of the scored items
	others  []string // in the order of the other items; "" where there is none
	lists   [][]string
}

// OK tells whether a response was read.
func (v Values) OK() bool { return v.ratings != nil }

// values reads a response.
func (a asks) values(answers questionnaire.Answers) Values {
	visible := a.form.Visible(answers)
	v := Values{ratings: make([]int8, len(a.scored)), others: make([]string, len(a.others)), lists: make([][]string, len(a.others))}
	for k, i := range a.scored {
		given, ok := answers[i.Code]
		switch n, isNumber := given.Number(); {
		case !slices.Contains(visible, i.Code):
			v.ratings[k] = score.NotAsked
		case !ok:
			v.ratings[k] = score.NoAnswer
		case isNumber:
			v.ratings[k] = int8(n)
		default:
			v.ratings[k] = score.DontKnow
		}
	}
	for k, i := range a.others {
		given := answers[i.Code]
		if n, isNumber := given.Number(); isNumber {
			v.others[k] = strconv.Itoa(n)
		} else if list, isList := given.List(); isList {
			v.lists[k] = list
		} else if c, isText := given.Text(); isText {
			v.others[k] = c
		}
	}
	return v
}

// tally counts a response's other answers.
func (v Values) tally(into []Tally) {
	for k := range into {
		if v.others[k] != "" {
			into[k].Counts[v.others[k]]++
		}
		for _, c := range v.lists[k] {
			into[k].Counts[c]++
		}
	}
}

func (a asks) tallies() []Tally {
	out := make([]Tally, len(a.others))
	for k, i := range a.others {
		out[k] = Tally{Item: i.Code, Counts: map[string]int64{}}
	}
	return out
}
