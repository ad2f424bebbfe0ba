package survey

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

// DwellingPath names a dwelling of one's own in a round.
type DwellingPath struct {
	RoundPath
	UnitID id.ID `path:"unitId" doc:"The unit one lives in or owns"`
}

type drawInput struct {
	DwellingPath
	Body struct {
		KeyID   ballot.Hash `json:"keyId" doc:"The key of the dwelling's stratum, found in the ledger"`
		Blinded []byte      `json:"blinded" minLength:"4" maxLength:"1024" doc:"The blinded token, base64 (RFC 9474)"`
	}
}

// Drawn is the signature of a blinded token.
type Drawn struct {
	BlindSignature []byte `json:"blindSignature" doc:"Base64; the client makes the ballot of it"`
}

func (s *Service) registerBallots(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "getOwnDwelling", Method: http.MethodGet, Path: "/survey-rounds/{roundId}/dwellings/{unitId}", Tag: tagBallots, Permission: authz.SurveyDraw,
		Summary: "One's own dwelling in a round", Description: "With the nonce by which the household finds itself in the sealed lists. Nothing leads from a dwelling to an answer."},
		func(ctx context.Context, in *DwellingPath) (*httpapi.Body[OwnDwelling], error) {
			return httpapi.Answer(s.Own(ctx, authz.From(ctx), in.ID, in.UnitID))
		})
	httpapi.Register(api, httpapi.Op{ID: "drawBallot", Quiet: true, Method: http.MethodPost, Path: "/survey-rounds/{roundId}/dwellings/{unitId}/ballot", Tag: tagBallots, Permission: authz.SurveyDraw,
		Summary: "Draw the ballot of one's dwelling",
		Description: "The blinded token is signed without being seen. A dwelling has one ballot: the same blinded token again gets the same signature, another one is refused. " +
			"Best done as the last step, after the answers, so that a lost phone seldom loses a ballot."},
		func(ctx context.Context, in *drawInput) (*httpapi.Body[Drawn], error) {
			signature, err := s.DrawBallot(ctx, authz.From(ctx), in.ID, in.UnitID, in.Body.KeyID, in.Body.Blinded)
			return httpapi.Answer(Drawn{signature}, err)
		})
}

type castInput struct {
	RoundPath
	Body CastBallotRequest
}

// CastBallotRequest is a ballot with its answers.
type CastBallotRequest struct {
	httpapi.Unread `json:"-"`

	Ballot   BallotBody      `json:"ballot"`
	Revision int             `json:"revision" minimum:"1" maximum:"64" doc:"1 for the first cast; a later one replaces an earlier one until the round closes"`
	Opening  ballot.Hash     `json:"opening" doc:"Proof of the right to the revision"`
	Answers  json.RawMessage `json:"answers" doc:"By the items' codes: a number, an option, a list of options, dont_know, or a text"`
	Salt     ballot.Hash     `json:"salt" doc:"Of the commitment; kept with the receipt"`
	TextSalt ballot.Hash     `json:"textSalt" doc:"Of the free text's hash; kept with the receipt, never stored here"`
	TextKey  ballot.Hash     `json:"textKey" doc:"Random, the same for every revision: free text is kept under it, apart from the answers"`
	Badge    string          `json:"badge,omitempty" maxLength:"60" doc:"Of the interviewer on whose device a household casts: the answers are marked with the interviewer's number"`
}

// BallotBody is a ballot as it is cast.
type BallotBody struct {
	Key       ballot.Hash  `json:"key"`
	Token     ballot.Token `json:"token"`
	Prefix    ballot.Hash  `json:"prefix"`
	Signature string       `json:"signature" minLength:"300" maxLength:"700" doc:"Base64url without padding"`
}

func (in *castInput) cast() (Cast, error) {
	b := in.Body
	signature, err := base64.RawURLEncoding.Strict().DecodeString(b.Ballot.Signature)
	if err != nil {
		return Cast{}, fault.InvalidField("body.ballot.signature", "ballot.malformed")
	}
	out := Cast{Revision: b.Revision, Opening: b.Opening, Salt: b.Salt, TextSalt: b.TextSalt, TextKey: b.TextKey, Badge: b.Badge,
		Ballot: ballot.Ballot{Key: b.Ballot.Key, Token: b.Ballot.Token, Prefix: b.Ballot.Prefix, Signature: signature}}
	out.Answers, err = questionnaire.ParseAnswers(b.Answers)
	return out, err
}

// Promise is the receipt of a cast ballot.
type Promise struct {
	Receipt ballot.Receipt `json:"receipt" doc:"One line to keep; it proves a dropped or changed answer and shows none"`
}

// Paper is what a client needs to answer and cast.
type Paper struct {
	ID            id.ID                       `json:"id"`
	Title         string                      `json:"title"`
	State         State                       `json:"state" enum:"open,closing,closed,scored,published,revised"`
	OpensAt       clock.Instant               `json:"opensAt"`
	ClosesAt      clock.Instant               `json:"closesAt"`
	Questionnaire questionnaire.Questionnaire `json:"questionnaire"`
	Dimensions    []PaperDimension            `json:"dimensions" doc:"Names of the dimensions that its ratings belong to, as the rules of the round have them"`
	FormHash      ballot.Hash                 `json:"formHash"`
	ReceiptKey    ballot.Hash                 `json:"receiptKey"`
	Keys          []PaperKey                  `json:"keys"`
}

// PaperDimension is a dimension's name.
type PaperDimension struct {
	Code string             `json:"code"`
	Name questionnaire.Text `json:"name"`
}

// PaperKey is the key of a stratum.
type PaperKey struct {
	Stratum   string `json:"stratum"`
	Name      string `json:"name"`
	Dwellings int64  `json:"dwellings" doc:"That are asked"`
	PublicKey []byte `json:"publicKey" doc:"SubjectPublicKeyInfo, base64; its SHA-256 must be in the leaf that opened the round"`
}

type sealInput struct {
	RoundPath
	Stratum string     `path:"stratum" pattern:"^s[0-9]{4,6}$" doc:"Stratum"`
	Day     clock.Date `path:"day" doc:"A sealed day"`
}

type tokenInput struct {
	RoundPath
	Token ballot.Hash `path:"token" doc:"The ballot's public name, as in the receipt"`
}

func public(name, path, summary, description string) httpapi.Op {
	return httpapi.Op{ID: name, Public: true, Method: http.MethodGet, Path: "/public/survey-rounds/{roundId}" + path, Tag: tagPublic, Summary: summary, Description: description}
}

func (s *Service) registerPublic(api *httpapi.API) {
	httpapi.Register(api, public("getSurveyPaper", "", "What is asked, and the keys of the ballots", "From the opening on."),
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[Paper], error) {
			return httpapi.Answer(s.Paper(ctx, in.ID))
		})
	httpapi.Register(api, httpapi.Op{ID: "castBallot", Public: true, Quiet: true, Method: http.MethodPost, Path: "/public/survey-rounds/{roundId}/responses", Tag: tagPublic, Status: http.StatusCreated, MaxBody: 64 << 10,
		Summary:     "Cast a ballot without a name",
		Description: "Send no cookies. Neither address, agent nor time is kept. A repetition of the same revision gets the same receipt; a later revision replaces the answers until the round closes."},
		func(ctx context.Context, in *castInput) (*httpapi.Body[Promise], error) {
			c, err := in.cast()
			if err != nil {
				return nil, err
			}
			receipt, err := s.CastBallot(ctx, in.ID, c)
			return httpapi.Answer(Promise{receipt}, err)
		})
	httpapi.Register(api, public("listSurveyLeaves", "/leaves", "What a round has in the ledger, beside its responses", "Each text is hashed into a leaf of the log of surveys, whose proofs are under Ledger."),
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[page.Page[Leaf]], error) {
			list, err := s.Leaves(ctx, in.ID)
			return httpapi.Answer(page.Page[Leaf]{Items: list}, err)
		})
	httpapi.Register(api, public("getDrawSeal", "/strata/{stratum}/seals/{day}", "The sealed list of who had drawn a ballot", "Sorted commitments, one for each dwelling that is asked: only its household can read its own."),
		func(ctx context.Context, in *sealInput) (*httpapi.Body[page.Page[ballot.Hash]], error) {
			list, err := s.SealedList(ctx, in.ID, in.Stratum, in.Day)
			return httpapi.Answer(page.Page[ballot.Hash]{Items: list}, err)
		})
	httpapi.Register(api, public("getCountedResponse", "/responses/{token}", "Where a ballot stands in the ledger", "Once the round is closed. With it a receipt is checked; it shows no answer."),
		func(ctx context.Context, in *tokenInput) (*httpapi.Body[Counted], error) {
			return httpapi.Answer(s.Counted(ctx, in.ID, in.Token))
		})
	httpapi.Register(api, public("getPublicSurveyScore", "/score", "The newest published score of a round", ""),
		func(ctx context.Context, in *RoundPath) (*httpapi.Body[Card], error) {
			return httpapi.Answer(s.PublicCard(ctx, in.ID))
		})
}
