package survey

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/score"
)

// YearPlanView is a revision of a year's plan as a place sees it: a community sees its own service areas, with the whole's totals.
type YearPlanView struct {
	ID         id.ID          `json:"id"`
	Revision   int64          `json:"revision"`
	AuthorID   id.ID          `json:"authorId"`
	Year       int64          `json:"year"`
	Rules      rules.Hash     `json:"rules" doc:"The survey rules that it reckons with"`
	Reason     string         `json:"reason,omitempty" doc:"Of the revision"`
	MadeAt     clock.Instant  `json:"madeAt"`
	Rule       score.PlanRule `json:"rule"`
	Budget     score.Budget   `json:"budget"`
	Offers     []score.Offer  `json:"offers" doc:"Every way to spread the work, with what it takes and whether it fits; the plan chooses none by itself"`
	Affordable int64          `json:"affordableMargin" doc:"The narrowest margin, in hundredths of a point, at which once a year fits; 0 where none does"`
	Chosen     score.Offer    `json:"chosen"`
	Areas      []YearPlanArea `json:"areas"`
	Made       []MadeRound    `json:"made" doc:"Rounds that were made of it, those that were cancelled left out"`
}

// YearPlanArea is a service area in a year's plan.
type YearPlanArea struct {
	ServiceAreaID id.ID            `json:"serviceAreaId"`
	Name          string           `json:"name"`
	Expected      score.PlanEstate `json:"expected" doc:"What the last published round lets one expect, else the rule's shares"`
	Full          score.EstatePlan `json:"full" doc:"One round with the full sample"`
	Asked         int64            `json:"asked" doc:"Dwellings asked in each of its rounds"`
	Rounds        []int64          `json:"rounds" doc:"In which rounds of the year"`
	TooSmall      bool             `json:"tooSmall" doc:"Too few dwellings for a survey: insufficient data, a state of its own"`
}

func (s *Service) viewPlan(ctx context.Context, p YearPlan, path string) (YearPlanView, error) {
	out := YearPlanView{ID: p.ID, Revision: p.Revision, AuthorID: p.AuthorID, Year: p.Year, Rules: p.RuleHash, Reason: p.Reason, MadeAt: p.MadeAt, Areas: []YearPlanArea{}}
	var c planned
	if err := json.Unmarshal([]byte(p.Content), &c); err != nil {
		return out, err
	}
	c = c.within(path)
	out.Rule, out.Budget, out.Offers, out.Affordable, out.Chosen, out.Areas = c.Rule, c.Budget, c.Offers, c.Least, c.Chosen, viewAreas(c.Areas)
	var err error
	out.Made, err = madeOf(ctx, s.DB, p.ID)
	return out, err
}

func viewAreas(list []PlannedArea) []YearPlanArea {
	out := make([]YearPlanArea, len(list))
	for i, a := range list {
		out[i] = YearPlanArea{a.ServiceAreaID, a.Name, a.Estate, a.Plan, a.Asked, a.Rounds, a.TooSmall}
	}
	return out
}

// YearOffersView is what a year would take, before anything is planned.
type YearOffersView struct {
	Offers     []score.Offer  `json:"offers" doc:"Every way to spread the work, with what it takes and whether it fits"`
	Affordable int64          `json:"affordableMargin" doc:"The narrowest margin, in hundredths of a point, at which once a year fits; 0 where none does"`
	Areas      []YearPlanArea `json:"areas" doc:"Each with one round of the full sample"`
}

type yearOffersInput struct {
	PlacePath
	Margin  int64 `query:"marginBp" minimum:"100" maximum:"1000" required:"true" doc:"For each score, in hundredths of a percentage point"`
	Rounds  int64 `query:"rounds" minimum:"1" maximum:"12" required:"true" doc:"In the year"`
	Sheets  int64 `query:"sheets" minimum:"0" maximum:"100000000" doc:"Of paper that there are"`
	Minutes int64 `query:"minutes" minimum:"0" maximum:"100000000" doc:"Of work that there are"`
}

func (s *Service) viewPlans(ctx context.Context, list []YearPlan, path string, err error) (*httpapi.Body[page.Page[YearPlanView]], error) {
	out := page.Page[YearPlanView]{Items: []YearPlanView{}}
	for _, p := range list {
		v, err := s.viewPlan(ctx, p, path)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, v)
	}
	return httpapi.Answer(out, err)
}

func (s *Service) answerPlan(ctx context.Context, area id.ID, p YearPlan, err error) (*httpapi.Versioned[YearPlanView], error) {
	if err != nil {
		return nil, err
	}
	list, path, err := s.PlanRevisions(ctx, authz.From(ctx), area, p.ID)
	if err != nil {
		return nil, err
	}
	v, err := s.viewPlan(ctx, list[0], path)
	return httpapi.AnswerVersion(v, v.Revision, err)
}

// PlacePath names an area in the path.
type PlacePath struct {
	AreaID id.ID `path:"areaId" doc:"A division, an estate or a service area"`
}

// YearPlanPath names a year's plan in the path.
type YearPlanPath struct {
	PlacePath
	ID id.ID `path:"surveyPlanId" doc:"Plan of a year"`
}

// YearPlanBody is what a year is to be.
type YearPlanBody struct {
	Margin  int64           `json:"marginBp" minimum:"100" maximum:"1000" doc:"For each score, in hundredths of a percentage point"`
	Rounds  int64           `json:"rounds" minimum:"1" maximum:"12" doc:"In the year"`
	Sheets  int64           `json:"sheets" minimum:"0" maximum:"100000000" doc:"Of paper that there are"`
	Minutes int64           `json:"minutes" minimum:"0" maximum:"100000000" doc:"Of work that there are"`
	Kind    score.OfferKind `json:"kind" enum:"every_round,rotation,rolling" doc:"The offer that is chosen"`
	Times   int64           `json:"times" minimum:"1" maximum:"12" doc:"Of the offer: rounds in which each service area is asked"`
}

func (b YearPlanBody) plan(year int64, reason string) NewYearPlan {
	return NewYearPlan{Year: year, Margin: b.Margin, Rounds: b.Rounds, Budget: score.Budget{Sheets: b.Sheets, Minutes: b.Minutes}, Kind: b.Kind, Times: b.Times, Reason: reason}
}

type newYearPlanInput struct {
	PlacePath
	Body struct {
		YearPlanBody
		Year int64 `json:"year" minimum:"2020" maximum:"2100"`
	}
}

type reviseYearPlanInput struct {
	YearPlanPath
	httpapi.IfMatch
	Body struct {
		YearPlanBody
		Reason string `json:"reason" minLength:"5" maxLength:"500"`
	}
}

type planRoundInput struct {
	YearPlanPath
	Body struct {
		No       int64         `json:"no" minimum:"1" maximum:"12" doc:"Round of the year"`
		FormID   id.ID         `json:"formId" doc:"A published questionnaire"`
		Title    string        `json:"title" minLength:"2" maxLength:"100"`
		OpensAt  clock.Instant `json:"opensAt"`
		ClosesAt clock.Instant `json:"closesAt"`
	}
}

func (s *Service) registerYearPlans(api *httpapi.API) {
	const path = "/areas/{areaId}/survey-plans"
	httpapi.Register(api, httpapi.Op{ID: "listSurveyPlans", Method: http.MethodGet, Path: path, Tag: tagFigures, Permission: authz.SurveyRead,
		Summary: "Plans of the year that concern a place", Description: "In their newest revision, for the street and the communities; each sees its own service areas."},
		func(ctx context.Context, in *PlacePath) (*httpapi.Body[page.Page[YearPlanView]], error) {
			list, path, err := s.YearPlans(ctx, authz.From(ctx), in.AreaID)
			return s.viewPlans(ctx, list, path, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "listSurveyPlanOffers", Method: http.MethodGet, Path: "/areas/{areaId}/survey-plan-offers", Tag: tagFigures, Permission: authz.SurveyAuthor,
		Summary: "What a year of surveys would take", Description: "Answers, paper and work of every way to spread them, computed before anything is planned."},
		func(ctx context.Context, in *yearOffersInput) (*httpapi.Body[YearOffersView], error) {
			c, err := s.YearOffers(ctx, authz.From(ctx), in.AreaID, NewYearPlan{Margin: in.Margin, Rounds: in.Rounds, Budget: score.Budget{Sheets: in.Sheets, Minutes: in.Minutes}})
			return httpapi.Answer(YearOffersView{append([]score.Offer{}, c.Offers...), c.Least, viewAreas(c.Areas)}, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "createSurveyPlan", Method: http.MethodPost, Path: path, Tag: tagFigures, Permission: authz.SurveyAuthor, Status: http.StatusCreated,
		Summary: "Plan a year of surveys", Description: "Computes answers, paper and work, and offers every round, rotation or rolling scores; one of the offers is chosen here."},
		func(ctx context.Context, in *newYearPlanInput) (*httpapi.Versioned[YearPlanView], error) {
			p, err := s.PlanYear(ctx, authz.From(ctx), httpapi.Once(ctx), in.AreaID, in.Body.plan(in.Body.Year, ""))
			return s.answerPlan(ctx, in.AreaID, p, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "listSurveyPlanRevisions", Method: http.MethodGet, Path: path + "/{surveyPlanId}", Tag: tagFigures, Permission: authz.SurveyRead,
		Summary: "A plan in all its revisions, newest first"},
		func(ctx context.Context, in *YearPlanPath) (*httpapi.Body[page.Page[YearPlanView]], error) {
			list, path, err := s.PlanRevisions(ctx, authz.From(ctx), in.AreaID, in.ID)
			return s.viewPlans(ctx, list, path, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "reviseSurveyPlan", Method: http.MethodPut, Path: path + "/{surveyPlanId}", Tag: tagFigures, Permission: authz.SurveyAuthor,
		Summary: "Make another revision of a plan", Description: "With a reason. Rounds that were made from it stay as they are."},
		func(ctx context.Context, in *reviseYearPlanInput) (*httpapi.Versioned[YearPlanView], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			p, err := s.ReplanYear(ctx, authz.From(ctx), in.AreaID, in.ID, t, in.Body.plan(0, in.Body.Reason))
			return s.answerPlan(ctx, in.AreaID, p, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "createSurveyRoundOfPlan", Method: http.MethodPost, Path: path + "/{surveyPlanId}/rounds", Tag: tagFigures, Permission: authz.SurveyAuthor, Status: http.StatusCreated,
		Summary: "Make the draft of a round of the plan", Description: "A sample of its service areas by the margin that asks as many dwellings as the plan; a census where it asks all."},
		func(ctx context.Context, in *planRoundInput) (*httpapi.Versioned[RoundView], error) {
			r, err := s.CreateFromPlan(ctx, authz.From(ctx), httpapi.Once(ctx), in.AreaID, in.ID, PlanRound(in.Body))
			return s.view(ctx, r, err)
		})
}
