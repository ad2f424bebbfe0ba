package bundle

import (
	"strings"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

// Nearly all answers are numbers, codes and lists of codes. They are read here by hand; whatever else stands in them is left to
// the general way, which reads everything and takes several times as long.

// unescape reads a JSON string in which nothing is escaped but quotation marks; not ok leaves it to the general way.
func unescape(raw []byte) (string, bool) {
	if len(raw) < 2 || raw[0] != '"' || raw[len(raw)-1] != '"' {
		return "", false
	}
	var out strings.Builder
	out.Grow(len(raw))
	inner := raw[1 : len(raw)-1]
	for i := 0; i < len(inner); i++ {
		c := inner[i]
		switch {
		case c == '\\' && i+1 < len(inner) && inner[i+1] == '"':
			i++
			c = '"'
		case c == '\\' || c == '"' || c < 0x20 || c >= 0x7f:
			return "", false
		}
		out.WriteByte(c)
	}
	return out.String(), true
}

// quick reads canonical answers in the place of what is in out; not ok leaves them to the general way.
func quick(text string, out questionnaire.Answers) bool {
	clear(out)
	last := ""
	rest, ok := strings.CutPrefix(text, "{")
	if rest == "}" {
		return ok
	}
	for ok {
		var code string
		if code, rest, ok = quoted(rest); !ok || code <= last || len(rest) < 2 || rest[0] != ':' {
			return false
		}
		var a questionnaire.Answer
		if a, rest, ok = answer(rest[1:]); !ok || rest == "" {
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
func answer(text string) (a questionnaire.Answer, rest string, ok bool) {
	if text == "" {
		return a, "", false
	}
	switch {
	case text[0] == '"':
		code, rest, ok := quoted(text)
		return questionnaire.Choice(code), rest, ok
	case text[0] == '[':
		return choices(text[1:])
	}
	n, at := 0, 0
	for at < len(text) && text[at] >= '0' && text[at] <= '9' && at < 4 {
		n = 10*n + int(text[at]-'0')
		at++
	}
	ok = at > 0 && (at == 1 || text[0] != '0')
	return questionnaire.Number(n), text[at:], ok
}

func choices(text string) (a questionnaire.Answer, rest string, ok bool) {
	var codes []string
	for {
		code, more, ok := quoted(text)
		if !ok || more == "" || len(codes) > 0 && code <= codes[len(codes)-1] {
			return a, "", false
		}
		codes = append(codes, code)
		if more[0] == ']' {
			return questionnaire.Choices(codes...), more[1:], true
		}
		if more[0] != ',' {
			return a, "", false
		}
		text = more[1:]
	}
}

const (
	partDraw  = `{"type":"draw","stratum":"`
	partTag   = `","tag":"`
	partDrawn = `","drawn":`
)

// scanDraw reads a dwelling's line of the final list.
func scanDraw(line []byte) (d draw, err error) {
	s := &scan{line, true}
	s.literal(partDraw)
	d = draw{Type: kindDraw, Stratum: string(s.until('"'))}
	d.Tag = ballot.Hash(s.hash(partTag))
	s.literal(partDrawn)
	d.Drawn = s.ok && string(s.rest) == "true}"
	if !s.ok || !d.Drawn && string(s.rest) != "false}" {
		return d, errForm
	}
	return d, nil
}
