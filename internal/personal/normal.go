package personal

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// NormalName is the form under which names are compared: NFC, one space between words, one kind of
// middle dot in names such as 买买提·吐尔逊, which keyboards write in seven ways.
func NormalName(s string) string {
	s = strings.Join(strings.Fields(norm.NFC.String(s)), " ")
	return middleDots.Replace(s)
}

var middleDots = strings.NewReplacer("•", "·", "‧", "·", "∙", "·", "⋅", "·", "・", "·", "･", "·", "．", "·")

// NormalPhone is the form under which phone numbers are compared: ASCII digits only, without
// separators and without China's own country code; a foreign number keeps its "+". It is its own normal form, however often
// a prefix was dialled.
func NormalPhone(s string) string {
	for {
		n := withoutPrefix(s)
		if n == s {
			return n
		}
		s = n
	}
}

func withoutPrefix(s string) string {
	s = strings.TrimSpace(norm.NFKC.String(s))
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	foreign := strings.HasPrefix(s, "+")
	if cut, ok := strings.CutPrefix(digits, "00"); ok {
		digits, foreign = cut, true
	}
	switch home, ok := strings.CutPrefix(digits, "86"); {
	case ok && (foreign || isMobile(home)):
		return home
	case foreign && digits != "":
		return "+" + digits
	}
	return digits
}

// IsMobile tells whether s is a Chinese mobile number once normalised: eleven digits, the first 1,
// the second 3 to 9.
func IsMobile(s string) bool { return isMobile(NormalPhone(s)) }

func isMobile(digits string) bool {
	return len(digits) == 11 && digits[0] == '1' && digits[1] >= '3' && !strings.ContainsFunc(digits, notDigit)
}

func notDigit(r rune) bool { return r < '0' || r > '9' }

// normalHandle is the form under which user names are compared: NFKC, lower case, no spaces around.
func normalHandle(s string) string {
	return strings.ToLower(strings.TrimFunc(norm.NFKC.String(s), unicode.IsSpace))
}
