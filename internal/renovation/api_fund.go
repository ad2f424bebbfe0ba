package renovation

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

const tagFund = "Maintenance fund"

// RequestPath names a request for maintenance money in the path.
type RequestPath struct {
	ID id.ID `path:"fundRequestId" doc:"Request for maintenance money"`
}

func fundOp(name, method, path, summary string, perm authz.Permission) httpapi.Op {
	return httpapi.Op{ID: name, Method: method, Path: "/fund-requests/{fundRequestId}" + path, Tag: tagFund, Summary: summary, Permission: perm}
}

// fundAnswer shows the request after a step that the caller was allowed to take.
func (s *Service) fundAnswer(ctx context.Context, r FundRequest, err error) (*httpapi.Versioned[FundView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.ShowFund(ctx, authz.From(ctx), r.ID)
	return httpapi.AnswerVersion(v, v.Version, err)
}

type fundListInput struct {
	httpapi.PageInput
	Area       id.ID     `query:"areaId" doc:"Only those in this division, estate or service area"`
	Renovation id.ID     `query:"renovationId" doc:"Only those that are part of this project"`
	State      FundState `query:"state" enum:"requested,consented,verified,done,posted,drawn,withdrawn"`
}

type pagedRequest struct {
	RequestPath
	httpapi.PageInput
}

type fundSharesInput struct {
	RequestPath
	httpapi.PageInput
	Mine bool `query:"mine" doc:"Only the units of my own households"`
}

func (s *Service) registerFundReading(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listFundRequests", Method: http.MethodGet, Path: "/fund-requests", Tag: tagFund, Permission: authz.FundRead, Summary: "Requests for maintenance money that I may see, the newest first"},
		func(ctx context.Context, in *fundListInput) (*httpapi.Body[page.Page[FundRequest]], error) {
			return httpapi.Answer(s.Funds(ctx, authz.From(ctx), FundFilter{in.Area, in.Renovation, in.State}, in.Page()))
		})
	httpapi.Register(api, fundOp("getFundRequest", http.MethodGet, "", "A request with what it rests on", authz.FundRead),
		func(ctx context.Context, in *RequestPath) (*httpapi.Versioned[FundView], error) {
			v, err := s.ShowFund(ctx, authz.From(ctx), in.ID)
			return httpapi.AnswerVersion(v, v.Version, err)
		})
	httpapi.Register(api, fundOp("listFundRequestEvents", http.MethodGet, "/events", "What happened to a request", authz.FundRead),
		func(ctx context.Context, in *pagedRequest) (*httpapi.Body[page.Page[Event]], error) {
			return httpapi.Answer(s.FundEvents(ctx, authz.From(ctx), in.ID, in.Page()))
		})
	httpapi.Register(api, describe(fundOp("listFundShares", http.MethodGet, "/shares", "What falls on each unit as it is posted", authz.FundShares), "By building and number, without names."),
		func(ctx context.Context, in *fundSharesInput) (*httpapi.Body[page.Page[Share]], error) {
			return httpapi.Answer(s.FundShares(ctx, authz.From(ctx), in.ID, in.Mine, in.Page()))
		})
}

type newRequestInput struct {
	Body NewFundRequest
}

type reviseRequestInput struct {
	RequestPath
	httpapi.IfMatch
	Body FundContent
}

type fundDecisionInput struct {
	RequestPath
	Body Evidence
}

type verifyInput struct {
	RequestPath
	Body struct {
		Words    string     `json:"words" minLength:"2" maxLength:"1000" doc:"What was seen; no personal data"`
		Document *blob.Hash `json:"document,omitempty" doc:"A picture or a record, a document of the request"`
	}
}

type settleInput struct {
	RequestPath
	Body Settlement
}

func (s *Service) registerFundSteps(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "requestFund", Method: http.MethodPost, Path: "/fund-requests", Tag: tagFund, Permission: authz.FundRequest, Status: http.StatusCreated,
		Summary: "Ask for maintenance money", Description: "By the owners' decision, or in an emergency that the rules name, where three parties have seen the danger on site."},
		func(ctx context.Context, in *newRequestInput) (*httpapi.Versioned[FundView], error) {
			r, err := s.RequestFund(ctx, authz.From(ctx), httpapi.Once(ctx), in.Body)
			return s.fundAnswer(ctx, r, err)
		})
	httpapi.Register(api, describe(fundOp("reviseFundRequest", http.MethodPut, "", "Change what is asked for", authz.FundRequest), "Decision, verification and settlement were for another request and must come again."),
		func(ctx context.Context, in *reviseRequestInput) (*httpapi.Versioned[FundView], error) {
			how, err := onVersion(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			r, err := s.ReviseFund(ctx, authz.From(ctx), in.ID, how, in.Body)
			return s.fundAnswer(ctx, r, err)
		})
	httpapi.Register(api, describe(fundOp("recordFundDecision", http.MethodPut, "/decision", "Record the owners' decision", authz.FundConsent), "Civil Code 278 item 5, by the owners of the parts concerned."),
		func(ctx context.Context, in *fundDecisionInput) (*httpapi.Versioned[FundView], error) {
			r, err := s.DecideFund(ctx, authz.From(ctx), in.ID, once(ctx), in.Body)
			return s.fundAnswer(ctx, r, err)
		})
	httpapi.Register(api, describe(fundOp("verifyFundRequest", http.MethodPost, "/verify", "Say that one has seen the danger on site", authz.FundVerify),
		"An owner whose home is affected, the owners' body (the residents' committee where there is none) and the firm: three different natural persons. With the third word the repair may begin."),
		func(ctx context.Context, in *verifyInput) (*httpapi.Versioned[FundView], error) {
			r, err := s.VerifyFund(ctx, authz.From(ctx), in.ID, once(ctx), in.Body.Words, in.Body.Document)
			return s.fundAnswer(ctx, r, err)
		})
	httpapi.Register(api, describe(fundOp("settleFundRequest", http.MethodPost, "/settle", "Account for the work", authz.FundRequest), "With settlement and acceptance as documents. A cost beyond the overrun rule is refused."),
		func(ctx context.Context, in *settleInput) (*httpapi.Versioned[FundView], error) {
			r, err := s.SettleFund(ctx, authz.From(ctx), in.ID, once(ctx), in.Body)
			return s.fundAnswer(ctx, r, err)
		})
	httpapi.Register(api, describe(fundOp("postFundRequest", http.MethodPost, "/post", "Divide the cost and post it", authz.FundRequest), "For five days at least, or as many as the locality asks for."),
		func(ctx context.Context, in *RequestPath) (*httpapi.Versioned[FundView], error) {
			r, err := s.PostFund(ctx, authz.From(ctx), in.ID, once(ctx))
			return s.fundAnswer(ctx, r, err)
		})
	s.registerFundEnd(api)
}

type wordsInput struct {
	RequestPath
	Body struct {
		Words string `json:"words" minLength:"2" maxLength:"1000" doc:"Please write no name, flat number or phone number"`
	}
}

type fundAnswerInput struct {
	RequestPath
	RemarkID id.ID `path:"remarkId" doc:"Objection"`
	Body     struct {
		Answer string `json:"answer" minLength:"2" maxLength:"1000" doc:"Residents read it"`
	}
}

type drawInput struct {
	RequestPath
	Body struct {
		On        clock.Date `json:"on" doc:"The day on which it was drawn, after the posting"`
		Reference string     `json:"reference" minLength:"1" maxLength:"100" doc:"Number of the bank's paper"`
	}
}

type fundReasonInput struct {
	RequestPath
	httpapi.IfMatch
	Body struct {
		Reason string `json:"reason" minLength:"2" maxLength:"1000" doc:"Residents read it"`
	}
}

func (s *Service) registerFundEnd(api *httpapi.API) {
	httpapi.Register(api, fundOp("objectToFundRequest", http.MethodPost, "/objections", "Object to what is posted", authz.FundObject),
		func(ctx context.Context, in *wordsInput) (*httpapi.Versioned[FundView], error) {
			r, err := s.ObjectToFund(ctx, authz.From(ctx), in.ID, once(ctx), in.Body.Words)
			return s.fundAnswer(ctx, r, err)
		})
	httpapi.Register(api, fundOp("answerFundObjection", http.MethodPost, "/objections/{remarkId}/answer", "Answer an objection", authz.FundRequest),
		func(ctx context.Context, in *fundAnswerInput) (*httpapi.Versioned[FundView], error) {
			r, err := s.AnswerFund(ctx, authz.From(ctx), in.ID, in.RemarkID, once(ctx), in.Body.Answer)
			return s.fundAnswer(ctx, r, err)
		})
	httpapi.Register(api, describe(fundOp("drawFundRequest", http.MethodPost, "/draw", "Record that the money was drawn", authz.FundDraw), "By the street office, after the posting and when every objection is answered."),
		func(ctx context.Context, in *drawInput) (*httpapi.Versioned[FundView], error) {
			r, err := s.DrawFund(ctx, authz.From(ctx), in.ID, once(ctx), in.Body.On, in.Body.Reference)
			return s.fundAnswer(ctx, r, err)
		})
	httpapi.Register(api, fundOp("withdrawFundRequest", http.MethodPost, "/withdraw", "End a request before the money is drawn", authz.FundRequest),
		func(ctx context.Context, in *fundReasonInput) (*httpapi.Versioned[FundView], error) {
			how, err := onVersion(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			r, err := s.WithdrawFund(ctx, authz.From(ctx), in.ID, how, in.Body.Reason)
			return s.fundAnswer(ctx, r, err)
		})
}

type fundUploadInput struct {
	RequestPath
	httpapi.DocumentForm
}

type fundDocumentPath struct {
	RequestPath
	httpapi.DocumentHash
}

func (s *Service) registerFundDocuments(api *httpapi.API) {
	upload := fundOp("addFundDocument", http.MethodPost, "/documents", "Add a document: minutes, settlement, acceptance", authz.FundRequest)
	upload.Status, upload.MaxBody = http.StatusCreated, httpapi.MaxDocument
	httpapi.Register(api, upload, func(ctx context.Context, in *fundUploadInput) (*httpapi.Body[Document], error) {
		f := in.File()
		defer f.Close()
		return httpapi.Answer(s.AttachFund(ctx, authz.From(ctx), in.ID, once(ctx), f.Filename, f))
	})
	httpapi.Register(api, fundOp("getFundDocument", http.MethodGet, "/documents/{hash}", "Download a document", authz.FundRequest),
		func(ctx context.Context, in *fundDocumentPath) (*huma.StreamResponse, error) {
			h, err := in.Parse()
			if err != nil {
				return nil, err
			}
			d, body, err := s.OpenFundDocument(ctx, authz.From(ctx), in.ID, h)
			if err != nil {
				return nil, err
			}
			return httpapi.DocumentFile(d.Name, d.MediaType, body), nil
		})
}
