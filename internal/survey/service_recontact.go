package survey

import (
	"context"
	"errors"
	"slices"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/score"
)

// DrawRecontact chooses the drawn dwellings that are asked whether they filled in their ballots themselves, as many as the rule wants. The
// choice is fixed by the leaf that closed the round, over the tags of its final list of draws: anybody can choose again. Fault:
// survey.recontact_drawn.
func (s *Service) DrawRecontact(ctx context.Context, p authz.Principal, once idem.Key, round id.ID) (RecontactResult, error) {
	r, actor, err := s.auditing(ctx, p, round, authz.SurveyAudit)
	if err != nil {
		return RecontactResult{}, err
	}
	chosen, err := s.choose(ctx, r)
	if err != nil {
		return RecontactResult{}, err
	}
	err = s.inRound(ctx, r, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, round); err != nil || again {
			return err
		}
		if before, err := recontactsOf(ctx, tx, round); err != nil || len(before) > 0 {
			return fault.Or(err, fault.New(fault.Conflict, "survey.recontact_drawn"))
		}
		if err := insertRecontacts(ctx, tx, round, chosen); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.now(), audit.Entry{Actor: actor, Action: "survey.recontact_draw", ObjectKind: "survey_round", ObjectID: round, ScopePath: r.ScopePath,
			Detail: map[string]any{"chosen": len(chosen)}})
	})
	if err != nil {
		return RecontactResult{}, err
	}
	return s.recontact(ctx, s.DB, r)
}

// choose draws the sample.
func (s *Service) choose(ctx context.Context, r Round) ([]id.ID, error) {
	law, err := rulesOf(ctx, s.DB, r)
	if err != nil {
		return nil, err
	}
	closing, err := closingLeaf(ctx, s.DB, r.ID)
	if err != nil {
		return nil, err
	}
	homes, err := drawnHomes(ctx, s.DB, r.ID)
	if err != nil {
		return nil, err
	}
	keys := make([]string, len(homes))
	for i, h := range homes {
		keys[i] = ballot.DrawTag(r.ID, h.ID, h.Secret).String()
	}
	at, err := score.Sample(seedFor("recontact", closing), keys, int(law.Recontacted(int64(len(homes)))))
	out := make([]id.ID, len(at))
	for i, n := range at {
		out[i] = homes[n].ID
	}
	return out, err
}

// recontact is the re-contact of a round in figures; nothing is chosen before it was drawn.
func (s *Service) recontact(ctx context.Context, q dbx.Querier, r Round) (RecontactResult, error) {
	list, err := recontactsOf(ctx, q, r.ID)
	if err != nil {
		return RecontactResult{}, err
	}
	law, err := rulesOf(ctx, q, r)
	if err != nil {
		return RecontactResult{}, err
	}
	return recontactOf(ctx, q, r, law, list)
}

// recontactOf weighs the answers of a list.
func recontactOf(ctx context.Context, q dbx.Querier, r Round, law *rules.SurveyRules, list []Recontact) (RecontactResult, error) {
	drawn, err := drawnHomes(ctx, q, r.ID)
	if err != nil {
		return RecontactResult{}, err
	}
	closing, err := closingLeaf(ctx, q, r.ID)
	if err != nil {
		return RecontactResult{}, err
	}
	out, err := recontacted(int64(len(drawn)), list, law.Recontact.SetAsidePercent)
	out.Seed = seedFor("recontact", closing)
	return out, err
}

// Recontacts lists the dwellings of one's area that are to be asked. Only who is neutral sees them.
func (s *Service) Recontacts(ctx context.Context, p authz.Principal, round id.ID) ([]Recontact, error) {
	r, projects, err := s.round(ctx, p, round)
	if err != nil {
		return nil, err
	}
	list, err := recontactsOf(ctx, s.DB, round)
	if err != nil {
		return nil, err
	}
	out := []Recontact{}
	var refused error
	for _, pr := range projects {
		if _, err := s.neutral(ctx, p, r, pr); err != nil {
			refused = err
			continue
		}
		for _, c := range list {
			if c.Area == pr.ServiceAreaID {
				out = append(out, c)
			}
		}
	}
	if len(out) == 0 && refused != nil {
		return nil, refused
	}
	return out, nil
}

// neutral wants a person without a post in the rated company who did not hold the round.
func (s *Service) neutral(ctx context.Context, p authz.Principal, r Round, pr Project) (authz.Actor, error) {
	actor, err := authz.Act(p, authz.SurveyRecontact, r.object(pr))
	if err != nil {
		return actor, err
	}
	mine, err := authored(ctx, s.DB, r, actor.Person)
	if err == nil && !mine {
		err = s.notRated(ctx, actor.Person, pr)
		mine = fault.Is(err, "survey.author_rated")
	}
	if mine {
		err = fault.New(fault.Forbidden, "survey.not_neutral")
	}
	return actor, err
}

// AnswerRecontact enters what a dwelling answered: yes, no, or that nobody was reached, which a later answer replaces. Faults:
// survey.not_neutral, survey.answered_already.
func (s *Service) AnswerRecontact(ctx context.Context, p authz.Principal, once idem.Key, round, dwelling id.ID, answer string) (Recontact, error) {
	r, projects, err := s.round(ctx, p, round)
	if err != nil {
		return Recontact{}, err
	}
	list, err := recontactsOf(ctx, s.DB, round)
	if err != nil {
		return Recontact{}, err
	}
	at := slices.IndexFunc(list, func(c Recontact) bool { return c.DwellingID == dwelling })
	if at < 0 {
		return Recontact{}, fault.New(fault.NotFound, "not_found")
	}
	in := slices.IndexFunc(projects, func(pr Project) bool { return pr.ServiceAreaID == list[at].Area })
	actor, err := s.neutral(ctx, p, r, projects[in])
	if err != nil {
		return Recontact{}, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, dwelling); err != nil || again {
			return err
		}
		at, err := s.moment(ctx, tx, round)
		if err != nil {
			return err
		}
		err = answerRecontact(ctx, tx, round, dwelling, answer, actor, at)
		if errors.Is(err, dbx.ErrNoMatch) {
			return fault.New(fault.Conflict, "survey.answered_already")
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, at, audit.Entry{Actor: actor, Action: "survey.recontact_answer", ObjectKind: "survey_round", ObjectID: round,
			ScopePath: projects[in].ScopePath, Detail: map[string]any{"dwelling": dwelling}})
	})
	if err != nil {
		return Recontact{}, err
	}
	list, err = recontactsOf(ctx, s.DB, round)
	if err != nil {
		return Recontact{}, err
	}
	return list[at], nil
}
