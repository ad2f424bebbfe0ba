package sheet

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/clock"
)

func codeIf(p *Problem) string {
	if p == nil {
		return ""
	}
	return p.Code
}

func TestParseArea(t *testing.T) {
	for in, want := range map[string]int64{
		"89.53": 8953, "１２０．５０": 12050, "1,089.00": 108900, "89.530": 8953, " 89.53 ": 8953, "88": 8800, "0.01": 1, ".5": 50, "5.": 500,
		"89.53㎡": 8953, "89.53 m2": 8953, "89.53M²": 8953, "89.53平方米": 8953, "89.53平": 8953, "1,000,000": 100_000_000, "+5": 500,
		"89.530000000000001": 8953, "0.30000000000000004": 30, "89.529999999999987": 8953, "1E2": 10000, "8.953E1": 8953, "1E-2": 1, "9999999999999": 999_999_999_999_900, "　１，０８９": 108900, "00089.53": 8953,
	} {
		got, p := ParseArea(in)
		require.Nil(t, p, in)
		require.Equal(t, want, got, in)
	}
	for in, code := range map[string]string{
		"": codeNumber, "九十": codeNumber, "0": codeNotPositive, "0.00": codeNotPositive, "-5": codeNotPositive, "－5": codeNotPositive, "−5": codeNotPositive,
		"89.534": codeDecimals, "0.001": codeDecimals, "1E-3": codeDecimals, "89,53": codeNumber, "1,2,3": codeNumber, "1.089,00": codeNumber, "12 34": codeNumber, "1.2.3": codeNumber,
		"㎡": codeNumber, ".": codeNumber, "-": codeNumber, "89.53万㎡": codeNumber, "1亩": codeNumber, "NaN": codeNumber, "Inf": codeNumber, "0x10": codeNumber, "1_000": codeNumber,
		"10000000000000": codeRange, "1E99": codeRange, "1E+999": codeNumber, strings.Repeat("9", 501): codeNumber, strings.Repeat("9", 500): codeRange, "(5)": codeNumber, "89.53/2": codeNumber, "٣": codeNumber,
	} {
		_, p := ParseArea(in)
		require.Equal(t, code, codeIf(p), in)
	}
}

func TestParseMoneyAndInt(t *testing.T) {
	for in, want := range map[string]int64{"0": 0, "1,200.50": 120050, "¥3": 300, "￥3.5元": 350, "100元整": 10000, "RMB 7": 700, "-0": 0} {
		got, p := ParseMoney(in)
		require.Nil(t, p, in)
		require.Equal(t, want, got, in)
	}
	for in, code := range map[string]string{"-1": codeNegative, "1.005": codeDecimals, "3万元": codeNumber, "元": codeNumber, "": codeNumber} {
		_, p := ParseMoney(in)
		require.Equal(t, code, codeIf(p), in)
	}
	n, p := ParseInt("12.0", 0, 12)
	require.Nil(t, p)
	require.EqualValues(t, 12, n)
	n, p = ParseInt("-3", -3, 3)
	require.Nil(t, p)
	require.EqualValues(t, -3, n)
	for in, code := range map[string]string{"13": codeRange, "-1": codeRange, "1.5": codeDecimals, "x": codeNumber} {
		_, p := ParseInt(in, 0, 12)
		require.Equal(t, code, codeIf(p), in)
		require.EqualValues(t, 12, p.Params["most"])
	}
}

func TestHundredthsGoRound(t *testing.T) {
	require.Equal(t, "-92233720368547758.08", FormatHundredths(-1<<63))
	require.Equal(t, "-0.05", FormatHundredths(-5))
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 999_999_999_999_999).Draw(t, "n")
		got, p := ParseArea(FormatHundredths(n))
		require.Nil(t, p)
		require.Equal(t, n, got)
	})
}

func TestParseDate(t *testing.T) {
	for in, want := range map[string]clock.Date{
		"2024-01-02": "2024-01-02", "2024/1/2": "2024-01-02", "2024.1.2": "2024-01-02", "20240102": "2024-01-02", "2024年1月2日": "2024-01-02", "2024年01月02": "2024-01-02",
		"２０２４－０１－０２": "2024-01-02", "42370": "2016-01-01", "42370.0": "2016-01-01", "2024-02-29": "2024-02-29", "2024-01-02 00:00:00": "2024-01-02", "18264": "1950-01-01", "73415": "2100-12-31", "1899-12-31": "1899-12-31",
	} {
		got, p := ParseDate(in)
		require.Nil(t, p, in)
		require.Equal(t, want, got, in)
	}
	for _, in := range []string{"", "2024", "2024-13-01", "2023-02-29", "2024-00-10", "2024-1-0", "1/2/2024", "02.01.2024", "24-1-2", "2024-1", "2024-1/2", "18263", "73416", "202401",
		"2024-01-02 10:00", "42370.5", "2024-01-02T00:00:00Z", "1799-01-01", "2201-01-01", "明天", "2024-01-02x", "-42370", strings.Repeat("1", 100)} {
		_, p := ParseDate(in)
		require.Equal(t, codeDate, codeIf(p), in)
	}
	got, p := parseDate("40908", true)
	require.Nil(t, p)
	require.EqualValues(t, "2016-01-01", got, "the same day counted from 1904")
}

func TestParseDateTime(t *testing.T) {
	la, err := time.LoadLocation("America/Los_Angeles")
	require.NoError(t, err)
	for in, want := range map[string]string{
		"2018-01-01 00:00:09": "2018-01-01T08:00:09.000Z", "2018-07-01T00:00:09": "2018-07-01T07:00:09.000Z", "2018-01-01 00:00:09.250": "2018-01-01T08:00:09.250Z",
		"2018-01-01T00:00:09Z": "2018-01-01T00:00:09.000Z", "2018-01-01T00:00:09+08:00": "2017-12-31T16:00:09.000Z", "2018-01-01 00:00 -0230": "2018-01-01T02:30:00.000Z",
		"2018年1月1日 8时5分": "2018-01-01T16:05:00.000Z", "2018年1月1日8时5分7秒": "2018-01-01T16:05:07.000Z", "2018/1/1": "2018-01-01T08:00:00.000Z", "43101.5": "2018-01-01T20:00:00.000Z",
		"43106.429502314816": "2018-01-06T18:18:29.000Z",
	} {
		got, p := ParseDateTime(in, la)
		require.Nil(t, p, in)
		require.Equal(t, want, got.String(), in)
	}
	for _, in := range []string{"", "2018-01-01 24:00", "2018-01-01 10:60", "2018-01-01 10:00:60", "2018-01-01 10", "10:00", "2018-01-0110:00", "2018-01-01 10:00 +15:00", "2018-01-01 10:00 PM"} {
		_, p := ParseDateTime(in, la)
		require.Equal(t, codeDate, codeIf(p), in)
	}
}

func TestTimesGoRound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-600_000_000_000, 4_000_000_000_000).Draw(t, "ms")
		want := clock.Instant(n)
		got, p := ParseDateTime(want.Time().Format("2006-01-02 15:04:05.000"), time.UTC)
		require.Nil(t, p)
		require.Equal(t, want, got)
	})
}

func TestParsePhone(t *testing.T) {
	for in, want := range map[string]string{
		"13812345678": "13812345678", "10000000001": "10000000001", "+86 138-1234-5678": "13812345678", "0086 13812345678": "13812345678", "8613812345678": "13812345678", "１３８１２３４５６７８": "13812345678",
		"0535-4212345": "05354212345", "(0535) 4212345": "05354212345", "010 62345678": "01062345678", "+86 535 4212345": "05354212345", "+86-10-62345678": "01062345678", "400-123-4567": "4001234567", "'+86 13812345678": "13812345678",
	} {
		got, p := ParsePhone(in)
		require.Nil(t, p, in)
		require.Equal(t, want, got, in)
	}
	for _, in := range []string{"", "12", "4212345", "1381234567", "138123456789", "13812345678/13912345678", "0535-4212345转8", "1.38E+10", "+1 202 555 0100", "一三八", "23812345678", "00000000000"} {
		_, p := ParsePhone(in)
		require.Equal(t, "sheet.phone_malformed", codeIf(p), in)
	}
}

func TestCleanText(t *testing.T) {
	for in, want := range map[string]string{
		"𬱖𬭎": "𬱖𬭎", "葛󠄀": "葛󠄀", "👨‍👩‍👧‍👦": "👨‍👩‍👧‍👦", "e\u0301": "é", "牟\u200b平": "牟\u200b平", "\u200b 牟平\ufeff\u3000": "牟平", "\ue000村": "\ue000村", "a\r\nb": "a b", "a\tb\n\nc": "a b c",
		"阿依古丽·买买提": "阿依古丽·买买提", "=1+1": "=1+1", "'=1+1": "=1+1", "'tis": "'tis", "\ufffd": "\ufffd", "": "",
	} {
		got, p := CleanText(in, 100)
		require.Nil(t, p, in)
		require.Equal(t, want, got, in)
	}
	note, p := CleanNote(" a\r\nb\rc\t ", 100)
	require.Nil(t, p)
	require.Equal(t, "a\nb\nc", note)
	for in, code := range map[string]string{"a\x00b": "sheet.text_control", "a\x1bb": "sheet.text_control", "a\u0085b": "sheet.text_control", "a\x7fb": "sheet.text_control", "a\xffb": "sheet.text_encoding", "六个汉字多一": "sheet.text_too_long"} {
		_, p := CleanText(in, 5)
		require.Equal(t, code, codeIf(p), in)
	}
	_, p = CleanText("𬱖𬱖𬱖𬱖𬱖", 5)
	require.Nil(t, p, "lengths are counted in characters")
}

func TestCleanCode(t *testing.T) {
	for in, want := range map[string]string{"ＭＰ－０１": "MP-01", "000123": "000123", " a b ": "a b", "㎡豈": "㎡豈", "1号楼": "1号楼"} {
		got, p := CleanCode(in, 100)
		require.Nil(t, p, in)
		require.Equal(t, want, got, in)
	}
	for in, code := range map[string]string{"1.10101E+17": "sheet.number_lost_digits", "1E+17": "sheet.number_lost_digits", "牟\u200b平": "sheet.code_invisible", "户\u202e103": "sheet.code_invisible", "a\ufffd": "sheet.code_invisible"} {
		_, p := CleanCode(in, 100)
		require.Equal(t, code, codeIf(p), in)
	}
}

// Awkward text of the real world comes through cleaning as its own NFC.
func TestAwkwardTexts(t *testing.T) {
	for path, data := range sources(t, "", "hostile/gen/string_measures.csv") {
		rows := rawRows(t, open(t, data))
		for i, row := range rows[1:] {
			got, p := CleanNote(row[1], 50)
			require.Nil(t, p)
			require.Equal(t, strings.ReplaceAll(row[5], "\r\n", "\n"), got, "%s row %d", path, i+2)
		}
	}
	for _, data := range sources(t, "", "hostile/gen/tgh_astral_196.txt") {
		for _, row := range rawRows(t, open(t, data)) {
			got, p := CleanText(row[0], 1)
			require.Nil(t, p)
			require.Equal(t, row[0], got)
		}
	}
}

func TestParseBool(t *testing.T) {
	for in, want := range map[string]bool{"是": true, "Ｙ": true, "TRUE": true, "√": true, " 有 ": true, "否": false, "无": false, "n": false, "0": false, "没有": false} {
		got, p := ParseBool(in)
		require.Nil(t, p, in)
		require.Equal(t, want, got, in)
	}
	_, p := ParseBool("也许")
	require.Equal(t, "sheet.choice_unknown", codeIf(p))
}
