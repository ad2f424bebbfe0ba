package survey

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

const (
	tagAudits = "Survey audits"
	xlsxType  = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

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

type leaveInput struct {
	ObjectionPath
	Body struct {
		UnitID id.ID `json:"unitId" doc:"One's dwelling, which has joined"`
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

// AuditPath names an audit in the path.
type AuditPath struct {
	RoundPath
	AuditID id.ID `path:"auditId" doc:"Audit"`
}

// AuditStepInput is a step of an audit in the version that the caller saw.
type AuditStepInput struct {
	AuditPath
	httpapi.IfMatch
}

type queueInput struct {
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Rounds on the page"`
}

type signOffInput struct {
	Body struct {
		Rounds []Quiet `json:"rounds" minItems:"1" maxItems:"50"`
	}
}

type openAuditInput struct {
	RoundPath
	Body struct {
		Reason string `json:"reason" minLength:"5" maxLength:"500"`
	}
}

type excludeInput struct {
	AuditStepInput
	Body struct {
		By     string `json:"by" enum:"channel,lot,stratum"`
		Value  string `json:"value" pattern:"^[A-Za-z0-9._-]{1,40}$"`
		Reason string `json:"reason" minLength:"10" maxLength:"500" doc:"Public once the exclusion is in force"`
	}
}

type confirmInput struct {
	AuditStepInput
	Number int64 `path:"number" minimum:"1" doc:"Of the exclusion"`
}

type concludeInput struct {
	AuditStepInput
	Body struct {
		Proposal Outcome `json:"proposal" enum:"uphold,revise,reject"`
		Finding  string  `json:"finding" minLength:"10" maxLength:"2000"`
	}
}

type decideAuditInput struct {
	AuditStepInput
	Body struct {
		Outcome Outcome `json:"outcome" enum:"uphold,revise,reject" doc:"reject is 审计不采信"`
		Reasons string  `json:"reasons" minLength:"10" maxLength:"2000" doc:"Public"`
	}
}

type recontactInput struct {
	RoundPath
	DwellingID id.ID `path:"dwellingId" doc:"As listed"`
	Body       struct {
		Answer string `json:"answer" enum:"yes,no,not_reached" doc:"To: did you fill it in yourselves?"`
	}
}

type revisionInput struct {
	RoundPath
	Revision int64 `path:"revision" minimum:"0" doc:"0 is the first"`
}

func viewAudit(a Audit, err error) (*httpapi.Versioned[Audit], error) {
	return httpapi.AnswerVersion(a, a.Version, err)
}

const auditsPath = "/survey-rounds/{roundId}/audits"

func (s *Service) registerAudits(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listSurveyAuditQueue", Method: http.MethodGet, Path: "/survey-audits/queue", Tag: tagAudits, Permission: authz.SurveyAudit,
		Summary: "Rounds that wait to be audited or signed off, those with the greatest risk first", Description: "A round joins it within a minute of its score."},
		func(ctx context.Context, in *queueInput) (*httpapi.Body[page.Page[Waiting]], error) {
			list, err := s.AuditQueue(ctx, authz.From(ctx), in.Limit)
			return httpapi.Answer(page.Page[Waiting]{Items: list}, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "signOffSurveyRounds", Method: http.MethodPost, Path: "/survey-audits/sign-off", Tag: tagAudits, Permission: authz.SurveyAudit, Status: http.StatusNoContent,
		Summary: "Take a page of quiet rounds off the queue", Description: "All or none: those that recompute, without a raised flag, an objection or an audit under way."},
		func(ctx context.Context, in *signOffInput) (*httpapi.Empty, error) {
			return httpapi.Done(s.SignOff(ctx, authz.From(ctx), httpapi.Once(ctx), in.Body.Rounds))
		})
	httpapi.Register(api, httpapi.Op{ID: "listSurveyAudits", Method: http.MethodGet, Path: auditsPath, Tag: tagAudits, Permission: authz.SurveyRead,
		Summary: "Audits of a round, for those who audit or decide"},
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[page.Page[Audit]], error) {
			list, err := s.Audits(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(page.Page[Audit]{Items: list}, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "openSurveyAudit", Method: http.MethodPost, Path: auditsPath, Tag: tagAudits, Permission: authz.SurveyAudit, Status: http.StatusCreated,
		Summary: "Audit the newest score of a round", Description: "By somebody without any hand in the round. Settlement waits until it is decided."},
		func(ctx context.Context, in *openAuditInput) (*httpapi.Versioned[Audit], error) {
			return viewAudit(s.OpenAudit(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Body.Reason))
		})
	httpapi.Register(api, httpapi.Op{ID: "getSurveyAudit", Method: http.MethodGet, Path: auditsPath + "/{auditId}", Tag: tagAudits, Permission: authz.SurveyRead,
		Summary: "An audit with its flags, and the score raw and cleaned", Description: "For those who audit or decide."},
		func(ctx context.Context, in *AuditPath) (*httpapi.Versioned[AuditView], error) {
			v, err := s.Audit(ctx, authz.From(ctx), in.ID, in.AuditID)
			return httpapi.AnswerVersion(v, v.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "exportSurveyAudit", Method: http.MethodGet, Path: auditsPath + "/{auditId}/export", Tag: tagAudits, Permission: authz.SurveyRead,
		Summary: "An audit as XLSX", Description: "For those who audit or decide; it says who exported it and when."},
		func(ctx context.Context, in *AuditPath) (*huma.StreamResponse, error) {
			t, err := s.ExportAudit(ctx, authz.From(ctx), in.ID, in.AuditID)
			if err != nil {
				return nil, err
			}
			return httpapi.File(httpapi.Download{Name: t.Name, MediaType: xlsxType, Write: t.Write}), nil
		})
	s.registerAuditSteps(api)
	s.registerRecontacts(api)
	httpapi.Register(api, public("getPublicSurveyAudits", "/audits", "What was found of a published score and what audits came to", "Flags with their methods and stated rates, exclusions with counts and reasons, decisions with reasons, and the re-contact."),
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[AuditTrail], error) {
			return httpapi.Answer(s.Trail(ctx, in.ID))
		})
	httpapi.Register(api, public("getPublicSurveyScoreRevision", "/scores/{revision}", "A revision of a published score", "Earlier ones stay visible."),
		func(ctx context.Context, in *revisionInput) (*httpapi.Body[Card], error) {
			return httpapi.Answer(s.PublicCardAt(ctx, in.ID, in.Revision))
		})
}

func auditStep(name, path, summary, description string, perm authz.Permission) httpapi.Op {
	return httpapi.Op{ID: name, Method: http.MethodPost, Path: auditsPath + "/{auditId}" + path, Tag: tagAudits, Permission: perm, Summary: summary, Description: description}
}

func (s *Service) registerAuditSteps(api *httpapi.API) {
	httpapi.Register(api, auditStep("proposeSurveyExclusion", "/exclusions", "Propose to leave responses out", "By an attribute on their leaves, never by content. Nothing is deleted, and another person confirms it.", authz.SurveyAudit),
		func(ctx context.Context, in *excludeInput) (*httpapi.Versioned[Audit], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return viewAudit(s.Exclude(ctx, authz.From(ctx), in.ID, in.AuditID, t, NewExclusion(in.Body)))
		})
	httpapi.Register(api, auditStep("confirmSurveyExclusion", "/exclusions/{number}/confirm", "Agree to an exclusion as the second natural person", "", authz.SurveyDecide),
		func(ctx context.Context, in *confirmInput) (*httpapi.Versioned[Audit], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return viewAudit(s.ConfirmExclusion(ctx, authz.From(ctx), in.ID, in.AuditID, in.Number, t))
		})
	httpapi.Register(api, auditStep("concludeSurveyAudit", "/conclude", "Say what was found and what is proposed", "Somebody else decides.", authz.SurveyAudit),
		func(ctx context.Context, in *concludeInput) (*httpapi.Versioned[Audit], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return viewAudit(s.Conclude(ctx, authz.From(ctx), in.ID, in.AuditID, t, in.Body.Proposal, in.Body.Finding))
		})
	httpapi.Register(api, auditStep("decideSurveyAudit", "/decide", "Decide an audit in writing", "The score stands, is revised by the confirmed exclusions, or nothing may rest on it (审计不采信). The score before it stays visible.", authz.SurveyDecide),
		func(ctx context.Context, in *decideAuditInput) (*httpapi.Versioned[Audit], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return viewAudit(s.DecideAudit(ctx, authz.From(ctx), in.ID, in.AuditID, t, in.Body.Outcome, in.Body.Reasons))
		})
}

func (s *Service) registerRecontacts(api *httpapi.API) {
	const path = "/survey-rounds/{roundId}/recontacts"
	httpapi.Register(api, httpapi.Op{ID: "drawSurveyRecontact", Method: http.MethodPost, Path: path, Tag: tagAudits, Permission: authz.SurveyAudit, Status: http.StatusCreated,
		Summary: "Choose the drawn dwellings that are asked again", Description: "By a seed that the closing leaf fixes, so that nobody chooses and everybody can choose again."},
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[RecontactResult], error) {
			return httpapi.Answer(s.DrawRecontact(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID))
		})
	httpapi.Register(api, httpapi.Op{ID: "listSurveyRecontacts", Method: http.MethodGet, Path: path, Tag: tagAudits, Permission: authz.SurveyRecontact,
		Summary: "Dwellings to ask whether they filled in their ballots themselves", Description: "For a neutral person: without a post in the rated company, and not who held the round. What they answered in the survey nobody can know."},
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[page.Page[Recontact]], error) {
			list, err := s.Recontacts(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(page.Page[Recontact]{Items: list}, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "answerSurveyRecontact", Method: http.MethodPost, Path: path + "/{dwellingId}/answer", Tag: tagAudits, Permission: authz.SurveyRecontact,
		Summary: "Enter what a dwelling said", Description: "Once; that nobody was reached may be followed by an answer."},
		func(ctx context.Context, in *recontactInput) (*httpapi.Body[Recontact], error) {
			return httpapi.Answer(s.AnswerRecontact(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.DwellingID, in.Body.Answer))
		})
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
	httpapi.Register(api, httpapi.Op{ID: "leaveSurveyObjection", Method: http.MethodPost, Path: path + "/{objectionId}/leave", Tag: tagAudits, Permission: authz.SurveyObject,
		Summary: "Take one's dwelling out of the households' objection before it is filed", Description: "Nobody is shown who has left. When the last dwelling leaves, the objection is gone and other households may begin theirs."},
		func(ctx context.Context, in *leaveInput) (*httpapi.Empty, error) {
			return httpapi.Done(s.Leave(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.ObjectionID, in.Body.UnitID))
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
	s.registerAudits(api)
	s.registerSettlements(api)
}
