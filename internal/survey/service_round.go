package survey

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/text"
)

// maxProjects bounds the service areas of one round.
const maxProjects = 200

// Plan is what a round is to be.
type Plan struct {
	FormID       id.ID
	Title        string
	ServiceAreas []id.ID
	Method       Method
	Margin       *int64
	Response     *int64 // of a sample; the round's own or the rule's where it is nil
	OpensAt      clock.Instant
	ClosesAt     clock.Instant
}

// Create makes the draft of a round in the name of one's organisation. Faults: input.invalid (survey.*),
// survey.author_rated.
func (s *Service) Create(ctx context.Context, p authz.Principal, once idem.Key, in Plan) (Round, error) {
	if err := s.mayPlan(nil, in.Margin); err != nil {
		return Round{}, err
	}
	return s.create(ctx, p, once, in, func(context.Context, *dbx.Tx, Round) error { return nil })
}

func (s *Service) create(ctx context.Context, p authz.Principal, once idem.Key, in Plan, with func(context.Context, *dbx.Tx, Round) error) (Round, error) {
	projects, err := s.projects(ctx, in.ServiceAreas)
	if err != nil {
		return Round{}, err
	}
	actor, err := s.authorOf(ctx, p, projects)
	if err != nil {
		return Round{}, err
	}
	now := s.now()
	r := Round{ID: id.New(), AuthorID: actor.Org, AuthorRole: string(actor.Role), ScopePath: commonPath(projects), State: Draft,
		RuleHash: s.Rules.Surveys.Hash, CreatedAt: now, ChangedAt: now, Version: 1}
	if err := s.plan(ctx, p, &r, in); err != nil {
		return Round{}, err
	}
	made := r.ID
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		got, again, err := once.Claim(ctx, tx, r.ID)
		if made = got; err != nil || again {
			return err
		}
		if err := insertRound(ctx, tx, r); err != nil {
			return err
		}
		if err := insertProjects(ctx, tx, of(r.ID, projects)); err != nil {
			return err
		}
		if err := with(ctx, tx, r); err != nil {
			return err
		}
		m := &move{step: StepCreate, actor: actor, at: now, now: r, next: r, detail: map[string]any{"form": r.FormID, "serviceAreas": len(projects)}}
		return s.record(ctx, tx, m)
	})
	if err != nil {
		return Round{}, err
	}
	return roundByID(ctx, s.DB, made)
}

// Edit changes a draft. What the community had confirmed of the roll is confirmed anew.
func (s *Service) Edit(ctx context.Context, p authz.Principal, round id.ID, t Taken, in Plan) (Round, error) {
	r, actor, _, err := s.own(ctx, p, round)
	if err != nil {
		return Round{}, err
	}
	projects, err := s.projects(ctx, in.ServiceAreas)
	if err != nil {
		return Round{}, err
	}
	if _, err := s.authorOf(ctx, p, projects); err != nil {
		return Round{}, err
	}
	if !r.State.can(StepEdit) {
		return Round{}, fault.New(fault.Conflict, "survey.step_impossible", "state", string(r.State))
	}
	if err := s.mayPlan(r.Margin, in.Margin); err != nil {
		return Round{}, err
	}
	next := r
	if err := s.plan(ctx, p, &next, in); err != nil {
		return Round{}, err
	}
	return s.take(ctx, t, actor, r, StepEdit, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		m.next.ScopePath = commonPath(projects)
		m.next.FormID, m.next.Title, m.next.Method, m.next.Margin, m.next.Response, m.next.OpensAt, m.next.ClosesAt =
			next.FormID, next.Title, next.Method, next.Margin, next.Response, next.OpensAt, next.ClosesAt
		m.detail["serviceAreas"] = len(projects)
		if replanned(r, next) { // the plan's numbers were for another margin
			if err := leavePlan(ctx, tx, r.ID); err != nil {
				return err
			}
		}
		if err := errors.Join(deletePledges(ctx, tx, r.ID), deleteProjects(ctx, tx, r.ID)); err != nil {
			return err
		}
		return insertProjects(ctx, tx, of(r.ID, projects))
	})
}

// replanned tells whether an edit changes how many are asked.
func replanned(was, now Round) bool {
	return was.Method != now.Method || orNone(was.Margin) != orNone(now.Margin) || orNone(was.Response) != orNone(now.Response)
}

// Cancel ends a round that has not opened, for a reason that its followers read. Once every secret of a sample is shown, who
// is asked can be computed, and nobody may try for another sample any more: survey.revealed_all.
func (s *Service) Cancel(ctx context.Context, p authz.Principal, round id.ID, t Taken, reason string) (Round, error) {
	r, actor, _, err := s.own(ctx, p, round)
	if err != nil {
		return Round{}, err
	}
	if reason, err = text.Paragraph("body.reason", reason, 5, 500); err != nil {
		return Round{}, err
	}
	return s.take(ctx, t, actor, r, StepCancel, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		m.detail["reason"] = reason
		pledges, err := pledgesOf(ctx, tx, round)
		if err == nil && m.now.State == Frozen && len(pledges) > 0 && len(hidden(pledges)) == 0 {
			err = fault.New(fault.Conflict, "survey.revealed_all")
		}
		return err
	})
}

// projects reads the service areas of a round with who serves them now.
func (s *Service) projects(ctx context.Context, areas []id.ID) ([]Project, error) {
	if len(areas) == 0 || len(areas) > maxProjects {
		return nil, fault.InvalidField("body.serviceAreas", "survey.areas", "most", maxProjects)
	}
	out := make([]Project, 0, len(areas))
	for i, a := range areas {
		if slices.Contains(areas[:i], a) {
			return nil, fault.InvalidField("body.serviceAreas", "survey.area_twice")
		}
		place, err := s.Places.ServiceArea(ctx, s.DB, a)
		if err != nil {
			return nil, err
		}
		pr := Project{ServiceAreaID: a, ScopePath: place.Path, Name: place.Name}
		if err := s.serving(ctx, s.DB, &pr); err != nil {
			return nil, err
		}
		out = append(out, pr)
	}
	return out, nil
}

// serving fills in who is rated and who stands for the owners.
func (s *Service) serving(ctx context.Context, q dbx.Querier, p *Project) error {
	a, err := s.Arrangements.Serving(ctx, q, p.ServiceAreaID)
	p.CompanyID, p.ContractID, p.OwnersID = a.Company.Ptr(), a.Contract.Ptr(), a.Owners.Ptr()
	return err
}

func of(round id.ID, list []Project) []Project {
	for i := range list {
		list[i].RoundID = round
	}
	return list
}

// authorOf wants one capacity competent for all service areas, and a person without a post in a company that is rated:
// persons are compared, not capacities.
func (s *Service) authorOf(ctx context.Context, p authz.Principal, projects []Project) (authz.Actor, error) {
	var actor authz.Actor
	for _, pr := range projects {
		a, err := authz.Act(p, authz.SurveyAuthor, authz.Object{Path: pr.ScopePath})
		if err != nil {
			return a, err
		}
		actor = a
	}
	for _, pr := range projects {
		if err := s.notRated(ctx, actor.Person, pr); err != nil {
			return actor, err
		}
	}
	return actor, nil
}

// notRated refuses a person with a post in the rated company.
func (s *Service) notRated(ctx context.Context, person id.ID, p Project) error {
	if p.CompanyID == nil {
		return nil
	}
	staff, err := s.Posts.Staff(ctx, s.DB, *p.CompanyID, s.now())
	if err == nil && slices.Contains(staff, person) {
		err = fault.New(fault.Forbidden, "survey.author_rated")
	}
	return err
}

// commonPath is the scope path around all service areas.
func commonPath(list []Project) string {
	path := list[0].ScopePath
	for _, p := range list[1:] {
		for !strings.HasPrefix(p.ScopePath, path) {
			path = path[:strings.LastIndexByte(strings.TrimSuffix(path, "/"), '/')+1]
		}
	}
	return path
}

// narrowest is the narrowest margin that an author may plan, in hundredths of a percentage point: narrower ones ask all but a few.
const narrowest = 100

// mayPlan refuses a margin that no author may choose. The round of a year's plan may have another, by which it asks as many as the plan, and
// keeps it while it is edited. Fault: survey.margin_bounds.
func (s *Service) mayPlan(before, now *int64) error {
	most := s.Rules.Surveys.Sampling.MaxMargin
	switch {
	case now == nil || (before != nil && *before == *now):
		return nil
	case *now < narrowest || *now > most:
		return fault.InvalidField("body.marginBp", "survey.margin_bounds", "least", narrowest, "most", most)
	}
	return nil
}

// plan checks what a round is to be and takes it over.
func (s *Service) plan(ctx context.Context, p authz.Principal, r *Round, in Plan) error {
	f, err := s.ownForm(ctx, p, in.FormID)
	if err != nil {
		return err
	}
	var c fault.Collect
	title, err := text.Line("body.title", in.Title, 2, 100)
	if err != nil {
		return err
	}
	rule, length := s.Rules.Surveys, in.ClosesAt.Sub(in.OpensAt)
	if f.State != FormPublished {
		c.Add("body.formId", "survey.form_draft")
	}
	if in.OpensAt <= s.now() {
		c.Add("body.opensAt", "survey.opens_past")
	}
	if length < days(rule.MinDays) || length > days(rule.MaxDays) {
		c.Add("body.closesAt", "survey.length", "least", rule.MinDays, "most", rule.MaxDays)
	}
	if (in.Method == Sample) != (in.Margin != nil) {
		c.Add("body.marginBp", "survey.margin")
	}
	if in.Method != Sample && in.Response != nil {
		c.Add("body.responsePercent", "survey.response")
	}
	r.FormID, r.Title, r.Method, r.Margin, r.OpensAt, r.ClosesAt = f.ID, title, in.Method, in.Margin, in.OpensAt, in.ClosesAt
	if in.Method != Sample {
		r.Response = nil
	} else {
		r.Response = cmp.Or(in.Response, r.Response, &rule.Burden.ResponsePercent)
	}
	return c.Err()
}

func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

// own reads a round for its author's next step.
func (s *Service) own(ctx context.Context, p authz.Principal, round id.ID) (Round, authz.Actor, []Project, error) {
	r, projects, err := s.round(ctx, p, round)
	if err != nil {
		return r, authz.Actor{}, nil, err
	}
	actor, err := authz.Act(p, authz.SurveyAuthor, authz.Object{Path: r.ScopePath})
	if err == nil && actor.Role != authz.RoleSystem && actor.Org != r.AuthorID {
		err = fault.New(fault.Forbidden, "survey.not_author")
	}
	return r, actor, projects, err
}

// Round is a round with its service areas and strata.
func (s *Service) Round(ctx context.Context, p authz.Principal, round id.ID) (Round, []Project, []Stratum, error) {
	r, projects, err := s.round(ctx, p, round)
	if err != nil {
		return r, nil, nil, err
	}
	strata, err := strataOf(ctx, s.DB, round)
	return r, projects, strata, err
}

// Rounds lists the rounds of one's area, organisation or home, newest first. Those who live there see none before the roll is frozen.
func (s *Service) Rounds(ctx context.Context, p authz.Principal, states []State, req page.Request) (page.Page[Round], error) {
	grants, err := authz.Holds(p, authz.SurveyRead)
	if err != nil {
		return page.Page[Round]{}, err
	}
	before, err := after(req)
	if err != nil {
		return page.Page[Round]{}, err
	}
	list, err := listRounds(ctx, s.DB, p, grants, states, before, req.Size()+1)
	if err != nil {
		return page.Page[Round]{}, err
	}
	return page.Cut(list, req.Size(), func(r Round) []string { return []string{r.ID.String()} }), nil
}
