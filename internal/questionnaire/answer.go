package questionnaire

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// dontKnow is the answer "don't know", also in conditions; no option may be named so.
const dontKnow = "dont_know"

type form int

const (
	numberForm form = iota + 1
	stringForm
	listForm
)

// Answer is an answer to one item: a number, a string (an option's code, "dont_know" or a text; only the
// item tells which) or a list of options. The zero Answer is none and fits no item.
type Answer struct {
	form   form
	number int
	text   string
	list   []string
}

// Number is the answer to a rating or scale10.
func Number(n int) Answer { return Answer{form: numberForm, number: n} }

// Choice is the answer to a single choice.
func Choice(code string) Answer { return Answer{form: stringForm, text: code} }

// Choices is the answer to a multiple choice. Their order says nothing: they are kept sorted.
func Choices(codes ...string) Answer {
	return Answer{form: listForm, list: slices.Sorted(slices.Values(codes))}
}

// Words is the answer to a text item; ParseAnswers normalises what comes from outside.
func Words(text string) Answer { return Answer{form: stringForm, text: text} }

// DontKnow is the answer "don't know" to a rating or scale10.
func DontKnow() Answer { return Answer{form: stringForm, text: dontKnow} }

// Number returns the number of an answer that is one; "don't know" is none.
func (a Answer) Number() (n int, ok bool) { return a.number, a.form == numberForm }

// Text returns the code or text of an answer that is one.
func (a Answer) Text() (s string, ok bool) { return a.text, a.form == stringForm }

// List returns the sorted choices of an answer that is a list.
func (a Answer) List() (codes []string, ok bool) { return slices.Clone(a.list), a.form == listForm }

// DontKnow tells whether the answer reads "don't know"; of a text item it is only a text.
func (a Answer) DontKnow() bool { return a.form == stringForm && a.text == dontKnow }

// MarshalJSON writes the canonical form: 4, "code", "dont_know", ["a","b"]; null for the zero Answer.
func (a Answer) MarshalJSON() ([]byte, error) { return a.append(nil), nil }

func (a Answer) append(b []byte) []byte {
	switch a.form {
	case numberForm:
		return strconv.AppendInt(b, int64(a.number), 10)
	case stringForm:
		return appendString(b, a.text)
	case listForm:
		b = append(b, '[')
		for i, code := range a.list {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(b, code)
		}
		return append(b, ']')
	}
	return append(b, "null"...)
}

// escapes are those of ECMAScript's JSON.stringify for what a cleaned text can hold, so that a browser
// computes the same bytes; Go's own encoder escapes more.
var escapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`)

func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	b = append(b, escapes.Replace(s)...)
	return append(b, '"')
}

// Answers are the answers of one ballot by the items' codes. An item without an answer is left out.
type Answers map[string]Answer

// Canonical is the one byte form of these answers, for commitments: a JSON object without spaces, the
// items in the order of their codes' bytes, choices sorted. ParseAnswers of it gives the same answers.
func (a Answers) Canonical() []byte {
	b := []byte{'{'}
	for i, code := range slices.Sorted(maps.Keys(a)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, code), ':')
		b = a[code].append(b)
	}
	return append(b, '}')
}

// MarshalJSON writes the canonical form.
func (a Answers) MarshalJSON() ([]byte, error) { return a.Canonical(), nil }

// Scored returns the answers without those to text items: what a bundle publishes and a commitment covers. It may be the
// answers themselves.
func (q Questionnaire) Scored(a Answers) Answers {
	scored := 0
	q.each(func(i *Item) {
		if _, ok := a[i.Code]; ok && i.Kind != FreeText {
			scored++
		}
	})
	if scored == len(a) {
		return a
	}
	out := make(Answers, scored)
	q.each(func(i *Item) {
		if answer, ok := a[i.Code]; ok && i.Kind != FreeText {
			out[i.Code] = answer
		}
	})
	return out
}

// Texts returns the answers to text items, which are kept apart and reviewed before release.
func (q Questionnaire) Texts(a Answers) map[string]string {
	out := map[string]string{}
	q.each(func(i *Item) {
		if answer, ok := a[i.Code]; ok && i.Kind == FreeText && answer.form == stringForm {
			out[i.Code] = answer.text
		}
	})
	return out
}
