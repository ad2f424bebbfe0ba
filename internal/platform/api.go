package platform

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

// factsOutput may be kept for a minute by anybody: a client asks at each start.
type factsOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         Facts
}

type feedbackInput struct {
	Body struct {
		Kind Kind   `json:"kind" enum:"complaint,suggestion,malfunction,accessibility"`
		Text string `json:"text" minLength:"1" maxLength:"2000"`
	}
}

type listInput struct {
	httpapi.PageInput
	Answered bool `query:"answered" doc:"Those with an answer; without it those that wait"`
}

type answerInput struct {
	ID   id.ID `path:"feedbackId"`
	Body struct {
		Answer string `json:"answer" minLength:"1" maxLength:"2000"`
	}
}

const tag = "Platform"

// Register adds the operations.
func Register(a *httpapi.API, s *Service) {
	httpapi.Register(a, httpapi.Op{ID: "getPlatform", Method: http.MethodGet, Path: "/platform", Tag: tag, Public: true,
		Summary: "What a client is to know at its start", Description: "May be cached for a minute."},
		func(ctx context.Context, _ *struct{}) (*factsOutput, error) {
			return &factsOutput{CacheControl: "public, max-age=60", Body: s.About(ctx)}, nil
		})
	httpapi.Register(a, httpapi.Op{ID: "listDemonstrationAccounts", Method: http.MethodGet, Path: "/platform/demonstration-accounts", Tag: tag, Public: true,
		Summary: "Log-ins of the demonstration", Description: "Answered by a demonstration on this machine itself (redproperty demo) to who asks from this machine, and by one whose setting demonstration.show_accounts says so; 404 everywhere else."},
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]DemoAccount], error) {
			return httpapi.Answer(s.DemoAccounts(Visit{Peer: httpapi.Address(ctx), Host: httpapi.Host(ctx)}))
		})
	registerFeedback(a, s)
}

func registerFeedback(a *httpapi.API, s *Service) {
	httpapi.Register(a, httpapi.Op{ID: "writeFeedback", Method: http.MethodPost, Path: "/platform/feedback", Tag: tag, Permission: authz.AccountSelf, Status: http.StatusCreated,
		Summary: "Complain or suggest something about the platform itself", Description: "Not for matters of the estate: those are work orders. The operator answers; five may wait at once."},
		func(ctx context.Context, in *feedbackInput) (*httpapi.Body[Feedback], error) {
			return httpapi.Answer(s.Write(ctx, authz.From(ctx), httpapi.Once(ctx), in.Body.Kind, in.Body.Text))
		})
	httpapi.Register(a, httpapi.Op{ID: "listOwnFeedback", Method: http.MethodGet, Path: "/platform/feedback/mine", Tag: tag, Permission: authz.AccountSelf,
		Summary: "What I wrote about the platform, with its answers"},
		func(ctx context.Context, in *httpapi.PageInput) (*httpapi.Body[page.Page[Feedback]], error) {
			return httpapi.Answer(s.Own(ctx, authz.From(ctx), in.Page()))
		})
	httpapi.Register(a, httpapi.Op{ID: "listFeedback", Method: http.MethodGet, Path: "/platform/feedback", Tag: tag, Permission: authz.FeedbackAnswer,
		Summary: "What users wrote about the platform, without their names"},
		func(ctx context.Context, in *listInput) (*httpapi.Body[page.Page[Feedback]], error) {
			return httpapi.Answer(s.List(ctx, authz.From(ctx), in.Answered, in.Page()))
		})
	httpapi.Register(a, httpapi.Op{ID: "answerFeedback", Method: http.MethodPost, Path: "/platform/feedback/{feedbackId}/answer", Tag: tag, Permission: authz.FeedbackAnswer,
		Summary: "Answer what a user wrote about the platform"},
		func(ctx context.Context, in *answerInput) (*httpapi.Body[Feedback], error) {
			return httpapi.Answer(s.Answer(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Body.Answer))
		})
}
