package sheet

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/redproperty/redproperty/internal/fault"
)

// shared returns the path of a file of the real data, or "" on a machine without it: each test then
// runs on the project's own fixtures alone.
func shared(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("REDPROPERTY_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	path := filepath.Join(dir, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// sources are a fixture and, where it is there, its original of the real data.
func sources(t testing.TB, fixture string, real ...string) map[string][]byte {
	t.Helper()
	files := make(map[string][]byte)
	paths := []string{}
	if fixture != "" {
		paths = append(paths, filepath.Join("testdata", fixture))
	}
	for _, r := range real {
		if p := shared(t, r); p != "" {
			paths = append(paths, p)
		}
	}
	for _, p := range paths {
		b, err := os.ReadFile(p)
		require.NoError(t, err)
		files[p] = b
	}
	return files
}

func open(t testing.TB, data []byte) *Book {
	t.Helper()
	b, err := OpenBytes("test", data, DefaultLimits())
	require.NoError(t, err)
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func table(t testing.TB, data []byte, schema Schema) *Table {
	t.Helper()
	tab, err := open(t, data).Table(schema)
	require.NoError(t, err)
	t.Cleanup(func() { _ = tab.Close() })
	return tab
}

func openCode(data []byte, limits Limits) string {
	b, err := OpenBytes("test", data, limits)
	if err != nil {
		return fault.Of(err).Code
	}
	_ = b.Close()
	return ""
}

func tableCode(t testing.TB, data []byte, schema Schema) string {
	t.Helper()
	tab, err := open(t, data).Table(schema)
	if err != nil {
		return fault.Of(err).Code
	}
	for tab.Next() {
	}
	if tab.Err() != nil {
		return fault.Of(tab.Err()).Code
	}
	return ""
}

// rawRows streams the first sheet without a schema.
func rawRows(t testing.TB, b *Book) [][]string {
	t.Helper()
	src, err := b.sheets[0].open()
	require.NoError(t, err)
	var rows [][]string
	for {
		cells, err := src.next()
		if err != nil {
			require.ErrorContains(t, err, "EOF")
			require.NoError(t, src.close())
			return rows
		}
		rows = append(rows, cells)
	}
}

// workbookOf makes an XLSX of text cells with the library, merging the given ranges.
func workbookOf(t testing.TB, rows [][]string, merges ...[2]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range rows {
		for j, v := range row {
			if v != "" {
				require.NoError(t, f.SetCellStr("Sheet1", cellName(j+1, i+1), v))
			}
		}
	}
	for _, m := range merges {
		require.NoError(t, f.MergeCell("Sheet1", m[0], m[1]))
	}
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	return b.Bytes()
}

// parts are the least that makes a workbook; sheet is the inside of its only worksheet.
func parts(sheet string) map[string]string {
	const head = `<?xml version="1.0" encoding="UTF-8"?>`
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	const pack = "http://schemas.openxmlformats.org/package/2006/"
	const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	return map[string]string{
		"[Content_Types].xml": head + `<Types xmlns="` + pack + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
			`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
		"_rels/.rels":                head + `<Relationships xmlns="` + pack + `relationships"><Relationship Id="rId1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/_rels/workbook.xml.rels": head + `<Relationships xmlns="` + pack + `relationships"><Relationship Id="rId1" Type="` + office + `/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/workbook.xml":            head + `<workbook xmlns="` + main + `" xmlns:r="` + office + `"><sheets><sheet name="名册" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/worksheets/sheet1.xml":   head + `<worksheet xmlns="` + main + `">` + sheet + `</worksheet>`,
	}
}

func zipOf(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, body := range files {
		e, err := w.Create(name)
		require.NoError(t, err)
		_, err = e.Write([]byte(body))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

// inline is a text cell.
func inline(ref, text string) string {
	return `<c r="` + ref + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
}

// small is a sound table of two columns as the inside of a worksheet's sheetData.
func small(rows int) string {
	var b bytes.Buffer
	b.WriteString(`<row r="1">` + inline("A1", "房号") + inline("B1", "建筑面积") + `</row>`)
	for i := 2; i <= rows+1; i++ {
		n := strconv.Itoa(i)
		b.WriteString(`<row r="` + n + `">` + inline("A"+n, n) + `<c r="B` + n + `"><v>89.53</v></c></row>`)
	}
	return b.String()
}

var flats = Schema{
	{Key: "room", Names: []string{"房号", "Room"}, Required: true},
	{Key: "area", Names: []string{"建筑面积", "Area"}, Required: true},
	{Key: "building", Names: []string{"楼栋", "Building"}},
}
