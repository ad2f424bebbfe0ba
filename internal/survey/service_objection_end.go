package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/text"
)

// Withdraw takes back a filed objection of one's organisation.
func (s *Service) Withdraw(ctx context.Context, p authz.Principal, round, objection id.ID, t Taken) (Objection, error) {
	r, o, pr, err := s.objection(ctx, p, round, objection)
	if err != nil {
		return o, err
	}
	actor, err := authz.Act(p, authz.SurveyObject, r.object(pr))
	if err != nil {
		return Objection{}, err
	}
	if o.By == ByHouseholds || actor.Org != o.PartyID {
		return Objection{}, fault.New(fault.Forbidden, "survey.not_party")
	}
	return s.end(ctx, t, r, o, actor, Withdrawn, "")
}

// Decide upholds or dismisses an objection in writing. Whoever had a hand in the round, or holds a post with a party to it, does not
// decide: natural persons are compared. Faults: survey.objection_state, survey.involved.
func (s *Service) Decide(ctx context.Context, p authz.Principal, round, objection id.ID, t Taken, to ObjectionState, reasons string) (Objection, error) {
	r, o, pr, err := s.objection(ctx, p, round, objection)
	if err != nil {
		return o, err
	}
	actor, err := authz.Act(p, authz.SurveyDecide, r.object(pr))
	if err != nil {
		return Objection{}, err
	}
	if err := s.uninvolved(ctx, r, actor.Person); err != nil {
		return Objection{}, err
	}
	if reasons, err = text.Paragraph("body.reasons", reasons, 10, 2000); err != nil {
		return Objection{}, err
	}
	return s.end(ctx, t, r, o, actor, to, reasons)
}

// objection reads an objection that p may see at all.
func (s *Service) objection(ctx context.Context, p authz.Principal, round, objection id.ID) (Round, Objection, Project, error) {
	r, projects, err := s.round(ctx, p, round)
	if err != nil {
		return r, Objection{}, Project{}, err
	}
	o, err := objectionByID(ctx, s.DB, round, objection)
	if err != nil {
		return r, o, Project{}, err
	}
	for _, pr := range projects {
		if pr.ServiceAreaID == o.ServiceAreaID && seesObjection(p, pr, o) != blind {
			return r, o, pr, nil
		}
	}
	return r, o, Project{}, fault.New(fault.NotFound, "not_found")
}

// uninvolved refuses persons who had a hand in the round or hold a post with a party to it.
func (s *Service) uninvolved(ctx context.Context, r Round, person id.ID) error {
	if person.IsZero() {
		return nil // a local command
	}
	mine, err := involvedIn(ctx, s.DB, r, person)
	if err != nil {
		return err
	}
	projects, err := projectsOf(ctx, s.DB, r.ID)
	if err != nil {
		return err
	}
	for _, pr := range projects {
		for _, org := range []*id.ID{pr.CompanyID, pr.OwnersID} {
			if org == nil || mine {
				continue
			}
			staff, err := s.Posts.Staff(ctx, s.DB, *org, s.now())
			if err != nil {
				return err
			}
			mine = slices.Contains(staff, person)
		}
	}
	if mine {
		return fault.New(fault.Forbidden, "survey.involved")
	}
	return nil
}

func (s *Service) end(ctx context.Context, t Taken, r Round, o Objection, actor authz.Actor, to ObjectionState, reasons string) (Objection, error) {
	err := s.inRound(ctx, r, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := t.Once.Claim(ctx, tx, o.ID); err != nil || again {
			return err
		}
		if o.State != Filed {
			return fault.New(fault.Conflict, "survey.objection_state", "state", string(o.State))
		}
		at, err := s.moment(ctx, tx, r.ID)
		if err != nil {
			return err
		}
		o := o
		o.State, o.Version, o.DecidedAt, o.DecidedBy, o.DecidedRole, o.Reasons = to, t.Version, &at, actor.Person.Ptr(), string(actor.Role), reasons
		if err := endObjection(ctx, tx, o); errors.Is(err, dbx.ErrNoMatch) {
			return fault.New(fault.Stale, "version.stale")
		} else if err != nil {
			return err
		}
		if err := addLeaf(ctx, tx, r.ID, at, o.leaf(at)); err != nil {
			return err
		}
		if err := s.noteObjection(ctx, tx, o, actor, "survey.objection_"+string(to)); err != nil {
			return err
		}
		if err := s.auditAfter(ctx, tx, r, o); err != nil {
			return err
		}
		return outbox.Add(ctx, tx, at, objectionTopics[to], r.ID, map[string]any{"round": r.ID, "serviceArea": o.ServiceAreaID, "objection": o.ID})
	})
	if err != nil {
		return Objection{}, err
	}
	return objectionByID(ctx, s.DB, r.ID, o.ID)
}

// auditAfter opens an audit for an objection that was upheld, unless one is under way.
func (s *Service) auditAfter(ctx context.Context, tx *dbx.Tx, r Round, o Objection) error {
	if o.State != Upheld {
		return nil
	}
	audits, err := auditsOf(ctx, tx, r.ID)
	if err != nil || slices.ContainsFunc(audits, Audit.open) {
		return err
	}
	system := authz.Actor{Role: authz.RoleSystem, Request: "survey.objection"}
	return s.startAudit(ctx, tx, newAudit(r, system, fmt.Sprintf("objection %d", o.Number)), system, "survey.audit_open")
}
