package app

import (
	"bytes"
	"context"
	"fmt"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/renovation"
)

// asksFund asks for the maintenance fund's part of the first building's renovation, by the owners' decision.
func (s *site) asksFund(ctx context.Context) error {
	contractor := s.orgs["contractor"]
	_, err := s.Renovation.RequestFund(ctx, s.as["street-office"], s.key("fund "+s.name), renovation.NewFundRequest{ServiceAreaID: s.serviceArea.ID, RenovationID: s.project.Ptr(), Path: renovation.Ordinary,
		FundContent: renovation.FundContent{Title: "1号楼屋面防水使用维修资金", Why: "屋面防水翻新总费用18.6万元，其中6万元由维修资金列支，其余由财政补助。", Parts: s.firstBlock(), FirmID: &contractor, BudgetFen: 6_000_000}})
	return err
}

// leak is an emergency: three parties have seen it, it was repaired at once, and what it cost is posted.
type leak struct {
	*demonstration
	request id.ID
}

func (d *demonstration) emergency(ago func(int, func(context.Context) error) happening) []happening {
	l := &leak{demonstration: d}
	return []happening{ago(12, l.asks), ago(11, l.verified), ago(9, l.settled), ago(2, l.posted)}
}

func (l *leak) asks(ctx context.Context) error {
	company := l.orgs["company"]
	made, err := l.Renovation.RequestFund(ctx, l.as["manager"], l.key("fund leak"), renovation.NewFundRequest{ServiceAreaID: l.serviceArea.ID, Path: renovation.Emergency,
		FundContent: renovation.FundContent{Title: "1号楼1单元排水立管爆裂抢修", Why: "一层排水立管爆裂，污水漫入两户厨房和楼道，须立即更换。", Danger: "drain_burst",
			Parts: []renovation.Part{{BuildingID: l.units[0].BuildingID, Entrance: l.units[0].Entrance}}, FirmID: &company, BudgetFen: 386_000}})
	l.request = made.ID
	return err
}

func (l *leak) take(step string, do func(renovation.Taken) (renovation.FundRequest, error)) error {
	_, err := do(renovation.Taken{Once: l.key("fund leak " + step)})
	if err != nil {
		return fmt.Errorf("fund request, %s: %w", step, err)
	}
	return nil
}

func (l *leak) verified(ctx context.Context) error {
	for _, v := range []struct {
		who   string
		as    authz.Principal
		words string
	}{{"owner", l.homes[0].Principal, "厨房地面积水，水从立管接口涌出。"}, {"committee", l.as["committee"], "现场查看，立管竖向开裂约三十厘米。"}, {"manager", l.as["manager"], "已关阀止水，须更换六米立管。"}} {
		err := l.take("seen by "+v.who, func(how renovation.Taken) (renovation.FundRequest, error) {
			return l.Renovation.VerifyFund(ctx, v.as, l.request, how, v.words, nil)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *leak) settled(ctx context.Context) error {
	for _, title := range []string{"抢修结算单", "抢修验收单"} {
		body := demoPaper(title, "1号楼1单元排水立管，更换六米，含两处接口。", "结算金额 3,742.50 元。")
		if _, err := l.Renovation.AttachFund(ctx, l.as["manager"], l.request, renovation.Taken{Once: l.key("fund paper " + title)}, title+".pdf", bytes.NewReader(body)); err != nil {
			return err
		}
	}
	return l.take("settled", func(how renovation.Taken) (renovation.FundRequest, error) {
		return l.Renovation.SettleFund(ctx, l.as["manager"], l.request, how, renovation.Settlement{SettledFen: 374_250, DoneOn: l.today().AddDays(-1), Words: "更换立管六米，通水试验无渗漏，业主和业委会到场验收。"})
	})
}

func (l *leak) posted(ctx context.Context) error {
	return l.take("posted", func(how renovation.Taken) (renovation.FundRequest, error) {
		return l.Renovation.PostFund(ctx, l.as["manager"], l.request, how)
	})
}
