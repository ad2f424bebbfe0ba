package vote

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/teller"
)

type seatInput struct {
	VotePath
	Body struct {
		Reach []byte `json:"reach" minLength:"80" maxLength:"100" doc:"Public key on P-256, uncompressed, base64: the others reach the teller by it"`
	}
}

type dealInput struct {
	VotePath
	Body teller.Dealing
}

type confirmInput struct {
	VotePath
	Body struct {
		KeyHash rules.Hash `json:"keyHash" doc:"Of the key that the teller computed after checking every share"`
	}
}

type vacateInput struct {
	VotePath
	No int `path:"seat" minimum:"1" maximum:"3" doc:"Seat"`
}

func answerSeats(list []Seat, err error) (*httpapi.Body[page.Page[Seat]], error) {
	return httpapi.Answer(page.Page[Seat]{Items: list}, err)
}

func (s *Service) registerTellers(api *httpapi.API) {
	once := func(ctx context.Context) Taken { return Taken{Once: httpapi.Once(ctx)} }
	httpapi.Register(api, op("listVoteTellers", http.MethodGet, "/{voteId}/tellers", tagTellers, "The three tellers and how far the key is", "", authz.VoteRead),
		func(ctx context.Context, in *VotePath) (*httpapi.Body[page.Page[Seat]], error) {
			return answerSeats(s.Seats(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(api, created(op("takeTellerSeat", http.MethodPost, "/{voteId}/tellers", tagTellers, "Become one of the three tellers", "Of three sides (owner, owners' committee, community, street office) and three natural persons, none with a post in a property company.", authz.VoteTell)),
		func(ctx context.Context, in *seatInput) (*httpapi.Body[page.Page[Seat]], error) {
			return answerSeats(s.TakeSeat(ctx, authz.From(ctx), once(ctx), in.ID, in.Body.Reach))
		})
	httpapi.Register(api, op("vacateTellerSeat", http.MethodPost, "/{voteId}/tellers/{seat}/vacate", tagTellers, "Free a teller's seat before the key is made", "By its teller, or by the organiser. What was dealt falls with it.", authz.VoteRead),
		func(ctx context.Context, in *vacateInput) (*httpapi.Body[page.Page[Seat]], error) {
			return answerSeats(s.Vacate(ctx, authz.From(ctx), once(ctx), in.ID, in.No))
		})
	httpapi.Register(api, op("dealVoteKey", http.MethodPut, "/{voteId}/teller/dealing", tagTellers, "Deal shares of one's secret to the tellers", "Commitments for everybody, a share for each other teller, sealed to them.", authz.VoteTell),
		func(ctx context.Context, in *dealInput) (*httpapi.Body[page.Page[Seat]], error) {
			return answerSeats(s.Deal(ctx, authz.From(ctx), once(ctx), in.ID, in.Body))
		})
	httpapi.Register(api, op("confirmVoteKey", http.MethodPost, "/{voteId}/teller/confirm", tagTellers, "Confirm the key after checking every share", "When the three agree it is the vote's key.", authz.VoteTell),
		func(ctx context.Context, in *confirmInput) (*httpapi.Body[page.Page[Seat]], error) {
			return answerSeats(s.Confirm(ctx, authz.From(ctx), once(ctx), in.ID, in.Body.KeyHash))
		})
}

type partInput struct {
	VotePath
	Body struct {
		Purpose id.ID  `json:"purpose" doc:"The vote for the count, or the opening of one ballot"`
		To      int    `json:"to" minimum:"1" maximum:"3" doc:"Seat of the teller whom it is sealed to"`
		Sealed  []byte `json:"sealed" minLength:"4" maxLength:"16777216" doc:"Base64"`
	}
}

type countInput struct {
	VotePath
	Body struct {
		Outcome teller.Outcome `json:"outcome"`
		Spoiled []int          `json:"spoiled" maxItems:"60000" doc:"Heads whose ballots hold nothing that could be read"`
	}
}

func (s *Service) registerCount(api *httpapi.API) {
	httpapi.Register(api, op("getVoteBox", http.MethodGet, "/{voteId}/box", tagTellers, "The sealed ballots of a closed vote, for its tellers", "With the key, and the parts that the others have sent to the caller.", authz.VoteTell),
		func(ctx context.Context, in *VotePath) (*httpapi.Body[Box], error) {
			return httpapi.Answer(s.Open(ctx, authz.From(ctx), in.ID))
		})
	part := op("sendVotePart", http.MethodPut, "/{voteId}/teller/parts", tagTellers, "Send a part to another teller, sealed to them", "A part by itself opens nothing.", authz.VoteTell)
	part.MaxBody = 20 << 20
	httpapi.Register(api, part, func(ctx context.Context, in *partInput) (*httpapi.Empty, error) {
		return httpapi.Done(s.SendPart(ctx, authz.From(ctx), Taken{Once: httpapi.Once(ctx)}, in.ID, in.Body.Purpose, in.Body.To, in.Body.Sealed))
	})
	httpapi.Register(api, op("handInVoteCount", http.MethodPut, "/{voteId}/teller/count", tagTellers, "Hand in what one counted", "The vote is counted when two tellers hand in the same.", authz.VoteTell),
		func(ctx context.Context, in *countInput) (*httpapi.Versioned[Seen], error) {
			v, err := s.HandIn(ctx, authz.From(ctx), Taken{Once: httpapi.Once(ctx)}, in.ID, in.Body.Outcome, in.Body.Spoiled)
			return s.answer(ctx, v, err)
		})
	httpapi.Register(api, op("getExactVoteTotals", http.MethodGet, "/{voteId}/exact-totals", tagTellers, "Exact totals, for the tellers", "Where they would give single votes away they are shown to nobody else.", authz.VoteTell),
		func(ctx context.Context, in *VotePath) (*httpapi.Body[teller.Outcome], error) {
			return httpapi.Answer(s.Exact(ctx, authz.From(ctx), in.ID))
		})
}

type orderInput struct {
	VoteStep
	Body struct {
		Kind      OrderKind `json:"kind" enum:"correct,revoke"`
		Authority Authority `json:"authority,omitempty" enum:"street_office,housing_department" default:"street_office" doc:"Who ordered it: the street office itself, or the housing department on paper"`
		Paper     string    `json:"paper,omitempty" maxLength:"100" doc:"Number of the authority's paper; needed of the housing department"`
		Reasons   string    `json:"reasons" minLength:"20" maxLength:"2000" doc:"Every owner reads them"`
	}
}

// OrderStep is a step of an order in the version that the caller saw.
type OrderStep struct {
	VoteStep
	OrderID id.ID `path:"voteOrderId" doc:"Order about the decision"`
}

type appealInput struct {
	OrderStep
	Body struct {
		Appeal string `json:"appeal" minLength:"10" maxLength:"2000"`
	}
}

type ruleInput struct {
	OrderStep
	Body struct {
		Uphold  bool   `json:"uphold" doc:"The order stays; false lifts it"`
		Paper   string `json:"paper,omitempty" maxLength:"100" doc:"Number of the paper that ruled; needed on an order of the housing department"`
		Reasons string `json:"reasons" minLength:"10" maxLength:"2000"`
	}
}

type liftInput struct {
	OrderStep
	Body struct {
		Paper string `json:"paper,omitempty" maxLength:"100" doc:"Number of the paper that lifted it; needed on an order of the housing department"`
	}
}

func answerOrder(o Order, err error) (*httpapi.Versioned[Order], error) {
	return httpapi.AnswerVersion(o, o.Version, err)
}

func (s *Service) registerOrders(api *httpapi.API) {
	httpapi.Register(api, op("orderVote", http.MethodPost, "/{voteId}/orders", tagVotes, "Order the correction of a decision, or revoke it", "By the street office, or by the housing department on a paper that the street office records; with reasons, and the owners may appeal.", authz.VoteOrder),
		func(ctx context.Context, in *orderInput) (*httpapi.Versioned[Seen], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			v, err := s.Order(ctx, authz.From(ctx), in.ID, t, Decided{Kind: in.Body.Kind, Authority: in.Body.Authority, Paper: in.Body.Paper, Reasons: in.Body.Reasons})
			return s.answer(ctx, v, err)
		})
	httpapi.Register(api, op("listVoteOrders", http.MethodGet, "/{voteId}/orders", tagVotes, "Orders about a decision, with appeals and rulings", "", authz.VoteRead),
		func(ctx context.Context, in *VotePath) (*httpapi.Body[page.Page[Order]], error) {
			list, err := s.Orders(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(page.Page[Order]{Items: list}, err)
		})
	httpapi.Register(api, op("appealVoteOrder", http.MethodPost, "/{voteId}/orders/{voteOrderId}/appeal", tagVotes, "Appeal against an order", "By the owners' committee or an owner on the roll.", authz.VoteAppeal),
		func(ctx context.Context, in *appealInput) (*httpapi.Versioned[Order], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return answerOrder(s.AppealOrder(ctx, authz.From(ctx), in.ID, in.OrderID, t, in.Body.Appeal))
		})
	httpapi.Register(api, op("ruleOnVoteAppeal", http.MethodPost, "/{voteId}/orders/{voteOrderId}/ruling", tagVotes, "Rule on an appeal", "By another natural person than the one who gave the order. What becomes of an order of the housing department is recorded with the number of its paper.", authz.VoteOrder),
		func(ctx context.Context, in *ruleInput) (*httpapi.Versioned[Order], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return answerOrder(s.RuleOnAppeal(ctx, authz.From(ctx), in.ID, in.OrderID, t, Ruling(in.Body)))
		})
	httpapi.Register(api, op("liftVoteOrder", http.MethodPost, "/{voteId}/orders/{voteOrderId}/lift", tagVotes, "Lift an order", "Once the correction is made; one of the housing department with the number of its paper.", authz.VoteOrder),
		func(ctx context.Context, in *liftInput) (*httpapi.Versioned[Order], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return answerOrder(s.LiftOrder(ctx, authz.From(ctx), in.ID, in.OrderID, t, in.Body.Paper))
		})
}

type openingInput struct {
	HeadPath
	Body struct {
		Basis  string `json:"basis" enum:"court,verification"`
		Reason string `json:"reason" minLength:"20" maxLength:"1000" doc:"The owner reads it"`
	}
}

type openingPath struct {
	VotePath
	OpeningID id.ID `path:"voteOpeningId" doc:"Opening"`
}

// Scans are the pictures of a paper ballot as two persons took them.
type Scans struct {
	Scans [][]byte `json:"scans" doc:"Sealed to the vote's key, base64; none of a ballot that was not on paper. The ledger's leaf of the ballot names the hash of each"`
}

func (s *Service) registerOpenings(api *httpapi.API) {
	httpapi.Register(api, created(op("askVoteOpening", http.MethodPost, "/{voteId}/heads/{head}/openings", tagTellers, "Ask the tellers to open one ballot", "For a court or statutory verification, with the reason. The owner is told at once; two tellers do it.", authz.VoteVerify)),
		func(ctx context.Context, in *openingInput) (*httpapi.Body[Opening], error) {
			return httpapi.Answer(s.AskOpening(ctx, authz.From(ctx), Taken{Once: httpapi.Once(ctx)}, in.ID, in.Head, in.Body.Basis, in.Body.Reason))
		})
	httpapi.Register(api, op("listVoteOpenings", http.MethodGet, "/{voteId}/openings", tagTellers, "Openings of single ballots", "All for who may ask and for the tellers; for an owner those of their own ballot.", authz.VoteRead),
		func(ctx context.Context, in *VotePath) (*httpapi.Body[page.Page[Opening]], error) {
			list, err := s.Openings(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(page.Page[Opening]{Items: list}, err)
		})
	httpapi.Register(api, op("getVoteScans", http.MethodGet, "/{voteId}/openings/{voteOpeningId}/scans", tagTellers, "The sealed pictures of a paper ballot that is to be opened", "For the tellers: two of them open the pictures with the choice.", authz.VoteTell),
		func(ctx context.Context, in *openingPath) (*httpapi.Body[Scans], error) {
			list, err := s.Scans(ctx, authz.From(ctx), in.ID, in.OpeningID)
			return httpapi.Answer(Scans{list}, err)
		})
	httpapi.Register(api, op("markVoteOpened", http.MethodPost, "/{voteId}/openings/{voteOpeningId}/opened", tagTellers, "Record that two tellers opened a ballot", "What it says was handed over outside the platform.", authz.VoteTell),
		func(ctx context.Context, in *openingPath) (*httpapi.Body[Opening], error) {
			return httpapi.Answer(s.MarkOpened(ctx, authz.From(ctx), Taken{Once: httpapi.Once(ctx)}, in.ID, in.OpeningID))
		})
}
