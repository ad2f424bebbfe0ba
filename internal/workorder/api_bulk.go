package workorder

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
)

// BulkOrder is one order of several.
type BulkOrder struct {
	ID      id.ID  `json:"id" doc:"The order"`
	Version *int64 `json:"version,omitempty" minimum:"1" doc:"The version you saw; another one is refused"`
}

// BulkBody is one step on several orders.
type BulkBody struct {
	Step   Step        `json:"step" enum:"accept,dispatch,assign,note,verify" doc:"The step"`
	Orders []BulkOrder `json:"orders" minItems:"1" maxItems:"100" doc:"The orders, each once"`
	SendOrder
	Text string `json:"text,omitempty" maxLength:"4000" doc:"For note, where it is required, and verify"`
}

// BulkRow is what came of one order.
type BulkRow struct {
	ID      id.ID            `json:"id" doc:"The order"`
	Order   *OrderView       `json:"order,omitempty" doc:"How it is afterwards; absent where it was refused"`
	Problem *httpapi.Problem `json:"problem,omitempty" doc:"Why it was refused; absent where it was done"`
}

// BulkAnswer is what came of each order, in the order of the request.
type BulkAnswer struct {
	Orders []BulkRow `json:"orders"`
}

func (s *Service) registerBulk(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "takeStepOnWorkOrders", Method: http.MethodPost, Path: "/work-orders/bulk", Tag: tagSteps, Permission: authz.OrderRead,
		Summary: "Take one step on several orders", Description: "Accept, dispatch, assign, note or verify up to 100 orders. Each has its own permission, state and version, and its own outcome in the answer; one that is refused does not keep the others from it. " +
			"Repeat with the same Idempotency-Key after a lost answer: what was done is not done again. Where you may see none of the orders, or do this to none, the request as a whole is refused."},
		func(ctx context.Context, in *struct{ Body BulkBody }) (*httpapi.Body[BulkAnswer], error) {
			b := Bulk{Step: in.Body.Step, Crew: Crew{in.Body.AssigneeID, in.Body.Subcontractor}, Text: in.Body.Text}
			for _, o := range in.Body.Orders {
				b.Orders = append(b.Orders, BulkTarget(o))
			}
			done, err := s.TakeAll(ctx, authz.From(ctx), httpapi.Once(ctx), b)
			out := BulkAnswer{Orders: make([]BulkRow, len(done))}
			for i, o := range done {
				out.Orders[i] = BulkRow{ID: o.ID, Order: o.Order}
				if o.Err != nil {
					out.Orders[i].Problem = api.Describe(ctx, o.Err)
				}
			}
			return httpapi.Answer(out, err)
		})
}
