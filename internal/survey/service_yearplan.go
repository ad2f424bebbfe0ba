package survey

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/score"
	"github.com/redproperty/redproperty/internal/scorecard"
	"github.com/redproperty/redproperty/internal/text"
)

// PlanYear computes and keeps a year's plan over the service areas of a place, in the name of one's organisation, which has one for each
// place and year. Faults: those of makePlan; survey.plan_exists.
func (s *Service) PlanYear(ctx context.Context, p authz.Principal, once idem.Key, area id.ID, in NewYearPlan) (YearPlan, error) {
	path, err := s.Extents.AreaPath(ctx, s.DB, area)
	if err != nil {
		return YearPlan{}, err
	}
	actor, err := authz.Act(p, authz.SurveyAuthor, authz.Object{Path: path})
	if err != nil {
		return YearPlan{}, err
	}
	plan := YearPlan{ID: id.New(), Revision: 1, AuthorID: actor.Org, Role: string(actor.Role), ScopePath: path, Year: in.Year}
	return s.keepPlan(ctx, once, actor, plan, in)
}

// YearOffers computes what a year of surveys over a place would take, in every way in which it can be spread, and keeps nothing. For those who
// plan there. Faults: those of reckon.
func (s *Service) YearOffers(ctx context.Context, p authz.Principal, area id.ID, in NewYearPlan) (planned, error) {
	path, err := s.Extents.AreaPath(ctx, s.DB, area)
	if err != nil {
		return planned{}, err
	}
	if err := authz.Require(p, authz.SurveyAuthor, authz.Object{Path: path}); err != nil {
		return planned{}, err
	}
	areas, err := s.plannable(ctx, path)
	if err != nil {
		return planned{}, err
	}
	out, err := reckon(s.Rules.Surveys, areas, in)
	return out.within(path), err
}

// ReplanYear makes another revision of a plan, with a reason. Rounds that were made from it stay as they are. Faults: those of makePlan;
// version.stale, but not of the same request once more.
func (s *Service) ReplanYear(ctx context.Context, p authz.Principal, area, which id.ID, t Taken, in NewYearPlan) (YearPlan, error) {
	plan, actor, err := s.ownPlan(ctx, p, area, which)
	if err != nil {
		return YearPlan{}, err
	}
	if in.Reason, err = text.Paragraph("body.reason", in.Reason, 5, 500); err != nil {
		return YearPlan{}, err
	}
	in.Year, plan.Revision = plan.Year, t.Version+1
	return s.keepPlan(ctx, t.Once, actor, plan, in)
}

// ownPlan is the newest revision of a plan for its author.
func (s *Service) ownPlan(ctx context.Context, p authz.Principal, area, which id.ID) (YearPlan, authz.Actor, error) {
	list, _, err := s.PlanRevisions(ctx, p, area, which)
	if err != nil {
		return YearPlan{}, authz.Actor{}, err
	}
	actor, err := authz.Act(p, authz.SurveyAuthor, authz.Object{Path: list[0].ScopePath})
	if err == nil && actor.Role != authz.RoleSystem && actor.Org != list[0].AuthorID {
		err = fault.New(fault.Forbidden, "survey.not_author")
	}
	return list[0], actor, err
}

func (s *Service) keepPlan(ctx context.Context, once idem.Key, actor authz.Actor, plan YearPlan, in NewYearPlan) (YearPlan, error) {
	areas, err := s.plannable(ctx, plan.ScopePath)
	if err != nil {
		return YearPlan{}, err
	}
	content, err := makePlan(s.Rules.Surveys, areas, in)
	if err != nil {
		return YearPlan{}, err
	}
	body, err := json.Marshal(content)
	if err != nil {
		return YearPlan{}, err
	}
	plan.Content, plan.RuleHash, plan.Reason, plan.MadeBy, plan.MadeAt = string(body), s.Rules.Surveys.Hash, in.Reason, actor.Person, s.now()
	made := plan.ID
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		got, again, err := once.Claim(ctx, tx, plan.ID)
		if made = got; err != nil || again {
			return err
		}
		if last, err := lastRevision(ctx, tx, plan.ID); err != nil || last != plan.Revision-1 {
			return fault.Or(err, fault.New(fault.Stale, "version.stale"))
		}
		if err := insertPlan(ctx, tx, plan); dbx.IsDuplicate(err) {
			return fault.New(fault.Conflict, "survey.plan_exists")
		} else if err != nil {
			return err
		}
		return audit.Record(ctx, tx, plan.MadeAt, audit.Entry{Actor: actor, Action: "survey.plan", ObjectKind: "survey_plan", ObjectID: plan.ID, ScopePath: plan.ScopePath,
			Detail: map[string]any{"year": plan.Year, "revision": plan.Revision, "kind": content.Chosen.Kind, "times": content.Chosen.Times}})
	})
	if err != nil {
		return YearPlan{}, err
	}
	list, err := planRevisions(ctx, s.DB, made)
	if err != nil {
		return YearPlan{}, err
	}
	return list[0], nil
}

// plannable are the service areas of a place with what the last published round of each lets one expect, else the rule's shares.
func (s *Service) plannable(ctx context.Context, path string) ([]PlannedArea, error) {
	extents, err := s.Extents.Within(ctx, s.DB, path)
	if err != nil {
		return nil, err
	}
	rows, err := publishedWithin(ctx, s.DB, path, 0, s.now())
	if err != nil {
		return nil, err
	}
	burden, known := s.Rules.Surveys.Burden, map[id.ID]int64{}
	for _, row := range rows { // in the order of closing
		var card scorecard.ProjectCard
		if err := json.Unmarshal([]byte(row.Content), &card); err != nil {
			return nil, err
		}
		if c := card.Result.Counts; c.Sampled > 0 {
			cast := max(c.Answers, card.Drawn-card.NotCast) // what an audit left out had come back all the same
			known[row.AreaID] = max(100, cast*10_000/c.Sampled)
		}
	}
	out := make([]PlannedArea, len(extents))
	for i, e := range extents {
		out[i] = PlannedArea{ServiceAreaID: e.ServiceAreaID, Name: e.Name, Path: e.Path, Rounds: []int64{}}
		out[i].Estate.Key, out[i].Estate.Dwellings, out[i].Estate.Response = e.ServiceAreaID.String(), e.Dwellings, burden.ResponsePercent*100
		out[i].Estate.Paper, out[i].Estate.Assisted = burden.PaperPercent*100, burden.AssistedPercent*100
		if r, ok := known[e.ServiceAreaID]; ok {
			out[i].Estate.Response = r
		}
	}
	return out, nil
}

// YearPlans lists the newest revisions of the plans that concern a place, for the street and the communities.
func (s *Service) YearPlans(ctx context.Context, p authz.Principal, area id.ID) ([]YearPlan, string, error) {
	path, err := s.planReader(ctx, p, area)
	if err != nil {
		return nil, "", err
	}
	list, err := plansAt(ctx, s.DB, path)
	return list, path, err
}

func (s *Service) planReader(ctx context.Context, p authz.Principal, area id.ID) (string, error) {
	path, err := s.Extents.AreaPath(ctx, s.DB, area)
	if err != nil {
		return "", err
	}
	return path, authz.Require(p, authz.SurveyRead, authz.Object{Path: path})
}

// PlanRevisions are the revisions of a plan that concerns a place, newest first, and the path of the place.
func (s *Service) PlanRevisions(ctx context.Context, p authz.Principal, area, which id.ID) ([]YearPlan, string, error) {
	path, err := s.planReader(ctx, p, area)
	if err != nil {
		return nil, "", err
	}
	list, err := planRevisions(ctx, s.DB, which)
	if err == nil && !strings.HasPrefix(path, list[0].ScopePath) && !strings.HasPrefix(list[0].ScopePath, path) {
		err = fault.New(fault.NotFound, "not_found")
	}
	return list, path, err
}

// PlanRound is the part of a year's plan that becomes a round.
type PlanRound struct {
	No       int64
	FormID   id.ID
	Title    string
	OpensAt  clock.Instant
	ClosesAt clock.Instant
}

// CreateFromPlan makes the draft of a plan's round: its service areas, with the margin that asks as many dwellings as the plan. Faults: those of
// Create; survey.plan_no, survey.plan_round_exists.
func (s *Service) CreateFromPlan(ctx context.Context, p authz.Principal, once idem.Key, area, which id.ID, in PlanRound) (Round, error) {
	plan, _, err := s.ownPlan(ctx, p, area, which)
	if err != nil {
		return Round{}, err
	}
	var content planned
	if err := json.Unmarshal([]byte(plan.Content), &content); err != nil {
		return Round{}, err
	}
	areas := slices.DeleteFunc(content.Areas, func(a PlannedArea) bool { return !slices.Contains(a.Rounds, in.No) })
	if len(areas) == 0 {
		return Round{}, fault.InvalidField("body.no", "survey.plan_no", "most", content.Rule.Rounds)
	}
	draft := Plan{FormID: in.FormID, Title: in.Title, Method: Census, OpensAt: in.OpensAt, ClosesAt: in.ClosesAt}
	if draft.Margin, draft.Response, err = asking(areas); err != nil {
		return Round{}, err
	}
	if draft.Margin != nil {
		draft.Method = Sample
	}
	for _, a := range areas {
		draft.ServiceAreas = append(draft.ServiceAreas, a.ServiceAreaID)
	}
	return s.create(ctx, p, once, draft, func(ctx context.Context, tx *dbx.Tx, r Round) error {
		return keepPlanned(ctx, tx, plan, in.No, r.ID, areas)
	})
}

// asking is the margin, and the response to be expected, by which a sample asks each service area for at least as many dwellings as the plan,
// where the plan asks a part of one of them; nil where it asks all everywhere, which is a census. A round has one of each, so that its draw
// can be checked by everybody: the least response of an area, and the margin of the one that needs the narrowest.
func asking(areas []PlannedArea) (margin, response *int64, err error) {
	if !slices.ContainsFunc(areas, func(a PlannedArea) bool { return a.Asked < a.Estate.Dwellings }) {
		return nil, nil, nil
	}
	percent, narrow := int64(100), widestMargin
	for _, a := range areas {
		percent = min(percent, max(1, a.Estate.Response/100))
	}
	for _, a := range areas {
		m, err := marginAsking(a.Estate.Dwellings, a.Asked, percent)
		if err != nil {
			return nil, nil, err
		}
		narrow = min(narrow, m)
	}
	return &narrow, &percent, nil
}

// widestMargin is the largest that score.SampleSize knows, and a hundredth of a point the smallest.
const widestMargin int64 = 5_000

// marginAsking is the widest margin by which a sample asks for at least so many of the dwellings when percent of them answer. All of them are
// asked where one less is too few. Of more than about 9,800 that all answer the smallest margin leaves out a few.
func marginAsking(dwellings, asked, percent int64) (int64, error) {
	answers := (asked-1)*percent/100 + 1 // the fewest for which so many are asked
	exact, err := score.MarginOf(dwellings, max(1, min(answers, dwellings-1)))
	if err != nil {
		return 0, err
	}
	margin := min(max(1, exact.Hundredths()), widestMargin)
	size, err := score.SampleSize(dwellings, margin)
	if err == nil && size.Needed < answers && margin > 1 {
		margin--
	}
	return margin, err
}
