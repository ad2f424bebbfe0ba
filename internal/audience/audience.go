// Package audience finds the people concerned by an event: who reported an order, who has it in hand, the
// community around a place, the parties to a contract. It reads other features' tables and changes none.
package audience

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/notify"
	"github.com/redproperty/redproperty/internal/outbox"
)

// Finder answers package notify.
type Finder struct{ Clock clock.Clock }

// scene is what an event is about, as far as the event and the tables tell.
type scene struct {
	Reporter  *id.ID `db:"reporter_person_id"`
	Household *id.ID `db:"household_id"`
	Handler   *id.ID `db:"handler_org_id"`
	Assignee  *id.ID `db:"assignee_person_id"`
	Party     *id.ID `db:"party_org_id"`
	Community *id.ID `db:"community_id"`
	Street    *id.ID `db:"street_id"`
	Company   *id.ID `db:"company_org_id"`
	Owners    *id.ID `db:"owners_org_id"`
	Path      string `db:"path"` // of the service area
	Proposer  *id.ID `db:"proposer_person"`
	order     *id.ID
	said      said
}

// said is what the payload names.
type said struct {
	Person    *id.ID  `json:"person"`
	Persons   []id.ID `json:"persons"`
	Successor *id.ID  `json:"successor"`
	Household *id.ID  `json:"household"`
	Unit      *id.ID  `json:"unit"`
	Contract  *id.ID  `json:"contract"`
	Area      *id.ID  `json:"area"`
	Order     *id.ID  `json:"order"`
	Party     *id.ID  `json:"party"`
	Community *id.ID  `json:"community"`
	Street    *id.ID  `json:"street"`
	Company   *id.ID  `json:"company"`
	Project   *id.ID  `json:"project"`
	// ServiceArea is the one of a round or a renovation that the event is about.
	ServiceArea *id.ID `json:"serviceArea"`
}

// Recipients lists the people of one audience of an event; nobody is no error.
func (f Finder) Recipients(ctx context.Context, q dbx.Querier, kind notify.Audience, ev outbox.Event) ([]notify.Recipient, error) {
	s, err := f.scene(ctx, q, ev)
	if err != nil {
		return nil, err
	}
	now := clock.Now(f.Clock)
	find := finder{q: q, now: now}
	switch kind {
	case notify.Reporter:
		return find.reporters(ctx, s)
	case notify.Handler:
		if s.Handler == nil {
			return find.at(ctx, s.Community, communityKinds)
		}
		return find.org(ctx, s.Handler, authz.RoleManager, authz.RoleDepartment, authz.RoleUtility, authz.RoleCommunity, authz.RoleCommunityWork)
	case notify.Assignee:
		return one(s.Assignee), nil
	case notify.CaseParty:
		return find.party(ctx, s, ev.Subject)
	case notify.CaseDesk:
		if s.Community == nil {
			return find.at(ctx, s.Street, streetKinds)
		}
		return find.at(ctx, s.Community, communityKinds)
	case notify.Community:
		return find.at(ctx, s.Community, communityKinds)
	case notify.StreetOffice, notify.StreetQueue:
		return find.at(ctx, s.Street, streetKinds)
	case notify.Discipline:
		return find.at(ctx, s.Street, partyKinds)
	case notify.Household:
		return find.household(ctx, s)
	case notify.Person:
		return one(s.said.Person), nil
	case notify.Persons:
		out := make([]notify.Recipient, len(s.said.Persons))
		for i, p := range s.said.Persons {
			out[i] = notify.Recipient{Person: p}
		}
		return out, nil
	case notify.Successor:
		return one(s.said.Successor), nil
	case notify.Proposer:
		return one(s.Proposer), nil
	case notify.Reviewers:
		return find.reviewers(ctx, s)
	case notify.Company:
		return find.org(ctx, s.Company, authz.RoleManager)
	case notify.OwnersBody:
		return find.org(ctx, s.Owners, authz.RoleCommittee)
	case notify.Residents:
		return find.residents(ctx, s.Path)
	}
	return nil, nil
}

var (
	communityKinds = []string{"community_party", "residents_committee"}
	streetKinds    = []string{"street_office"}
	partyKinds     = []string{"street_party"}
)

// answering are the roles that may give a statement.
var answering = slices.DeleteFunc(authz.Roles(), func(r authz.Role) bool { return !slices.Contains(authz.PermissionsOf(r), authz.OrderAnswer) })

func one(person *id.ID) []notify.Recipient {
	if person == nil {
		return nil
	}
	return []notify.Recipient{{Person: *person}}
}

// scene loads what the event is about. What is gone meanwhile leaves its fields empty.
func (f Finder) scene(ctx context.Context, q dbx.Querier, ev outbox.Event) (s scene, err error) {
	var p said
	if err := json.Unmarshal(ev.Payload, &p); err != nil {
		return s, err
	}
	area, _, _ := strings.Cut(ev.Topic, ".")
	switch area {
	case "workorder":
		s, err = orderScene(ctx, q, first(p.Order, &ev.Subject))
		s.order = first(p.Order, &ev.Subject)
	case "contract":
		s, err = contractScene(ctx, q, first(p.Contract, &ev.Subject))
	case "arrangement":
		s, err = arrangementScene(ctx, q, &ev.Subject)
	case "vote":
		s, err = arrangementScene(ctx, q, p.ServiceArea)
	case "survey":
		s, err = surveyScene(ctx, q, &ev.Subject, p.ServiceArea)
	case "renovation":
		s, err = renovationScene(ctx, q, p.Project, p.ServiceArea)
	case "fund":
		s, err = arrangementScene(ctx, q, p.ServiceArea)
	case "credit":
		s, err = creditScene(ctx, q, p.Company)
	case "place":
		s, err = changeScene(ctx, q, &ev.Subject)
	case "membership":
		s, err = unitScene(ctx, q, p.Unit)
	}
	if dbx.IsNoRow(err) {
		s, err = scene{order: s.order}, nil // what was read into may hold empty ids
	}
	s.said = p
	s.Party, s.Community, s.Street = first(s.Party, p.Party), first(s.Community, p.Community), first(s.Street, p.Street)
	return s, err
}

func first(list ...*id.ID) *id.ID {
	for _, v := range list {
		if v != nil {
			return v
		}
	}
	return nil
}

// finder reads recipients at one moment.
type finder struct {
	q   dbx.Querier
	now clock.Instant
}

// party finds who may answer a statement for the organisation it was asked of: never the person whom the case is about.
func (f finder) party(ctx context.Context, s scene, statement id.ID) ([]notify.Recipient, error) {
	about, err := aboutOf(ctx, f.q, statement)
	if err != nil {
		return nil, err
	}
	list, err := f.org(ctx, s.Party, answering...)
	return without(distinct(list), about), err
}

func (f finder) reporters(ctx context.Context, s scene) ([]notify.Recipient, error) {
	out := one(s.Reporter)
	if s.Household != nil {
		members, err := f.members(ctx, *s.Household)
		if err != nil {
			return nil, err
		}
		out = append(out, members...)
	}
	if s.order == nil {
		return out, nil
	}
	followers, err := followersOf(ctx, f.q, *s.order)
	return distinct(append(out, followers...)), err
}

func (f finder) household(ctx context.Context, s scene) ([]notify.Recipient, error) {
	if s.said.Household == nil {
		return nil, nil
	}
	list, err := f.members(ctx, *s.said.Household)
	if err != nil {
		return nil, err
	}
	if s.said.Unit != nil {
		owners, err := ownersOf(ctx, f.q, *s.said.Unit)
		if err != nil {
			return nil, err
		}
		list = append(list, owners...)
	}
	return without(distinct(list), s.said.Person), nil
}

func (f finder) reviewers(ctx context.Context, s scene) ([]notify.Recipient, error) {
	community, err := f.at(ctx, s.Community, communityKinds)
	if err != nil {
		return nil, err
	}
	street, err := f.at(ctx, s.Street, streetKinds)
	return without(append(community, street...), s.Proposer), err
}

func distinct(list []notify.Recipient) []notify.Recipient {
	seen := map[id.ID]bool{}
	out := list[:0]
	for _, r := range list {
		if !seen[r.Person] {
			seen[r.Person] = true
			out = append(out, r)
		}
	}
	return out
}

func without(list []notify.Recipient, person *id.ID) []notify.Recipient {
	out := list[:0]
	for _, r := range list {
		if person == nil || r.Person != *person {
			out = append(out, r)
		}
	}
	return out
}
