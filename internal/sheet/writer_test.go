package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
)

var exported = []OutColumn{{"房号", Text, 12}, {"建筑面积", Area, 0}, {"金额", Money, 0}, {"人数", Whole, 0}, {"日期", Day, 0}, {"时间", DateTime, 0}}

var importing = Schema{
	{Key: "room", Names: []string{"房号"}}, {Key: "area", Names: []string{"建筑面积"}}, {Key: "money", Names: []string{"金额"}},
	{Key: "n", Names: []string{"人数"}}, {Key: "day", Names: []string{"日期"}}, {Key: "at", Names: []string{"时间"}},
}

func export(t testing.TB, format Format, columns []OutColumn, rows ...[]any) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, WriterOptions{Format: format, Sheet: "名册", Columns: columns, Watermark: "某某 2026-01-02 03:04"})
	require.NoError(t, err)
	for _, r := range rows {
		require.NoError(t, w.Write(r...))
	}
	require.NoError(t, w.Close())
	require.NoError(t, w.Close(), "closing twice adds nothing")
	return b.Bytes()
}

func TestExportReadsBack(t *testing.T) {
	at := clock.At(time.Date(2024, 5, 6, 7, 8, 9, 123e6, time.UTC))
	for _, format := range []Format{XLSX, CSV} {
		data := export(t, format, exported,
			[]any{"𡐓-1", int64(147_809), int64(-5), int64(3), clock.Date("2024-02-29"), at},
			[]any{nil, nil, nil, nil, nil, nil},
			[]any{"=1+1", int64(1), int64(0), int64(-7), clock.Date(""), at})
		tab := table(t, data, importing)
		require.True(t, tab.Next())
		r := tab.Row()
		require.Equal(t, 3, r.Number)
		require.Equal(t, "𡐓-1", r.Text("room", 9))
		require.EqualValues(t, 147_809, r.Area("area"))
		require.EqualValues(t, "2024-02-29", r.Date("day"))
		require.WithinDuration(t, at.Time(), r.DateTime("at", clock.Shanghai).Time(), time.Second)
		require.Contains(t, []string{"-0.05"}, r.Raw("money"))
		require.True(t, tab.Next())
		require.Equal(t, "=1+1", tab.Row().Text("room", 9))
		require.EqualValues(t, -7, tab.Row().Int("n", -9, 9))
		require.True(t, tab.Row().Blank("day"))
		require.True(t, tab.Row().OK())
		require.False(t, tab.Next())
		require.Equal(t, []Skip{{4, 4, SkipBlank}, {6, 6, SkipEnd}}, tab.Skipped())
	}
}

func TestHoursAndDecimalsAreNumbers(t *testing.T) {
	columns := []OutColumn{{"时长", Hours, 0}, {"率", Decimal, 0}}
	rows := [][]any{{int64(72_900_000), "91.89"}, {int64(18_000), "100"}, {nil, ""}, {int64(0), "-0.5"}}
	f, err := excelize.OpenReader(bytes.NewReader(export(t, XLSX, columns, rows...)))
	require.NoError(t, err)
	defer f.Close()
	got, err := f.GetRows("名册")
	require.NoError(t, err)
	require.Equal(t, [][]string{{"20.25", "91.89"}, {"0.01", "100.00"}, nil, {"0.00", "-0.50"}}, got[2:6])
	kind, err := f.GetCellType("名册", "B3")
	require.NoError(t, err)
	require.Equal(t, excelize.CellTypeUnset, kind)
	panes, err := f.GetPanes("名册")
	require.NoError(t, err)
	require.Equal(t, 2, panes.YSplit, "watermark and titles stay in sight")

	w, err := NewWriter(io.Discard, WriterOptions{Columns: columns})
	require.NoError(t, err)
	require.ErrorIs(t, w.Write(int64(1), "12.345"), fault.Internal)
	require.ErrorIs(t, w.Write(int64(1), "many"), fault.Internal)
}

func TestWorkbookCellTypes(t *testing.T) {
	at := clock.At(time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC))
	f, err := excelize.OpenReader(bytes.NewReader(export(t, XLSX, exported, []any{"1", int64(147_809), int64(120_050), int64(3), clock.Date("2024-02-29"), at})))
	require.NoError(t, err)
	defer f.Close()
	for cell, want := range map[string]string{"A1": "某某 2026-01-02 03:04", "A2": "房号", "A3": "1", "B3": "1478.09", "C3": "1,200.50", "D3": "3", "E3": "2024-02-29", "F3": "2024-05-06 15:08:09", "A4": endMark + " 共 1 行 / 1 rows"} {
		got, err := f.GetCellValue("名册", cell)
		require.NoError(t, err)
		require.Equal(t, want, got, cell)
	}
	kind, err := f.GetCellType("名册", "A3")
	require.NoError(t, err)
	require.Equal(t, excelize.CellTypeInlineString, kind)
	raw, err := f.GetCellValue("名册", "E3", excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	require.Equal(t, "45351", raw)
}

func formulaTexts(t *testing.T) []string {
	var all []string
	for _, data := range sources(t, "formulas.txt", "hostile/gen/formula_injection.txt") {
		all = append(all, strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")...)
	}
	return append(all, " =1+1", "\u200b=1+1", "\ufeff@x", "﹦1", "''-x", "'", "\n=1", "a=1", "1-2", "")
}

func TestNoFormulaLeaves(t *testing.T) {
	columns := []OutColumn{{"甲", Text, 0}, {"乙", Text, 0}}
	var rows [][]any
	texts := formulaTexts(t)
	for _, s := range texts {
		rows = append(rows, []any{"x", s})
	}
	book := export(t, XLSX, columns, rows...)
	require.NotContains(t, worksheetXML(t, book), "<f")
	for _, data := range [][]byte{book, export(t, CSV, columns, rows...)} {
		got := rawRows(t, open(t, data))
		for i, s := range texts {
			cell := ""
			if len(got[i+2]) > 1 {
				cell = got[i+2][1]
			}
			require.Equal(t, Guard(s), cell)
			require.Equal(t, s, Unguard(cell))
			trimmed := strings.TrimFunc(cell, isSpace)
			if trimmed != "" {
				require.NotContains(t, []rune("=+-@＝＋－＠﹦"), []rune(trimmed)[0], "%q", s)
			}
		}
	}
}

func worksheetXML(t *testing.T, data []byte) string {
	t.Helper()
	zr, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	rc, err := zr.Open("xl/worksheets/sheet1.xml")
	require.NoError(t, err)
	b, err := io.ReadAll(rc)
	require.NoError(t, err)
	return string(b)
}

func TestGuardGoesRound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.OneOf(rapid.SampledFrom([]rune("'=+-@＝\t\r\n a\u200b")), rapid.Rune())).Draw(t, "s")
		require.Equal(t, s, Unguard(Guard(s)))
		require.False(t, risky(Guard(s)) && !strings.HasPrefix(Guard(s), "'"))
	})
}

// Naughty strings come back as they were, but for what XML cannot carry.
func TestNaughtyStringsReadBack(t *testing.T) {
	naughty := []string{"_x000D_", "_x0041_x", "</t>", "&amp;", "]]>", "a\r\nb", "a\rb", " x ", "\u2028", "👨‍👩‍👧‍👦", "葛󠄀", "\ue000", "户\u202e103\u202c室", "🇨🇳", "true", "1E5", "007"}
	for _, data := range sources(t, "", "hostile/blns.json") {
		var more []string
		require.NoError(t, json.Unmarshal(data, &more))
		naughty = append(naughty, more...)
	}
	for _, data := range sources(t, "", "hostile/gen/tgh_astral_196.txt") {
		naughty = append(naughty, strings.Fields(string(data))...)
	}
	for _, data := range sources(t, "", "hostile/gen/string_measures.csv", "hostile/gen/real_place_names_awkward.csv") {
		for _, row := range rawRows(t, open(t, data)) {
			naughty = append(naughty, row[1])
		}
	}
	var rows [][]any
	for _, s := range naughty {
		rows = append(rows, []any{"x", s})
	}
	columns := []OutColumn{{"甲", Text, 0}, {"乙", Text, 0}}
	for _, format := range []Format{XLSX, CSV} {
		got := rawRows(t, open(t, export(t, format, columns, rows...)))
		require.Len(t, got, len(naughty)+3)
		for i, s := range naughty {
			cell := ""
			if len(got[i+2]) > 1 {
				cell = got[i+2][1]
			}
			want := strings.Map(func(r rune) rune {
				if (r < ' ' && r != '\t' && r != '\n' && r != '\r') || r == 0xFFFE || r == 0xFFFF {
					return '\ufffd'
				}
				return r
			}, s)
			require.Equal(t, want, Unguard(cell), "%s %q", format, s)
		}
	}
}

func TestWriterRefusals(t *testing.T) {
	w, err := NewWriter(io.Discard, WriterOptions{Columns: exported[:2]})
	require.NoError(t, err)
	for _, bad := range [][]any{{"x"}, {int64(1), int64(1)}, {"x", 1}, {"x", 1.5}, {"x", "y"}} {
		require.ErrorIs(t, w.Write(bad...), fault.Internal)
	}
	require.True(t, fault.Is(w.Write(strings.Repeat("𡐓", 16_384), nil), "sheet.cell_too_long"), "a cell is measured in UTF-16")
	require.NoError(t, w.Write(strings.Repeat("𡐓", 16_383), nil))
	_, err = NewWriter(io.Discard, WriterOptions{Sheet: "a/b", Columns: exported})
	require.Error(t, err)
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestWriterTellsFailure(t *testing.T) {
	for _, format := range []Format{XLSX, CSV} {
		w, err := NewWriter(failing{}, WriterOptions{Format: format, Columns: exported[:1]})
		require.NoError(t, err)
		require.NoError(t, w.Write("x"))
		require.ErrorIs(t, w.Close(), io.ErrClosedPipe)
	}
}

func TestCSVBytes(t *testing.T) {
	got := string(export(t, CSV, []OutColumn{{"a", Text, 0}, {"b", Area, 0}}, []any{"x\"y", int64(5)}, []any{"l\r\nm", nil}))
	require.Equal(t, bomUTF8+"某某 2026-01-02 03:04\r\na,b\r\n\"x\"\"y\",0.05\r\n\"l\r\nm\",\r\n"+endMark+" 共 2 行 / 2 rows\r\n", got)
}
