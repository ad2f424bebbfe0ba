package renovation

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// facts are what the conditions of a stage are told from, read in one transaction.
type facts struct {
	project Project
	items   []Item // those of the plan in force
	given   map[id.ID]Given
	lines   []Line
	law     *rules.RenovationRules
	local   *rules.RenovationLocality
	public  map[id.ID]bool // survey rounds whose result is published
	today   clock.Date

	accept      map[id.ID]accepting
	findings    []Finding // with those whose order is not over marked
	openOrders  int
	supervisors int64 // confirmed
	milestones  int
	managed     bool // every service area is looked after for good
}

// every tells whether something holds of all items; of none it does not.
func (f *facts) every(holds func(Item, accepting) bool) bool {
	return len(f.items) > 0 && !slices.ContainsFunc(f.items, func(it Item) bool { return !holds(it, f.accept[it.ID]) })
}

// facts reads what is to be known of a project.
func (s *Service) facts(ctx context.Context, q dbx.Querier, p Project) (*facts, error) {
	f := &facts{project: p, law: s.Rules.Renovation, local: s.Rules.Renovation.Locality(p.Division), public: map[id.ID]bool{}, today: s.today(), accept: map[id.ID]accepting{}}
	all, err := itemsOf(ctx, q, p.ID)
	if err != nil {
		return nil, err
	}
	f.items = slices.DeleteFunc(all, func(i Item) bool { return i.State != ItemPlanned })
	if f.given, err = givenFor(ctx, q, p.ID); err != nil {
		return nil, err
	}
	if f.lines, err = linesOf(ctx, q, p.ID); err != nil {
		return nil, err
	}
	for _, round := range []*id.ID{p.WishesRound, p.CompletionRound, p.YearRound} {
		if round == nil {
			continue
		}
		r, err := s.Surveys.Round(ctx, q, *round)
		if err != nil {
			return nil, err
		}
		f.public[*round] = r.Public
	}
	for _, read := range []func(context.Context, dbx.Querier, *facts) error{s.siteFacts, s.acceptanceFacts, s.managementFacts} {
		if err := read(ctx, q, f); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// siteFacts reads what is to be known of the site.
func (s *Service) siteFacts(ctx context.Context, q dbx.Querier, f *facts) error {
	list, err := supervisorsOf(ctx, q, f.project.ID)
	if err != nil {
		return err
	}
	for _, v := range list {
		if v.State == Confirmed {
			f.supervisors++
		}
	}
	milestones, err := milestonesOf(ctx, q, f.project.ID, f.today)
	if err != nil {
		return err
	}
	f.milestones = len(milestones)
	if f.findings, err = findingsOf(ctx, q, f.project.ID); err != nil {
		return err
	}
	open, err := s.Orders.Unfinished(ctx, q, ordersOf(f.findings))
	for i := range f.findings {
		done, ok := open[f.findings[i].Order]
		f.findings[i].Open, f.findings[i].Done = ok, done
	}
	f.openOrders = len(open)
	return err
}

// acceptanceFacts reads how far the acceptance of each item is.
func (s *Service) acceptanceFacts(ctx context.Context, q dbx.Querier, f *facts) error {
	checks, err := checksOf(ctx, q, f.project.ID)
	if err != nil {
		return err
	}
	signed, err := itemSignatures(ctx, q, f.project.ID)
	if err != nil {
		return err
	}
	for _, it := range f.items {
		a := accepting{needed: s.checklist(f.project, it)}
		for _, c := range checks {
			if c.ItemID == it.ID {
				a.checks = append(a.checks, c)
			}
		}
		for _, sig := range signed {
			if sig.ItemID == it.ID {
				a.signatures = append(a.signatures, sig.Signature)
			}
		}
		f.accept[it.ID] = a
	}
	return nil
}

// managementFacts reads who looks after the place.
func (s *Service) managementFacts(ctx context.Context, q dbx.Querier, f *facts) error {
	if !f.project.State.reached(Warranty) {
		return nil
	}
	place, err := s.Places.Place(ctx, q, f.project.AreaID)
	if err != nil {
		return err
	}
	serving, err := s.Arrangements.Serving(ctx, q, f.project.ScopePath)
	f.managed = !slices.ContainsFunc(place.ServiceAreas, func(area id.ID) bool {
		return !slices.ContainsFunc(serving, func(a Serving) bool { return a.ServiceAreaID == area && a.LongTerm })
	})
	return err
}

// asked tells whether residents were asked: the round's result is published, or there is a meeting's record instead.
func (f *facts) asked(round *id.ID, document *blob.Hash) bool {
	return document != nil || round != nil && f.public[*round]
}

// stands tells whether an item may be carried out: the owners need not decide, or their decision covers it as it is now.
func (f *facts) stands(i Item) bool {
	g, ok := f.given[i.ID]
	return i.DecisionItem == 0 || ok && g.stands(i.ContentHash, i.BudgetFen, f.local.Overrun)
}

// unconsented lists the items that still need the owners' decision.
func (f *facts) unconsented() []Item {
	return slices.DeleteFunc(slices.Clone(f.items), f.stands)
}
