package sheet

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Reasons why a row is skipped.
const (
	SkipBlank  = "blank"  // nothing in any cell
	SkipTotal  = "total"  // 合计, 总计, 小计, total
	SkipNote   = "note"   // instructions and signatures around the table
	SkipHeader = "header" // the header again, as printed on each page
	SkipEnd    = "end"    // the end marker of our own exports
)

// Words are matched after width and case are folded and blanks are gone.
var (
	totalWord  = regexp.MustCompile(`^(.{0,10}(合计|总计|小计|共计)|(sub|grand)?totals?)[:：]?$`)
	noteWord   = regexp.MustCompile(`(?s)^[(（【\[*※]*(填表|填写|导入|使用)?(说明|备注|注意|注意事项|注|提示|须知|notes?|remarks?|instructions?)[)）】\]]*([:：.、。0-9\[(（].*)?$`)
	footerWord = regexp.MustCompile(`^(制表|填表|审核|复核|填报|负责|经办|打印|导出|制单|统计|单位负责|联系)(人|单位|日期|时间|员|者)?(\(签字\)|\(盖章\))?:`)
)

// maxHeldRows bounds how many rows of one cell wait for the decision whether they are notes.
const maxHeldRows = 200

func foldWord(s string) string {
	if len(s) > 400 {
		s = string([]rune(s)[:100])
	}
	return strings.Map(func(r rune) rune {
		if isSpace(r) {
			return -1
		}
		return r
	}, strings.ToLower(norm.NFKC.String(s)))
}

// verdict is what one row looks like by itself.
type verdict string

const (
	isData   verdict = "data"
	isSingle verdict = "single" // a note, if no data follow
)

// classify judges a row by its own cells, before merged cells are filled in.
func (t *Table) classify(own []string) verdict {
	inside := make([]string, 0, 3)
	count, outside := 0, 0
	for i, c := range own {
		if isBlank(c) {
			continue
		}
		if _, ok := t.header.titled[i]; !ok {
			outside++
			continue
		}
		if count++; len(inside) < 3 {
			inside = append(inside, c)
		}
	}
	switch {
	case count == 0 && outside == 0:
		return SkipBlank
	case count == 0:
		return t.outsideOnly(own)
	case strings.HasPrefix(inside[0], endMark):
		return SkipEnd
	case !t.known(own): // running numbers prepared for rows that nobody filled
		return SkipNote
	case anyTotal(inside):
		return SkipTotal
	case t.repeatsHeader(own):
		return SkipHeader
	}
	return t.noteOrData(own, inside[0], count)
}

// outsideOnly judges a row whose text stands beside the table.
func (t *Table) outsideOnly(own []string) verdict {
	for _, c := range own {
		if strings.HasPrefix(c, endMark) {
			return SkipEnd
		}
	}
	return SkipNote
}

func (t *Table) noteOrData(own []string, first string, count int) verdict {
	full := t.complete(own)
	if full && count > 1 {
		return isData
	}
	word := foldWord(first)
	if noteWord.MatchString(word) || footerWord.MatchString(word) {
		return SkipNote
	}
	if full {
		return isData
	}
	if count == 1 && len(t.header.columns) > 1 {
		return isSingle
	}
	return isData
}

// known tells whether any column of the schema has something in it.
func (t *Table) known(own []string) bool {
	for _, f := range t.header.columns {
		if f.index < len(own) && !isBlank(own[f.index]) {
			return true
		}
	}
	return false
}

func anyTotal(cells []string) bool {
	for _, c := range cells {
		// the cheap look first: this runs over every row
		if len(c) <= 64 && strings.ContainsAny(c, "计tTｔＴ") && totalWord.MatchString(foldWord(c)) {
			return true
		}
	}
	return false
}

// complete tells whether every required column has something in it.
func (t *Table) complete(cells []string) bool {
	any := false
	for _, c := range t.schema {
		if !c.Required {
			continue
		}
		any = true
		if i := t.header.columns[c.Key].index; i >= len(cells) || isBlank(cells[i]) {
			return false
		}
	}
	return any
}

func (t *Table) repeatsHeader(own []string) bool {
	for _, f := range t.header.columns {
		if f.index >= len(own) || f.index >= len(t.header.raw) || own[f.index] != t.header.raw[f.index] {
			return false
		}
	}
	return true
}

// isSpace is wider than Unicode's: zero-width characters that people cannot see are blanks at the edge of a cell.
func isSpace(r rune) bool {
	switch r {
	case '\u200b', '\u2060', '\ufeff', '\u180e':
		return true
	}
	return unicode.IsSpace(r)
}

func isBlank(s string) bool {
	for _, r := range s {
		if !isSpace(r) {
			return false
		}
	}
	return true
}
