package vote

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
	"github.com/redproperty/redproperty/internal/text"
)

// Official is the result of a municipal system.
type Official struct {
	System   string
	Document blob.Hash
	Outcome  teller.Outcome
}

// EnterOfficial takes over the result of the municipal system where the place reserves electronic votes to it. It is labelled as such for good.
// Faults: vote.not_reserved, vote.official_early (the time that was announced for voting is not over), input.invalid with vote.count_balance.
func (s *Service) EnterOfficial(ctx context.Context, p authz.Principal, which id.ID, t Taken, in Official) (Vote, error) {
	v, items, actor, err := s.organise(ctx, p, which)
	if err != nil {
		return v, err
	}
	if s.procedure(v).Get(rules.VoteReservedOnline) == 0 {
		return Vote{}, fault.New(fault.Conflict, "vote.not_reserved")
	}
	if v.ClosesAt == nil || s.now() < *v.ClosesAt {
		return Vote{}, fault.New(fault.Conflict, "vote.official_early")
	}
	if in.System, err = text.Line("body.system", in.System, 2, 200); err != nil {
		return Vote{}, err
	}
	joined := in.Outcome.Joined
	if joined.Area < 0 || joined.Heads < 0 || joined.Area > v.RollArea || joined.Heads > v.RollHeads {
		return Vote{}, fault.InvalidField("body.outcome", "vote.count_balance")
	}
	if err := in.balanced(items); err != nil {
		return Vote{}, err
	}
	papers, err := documentsOf(ctx, s.DB, v.ID)
	if err != nil {
		return Vote{}, err
	}
	if !holds(papers, in.Document) {
		return Vote{}, fault.InvalidField("body.document", "vote.document")
	}
	raw, err := json.Marshal(in.Outcome)
	if err != nil {
		return Vote{}, err
	}
	hash, err := s.outcomeHash(v.ID, string(raw))
	if err != nil {
		return Vote{}, err
	}
	if v.Shown, err = s.shownOf(ctx, s.DB, v, items, in.Outcome, true); err != nil {
		return Vote{}, err
	}
	return s.take(ctx, t, actor, v, StepOfficial, func(_ context.Context, _ *dbx.Tx, m *move) error {
		outcome := string(raw)
		m.next.Outcome, m.next.OfficialSystem, m.next.OfficialDocument, m.next.CountedAt = &outcome, in.System, &in.Document, &m.at
		m.leaf = map[string]any{"system": in.System, "document": in.Document, "outcome": hash}
		return nil
	})
}

// balanced names the items whose figures cannot be of who took part. Faults: input.invalid with vote.official_balance.
func (o Official) balanced(items []Item) error {
	if len(o.Outcome.Items) != len(items) {
		return fault.InvalidField("body.outcome", "vote.count_balance")
	}
	var c fault.Collect
	for i := range items {
		one := teller.Outcome{Joined: o.Outcome.Joined, Items: o.Outcome.Items[i : i+1]}
		if balanced(items[i:i+1], one, one.Joined) != nil {
			c.Add(fmt.Sprintf("body.outcome.items[%d]", i), "vote.official_balance")
		}
	}
	return c.Err()
}

// Publish posts the result with all tests. Faults: vote.step_impossible.
func (s *Service) Publish(ctx context.Context, p authz.Principal, which id.ID, t Taken) (Vote, error) {
	v, items, actor, err := s.organise(ctx, p, which)
	if err != nil {
		return v, err
	}
	if !v.State.can(StepPublish) {
		return Vote{}, impossible(v)
	}
	result, err := s.result(ctx, s.DB, v, items)
	if err != nil {
		return Vote{}, err
	}
	raw, err := json.Marshal(map[string]any{"vote": v.ID, "title": v.Title, "place": v.PlaceName, "closedAt": v.ClosedAt, "roll": v.RollHash, "items": items, "result": result})
	if err != nil {
		return Vote{}, err
	}
	document, err := s.Files.Put(ctx, raw)
	if err != nil {
		return Vote{}, err
	}
	return s.take(ctx, t, actor, v, StepPublish, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		m.next.PublishedAt, m.next.ResultDocument = &m.at, &document
		m.leaf = map[string]any{"document": document}
		return insertDocument(ctx, tx, v.ID, Document{Hash: document, Name: "表决结果.json", MediaType: "application/json", Size: int64(len(raw)), AddedAt: m.at})
	})
}

// result computes what the law makes of a counted vote.
func (s *Service) result(ctx context.Context, q dbx.Querier, v Vote, items []Item) (Result, error) {
	if v.Outcome == nil {
		return Result{}, fault.New(fault.NotFound, "vote.no_result")
	}
	var out teller.Outcome
	if err := json.Unmarshal([]byte(*v.Outcome), &out); err != nil {
		return Result{}, err
	}
	var silent tally.Weight
	if v.Silent && v.OfficialSystem == "" {
		var err error
		if silent, err = silentWeight(ctx, q, v.ID); err != nil {
			return Result{}, err
		}
	}
	return results(v, items, out, silent, s.procedure(v).Added), nil
}

// postedUntil is when a published result has been posted for long enough.
func (s *Service) postedUntil(v Vote) (clock.Instant, error) {
	due, err := s.Rules.Calendar.Deadline(calendar.Rule{Count: s.procedure(v).Get(rules.VotePostingDays), Unit: calendar.WorkingDays}, clock.DateOf(v.PublishedAt.Time()))
	return due.End(), err
}

// Seen is a vote with what somebody may know of it.
type Seen struct {
	Vote
	Items       []Item         `json:"items"`
	Quorum      *tally.Tests   `json:"quorum,omitempty" doc:"While ballots are taken: whether two thirds took part, and nothing else"`
	Result      *Result        `json:"result,omitempty" doc:"From the publication on; for the tellers and the organiser from the count on"`
	Waits       string         `json:"waits,omitempty" doc:"Why a vote whose roll is posted cannot open yet: vote.key_missing, vote.objections_open, vote.roll_late, vote.window_short"`
	ReceiptKey  []byte         `json:"receiptKey" doc:"Ed25519 public key of the receipts, base64"`
	SmallScope  bool           `json:"smallScope" doc:"So few or so different owners that exact totals would give single votes away: tests alone are published, exact totals go to the tellers"`
	WebReserved bool           `json:"webReserved" doc:"The place reserves electronic votes to its municipal system: paper is taken, or the official result entered"`
	PublishBy   *clock.Instant `json:"publishBy,omitempty" doc:"Until when the result must be published"`
	PostedUntil *clock.Instant `json:"postedUntil,omitempty" doc:"When the posting ends and the result takes effect"`
	ProxyCap    int            `json:"proxyCap"`
	Demands     Demands        `json:"demands" doc:"What the place asks of the procedure"`
	Mine        bool           `json:"mine,omitempty" doc:"The caller proposed it"`
	Now         clock.Instant  `json:"now" doc:"The server's clock when it answered: what is due goes by it"`
}

// Show shows a vote to those who may see it.
func (s *Service) Show(ctx context.Context, p authz.Principal, which id.ID) (Seen, error) {
	v, items, err := s.vote(ctx, p, which)
	if err != nil {
		return Seen{}, err
	}
	return s.seen(ctx, p, v, items)
}

func (s *Service) seen(ctx context.Context, p authz.Principal, v Vote, items []Item) (Seen, error) {
	proc := s.procedure(v)
	out := Seen{Vote: v, Items: items, ReceiptKey: teller.ReceiptKey(s.Keys.VoteReceipts(v.ID)), SmallScope: v.RollHash != nil && v.Small(),
		WebReserved: proc.Get(rules.VoteReservedOnline) == 1, ProxyCap: proc.Get(rules.VoteProxyCap),
		Now: s.now(), Demands: demands(proc), Mine: v.ProposerID != nil && *v.ProposerID == p.Person}
	if err := s.waitsFor(ctx, s.DB, v); err != nil {
		out.Waits = fault.Of(err).Code
	}
	if v.ClosesAt != nil {
		by := v.ClosesAt.Add(s.days(v, rules.VotePublishDays))
		out.PublishBy = &by
	}
	if v.PublishedAt != nil {
		until, err := s.postedUntil(v)
		if err != nil {
			return out, err
		}
		out.PostedUntil = &until
	}
	if v.State.Taking() || v.State == Closed {
		joined, err := joinedWeight(ctx, s.DB, v.ID)
		if err != nil {
			return out, err
		}
		tests := tally.Count{Total: v.total(), Joined: joined}.Tests(items[0].Matter)
		out.Quorum = &tally.Tests{QuorumArea: tests.QuorumArea, QuorumHeads: tests.QuorumHeads}
	}
	return out, s.showResult(ctx, p, v, items, &out)
}

func (s *Service) showResult(ctx context.Context, p authz.Principal, v Vote, items []Item, out *Seen) error {
	if !v.State.Over() {
		return nil
	}
	inner := authz.Require(p, authz.VoteOrganise, v.object()) == nil
	if !v.State.Public() && !inner {
		seats, err := seatsOf(ctx, s.DB, v.ID)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(seats, func(t Seat) bool { return t.PersonID == p.Person }) {
			return nil
		}
	}
	result, err := s.result(ctx, s.DB, v, items)
	out.Result = &result
	return err
}

// Exact gives a teller the exact totals where they are not published.
func (s *Service) Exact(ctx context.Context, p authz.Principal, which id.ID) (teller.Outcome, error) {
	v, _, _, _, err := s.counting(ctx, p, which)
	if err != nil {
		return teller.Outcome{}, err
	}
	if v.Outcome == nil {
		return teller.Outcome{}, fault.New(fault.NotFound, "vote.no_result")
	}
	var out teller.Outcome
	err = json.Unmarshal([]byte(*v.Outcome), &out)
	return out, err
}

// Posted is a result as it is posted for everybody.
type Posted struct {
	Vote
	Items  []Item `json:"items"`
	Result Result `json:"result"`
}

// PublicResult shows a published result to everybody.
func (s *Service) PublicResult(ctx context.Context, which id.ID) (Posted, error) {
	v, err := voteByID(ctx, s.DB, which)
	if err == nil && !v.State.Public() {
		err = fault.New(fault.NotFound, "not_found")
	}
	if err != nil {
		return Posted{}, err
	}
	items, err := itemsOf(ctx, s.DB, v.ID)
	if err != nil {
		return Posted{}, err
	}
	result, err := s.result(ctx, s.DB, v, items)
	return Posted{v, items, result}, err
}

// mostPublic bounds the list of a service area's published results.
const mostPublic = 100

// PublicVotes lists the published votes that concern a service area, newest first.
func (s *Service) PublicVotes(ctx context.Context, serviceArea id.ID) ([]Vote, error) {
	place, err := s.Places.Place(ctx, s.DB, ServiceArea, serviceArea, "")
	if err != nil {
		return nil, err
	}
	return publicOf(ctx, s.DB, place.Path)
}

// Decision is a decision of the owners that stands, about something the platform keeps.
type Decision struct {
	Vote        id.ID
	Matter      tally.Item
	Scope       Scope
	PlaceID     id.ID
	Entrance    string
	Path        string        // of the scope's place; of a building that of its service area
	AnnouncedAt clock.Instant // what is asked never changes after it
	HeldOn      clock.Date
	Document    blob.Hash
	Count       tally.Count // for testing it again; kept and told only where Shown
	Shown       bool        // totals give no single vote away
}

// Passed is the newest decision in favour of a subject that stands; false where there is none.
func (s *Service) Passed(ctx context.Context, q dbx.Querier, kind SubjectKind, subject id.ID) (Decision, bool, error) {
	list, err := votesAbout(ctx, q, kind, subject)
	if err != nil {
		return Decision{}, false, err
	}
	for _, v := range list {
		if !v.State.Stands() {
			continue
		}
		items, err := itemsOf(ctx, q, v.ID)
		if err != nil {
			return Decision{}, false, err
		}
		result, err := s.result(ctx, q, v, items)
		if err != nil {
			return Decision{}, false, err
		}
		for i, item := range items {
			if item.SubjectKind != kind || id.OrNil(item.SubjectID) != subject {
				continue
			}
			if o := result.Items[i].Options[item.SubjectOption-1]; o.Passed {
				return Decision{Vote: v.ID, Matter: item.Matter, Scope: v.Scope, PlaceID: v.PlaceID, Entrance: v.Entrance, Path: v.ScopePath, AnnouncedAt: *v.AnnouncedAt,
					HeldOn: v.heldOn(), Document: *v.ResultDocument, Count: o.exact, Shown: o.Count != nil}, true, nil
			}
		}
	}
	return Decision{}, false, nil
}

// Held are the newest votes about subjects, by subject; ones that were cancelled are none. Only their id and state are read.
func (s *Service) Held(ctx context.Context, q dbx.Querier, subjects []id.ID) (map[id.ID]Vote, error) {
	return newestAbout(ctx, q, subjects)
}

// heldOn is the last day of voting; of an official result the day on which it was entered.
func (v Vote) heldOn() clock.Date {
	if v.ClosedAt != nil {
		return clock.DateOf(v.ClosesAt.Time())
	}
	return clock.DateOf(v.CountedAt.Time())
}
