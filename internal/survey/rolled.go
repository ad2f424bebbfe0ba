package survey

import (
	"context"
	"fmt"
	"sync"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/questionnaire"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/score"
	"github.com/redproperty/redproperty/internal/scorecard"
)

// maxRolled bounds how many rolling scores are remembered.
const maxRolled = 512

// rolled remembers the results of rolling scores. The key names all that a result is computed from, so none is ever stale.
type rolled struct {
	mu  sync.Mutex
	all map[string]score.Result
}

func (r *rolled) get(key string) (score.Result, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.all[key]
	return v, ok
}

func (r *rolled) put(key string, v score.Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all == nil || len(r.all) >= maxRolled {
		r.all = map[string]score.Result{}
	}
	r.all[key] = v
}

// scoredBy is a round's questionnaire with the template that scores it, and the rules that the round cites.
func scoredBy(ctx context.Context, q dbx.Querier, r Round) (questionnaire.Questionnaire, *rules.SurveyTemplate, *rules.SurveyRules, error) {
	form, err := formByID(ctx, q, r.FormID)
	if err != nil {
		return questionnaire.Questionnaire{}, nil, nil, err
	}
	asked, err := form.Questionnaire()
	if err != nil {
		return asked, nil, nil, err
	}
	law, err := rulesOf(ctx, q, r)
	if err != nil {
		return asked, nil, nil, err
	}
	t, err := law.Template(form.Template)
	return asked, t, law, err
}

// pool counts the answers of several rounds to one service area: every stratum of every round is a stratum of the pool, in the order of
// the quarters, and neighbours with too few answers are merged as within a round.
func (s *Service) pool(ctx context.Context, parts []QuarterScore) (*scorecard.Counter, error) {
	newest, err := roundByID(ctx, s.DB, *parts[len(parts)-1].RoundID)
	if err != nil {
		return nil, err
	}
	form, err := formByID(ctx, s.DB, newest.FormID)
	if err != nil {
		return nil, err
	}
	f := &scorecard.Frame{Round: newest.ID, Method: string(newest.Method), Template: form.Template,
		Projects: []scorecard.Project{{ServiceAreaID: parts[0].ServiceAreaID, Name: parts[0].Name, CompanyID: parts[len(parts)-1].CompanyID}}}
	if f.Form, err = form.Questionnaire(); err != nil {
		return nil, err
	}
	if f.Rules, err = rulesOf(ctx, s.DB, newest); err != nil {
		return nil, err
	}
	at := make([]map[id.ID]int, len(parts))
	for i, q := range parts {
		if at[i], err = s.poolStrata(ctx, f, q); err != nil {
			return nil, err
		}
	}
	counter, err := scorecard.New(f)
	if err != nil {
		return nil, err
	}
	for i, q := range parts {
		if err := s.poolAnswers(ctx, counter, q, at[i]); err != nil {
			return nil, err
		}
	}
	return counter, nil
}

// poolStrata adds a round's strata of the service area to the frame and says where each is.
func (s *Service) poolStrata(ctx context.Context, f *scorecard.Frame, q QuarterScore) (map[id.ID]int, error) {
	strata, err := strataOf(ctx, s.DB, *q.RoundID)
	if err != nil {
		return nil, err
	}
	answers, err := countByStratum(ctx, s.DB, "survey_response", *q.RoundID)
	at := map[id.ID]int{}
	for _, st := range strata {
		if st.ServiceAreaID != q.ServiceAreaID {
			continue
		}
		at[st.ID] = len(f.Strata)
		f.Strata = append(f.Strata, scorecard.Stratum{Code: fmt.Sprintf("%s.%s", q.Quarter, st.Code()), ServiceAreaID: st.ServiceAreaID,
			Dwellings: st.Dwellings, Sampled: st.Sampled, Counted: answers[st.ID]})
	}
	return at, err
}

// poolAnswers adds a round's answers, without those that the published revision leaves out.
func (s *Service) poolAnswers(ctx context.Context, counter *scorecard.Counter, q QuarterScore, at map[id.ID]int) error {
	without, err := exclusionsAt(ctx, s.DB, *q.RoundID, q.Revision)
	if err != nil {
		return err
	}
	strata, err := strataOf(ctx, s.DB, *q.RoundID)
	if err != nil {
		return err
	}
	codes := map[id.ID]string{}
	for _, st := range strata {
		codes[st.ID] = st.Code()
	}
	var values scorecard.Values
	return eachResponseOf(ctx, s.DB, *q.RoundID, at, func(row Response, stratum int) error {
		if excludes(without, row, codes[row.StratumID]) {
			return nil
		}
		answers, err := questionnaire.ParseAnswers([]byte(row.Answers))
		if err != nil {
			return err
		}
		counter.Read(answers, &values)
		return counter.Add(stratum, &values, channelOf(row.Channel))
	})
}
