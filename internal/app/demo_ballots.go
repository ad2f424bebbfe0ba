package app

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/questionnaire"
	"github.com/redproperty/redproperty/internal/survey"
)

// earlierSurvey is a round that was held in the demonstration's past: prepared by the street office and the community, drawn by name and
// cast without one as households do, closed, scored and published by the program itself; then the street begins to audit it.
func (d *demonstration) earlierSurvey() []happening {
	begin := d.begin()
	opens, closes := begin.AddDate(0, 0, 3), begin.AddDate(0, 0, 17)
	out := []happening{{begin.Add(hour), func(ctx context.Context) (err error) {
		d.held, err = d.heldRound(ctx, clock.At(opens), clock.At(closes))
		return err
	}}}
	voters := 41
	for n := range voters {
		at := opens.Add(time.Duration(n*13/voters)*day + time.Duration(9+n%9)*hour)
		out = append(out, happening{at, func(ctx context.Context) error { return d.votes(ctx, d.held.ID, n) }})
	}
	out = append(out, happening{d.now.Add(-2 * day), func(ctx context.Context) error {
		_, err := d.Surveys.OpenAudit(ctx, d.as["street-party"], d.key("audit"), d.held.ID, "季度抽查：核对得分和回访情况。")
		return err
	}})
	return out
}

func (d *demonstration) heldRound(ctx context.Context, opens, closes clock.Instant) (survey.Round, error) {
	office := d.as["street-office"]
	form, err := d.surveyForm(ctx, office)
	if err != nil {
		return survey.Round{}, err
	}
	round, err := d.Surveys.Create(ctx, office, d.key("earlier round"), survey.Plan{FormID: form.ID, Title: "上一轮物业服务满意度测评（示范）",
		ServiceAreas: []id.ID{d.serviceArea.ID}, Method: survey.Census, OpensAt: opens, ClosesAt: closes})
	if err != nil {
		return survey.Round{}, err
	}
	return round, d.freezeSurvey(ctx, office, round)
}

// votes draws and casts the ballot of a home. The answers hang on nobody: they are a mixture by number.
func (d *demonstration) votes(ctx context.Context, round id.ID, n int) error {
	who := d.lodger(n + len(d.homes)) // the residents with log-ins have not answered
	own, err := d.Surveys.Own(ctx, who.Principal, round, who.unit)
	if err != nil {
		return err
	}
	if own.DrawnOn != nil || !own.MayDraw {
		return nil // by an earlier start, or a landlord's whose tenant answers
	}
	key, err := d.trusted(ctx, round, ballot.Hash(own.KeyID))
	if err != nil {
		return err
	}
	pending, err := ballot.Prepare(key)
	if err != nil {
		return err
	}
	signature, err := d.Surveys.DrawBallot(ctx, who.Principal, round, who.unit, pending.Key(), pending.Blinded())
	if err != nil {
		return err
	}
	kept, err := pending.Finish(signature)
	if err != nil {
		return err
	}
	opening, err := kept.Secret.Opening(1)
	if err != nil {
		return err
	}
	answers, err := demoAnswers(n)
	if err != nil {
		return err
	}
	_, err = d.Surveys.CastBallot(authz.With(ctx, authz.Principal{}), round, survey.Cast{Ballot: kept.Ballot(), Revision: 1, Opening: opening, Answers: answers,
		Salt: ballot.NewHash(), TextSalt: ballot.NewHash(), TextKey: ballot.NewHash()})
	return err
}

// trusted finds a signing key in the ledger, as a household's device does.
func (d *demonstration) trusted(ctx context.Context, round id.ID, which ballot.Hash) (ballot.TrustedKey, error) {
	var none ballot.TrustedKey
	paper, err := d.Surveys.Paper(ctx, round)
	if err != nil {
		return none, err
	}
	leaves, err := d.Surveys.Leaves(ctx, round)
	if err != nil {
		return none, err
	}
	if len(leaves) == 0 || leaves[0].Entry == nil {
		return none, fmt.Errorf("the opening of the round is not in the ledger yet")
	}
	newest, err := d.Ledger.Newest(ctx, d.DB, ballot.Log)
	if err != nil {
		return none, err
	}
	hashes, err := d.Ledger.Inclusion(ctx, d.DB, ballot.Log, newest.Size, *leaves[0].Entry)
	if err != nil {
		return none, err
	}
	trust, err := ballot.NewTrust(d.Ledger.VerifierKey())
	if err != nil {
		return none, err
	}
	for _, k := range paper.Keys {
		key, err := trust.Key(k.PublicKey, []byte(leaves[0].Body), ballot.Proof{Note: newest.Note, Index: *leaves[0].Entry, Hashes: hashes})
		if err != nil || key.Public().ID() == which {
			return key, err
		}
	}
	return none, fmt.Errorf("the round has no such key")
}

// demoAnswers are what the n-th household answers: content with the gate, less with repairs and with what is made public.
func demoAnswers(n int) (questionnaire.Answers, error) {
	mood := []int{4, 5, 4, 3, 5, 4, 4, 2, 5, 4, 3}[n%11]
	near := func(shift int) int { return min(5, max(1, mood+shift)) }
	a := map[string]any{"gate": near(1), "patrol": near(0), "cleaning_indoors": near(n % 2), "waste": near(-(n % 3 / 2)), "greening": near(0), "facilities": near(-(n % 2)),
		"reported": "no", "attitude": near(n % 2), "openness": near(-1), "value": near(-(n % 2)), "coordination": near(1), "overall": near(0), "recommend": min(10, mood*2),
		"improve": []string{[]string{"repairs", "openness", "parking", "cleaning"}[n%4]}}
	if n%3 != 0 {
		a["reported"], a["repair_response"] = "yes", near(-(n % 4 / 3))
	}
	if n%9 == 4 {
		a["words"] = []string{"楼道灯修得比以前快了。", "希望公共收益每季度贴出来。", "晚上停车还是乱。", "保洁阿姨很负责。", "电梯再修一修。"}[n/9%5]
	}
	raw, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	return questionnaire.ParseAnswers(raw)
}
