package app

import (
	"context"

	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/contract"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/membership"
	"github.com/redproperty/redproperty/internal/org"
	"github.com/redproperty/redproperty/internal/vote"
)

// What owners' votes ask of the other features, in their words.

// votePlaces answers package vote.
type votePlaces struct {
	area.Store
	members *membership.Service
}

// Place returns the scope of a vote.
func (p votePlaces) Place(ctx context.Context, q dbx.Querier, scope vote.Scope, which id.ID, entrance string) (vote.Place, error) {
	path, name, err := p.scope(ctx, q, scope, which, entrance)
	if err != nil {
		return vote.Place{}, err
	}
	out := vote.Place{Path: path, Name: name}
	above, err := p.Ancestors(ctx, q, path)
	if err != nil {
		return vote.Place{}, err
	}
	for _, a := range above {
		if a.Code != nil && len(*a.Code) >= len(out.Division) {
			out.Division = *a.Code
		}
	}
	areas, err := p.Extents(ctx, q, path)
	for _, a := range areas {
		out.ServiceAreas = append(out.ServiceAreas, a.ServiceAreaID)
	}
	return out, err
}

func (p votePlaces) scope(ctx context.Context, q dbx.Querier, scope vote.Scope, which id.ID, entrance string) (path, name string, err error) {
	switch scope {
	case vote.Estate:
		a, err := p.Area(ctx, q, which)
		if err == nil && a.Kind != area.Estate {
			err = fault.New(fault.NotFound, "not_found")
		}
		return a.Path, a.Name, err
	case vote.ServiceArea:
		a, err := p.Store.Place(ctx, q, which)
		return a.Path, placeName(a), err
	case vote.Building, vote.Entrance:
		if (scope == vote.Entrance) != (entrance != "") {
			return "", "", fault.InvalidField("body.entrance", "vote.entrance")
		}
		b, a, err := p.BuildingPlace(ctx, q, which)
		name = placeName(a) + " " + b.Name
		if entrance != "" {
			name += " " + entrance
		}
		return a.Path, name, err
	}
	return "", "", fault.InvalidField("body.scope", "field.enum")
}

// Units lists the units of a scope with their owners.
func (p votePlaces) Units(ctx context.Context, q dbx.Querier, scope vote.Scope, which id.ID, entrance string, at clock.Instant) ([]vote.Unit, error) {
	path, _, err := p.scope(ctx, q, scope, which, entrance)
	if err != nil {
		return nil, err
	}
	var part area.PartOf
	if scope == vote.Building || scope == vote.Entrance {
		part = area.PartOf{Building: which, Entrance: entrance}
	}
	list, err := p.OwnedUnits(ctx, q, path, part)
	if err != nil {
		return nil, err
	}
	members, err := p.members.PresentAt(ctx, q, path, at)
	if err != nil {
		return nil, err
	}
	owners := map[id.ID][]id.ID{}
	for _, m := range members {
		if m.Relation == membership.Owner {
			owners[m.Household] = append(owners[m.Household], m.Person)
		}
	}
	out := make([]vote.Unit, len(list))
	for i, u := range list {
		out[i] = vote.Unit{ID: u.ID, Label: u.Address, Area: u.Area, Source: string(u.Source), Parking: u.Use == area.Parking, Unsold: u.Delivery == area.Unsold || u.Delivery == area.Undelivered, Awaited: u.Delivery == area.Undelivered}
		if !u.Household.IsZero() {
			out[i].Members = owners[u.Household]
		}
		for _, o := range u.Owners {
			out[i].Owners = append(out[i].Owners, vote.Owner{ID: o.ID, Person: o.Person, Developer: o.Kind == area.DeveloperOwner})
		}
	}
	return out, nil
}

// votePosts answers package vote.
type votePosts struct{ *org.Service }

// InCompany tells whether a person holds a post in a property company.
func (p votePosts) InCompany(ctx context.Context, q dbx.Querier, person id.ID, at clock.Instant) (bool, error) {
	grants, err := p.Grants(ctx, q, person, at)
	for _, g := range grants {
		if g.Role == authz.RoleManager || g.Role == authz.RoleWorker {
			return true, err
		}
	}
	return false, err
}

// VoteReceipts is the seed of a vote's receipt key.
func (k ballotKeys) VoteReceipts(which id.ID) [32]byte {
	return [32]byte(k.suite.MAC(k.receipt, append([]byte("vote\x00"), which[:]...)))
}

// contractDecisions answers package contract: a decision that the owners made here carries a contract by itself; else the one that was
// recorded with it.
type contractDecisions struct {
	contract.Store
	votes **vote.Service
}

// Evidence is the decision that a contract rests on.
func (d contractDecisions) Evidence(ctx context.Context, q dbx.Querier, which id.ID) (contract.Decided, bool, error) {
	made, ok, err := (*d.votes).Passed(ctx, q, vote.SubjectOf, which)
	if err != nil || !ok {
		if err != nil {
			return contract.Decided{}, false, err
		}
		return d.Store.Evidence(ctx, q, which)
	}
	c := made.Count
	if !made.Shown {
		return contract.Sealed(made.HeldOn, made.Document, c.Tests(made.Matter)), true, nil
	}
	return contract.Recorded(contract.Evidence{HeldOn: made.HeldOn, Document: made.Document, Tally: contract.Tally{TotalArea: c.Total.Area, TotalHeads: c.Total.Heads,
		JoinedArea: c.Joined.Area, JoinedHeads: c.Joined.Heads, FavourArea: c.Favour.Area, FavourHeads: c.Favour.Heads}}), true, nil
}
