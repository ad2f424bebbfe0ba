package questionnaire

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/text"
)

// Limits of a questionnaire. Someone answers it standing at the door or on a telephone: these are far
// above what a survey should ask.
const (
	MaxSections   = 20
	MaxItems      = 100
	MaxOptions    = 30
	MaxTextAnswer = 2000 // characters
	maxConditions = 20   // parts of one condition
	maxNesting    = 3    // all and any within each other
)

var codeForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Check returns nil or one Invalid fault that names the field path of every mistake, as
// "sections[1].items[0].showIf.item".
func (q Questionnaire) Check() error {
	c := &checker{all: map[string]Item{}, earlier: map[string]Item{}}
	for _, i := range q.Items() {
		if _, twice := c.all[i.Code]; !twice {
			c.all[i.Code] = i
		}
	}
	c.texts(&q)
	c.count("sections", len(q.Sections), 1, MaxSections)
	if n := len(q.Items()); n > MaxItems {
		c.Add("sections", "questionnaire.items", "most", MaxItems)
	}
	sections := map[string]bool{}
	for n, s := range q.Sections {
		at := fmt.Sprintf("sections[%d]", n)
		c.code(at+".code", s.Code, sections)
		c.condition(at+".showIf", s.ShowIf)
		c.count(at+".items", len(s.Items), 1, MaxItems)
		for m, i := range s.Items {
			c.item(fmt.Sprintf("%s.items[%d]", at, m), i)
		}
	}
	return c.Err()
}

type checker struct {
	fault.Collect
	all     map[string]Item
	earlier map[string]Item // items before the place being checked
}

// code checks a code's form and that seen has none the same, and adds it there.
func (c *checker) code(path, code string, seen map[string]bool) {
	switch {
	case !codeForm.MatchString(code) || code == dontKnow:
		c.Add(path, "questionnaire.code_form")
	case seen[code]:
		c.Add(path, "questionnaire.code_twice")
	}
	seen[code] = true
}

func (c *checker) count(path string, n, least, most int) {
	if n < least || n > most {
		c.Add(path, "questionnaire.count", "least", least, "most", most)
	}
}

func (c *checker) item(at string, i Item) {
	seen := map[string]bool{}
	if _, twice := c.earlier[i.Code]; twice {
		seen[i.Code] = true
	}
	c.code(at+".code", i.Code, seen)
	c.condition(at+".showIf", i.ShowIf)
	c.earlier[i.Code] = i
	if !slices.Contains(Kinds(), i.Kind) {
		c.Add(at+".kind", "questionnaire.kind_unknown")
		return
	}
	c.fits(at, i)
	c.options(at, i)
}

// fits refuses what the item's kind has no use for: a field that does nothing is a misunderstanding.
func (c *checker) fits(at string, i Item) {
	_, _, number := i.Kind.Range()
	choice := i.Kind == Single || i.Kind == Multiple
	for _, f := range []struct {
		field    string
		set, may bool
	}{
		{"dontKnow", i.DontKnow, number},
		{"dimension", i.Dimension != "", i.Kind == Rating},
		{"options", len(i.Options) > 0, choice},
		{"minChoices", i.MinChoices != 0, i.Kind == Multiple},
		{"maxChoices", i.MaxChoices != 0, i.Kind == Multiple},
		{"maxRunes", i.MaxRunes != 0, i.Kind == FreeText},
	} {
		if f.set && !f.may {
			c.Add(at+"."+f.field, "questionnaire.not_of_kind")
		}
	}
	if i.Dimension != "" && !codeForm.MatchString(i.Dimension) {
		c.Add(at+".dimension", "questionnaire.code_form")
	}
	if i.Kind == FreeText {
		c.count(at+".maxRunes", i.MaxRunes, 1, MaxTextAnswer)
	}
}

func (c *checker) options(at string, i Item) {
	if i.Kind != Single && i.Kind != Multiple {
		return
	}
	c.count(at+".options", len(i.Options), 2, MaxOptions)
	seen := map[string]bool{}
	for n, o := range i.Options {
		c.code(fmt.Sprintf("%s.options[%d].code", at, n), o.Code, seen)
	}
	if i.Kind == Multiple {
		c.count(at+".minChoices", i.MinChoices, 0, len(i.Options))
		if i.MaxChoices != 0 {
			c.count(at+".maxChoices", i.MaxChoices, max(i.MinChoices, 1), len(i.Options))
		}
	}
}

func (c *checker) condition(path string, cond *Condition) {
	if cond == nil {
		return
	}
	parts := 0
	c.part(path, *cond, 0, &parts)
	if parts > maxConditions {
		c.Add(path, "questionnaire.condition_size", "most", maxConditions)
	}
}

// part checks a condition within maxNesting and counts its parts; beyond the bounds it goes no further.
func (c *checker) part(path string, cond Condition, depth int, parts *int) {
	if *parts++; *parts > maxConditions {
		return
	}
	comparison := cond.Item != "" || cond.Op != "" || cond.Number != nil || cond.Choice != ""
	ways := 0
	for _, way := range []bool{len(cond.All) > 0, len(cond.Any) > 0, comparison} {
		if way {
			ways++
		}
	}
	switch {
	case ways != 1:
		c.Add(path, "questionnaire.condition_shape")
		return
	case comparison:
		c.comparison(path, cond)
		return
	case depth == maxNesting:
		c.Add(path, "questionnaire.condition_depth", "most", maxNesting)
		return
	}
	for n, sub := range cond.All {
		c.part(fmt.Sprintf("%s.all[%d]", path, n), sub, depth+1, parts)
	}
	for n, sub := range cond.Any {
		c.part(fmt.Sprintf("%s.any[%d]", path, n), sub, depth+1, parts)
	}
}

func (c *checker) comparison(path string, cond Condition) {
	item, ok := c.earlier[cond.Item]
	if !ok {
		code := "questionnaire.reference_unknown"
		if _, later := c.all[cond.Item]; later {
			code = "questionnaire.reference_forward"
		}
		c.Add(path+".item", code)
		return
	}
	fits, valued := cond.suits(item)
	switch {
	case !fits:
		c.Add(path+".op", "questionnaire.condition_op")
	case !valued:
		c.Add(path, "questionnaire.condition_value")
	}
}

// suits tells whether the comparison can be made with an item of this kind, and whether what is compared
// with is a possible answer to it.
func (cond Condition) suits(i Item) (fits, valued bool) {
	least, most, number := i.Kind.Range()
	number = number && cond.Number != nil && *cond.Number >= least && *cond.Number <= most && cond.Choice == ""
	unknown := i.DontKnow && cond.Choice == dontKnow && cond.Number == nil
	option := cond.Number == nil && i.Option(cond.Choice)
	numbered := i.Kind == Rating || i.Kind == Scale10
	switch cond.Op {
	case Answered:
		return true, cond.Number == nil && cond.Choice == ""
	case Is, IsNot:
		if i.Kind == Single {
			return true, option
		}
		return numbered, number || unknown
	case AtLeast, AtMost:
		return numbered, number
	case Includes:
		return i.Kind == Multiple, option
	}
	return false, false
}

// wording is how long one text may be; an optional text may be empty, in both languages.
type wording struct {
	most      int
	optional  bool
	paragraph bool
}

func (w wording) clean(path, s string) (string, error) {
	if w.paragraph {
		return text.Paragraph(path, s, 1, w.most)
	}
	return text.Line(path, s, 1, w.most)
}

// eachText visits every text with its path.
func (q *Questionnaire) eachText(visit func(path string, t *Text, w wording)) {
	visit("title", &q.Title, wording{most: 100})
	visit("intro", &q.Intro, wording{most: 2000, optional: true, paragraph: true})
	for n := range q.Sections {
		s, at := &q.Sections[n], fmt.Sprintf("sections[%d]", n)
		visit(at+".title", &s.Title, wording{most: 100})
		for m := range s.Items {
			i, at := &s.Items[m], fmt.Sprintf("%s.items[%d]", at, m)
			visit(at+".prompt", &i.Prompt, wording{most: 300})
			visit(at+".help", &i.Help, wording{most: 500, optional: true, paragraph: true})
			for o := range i.Options {
				visit(fmt.Sprintf("%s.options[%d].text", at, o), &i.Options[o].Text, wording{most: 100})
			}
		}
	}
}

func (c *checker) texts(q *Questionnaire) {
	q.eachText(func(path string, t *Text, w wording) {
		if w.optional && t.Empty() {
			return
		}
		c.text(path+".zh", t.Zh, w)
		c.text(path+".en", t.En, w)
	})
}

func (c *checker) text(path, s string, w wording) {
	if s == "" {
		c.Add(path, "questionnaire.language_missing")
		return
	}
	clean, err := w.clean(path, s)
	switch {
	case err != nil:
		c.Add(path, fault.Of(err).Fields[0].Code, "least", 1, "most", w.most)
	case clean != s:
		c.Add(path, "questionnaire.text_not_clean")
	}
}

// Clean brings every text into normal form (NFC, outer spaces cut, line ends LF), as Check wants it.
func (q *Questionnaire) Clean() {
	q.eachText(func(path string, t *Text, w wording) {
		t.Zh, _ = w.clean(path, t.Zh)
		t.En, _ = w.clean(path, t.En)
	})
}
