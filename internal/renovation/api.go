package renovation

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

const tagProjects = "Renovations"

// Register adds the operations of renovations.
func Register(api *httpapi.API, s *Service) {
	s.registerReading(api)
	s.registerProjects(api)
	s.registerPlans(api)
	s.registerDocuments(api)
	s.registerMoney(api)
	s.registerPeople(api)
	s.registerSite(api)
	s.registerAcceptance(api)
	s.registerDiary(api)
	s.registerRemarks(api)
	s.registerComparison(api)
	s.registerFundReading(api)
	s.registerFundSteps(api)
	s.registerFundDocuments(api)
}

// ProjectPath names a project in the path. Like the other embedded inputs it is exported because huma looks into no other.
type ProjectPath struct {
	ID id.ID `path:"renovationId" doc:"Renovation project"`
}

// ProjectItemPath names an item of a project's plan in the path.
type ProjectItemPath struct {
	ProjectPath
	ItemID id.ID `path:"itemId" doc:"Item of the plan"`
}

// op is an operation on one project; an empty path is the project itself.
func op(name, method, path, summary string, perm authz.Permission) httpapi.Op {
	return httpapi.Op{ID: name, Method: method, Path: "/renovations/{renovationId}" + path, Tag: tagProjects, Summary: summary, Permission: perm}
}

// describe adds a description.
func describe(o httpapi.Op, text string) httpapi.Op {
	o.Description = text
	return o
}

// answer shows the project after a step that the caller was allowed to take.
func (s *Service) answer(ctx context.Context, p Project, err error) (*httpapi.Versioned[View], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.view(ctx, s.DB, p)
	return httpapi.AnswerVersion(v, v.Version, err)
}

// once is a step that needs no version: what it does is guarded by the stage.
func once(ctx context.Context) Taken { return Taken{Once: httpapi.Once(ctx)} }

// onVersion is a step on the version that the caller saw.
func onVersion(ctx context.Context, m httpapi.IfMatch) (Taken, error) {
	v, err := m.Version()
	return Taken{httpapi.Once(ctx), &v}, err
}

type listInput struct {
	httpapi.PageInput
	Area  id.ID `query:"areaId" doc:"Only those in this division, estate or service area"`
	State State `query:"state" enum:"proposed,wishes,plan,consent,funded,tendered,works,acceptance,warranty,closed,withdrawn" doc:"Only those in this stage"`
}

type pagedProject struct {
	ProjectPath
	httpapi.PageInput
}

func (s *Service) registerReading(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listRenovations", Method: http.MethodGet, Path: "/renovations", Tag: tagProjects, Permission: authz.RenovationRead, Summary: "Renovation projects that I may see, the newest first"},
		func(ctx context.Context, in *listInput) (*httpapi.Body[page.Page[Project]], error) {
			return httpapi.Answer(s.Projects(ctx, authz.From(ctx), in.Area, in.State, in.Page()))
		})
	httpapi.Register(api, describe(op("getRenovation", http.MethodGet, "", "A project with its items", authz.RenovationRead), "With what is possible now, and what the next stage still lacks."),
		func(ctx context.Context, in *ProjectPath) (*httpapi.Versioned[View], error) {
			v, err := s.Show(ctx, authz.From(ctx), in.ID)
			return httpapi.AnswerVersion(v, v.Version, err)
		})
	httpapi.Register(api, op("listRenovationEvents", http.MethodGet, "/events", "What happened to a project", authz.RenovationRead),
		func(ctx context.Context, in *pagedProject) (*httpapi.Body[page.Page[Event]], error) {
			return httpapi.Answer(s.Events(ctx, authz.From(ctx), in.ID, in.Page()))
		})
	httpapi.Register(api, op("listRenovationPlans", http.MethodGet, "/plans", "The versions of the plan, the newest first, with what each changed", authz.RenovationRead),
		func(ctx context.Context, in *pagedProject) (*httpapi.Body[page.Page[Plan]], error) {
			return httpapi.Answer(s.Plans(ctx, authz.From(ctx), in.ID, in.Page()))
		})
}

type proposeInput struct {
	Body struct {
		AreaID id.ID `json:"areaId" doc:"The estate or service area"`
		Outline
	}
}

type editInput struct {
	ProjectPath
	httpapi.IfMatch
	Body Outline
}

type advanceInput struct {
	ProjectPath
	httpapi.IfMatch
	Body struct {
		Stage State `json:"stage" enum:"wishes,plan,consent,funded,tendered,works,acceptance,warranty,closed" doc:"The stage that begins; always the next one"`
	}
}

type withdrawInput struct {
	ProjectPath
	httpapi.IfMatch
	Body struct {
		Reason string `json:"reason" minLength:"5" maxLength:"1000" doc:"Residents read it"`
	}
}

type surveyInput struct {
	ProjectPath
	Purpose Purpose `path:"purpose" enum:"wishes,completion,one_year" doc:"What the survey is for"`
	Body    struct {
		RoundID  *id.ID     `json:"roundId,omitempty" doc:"The survey round"`
		Document *blob.Hash `json:"document,omitempty" doc:"The record of a residents' meeting instead, where there are too few dwellings for a survey"`
	}
}

func (s *Service) registerProjects(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "proposeRenovation", Method: http.MethodPost, Path: "/renovations", Tag: tagProjects, Permission: authz.RenovationManage, Status: http.StatusCreated,
		Summary: "Propose the renovation of an estate or of parts of it"},
		func(ctx context.Context, in *proposeInput) (*httpapi.Versioned[View], error) {
			p, err := s.Propose(ctx, authz.From(ctx), httpapi.Once(ctx), in.Body.AreaID, in.Body.Outline)
			return s.answer(ctx, p, err)
		})
	httpapi.Register(api, describe(op("editRenovation", http.MethodPut, "", "Change the outline of a project", authz.RenovationManage), "Before the works begin."),
		func(ctx context.Context, in *editInput) (*httpapi.Versioned[View], error) {
			how, err := onVersion(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			p, err := s.Edit(ctx, authz.From(ctx), in.ID, how, in.Body)
			return s.answer(ctx, p, err)
		})
	httpapi.Register(api, describe(op("advanceRenovation", http.MethodPost, "/advance", "Begin the next stage", authz.RenovationManage), "Refused with the names of all conditions that the stage still lacks."),
		func(ctx context.Context, in *advanceInput) (*httpapi.Versioned[View], error) {
			how, err := onVersion(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			p, err := s.Advance(ctx, authz.From(ctx), in.ID, how, in.Body.Stage)
			return s.answer(ctx, p, err)
		})
	httpapi.Register(api, describe(op("withdrawRenovation", http.MethodPost, "/withdraw", "End a project before the works begin", authz.RenovationManage), "Residents read the reason."),
		func(ctx context.Context, in *withdrawInput) (*httpapi.Versioned[View], error) {
			how, err := onVersion(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			p, err := s.Withdraw(ctx, authz.From(ctx), in.ID, how, in.Body.Reason)
			return s.answer(ctx, p, err)
		})
	httpapi.Register(api, describe(op("linkRenovationSurvey", http.MethodPut, "/surveys/{purpose}", "Say which survey asks the residents", authz.RenovationManage),
		"Of wishes before the plan, of the result at completion and again a year later; each a round with the template that the rules name. Where there are too few dwellings for a survey the record of a meeting stands for it."),
		func(ctx context.Context, in *surveyInput) (*httpapi.Versioned[View], error) {
			p, err := s.LinkSurvey(ctx, authz.From(ctx), in.ID, once(ctx), in.Purpose, in.Body.RoundID, in.Body.Document)
			return s.answer(ctx, p, err)
		})
}

type planInput struct {
	ProjectPath
	httpapi.IfMatch
	Body struct {
		Reason string     `json:"reason" minLength:"2" maxLength:"1000" doc:"Why the plan is made or changed; residents read it"`
		Items  []PlanItem `json:"items" minItems:"1" maxItems:"100"`
	}
}

type consentInput struct {
	ProjectItemPath
	Body Evidence
}

func (s *Service) registerPlans(api *httpapi.API) {
	httpapi.Register(api, describe(op("publishRenovationPlan", http.MethodPost, "/plans", "Publish a version of the plan", authz.RenovationManage),
		"All items, whether they change or not. An item that changes in what the owners decided on, or costs more than the overrun rule lets pass, needs their decision again."),
		func(ctx context.Context, in *planInput) (*httpapi.Versioned[View], error) {
			how, err := onVersion(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			p, err := s.PublishPlan(ctx, authz.From(ctx), in.ID, how, in.Body.Reason, in.Body.Items)
			return s.answer(ctx, p, err)
		})
	httpapi.Register(api, describe(op("recordRenovationConsent", http.MethodPut, "/items/{itemId}/consent", "Record the owners' decision on an item", authz.RenovationConsent),
		"A decision that passed on this platform, or minutes with their count. The tests of Civil Code 278 for the item, and a higher share where the locality asks for one, are computed in whole numbers; a decision that fails one is refused."),
		func(ctx context.Context, in *consentInput) (*httpapi.Versioned[View], error) {
			p, err := s.RecordConsent(ctx, authz.From(ctx), in.ID, in.ItemID, once(ctx), in.Body)
			return s.answer(ctx, p, err)
		})
}

type uploadInput struct {
	ProjectPath
	httpapi.DocumentForm
}

type documentPath struct {
	ProjectPath
	httpapi.DocumentHash
}

func (s *Service) registerDocuments(api *httpapi.API) {
	upload := op("addRenovationDocument", http.MethodPost, "/documents", "Add a document", authz.RenovationDocument)
	upload.Status, upload.MaxBody = http.StatusCreated, httpapi.MaxDocument
	httpapi.Register(api, upload, func(ctx context.Context, in *uploadInput) (*httpapi.Body[Document], error) {
		f := in.File()
		defer f.Close()
		return httpapi.Answer(s.Attach(ctx, authz.From(ctx), in.ID, once(ctx), f.Filename, f))
	})
	httpapi.Register(api, op("getRenovationDocument", http.MethodGet, "/documents/{hash}", "Download a document", authz.RenovationDocument),
		func(ctx context.Context, in *documentPath) (*huma.StreamResponse, error) {
			h, err := in.Parse()
			if err != nil {
				return nil, err
			}
			d, body, err := s.OpenDocument(ctx, authz.From(ctx), in.ID, h)
			if err != nil {
				return nil, err
			}
			return httpapi.DocumentFile(d.Name, d.MediaType, body), nil
		})
}
