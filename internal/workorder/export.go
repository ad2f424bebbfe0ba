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
	{"紧急程度 Severity", sheet.Text, 20, func(r exportRow) any { return sheet.InWords(severityWords, r.Severity) }},
	{"来源 Source", sheet.Text, 20, func(r exportRow) any { return sheet.InWords(sourceWords, r.Source) }},
	{"地点 Place", sheet.Text, 30, func(r exportRow) any { return r.coarse }},
	{"状态 State", sheet.Text, 20, func(r exportRow) any { return sheet.InWords(stateWords, r.State) }},
	{"等待 Waiting for", sheet.Text, 20, func(r exportRow) any { return sheet.InWords(waitingWords, r.Waiting) }},
	{"时限来源 Times", sheet.Text, 20, func(r exportRow) any { return sheet.InWords(timesWords, r.Times.Source) }},
	{"受理时间 Reported", sheet.DateTime, 20, func(r exportRow) any { return r.Times.ReportedAt }},
	{"立案时间 Accepted", sheet.DateTime, 20, stageDone(StageAccept)},
	{"派单时间 Dispatched", sheet.DateTime, 20, func(r exportRow) any { return moment(r.Times.DispatchedAt) }},
	{"到场时间 Arrived", sheet.DateTime, 20, stageDone(StageArrive)},
	{"完成时间 Resolved", sheet.DateTime, 20, stageDone(StageFix)},
	{"核实时间 Verified", sheet.DateTime, 20, func(r exportRow) any { return moment(r.Times.VerifiedAt) }},
	{"结束时间 Closed", sheet.DateTime, 20, func(r exportRow) any { return moment(r.Times.ClosedAt) }},
	{"结束方式 Closed as", sheet.Text, 20, func(r exportRow) any { return sheet.InWords(closedWords, r.ClosedAs) }},
	{"下一时限 Due", sheet.DateTime, 20, func(r exportRow) any { return moment(r.DueAt) }},
	{"时限环节 Due stage", sheet.Text, 20, func(r exportRow) any { return sheet.InWords(stageWords, r.DueStage) }},
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

// The codes of the list as they are read, in both languages as its titles.
var (
	severityWords = map[rules.Severity]string{
		rules.Emergency: "特急 emergency", rules.Urgent: "紧急 urgent", rules.Normal: "一般 normal",
		rules.Complex: "复杂 complex", rules.Complaint: "投诉 complaint", rules.Inquiry: "咨询 inquiry",
	}
	sourceWords = map[Source]string{
		FromResident: "居民上报 resident", FromDesk: "前台代报 desk", FromInspection: "巡查上报 inspection",
		FromHotline: "12345 热线 hotline", FromImport: "历史导入 import",
	}
	stateWords = map[State]string{
		Reported: "已上报 reported", Accepted: "已立案 accepted", Declined: "不予受理 declined", Dispatched: "已派单 dispatched",
		InProgress: "处理中 in progress", Resolved: "已处理 resolved", Verified: "已核验 verified", Closed: "已办结 closed",
		Returned: "已退单待裁定 returned", Deferred: "挂账 deferred", Duplicate: "重复件 duplicate", Cancelled: "已撤回 cancelled",
	}
	waitingWords = map[Waiting]string{
		ForHandler: "办理单位 handler", ForAssignee: "经办人 assignee", ForResident: "报事人 resident", ForArea: "社区或街道 area", ForNobody: "已结束 nobody",
	}
	stageWords = map[Stage]string{
		StageAccept: "受理 accept", StageArrive: "到场 arrive", StageControl: "控制险情 control", StageFix: "办结 fix",
		StageDecision: "裁定 decision", StageReview: "复核 review",
	}
	timesWords  = map[string]string{Promised: "承诺时限 promised", Reference: "参考时限 reference"}
	closedWords = map[string]string{
		ClosedConfirmed: "报事人确认 confirmed", ClosedVerified: "核验后办结 verified", ClosedUnanswered: "逾期未答复 unanswered", ClosedImported: "历史导入 imported",
	}
)

// categoryName is a category as an export shows it; a retired one keeps its code.
func categoryName(d *rules.Dictionary, code string) string {
	if c, err := d.Find(code); err == nil {
		return c.Zh + " " + c.En
	}
	return code
}
