package survey

import (
	"cmp"
	"context"
	"encoding/json"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/score"
)

// Rolling is the score of a service area over the four quarters that end with until: the present one where it is empty.
func (s *Service) Rolling(ctx context.Context, p authz.Principal, serviceArea id.ID, until string) (Rolling, error) {
	place, err := s.Places.ServiceArea(ctx, s.DB, serviceArea)
	if err != nil {
		return Rolling{}, err
	}
	serving, err := s.Arrangements.Serving(ctx, s.DB, serviceArea)
	if err != nil {
		return Rolling{}, err
	}
	if err := authz.Require(p, authz.SurveyRead, authz.Object{Path: place.Path, Orgs: []id.ID{serving.Company}, Open: true}); err != nil {
		return Rolling{}, err
	}
	last, err := ParseQuarter(cmp.Or(until, string(quarterOf(clock.DateOf(s.now().Time())))))
	if err != nil {
		return Rolling{}, err
	}
	out := Rolling{ServiceAreaID: serviceArea, Name: place.Name, Until: last, Label: score.NoneValid, Index: score.Estimate{State: score.Insufficient, Reason: score.FewAnswers}, Dimensions: []score.DimensionResult{}}
	if out.Quarters, err = s.quarters(ctx, place, last); err != nil {
		return Rolling{}, err
	}
	if err := s.roll(ctx, &out); err != nil {
		return Rolling{}, err
	}
	out.Tier, err = score.TierOf(bands(s.Rules.Surveys), out.Index)
	return out, err
}

// quarters are the newest published rounds of a service area in four quarters.
func (s *Service) quarters(ctx context.Context, place Place, last Quarter) ([]QuarterScore, error) {
	year := last.year()
	rows, err := publishedAt(ctx, s.DB, place.ServiceAreaID, clock.At(year[0].first().Start()), clock.At(last.back(-1).first().Start()))
	if err != nil {
		return nil, err
	}
	list, err := s.weighing(s.DB, s.now()).scores(ctx, rows)
	if err != nil {
		return nil, err
	}
	out := make([]QuarterScore, len(year))
	for i, q := range year {
		out[i] = QuarterScore{q, AreaScore{ServiceAreaID: place.ServiceAreaID, Name: place.Name, Standing: NoRound, Index: score.Estimate{State: score.Insufficient}}}
		for _, a := range list {
			if quarterOf(a.ClosedOn) == q {
				out[i].AreaScore = a
			}
		}
	}
	standIn(out, int64(s.Rules.Surveys.Publication.K))
	return out, nil
}

// roll scores the answers of the quarters that count together, by the newest one's questionnaire and rules.
func (s *Service) roll(ctx context.Context, out *Rolling) error {
	parts := counted(out.Quarters)
	if len(parts) == 0 {
		return nil
	}
	newest := parts[len(parts)-1]
	out.Rules, out.Design, out.Dwellings = newest.Rules, newest.Design, newest.Dwellings
	result, err := s.pooled(ctx, parts)
	if err != nil {
		return err
	}
	out.Label, out.Index, out.Dimensions = result.Label, result.Overall, result.Dimensions
	out.Answers, out.Asked = result.Counts.Answers, result.Counts.Sampled
	w := s.weighing(s.DB, s.now())
	for _, q := range parts { // what a re-contact doubts in one round is in doubt in the whole
		of, err := w.round(ctx, *q.RoundID)
		if err != nil {
			return err
		}
		if wide := of.again.widen(out.Index); wide != out.Index {
			out.Index = out.Index.Covering(*wide.Interval)
		}
	}
	return nil
}

// pooled is the result of the answers of several rounds to one service area. It is kept by what it is computed from, which does not
// change any more.
func (s *Service) pooled(ctx context.Context, parts []QuarterScore) (score.Result, error) {
	key, err := json.Marshal(parts)
	if err != nil {
		return score.Result{}, err
	}
	if known, ok := s.rolled.get(string(key)); ok {
		return known, nil
	}
	pool, err := s.pool(ctx, parts)
	if err != nil {
		return score.Result{}, err
	}
	card, err := pool.Card(0)
	if err != nil {
		return score.Result{}, err
	}
	if len(card.Projects) != 1 {
		return score.Result{}, errPooled
	}
	result := card.Projects[0].Result
	s.rolled.put(string(key), result)
	return result, nil
}
