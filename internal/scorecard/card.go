// Package scorecard makes the card that is published of a survey round: from the answers, the questionnaire and the rules
// alone. The server computes it at closing and anybody computes it again from the public bundle, with this same code, to
// the digit.
package scorecard

import (
	"crypto/sha256"
	"encoding/json"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/score"
)

// Card is everything that is published of a round in one revision. Its canonical text is hashed into the ledger.
type Card struct {
	Round         id.ID         `json:"round"`
	Revision      int64         `json:"revision" doc:"0 is the first"`
	Questionnaire ballot.Hash   `json:"questionnaire"`
	Rules         ballot.Hash   `json:"rules"`
	Method        string        `json:"method" enum:"census,sample"`
	Projects      []ProjectCard `json:"projects" doc:"In the order of their places, never of their scores"`
	Total         *score.Result `json:"total,omitempty" doc:"Of several service areas, weighted by dwellings, without those with so few answers that the total would give them away"`
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

// Canonical is the text of the card that is hashed, and its hash.
func (c Card) Canonical() (string, ballot.Hash, error) {
	body, err := json.Marshal(c) // fields in their order, maps by key
	return string(body), sha256.Sum256(body), err
}

// withhold takes away everything of a project with too few answers but how many there are.
func (p *ProjectCard) withhold() {
	p.Withheld, p.Others = true, nil
	p.Result.Items, p.Result.Dimensions, p.Result.Strata = nil, nil, nil
}

// hush takes away, of a project whose answers nobody may see, also how they came and how many rated anything.
func (p *ProjectCard) hush() {
	p.withhold()
	c := &p.Result.Counts
	c.Valid, c.Web, c.Paper, c.Assisted, c.PaperShare, c.AssistedShare = 0, 0, 0, 0, 0, 0
	p.Result.Overall.Valid = 0
}
