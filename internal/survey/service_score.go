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
	"github.com/redproperty/redproperty/internal/scorecard"
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

// framed is a round with what it is scored in: its own questionnaire and the rules that it cites, whatever is in force now.
func (s *Service) framed(ctx context.Context, r Round) (*scorecard.Frame, []Stratum, error) {
	form, err := formByID(ctx, s.DB, r.FormID)
	if err != nil {
		return nil, nil, err
	}
	file, err := rules.ByHash(ctx, s.DB, r.RuleHash)
	if err != nil {
		return nil, nil, err
	}
	law, err := rules.ParseSurveys(file)
	if err != nil {
		return nil, nil, err
	}
	projects, err := projectsOf(ctx, s.DB, r.ID)
	if err != nil {
		return nil, nil, err
	}
	strata, err := strataOf(ctx, s.DB, r.ID)
	if err != nil {
		return nil, nil, err
	}
	drawn, err := countByStratum(ctx, s.DB, "survey_draw", r.ID)
	if err != nil {
		return nil, nil, err
	}
	counted, err := countByStratum(ctx, s.DB, "survey_response", r.ID)
	if err != nil {
		return nil, nil, err
	}
	f, err := frame(r, form, law, projects, strata, drawn, counted)
	return f, strata, err
}

// compute makes the card of a round in a revision from its counted responses, which do not change any more, and the exclusions that the
// revision has.
func (s *Service) compute(ctx context.Context, r Round, revision int64) (Card, error) {
	without, err := exclusionsAt(ctx, s.DB, r.ID, revision)
	if err != nil {
		return Card{}, err
	}
	return s.computeWithout(ctx, r, revision, without)
}

// computeWithout makes the card of the responses that no exclusion covers, reading each once. The parts of the round that figures are
// made of stay as they were before any exclusion, so that two revisions differ by what was excluded alone.
func (s *Service) computeWithout(ctx context.Context, r Round, revision int64, without []Exclusion) (Card, error) {
	f, strata, err := s.framed(ctx, r)
	if err != nil {
		return Card{}, err
	}
	counter, err := scorecard.New(f)
	if err != nil {
		return Card{}, err
	}
	at := map[id.ID]int{}
	for i, st := range strata {
		at[st.ID] = i
	}
	var values scorecard.Values
	err = eachResponse(ctx, s.DB, r.ID, func(row Response) error {
		if st := strata[at[row.StratumID]]; excludes(without, row, st.Code()) {
			counter.LeaveOut(at[row.StratumID])
			return nil
		}
		answers, err := questionnaire.ParseAnswers([]byte(row.Answers))
		if err != nil {
			return err
		}
		counter.Read(answers, &values)
		return counter.Add(at[row.StratumID], &values, channelOf(row.Channel))
	})
	if err != nil {
		return Card{}, err
	}
	return counter.Card(revision)
}

// keepCard writes a card, its projects' parts and its leaf.
func (s *Service) keepCard(ctx context.Context, tx *dbx.Tx, m *move, card Card) error {
	whole, hash, err := card.Canonical()
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
	r, projects, err := s.round(ctx, p, round)
	if err != nil {
		return Card{}, err
	}
	return s.newest(ctx, r, r.State.Public() || (r.State.Over() && takesPart(p, r, projects)))
}

// takesPart tells whether p reads the round for an organisation, rather than because of living there.
func takesPart(p authz.Principal, r Round, projects []Project) bool {
	return slices.ContainsFunc(projects, func(pr Project) bool {
		o := r.object(pr)
		o.Open = false
		return authz.Require(p, authz.SurveyRead, o) == nil
	})
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
	return s.cardOf(ctx, r, r.Revision-1)
}

// cardOf reads a revision of a score.
func (s *Service) cardOf(ctx context.Context, r Round, revision int64) (Card, error) {
	row, err := scoreOf(ctx, s.DB, r.ID, id.Nil, revision)
	if err != nil {
		return Card{}, err
	}
	var c Card
	return c, json.Unmarshal([]byte(row.Content), &c)
}

// Recomputed tells whether the stored score of a round is what its responses give, and what is kept beside it says the same.
func (s *Service) Recomputed(ctx context.Context, r Round) (bool, error) {
	row, err := scoreOf(ctx, s.DB, r.ID, id.Nil, r.Revision-1)
	if err != nil {
		return false, err
	}
	card, err := s.compute(ctx, r, row.Revision)
	if err != nil {
		return false, err
	}
	text, hash, err := card.Canonical()
	if err != nil || text != row.Content || hash != row.Hash {
		return false, err
	}
	return s.matches(ctx, r, card, hash)
}

// Running is how many ballots of a stratum were drawn, shown from a number on that tells nothing of a neighbour.
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
