package area

import (
	"strings"

	"github.com/redproperty/redproperty/internal/fault"
)

// codeLength is the length of a statistical code: 2 digits for the province, 2 city, 2 district or
// county, 3 street, town or township, 3 community or village (国统字〔2009〕91号).
const codeLength = 12

// ends tells after how many digits the code of a kind has only zeros.
var ends = []struct {
	kind   Kind
	digits int
}{{Province, 2}, {City, 4}, {District, 6}, {Street, 9}, {Community, 12}}

// CheckCode is the validator of R3.1. It tells the kind of division that a 12-digit code stands for. The
// fault input.invalid at path says what is wrong: area.code_digits (not 12 digits) or area.code_range
// (a level is skipped, or the number at a level is outside the ranges that are given out).
func CheckCode(path, code string) (Kind, error) {
	if len(code) != codeLength || strings.Trim(code, "0123456789") != "" {
		return "", fault.InvalidField(path, "area.code_digits")
	}
	kind := Community
	for _, e := range ends {
		if strings.Trim(code[e.digits:], "0") == "" {
			kind = e.kind
			break
		}
	}
	if !inRange(kind, code) {
		return "", fault.InvalidField(path, "area.code_range")
	}
	return kind, nil
}

// inRange checks each level down to kind: provinces 11 to 82, cities and counties 01 to 90 (a county
// directly below its province has 90), townships 001 to 599 (001 street, 100 town, 200 township, 400
// what is treated as one), communities 001 to 599 (001 residents' committee, 200 villagers' committee,
// 400 what is treated as one).
func inRange(kind Kind, code string) bool {
	for _, l := range []struct {
		kind      Kind
		digits    string
		low, high string
	}{
		{Province, code[:2], "11", "82"}, {City, code[2:4], "01", "90"}, {District, code[4:6], "01", "90"},
		{Street, code[6:9], "001", "599"}, {Community, code[9:], "001", "599"},
	} {
		if l.digits < l.low || l.digits > l.high {
			return false
		}
		if l.kind == kind {
			return true
		}
	}
	return false
}

// ParentCode is the code of the division that code lies in; empty for a province.
func ParentCode(code string) string {
	for i := len(ends) - 1; i > 0; i-- {
		if strings.Trim(code[ends[i-1].digits:], "0") != "" {
			return padded(code[:ends[i-1].digits])
		}
	}
	return ""
}

// padded completes a shortened code, as 370612 or 370612001, with zeros.
func padded(code string) string {
	return code + strings.Repeat("0", max(0, codeLength-len(code)))
}
