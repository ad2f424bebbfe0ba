package workorder

import (
	"context"
	"fmt"
	"io"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/sheet"
)

// Export prepares the list of a filter as an XLSX file: in what capacities the caller may export, of the orders they
// may see in those. It is recorded before the first row leaves, and again with their number at the end. write
// streams the file page by page.
func (s *Service) Export(ctx context.Context, p authz.Principal, f Filter) (write func(context.Context, io.Writer) error, name string, err error) {
	grants, err := authz.Holds(p, authz.OrderExport)
	if err != nil {
		return nil, "", err
	}
	f.posts = postsOf(p)                  // all of them: what a person must not see, they do not export in another capacity
	p.Grants, p.Capacity = grants, id.Nil // a resident's or worker's own capacities export nothing
	if _, err := s.orders(ctx, p, f, page.Request{Limit: 1}); err != nil {
		return nil, "", err
	}
	now := s.now()
	mark, err := s.watermark(ctx, p, now)
	if err != nil {
		return nil, "", err
	}
	export := id.New()
	if err := s.recordExport(ctx, p, export, "workorder.export", f.described(), now); err != nil {
		return nil, "", err
	}
	write = func(ctx context.Context, w io.Writer) error {
		n, err := s.writeExport(ctx, p, f, w, mark, now)
		if err != nil {
			return err
		}
		return s.recordExport(ctx, p, export, "workorder.exported", map[string]any{"rows": n}, s.now())
	}
	return write, fmt.Sprintf("work-orders-%s.xlsx", clock.DateOf(now.Time())), nil
}

// watermark says who made the file and when, in case it is found where it should not be.
func (s *Service) watermark(ctx context.Context, p authz.Principal, now clock.Instant) (string, error) {
	if p.System != "" {
		return fmt.Sprintf("导出 exported: %s, %s", p.System, now.Time().In(clock.Shanghai).Format("2006-01-02 15:04:05")), nil
	}
	name, _, err := s.People.NameAndPhone(ctx, s.DB, p.Person)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("导出 exported: %s (%s), %s, %s", name, p.Grants[0].Role, now.Time().In(clock.Shanghai).Format("2006-01-02 15:04:05"), p.Request), nil
}

func (s *Service) recordExport(ctx context.Context, p authz.Principal, export id.ID, action string, detail map[string]any, now clock.Instant) error {
	actor, scope := authz.Actor{Role: authz.RoleSystem, Request: p.System}, ""
	if p.System == "" {
		actor, scope = p.Actor(p.Grants[0]), p.Grants[0].Path
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		return audit.Record(ctx, tx, now, audit.Entry{Actor: actor, Action: action, ObjectKind: "export", ObjectID: export, ScopePath: scope, Detail: detail})
	})
}

// described are the filters of an export for the record. What was searched for may be a name: only that it was.
func (f Filter) described() map[string]any {
	return map[string]any{
		"states": f.States, "category": f.Category, "severity": f.Severity, "source": f.Source, "open": f.Open, "overdue": f.Overdue, "mine": f.Mine, "forMe": f.ForMe,
		"assignee": f.AssigneeID, "handler": f.HandlerID, "estate": f.EstateID, "serviceArea": f.ServiceAreaID, "community": f.CommunityID,
		"from": f.From, "to": f.To, "search": f.Text != "", "sort": f.Sort,
	}
}

func (s *Service) writeExport(ctx context.Context, p authz.Principal, f Filter, w io.Writer, mark string, now clock.Instant) (int64, error) {
	columns := make([]sheet.OutColumn, len(exportColumns))
	for i, c := range exportColumns {
		columns[i] = sheet.OutColumn{Title: c.title, Kind: c.kind, Width: c.width}
	}
	out, err := sheet.NewWriter(w, sheet.WriterOptions{Sheet: "工单 work orders", Columns: columns, Watermark: mark})
	if err != nil {
		return 0, err
	}
	rows, names := int64(0), map[string]string{}
	for req := (page.Request{Limit: page.Max}); ; {
		part, err := s.orders(ctx, p, f, req)
		if err != nil {
			return rows, err
		}
		for _, o := range part.Items {
			if err := s.writeRow(out, o, p, now, names); err != nil {
				return rows, err
			}
			rows++
		}
		if req.Cursor = part.Next; req.Cursor == "" {
			return rows, out.Close()
		}
	}
}

func (s *Service) writeRow(out *sheet.Writer, o *Order, p authz.Principal, now clock.Instant, names map[string]string) error {
	if _, ok := names[o.Category]; !ok {
		names[o.Category] = categoryName(s.Rules.Categories, o.Category)
	}
	row := exportRow{View(o, p, now), o.PlaceCoarse, names[o.Category]}
	cells := make([]any, len(exportColumns))
	for i, c := range exportColumns {
		cells[i] = c.value(row)
	}
	err := out.Write(cells...)
	if fault.Is(err, "sheet.cell_too_long") {
		return fmt.Errorf("order %s: %w", o.ID, err)
	}
	return err
}
