package survey

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/score"
)

// agreed answers what contracts say.
type agreed map[id.ID]FeeTerms

func (a agreed) FeeTerms(_ context.Context, _ dbx.Querier, contract, _ id.ID) (FeeTerms, error) {
	return a[contract], nil
}

var linkage = []score.FeeBand{{From: 0, Below: 6000, Share: 8000}, {From: 6000, Below: 8000, Share: 9500}, {From: 8000, Below: 10_001, Share: 10_000}}

// linked is a published round whose contract links the fee to the score.
func (w *world) linked(monthFen int64) Round {
	w.t.Helper()
	w.Contracts = agreed{w.servedBy[w.area].Contract: {Bands: linkage, MonthFen: monthFen}}
	return w.published()
}

func TestASettlementNeedsBothSidesAndTheEndOfTheObjections(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r, ctx := w.linked(1_000_000), t.Context()
		in := NewSettlement{w.area, "2026-01", 3}
		_, err := w.ProposeSettlement(ctx, w.office, idem.Key{}, r.ID, in)
		code(t, "auth.forbidden", err)
		_, err = w.ProposeSettlement(ctx, w.manager, idem.Key{}, r.ID, NewSettlement{w.area, "2026-13", 3})
		code(t, "survey.month", err)
		_, err = w.ProposeSettlement(ctx, w.post(authz.RoleManager, id.New(), ""), idem.Key{}, r.ID, in)
		code(t, "not_found", err)
		c, err := w.ProposeSettlement(ctx, w.manager, idem.Key{}, r.ID, in)
		require.NoError(t, err)
		require.EqualValues(t, 3_000_000, c.Proposal.BaseFen)
		require.EqualValues(t, 9500, c.Proposal.Share, "75 points")
		require.EqualValues(t, 2_850_000, c.Proposal.DueFen)
		_, err = w.ProposeSettlement(ctx, w.committee, idem.Key{}, r.ID, in)
		code(t, "survey.settlement_exists", err)

		_, err = w.ConfirmSettlement(ctx, w.manager, r.ID, c.ID, Taken{Version: c.Version})
		code(t, "survey.settlement_waits", err)
		o, err := w.Object(ctx, w.committee, idem.Key{}, r.ID, w.against("结算之前应先处理业主方的异议。"))
		require.NoError(t, err)
		w.clock.Set(wholeDays(*r.PublishedAt, 10).Time())
		_, err = w.ConfirmSettlement(ctx, w.manager, r.ID, c.ID, Taken{Version: c.Version})
		code(t, "survey.settlement_waits", err)
		_, err = w.Decide(ctx, w.decider(), r.ID, o.ID, Taken{Version: o.Version}, Dismissed, "经核查，业主方的异议不成立。")
		require.NoError(t, err)

		c, err = w.ConfirmSettlement(ctx, w.manager, r.ID, c.ID, Taken{Version: c.Version})
		require.NoError(t, err)
		require.Equal(t, CompanyConfirmed, c.State)
		_, err = w.ConfirmSettlement(ctx, w.manager, r.ID, c.ID, Taken{Version: c.Version})
		code(t, "survey.settlement_state", err)
		twice := w.committee
		twice.Person = w.manager.Person
		_, err = w.ConfirmSettlement(ctx, twice, r.ID, c.ID, Taken{Version: c.Version})
		code(t, "survey.same_person", err)

		var mu sync.Mutex
		var group sync.WaitGroup
		won := 0
		for n := range 30 { // the owners' side confirms and disputes at once: one of it happens
			group.Go(func() {
				var err error
				if n%2 == 0 {
					_, err = w.ConfirmSettlement(ctx, w.committee, r.ID, c.ID, Taken{Version: c.Version})
				} else {
					_, err = w.DisputeSettlement(ctx, w.committee, r.ID, c.ID, Taken{Version: c.Version}, "对结算期间的面积有不同意见。")
				}
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				}
			})
		}
		group.Wait()
		require.Equal(t, 1, won)
		for name, p := range map[string]authz.Principal{"company": w.manager, "owners' side": w.committee, "street": w.office} {
			list, err := w.Settlements(ctx, p, r.ID)
			require.NoError(t, err)
			require.Len(t, list, 1, name)
			require.True(t, list[0].ended())
		}
		none, err := w.Settlements(ctx, w.resident(w.area, 0), r.ID)
		require.NoError(t, err)
		require.Empty(t, none)
	})
}

func TestNoSettlementWithoutAClauseOrABelievedScore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r, ctx := w.linked(1_000_000), t.Context()
		in := NewSettlement{w.area, "2026-01", 3}
		w.Contracts = agreed{}
		_, err := w.ProposeSettlement(ctx, w.manager, idem.Key{}, r.ID, in)
		code(t, "survey.no_linkage", err)
		w.Contracts = agreed{w.servedBy[w.area].Contract: {Bands: linkage, MonthFen: 1_000_000}}
		c, err := w.ProposeSettlement(ctx, w.committee, idem.Key{}, r.ID, in)
		require.NoError(t, err)

		party := w.auditor()
		a, err := w.OpenAudit(ctx, party, idem.Key{}, r.ID, "抽查本轮测评结果。")
		require.NoError(t, err)
		w.clock.Set(wholeDays(*r.PublishedAt, 10).Time())
		_, err = w.ConfirmSettlement(ctx, w.manager, r.ID, c.ID, Taken{Version: c.Version})
		code(t, "survey.settlement_waits", err)
		a, err = w.Conclude(ctx, party, r.ID, a.ID, version(a), Reject, "复访否认比例过高，建议不采信。")
		require.NoError(t, err)
		_, err = w.DecideAudit(ctx, w.decider(), r.ID, a.ID, version(a), Reject, "审计不采信，不得据此结算。")
		require.NoError(t, err)
		_, err = w.ConfirmSettlement(ctx, w.manager, r.ID, c.ID, Taken{Version: c.Version})
		code(t, "survey.rejected", err)
		c, err = w.DisputeSettlement(ctx, w.manager, r.ID, c.ID, Taken{Version: c.Version}, "得分未被采信，撤销结算建议。")
		require.NoError(t, err)
		require.Equal(t, Disputed, c.State)
		require.Equal(t, w.company, *c.DisputedOrg)
	})
}
