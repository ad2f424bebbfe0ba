package sheet

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/fault"
)

func TestHeaderNames(t *testing.T) {
	schema := Schema{{Key: "area", Names: []string{"建筑面积", "Floor area"}, Required: true}, {Key: "unit_code", Names: []string{"房屋编号"}, Required: true}}
	for _, title := range []string{
		"建筑面积", "建筑面积(㎡)", "建筑面积（平方米）", "建筑面积【m2】", " 建 筑 面 积 ", "*建筑面积*", "建筑面积：", "建筑面积㎡", "建筑面积/㎡", "建筑面积(必填)",
		"Floor area", "FLOOR_AREA", "floorarea", "Ｆｌｏｏｒ　Ａｒｅａ", "area", "floor area (sqm)", "建筑面积\n（㎡）", "建筑\u200b面积",
	} {
		tab := table(t, []byte("房屋编号,\""+title+"\"\nA,1\n"), schema)
		require.True(t, tab.Next(), title)
		require.EqualValues(t, 100, tab.Row().Area("area"), title)
	}
	for _, title := range []string{"建筑面积(万㎡)", "建筑面积（亩）", "套内建筑面积", "面积", "建筑面积2"} {
		require.Contains(t, []string{"sheet.column_missing", "sheet.header_not_found"}, tableCode(t, []byte("房屋编号,x,"+title+"\nA,1,2\n"), schema), title)
	}
}

func TestHeaderFaults(t *testing.T) {
	code := func(text string) string { return tableCode(t, []byte(text), flats) }
	require.Equal(t, "sheet.header_ambiguous", code("房号,建筑面积,建筑面积\n1,2,3\n"))
	require.Equal(t, "sheet.header_ambiguous", code("房号,Area,建筑面积\n1,2,3\n"))
	require.Equal(t, "sheet.header_ambiguous", code("房号,建筑面积(甲),建筑面积(乙)\n1,2,3\n"))
	require.Equal(t, "", code("房号,建筑面积,建筑面积(套内)\n1,2,3\n"), "an exact name wins over one with a remark")
	require.Equal(t, "sheet.header_not_found", code("甲,乙,丙\n1,2,3\n"))
	require.Equal(t, "sheet.header_not_found", code("房号\n1\n"))

	_, err := open(t, []byte("房号,楼栋\n1,2\n")).Table(flats)
	f := fault.Of(err)
	require.Equal(t, "sheet.column_missing", f.Code)
	require.Equal(t, fault.Params{"columns": "建筑面积"}, f.Params)
	require.Equal(t, "columns.area", f.Fields[0].Path)

	_, err = open(t, []byte("x\n")).Table(Schema{{Key: "a", Names: []string{"名"}}, {Key: "b", Names: []string{"名"}}})
	require.ErrorIs(t, err, fault.Internal, "two columns with one name are a defect of the schema")
}

func TestHeaderIsFoundWhereverItStands(t *testing.T) {
	above := strings.Repeat("某小区名册\n\n填表日期,2024年\n", 9) + "说明：建筑面积以产权证为准\n"
	tab := table(t, []byte(above+"多余,建筑面积,房号\nx,2,1\n"), flats)
	require.Equal(t, []string{"多余"}, tab.Unknown)
	require.Equal(t, []Known{{"建筑面积", "area", "建筑面积"}, {"房号", "room", "房号"}}, tab.Known, "in the file's order")
	require.False(t, tab.Has("building"))
	require.True(t, tab.Next())
	require.Equal(t, 30, tab.Row().Number)
	require.Equal(t, "1", tab.Row().Code("room", 9))
	require.Equal(t, "sheet.header_not_found", tableCode(t, []byte(strings.Repeat("x,y\n", 30)+"建筑面积,房号\n2,1\n"), flats))
}

func TestHeadOfTwoRows(t *testing.T) {
	data := workbookOf(t, [][]string{
		{"名册"}, {"楼栋", "房屋", "", "业主"}, {"", "房号", "建筑面积", "姓名"}, {"1号楼", "101", "9", "甲"}, {"", "102", "9", "乙"},
	}, [2]string{"A1", "D1"}, [2]string{"A2", "A3"}, [2]string{"B2", "C2"}, [2]string{"A4", "A5"})
	tab := table(t, data, flats)
	var got []string
	for tab.Next() {
		got = append(got, tab.Row().Text("building", 9)+tab.Row().Code("room", 9))
	}
	require.Equal(t, []string{"1号楼101", "1号楼102"}, got)

	below := workbookOf(t, [][]string{{"房号", "建筑面积", "业主"}, {"", "", "姓名"}, {"101", "9", "甲"}},
		[2]string{"A1", "A2"}, [2]string{"B1", "B2"})
	tab = table(t, below, flats)
	require.True(t, tab.Next())
	require.Equal(t, 3, tab.Row().Number)
	require.False(t, tab.Next())
}

func TestRowClasses(t *testing.T) {
	text := strings.Join([]string{
		"房号,建筑面积,楼栋",
		"101,9,1号楼",        // 2
		"小计,9,",            // 3
		"１号楼小计：,9,",        // 4
		"房号,建筑面积,楼栋",       // 5: printed again
		"103,,",            // 6: one cell, but data follow: the importer must see it
		",,",               // 7
		" ,　,",             // 8
		"104,9,\u3000",     // 9
		"Grand Total,18,",  // 10
		"合计栋,9,",           // 11: a name, no total
		"注册楼,9,说明",         // 12: complete, so data
		",,",               // 13
		"注：面积以产权证为准,,",     // 14
		"1. 空房也要填写,,",      // 15: one cell below the table
		"制表人：某某,,日期：",      // 16
		",,,,请看左边",         // 17: beside the table
		endMark + " 共 4 行", // 18
		",,", ",,",
	}, "\n")
	tab := table(t, []byte(text), flats)
	var data []int
	for tab.Next() {
		data = append(data, tab.Row().Number)
	}
	require.NoError(t, tab.Err())
	require.Equal(t, []int{2, 6, 9, 11, 12}, data)
	require.Equal(t, []Skip{{3, 4, SkipTotal}, {5, 5, SkipHeader}, {7, 8, SkipBlank}, {10, 10, SkipTotal}, {13, 13, SkipBlank},
		{14, 14, SkipNote}, {15, 15, SkipNote}, {16, 17, SkipNote}, {18, 18, SkipEnd}}, tab.Skipped())
}

func TestRunningNumbersAreNoData(t *testing.T) {
	tab := table(t, []byte("序号,房号,建筑面积\n1,101,9\n2,,\n3,102,9\n4,,\n"), flats)
	n := 0
	for tab.Next() {
		n++
	}
	require.Equal(t, 2, n)
	require.Equal(t, []Skip{{3, 3, SkipNote}, {5, 5, SkipNote}}, tab.Skipped())

	one := table(t, []byte("名称\n甲\n注：以上\n"), Schema{{Key: "name", Names: []string{"名称"}, Required: true}})
	require.True(t, one.Next())
	require.False(t, one.Next())
}

func TestManySingleCellsAreData(t *testing.T) {
	tab := table(t, []byte("房号,建筑面积\n"+strings.Repeat("101,\n", 250)), flats)
	n := 0
	for tab.Next() {
		tab.Row().Area("area")
		require.Equal(t, "sheet.cell_required", tab.Row().Problems()[0].Code)
		n++
	}
	require.Equal(t, maxHeldRows+1, n)
}

func TestSheetIsChosenByItsHeader(t *testing.T) {
	files := parts("<sheetData>" + small(1) + "</sheetData>")
	files["xl/worksheets/sheet2.xml"] = "<worksheet><sheetData>" + small(2) + "</sheetData></worksheet>"
	files["xl/worksheets/sheet3.xml"] = `<worksheet><sheetData><row r="1">` + inline("A1", "说明") + `</row></sheetData></worksheet>`
	files["xl/_rels/workbook.xml.rels"] = strings.Replace(files["xl/_rels/workbook.xml.rels"], "</Relationships>",
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="/xl/worksheets/sheet2.xml"/>`+
			`<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet3.xml"/></Relationships>`, 1)
	files["xl/workbook.xml"] = strings.Replace(files["xl/workbook.xml"], `<sheet name="名册" sheetId="1" r:id="rId1"/>`,
		`<sheet name="旧" sheetId="1" state="hidden" r:id="rId1"/><sheet name="封面" sheetId="3" r:id="rId3"/><sheet name="名册" sheetId="2" r:id="rId2"/>`, 1)
	b := open(t, zipOf(t, files))
	require.Equal(t, []string{"封面", "名册"}, b.Sheets())
	tab, err := b.Table(flats)
	require.NoError(t, err)
	require.Equal(t, "名册", tab.Sheet)
	n := 0
	for tab.Next() {
		n++
	}
	require.Equal(t, 2, n)
}

func TestRowReaders(t *testing.T) {
	schema := Schema{
		{Key: "k", Names: []string{"k"}, Required: true}, {Key: "money", Names: []string{"m"}}, {Key: "int", Names: []string{"i"}}, {Key: "day", Names: []string{"d"}},
		{Key: "yes", Names: []string{"y"}}, {Key: "kind", Names: []string{"c"}}, {Key: "soft", Names: []string{"s"}, Soft: true},
	}
	tab := table(t, []byte("k,m,i,d,y,c,s\nA,\"￥1,200.50元\",3,2024/1/2,是,商 铺,0535-4212345\n#REF!,x,9,1/2/2024,maybe,地库,12\nB\nC,#N/A,,,,,\n"), schema)
	kinds := map[string]string{"商铺": "shop", "住宅": "home"}
	read := func() *Row {
		require.True(t, tab.Next())
		r := tab.Row()
		r.Code("k", 5)
		return r
	}
	r := read()
	require.EqualValues(t, 120_050, r.Money("money"))
	require.EqualValues(t, 3, r.Int("int", 1, 5))
	require.EqualValues(t, "2024-01-02", r.Date("day"))
	require.True(t, r.Bool("yes"))
	require.Equal(t, "shop", r.Choice("kind", kinds))
	require.Equal(t, "05354212345", r.Phone("soft"))
	require.True(t, r.OK())
	require.Empty(t, r.Problems())

	r = read()
	_, _, _, _, _, _ = r.Money("money"), r.Int("int", 1, 5), r.Date("day"), r.Bool("yes"), r.Choice("kind", kinds), r.Phone("soft")
	r.Reject("", "sheet.duplicate", "sheet.expect.unique", "row", 2)
	var codes []string
	for _, p := range r.Problems() {
		require.Equal(t, 3, p.Row)
		codes = append(codes, p.Column+" "+p.Code)
	}
	require.Equal(t, []string{"k sheet.cell_error", "money sheet.number_malformed", "int sheet.number_range", "day sheet.date_malformed",
		"yes sheet.choice_unknown", "kind sheet.choice_unknown", " sheet.duplicate", "soft sheet.phone_malformed"}, codes)
	require.Equal(t, "住宅, 商铺", r.Problems()[5].Params["choices"])

	r = read()
	require.Zero(t, r.Money("money"))
	require.Zero(t, r.Date("day"))
	require.True(t, r.OK(), "a blank cell of a column that is not required is no problem")
	r = read()
	r.Money("money")
	require.Equal(t, "sheet.cell_error", r.Problems()[0].Code)
	require.Contains(t, r.Problems()[0].Error(), "row 5")
}

// Templates of another system: help beside and below the table is no data.
func TestForeignTemplates(t *testing.T) {
	help := workbookOf(t, [][]string{
		{"房屋", "收费项目", "实缴金额"}, {"1-1-1001", "物业费", "1000"}, {"1-1-1001", "物业费", "1000", "", "说明："}, {"", "", "", "", "房屋", "请填写编号"}, {"", "", "", "", "金额", "元为单位"},
	})
	files := sources(t, "", "xlsx/tpl_importFeeDetail.xlsx")
	files["made"] = help
	for name, data := range files {
		tab := table(t, data, Schema{{Key: "unit", Names: []string{"房屋"}, Required: true}, {Key: "item", Names: []string{"收费项目"}, Required: true},
			{Key: "paid", Names: []string{"实缴金额"}, Required: true}, {Key: "from", Names: []string{"开始时间"}}})
		n := 0
		for tab.Next() {
			r := tab.Row()
			require.EqualValues(t, 100_000, r.Money("paid"), name)
			if n == 0 && tab.Has("from") {
				require.EqualValues(t, "2016-01-01", r.Date("from"))
			}
			require.True(t, r.OK(), name)
			n++
		}
		require.NoError(t, tab.Err())
		require.Contains(t, []int{2, 3}, n, name)
		for _, s := range tab.Skipped() {
			require.Equal(t, SkipNote, s.Why, name)
		}
	}
	for name, data := range sources(t, "", "xlsx/tpl_importRoom.xlsx") {
		tab := table(t, data, Schema{{Key: "building", Names: []string{"楼号"}, Required: true}, {Key: "room", Names: []string{"房间"}, Required: true},
			{Key: "area", Names: []string{"建筑面积"}, Required: true}, {Key: "lift", Names: []string{"是否有电梯"}}, {Key: "phone", Names: []string{"手机号"}}})
		require.True(t, tab.Next(), name)
		r := tab.Row()
		require.EqualValues(t, 9456, r.Area("area"))
		require.True(t, r.Bool("lift"))
		require.Equal(t, "10000000000", r.Phone("phone"))
		require.False(t, tab.Next(), name)
		require.NoError(t, tab.Err())
	}
	for name, data := range sources(t, "", "xlsx/tpl_importResourceStore.xlsx") {
		tab := table(t, data, Schema{{Key: "name", Names: []string{"物品名称"}, Required: true}, {Key: "fixed", Names: []string{"是否固定物品"}, Required: true}})
		require.False(t, tab.Next(), name)
		require.NoError(t, tab.Err())
		require.Empty(t, tab.Skipped(), "the formatted empty rows are not even read")
		require.Len(t, tab.Unknown, 10)
	}
}

func TestRealDivisions(t *testing.T) {
	schema := Schema{{Key: "code", Names: []string{"code", "code12"}, Required: true}, {Key: "name", Names: []string{"name"}, Required: true}}
	for file, want := range map[string]int{"divisions/muping_370612_streets.csv": 13, "divisions/muping_370612_communities.csv": 584} {
		for path, data := range sources(t, "", file) {
			tab := table(t, data, schema)
			n, committees := 0, 0
			for tab.Next() {
				r := tab.Row()
				require.Len(t, r.Code("code", 12), 12)
				if strings.HasSuffix(r.Text("name", 40), "村委会") {
					committees++
				}
				require.True(t, r.OK())
				n++
			}
			require.NoError(t, tab.Err())
			require.Equal(t, want, n, path)
			if n == 584 {
				require.Equal(t, 542, committees)
			}
		}
	}
	for path, data := range sources(t, "", "renovation/renov_dezhou_2022.csv") {
		tab := table(t, data, Schema{{Key: "county", Names: []string{"county"}, Required: true}, {Key: "n", Names: []string{"projects"}, Required: true}})
		sum := int64(0)
		for tab.Next() {
			sum += tab.Row().Int("n", 0, 1000)
		}
		require.EqualValues(t, 313, sum, path)
		require.Equal(t, []Skip{{2, 2, SkipTotal}}, tab.Skipped(), path)
	}
}
