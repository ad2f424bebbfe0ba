package bundle

import (
	"strings"

	"github.com/redproperty/redproperty/internal/ballot"
)

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
