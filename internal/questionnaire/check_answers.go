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
	visible := q.Visible(a)
	known := map[string]bool{}
	for _, i := range q.Items() {
		known[i.Code] = true
		answer, answered := a[i.Code]
		shown := slices.Contains(visible, i.Code)
		switch {
		case answered && !shown:
			c.Add(answerPath(i.Code), "answer.hidden")
		case answered:
			i.check(c, answer)
		case shown && i.Required:
			c.Add(answerPath(i.Code), "answer.required")
		}
	}
	for _, code := range slices.Sorted(maps.Keys(a)) {
		if !known[code] {
			c.Add(answerPath(code), "answer.item_unknown")
		}
	}
	return c.Err()
}

// answerPath names the answer to an item; a code that is none is not repeated.
func answerPath(code string) string {
	if !codeForm.MatchString(code) {
		return "answers"
	}
	return "answers." + code
}

func (i Item) check(c *fault.Collect, a Answer) {
	path := "answers." + i.Code
	switch i.Kind {
	case Rating, Scale10:
		i.checkNumber(c, path, a)
	case Single:
		if code, ok := a.Text(); !ok || !i.Option(code) {
			c.Add(path, "answer.option")
		}
	case Multiple:
		i.checkChoices(c, path, a)
	case FreeText:
		i.checkText(c, path, a)
	}
}

func (i Item) checkNumber(c *fault.Collect, path string, a Answer) {
	least, most, _ := i.Kind.Range()
	n, ok := a.Number()
	switch {
	case a.DontKnow() && !i.DontKnow:
		c.Add(path, "answer.dont_know")
	case !a.DontKnow() && (!ok || n < least || n > most):
		c.Add(path, "answer.number", "least", least, "most", most)
	}
}

func (i Item) checkChoices(c *fault.Collect, path string, a Answer) {
	least, most := i.choices()
	unknown := func(code string) bool { return !i.Option(code) }
	switch {
	case a.form != listForm || slices.ContainsFunc(a.list, unknown):
		c.Add(path, "answer.options")
	case repeats(a.list):
		c.Add(path, "answer.choice_twice")
	case len(a.list) < least || len(a.list) > most:
		c.Add(path, "answer.choices", "least", least, "most", most)
	}
}

// repeats tells whether a sorted list holds something twice.
func repeats(sorted []string) bool { return len(slices.Compact(slices.Clone(sorted))) < len(sorted) }

func (i Item) checkText(c *fault.Collect, path string, a Answer) {
	s, ok := a.Text()
	if !ok {
		c.Add(path, "answer.text")
		return
	}
	clean, err := text.Paragraph(path, s, 1, i.MaxRunes)
	switch {
	case err != nil:
		c.Add(path, fault.Of(err).Fields[0].Code, "least", 1, "most", i.MaxRunes)
	case clean != s:
		c.Add(path, "questionnaire.text_not_clean")
	}
}
