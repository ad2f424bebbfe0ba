package renovation

import (
	"context"
	"errors"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// fundPermission is what each step of a request takes.
var fundPermission = map[FundStep]authz.Permission{
	FundStepRevise: authz.FundRequest, FundStepDecide: authz.FundConsent, FundStepVerify: authz.FundVerify, FundStepSettle: authz.FundRequest, FundStepPost: authz.FundRequest,
	FundStepObject: authz.FundObject, FundStepAnswer: authz.FundRequest, FundStepDraw: authz.FundDraw, FundStepWithdraw: authz.FundRequest, FundStepAttach: authz.FundRequest,
}

// fundSteps are the steps that would not be refused to p today: a page offers nothing else.
func (s *Service) fundSteps(ctx context.Context, p authz.Principal, r FundRequest, obj authz.Object, signed []Signature) ([]FundStep, error) {
	out := []FundStep{}
	for _, step := range r.steps() {
		err := authz.Require(p, fundPermission[step], obj)
		if err == nil {
			err = s.fundHinders(ctx, s.DB, p, r, obj, step, signed)
		}
		switch {
		case err == nil:
			out = append(out, step)
		case !errors.Is(err, fault.Forbidden) && !errors.Is(err, fault.Conflict):
			return out, err
		}
	}
	return out, nil
}

// fundHinders is why a step that p has the permission for would be refused to them all the same: Forbidden or Conflict, as the step
// itself answers.
func (s *Service) fundHinders(ctx context.Context, q dbx.Querier, p authz.Principal, r FundRequest, obj authz.Object, step FundStep, signed []Signature) error {
	switch step {
	case FundStepVerify:
		return s.mayVerify(ctx, q, p, r, obj, signed)
	case FundStepDecide:
		return anyCapacity(p, authz.FundConsent, obj, func(actor authz.Actor) error { return s.ownersFirst(ctx, q, actor, r.ScopePath) })
	case FundStepDraw:
		return s.drawable(ctx, q, r)
	default:
		return nil
	}
}

// mayVerify tells whether p stands for a party that has not seen the danger yet.
func (s *Service) mayVerify(ctx context.Context, q dbx.Querier, p authz.Principal, r FundRequest, obj authz.Object, signed []Signature) error {
	if slices.ContainsFunc(signed, func(sig Signature) bool { return sig.PersonID != nil && *sig.PersonID == p.Person }) {
		return fault.New(fault.Conflict, "renovation.same_person")
	}
	return anyCapacity(p, authz.FundVerify, obj, func(actor authz.Actor) error {
		party, err := s.partyOnSite(ctx, q, p, &fundMove{now: r, actor: actor, at: s.now()})
		if err == nil && slices.ContainsFunc(signed, func(sig Signature) bool { return sig.Party == party }) {
			err = fault.New(fault.Conflict, "renovation.party_signed")
		}
		return err
	})
}

// anyCapacity asks for each capacity of p that has the permission, until one is not hindered; the last refusal where all are.
func anyCapacity(p authz.Principal, perm authz.Permission, obj authz.Object, hinders func(authz.Actor) error) error {
	refused := error(fault.New(fault.Forbidden, "auth.forbidden"))
	for _, g := range p.Grants {
		alone := p
		alone.Grants, alone.Capacity = []authz.Grant{g}, id.Nil
		actor, err := authz.Act(alone, perm, obj)
		if err == nil {
			err = hinders(actor)
		}
		if err == nil || !errors.Is(err, fault.Forbidden) && !errors.Is(err, fault.Conflict) {
			return err
		}
		refused = err
	}
	return refused
}

// drawable tells whether the money can be drawn today: the posting is over and every objection is answered.
func (s *Service) drawable(ctx context.Context, q dbx.Querier, r FundRequest) error {
	if s.today() <= *r.PostedUntil {
		return fault.New(fault.Conflict, "fund.posting", "date", string(*r.PostedUntil))
	}
	open, err := openRemarks(ctx, q, r.ID, nil)
	if err == nil && open > 0 {
		err = fault.New(fault.Conflict, "fund.objections_open", "count", open)
	}
	return err
}
