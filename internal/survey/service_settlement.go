package survey

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/score"
	"github.com/redproperty/redproperty/internal/text"
)

// NewSettlement is the period that a fee is settled for.
type NewSettlement struct {
	ServiceAreaID id.ID
	FromMonth     string // 2026-01
	Months        int64
}

// dealing reads a published round's service area for one of the parties to its contract. Faults: survey.step_impossible, survey.not_party,
// survey.no_linkage where no contract, or no owners' side, was there at the freezing.
func (s *Service) dealing(ctx context.Context, p authz.Principal, round, serviceArea id.ID) (Round, Project, authz.Actor, Objector, error) {
	r, projects, err := s.round(ctx, p, round)
	if err != nil {
		return r, Project{}, authz.Actor{}, "", err
	}
	at := slices.IndexFunc(projects, func(pr Project) bool { return pr.ServiceAreaID == serviceArea })
	if at < 0 {
		return r, Project{}, authz.Actor{}, "", fault.New(fault.NotFound, "not_found")
	}
	pr := projects[at]
	actor, err := authz.Act(p, authz.SurveySettle, r.object(pr))
	if err != nil {
		return r, pr, actor, "", err
	}
	by, ok := pr.side(actor.Org)
	switch {
	case !ok:
		err = fault.New(fault.Forbidden, "survey.not_party")
	case !r.State.Public():
		err = fault.New(fault.Conflict, "survey.step_impossible", "state", string(r.State))
	case pr.ContractID == nil || pr.OwnersID == nil || pr.CompanyID == nil:
		err = fault.New(fault.Conflict, "survey.no_linkage")
	}
	return r, pr, actor, by, err
}

// ProposeSettlement computes what the contract in force at the freezing makes of the newest published score. It settles nothing: both sides
// confirm it after the time for objections. Faults: those of dealing; survey.no_linkage, survey.rejected, survey.no_figure,
// survey.settlement_exists.
func (s *Service) ProposeSettlement(ctx context.Context, p authz.Principal, once idem.Key, round id.ID, in NewSettlement) (Settlement, error) {
	r, pr, actor, _, err := s.dealing(ctx, p, round, in.ServiceAreaID)
	if err != nil {
		return Settlement{}, err
	}
	if !monthForm.MatchString(in.FromMonth) {
		return Settlement{}, fault.InvalidField("body.fromMonth", "survey.month")
	}
	terms, err := s.Contracts.FeeTerms(ctx, s.DB, *pr.ContractID, pr.ServiceAreaID)
	if err != nil {
		return Settlement{}, err
	}
	if len(terms.Bands) == 0 {
		return Settlement{}, fault.New(fault.Conflict, "survey.no_linkage")
	}
	c := Settlement{ID: id.New(), RoundID: round, ServiceAreaID: pr.ServiceAreaID, ScopePath: pr.ScopePath, Revision: r.Revision - 1, ContractID: *pr.ContractID,
		CompanyID: *pr.CompanyID, OwnersID: *pr.OwnersID, State: Proposed, FromMonth: in.FromMonth, Months: in.Months, MonthFen: terms.MonthFen,
		ProposedBy: actor.Person, ProposedRole: string(actor.Role), Version: 1}
	if c.Proposal, err = s.fee(ctx, r, pr, terms, in.Months); err != nil {
		return Settlement{}, err
	}
	body, err := json.Marshal(c.Proposal)
	if err != nil {
		return Settlement{}, err
	}
	c.ProposalText = string(body)
	return s.propose(ctx, once, r, c, actor)
}

func (s *Service) propose(ctx context.Context, once idem.Key, r Round, c Settlement, actor authz.Actor) (Settlement, error) {
	made := c.ID
	err := s.inRound(ctx, r, func(ctx context.Context, tx *dbx.Tx) error {
		got, again, err := once.Claim(ctx, tx, c.ID)
		if made = got; err != nil || again {
			return err
		}
		c := c
		c.ProposedAt = s.now()
		err = insertSettlement(ctx, tx, c)
		if dbx.IsDuplicate(err) {
			return fault.New(fault.Conflict, "survey.settlement_exists")
		}
		if err != nil {
			return err
		}
		return s.noteSettlement(ctx, tx, c, actor, "survey.settle_propose")
	})
	if err != nil {
		return Settlement{}, err
	}
	return settlementByID(ctx, s.DB, r.ID, made)
}

// fee applies the contract's bands to a project's index, with its interval as wide as a re-contact makes it.
func (s *Service) fee(ctx context.Context, r Round, pr Project, terms FeeTerms, months int64) (score.FeeProposal, error) {
	if err := s.believed(ctx, s.DB, r); err != nil {
		return score.FeeProposal{}, err
	}
	card, err := s.cardOf(ctx, r, r.Revision-1)
	if err != nil {
		return score.FeeProposal{}, err
	}
	again, err := s.recontact(ctx, s.DB, r)
	if err != nil {
		return score.FeeProposal{}, err
	}
	for _, pc := range card.Projects {
		if pc.ServiceAreaID != pr.ServiceAreaID {
			continue
		}
		out, err := score.Fee(terms.Bands, again.widen(pc.Result.Overall), terms.MonthFen*months)
		if err == nil && out.Verdict == score.NoData {
			err = fault.New(fault.Conflict, "survey.no_figure")
		}
		return out, err
	}
	return score.FeeProposal{}, fault.New(fault.NotFound, "not_found")
}

// believed refuses a score that an audit has rejected (审计不采信).
func (s *Service) believed(ctx context.Context, q dbx.Querier, r Round) error {
	audits, err := auditsOf(ctx, q, r.ID)
	if err == nil && slices.ContainsFunc(audits, func(a Audit) bool { return a.Revision == r.Revision-1 && a.Outcome == Reject }) {
		err = fault.New(fault.Conflict, "survey.rejected")
	}
	return err
}

func (s *Service) noteSettlement(ctx context.Context, tx *dbx.Tx, c Settlement, actor authz.Actor, action string) error {
	at := s.now()
	err := audit.Record(ctx, tx, at, audit.Entry{Actor: actor, Action: action, ObjectKind: "survey_settlement", ObjectID: c.ID, ScopePath: c.ScopePath,
		Detail: map[string]any{"round": c.RoundID, "state": c.State, "dueFen": c.Proposal.DueFen}})
	if err != nil {
		return err
	}
	return outbox.Add(ctx, tx, at, settlementTopics[c.State], c.RoundID, map[string]any{"round": c.RoundID, "serviceArea": c.ServiceAreaID, "settlement": c.ID})
}

// ConfirmSettlement is one side's agreement; with both it is settled. It waits for the end of the time for objections, and while an
// objection or an audit is under way. Faults: survey.settlement_waits, survey.settlement_state, survey.same_person, survey.rejected.
func (s *Service) ConfirmSettlement(ctx context.Context, p authz.Principal, round, which id.ID, t Taken) (Settlement, error) {
	return s.settle(ctx, p, round, which, t, "survey.settle_confirm", func(ctx context.Context, tx *dbx.Tx, r Round, c *Settlement, actor authz.Actor, by Objector) error {
		if err := s.ripe(ctx, tx, r, *c); err != nil {
			return err
		}
		next, ok := c.confirmed(by)
		if !ok {
			return fault.New(fault.Conflict, "survey.settlement_state", "state", string(c.State))
		}
		if other := id.OrNil(c.CompanyBy); other == actor.Person || id.OrNil(c.OwnersBy) == actor.Person {
			return fault.New(fault.Forbidden, "survey.same_person")
		}
		at := s.now()
		if c.State = next; by == ByCompany {
			c.CompanyBy, c.CompanyAt = actor.Person.Ptr(), &at
		} else {
			c.OwnersBy, c.OwnersAt = actor.Person.Ptr(), &at
		}
		return nil
	})
}

// ripe tells what a confirmation waits for.
func (s *Service) ripe(ctx context.Context, tx *dbx.Tx, r Round, c Settlement) error {
	law, err := rulesOf(ctx, tx, r)
	if err != nil {
		return err
	}
	until, err := objectUntil(ctx, tx, r, law)
	if err != nil {
		return err
	}
	still, err := contestedStill(ctx, tx, r.ID, c.ServiceAreaID, c.Revision)
	if err != nil {
		return err
	}
	if until == nil || s.now() < *until || still > 0 {
		return fault.New(fault.Conflict, "survey.settlement_waits", "open", still)
	}
	return s.believed(ctx, tx, r)
}

// DisputeSettlement is one side's refusal, with a reason that the other reads. The parties settle it between themselves.
func (s *Service) DisputeSettlement(ctx context.Context, p authz.Principal, round, which id.ID, t Taken, reason string) (Settlement, error) {
	reason, err := text.Paragraph("body.reason", reason, 10, 2000)
	if err != nil {
		return Settlement{}, err
	}
	return s.settle(ctx, p, round, which, t, "survey.settle_dispute", func(_ context.Context, _ *dbx.Tx, _ Round, c *Settlement, actor authz.Actor, _ Objector) error {
		at := s.now()
		c.State, c.DisputedBy, c.DisputedOrg, c.DisputedAt, c.Dispute = Disputed, actor.Person.Ptr(), actor.Org.Ptr(), &at, reason
		return nil
	})
}

type settling func(ctx context.Context, tx *dbx.Tx, r Round, c *Settlement, actor authz.Actor, by Objector) error

// settle moves a settlement on in the version that the caller saw, while the score keeps its revision.
func (s *Service) settle(ctx context.Context, p authz.Principal, round, which id.ID, t Taken, action string, do settling) (Settlement, error) {
	r, _, err := s.round(ctx, p, round)
	if err != nil {
		return Settlement{}, err
	}
	c, err := settlementByID(ctx, s.DB, round, which)
	if err != nil {
		return Settlement{}, err
	}
	r, _, actor, by, err := s.dealing(ctx, p, r.ID, c.ServiceAreaID)
	if err != nil {
		return Settlement{}, err
	}
	err = s.inRound(ctx, r, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := t.Once.Claim(ctx, tx, which); err != nil || again {
			return err
		}
		c, err := settlementByID(ctx, tx, round, which)
		if err != nil {
			return err
		}
		switch from := c.State; {
		case c.Version != t.Version:
			return fault.New(fault.Stale, "version.stale")
		case c.ended() || c.Revision != r.Revision-1:
			return fault.New(fault.Conflict, "survey.settlement_state", "state", string(c.State))
		default:
			if err := do(ctx, tx, r, &c, actor, by); err != nil {
				return err
			}
			if err := updateSettlement(ctx, tx, c, from); errors.Is(err, dbx.ErrNoMatch) {
				return fault.New(fault.Stale, "version.stale")
			} else if err != nil {
				return err
			}
			return s.noteSettlement(ctx, tx, c, actor, action)
		}
	})
	if err != nil {
		return Settlement{}, err
	}
	return settlementByID(ctx, s.DB, round, which)
}

// Settlements lists what the contracts propose, for the parties and the street.
func (s *Service) Settlements(ctx context.Context, p authz.Principal, round id.ID) ([]Settlement, error) {
	r, projects, err := s.round(ctx, p, round)
	if err != nil {
		return nil, err
	}
	list, err := settlementsOf(ctx, s.DB, round)
	if err != nil {
		return nil, err
	}
	out := []Settlement{}
	for _, c := range list {
		at := slices.IndexFunc(projects, func(pr Project) bool { return pr.ServiceAreaID == c.ServiceAreaID })
		if at >= 0 && s.seesSettlement(p, r, projects[at]) {
			out = append(out, c)
		}
	}
	return out, nil
}

func (s *Service) seesSettlement(p authz.Principal, r Round, pr Project) bool {
	place := authz.Object{Path: pr.ScopePath}
	return authz.Require(p, authz.SurveySettle, r.object(pr)) == nil || authz.Require(p, authz.SurveyDecide, place) == nil || authz.Require(p, authz.SurveyAudit, place) == nil
}
