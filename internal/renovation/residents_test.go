package renovation

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

// Residents speak without being named; others read it once it is answered, and one voice does not bury the others.
func TestResidentsSpeakAndAreAnswered(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.proposed()
		first, err := w.Speak(w.ctx(), w.resident, p.ID, anew, "请优先改造排水，电话13812345678。'; DROP TABLE renovation; --")
		require.NoError(t, err)
		read := func(who authz.Principal) []Remark {
			list, err := w.Remarks(w.ctx(), who, p.ID, page.Request{})
			require.NoError(t, err)
			return list.Items
		}
		require.Empty(t, read(w.neighbour))
		require.Empty(t, read(w.manager))
		require.True(t, read(w.resident)[0].Mine)
		body, err := json.Marshal(read(w.community))
		require.NoError(t, err)
		require.NotContains(t, string(body), w.resident.Person.String())
		require.NoError(t, w.AnswerRemark(w.ctx(), w.community, p.ID, first, anew, "已列入方案。"))
		w.refused("renovation.answered", w.AnswerRemark(w.ctx(), w.office, p.ID, first, anew, "再答一次"))
		w.refused("not_found", w.AnswerRemark(w.ctx(), w.office, p.ID, id.New(), anew, "没有这条"))
		require.Equal(t, "已列入方案。", read(w.neighbour)[0].Answer)
		for range mostOpenRemarks {
			_, err = w.Speak(w.ctx(), w.resident, p.ID, anew, "还有意见")
			require.NoError(t, err)
		}
		_, err = w.Speak(w.ctx(), w.resident, p.ID, anew, "还有意见")
		w.refused("renovation.remarks_open", err)
		_, err = w.Speak(w.ctx(), w.manager, p.ID, anew, "物业意见")
		require.True(t, fault.Is(err, "auth.forbidden"))

		held, err := w.ExportPerson(w.ctx(), w.DB, w.resident.Person)
		require.NoError(t, err)
		require.Len(t, held.Remarks, 6)
		w.write(func(ctx ctxT, tx txT) error { return w.ErasePerson(ctx, tx, w.resident.Person) })
		held, err = w.ExportPerson(w.ctx(), w.DB, w.resident.Person)
		require.NoError(t, err)
		require.Empty(t, held.Remarks)
		for _, r := range read(w.community) {
			require.NotContains(t, r.Words, "13812345678")
			require.False(t, r.Mine)
		}
	})
}

// What anybody reads without logging in has no person, no home and nothing before residents are asked.
func TestThePublicPageNamesNobody(t *testing.T) {
	w := newWorld(t, freshDB(t))
	p := w.proposed()
	_, err := w.Public(w.ctx(), p.ID)
	w.refused("not_found", err)
	gone := w.proposed()
	w.must(w.Withdraw(w.ctx(), w.office, gone.ID, anew, "暂缓实施该项目。"))
	_, err = w.Public(w.ctx(), gone.ID)
	w.refused("not_found", err)
	_, err = w.Public(w.ctx(), id.New())
	w.refused("not_found", err)
	p, city := w.building()
	require.NoError(t, w.enterOf(p, city, EntryReceived, 5, "回单"))
	v, err := w.Public(w.ctx(), p.ID)
	require.NoError(t, err)
	require.Equal(t, []any{"幸福里", Works, int64(155_000_000), int64(2), 3}, []any{v.Place, v.Stage, v.Sums.ApprovedFen, v.Supervisors, len(v.Items)})
	body, err := json.Marshal(v)
	require.NoError(t, err)
	for _, secret := range []string{w.resident.Person.String(), w.units[0].ID.String(), w.units[0].Address, "张", "会议纪要"} {
		require.NotContains(t, string(body), secret)
	}
}

func TestTheStreetComparesItsProjects(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p, city := w.building()
		w.proposed()
		require.NoError(t, w.enterOf(p, city, EntryReceived, 1_000_000, "回单"))
		require.NoError(t, w.measure(p, "roof", 45_000))
		w.must(w.Find(w.ctx(), w.office, p.ID, anew, NewFinding{Kind: FoundQuality, Title: "=cmd|'/c calc'!A1"}))
		list, err := w.Compare(w.ctx(), w.office, w.estate, page.Request{})
		require.NoError(t, err)
		require.Len(t, list.Items, 2)
		got := list.Items[1]
		require.Equal(t, []any{Works, int64(155_000_000), int64(1_000_000), int64(3), int64(1451), int64(1), int64(1)},
			[]any{got.Stage, got.Sums.ApprovedFen, got.Sums.ReceivedFen, got.Items, got.BuiltBp, got.Findings, got.OpenFindings}, "half of 45 of 155 is built")
		for _, who := range []authz.Principal{w.manager, w.committee, w.resident} {
			_, err = w.Compare(w.ctx(), who, w.estate, page.Request{})
			require.Error(t, err)
		}
		write, err := w.ExportComparison(w.ctx(), w.office, w.estate)
		require.NoError(t, err)
		var out bytes.Buffer
		require.NoError(t, write(&out))
		f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
		require.NoError(t, err)
		rows, err := f.GetRows("改造项目")
		require.NoError(t, err)
		require.Equal(t, []string{"幸福里改造", "施工", "1,550,000.00"}, []string{rows[3][0], rows[3][1], rows[3][2]})
		require.NoError(t, f.Close())

		_, err = w.Export(w.ctx(), w.resident, p.ID)
		require.True(t, fault.Is(err, "auth.forbidden"))
		write, err = w.Export(w.ctx(), w.community, p.ID)
		require.NoError(t, err)
		out.Reset()
		require.NoError(t, write(&out))
		f, err = excelize.OpenReader(bytes.NewReader(out.Bytes()))
		require.NoError(t, err)
		require.Equal(t, []string{"改造内容 items", "资金来源 funding", "收支明细 entries", "施工合同 contracts", "时间节点 milestones", "问题 findings"}, f.GetSheetList())
		for tab, at := range map[string][]string{"改造内容 items": {"屋面防水", "roof", "平方米", "900.00", "450.00", "450,000.00"}, "收支明细 entries": {"2026-03-02", "市级资金", "到账", "10,000.00", "回单"}} {
			rows, err := f.GetRows(tab)
			require.NoError(t, err)
			require.Equal(t, at, rows[2][:len(at)], tab)
			require.Contains(t, rows[0][0], "幸福里改造")
			require.Contains(t, rows[len(rows)-1][0], "END")
		}
		require.NoError(t, f.Close())
	})
}

func TestTheDictionaryIsThePlaces(t *testing.T) {
	w := newWorld(t, freshDB(t))
	d, err := w.Dictionary(w.ctx(), w.resident, w.estate)
	require.NoError(t, err)
	require.Len(t, d.Classes, 3, "the fourth is another city's")
	require.False(t, slices.ContainsFunc(d.Items, func(k KindOfItem) bool { return k.Class == "safety" }))
	require.Equal(t, []any{int64(10), 5, "renovation_wishes"}, []any{d.OverrunPercent, d.PostingDays, d.WishesTemplate})
	_, err = w.Dictionary(w.ctx(), w.elsewhere, w.estate)
	w.refused("not_found", err)
}

const plansOf2022 = `city,county,projects,communities,buildings,households,area_wan_m2
甲市,全市小计:,6,6,30,900,%s
甲市,东区,2,2,10,400,1.25
甲市,西县,4,4,20,500,2.5
`

// A list of plans is added up again: a total that differs is named with both figures, and a second run changes nothing.
func TestPlanListsAreAddedUpAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		system := authz.System("import")
		run := func(total string) ([]string, int, int) {
			report, err := w.ImportPlanList(w.ctx(), system, ImportInput{Name: "/x/plans 2022.csv", Data: bytes.ReplaceAll([]byte(plansOf2022), []byte("%s"), []byte(total)), Target: w.estate}, nil)
			require.NoError(t, err)
			var codes []string
			for _, l := range report.Lines {
				for _, pr := range l.Problems {
					codes = append(codes, pr.Column+" "+pr.Code)
					require.Equal(t, []any{"3.80", "3.75"}, []any{pr.Params["stated"], pr.Params["sum"]}, "as the list has them")
				}
			}
			return codes, report.Counts.Created, report.Counts.Unchanged
		}
		codes, created, _ := run("3.8")
		require.Equal(t, []any{[]string{"area renovation.total_differs"}, 2}, []any{codes, created})
		codes, created, unchanged := run("3.75")
		require.Equal(t, []any{0, 0, 2}, []any{len(codes), created, unchanged})
		sums, err := w.Lists(w.ctx(), w.office, w.estate)
		require.NoError(t, err)
		require.Equal(t, []any{"plans 2022", int64(2), int64(6), int64(900), int64(37_500 * tenThousand / 100)}, []any{sums[0].ListName, sums[0].Rows, *sums[0].Projects, *sums[0].Households, *sums[0].Area})
		rows, err := w.ListRows(w.ctx(), w.office, w.estate, "plans 2022", page.Request{Limit: 1})
		require.NoError(t, err)
		require.Equal(t, "东区", rows.Items[0].Place)
		require.NotEmpty(t, rows.Next)
		_, err = w.Lists(w.ctx(), w.resident, w.estate)
		require.Error(t, err)
	})
}

const begun2023 = `seq,province,started_communities,start_rate
1,甲省,1071,全部开工
2,乙省,45,48%
合计,,1116,80.4%
`

func TestRatesAreSharesOrAll(t *testing.T) {
	w := newWorld(t, freshDB(t))
	report, err := w.ImportPlanList(w.ctx(), authz.System("import"), ImportInput{Name: "h1.csv", Data: []byte(begun2023), Target: w.estate}, nil)
	require.NoError(t, err)
	require.Equal(t, []int{2, 0}, []int{report.Counts.Created, report.Counts.Rejected})
	rows, err := w.ListRows(w.ctx(), w.office, w.estate, "h1", page.Request{})
	require.NoError(t, err)
	require.Equal(t, []int64{10_000, 4_800, 1071}, []int64{*rows.Items[0].RateBp, *rows.Items[1].RateBp, *rows.Items[0].Started})
	_, err = w.ImportPlanList(w.ctx(), w.elsewhere, ImportInput{Name: "h1.csv", Data: []byte(begun2023), Target: w.estate}, nil)
	w.refused("not_found", err)
}
