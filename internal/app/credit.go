package app

import (
	"context"

	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/credit"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/org"
	"github.com/redproperty/redproperty/internal/survey"
)

// creditCompanies answers package credit.
type creditCompanies struct {
	*org.Service
	areas area.Store
}

// Company returns a property company with the division whose office keeps its record, which decides the rules.
func (c creditCompanies) Company(ctx context.Context, q dbx.Querier, company id.ID) (credit.Company, error) {
	o, err := c.Organisation(ctx, q, company)
	if err == nil && o.Kind != org.Company {
		err = fault.New(fault.NotFound, "not_found")
	}
	if err != nil {
		return credit.Company{}, err
	}
	out := credit.Company{ID: o.ID, Name: o.Name, KeeperPath: o.KeeperPath}
	list, err := c.areas.Ancestors(ctx, q, o.KeeperPath)
	for _, a := range list {
		if a.Code != nil && len(*a.Code) >= len(out.Division) {
			out.Division = *a.Code
		}
	}
	return out, err
}

// creditSurveys answers package credit.
type creditSurveys struct{ *survey.Service }

// Settled is the score over the service areas in which a company was rated that nothing held up at a moment.
func (c creditSurveys) Settled(ctx context.Context, q dbx.Querier, company id.ID, at clock.Instant) (*credit.SurveyPart, error) {
	a, waiting, err := c.SettledAcross(ctx, q, company, at)
	if err != nil || a.Index.Interval == nil {
		return nil, err
	}
	out := &credit.SurveyPart{Index: a.Index.Interval.Value.String(), Answers: a.Answers, Dwellings: a.Dwellings, Waiting: waiting, Results: []string{}}
	for _, s := range a.Areas {
		if s.Standing == survey.Counts {
			out.Results = append(out.Results, s.Result.String())
		}
	}
	return out, nil
}
