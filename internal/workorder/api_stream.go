package workorder

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi"
)

func (s *Service) registerStream(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "streamWorkOrderChanges", Method: http.MethodGet, Path: "/work-orders/stream", Tag: tagOrders, Permission: authz.OrderRead, Timeout: -1,
		Summary: "Changes of the orders you may see, as they happen",
		Description: "Server-sent events. refetch: fetch your lists anew; it comes first, and whenever changes may have been missed. change: an order, its version, what was done and its state. " +
			"gone: an order is no longer yours to see. ping: nothing happened. Last-Event-ID is not used: whoever comes back fetches anew."},
		func(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
			stream, err := s.Listen(authz.From(ctx))
			if err != nil {
				return nil, err
			}
			return api.Stream(func(ctx context.Context, send httpapi.Sender, idle <-chan time.Time) error {
				return stream.Run(ctx, func(event string, data []byte) error { return send(event, "", data) }, idle)
			}), nil
		})
}

func (s *Service) registerExport(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "exportWorkOrders", Limit: "export", Method: http.MethodGet, Path: "/work-orders/export", Tag: tagOrders, Permission: authz.OrderExport, Timeout: 10 * time.Minute,
		Summary:     "The orders of a list as XLSX",
		Description: "With the same filters as the list. It names nobody who reported; it says who exported it and when, ends with a marker row, and is recorded."},
		func(ctx context.Context, in *OrderFilter) (*huma.StreamResponse, error) {
			write, name, err := s.Export(ctx, authz.From(ctx), in.filter())
			if err != nil {
				return nil, err
			}
			return httpapi.File(httpapi.Download{Name: name, MediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
				Write: func(w io.Writer) error { return write(ctx, w) }}), nil
		})
}
