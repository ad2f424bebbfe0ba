package sheet

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/fault"
)

// FuzzOpen: any bytes give rows or a fault of the input, never a panic or an internal fault.
func FuzzOpen(f *testing.F) {
	for _, data := range sources(f, "roster.csv", "hostile/gen/roster_gb18030.csv", "hostile/gen/roster_merged_building.xlsx") {
		f.Add(data)
	}
	f.Add([]byte("sep=;\na;b\r1;\"2\"\"\r"))
	f.Add([]byte("\xff\xfea\x00,\x00b\x00"))
	f.Add(zipOf(f, parts("<sheetData>"+small(2)+"</sheetData>")))
	limits := DefaultLimits()
	limits.Unpacked = 4 << 20
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := OpenBytes("fuzz", data, limits)
		if err == nil {
			defer b.Close()
			var tab *Table
			if tab, err = b.Table(roster); err == nil {
				last := 0
				for tab.Next() {
					r := tab.Row()
					require.Greater(t, r.Number, last)
					last = r.Number
					_, _, _ = r.Code("code", 64), r.Area("area"), r.Note("remark", 500)
				}
				err = tab.Err()
			}
		}
		if err != nil {
			require.NotErrorIs(t, err, fault.Internal)
			require.True(t, strings.HasPrefix(fault.Of(err).Code, "sheet."))
		}
	})
}

// FuzzSheetXML: whatever the scanner lets pass, the XLSX library reads to the same last row.
func FuzzSheetXML(f *testing.F) {
	f.Add("<sheetData>" + small(2) + "</sheetData>")
	f.Add(`<sheetData><row r="3"><c r="B3" t="str"><f>A1</f><v>x</v></c></row></sheetData>`)
	f.Add(`<sheetData><row><c><v>1</v></c></row><!-- x --><row/></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>`)
	f.Fuzz(func(t *testing.T, sheet string) {
		b, err := OpenBytes("fuzz", zipOf(t, parts(sheet)), DefaultLimits())
		if err != nil {
			require.NotErrorIs(t, err, fault.Internal)
			return
		}
		defer b.Close()
		src, err := b.sheets[0].open()
		for err == nil {
			_, err = src.next()
		}
		if err.Error() != "EOF" {
			require.NotErrorIs(t, err, fault.Internal)
		}
	})
}

func FuzzArea(f *testing.F) {
	for _, s := range []string{"89.53", "１，０８９．００㎡", "1E2", "-0", "89.529999999999987"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, p := ParseArea(s)
		if p != nil {
			require.Zero(t, n)
			return
		}
		require.Positive(t, n)
		again, p := ParseArea(FormatHundredths(n))
		require.Nil(t, p)
		require.Equal(t, n, again)
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"2024-02-29", "2024年1月2日 8时", "45351.5", "20240102", "2018-01-01T00:00:09+08:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, p := ParseDate(s); p == nil {
			again, p := ParseDate(string(d))
			require.Nil(t, p)
			require.Equal(t, d, again)
		}
		if at, p := ParseDateTime(s, time.UTC); p == nil {
			again, p := ParseDateTime(at.String(), time.UTC)
			require.Nil(t, p)
			require.Equal(t, at, again)
		}
	})
}

func FuzzHeader(f *testing.F) {
	f.Add("建筑面积(㎡)")
	f.Add("（（面积")
	f.Add("*Floor_Area [m2]:")
	f.Fuzz(func(t *testing.T, s string) {
		require.LessOrEqual(t, len(bareName(s)), len(plainName(s)))
		require.Equal(t, plainName(s), plainName(plainName(s)), "%q", s)
		names, err := flats.names()
		require.NoError(t, err)
		h, _ := flats.match(names, []string{s, s + "x", "房号"})
		require.GreaterOrEqual(t, h.score, 1)
	})
}

func FuzzClean(f *testing.F) {
	f.Add("'=1+1")
	f.Add("e\u0301\r\n\u200b")
	f.Fuzz(func(t *testing.T, s string) {
		got, p := CleanNote(s, 50)
		if p != nil {
			return
		}
		require.True(t, utf8.ValidString(got))
		require.NotContains(t, got, "\x00")
		require.NotContains(t, got, "\r")
		require.LessOrEqual(t, utf8.RuneCountInString(got), 50)
		_, _ = ParsePhone(s)
	})
}
