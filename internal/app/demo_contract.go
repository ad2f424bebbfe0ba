package app

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/contract"
)

// contract enters the estate's contract as one that is running already, as a street office does when it
// begins to use the platform.
func (d *demonstration) contract(ctx context.Context) error {
	today := clock.DateOf(d.Clock.Now())
	starts, signed, filed, ends := today.AddDays(-300), today.AddDays(-320), today.AddDays(-312), today.AddDays(-300+3*365)
	committee := d.orgs["committee"]
	_, err := d.Contracts.ImportRunning(ctx, d.p, d.key("contract"), contract.Running{
		SignedOn: &signed, FiledOn: &filed, FilingNumber: "宁物备〔2026〕1号",
		NewContract: contract.NewContract{ServiceAreaID: d.serviceArea.ID, CompanyID: d.orgs["company"], Terms: contract.Terms{
			Number: "NH-2026-001", Kind: contract.Ordinary, OwnersID: &committee, FeeMethod: contract.LumpSum, StartsOn: starts, EndsOn: &ends,
			Fees: []contract.Fee{
				{UnitKind: "residential", Fen: 120, Per: contract.PerArea, Basis: "业主大会决定"},
				{UnitKind: "parking", Fen: 5000, Per: contract.PerUnit, Basis: "业主大会决定"},
			},
			Items: []contract.Item{
				{Name: "公共区域保洁", Standard: "楼道每日清扫一次、每周拖洗两次；垃圾日产日清。"},
				{Name: "秩序维护", Standard: "主出入口 24 小时值守，夜间巡逻每两小时一次。"},
				{Name: "共用设施维护", Standard: "电梯、水泵、照明按计划保养，急修半小时内到场。"},
				{Name: "绿化养护", Standard: "乔灌木每季修剪，草坪每月修剪，病虫害及时防治。"},
			},
			SLA: []contract.SLARow{
				{Severity: "emergency", AcceptMin: 5, ArriveMin: 5, Clock: "natural"},
				{Severity: "urgent", AcceptMin: 10, ArriveMin: 30, ControlMin: 120, FixMin: 720, Clock: "natural"},
				{Severity: "normal", AcceptMin: 30, ArriveMin: 240, FixMin: 1440, Clock: "working"},
				{Severity: "complaint", AcceptMin: 720, FixMin: 7200, Clock: "natural"},
			},
			// What the yearly score makes of the fee: under 70 a twentieth less, from 90 on a fiftieth more.
			Bands:    []contract.Band{{From: 0, Below: 7000, Share: 9500}, {From: 7000, Below: 9000, Share: 10000}, {From: 9000, Below: 10001, Share: 10200}},
			Promises: []string{"每季度公布服务履约情况和公共收益。", "夜间急修电话有人接听。"},
		}},
	})
	return err
}
