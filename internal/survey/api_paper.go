package survey

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

const tagPaper = "Survey paper"

// LotPath names a lot of envelopes.
type LotPath struct {
	RoundPath
	LotID id.ID `path:"lotId" doc:"Lot of paper envelopes"`
}

type orderLotInput struct {
	RoundPath
	Body struct {
		Stratum string `json:"stratum" pattern:"^s[0-9]{4,6}$" doc:"Its code"`
		Size    int64  `json:"size" minimum:"1" maximum:"500" doc:"Envelopes"`
	}
}

type signLotInput struct {
	LotPath
	Body struct {
		Blinded [][]byte `json:"blinded" minItems:"1" maxItems:"500" doc:"As many blinded tokens as envelopes were ordered, base64 (RFC 9474)"`
	}
}

// LotSignatures are the blind signatures of a lot, in the order of what was sent.
type LotSignatures struct {
	BlindSignatures [][]byte `json:"blindSignatures" doc:"Base64"`
}

type registerLotInput struct {
	LotPath
	Body struct {
		Ballots []BallotBody `json:"ballots" minItems:"1" maxItems:"500" doc:"The finished ballots without their codes, ascending by token"`
	}
}

type takeInput struct {
	LotPath
	Body struct {
		UnitID id.ID       `json:"unitId" doc:"The dwelling that took an envelope"`
		Slip   ballot.Hash `json:"slip" doc:"Random; the same again after a lost answer"`
	}
}

type enterPaperInput struct {
	RoundPath
	Body struct {
		Opening  ballot.Hash     `json:"opening" doc:"Proof of the right to the first revision, made of the code on the sheet"`
		Answers  json.RawMessage `json:"answers" doc:"As when a ballot is cast"`
		Salt     ballot.Hash     `json:"salt" doc:"Of the commitment; kept with the receipt"`
		TextSalt ballot.Hash     `json:"textSalt" doc:"Of the free text's hash"`
		TextKey  ballot.Hash     `json:"textKey" doc:"Random: free text is kept under it, apart from the answers"`
	}
}

type voidInput struct {
	LotPath
	Body struct {
		Openings []ballot.Hash `json:"openings" minItems:"1" maxItems:"200" doc:"Of the sheets, made of their codes"`
		Fate     Fate          `json:"fate" enum:"unused,spoilt"`
		Replaced bool          `json:"replaced,omitempty" doc:"Of spoilt ones: as many others were handed out instead"`
	}
}

// Voided is how many envelopes became void.
type Voided struct {
	Void int `json:"void" doc:"That were not void before"`
}

func (in *registerLotInput) ballots() ([]ballot.Ballot, error) {
	out := make([]ballot.Ballot, len(in.Body.Ballots))
	for i, b := range in.Body.Ballots {
		signature, err := base64.RawURLEncoding.Strict().DecodeString(b.Signature)
		if err != nil {
			return nil, fault.InvalidField(fmt.Sprintf("body.ballots[%d].signature", i), "ballot.malformed")
		}
		out[i] = ballot.Ballot{Key: b.Key, Token: b.Token, Prefix: b.Prefix, Signature: signature}
	}
	return out, nil
}

const lotsPath = "/survey-rounds/{roundId}/lots"

func (s *Service) registerPaper(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listSurveyLots", Method: http.MethodGet, Path: lotsPath, Tag: tagPaper, Permission: authz.SurveyPaper,
		Summary: "Lots of paper envelopes of a round", Description: "While the round is open small counts are not shown."},
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[page.Page[LotView]], error) {
			list, err := s.Lots(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(page.Page[LotView]{Items: list}, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "orderSurveyLot", Method: http.MethodPost, Path: lotsPath, Tag: tagPaper, Permission: authz.SurveyAuthor, Status: http.StatusCreated,
		Summary: "Order a lot of paper envelopes for a stratum", Description: "By the street office or the community that holds the round. It is printed on a machine without a network; see the guide."},
		func(ctx context.Context, in *orderLotInput) (*httpapi.Body[LotView], error) {
			return httpapi.Answer(s.OrderLot(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Body.Stratum, in.Body.Size))
		})
	httpapi.Register(api, httpapi.Op{ID: "signSurveyLot", Method: http.MethodPost, Path: lotsPath + "/{lotId}/signatures", Tag: tagPaper, Permission: authz.SurveyAuthor, Timeout: 2 * time.Minute,
		Summary: "Have the blinded ballots of a lot signed", Description: "The same batch again gets the same signatures, another one is refused. How many were signed enters the ledger."},
		func(ctx context.Context, in *signLotInput) (*httpapi.Body[LotSignatures], error) {
			list, err := s.SignLot(ctx, authz.From(ctx), in.ID, in.LotID, in.Body.Blinded)
			return httpapi.Answer(LotSignatures{list}, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "registerSurveyLot", Method: http.MethodPut, Path: lotsPath + "/{lotId}/ballots", Tag: tagPaper, Permission: authz.SurveyAuthor,
		Summary: "Register the finished ballots of a lot", Description: "Without their codes, so that nobody can cast with them. From then on envelopes may be handed out, and their ballots count only as two persons enter them from the paper."},
		func(ctx context.Context, in *registerLotInput) (*httpapi.Body[LotView], error) {
			list, err := in.ballots()
			if err != nil {
				return nil, err
			}
			return httpapi.Answer(s.RegisterLot(ctx, authz.From(ctx), in.ID, in.LotID, list))
		})
	httpapi.Register(api, httpapi.Op{ID: "takeSurveyEnvelope", Quiet: true, Method: http.MethodPost, Path: lotsPath + "/{lotId}/taken", Tag: tagPaper, Permission: authz.SurveyPaper, Status: http.StatusNoContent,
		Summary: "Record that a dwelling took an envelope, never which", Description: "It is the dwelling's draw, like one on the web and not to be told from it."},
		func(ctx context.Context, in *takeInput) (*httpapi.Empty, error) {
			return httpapi.Done(s.TakeEnvelope(ctx, authz.From(ctx), in.ID, in.LotID, in.Body.UnitID, in.Body.Slip))
		})
	httpapi.Register(api, httpapi.Op{ID: "voidSurveyEnvelopes", Method: http.MethodPost, Path: lotsPath + "/{lotId}/void", Tag: tagPaper, Permission: authz.SurveyPaper,
		Summary: "Make envelopes void that came back unused or spoilt", Description: "Their ballots can never be entered; at closing the ledger names them."},
		func(ctx context.Context, in *voidInput) (*httpapi.Body[Voided], error) {
			n, err := s.VoidEnvelopes(ctx, authz.From(ctx), in.ID, in.LotID, Voiding(in.Body))
			return httpapi.Answer(Voided{n}, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "enterSurveyPaper", Method: http.MethodPost, Path: "/survey-rounds/{roundId}/paper-responses", Tag: tagPaper, Permission: authz.SurveyPaper, MaxBody: 64 << 10,
		Summary: "Enter a returned sheet", Description: "Two natural persons without a post in the rated company key it in, one after the other and without seeing each other's. It counts when they agree; where they differ the items are named."},
		func(ctx context.Context, in *enterPaperInput) (*httpapi.Body[PaperEntered], error) {
			answers, err := questionnaire.ParseAnswers(in.Body.Answers)
			if err != nil {
				return nil, err
			}
			b := in.Body
			return httpapi.Answer(s.EnterPaper(ctx, authz.From(ctx), in.ID, PaperEntry{b.Opening, answers, b.Salt, b.TextSalt, b.TextKey}))
		})
}

// InterviewerPath names an interviewer of a round.
type InterviewerPath struct {
	RoundPath
	Number int64 `path:"number" minimum:"1" doc:"Of the interviewer"`
}

type appointInput struct {
	RoundPath
	Body struct {
		PersonID id.ID `json:"personId" doc:"Without a post in the rated company"`
		OrgID    id.ID `json:"organisationId" doc:"In which the person holds a post"`
	}
}

// BadgeView is an interviewer's badge.
type BadgeView struct {
	Badge string `json:"badge" doc:"What the interviewer's device casts with; nobody else is shown it"`
}

// AgreementPath names a dwelling that agrees to an interview.
type AgreementPath struct {
	RoundPath
	UnitID id.ID `path:"unitId" doc:"A dwelling without a log-in"`
}

const interviewersPath, agreementsPath = "/survey-rounds/{roundId}/interviewers", "/survey-rounds/{roundId}/agreements"

func (s *Service) registerInterviews(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listSurveyInterviewers", Method: http.MethodGet, Path: interviewersPath, Tag: tagPaper, Permission: authz.SurveyAuthor,
		Summary: "Interviewers of a round", Description: "For those who hold it."},
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[page.Page[Interviewer]], error) {
			list, err := s.Interviewers(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(page.Page[Interviewer]{Items: list}, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "appointSurveyInterviewer", Method: http.MethodPost, Path: interviewersPath, Tag: tagPaper, Permission: authz.SurveyAuthor, Status: http.StatusCreated,
		Summary: "Appoint an interviewer", Description: "A natural person without a post in the rated company, over all posts of the person. At most 50 in a round."},
		func(ctx context.Context, in *appointInput) (*httpapi.Body[Interviewer], error) {
			return httpapi.Answer(s.AppointInterviewer(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Body.PersonID, in.Body.OrgID))
		})
	httpapi.Register(api, httpapi.Op{ID: "dismissSurveyInterviewer", Method: http.MethodPost, Path: interviewersPath + "/{number}/dismiss", Tag: tagPaper, Permission: authz.SurveyAuthor, Status: http.StatusNoContent,
		Summary: "End an interviewer's work", Description: "The badge is worth nothing any more; what was cast with it stays."},
		func(ctx context.Context, in *InterviewerPath) (*httpapi.Empty, error) {
			return httpapi.Done(s.DismissInterviewer(ctx, authz.From(ctx), in.ID, in.Number))
		})
	httpapi.Register(api, httpapi.Op{ID: "getSurveyBadge", Method: http.MethodGet, Path: "/survey-rounds/{roundId}/badge", Tag: tagPaper, Permission: authz.SurveyInterview,
		Summary: "One's own badge as an interviewer"},
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[BadgeView], error) {
			badge, err := s.OwnBadge(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(BadgeView{badge.String()}, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "listSurveyVisits", Method: http.MethodGet, Path: agreementsPath, Tag: tagPaper, Permission: authz.SurveyInterview,
		Summary: "Dwellings that wait for an interviewer", Description: "For the round's interviewers."},
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[page.Page[Visit]], error) {
			list, err := s.Visits(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(page.Page[Visit]{Items: list}, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "recordSurveyAgreement", Quiet: true, Method: http.MethodPut, Path: agreementsPath + "/{unitId}", Tag: tagPaper, Permission: authz.SurveyRoll, Status: http.StatusNoContent,
		Summary: "Record that a dwelling without a log-in has agreed to an interview", Description: "By the community, never by an interviewer, and only where nobody of the dwelling has an account. The record is gone once the ballot is drawn."},
		func(ctx context.Context, in *AgreementPath) (*httpapi.Empty, error) {
			return httpapi.Done(s.RecordAgreement(ctx, authz.From(ctx), in.ID, in.UnitID))
		})
	httpapi.Register(api, httpapi.Op{ID: "withdrawSurveyAgreement", Quiet: true, Method: http.MethodDelete, Path: agreementsPath + "/{unitId}", Tag: tagPaper, Permission: authz.SurveyRoll, Status: http.StatusNoContent,
		Summary: "Take back what a dwelling agreed to"},
		func(ctx context.Context, in *AgreementPath) (*httpapi.Empty, error) {
			return httpapi.Done(s.WithdrawAgreement(ctx, authz.From(ctx), in.ID, in.UnitID))
		})
	httpapi.Register(api, httpapi.Op{ID: "drawAssistedBallot", Quiet: true, Method: http.MethodPost, Path: agreementsPath + "/{unitId}/ballot", Tag: tagPaper, Permission: authz.SurveyInterview,
		Summary: "Draw the ballot of a dwelling that has agreed, on the interviewer's device", Description: "The same blinded token again gets the same signature. It is cast without a log-in, with the interviewer's badge."},
		func(ctx context.Context, in *assistedInput) (*httpapi.Body[Drawn], error) {
			signature, err := s.DrawAssisted(ctx, authz.From(ctx), in.ID, in.UnitID, in.Body.KeyID, in.Body.Blinded)
			return httpapi.Answer(Drawn{signature}, err)
		})
}

type assistedInput struct {
	AgreementPath
	Body struct {
		KeyID   ballot.Hash `json:"keyId" doc:"The key of the dwelling's stratum, found in the ledger"`
		Blinded []byte      `json:"blinded" minLength:"4" maxLength:"1024" doc:"The blinded token, base64 (RFC 9474)"`
	}
}
