package app

import (
	"context"
	"fmt"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/report"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/workorder"
)

// tale is an order of the demonstration: who reports what when, and what becomes of it.
type tale struct {
	ago      time.Duration // from the report to now
	category string
	title    string
	text     string
	report   func(ctx context.Context, d *demonstration, key string, in workorder.Report) (workorder.OrderReceipt, error)
	steps    []chapter
}

// chapter is a step of a tale, so long after the report.
type chapter struct {
	after time.Duration
	take  func(context.Context, *demonstration, id.ID) error
}

// orders are all tales as happenings.
func (d *demonstration) orders() []happening {
	var out []happening
	for n, t := range append(d.tales(), d.routine()...) {
		out = append(out, d.happenings(fmt.Sprintf("order %d", n), t)...)
	}
	return out
}

// happenings of a tale share its order. One that was begun by an earlier start is left as it is.
func (d *demonstration) happenings(key string, t tale) []happening {
	var order id.ID
	var left bool
	begun := d.now.Add(-t.ago)
	out := []happening{{begun, func(ctx context.Context) error {
		made, err := t.report(ctx, d, key, workorder.Report{Category: t.category, Title: t.title, Description: t.text})
		order, left = made.Order.ID, made.Order.Version > 1
		return err
	}}}
	for n, c := range t.steps {
		out = append(out, happening{begun.Add(c.after), func(ctx context.Context) error {
			if left {
				return nil
			}
			if err := c.take(ctx, d, order); err != nil {
				return fmt.Errorf("%s, step %d: %w", t.title, n+1, err)
			}
			return nil
		}})
	}
	return out
}

// atHome reports from a resident's home; number counts the log-ins first, then the neighbours.
func atHome(number int) func(context.Context, *demonstration, string, workorder.Report) (workorder.OrderReceipt, error) {
	return func(ctx context.Context, d *demonstration, key string, in workorder.Report) (workorder.OrderReceipt, error) {
		who := d.lodger(number)
		in.Where.UnitID = who.unit.Ptr()
		return d.Orders.Report(ctx, who.Principal, d.key(key), in)
	}
}

// around reports about the estate as a whole.
func around(number int) func(context.Context, *demonstration, string, workorder.Report) (workorder.OrderReceipt, error) {
	return func(ctx context.Context, d *demonstration, key string, in workorder.Report) (workorder.OrderReceipt, error) {
		in.Where.ServiceAreaID = d.serviceArea.ID.Ptr()
		return d.Orders.Report(ctx, d.lodger(number).Principal, d.key(key), in)
	}
}

func (d *demonstration) lodger(number int) resident {
	if number < len(d.homes) {
		return d.homes[number]
	}
	return d.others[(number-len(d.homes))%len(d.others)]
}

func unnamed(ctx context.Context, d *demonstration, key string, in workorder.Report) (workorder.OrderReceipt, error) {
	in.Where.ServiceAreaID = d.serviceArea.ID.Ptr()
	return d.Orders.ReportUnnamed(ctx, d.homes[2].Principal, d.key(key), in)
}

func byDesk(ctx context.Context, d *demonstration, key string, in workorder.Report) (workorder.OrderReceipt, error) {
	in.Where.ServiceAreaID = d.serviceArea.ID.Ptr()
	return d.Orders.ReportForCaller(ctx, d.as["community-worker"], d.key(key), workorder.Call{Report: in, CallerName: "孙奶奶", CallerPhone: "19900002001"})
}

func inspected(ctx context.Context, d *demonstration, key string, in workorder.Report) (workorder.OrderReceipt, error) {
	in.Where.ServiceAreaID = d.serviceArea.ID.Ptr()
	return d.Orders.Inspect(ctx, d.as["worker"], d.key(key), in)
}

// The chapters. Each names who takes the step.

func accepted(after time.Duration) chapter {
	return chapter{after, func(ctx context.Context, d *demonstration, o id.ID) error {
		_, err := d.Orders.Accept(ctx, d.as["manager"], o, workorder.Taken{})
		return err
	}}
}

func sent(after time.Duration) chapter {
	return chapter{after, func(ctx context.Context, d *demonstration, o id.ID) error {
		_, err := d.Orders.Dispatch(ctx, d.as["manager"], o, workorder.Taken{}, workorder.Crew{PersonID: d.as["worker"].Person.Ptr()})
		return err
	}}
}

func arrived(after time.Duration) chapter {
	return chapter{after, func(ctx context.Context, d *demonstration, o id.ID) error {
		_, err := d.Orders.Arrive(ctx, d.as["worker"], o, workorder.Taken{})
		return err
	}}
}

func resolved(after time.Duration, words string) chapter {
	return chapter{after, func(ctx context.Context, d *demonstration, o id.ID) error {
		_, err := d.Orders.Resolve(ctx, d.as["worker"], o, workorder.Taken{}, words)
		return err
	}}
}

func verified(after time.Duration, words string) chapter {
	return chapter{after, func(ctx context.Context, d *demonstration, o id.ID) error {
		_, err := d.Orders.Verify(ctx, d.as["community-worker"], o, workorder.Taken{}, words)
		return err
	}}
}

func confirmed(after time.Duration, number int, a *workorder.Answer) chapter {
	return chapter{after, func(ctx context.Context, d *demonstration, o id.ID) error {
		_, err := d.Orders.Confirm(ctx, d.lodger(number).Principal, o, workorder.Taken{}, a)
		return err
	}}
}

func written(after time.Duration, who func(*demonstration) authz.Principal, key, words string) chapter {
	return chapter{after, func(ctx context.Context, d *demonstration, o id.ID) error {
		_, err := d.Orders.Write(ctx, who(d), d.key("message "+key), o, words)
		return err
	}}
}

func lodger(number int) func(*demonstration) authz.Principal {
	return func(d *demonstration) authz.Principal { return d.lodger(number).Principal }
}

func staffed(name string) func(*demonstration) authz.Principal {
	return func(d *demonstration) authz.Principal { return d.as[name] }
}

const (
	minute = time.Minute
	hour   = time.Hour
	day    = 24 * time.Hour
)

// worked are the steps up to the moment when a worker is at it.
func worked(length time.Duration) []chapter {
	return []chapter{accepted(5 * minute), sent(8 * minute), arrived(length)}
}

// tales are the orders that a visitor finds in every state.
func (d *demonstration) tales() []tale {
	well := &workorder.Answer{Solved: workorder.SolvedYes, Satisfied: 5, Remark: "师傅当天就来了，修得很好。", PassOn: true}
	badly := &workorder.Answer{Solved: workorder.SolvedPartly, Satisfied: 2, Remark: "修了两次才好，没有提前说。"}
	return []tale{
		{ago: 20 * minute, category: "water.home_plumbing", title: "卫生间水管渗水", text: "洗手池下方水管一直渗水，已关总阀。", report: atHome(0)},
		{ago: 100 * minute, category: "access.door", title: "2单元门禁刷卡没反应", text: "早上开始刷卡没反应，老人进出不便。", report: atHome(1), steps: []chapter{accepted(4 * minute)}},
		{ago: 3 * hour, category: "water.home_plumbing", title: "厨房水龙头关不严", text: "水龙头关不严，一直滴水。", report: atHome(2), steps: []chapter{accepted(6 * minute), sent(10 * minute),
			written(15*minute, staffed("worker"), "1", "您好，我上午十点半前到，家里有人吗？"), written(21*minute, lodger(2), "2", "有人，到了按门铃就行。")}},
		{ago: 5 * hour, category: "power.common_light", title: "3楼到5楼楼道灯不亮", text: "两层楼的灯都不亮，晚上看不清台阶。", report: around(0), steps: worked(90 * minute)},
		{ago: 26 * hour, category: "water.drain_blocked", title: "厨房下水返水", text: "一楼厨房地漏返水，有异味。", report: atHome(1), steps: append(worked(40*minute), resolved(3*hour, "已疏通公共立管并冲洗，试水正常。"))},
		{ago: 4 * day, category: "cleaning.bulky", title: "单元门口堆放装修垃圾", text: "装修垃圾堆了一周，挡住一半通道。", report: around(2), steps: []chapter{accepted(2 * hour), sent(3 * hour), arrived(20 * hour)}},
		{ago: 5 * day, category: "facility.road", title: "地下车库入口路面破损", text: "坑比较深，下雨积水看不见。", report: around(4), steps: []chapter{accepted(20 * minute), sent(30 * minute), arrived(3 * hour), {26 * hour, func(ctx context.Context, d *demonstration, o id.ID) error {
			_, err := d.Orders.ProposeDeferral(ctx, d.as["manager"], o, workorder.Taken{}, "需更换整块路面，已约施工单位，先用警示桩围挡。", clock.DateOf(d.now).AddDays(14))
			return err
		}}}},
		{ago: 2 * day, category: "water.no_supply", title: "六楼水压很低", text: "早晚洗澡时几乎没有水。", report: atHome(5), steps: []chapter{{20 * minute, func(ctx context.Context, d *demonstration, o id.ID) error {
			_, err := d.Orders.Object(ctx, d.as["manager"], o, workorder.Taken{}, "《供水用水条例》：市政供水压力由供水企业负责", "加压泵运行正常，系市政管网压力不足。")
			return err
		}}}},
		{ago: 30 * hour, category: "fire.blocked_way", title: "3号楼楼道堆放杂物和电动车电池", text: "三楼楼道堆满纸箱，还有电池在充电。", report: unnamed, steps: worked(50 * minute)},
		{ago: 3 * day, category: "conduct.staff", title: "门岗人员态度粗暴", text: "晚上回家没带卡，门岗人员大声训斥。", report: atHome(6)},
		{ago: 28 * hour, category: "greening.care", title: "树枝伸到二楼窗口", text: "风大时打玻璃，希望修剪。", report: byDesk, steps: []chapter{accepted(30 * minute), sent(40 * minute)}},
		{ago: 7 * day, category: "facility.playground", title: "儿童滑梯护栏松动", text: "巡查发现护栏两处螺栓缺失。", report: inspected, steps: append(worked(2*hour), resolved(6*hour, "已补齐螺栓并加固。"), verified(26*hour, "现场查看，已加固。"))},
		{ago: 22 * hour, category: "access.card", title: "办理两张门禁卡", text: "家里老人和孩子各需要一张。", report: atHome(7), steps: []chapter{accepted(30 * minute), sent(50 * minute), arrived(3 * hour), {4 * hour, func(ctx context.Context, d *demonstration, o id.ID) error {
			_, err := d.Orders.Pause(ctx, d.as["worker"], o, workorder.Taken{}, workorder.WaitingFor{Reason: "resident_absent", Evidence: "下午三点上门，家中无人，已约明天上午。"})
			return err
		}}}},
		{ago: 12 * day, category: "building.warranty", title: "入户门门框开裂", text: "交房不到一年，门框与墙体开裂。", report: atHome(8), steps: []chapter{{2 * hour, func(ctx context.Context, d *demonstration, o id.ID) error {
			_, err := d.Orders.Decline(ctx, d.as["manager"], o, workorder.Taken{}, "developer_warranty", rules.Responsibility("developer_warranty"), "仍在保修期内，请联系建设单位，我们可以协助。")
			return err
		}}}},
		{ago: 16 * day, category: "water.home_plumbing", title: "马桶水箱漏水", text: "水箱一直流水。", report: atHome(0), steps: append(worked(25*minute), resolved(2*hour, "更换进水阀，已试水。"), confirmed(5*hour, 0, well))},
		{ago: 9 * day, category: "lift.stopped", title: "2号楼电梯停运", text: "电梯停在一楼不动，六楼有坐轮椅的老人。", report: atHome(2), steps: append(worked(28*minute), resolved(11*hour, "更换门锁触点，维保单位签字后恢复运行。"), confirmed(30*hour, 2, badly))},
	}
}

// routine are the many small matters of two months, for figures that stand on something.
func (d *demonstration) routine() []tale {
	matters := []struct{ category, title, text, done string }{
		{"water.home_plumbing", "水龙头漏水", "厨房水龙头滴水。", "更换阀芯，已试水。"},
		{"power.common_light", "楼道灯不亮", "本层楼道灯不亮。", "更换灯泡和声控开关。"},
		{"cleaning.common", "楼道有污渍", "三楼到四楼地面有油污。", "已清洗并拖净。"},
		{"access.door", "单元门关不严", "闭门器失灵，门关不上。", "更换闭门器。"},
		{"water.drain_blocked", "卫生间下水慢", "地漏排水很慢。", "疏通管道，排水正常。"},
		{"cleaning.rubbish", "垃圾桶满溢", "周末垃圾没有及时清运。", "已清运并增加一次清运。"},
		{"greening.care", "草坪需要修剪", "杂草较高，有蚊虫。", "已修剪并喷药。"},
		{"access.barrier", "道闸抬杆慢", "早高峰排队。", "调整感应器，恢复正常。"},
	}
	length := int(d.now.Sub(d.begin()) / day)
	var out []tale
	for n := range 44 {
		m, who := matters[n%len(matters)], 3+n
		ago := time.Duration(length-2-n*(length-6)/44)*day - time.Duration(n%5)*hour
		quick := time.Duration(20+n%4*25) * minute
		done := time.Duration(2+n*7%19) * hour
		t := tale{ago: ago, category: m.category, title: m.title, text: m.text, report: atHome(who), steps: append(worked(quick), resolved(done+quick, m.done))}
		if n%4 != 3 { // a quarter does not answer, and never counts as satisfied
			a := &workorder.Answer{Solved: workorder.SolvedYes, Satisfied: 5 - n*3%7/3}
			if n%11 == 7 {
				a.Solved, a.Satisfied = workorder.SolvedNo, 2
			}
			t.steps = append(t.steps, confirmed(done+quick+5*hour, who, a))
		}
		out = append(out, t)
	}
	return out
}

// publishMonth is the street office's.
func (d *demonstration) publishMonth(ctx context.Context, month string) error {
	street, err := d.Areas.AreaByCode(ctx, d.DB, demoStreet, clock.DateOf(d.Clock.Now()))
	if err != nil {
		return err
	}
	_, err = d.Reports.Publish(ctx, d.as["street-office"], d.key("month "+month), street.ID, report.Month(month))
	return err
}
