// Package pinyin makes the keys by which Chinese names are found on a Latin keyboard: the first letters
// of their syllables, 宁海街道 as nhjd.
package pinyin

import (
	"slices"
	"strings"
	"unicode"

	dict "github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

// MaxKeys bounds how many keys one name has, however many of its characters have several readings.
const MaxKeys = 16

// maxReadings is how many first letters of one character count: the dictionary also lists readings that
// only scholars know, after the common ones.
const maxReadings = 3

// maxRunes bounds the length of a key; nobody types more.
const maxRunes = 64

// Initials is the key made of each character's commonest reading, in lower case. Latin letters and digits
// stay (full-width ones as plain ones), characters without a reading stay as they are, blanks and
// punctuation go.
func Initials(s string) string { return Keys(s)[0] }

// Keys are the keys for all common combinations of readings, commonest first, at most MaxKeys:
// 重庆 is found as zq and as cq. There is always at least one, which may be empty.
func Keys(s string) []string {
	keys := []string{""}
	for i, letters := range readings(s) {
		if i == maxRunes {
			break
		}
		keys = extend(keys, letters)
	}
	return keys
}

// extend puts every letter behind every key, the commonest letter first, while there is room.
func extend(keys, letters []string) []string {
	out := make([]string, 0, min(len(keys)*len(letters), MaxKeys))
	for _, l := range letters {
		for _, k := range keys {
			if len(out) == MaxKeys {
				return out
			}
			out = append(out, k+l)
		}
	}
	return out
}

// readings lists for each character that counts its possible letters.
func readings(s string) [][]string {
	var all [][]string
	for _, r := range strings.ToLower(norm.NFKC.String(s)) {
		if unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			continue
		}
		all = append(all, lettersOf(r))
	}
	return all
}

func lettersOf(r rune) []string {
	entry, ok := dict.PinyinDict[int(r)]
	if !ok {
		return []string{string(r)}
	}
	var letters []string
	for syllable := range strings.SplitSeq(entry, ",") {
		if l := firstLetter(syllable); l != "" && !slices.Contains(letters, l) && len(letters) < maxReadings {
			letters = append(letters, l)
		}
	}
	if len(letters) == 0 {
		return []string{string(r)}
	}
	return letters
}

// firstLetter is the syllable's first letter without its tone: é is e.
func firstLetter(syllable string) string {
	for _, r := range norm.NFD.String(syllable) {
		if r >= 'a' && r <= 'z' {
			return string(r)
		}
	}
	return ""
}
