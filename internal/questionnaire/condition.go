package questionnaire

import (
	"maps"
	"slices"
)

// Op is a comparison with an earlier item's answer.
type Op string

// The comparisons. What each asks of an item that is hidden, unanswered or "don't know" stands in the
// package's description.
const (
	Is       Op = "is"       // a rating, scale10 or single choice has this answer
	IsNot    Op = "is_not"   // it has an answer, and another one
	AtLeast  Op = "at_least" // a rating or scale10 is this number or more
	AtMost   Op = "at_most"  // it is this number or less
	Includes Op = "includes" // this option is among the choices of a multiple choice
	Answered Op = "answered" // the item has an answer
)

// Condition is one of three things: All with conditions that must all hold, Any with conditions of which
// one must, or a comparison of Item by Op with Number or Choice.
type Condition struct {
	All []Condition `json:"all,omitempty" yaml:"all"`
	Any []Condition `json:"any,omitempty" yaml:"any"`

	Item string `json:"item,omitempty" yaml:"item"`
	Op   Op     `json:"op,omitempty" yaml:"op" enum:"is,is_not,at_least,at_most,includes,answered"`
	// Number is what a rating or scale10 is compared with.
	Number *int `json:"number,omitempty" yaml:"number"`
	// Choice is the option's code, or "dont_know", that the answer is compared with.
	Choice string `json:"choice,omitempty" yaml:"choice"`
}

// holds evaluates the condition; of has the answers of visible items only.
func (c *Condition) holds(of Answers) bool {
	hold := func(sub Condition) bool { return sub.holds(of) }
	switch {
	case c == nil:
		return true
	case len(c.All) > 0:
		return !slices.ContainsFunc(c.All, func(sub Condition) bool { return !sub.holds(of) })
	case len(c.Any) > 0:
		return slices.ContainsFunc(c.Any, hold)
	}
	a, answered := of[c.Item]
	return answered && c.compare(a)
}

func (c *Condition) compare(a Answer) bool {
	n, number := a.Number()
	switch c.Op {
	case Answered:
		return true
	case Is:
		return c.same(a)
	case IsNot:
		return !c.same(a)
	case AtLeast:
		return number && c.Number != nil && n >= *c.Number
	case AtMost:
		return number && c.Number != nil && n <= *c.Number
	case Includes:
		return slices.Contains(a.list, c.Choice)
	}
	return false
}

func (c *Condition) same(a Answer) bool {
	if c.Number != nil {
		n, ok := a.Number()
		return ok && n == *c.Number
	}
	s, ok := a.Text()
	return ok && s == c.Choice
}

// Visible lists the codes of the items that these answers make visible, in order.
func (q Questionnaire) Visible(a Answers) []string {
	var out []string
	q.Walk(a, func(i *Item, shown bool) {
		if shown {
			out = append(out, i.Code)
		}
	})
	return out
}

// Walk calls do with each item in order and tells whether these answers make it visible. q is one that Check accepts: its
// conditions look at earlier items, so that the answers at hand serve until the first that stands at a hidden item.
func (q Questionnaire) Walk(a Answers, do func(i *Item, shown bool)) {
	seen, own := a, false
	for s := range q.Sections {
		section := &q.Sections[s]
		open := section.ShowIf.holds(seen)
		for k := range section.Items {
			i := &section.Items[k]
			shown := open && i.ShowIf.holds(seen)
			if _, hidden := seen[i.Code]; hidden && !shown {
				if !own {
					seen, own = maps.Clone(a), true
				}
				delete(seen, i.Code)
			}
			do(i, shown)
		}
	}
}
