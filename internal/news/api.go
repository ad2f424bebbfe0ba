package news

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

type listInput struct {
	ID id.ID `path:"serviceAreaId" doc:"Service area"`
	httpapi.PageInput
}

// Register adds the operation of the news.
func Register(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Op{ID: "listNews", Method: http.MethodGet, Path: "/service-areas/{serviceAreaId}/news", Tag: "News", Permission: authz.NewsRead,
		Summary: "What happens where you live, newest first",
		Description: "Repairs in the common parts with their time, who manages the estate, published rates and survey results, surveys and votes announced, stages of renovations. " +
			"It goes back half a year; repairs that are not over are in it however old they are. Nothing in it is about a person."},
		func(ctx context.Context, in *listInput) (*httpapi.Body[page.Page[Happening]], error) {
			return httpapi.Answer(s.List(ctx, authz.From(ctx), in.ID, in.Page()))
		})
}
