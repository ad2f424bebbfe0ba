package renovation

import (
	"context"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// RecordConsent records the owners' decision on an item as it stands in the plan in force: one that passed on this platform, or minutes
// with their count, to which the law's tests are applied. By the owners' body; by the community only where there is none, never by the street
// office or who builds. Faults: not_found; renovation.committee_first (Forbidden); renovation.no_decision (Conflict) for an item that needs none; renovation.decision_other, renovation.document,
// renovation.future, renovation.evidence (Invalid); renovation.tally, renovation.decision_failed.
func (s *Service) RecordConsent(ctx context.Context, p authz.Principal, which, item id.ID, how Taken, in Evidence) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationConsent, StepConsent, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if err := s.ownersFirst(ctx, tx, m.actor, m.now.ScopePath); err != nil {
			return err
		}
		it, err := plannedItem(ctx, tx, which, item)
		if err != nil {
			return err
		}
		if it.DecisionItem == 0 {
			return fault.New(fault.Conflict, "renovation.no_decision")
		}
		ask := Ask{it.DecisionItem, it.ShareNum, it.ShareDen}
		g := Given{PlanNumber: m.now.PlanNumber, BudgetFen: it.BudgetFen}
		of := matter{it.ID, m.now.AreaID, m.now.ID, it.Parts, ask, func(at clock.Instant) error { return g.asOf(ctx, tx, it, at) }}
		if err := s.proof(ctx, tx, of, in, &g); err != nil {
			return err
		}
		g.SubjectID, g.SubjectHash = it.ID, it.ContentHash
		g.RecordedAt, g.PersonID, g.OrgID = m.at, m.actor.Person.Ptr(), m.actor.Org.Ptr()
		m.note("item", it.ID)
		m.note("key", it.Key)
		m.note("heldOn", g.HeldOn)
		m.note("tally", g.Tally)
		m.note("decision", g.DecisionID)
		return putGiven(ctx, tx, g)
	})
}

// ownersFirst refuses the community where the owners have a body of their own.
func (s *Service) ownersFirst(ctx context.Context, q dbx.Querier, actor authz.Actor, path string) error {
	if actor.Role != authz.RoleCommunity {
		return nil
	}
	serving, err := s.Arrangements.Serving(ctx, q, path)
	if err == nil && slices.ContainsFunc(serving, func(a Serving) bool { return !a.OwnersRepID.IsZero() && a.OwnersRepID != actor.Org }) {
		err = fault.New(fault.Forbidden, "renovation.committee_first")
	}
	return err
}

// plannedItem is an item of the plan in force; not_found.
func plannedItem(ctx context.Context, q dbx.Querier, project, item id.ID) (Item, error) {
	all, err := itemsOf(ctx, q, project)
	if err != nil {
		return Item{}, err
	}
	i := slices.IndexFunc(all, func(i Item) bool { return i.ID == item && i.State == ItemPlanned })
	if i < 0 {
		return Item{}, fault.New(fault.NotFound, "not_found")
	}
	return all[i], nil
}

// asOf puts into g the plan, and the cost, that owners were asked about at a moment: renovation.decision_other where the item was
// another then, or was not there.
func (g *Given) asOf(ctx context.Context, q dbx.Querier, it Item, at clock.Instant) error {
	row, ok, err := planAt(ctx, q, it.ProjectID, at)
	if err != nil || !ok {
		return fault.Or(err, otherDecision())
	}
	list, err := versions([]planRow{row})
	if err != nil {
		return err
	}
	for _, then := range list[0].Items {
		if then.Key == it.Key && then.hash() == it.ContentHash {
			g.PlanNumber, g.BudgetFen = row.Number, then.BudgetFen
			return nil
		}
	}
	return otherDecision()
}

func otherDecision() error { return fault.InvalidField("body.voted", "renovation.decision_other") }

// matter is what the owners decide on.
type matter struct {
	subject id.ID // the item or the request
	area    id.ID
	papers  id.ID // what its documents belong to
	parts   []Part
	ask     Ask
	asked   func(at clock.Instant) error // renovation.decision_other where it was another at that moment
}

// proof checks the evidence of a decision and puts it into g.
func (s *Service) proof(ctx context.Context, q dbx.Querier, of matter, in Evidence, g *Given) error {
	g.ID, g.DecisionItem = id.New(), of.ask.Item
	if in.Voted {
		return s.voted(ctx, q, of, g)
	}
	switch {
	case in.Document == nil || in.HeldOn == nil || in.Tally == nil:
		return fault.InvalidField("body.document", "renovation.evidence")
	case *in.HeldOn > s.today() || !realDay(*in.HeldOn):
		return fault.InvalidField("body.heldOn", "renovation.future")
	}
	if err := s.attached(ctx, q, of.papers, *in.Document); err != nil {
		return err
	}
	g.HeldOn, g.Document, g.Tally = *in.HeldOn, in.Document, *in.Tally
	return g.Tally.Check(of.ask)
}

// voted takes the decision that passed on this platform, by exactly the owners concerned, under the item that the law asks for, on what
// is to be carried out now.
func (s *Service) voted(ctx context.Context, q dbx.Querier, of matter, g *Given) error {
	d, ok, err := s.Decisions.Passed(ctx, q, of.subject)
	if err != nil {
		return err
	}
	place, err := s.Places.Place(ctx, q, of.area)
	if err != nil {
		return err
	}
	if !ok || d.Item != of.ask.Item || !sameOwners(place, of.parts, d) {
		return otherDecision()
	}
	if err := of.asked(d.Asked); err != nil {
		return err
	}
	if g.DecisionID, g.HeldOn = &d.ID, d.On; d.Shown {
		g.Tally = d.Tally
	}
	return d.Tally.Check(of.ask)
}

// sameOwners tells whether those who decided are the owners of some parts of a place. A building lies in one place, of which the path may
// be that of its service area; of the whole, an estate with one service area has the same owners as that.
func sameOwners(place Place, parts []Part, d Decision) bool {
	if !slices.Equal(sortParts(d.Parts), sortParts(parts)) {
		return false
	}
	if len(parts) > 0 {
		return strings.HasPrefix(d.Path, place.Path)
	}
	return d.Path == place.Path || len(place.ServiceAreas) == 1 && d.Path == authz.ChildPath(place.Path, place.ServiceAreas[0])
}

func realDay(d clock.Date) bool {
	_, err := clock.ParseDate(string(d))
	return err == nil
}
