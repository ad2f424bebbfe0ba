package renovation

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/sheet"
)

// Compared is a project in a comparison. Nothing is ranked: rows stand in the order of their making.
type Compared struct {
	ID           id.ID       `json:"id"`
	Name         string      `json:"name"`
	Stage        State       `json:"stage" enum:"proposed,wishes,plan,consent,funded,tendered,works,acceptance,warranty,closed,withdrawn"`
	BudgetFen    int64       `json:"budgetFen"`
	ContractFen  *int64      `json:"contractFen,omitempty"`
	Sums         Sums        `json:"sums"`
	Items        int64       `json:"items"`
	Accepted     int64       `json:"accepted" doc:"Items that are accepted"`
	BuiltBp      int64       `json:"builtBp" doc:"Built, weighted by budget, in hundredths of a per cent"`
	Milestones   int64       `json:"milestones"`
	DaysLate     int64       `json:"daysLate" doc:"The largest of its milestones"`
	Findings     int64       `json:"findings"`
	OpenFindings int64       `json:"openFindings" doc:"Whose work order is not over"`
	AcceptedOn   *clock.Date `json:"acceptedOn,omitempty"`
}

// Compare lists the projects of an area with their figures, the newest first, for the street and the Party organisation above it.
func (s *Service) Compare(ctx context.Context, p authz.Principal, area id.ID, req page.Request) (page.Page[Compared], error) {
	path, err := s.Places.Path(ctx, s.DB, area)
	if err != nil {
		return page.Page[Compared]{}, err
	}
	if err := authz.Require(p, authz.RenovationCompare, authz.Object{Path: path}); err != nil {
		return page.Page[Compared]{}, err
	}
	last, err := before(req)
	if err != nil {
		return page.Page[Compared]{}, err
	}
	rows, err := projects(ctx, s.DB, Filter{Path: path}, scoped{sql: "1 = 1"}, last, req.Size()+1)
	if err != nil {
		return page.Page[Compared]{}, err
	}
	cut := page.Cut(rows, req.Size(), func(p Project) []string { return []string{p.ID.String()} })
	out := page.Page[Compared]{Next: cut.Next}
	out.Items, err = s.compared(ctx, s.DB, cut.Items)
	return out, err
}

// compared computes the figures of some projects.
func (s *Service) compared(ctx context.Context, q dbx.Querier, list []Project) ([]Compared, error) {
	out := make([]Compared, len(list))
	for i, p := range list {
		out[i] = Compared{ID: p.ID, Name: p.Name, Stage: p.State, BudgetFen: p.BudgetFen, ContractFen: p.ContractFen, AcceptedOn: p.AcceptedOn}
	}
	if len(list) == 0 {
		return out, nil
	}
	of, err := figuresOf(ctx, q, list)
	if err != nil {
		return nil, err
	}
	open, err := s.Orders.Unfinished(ctx, q, of.orders)
	if err != nil {
		return nil, err
	}
	at := func(project id.ID) *Compared {
		return &out[slices.IndexFunc(out, func(c Compared) bool { return c.ID == project })]
	}
	for _, l := range of.lines {
		at(l.ProjectID).Sums.add(l)
	}
	for _, it := range of.items {
		c := at(it.ProjectID)
		c.Items++
		if it.AcceptedOn != nil {
			c.Accepted++
		}
		c.BuiltBp += part(it.BudgetFen, it.DoneQuantity, it.Quantity)
	}
	for _, m := range of.milestones {
		c := at(m.ProjectID)
		c.Milestones++
		c.DaysLate = max(c.DaysLate, m.late(s.today()))
	}
	for _, f := range of.findings {
		c := at(f.ProjectID)
		c.Findings++
		if _, ok := open[f.Order]; ok {
			c.OpenFindings++
		}
	}
	for i := range out { // so far the budget of what is built
		if built := out[i].BuiltBp; out[i].BudgetFen > 0 {
			out[i].BuiltBp = part(built, 10_000, out[i].BudgetFen)
		}
	}
	return out, nil
}

// compareColumns are those of the exported comparison; files travel, so the titles are in both languages.
var compareColumns = []sheet.OutColumn{
	{Title: "项目 Project", Kind: sheet.Text, Width: 30}, {Title: "阶段 Stage", Kind: sheet.Text, Width: 12}, {Title: "预算（元）Budget", Kind: sheet.Money, Width: 16},
	{Title: "合同价（元）Contract", Kind: sheet.Money, Width: 16}, {Title: "批准（元）Approved", Kind: sheet.Money, Width: 16}, {Title: "到账（元）Received", Kind: sheet.Money, Width: 16},
	{Title: "支付（元）Paid", Kind: sheet.Money, Width: 16}, {Title: "内容数 Items", Kind: sheet.Whole, Width: 10}, {Title: "已验收 Accepted", Kind: sheet.Whole, Width: 10},
	{Title: "完成（万分比）Built, bp", Kind: sheet.Whole, Width: 12}, {Title: "最大延误（天）Days late", Kind: sheet.Whole, Width: 12},
	{Title: "问题 Findings", Kind: sheet.Whole, Width: 10}, {Title: "未办结问题 Open", Kind: sheet.Whole, Width: 12}, {Title: "验收日期 Accepted on", Kind: sheet.Day, Width: 14},
}

// mostExported bounds an export: no street has as many renovations.
const mostExported = 5000

// ExportComparison writes the comparison of an area as XLSX. It is recorded who exported it.
func (s *Service) ExportComparison(ctx context.Context, p authz.Principal, area id.ID) (func(io.Writer) error, error) {
	path, err := s.Places.Path(ctx, s.DB, area)
	if err != nil {
		return nil, err
	}
	actor, err := authz.Act(p, authz.RenovationCompare, authz.Object{Path: path})
	if err != nil {
		return nil, err
	}
	rows, err := projects(ctx, s.DB, Filter{Path: path}, scoped{sql: "1 = 1"}, nil, mostExported+1)
	if err != nil {
		return nil, err
	}
	if len(rows) > mostExported {
		return nil, fault.New(fault.Conflict, "renovation.too_many", "most", mostExported)
	}
	var list []Compared
	for part := range slices.Chunk(rows, page.Max) {
		more, err := s.compared(ctx, s.DB, part)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		return audit.Record(ctx, tx, s.now(), audit.Entry{Actor: actor, Action: "renovation.export", ObjectKind: "area", ObjectID: area, ScopePath: path, Detail: map[string]any{"rows": len(list)}})
	})
	if err != nil {
		return nil, err
	}
	return func(w io.Writer) error { return writeComparison(w, list, s.now()) }, nil
}

func writeComparison(w io.Writer, list []Compared, at clock.Instant) error {
	out, err := sheet.NewWriter(w, sheet.WriterOptions{Sheet: "改造项目", Columns: compareColumns, Watermark: fmt.Sprintf("红色物业 改造项目对比 %s", clock.DateOf(at.Time()))})
	if err != nil {
		return err
	}
	for _, c := range list {
		var contract, accepted any
		if c.ContractFen != nil {
			contract = *c.ContractFen
		}
		if c.AcceptedOn != nil {
			accepted = *c.AcceptedOn
		}
		err := out.Write(c.Name, stageNames[c.Stage], c.BudgetFen, contract, c.Sums.ApprovedFen, c.Sums.ReceivedFen, c.Sums.PaidFen, c.Items, c.Accepted, c.BuiltBp, c.DaysLate, c.Findings, c.OpenFindings, accepted)
		if err != nil {
			return err
		}
	}
	return out.Close()
}

// stageNames are the field's words for the stages.
var stageNames = map[State]string{Proposed: "提出", Wishes: "征求意愿", Planning: "编制方案", Consent: "业主表决", Funded: "落实资金", Tendered: "确定施工单位",
	Works: "施工", Acceptance: "竣工验收", Warranty: "质保期", Closed: "办结", Withdrawn: "已撤回"}
