package survey

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

const tagAudits = "Survey audits"

// ObjectionPath names an objection in the path.
type ObjectionPath struct {
	RoundPath
	ObjectionID id.ID `path:"objectionId" doc:"Objection"`
}

type objectInput struct {
	RoundPath
	Body struct {
		ServiceAreaID id.ID  `json:"serviceAreaId"`
		UnitID        *id.ID `json:"unitId,omitempty" doc:"Households: the dwelling that begins to gather others. An organisation leaves it out"`
		Content       string `json:"content" minLength:"10" maxLength:"2000" doc:"Read by the parties concerned alone"`
	}
}

type joinInput struct {
	ObjectionPath
	Body struct {
		UnitID id.ID `json:"unitId" doc:"One's dwelling: each joins once"`
	}
}

// ObjectionStepInput is a step of an objection in the version that the caller saw.
type ObjectionStepInput struct {
	ObjectionPath
	httpapi.IfMatch
}

type decideObjectionInput struct {
	ObjectionStepInput
	Body struct {
		Outcome ObjectionState `json:"outcome" enum:"upheld,dismissed"`
		Reasons string         `json:"reasons" minLength:"10" maxLength:"2000"`
	}
}

func viewObjection(o Objection, err error) (*httpapi.Versioned[Objection], error) {
	return httpapi.AnswerVersion(o.shown(whole), o.Version, err)
}

func (s *Service) registerObjections(api *httpapi.API) {
	const path = "/survey-rounds/{roundId}/objections"
	httpapi.Register(api, httpapi.Op{ID: "listSurveyObjections", Method: http.MethodGet, Path: path, Tag: tagAudits, Permission: authz.SurveyRead,
		Summary: "Objections to the score of a round that one is concerned with", Description: "Other parties read an objection without personal data, and households' only once it is filed."},
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[page.Page[Objection]], error) {
			list, err := s.Objections(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(page.Page[Objection]{Items: list}, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "objectToSurveyScore", Method: http.MethodPost, Path: path, Tag: tagAudits, Permission: authz.SurveyObject, Status: http.StatusCreated,
		Summary: "Object to a score", Description: "The rated company, the owners' side, or households together: theirs is filed when as many have joined as the rule wants. Settlement waits."},
		func(ctx context.Context, in *objectInput) (*httpapi.Versioned[Objection], error) {
			return viewObjection(s.Object(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, NewObjection{in.Body.ServiceAreaID, id.OrNil(in.Body.UnitID), in.Body.Content}))
		})
	httpapi.Register(api, httpapi.Op{ID: "joinSurveyObjection", Method: http.MethodPost, Path: path + "/{objectionId}/join", Tag: tagAudits, Permission: authz.SurveyObject,
		Summary: "Join the households' objection with one's dwelling", Description: "Nobody is shown who has joined."},
		func(ctx context.Context, in *joinInput) (*httpapi.Versioned[Objection], error) {
			return viewObjection(s.Join(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.ObjectionID, in.Body.UnitID))
		})
	httpapi.Register(api, httpapi.Op{ID: "withdrawSurveyObjection", Method: http.MethodPost, Path: path + "/{objectionId}/withdraw", Tag: tagAudits, Permission: authz.SurveyObject,
		Summary: "Take back the objection of one's organisation"},
		func(ctx context.Context, in *ObjectionStepInput) (*httpapi.Versioned[Objection], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return viewObjection(s.Withdraw(ctx, authz.From(ctx), in.ID, in.ObjectionID, t))
		})
	httpapi.Register(api, httpapi.Op{ID: "decideSurveyObjection", Method: http.MethodPost, Path: path + "/{objectionId}/decide", Tag: tagAudits, Permission: authz.SurveyDecide,
		Summary: "Uphold or dismiss an objection in writing", Description: "By a natural person without any hand in the round and without a post with a party to it. Upholding it opens an audit of the score."},
		func(ctx context.Context, in *decideObjectionInput) (*httpapi.Versioned[Objection], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return viewObjection(s.Decide(ctx, authz.From(ctx), in.ID, in.ObjectionID, t, in.Body.Outcome, in.Body.Reasons))
		})
	httpapi.Register(api, public("listPublicSurveyObjections", "/objections", "How far the objections to a published score are", "Their status, never what they say."),
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[page.Page[ObjectionStatus]], error) {
			list, err := s.ObjectionStatuses(ctx, in.ID)
			return httpapi.Answer(page.Page[ObjectionStatus]{Items: list}, err)
		})
}
