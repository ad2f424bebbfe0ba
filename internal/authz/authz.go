// Package authz answers one question: may this principal do this to that thing? Roles are rows of a
// closed list of permissions (table.go reads like a table); each role says how it is tied to things: by
// area, by organisation, by household or by the account itself. Answers are errors, never booleans, so
// that a forgotten "no" does not compile into a "yes".
package authz

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Grant is one capacity of a person: a post in an organisation, a place in a household, or (RoleAccount)
// just being logged in.
type Grant struct {
	ID        id.ID         // the post or the household membership; what X-Capacity names
	Role      Role          //
	Org       id.ID         // the organisation of a post
	Path      string        // the area a post's organisation is competent for, or the service area of a dwelling; empty for companies
	Household id.ID         // the household of a membership
	Unit      id.ID         // the dwelling of that household
	Since     clock.Instant // when the membership began: its holder sees what happened in their own time
}

// Principal is who is calling.
type Principal struct {
	Account  id.ID
	Person   id.ID
	Grants   []Grant
	Capacity id.ID        // the grant the caller chose by X-Capacity, or zero
	Scopes   []Permission // what an API token is limited to; nil for a log-in session
	Limited  string       // code of the reason why a log-in session has Scopes after all: what must be done first
	Session  id.ID        // the log-in session or the token
	Request  string       // the request's id, for the records
	System   string       // the name of a background job or command; such a principal may do anything
}

// Actor is who did something, in the one capacity it was done in: what records keep.
type Actor struct {
	Account id.ID
	Person  id.ID
	Role    Role
	Post    id.ID // the grant's ID
	Org     id.ID
	Request string
}

// Object is the thing a permission is asked for, described by what ties roles to it. Fields that do not
// apply stay zero and match nothing.
type Object struct {
	Path      string        // scope path of the place it belongs to
	Orgs      []id.ID       // organisations it is in the hands of: the handler of an order, a party to a contract, the organisation itself
	Household id.ID         // the household it belongs to
	At        clock.Instant // when it came to be; zero for what has no time
	Persons   []id.ID       // natural persons it concerns as their own: the reporter, the account's person
	Open      bool          // open to everybody who lives at Path: places, contracts' promises, published rates
	Around    bool          // in sight also of who answers for a part of Path: a committee of one phase sees what is done to the whole estate. For reading alone
}

// System is the principal of a background job or a local command.
func System(name string) Principal { return Principal{System: name} }

// Anonymous tells whether nobody is logged in.
func (p Principal) Anonymous() bool { return p.Account.IsZero() && p.System == "" }

// PermissionsIn lists what p may do in one of its capacities, sorted: what the role may, within what the token or the
// log-in is limited to.
func (p Principal) PermissionsIn(g Grant) []Permission {
	return slices.DeleteFunc(PermissionsOf(g.Role), func(perm Permission) bool { return p.Scopes != nil && !slices.Contains(p.Scopes, perm) })
}

// ByToken tells whether an API token calls, rather than a log-in session.
func (p Principal) ByToken() bool { return p.Scopes != nil && p.Limited == "" }

// Actor is the principal in the capacity g.
func (p Principal) Actor(g Grant) Actor {
	return Actor{Account: p.Account, Person: p.Person, Role: g.Role, Post: g.ID, Org: g.Org, Request: p.Request}
}

type contextKey struct{}

// With puts the principal into the context; only httpapi's middleware and the commands do.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, contextKey{}, p)
}

// From returns the context's principal; the zero Principal (anonymous) when there is none.
func From(ctx context.Context) Principal {
	p, _ := ctx.Value(contextKey{}).(Principal)
	return p
}

// Require returns nil when p may do perm to obj in at least one of its capacities.
func Require(p Principal, perm Permission, obj Object) error {
	_, err := permitted(p, perm, obj)
	return err
}

// Act is Require for changes: it returns the capacity in which the change is made. When capacities of
// different roles permit it and the caller has chosen none, it is a Conflict that lists them, so that the
// record names the right one. What p may not see is NotFound; what p sees but may not do is Forbidden.
func Act(p Principal, perm Permission, obj Object) (Actor, error) {
	grants, err := permitted(p, perm, obj)
	if err != nil {
		return Actor{}, err
	}
	for _, g := range grants[1:] {
		if g.Role != grants[0].Role || g.Org != grants[0].Org {
			return Actor{}, fault.New(fault.Conflict, "capacity.ambiguous", "capacities", ids(grants))
		}
	}
	return p.Actor(grants[0]), nil
}

func permitted(p Principal, perm Permission, obj Object) ([]Grant, error) {
	if p.System != "" {
		return []Grant{{Role: RoleSystem}}, nil
	}
	if p.Anonymous() {
		return nil, fault.New(fault.Unauthenticated, "auth.required")
	}
	if grants := p.matching(perm, obj); len(grants) > 0 {
		return grants, nil
	}
	if len(p.matching(perm.reading(), obj)) > 0 {
		code := "auth.forbidden"
		if p.Limited != "" && !slices.Contains(p.Scopes, perm) {
			code = p.Limited
		}
		return nil, fault.New(fault.Forbidden, code, "permission", string(perm))
	}
	return nil, fault.New(fault.NotFound, "not_found")
}

// matching lists the capacities whose role holds perm and is tied to obj.
func (p Principal) matching(perm Permission, obj Object) []Grant {
	if p.Scopes != nil && !slices.Contains(p.Scopes, perm) {
		return nil
	}
	var out []Grant
	for _, g := range p.capacities() {
		if r, ok := roles[g.Role]; ok && slices.Contains(r.Permissions, perm) && r.Tie.holds(p, g, obj) {
			out = append(out, g)
		}
	}
	return out
}

// capacities are the chosen grant alone, or all; being logged in is always one.
func (p Principal) capacities() []Grant {
	self := Grant{Role: RoleAccount}
	if p.Capacity.IsZero() {
		return append(slices.Clip(p.Grants), self)
	}
	for _, g := range p.Grants {
		if g.ID == p.Capacity {
			return []Grant{g, self}
		}
	}
	return []Grant{self}
}

// Tie is how a role is bound to things.
type Tie int

// The ways a role is bound to things.
const (
	ByArea      Tie = iota // the thing lies in the post's area
	ByOrg                  // the thing is in the hands of the post's organisation
	ByHousehold            // the thing belongs to the member's household, or is the member's own
	ByPerson               // the thing is the caller's own
	Everywhere             // the platform operator's technical tasks
)

func (t Tie) holds(p Principal, g Grant, obj Object) bool {
	switch t {
	case ByArea:
		return g.Path != "" && (strings.HasPrefix(obj.Path, g.Path) || obj.Around && obj.Path != "" && strings.HasPrefix(g.Path, obj.Path))
	case ByOrg:
		return !g.Org.IsZero() && slices.Contains(obj.Orgs, g.Org)
	case ByHousehold:
		return (!g.Household.IsZero() && g.Household == obj.Household && (obj.At == 0 || g.Since <= obj.At)) || ByPerson.holds(p, g, obj) ||
			(obj.Open && obj.Path != "" && strings.HasPrefix(g.Path, obj.Path))
	case ByPerson:
		return !p.Person.IsZero() && slices.Contains(obj.Persons, p.Person)
	case Everywhere:
		return true
	}
	return false
}

// Holds returns the capacities in which p has perm at all, for lists: the store turns their ties into
// SQL conditions. Having none is Forbidden.
func Holds(p Principal, perm Permission) ([]Grant, error) {
	if p.System != "" {
		return []Grant{{Role: RoleSystem}}, nil
	}
	if p.Anonymous() {
		return nil, fault.New(fault.Unauthenticated, "auth.required")
	}
	if p.Scopes != nil && !slices.Contains(p.Scopes, perm) {
		return nil, fault.New(fault.Forbidden, cmp.Or(p.Limited, "auth.forbidden"), "permission", string(perm))
	}
	var out []Grant
	for _, g := range p.capacities() {
		if r, ok := roles[g.Role]; ok && slices.Contains(r.Permissions, perm) {
			out = append(out, g)
		}
	}
	if len(out) == 0 {
		return nil, fault.New(fault.Forbidden, "auth.forbidden", "permission", string(perm))
	}
	return out, nil
}

// TieOf tells how a role is bound to things.
func TieOf(r Role) Tie { return roles[r].Tie }

func ids(grants []Grant) []string {
	out := make([]string, len(grants))
	for i, g := range grants {
		out[i] = g.ID.String()
	}
	return out
}

// reading is the permission to see what perm acts upon: "workorder.accept" needs "workorder.read".
func (p Permission) reading() Permission {
	area, _, _ := strings.Cut(string(p), ".")
	return Permission(area + ".read")
}
