package sheet

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

const benchRows = 100_000

// households is a workbook of 100,000 rows as a property company would send it.
func households(b *testing.B) []byte {
	b.Helper()
	f := excelize.NewFile()
	s, err := f.NewStreamWriter("Sheet1")
	require.NoError(b, err)
	require.NoError(b, s.SetRow("A1", []any{"房屋编号", "楼栋", "单元", "房号", "建筑面积(㎡)", "业主", "联系电话", "产权证号", "备注"}))
	for i := range benchRows {
		require.NoError(b, s.SetRow(fmt.Sprintf("A%d", i+2), []any{fmt.Sprintf("370612001001-%06d", i), fmt.Sprintf("%d号楼", i/100),
			"1单元", fmt.Sprintf("%04d", i%100), float64(5000+i%9000) / 100, "业主甲", "10000000001", fmt.Sprintf("%018d", i), "无"}))
	}
	require.NoError(b, s.Flush())
	var out bytes.Buffer
	require.NoError(b, f.Write(&out))
	return out.Bytes()
}

// BenchmarkRead100k compares the library's own row iterator with this package around it, every cell parsed.
func BenchmarkRead100k(b *testing.B) {
	data := households(b)
	b.Run("library", func(b *testing.B) {
		for b.Loop() {
			f, err := excelize.OpenReader(bytes.NewReader(data))
			require.NoError(b, err)
			rows, err := f.Rows("Sheet1")
			require.NoError(b, err)
			n := 0
			for rows.Next() {
				_, err := rows.Columns()
				require.NoError(b, err)
				n++
			}
			require.Equal(b, benchRows+1, n)
			require.NoError(b, rows.Close())
			require.NoError(b, f.Close())
		}
	})
	b.Run("sheet", func(b *testing.B) {
		for b.Loop() {
			book, err := OpenBytes("bench", data, DefaultLimits())
			require.NoError(b, err)
			tab, err := book.Table(roster)
			require.NoError(b, err)
			n := 0
			for tab.Next() {
				r := tab.Row()
				_, _, _, _ = r.Code("code", 64), r.Text("building", 40), r.Text("entrance", 40), r.Code("room", 40)
				_, _, _, _, _ = r.Area("area"), r.Text("owner", 60), r.Phone("phone"), r.Code("deed", 60), r.Note("remark", 500)
				require.True(b, r.OK())
				n++
			}
			require.NoError(b, tab.Err())
			require.Equal(b, benchRows, n)
			require.NoError(b, book.Close())
		}
	})
}

// BenchmarkSurvey is the part of reading that is not the library's: the walk over the zip.
func BenchmarkSurvey(b *testing.B) {
	data := households(b)
	for b.Loop() {
		_, err := surveyZip(data, DefaultLimits())
		require.NoError(b, err)
	}
}

// BenchmarkWrite100k writes the same amount.
func BenchmarkWrite100k(b *testing.B) {
	for b.Loop() {
		w, err := NewWriter(io.Discard, WriterOptions{Columns: []OutColumn{{"a", Text, 0}, {"b", Area, 0}, {"c", Text, 0}}})
		require.NoError(b, err)
		for i := range benchRows {
			require.NoError(b, w.Write("1号楼", int64(i), "=x"))
		}
		require.NoError(b, w.Close())
	}
}
