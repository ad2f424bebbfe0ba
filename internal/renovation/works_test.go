package renovation

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/page"
)

// tendered is a project with its contractor.
func (w *world) tendered() (p Project, city id.ID) {
	w.t.Helper()
	p, city, _ = w.funded()
	_, err := w.Advance(w.ctx(), w.office, p.ID, seen(p), Tendered)
	require.Equal(w.t, []string{"need_contractor"}, lacking(err))
	w.must(w.ChooseContractor(w.ctx(), w.office, p.ID, anew, Tender{w.contractor, "牟公易〔2026〕12号", "2026-03-02", 150_000_000}))
	return w.advance(p, Tendered), city
}

// supervised confirms some residents as supervisors.
func (w *world) supervised(p Project, residents ...authz.Principal) {
	w.t.Helper()
	for _, r := range residents {
		w.must(w.Volunteer(w.ctx(), r, p.ID, anew))
	}
	list, err := supervisorsOf(w.ctx(), w.DB, p.ID)
	require.NoError(w.t, err)
	for _, v := range list {
		if v.State == Volunteered {
			w.must(w.ConfirmSupervisor(w.ctx(), w.committee, p.ID, v.ID, anew))
		}
	}
}

// building is a project that is being built.
func (w *world) building() (p Project, city id.ID) {
	w.t.Helper()
	p, city = w.tendered()
	_, err := w.Advance(w.ctx(), w.office, p.ID, seen(p), Works)
	require.Equal(w.t, []string{"need_supervisors", "need_milestones"}, lacking(err))
	w.supervised(p, w.resident, w.neighbour)
	w.must(w.AddMilestone(w.ctx(), w.office, p.ID, anew, NewMilestone{Title: "主体完工", PlannedOn: "2026-08-31"}))
	return w.advance(p, Works), city
}

func (w *world) measure(p Project, key string, quantity int64) error {
	_, err := w.Measure(w.ctx(), w.builder, p.ID, w.item(p, key).ID, anew, Measurement{quantity, clock.DateOf(w.clock.Now()), ""})
	return err
}

func (w *world) pass(p Project, key string) {
	w.t.Helper()
	it := w.item(p, key)
	for _, n := range w.checklist(p, it) {
		w.must(w.Look(w.ctx(), w.office, p.ID, it.ID, anew, NewCheck{Code: n.Code, Result: Passed}))
	}
}

// The whole way from the works to the end: nothing is accepted unseen, and nothing closes without somebody who looks after it.
func TestARenovationIsBuiltAcceptedAndLookedAfter(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p, city := w.building()
		water := w.postIn(authz.RoleUtility, id.New(), "utility", "")
		utility := water.Grants[0].Org
		_, err := w.Advance(w.ctx(), w.office, p.ID, seen(p), Acceptance)
		require.Equal(t, []string{"need_utility", "need_progress"}, lacking(err), "later no plan could name who takes the line over")
		items := w.items()
		items[1].UtilityID = &utility
		p = w.must(w.PublishPlan(w.ctx(), w.office, p.ID, seen(w.read(p)), "明确管线接收单位", items))
		_, err = w.Advance(w.ctx(), w.office, p.ID, seen(p), Acceptance)
		require.Equal(t, []string{"need_progress"}, lacking(err))
		w.refused("renovation.quantity", w.measure(p, "roof", 90_001))
		for key, quantity := range map[string]int64{"roof": 90_000, "drains": 120_000, "lift-1": 100} {
			require.NoError(t, w.measure(p, key, quantity))
		}
		_, err = w.Measure(w.ctx(), w.rival, p.ID, w.item(p, "roof").ID, anew, Measurement{1, "2026-03-02", ""})
		w.refused("not_found", err)
		p = w.advance(p, Acceptance)
		_, err = w.Advance(w.ctx(), w.office, p.ID, seen(p), Warranty)
		require.Equal(t, []string{"need_checks", "need_signatures", "need_takeover"}, lacking(err))

		roof := w.item(p, "roof")
		sign := func(who authz.Principal, it Item) error {
			_, err := w.Sign(w.ctx(), who, p.ID, it.ID, anew, "", nil)
			return err
		}
		w.refused("renovation.not_checked", sign(w.office, roof))
		w.pass(p, "roof")
		_, err = w.Look(w.ctx(), w.resident, p.ID, roof.ID, anew, NewCheck{Code: "water_test", Result: Failed, Note: "3单元顶层仍渗水"})
		require.NoError(t, err)
		require.Equal(t, []any{w.contractor, "building.warranty"}, []any{w.raised[0].HandlerID, w.raised[0].Category})
		w.refused("renovation.not_checked", sign(w.office, roof))
		w.must(w.Look(w.ctx(), w.resident, p.ID, roof.ID, anew, NewCheck{Code: "water_test", Result: Passed}))
		_, err = w.Advance(w.ctx(), w.office, p.ID, seen(w.read(p)), Warranty)
		require.Contains(t, lacking(err), "need_orders", "the defect's order is not over")
		clear(w.open)

		w.pass(p, "drains")
		w.pass(p, "lift-1")
		outsider := w.living(w.units[5].ID, w.places[w.phase].Path)
		w.refused("renovation.not_supervisor", sign(outsider, roof))
		for _, key := range []string{"roof", "drains", "lift-1"} {
			it := w.item(p, key)
			require.NoError(t, sign(w.office, it))
			w.refused("renovation.party_signed", sign(w.community, it))
			w.refused("auth.forbidden", sign(w.manager, it))
			require.NoError(t, sign(w.builder, it))
			require.NoError(t, sign(w.resident, it))
			w.refused("renovation.same_person", sign(w.resident, it))
			require.Nil(t, w.item(p, key).AcceptedOn, "one representative of the residents is not enough")
			require.NoError(t, sign(w.neighbour, it))
		}
		require.Nil(t, w.item(p, "drains").AcceptedOn)
		_, err = w.Advance(w.ctx(), w.office, p.ID, seen(w.read(p)), Warranty)
		require.Equal(t, []string{"need_takeover"}, lacking(err))
		require.NoError(t, sign(water, w.item(p, "drains")))
		require.NotNil(t, w.item(p, "drains").AcceptedOn)
		w.refused("renovation.item_accepted", sign(water, w.item(p, "drains")))
		p = w.advance(p, Warranty)
		require.Equal(t, clock.Date("2028-03-02"), *p.WarrantyUntil)

		_, err = w.Advance(w.ctx(), w.office, p.ID, seen(p), Closed)
		require.Equal(t, []string{"need_warranty_over", "need_completion_survey", "need_year_survey", "need_management"}, lacking(err))
		require.NoError(t, w.enterOf(p, city, EntryReceived, 100, "回单"))
		soon, later := id.New(), id.New()
		round := Round{Template: "renovation_result", Paths: []string{w.places[w.phase].Path}, Public: true, OpenedOn: "2026-03-10"}
		w.rounds[soon] = round
		w.must(w.LinkSurvey(w.ctx(), w.office, p.ID, anew, ForCompletion, &soon, nil))
		_, err = w.LinkSurvey(w.ctx(), w.office, p.ID, anew, ForYear, &soon, nil)
		w.refused("renovation.round_early", err)
		round.OpenedOn = "2027-03-02"
		w.rounds[later] = round
		w.must(w.LinkSurvey(w.ctx(), w.office, p.ID, anew, ForYear, &later, nil))
		w.clock.Set(clock.Date("2028-03-03").Start())
		_, err = w.Advance(w.ctx(), w.office, p.ID, seen(w.read(p)), Closed)
		require.Equal(t, []string{"need_management", "need_books"}, lacking(err))
		_, err = w.Enter(w.ctx(), w.office, p.ID, city, anew, NewEntry{Kind: EntryReturned, Fen: 100, On: "2028-03-03", Reference: "退回"})
		require.NoError(t, err)
		w.serving[0].LongTerm = true
		p = w.advance(p, Closed)
		require.Equal(t, clock.Date("2028-03-03"), *p.ClosedOn)
		_, err = w.Find(w.ctx(), w.office, p.ID, anew, NewFinding{Kind: FoundDefect, Title: "渗漏"})
		w.refused("renovation.step_illegal", err)
	})
}

// A contractor who fails is replaced while the works go on: on record, within the budget, and with what is still to be mended.
func TestAContractorIsReplacedDuringTheWorks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p, city := w.building()
		next := w.postIn(authz.RoleUtility, id.New(), "contractor", "")
		tender := Tender{next.Grants[0].Org, "牟公易〔2026〕30号", "2026-03-02", 90_000_000}
		_, err := w.ChooseContractor(w.ctx(), w.office, p.ID, anew, tender)
		w.refused("renovation.contract_stands", err)
		require.NoError(t, w.enterOf(p, city, EntryReceived, 60_000_000, "回单"))
		require.NoError(t, w.enterOf(p, city, EntryPaid, 50_000_000, "发票1"))
		require.NoError(t, w.measure(p, "roof", 40_000))
		w.must(w.Find(w.ctx(), w.office, p.ID, anew, NewFinding{Kind: FoundQuality, Title: "卷材空鼓"}))
		found, err := findingsOf(w.ctx(), w.DB, p.ID)
		require.NoError(t, err)

		end := Ending{On: "2026-03-02", Reason: "停工四十日，经催告仍不复工。", SettledFen: 62_000_000}
		for _, wrong := range []struct {
			code   string
			ending Ending
		}{{"renovation.future", Ending{"2026-03-03", end.Reason, 1, nil}}, {"renovation.ended_before", Ending{"2026-03-01", end.Reason, 1, nil}}, {"renovation.settled_over", Ending{end.On, end.Reason, maxFen, nil}}, {"text.length", Ending{end.On, "停工", 1, nil}}} {
			_, err := w.EndContract(w.ctx(), w.office, p.ID, anew, wrong.ending)
			w.refused(wrong.code, err)
		}
		for _, who := range []authz.Principal{w.builder, w.manager, w.committee, w.party, w.resident} {
			_, err := w.EndContract(w.ctx(), who, p.ID, anew, end)
			w.refused("auth.forbidden", err)
		}
		_, err = w.EndContract(w.ctx(), w.elsewhere, p.ID, anew, end)
		w.refused("not_found", err)
		p = w.must(w.EndContract(w.ctx(), w.office, p.ID, seen(w.read(p)), end))
		_, err = w.EndContract(w.ctx(), w.office, p.ID, anew, end)
		w.refused("renovation.no_contractor", err)
		_, err = w.Show(w.ctx(), w.builder, p.ID)
		w.refused("not_found", err)
		now, err := w.Follower(w.ctx(), w.DB, found[0].Order, w.contractor)
		require.NoError(t, err)
		require.Equal(t, w.contractor, now, "nobody follows yet")
		require.Equal(t, []string{"need_contractor"}, w.lacks(p, Acceptance, NeedContractor))
		_, err = w.Find(w.ctx(), w.office, p.ID, anew, NewFinding{Kind: FoundSafety, Title: "临边无防护"})
		w.refused("renovation.no_contractor", err)
		insider := w.living(w.units[5].ID, w.places[w.phase].Path)
		insider.Person = w.builder.Person
		_, err = w.Volunteer(w.ctx(), insider, p.ID, anew)
		w.refused("renovation.involved", err)

		over := tender
		over.PriceFen = p.BudgetFen + 1 // fits into the budget alone, by the overrun rule; not beside what was settled
		_, err = w.ChooseContractor(w.ctx(), w.office, p.ID, anew, over)
		w.refused("renovation.overrun", err)
		p = w.must(w.ChooseContractor(w.ctx(), w.office, p.ID, anew, tender))
		require.Equal(t, map[id.ID]id.ID{found[0].Order: tender.ContractorID}, w.passed)
		for order, want := range map[id.ID]id.ID{found[0].Order: tender.ContractorID, id.New(): w.contractor} {
			now, err := w.Follower(w.ctx(), w.DB, order, w.contractor)
			require.NoError(t, err)
			require.Equal(t, want, now, "what is rejected later is for who follows, too")
		}
		v, err := w.Show(w.ctx(), w.resident, p.ID)
		require.NoError(t, err)
		require.Equal(t, []any{Works, tender.ContractorID, int64(40_000)}, []any{v.State, *v.ContractorID, w.item(p, "roof").DoneQuantity})
		require.Len(t, v.Former, 1)
		former := v.Former[0]
		require.Equal(t, []any{w.contractor, int64(150_000_000), end.On, end.Reason, end.SettledFen}, []any{former.ContractorID, former.PriceFen, former.EndedOn, former.Reason, former.SettledFen})
		require.NoError(t, func() error {
			_, err := w.Measure(w.ctx(), next, p.ID, w.item(p, "roof").ID, anew, Measurement{50_000, "2026-03-02", ""})
			return err
		}())
		require.True(t, fault.Is(w.measure(p, "roof", 60_000), "not_found"), "who has left measures nothing")
	})
}

// Who looks after the works volunteers and works for none of those who are looked after.
func TestSupervisorsVolunteerAndAreNeutral(t *testing.T) {
	w := newWorld(t, freshDB(t))
	p, _ := w.tendered()
	insider := w.resident
	insider.Person = w.builder.Person
	_, err := w.Volunteer(w.ctx(), insider, p.ID, anew)
	w.refused("renovation.involved", err)
	w.must(w.Volunteer(w.ctx(), w.resident, p.ID, anew))
	w.staff[w.contractor] = append(w.staff[w.contractor], w.resident.Person) // taken on meanwhile
	volunteers, err := supervisorsOf(w.ctx(), w.DB, p.ID)
	require.NoError(t, err)
	_, err = w.ConfirmSupervisor(w.ctx(), w.committee, p.ID, volunteers[0].ID, anew)
	w.refused("renovation.supervisor_involved", err)
	w.staff[w.contractor] = w.staff[w.contractor][:1]
	_, err = w.Volunteer(w.ctx(), w.resident, p.ID, anew)
	w.refused("renovation.volunteered", err)
	list, err := supervisorsOf(w.ctx(), w.DB, p.ID)
	require.NoError(t, err)
	own := w.committee
	own.Person = w.resident.Person
	_, err = w.ConfirmSupervisor(w.ctx(), own, p.ID, list[0].ID, anew)
	w.refused("renovation.own_supervisor", err)
	w.setState(p, Works)
	_, err = w.Find(w.ctx(), w.resident, p.ID, anew, NewFinding{Kind: FoundSafety, Title: "脚手架无防护网"})
	w.refused("renovation.not_supervisor", err)
	w.must(w.ConfirmSupervisor(w.ctx(), w.committee, p.ID, list[0].ID, anew))
	w.must(w.Find(w.ctx(), w.resident, p.ID, anew, NewFinding{Kind: FoundSafety, Title: "脚手架无防护网"}))
	require.Equal(t, "building.falling", w.raised[0].Category)
	v, err := w.Show(w.ctx(), w.neighbour, p.ID)
	require.NoError(t, err)
	require.Equal(t, []any{"", false, true}, []any{v.Supervisors[0].Name, v.Supervisors[0].Mine, v.Findings[0].Open})
	v, err = w.Show(w.ctx(), w.committee, p.ID)
	require.NoError(t, err)
	require.Equal(t, "张*", v.Supervisors[0].Name)
	_, err = w.EndSupervisor(w.ctx(), w.neighbour, p.ID, list[0].ID, anew, "不是我")
	require.True(t, fault.Is(err, "auth.forbidden"))
	w.must(w.EndSupervisor(w.ctx(), w.resident, p.ID, list[0].ID, anew, "搬走了"))
	w.must(w.Volunteer(w.ctx(), w.resident, p.ID, anew))
}

// Who signs does so for the item as it is: what is found wrong of it, undone or planned otherwise is looked at and signed for again. Nobody
// signs for two sides.
func TestASignatureIsForTheItemAsItIs(t *testing.T) {
	w := newWorld(t, freshDB(t))
	p, _ := w.building()
	require.NoError(t, w.measure(p, "drains", 120_000))
	w.pass(p, "drains")
	it := w.item(p, "drains")
	sign := func(who authz.Principal) error {
		_, err := w.Sign(w.ctx(), who, p.ID, it.ID, anew, "", nil)
		return err
	}
	held := func() int {
		list, err := signatures(w.ctx(), w.DB, it.ID)
		require.NoError(t, err)
		return len(list)
	}
	turncoat := w.office
	turncoat.Person = w.builder.Person
	w.refused("renovation.both_sides", sign(turncoat))
	require.NoError(t, sign(w.office))
	w.must(w.Look(w.ctx(), w.resident, p.ID, it.ID, anew, NewCheck{Code: w.checklist(p, it)[0].Code, Result: Failed, Note: "坡度不对"}))
	require.Zero(t, held())
	w.pass(p, "drains")
	require.NoError(t, sign(w.office))
	_, err := w.Measure(w.ctx(), w.builder, p.ID, it.ID, anew, Measurement{119_999, "2026-03-02", ""})
	w.refused("renovation.less", err)
	_, err = w.Measure(w.ctx(), w.builder, p.ID, it.ID, anew, Measurement{119_999, "2026-03-02", "返工一段"})
	require.NoError(t, err)
	require.Zero(t, held())
	require.NoError(t, w.measure(p, "drains", 120_000))
	require.NoError(t, sign(w.office))
	items := w.items()
	items[1].Detail, items[1].Title = "管径加大", strings.Repeat("雨污分流", 25)
	w.must(w.PublishPlan(w.ctx(), w.office, p.ID, anew, "管径加大", items))
	w.refused("renovation.not_checked", sign(w.office))
	w.must(w.Look(w.ctx(), w.resident, p.ID, it.ID, anew, NewCheck{Code: w.checklist(p, it)[0].Code, Result: Failed, Note: "坡度还是不对"}))
	require.Len(t, []rune(w.raised[len(w.raised)-1].Title), mostTitle, "put together of long names")
	w.pass(p, "drains")
	require.NoError(t, sign(w.office))
}

// A milestone's planned day never moves; a delay has a reason, and a warning comes once when it is near and once when it is late.
func TestMilestonesWarnAndDelaysHaveReasons(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p, _ := w.building()
		ms := func() Milestone {
			list, err := milestonesOf(w.ctx(), w.DB, p.ID, w.today())
			require.NoError(t, err)
			return list[0]
		}
		told := func() int {
			l, err := job.Acquire(w.ctx(), w.DB, "test", id.New(), w.now(), time.Minute)
			require.NoError(t, err)
			_, err = w.Warnings(w.ctx(), l)
			require.NoError(t, err)
			require.NoError(t, l.Release(w.ctx(), w.DB, w.now()))
			var n int
			require.NoError(t, w.DB.Get(w.ctx(), &n, `SELECT COUNT(*) FROM outbox WHERE topic = 'renovation.milestone'`))
			return n
		}
		require.Equal(t, 0, told())
		w.clock.Set(clock.Date("2026-08-24").Start())
		require.Equal(t, 1, told())
		require.Equal(t, 1, told(), "once")
		_, err := w.DelayMilestone(w.ctx(), w.builder, p.ID, ms().ID, anew, NewDelay{"2026-08-31", ForWeather, ""})
		w.refused("renovation.not_later", err)
		w.clock.Set(clock.Date("2026-09-10").Start())
		_, err = w.DelayMilestone(w.ctx(), w.builder, p.ID, ms().ID, anew, NewDelay{"2026-09-09", ForWeather, ""})
		w.refused("renovation.not_later", err)
		w.clock.Set(clock.Date("2026-08-24").Start())
		_, err = w.DelayMilestone(w.ctx(), w.builder, p.ID, ms().ID, anew, NewDelay{"2026-09-20", ForOther, ""})
		w.refused("text.length", err)
		w.must(w.DelayMilestone(w.ctx(), w.builder, p.ID, ms().ID, anew, NewDelay{"2026-09-20", ForWeather, "连续降雨"}))
		require.Equal(t, []any{clock.Date("2026-08-31"), clock.Date("2026-09-20"), int64(20)}, []any{ms().PlannedOn, ms().ForecastOn, ms().DaysLate})
		require.Equal(t, ForWeather, ms().Delays[0].Reason)
		w.clock.Set(clock.Date("2026-09-20").Start())
		require.Equal(t, 2, told(), "near again")
		w.clock.Set(clock.Date("2026-09-21").Start())
		require.Equal(t, 3, told(), "late")
		require.Equal(t, 3, told())
		w.must(w.ReachMilestone(w.ctx(), w.builder, p.ID, ms().ID, anew, "2026-09-21"))
		_, err = w.ReachMilestone(w.ctx(), w.builder, p.ID, ms().ID, anew, "2026-09-21")
		w.refused("renovation.milestone_reached", err)
		require.Equal(t, int64(21), ms().DaysLate)
		require.Equal(t, 3, told())
	})
}

// Nothing is built of what the owners have not decided on as it is now.
func TestWorkStopsWhereConsentIsLost(t *testing.T) {
	w := newWorld(t, freshDB(t))
	p, _ := w.building()
	require.NoError(t, w.measure(p, "roof", 10_000))
	items := w.items()
	items[0].Detail = "聚氨酯涂膜"
	w.must(w.PublishPlan(w.ctx(), w.office, p.ID, anew, "换材料", items))
	w.refused("renovation.consent_missing", w.measure(p, "roof", 20_000))
	items = slices.Delete(w.items(), 0, 1)
	_, err := w.PublishPlan(w.ctx(), w.office, p.ID, anew, "取消屋面", items)
	w.refused("renovation.item_begun", err)
	items = w.items()
	items[0].Quantity = 9_999
	_, err = w.PublishPlan(w.ctx(), w.office, p.ID, anew, "减少屋面", items)
	w.refused("renovation.item_begun", err)
}

func TestTheDiaryAndItsPhotosAreForThoseWhoLiveThere(t *testing.T) {
	w := newWorld(t, freshDB(t))
	p, _ := w.building()
	entry, err := w.WriteDiary(w.ctx(), w.builder, p.ID, anew, "2026-03-02", "1号楼屋面铲除旧防水层。")
	require.NoError(t, err)
	var pic bytes.Buffer
	require.NoError(t, png.Encode(&pic, image.NewGray(image.Rect(0, 0, 16, 16))))
	h, err := w.AddPhoto(w.ctx(), w.builder, p.ID, entry, anew, int64(pic.Len()), bytes.NewReader(pic.Bytes()))
	require.NoError(t, err)
	again, err := w.AddPhoto(w.ctx(), w.builder, p.ID, entry, anew, int64(pic.Len()), bytes.NewReader(pic.Bytes()))
	require.NoError(t, err)
	require.Equal(t, h, again)
	list, err := w.Diary(w.ctx(), w.resident, p.ID, page.Request{})
	require.NoError(t, err)
	require.Len(t, list.Items[0].Photos, 1)
	_, body, err := w.Photo(w.ctx(), w.resident, p.ID, entry, h, true)
	require.NoError(t, err)
	require.NoError(t, body.Close())
	_, _, err = w.Photo(w.ctx(), w.outsider, p.ID, entry, h, false)
	w.refused("not_found", err)
	_, err = w.WriteDiary(w.ctx(), w.resident, p.ID, anew, "2026-03-02", "我来写")
	require.True(t, fault.Is(err, "auth.forbidden"))
}

// What is earned lies between nothing and the budget, and equals it when all is built.
func TestEarnedValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items, budget := []Item{}, int64(0)
		for range rapid.IntRange(1, 8).Draw(t, "items") {
			it := Item{ID: id.New(), BudgetFen: rapid.Int64Range(0, maxFen).Draw(t, "budget"), Quantity: rapid.Int64Range(1, 100_000_000_000).Draw(t, "quantity"),
				PlannedFrom: day("2026-03-01"), PlannedUntil: day("2026-03-31")}
			it.DoneQuantity = rapid.Int64Range(0, it.Quantity).Draw(t, "done")
			items, budget = append(items, it), budget+it.BudgetFen
		}
		v := earned(items, nil, "2026-03-10")
		require.True(t, v.EarnedFen >= 0 && v.EarnedFen <= budget && v.PlannedFen <= budget)
		for i := range items {
			items[i].DoneQuantity = items[i].Quantity
		}
		require.Equal(t, []int64{budget, budget}, []int64{earned(items, nil, "2026-03-31").EarnedFen, earned(items, nil, "2026-12-31").PlannedFen})
	})
	it := Item{ID: id.New(), BudgetFen: 100_00, Quantity: 100, DoneQuantity: 25, PlannedFrom: day("2026-03-01"), PlannedUntil: day("2026-03-10")}
	v := earned([]Item{it}, map[id.ID]int64{it.ID: 50_00}, "2026-03-05")
	require.Equal(t, []int64{50_00, 25_00, 50_00, 5000, 5000}, []int64{v.PlannedFen, v.EarnedFen, v.ActualFen, *v.Schedule, *v.Cost})
}
