package app

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/renovation"
)

// site is a renovation of the demonstration on its way.
type site struct {
	*demonstration
	name    string // tells its steps from those of the other
	project id.ID
	papers  map[string]blob.Hash
}

// renovations are two projects: the first building's, whose works are behind their plan, and the whole estate's, about which residents
// are being asked. Two requests for maintenance money stand beside them, one for each path.
func (d *demonstration) renovations() []happening {
	block := &site{demonstration: d, name: "block", papers: map[string]blob.Hash{}}
	whole := &site{demonstration: d, name: "whole", papers: map[string]blob.Hash{}}
	at := func(days, hours int, do func(context.Context) error) happening {
		return happening{d.begin().Add(time.Duration(days)*day + time.Duration(hours)*hour), do}
	}
	ago := func(days int, do func(context.Context) error) happening {
		return happening{d.now.Add(-time.Duration(days)*day - hour), do}
	}
	out := []happening{
		at(0, 3, block.proposesBlock), at(1, 3, block.hearsMeeting), at(2, 3, block.plans), at(3, 4, block.speaks("沈女士的邻居", 1, "单元门口台阶太高，轮椅上不去，能不能一起修个坡道？")),
		at(4, 3, block.answers("已与设计单位核对，两个单元门口可以各做一处坡道，列入第二版方案。")), at(5, 3, block.plansAgain), at(5, 5, block.volunteers),
		at(6, 2, block.asksFund), at(9, 3, block.decides), at(10, 3, block.funds), at(12, 3, block.tenders), at(14, 3, block.beginsWorks),
		at(15, 8, block.writesDiary("water", "1号楼1单元供水立管开始更换，当日停水时间九点至十六点，已提前张贴告知。")),
		at(17, 4, block.measures(map[string]int64{"water": 9_000, "roof": 8_000})), at(18, 3, block.finds), at(19, 7, block.writesDiary("roof", "屋面旧防水层铲除约三分之一，基层晾晒。下午起风，材料已压盖。")),
		at(20, 3, block.reachesFirst), at(22, 4, block.measures(map[string]int64{"water": 22_000, "roof": 21_000})), at(23, 3, block.delays),
		at(24, 7, block.writesDiary("roof", "连续降雨，屋面停工两天。楼道内供水支管继续更换，已完成2单元。")), at(25, 3, block.pays),
		at(4, 5, whole.proposesWhole), at(20, 6, whole.speaks("1单元住户", 4, "最想先解决停车和充电，楼下飞线充电太危险。")), at(21, 3, whole.answers("飞线充电已按隐患先行处置；充电车棚列入这次征求意见的内容。")),
		at(24, 6, whole.speaks("2号楼住户", 9, "雨污管网一下大雨就返水，建议排在最前面。")),
	}
	out = append(out, d.emergency(ago)...)
	return out
}

// take takes a step of the site once, however often the demonstration is started.
func (s *site) take(step string, do func(renovation.Taken) (renovation.Project, error)) error {
	_, err := do(renovation.Taken{Once: s.key("renovation " + s.name + " " + step)})
	if err != nil {
		return fmt.Errorf("renovation %s, %s: %w", s.name, step, err)
	}
	return nil
}

func (s *site) advance(ctx context.Context, stage renovation.State) error {
	return s.take("stage "+string(stage), func(how renovation.Taken) (renovation.Project, error) {
		return s.Renovation.Advance(ctx, s.as["street-office"], s.project, how, stage)
	})
}

func (d *demonstration) today() clock.Date { return clock.DateOf(d.Clock.Now()) }

func (d *demonstration) firstBlock() []renovation.Part {
	return []renovation.Part{{BuildingID: d.units[0].BuildingID}}
}

func (s *site) propose(ctx context.Context, area id.ID, outline renovation.Outline) (err error) {
	made, err := s.Renovation.Propose(ctx, s.as["street-office"], s.key("renovation "+s.name), area, outline)
	s.project = made.ID
	return err
}

func (s *site) proposesBlock(ctx context.Context) error {
	return s.propose(ctx, s.serviceArea.ID, renovation.Outline{Name: "宁海花园1号楼屋面和管线改造", Parts: s.firstBlock(), EarnedValue: true,
		Why: "1号楼建成二十余年，顶层多户渗漏，供水立管锈蚀，楼道昏暗，居民连续两年反映。",
		Inspections: []renovation.Inspection{
			{Subject: "屋面", Finding: "防水层老化开裂，六层四户有渗漏痕迹。"},
			{Subject: "供水立管", Finding: "镀锌管锈蚀，清晨水发黄，两处接口渗水。", Grave: true},
			{Subject: "楼道", Finding: "墙面起皮，扶手松动，照明损坏过半。"},
		}})
}

func (s *site) proposesWhole(ctx context.Context) error {
	err := s.propose(ctx, s.estate.ID, renovation.Outline{Name: "宁海花园小区整体改造",
		Why: "小区雨污合流、车位不足、电动自行车无处充电。改不改、改什么、怎么改、改后怎么管，先听居民的意见。",
		Inspections: []renovation.Inspection{
			{Subject: "雨污管网", Finding: "雨污合流，暴雨时2号楼、3号楼门前返水。", Grave: true},
			{Subject: "停车", Finding: "72户登记车辆61辆，划线车位34个，夜间占用消防通道。"},
			{Subject: "充电", Finding: "没有充电车棚，楼道和窗口有飞线充电。", Grave: true},
		}})
	if err != nil {
		return err
	}
	return s.advance(ctx, renovation.Wishes)
}

// attach adds a paper to the project and remembers its hash.
func (s *site) attach(ctx context.Context, title string, lines ...string) error {
	doc, err := s.Renovation.Attach(ctx, s.as["community"], s.project, renovation.Taken{Once: s.key("renovation paper " + title)}, title+".pdf", bytes.NewReader(demoPaper(title, lines...)))
	s.papers[title] = doc.Hash
	return err
}

const (
	paperWishes  = "1号楼居民议事会记录"
	paperMinutes = "1号楼业主表决结果公告"
)

// hearsMeeting has a meeting stand for the survey: the building has too few dwellings for one.
func (s *site) hearsMeeting(ctx context.Context) error {
	if err := s.advance(ctx, renovation.Wishes); err != nil {
		return err
	}
	if err := s.attach(ctx, paperWishes, "到会：21户代表", "一致意见：先修屋面和水管，再整楼道。", "改后由物业服务企业按合同维护。"); err != nil {
		return err
	}
	record := s.papers[paperWishes]
	return s.take("wishes", func(how renovation.Taken) (renovation.Project, error) {
		return s.Renovation.LinkSurvey(ctx, s.as["street-office"], s.project, how, renovation.ForWishes, nil, &record)
	})
}

func (s *site) planItems() []renovation.PlanItem {
	utility, begin, today := s.orgs["utility"], clock.DateOf(s.begin()), clock.DateOf(s.now)
	on := func(d clock.Date) *clock.Date { return &d }
	return []renovation.PlanItem{
		{Key: "roof", Code: "roof", Title: "屋面防水翻新", Detail: "铲除旧防水层，SBS 改性沥青防水卷材两道，含女儿墙泛水。", Quantity: 62_000, BudgetFen: 18_600_000, PlannedFrom: on(begin.AddDays(14)), PlannedUntil: on(today.AddDays(2))},
		{Key: "water", Code: "water_supply", Title: "供水立管更换", Detail: "两个单元立管和入户支管更换为不锈钢管，水表出户。", Quantity: 38_000, BudgetFen: 9_500_000, UtilityID: &utility, PlannedFrom: on(begin.AddDays(14)), PlannedUntil: on(today.AddDays(6))},
		{Key: "stairs", Code: "stairwell", Title: "楼道整修", Detail: "墙面铲除重做，扶手加固，更换单元门。", Quantity: 200, BudgetFen: 6_400_000, PlannedFrom: on(today.AddDays(1)), PlannedUntil: on(today.AddDays(20))},
		{Key: "light", Code: "lighting", Title: "楼道照明", Detail: "更换为声光控节能灯，线路穿管。", Quantity: 2_400, BudgetFen: 1_200_000, PlannedFrom: on(today.AddDays(8)), PlannedUntil: on(today.AddDays(20))},
	}
}

func (s *site) plans(ctx context.Context) error {
	if err := s.advance(ctx, renovation.Planning); err != nil {
		return err
	}
	return s.take("plan 1", func(how renovation.Taken) (renovation.Project, error) {
		return s.Renovation.PublishPlan(ctx, s.as["street-office"], s.project, how, "按居民议事会的意见编制。", s.planItems())
	})
}

func (s *site) plansAgain(ctx context.Context) error {
	items, today := s.planItems(), clock.DateOf(s.now)
	from, until := today.AddDays(10), today.AddDays(20)
	items[2].BudgetFen = 6_900_000
	items[2].Detail = "墙面铲除重做，扶手加固并加装一层坡道侧扶手，更换单元门。"
	items = append(items, renovation.PlanItem{Key: "ramp", Code: "barrier_free", Title: "单元门口坡道", Detail: "每个单元门口一处，坡度不大于1:12，两侧扶手。", Quantity: 200, BudgetFen: 2_800_000, PlannedFrom: &from, PlannedUntil: &until})
	err := s.take("plan 2", func(how renovation.Taken) (renovation.Project, error) {
		return s.Renovation.PublishPlan(ctx, s.as["street-office"], s.project, how, "居民提出增设坡道，楼道扶手相应增加。", items)
	})
	if err != nil {
		return err
	}
	return s.advance(ctx, renovation.Consent)
}

// volunteers has two owners look after the works; the committee confirms them.
func (s *site) volunteers(ctx context.Context) error {
	for _, n := range []int{0, 2} {
		err := s.take(fmt.Sprintf("volunteer %d", n), func(how renovation.Taken) (renovation.Project, error) {
			return s.Renovation.Volunteer(ctx, s.homes[n].Principal, s.project, how)
		})
		if err != nil {
			return err
		}
	}
	view, err := s.Renovation.Show(ctx, s.as["committee"], s.project)
	if err != nil {
		return err
	}
	for _, v := range view.Supervisors {
		err := s.take("confirm "+v.ID.String(), func(how renovation.Taken) (renovation.Project, error) {
			return s.Renovation.ConfirmSupervisor(ctx, s.as["committee"], s.project, v.ID, how)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// tally is what the owners of the first building decided: 20 of 24 took part, 18 of them in favour.
func (d *demonstration) tally() renovation.Tally {
	t := renovation.Tally{}
	for i, u := range d.units[:24] {
		size := u.Areas.Register
		t.TotalArea, t.TotalHeads = t.TotalArea+size, t.TotalHeads+1
		if i < 20 {
			t.JoinedArea, t.JoinedHeads = t.JoinedArea+size, t.JoinedHeads+1
		}
		if i < 18 {
			t.FavourArea, t.FavourHeads = t.FavourArea+size, t.FavourHeads+1
		}
	}
	return t
}

func (s *site) decides(ctx context.Context) error {
	if err := s.attach(ctx, paperMinutes, "参加表决20户，同意18户。", "五项改造内容和维修资金使用均获通过。"); err != nil {
		return err
	}
	view, err := s.Renovation.Show(ctx, s.as["committee"], s.project)
	if err != nil {
		return err
	}
	held, paper, tally := s.today().AddDays(-1), s.papers[paperMinutes], s.tally()
	for _, it := range view.Items {
		if it.DecisionItem == 0 {
			continue
		}
		err := s.take("consent "+it.Key, func(how renovation.Taken) (renovation.Project, error) {
			return s.Renovation.RecordConsent(ctx, s.as["committee"], s.project, it.ID, how, renovation.Evidence{HeldOn: &held, Document: &paper, Tally: &tally})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// demoMoney is what each source gives, approves and has paid in, in fen. The plan costs 390,000 yuan.
var demoMoney = []struct {
	source            renovation.Source
	payer             string
	approval, receipt string // numbers of the documents
	planned, received int64
}{
	{renovation.FromCentral, "中央财政补助", "财建〔2026〕118号", "国库拨款凭证0731", 8_000_000, 8_000_000},
	{renovation.FromProvince, "省级财政补助", "鲁财建指〔2026〕42号", "国库拨款凭证0732", 5_000_000, 5_000_000},
	{renovation.FromDistrict, "区财政", "牟财预〔2026〕65号", "国库拨款凭证0740", 9_000_000, 4_500_000},
	{renovation.FromUtility, "牟平供水公司", "供水改造出资协议", "银行回单20261011-3", 9_500_000, 9_500_000},
	{renovation.FromResidents, "", "1号楼业主表决结果公告", "居民出资汇总单", 1_500_000, 1_500_000},
	{renovation.FromFund, "", "1号楼业主表决结果公告", "", 6_000_000, 0},
}

func (s *site) funds(ctx context.Context) error {
	office := s.as["street-office"]
	for _, m := range demoMoney {
		source := string(m.source)
		err := s.take("line "+source, func(how renovation.Taken) (renovation.Project, error) {
			return s.Renovation.AddLine(ctx, office, s.project, how, renovation.NewLine{Source: m.source, Payer: m.payer, PlannedFen: m.planned, Reference: "资金筹措方案", On: s.today()})
		})
		if err != nil {
			return err
		}
		if err := s.enter(ctx, m.source, renovation.NewEntry{Kind: renovation.EntryApproved, Fen: m.planned, Reference: m.approval}); err != nil {
			return err
		}
		if m.received > 0 {
			if err := s.enter(ctx, m.source, renovation.NewEntry{Kind: renovation.EntryReceived, Fen: m.received, Reference: m.receipt}); err != nil {
				return err
			}
		}
	}
	for _, source := range []renovation.Source{renovation.FromResidents, renovation.FromFund} {
		line, err := s.line(ctx, source)
		if err != nil {
			return err
		}
		err = s.take("division "+string(source), func(how renovation.Taken) (renovation.Project, error) {
			return s.Renovation.Allocate(ctx, office, s.project, line, how)
		})
		if err != nil {
			return err
		}
	}
	return s.advance(ctx, renovation.Funded)
}

// line finds what a source gives.
func (s *site) line(ctx context.Context, source renovation.Source) (id.ID, error) {
	view, err := s.Renovation.Show(ctx, s.as["street-office"], s.project)
	if err != nil {
		return id.Nil, err
	}
	for _, l := range view.Funding {
		if l.Source == source {
			return l.ID, nil
		}
	}
	return id.Nil, fmt.Errorf("renovation %s: nothing from %s", s.name, source)
}

func (s *site) enter(ctx context.Context, source renovation.Source, e renovation.NewEntry) error {
	line, err := s.line(ctx, source)
	if err != nil {
		return err
	}
	e.On = s.today()
	return s.take(fmt.Sprintf("%s %s %s", e.Kind, source, e.Reference), func(how renovation.Taken) (renovation.Project, error) {
		return s.Renovation.Enter(ctx, s.as["street-office"], s.project, line, how, e)
	})
}
