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

// Line cleans a single line: NFC, outer spaces cut, inner line ends refused. An Invalid fault about path
// is returned when the text is shorter than least or longer than most characters, is not UTF-8, or holds
// control characters.
func Line(path, s string, least, most int) (string, error) {
	s = strings.TrimSpace(norm.NFC.String(s))
	return s, check(path, s, least, most, false)
}

// Paragraph cleans a longer text, which may hold line ends and tabs; CRLF becomes LF.
func Paragraph(path, s string, least, most int) (string, error) {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	s = strings.TrimSpace(norm.NFC.String(s))
	return s, check(path, s, least, most, true)
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
	if n := utf8.RuneCountInString(s); n < least || n > most {
		return fault.InvalidField(path, "text.length", "least", least, "most", most)
	}
	return nil
}
