package bundle

import (
	"encoding/base64"
	"strconv"
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
	partLine  = `{"type":"dwelling","line":"`
	partOf    = `","stratum":"`
	partAsked = `","asked":`
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

// appendDwelling writes a line of the roll, and scanDwelling reads it.
func appendDwelling(out []byte, d Dwelling) []byte {
	out = base64.RawURLEncoding.AppendEncode(append(out, partLine...), d.Line[:])
	out = append(append(append(out, partOf...), d.Stratum...), partAsked...)
	return append(strconv.AppendBool(out, d.Asked), '}')
}

func scanDwelling(line []byte) (d Dwelling, err error) {
	s := &scan{line, true}
	d = Dwelling{Type: kindDwelling, Line: s.hash(partLine)}
	s.literal(partOf)
	d.Stratum = string(s.until('"'))
	s.literal(partAsked)
	d.Asked = s.ok && string(s.rest) == "true}"
	if !s.ok || !d.Asked && string(s.rest) != "false}" {
		return d, errForm
	}
	return d, nil
}
