package score

import (
	"math/big"

	"github.com/redproperty/redproperty/internal/fault"
)

// State says whether there is a figure.
type State string

// The states of a figure. Missing data is a state, never a zero (R1.4).
const (
	Scored       State = "scored"
	Insufficient State = "insufficient_data"
	Unasked      State = "not_asked" // an item or dimension hidden from everybody
)

// Reason says why there is no figure, or none to lean on.
type Reason string

// The reasons.
const (
	FewAnswers     Reason = "too_few_answers"      // fewer answers than the rule's minimum
	FewRatings     Reason = "too_few_ratings"      // fewer valid answers to an item than the rule's minimum
	ItemMissing    Reason = "item_insufficient"    // an item of the dimension has no figure
	DimensionEmpty Reason = "dimension_incomplete" // a dimension of the whole has no figure
	NoVariation    Reason = "no_variation"         // all alike: the interval cannot be told from the answers
)

// Label says what a figure claims.
type Label string

// The labels.
const (
	Complete  Label = "complete"                // every dwelling on the roll answered
	AllDrawn  Label = "all_drawn_answered"      // a random sample that answered to the last
	IfAlike   Label = "if_nonrespondents_alike" // if those who did not answer were like those who did
	NoneValid Label = "no_answers"
)

// Bounds are the lowest and highest value that the estimate could have had if all who were asked and did not
// answer had given the worst, or the best, rating.
type Bounds struct {
	Low  Micro `json:"low" doc:"If all who gave no rating had given the worst"`
	High Micro `json:"high" doc:"If all who gave no rating had given the best"`
}

// Estimate is an index of 0 to 100, or the state in which there is none.
type Estimate struct {
	State    State     `json:"state" doc:"Whether there is a figure" enum:"scored,insufficient_data,not_asked"`
	Reason   Reason    `json:"reason,omitempty" doc:"Why there is no figure; or no_variation beside one that no tier can rest on" enum:"too_few_answers,too_few_ratings,item_insufficient,dimension_incomplete,no_variation"`
	Valid    int64     `json:"valid" doc:"Answers with a rating in it"`
	Interval *Interval `json:"interval,omitempty" doc:"There when, and only when, the state is scored"`
	Bounds   *Bounds   `json:"bounds,omitempty" doc:"There when, and only when, the state is scored"`
}

// Result is everything that is published about a round, recomputable from the answers alone.
type Result struct {
	Label      Label             `json:"label" doc:"What the figures claim" enum:"complete,all_drawn_answered,if_nonrespondents_alike,no_answers"`
	Counts     Counts            `json:"counts" doc:"Who was asked and who answered"`
	Strata     []Group           `json:"strata" doc:"Strata as scored, those with too few answers merged"`
	Items      []ItemResult      `json:"items" doc:"In the questionnaire's order"`
	Dimensions []DimensionResult `json:"dimensions" doc:"In the order of their first items"`
	Overall    Estimate          `json:"overall" doc:"The dimensions by the rule's weights"`
}

// Counts say who was asked and who answered. Shares and rates are in per cent.
type Counts struct {
	Dwellings     int64 `json:"dwellings" doc:"On the frozen roll"`
	Sampled       int64 `json:"sampled" doc:"Drawn into the sample; all of them in a census"`
	Answers       int64 `json:"answers" doc:"Answers that count"`
	Valid         int64 `json:"valid" doc:"Answers with at least one rating"`
	Web           int64 `json:"web" doc:"Answers over the web"`
	Paper         int64 `json:"paper" doc:"Answers on paper"`
	Assisted      int64 `json:"assisted" doc:"Answers with a neutral interviewer"`
	ResponseRate  Micro `json:"responseRate" doc:"Answers of those sampled, in per cent"`
	PaperShare    Micro `json:"paperShare" doc:"Of the answers, in per cent"`
	AssistedShare Micro `json:"assistedShare" doc:"Of the answers, in per cent"`
}

// Group is a stratum as scored: one of the design, or several that were merged for want of answers.
type Group struct {
	Keys      []string `json:"keys" doc:"One stratum, or several that were merged"`
	Dwellings int64    `json:"dwellings" doc:"On the frozen roll"`
	Sampled   int64    `json:"sampled" doc:"Drawn into the sample"`
	Answers   int64    `json:"answers" doc:"Answers that count"`
}

// ItemResult is one item's figures. The counts add up to the answers of the round.
type ItemResult struct {
	Code          string         `json:"code" doc:"Of the question"`
	Dimension     string         `json:"dimension" doc:"To which it belongs"`
	Index         Estimate       `json:"index" doc:"From 0 to 100"`
	Distribution  [Highest]int64 `json:"distribution" doc:"How many gave 1, 2, 3, 4, 5; unweighted"`
	DontKnow      int64          `json:"dontKnow" doc:"How many do not know"`
	NoAnswer      int64          `json:"noAnswer" doc:"How many left it empty"`
	NotAsked      int64          `json:"notAsked" doc:"From how many an earlier answer hid it"`
	DontKnowShare Micro          `json:"dontKnowShare" doc:"Of those asked, in per cent"`
	Mean          *Interval      `json:"mean,omitempty" doc:"On the scale of 1 to 5"`
	Satisfied     *Interval      `json:"satisfied,omitempty" doc:"Share of ratings 4 and 5 among ratings, in per cent"`
}

// DimensionResult is a dimension's figures.
type DimensionResult struct {
	Code   string   `json:"code" doc:"Of the dimension"`
	Weight int64    `json:"weight" doc:"In hundredths of a per cent"`
	Items  []string `json:"items" doc:"Those that were asked; they count alike"`
	Index  Estimate `json:"index" doc:"From 0 to 100"`
}

// Score computes the result of all answers taken so far. The same answers give the same result on every
// machine. Faults: score.policy; score.roll where a stratum has more answers than dwellings sampled.
func (a *Accumulator) Score(p Policy) (Result, error) {
	if err := p.check(); err != nil {
		return Result{}, err
	}
	for i, s := range a.design.Strata {
		if a.strata[i].answers > s.Sampled {
			return Result{}, fault.New(fault.Invalid, "score.roll", "answers", a.strata[i].answers, "sampled", s.Sampled)
		}
	}
	s := newScoring(a, p)
	out := Result{Counts: s.counts(), Overall: Estimate{}}
	out.Label = label(out.Counts)
	for _, g := range s.groups {
		out.Strata = append(out.Strata, Group{Keys: g.keys, Dwellings: g.n, Sampled: g.sampled, Answers: g.answers})
	}
	for j := range a.design.Items {
		out.Items = append(out.Items, s.item(j))
	}
	out.Dimensions, out.Overall = s.dimensions(out.Items)
	return out, nil
}

func label(c Counts) Label {
	switch c.Answers {
	case 0:
		return NoneValid
	case c.Dwellings:
		return Complete
	case c.Sampled:
		return AllDrawn
	}
	return IfAlike
}

// scoring is the work on one result.
type scoring struct {
	*Accumulator
	policy Policy
	groups []group
	total  sums
	ratios ratios
	sigma  [][]*big.Float
	worst  []*big.Rat // mean of each item if the silent gave 1
	best   []*big.Rat // and if they gave 5
}

func newScoring(a *Accumulator, p Policy) *scoring {
	s := &scoring{Accumulator: a, policy: p, groups: a.groups(p.MinStratum), total: a.strata[0].copy()}
	for i := 1; i < len(a.strata); i++ {
		s.total.merge(&a.strata[i])
	}
	n := len(a.design.Items)
	var parts []part
	for i := range s.groups {
		g := &s.groups[i]
		q := part{n: g.n, answers: g.answers, pair: func(j, k int) pair { return g.pairs[rowStart(n, j)+k-j] }}
		for j := range g.items {
			q.x, q.v = append(q.x, g.items[j].sum()), append(q.v, g.items[j].valid())
		}
		parts = append(parts, q)
	}
	s.ratios = newRatios(parts, n)
	s.sigma = s.ratios.sigma()
	s.worst, s.best = a.extremes()
	return s
}

// extremes are the means of each item if all who were asked and did not answer had given 1, or 5: the drawn
// dwellings without an answer, and the answers that left the item empty. "Don't know" is an answer. Each
// stratum counts with its own sampling weight, unmerged.
func (a *Accumulator) extremes() (worst, best []*big.Rat) {
	for j := range a.design.Items {
		low, high, all := new(big.Rat), new(big.Rat), new(big.Rat)
		for i := range a.strata {
			d, s := a.design.Strata[i], &a.strata[i]
			silent := d.Sampled - s.answers + s.items[j].noAnswer
			add(low, d, s.items[j].sum()+int64(Lowest)*silent)
			add(high, d, s.items[j].sum()+int64(Highest)*silent)
			add(all, d, s.items[j].valid()+silent)
		}
		if all.Sign() > 0 {
			low.Quo(low, all)
			high.Quo(high, all)
		}
		worst, best = append(worst, low), append(best, high)
	}
	return worst, best
}

func add(sum *big.Rat, d Stratum, amount int64) {
	w := big.NewRat(d.N, d.Sampled)
	sum.Add(sum, w.Mul(w, big.NewRat(amount, 1)))
}

func (s *scoring) counts() Counts {
	c := Counts{Answers: s.total.answers, Valid: s.total.anything,
		Web: s.total.byChannel[Web], Paper: s.total.byChannel[Paper], Assisted: s.total.byChannel[Assisted]}
	c.Dwellings, c.Sampled = s.design.dwellings()
	c.ResponseRate = percent(c.Answers, c.Sampled)
	c.PaperShare, c.AssistedShare = percent(c.Paper, c.Answers), percent(c.Assisted, c.Answers)
	return c
}

func (s *scoring) item(j int) ItemResult {
	sum, item := &s.total.items[j], s.design.Items[j]
	out := ItemResult{Code: item.Code, Dimension: item.Dimension, Distribution: sum.ratings,
		DontKnow: sum.dontKnow, NoAnswer: sum.noAnswer, NotAsked: sum.notAsked,
		DontKnowShare: percent(sum.dontKnow, s.total.answers-sum.notAsked)}
	out.Index.Valid = sum.valid()
	out.Index.State, out.Index.Reason = s.itemState(sum)
	if out.Index.State != Scored {
		return out
	}
	c := unit(len(s.design.Items), j)
	s.fill(&out.Index, c)
	value, se := s.ratios.combine(c, s.sigma)
	mean := normal(value, se).within(Micro(Lowest)*One, Micro(Highest)*One)
	out.Mean = &mean
	out.Satisfied = s.satisfied(j)
	return out
}

func (s *scoring) itemState(sum *itemSums) (State, Reason) {
	switch {
	case s.total.answers < s.policy.MinAnswers:
		return Insufficient, FewAnswers
	case sum.notAsked == s.total.answers:
		return Unasked, ""
	case sum.valid() < s.policy.MinItem:
		return Insufficient, FewRatings
	}
	return Scored, ""
}

func (s *scoring) satisfied(j int) *Interval {
	var shares []Share
	for i := range s.groups {
		r := s.groups[i].items[j].ratings
		shares = append(shares, Share{N: s.groups[i].n, Answers: s.groups[i].answers, Valid: s.groups[i].items[j].valid(), Hits: r[3] + r[4]})
	}
	out, err := Proportion(shares)
	if err != nil {
		return nil // cannot be: merged strata have two answers each, and the item has ratings
	}
	return &out
}

// fill sets the figures of the index Σ c·(R − 1)/4 × 100; the coefficients add up to one.
func (s *scoring) fill(e *Estimate, c []*big.Rat) {
	value, se := s.ratios.combine(c, s.sigma)
	interval := normal(index(value), times(floatInt(25), se)).within(0, full)
	e.Interval = &interval
	low, high := new(big.Rat), new(big.Rat)
	for j := range c {
		low.Add(low, new(big.Rat).Mul(c[j], s.worst[j]))
		high.Add(high, new(big.Rat).Mul(c[j], s.best[j]))
	}
	e.Bounds = &Bounds{Low: microOf(index(low)), High: microOf(index(high))}
	if n, _ := s.design.dwellings(); interval.SE == 0 && s.total.answers < n {
		e.Reason = NoVariation
	}
}

// index turns a mean of 1 to 5 into 0 to 100.
func index(mean *big.Rat) *big.Rat {
	v := new(big.Rat).Sub(mean, big.NewRat(1, 1))
	return v.Mul(v, big.NewRat(25, 1))
}

// dimensions scores each dimension, the plain mean of its items that were asked, and the whole, their mean
// by the rule's weights. Where one part has no figure the whole has none: its weight is never moved to others.
func (s *scoring) dimensions(items []ItemResult) ([]DimensionResult, Estimate) {
	overall := Estimate{State: Scored, Valid: s.total.anything}
	if s.total.answers < s.policy.MinAnswers {
		overall.State, overall.Reason = Insufficient, FewAnswers
	}
	whole := make([]*big.Rat, len(items))
	for j := range whole {
		whole[j] = new(big.Rat)
	}
	var out []DimensionResult
	for at, name := range s.design.dimensions() {
		d, c := s.dimensionOf(name, items)
		d.Index.Valid = s.total.rated[at]
		if d.Index.State == Scored {
			s.fill(&d.Index, c)
		} else if overall.State == Scored {
			overall.State, overall.Reason = Insufficient, DimensionEmpty
		}
		for j := range c {
			whole[j].Add(whole[j], new(big.Rat).Mul(c[j], big.NewRat(d.Weight, WeightSum)))
		}
		out = append(out, d)
	}
	if overall.State == Scored {
		s.fill(&overall, whole)
	}
	return out, overall
}

// dimensionOf finds the items that make up a dimension, their coefficients and its state.
func (s *scoring) dimensionOf(name string, items []ItemResult) (DimensionResult, []*big.Rat) {
	d := DimensionResult{Code: name, Weight: s.design.Weights[name], Items: []string{}, Index: Estimate{State: Scored}}
	c := make([]*big.Rat, len(items))
	for j, item := range items {
		c[j] = new(big.Rat)
		if item.Dimension != name || item.Index.State == Unasked {
			continue
		}
		d.Items = append(d.Items, item.Code)
		if item.Index.State == Insufficient && d.Index.State == Scored {
			d.Index.State, d.Index.Reason = Insufficient, ItemMissing
		}
		c[j].SetInt64(1)
	}
	switch {
	case s.total.answers < s.policy.MinAnswers:
		d.Index.State, d.Index.Reason = Insufficient, FewAnswers
	case len(d.Items) == 0:
		d.Index.State = Unasked
	}
	for j := range c {
		if len(d.Items) > 0 {
			c[j].Quo(c[j], big.NewRat(int64(len(d.Items)), 1))
		}
	}
	return d, c
}
