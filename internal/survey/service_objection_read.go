package survey

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
)

// sight is how much of an objection somebody sees.
type sight int

const (
	blind    sight = iota
	redacted       // without what could tell who wrote it
	whole
)

// seesObjection tells how much of an objection p sees: the deciding and auditing bodies and the party itself all of it, the
// households of the service area what households wrote, the other parties a filed one without personal data.
func seesObjection(p authz.Principal, pr Project, o Objection) sight {
	place := authz.Object{Path: pr.ScopePath}
	if authz.Require(p, authz.SurveyDecide, place) == nil || authz.Require(p, authz.SurveyAudit, place) == nil {
		return whole
	}
	grants, err := authz.Holds(p, authz.SurveyObject)
	if err != nil {
		return blind
	}
	best := blind
	for _, g := range grants {
		_, party := pr.side(g.Org)
		switch {
		case g.Role == authz.RoleSystem, party && g.Org == o.PartyID, g.Path == pr.ScopePath && !g.Household.IsZero() && o.By == ByHouseholds:
			return whole
		case party && o.State != Gathering:
			best = redacted
		}
	}
	return best
}

// Objections lists the objections of a round that p is concerned with.
func (s *Service) Objections(ctx context.Context, p authz.Principal, round id.ID) ([]Objection, error) {
	_, projects, err := s.round(ctx, p, round)
	if err != nil {
		return nil, err
	}
	list, err := objectionsOf(ctx, s.DB, round)
	if err != nil {
		return nil, err
	}
	out := []Objection{}
	for _, o := range list {
		at := slices.IndexFunc(projects, func(pr Project) bool { return pr.ServiceAreaID == o.ServiceAreaID })
		if at < 0 {
			continue
		}
		if sees := seesObjection(p, projects[at], o); sees != blind {
			out = append(out, o.shown(sees))
		}
	}
	return out, nil
}

// shown is the objection as somebody sees it; how many households joined is told while they gather.
func (o Objection) shown(sees sight) Objection {
	if o.State != Gathering {
		o.Joined = 0
	}
	if sees == redacted {
		o.Content = personal.Redact(o.Content)
	}
	return o
}

// ObjectionStatuses lists how far the objections to a published score are, for everybody.
func (s *Service) ObjectionStatuses(ctx context.Context, round id.ID) ([]ObjectionStatus, error) {
	r, err := roundByID(ctx, s.DB, round)
	if err != nil {
		return nil, err
	}
	if !r.State.Public() {
		return nil, fault.New(fault.NotFound, "survey.no_score")
	}
	projects, err := projectsOf(ctx, s.DB, round)
	if err != nil {
		return nil, err
	}
	list, err := objectionsOf(ctx, s.DB, round)
	names := map[id.ID]string{}
	for _, pr := range projects {
		names[pr.ServiceAreaID] = pr.Name
	}
	out := []ObjectionStatus{}
	for _, o := range list {
		if o.State != Gathering {
			out = append(out, o.status(names[o.ServiceAreaID], s.now()))
		}
	}
	slices.SortFunc(out, func(a, b ObjectionStatus) int { return int(a.Number - b.Number) })
	return out, err
}
