package renovation

import (
	"bytes"
	"database/sql/driver"
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
)

// No division gains or loses a fen: the shares make the amount, each lies within a fen of its exact value, and who has more area never
// bears less. The exact value is computed in fractions.
func TestDivisionNeverGainsOrLosesAFen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(0, maxFen).Draw(t, "amount")
		areas := rapid.SliceOfN(rapid.Int64Range(1, 100_000_000), 1, 60).Draw(t, "areas")
		total := int64(0)
		for _, a := range areas {
			total += a
		}
		out, sum := Divide(amount, areas), int64(0)
		for i, fen := range out {
			sum += fen
			exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(amount), big.NewInt(areas[i])), big.NewInt(total))
			apart := exact.Sub(exact, new(big.Rat).SetInt64(fen))
			require.Negative(t, apart.Abs(apart).Cmp(big.NewRat(1, 1)), "within a fen")
			for j := range out {
				require.False(t, areas[i] > areas[j] && fen < out[j], "a larger area bears no less")
			}
		}
		require.Equal(t, amount, sum)
		require.Equal(t, out, Divide(amount, areas), "always the same")
	})
	require.Equal(t, []int64{34, 33, 33}, Divide(100, []int64{5, 5, 5}), "of equal remainders the first")
	require.Equal(t, []int64{0, 1}, Divide(1, []int64{1, 2}))
}

// A line's sums are those of its entries whatever is entered and reversed, and never out of order.
func TestALineIsTheSumOfItsEntries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kinds := []EntryKind{EntryPlanned, EntryApproved, EntryReceived, EntryPaid, EntryReturned}
		var l Line
		sums := map[EntryKind]int64{}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			kind, fen := rapid.SampledFrom(kinds).Draw(t, "kind"), rapid.Int64Range(-500, 1000).Draw(t, "fen")
			next := l
			if next.add(kind, fen) != nil {
				continue
			}
			l = next
			sums[kind] += fen
		}
		require.Equal(t, []int64{sums[EntryPlanned], sums[EntryApproved], sums[EntryReceived], sums[EntryPaid], sums[EntryReturned]},
			[]int64{l.PlannedFen, l.ApprovedFen, l.ReceivedFen, l.PaidFen, l.ReturnedFen})
		require.LessOrEqual(t, l.ReceivedFen, l.ApprovedFen)
		require.LessOrEqual(t, l.PaidFen+l.ReturnedFen, l.ReceivedFen)
	})
}

func (w *world) line(p Project, source Source, fen int64) id.ID {
	w.t.Helper()
	w.must(w.AddLine(w.ctx(), w.office, p.ID, anew, NewLine{Source: source, PlannedFen: fen, Reference: "方案", On: "2026-03-01"}))
	all, err := linesOf(w.ctx(), w.DB, p.ID)
	require.NoError(w.t, err)
	return all[len(all)-1].ID
}

func (w *world) enterOf(p Project, line id.ID, kind EntryKind, fen int64, reference string) error {
	_, err := w.Enter(w.ctx(), w.office, p.ID, line, anew, NewEntry{Kind: kind, Fen: fen, On: clock.DateOf(w.clock.Now()), Reference: reference})
	return err
}

// funded is a project whose money is there: three quarters from the city, the rest from the residents.
func (w *world) funded() (p Project, city, residents id.ID) {
	w.t.Helper()
	p = w.agreed()
	city, residents = w.line(p, FromCity, 115_000_000), w.line(p, FromResidents, 40_000_000)
	require.NoError(w.t, w.enterOf(p, city, EntryApproved, 115_000_000, "市建〔2026〕7号"))
	require.NoError(w.t, w.enterOf(p, residents, EntryApproved, 40_000_000, "业主决定"))
	p = w.must(w.Allocate(w.ctx(), w.office, p.ID, residents, anew))
	return w.advance(p, Funded), city, residents
}

func TestMoneyIsThereBeforeTheContractorIsChosen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.agreed()
		_, err := w.Advance(w.ctx(), w.office, p.ID, seen(w.read(p)), Funded)
		require.Equal(t, []string{"need_funding"}, lacking(err))
		city, residents := w.line(p, FromCity, 115_000_000), w.line(p, FromResidents, 40_000_000)
		require.NoError(t, w.enterOf(p, city, EntryApproved, 115_000_000, "市建〔2026〕7号"))
		w.refused("renovation.reference_taken", w.enterOf(p, city, EntryApproved, 1, "市建〔2026〕7号"))
		require.NoError(t, w.enterOf(p, residents, EntryApproved, 39_999_999, "业主决定"))
		_, err = w.Advance(w.ctx(), w.office, p.ID, seen(w.read(p)), Funded)
		require.Equal(t, []string{"need_funding", "need_division"}, lacking(err), "a fen is missing, and nobody knows their share")
		p = w.must(w.Allocate(w.ctx(), w.office, p.ID, residents, anew))
		require.NoError(t, w.enterOf(p, residents, EntryApproved, 1, "补充"))
		_, err = w.Advance(w.ctx(), w.office, p.ID, seen(w.read(p)), Funded)
		require.Equal(t, []string{"need_division"}, lacking(err), "the amount was divided before it grew")
		_, err = w.Allocate(w.ctx(), w.office, p.ID, city, anew)
		w.refused("renovation.not_shared", err)
		w.must(w.Allocate(w.ctx(), w.office, p.ID, residents, anew))
		w.advance(p, Funded)

		all, next := []Share{}, ""
		for {
			part, err := w.Shares(w.ctx(), w.resident, p.ID, residents, false, page.Request{Limit: 10, Cursor: next})
			require.NoError(t, err)
			all = append(all, part.Items...)
			if next = part.Next; next == "" {
				break
			}
		}
		sum := int64(0)
		for _, s := range all {
			sum += s.Fen
		}
		require.Equal(t, []int64{36, 40_000_000}, []int64{int64(len(all)), sum})
		mine, err := w.Shares(w.ctx(), w.resident, p.ID, residents, true, page.Request{})
		require.NoError(t, err)
		require.Equal(t, []Share{all[0]}, mine.Items)
		for _, who := range []authz.Principal{w.manager, w.party} {
			_, err = w.Shares(w.ctx(), who, p.ID, residents, false, page.Request{})
			require.True(t, fault.Is(err, "auth.forbidden"), "what falls on each home is for the owners and the offices")
		}
		w.units[3].Area = 0
		_, err = w.Allocate(w.ctx(), w.office, p.ID, residents, anew)
		w.refused("renovation.area_unknown", err)
	})
}

// What is paid stays within what came in, what the owners decided and the overrun rule; a wrong entry is reversed, once.
func TestNothingIsPaidBeyondWhatWasDecided(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p, city, _ := w.funded()
		require.NoError(t, w.enterOf(p, city, EntryReceived, 100_000_000, "银行回单1"))
		w.refused("renovation.balance", w.enterOf(p, city, EntryReceived, 15_000_001, "银行回单2"))
		w.refused("renovation.not_tendered", w.enterOf(p, city, EntryPaid, 1, "发票0"))
		w.setState(p, Works)
		roof := w.item(p, "roof").ID
		pay := func(fen int64, reference string) error {
			_, err := w.Enter(w.ctx(), w.office, p.ID, city, anew, NewEntry{Kind: EntryPaid, Fen: fen, On: "2026-03-02", Reference: reference, ItemID: &roof})
			return err
		}
		require.NoError(t, pay(45_000_000, "发票1"))
		require.NoError(t, pay(4_500_000, "发票2"), "ten per cent more than decided")
		w.refused("renovation.overrun", pay(1, "发票3"))
		list, err := w.Entries(w.ctx(), w.neighbour, p.ID, page.Request{})
		require.NoError(t, err)
		last := list.Items[0]
		w.must(w.Reverse(w.ctx(), w.office, p.ID, city, last.ID, anew, "重复登记"))
		_, err = w.Reverse(w.ctx(), w.office, p.ID, city, last.ID, anew, "重复登记")
		w.refused("renovation.reversed", err)
		l, err := lineByID(w.ctx(), w.DB, p.ID, city)
		require.NoError(t, err)
		require.Equal(t, int64(45_000_000), l.PaidFen)
		approval := slices.IndexFunc(list.Items, func(e Entry) bool { return e.Kind == EntryApproved && e.FundingID == city })
		_, err = w.Reverse(w.ctx(), w.office, p.ID, city, list.Items[approval].ID, anew, "撤销批复")
		w.refused("renovation.balance", err)
		for _, who := range []authz.Principal{w.community, w.committee, w.manager, w.party, w.resident} {
			_, err := w.Enter(w.ctx(), who, p.ID, city, anew, NewEntry{Kind: EntryReceived, Fen: 1, On: "2026-03-02", Reference: "x"})
			require.True(t, fault.Is(err, "auth.forbidden"))
		}
	})
}

// setState puts a project into a stage without its conditions, for what is tested in that stage.
func (w *world) setState(p Project, to State) {
	w.t.Helper()
	now := w.read(p)
	next := now
	next.State = to
	w.write(func(ctx ctxT, tx txT) error { return updateProject(ctx, tx, next, now) })
}

func (w *world) request(path FundPath) FundRequest {
	w.t.Helper()
	in := NewFundRequest{ServiceAreaID: w.phase, Path: path, FundContent: FundContent{Title: "屋面渗漏维修", Why: "1号楼顶层连续渗漏，危及用电安全。",
		Parts: []Part{{BuildingID: w.blocks[0]}}, FirmID: &w.contractor, BudgetFen: 3_000_000}}
	if path == Emergency {
		in.Danger = "roof_leak"
	}
	r, err := w.RequestFund(w.ctx(), w.manager, idem.Key{}, in)
	require.NoError(w.t, err)
	return r
}

func (w *world) fundPaper(r FundRequest) {
	w.t.Helper()
	_, err := w.AttachFund(w.ctx(), w.manager, r.ID, anew, "决算.pdf", bytes.NewReader([]byte("%PDF-1.4\n"+r.ID.String()+"\n%%EOF\n")))
	require.NoError(w.t, err)
}

// In an emergency three different people see it on site, then it is repaired, then posted five days, then paid.
func TestAnEmergencyIsSeenByThreeThenRepairedThenPosted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.request(Emergency)
		_, err := w.SettleFund(w.ctx(), w.manager, r.ID, anew, Settlement{2_900_000, "2026-03-02", "已修复"})
		w.refused("fund.step_illegal", err)
		_, err = w.DecideFund(w.ctx(), w.committee, r.ID, anew, Evidence{})
		w.refused("fund.step_illegal", err)
		verify := func(who authz.Principal) error {
			_, err := w.VerifyFund(w.ctx(), who, r.ID, anew, "现场查看，渗漏属实。", nil)
			return err
		}
		next := w.living(w.units[20].ID, w.places[w.phase].Path) // of another building
		w.refused("fund.not_party", verify(next))
		require.NoError(t, verify(w.resident))
		w.refused("renovation.party_signed", verify(w.neighbour))
		require.NoError(t, verify(w.builder))
		w.refused("renovation.party_signed", verify(w.manager))
		insider := w.committee
		insider.Person = w.manager.Person
		w.refused("fund.involved", verify(insider))
		both := w.committee
		both.Person = w.resident.Person
		w.refused("renovation.same_person", verify(both))
		w.serving[0].OwnersRepID = w.committee.Grants[0].Org
		w.refused("renovation.committee_first", verify(w.community))
		require.NoError(t, verify(w.committee))
		got, err := requestByID(w.ctx(), w.DB, r.ID)
		require.NoError(t, err)
		require.Equal(t, FundVerified, got.State)

		_, err = w.SettleFund(w.ctx(), w.manager, r.ID, anew, Settlement{2_900_000, "2026-03-02", "已修复"})
		w.refused("fund.papers", err)
		w.fundPaper(r)
		_, err = w.SettleFund(w.ctx(), w.manager, r.ID, anew, Settlement{4_000_001, "2026-03-02", "已修复"})
		w.refused("fund.overrun", err)
		_, err = w.SettleFund(w.ctx(), w.manager, r.ID, anew, Settlement{4_000_000, "2026-03-02", "已修复"})
		require.NoError(t, err, "a third more, but no more than ten thousand yuan")
		_, err = w.DrawFund(w.ctx(), w.office, r.ID, anew, "2026-03-02", "银行凭证")
		w.refused("fund.step_illegal", err)
		got, err = w.PostFund(w.ctx(), w.manager, r.ID, anew)
		require.NoError(t, err)
		require.Equal(t, clock.Date("2026-03-09"), *got.PostedUntil, "five days end on a Saturday, so they run to the Monday")
		list, err := w.FundShares(w.ctx(), w.neighbour, r.ID, false, page.Request{})
		require.NoError(t, err)
		sum := int64(0)
		for _, s := range list.Items {
			sum += s.Fen
		}
		require.Equal(t, []int64{12, 4_000_000}, []int64{int64(len(list.Items)), sum}, "the owners of the building bear it, no others")

		_, err = w.ObjectToFund(w.ctx(), w.neighbour, r.ID, anew, "单价明显偏高，请说明。")
		require.NoError(t, err)
		w.clock.Set(clock.Date("2026-03-09").Start())
		_, err = w.DrawFund(w.ctx(), w.office, r.ID, anew, "2026-03-09", "银行凭证")
		w.refused("fund.posting", err)
		w.clock.Set(clock.Date("2026-03-10").Start())
		_, err = w.DrawFund(w.ctx(), w.office, r.ID, anew, "2026-03-10", "银行凭证")
		w.refused("fund.objections_open", err)
		v, err := w.ShowFund(w.ctx(), w.resident, r.ID)
		require.NoError(t, err)
		require.Empty(t, v.Objections, "what a neighbour says is read once it is answered")
		v, err = w.ShowFund(w.ctx(), w.manager, r.ID)
		require.NoError(t, err)
		require.Len(t, v.Objections, 1)
		_, err = w.AnswerFund(w.ctx(), w.manager, r.ID, v.Objections[0].ID, anew, "含外架和夜间抢修，明细见决算。")
		require.NoError(t, err)
		for _, who := range []authz.Principal{w.manager, w.committee, w.community} {
			_, err = w.DrawFund(w.ctx(), who, r.ID, anew, "2026-03-10", "银行凭证")
			require.True(t, fault.Is(err, "auth.forbidden"))
		}
		got, err = w.DrawFund(w.ctx(), w.office, r.ID, anew, "2026-03-10", "银行凭证")
		require.NoError(t, err)
		require.Equal(t, FundDrawn, got.State)
		v, err = w.ShowFund(w.ctx(), w.resident, r.ID)
		require.NoError(t, err)
		require.Equal(t, "含外架和夜间抢修，明细见决算。", v.Objections[0].Answer)
	})
}

// Otherwise the owners of the parts concerned decide; what changes afterwards is decided on again.
func TestOrdinaryUseIsDecidedByTheOwners(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.request(Ordinary)
		w.fundPaper(r)
		list, err := documents(w.ctx(), w.DB, r.ID)
		require.NoError(t, err)
		h, tally := list[0].Hash, passing
		tally.FavourArea, tally.FavourHeads = 10_000, 12
		_, err = w.DecideFund(w.ctx(), w.committee, r.ID, anew, Evidence{HeldOn: day("2026-03-01"), Document: &h, Tally: &tally})
		w.refused("renovation.decision_failed", err)
		tally.FavourArea, tally.FavourHeads = 10_001, 13
		_, err = w.DecideFund(w.ctx(), w.manager, r.ID, anew, Evidence{HeldOn: day("2026-03-01"), Document: &h, Tally: &tally})
		require.True(t, fault.Is(err, "auth.forbidden"))
		got, err := w.DecideFund(w.ctx(), w.committee, r.ID, anew, Evidence{HeldOn: day("2026-03-01"), Document: &h, Tally: &tally})
		require.NoError(t, err)
		require.Equal(t, FundConsented, got.State)
		same := FundContent{Title: r.Title, Why: r.Why, Parts: r.Parts, FirmID: r.FirmID, BudgetFen: 4_000_000}
		got, err = w.ReviseFund(w.ctx(), w.manager, r.ID, anew, same)
		require.NoError(t, err)
		require.Equal(t, FundConsented, got.State, "within the overrun rule the decision stands")
		same.BudgetFen = 4_000_001
		got, err = w.ReviseFund(w.ctx(), w.manager, r.ID, anew, same)
		require.NoError(t, err)
		require.Equal(t, FundRequested, got.State)
		_, ok, err := givenTo(w.ctx(), w.DB, r.ID)
		require.NoError(t, err)
		require.False(t, ok)
		for _, who := range []authz.Principal{w.outsider, w.elsewhere, w.rival} {
			_, err = w.ShowFund(w.ctx(), who, r.ID)
			w.refused("not_found", err)
		}
		bad := NewFundRequest{ServiceAreaID: w.phase, Path: Ordinary, FundContent: same}
		bad.Danger = "roof_leak"
		_, err = w.RequestFund(w.ctx(), w.manager, idem.Key{}, bad)
		w.refused("fund.danger", err)
		_, err = w.RequestFund(w.ctx(), w.resident, idem.Key{}, bad)
		require.True(t, fault.Is(err, "auth.forbidden"))
		bad.Danger, bad.FirmID, w.town.away = "", &w.company, driver.ErrBadConn
		_, err = w.RequestFund(w.ctx(), w.manager, idem.Key{}, bad)
		require.ErrorIs(t, err, driver.ErrBadConn, "a database that is away is no mistake in the form")
		w.town.away = nil
	})
}

// Of the maintenance fund a renovation receives what a request of its own has drawn, once.
func TestARenovationReceivesWhatTheFundHasDrawn(t *testing.T) {
	w := newWorld(t, freshDB(t))
	p := w.agreed()
	fund := w.line(p, FromFund, 3_000_000)
	require.NoError(t, w.enterOf(p, fund, EntryApproved, 6_000_000, "业主决定"))
	w.refused("renovation.not_drawn", w.enterOf(p, fund, EntryReceived, 3_000_000, "凭证1"))
	r := w.request(Emergency)
	r.ProjectID, r.State, r.DrawReference = &p.ID, FundDrawn, "凭证1"
	settled := int64(2_800_000)
	r.SettledFen = &settled
	w.write(func(ctx ctxT, tx txT) error {
		_, err := tx.Exec(ctx, `UPDATE fund_request SET renovation_id = ?, state = 'drawn', draw_reference = ?, settled_fen = ? WHERE id = ?`, p.ID, r.DrawReference, settled, r.ID)
		return err
	})
	w.refused("renovation.not_drawn", w.enterOf(p, fund, EntryReceived, 3_000_000, "凭证1"))
	require.NoError(t, w.enterOf(p, fund, EntryReceived, 2_800_000, "凭证1"))
	w.refused("renovation.reference_taken", w.enterOf(p, fund, EntryReceived, 2_800_000, "凭证1"))
}

// A list is narrowed to a project, a place or a state, and is empty for who may see none of it.
func TestRequestsAreListedByWhatTheyArePartOf(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.deciding()
		alone := w.request(Ordinary)
		in := NewFundRequest{ServiceAreaID: alone.ServiceAreaID, RenovationID: &p.ID, Path: Ordinary, FundContent: FundContent{Title: "改造中的屋面", Why: alone.Why, Parts: alone.Parts, FirmID: alone.FirmID, BudgetFen: 1}}
		part, err := w.RequestFund(w.ctx(), w.manager, idem.Key{}, in)
		require.NoError(t, err)
		for _, c := range []struct {
			who authz.Principal
			f   FundFilter
			ids []id.ID
		}{
			{w.manager, FundFilter{}, []id.ID{part.ID, alone.ID}},
			{w.resident, FundFilter{Area: w.phase, State: FundRequested}, []id.ID{part.ID, alone.ID}},
			{w.manager, FundFilter{Project: p.ID}, []id.ID{part.ID}},
			{w.manager, FundFilter{Project: id.New()}, []id.ID{}},
			{w.manager, FundFilter{State: FundDrawn}, []id.ID{}},
			{w.elsewhere, FundFilter{Project: p.ID}, []id.ID{}},
		} {
			list, err := w.Funds(w.ctx(), c.who, c.f, page.Request{})
			require.NoError(t, err)
			got := []id.ID{}
			for _, r := range list.Items {
				got = append(got, r.ID)
			}
			require.Equal(t, c.ids, got, "%+v", c.f)
		}
	})
}
