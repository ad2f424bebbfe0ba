// Package text cleans what people type: one normal form, no control characters, lengths in characters.
// Characters beyond the BMP, private use characters and emoji pass unchanged.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/redproperty/redproperty/internal/fault"
)

// turning are the characters that change the direction of what follows them. In a name they would turn
// round the rest of each sentence in which the name stands; the direction of letters is known without them.
var turning = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x202a, Hi: 0x202e, Stride: 1}, {Lo: 0x2066, Hi: 0x2069, Stride: 1}}}

func straight(s string) string {
	if !utf8.ValidString(s) {
		return s // to be refused as it is
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(turning, r) {
			return -1
		}
		return r
	}, s)
}

// Line cleans a single line: NFC, outer spaces cut, marks of direction dropped, inner line ends refused. An Invalid fault about path
// is returned when the text is shorter than least or longer than most characters, is not UTF-8, or holds
// control characters.
func Line(path, s string, least, most int) (string, error) {
	s = strings.TrimSpace(straight(norm.NFC.String(s)))
	return s, check(path, s, least, most, false)
}

// Paragraph cleans a longer text, which may hold line ends and tabs; CRLF becomes LF.
func Paragraph(path, s string, least, most int) (string, error) {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	s = strings.TrimSpace(norm.NFC.String(s))
	return s, check(path, s, least, most, true)
}

// unseen tells whether nothing of a text can be seen: joiners, marks of direction and fillers alone are no name.
func unseen(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		switch r {
		case '\u034f', '\u115f', '\u1160', '\u2800', '\u3164', '\uffa0': // fillers that count as letters or symbols
			return false
		}
		return !unicode.IsSpace(r) && !unicode.In(r, unicode.Cf, unicode.Variation_Selector)
	})
}

func check(path, s string, least, most int, lines bool) error {
	if !utf8.ValidString(s) {
		return fault.InvalidField(path, "text.encoding")
	}
	for _, r := range s {
		if unicode.IsControl(r) && (!lines || (r != '\n' && r != '\t')) || !lines && unicode.In(r, unicode.Zl, unicode.Zp) {
			return fault.InvalidField(path, "text.control")
		}
	}
	if n := utf8.RuneCountInString(s); n < least || n > most || least > 0 && unseen(s) {
		return fault.InvalidField(path, "text.length", "least", least, "most", most)
	}
	return nil
}
