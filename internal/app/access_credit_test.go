package app_test

import (
	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/credit"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
)

// creditItemOf is the state of the item for an operation; noticed, and decided by somebody else, where it is not named.
var creditItemOf = map[string]string{"replyToCreditItem": "heard", "appealCreditItem": "in_force", "endCreditItem": "in_force", "decideCreditAppeal": "appealed"}

func (s *sampler) creditItem() string {
	if state, ok := creditItemOf[s.op.ID]; ok {
		return "creditItemId." + state
	}
	return "creditItemId.noticed"
}

// credits puts an item in every state on the record of an estate's company. Each act is a person's of its own, so that anybody
// may take the next step.
func (s *streets) credits(e *estate) {
	s.t.Helper()
	ctx, th := s.t.Context(), e.things
	company, err := id.Parse(th["org.company"])
	require.NoError(s.t, err)
	somebody := func() authz.Principal { return authz.Principal{System: "test", Person: id.New()} }
	must := func(i credit.Item, err error) credit.Item {
		require.NoError(s.t, err)
		return i
	}
	enter := func(name string, kind credit.Kind) credit.Item {
		i := must(s.Credit.Enter(ctx, somebody(), idem.Key{}, company, credit.NewItem{RuleSet: "yantai_2022", Kind: kind, Points: 100, Reference: e.name + name,
			Title: "检查记录", Evidence: "记录存街道。", ValidFrom: "2026-11-01"}))
		th["creditItemId."+name] = i.ID.String()
		return i
	}
	inForce := func(name string) credit.Item {
		i := enter(name, credit.Bad)
		i = must(s.Credit.Reply(ctx, somebody(), company, i.ID, credit.Taken{Version: i.Version}, "没有异议。"))
		return must(s.Credit.Decide(ctx, somebody(), company, i.ID, credit.Taken{Version: i.Version}, credit.Decision{Accept: true, Reasons: "事实清楚。"}))
	}
	enter("noticed", credit.Good)
	enter("heard", credit.Bad)
	inForce("in_force")
	i := inForce("appealed")
	must(s.Credit.Appeal(ctx, somebody(), company, i.ID, credit.Taken{Version: i.Version}, "请求撤销该记录。"))
	_, err = s.Credit.Publish(ctx, somebody(), idem.Key{}, company, "yantai_2022")
	require.NoError(s.t, err)
}
