// Package questionnaire is what a survey asks and what may be answered: items of five kinds in sections,
// branching on earlier answers, both languages, strict reading, and canonical forms whose hashes name a
// frozen questionnaire and commit to a set of answers. It is pure: no database, no HTTP, no clock.
//
// # Branching
//
// An item is visible when its section is visible and its own condition, if any, holds; a section is visible
// when its condition holds. A condition compares answers of earlier items only, so visibility is decided in
// one pass from first to last and never depends on itself.
//
// A comparison with an item that is hidden or unanswered is false, whichever comparison it is: "is_not"
// asks for an answer that is another one. "Don't know" is an answer: it counts for answered, is and is_not,
// and has no size, so at_least and at_most are false for it. An answer given to a hidden item counts as
// none for later conditions, and Check refuses it: it is never dropped in silence.
package questionnaire

import "slices"

// Text is a text in Chinese and English.
type Text struct {
	Zh string `json:"zh" yaml:"zh" doc:"Chinese"`
	En string `json:"en" yaml:"en" doc:"English"`
}

// Empty tells whether neither language is there.
func (t Text) Empty() bool { return t.Zh == "" && t.En == "" }

// In returns the text in the language "zh" or "en"; anything else gets Chinese, the field's own language.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.En
	}
	return t.Zh
}

// Kind is a kind of item.
type Kind string

// The kinds of items.
const (
	Rating   Kind = "rating"   // 1 (very dissatisfied) to 5 (very satisfied)
	Single   Kind = "single"   // one of the options
	Multiple Kind = "multiple" // some of the options
	Scale10  Kind = "scale10"  // 0 to 10
	FreeText Kind = "text"     // in the respondent's own words
)

// Kinds lists the kinds of items.
func Kinds() []Kind { return []Kind{Rating, Single, Multiple, Scale10, FreeText} }

// Range returns the least and greatest number that an item of this kind takes; ok is false for a kind that
// takes no number.
func (k Kind) Range() (least, most int, ok bool) {
	switch k {
	case Rating:
		return 1, 5, true
	case Scale10:
		return 0, 10, true
	}
	return 0, 0, false
}

// Questionnaire is a whole questionnaire. One that Check accepts is safe to show, answer and hash.
type Questionnaire struct {
	Title    Text      `json:"title" yaml:"title"`
	Intro    Text      `json:"intro,omitzero" yaml:"intro"`
	Sections []Section `json:"sections" yaml:"sections"`
}

// Section is a group of items shown under one title.
type Section struct {
	Code   string     `json:"code" yaml:"code"`
	Title  Text       `json:"title" yaml:"title"`
	ShowIf *Condition `json:"showIf,omitempty" yaml:"showIf"`
	Items  []Item     `json:"items" yaml:"items"`
}

// Item is one question.
type Item struct {
	Code   string `json:"code" yaml:"code"`
	Kind   Kind   `json:"kind" yaml:"kind" enum:"rating,single,multiple,scale10,text"`
	Prompt Text   `json:"prompt" yaml:"prompt"`
	Help   Text   `json:"help,omitzero" yaml:"help"`
	// Required asks for an answer while the item is visible; "don't know", where offered, is one.
	Required bool `json:"required,omitempty" yaml:"required"`
	// DontKnow offers "don't know" with a rating or a scale10; it is never part of a mean.
	DontKnow bool `json:"dontKnow,omitempty" yaml:"dontKnow"`
	// Dimension is the scored dimension that a rating belongs to; empty for one that is not scored.
	Dimension string `json:"dimension,omitempty" yaml:"dimension"`
	// Options are those of a single or multiple choice, in the order shown.
	Options []Option `json:"options,omitempty" yaml:"options"`
	// MinChoices and MaxChoices bound an answer to a multiple choice; 0 stands for 1 and for all options.
	MinChoices int `json:"minChoices,omitempty" yaml:"minChoices"`
	MaxChoices int `json:"maxChoices,omitempty" yaml:"maxChoices"`
	// MaxRunes bounds the answer to a text item, in characters.
	MaxRunes int        `json:"maxRunes,omitempty" yaml:"maxRunes"`
	ShowIf   *Condition `json:"showIf,omitempty" yaml:"showIf"`
}

// Option is one choice.
type Option struct {
	Code string `json:"code" yaml:"code"`
	Text Text   `json:"text" yaml:"text"`
}

// Scored tells whether the item's answers enter the score.
func (i Item) Scored() bool { return i.Kind == Rating && i.Dimension != "" }

// Option tells whether there is an option of this code.
func (i Item) Option(code string) bool {
	return slices.ContainsFunc(i.Options, func(o Option) bool { return o.Code == code })
}

// choices returns the bounds of an answer to a multiple choice.
func (i Item) choices() (least, most int) {
	least, most = max(i.MinChoices, 1), i.MaxChoices
	if most == 0 {
		most = len(i.Options)
	}
	return least, most
}

// Items lists the items of all sections in order.
func (q Questionnaire) Items() []Item {
	var out []Item
	for _, s := range q.Sections {
		out = append(out, s.Items...)
	}
	return out
}

// each calls do with each item in order. It copies none, where a request or a million responses go through them.
func (q Questionnaire) each(do func(i *Item)) {
	for s := range q.Sections {
		for k := range q.Sections[s].Items {
			do(&q.Sections[s].Items[k])
		}
	}
}

// Item finds an item by its code.
func (q Questionnaire) Item(code string) (Item, bool) {
	for _, s := range q.Sections {
		if i := slices.IndexFunc(s.Items, func(i Item) bool { return i.Code == code }); i >= 0 {
			return s.Items[i], true
		}
	}
	return Item{}, false
}

// Dimensions lists the dimensions of the scored items, each once, in order of their first item.
func (q Questionnaire) Dimensions() []string {
	var out []string
	for _, i := range q.Items() {
		if i.Scored() && !slices.Contains(out, i.Dimension) {
			out = append(out, i.Dimension)
		}
	}
	return out
}
