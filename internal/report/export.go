package report

import (
	"context"
	"io"
	"strconv"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/sheet"
)

// Table is figures as a spreadsheet: a row for each cell.
type Table struct {
	name      string
	watermark string
	rows      []CellView
}

// Name is the name of the file.
func (t *Table) Name() string { return t.name }

// ExportRates makes a spreadsheet of live figures. What the view does not show, the file does not hold.
func (s *Service) ExportRates(ctx context.Context, p authz.Principal, in Query) (*Table, error) {
	live, err := s.Rates(ctx, p, in)
	if err != nil {
		return nil, err
	}
	if err := authz.Require(p, authz.ReportExport, authz.Object{Path: live.place.Path}); err != nil {
		return nil, err
	}
	v, err := s.liveView(ctx, live, in.Dimension)
	if err != nil {
		return nil, err
	}
	return s.table(p, "rates-"+string(in.Month)+"-"+string(in.Dimension), append([]CellView{v.Total}, v.Cells...)), nil
}

// ExportSnapshot makes a spreadsheet of the cells of a published month that the caller may see. It takes the
// permission to export in an area that one of them lies in.
func (s *Service) ExportSnapshot(ctx context.Context, p authz.Principal, snapshot id.ID) (*Table, error) {
	grants, err := authz.Holds(p, authz.ReportExport)
	if err != nil {
		return nil, err
	}
	sn, err := snapshotByID(ctx, s.DB, snapshot)
	if err != nil {
		return nil, err
	}
	where, args := audience(p, grants)
	cells, err := visibleCells(ctx, s.DB, where, args, []id.ID{snapshot})
	if err == nil && len(cells) == 0 {
		err = notFound()
	}
	if err != nil {
		return nil, err
	}
	v, err := s.show(ctx, sn, cells)
	if err != nil {
		return nil, err
	}
	rows := make([]CellView, len(v.Cells))
	for i, c := range v.Cells {
		rows[i] = c.CellView
	}
	return s.table(p, "rates-"+v.Month+"-r"+strconv.FormatInt(v.Revision, 10), rows), nil
}

func (s *Service) table(p authz.Principal, name string, rows []CellView) *Table {
	at := s.now().Time().In(clock.Shanghai).Format(time.DateTime)
	return &Table{name + ".xlsx", "导出 / exported " + at + " · " + p.Account.String(), rows}
}

// exportColumns are the columns of the spreadsheet. A figure that is not shown is a blank cell.
var exportColumns = []struct {
	title string
	kind  sheet.Kind
	value func(CellView) any
}{
	{"维度 / dimension", sheet.Text, func(c CellView) any { return sheet.InWords(exportWords, string(c.Dimension)) }},
	{"名称 / name", sheet.Text, func(c CellView) any { return c.Name }},
	{"上报 / reported", sheet.Whole, func(c CellView) any { return c.Orders.Reported }},
	{"办结 / closed", sheet.Whole, func(c CellView) any { return c.Orders.Closed }},
	{"未受理 / declined", sheet.Whole, func(c CellView) any { return c.Orders.Declined }},
	{"撤回 / cancelled", sheet.Whole, func(c CellView) any { return c.Orders.Cancelled }},
	{"重复 / duplicates", sheet.Whole, func(c CellView) any { return c.Orders.Duplicates }},
	{"返工 / reopened", sheet.Whole, func(c CellView) any { return c.Orders.Reopened }},
	{"退单 / bounced", sheet.Whole, func(c CellView) any { return c.Orders.Bounced }},
	{"在办 / open", sheet.Whole, func(c CellView) any { return c.Orders.Open }},
	{"超时 / overdue", sheet.Whole, func(c CellView) any { return c.Orders.Overdue }},
	{"响应：分子 / response: met", sheet.Whole, func(c CellView) any { return c.Response.Numerator }},
	{"响应：分母 / response: ended", sheet.Whole, func(c CellView) any { return c.Response.Denominator }},
	{"响应率 / response %", sheet.Decimal, func(c CellView) any { return c.Response.Percent }},
	{"到场及时率 / arrive %", sheet.Decimal, func(c CellView) any { return c.Arrive.Percent }},
	{"控制及时率 / control %", sheet.Decimal, func(c CellView) any { return c.Control.Percent }},
	{"办结及时率 / fix %", sheet.Decimal, func(c CellView) any { return c.Fix.Percent }},
	{"上报至办结中位数（小时）/ median hours to closing", sheet.Hours, func(c CellView) any { return percentileOf(c.ToClose, 50) }},
	{"上报至办结 90 分位（小时）/ 90th percentile hours", sheet.Hours, func(c CellView) any { return percentileOf(c.ToClose, 90) }},
	{"负时长 / negative", sheet.Whole, func(c CellView) any { return c.ToEnd.Negative }},
	{"评价 / ratings", sheet.Text, func(c CellView) any { return sheet.InWords(exportWords, string(c.Ratings.State)) }},
	{"可评价 / asked", sheet.Whole, opinion(func(v OpinionView) any { return v.Judged.Ratings.Asked })},
	{"已评价 / rated", sheet.Whole, opinion(func(v OpinionView) any { return v.Judged.Ratings.Rated })},
	{"覆盖率 / coverage %", sheet.Decimal, opinion(func(v OpinionView) any { return v.Coverage.Percent })},
	{"解决率 / solution %", sheet.Decimal, opinion(func(v OpinionView) any { return v.Solution.Percent })},
	{"满意率（含基本满意）/ satisfaction %", sheet.Decimal, opinion(func(v OpinionView) any { return v.Satisfaction.Percent })},
	{"满意率（不含基本满意）/ without 基本满意 %", sheet.Decimal, opinion(func(v OpinionView) any { return v.Strict.Percent })},
	{"满意率 95% 下限 / low %", sheet.Decimal, opinion(func(v OpinionView) any { return v.Satisfaction.Low })},
	{"满意率 95% 上限 / high %", sheet.Decimal, opinion(func(v OpinionView) any { return v.Satisfaction.High })},
}

// exportWords are the codes of the spreadsheet as they are read, in both languages as its titles.
var exportWords = map[string]string{
	string(Total): "合计 total", string(Community): "社区 community", string(Company): "企业 company", string(Project): "项目 project",
	string(ServiceArea): "物业服务区域 service area", string(Estate): "小区 estate", string(Category): "类别 category", string(ByMonth): "月份 month",
	string(RatingsShown): "公布 shown", string(RatingsWithheld): "户数太少，不公布 withheld", string(RatingsFiltered): "筛选后不显示 not in a filtered view", string(RatingsReserved): "待月度公布 wait for the month",
}

// opinion is a column that is blank where ratings are not shown.
func opinion(value func(OpinionView) any) func(CellView) any {
	return func(c CellView) any {
		if c.Ratings.Judged.Ratings == nil {
			return nil
		}
		return value(c.Ratings)
	}
}

func percentileOf(s Spread, percent int) any {
	for _, p := range s.Percentiles {
		if p.Percent == percent {
			return p.MS
		}
	}
	return nil
}

// columnWidth gives names room, and every figure as much as its title on two lines.
func columnWidth(i int) int {
	switch exportColumns[i].title {
	case "名称 / name":
		return 30
	case "评价 / ratings":
		return 24
	}
	return 16
}

// Write streams the file.
func (t *Table) Write(w io.Writer) error {
	columns := make([]sheet.OutColumn, len(exportColumns))
	for i, c := range exportColumns {
		columns[i] = sheet.OutColumn{Title: c.title, Kind: c.kind, Width: columnWidth(i)}
	}
	out, err := sheet.NewWriter(w, sheet.WriterOptions{Sheet: "rates", Columns: columns, Watermark: t.watermark})
	if err != nil {
		return err
	}
	for _, r := range t.rows {
		values := make([]any, len(exportColumns))
		for i, c := range exportColumns {
			values[i] = c.value(r)
		}
		if err := out.Write(values...); err != nil {
			return err
		}
	}
	return out.Close()
}
