package survey

import (
	"cmp"
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/score"
)

// The curve of the planner: its narrowest and widest margin and its step, in hundredths of a percentage point.
const (
	curveFrom = 100
	curveTo   = 2000
	curveStep = 50
)

// dwellingsIn is how many dwellings a planner reckons with: the number that was said, or else those of an area in which the caller plans
// surveys, as the register has them. Faults: survey.dwellings_or_area, not_found.
func (s *Service) dwellingsIn(ctx context.Context, p authz.Principal, area id.ID, said int64) (int64, error) {
	if area.IsZero() == (said == 0) {
		return 0, fault.InvalidField("query.dwellings", "survey.dwellings_or_area")
	}
	if said != 0 {
		return said, nil
	}
	path, err := s.Extents.AreaPath(ctx, s.DB, area)
	if err != nil {
		return 0, err
	}
	if err := authz.Require(p, authz.SurveyAuthor, authz.Object{Path: path}); err != nil {
		return 0, err
	}
	extents, err := s.Extents.Within(ctx, s.DB, path)
	for _, e := range extents {
		said += e.Dwellings
	}
	return max(1, said), err
}

// Size computes what a planner shows for so many dwellings: from a margin the answers it needs, or from answers the margin they give.
// Zeros stand for what was not said. Faults: survey.margin_or_answers, score.margin.
func (s *Service) Size(dwellings, margin, answers, response int64) (Sizing, error) {
	if margin != 0 && answers != 0 {
		return Sizing{}, fault.InvalidField("query.answers", "survey.margin_or_answers")
	}
	law := s.Rules.Surveys
	out := Sizing{Dwellings: dwellings, Response: cmp.Or(response, law.Burden.ResponsePercent), Census: dwellings < law.Sampling.CensusBelow, Curve: []SizePoint{}}
	margin = cmp.Or(margin, law.Sampling.Margin)
	var err error
	if answers == 0 {
		if out.At, out.Exact, err = sizePoint(dwellings, margin, out.Response); err != nil {
			return Sizing{}, err
		}
		out.RoundedUp = score.Micro(out.At.Answers)*score.One > out.Exact
	} else if out.At, err = marginPoint(dwellings, answers, out.Response); err != nil {
		return Sizing{}, err
	} else {
		out.Exact = score.Micro(answers) * score.One
	}
	out.Least = law.MinAnswers(out.At.Asked)
	for m := int64(curveFrom); m <= curveTo; m += curveStep {
		p, _, err := sizePoint(dwellings, m, out.Response)
		if err != nil {
			return Sizing{}, err
		}
		out.Curve = append(out.Curve, p)
	}
	return out, nil
}

func sizePoint(dwellings, margin, response int64) (SizePoint, score.Micro, error) {
	size, err := score.SampleSize(dwellings, margin)
	if err != nil {
		return SizePoint{}, 0, err
	}
	p, err := marginPoint(dwellings, size.Needed, response)
	p.Margin = margin
	return p, size.Exact, err
}

func marginPoint(dwellings, answers, response int64) (SizePoint, error) {
	reached, err := score.MarginOf(dwellings, answers)
	asked := score.Asked(answers, dwellings, response*100)
	return SizePoint{Margin: reached.Hundredths(), Answers: answers, Asked: asked, Reached: reached, Census: asked == dwellings}, err
}
