package vote

import (
	"context"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// Draft is what a vote is to be.
type Draft struct {
	Scope        Scope
	PlaceID      id.ID
	Entrance     string
	Kind         Kind
	Title        string
	Reason       string
	EachUnit     bool
	CountParking bool
	Silent       bool
	Bylaw        *blob.Hash
	Items        []Item
}

// Propose puts a matter forward: an owner, for others to support; or the owners' committee, the residents' committee or the street
// office, who then hold the vote. What rests on the owners' own rules is set by Edit, once these are uploaded. Faults: input.invalid with
// vote.*.
func (s *Service) Propose(ctx context.Context, p authz.Principal, once idem.Key, in Draft) (Vote, error) {
	place, err := s.Places.Place(ctx, s.DB, in.Scope, in.PlaceID, in.Entrance)
	if err != nil {
		return Vote{}, err
	}
	now := s.now()
	v := Vote{ID: id.New(), Scope: in.Scope, PlaceID: in.PlaceID, Entrance: in.Entrance, ScopePath: place.Path, PlaceName: place.Name, State: Proposed,
		Procedure: s.Rules.Votes.ForDivision(place.Division).Code, RuleHash: s.Rules.Votes.Hash, CreatedAt: now, ChangedAt: now, Version: 1}
	actor, err := s.proposer(p, &v)
	if err != nil {
		return Vote{}, err
	}
	if err := s.knownEntrance(ctx, in); err != nil {
		return Vote{}, err
	}
	items, err := v.fill(in, nil)
	if err != nil {
		return Vote{}, err
	}
	made := v.ID
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		got, again, err := once.Claim(ctx, tx, v.ID)
		if made = got; err != nil || again {
			return err
		}
		if err := insertVote(ctx, tx, v); err != nil {
			return err
		}
		if err := insertItems(ctx, tx, v.ID, items); err != nil {
			return err
		}
		m := &move{step: StepPropose, actor: actor, at: now, now: v, next: v, detail: map[string]any{"scope": v.Scope, "items": len(items)}}
		return s.record(ctx, tx, m)
	})
	if err != nil {
		return Vote{}, err
	}
	return voteByID(ctx, s.DB, made)
}

// knownEntrance wants the entrance of an entrance's vote to be one of its building: where a vote is held never changes,
// and a name that is mistyped would have nobody on its roll.
func (s *Service) knownEntrance(ctx context.Context, in Draft) error {
	if in.Scope != Entrance {
		return nil
	}
	known, err := s.Places.Entrances(ctx, s.DB, in.PlaceID)
	if err != nil || slices.Contains(known, in.Entrance) {
		return err
	}
	return fault.InvalidField("body.entrance", "vote.entrance_unknown", "known", strings.Join(known, "、"))
}

// proposer is the organiser where the caller may organise there, else an owner who lives or owns there.
func (s *Service) proposer(p authz.Principal, v *Vote) (authz.Actor, error) {
	actor, err := authz.Act(p, authz.VoteOrganise, v.object())
	if err == nil {
		v.OrganiserID, v.OrganiserRole = actor.Org.Ptr(), string(actor.Role)
		return actor, nil
	}
	if fault.Is(err, "capacity.ambiguous") {
		return actor, err
	}
	actor, err = authz.Act(p, authz.VotePropose, v.object())
	v.ProposerID = actor.Person.Ptr()
	return actor, err
}

// fill takes over what a draft says; papers are those of the vote, one of which must be the owners' own rules where something rests on
// them.
func (v *Vote) fill(in Draft, papers []Document) (items []Item, err error) {
	var c fault.Collect
	if v.Title, err = text.Line("body.title", in.Title, 2, 100); err != nil {
		return nil, err
	}
	if v.Reason, err = text.Paragraph("body.reason", in.Reason, 5, 2000); err != nil {
		return nil, err
	}
	rests := in.EachUnit || in.Silent || in.CountParking
	if (rests && in.Bylaw == nil) || (in.Bylaw != nil && !holds(papers, *in.Bylaw)) {
		c.Add("body.bylaw", "vote.bylaw")
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	v.Kind, v.EachUnit, v.CountParking, v.Silent, v.Bylaw = in.Kind, in.EachUnit, in.CountParking, in.Silent, in.Bylaw
	return checkItems(in.Items)
}

// Edit changes what is asked, while nobody has been told of it. Who supported it supports it no more: it is something else now.
func (s *Service) Edit(ctx context.Context, p authz.Principal, which id.ID, t Taken, in Draft) (Vote, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return v, err
	}
	actor, err := s.owned(ctx, p, v)
	if err != nil {
		return Vote{}, err
	}
	papers, err := documentsOf(ctx, s.DB, v.ID)
	if err != nil {
		return Vote{}, err
	}
	next := v
	items, err := next.fill(in, papers)
	if err != nil {
		return Vote{}, err
	}
	return s.take(ctx, t, actor, v, StepEdit, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		m.next.Kind, m.next.Title, m.next.Reason = next.Kind, next.Title, next.Reason
		m.next.EachUnit, m.next.CountParking, m.next.Silent, m.next.Bylaw = next.EachUnit, next.CountParking, next.Silent, next.Bylaw
		m.detail["items"] = len(items)
		if err := deleteSupport(ctx, tx, v.ID); err != nil {
			return err
		}
		return insertItems(ctx, tx, v.ID, items)
	})
}

// owned is who may change a proposal: its organiser, or the owner who made it while nobody organises it.
func (s *Service) owned(ctx context.Context, p authz.Principal, v Vote) (authz.Actor, error) {
	if v.OrganiserID == nil && v.ProposerID != nil && *v.ProposerID == p.Person {
		return authz.Act(p, authz.VotePropose, v.object())
	}
	if v.OrganiserID == nil {
		return authz.Actor{}, fault.New(fault.Forbidden, "vote.not_organiser")
	}
	_, _, actor, err := s.organise(ctx, p, v.ID)
	return actor, err
}

// Support adds one's voice as an owner to a proposal. Who supports it is in no list; the company sees nothing of it.
func (s *Service) Support(ctx context.Context, p authz.Principal, once idem.Key, which id.ID) (Support, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return Support{}, err
	}
	if _, err := authz.Act(p, authz.VotePropose, v.object()); err != nil {
		return Support{}, err
	}
	units, err := s.Places.Units(ctx, s.DB, v.Scope, v.PlaceID, v.Entrance, s.now())
	if err != nil {
		return Support{}, err
	}
	roll := makeRoll(v, units)
	if !roll.speaks(p.Person) {
		return Support{}, fault.New(fault.Forbidden, "vote.not_elector")
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, v.ID); err != nil || again {
			return err
		}
		if err := pinVote(ctx, tx, Vote{ID: v.ID, State: Proposed}); err != nil {
			return orImpossible(err, v)
		}
		err := insertSupport(ctx, tx, v.ID, p.Person, s.now())
		if dbx.IsDuplicate(err) {
			return fault.New(fault.Conflict, "vote.supported_already")
		}
		return err
	})
	if err != nil {
		return Support{}, err
	}
	return s.support(ctx, v, roll, p.Person)
}

func (r Roll) speaks(person id.ID) bool {
	for _, e := range r.Electors {
		if e.Person == person {
			return true
		}
	}
	return false
}

// Support is how much of the owners is behind a proposal.
type Support struct {
	Heads   int64 `json:"heads" doc:"Owners who support it, by head"`
	Of      int64 `json:"of" doc:"All owners, by head"`
	Percent int   `json:"percent" doc:"What the rules ask for"`
	Reached bool  `json:"reached" doc:"Enough: a meeting must be held (PMR 13)"`
	Mine    bool  `json:"mine,omitempty" doc:"The caller supports it"`
}

func (s *Service) support(ctx context.Context, v Vote, roll Roll, caller id.ID) (Support, error) {
	list, err := supportersOf(ctx, s.DB, v.ID)
	if err != nil {
		return Support{}, err
	}
	by := map[id.ID]bool{}
	for _, person := range list {
		by[person] = true
	}
	heads := map[int]bool{}
	for _, e := range roll.Electors {
		if by[e.Person] {
			heads[e.Head] = true
		}
	}
	out := Support{Heads: int64(len(heads)), Of: int64(len(roll.Heads)), Percent: s.procedure(v).Get(rules.VoteSupportPercent)}
	out.Mine = by[caller]
	out.Reached = 100*out.Heads >= int64(out.Percent)*out.Of && out.Of > 0
	return out, nil
}

// ReadSupport tells the owners and who may organise how much of the owners is behind a proposal.
func (s *Service) ReadSupport(ctx context.Context, p authz.Principal, which id.ID) (Support, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return Support{}, err
	}
	if err := authz.Require(p, authz.VotePropose, v.object()); err != nil {
		if err := authz.Require(p, authz.VoteOrganise, v.object()); err != nil {
			return Support{}, err
		}
	}
	units, err := s.Places.Units(ctx, s.DB, v.Scope, v.PlaceID, v.Entrance, s.now())
	if err != nil {
		return Support{}, err
	}
	return s.support(ctx, v, makeRoll(v, units), p.Person)
}

// Announcement is when a vote is held.
type Announcement struct {
	OpensAt  clock.Instant
	ClosesAt clock.Instant
}

// Announce tells every owner what is asked and when: from here on neither changes, and nothing else is voted on. Whoever may organise takes
// an owner's proposal over with it. Faults: input.invalid with vote.notice, vote.window.
func (s *Service) Announce(ctx context.Context, p authz.Principal, which id.ID, t Taken, in Announcement) (Vote, error) {
	v, items, actor, err := s.organise(ctx, p, which)
	if err != nil {
		return v, err
	}
	if err := s.checkWindow(v, in); err != nil {
		return Vote{}, err
	}
	_, hash, err := canonical(items)
	if err != nil {
		return Vote{}, err
	}
	return s.take(ctx, t, actor, v, StepAnnounce, func(_ context.Context, _ *dbx.Tx, m *move) error {
		m.next.OrganiserID, m.next.OrganiserRole = actor.Org.Ptr(), string(actor.Role)
		m.next.OpensAt, m.next.ClosesAt, m.next.AnnouncedAt, m.next.FormHash = &in.OpensAt, &in.ClosesAt, &m.at, &hash
		m.detail["opensAt"], m.detail["closesAt"] = in.OpensAt, in.ClosesAt
		m.leaf = map[string]any{"form": hash, "items": items, "opensAt": in.OpensAt, "closesAt": in.ClosesAt, "rules": m.next.RuleHash, "procedure": v.Procedure}
		return nil
	})
}

func (s *Service) checkWindow(v Vote, in Announcement) error {
	var c fault.Collect
	proc := s.procedure(v)
	notice := proc.Get(rules.VoteNoticeDays)
	if v.Kind == Extraordinary {
		notice = proc.Get(rules.VoteNoticeExtraDays)
	}
	earliest := clock.DateOf(s.now().Time()).AddDays(notice)
	if clock.DateOf(in.OpensAt.Time()) < earliest {
		c.Add("body.opensAt", "vote.notice", "days", notice, "earliest", string(earliest))
	}
	length := in.ClosesAt.Sub(in.OpensAt)
	if length < s.days(v, rules.VoteWindowMinDays) || length > s.days(v, rules.VoteWindowMaxDays) {
		c.Add("body.closesAt", "vote.window", "least", proc.Get(rules.VoteWindowMinDays), "most", proc.Get(rules.VoteWindowMaxDays))
	}
	return c.Err()
}

// Cancel ends a vote that has not opened, for a reason that its followers read.
func (s *Service) Cancel(ctx context.Context, p authz.Principal, which id.ID, t Taken, reason string) (Vote, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return v, err
	}
	actor, err := s.owned(ctx, p, v)
	if err != nil {
		return Vote{}, err
	}
	if reason, err = text.Paragraph("body.reason", reason, 5, 500); err != nil {
		return Vote{}, err
	}
	return s.take(ctx, t, actor, v, StepCancel, func(_ context.Context, _ *dbx.Tx, m *move) error {
		m.detail["reason"] = reason
		return nil
	})
}
