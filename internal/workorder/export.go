package workorder

import (
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/sheet"
)

// exportColumn is one column of the list as a file. The title is in both languages, since files travel.
type exportColumn struct {
	title string
	kind  sheet.Kind
	width int
	value func(row exportRow) any
}

// exportRow is an order as its exporter may see it, with the names of its codes.
type exportRow struct {
	OrderView
	coarse   string // the place without the dwelling
	category string
}

// exportColumns name nobody: no reporter, no household, no dwelling (in a repair at home it is the reporter's),
// no assignee, no rating. Numbers in titles are masked.
var exportColumns = []exportColumn{
	{"工单号 Number", sheet.Text, 20, func(r exportRow) any { return r.Number }},
	{"外部编号 External number", sheet.Text, 20, func(r exportRow) any { return optional(r.ExternalNumber) }},
	{"标题 Title", sheet.Text, 30, func(r exportRow) any { return personal.Redact(r.Title) }},
	{"类别 Category", sheet.Text, 26, func(r exportRow) any { return r.category }},
	{"紧急程度 Severity", sheet.Text, 12, func(r exportRow) any { return string(r.Severity) }},
	{"来源 Source", sheet.Text, 12, func(r exportRow) any { return string(r.Source) }},
	{"地点 Place", sheet.Text, 30, func(r exportRow) any { return r.coarse }},
	{"状态 State", sheet.Text, 12, func(r exportRow) any { return string(r.State) }},
	{"等待 Waiting for", sheet.Text, 12, func(r exportRow) any { return string(r.Waiting) }},
	{"时限来源 Times", sheet.Text, 12, func(r exportRow) any { return r.Times.Source }},
	{"受理时间 Reported", sheet.DateTime, 20, func(r exportRow) any { return r.Times.ReportedAt }},
	{"立案时间 Accepted", sheet.DateTime, 20, stageDone(StageAccept)},
	{"派工时间 Dispatched", sheet.DateTime, 20, func(r exportRow) any { return moment(r.Times.DispatchedAt) }},
	{"到场时间 Arrived", sheet.DateTime, 20, stageDone(StageArrive)},
	{"完成时间 Resolved", sheet.DateTime, 20, stageDone(StageFix)},
	{"核实时间 Verified", sheet.DateTime, 20, func(r exportRow) any { return moment(r.Times.VerifiedAt) }},
	{"结束时间 Closed", sheet.DateTime, 20, func(r exportRow) any { return moment(r.Times.ClosedAt) }},
	{"结束方式 Closed as", sheet.Text, 12, func(r exportRow) any { return r.ClosedAs }},
	{"下一时限 Due", sheet.DateTime, 20, func(r exportRow) any { return moment(r.DueAt) }},
	{"时限环节 Due stage", sheet.Text, 12, func(r exportRow) any { return string(r.DueStage) }},
	{"已超时 Overdue", sheet.Text, 10, func(r exportRow) any { return yesNo(r.Overdue) }},
	{"重开次数 Reopened", sheet.Whole, 10, func(r exportRow) any { return r.ReopenCount }},
}

func stageDone(stage Stage) func(exportRow) any {
	return func(r exportRow) any {
		for _, s := range r.Times.Stages {
			if s.Stage == stage {
				return moment(s.DoneAt)
			}
		}
		return nil
	}
}

// moment is nil, not a typed nil, for a blank cell.
func moment(at *clock.Instant) any {
	if at == nil {
		return nil
	}
	return *at
}

func optional(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}

func yesNo(b bool) string {
	if b {
		return "是 yes"
	}
	return "否 no"
}

// categoryName is a category as an export shows it; a retired one keeps its code.
func categoryName(d *rules.Dictionary, code string) string {
	if c, err := d.Find(code); err == nil {
		return c.Zh + " " + c.En
	}
	return code
}
