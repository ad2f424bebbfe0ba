package renovation

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

type speakInput struct {
	ProjectPath
	Body struct {
		Words string `json:"words" minLength:"2" maxLength:"1000" doc:"Please write no name, flat number or phone number"`
	}
}

type remarkMade struct {
	ID id.ID `json:"id" doc:"What was said"`
}

type answerInput struct {
	ProjectPath
	RemarkID id.ID `path:"remarkId" doc:"What was said"`
	Body     struct {
		Answer string `json:"answer" minLength:"2" maxLength:"1000" doc:"Residents read it"`
	}
}

func (s *Service) registerRemarks(api *httpapi.API) {
	httpapi.Register(api, describe(op("listRenovationRemarks", http.MethodGet, "/remarks", "What residents said about a project, the newest first", authz.RenovationRead), "All of it for who answers; else what is answered, and one's own. Nobody reads who said it."),
		func(ctx context.Context, in *pagedProject) (*httpapi.Body[page.Page[Remark]], error) {
			return httpapi.Answer(s.Remarks(ctx, authz.From(ctx), in.ID, in.Page()))
		})
	speak := op("speakOfRenovation", http.MethodPost, "/remarks", "Say something about a project", authz.RenovationSpeak)
	speak.Status = http.StatusCreated
	httpapi.Register(api, speak, func(ctx context.Context, in *speakInput) (*httpapi.Body[remarkMade], error) {
		made, err := s.Speak(ctx, authz.From(ctx), in.ID, once(ctx), in.Body.Words)
		return httpapi.Answer(remarkMade{made}, err)
	})
	answer := op("answerRenovationRemark", http.MethodPost, "/remarks/{remarkId}/answer", "Answer what a resident said", authz.RenovationAnswer)
	answer.Status = http.StatusNoContent
	httpapi.Register(api, answer, func(ctx context.Context, in *answerInput) (*httpapi.Empty, error) {
		return httpapi.Done(s.AnswerRemark(ctx, authz.From(ctx), in.ID, in.RemarkID, once(ctx), in.Body.Answer))
	})
}

type compareInput struct {
	httpapi.PageInput
	Area id.ID `query:"areaId" required:"true" doc:"The division, estate or service area"`
}

type areaInput struct {
	Area id.ID `query:"areaId" required:"true" doc:"The division, estate or service area"`
}

type placeInput struct {
	Area id.ID `query:"areaId" required:"true" doc:"The estate or service area"`
}

type listRowsInput struct {
	httpapi.PageInput
	Area id.ID  `query:"areaId" required:"true" doc:"The division that keeps the list"`
	Name string `query:"list" required:"true" minLength:"1" maxLength:"100" doc:"Name of the list"`
}

const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func (s *Service) registerComparison(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "compareRenovations", Method: http.MethodGet, Path: "/renovation-comparison", Tag: tagProjects, Permission: authz.RenovationCompare,
		Summary: "The projects of an area with their figures", Description: "Stage, money, what is built, days late, findings. Nothing is ranked."},
		func(ctx context.Context, in *compareInput) (*httpapi.Body[page.Page[Compared]], error) {
			return httpapi.Answer(s.Compare(ctx, authz.From(ctx), in.Area, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "exportRenovations", Limit: "export", Method: http.MethodGet, Path: "/renovation-comparison/export", Tag: tagProjects, Permission: authz.RenovationCompare,
		Summary: "The comparison as XLSX", Description: "It says when it was made, ends with a marker row, and is recorded."},
		func(ctx context.Context, in *areaInput) (*huma.StreamResponse, error) {
			write, err := s.ExportComparison(ctx, authz.From(ctx), in.Area)
			if err != nil {
				return nil, err
			}
			return httpapi.File(httpapi.Download{Name: "改造项目.xlsx", MediaType: xlsx, Write: func(w io.Writer) error { return write(w) }}), nil
		})
	one := describe(op("exportRenovation", http.MethodGet, "/export", "A project as XLSX", authz.RenovationCompare), "Items, sources, every amount, milestones and findings, each on a tab that ends with a marker row; no person, no single home. It is recorded.")
	one.Limit = "export"
	httpapi.Register(api, one, func(ctx context.Context, in *ProjectPath) (*huma.StreamResponse, error) {
		write, err := s.Export(ctx, authz.From(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return httpapi.File(httpapi.Download{Name: "改造项目明细.xlsx", MediaType: xlsx, Write: func(w io.Writer) error { return write(w) }}), nil
	})
	httpapi.Register(api, httpapi.Op{ID: "getRenovationDictionary", Method: http.MethodGet, Path: "/renovation-dictionary", Tag: tagProjects, Permission: authz.RenovationRead,
		Summary: "What can be done in the renovations of a place, and by which rules"},
		func(ctx context.Context, in *placeInput) (*httpapi.Body[Dictionary], error) {
			return httpapi.Answer(s.Dictionary(ctx, authz.From(ctx), in.Area))
		})
	httpapi.Register(api, httpapi.Op{ID: "listRenovationPlanLists", Method: http.MethodGet, Path: "/renovation-plan-lists", Tag: tagProjects, Permission: authz.RenovationCompare,
		Summary: "Imported lists of plans with what their rows make together"},
		func(ctx context.Context, in *areaInput) (*httpapi.Body[page.Page[ListSums]], error) {
			list, err := s.Lists(ctx, authz.From(ctx), in.Area)
			return httpapi.Answer(page.Page[ListSums]{Items: list}, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "listRenovationPlanRows", Method: http.MethodGet, Path: "/renovation-plan-rows", Tag: tagProjects, Permission: authz.RenovationCompare,
		Summary: "The rows of an imported list of plans"},
		func(ctx context.Context, in *listRowsInput) (*httpapi.Body[page.Page[ListRow]], error) {
			return httpapi.Answer(s.ListRows(ctx, authz.From(ctx), in.Area, in.Name, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "getPublicRenovation", Method: http.MethodGet, Path: "/public/renovations/{renovationId}", Tag: tagProjects, Public: true,
		Summary: "A project as anybody may read it", Description: "What, when, how much and who; no person, no single home. From the moment on when residents are asked about it."},
		func(ctx context.Context, in *ProjectPath) (*httpapi.Body[PublicView], error) {
			return httpapi.Answer(s.Public(ctx, in.ID))
		})
}
