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
	{"维度 / dimension", sheet.Text, func(c CellView) any { return string(c.Dimension) }},
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
	{"响应率 / response %", sheet.Text, func(c CellView) any { return c.Response.Percent }},
	{"到场及时率 / arrive %", sheet.Text, func(c CellView) any { return c.Arrive.Percent }},
	{"控制及时率 / control %", sheet.Text, func(c CellView) any { return c.Control.Percent }},
	{"办结及时率 / fix %", sheet.Text, func(c CellView) any { return c.Fix.Percent }},
	{"时长中位数（毫秒）/ median ms", sheet.Whole, func(c CellView) any { return percentileOf(c.ToClose, 50) }},
	{"时长 90 分位（毫秒）/ p90 ms", sheet.Whole, func(c CellView) any { return percentileOf(c.ToClose, 90) }},
	{"负时长 / negative", sheet.Whole, func(c CellView) any { return c.ToEnd.Negative }},
	{"评价 / ratings", sheet.Text, func(c CellView) any { return string(c.Ratings.State) }},
	{"可评价 / asked", sheet.Whole, opinion(func(v OpinionView) any { return v.Judged.Ratings.Asked })},
	{"已评价 / rated", sheet.Whole, opinion(func(v OpinionView) any { return v.Judged.Ratings.Rated })},
	{"覆盖率 / coverage %", sheet.Text, opinion(func(v OpinionView) any { return v.Coverage.Percent })},
	{"解决率 / solution %", sheet.Text, opinion(func(v OpinionView) any { return v.Solution.Percent })},
	{"满意率（含基本满意）/ satisfaction %", sheet.Text, opinion(func(v OpinionView) any { return v.Satisfaction.Percent })},
	{"满意率（不含基本满意）/ without 基本满意 %", sheet.Text, opinion(func(v OpinionView) any { return v.Strict.Percent })},
	{"95% 下限 / low", sheet.Text, opinion(func(v OpinionView) any { return v.Satisfaction.Low })},
	{"95% 上限 / high", sheet.Text, opinion(func(v OpinionView) any { return v.Satisfaction.High })},
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

// Write streams the file.
func (t *Table) Write(w io.Writer) error {
	columns := make([]sheet.OutColumn, len(exportColumns))
	for i, c := range exportColumns {
		columns[i] = sheet.OutColumn{Title: c.title, Kind: c.kind}
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
