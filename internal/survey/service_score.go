package survey

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/questionnaire"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/score"
)

// ScoreDue scores the rounds whose every response is in the ledger, and publishes those that were scored long enough ago:
// nobody can hold a score back.
func (s *Service) ScoreDue(ctx context.Context, l job.Lease) (bool, error) {
	err := s.each(ctx, Closed, "closed_at", s.now(), func(r Round) error {
		card, err := s.compute(ctx, r, 0)
		if err != nil {
			return err
		}
		return s.automatic(ctx, l, r, StepScore, func(ctx context.Context, tx *dbx.Tx, m *move) error {
			m.next.ScoredAt, m.next.Revision = &m.at, 1
			return s.keepCard(ctx, tx, m, card)
		})
	})
	if err != nil {
		return false, err
	}
	return false, s.each(ctx, Scored, "scored_at", s.now().Add(-days(publishAfter)), func(r Round) error {
		return s.automatic(ctx, l, r, StepPublish, publish)
	})
}

// publishAfter is how many days after scoring a round is published by itself.
const publishAfter = 3

func publish(_ context.Context, _ *dbx.Tx, m *move) error {
	m.next.PublishedAt = &m.at
	return nil
}

// Publish shows a scored round to everybody before the program does so by itself.
func (s *Service) Publish(ctx context.Context, p authz.Principal, round id.ID, t Taken) (Round, error) {
	r, actor, _, err := s.own(ctx, p, round)
	if err != nil {
		return Round{}, err
	}
	return s.take(ctx, t, actor, r, StepPublish, publish)
}

// task is the scoring of a round: by its own questionnaire and the rules that it cites, whatever is in force now.
type task struct {
	round    Round
	form     Form
	rules    *rules.SurveyRules
	template *rules.SurveyTemplate
	asks     asks
	projects []Project
	strata   []Stratum
	drawn    map[id.ID]int64
}

func (s *Service) task(ctx context.Context, r Round) (t task, err error) {
	t.round = r
	if t.form, err = formByID(ctx, s.DB, r.FormID); err != nil {
		return t, err
	}
	q, err := t.form.Questionnaire()
	if err != nil {
		return t, err
	}
	file, err := rules.ByHash(ctx, s.DB, r.RuleHash)
	if err != nil {
		return t, err
	}
	if t.rules, err = rules.ParseSurveys(file); err != nil {
		return t, err
	}
	if t.template, err = t.rules.Template(t.form.Template); err != nil {
		return t, err
	}
	t.asks = newAsks(q, t.template)
	if t.projects, err = projectsOf(ctx, s.DB, r.ID); err != nil {
		return t, err
	}
	if t.strata, err = strataOf(ctx, s.DB, r.ID); err != nil {
		return t, err
	}
	t.drawn, err = countByStratum(ctx, s.DB, "survey_draw", r.ID)
	return t, err
}

// count is the sums of one project.
type count struct {
	project Project
	strata  []Stratum
	sums    *score.Accumulator
	others  []Tally
}

// compute makes the card of a round from its counted responses, which do not change any more.
func (s *Service) compute(ctx context.Context, r Round, revision int64) (Card, error) {
	t, err := s.task(ctx, r)
	if err != nil {
		return Card{}, err
	}
	counts, total, err := s.sum(ctx, t)
	if err != nil {
		return Card{}, err
	}
	card := Card{Round: r.ID, Revision: revision, Questionnaire: t.form.Hash, Rules: ballot.Hash(r.RuleHash), Method: r.Method}
	var withheld int64
	for _, c := range counts {
		pc, err := t.card(c)
		if err != nil {
			return Card{}, err
		}
		if pc.Withheld {
			withheld += pc.Result.Counts.Answers
		}
		card.Projects = append(card.Projects, pc)
	}
	if len(counts) > 1 && (withheld == 0 || withheld >= int64(t.rules.Publication.K)) {
		result, err := total.Score(t.policy(t.strata))
		if err != nil {
			return Card{}, err
		}
		card.Total = &result
	}
	return card, nil
}

func (t task) policy(strata []Stratum) score.Policy {
	var asked int64
	for _, st := range strata {
		asked += st.Sampled
	}
	enough := t.rules.Sufficiency
	return score.Policy{MinAnswers: t.rules.MinAnswers(asked), MinItem: enough.MinItem, MinStratum: enough.MinStratum}
}

func (t task) tiers() []score.Band {
	out := make([]score.Band, len(t.rules.Tiers))
	for i, b := range t.rules.Tiers {
		out[i] = score.Band{Code: b.Code, From: b.From, Below: b.Below}
	}
	return out
}

func (t task) card(c *count) (ProjectCard, error) {
	policy := t.policy(c.strata)
	result, err := c.sums.Score(policy)
	if err != nil {
		return ProjectCard{}, err
	}
	tier, err := score.TierOf(t.tiers(), result.Overall)
	out := ProjectCard{ServiceAreaID: c.project.ServiceAreaID, Name: c.project.Name, CompanyID: c.project.CompanyID, LeftOut: c.project.LeftOut,
		Result: result, Tier: tier, Others: c.others}
	for _, st := range c.strata {
		out.Drawn += t.drawn[st.ID]
	}
	out.NotCast = out.Drawn - result.Counts.Answers
	if result.Counts.Answers < policy.MinAnswers {
		out.withhold()
	}
	return out, err
}

// spot is where a stratum's responses are added up: in its project's sums and in all.
type spot struct {
	of      *count
	no, all int
}

// counts prepares the sums of each project.
func (t task) counts() ([]*count, map[id.ID]spot, error) {
	at, out := map[id.ID]spot{}, make([]*count, len(t.projects))
	for i, p := range t.projects {
		c := &count{project: p, others: t.asks.tallies()}
		for all, st := range t.strata {
			if st.ServiceAreaID == p.ServiceAreaID {
				at[st.ID] = spot{c, len(c.strata), all}
				c.strata = append(c.strata, st)
			}
		}
		var err error
		if c.sums, err = score.NewAccumulator(t.asks.design(c.strata, t.template.Weights())); err != nil {
			return nil, nil, err
		}
		out[i] = c
	}
	return out, at, nil
}

// sum adds up the responses of each project and of all, reading each response once.
func (s *Service) sum(ctx context.Context, t task) ([]*count, *score.Accumulator, error) {
	total, err := score.NewAccumulator(t.asks.design(t.strata, t.template.Weights()))
	if err != nil {
		return nil, nil, err
	}
	counts, at, err := t.counts()
	if err != nil {
		return nil, nil, err
	}
	err = eachResponse(ctx, s.DB, t.round.ID, func(row Response) error {
		answers, err := questionnaire.ParseAnswers([]byte(row.Answers))
		if err != nil {
			return err
		}
		in, values := at[row.StratumID], t.asks.values(answers)
		t.asks.tally(answers, in.of.others)
		if err := in.of.sums.Add(in.no, values, channelOf(row.Channel)); err != nil {
			return err
		}
		return total.Add(in.all, values, channelOf(row.Channel))
	})
	return counts, total, err
}

// keepCard writes a card, its projects' parts and its leaf.
func (s *Service) keepCard(ctx context.Context, tx *dbx.Tx, m *move, card Card) error {
	whole, hash, err := card.canonical()
	if err != nil {
		return err
	}
	row := ScoreRow{ID: id.New(), RoundID: m.next.ID, ScopePath: m.next.ScopePath, Revision: card.Revision, Content: whole, Hash: hash, MadeAt: m.at}
	if err := insertScore(ctx, tx, row); err != nil {
		return err
	}
	projects, err := projectsOf(ctx, tx, m.next.ID)
	if err != nil {
		return err
	}
	var answers int64
	for i, pc := range card.Projects {
		body, err := json.Marshal(pc)
		if err != nil {
			return err
		}
		answers += pc.Result.Counts.Answers
		row := ScoreRow{ID: id.New(), RoundID: m.next.ID, AreaID: pc.ServiceAreaID, ScopePath: projects[i].ScopePath, CompanyID: pc.CompanyID,
			Revision: card.Revision, Content: string(body), Hash: hash, MadeAt: m.at}
		if err := insertScore(ctx, tx, row); err != nil {
			return err
		}
	}
	m.detail["result"] = hash
	return addLeaf(ctx, tx, m.next.ID, m.at, ballot.Score{Round: m.next.ID, Revision: int(card.Revision), Rules: card.Rules, Result: hash, Counted: int(answers)})
}

// Card is the newest score of a round. Until it is published only those with a part in the round see it, and nobody sees
// anything before the ballots are counted (R6.5).
func (s *Service) Card(ctx context.Context, p authz.Principal, round id.ID) (Card, error) {
	r, _, err := s.round(ctx, p, round)
	if err != nil {
		return Card{}, err
	}
	return s.newest(ctx, r, r.State.Over())
}

// PublicCard is the newest score of a published round, for everybody.
func (s *Service) PublicCard(ctx context.Context, round id.ID) (Card, error) {
	r, err := roundByID(ctx, s.DB, round)
	if err != nil {
		return Card{}, err
	}
	return s.newest(ctx, r, r.State.Public())
}

func (s *Service) newest(ctx context.Context, r Round, shown bool) (Card, error) {
	if !shown {
		return Card{}, fault.New(fault.NotFound, "survey.no_score")
	}
	row, err := scoreOf(ctx, s.DB, r.ID, id.Nil, r.Revision-1)
	if err != nil {
		return Card{}, err
	}
	var c Card
	return c, json.Unmarshal([]byte(row.Content), &c)
}

// Recomputed tells whether the stored score of a round is what its responses give.
func (s *Service) Recomputed(ctx context.Context, r Round) (bool, error) {
	row, err := scoreOf(ctx, s.DB, r.ID, id.Nil, r.Revision-1)
	if err != nil {
		return false, err
	}
	card, err := s.compute(ctx, r, row.Revision)
	if err != nil {
		return false, err
	}
	text, hash, err := card.canonical()
	return err == nil && text == row.Content && hash == row.Hash, err
}

// Running is how many ballots of a stratum were cast, shown from a number on that tells nothing of a neighbour.
type Running struct {
	Stratum string `json:"stratum"`
	Drawn   *int64 `json:"drawn,omitempty" doc:"Absent below a number that could tell who"`
}

// Progress shows how many ballots were drawn by the end of yesterday, per stratum.
func (s *Service) Progress(ctx context.Context, p authz.Principal, round id.ID) ([]Running, error) {
	if _, _, err := s.round(ctx, p, round); err != nil {
		return nil, err
	}
	strata, err := strataOf(ctx, s.DB, round)
	if err != nil {
		return nil, err
	}
	out := []Running{}
	yesterday := clock.DateOf(s.now().Time()).AddDays(-1)
	for _, st := range strata {
		drawn, err := drawnBy(ctx, s.DB, st.ID, yesterday)
		if err != nil {
			return nil, err
		}
		show := Running{Stratum: st.Code()}
		if n := int64(len(drawn)); n >= int64(s.Rules.Surveys.Publication.RunningFrom) {
			show.Drawn = &n
		}
		out = append(out, show)
	}
	return slices.Clip(out), nil
}
