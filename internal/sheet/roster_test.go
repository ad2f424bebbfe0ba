package sheet

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/redproperty/redproperty/internal/fault"
)

var roster = Schema{
	{Key: "code", Names: []string{"房屋编号", "Unit code"}, Required: true},
	{Key: "building", Names: []string{"楼栋", "Building"}},
	{Key: "entrance", Names: []string{"单元", "Entrance"}},
	{Key: "room", Names: []string{"房号", "Room"}},
	{Key: "area", Names: []string{"建筑面积", "Area"}, Required: true},
	{Key: "owner", Names: []string{"业主", "业主姓名", "Owner"}},
	{Key: "phone", Names: []string{"联系电话", "手机号", "Phone"}, Soft: true},
	{Key: "deed", Names: []string{"产权证号", "Deed"}},
	{Key: "remark", Names: []string{"备注", "Remark"}},
}

type rosterResult struct {
	report *Report
	area   int64
	owners []string
	deeds  []string
	notes  []string
}

// importRoster is a small importer: what every real one does with a table.
func importRoster(t *testing.T, data []byte) rosterResult {
	t.Helper()
	tab := table(t, data, roster)
	rep := NewReport(tab, nil)
	seen := map[string]int{}
	var res rosterResult
	for tab.Next() {
		row := tab.Row()
		code, area, owner := row.Code("code", 64), row.Area("area"), row.Text("owner", 60)
		phone, deed, note := row.Phone("phone"), row.Text("deed", 60), row.Note("remark", 500)
		if first, dup := seen[code]; dup {
			row.Reject("code", "sheet.duplicate", "sheet.expect.unique", "row", first)
		}
		seen[code] = row.Number
		if !row.OK() {
			rep.Reject(row)
			continue
		}
		res.area += area
		res.owners, res.deeds, res.notes = append(res.owners, owner), append(res.deeds, deed), append(res.notes, note)
		rep.Accept(row, Created, code, strconv.FormatInt(area, 10), owner, phone, deed, note)
	}
	require.NoError(t, tab.Err())
	rep.Finish()
	res.report = rep
	return res
}

func utf16Of(s string, order binary.AppendByteOrder) []byte {
	b := order.AppendUint16(nil, 0xFEFF)
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return b
}

// encodings are the same text in every form that people send.
func encodings(t *testing.T, text string) map[string][]byte {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	require.NoError(t, err)
	return map[string][]byte{
		"utf-8": []byte(text), "bom": []byte(bomUTF8 + text), "gb18030": []byte(gb),
		"utf-16le": utf16Of(text, binary.LittleEndian), "utf-16be": utf16Of(text, binary.BigEndian),
	}
}

func TestRosterInEveryEncoding(t *testing.T) {
	var hashes []string
	check := func(name string, data []byte) rosterResult {
		res := importRoster(t, data)
		require.EqualValues(t, 147_809, res.area, name)
		require.Equal(t, Counts{Accepted: 5, Created: 5, Rejected: 4, Skipped: 2}, res.report.Counts, name)
		require.Equal(t, []string{"000123456789012345", res.deeds[1], "E1", "1-2", "=1+1"}, res.deeds, name)
		require.True(t, strings.HasPrefix(res.owners[3], "𬱖"), name)
		require.Contains(t, res.notes[3], "\n", name)
		return res
	}
	fixture := sources(t, "roster.csv")["testdata/roster.csv"]
	for name, data := range encodings(t, string(fixture)) {
		hashes = append(hashes, check(name, data).report.Hash())
	}
	for i := range hashes {
		require.Equal(t, hashes[0], hashes[i])
	}
	hashes = nil
	for name, data := range sources(t, "", "hostile/gen/roster_utf8.csv", "hostile/gen/roster_utf8_bom.csv", "hostile/gen/roster_gb18030.csv") {
		hashes = append(hashes, check(name, data).report.Hash())
	}
	for i := range hashes {
		require.Equal(t, hashes[0], hashes[i])
	}
}

func TestRosterReasons(t *testing.T) {
	for name, data := range sources(t, "roster.csv", "hostile/gen/roster_utf8.csv", "hostile/gen/roster_gb18030.csv") {
		rep := importRoster(t, data).report
		got := map[int]string{}
		for _, l := range rep.Lines {
			why := l.Why
			if len(l.Problems) > 0 {
				require.Len(t, l.Problems, 1, name)
				p := l.Problems[0]
				require.Equal(t, l.From, p.Row)
				require.NotEmpty(t, p.Expected)
				require.NotEmpty(t, p.Title)
				why = p.Column + " " + p.Code
			}
			got[l.From] = why
		}
		require.Equal(t, map[int]string{
			2: "", 3: "phone sheet.phone_malformed", 4: "", 7: "code sheet.duplicate", 8: "area sheet.number_not_positive", 9: "area sheet.number_not_positive",
			10: "area sheet.number_malformed", 11: "blank", 12: "total",
		}, got, name)
		require.Equal(t, Line{From: 4, To: 6, Outcome: Created}, rep.Lines[2])
	}
}

// The workbook under a merged title has the same nine data rows and neither a blank nor a total row.
func TestRosterUnderMergedTitle(t *testing.T) {
	rows := [][]string{{"2024年度某小区业主花名册"}}
	rows = append(rows, rawRows(t, open(t, sources(t, "roster.csv")["testdata/roster.csv"]))[:10]...)
	files := map[string][]byte{"made": workbookOf(t, rows, [2]string{"A1", "I1"})}
	for name, data := range sources(t, "", "hostile/gen/roster_merged_title.xlsx") {
		files[name] = data
	}
	for name, data := range files {
		res := importRoster(t, data)
		require.EqualValues(t, 147_809, res.area, name)
		require.Equal(t, Counts{Accepted: 5, Created: 5, Rejected: 4}, res.report.Counts, name)
		require.Equal(t, 3, res.report.Lines[0].From, name) // the title does not shift the numbers
	}
	if data := sources(t, "", "hostile/gen/roster_utf8.csv"); len(data) > 0 {
		for _, csv := range data {
			for _, x := range sources(t, "", "hostile/gen/roster_merged_title.xlsx") {
				require.Equal(t, importRoster(t, csv).report.Hash(), importRoster(t, x).report.Hash())
			}
		}
	}
}

func TestMergedBuildingIsFilledDown(t *testing.T) {
	files := sources(t, "", "hostile/gen/roster_merged_building.xlsx")
	files["made"] = workbookOf(t, [][]string{{"楼栋", "房号", "建筑面积"}, {"1号楼", "101", "89.53"}, {"", "102", "90.1"}, {"2号楼", "101", "88"}, {"", "102", "77"}},
		[2]string{"A2", "A3"}, [2]string{"A4", "A5"})
	for name, data := range files {
		tab := table(t, data, flats)
		var got []string
		var sum int64
		for tab.Next() {
			row := tab.Row()
			got = append(got, row.Text("building", 20)+"/"+row.Code("room", 20))
			sum += row.Area("area")
			require.True(t, row.OK(), name)
		}
		require.NoError(t, tab.Err())
		require.Equal(t, []string{"1号楼/101", "1号楼/102", "2号楼/101", "2号楼/102"}, got, name)
		require.EqualValues(t, 34_463, sum, name)
	}
}

func TestReportAsWorkbook(t *testing.T) {
	rep := importRoster(t, sources(t, "roster.csv")["testdata/roster.csv"]).report
	var b bytes.Buffer
	say := func(code string, p fault.Params) string { return code }
	require.NoError(t, rep.WriteReport(&b, say, "someone, some day"))
	rows := rawRows(t, open(t, b.Bytes()))
	require.Equal(t, []string{"someone, some day"}, rows[0])
	require.Equal(t, "sheet.report.from", rows[1][0])
	require.Equal(t, []string{"2", "2", "sheet.outcome.created"}, rows[2])
	require.Equal(t, []string{"3", "3", "sheet.outcome.created", "联系电话", "sheet.phone_malformed", "sheet.expect.phone"}, rows[3])
	require.Equal(t, []string{"4", "6", "sheet.outcome.created"}, rows[4])
	require.Equal(t, []string{"8", "8", "sheet.outcome.rejected", "建筑面积(㎡)", "sheet.number_not_positive", "sheet.expect.area"}, rows[6])
	require.Equal(t, "sheet.skipped.total", rows[10][4])
	require.True(t, strings.HasPrefix(rows[11][0], endMark))
}

func TestHashTellsRowsApart(t *testing.T) {
	tab := table(t, sources(t, "roster.csv")["testdata/roster.csv"], roster)
	require.True(t, tab.Next())
	hash := func(salt string, rows ...[]string) string {
		r := NewReport(tab, []byte(salt))
		for _, f := range rows {
			r.Accept(tab.Row(), Created, f...)
		}
		return r.Hash()
	}
	require.NotEqual(t, hash("", []string{"a", "b"}), hash("", []string{"ab"}))
	require.NotEqual(t, hash("", []string{"a"}, []string{"b"}), hash("", []string{"a", "b"}))
	require.NotEqual(t, hash("", []string{"a"}), hash("salt", []string{"a"}))
	require.Equal(t, hash("", []string{"a"}), hash("", []string{"a"}))
}
