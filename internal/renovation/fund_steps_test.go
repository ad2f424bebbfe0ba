package renovation

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
)

// offered lists what of some steps a request offers to somebody.
func (w *world) offered(who authz.Principal, r FundRequest, of ...FundStep) []FundStep {
	w.t.Helper()
	v, err := w.ShowFund(w.ctx(), who, r.ID)
	require.NoError(w.t, err)
	out := []FundStep{}
	for _, step := range v.Steps {
		for _, s := range of {
			if s == step {
				out = append(out, s)
			}
		}
	}
	return out
}

// A page offers a step to nobody to whom it would be refused: who has seen the danger already or stands for no party, who has no word
// in the owners' decision, and the office while the posting goes on or an objection waits.
func TestARequestOffersWhatWouldNotBeRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.request(Emergency)
		verify, none := []FundStep{FundStepVerify}, []FundStep{}
		elsewhere := w.living(w.units[20].ID, w.places[w.phase].Path)
		insider, both := w.committee, w.committee
		insider.Person = w.manager.Person
		both.Grants = append(both.Grants[:1:1], w.resident.Grants...)
		w.serving[0].OwnersRepID = w.committee.Grants[0].Org
		for name, asked := range map[string]struct {
			who  authz.Principal
			want []FundStep
		}{"owner": {w.resident, verify}, "committee": {w.committee, verify}, "firm": {w.builder, verify}, "handler": {w.manager, verify}, "another building": {elsewhere, none},
			"community beside a committee": {w.community, none}, "of the firm": {insider, none}, "both": {both, verify}, "office": {w.office, none}} {
			require.Equal(t, asked.want, w.offered(asked.who, r, FundStepVerify), name)
		}
		_, err := w.VerifyFund(w.ctx(), w.resident, r.ID, anew, "现场查看，渗漏属实。", nil)
		require.NoError(t, err)
		require.Equal(t, none, w.offered(w.resident, r, FundStepVerify), "seen")
		require.Equal(t, none, w.offered(w.neighbour, r, FundStepVerify), "an owner has seen it")
		require.Equal(t, verify, w.offered(w.builder, r, FundStepVerify))

		decided := w.request(Ordinary)
		require.Equal(t, []FundStep{FundStepDecide}, w.offered(w.committee, decided, FundStepDecide))
		require.Equal(t, none, w.offered(w.community, decided, FundStepDecide))
		w.serving[0].OwnersRepID = w.community.Grants[0].Org
		require.Equal(t, []FundStep{FundStepDecide}, w.offered(w.community, decided, FundStepDecide), "where it stands for them")

		for _, who := range []authz.Principal{w.committee, w.builder} {
			_, err = w.VerifyFund(w.ctx(), who, r.ID, anew, "现场查看，渗漏属实。", nil)
			require.NoError(t, err)
		}
		w.fundPaper(r)
		_, err = w.SettleFund(w.ctx(), w.manager, r.ID, anew, Settlement{2_900_000, "2026-03-02", "已修复"})
		require.NoError(t, err)
		_, err = w.PostFund(w.ctx(), w.manager, r.ID, anew)
		require.NoError(t, err)
		_, err = w.ObjectToFund(w.ctx(), w.neighbour, r.ID, anew, "单价明显偏高，请说明。")
		require.NoError(t, err)
		w.clock.Set(clock.Date("2026-03-09").Start())
		require.Equal(t, none, w.offered(w.office, r, FundStepDraw), "the last day of the posting")
		w.clock.Set(clock.Date("2026-03-10").Start())
		require.Equal(t, none, w.offered(w.office, r, FundStepDraw), "an objection waits")
		v, err := w.ShowFund(w.ctx(), w.manager, r.ID)
		require.NoError(t, err)
		require.Equal(t, []string{"1号楼"}, v.Bears)
		_, err = w.AnswerFund(w.ctx(), w.manager, r.ID, v.Objections[0].ID, anew, "含外架和夜间抢修。")
		require.NoError(t, err)
		require.Equal(t, []FundStep{FundStepDraw}, w.offered(w.office, r, FundStepDraw))
		require.Equal(t, none, w.offered(w.manager, r, FundStepDraw))
	})
}

// Residents read why a request or a project was withdrawn.
func TestAWithdrawalSaysWhy(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.request(Ordinary)
		_, err := w.WithdrawFund(w.ctx(), w.manager, r.ID, anew, "改由保修单位免费维修。")
		require.NoError(t, err)
		fund, err := w.ShowFund(w.ctx(), w.resident, r.ID)
		require.NoError(t, err)
		require.Equal(t, "改由保修单位免费维修。", fund.WithdrawnFor)
		require.Empty(t, fund.Steps)
		p := w.heard()
		view, err := w.Show(w.ctx(), w.resident, p.ID)
		require.NoError(t, err)
		require.Empty(t, view.WithdrawnFor)
		w.must(w.Withdraw(w.ctx(), w.office, p.ID, seen(p), "今年资金未落实，明年再报。"))
		view, err = w.Show(w.ctx(), w.resident, p.ID)
		require.NoError(t, err)
		require.Equal(t, "今年资金未落实，明年再报。", view.WithdrawnFor)
	})
}
