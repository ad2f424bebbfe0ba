package contract

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

const (
	tagContracts    = "Contracts"
	tagHandover     = "Hand-over"
	tagArrangements = "Arrangements"
)

// Register adds the operations of contracts, hand-overs and arrangements.
func Register(api *httpapi.API, s *Service) {
	s.registerReading(api)
	s.registerDrafts(api)
	s.registerDocuments(api)
	s.registerForce(api)
	s.registerEnd(api)
	s.registerHandover(api)
	s.registerArrangements(api)
}

// ContractPath names a contract in the path. Like the other embedded inputs it is exported because huma looks
// into no other.
type ContractPath struct {
	ID id.ID `path:"contractId" doc:"Contract"`
}

// op is an operation on one contract; an empty path is the contract itself.
func op(name, method, path, summary string, perm authz.Permission) httpapi.Op {
	return httpapi.Op{ID: name, Method: method, Path: "/contracts/{contractId}" + path, Tag: tagContracts, Summary: summary, Permission: perm}
}

// describe adds a description.
func describe(o httpapi.Op, text string) httpapi.Op {
	o.Description = text
	return o
}

// answer shows the contract after a step that the caller was allowed to take.
func (s *Service) answer(ctx context.Context, c Contract, err error) (*httpapi.Versioned[View], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.view(ctx, s.DB, authz.From(ctx), c)
	return httpapi.AnswerVersion(v, v.Version, err)
}

// once is a step that needs no version: what it does is guarded by the state.
func once(ctx context.Context) Taken { return Taken{Once: httpapi.Once(ctx)} }

// onVersion is a step on the version that the caller saw.
func onVersion(ctx context.Context, m httpapi.IfMatch) (Taken, error) {
	v, err := m.Version()
	return Taken{httpapi.Once(ctx), &v}, err
}

type listInput struct {
	httpapi.PageInput
	ServiceArea id.ID `query:"serviceAreaId" doc:"Only those of this service area"`
	State       State `query:"state" enum:"draft,signed,in_force,renewed,indefinite,terminated,handover,closed" doc:"Only those in this state"`
}

type deadlineInput struct {
	httpapi.PageInput
	From        clock.Date    `query:"from" doc:"First due day"`
	To          clock.Date    `query:"to" doc:"Last due day"`
	State       DeadlineState `query:"state" enum:"open,done,missed,void"`
	Kind        DeadlineKind  `query:"kind" maxLength:"30" doc:"As filing, expiry, renewal_180, handover"`
	ServiceArea id.ID         `query:"serviceAreaId" doc:"Only those of this service area"`
}

type pagedContract struct {
	ContractPath
	httpapi.PageInput
}

type proposalInput struct {
	ContractPath
	Score   int64 `query:"score" required:"true" minimum:"0" maximum:"10000" doc:"Result of the quality assessment, in hundredths"`
	BaseFen int64 `query:"baseFen" required:"true" minimum:"0" doc:"Fee of the period, in fen"`
}

func (s *Service) registerReading(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listContracts", Method: http.MethodGet, Path: "/contracts", Tag: tagContracts, Permission: authz.ContractRead, Summary: "Contracts that I may see, the newest first"},
		func(ctx context.Context, in *listInput) (*httpapi.Body[page.Page[Contract]], error) {
			return httpapi.Answer(s.Contracts(ctx, authz.From(ctx), Filter{in.ServiceArea, in.State}, in.Page()))
		})
	httpapi.Register(api, op("getContract", http.MethodGet, "", "A contract with its terms", authz.ContractRead),
		func(ctx context.Context, in *ContractPath) (*httpapi.Versioned[View], error) {
			v, err := s.Show(ctx, authz.From(ctx), in.ID)
			return httpapi.AnswerVersion(v, v.Version, err)
		})
	httpapi.Register(api, op("listContractEvents", http.MethodGet, "/events", "What happened to a contract", authz.ContractRead),
		func(ctx context.Context, in *pagedContract) (*httpapi.Body[page.Page[Event]], error) {
			return httpapi.Answer(s.Events(ctx, authz.From(ctx), in.ID, in.Page()))
		})
	httpapi.Register(api, describe(op("getFeeProposal", http.MethodGet, "/fee-proposal", "What the fee linkage proposes for a score", authz.ContractRead),
		"Computed from the bands of the contract in force; 409 without a linkage clause. A proposal settles nothing: both parties must confirm it, and may object."),
		func(ctx context.Context, in *proposalInput) (*httpapi.Body[Proposal], error) {
			return httpapi.Answer(s.FeeProposal(ctx, authz.From(ctx), in.ID, in.Score, in.BaseFen))
		})
	httpapi.Register(api, httpapi.Op{ID: "listContractDeadlines", Method: http.MethodGet, Path: "/contract-deadlines", Tag: tagContracts, Permission: authz.ContractRead,
		Summary: "Deadlines by day", Description: "Calendar days with roll-over (Civil Code 201-203). actBy is the last working day in time; a provisional day may move when the holidays are published."},
		func(ctx context.Context, in *deadlineInput) (*httpapi.Body[page.Page[Deadline]], error) {
			return httpapi.Answer(s.Deadlines(ctx, authz.From(ctx), DeadlineFilter{in.From, in.To, in.State, in.Kind, in.ServiceArea}, in.Page()))
		})
}

type draftInput struct {
	Body NewContract
}

type runningInput struct {
	Body Running
}

type replaceInput struct {
	ContractPath
	httpapi.IfMatch
	Body Terms
}

type decisionInput struct {
	ContractPath
	Body Evidence
}

type versionedStep struct {
	ContractPath
	httpapi.IfMatch
}

type filingInput struct {
	ContractPath
	Body struct {
		FiledOn clock.Date `json:"filedOn" doc:"The day of filing"`
		Number  string     `json:"number" minLength:"1" maxLength:"60" doc:"The authority's number"`
	}
}

func (s *Service) registerDrafts(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "draftContract", Method: http.MethodPost, Path: "/contracts", Tag: tagContracts, Permission: authz.ContractDraft, Status: http.StatusCreated,
		Summary: "Draft a contract", Description: "In the name of one of its parties: the company or the owners' side. One organisation has at most 10 open drafts of its own in a service area, and 20 in those that it does not handle."},
		func(ctx context.Context, in *draftInput) (*httpapi.Versioned[View], error) {
			c, err := s.DraftContract(ctx, authz.From(ctx), httpapi.Once(ctx), in.Body)
			return s.answer(ctx, c, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "importRunningContract", Method: http.MethodPost, Path: "/running-contracts", Tag: tagContracts, Permission: authz.ContractImport, Status: http.StatusCreated,
		Summary: "Enter a contract already running", Description: "By the street office; it is in force at once."},
		func(ctx context.Context, in *runningInput) (*httpapi.Versioned[View], error) {
			c, err := s.ImportRunning(ctx, authz.From(ctx), httpapi.Once(ctx), in.Body)
			return s.answer(ctx, c, err)
		})
	httpapi.Register(api, describe(op("replaceDraft", http.MethodPut, "", "Replace the terms of a draft", authz.ContractDraft), "Signatures given to the terms before count no more."),
		func(ctx context.Context, in *replaceInput) (*httpapi.Versioned[View], error) {
			how, err := onVersion(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			c, err := s.Replace(ctx, authz.From(ctx), in.ID, how, in.Body)
			return s.answer(ctx, c, err)
		})
	httpapi.Register(api, describe(op("recordOwnersDecision", http.MethodPut, "/decision", "Record the owners' decision", authz.ContractSign),
		"The evidence for an ordinary contract, by the owners' side. The four tests of Civil Code 278 are computed in whole numbers; a decision that fails one is refused."),
		func(ctx context.Context, in *decisionInput) (*httpapi.Versioned[View], error) {
			c, err := s.RecordDecision(ctx, authz.From(ctx), in.ID, once(ctx), in.Body)
			return s.answer(ctx, c, err)
		})
	httpapi.Register(api, describe(op("signContract", http.MethodPost, "/sign", "Sign for one party", authz.ContractSign),
		"If-Match names the version that is signed. Two different natural persons sign, one for each side. Filing is due afterwards and never a condition."),
		func(ctx context.Context, in *versionedStep) (*httpapi.Versioned[View], error) {
			how, err := onVersion(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			c, err := s.Sign(ctx, authz.From(ctx), in.ID, how)
			return s.answer(ctx, c, err)
		})
	httpapi.Register(api, describe(op("withdrawContract", http.MethodPost, "/withdraw", "Withdraw a contract that is not to take effect", authz.ContractDraft), "A draft by one party, a signed contract by both."),
		func(ctx context.Context, in *versionedStep) (*httpapi.Versioned[View], error) {
			how, err := onVersion(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			c, err := s.Withdraw(ctx, authz.From(ctx), in.ID, how)
			return s.answer(ctx, c, err)
		})
	httpapi.Register(api, op("fileContract", http.MethodPut, "/filing", "Record the filing with the authority", authz.ContractFile),
		func(ctx context.Context, in *filingInput) (*httpapi.Versioned[View], error) {
			c, err := s.File(ctx, authz.From(ctx), in.ID, once(ctx), in.Body.FiledOn, in.Body.Number)
			return s.answer(ctx, c, err)
		})
}

type uploadInput struct {
	ContractPath
	httpapi.DocumentForm
}

type documentPath struct {
	ContractPath
	httpapi.DocumentHash
}

func (s *Service) registerDocuments(api *httpapi.API) {
	upload := op("addContractDocument", http.MethodPost, "/documents", "Add a document", authz.ContractNotice)
	upload.Status, upload.MaxBody = http.StatusCreated, httpapi.MaxDocument
	httpapi.Register(api, upload, func(ctx context.Context, in *uploadInput) (*httpapi.Body[Document], error) {
		f := in.File()
		defer f.Close()
		return httpapi.Answer(s.Attach(ctx, authz.From(ctx), in.ID, once(ctx), f.Filename, f))
	})
	httpapi.Register(api, op("getContractDocument", http.MethodGet, "/documents/{hash}", "Download a document", authz.ContractRead),
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
