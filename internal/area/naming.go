package area

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/sheet"
	"github.com/redproperty/redproperty/internal/text"
)

// nameKey is the form under which names of places are compared and searched: compatibility characters
// are unified (１号楼 and 1号楼), case and spaces do not count.
func nameKey(name string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(name))), "")
}

// maxUnitKey is the longest key of a unit within its building.
const maxUnitKey = 80

// keyFits tells whether the key of a name is no longer than a name may be. It can be: ﷺ is one letter, and eighteen as a key.
func keyFits(name string, most int) bool { return utf8.RuneCountInString(nameKey(name)) <= most }

// placeName cleans the name of a place from the field of that name. Fault: text.length also where its key is too long to be compared.
func placeName(name string, most int) (string, error) {
	clean, err := text.Line("body.name", name, 1, most)
	if err == nil && !keyFits(clean, most) {
		err = fault.InvalidField("body.name", "text.length", "least", 1, "most", most)
	}
	return clean, err
}

// nameText is a name from a row of a table, cleaned and refused as one that is typed: one of which nothing
// can be seen would stand in the register as nobody.
func nameText(row *sheet.Row, column, name string, most int) string {
	clean, err := text.Line("", name, 1, most)
	switch {
	case err == nil:
	case utf8.RuneCountInString(clean) > most:
		row.Reject(column, "sheet.text_too_long", "sheet.expect.text", "max", most)
	default:
		row.Reject(column, "sheet.text_invisible", "sheet.expect.text")
	}
	return clean
}

// placeText reads the name of a place from a table, as placeName does from a form.
func placeText(row *sheet.Row, column string, most int) string {
	name := row.Text(column, most)
	if name == "" {
		return "" // whether it may be, the column says
	}
	name = nameText(row, column, name, most)
	if !keyFits(name, most) {
		row.Reject(column, "sheet.text_too_long", "sheet.expect.text", "max", most)
	}
	return name
}

// Words that people put behind the number of a building, entrance or room, or leave out.
var (
	buildingWords = []string{"号楼", "#楼", "栋", "幢", "座", "楼", "号", "#"}
	entranceWords = []string{"单元", "门洞", "门", "#"}
	roomWords     = []string{"室", "房", "号"}
)

// buildingKey makes 1号楼, １号楼, 一号楼, 01栋 and 1# one building.
func buildingKey(name string) string { return numberKey(name, buildingWords) }

// unitKey makes 1单元 0301, 一单元 301室 and １单元 301 one unit of a building.
func unitKey(entrance, number string) string {
	return numberKey(entrance, entranceWords) + "/" + numberKey(number, roomWords)
}

// numberKey reduces a name to its number: without the word behind it, in Arabic digits, without leading
// zeros. A name that holds more than a number keeps the rest.
func numberKey(name string, words []string) string {
	key := nameKey(name)
	core := key
	for _, w := range words {
		if cut, ok := strings.CutSuffix(key, w); ok && cut != "" {
			core = cut
			break
		}
	}
	if n, ok := chineseNumber(core); ok {
		return strconv.Itoa(n)
	}
	if core != "" && strings.Trim(core, "0123456789") == "" {
		return withoutZeros(core)
	}
	return core
}

// withoutZeros cuts leading zeros but leaves a number.
func withoutZeros(digits string) string {
	if cut := strings.TrimLeft(digits, "0"); cut != "" {
		return cut
	}
	return "0"
}

var chineseDigits = map[rune]int{'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

var chineseUnits = map[rune]int{'十': 10, '百': 100}

// chineseNumber reads numbers as they stand on buildings: 一, 十二, 二十一, 一百零三, and digit by digit 三〇二.
func chineseNumber(s string) (int, bool) {
	if s == "" || len(s) > 8*len("一") {
		return 0, false
	}
	if n, ok := digitByDigit(s); ok {
		return n, true
	}
	total, digit := 0, -1
	for _, r := range s {
		if d, ok := chineseDigits[r]; ok {
			digit = d
			continue
		}
		unit, ok := chineseUnits[r]
		if !ok {
			return 0, false
		}
		if digit < 0 {
			digit = 1 // 十二 is 一十二
		}
		total, digit = total+digit*unit, -1
	}
	return total + max(digit, 0), true
}

func digitByDigit(s string) (int, bool) {
	n := 0
	for _, r := range s {
		d, ok := chineseDigits[r]
		if !ok {
			return 0, false
		}
		n = n*10 + d
	}
	return n, true
}
