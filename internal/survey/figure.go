package survey

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/questionnaire"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/score"
)

// Figures over several rounds: the change since the last one, estimates across estates, rolling scores. All but the rolling
// score are computed from published figures alone, so that they tell nothing that these do not; the rolling score pools
// rounds of which each has at least the rule's k answers, so that it differs from any published figure by k answers or more.

// Standing says whether a service area's score is in a figure across rounds, and why not.
type Standing string

// The standings.
const (
	Counts     Standing = "counts"
	NoRound    Standing = "no_round"            // no round was published in the period
	NoFigure   Standing = "insufficient_data"   // the newest one has no figure; never zero (R1.4)
	TooFew     Standing = "too_few_to_pool"     // fewer answers than may be told apart
	OtherAsked Standing = "other_questionnaire" // other questions, or other weights
	NotTrusted Standing = "not_trusted"         // an audit rejected it, or the re-contact says to set it aside
)

// AreaScore is a service area's published score as figures across rounds take it.
type AreaScore struct {
	ServiceAreaID id.ID          `json:"serviceAreaId"`
	Name          string         `json:"name"`
	CompanyID     *id.ID         `json:"companyId,omitempty" doc:"Who was rated"`
	Standing      Standing       `json:"standing" enum:"counts,no_round,insufficient_data,too_few_to_pool,other_questionnaire,not_trusted"`
	RoundID       *id.ID         `json:"roundId,omitempty"`
	Revision      int64          `json:"revision" doc:"Of the score; 0 is the first"`
	ClosedOn      clock.Date     `json:"closedOn,omitempty"`
	Dwellings     int64          `json:"dwellings" doc:"On the roll; by the register where there is no round"`
	Answers       int64          `json:"answers"`
	Rules         *rules.Hash    `json:"rules,omitempty" doc:"The survey rules that scored it"`
	Result        *ballot.Hash   `json:"result,omitempty" doc:"Hash of the published score, as in the ledger"`
	Design        *ballot.Hash   `json:"design,omitempty" doc:"Hash of the scored questions and their weights: figures of one design alone can be compared"`
	Index         score.Estimate `json:"index" doc:"As published; with a standard error as large as a re-contact makes it"`
}

// designOf names what makes two scores comparable: the scored questions, word for word and in their order, and what they
// weigh together.
func designOf(q questionnaire.Questionnaire, t *rules.SurveyTemplate) (ballot.Hash, error) {
	var scored []questionnaire.Item
	weights := map[string]int64{}
	for _, i := range q.Items() {
		if i.Scored() && !t.ShownApart(i.Dimension) {
			scored = append(scored, i)
			weights[i.Dimension] = t.Weights()[i.Dimension]
		}
	}
	body, err := json.Marshal([]any{"redproperty survey design 1", scored, weights}) // maps by key
	return sha256.Sum256(body), err
}

// Comparison says whether a score could be compared with the one before it, and why not.
type Comparison string

// The outcomes.
const (
	Compared      Comparison = "compared"
	FirstRound    Comparison = "first_round"
	OtherDesign   Comparison = "other_questionnaire"
	NothingToTell Comparison = "insufficient_data"
	Doubted       Comparison = "not_trusted"
)

// AreaChange is how a service area's score changed since its last published round.
type AreaChange struct {
	Comparison  Comparison   `json:"comparison" enum:"compared,first_round,other_questionnaire,insufficient_data,not_trusted" doc:"Whether the two can be compared: the same service area, questions and weights, with a figure in both"`
	Now         AreaScore    `json:"now"`
	Before      *AreaScore   `json:"before,omitempty" doc:"Of the last round that was published"`
	SameCompany bool         `json:"sameCompany" doc:"Whether the same company was rated"`
	Change      score.Change `json:"change" doc:"Later less earlier with its 95 % interval; no_detectable_change is a result"`
}

// changeOf compares a score with the one before it.
func changeOf(now AreaScore, before *AreaScore) AreaChange {
	out := AreaChange{Comparison: Compared, Now: now, Before: before, Change: score.Change{Direction: score.Unknown}}
	if before == nil {
		out.Comparison = FirstRound
		return out
	}
	out.SameCompany = id.OrNil(now.CompanyID) == id.OrNil(before.CompanyID)
	switch {
	case *now.Design != *before.Design:
		out.Comparison = OtherDesign
	case now.Standing == NotTrusted || before.Standing == NotTrusted:
		out.Comparison = Doubted
	case now.Standing == NoFigure || before.Standing == NoFigure:
		out.Comparison = NothingToTell
	default:
		out.Change = score.ChangeOf(before.Index, now.Index)
	}
	return out
}

// Across is an estimate over the service areas of a place, or of a company.
type Across struct {
	From      clock.Date     `json:"from" doc:"Rounds that closed on this day"`
	Until     clock.Date     `json:"until" doc:"To this"`
	Index     score.Estimate `json:"index" doc:"The service areas that count, weighted by their dwellings"`
	Tier      score.Tier     `json:"tier" doc:"By the rules in force; given only where one tier wholly contains the interval"`
	TierRules rules.Hash     `json:"tierRules"`
	Design    *ballot.Hash   `json:"design,omitempty" doc:"That of most dwellings; scores of another design do not count"`
	Answers   int64          `json:"answers" doc:"n: of the service areas that count"`
	Dwellings int64          `json:"dwellings" doc:"N: of the service areas that count"`
	Missing   int64          `json:"missing" doc:"Dwellings of the others, for whom the estimate does not speak"`
	Areas     []AreaScore    `json:"areas" doc:"By name, never by score; each says whether it counts. A page of them: the figures above are those of all"`
	Next      string         `json:"next,omitempty" doc:"Cursor of the next page; absent on the last one"`
}

// across puts the newest scores of service areas together. Where the scores have several designs the one of most dwellings
// counts, the lower hash of equals.
func across(list []AreaScore, bands []score.Band) (Across, error) {
	out := Across{Areas: list}
	if out.Design = commonDesign(list); out.Design != nil {
		for i := range list {
			if a := &list[i]; a.Standing == Counts && *a.Design != *out.Design {
				a.Standing = OtherAsked
			}
		}
	}
	var estates []score.Estate
	for _, a := range list {
		if a.Dwellings < 1 {
			continue
		}
		e := score.Estate{Key: a.ServiceAreaID.String(), Dwellings: a.Dwellings, Index: a.Index}
		if a.Standing == Counts {
			out.Answers += a.Answers
		} else {
			e.Index = score.Estimate{State: score.Insufficient}
		}
		estates = append(estates, e)
	}
	combined, err := score.Combine(estates)
	if err != nil {
		return out, err
	}
	out.Index, out.Dwellings, out.Missing = combined.Index, combined.Dwellings, combined.Missing
	out.Tier, err = score.TierOf(bands, out.Index)
	return out, err
}

// commonDesign is the design of most dwellings among the scores that count; nil where none does.
func commonDesign(list []AreaScore) *ballot.Hash {
	dwellings := map[ballot.Hash]int64{}
	for _, a := range list {
		if a.Standing == Counts {
			dwellings[*a.Design] += a.Dwellings
		}
	}
	var best *ballot.Hash
	for h, n := range dwellings {
		if best == nil || n > dwellings[*best] || n == dwellings[*best] && h.String() < best.String() {
			best = &h
		}
	}
	return best
}

// newestOf keeps, of each service area, the score of the round that closed last; list is in the order of closing.
func newestOf(list []AreaScore) []AreaScore {
	at := map[id.ID]int{}
	var out []AreaScore
	for _, a := range list {
		if i, ok := at[a.ServiceAreaID]; ok {
			out[i] = a
			continue
		}
		at[a.ServiceAreaID] = len(out)
		out = append(out, a)
	}
	return out
}

// Quarter is a quarter of a year in China, as 2026Q1.
type Quarter string

var quarterForm = regexp.MustCompile(`^20[0-9]{2}Q[1-4]$`)

// ParseQuarter checks a quarter; the fault survey.quarter.
func ParseQuarter(s string) (Quarter, error) {
	if !quarterForm.MatchString(s) {
		return "", fault.InvalidField("query.until", "survey.quarter")
	}
	return Quarter(s), nil
}

// quarterOf is the quarter of a day.
func quarterOf(d clock.Date) Quarter {
	t := d.Start()
	return Quarter(fmt.Sprintf("%04dQ%d", t.Year(), (int(t.Month())+2)/3))
}

// first is its first day.
func (q Quarter) first() clock.Date {
	return clock.Date(fmt.Sprintf("%s-%02d-01", q[:4], 3*int(q[5]-'0')-2))
}

// back is the quarter n before.
func (q Quarter) back(n int) Quarter {
	year, _ := strconv.Atoi(string(q[:4])) // checked when it was parsed
	at := year*4 + int(q[5]-'1') - n
	return Quarter(fmt.Sprintf("%04dQ%d", at/4, at%4+1))
}

// year lists the four quarters that end with q.
func (q Quarter) year() []Quarter {
	return []Quarter{q.back(3), q.back(2), q.back(1), q}
}

// QuarterScore is a quarter's part in a rolling score.
type QuarterScore struct {
	Quarter Quarter `json:"quarter"`
	AreaScore
}

// Rolling is a service area's score over four quarters, of the answers of all of them: each quarter is a stratum of its own, so
// that each counts alike and small rounds together make one figure.
type Rolling struct {
	ServiceAreaID id.ID                   `json:"serviceAreaId"`
	Name          string                  `json:"name"`
	Until         Quarter                 `json:"until" doc:"The last of the four quarters"`
	Label         score.Label             `json:"label" enum:"complete,all_drawn_answered,if_nonrespondents_alike,no_answers"`
	Index         score.Estimate          `json:"index"`
	Tier          score.Tier              `json:"tier"`
	Dimensions    []score.DimensionResult `json:"dimensions"`
	Answers       int64                   `json:"answers" doc:"n: of the quarters that count"`
	Asked         int64                   `json:"asked" doc:"Dwellings drawn in them, each as often as it was"`
	Dwellings     int64                   `json:"dwellings" doc:"N: on the newest roll"`
	Rules         *rules.Hash             `json:"rules,omitempty" doc:"The survey rules of the newest round, which score it"`
	Design        *ballot.Hash            `json:"design,omitempty"`
	Quarters      []QuarterScore          `json:"quarters" doc:"Each says whether it counts"`
}

// standIn marks what of the quarters is pooled: the design of the newest round that is trusted, and enough answers.
func standIn(quarters []QuarterScore, k int64) {
	var design *ballot.Hash
	for i := len(quarters) - 1; i >= 0; i-- {
		q := &quarters[i]
		switch {
		case q.Standing == NoRound || q.Standing == NotTrusted:
			continue
		case q.Answers < k:
			q.Standing = TooFew
			continue
		}
		if q.Standing = Counts; design == nil {
			design = q.Design
		}
		if *q.Design != *design {
			q.Standing = OtherAsked
		}
	}
}

// counted are the quarters that count.
func counted(quarters []QuarterScore) []QuarterScore {
	return slices.DeleteFunc(slices.Clone(quarters), func(q QuarterScore) bool { return q.Standing != Counts })
}
