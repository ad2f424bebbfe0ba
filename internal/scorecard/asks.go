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
	roles  []role // of each item, in order
}

// role is what becomes of an item's answers.
type role int

const (
	unread role = iota
	scored
	tallied
)

// newAsks tells the scored items from the others; what the template shows apart is never in the score (R1.5).
func newAsks(q questionnaire.Questionnaire, t *rules.SurveyTemplate) asks {
	a := asks{form: q}
	for _, i := range q.Items() {
		switch {
		case i.Scored() && !t.ShownApart(i.Dimension):
			a.scored, a.roles = append(a.scored, i), append(a.roles, scored)
		case i.Kind != questionnaire.FreeText:
			a.others, a.roles = append(a.others, i), append(a.roles, tallied)
		default:
			a.roles = append(a.roles, unread)
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

// Values are what one response adds to the sums. Many can be read into the same, one after the other.
type Values struct {
	read    bool
	ratings []int8   // in the order of the scored items
	others  []string // in the order of the other items; "" where there is none
	lists   [][]string
}

// OK tells whether a response was read.
func (v *Values) OK() bool { return v.read }

// Clear forgets the response, and keeps the memory for the next.
func (v *Values) Clear() { v.read = false }

// room makes place for a response, in the memory of the one before where it fits.
func (v *Values) room(ratings, others int) {
	if len(v.ratings) != ratings || len(v.others) != others {
		v.ratings, v.others, v.lists = make([]int8, ratings), make([]string, others), make([][]string, others)
	}
	clear(v.others)
	clear(v.lists)
	v.read = true
}

// values reads a response.
func (a *asks) values(answers questionnaire.Answers, v *Values) {
	v.room(len(a.scored), len(a.others))
	item, rating, other := 0, 0, 0
	a.form.Walk(answers, func(i *questionnaire.Item, shown bool) {
		given, answered := answers[i.Code]
		switch a.roles[item] {
		case scored:
			v.ratings[rating] = ratingOf(given, answered, shown)
			rating++
		case tallied:
			v.other(other, given)
			other++
		}
		item++
	})
}

// ratingOf is what the answer to a scored item adds to the sums.
func ratingOf(given questionnaire.Answer, answered, shown bool) int8 {
	n, isNumber := given.Number()
	switch {
	case !shown:
		return score.NotAsked
	case !answered:
		return score.NoAnswer
	case isNumber:
		return int8(n)
	}
	return score.DontKnow
}

// other keeps the answer to an item that is counted by what was chosen.
func (v *Values) other(k int, given questionnaire.Answer) {
	if n, isNumber := given.Number(); isNumber {
		v.others[k] = strconv.Itoa(n)
	} else if list, isList := given.List(); isList {
		v.lists[k] = list
	} else if c, isText := given.Text(); isText {
		v.others[k] = c
	}
}

// tally counts a response's other answers.
func (v *Values) tally(into []Tally) {
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
