package contract

import (
	"context"
	"strconv"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/tally"
)

// View is a contract with everything that its parties and the offices see.
type View struct {
	Contract
	Terms     Terms        `json:"terms"`
	Assents   []Assent     `json:"assents" doc:"Signatures and confirmations, those to replaced terms included"`
	Decision  *Decided     `json:"decision,omitempty" doc:"The owners' decision it rests on"`
	Tests     *tally.Tests `json:"tests,omitempty" doc:"The four tests of Civil Code 278"`
	Notices   []Notice     `json:"notices"`
	Documents []Document   `json:"documents"`
	Steps     []Step       `json:"steps" doc:"What is possible in this state; who may do it is another question"`
	Options   []StepOption `json:"options" doc:"Every step, with whether you may take it now and why not"`
	Waiting   bool         `json:"waitingForRecord" doc:"The term is over and nobody has recorded what follows"`
}

// waiting tells whether the term is over and a person must record what follows (R1.8).
func (c Contract) waiting(today clock.Date) bool {
	return c.State == InForce && c.EndsOn != nil && *c.EndsOn < today
}

// Show returns one contract to its parties, the community and the street.
func (s *Service) Show(ctx context.Context, p authz.Principal, which id.ID) (View, error) {
	c, err := contract(ctx, s.DB, which)
	if err != nil {
		return View{}, err
	}
	if err := authz.Require(p, authz.ContractRead, c.object()); err != nil {
		return View{}, err
	}
	return s.view(ctx, s.DB, p, c)
}

// view is the contract with everything around it, as p sees it.
func (s *Service) view(ctx context.Context, q dbx.Querier, p authz.Principal, c Contract) (v View, err error) {
	v = View{Contract: c, Steps: Steps(c.State), Waiting: c.waiting(s.today())}
	if v.Terms, err = terms(ctx, q, c); err != nil {
		return v, err
	}
	if v.Assents, err = assents(ctx, q, c.ID); err != nil {
		return v, err
	}
	if v.Notices, err = notices(ctx, q, c.ID); err != nil {
		return v, err
	}
	if v.Documents, err = documents(ctx, q, c.ID); err != nil {
		return v, err
	}
	e, ok, err := s.Decisions.Evidence(ctx, q, c.ID)
	if ok {
		tests := e.Tests()
		v.Decision, v.Tests = &e, &tests
	}
	if err != nil {
		return v, err
	}
	v.Options, err = s.options(ctx, q, p, v)
	return v, err
}

// Contracts lists the contracts that p may see, the newest first.
func (s *Service) Contracts(ctx context.Context, p authz.Principal, f Filter, req page.Request) (page.Page[Contract], error) {
	grants, err := authz.Holds(p, authz.ContractRead)
	if err != nil {
		return page.Page[Contract]{}, err
	}
	last, err := before(req)
	if err != nil {
		return page.Page[Contract]{}, err
	}
	scope := both(p, grants, authz.Columns{Path: "scope_path", Org: "company_org_id"}, authz.Columns{Org: "owners_org_id"})
	rows, err := contracts(ctx, s.DB, f, scope, last, req.Size()+1)
	if err != nil {
		return page.Page[Contract]{}, err
	}
	return page.Cut(rows, req.Size(), func(c Contract) []string { return []string{c.ID.String()} }), nil
}

// Events lists what happened to a contract, from its beginning.
func (s *Service) Events(ctx context.Context, p authz.Principal, which id.ID, req page.Request) (page.Page[Event], error) {
	c, err := contract(ctx, s.DB, which)
	if err != nil {
		return page.Page[Event]{}, err
	}
	if err := authz.Require(p, authz.ContractRead, c.object()); err != nil {
		return page.Page[Event]{}, err
	}
	parts, err := page.Decode(req.Cursor, 1)
	if err != nil {
		return page.Page[Event]{}, err
	}
	after := int64(0)
	if parts != nil {
		if after, err = strconv.ParseInt(parts[0], 10, 64); err != nil {
			return page.Page[Event]{}, fault.InvalidField("query.cursor", "page.cursor")
		}
	}
	rows, err := events(ctx, s.DB, which, after, req.Size()+1)
	if err != nil {
		return page.Page[Event]{}, err
	}
	return page.Cut(rows, req.Size(), func(e Event) []string { return []string{strconv.FormatInt(e.Seq, 10)} }), nil
}

// PublicTerms is what everybody who lives in a service area may know: who serves it under what, what was
// promised, and at what price (CC 943).
type PublicTerms struct {
	Arrangement Arrangement `json:"arrangement"`
	Handler     string      `json:"handler,omitempty" doc:"Name of the organisation that handles the place"`
	OwnersRep   string      `json:"ownersRep,omitempty" doc:"Name of the body that stands for the owners"`
	Contract    *PublicPart `json:"contract,omitempty" doc:"The contract in force; absent without one"`
}

// PublicPart is the public part of a contract.
type PublicPart struct {
	ID           id.ID         `json:"id"`
	Number       string        `json:"number"`
	Kind         Kind          `json:"kind" enum:"early_stage,ordinary"`
	State        State         `json:"state" enum:"in_force,indefinite"`
	FeeMethod    FeeMethod     `json:"feeMethod" enum:"lump_sum,commission,trust"`
	StartsOn     clock.Date    `json:"startsOn"`
	EndsOn       *clock.Date   `json:"endsOn,omitempty"`
	SignedOn     *clock.Date   `json:"signedOn,omitempty"`
	FiledOn      *clock.Date   `json:"filedOn,omitempty"`
	Fees         []Fee         `json:"fees"`
	Items        []Item        `json:"items"`
	SLA          []SLARow      `json:"sla"`
	Promises     []string      `json:"promises"`
	Subcontracts []Subcontract `json:"subcontracts"`
}

// PublicTerms shows the public terms of a service area to its residents and to the offices above it.
func (s *Service) PublicTerms(ctx context.Context, p authz.Principal, serviceArea id.ID) (PublicTerms, error) {
	obj, err := s.placeObject(ctx, serviceArea)
	if err != nil {
		return PublicTerms{}, err
	}
	if err := authz.Require(p, authz.ContractRead, obj); err != nil {
		return PublicTerms{}, err
	}
	out := PublicTerms{}
	if out.Arrangement, err = s.Arrangement(ctx, s.DB, serviceArea); err != nil {
		return out, err
	}
	if out.Handler, err = s.nameOf(ctx, out.Arrangement.HandlerID); err != nil {
		return out, err
	}
	if out.OwnersRep, err = s.nameOf(ctx, out.Arrangement.OwnersRepID); err != nil {
		return out, err
	}
	if out.Arrangement.ContractID == nil {
		return out, nil
	}
	c, err := contract(ctx, s.DB, *out.Arrangement.ContractID)
	if err != nil {
		return out, err
	}
	t, err := terms(ctx, s.DB, c)
	out.Contract = &PublicPart{c.ID, c.Number, c.Kind, c.State, c.FeeMethod, c.StartsOn, c.EndsOn, c.SignedOn, c.FiledOn, t.Fees, t.Items, t.SLA, t.Promises, t.Subcontracts}
	return out, err
}

func (s *Service) nameOf(ctx context.Context, org *id.ID) (string, error) {
	if org == nil {
		return "", nil
	}
	o, err := s.Orgs.Org(ctx, s.DB, *org)
	return o.Name, err
}

// FeeProposal computes what the contract's fee linkage proposes for a score. Nothing is settled by it.
// Faults: contract.no_fee_linkage (Conflict) for a contract that is not in force or has no linkage clause.
func (s *Service) FeeProposal(ctx context.Context, p authz.Principal, which id.ID, score, baseFen int64) (Proposal, error) {
	c, err := contract(ctx, s.DB, which)
	if err != nil {
		return Proposal{}, err
	}
	if err := authz.Require(p, authz.ContractRead, c.object()); err != nil {
		return Proposal{}, err
	}
	t, err := terms(ctx, s.DB, c)
	if err != nil {
		return Proposal{}, err
	}
	if !c.State.forced() || len(t.Bands) == 0 {
		return Proposal{}, noLinkage()
	}
	out, err := Propose(t.Bands, score, baseFen)
	out.Version = c.Version
	return out, err
}
