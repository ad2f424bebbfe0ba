package rules

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

// entry is a category with everything it can be found by, folded.
type entry struct {
	category *Category
	names    []string // its own names: a hit here counts more
	words    []string // what people call it, the group's name, pinyin and initials
}

func buildIndex(groups []Group) []entry {
	var out []entry
	for _, g := range groups {
		for _, c := range g.Categories {
			e := entry{category: c, names: []string{fold(c.Zh), fold(c.En), fold(c.Code)}}
			for _, w := range append([]string{c.Zh, g.Zh, g.En}, c.Words...) {
				e.words = append(e.words, spellings(w)...)
			}
			out = append(out, e)
		}
	}
	return out
}

// spellings are a word as it is, in pinyin, and by its pinyin initials.
func spellings(word string) []string {
	args := pinyin.NewArgs()
	args.Fallback = func(r rune, _ pinyin.Args) []string { return []string{string(r)} }
	var full, initials strings.Builder
	for _, syllable := range pinyin.LazyPinyin(word, args) {
		full.WriteString(syllable)
		for _, r := range syllable {
			initials.WriteRune(r)
			break
		}
	}
	return []string{fold(word), fold(full.String()), fold(initials.String())}
}

// fold makes spellings comparable: compatibility forms, lower case, letters and digits only.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(s))
}

// longestQuery bounds what is searched for, in runes.
const longestQuery = 50

// Search finds categories by Chinese or English words, pinyin ("shuiguan") or initials ("sgbl"), the
// best first; nothing for an empty query. At most limit are returned.
func (d *Dictionary) Search(query string, limit int) []*Category {
	if r := []rune(query); len(r) > longestQuery {
		query = string(r[:longestQuery])
	}
	q := fold(query)
	if q == "" {
		return nil
	}
	type hit struct {
		category *Category
		score    int
	}
	var hits []hit
	for _, e := range d.index {
		if s := e.score(q); s > 0 {
			hits = append(hits, hit{e.category, s})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.score, a.score) })
	out := make([]*Category, 0, min(limit, len(hits)))
	for _, h := range hits[:min(limit, len(hits))] {
		out = append(out, h.category)
	}
	return out
}

// score: 4 a name begins so, 3 a word is just that, 2 a word begins so, 1 it occurs, or a whole Chinese
// word occurs in a longer description. Single Latin letters match only beginnings.
func (e entry) score(q string) int {
	best := 0
	for _, n := range e.names {
		if strings.HasPrefix(n, q) {
			return 4
		}
	}
	for _, w := range append(e.names[:len(e.names):len(e.names)], e.words...) {
		switch {
		case w == q:
			best = max(best, 3)
		case strings.HasPrefix(w, q):
			best = max(best, 2)
		case len(q) > 1 && strings.Contains(w, q), chinese(w) && len([]rune(w)) > 1 && strings.Contains(q, w):
			best = max(best, 1)
		}
	}
	return best
}

func chinese(s string) bool {
	for _, r := range s {
		return unicode.Is(unicode.Han, r)
	}
	return false
}
