package questionnaire

import (
	"maps"
	"slices"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/text"
)

// CheckAnswers returns nil or one Invalid fault that names every item wrongly answered, as
// "answers.repair_speed". An answer to an item that branching hides is refused ("answer.hidden"), for a
// form that sends one shows something else than it asks. q is one that Check accepts.
func (q Questionnaire) CheckAnswers(a Answers) error {
	c := &fault.Collect{}
	known := 0
	q.Walk(a, func(i *Item, shown bool) {
		answer, answered := a[i.Code]
		if answered {
			known++
		}
		switch {
		case answered && !shown:
			c.Add(answerPath(i.Code), "answer.hidden")
		case answered:
			i.check(c, answer)
		case shown && i.Required:
			c.Add(answerPath(i.Code), "answer.required")
		}
	})
	if known < len(a) {
		q.unknown(c, a)
	}
	return c.Err()
}

// unknown names the answers to items that there are not.
func (q Questionnaire) unknown(c *fault.Collect, a Answers) {
	for _, code := range slices.Sorted(maps.Keys(a)) {
		if _, ok := q.Item(code); !ok {
			c.Add(answerPath(code), "answer.item_unknown")
		}
	}
}

// answerPath names the answer to an item; a code that is none is not repeated.
func answerPath(code string) string {
	if !codeForm.MatchString(code) {
		return "answers"
	}
	return "answers." + code
}

func (i *Item) check(c *fault.Collect, a Answer) {
	switch i.Kind {
	case Rating, Scale10:
		i.checkNumber(c, a)
	case Single:
		if code, ok := a.Text(); !ok || !i.Option(code) {
			c.Add(answerPath(i.Code), "answer.option")
		}
	case Multiple:
		i.checkChoices(c, a)
	case FreeText:
		i.checkText(c, a)
	}
}

func (i *Item) checkNumber(c *fault.Collect, a Answer) {
	least, most, _ := i.Kind.Range()
	n, ok := a.Number()
	switch {
	case a.DontKnow() && !i.DontKnow:
		c.Add(answerPath(i.Code), "answer.dont_know")
	case !a.DontKnow() && (!ok || n < least || n > most):
		c.Add(answerPath(i.Code), "answer.number", "least", least, "most", most)
	}
}

func (i *Item) checkChoices(c *fault.Collect, a Answer) {
	least, most := i.choices()
	unknown := func(code string) bool { return !i.Option(code) }
	switch {
	case a.form != listForm || slices.ContainsFunc(a.list, unknown):
		c.Add(answerPath(i.Code), "answer.options")
	case repeats(a.list):
		c.Add(answerPath(i.Code), "answer.choice_twice")
	case len(a.list) < least || len(a.list) > most:
		c.Add(answerPath(i.Code), "answer.choices", "least", least, "most", most)
	}
}

// repeats tells whether a sorted list holds something twice.
func repeats(sorted []string) bool {
	for k := 1; k < len(sorted); k++ {
		if sorted[k] == sorted[k-1] {
			return true
		}
	}
	return false
}

func (i *Item) checkText(c *fault.Collect, a Answer) {
	s, ok := a.Text()
	if !ok {
		c.Add(answerPath(i.Code), "answer.text")
		return
	}
	clean, err := text.Paragraph(answerPath(i.Code), s, 1, i.MaxRunes)
	switch {
	case err != nil:
		c.Add(answerPath(i.Code), fault.Of(err).Fields[0].Code, "least", 1, "most", i.MaxRunes)
	case clean != s:
		c.Add(answerPath(i.Code), "questionnaire.text_not_clean")
	}
}
