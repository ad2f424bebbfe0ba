package report

import (
	"context"
	"fmt"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// RateView is a share of whole numbers.
type RateView struct {
	Numerator   int64            `json:"numerator"`
	Denominator int64            `json:"denominator"`
	Percent     string           `json:"percent,omitempty" doc:"With two decimals; absent when the denominator is 0"`
	Excluded    map[string]int64 `json:"excluded,omitempty" doc:"Left out of numerator and denominator, by reason"`
}

func rateOf(num, den int64, excluded map[string]int64) RateView {
	return RateView{num, den, percent(num, den), excluded}
}

// OpinionRate is a share of answers. Its numerator may be weighted, so it counts hundredths of answers.
type OpinionRate struct {
	NumeratorHundredths int64  `json:"numeratorHundredths" doc:"Hundredths of answers: 250 is two and a half"`
	Denominator         int64  `json:"denominator" doc:"Answers"`
	Percent             string `json:"percent,omitempty" doc:"With two decimals; absent without answers"`
	Low                 string `json:"low,omitempty" doc:"Lower end of the 95 % interval of Wilson, percent"`
	High                string `json:"high,omitempty" doc:"Upper end of it"`
}

func opinionRate(hundredthsOf, n int64) *OpinionRate {
	r := &OpinionRate{NumeratorHundredths: hundredthsOf, Denominator: n, Percent: percent(hundredthsOf, 100*n)}
	if n > 0 {
		low, high := wilson(hundredthsOf, n, 2)
		r.Low, r.High = hundredths(low.Int64()), hundredths(high.Int64())
	}
	return r
}

// apart tells whether the intervals of two rates do not overlap: only then does one outrank the other (R1.6).
func (r *OpinionRate) apart(o *OpinionRate) bool {
	if r.Denominator == 0 || o.Denominator == 0 {
		return false
	}
	lowR, highR := wilson(r.NumeratorHundredths, r.Denominator, 6)
	lowO, highO := wilson(o.NumeratorHundredths, o.Denominator, 6)
	return lowR.Cmp(highO) > 0 || lowO.Cmp(highR) > 0
}

// OpinionView is what households said, as far as it may be shown.
type OpinionView struct {
	Judged
	Coverage     *RateView    `json:"coverage,omitempty" doc:"Rated closings of those that could be rated"`
	Solution     *OpinionRate `json:"solution,omitempty"`
	Satisfaction *OpinionRate `json:"satisfaction,omitempty" doc:"With 基本满意 by its weight"`
	Strict       *OpinionRate `json:"satisfactionWithoutBasically,omitempty" doc:"Without 基本满意"`
	Words        *Words       `json:"words,omitempty" doc:"The same in a sentence"`
	Change       *Change      `json:"change,omitempty" doc:"Against the month before; absent unless both are shown"`
}

// Words is a sentence in both languages.
type Words struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Change compares a month's satisfaction with that of the month before.
type Change struct {
	Points string `json:"points" doc:"Difference of satisfaction in percentage points"`
	Clear  bool   `json:"clear" doc:"Whether the 95 % intervals do not overlap; when they do, it may be chance"`
}

func opinionView(j Judged, def Definitions, excluded map[string]int64) OpinionView {
	v := OpinionView{Judged: j}
	r := j.Ratings
	if r == nil {
		return v
	}
	satisfied, basically, _ := r.classes(def)
	coverage := rateOf(r.Rated, r.Asked, excluded)
	v.Coverage = &coverage
	v.Solution = opinionRate(100*r.Yes+int64(def.Solution.Weights[rules.SolvedPartly])*r.Partly, r.Yes+r.Partly+r.No)
	v.Satisfaction = opinionRate(100*satisfied+int64(def.Satisfaction.BasicallyWeight)*basically, r.Answers)
	v.Strict = opinionRate(100*satisfied, r.Answers)
	v.Words = v.words(r)
	return v
}

// words says how much the rate rests on, before it says the rate.
func (v *OpinionView) words(r *Ratings) *Words {
	if r.Answers == 0 {
		return &Words{
			ZH: fmt.Sprintf("可评价的办结工单 %d 件，暂无评价。", r.Asked),
			EN: fmt.Sprintf("Nobody has rated any of the %d closings that could be rated.", r.Asked),
		}
	}
	s := v.Satisfaction
	return &Words{
		ZH: fmt.Sprintf("可评价的办结工单 %d 件，已评价 %d 件（覆盖率 %s%%），共 %d 户作答 %d 次；满意率 %s%%，95%% 置信区间为 %s%% 至 %s%%。",
			r.Asked, r.Rated, v.Coverage.Percent, r.Raters, r.Answers, s.Percent, s.Low, s.High),
		EN: fmt.Sprintf("Of %d closings that could be rated, %d were (coverage %s %%): %d answers of %d households. Satisfied: %s %%; with 95 %% confidence between %s %% and %s %%.",
			r.Asked, r.Rated, v.Coverage.Percent, r.Answers, r.Raters, s.Percent, s.Low, s.High),
	}
}

// CellView is one group's figures.
type CellView struct {
	Cell      string      `json:"cell" doc:"Names the cell in paths of this API"`
	Dimension Dimension   `json:"dimension" enum:"total,month,community,company,project,service_area,estate,category"`
	Key       string      `json:"key" doc:"all, a month, the code of a category, an identifier, two for a project; none: in the community's own hands"`
	Name      string      `json:"name,omitempty" doc:"Present name of the place, the organisation or the category"`
	AreaID    *id.ID      `json:"areaId,omitempty"`
	CompanyID *id.ID      `json:"companyId,omitempty"`
	Orders    Orders      `json:"orders"`
	Response  RateView    `json:"response" doc:"Reporters contacted within the accept limit, of the accept limits that were met or ran out"`
	Arrive    RateView    `json:"onTimeArrive"`
	Control   RateView    `json:"onTimeControl"`
	Fix       RateView    `json:"onTimeFix"`
	ToEnd     Spread      `json:"toEnd" doc:"From report until the order was over: closed, declined or cancelled"`
	ToClose   Spread      `json:"toClose" doc:"From report until closing"`
	Ratings   OpinionView `json:"ratings"`
}

func (l Limit) view() RateView { return rateOf(l.Met, l.Ended, l.Excluded) }

func cellView(c Cell, f Figures, j Judged, def Definitions, n names) CellView {
	return CellView{
		Cell: c.String(), Dimension: c.Dimension, Key: c.Key, Name: n.of(c), AreaID: c.area().Ptr(), CompanyID: c.company().Ptr(), Orders: f.Orders,
		Response: f.Accept.view(), Arrive: f.Arrive.view(), Control: f.Control.view(), Fix: f.Fix.view(), ToEnd: f.ToEnd, ToClose: f.ToClose,
		Ratings: opinionView(j, def, f.Excluded),
	}
}

// names are what the groups of some cells are called now.
type names struct {
	total      string
	places     map[id.ID]place
	companies  map[id.ID]string
	categories *rules.Dictionary
}

func (s *Service) names(ctx context.Context, q dbx.Querier, total string, cells []Cell) (names, error) {
	var companies []id.ID
	for _, c := range cells {
		if o := c.company(); !o.IsZero() {
			companies = append(companies, o)
		}
	}
	places, err := placesOf(ctx, q, areasOf(cells))
	if err != nil {
		return names{}, err
	}
	found, err := companyNames(ctx, q, companies)
	return names{total, places, found, s.Rules.Categories}, err
}

func (n names) of(c Cell) string {
	switch c.Dimension {
	case Total:
		return n.total
	case Community, ServiceArea, Estate:
		return n.places[c.area()].Name
	case Company:
		return n.company(c)
	case Project:
		return n.places[c.area()].Name + " · " + n.company(c)
	case Category:
		if cat, err := n.categories.Find(c.Key); err == nil {
			return cat.Zh
		}
	}
	return c.Key
}

func (n names) company(c Cell) string {
	if c.company().IsZero() {
		return "社区自办"
	}
	return n.companies[c.company()]
}

// DefinitionView says what a rate means.
type DefinitionView struct {
	Rate          string `json:"rate" enum:"response,solution,satisfaction,coverage"`
	TitleZH       string `json:"titleZh"`
	TitleEN       string `json:"titleEn"`
	NumeratorZH   string `json:"numeratorZh"`
	NumeratorEN   string `json:"numeratorEn"`
	DenominatorZH string `json:"denominatorZh"`
	DenominatorEN string `json:"denominatorEn"`
}

// DefinitionsView is what figures were computed by.
type DefinitionsView struct {
	RuleHash       rules.Hash       `json:"ruleHash" doc:"Hash of the rule file; its text is kept under it"`
	Rates          []DefinitionView `json:"rates"`
	PartlyPercent  int              `json:"partlyWeightPercent" doc:"What \"partly solved\" counts in the solution rate"`
	SatisfiedFrom  int              `json:"satisfiedFrom" doc:"The least score that is 满意"`
	BasicallyFrom  int              `json:"basicallyFrom" doc:"The least score that is 基本满意"`
	BasicallyShare int              `json:"basicallyWeightPercent" doc:"What 基本满意 counts in the satisfaction rate"`
	LeastGroup     int              `json:"leastGroup" doc:"The fewest households that a figure of ratings is shown of"`
	Excluded       []ReasonView     `json:"excludedReasons" doc:"What the reasons of exclusions mean"`
}

// ReasonView is a reason for leaving something out.
type ReasonView struct {
	Code string `json:"code"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

// alwaysLeftOut are the reasons that need no rule: there is nothing to measure.
func alwaysLeftOut() []ReasonView {
	return []ReasonView{
		{"withdrawn", "报事人撤回", "Withdrawn by the reporter before the limit ended"},
		{"handed_over", "时限届满前转交他人", "Handed to somebody else before the limit ended"},
		{"not_recorded", "结案前未记录该环节", "Closed before the limit ended, without the stage being recorded"},
		{"no_limit", "未设时限", "No limit was set"},
	}
}

func (d Definitions) view() DefinitionsView {
	v := DefinitionsView{
		RuleHash: d.Hash, PartlyPercent: d.Solution.Weights[rules.SolvedPartly], SatisfiedFrom: d.Satisfaction.SatisfiedFrom,
		BasicallyFrom: d.Satisfaction.BasicallyFrom, BasicallyShare: d.Satisfaction.BasicallyWeight, LeastGroup: d.Suppression.K,
	}
	for _, r := range []struct {
		name string
		rate rules.Rate
	}{{"response", d.Response}, {"solution", d.Solution.Rate}, {"satisfaction", d.Satisfaction.Rate}, {"coverage", d.Coverage}} {
		v.Rates = append(v.Rates, DefinitionView{r.name, r.rate.Title.Zh, r.rate.Title.En, r.rate.Numerator.Zh, r.rate.Numerator.En, r.rate.Denominator.Zh, r.rate.Denominator.En})
	}
	for _, e := range d.Exclusions {
		v.Excluded = append(v.Excluded, ReasonView{e.Code, e.Zh, e.En})
	}
	v.Excluded = append(v.Excluded, alwaysLeftOut()...)
	return v
}

// RatesView is figures computed now.
type RatesView struct {
	AreaID      id.ID           `json:"areaId"`
	AreaName    string          `json:"areaName"`
	Period      Period          `json:"period"`
	AsOf        clock.Instant   `json:"asOf" doc:"What was known then counts"`
	Dimension   Dimension       `json:"dimension" enum:"total,month,community,company,project,service_area,estate,category"`
	Definitions DefinitionsView `json:"definitions"`
	Total       CellView        `json:"total"`
	Cells       []CellView      `json:"cells"`
}

// view names the cells of live figures.
func (s *Service) liveView(ctx context.Context, l *Live, d Dimension) (RatesView, error) {
	n, err := s.names(ctx, s.DB, l.place.Name, l.viewable)
	if err != nil {
		return RatesView{}, err
	}
	v := RatesView{AreaID: l.place.ID, AreaName: l.place.Name, Period: l.period, AsOf: l.asOf, Dimension: d, Definitions: l.def.view(), Cells: []CellView{}}
	for _, c := range l.viewable {
		cell := cellView(c, l.figures[c], l.judged(c), l.def, n)
		if c.Dimension == Total {
			v.Total = cell
		} else {
			v.Cells = append(v.Cells, cell)
		}
	}
	return v, nil
}
