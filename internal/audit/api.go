package audit

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

type listInput struct {
	httpapi.PageInput
	ObjectKind string     `query:"objectKind" maxLength:"40" doc:"Kind of thing, as work_order"`
	ObjectID   string     `query:"objectId" format:"uuid" doc:"One thing; needs objectKind"`
	Action     string     `query:"action" maxLength:"80" doc:"One action, as workorder.accept"`
	Account    string     `query:"account" format:"uuid" doc:"What one account did"`
	From       clock.Date `query:"from" doc:"From this day on"`
	To         clock.Date `query:"to" doc:"Up to this day"`
}

// RecordView is one record of the trail, as auditors see it.
type RecordView struct {
	ID         id.ID           `json:"id"`
	At         clock.Instant   `json:"at"`
	Account    *id.ID          `json:"account,omitempty" doc:"The account that acted; absent for a job of the program"`
	Capacity   string          `json:"capacity" doc:"The role it acted in"`
	Action     string          `json:"action"`
	ObjectKind string          `json:"objectKind"`
	ObjectID   id.ID           `json:"objectId"`
	ObjectName string          `json:"objectName,omitempty" doc:"How it is called now: an order's number, a vote's title; absent for people and for what has no name"`
	Detail     json.RawMessage `json:"detail" doc:"Codes, ids and amounts"`
	RequestID  string          `json:"requestId"`
	Entry      *int64          `json:"entry,omitempty" doc:"Its number in the ledger; absent until it is sealed, within seconds"`
}

// Namer tells how the things of one kind are called; what it leaves out has no name. It is asked once for each kind on a page.
type Namer interface {
	Names(ctx context.Context, kind string, ids []id.ID) (map[id.ID]string, error)
}

// Register adds the trail of changes. Auditors see the records of their own area, and how their things are called.
func Register(a *httpapi.API, q dbx.Querier, names Namer) {
	httpapi.Register(a, httpapi.Op{ID: "listAuditRecords", Method: http.MethodGet, Path: "/audit/records", Tag: "Audit", Permission: authz.AuditRead,
		Summary: "Who changed what, newest first"},
		func(ctx context.Context, in *listInput) (*httpapi.Body[page.Page[RecordView]], error) {
			return httpapi.Answer(records(ctx, q, names, authz.From(ctx), *in))
		})
}

func records(ctx context.Context, q dbx.Querier, names Namer, p authz.Principal, in listInput) (page.Page[RecordView], error) {
	var none page.Page[RecordView]
	grants, err := authz.Holds(p, authz.AuditRead)
	if err != nil {
		return none, err
	}
	where, args := authz.Where(p, grants, authz.Columns{Path: "scope_path"})
	after, err := page.Decode(in.Cursor, 1)
	if err != nil {
		return none, err
	}
	for _, f := range []struct{ column, value string }{{"object_kind", in.ObjectKind}, {"action", in.Action}} {
		if f.value != "" {
			where, args = where+" AND "+f.column+" = ?", append(args, f.value)
		}
	}
	if in.From != "" {
		where, args = where+" AND at >= ?", append(args, clock.At(in.From.Start()))
	}
	if in.To != "" {
		where, args = where+" AND at < ?", append(args, clock.At(in.To.AddDays(1).Start()))
	}
	for _, f := range []struct{ cond, value string }{{"object_id = ?", in.ObjectID}, {"account_id = ?", in.Account}, {"id < ?", first(after)}} {
		if f.value == "" {
			continue
		}
		v, err := id.Parse(f.value)
		if err != nil {
			return none, err
		}
		where, args = where+" AND "+f.cond, append(args, v)
	}
	size := in.Page().Size()
	rows, err := list(ctx, q, where, args, size+1)
	if err != nil {
		return none, err
	}
	views := make([]RecordView, len(rows))
	for i, r := range rows {
		views[i] = RecordView{ID: r.ID, At: r.At, Account: r.Account, Capacity: r.Capacity, Action: r.Action, ObjectKind: r.ObjectKind,
			ObjectID: r.ObjectID, Detail: json.RawMessage(r.Detail), RequestID: r.Request, Entry: r.Seq}
	}
	cut := page.Cut(views, size, func(v RecordView) []string { return []string{v.ID.String()} })
	return cut, name(ctx, names, cut.Items)
}

// name fills in how the things of a page are called.
func name(ctx context.Context, names Namer, views []RecordView) error {
	kinds := map[string][]id.ID{}
	for _, v := range views {
		if !slices.Contains(kinds[v.ObjectKind], v.ObjectID) {
			kinds[v.ObjectKind] = append(kinds[v.ObjectKind], v.ObjectID)
		}
	}
	for kind, ids := range kinds {
		called, err := names.Names(ctx, kind, ids)
		if err != nil {
			return err
		}
		for i := range views {
			if views[i].ObjectKind == kind {
				views[i].ObjectName = called[views[i].ObjectID]
			}
		}
	}
	return nil
}

func first(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	return parts[0]
}
