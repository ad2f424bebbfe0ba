package questionnaire

import "strings"

// Nearly all answers are numbers, codes and lists of codes. They are read here by hand; whatever else stands in them is left to
// the general way, which reads everything and takes several times as long.

// ReadCanonical reads answers in the form that Canonical writes in the place of what is in out. False: they are in another form, or
// there are characters in them that only ParseAnswers reads.
func ReadCanonical(text string, out Answers) bool { return quick(text, out, true) }

// quick reads answers without spaces, sorted or in any order.
func quick(text string, out Answers, sorted bool) bool {
	clear(out)
	last := ""
	rest, ok := strings.CutPrefix(text, "{")
	if rest == "}" {
		return ok
	}
	for ok {
		var code string
		if code, rest, ok = quoted(rest); !ok || len(rest) < 2 || rest[0] != ':' {
			return false
		}
		if _, twice := out[code]; twice || sorted && code <= last || len(out) == MaxItems {
			return false
		}
		var a Answer
		if a, rest, ok = quickAnswer(rest[1:]); !ok || rest == "" {
			return false
		}
		out[code], last = a, code
		if rest == "}" {
			return true
		}
		ok = rest[0] == ','
		rest = rest[1:]
	}
	return false
}

// quoted takes a code in quotation marks off the front.
func quoted(text string) (code, rest string, ok bool) {
	if text == "" || text[0] != '"' {
		return "", "", false
	}
	n := 1
	for n < len(text) && (text[n] >= 'a' && text[n] <= 'z' || text[n] >= '0' && text[n] <= '9' || text[n] == '_') {
		n++
	}
	if n == 1 || n > 41 || text[1] < 'a' || n == len(text) || text[n] != '"' {
		return "", "", false
	}
	return text[1:n], text[n+1:], true
}

// answer takes a number, a code or a list of codes off the front.
func quickAnswer(text string) (a Answer, rest string, ok bool) {
	if text == "" {
		return a, "", false
	}
	switch {
	case text[0] == '"':
		code, rest, ok := quoted(text)
		return Choice(code), rest, ok
	case text[0] == '[':
		return quickChoices(text[1:])
	}
	n, at := 0, 0
	for at < len(text) && text[at] >= '0' && text[at] <= '9' && at < 4 {
		n = 10*n + int(text[at]-'0')
		at++
	}
	ok = at > 0 && (at == 1 || text[0] != '0')
	return Number(n), text[at:], ok
}

func quickChoices(text string) (a Answer, rest string, ok bool) {
	var codes []string
	for {
		code, more, ok := quoted(text)
		if !ok || more == "" || len(codes) > 0 && code <= codes[len(codes)-1] {
			return a, "", false
		}
		codes = append(codes, code)
		if more[0] == ']' {
			return Choices(codes...), more[1:], true
		}
		if more[0] != ',' {
			return a, "", false
		}
		text = more[1:]
	}
}
