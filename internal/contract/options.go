package contract

import (
	"cmp"
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// StepOption is a step as one caller sees it.
type StepOption struct {
	Step    Step   `json:"step" doc:"The step"`
	Allowed bool   `json:"allowed" doc:"Whether you may take it now"`
	Why     string `json:"why,omitempty" doc:"Code of the reason why not"`
}

// footing is what stands around a contract while somebody asks what they may do. It is read without a lock: the
// step itself checks again, with everything, in its transaction.
type footing struct {
	View
	today    clock.Date
	place    authz.Object // the contract as the permissions of a hand-over see it
	rival    *Contract    // what is in force in its place
	conflict []id.ID      // persons who stand for the owners and have an interest in the company
	open     int          // items of the hand-over that nobody has confirmed
}

func (s *Service) options(ctx context.Context, q dbx.Querier, p authz.Principal, v View) ([]StepOption, error) {
	f, err := s.footing(ctx, q, v)
	if err != nil {
		return nil, err
	}
	out := []StepOption{}
	for _, r := range table {
		if r.perm == "" {
			continue
		}
		why := f.whyNot(p, r)
		out = append(out, StepOption{r.step, why == "", why})
	}
	return out, nil
}

func (s *Service) footing(ctx context.Context, q dbx.Querier, v View) (f footing, err error) {
	f = footing{View: v, today: s.today()}
	if f.place, err = s.reach(ctx, v.Contract, authz.ContractHandover); err != nil {
		return f, err
	}
	switch v.State {
	case Draft:
		f.conflict, err = s.Orgs.InConflict(ctx, q, v.CompanyID, v.ScopePath)
	case Signed:
		var found bool
		var prev Contract
		if prev, found, err = inForce(ctx, q, v.ServiceAreaID); found {
			f.rival = &prev
		}
	case Terminated, Handover:
		var list []HandoverItem
		list, err = items(ctx, q, v.ID)
		for _, i := range list {
			if i.State != ItemConfirmed {
				f.open++
			}
		}
	}
	return f, err
}

// whyNot is the code of the reason why p may not take a step now; empty where one of p's capacities may.
func (f footing) whyNot(p authz.Principal, r row) string {
	if !slices.Contains(r.from, f.State) {
		return "contract.step_illegal"
	}
	obj := f.object()
	if r.perm == authz.ContractHandover {
		obj = f.place
	}
	why := ""
	for _, actor := range capacities(p, r.perm, obj) {
		hindered := f.hinders(r.step, actor)
		if hindered == "" {
			return ""
		}
		why = cmp.Or(why, hindered)
	}
	return cmp.Or(why, "auth.forbidden")
}

// capacities are the ways in which p may do perm to obj, one by one.
func capacities(p authz.Principal, perm authz.Permission, obj authz.Object) []authz.Actor {
	if p.System != "" {
		return []authz.Actor{p.Actor(authz.Grant{Role: authz.RoleSystem})}
	}
	var out []authz.Actor
	for _, g := range p.Grants {
		if !p.Capacity.IsZero() && p.Capacity != g.ID {
			continue
		}
		alone := p
		alone.Capacity = g.ID
		if actor, err := authz.Act(alone, perm, obj); err == nil {
			out = append(out, actor)
		}
	}
	return out
}

// hinders is the code of what keeps one capacity from a step; empty where nothing is known to.
func (f footing) hinders(step Step, actor authz.Actor) string {
	m := &move{now: f.Contract, actor: actor, today: f.today}
	var err error
	switch step {
	case StepReplace:
		_, err = m.side()
	case StepWithdraw:
		if _, err = m.side(); err == nil && f.State == Signed {
			return f.assented(actor, ActWithdraw)
		}
	case StepDecision:
		if side, e := m.side(); e != nil || side != OwnersSide {
			return "contract.not_owners_side"
		}
	case StepSign:
		return f.unsigned(m)
	case StepConfirm:
		return f.unconfirmed(m)
	case StepEnforce:
		if err = office(actor); err == nil {
			err = cmp.Or(m.due(), f.rivals())
		}
	case StepFile:
		if f.FiledOn != nil {
			return "contract.filed"
		}
	case StepContinue:
		err = f.termOver(f.today)
	case StepDeliver, StepWithhold:
		err = m.outgoing()
	case StepReceive:
		err = m.incoming()
	case StepTakeOver:
		if err = m.incoming(); err == nil && f.open > 0 && office(actor) != nil {
			return "contract.items_open"
		}
	}
	return codeOf(err)
}

// unsigned tells what keeps an actor from signing.
func (f footing) unsigned(m *move) string {
	side, err := m.side()
	if err != nil {
		return codeOf(err)
	}
	if why := f.assented(m.actor, ActSign); why != "" {
		return why
	}
	if err := f.Terms.complete(); err != nil {
		return codeOf(err)
	}
	switch {
	case f.Kind == EarlyStage:
		return ""
	case f.Decision == nil:
		return "contract.decision_missing"
	case side == OwnersSide && slices.Contains(f.conflict, m.actor.Person):
		return "contract.conflict_of_interest"
	}
	return codeOf(f.Decision.Check())
}

// unconfirmed tells what keeps an actor from saying that the service has begun.
func (f footing) unconfirmed(m *move) string {
	if _, err := m.side(); err != nil {
		return codeOf(err)
	}
	if f.Kind == EarlyStage {
		return "contract.office_only"
	}
	return cmp.Or(f.assented(m.actor, ActStart), codeOf(m.due()), codeOf(f.rivals()))
}

// assented tells whether the actor's side, or the person for the other side, has given its word already.
func (f footing) assented(actor authz.Actor, act Act) string {
	side, _ := sideOf(f.Contract, actor)
	for _, a := range f.Assents {
		switch {
		case a.Act != act || a.TermsVersion != f.TermsVersion:
		case a.Side == side:
			return "contract.side_done"
		case a.Person == actor.Person:
			return "contract.same_person"
		}
	}
	return ""
}

// rivals refuses where another contract must be ended before this one takes effect.
func (f footing) rivals() error {
	if f.rival == nil || f.Contract.replaces(*f.rival) != "" {
		return nil
	}
	return otherInForce(*f.rival)
}

func codeOf(err error) string {
	if err == nil {
		return ""
	}
	return fault.Of(err).Code
}
