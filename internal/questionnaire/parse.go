package questionnaire

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"unicode/utf8"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/text"
)

// Limits of what is read, in bytes.
const (
	MaxQuestionnaireBytes = 256 << 10
	MaxAnswersBytes       = 64 << 10
)

// maxDepth bounds objects and lists within each other; the deepest condition stays below it.
const maxDepth = 20

// fields are the names of a questionnaire's JSON, matched to the letter.
var fields = map[string]bool{
	"title": true, "intro": true, "sections": true, "zh": true, "en": true, "code": true, "showIf": true, "items": true,
	"kind": true, "prompt": true, "help": true, "required": true, "dontKnow": true, "dimension": true, "options": true,
	"minChoices": true, "maxChoices": true, "maxRunes": true, "text": true,
	"all": true, "any": true, "item": true, "op": true, "number": true, "choice": true,
}

// Parse reads a questionnaire strictly: one JSON object of UTF-8, no unknown or repeated name, no null. It
// normalises the texts and returns what Check accepts, or an Invalid fault that says where it is wrong.
func Parse(raw []byte) (Questionnaire, error) {
	var q Questionnaire
	if len(raw) > MaxQuestionnaireBytes {
		return q, fault.InvalidField("questionnaire", "questionnaire.too_large", "most", MaxQuestionnaireBytes)
	}
	if !utf8.Valid(raw) {
		return q, fault.InvalidField("questionnaire", "text.encoding")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	if err := walk(dec, "", 0); err != nil {
		return q, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return q, fault.InvalidField("questionnaire", "questionnaire.json")
	}
	dec = json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&q); err != nil {
		return Questionnaire{}, decodeFault(err)
	}
	q.Clean()
	if err := q.Check(); err != nil {
		return Questionnaire{}, err
	}
	return q, nil
}

// decodeFault keeps the decoder's words, which repeat what was sent, out of the answer.
func decodeFault(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return refuse(wrong.Field, "questionnaire.type")
	}
	return fault.InvalidField("questionnaire", "questionnaire.field_unknown")
}

// refuse is a fault about a place in the JSON; the place of the whole is "questionnaire".
func refuse(path, code string) error {
	if path == "" {
		path = "questionnaire"
	}
	return fault.InvalidField(path, code)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// walk reads one value and refuses what the decoder would let pass: repeated names, names in other
// letters, null, and deep nesting.
func walk(dec *json.Decoder, path string, depth int) error {
	tok, err := dec.Token()
	switch {
	case err != nil:
		return refuse(path, "questionnaire.json")
	case tok == nil:
		return refuse(path, "questionnaire.null")
	case depth > maxDepth:
		return refuse(path, "questionnaire.depth")
	}
	switch tok {
	case json.Delim('{'):
		err = walkObject(dec, path, depth)
	case json.Delim('['):
		for n := 0; err == nil && dec.More(); n++ {
			err = walk(dec, path+"["+strconv.Itoa(n)+"]", depth+1)
		}
	default:
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := dec.Token(); err != nil {
		return refuse(path, "questionnaire.json")
	}
	return nil
}

func walkObject(dec *json.Decoder, path string, depth int) error {
	seen := map[string]bool{}
	for dec.More() {
		tok, err := dec.Token()
		name, ok := tok.(string)
		switch {
		case err != nil || !ok:
			return refuse(path, "questionnaire.json")
		case !fields[name]:
			return refuse(path, "questionnaire.field_unknown")
		case seen[name]:
			return refuse(join(path, name), "questionnaire.field_twice")
		}
		seen[name] = true
		if err := walk(dec, join(path, name), depth+1); err != nil {
			return err
		}
	}
	return nil
}

// Canonical is the one byte form of the questionnaire: JSON without spaces, fields in a fixed order, empty
// ones left out. Parse of it gives the same questionnaire.
func (q Questionnaire) Canonical() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(q); err != nil {
		panic(fmt.Sprintf("a questionnaire is plain data: %v", err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// Hash is the SHA-256 of the canonical form: what names a frozen version.
func (q Questionnaire) Hash() [sha256.Size]byte { return sha256.Sum256(q.Canonical()) }

// wholeNumber is the only way to write a number in answers, so that a value has one form.
var wholeNumber = regexp.MustCompile(`^(0|[1-9][0-9]{0,3})$`)

// ParseAnswers reads answers strictly: one JSON object of UTF-8 from item codes to whole numbers, strings
// or lists of strings, each code once. Texts are normalised. The error is an Invalid fault that names the
// item; whether the answers fit a questionnaire is told by its CheckAnswers.
func ParseAnswers(raw []byte) (Answers, error) {
	if len(raw) > MaxAnswersBytes {
		return nil, fault.InvalidField("answers", "answer.too_large", "most", MaxAnswersBytes)
	}
	if out := make(Answers, min(bytes.Count(raw, []byte{':'}), MaxItems)); quick(string(raw), out, false) {
		return out, nil
	}
	return parseAnswers(raw)
}

// parseAnswers is the general way.
func parseAnswers(raw []byte) (Answers, error) {
	if !utf8.Valid(raw) {
		return nil, fault.InvalidField("answers", "text.encoding")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if tok, err := dec.Token(); err != nil || tok != json.Delim('{') {
		return nil, fault.InvalidField("answers", "answer.json")
	}
	out := Answers{}
	for dec.More() {
		if err := out.parse(dec); err != nil {
			return nil, err
		}
	}
	if _, err := dec.Token(); err != nil {
		return nil, fault.InvalidField("answers", "answer.json")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fault.InvalidField("answers", "answer.json")
	}
	return out, nil
}

// parse reads one code and its answer.
func (a Answers) parse(dec *json.Decoder) error {
	tok, err := dec.Token()
	code, ok := tok.(string)
	_, twice := a[code]
	switch {
	case err != nil || !ok:
		return fault.InvalidField("answers", "answer.json")
	case !codeForm.MatchString(code):
		return fault.InvalidField("answers", "answer.code_form")
	case twice:
		return fault.InvalidField(answerPath(code), "answer.twice")
	case len(a) == MaxItems:
		return fault.InvalidField("answers", "answer.count", "most", MaxItems)
	}
	a[code], err = parseAnswer(dec, answerPath(code))
	return err
}

func parseAnswer(dec *json.Decoder, path string) (Answer, error) {
	tok, err := dec.Token()
	if err != nil {
		return Answer{}, fault.InvalidField(path, "answer.json")
	}
	switch v := tok.(type) {
	case json.Number:
		if n, err := strconv.Atoi(v.String()); err == nil && wholeNumber.MatchString(v.String()) {
			return Number(n), nil
		}
	case string:
		s, err := text.Paragraph(path, v, 1, MaxTextAnswer)
		return Words(s), err
	case json.Delim:
		if v == '[' {
			return parseChoices(dec, path)
		}
	}
	return Answer{}, fault.InvalidField(path, "answer.form")
}

func parseChoices(dec *json.Decoder, path string) (Answer, error) {
	var codes []string
	for dec.More() {
		tok, err := dec.Token()
		code, ok := tok.(string)
		switch {
		case err != nil:
			return Answer{}, fault.InvalidField(path, "answer.json")
		case !ok || !codeForm.MatchString(code) || len(codes) == MaxOptions:
			return Answer{}, fault.InvalidField(path, "answer.options")
		}
		codes = append(codes, code)
	}
	if _, err := dec.Token(); err != nil {
		return Answer{}, fault.InvalidField(path, "answer.json")
	}
	a := Choices(codes...)
	if repeats(a.list) {
		return Answer{}, fault.InvalidField(path, "answer.choice_twice")
	}
	return a, nil
}

// UnmarshalJSON reads as ParseAnswers does.
func (a *Answers) UnmarshalJSON(raw []byte) error {
	parsed, err := ParseAnswers(raw)
	if err == nil {
		*a = parsed
	}
	return err
}
