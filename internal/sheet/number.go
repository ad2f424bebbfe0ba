package sheet

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// What a cell was expected to be, as codes of the message catalogue.
const (
	expectText     = "sheet.expect.text"
	expectCode     = "sheet.expect.code"
	expectArea     = "sheet.expect.area"
	expectMoney    = "sheet.expect.money"
	expectInt      = "sheet.expect.int"
	expectDate     = "sheet.expect.date"
	expectDateTime = "sheet.expect.datetime"
	expectBool     = "sheet.expect.bool"
	expectPhone    = "sheet.expect.phone"
	expectChoice   = "sheet.expect.choice"
)

// Why a number was refused.
const (
	codeNumber      = "sheet.number_malformed"
	codeNotPositive = "sheet.number_not_positive"
	codeNegative    = "sheet.number_negative"
	codeDecimals    = "sheet.number_decimals"
	codeRange       = "sheet.number_range"
)

// maxDigits bounds the whole part, far above any flat or contract and far below int64.
const maxDigits = 13

var (
	numberShape = regexp.MustCompile(`^([+-]?)(\d+|\d{1,3}(?:[, ]\d{3})+)?(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?$`)
	areaUnit    = regexp.MustCompile(`(?i)\s*(平方米|平方公尺|平米|平方|平|m\^?2|sqm|sq\.?\s?m\.?|square met(?:re|er)s?)$`)
	moneyUnit   = regexp.MustCompile(`(?i)\s*(人民币元|元整|元|圆|cny|rmb)$`)
	minusSigns  = strings.NewReplacer("−", "-", "–", "-")
	separators  = strings.NewReplacer(",", "", " ", "")
	moneyPrefix = regexp.MustCompile(`(?i)^(人民币|rmb|cny|[¥$])\s*`)
)

// decimal is an exact decimal: digits × 10^-scale, without needless zeros behind the point.
type decimal struct {
	negative bool
	digits   string // without leading zeros; empty for zero
	scale    int
}

// parseDecimal reads full-width digits, thousands separators in groups of three and, because workbooks
// hold them, exponents. It never goes through binary floating point. A spreadsheet program stores 89.53
// as 89.530000000000001 after arithmetic and shows 15 digits of it; what it shows is what counts.
func parseDecimal(s string) (decimal, bool) {
	s = minusSigns.Replace(foldNumber(s))
	m := numberShape.FindStringSubmatch(s)
	if m == nil || m[2]+m[3] == "" {
		return decimal{}, false
	}
	whole := separators.Replace(m[2])
	exp, _ := strconv.Atoi(m[4])
	d := decimal{negative: m[1] == "-", digits: whole + m[3], scale: len(m[3]) - exp}
	return d.trimmed(), true
}

// foldNumber makes full-width characters plain; what is far too long for a number becomes no number.
func foldNumber(s string) string {
	s = strings.TrimFunc(s, isSpace)
	if len(s) > 500 {
		return "…"
	}
	return strings.TrimFunc(norm.NFKC.String(s), isSpace)
}

func (d decimal) trimmed() decimal {
	d.digits = strings.TrimLeft(d.digits, "0")
	if len(d.digits) > 15 && d.scale > 0 {
		d = d.cut(len(d.digits) - 15)
	}
	for d.scale > 0 && strings.HasSuffix(d.digits, "0") {
		d.digits, d.scale = d.digits[:len(d.digits)-1], d.scale-1
	}
	if d.digits == "" {
		d.scale = 0
	}
	return d
}

// cut rounds the last n digits away, half up, but never digits of the whole part.
func (d decimal) cut(n int) decimal {
	n = min(n, d.scale)
	keep, rest := d.digits[:len(d.digits)-n], d.digits[len(d.digits)-n:]
	if n > 0 && rest[0] >= '5' {
		b := []byte("0" + keep)
		i := len(b) - 1
		for ; b[i] == '9'; i-- {
			b[i] = '0'
		}
		b[i]++
		keep = strings.TrimLeft(string(b), "0")
	}
	d.digits, d.scale = keep, d.scale-n
	return d
}

// scaled is d × 10^places, or the code of what is wrong.
func (d decimal) scaled(places int) (int64, string) {
	if d.scale > places {
		return 0, codeDecimals
	}
	if d.digits == "" {
		return 0, ""
	}
	zeros := places - d.scale
	if len(d.digits)+zeros > maxDigits+places {
		return 0, codeRange
	}
	n, err := strconv.ParseInt(d.digits+strings.Repeat("0", zeros), 10, 64)
	if err != nil {
		return 0, codeRange
	}
	if d.negative {
		n = -n
	}
	return n, ""
}

// ParseArea reads an area in square metres as integer 0.01 m². It accepts full-width digits, thousands
// separators and a unit (㎡, m2, 平方米); it refuses zero, negatives and words. More than two decimals are
// refused rather than rounded, because areas weigh votes; zeros behind the second decimal do not count.
func ParseArea(s string) (int64, *Problem) {
	d, ok := parseDecimal(areaUnit.ReplaceAllString(foldNumber(s), ""))
	if !ok {
		return 0, problem(codeNumber, expectArea)
	}
	if d.negative || d.digits == "" {
		return 0, problem(codeNotPositive, expectArea)
	}
	n, code := d.scaled(2)
	if code != "" {
		return 0, problem(code, expectArea)
	}
	return n, nil
}

// ParseMoney reads yuan as integer fen: zero or more, at most two decimals, with or without ¥ or 元.
// 万元 is refused: a factor is never guessed.
func ParseMoney(s string) (int64, *Problem) {
	s = foldNumber(s)
	s = moneyUnit.ReplaceAllString(moneyPrefix.ReplaceAllString(s, ""), "")
	d, ok := parseDecimal(s)
	if !ok {
		return 0, problem(codeNumber, expectMoney)
	}
	if d.negative && d.digits != "" {
		return 0, problem(codeNegative, expectMoney)
	}
	n, code := d.scaled(2)
	if code != "" {
		return 0, problem(code, expectMoney)
	}
	return n, nil
}

// ParseInt reads a whole number from least to most; "12.0" is 12.
func ParseInt(s string, least, most int64) (int64, *Problem) {
	d, ok := parseDecimal(s)
	if !ok {
		return 0, problem(codeNumber, expectInt, "least", least, "most", most)
	}
	n, code := d.scaled(0)
	if code == "" && (n < least || n > most) {
		code = codeRange
	}
	if code != "" {
		return 0, problem(code, expectInt, "least", least, "most", most)
	}
	return n, nil
}

// FormatHundredths writes an integer of hundredths (0.01 m², fen) as a decimal with two places.
func FormatHundredths(n int64) string {
	sign, u := "", uint64(n)
	if n < 0 {
		sign, u = "-", -u // wraps to the magnitude, also for the smallest int64
	}
	return sign + strconv.FormatUint(u/100, 10) + "." + strconv.FormatUint(100+u%100, 10)[1:]
}
