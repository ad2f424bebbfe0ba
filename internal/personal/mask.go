package personal

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// hidden stands for text of which nothing is shown.
const hidden = "***"

// MaskName shows the first character only, and not how many follow: 张**.
func MaskName(s string) string {
	s = NormalName(s)
	if utf8.RuneCountInString(s) < 2 {
		return strings.Repeat("*", 3*utf8.RuneCountInString(s))
	}
	_, n := utf8.DecodeRuneInString(s)
	return s[:n] + "**"
}

// MaskPhone shows the first three and the last four digits of a number of eleven or more, the last two
// of one of seven to ten, nothing of a shorter one: 138****1234.
func MaskPhone(s string) string {
	d := NormalPhone(s)
	switch n := len(d); {
	case n == 0:
		return ""
	case n >= 11:
		return d[:3] + strings.Repeat("*", n-7) + d[n-4:]
	case n >= 7:
		return strings.Repeat("*", n-2) + d[n-2:]
	}
	return hidden
}

// MaskIDNumber shows the first and the last character of an identity number; place and day of birth
// between them tell too much.
func MaskIDNumber(s string) string {
	r := []rune(strings.TrimSpace(s))
	if len(r) < 4 {
		return strings.Repeat("*", len(r))
	}
	return string(r[0]) + strings.Repeat("*", len(r)-2) + string(r[len(r)-1])
}

// MaskAll shows that there is something, and nothing of it.
func MaskAll(s string) string {
	if s == "" {
		return ""
	}
	return hidden
}

// numbers finds, in this order, identity numbers, mobile numbers and fixed lines, with ASCII or
// full-width digits and the separators people put between groups. A longer run of digits that holds
// one is masked too: to hide too much is the lesser harm.
var numbers = regexp.MustCompile(strings.NewReplacer("D", "[0-9０-９]", "S", "[ \\-－]?").Replace(
	`[1-9１-９]D{16}[0-9０-９XxＸｘ]|[1１][3-9３-９]DSD{4}SD{4}|[0０]D{2,3}SD{7,8}`))

// Redact masks mobile, fixed-line and identity numbers inside free text, and leaves the rest: what a
// person writes about a leaking pipe often ends with a phone number.
func Redact(text string) string {
	return numbers.ReplaceAllStringFunc(text, func(m string) string {
		if utf8.RuneCountInString(m) == 18 {
			return MaskIDNumber(m)
		}
		return MaskPhone(m)
	})
}
