package renovation

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

func (w *world) lineOf(p Project, line id.ID) Line {
	w.t.Helper()
	l, err := lineByID(w.ctx(), w.DB, p.ID, line)
	require.NoError(w.t, err)
	l.NeedsDividing = !l.divided()
	return l
}

func (w *world) reverseLast(p Project, line id.ID) {
	w.t.Helper()
	list, err := w.Entries(w.ctx(), w.office, p.ID, page.Request{})
	require.NoError(w.t, err)
	i := slices.IndexFunc(list.Items, func(e Entry) bool { return e.FundingID == line && e.Reverses == nil })
	w.must(w.Reverse(w.ctx(), w.office, p.ID, line, list.Items[i].ID, anew, "金额录错"))
}

// A wrong amount is reversed and entered again under the number that its document has; two of one document never stand together.
func TestAReversedDocumentIsEnteredAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.agreed()
		city := w.line(p, FromCity, 100)
		for _, wrong := range []int64{1, 2} {
			require.NoError(t, w.enterOf(p, city, EntryApproved, wrong, "市建〔2026〕7号"))
			w.refused("renovation.reference_taken", w.enterOf(p, city, EntryApproved, 100, "市建〔2026〕7号"))
			w.reverseLast(p, city)
		}
		require.NoError(t, w.enterOf(p, city, EntryApproved, 100, "市建〔2026〕7号"))
		require.Equal(t, int64(100), w.lineOf(p, city).ApprovedFen)
	})
}

// What the maintenance fund paid out once is received once, by whichever source of the project; after a mistake it is received again.
func TestADrawingIsReceivedByOneSource(t *testing.T) {
	w := newWorld(t, freshDB(t))
	p := w.agreed()
	one, other := w.line(p, FromFund, 10), w.line(p, FromFund, 10)
	for _, l := range []id.ID{one, other} {
		require.NoError(t, w.enterOf(p, l, EntryApproved, 5_000_000, "业主决定"))
	}
	for range 2 { // two requests, paid out under one document
		r := w.request(Emergency)
		w.write(func(ctx ctxT, tx txT) error {
			return tx.ExecOne(ctx, `UPDATE fund_request SET renovation_id = ?, state = 'drawn', draw_reference = '凭证1', settled_fen = 1000000 WHERE id = ?`, p.ID, r.ID)
		})
	}
	w.refused("renovation.not_drawn", w.enterOf(p, one, EntryReceived, 1_000_000, "凭证1"))
	require.NoError(t, w.enterOf(p, one, EntryReceived, 2_000_000, "凭证1"))
	w.refused("renovation.reference_taken", w.enterOf(p, other, EntryReceived, 2_000_000, "凭证1"))
	w.reverseLast(p, one)
	require.NoError(t, w.enterOf(p, other, EntryReceived, 2_000_000, "凭证1"))
}

// The owners' money is divided among those who bear it now; a source that gives nothing in the end holds nobody up.
func TestMoneyIsDividedAgainWhereOthersBearIt(t *testing.T) {
	w := newWorld(t, freshDB(t))
	p := w.agreed()
	w.line(p, FromResidents, 100)
	require.Empty(t, w.lacks(p, Funded, NeedDivision), "nothing of it is approved")
	whole := w.line(p, FromResidents, 100)
	lift := w.item(p, "lift-1").ID
	w.must(w.AddLine(w.ctx(), w.office, p.ID, anew, NewLine{Source: FromFund, ItemID: &lift, PlannedFen: 50, Reference: "方案", On: "2026-03-01"}))
	all, err := linesOf(w.ctx(), w.DB, p.ID)
	require.NoError(t, err)
	entrance := all[2].ID
	for _, l := range []id.ID{whole, entrance} {
		require.NoError(t, w.enterOf(p, l, EntryApproved, 60, "业主决定"))
		w.must(w.Allocate(w.ctx(), w.office, p.ID, l, anew))
		require.False(t, w.lineOf(p, l).NeedsDividing)
	}
	items := w.items()
	items[2].Parts[0].Entrance = "2单元"
	w.must(w.PublishPlan(w.ctx(), w.office, p.ID, anew, "改为2单元", items))
	require.Equal(t, []bool{false, true}, []bool{w.lineOf(p, whole).NeedsDividing, w.lineOf(p, entrance).NeedsDividing})
	w.must(w.Allocate(w.ctx(), w.office, p.ID, entrance, anew))
	_, err = w.PublishPlan(w.ctx(), w.office, p.ID, anew, "取消电梯", items[:2])
	w.refused("renovation.item_funded", err)

	w.must(w.PublishPlan(w.ctx(), w.office, p.ID, anew, "只做两栋", func() []PlanItem {
		for i := range items[:2] {
			items[i].Parts = []Part{{BuildingID: w.blocks[0]}}
		}
		return items
	}()))
	o := w.outline()
	o.Parts = []Part{{BuildingID: w.blocks[0]}, {BuildingID: w.blocks[1]}}
	w.must(w.Edit(w.ctx(), w.office, p.ID, seen(w.read(p)), o))
	require.Equal(t, []bool{true, false}, []bool{w.lineOf(p, whole).NeedsDividing, w.lineOf(p, entrance).NeedsDividing})
	w.must(w.Allocate(w.ctx(), w.office, p.ID, whole, anew))
	shares, err := w.Shares(w.ctx(), w.resident, p.ID, whole, false, page.Request{})
	require.NoError(t, err)
	require.Len(t, shares.Items, 24)
	w.reverseLast(p, whole)
	require.True(t, w.lineOf(p, whole).NeedsDividing, "residents still read shares of what is no longer approved")
	w.must(w.Allocate(w.ctx(), w.office, p.ID, whole, anew))
	require.Empty(t, w.lacks(p, Funded, NeedDivision))
}

// Nothing is entered once a project is withdrawn, so what came in goes back first.
func TestWhatCameInGoesBackBeforeAProjectIsWithdrawn(t *testing.T) {
	w := newWorld(t, freshDB(t))
	p, city, _ := w.funded()
	require.NoError(t, w.enterOf(p, city, EntryReceived, 100, "银行回单"))
	_, err := w.Withdraw(w.ctx(), w.office, p.ID, seen(w.read(p)), "列入明年计划")
	w.refused("renovation.books_open", err)
	require.NoError(t, w.enterOf(p, city, EntryReturned, 100, "退款"))
	require.Equal(t, Withdrawn, w.must(w.Withdraw(w.ctx(), w.office, p.ID, seen(w.read(p)), "列入明年计划")).State)
}

// An objection is right: the settlement is put right and posted anew, for all its days.
func TestWhatIsPostedIsPutRightAndPostedAnew(t *testing.T) {
	w := newWorld(t, freshDB(t))
	r := w.request(Emergency)
	for _, who := range []authz.Principal{w.resident, w.builder, w.committee} {
		_, err := w.VerifyFund(w.ctx(), who, r.ID, anew, "现场查看属实。", nil)
		require.NoError(t, err)
	}
	w.fundPaper(r)
	settle := func(fen int64) error {
		_, err := w.SettleFund(w.ctx(), w.manager, r.ID, anew, Settlement{fen, "2026-03-02", "已修复"})
		return err
	}
	require.NoError(t, settle(2_900_000))
	_, err := w.PostFund(w.ctx(), w.manager, r.ID, anew)
	require.NoError(t, err)
	_, err = w.ObjectToFund(w.ctx(), w.neighbour, r.ID, anew, "多算了一项外架。")
	require.NoError(t, err)
	w.clock.Set(clock.Date("2026-03-09").Start())
	require.NoError(t, settle(2_500_000))
	got, err := requestByID(w.ctx(), w.DB, r.ID)
	require.NoError(t, err)
	require.Equal(t, []any{FundDone, (*clock.Date)(nil)}, []any{got.State, got.PostedUntil})
	v, err := w.ShowFund(w.ctx(), w.manager, r.ID)
	require.NoError(t, err)
	_, err = w.AnswerFund(w.ctx(), w.manager, r.ID, v.Objections[0].ID, anew, "已核减并重新公示。")
	require.NoError(t, err)
	got, err = w.PostFund(w.ctx(), w.manager, r.ID, anew)
	require.NoError(t, err)
	w.clock.Set(got.PostedUntil.Start())
	_, err = w.DrawFund(w.ctx(), w.office, r.ID, anew, *got.PostedUntil, "银行凭证")
	w.refused("fund.posting", err)
	shares, err := w.FundShares(w.ctx(), w.neighbour, r.ID, false, page.Request{})
	require.NoError(t, err)
	sum := int64(0)
	for _, s := range shares.Items {
		sum += s.Fen
	}
	require.Equal(t, int64(2_500_000), sum)
}
