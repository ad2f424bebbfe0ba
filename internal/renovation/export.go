package renovation

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/sheet"
)

// dossier is a project as its workbook shows it.
type dossier struct {
	View
	entries []Entry
}

// Export writes a project as XLSX: its items, what each source gives, every amount, the works contracts, the milestones and the findings. No person and no single
// home stands in it. For the offices that carry projects out or compare them; it is recorded who exported it.
func (s *Service) Export(ctx context.Context, p authz.Principal, which id.ID) (func(io.Writer) error, error) {
	pr, obj, err := s.reach(ctx, which)
	if err != nil {
		return nil, err
	}
	actor, err := authz.Act(p, authz.RenovationCompare, obj)
	if err != nil {
		return nil, err
	}
	d := dossier{}
	if d.View, err = s.view(ctx, s.DB, pr); err != nil {
		return nil, err
	}
	if d.entries, err = entries(ctx, s.DB, which, nil, mostExported+1); err != nil {
		return nil, err
	}
	if len(d.entries) > mostExported {
		return nil, fault.New(fault.Conflict, "renovation.too_many", "most", mostExported)
	}
	at := s.now()
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		return audit.Record(ctx, tx, at, audit.Entry{Actor: actor, Action: "renovation.export", ObjectKind: "renovation", ObjectID: which, ScopePath: pr.ScopePath, Detail: map[string]any{"rows": len(d.entries)}})
	})
	if err != nil {
		return nil, err
	}
	mark := fmt.Sprintf("红色物业 %s（%s） %s", pr.Name, stageNames[pr.State], s.today())
	return func(w io.Writer) error { return d.write(w, mark) }, nil
}

// tab is a table of the workbook. Files travel, so the titles are in both languages.
type tab struct {
	name    string
	columns []sheet.OutColumn
	rows    func(put func(...any) error) error
}

func (d dossier) write(w io.Writer, mark string) error {
	tabs := []tab{d.itemTab(), d.fundingTab(), d.entryTab(), d.contractTab(), d.milestoneTab(), d.findingTab()}
	out, err := sheet.NewWriter(w, sheet.WriterOptions{Sheet: tabs[0].name, Columns: tabs[0].columns, Watermark: mark})
	if err != nil {
		return err
	}
	for i, t := range tabs {
		if i > 0 {
			if err := out.Tab(t.name, t.columns); err != nil {
				return err
			}
		}
		if err := t.rows(out.Write); err != nil {
			return err
		}
	}
	return out.Close()
}

// rowsOf puts a row for every one of some things.
func rowsOf[T any](list []T, row func(T) []any) func(func(...any) error) error {
	return func(put func(...any) error) error {
		for _, one := range list {
			if err := put(row(one)...); err != nil {
				return err
			}
		}
		return nil
	}
}

// blank is a cell that stays empty where nothing is known.
func blank[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

var consentNames = map[string]string{"not_needed": "无需表决", "open": "待表决", "given": "已通过", "outdated": "需重新表决"}

func (d dossier) itemTab() tab {
	return tab{"改造内容 items", []sheet.OutColumn{{Title: "内容 Item", Kind: sheet.Text, Width: 28}, {Title: "代码 Code", Kind: sheet.Text, Width: 16}, {Title: "单位 Unit", Kind: sheet.Text, Width: 8}, {Title: "数量 Quantity", Kind: sheet.Area, Width: 12},
		{Title: "已完成 Built", Kind: sheet.Area, Width: 12}, {Title: "预算（元）Budget", Kind: sheet.Money, Width: 16}, {Title: "已支付（元）Paid", Kind: sheet.Money, Width: 16}, {Title: "业主表决 Consent", Kind: sheet.Text, Width: 14},
		{Title: "计划开始 From", Kind: sheet.Day, Width: 12}, {Title: "计划完成 Until", Kind: sheet.Day, Width: 12}, {Title: "验收日期 Accepted on", Kind: sheet.Day, Width: 12}},
		rowsOf(d.Items, func(it ItemView) []any {
			return []any{it.Title, it.Code, unitNames[it.Unit], it.Quantity, it.DoneQuantity, it.BudgetFen, it.PaidFen, consentNames[it.Consent], blank(it.PlannedFrom), blank(it.PlannedUntil), blank(it.AcceptedOn)}
		})}
}

// unitNames are the field's words for the units of quantities.
var unitNames = map[string]string{"m": "米", "m2": "平方米", "set": "套", "place": "处"}

// sourceNames are the field's words for the sources.
var sourceNames = map[Source]string{FromCentral: "中央补助", FromProvince: "省级补助", FromCity: "市级资金", FromDistrict: "区级资金", FromResidents: "居民出资", FromFund: "住宅专项维修资金",
	FromUtility: "专业经营单位", FromUnitOwner: "原产权单位", FromMarket: "社会资本", FromCommonIncome: "公共收益"}

func (d dossier) fundingTab() tab {
	return tab{"资金来源 funding", []sheet.OutColumn{{Title: "来源 Source", Kind: sheet.Text, Width: 18}, {Title: "出资方 Payer", Kind: sheet.Text, Width: 24}, {Title: "计划（元）Planned", Kind: sheet.Money, Width: 16}, {Title: "批准（元）Approved", Kind: sheet.Money, Width: 16},
		{Title: "到账（元）Received", Kind: sheet.Money, Width: 16}, {Title: "支付（元）Paid", Kind: sheet.Money, Width: 16}, {Title: "退回（元）Returned", Kind: sheet.Money, Width: 16}},
		rowsOf(d.Funding, func(l Line) []any {
			return []any{sourceNames[l.Source], l.Payer, l.PlannedFen, l.ApprovedFen, l.ReceivedFen, l.PaidFen, l.ReturnedFen}
		})}
}

var entryNames = map[EntryKind]string{EntryPlanned: "计划", EntryApproved: "批准", EntryReceived: "到账", EntryPaid: "支付", EntryReturned: "退回"}

func (d dossier) entryTab() tab {
	return tab{"收支明细 entries", []sheet.OutColumn{{Title: "日期 Day", Kind: sheet.Day, Width: 12}, {Title: "来源 Source", Kind: sheet.Text, Width: 18}, {Title: "类别 Kind", Kind: sheet.Text, Width: 10}, {Title: "金额（元）Amount", Kind: sheet.Money, Width: 16},
		{Title: "凭证 Document", Kind: sheet.Text, Width: 30}, {Title: "内容 Item", Kind: sheet.Text, Width: 24}, {Title: "说明 Note", Kind: sheet.Text, Width: 30}},
		rowsOf(d.entries, func(e Entry) []any {
			return []any{e.On, sourceNames[d.sourceOf(e.FundingID)], entryNames[e.Kind], e.Fen, e.Reference, d.titleOf(e.ItemID), e.Note}
		})}
}

func (d dossier) sourceOf(line id.ID) Source {
	if i := slices.IndexFunc(d.Funding, func(l Line) bool { return l.ID == line }); i >= 0 {
		return d.Funding[i].Source
	}
	return ""
}

// titleOf is the name of an item of the plan in force; empty for none.
func (d dossier) titleOf(item *id.ID) string {
	if item == nil {
		return ""
	}
	if i := slices.IndexFunc(d.Items, func(it ItemView) bool { return it.ID == *item }); i >= 0 {
		return d.Items[i].Title
	}
	return ""
}

// contractTab lists the works contracts: those that were ended, and the one in force.
func (d dossier) contractTab() tab {
	return tab{"施工合同 contracts", []sheet.OutColumn{{Title: "施工单位 Contractor", Kind: sheet.Text, Width: 28}, {Title: "招标结果 Tender", Kind: sheet.Text, Width: 24}, {Title: "确定日期 On", Kind: sheet.Day, Width: 12}, {Title: "合同价（元）Price", Kind: sheet.Money, Width: 16},
		{Title: "解除日期 Ended on", Kind: sheet.Day, Width: 12}, {Title: "结算（元）Settled", Kind: sheet.Money, Width: 16}, {Title: "解除原因 Why", Kind: sheet.Text, Width: 36}},
		func(put func(...any) error) error {
			for _, c := range d.Former {
				if err := put(c.Contractor, c.Reference, c.TenderedOn, c.PriceFen, c.EndedOn, c.SettledFen, c.Reason); err != nil {
					return err
				}
			}
			if d.ContractorID == nil {
				return nil
			}
			return put(d.Contractor, d.TenderReference, blank(d.TenderedOn), blank(d.ContractFen), nil, nil, "")
		}}
}

func (d dossier) milestoneTab() tab {
	return tab{"时间节点 milestones", []sheet.OutColumn{{Title: "节点 Milestone", Kind: sheet.Text, Width: 28}, {Title: "计划 Planned", Kind: sheet.Day, Width: 12}, {Title: "预计 Forecast", Kind: sheet.Day, Width: 12}, {Title: "实际 Actual", Kind: sheet.Day, Width: 12},
		{Title: "延误（天）Days late", Kind: sheet.Whole, Width: 12}, {Title: "延期次数 Delays", Kind: sheet.Whole, Width: 12}},
		rowsOf(d.Milestones, func(m Milestone) []any {
			return []any{m.Title, m.PlannedOn, m.ForecastOn, blank(m.ActualOn), m.DaysLate, int64(len(m.Delays))}
		})}
}

var findingNames = map[FindingKind]string{FoundSafety: "安全", FoundQuality: "质量", FoundDefect: "缺陷"}

func (d dossier) findingTab() tab {
	return tab{"问题 findings", []sheet.OutColumn{{Title: "发现时间 At", Kind: sheet.DateTime, Width: 20}, {Title: "类别 Kind", Kind: sheet.Text, Width: 10}, {Title: "问题 Finding", Kind: sheet.Text, Width: 36}, {Title: "内容 Item", Kind: sheet.Text, Width: 24},
		{Title: "工单 Order", Kind: sheet.Text, Width: 20}, {Title: "办结 Over", Kind: sheet.Text, Width: 8}},
		rowsOf(d.Findings, func(f Finding) []any {
			over := "是"
			if f.Open {
				over = "否"
			}
			return []any{f.At, findingNames[f.Kind], f.Title, d.titleOf(f.ItemID), f.Number, over}
		})}
}
