package app

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/credit"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/score"
	"github.com/redproperty/redproperty/internal/survey"
)

const (
	demoEnvelopes = 20 // the fewest that may be ordered
	demoTaken     = 5
	demoEntered   = 3
	demoRuleSet   = "yantai_2022"
)

// evidence is what comes beside and after the earlier round: paper for those without a phone, an objection that somebody without a hand in the
// round dismisses, a settlement that one side has confirmed, the company's credit record, and the plan of the year to come.
func (d *demonstration) evidence() []happening {
	at := func(days int, do func(context.Context) error) happening {
		return happening{d.begin().Add(time.Duration(days)*day + 2*hour), do}
	}
	out := []happening{
		at(4, d.printsLot), at(6, d.handsOutEnvelopes), at(13, d.entersSheets),
		at(10, d.enrolsCompany), at(11, d.entersCredit), at(12, d.decidesCredit), at(15, d.noticesBadItem), at(17, d.repliesToItem), at(18, d.decidesBadItem),
		at(22, d.companyObjects), at(24, d.dismissesObjection), at(25, d.proposesSettlement), at(26, d.plansYear), at(28, d.noticesAnotherItem),
	}
	// A settlement is confirmed after the time for objections, and not while the audit of the end is under way.
	if confirm := at(33, d.confirmsSettlement); confirm.at.Before(d.now.Add(-3 * day)) {
		out = append(out, confirm)
	}
	return out
}

// printsLot orders a lot, prints it as the machine without a network does, and registers it.
func (d *demonstration) printsLot(ctx context.Context) error {
	office := d.as["street-office"]
	_, _, strata, err := d.Surveys.Round(ctx, office, d.held.ID)
	if err != nil {
		return err
	}
	lot, err := d.Surveys.OrderLot(ctx, office, d.key("lot"), d.held.ID, strata[0].Code(), demoEnvelopes)
	if err != nil || lot.State != survey.LotOrdered {
		return err // by a start that was cut off: its sheets are gone
	}
	key, err := d.trusted(ctx, d.held.ID, ballot.Hash(strata[0].KeyID))
	if err != nil {
		return err
	}
	batch, err := ballot.PrintBatch(key, demoEnvelopes)
	if err != nil {
		return err
	}
	signatures, err := d.Surveys.SignLot(ctx, office, d.held.ID, lot.ID, batch.Blinded())
	if err != nil {
		return err
	}
	sheets, err := batch.Finish(signatures)
	if err != nil {
		return err
	}
	if _, err := d.Surveys.RegisterLot(ctx, office, d.held.ID, lot.ID, ballot.Manifest(sheets)); err != nil {
		return err
	}
	d.lot, d.sheets = lot.ID, sheets
	return nil
}

// withoutAccount are the dwellings in which nobody has joined a household.
func (d *demonstration) withoutAccount() []area.Unit {
	taken := map[id.ID]bool{}
	for _, r := range slices.Concat(d.homes, d.others) {
		taken[r.unit] = true
	}
	return slices.DeleteFunc(slices.Clone(d.units), func(u area.Unit) bool { return taken[u.ID] })
}

func (d *demonstration) handsOutEnvelopes(ctx context.Context) error {
	if d.sheets == nil {
		return nil
	}
	for _, u := range d.withoutAccount()[:demoTaken] {
		if err := d.Surveys.TakeEnvelope(ctx, d.as["community-worker"], d.held.ID, d.lot, u.ID, ballot.NewHash()); err != nil {
			return err
		}
	}
	return nil
}

// entersSheets has two persons key in what came back, and one envelope made void that was never taken.
func (d *demonstration) entersSheets(ctx context.Context) error {
	if d.sheets == nil {
		return nil
	}
	for n, sheet := range d.sheets[:demoEntered] {
		opening, err := sheet.Code.Secret(d.held.ID).Opening(1)
		if err != nil {
			return err
		}
		answers, err := demoAnswers(n + 1)
		if err != nil {
			return err
		}
		in := survey.PaperEntry{Opening: opening, Answers: answers, Salt: ballot.NewHash(), TextSalt: ballot.NewHash(), TextKey: ballot.NewHash()}
		for _, who := range []string{"community", "community-worker"} {
			if _, err := d.Surveys.EnterPaper(ctx, d.as[who], d.held.ID, in); err != nil {
				return err
			}
		}
	}
	unused, err := d.sheets[demoEnvelopes-1].Code.Secret(d.held.ID).Opening(1)
	if err != nil {
		return err
	}
	_, err = d.Surveys.VoidEnvelopes(ctx, d.as["community-worker"], d.held.ID, d.lot, survey.Voiding{Openings: []ballot.Hash{unused}, Fate: survey.Unused})
	return err
}

func (d *demonstration) companyObjects(ctx context.Context) error {
	_, err := d.Surveys.Object(ctx, d.as["manager"], d.key("objection"), d.held.ID, survey.NewObjection{ServiceAreaID: d.serviceArea.ID,
		Content: "“收费与公开”得分偏低。公共收益已经张贴公示，部分住户可能没有看到，请复核该项得分。"})
	return err
}

func (d *demonstration) dismissesObjection(ctx context.Context) error {
	list, err := d.Surveys.Objections(ctx, d.as["street-deputy"], d.held.ID)
	if err != nil || len(list) == 0 {
		return err
	}
	_, err = d.Surveys.Decide(ctx, d.as["street-deputy"], d.held.ID, list[0].ID, survey.Taken{Once: d.key("objection decided"), Version: list[0].Version}, survey.Dismissed,
		"已重算得分，与公布的一致。住户评的是实际感受，张贴公示的情况可以在下一轮之前改进，不影响本轮得分。")
	return err
}

func (d *demonstration) proposesSettlement(ctx context.Context) error {
	_, err := d.Surveys.ProposeSettlement(ctx, d.as["committee"], d.key("settlement"), d.held.ID,
		survey.NewSettlement{ServiceAreaID: d.serviceArea.ID, FromMonth: string(clock.DateOf(d.begin())[:7]), Months: 3})
	return err
}

func (d *demonstration) confirmsSettlement(ctx context.Context) error {
	list, err := d.Surveys.Settlements(ctx, d.as["manager"], d.held.ID)
	if err != nil || len(list) == 0 {
		return err
	}
	_, err = d.Surveys.ConfirmSettlement(ctx, d.as["manager"], d.held.ID, list[0].ID, survey.Taken{Once: d.key("settlement confirmed"), Version: list[0].Version})
	return err
}

func (d *demonstration) plansYear(ctx context.Context) error {
	street, err := d.Areas.AreaByCode(ctx, d.DB, demoStreet, clock.DateOf(d.Clock.Now()))
	if err != nil {
		return err
	}
	_, err = d.Surveys.PlanYear(ctx, d.as["street-office"], d.key("year plan"), street.ID, survey.NewYearPlan{Year: int64(d.now.In(clock.Shanghai).Year()) + 1,
		Margin: 700, Rounds: 4, Budget: score.Budget{Sheets: 400, Minutes: 6000}, Kind: score.Rotation, Times: 2})
	return err
}

func (d *demonstration) enrolsCompany(ctx context.Context) error {
	return d.Credit.Enrol(ctx, d.as["street-office"], d.key("credit enrolment"), d.orgs["company"], demoRuleSet, true)
}

func (d *demonstration) enters(ctx context.Context, in credit.NewItem) error {
	in.RuleSet, in.ValidFrom = demoRuleSet, clock.DateOf(d.Clock.Now())
	_, err := d.Credit.Enter(ctx, d.as["street-office"], d.key("credit "+in.Reference), d.orgs["company"], in)
	return err
}

func (d *demonstration) entersCredit(ctx context.Context) error {
	err := d.enters(ctx, credit.NewItem{Kind: credit.Basic, Points: 7600, Reference: "宁物信〔2026〕1号", Title: "年度基本信息核定", Evidence: "企业资质、人员和档案核查表，存街道物业办。"})
	if err != nil {
		return err
	}
	return d.enters(ctx, credit.NewItem{Kind: credit.Good, Points: 300, Reference: "宁办发〔2026〕18号", Title: "防汛值守受到街道表扬", Evidence: "表扬文件和值守记录，存街道办公室。"})
}

func (d *demonstration) noticesBadItem(ctx context.Context) error {
	return d.enters(ctx, credit.NewItem{Kind: credit.Bad, Points: 100, Reference: "宁物整〔2026〕7号", Title: "电梯故障超过承诺时限未修复", Evidence: "整改通知书和工单时间线，存街道物业办。"})
}

func (d *demonstration) noticesAnotherItem(ctx context.Context) error {
	return d.enters(ctx, credit.NewItem{Kind: credit.Bad, Points: 50, Reference: "宁物整〔2026〕9号", Title: "上季度公共收益公示逾期", Evidence: "现场检查照片，存街道物业办。"})
}

// waiting are the items that are told and not decided, the oldest first.
func (d *demonstration) waiting(ctx context.Context) ([]credit.Item, error) {
	list, err := d.Credit.Items(ctx, d.as["street-office"], d.orgs["company"], page.Request{})
	items := slices.DeleteFunc(list.Items, func(i credit.Item) bool { return i.State != credit.Noticed })
	slices.Reverse(items)
	return items, err
}

func (d *demonstration) decidesCredit(ctx context.Context) error {
	return d.decides(ctx, "材料齐全，予以记入。")
}

func (d *demonstration) decidesBadItem(ctx context.Context) error {
	return d.decides(ctx, "超时属实；陈述的备件原因可以理解，但未按约定提前告知住户，予以记入。")
}

func (d *demonstration) decides(ctx context.Context, reasons string) error {
	items, err := d.waiting(ctx)
	for _, i := range items {
		if err != nil {
			return err
		}
		_, err = d.Credit.Decide(ctx, d.as["street-deputy"], d.orgs["company"], i.ID, credit.Taken{Once: d.key("credit decided " + i.Reference + strconv.FormatInt(i.Version, 10)), Version: i.Version}, credit.Decision{Accept: true, Reasons: reasons})
	}
	return err
}

func (d *demonstration) repliesToItem(ctx context.Context) error {
	items, err := d.waiting(ctx)
	if err != nil || len(items) == 0 || items[0].RepliedAt != nil {
		return err
	}
	_, err = d.Credit.Reply(ctx, d.as["manager"], d.orgs["company"], items[0].ID, credit.Taken{Once: d.key("credit reply"), Version: items[0].Version}, "备件由厂家调货，到货当天已修复，之后增加了备件库存。")
	return err
}

// publishesGrade is done now: a grade names the rules that this installation had loaded by then.
func (d *demonstration) publishesGrade(ctx context.Context) error {
	_, err := d.Credit.Publish(ctx, d.as["street-office"], d.key("credit grade"), d.orgs["company"], demoRuleSet)
	return err
}
