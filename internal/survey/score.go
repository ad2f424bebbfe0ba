package survey

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/questionnaire"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/score"
)

// Card is everything that is published of a round in one revision. Its canonical text is hashed into the ledger.
type Card struct {
	Round         id.ID         `json:"round"`
	Revision      int64         `json:"revision" doc:"0 is the first"`
	Questionnaire ballot.Hash   `json:"questionnaire"`
	Rules         ballot.Hash   `json:"rules"`
	Method        Method        `json:"method" enum:"census,sample"`
	Projects      []ProjectCard `json:"projects" doc:"In the order of their places, never of their scores"`
	Total         *score.Result `json:"total,omitempty" doc:"Of several service areas, weighted by dwellings; absent where it would give away one that is withheld"`
}

// ProjectCard is the score of one project.
type ProjectCard struct {
	ServiceAreaID id.ID        `json:"serviceAreaId"`
	Name          string       `json:"name"`
	CompanyID     *id.ID       `json:"companyId,omitempty"`
	LeftOut       int64        `json:"leftOut" doc:"Dwellings not asked since their only known adults hold posts in the rated company"`
	Drawn         int64        `json:"drawn" doc:"Ballots drawn"`
	NotCast       int64        `json:"notCast" doc:"Ballots drawn and not cast"`
	Result        score.Result `json:"result"`
	Tier          score.Tier   `json:"tier"`
	Others        []Tally      `json:"others,omitempty" doc:"Questions that are not part of the score, Party building among them"`
	Withheld      bool         `json:"withheld,omitempty" doc:"Too few answers: nothing but how many there are is shown"`
}

// Tally counts the answers to a question that is not scored.
type Tally struct {
	Item   string           `json:"item"`
	Counts map[string]int64 `json:"counts" doc:"By option, number or dont_know"`
}

// canonical is the text of the card that is hashed, and its hash.
func (c Card) canonical() (string, ballot.Hash, error) {
	body, err := json.Marshal(c) // fields in their order, maps by key
	return string(body), sha256.Sum256(body), err
}

// asks is what of a questionnaire is scored, in its order.
type asks struct {
	form   questionnaire.Questionnaire
	scored []questionnaire.Item
	others []questionnaire.Item
}

// newAsks tells the scored items from the others; what the template shows apart is never in the score (R1.5).
func newAsks(q questionnaire.Questionnaire, t *rules.SurveyTemplate) asks {
	a := asks{form: q}
	for _, i := range q.Items() {
		switch {
		case i.Scored() && !t.ShownApart(i.Dimension):
			a.scored = append(a.scored, i)
		case i.Kind != questionnaire.FreeText:
			a.others = append(a.others, i)
		}
	}
	return a
}

// design is what the answers are scored by: strata, items, and the rule's weights of the dimensions that are asked.
func (a asks) design(strata []Stratum, weights map[string]int64) score.Design {
	d := score.Design{Weights: map[string]int64{}}
	for _, st := range strata {
		d.Strata = append(d.Strata, score.Stratum{Key: st.Code(), N: st.Dwellings, Sampled: st.Sampled})
	}
	var codes []string
	for _, i := range a.scored {
		d.Items = append(d.Items, score.Item{Code: i.Code, Dimension: i.Dimension})
		if !slices.Contains(codes, i.Dimension) {
			codes = append(codes, i.Dimension)
		}
	}
	slices.Sort(codes)
	share := make([]int64, len(codes))
	for k, c := range codes {
		share[k] = weights[c]
	}
	for k, w := range score.Allocate(scaled(share), score.WeightSum, 0) {
		d.Weights[codes[k]] = w
	}
	return d
}

// scaled makes weights large enough that Allocate, which never gives more than there is, shares the whole among them.
func scaled(share []int64) []int64 {
	for i := range share {
		share[i] *= score.WeightSum
	}
	return share
}

// values are a response's ratings in the order of the items.
func (a asks) values(answers questionnaire.Answers) []int8 {
	visible := a.form.Visible(answers)
	out := make([]int8, len(a.scored))
	for k, i := range a.scored {
		given, ok := answers[i.Code]
		switch n, isNumber := given.Number(); {
		case !slices.Contains(visible, i.Code):
			out[k] = score.NotAsked
		case !ok:
			out[k] = score.NoAnswer
		case isNumber:
			out[k] = int8(n)
		default:
			out[k] = score.DontKnow
		}
	}
	return out
}

// tally counts a response's other answers.
func (a asks) tally(answers questionnaire.Answers, into []Tally) {
	for k, i := range a.others {
		given, ok := answers[i.Code]
		if !ok {
			continue
		}
		if n, isNumber := given.Number(); isNumber {
			into[k].Counts[strconv.Itoa(n)]++
		} else if list, isList := given.List(); isList {
			for _, c := range list {
				into[k].Counts[c]++
			}
		} else if c, isText := given.Text(); isText {
			into[k].Counts[c]++
		}
	}
}

func (a asks) tallies() []Tally {
	out := make([]Tally, len(a.others))
	for k, i := range a.others {
		out[k] = Tally{Item: i.Code, Counts: map[string]int64{}}
	}
	return out
}

// channelOf is the score's name of a channel.
func channelOf(channel string) score.Channel {
	switch channel {
	case ChannelPaper:
		return score.Paper
	case ChannelAssisted:
		return score.Assisted
	}
	return score.Web
}

// withhold takes away everything of a project with too few answers but how many there are.
func (p *ProjectCard) withhold() {
	p.Withheld, p.Others = true, nil
	p.Result.Items, p.Result.Dimensions, p.Result.Strata = nil, nil, nil
}

// ScoreRow is a card, or a project's part of it, as stored.
type ScoreRow struct {
	ID        id.ID         `db:"id"`
	RoundID   id.ID         `db:"round_id"`
	AreaID    id.ID         `db:"area_id"` // the service area; zero for the whole card
	ScopePath string        `db:"scope_path"`
	CompanyID *id.ID        `db:"company_org_id"`
	Revision  int64         `db:"revision"`
	Content   string        `db:"content"`
	Hash      ballot.Hash   `db:"hash"`
	MadeAt    clock.Instant `db:"made_at"`
}
