package survey

import (
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/score"
	"github.com/redproperty/redproperty/internal/scorecard"
)

// Card is what is published of a round in one revision.
type Card = scorecard.Card

// frame is what a round's answers are scored in.
func frame(r Round, form Form, law *rules.SurveyRules, projects []Project, strata []Stratum, drawn, counted map[id.ID]int64) (*scorecard.Frame, error) {
	q, err := form.Questionnaire()
	if err != nil {
		return nil, err
	}
	f := &scorecard.Frame{Round: r.ID, Method: string(r.Method), Form: q, Template: form.Template, Rules: law}
	for _, p := range projects {
		f.Projects = append(f.Projects, scorecard.Project{ServiceAreaID: p.ServiceAreaID, Name: p.Name, CompanyID: p.CompanyID, LeftOut: p.LeftOut})
	}
	for _, st := range strata {
		f.Strata = append(f.Strata, scorecard.Stratum{Code: st.Code(), ServiceAreaID: st.ServiceAreaID, Dwellings: st.Dwellings, Sampled: st.Sampled,
			Drawn: drawn[st.ID], Counted: counted[st.ID]})
	}
	return f, nil
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
