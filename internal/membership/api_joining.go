package membership

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/qrcode"
)

func badVersion() error {
	return fault.InvalidField("body.consentVersion", "membership.consent_version")
}

// SheetView is the codes of one making. They are shown here and nowhere else.
type SheetView struct {
	BatchID id.ID         `json:"batchId"`
	Estate  string        `json:"estate"`
	Expires clock.Instant `json:"expiresAt"`
	Slips   []SlipView    `json:"slips"`
}

// SlipView is one unit's slip.
type SlipView struct {
	UnitID   id.ID  `json:"unitId"`
	Building string `json:"building"`
	Number   string `json:"number"`
	Code     string `json:"code" doc:"In groups of four, to be printed"`
	Link     string `json:"link" doc:"What the slip's QR code holds"`
	QR       QRView `json:"qr" doc:"That code, to be drawn"`
}

// QRView is a QR code as one path of an SVG picture.
type QRView struct {
	View string `json:"view" doc:"The picture's viewBox"`
	Path string `json:"path" doc:"Data of its path, filled dark on white"`
}

func (s Sheet) view() (SheetView, error) {
	v := SheetView{BatchID: s.Batch, Estate: s.Estate, Expires: s.Expires, Slips: make([]SlipView, len(s.Slips))}
	for i, c := range s.Slips {
		square, err := qrcode.Draw(s.Link(c))
		if err != nil {
			return v, err
		}
		v.Slips[i] = SlipView{c.Unit, c.Block, c.Number, SpellCode(c.Code), s.Link(c), QRView{square.View(), square.Path}}
	}
	return v, nil
}

// answerSheet answers with codes that were made.
func answerSheet(sheet Sheet, err error) (*httpapi.Body[SheetView], error) {
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(sheet.view())
}

type buildingInput struct {
	Building id.ID `path:"buildingId" doc:"Building"`
}

func (s *Service) registerCodes(api *httpapi.API) {
	const once = "Codes made before for these units are void from then on. The codes are in this answer and nowhere else. Only the community can do this."
	httpapi.Register(api, httpapi.Op{ID: "makeJoinCodes", Method: http.MethodPost, Path: "/buildings/{buildingId}/join-codes", Tag: tag, Permission: authz.MembershipCode, Status: http.StatusCreated,
		Summary: "Make one joining code for every unit of a building", Description: once},
		func(ctx context.Context, in *buildingInput) (*httpapi.Body[SheetView], error) {
			return answerSheet(s.MakeCodes(ctx, authz.From(ctx), httpapi.Once(ctx), in.Building))
		})
	httpapi.Register(api, httpapi.Op{ID: "makeJoinCodeSheet", Method: http.MethodPost, Path: "/buildings/{buildingId}/join-code-sheet", Tag: tag, Permission: authz.MembershipCode,
		Summary: "Make the codes of a building as a page to print", Description: "An HTML page for A4 with a QR code for each unit. " + once},
		func(ctx context.Context, in *buildingInput) (*huma.StreamResponse, error) {
			sheet, err := s.MakeCodes(ctx, authz.From(ctx), httpapi.Once(ctx), in.Building)
			if err != nil {
				return nil, err
			}
			return httpapi.File(httpapi.Download{Name: "join-codes-" + sheet.Batch.String() + ".html", MediaType: "text/html; charset=utf-8", Write: sheet.WriteHTML}), nil
		})
	httpapi.Register(api, httpapi.Op{ID: "makeJoinCode", Method: http.MethodPost, Path: "/units/{unitId}/join-code", Tag: tag, Permission: authz.MembershipCode, Status: http.StatusCreated,
		Summary: "Make a joining code for one unit", Description: once},
		func(ctx context.Context, in *UnitPath) (*httpapi.Body[SheetView], error) {
			return answerSheet(s.MakeCode(ctx, authz.From(ctx), httpapi.Once(ctx), in.Unit))
		})
	httpapi.Register(api, httpapi.Op{ID: "countJoinCodes", Method: http.MethodGet, Path: "/buildings/{buildingId}/join-codes", Tag: tag, Permission: authz.MembershipCode,
		Summary: "How the joining codes of a building stand"},
		func(ctx context.Context, in *buildingInput) (*httpapi.Body[CodeCount], error) {
			return httpapi.Answer(s.CountCodes(ctx, authz.From(ctx), in.Building))
		})
}

// ApplicationView is an application in answers.
type ApplicationView struct {
	ID        id.ID            `json:"id"`
	UnitID    id.ID            `json:"unitId"`
	PersonID  id.ID            `json:"personId"`
	Relation  Relation         `json:"relation" enum:"owner,occupant"`
	State     ApplicationState `json:"state" enum:"pending,approved,declined,withdrawn"`
	AppliedAt clock.Instant    `json:"appliedAt"`
	DecidedAt *clock.Instant   `json:"decidedAt,omitempty"`
	Reason    Reason           `json:"reason,omitempty" doc:"Why it was declined"`
	MemberID  *id.ID           `json:"membershipId,omitempty" doc:"The membership it became"`
	Estate    string           `json:"estate,omitempty"`
	Building  string           `json:"building,omitempty"`
	Number    string           `json:"number,omitempty"`
	Name      string           `json:"name,omitempty" doc:"Masked until revealed"`
	Phone     string           `json:"phone,omitempty" doc:"Masked until revealed"`
	Note      string           `json:"note,omitempty" doc:"Hidden until revealed"`
	Version   int64            `json:"version"`
}

func (a Application) view() ApplicationView {
	return ApplicationView{ID: a.ID, UnitID: a.Unit, PersonID: a.Person, Relation: a.Relation, State: a.State, AppliedAt: a.AppliedAt,
		DecidedAt: a.DecidedAt, Reason: a.Reason, MemberID: a.Member, Version: a.Version}
}

func (a Asked) view() ApplicationView {
	v := a.Application.view()
	v.Estate, v.Building, v.Number = a.Home.Estate, a.Home.Block, a.Home.Number
	v.Name, v.Phone, v.Note = a.Name, a.Phone, a.Note
	return v
}

func answerApplication(a Application, err error) (*httpapi.Versioned[ApplicationView], error) {
	return httpapi.AnswerVersion(a.view(), a.Version, err)
}

// ApplicationStep is a change of an application.
type ApplicationStep struct {
	httpapi.IfMatch
	ID id.ID `path:"applicationId" doc:"Application"`
}

type applyInput struct {
	Body struct {
		UnitID   id.ID    `json:"unitId" doc:"Where you live, or what you own"`
		Relation Relation `json:"relation" enum:"owner,occupant"`
		Name     string   `json:"name" minLength:"1" maxLength:"100" doc:"As in the papers that prove it"`
		Note     string   `json:"note,omitempty" maxLength:"1000" doc:"What proves it, up to 500 characters; kept sealed"`
	}
}

type applicationsInput struct {
	httpapi.PageInput
	State ApplicationState `query:"state" enum:"pending,approved,declined,withdrawn" doc:"pending when absent"`
}

type declineInput struct {
	ApplicationStep
	Body struct {
		Reason Reason `json:"reason" enum:"no_proof,wrong_unit,not_on_roll,unknown"`
	}
}

type revealInput struct {
	ID   id.ID `path:"applicationId" doc:"Application"`
	Body struct {
		Reason personal.Reason `json:"reason" maxLength:"24" doc:"Why the clear values are needed; the applicant can see it"`
	}
}

func (s *Service) registerApplications(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "applyToJoin", Method: http.MethodPost, Path: "/household-applications", Tag: tag, Permission: authz.MembershipApply, Status: http.StatusCreated,
		Summary: "Apply to be entered in a household"},
		func(ctx context.Context, in *applyInput) (*httpapi.Versioned[ApplicationView], error) {
			b := in.Body
			return answerApplication(s.Apply(ctx, authz.From(ctx), httpapi.Once(ctx), Asking{Unit: b.UnitID, Relation: b.Relation, Name: b.Name, Note: b.Note}))
		})
	httpapi.Register(api, httpapi.Op{ID: "listOwnApplications", Method: http.MethodGet, Path: "/me/household-applications", Tag: tag, Permission: authz.MembershipApply,
		Summary: "One's own applications"},
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]ApplicationView], error) {
			rows, err := s.OwnApplications(ctx, authz.From(ctx))
			return httpapi.Answer(views(rows, Asked.view), err)
		})
	httpapi.Register(api, httpapi.Op{ID: "listApplications", Method: http.MethodGet, Path: "/household-applications", Tag: tag, Permission: authz.MembershipApprove,
		Summary: "Applications in your community, oldest first"},
		func(ctx context.Context, in *applicationsInput) (*httpapi.Body[page.Page[ApplicationView]], error) {
			if in.State == "" {
				in.State = Pending
			}
			found, err := s.Applications(ctx, authz.From(ctx), in.State, in.Page())
			return httpapi.Answer(viewPage(found, Asked.view), err)
		})
	httpapi.Register(api, httpapi.Op{ID: "revealApplication", Limit: "reveal", Method: http.MethodPost, Path: "/household-applications/{applicationId}/reveal", Tag: tag, Permission: authz.RollReveal,
		Summary: "See an application in clear", Description: "The reading is recorded and shown to the applicant."},
		func(ctx context.Context, in *revealInput) (*httpapi.Body[ApplicationView], error) {
			a, err := s.Reveal(ctx, authz.From(ctx), in.ID, in.Body.Reason)
			return httpapi.Answer(a.view(), err)
		})
	s.registerDecisions(api)
}

func (s *Service) registerDecisions(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "approveApplication", Method: http.MethodPost, Path: "/household-applications/{applicationId}/approve", Tag: tag, Permission: authz.MembershipApprove,
		Summary: "Approve an application", Description: "By another person than the applicant, who lives elsewhere."},
		func(ctx context.Context, in *ApplicationStep) (*httpapi.Versioned[ApplicationView], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return answerApplication(s.Approve(ctx, authz.From(ctx), in.ID, version))
		})
	httpapi.Register(api, httpapi.Op{ID: "declineApplication", Method: http.MethodPost, Path: "/household-applications/{applicationId}/decline", Tag: tag, Permission: authz.MembershipApprove,
		Summary: "Decline an application with a reason"},
		func(ctx context.Context, in *declineInput) (*httpapi.Versioned[ApplicationView], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return answerApplication(s.Decline(ctx, authz.From(ctx), in.ID, version, in.Body.Reason))
		})
	httpapi.Register(api, httpapi.Op{ID: "withdrawApplication", Method: http.MethodPost, Path: "/household-applications/{applicationId}/withdraw", Tag: tag, Permission: authz.MembershipApply,
		Summary: "Take one's own application back"},
		func(ctx context.Context, in *ApplicationStep) (*httpapi.Versioned[ApplicationView], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return answerApplication(s.Withdraw(ctx, authz.From(ctx), in.ID, version))
		})
}
