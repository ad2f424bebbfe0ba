package score

import (
	"cmp"
	"slices"

	"github.com/redproperty/redproperty/internal/fault"
)

// PlanEstate is an estate to be surveyed in a year, with what earlier rounds let one expect. Shares are in
// hundredths of a per cent.
type PlanEstate struct {
	Key       string `json:"key" doc:"Of the estate"`
	Dwellings int64  `json:"dwellings" doc:"On its roll"`
	Response  int64  `json:"response" doc:"Of the dwellings asked, how many answer, in hundredths of a per cent"`
	Paper     int64  `json:"paper" doc:"Of the dwellings asked, how many are asked on paper, in hundredths of a per cent"`
	Assisted  int64  `json:"assisted" doc:"And by an interviewer"`
}

// PlanRule is what the year is planned by.
type PlanRule struct {
	Margin          int64 `json:"margin" doc:"For each estate's score, in hundredths of a percentage point"`
	Rounds          int64 `json:"rounds" doc:"In the year" minimum:"1" maximum:"12"`
	PaperSheets     int64 `json:"paperSheets" doc:"For each dwelling asked on paper" minimum:"1"`
	PaperMinutes    int64 `json:"paperMinutes" doc:"Of work for each dwelling asked on paper"`
	AssistedMinutes int64 `json:"assistedMinutes" doc:"Of work for each dwelling asked by an interviewer"`
}

// Budget is what is there for the year.
type Budget struct {
	Sheets  int64 `json:"sheets" doc:"Of paper in the year"`
	Minutes int64 `json:"minutes" doc:"Of work in the year"`
}

// Load is what a survey takes.
type Load struct {
	Answers int64 `json:"answers" doc:"To be expected"`
	Asked   int64 `json:"asked" doc:"Dwellings drawn"`
	Sheets  int64 `json:"sheets" doc:"Of paper"`
	Minutes int64 `json:"minutes" doc:"Of work"`
}

func (l Load) plus(o Load) Load {
	return Load{l.Answers + o.Answers, l.Asked + o.Asked, l.Sheets + o.Sheets, l.Minutes + o.Minutes}
}

func (l Load) within(b Budget) bool { return l.Sheets <= b.Sheets && l.Minutes <= b.Minutes }

// EstatePlan is one estate's round at the full sample.
type EstatePlan struct {
	Key     string `json:"key" doc:"Of the estate"`
	Size    Size   `json:"size" doc:"What the margin needs"`
	Load    Load   `json:"load" doc:"Of one round with the full sample"`
	Reached bool   `json:"reached" doc:"Whether the margin can be expected"`
	Margin  Micro  `json:"margin" doc:"To be expected, in percentage points"`
}

// OfferKind is a way to spread the year's work.
type OfferKind string

// The ways.
const (
	EveryRound OfferKind = "every_round" // each estate, with the full sample, in each round
	Rotation   OfferKind = "rotation"    // each estate with the full sample, but only in some rounds
	Rolling    OfferKind = "rolling"     // each estate in each round with a part of the sample; a year's rounds make a score
)

// Offer is one way to do it, with what it takes in the year.
type Offer struct {
	Kind     OfferKind  `json:"kind" doc:"How the work is spread" enum:"every_round,rotation,rolling"`
	Times    int64      `json:"times" doc:"Rounds in which an estate is asked"`
	Margin   int64      `json:"margin" doc:"Of one score, in hundredths of a percentage point"`
	Year     Load       `json:"year" doc:"What it takes in the year"`
	Fits     bool       `json:"fits" doc:"Whether it is within the budget"`
	Schedule [][]string `json:"schedule,omitempty" doc:"Rotation: the estates of each round"`
}

// YearPlan is what the rule would take, and the ways to come down to the budget.
type YearPlan struct {
	Estates    []EstatePlan `json:"estates" doc:"Each with its full sample"`
	Offers     []Offer      `json:"offers" doc:"From the most to the least frequent score; rolling last"`
	Affordable int64        `json:"affordableMargin" doc:"The narrowest margin, in steps of half a point, at which once a year in rotation fits the budget; zero where not even 20 points do"`
}

// PlanYear computes the year. It chooses nothing: every way is offered with its figures. Faults: score.plan,
// score.margin.
func PlanYear(estates []PlanEstate, rule PlanRule, budget Budget) (YearPlan, error) {
	if err := checkPlan(estates, rule); err != nil {
		return YearPlan{}, err
	}
	plans, err := planEstates(estates, rule)
	if err != nil {
		return YearPlan{}, err
	}
	out := YearPlan{Estates: plans}
	for times := rule.Rounds; times >= 1; times-- {
		out.Offers = append(out.Offers, repeated(plans, rule, times, budget))
	}
	if rule.Rounds > 1 {
		out.Offers = append(out.Offers, rolling(estates, plans, rule, budget))
	}
	out.Affordable, err = affordable(estates, rule, budget)
	return out, err
}

func checkPlan(estates []PlanEstate, rule PlanRule) error {
	const longest = 10_000 // minutes for one dwelling
	bad := fault.New(fault.Invalid, "score.plan")
	if len(estates) == 0 || rule.Rounds < 1 || rule.Rounds > 12 || rule.PaperMinutes < 0 || rule.PaperSheets < 1 || rule.PaperSheets > 100 || rule.AssistedMinutes < 0 ||
		rule.PaperMinutes > longest || rule.AssistedMinutes > longest {
		return bad
	}
	seen := map[string]bool{}
	for _, e := range estates {
		if e.Key == "" || seen[e.Key] || e.Response < 1 || e.Response > WeightSum || e.Paper < 0 || e.Assisted < 0 || e.Paper+e.Assisted > WeightSum {
			return bad
		}
		seen[e.Key] = true
	}
	return nil
}

func planEstates(estates []PlanEstate, rule PlanRule) ([]EstatePlan, error) {
	var out []EstatePlan
	for _, e := range estates {
		size, err := SampleSize(e.Dwellings, rule.Margin)
		if err != nil {
			return nil, err
		}
		p := EstatePlan{Key: e.Key, Size: size, Load: e.load(size.Needed, rule)}
		p.Reached = p.Load.Answers >= size.Needed
		if p.Load.Answers > 0 {
			if p.Margin, err = MarginOf(e.Dwellings, p.Load.Answers); err != nil {
				return nil, err
			}
		}
		out = append(out, p)
	}
	return out, nil
}

// load is what it takes to get so many answers from an estate, or as many as it can be expected to give.
func (e PlanEstate) load(needed int64, rule PlanRule) Load {
	asked := Asked(needed, e.Dwellings, e.Response)
	sheets := ceilShare(asked, e.Paper, WeightSum)
	visits := ceilShare(asked, e.Assisted, WeightSum)
	expected := ceilShare(asked, e.Response, WeightSum)
	if asked*e.Response%WeightSum != 0 {
		expected-- // a part of an answer is none
	}
	return Load{Answers: min(needed, expected), Asked: asked, Sheets: sheets * rule.PaperSheets, Minutes: sheets*rule.PaperMinutes + visits*rule.AssistedMinutes}
}

// repeated asks each estate, with the full sample, in so many of the rounds.
func repeated(plans []EstatePlan, rule PlanRule, times int64, budget Budget) Offer {
	out := Offer{Kind: Rotation, Times: times, Margin: rule.Margin}
	for _, p := range plans {
		for range times {
			out.Year = out.Year.plus(p.Load)
		}
	}
	out.Fits = out.Year.within(budget)
	if times == rule.Rounds {
		out.Kind = EveryRound
		return out
	}
	out.Schedule = schedule(plans, rule.Rounds, times)
	return out
}

// schedule spreads the estates evenly: the heaviest first (the lower key of equals), each beginning in the round
// that keeps the heaviest round lightest, its further rounds at even distances.
func schedule(plans []EstatePlan, rounds, times int64) [][]string {
	order := slices.Clone(plans)
	slices.SortFunc(order, func(a, b EstatePlan) int {
		return cmp.Or(cmp.Compare(b.Load.Minutes, a.Load.Minutes), cmp.Compare(b.Load.Asked, a.Load.Asked), cmp.Compare(a.Key, b.Key))
	})
	type weight struct{ minutes, asked int64 }
	held := make([]weight, rounds)
	out := make([][]string, rounds)
	for _, p := range order {
		best, least := int64(0), weight{}
		for begin := range rounds {
			top := weight{}
			for i := range times {
				w := held[(begin+i*rounds/times)%rounds]
				if w.minutes > top.minutes || w.minutes == top.minutes && w.asked > top.asked {
					top = w
				}
			}
			if begin == 0 || top.minutes < least.minutes || top.minutes == least.minutes && top.asked < least.asked {
				best, least = begin, top
			}
		}
		for i := range times {
			at := (best + i*rounds/times) % rounds
			held[at].minutes += p.Load.Minutes
			held[at].asked += p.Load.Asked
			out[at] = append(out[at], p.Key)
		}
	}
	for _, keys := range out {
		slices.Sort(keys)
	}
	return out
}

// rolling asks each estate in each round with its share of the sample, so that the rounds of a year together
// reach the margin.
func rolling(estates []PlanEstate, plans []EstatePlan, rule PlanRule, budget Budget) Offer {
	out := Offer{Kind: Rolling, Times: rule.Rounds, Margin: rule.Margin}
	for i, e := range estates {
		l := e.load(ceilShare(plans[i].Load.Answers, 1, rule.Rounds), rule)
		for range rule.Rounds {
			out.Year = out.Year.plus(l)
		}
	}
	out.Fits = out.Year.within(budget)
	return out
}

func affordable(estates []PlanEstate, rule PlanRule, budget Budget) (int64, error) {
	const step, widest = 50, 2_000
	for margin := int64(step); margin <= widest; margin += step {
		rule.Margin = margin
		plans, err := planEstates(estates, rule)
		if err != nil {
			return 0, err
		}
		if repeated(plans, rule, 1, budget).Fits {
			return margin, nil
		}
	}
	return 0, nil
}
