package survey

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/score"
)

const tagFigures = "Survey figures"

// PeriodInput is the period of a figure.
type PeriodInput struct {
	From  clock.Date `query:"from" doc:"First day on which a round may have closed; a year before the last when absent"`
	Until clock.Date `query:"until" doc:"Last day; today when absent"`
}

type areaFigureInput struct {
	PeriodInput
	httpapi.PageInput
	ID id.ID `path:"areaId" doc:"A division, an estate or a service area"`
}

type companyFigureInput struct {
	PeriodInput
	httpapi.PageInput
	ID id.ID `path:"organisationId" doc:"Property company"`
}

type rollingInput struct {
	ID    id.ID  `path:"serviceAreaId" doc:"Service area"`
	Until string `query:"until" maxLength:"6" doc:"The last of the four quarters, as 2026Q4; the present one when absent"`
}

type sizeInput struct {
	Dwellings int64 `query:"dwellings" minimum:"1" maximum:"1000000" doc:"On the roll"`
	AreaID    id.ID `query:"areaId" doc:"Instead of a number of dwellings: those that the register has in an area or a service area of one's own"`
	Margin    int64 `query:"marginBp" minimum:"1" maximum:"5000" doc:"Wanted half width of the 95 % interval, in hundredths of a percentage point; the rule's when absent"`
	Answers   int64 `query:"answers" minimum:"1" maximum:"1000000" doc:"Instead of a margin: answers that can be had"`
	Response  int64 `query:"responsePercent" minimum:"1" maximum:"100" doc:"Of the dwellings asked, how many are thought to answer; the rule's when absent"`
}

func (s *Service) registerFigures(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "sizeSurveySample", Method: http.MethodGet, Path: "/survey-sample-size", Tag: tagFigures, Permission: authz.SurveyAuthor,
		Summary:     "How many answers a margin needs, and which margin answers give",
		Description: "Both ways, with a curve. Sizes are rounded up, and the answer says so: fewer would miss the margin."},
		func(ctx context.Context, in *sizeInput) (*httpapi.Body[Sizing], error) {
			dwellings, err := s.dwellingsIn(ctx, authz.From(ctx), in.AreaID, in.Dwellings)
			if err != nil {
				return nil, err
			}
			return httpapi.Answer(s.Size(dwellings, in.Margin, in.Answers, in.Response))
		})
	const changes = "How scores changed since the last round of each service area"
	const compared = "Later less earlier with its 95 % interval, from the published figures: anybody can compute it again. No detectable change is a result. Where two scores cannot be compared it says why."
	httpapi.Register(api, httpapi.Op{ID: "listSurveyChanges", Method: http.MethodGet, Path: "/survey-rounds/{roundId}/changes", Tag: tagFigures, Permission: authz.SurveyRead,
		Summary: changes, Description: compared + " For those with a part in the round from scoring on."},
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[page.Page[AreaChange]], error) {
			list, err := s.Changes(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(page.Page[AreaChange]{Items: list}, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "listPublicSurveyChanges", Method: http.MethodGet, Path: "/public/survey-rounds/{roundId}/changes", Tag: tagPublic, Public: true,
		Summary: changes, Description: compared},
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[page.Page[AreaChange]], error) {
			list, err := s.PublicChanges(ctx, in.ID)
			return httpapi.Answer(page.Page[AreaChange]{Items: list}, err)
		})
	const across = "The newest score of each service area that was published and closed in the period, weighted by dwellings. Service areas without a score are named: they are missing, never zero. Listed by name; there is no ranking."
	httpapi.Register(api, httpapi.Op{ID: "getAreaSurveyFigure", Method: http.MethodGet, Path: "/areas/{areaId}/survey-figure", Tag: tagFigures, Permission: authz.SurveyRead,
		Summary: "The score over all service areas of a place", Description: across},
		func(ctx context.Context, in *areaFigureInput) (*httpapi.Body[Across], error) {
			return httpapi.Answer(s.AcrossArea(ctx, authz.From(ctx), in.ID, in.From, in.Until, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "getCompanySurveyFigure", Method: http.MethodGet, Path: "/organisations/{organisationId}/survey-figure", Tag: tagFigures, Permission: authz.SurveyRead,
		Summary: "The score over all service areas in which a company was rated", Description: across + " For the company, and the street that keeps its record."},
		func(ctx context.Context, in *companyFigureInput) (*httpapi.Body[Across], error) {
			return httpapi.Answer(s.AcrossCompany(ctx, authz.From(ctx), in.ID, in.From, in.Until, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "getRollingSurveyScore", Method: http.MethodGet, Path: "/service-areas/{serviceAreaId}/rolling-survey-score", Tag: tagFigures, Permission: authz.SurveyRead,
		Summary: "A service area's score over four quarters", Description: "Of the answers of all four, each quarter a stratum of its own. Quarters that cannot be pooled are named with the reason."},
		func(ctx context.Context, in *rollingInput) (*httpapi.Body[Rolling], error) {
			return httpapi.Answer(s.Rolling(ctx, authz.From(ctx), in.ID, in.Until))
		})
}

// Sizing is how many answers a margin needs in a roll, or which margin answers give, with the curve between.
type Sizing struct {
	Dwellings int64       `json:"dwellings"`
	Response  int64       `json:"responsePercent" doc:"Reckoned with"`
	At        SizePoint   `json:"at" doc:"What was asked for"`
	Exact     score.Micro `json:"exact" doc:"What the formula gives for the margin, before rounding up"`
	RoundedUp bool        `json:"roundedUp" doc:"Whether the number of answers was rounded up to the next whole one"`
	Least     int64       `json:"leastAnswers" doc:"Below it the rule gives no score at all, whatever the margin"`
	Census    bool        `json:"censusAdvised" doc:"There are so few dwellings that the rules advise to ask all"`
	Curve     []SizePoint `json:"curve" doc:"From the narrowest margin to the widest, in steps of half a point"`
}

// SizePoint is a point of the curve.
type SizePoint struct {
	Margin  int64       `json:"marginBp" doc:"Wanted, in hundredths of a percentage point"`
	Answers int64       `json:"answers" doc:"Needed"`
	Asked   int64       `json:"asked" doc:"Dwellings to ask so that as many answer; at most all"`
	Reached score.Micro `json:"margin" doc:"That these answers give, in percentage points"`
	Census  bool        `json:"census" doc:"Everybody has to be asked"`
}
