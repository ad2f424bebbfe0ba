package vote

import (
	"context"
	"encoding/json"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/teller"
	"github.com/redproperty/redproperty/internal/votebundle"
)

// Leaves lists what a vote has in the log of decisions. Single ballots are in it once the vote has closed: until then who has voted is the
// organiser's to know.
func (s *Service) Leaves(ctx context.Context, p authz.Principal, which id.ID) ([]Leaf, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return nil, err
	}
	list, err := leavesOf(ctx, s.DB, v.ID)
	if err != nil || v.ClosedAt != nil {
		return list, err
	}
	out := []Leaf{}
	for _, l := range list {
		if l.Kind != "ballot" {
			out = append(out, l)
		}
	}
	return out, nil
}

// Bundle is everything that a counted vote is verified with, for its organiser, its tellers and the owners on its roll. Where exact totals are
// not shown the outcome is the tellers' alone. Faults: vote.step_impossible before the count, vote.unsealed for the seconds until the
// ledger has all of it.
func (s *Service) Bundle(ctx context.Context, p authz.Principal, which id.ID) (votebundle.Bundle, error) {
	v, items, err := s.vote(ctx, p, which)
	if err != nil {
		return votebundle.Bundle{}, err
	}
	persons, err := electorPersons(ctx, s.DB, v.ID, p.Person)
	if err != nil {
		return votebundle.Bundle{}, err
	}
	actor, err := authz.Act(p, authz.VoteTell, v.object(persons...))
	if err = fault.Or(err, asElector(actor, persons)); err != nil {
		return votebundle.Bundle{}, err
	}
	seats, err := seatsOf(ctx, s.DB, v.ID)
	if err != nil {
		return votebundle.Bundle{}, err
	}
	_, notTeller := mySeat(seats, p.Person)
	if !v.State.Over() || (v.State == Counted && notTeller != nil) {
		return votebundle.Bundle{}, impossible(v)
	}
	out, err := s.bundle(ctx, v, items, seats)
	if err != nil || notTeller == nil {
		return out, err
	}
	out.Spoiled = nil // whose ballot was void is the tellers' to know: without them, totals are of fewer
	for i := range items {
		if v.shows(i, out.Outcome.Items[i]) != showEach {
			out.Outcome, out.Salt = nil, nil
			break
		}
	}
	return out, nil
}

func (s *Service) bundle(ctx context.Context, v Vote, items []Item, seats []Seat) (votebundle.Bundle, error) {
	text, _, err := canonical(items)
	if err != nil {
		return votebundle.Bundle{}, err
	}
	out := votebundle.Bundle{Form: votebundle.Form, Vote: v.ID, Title: v.Title, Place: v.PlaceName, Items: text, Questions: form(items), Official: v.OfficialSystem, Ballots: []votebundle.Ballot{}}
	for _, it := range items {
		out.Matters = append(out.Matters, it.Matter)
	}
	for _, t := range seats {
		out.Reach[t.No-1] = t.Reach
		if t.Dealing != nil {
			out.Dealings[t.No-1] = *t.Dealing
		}
	}
	units, err := unitsOf(ctx, s.DB, v.ID)
	if err != nil {
		return out, err
	}
	out.Roll = lines(units)
	list, err := ballotsOf(ctx, s.DB, v.ID)
	if err != nil {
		return out, err
	}
	for _, b := range list {
		out.Ballots = append(out.Ballots, votebundle.Ballot{Head: b.Head, Revision: b.Revision, Channel: string(b.Channel), Sealed: b.Sealed, Commitment: votebundle.Hash(b.Commitment)})
	}
	if err := s.bundleOutcome(ctx, v, &out); err != nil {
		return out, err
	}
	return out, s.bundleLeaves(ctx, v, &out)
}

func (s *Service) bundleOutcome(ctx context.Context, v Vote, out *votebundle.Bundle) error {
	salt := s.outcomeSalt(v.ID)
	out.Outcome, out.Salt = &teller.Outcome{}, &salt
	if err := json.Unmarshal([]byte(*v.Outcome), out.Outcome); err != nil {
		return err
	}
	counts, err := countsOf(ctx, s.DB, v.ID)
	for _, c := range counts {
		if c.Outcome == *v.Outcome && out.Spoiled == nil {
			return json.Unmarshal([]byte(c.Spoiled), &out.Spoiled)
		}
	}
	return err
}

// bundleLeaves adds what the ledger has of the vote and everything that it holds since. The checkpoint is read first: whatever of the vote
// is in it is listed then.
func (s *Service) bundleLeaves(ctx context.Context, v Vote, out *votebundle.Bundle) error {
	newest, err := s.Ledger.Newest(ctx, s.DB, votebundle.Log)
	if err != nil || newest == nil {
		return fault.Or(err, fault.New(fault.Unavailable, "vote.unsealed"))
	}
	leaves, err := leavesOf(ctx, s.DB, v.ID)
	if err != nil {
		return err
	}
	r := votebundle.Range{From: newest.Size}
	for _, l := range leaves {
		if l.Entry == nil || *l.Entry >= newest.Size {
			return fault.New(fault.Unavailable, "vote.unsealed")
		}
		r.From = min(r.From, *l.Entry)
		out.Leaves = append(out.Leaves, votebundle.Leaf{Kind: l.Kind, Body: l.Body, Entry: *l.Entry})
	}
	if r.First, err = s.Ledger.Inclusion(ctx, s.DB, votebundle.Log, newest.Size, r.From); err != nil {
		return err
	}
	all, err := s.Ledger.Leaves(ctx, s.DB, votebundle.Log, r.From, int(newest.Size-r.From))
	for _, l := range all {
		r.Leaves = append(r.Leaves, l.Hash)
	}
	out.Checkpoint, out.Range = newest.Note, &r
	return err
}
