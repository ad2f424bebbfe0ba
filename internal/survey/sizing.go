package survey

import (
	"cmp"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/score"
)

// The curve of the planner: its narrowest and widest margin and its step, in hundredths of a percentage point.
const (
	curveFrom = 100
	curveTo   = 2000
	curveStep = 50
)

// Size computes what a planner shows for so many dwellings: from a margin the answers it needs, or from answers the margin they give.
// Zeros stand for what was not said. Faults: survey.margin_or_answers, score.margin.
func (s *Service) Size(dwellings, margin, answers, response int64) (Sizing, error) {
	if margin != 0 && answers != 0 {
		return Sizing{}, fault.InvalidField("query.answers", "survey.margin_or_answers")
	}
	law := s.Rules.Surveys
	out := Sizing{Dwellings: dwellings, Response: cmp.Or(response, law.Burden.ResponsePercent), Curve: []SizePoint{}}
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
