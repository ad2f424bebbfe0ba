package vote

import (
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
)

const (
	tagVotes   = "Owners' votes"
	tagBallots = "Owners' ballots"
	tagTellers = "Tellers"
)

// Register adds the operations of owners' votes.
func Register(api *httpapi.API, s *Service) {
	s.registerProcedure(api)
	s.registerVotes(api)
	s.registerProposals(api)
	s.registerRoll(api)
	s.registerBallots(api)
	s.registerProxies(api)
	s.registerTellers(api)
	s.registerCount(api)
	s.registerResults(api)
	s.registerOrders(api)
	s.registerOpenings(api)
	s.registerPublic(api)
}

// VotePath names a vote in the path.
type VotePath struct {
	ID id.ID `path:"voteId" doc:"Vote"`
}

// VoteStep is a step of a vote in the version that the caller saw.
type VoteStep struct {
	VotePath
	httpapi.IfMatch
}

// HeadPath names a line of a vote's roll.
type HeadPath struct {
	VotePath
	Head int `path:"head" minimum:"1" maximum:"60000" doc:"Line of the roll: one owner as the law counts"`
}

// ItemBody is a question to the owners.
type ItemBody struct {
	Matter        int         `json:"matter" minimum:"1" maximum:"279" doc:"Which item of Civil Code 278 (1 to 9), or 279 for a dwelling turned into business premises"`
	Title         string      `json:"title" minLength:"2" maxLength:"200"`
	Content       string      `json:"content" minLength:"5" maxLength:"8000" doc:"What exactly is decided"`
	Options       []Name      `json:"options" minItems:"1" maxItems:"30" doc:"One where owners say yes or no. Against (of several: none of them) and abstain are on every ballot by themselves"`
	Most          int         `json:"most" minimum:"1" maximum:"30" doc:"How many options may be chosen"`
	SubjectKind   SubjectKind `json:"subjectKind,omitempty" enum:"contract,renovation,fund" doc:"What the decision is about, where the platform keeps it"`
	SubjectID     *id.ID      `json:"subjectId,omitempty"`
	SubjectOption int         `json:"subjectOption,omitempty" minimum:"0" maximum:"30" doc:"Which option stands for the subject, from 1"`
}

// DraftBody is what a vote is to be.
type DraftBody struct {
	Kind         Kind       `json:"kind" enum:"regular,extraordinary"`
	Title        string     `json:"title" minLength:"2" maxLength:"100"`
	Reason       string     `json:"reason" minLength:"5" maxLength:"2000" doc:"Why it is put to the owners"`
	EachUnit     bool       `json:"eachUnit,omitempty" doc:"By the owners' own rules each unit is one head"`
	CountParking bool       `json:"countParking,omitempty" doc:"By the owners' own rules parking spaces that can be registered count"`
	Silent       bool       `json:"silent,omitempty" doc:"By the owners' own rules whoever was given the ballot, was warned and is silent goes with the majority"`
	Bylaw        string     `json:"bylaw,omitempty" minLength:"64" maxLength:"64" doc:"These rules, a document of this vote; needed for the three above, so set by an edit"`
	Items        []ItemBody `json:"items" minItems:"1" maxItems:"20"`
}

func (b DraftBody) draft() (Draft, error) {
	d := Draft{Kind: b.Kind, Title: b.Title, Reason: b.Reason, EachUnit: b.EachUnit, CountParking: b.CountParking, Silent: b.Silent}
	for _, it := range b.Items {
		d.Items = append(d.Items, Item{Matter: tally.Item(it.Matter), Title: it.Title, Content: it.Content, Options: it.Options, Most: it.Most,
			SubjectKind: it.SubjectKind, SubjectID: it.SubjectID, SubjectOption: it.SubjectOption})
	}
	if b.Bylaw == "" {
		return d, nil
	}
	h, err := blob.ParseHash(b.Bylaw)
	if err != nil {
		return d, fault.InvalidField("body.bylaw", "vote.bylaw")
	}
	d.Bylaw = &h
	return d, nil
}

type proposeInput struct {
	Body struct {
		DraftBody
		Scope    Scope  `json:"scope" enum:"estate,service_area,building,entrance" doc:"Who votes"`
		PlaceID  id.ID  `json:"placeId" doc:"The estate, service area or building; of an entrance its building"`
		Entrance string `json:"entrance,omitempty" maxLength:"20"`
	}
}

type procedureInput struct {
	Scope    Scope  `query:"scope" enum:"estate,service_area,building,entrance" required:"true" doc:"Who would vote"`
	PlaceID  id.ID  `query:"placeId" required:"true" doc:"The estate, service area or building; of an entrance its building"`
	Entrance string `query:"entrance" maxLength:"20"`
}

type editInput struct {
	VoteStep
	Body DraftBody
}

type announceInput struct {
	VoteStep
	Body struct {
		OpensAt  clock.Instant `json:"opensAt"`
		ClosesAt clock.Instant `json:"closesAt"`
	}
}

type reasonInput struct {
	VoteStep
	Body struct {
		Reason string `json:"reason" minLength:"5" maxLength:"500" doc:"Every owner reads it"`
	}
}

type extendInput struct {
	VoteStep
	Body struct {
		ClosesAt clock.Instant `json:"closesAt"`
		Reason   string        `json:"reason" minLength:"5" maxLength:"500" doc:"Every owner reads it"`
	}
}

func taken(ctx context.Context, m httpapi.IfMatch) (Taken, error) {
	v, err := m.Version()
	return Taken{httpapi.Once(ctx), v}, err
}

// answer shows the vote after a step.
func (s *Service) answer(ctx context.Context, v Vote, err error) (*httpapi.Versioned[Seen], error) {
	if err != nil {
		return nil, err
	}
	seen, err := s.Show(ctx, authz.From(ctx), v.ID)
	return httpapi.AnswerVersion(seen, seen.Version, err)
}

func op(name, method, path, tag, summary, description string, permission authz.Permission) httpapi.Op {
	return httpapi.Op{ID: name, Method: method, Path: "/votes" + path, Tag: tag, Summary: summary, Description: description, Permission: permission}
}

func created(o httpapi.Op) httpapi.Op {
	o.Status = http.StatusCreated
	return o
}

type voteListInput struct {
	httpapi.PageInput
	State []string `query:"state" maxItems:"12" enum:"proposed,announced,roll_posted,open,extended,closed,counted,published,effective,ordered,revoked,cancelled" doc:"Only these states, separated by commas"`
}

func (in *voteListInput) states() (out []State) {
	for _, s := range in.State {
		out = append(out, State(s))
	}
	return out
}

func (s *Service) registerProcedure(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "getVoteProcedure", Method: http.MethodGet, Path: "/vote-procedure", Tag: tagVotes, Permission: authz.VoteRead,
		Summary: "What a place asks of the procedure of a vote", Description: "Before one is proposed there; a vote itself tells it in `demands`."},
		func(ctx context.Context, in *procedureInput) (*httpapi.Body[Demands], error) {
			return httpapi.Answer(s.Procedure(ctx, authz.From(ctx), in.Scope, in.PlaceID, in.Entrance))
		})
}

func (s *Service) registerVotes(api *httpapi.API) {
	httpapi.Register(api, op("listVotes", http.MethodGet, "", tagVotes, "Owners' votes of one's area or home, newest first", "", authz.VoteRead),
		func(ctx context.Context, in *voteListInput) (*httpapi.Body[page.Page[Vote]], error) {
			return httpapi.Answer(s.Votes(ctx, authz.From(ctx), in.states(), in.Page()))
		})
	httpapi.Register(api, created(op("proposeVote", http.MethodPost, "", tagVotes, "Propose a decision to the owners",
		"By an owner, for others to support; or by the owners' committee, the residents' committee or the street office, who then hold the vote.", authz.VoteRead)),
		func(ctx context.Context, in *proposeInput) (*httpapi.Versioned[Seen], error) {
			d, err := in.Body.draft()
			if err != nil {
				return nil, err
			}
			d.Scope, d.PlaceID, d.Entrance = in.Body.Scope, in.Body.PlaceID, in.Body.Entrance
			v, err := s.Propose(ctx, authz.From(ctx), httpapi.Once(ctx), d)
			return s.answer(ctx, v, err)
		})
	httpapi.Register(api, op("getVote", http.MethodGet, "/{voteId}", tagVotes, "A vote", "While ballots are taken it tells whether the quorum is reached, and nothing of how anybody voted.", authz.VoteRead),
		func(ctx context.Context, in *VotePath) (*httpapi.Versioned[Seen], error) {
			return s.answer(ctx, Vote{ID: in.ID}, nil)
		})
	httpapi.Register(api, op("editVote", http.MethodPut, "/{voteId}", tagVotes, "Change what is asked", "Until it is announced. Who supported the proposal supports it no more.", authz.VoteRead),
		func(ctx context.Context, in *editInput) (*httpapi.Versioned[Seen], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			d, err := in.Body.draft()
			if err != nil {
				return nil, err
			}
			v, err := s.Edit(ctx, authz.From(ctx), in.ID, t, d)
			return s.answer(ctx, v, err)
		})
	httpapi.Register(api, op("cancelVote", http.MethodPost, "/{voteId}/cancel", tagVotes, "End a vote that has not opened", "", authz.VoteRead),
		func(ctx context.Context, in *reasonInput) (*httpapi.Body[Vote], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return httpapi.Answer(s.Cancel(ctx, authz.From(ctx), in.ID, t, in.Body.Reason))
		})
	httpapi.Register(api, op("announceVote", http.MethodPost, "/{voteId}/announce", tagVotes, "Announce a vote to every owner",
		"What is asked and when never changes again, and nothing else is voted on. Whoever may organise takes an owner's proposal over with it.", authz.VoteOrganise),
		func(ctx context.Context, in *announceInput) (*httpapi.Versioned[Seen], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			v, err := s.Announce(ctx, authz.From(ctx), in.ID, t, Announcement(in.Body))
			return s.answer(ctx, v, err)
		})
	httpapi.Register(api, op("extendVote", http.MethodPost, "/{voteId}/extend", tagVotes, "Prolong the voting, once", "", authz.VoteOrganise),
		func(ctx context.Context, in *extendInput) (*httpapi.Versioned[Seen], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			v, err := s.Extend(ctx, authz.From(ctx), in.ID, t, in.Body.ClosesAt, in.Body.Reason)
			return s.answer(ctx, v, err)
		})
}

type uploadInput struct {
	VotePath
	httpapi.DocumentForm
}

type documentPath struct {
	VotePath
	httpapi.DocumentHash
}

func (s *Service) registerProposals(api *httpapi.API) {
	httpapi.Register(api, op("supportVote", http.MethodPost, "/{voteId}/support", tagVotes, "Support a proposal as an owner", "Who supports it is in no list, and the company sees nothing of it.", authz.VotePropose),
		func(ctx context.Context, in *VotePath) (*httpapi.Body[Support], error) {
			return httpapi.Answer(s.Support(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID))
		})
	httpapi.Register(api, op("getVoteSupport", http.MethodGet, "/{voteId}/support", tagVotes, "How much of the owners is behind a proposal", "For the owners and who may organise there.", authz.VoteRead),
		func(ctx context.Context, in *VotePath) (*httpapi.Body[Support], error) {
			return httpapi.Answer(s.ReadSupport(ctx, authz.From(ctx), in.ID))
		})
	upload := created(op("addVoteDocument", http.MethodPost, "/{voteId}/documents", tagVotes, "Add a document", "By who proposed or organises the vote, until the result is published.", authz.VoteRead))
	upload.MaxBody = httpapi.MaxDocument
	httpapi.Register(api, upload, func(ctx context.Context, in *uploadInput) (*httpapi.Body[Document], error) {
		f := in.File()
		defer f.Close()
		return httpapi.Answer(s.AddDocument(ctx, authz.From(ctx), Taken{Once: httpapi.Once(ctx)}, in.ID, f.Filename, f))
	})
	httpapi.Register(api, op("listVoteDocuments", http.MethodGet, "/{voteId}/documents", tagVotes, "The documents of a vote", "", authz.VoteRead),
		func(ctx context.Context, in *VotePath) (*httpapi.Body[page.Page[Document]], error) {
			list, err := s.Documents(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(page.Page[Document]{Items: list}, err)
		})
	httpapi.Register(api, op("getVoteDocument", http.MethodGet, "/{voteId}/documents/{hash}", tagVotes, "Download a document", "", authz.VoteRead),
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

type officialInput struct {
	VoteStep
	Body struct {
		System   string         `json:"system" minLength:"2" maxLength:"200" doc:"The municipal system that held the vote"`
		Document string         `json:"document" minLength:"64" maxLength:"64" doc:"Its result, a document of this vote, by hash"`
		Outcome  teller.Outcome `json:"outcome"`
	}
}

func (s *Service) registerResults(api *httpapi.API) {
	httpapi.Register(api, op("enterOfficialVoteResult", http.MethodPost, "/{voteId}/official-result", tagVotes, "Enter the municipal system's result",
		"Where the place reserves electronic votes to that system. The result is labelled as such for good.", authz.VoteOrganise),
		func(ctx context.Context, in *officialInput) (*httpapi.Versioned[Seen], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			h, err := blob.ParseHash(in.Body.Document)
			if err != nil {
				return nil, fault.InvalidField("body.document", "vote.document")
			}
			v, err := s.EnterOfficial(ctx, authz.From(ctx), in.ID, t, Official{in.Body.System, h, in.Body.Outcome})
			return s.answer(ctx, v, err)
		})
	httpapi.Register(api, op("publishVote", http.MethodPost, "/{voteId}/publish", tagVotes, "Publish the result with all tests", "It takes effect by itself when it was posted for long enough.", authz.VoteOrganise),
		func(ctx context.Context, in *VoteStep) (*httpapi.Versioned[Seen], error) {
			t, err := taken(ctx, in.IfMatch)
			if err != nil {
				return nil, err
			}
			v, err := s.Publish(ctx, authz.From(ctx), in.ID, t)
			return s.answer(ctx, v, err)
		})
	httpapi.Register(api, op("listVoteLeaves", http.MethodGet, "/{voteId}/leaves", tagVotes, "What a vote has in the ledger", "Single ballots from the closing on; their commitments show no choice.", authz.VoteRead),
		func(ctx context.Context, in *VotePath) (*httpapi.Body[page.Page[Leaf]], error) {
			list, err := s.Leaves(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(page.Page[Leaf]{Items: list}, err)
		})
	httpapi.Register(api, op("getVoteBundle", http.MethodGet, "/{voteId}/bundle", tagVotes, "Everything that a counted vote is verified with",
		"For the owners on the roll, the tellers and the organiser. `redproperty vote verify` needs nothing else; with two tellers' files it counts again.", authz.VoteTell),
		func(ctx context.Context, in *VotePath) (*huma.StreamResponse, error) {
			b, err := s.Bundle(ctx, authz.From(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			return httpapi.File(httpapi.Download{Name: "vote-" + in.ID.String() + ".json", MediaType: "application/json", Write: func(w io.Writer) error {
				return json.NewEncoder(w).Encode(b)
			}}), nil
		})
}

func (s *Service) registerPublic(api *httpapi.API) {
	public := func(name, path, summary, description string) httpapi.Op {
		return httpapi.Op{ID: name, Public: true, Method: http.MethodGet, Path: "/public" + path, Tag: tagVotes, Summary: summary, Description: description}
	}
	httpapi.Register(api, public("listPublicVotes", "/service-areas/{serviceAreaId}/votes", "Published decisions that concern a service area, newest first", ""),
		func(ctx context.Context, in *struct {
			ID id.ID `path:"serviceAreaId" doc:"Service area"`
		}) (*httpapi.Body[page.Page[Vote]], error) {
			list, err := s.PublicVotes(ctx, in.ID)
			return httpapi.Answer(page.Page[Vote]{Items: list}, err)
		})
	httpapi.Register(api, public("getPublicVote", "/votes/{voteId}", "A published decision with all tests", "Where exact totals would give single votes away, the tests alone."),
		func(ctx context.Context, in *VotePath) (*httpapi.Body[Posted], error) {
			return httpapi.Answer(s.PublicResult(ctx, in.ID))
		})
}
