package survey

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

type settleInput struct {
	RoundPath
	Body struct {
		ServiceAreaID id.ID  `json:"serviceAreaId"`
		FromMonth     string `json:"fromMonth" minLength:"7" maxLength:"7" doc:"First month of the period, as 2026-01"`
		Months        int64  `json:"months" minimum:"1" maximum:"12"`
	}
}

// SettlementPath names a settlement in the path.
type SettlementPath struct {
	RoundPath
	SettlementID id.ID `path:"settlementId" doc:"Settlement"`
}

// SettlementStepInput is a step of a settlement in the version that the caller saw.
type SettlementStepInput struct {
	SettlementPath
	httpapi.IfMatch
}

type disputeInput struct {
	SettlementPath
	httpapi.IfMatch
	Body struct {
		Reason string `json:"reason" minLength:"10" maxLength:"2000" doc:"The other side reads it"`
	}
}

func viewSettlement(c Settlement, err error) (*httpapi.Versioned[Settlement], error) {
	return httpapi.AnswerVersion(c, c.Version, err)
}

func (s *Service) registerSettlements(api *httpapi.API) {
	const path = "/survey-rounds/{roundId}/settlements"
	httpapi.Register(api, httpapi.Op{ID: "listSurveySettlements", Method: http.MethodGet, Path: path, Tag: tagAudits, Permission: authz.SurveyRead,
		Summary: "What contracts make of the score", Description: "For the parties to the contract and the street."},
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[page.Page[Settlement]], error) {
			list, err := s.Settlements(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(page.Page[Settlement]{Items: list}, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "proposeSurveySettlement", Method: http.MethodPost, Path: path, Tag: tagAudits, Permission: authz.SurveySettle, Status: http.StatusCreated,
		Summary: "Compute what the contract makes of the score", Description: "By the fee linkage of the contract in force when the roll was frozen. Nothing is settled by it: both sides confirm."},
		func(ctx context.Context, in *settleInput) (*httpapi.Versioned[Settlement], error) {
			return viewSettlement(s.ProposeSettlement(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, NewSettlement(in.Body)))
		})
	httpapi.Register(api, httpapi.Op{ID: "confirmSurveySettlement", Method: http.MethodPost, Path: path + "/{settlementId}/confirm", Tag: tagAudits, Permission: authz.SurveySettle,
		Summary: "Agree to a settlement for one's side", Description: "After the time for objections, and while no objection or audit is under way. With both sides it is settled."},
		func(ctx context.Context, in *SettlementStepInput) (*httpapi.Versioned[Settlement], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return viewSettlement(s.ConfirmSettlement(ctx, authz.From(ctx), in.ID, in.SettlementID, t))
		})
	httpapi.Register(api, httpapi.Op{ID: "disputeSurveySettlement", Method: http.MethodPost, Path: path + "/{settlementId}/dispute", Tag: tagAudits, Permission: authz.SurveySettle,
		Summary: "Refuse a settlement for one's side", Description: "The parties settle it between themselves; the platform decides nothing."},
		func(ctx context.Context, in *disputeInput) (*httpapi.Versioned[Settlement], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return viewSettlement(s.DisputeSettlement(ctx, authz.From(ctx), in.ID, in.SettlementID, t, in.Body.Reason))
		})
}
