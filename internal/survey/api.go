package survey

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/questionnaire"
	"github.com/redproperty/redproperty/internal/rules"
)

const (
	tagSurveys = "Surveys"
	tagBallots = "Ballots"
	tagPublic  = "Public surveys"
)

// Register adds the operations of surveys.
func Register(api *httpapi.API, s *Service) {
	s.registerForms(api)
	s.registerRounds(api)
	s.registerSteps(api)
	s.registerBallots(api)
	s.registerPaper(api)
	s.registerInterviews(api)
	s.registerPublic(api)
	s.registerBundle(api)
	s.registerRemarks(api)
	s.registerObjections(api)
	s.registerFigures(api)
	s.registerYearPlans(api)
}

// FormView is a questionnaire with what it asks.
type FormView struct {
	Form
	Questionnaire questionnaire.Questionnaire `json:"questionnaire"`
}

func viewForm(f Form, err error) (*httpapi.Versioned[FormView], error) {
	if err != nil {
		return nil, err
	}
	q, err := f.Questionnaire()
	return httpapi.AnswerVersion(FormView{f, q}, f.Version, err)
}

// TemplateView is a questionnaire to begin with.
type TemplateView struct {
	Code          string                      `json:"code"`
	Name          questionnaire.Text          `json:"name"`
	Weights       map[string]int64            `json:"weights" doc:"Of the dimensions, in hundredths of a per cent"`
	Apart         []string                    `json:"apart" doc:"Dimensions that are shown beside the score and never in it"`
	Questionnaire questionnaire.Questionnaire `json:"questionnaire"`
}

// FormPath names a questionnaire in the path.
type FormPath struct {
	ID id.ID `path:"formId" doc:"Questionnaire"`
}

type newFormInput struct {
	Body struct {
		Template      string                      `json:"template" minLength:"1" maxLength:"40" doc:"Whose dimensions and weights score it"`
		Questionnaire questionnaire.Questionnaire `json:"questionnaire"`
	}
}

type reviseFormInput struct {
	FormPath
	httpapi.IfMatch
	Body struct {
		Questionnaire questionnaire.Questionnaire `json:"questionnaire"`
	}
}

type publishFormInput struct {
	FormPath
	httpapi.IfMatch
}

func (s *Service) registerForms(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listSurveyTemplates", Method: http.MethodGet, Path: "/survey-templates", Tag: tagSurveys, Permission: authz.SurveyRead,
		Summary: "Questionnaires to begin with, with the weights that score them"},
		func(_ context.Context, _ *struct{}) (*httpapi.Body[page.Page[TemplateView]], error) {
			return httpapi.Answer(page.Page[TemplateView]{Items: templates(s.Rules.Surveys)}, nil)
		})
	httpapi.Register(api, httpapi.Op{ID: "listSurveyForms", Method: http.MethodGet, Path: "/survey-forms", Tag: tagSurveys, Permission: authz.SurveyRead,
		Summary: "Published questionnaires, and the drafts of one's own organisation"},
		func(ctx context.Context, in *httpapi.PageInput) (*httpapi.Body[page.Page[Form]], error) {
			return httpapi.Answer(s.Forms(ctx, authz.From(ctx), in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "createSurveyForm", Method: http.MethodPost, Path: "/survey-forms", Tag: tagSurveys, Permission: authz.SurveyAuthor, Status: http.StatusCreated,
		Summary: "Write a questionnaire", Description: "In the name of the organisation that one has a post in. Who is rated writes none."},
		func(ctx context.Context, in *newFormInput) (*httpapi.Versioned[FormView], error) {
			return viewForm(s.CreateForm(ctx, authz.From(ctx), httpapi.Once(ctx), in.Body.Template, in.Body.Questionnaire))
		})
	httpapi.Register(api, httpapi.Op{ID: "getSurveyForm", Method: http.MethodGet, Path: "/survey-forms/{formId}", Tag: tagSurveys, Permission: authz.SurveyRead,
		Summary: "A questionnaire"},
		func(ctx context.Context, in *FormPath) (*httpapi.Versioned[FormView], error) {
			return viewForm(s.Form(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(api, httpapi.Op{ID: "reviseSurveyForm", Method: http.MethodPut, Path: "/survey-forms/{formId}", Tag: tagSurveys, Permission: authz.SurveyAuthor,
		Summary: "Change a draft"},
		func(ctx context.Context, in *reviseFormInput) (*httpapi.Versioned[FormView], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return viewForm(s.ReviseForm(ctx, authz.From(ctx), in.ID, t, in.Body.Questionnaire))
		})
	httpapi.Register(api, httpapi.Op{ID: "publishSurveyForm", Method: http.MethodPost, Path: "/survey-forms/{formId}/publish", Tag: tagSurveys, Permission: authz.SurveyAuthor,
		Summary: "Freeze a questionnaire", Description: "From then on it never changes; its hash names it in the ledger."},
		func(ctx context.Context, in *publishFormInput) (*httpapi.Versioned[FormView], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return viewForm(s.PublishForm(ctx, authz.From(ctx), in.ID, t))
		})
}

func templates(r *rules.SurveyRules) []TemplateView {
	out := make([]TemplateView, len(r.Templates))
	for i, t := range r.Templates {
		out[i] = TemplateView{Code: t.Code, Name: questionnaire.Text{Zh: t.Zh, En: t.En}, Weights: t.Weights(), Apart: []string{}, Questionnaire: t.Questionnaire}
		for _, a := range t.Apart {
			out[i].Apart = append(out[i].Apart, a.Code)
		}
	}
	return out
}

// RoundView is a round with its service areas and strata.
type RoundView struct {
	Round
	Projects []Project `json:"projects"`
	Strata   []Stratum `json:"strata" doc:"From the freezing of the roll on; keys from the opening on"`
	// ObjectUntil is absent where no score is public.
	ObjectUntil *clock.Instant `json:"objectUntil,omitempty" doc:"When the time for objections to the newest published score ends"`
	// Interviewing is told while answers are taken.
	Interviewing bool `json:"interviewing,omitempty" doc:"While it is open: whether the caller is one of its interviewers"`
}

// RoundPath names a round in the path.
type RoundPath struct {
	ID id.ID `path:"roundId" doc:"Round"`
}

// PlanBody is what a round is to be.
type PlanBody struct {
	FormID       id.ID         `json:"formId" doc:"A published questionnaire"`
	Title        string        `json:"title" minLength:"2" maxLength:"100"`
	ServiceAreas []id.ID       `json:"serviceAreas" minItems:"1" maxItems:"200" doc:"Who lives there is asked about the service there"`
	Method       Method        `json:"method" enum:"census,sample"`
	Margin       *int64        `json:"marginBp,omitempty" minimum:"1" maximum:"5000" doc:"Of a sample: planned half width of the 95 % interval of a share, in 1/100 of a percentage point. An author chooses 100 to 1000; the round of a plan keeps the margin that it came with"`
	Response     *int64        `json:"responsePercent,omitempty" minimum:"1" maximum:"100" doc:"Of a sample: of a hundred dwellings asked, how many are expected to answer. So many more are asked than the margin needs answers. When absent that of the round, or of the rules"`
	OpensAt      clock.Instant `json:"opensAt"`
	ClosesAt     clock.Instant `json:"closesAt"`
}

func (b PlanBody) plan() Plan {
	return Plan(b)
}

type newRoundInput struct{ Body PlanBody }

type editRoundInput struct {
	RoundPath
	httpapi.IfMatch
	Body PlanBody
}

func (s *Service) view(ctx context.Context, r Round, err error) (*httpapi.Versioned[RoundView], error) {
	if err != nil {
		return nil, err
	}
	r, projects, strata, err := s.Round(ctx, authz.From(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	v := RoundView{Round: r, Projects: projects, Strata: append([]Stratum{}, strata...)}
	if v.ObjectUntil, err = s.objectionsUntil(ctx, r); err == nil && r.State == Open {
		v.Interviewing, err = s.Interviews(ctx, authz.From(ctx), r.ID)
	}
	return httpapi.AnswerVersion(v, r.Version, err)
}

type roundListInput struct {
	httpapi.PageInput
	State []string `query:"state" maxItems:"9" enum:"draft,frozen,open,closing,closed,scored,published,revised,cancelled" doc:"Only these states, separated by commas"`
}

func (in *roundListInput) states() (out []State) {
	for _, s := range in.State {
		out = append(out, State(s))
	}
	return out
}

func (s *Service) registerRounds(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listSurveyRounds", Method: http.MethodGet, Path: "/survey-rounds", Tag: tagSurveys, Permission: authz.SurveyRead,
		Summary: "Rounds of one's area, organisation or home, newest first"},
		func(ctx context.Context, in *roundListInput) (*httpapi.Body[page.Page[Round]], error) {
			return httpapi.Answer(s.Rounds(ctx, authz.From(ctx), in.states(), in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "createSurveyRound", Method: http.MethodPost, Path: "/survey-rounds", Tag: tagSurveys, Permission: authz.SurveyAuthor, Status: http.StatusCreated,
		Summary: "Plan a round"},
		func(ctx context.Context, in *newRoundInput) (*httpapi.Versioned[RoundView], error) {
			r, err := s.Create(ctx, authz.From(ctx), httpapi.Once(ctx), in.Body.plan())
			return s.view(ctx, r, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "getSurveyRound", Method: http.MethodGet, Path: "/survey-rounds/{roundId}", Tag: tagSurveys, Permission: authz.SurveyRead,
		Summary: "A round with its service areas and strata"},
		func(ctx context.Context, in *RoundPath) (*httpapi.Versioned[RoundView], error) {
			return s.view(ctx, Round{ID: in.ID}, nil)
		})
	httpapi.Register(api, httpapi.Op{ID: "editSurveyRound", Method: http.MethodPut, Path: "/survey-rounds/{roundId}", Tag: tagSurveys, Permission: authz.SurveyAuthor,
		Summary: "Change a draft", Description: "The roll is reconciled and secrets for the draw are pledged anew."},
		func(ctx context.Context, in *editRoundInput) (*httpapi.Versioned[RoundView], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			r, err := s.Edit(ctx, authz.From(ctx), in.ID, t, in.Body.plan())
			return s.view(ctx, r, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "listSurveyPledges", Method: http.MethodGet, Path: "/survey-rounds/{roundId}/pledges", Tag: tagSurveys, Permission: authz.SurveyRead,
		Summary: "What the parties have put in for the draw of a sample"},
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[page.Page[Pledge]], error) {
			list, err := s.Pledges(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(page.Page[Pledge]{Items: list}, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "getSurveyProgress", Method: http.MethodGet, Path: "/survey-rounds/{roundId}/progress", Tag: tagSurveys, Permission: authz.SurveyRead,
		Summary: "How many ballots were drawn by the end of yesterday", Description: "A stratum with too few to hide among shows none."},
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[page.Page[Running]], error) {
			list, err := s.Progress(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(page.Page[Running]{Items: list}, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "getSurveyScore", Method: http.MethodGet, Path: "/survey-rounds/{roundId}/score", Tag: tagSurveys, Permission: authz.SurveyRead,
		Summary: "The newest score of a round", Description: "For those with a part in the round, once the ballots are counted; nobody sees anything before."},
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[Card], error) {
			return httpapi.Answer(s.Card(ctx, authz.From(ctx), in.ID))
		})
}

// taken is a step on the version that the caller saw.
func taken(ctx context.Context, m httpapi.IfMatch) (Taken, error) {
	v, err := m.Version()
	return Taken{httpapi.Once(ctx), v}, err
}

// StepInput is a step that needs nothing but the version.
type StepInput struct {
	RoundPath
	httpapi.IfMatch
}

type cancelInput struct {
	StepInput
	Body struct {
		Reason string `json:"reason" minLength:"5" maxLength:"500"`
	}
}

type pledgeInput struct {
	StepInput
	Body struct {
		Commitment ballot.Hash `json:"commitment" doc:"Of 32 random bytes that are kept secret until the roll is frozen: see the guide to surveys"`
	}
}

type revealInput struct {
	StepInput
	Body struct {
		Value ballot.Hash `json:"value" doc:"The 32 bytes"`
	}
}

// AreaPath names a service area of a round.
type AreaPath struct {
	RoundPath
	ServiceAreaID id.ID `path:"serviceAreaId" doc:"Service area"`
}

type reconcileInput struct {
	AreaPath
	httpapi.IfMatch
}

func step(name, path, summary, description string, perm authz.Permission) httpapi.Op {
	return httpapi.Op{ID: name, Method: http.MethodPost, Path: "/survey-rounds/{roundId}" + path, Tag: tagSurveys, Permission: perm, Summary: summary, Description: description}
}

// plain registers a step that needs nothing but the version.
func (s *Service) plain(api *httpapi.API, op httpapi.Op, do func(context.Context, authz.Principal, id.ID, Taken) (Round, error)) {
	httpapi.Register(api, op, func(ctx context.Context, in *StepInput) (*httpapi.Versioned[RoundView], error) {
		t, err := taken(ctx, in.IfMatch)
		if err != nil {
			return nil, err
		}
		r, err := do(ctx, authz.From(ctx), in.ID, t)
		return s.view(ctx, r, err)
	})
}

func (s *Service) registerSteps(api *httpapi.API) {
	s.plain(api, step("freezeSurveyRoll", "/freeze", "Fix the roll", "Every service area must be reconciled. The round opens by itself on its day.", authz.SurveyAuthor), s.Freeze)
	s.plain(api, step("publishSurveyScore", "/publish", "Show the score to everybody", "It is shown by itself three days after scoring: nobody can hold it back.", authz.SurveyAuthor), s.Publish)
	httpapi.Register(api, step("cancelSurveyRound", "/cancel", "Give up a round that has not opened", "", authz.SurveyAuthor),
		func(ctx context.Context, in *cancelInput) (*httpapi.Versioned[RoundView], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			r, err := s.Cancel(ctx, authz.From(ctx), in.ID, t, in.Body.Reason)
			return s.view(ctx, r, err)
		})
	httpapi.Register(api, step("pledgeSurveySecret", "/pledge", "Put a secret into the draw of a sample", "The street, the owners' side and the company each put one in, so that nobody can choose who is asked.", authz.SurveyPledge),
		func(ctx context.Context, in *pledgeInput) (*httpapi.Versioned[RoundView], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			r, err := s.Pledge(ctx, authz.From(ctx), in.ID, t, in.Body.Commitment)
			return s.view(ctx, r, err)
		})
	httpapi.Register(api, step("revealSurveySecret", "/reveal", "Show the secret that was pledged", "After the roll is frozen.", authz.SurveyPledge),
		func(ctx context.Context, in *revealInput) (*httpapi.Versioned[RoundView], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			r, err := s.Reveal(ctx, authz.From(ctx), in.ID, t, in.Body.Value)
			return s.view(ctx, r, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "previewSurveyRoll", Method: http.MethodGet, Path: "/survey-rounds/{roundId}/service-areas/{serviceAreaId}/roll", Tag: tagSurveys, Permission: authz.SurveyRoll,
		Summary: "The roll of a service area as it would freeze now", Description: "For the community that reconciles it. Places, never names."},
		func(ctx context.Context, in *AreaPath) (*httpapi.Body[Preview], error) {
			return httpapi.Answer(s.PreviewRoll(ctx, authz.From(ctx), in.ID, in.ServiceAreaID))
		})
	httpapi.Register(api, step("reconcileSurveyRoll", "/service-areas/{serviceAreaId}/reconcile", "Confirm the roll of a service area", "By the community, after what is wrong was corrected in the register.", authz.SurveyRoll),
		func(ctx context.Context, in *reconcileInput) (*httpapi.Versioned[RoundView], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			r, err := s.Reconcile(ctx, authz.From(ctx), in.ID, in.ServiceAreaID, t)
			return s.view(ctx, r, err)
		})
}
