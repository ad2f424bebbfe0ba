package app

import (
	"context"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/survey"
)

// The demonstration's round opens a minute after the first start and stays open for three weeks.
const (
	demoSurveyOpens = time.Minute
	demoSurveyStays = 21 * 24 * time.Hour
)

// survey holds a round over the demonstration estate, as the street office and the community would.
func (d *demonstration) survey(ctx context.Context) error {
	office, err := d.Accounts.Named(ctx, "street-office")
	if err != nil {
		return err
	}
	form, err := d.surveyForm(ctx, office)
	if err != nil {
		return err
	}
	opens := clock.Now(d.Clock).Add(demoSurveyOpens)
	round, err := d.Surveys.Create(ctx, office, d.key("survey round"), survey.Plan{FormID: form.ID, Title: "物业服务满意度测评（示范）",
		ServiceAreas: []id.ID{d.serviceArea.ID}, Method: survey.Census, OpensAt: opens, ClosesAt: opens.Add(demoSurveyStays)})
	if err != nil {
		return err
	}
	return d.freezeSurvey(ctx, office, round)
}

func (d *demonstration) surveyForm(ctx context.Context, office authz.Principal) (survey.Form, error) {
	template, err := d.Rules.Surveys.Template("property_service")
	if err != nil {
		return survey.Form{}, err
	}
	form, err := d.Surveys.CreateForm(ctx, office, d.key("survey form"), template.Code, template.Questionnaire)
	if err != nil || form.State == survey.FormPublished {
		return form, err
	}
	return d.Surveys.PublishForm(ctx, office, form.ID, survey.Taken{Once: d.key("survey form published"), Version: form.Version})
}

// freezeSurvey goes on where an earlier start stopped.
func (d *demonstration) freezeSurvey(ctx context.Context, office authz.Principal, round survey.Round) error {
	if round.State != survey.Draft {
		return nil
	}
	worker, err := d.Accounts.Named(ctx, "community-worker")
	if err != nil {
		return err
	}
	round, err = d.Surveys.Reconcile(ctx, worker, round.ID, d.serviceArea.ID, survey.Taken{Version: round.Version})
	if err != nil {
		return err
	}
	_, err = d.Surveys.Freeze(ctx, office, round.ID, survey.Taken{Version: round.Version})
	return err
}
