package sheet

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// CleanText makes one line of text: NFC, without blanks at its ends (zero-width characters count as blanks
// there), line breaks and tabs inside become one space. Inside, zero-width characters stay: they hold
// emoji and some scripts' names together. Astral characters, private use characters and emoji stay.
// NUL, other control characters and broken UTF-8 are refused, and so is more than max runes.
func CleanText(s string, max int) (string, *Problem) {
	s, p := CleanNote(s, max)
	if p != nil || !strings.ContainsAny(s, "\n\t") {
		return s, p
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\t' }), " "), nil
}

// CleanNote is CleanText for several lines: LF and tabs stay, CRLF and CR become LF. An apostrophe that
// guards a formula sign is taken off; see Guard.
func CleanNote(s string, max int) (string, *Problem) {
	if !utf8.ValidString(s) {
		return "", problem("sheet.text_encoding", expectText)
	}
	if strings.ContainsRune(s, '\r') {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	s = strings.TrimFunc(Unguard(strings.TrimFunc(norm.NFC.String(s), isSpace)), isSpace)
	if strings.ContainsFunc(s, isControl) {
		return "", problem("sheet.text_control", expectText)
	}
	if len(s) > max && utf8.RuneCountInString(s) > max {
		return "", problem("sheet.text_too_long", expectText, "max", max)
	}
	return s, nil
}

func isControl(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

// destroyed is an identifier that a spreadsheet has turned into a number: 1.10101E+17.
var destroyed = regexp.MustCompile(`^\d(\.\d+)?[eE]\+\d+$`)

// CleanCode makes an identifier that can be compared: full-width letters and digits become plain ones, no
// blanks at the ends, none of the characters that nobody sees (zero-width, direction marks) anywhere.
// A number that has lost its digits in a spreadsheet is refused. Letter case stays.
func CleanCode(s string, max int) (string, *Problem) {
	s, p := CleanText(s, max)
	if p != nil {
		return "", p
	}
	s = strings.Map(narrow, s)
	if strings.ContainsFunc(s, unseen) {
		return "", problem("sheet.code_invisible", expectCode)
	}
	if destroyed.MatchString(s) {
		return "", problem("sheet.number_lost_digits", expectCode)
	}
	return s, nil
}

// narrow maps full-width ASCII and the ideographic space to plain ones, and nothing else: unlike NFKC it
// leaves Chinese characters alone.
func narrow(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '\u3000' || r == '\u00a0':
		return ' '
	}
	return r
}

func unseen(r rune) bool { return unicode.Is(unicode.Cf, r) || r == '\ufffd' }

var (
	phoneJoints = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "", "—", "", "–", "", "‐", "", "·", "")
	mobile      = regexp.MustCompile(`^(?:\+?86|0086)?(1\d{10})$`)
	landline    = regexp.MustCompile(`^(?:(?:\+86|0086)0?|0)(10|2\d|[3-9]\d{2})([2-8]\d{6,7})$`)
	service     = regexp.MustCompile(`^([48]00\d{7})$`)
)

// ParsePhone returns the digits of one mainland number: a mobile (11 digits from 1; segments change, so
// only the form is checked), a landline with its area code from 0, or a 400 or 800 number. Country
// code, blanks, hyphens and brackets go. Two numbers in one cell, local numbers and extensions are refused.
func ParsePhone(s string) (string, *Problem) {
	s = phoneJoints.Replace(strings.Map(narrow, strings.TrimFunc(Unguard(s), isSpace)))
	if m := mobile.FindStringSubmatch(s); m != nil {
		return m[1], nil
	}
	if m := landline.FindStringSubmatch(s); m != nil {
		return "0" + m[1] + m[2], nil
	}
	if m := service.FindStringSubmatch(s); m != nil {
		return m[1], nil
	}
	return "", problem("sheet.phone_malformed", expectPhone)
}

var boolWords = map[string]bool{
	"是": true, "有": true, "对": true, "√": true, "✓": true, "✔": true, "y": true, "yes": true, "true": true, "t": true, "1": true,
	"否": false, "无": false, "没有": false, "错": false, "×": false, "✗": false, "✘": false, "n": false, "no": false, "false": false, "f": false, "0": false,
}

// ParseBool reads 是/否, 有/无, yes/no, Y/N, true/false, 1/0 and tick or cross.
func ParseBool(s string) (bool, *Problem) {
	v, ok := boolWords[foldWord(s)]
	if !ok {
		return false, problem("sheet.choice_unknown", expectBool, "choices", "是 / 否, yes / no")
	}
	return v, nil
}

func joinKeys(m map[string]string) string {
	return strings.Join(slices.Sorted(maps.Keys(m)), ", ")
}
