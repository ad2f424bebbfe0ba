package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/fault"
)

func codeOf(err error) string {
	if err == nil {
		return ""
	}
	return fault.Of(err).Code
}

func with(files map[string]string, name, body string) map[string]string {
	files[name] = body
	return files
}

func TestHostileWorkbooks(t *testing.T) {
	data := func(s string) string { return `<sheetData>` + s + `</sheetData>` }
	ok := parts(data(small(3)))
	require.Equal(t, "", tableCode(t, zipOf(t, ok), flats))
	const entity = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row></sheetData></worksheet>`
	const laughs = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>`
	for name, c := range map[string]struct {
		files map[string]string
		code  string
	}{
		"external entity":       {with(parts(""), "xl/worksheets/sheet1.xml", entity), "sheet.doctype"},
		"entity in strings":     {with(parts(data(small(1))), "xl/sharedStrings.xml", laughs), "sheet.doctype"},
		"doctype in a relation": {with(parts(data(small(1))), "xl/drawings/d.vml", `<!DOCTYPE x><x/>`), "sheet.doctype"},
		"entity without type":   {parts(data(`<row r="1">` + inline("A1", "&x;") + `</row>`)), "sheet.malformed"},
		"UTF-16 part":           {with(parts(""), "xl/worksheets/sheet1.xml", "\xff\xfe<\x00w\x00/\x00>\x00"), "sheet.malformed"},
		"other encoding":        {with(parts(""), "xl/worksheets/sheet1.xml", `<?xml version="1.0" encoding="GBK"?><worksheet/>`), "sheet.malformed"},
		"external link":         {with(parts(data(small(1))), "xl/externalLinks/externalLink1.xml", `<externalLink/>`), "sheet.external_link"},
		"huge row number":       {parts(data(small(1) + `<row r="1048576">` + inline("A1048576", "x") + `</row>`)), "sheet.too_many_rows"},
		"row beyond the format": {parts(data(small(1) + `<row r="99999999999">` + inline("A1", "x") + `</row>`)), "sheet.malformed"},
		"huge column":           {parts(data(`<row r="1">` + inline("XFD1", "x") + `</row>`)), "sheet.too_many_columns"},
		"rows backwards":        {parts(data(`<row r="5">` + inline("A5", "x") + `</row><row r="3">` + inline("A3", "x") + `</row>`)), "sheet.malformed"},
		"cells backwards":       {parts(data(`<row r="1">` + inline("B1", "x") + inline("A1", "x") + `</row>`)), "sheet.malformed"},
		"cell of another row":   {parts(data(`<row r="1">` + inline("A7", "x") + `</row>`)), "sheet.malformed"},
		"cut short":             {with(parts(""), "xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1">`), "sheet.malformed"},
		"crossed tags":          {with(parts(""), "xl/worksheets/sheet1.xml", `<worksheet><sheetData></worksheet></sheetData>`), "sheet.malformed"},
		"control character":     {parts(data(`<row r="1">` + inline("A1", "a\x01b") + `</row>`)), "sheet.malformed"},
		"control reference":     {parts(data(`<row r="1">` + inline("A1", "a&#1;b") + `</row>`)), "sheet.malformed"},
		"missing shared string": {parts(data(`<row r="1"><c r="A1" t="s"><v>7</v></c></row>`)), "sheet.malformed"},
		"negative shared index": {parts(data(`<row r="1"><c r="A1" t="s"><v>-7</v></c></row>`)), "sheet.malformed"},
		"endless cell":          {parts(data(`<row r="1">` + inline("A1", strings.Repeat("x", 40_000)) + `</row>`)), "sheet.cell_too_long"},
		"deep nesting":          {with(parts(""), "xl/worksheets/sheet1.xml", strings.Repeat("<a>", 5000)), "sheet.malformed"},
		"endless tag":           {with(parts(""), "xl/worksheets/sheet1.xml", "<a b='"+strings.Repeat("x", 300_000)), "sheet.malformed"},
		"wild merge":            {parts(data(small(1)) + `<mergeCells><mergeCell ref="B9:A1"/></mergeCells>`), "sheet.malformed"},
		"path out":              {with(parts(data(small(1))), "../evil.xml", "<a/>"), "sheet.malformed"},
		"no sheets":             {with(parts(""), "xl/workbook.xml", `<workbook/>`), "sheet.empty"},
		"no content types":      {map[string]string{"a.txt": "x"}, "sheet.unsupported"},
		"binary workbook":       {with(parts(""), "xl/workbook.bin", "x"), "sheet.unsupported"},
		"open document":         {map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "sheet.unsupported"},
	} {
		require.Equal(t, c.code, openCode(zipOf(t, c.files), DefaultLimits()), name)
	}
	require.Equal(t, "sheet.malformed", openCode([]byte("PK\x03\x04 and nothing more"), DefaultLimits()))
	bare := parts(data(`<row r="1">` + inline("A1", "房号") + inline("B1", "建筑面积") + `</row><row r="2">` + inline("A2", "1") + `<c r="B2"><f>1+1</f></c></row>`))
	require.Equal(t, "sheet.formula_without_value", tableCode(t, zipOf(t, bare), flats))
}

// Documents that look odd and are sound.
func TestHarmlessOddities(t *testing.T) {
	for name, sheet := range map[string]string{
		"huge dimension":    `<dimension ref="A1:XFD1048576"/><sheetData>` + small(3) + `</sheetData>`,
		"whole-column note": `<sheetData>` + small(3) + `</sheetData><mergeCells><mergeCell ref="D1:XFD1048576"/></mergeCells>`,
		"comment and CDATA": `<!-- <row> > --><sheetData>` + strings.Replace(small(3), "<t>2</t>", "<t><![CDATA[<2>]]></t>", 1) + `</sheetData>`,
		"far empty cell":    `<sheetData>` + small(3) + `<row r="5"><c r="XFD5" s="1"/></row><row r="1048576"><c r="A1048576"/></row></sheetData>`,
		"prefix and quotes": `<x:sheetData a='>' b="'>">` + small(3) + `</x:sheetData>`,
		"no references":     `<sheetData><row><c t="inlineStr"><is><t>房号</t></is></c><c t="inlineStr"><is><t>建筑面积</t></is></c></row><row><c><v>1</v></c><c><v>89.53</v></c></row><row><c><v>1</v></c><c><v>89.53</v></c></row><row><c><v>1</v></c><c><v>89.53</v></c></row></sheetData>`,
	} {
		tab := table(t, zipOf(t, parts(sheet)), flats)
		n := 0
		for tab.Next() {
			require.EqualValues(t, 8953, tab.Row().Area("area"), name)
			require.True(t, tab.Row().OK(), name)
			n++
		}
		require.NoError(t, tab.Err(), name)
		require.Equal(t, 3, n, name)
		require.Empty(t, tab.Skipped(), name)
	}
}

func TestHostileTagsStayCheap(t *testing.T) {
	start := time.Now()
	long := with(parts(""), "xl/worksheets/sheet1.xml", "<a b='"+strings.Repeat(">", 120_000)+"'/>")
	require.Equal(t, "", openCode(zipOf(t, long), DefaultLimits()))
	note := with(parts("<sheetData>"+small(1)+"</sheetData>"), "customXml/item1.xml", "<a>"+strings.Repeat("x", 500_000)+"</a>")
	require.Equal(t, "", openCode(zipOf(t, note), DefaultLimits()))
	require.Less(t, time.Since(start), 5*time.Second)
}

func TestPhantomRowsCostNothing(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<sheetData>` + small(3))
	for i := 5; i <= 100_000; i++ {
		fmt.Fprintf(&b, `<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/><c r="B%d" s="1"/></row>`, i, i, i)
	}
	data := zipOf(t, parts(b.String()+`</sheetData>`))
	start := time.Now()
	tab := table(t, data, flats)
	n := 0
	for tab.Next() {
		n++
	}
	require.NoError(t, tab.Err())
	require.Equal(t, 3, n)
	require.Empty(t, tab.Skipped())
	require.Less(t, time.Since(start), 10*time.Second)
	_, total := tab.Progress()
	require.EqualValues(t, 4, total)
}

func TestBombs(t *testing.T) {
	limits := DefaultLimits()
	limits.Unpacked = 8 << 20
	zeros := strings.Repeat("\x00", 9<<20)
	require.Equal(t, "sheet.unpacked_too_large", openCode(zipOf(t, with(parts(small(1)), "xl/media/a.bin", zeros)), limits))
	require.Equal(t, "sheet.compression_ratio", openCode(zipOf(t, with(parts(small(1)), "xl/media/a.bin", zeros)), DefaultLimits()))
	limits = DefaultLimits()
	limits.Parts = 4
	require.Equal(t, "sheet.too_many_parts", openCode(zipOf(t, parts(small(1))), limits))
}

// lie rewrites the unpacked sizes in the directory and in the local headers.
func lie(data []byte, size uint32) []byte {
	data = bytes.Clone(data)
	for i := 0; i+46 < len(data); i++ {
		switch string(data[i : i+4]) {
		case "PK\x01\x02":
			binary.LittleEndian.PutUint32(data[i+24:], size)
		case "PK\x03\x04":
			binary.LittleEndian.PutUint32(data[i+22:], size)
		}
	}
	return data
}

func TestLyingHeaders(t *testing.T) {
	bomb := zipOf(t, with(parts(small(1)), "xl/media/a.bin", strings.Repeat("\x00", 16<<20)))
	require.Contains(t, []string{"sheet.malformed", "sheet.compression_ratio"}, openCode(lie(bomb, 10), DefaultLimits()))
	require.Equal(t, "sheet.unpacked_too_large", openCode(lie(zipOf(t, parts(small(1))), 1<<31), DefaultLimits()))
}

func TestOverlappingAndDoubledParts(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for range 2 {
		e, err := w.Create("xl/workbook.xml")
		require.NoError(t, err)
		_, _ = e.Write([]byte("<a/>"))
	}
	require.NoError(t, w.Close())
	require.Equal(t, "sheet.malformed", openCode(b.Bytes(), DefaultLimits()))

	require.Equal(t, "sheet.malformed", openCode(overlapping(t), DefaultLimits()))
}

// overlapping has two names for one stored part, which is how a small file can unpack without end.
func overlapping(t *testing.T) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, body := range with(with(parts("<sheetData>"+small(1)+"</sheetData>"), "xl/media/a", strings.Repeat("x", 50_000)), "xl/media/b", "x") {
		e, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		require.NoError(t, err)
		_, _ = e.Write([]byte(body))
	}
	require.NoError(t, w.Close())
	data := b.Bytes()
	require.Equal(t, "", openCode(data, DefaultLimits()))
	first, second := directoryEntry(data, "xl/media/a"), directoryEntry(data, "xl/media/b")
	copy(second[16:28], first[16:28]) // checksum and sizes
	copy(second[42:46], first[42:46]) // where it lies
	return data
}

func directoryEntry(data []byte, name string) []byte {
	for i := 0; i+46 < len(data); i++ {
		if string(data[i:i+4]) == "PK\x01\x02" && strings.HasPrefix(string(data[i+46:]), name) {
			return data[i:]
		}
	}
	return nil
}

func TestMeterCountsWhatReallyComes(t *testing.T) {
	read := func(m *meter) error { _, err := io.Copy(io.Discard, m); return err }
	body := func(n int) io.Reader { return strings.NewReader(strings.Repeat("x", n)) }
	require.NoError(t, read(&meter{r: body(100), left: 100, packed: 1, ratio: 1}))
	require.ErrorIs(t, read(&meter{r: body(101), left: 100, packed: 1, ratio: 1}), errUnpacked)
	require.NoError(t, read(&meter{r: body(2 * ratioFloor), left: 1 << 30, packed: ratioFloor, ratio: 2}))
	require.ErrorIs(t, read(&meter{r: body(2*ratioFloor + 1), left: 1 << 30, packed: ratioFloor, ratio: 2}), errRatio)
}

func TestWorkbookLimitsAreInclusive(t *testing.T) {
	limits := DefaultLimits()
	limits.Rows, limits.Columns = 4, 2
	require.Equal(t, "", openCode(zipOf(t, parts(`<sheetData>`+small(3)+`</sheetData>`)), limits))
	require.Equal(t, "sheet.too_many_rows", openCode(zipOf(t, parts(`<sheetData>`+small(4)+`</sheetData>`)), limits))
	limits.Columns = 1
	require.Equal(t, "sheet.too_many_columns", openCode(zipOf(t, parts(`<sheetData>`+small(3)+`</sheetData>`)), limits))
}

func TestManyMergesStayCheap(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<sheetData>` + small(2000) + `</sheetData><mergeCells>`)
	for i := 1; i < 30_000; i++ {
		fmt.Fprintf(&b, `<mergeCell ref="A%d:A1048576"/>`, i%2000+1)
	}
	start := time.Now()
	tab := table(t, zipOf(t, parts(b.String()+`</mergeCells>`)), flats)
	n := 0
	for tab.Next() {
		n++
	}
	require.NoError(t, tab.Err())
	require.Equal(t, 2000, n)
	require.Less(t, time.Since(start), 10*time.Second)
}
