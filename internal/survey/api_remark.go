package survey

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

type remarksInput struct {
	RoundPath
	httpapi.PageInput
	State RemarkState `query:"state" enum:"waiting,released,withheld" default:"waiting" doc:"Remarks in this state"`
}

type reviewInput struct {
	RoundPath
	Body struct {
		Decisions []RemarkDecision `json:"decisions" minItems:"1" maxItems:"50"`
	}
}

type publicRemarksInput struct {
	RoundPath
	httpapi.PageInput
	ServiceAreaID id.ID `query:"serviceAreaId" doc:"Of this service area alone"`
}

func (s *Service) registerRemarks(api *httpapi.API) {
	const path = "/survey-rounds/{roundId}/remarks"
	httpapi.Register(api, httpapi.Op{ID: "listSurveyRemarks", Method: http.MethodGet, Path: path, Tag: tagSurveys, Permission: authz.SurveyReview,
		Summary: "Answers in words to review, once the round is counted", Description: "For the community and the street, never for who is rated. Their order is random, and nothing leads from one to a ballot. Where fewer were given than the smallest group that is published, nobody reads any."},
		func(ctx context.Context, in *remarksInput) (*httpapi.Body[page.Page[Remark]], error) {
			return httpapi.Answer(s.Remarks(ctx, authz.From(ctx), in.ID, in.State, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "reviewSurveyRemarks", Method: http.MethodPost, Path: path + "/review", Tag: tagSurveys, Permission: authz.SurveyReview,
		Summary: "Release or withhold answers in words", Description: "All of a page or none. A reviewer can black characters out and write nothing. What one person withheld another can release. How many were withheld is public."},
		func(ctx context.Context, in *reviewInput) (*httpapi.Body[page.Page[Remark]], error) {
			list, err := s.ReviewRemarks(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Body.Decisions)
			return httpapi.Answer(page.Page[Remark]{Items: list}, err)
		})
	httpapi.Register(api, public("listPublicSurveyRemarks", "/remarks", "Released answers in words of a published round", "In an order that says nothing. Nothing is shown of a question with fewer released ones than the smallest group that is published."),
		func(ctx context.Context, in *publicRemarksInput) (*httpapi.Body[page.Page[PublicRemark]], error) {
			return httpapi.Answer(s.PublicRemarks(ctx, in.ID, in.ServiceAreaID, in.Page()))
		})
	httpapi.Register(api, public("countPublicSurveyRemarks", "/remark-counts", "How many answers in words were given, released and withheld", "By service area and question, from the smallest group that is published on."),
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[page.Page[RemarkGroup]], error) {
			list, err := s.RemarkGroups(ctx, in.ID)
			return httpapi.Answer(page.Page[RemarkGroup]{Items: list}, err)
		})
}
