package vote

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/teller"
)

type objectInput struct {
	VotePath
	Body struct {
		Content string `json:"content" minLength:"5" maxLength:"2000" doc:"What is wrong; the organiser reads it"`
	}
}

type answerInput struct {
	VoteStep
	ObjectionID id.ID `path:"voteObjectionId" doc:"Objection to the roll"`
	Body        struct {
		Accept bool   `json:"accept" doc:"The register is mended and the roll posted anew"`
		Answer string `json:"answer" minLength:"2" maxLength:"2000" doc:"The owner reads it"`
	}
}

type developerInput struct {
	VoteStep
	Body struct {
		Document string `json:"document" minLength:"64" maxLength:"64" doc:"The developer's paper, a document of this vote, by hash"`
		Unit     id.ID  `json:"unit" doc:"A dwelling of the developer's line: whom the paper names is entered there"`
	}
}

type deliverInput struct {
	VotePath
	Body struct {
		Heads []int  `json:"heads" minItems:"1" maxItems:"500" doc:"Lines of the roll"`
		How   string `json:"how" enum:"door,mail,notice" doc:"notice: posted, for owners whom nobody finds; no delivery where the owners' own rules speak for the silent"`
		Note  string `json:"note,omitempty" maxLength:"300"`
	}
}

// Delivered is how many were not delivered before.
type Delivered struct {
	Heads int64 `json:"heads"`
}

func (s *Service) registerRoll(api *httpapi.API) {
	httpapi.Register(api, op("postVoteRoll", http.MethodPost, "/{voteId}/roll", tagVotes, "Post the roll of owners, or post it corrected", "Read out of the register as it is now. It freezes when the vote opens.", authz.VoteOrganise),
		func(ctx context.Context, in *VoteStep) (*httpapi.Versioned[Seen], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			v, err := s.PostRoll(ctx, authz.From(ctx), in.ID, t)
			return s.answer(ctx, v, err)
		})
	httpapi.Register(api, op("getVoteRoll", http.MethodGet, "/{voteId}/roll", tagVotes, "The posted roll", "For its owners and who hands out ballots. Who took part is the organiser's to know until the vote has closed.", authz.VoteRead),
		func(ctx context.Context, in *VotePath) (*httpapi.Body[page.Page[Line]], error) {
			list, err := s.Roll(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(page.Page[Line]{Items: list}, err)
		})
	httpapi.Register(api, op("authoriseVoteDeveloper", http.MethodPost, "/{voteId}/developer-authority", tagVotes, "Record whom the developer authorised",
		"What the developer has not sold or not handed over has one ballot together. Nobody casts it before the developer's paper is recorded, which stands on the roll.", authz.VoteOrganise),
		func(ctx context.Context, in *developerInput) (*httpapi.Versioned[Seen], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			document, err := blob.ParseHash(in.Body.Document)
			if err != nil {
				return nil, fault.InvalidField("body.document", "vote.document")
			}
			v, err := s.AuthoriseDeveloper(ctx, authz.From(ctx), in.ID, t, DeveloperAuthority{document, in.Body.Unit})
			return s.answer(ctx, v, err)
		})
	httpapi.Register(api, created(op("objectToVoteRoll", http.MethodPost, "/{voteId}/roll-objections", tagVotes, "Object to the posted roll", "", authz.VoteObject)),
		func(ctx context.Context, in *objectInput) (*httpapi.Versioned[Objection], error) {
			o, err := s.Object(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Body.Content)
			return httpapi.AnswerVersion(o, o.Version, err)
		})
	httpapi.Register(api, op("listVoteRollObjections", http.MethodGet, "/{voteId}/roll-objections", tagVotes, "Objections to the roll", "All for who organises, one's own for an owner.", authz.VoteRead),
		func(ctx context.Context, in *VotePath) (*httpapi.Body[page.Page[Objection]], error) {
			list, err := s.Objections(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(page.Page[Objection]{Items: list}, err)
		})
	httpapi.Register(api, op("answerVoteRollObjection", http.MethodPost, "/{voteId}/roll-objections/{voteObjectionId}/answer", tagVotes, "Answer an objection to the roll", "The vote opens with none left open.", authz.VoteOrganise),
		func(ctx context.Context, in *answerInput) (*httpapi.Versioned[Objection], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			o, err := s.Answer(ctx, authz.From(ctx), in.ID, in.ObjectionID, t, in.Body.Accept, in.Body.Answer)
			return httpapi.AnswerVersion(o, o.Version, err)
		})
	httpapi.Register(api, op("recordVoteDelivery", http.MethodPost, "/{voteId}/deliveries", tagBallots, "Record that ballots reached their owners", "", authz.VotePaper),
		func(ctx context.Context, in *deliverInput) (*httpapi.Body[Delivered], error) {
			n, err := s.Deliver(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, Delivery(in.Body))
			return httpapi.Answer(Delivered{n}, err)
		})
}

type castInput struct {
	HeadPath
	Body struct {
		Sealed []byte `json:"sealed" minLength:"100" maxLength:"600" doc:"The choices, sealed to the vote's key on the caller's device (HPKE, base64): the encapsulated key, then the ciphertext"`
	}
}

// Promise is the receipt of a ballot.
type Promise struct {
	Receipt teller.Receipt `json:"receipt" doc:"One line to keep; it proves a dropped or changed ballot and shows no choice"`
}

type paperInput struct {
	HeadPath
	Body struct {
		Mark   rules.Hash `json:"mark" doc:"Hash of the choice with the code that is printed on the paper alone: two persons who enter the same paper make the same"`
		Sealed []byte     `json:"sealed" minLength:"100" maxLength:"600" doc:"The choices, sealed to the vote's key on the entering person's device, base64"`
		Scan   []byte     `json:"scan" minLength:"4" maxLength:"6000000" doc:"Picture of the paper, sealed to the vote's key on the same device, base64"`
	}
}

// Entered is what became of an entry.
type Entered struct {
	State EntryState `json:"state" enum:"waiting,entered,differs" doc:"waiting for another person; entered: both saw the same; differs: a third look is needed"`
}

func (s *Service) registerBallots(api *httpapi.API) {
	httpapi.Register(api, op("listOwnVoteHeads", http.MethodGet, "/{voteId}/own-heads", tagBallots, "What the caller votes for", "As an owner on the roll, or by an owner's authority.", authz.VoteCast),
		func(ctx context.Context, in *VotePath) (*httpapi.Body[page.Page[Own]], error) {
			list, err := s.Mine(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(page.Page[Own]{Items: list}, err)
		})
	httpapi.Register(api, op("acknowledgeVote", http.MethodPost, "/{voteId}/received", tagBallots, "Say that the notice and the ballot are on one's screen", "Proof of delivery for the heads that the caller owns.", authz.VoteCast),
		func(ctx context.Context, in *VotePath) (*httpapi.Empty, error) {
			return httpapi.Done(s.Received(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(api, op("castVote", http.MethodPut, "/{voteId}/heads/{head}/ballot", tagBallots, "Cast the ballot of an owner",
		"By an owner on the frozen roll or a delegate, while ballots are taken. One's own later ballot replaces an earlier one; co-owners have one vote together.", authz.VoteCast),
		func(ctx context.Context, in *castInput) (*httpapi.Body[Promise], error) {
			r, err := s.Cast(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Head, in.Body.Sealed)
			return httpapi.Answer(Promise{r}, err)
		})
	enter := op("enterPaperVote", http.MethodPost, "/{voteId}/heads/{head}/paper", tagBallots, "Enter a paper ballot, one of two persons", "It counts when two natural persons entered the same. The server sees neither the choice nor the picture.", authz.VotePaper)
	enter.MaxBody = 8 << 20
	httpapi.Register(api, enter,
		func(ctx context.Context, in *paperInput) (*httpapi.Body[Entered], error) {
			state, err := s.Enter(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, Paper{Head: in.Head, Mark: in.Body.Mark, Sealed: in.Body.Sealed, Scan: in.Body.Scan})
			return httpapi.Answer(Entered{state}, err)
		})
}

type takeProxyInput struct {
	VotePath
	Body struct {
		Code string `json:"code" minLength:"4" maxLength:"40" doc:"From the owner"`
	}
}

func (s *Service) registerProxies(api *httpapi.API) {
	httpapi.Register(api, created(op("grantVoteProxy", http.MethodPost, "/{voteId}/heads/{head}/proxy", tagBallots, "Give somebody authority to vote for one", "Whoever takes the code with their own account. It is in this answer and nowhere else.", authz.VoteCast)),
		func(ctx context.Context, in *HeadPath) (*httpapi.Body[Granted], error) {
			return httpapi.Answer(s.Grant(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Head))
		})
	httpapi.Register(api, op("endVoteProxy", http.MethodPost, "/{voteId}/heads/{head}/proxy/end", tagBallots, "Take an authority back", "", authz.VoteCast),
		func(ctx context.Context, in *HeadPath) (*httpapi.Empty, error) {
			return httpapi.Done(s.EndProxy(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Head))
		})
	httpapi.Register(api, op("takeVoteProxy", http.MethodPost, "/{voteId}/proxies", tagBallots, "Become an owner's delegate by their code", "One delegate stands for no more owners than the place allows.", authz.VoteCast),
		func(ctx context.Context, in *takeProxyInput) (*httpapi.Body[page.Page[Own]], error) {
			list, err := s.TakeProxy(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Body.Code)
			return httpapi.Answer(page.Page[Own]{Items: list}, err)
		})
}
