package survey

import (
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/score"
)

// NewYearPlan is what a year of surveys is to be.
type NewYearPlan struct {
	Year   int64
	Margin int64
	Rounds int64
	Budget score.Budget
	Kind   score.OfferKind
	Times  int64
	Reason string // of a revision
}

// PlannedArea is a service area in a year's plan.
type PlannedArea struct {
	ServiceAreaID id.ID            `json:"serviceAreaId"`
	Name          string           `json:"name"`
	Path          string           `json:"path"`
	Estate        score.PlanEstate `json:"estate"`
	Plan          score.EstatePlan `json:"plan"`
	Asked         int64            `json:"asked"`
	Rounds        []int64          `json:"rounds"`
	TooSmall      bool             `json:"tooSmall"`
}

// YearPlan is a revision of a year's plan over the service areas of a place. What it computed stays as it was; a change is a new
// revision with a reason.
type YearPlan struct {
	ID        id.ID         `db:"plan_id"`
	Revision  int64         `db:"revision"`
	AuthorID  id.ID         `db:"author_org_id"`
	Role      string        `db:"author_role"`
	ScopePath string        `db:"scope_path"`
	Year      int64         `db:"year"`
	Content   string        `db:"content"`
	RuleHash  rules.Hash    `db:"rule_hash"`
	Reason    string        `db:"reason"`
	MadeBy    id.ID         `db:"made_by"`
	MadeAt    clock.Instant `db:"made_at"`
}

// MadeRound is a round that was made of a plan, whatever its revision.
type MadeRound struct {
	No      int64  `db:"no" json:"no" doc:"Round of the year"`
	RoundID id.ID  `db:"round_id" json:"roundId"`
	Title   string `db:"title" json:"title"`
	State   State  `db:"state" json:"state"`
}

// planned is the content of a plan as stored.
type planned struct {
	Rule   score.PlanRule `json:"rule"`
	Budget score.Budget   `json:"budget"`
	Offers []score.Offer  `json:"offers"`
	Least  int64          `json:"affordableMargin"`
	Chosen score.Offer    `json:"chosen"`
	Areas  []PlannedArea  `json:"areas"`
}

// makePlan computes a year and takes the offer that was chosen. Faults: those of reckon; survey.plan_offer.
func makePlan(law *rules.SurveyRules, areas []PlannedArea, in NewYearPlan) (planned, error) {
	out, err := reckon(law, areas, in)
	if err != nil {
		return out, err
	}
	if err := out.choose(in); err != nil {
		return out, err
	}
	for i := range areas {
		if !areas[i].TooSmall {
			out.assign(&areas[i])
		}
	}
	return out, nil
}

// reckon computes what a year takes in every way in which it can be spread, and chooses none. Service areas with fewer dwellings than a survey may
// have are named and left out. Faults: score.plan, score.margin, survey.plan_empty.
func reckon(law *rules.SurveyRules, areas []PlannedArea, in NewYearPlan) (planned, error) {
	out := planned{Budget: in.Budget, Areas: areas, Rule: score.PlanRule{Margin: in.Margin, Rounds: in.Rounds, PaperSheets: law.Burden.PaperSheets,
		PaperMinutes: law.Burden.PaperMinutes, AssistedMinutes: law.Burden.AssistedMinutes}}
	var estates []score.PlanEstate
	for i := range areas {
		if areas[i].TooSmall = areas[i].Estate.Dwellings < law.Strata.MinDwellings; !areas[i].TooSmall {
			estates = append(estates, areas[i].Estate)
		}
	}
	if len(estates) == 0 {
		return out, fault.New(fault.Conflict, "survey.plan_empty")
	}
	year, err := score.PlanYear(estates, out.Rule, in.Budget)
	if err != nil {
		return out, err
	}
	out.Offers, out.Least = year.Offers, year.Affordable
	plans := map[string]score.EstatePlan{}
	for _, p := range year.Estates {
		plans[p.Key] = p
	}
	for i := range areas {
		if !areas[i].TooSmall {
			areas[i].Plan = plans[areas[i].Estate.Key]
			areas[i].Asked = areas[i].Plan.Load.Asked
		}
	}
	return out, nil
}

func (p *planned) choose(in NewYearPlan) error {
	for _, o := range p.Offers {
		if o.Kind == in.Kind && o.Times == in.Times {
			p.Chosen = o
			return nil
		}
	}
	return fault.InvalidField("body.times", "survey.plan_offer")
}

// assign says in which rounds a service area is asked, and how many of its dwellings each time.
func (p *planned) assign(a *PlannedArea) {
	if p.Chosen.Kind == score.Rolling {
		a.Asked = score.Asked((a.Plan.Load.Answers+p.Rule.Rounds-1)/p.Rule.Rounds, a.Estate.Dwellings, a.Estate.Response)
	}
	for no := int64(1); no <= p.Rule.Rounds; no++ {
		if p.Chosen.Kind != score.Rotation || slices.Contains(p.Chosen.Schedule[no-1], a.Estate.Key) {
			a.Rounds = append(a.Rounds, no)
		}
	}
}

// within keeps what a reader competent for path may see of the service areas.
func (p planned) within(path string) planned {
	p.Areas = slices.DeleteFunc(slices.Clone(p.Areas), func(a PlannedArea) bool { return !strings.HasPrefix(a.Path, path) })
	p.Chosen.Schedule, p.Offers = nil, slices.Clone(p.Offers)
	for i := range p.Offers { // the rounds of each service area say the same
		p.Offers[i].Schedule = nil
	}
	return p
}
