package sheet

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Guard makes text harmless in every spreadsheet program and on every further way. A text cell of an XLSX
// file is never run, whatever it begins with; but the next person saves it as CSV, or a script copies
// it, and then "=1+1" is a formula. So both formats of ours carry an apostrophe in front of text whose
// first visible character is = + - or @ (also full-width and small forms), or that begins with a tab
// or a line break. Numbers and dates are written as such and need none. Unguard takes it off, and
// reading does so for every text, so an export read back is unchanged. What it cannot help: a program that is
// told to cut our comma-separated file at another sign, such as a semicolon inside a text.
func Guard(s string) string {
	if risky(s) {
		return "'" + s
	}
	return s
}

// Unguard undoes Guard: Unguard(Guard(s)) is s for every s. A leading apostrophe that guards nothing stays.
func Unguard(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && risky(rest) {
		return rest
	}
	return s
}

// risky looks through apostrophes, so that an already guarded text is guarded once more and both layers
// come off one by one.
func risky(s string) bool {
	s = strings.TrimLeft(s, "'")
	if s == "" {
		return false
	}
	if strings.IndexByte("\t\r\n", s[0]) >= 0 {
		return true
	}
	for _, r := range s {
		if isSpace(r) {
			continue
		}
		return strings.ContainsAny(norm.NFKC.String(string(r)), "=+-@")
	}
	return false
}
