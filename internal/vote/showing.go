package vote

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
)

// showing is how much of an item's totals everybody reads. It is settled when the vote is counted and never changes.
type showing byte

const (
	showTests   showing = 't' // the tests alone: the options' totals would give somebody's choice away
	showOptions showing = 'o' // the options' totals, and the others together
	showEach    showing = 'e' // against, abstained and void too, each by itself
)

// few tells whether a total is of so few heads that area and number name who they are.
func few(fewest int64, list ...tally.Weight) bool {
	return slices.ContainsFunc(list, func(w tally.Weight) bool { return w.Heads > 0 && w.Heads < fewest })
}

// rest is what is in no option's favour.
func rest(at teller.ItemOutcome) tally.Weight { return at.Against.Add(at.Abstain).Add(at.Void) }

// disclosure is what decides how much of totals is shown.
type disclosure struct {
	fewest  int64 // heads that a total must have, by the place's rule
	joined  tally.Weight
	voters  []tally.Voters // whose choices the totals are made of
	outside []tally.Weight // of an official result whoever did not take part, whom nobody here knows by name
}

// of is how much of an item is shown: no total of a few, and none from which it follows what one of those who took part chose.
func (d disclosure) of(item Item, at teller.ItemOutcome) showing {
	none := []tally.Weight{at.Against, at.Abstain, at.Void}
	for _, each := range []bool{true, false} {
		apart := none
		if !each {
			apart = []tally.Weight{rest(at)}
		}
		if few(d.fewest, append(apart, rest(at), at.Against.Add(at.Abstain))...) {
			continue
		}
		if !slices.ContainsFunc(d.together(item, at, apart), d.tells) {
			return map[bool]showing{true: showEach, false: showOptions}[each]
		}
	}
	return showTests
}

// together are the totals that follow from what would be shown: lists in each of which every head that took part is once.
func (d disclosure) together(item Item, at teller.ItemOutcome, apart []tally.Weight) [][]tally.Weight {
	spoken := less(d.joined, rest(at)) // who chose an option at least
	switch {
	case item.Most == 1:
		return [][]tally.Weight{append(slices.Clone(at.Options), apart...)}
	case len(at.Options) == 2:
		a, b := at.Options[0], at.Options[1]
		return [][]tally.Weight{append([]tally.Weight{less(spoken, b), less(spoken, a), less(a.Add(b), spoken)}, apart...)}
	}
	out := [][]tally.Weight{append([]tally.Weight{spoken}, apart...)}
	for _, o := range at.Options {
		out = append(out, append([]tally.Weight{o, less(spoken, o)}, apart...))
	}
	return out
}

func less(w, o tally.Weight) tally.Weight {
	return tally.Weight{Area: w.Area - o.Area, Heads: w.Heads - o.Heads}
}

// tells tells whether totals tell what somebody chose.
func (d disclosure) tells(totals []tally.Weight) bool {
	return few(d.fewest, totals...) || !tally.Open(d.voters, append(totals, d.outside...))
}

// shownOf settles how much of each item's totals is shown, a letter each.
func (s *Service) shownOf(ctx context.Context, q dbx.Querier, v Vote, items []Item, out teller.Outcome, official bool) (*string, error) {
	d := disclosure{fewest: int64(s.procedure(v).Get(rules.VoteFewestShown)), joined: out.Joined}
	var err error
	if d.voters, err = votersOf(ctx, q, v.ID, official); err != nil {
		return nil, err
	}
	if official {
		d.outside = []tally.Weight{less(v.total(), out.Joined)}
	}
	shown := make([]byte, len(items))
	for i, item := range items {
		shown[i] = byte(showTests)
		if !v.Small() {
			shown[i] = byte(d.of(item, out.Items[i]))
		}
	}
	text := string(shown)
	return &text, nil
}

// shows is how much of an item is shown, where exact totals are not too telling anyhow. Votes that were counted before this was settled at the
// count go by the number of heads.
func (v Vote) shows(i int, at teller.ItemOutcome) showing {
	switch {
	case v.Small():
		return showTests
	case v.Shown != nil && i < len(*v.Shown):
		return showing((*v.Shown)[i])
	case few(rules.LeastGroup, append([]tally.Weight{rest(at)}, at.Options...)...):
		return showTests
	case few(rules.LeastGroup, at.Against, at.Abstain, at.Void):
		return showOptions
	}
	return showEach
}
