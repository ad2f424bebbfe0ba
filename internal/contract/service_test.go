package contract

import (
	"cmp"
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
)

var ctx = context.Background()

func TestLifeOfAContract(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		require.NoError(t, w.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error { return w.Begin(ctx, tx, w.area, w.Service.now()) }))
		require.Equal(t, UnderNone, w.now().Kind)
		c := w.signed(w.company, w.manager, "HT-1")
		require.Equal(t, clock.Date("2026-03-02"), *c.SignedOn)
		filing, ok, err := deadlineOf(ctx, w.DB, c.ID, DueFiling)
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, clock.Date("2026-03-12"), filing.DueOn, "Shandong: 10 days")
		require.Equal(t, w.Rules.Hash(rules.Localities), filing.RuleHash)

		c, err = w.BringIntoForce(ctx, w.office, c.ID, anew)
		require.NoError(t, err)
		a := w.now()
		require.Equal(t, []any{UnderContract, w.company.ID, w.committee.ID, c.ID}, []any{a.Kind, *a.HandlerID, *a.OwnersRepID, *a.ContractID})
		sla, ok, err := w.Promise(ctx, w.DB, w.area, "whatever", "urgent")
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, SLA{c.ID, 15, 30, 0, 1440, "natural"}, sla)
		_, ok, err = w.Promise(ctx, w.DB, w.sibling, "whatever", "urgent")
		require.NoError(t, err)
		require.False(t, ok)
		orgs, err := w.CompaniesAt(ctx, w.DB, w.dir.places[w.area].Path)
		require.NoError(t, err)
		require.Equal(t, []id.ID{w.company.ID}, orgs)

		w.fake.Set(at("2026-03-20"))
		c, err = w.File(ctx, w.office, c.ID, anew, "2026-03-19", "备-1")
		require.NoError(t, err, "late, but it is recorded")
		filing, _, err = deadlineOf(ctx, w.DB, c.ID, DueFiling)
		require.NoError(t, err)
		require.Equal(t, DueDone, filing.State)
		_, err = w.File(ctx, w.office, c.ID, anew, "2026-03-19", "备-1")
		require.Equal(t, "contract.filed", code(err))

		doc := w.paper(c, w.owner)
		c, err = w.GiveNotice(ctx, w.owner, c.ID, anew, NewNotice{OwnersDismissal, OwnersSide, "2026-03-20", doc})
		require.NoError(t, err)
		list, err := notices(ctx, w.DB, c.ID)
		require.NoError(t, err)
		require.Equal(t, clock.Date("2026-05-19"), list[0].EarliestEnd)
		end := Ending{Ground: ByNotice, NoticeID: &list[0].ID, EndedOn: "2026-05-18"}
		w.fake.Set(at("2026-05-19"))
		_, err = w.Terminate(ctx, w.owner, c.ID, anew, end)
		require.Equal(t, "contract.notice_running", code(err))
		end.EndedOn = "2026-05-19"
		c, err = w.Terminate(ctx, w.owner, c.ID, anew, end)
		require.NoError(t, err)
		require.Equal(t, Terminated, c.State)
		require.Equal(t, UnderNone, w.now().Kind)
		handler, err := w.Handler(ctx, w.DB, w.area)
		require.NoError(t, err)
		require.True(t, handler.IsZero(), "new orders do not go to the outgoing company")
		orgs, err = w.CompaniesAt(ctx, w.DB, w.dir.places[w.area].Path)
		require.NoError(t, err)
		require.Equal(t, []id.ID{w.company.ID}, orgs, "but it still works off its open ones")
		due, _, err := deadlineOf(ctx, w.DB, c.ID, DueHandover)
		require.NoError(t, err)
		require.Equal(t, clock.Date("2026-06-18"), due.DueOn)
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM outbox WHERE topic = 'contract.terminated'`))

		w.handOver(c)
		orgs, err = w.CompaniesAt(ctx, w.DB, w.dir.places[w.area].Path)
		require.NoError(t, err)
		require.Empty(t, orgs)
		all, err := events(ctx, w.DB, c.ID, 0, 100)
		require.NoError(t, err)
		require.EqualValues(t, w.read(c).Version, len(all), "every change left its event")
		require.Equal(t, w.count(`SELECT COUNT(*) FROM contract_event`), w.count(`SELECT COUNT(*) FROM audit_record WHERE object_kind = 'contract'`))
	})
}

// handOver walks the list of a contract that ended, and takes the place over.
func (w *world) handOver(c Contract) {
	t := w.t
	_, err := w.TakeOver(ctx, w.communityHead, c.ID, anew, "")
	require.Equal(t, "contract.items_open", code(err))
	_, err = w.Withhold(ctx, w.manager, c.ID, anew, ItemFiles, Arrears, "")
	require.Equal(t, "contract.arrears_no_ground", code(err))
	_, err = w.Withhold(ctx, w.manager, c.ID, anew, ItemFiles, Pending, "")
	require.NoError(t, err)
	_, err = w.Deliver(ctx, w.communityHead, c.ID, anew, ItemKeys, Delivery{})
	require.Equal(t, "contract.outgoing_only", code(err))
	_, err = w.Deliver(ctx, w.manager, c.ID, anew, ItemDataDeletion, Delivery{})
	require.Equal(t, "contract.document", code(err), "deletion of personal data is proven by a certificate")
	doc := w.paper(c, w.manager)
	_, err = w.Receive(ctx, w.communityHead, c.ID, anew, ItemKeys)
	require.Equal(t, "contract.item_state", code(err))
	both := w.manager
	both.Grants = append(both.Grants, who(authz.RoleCommunity, w.residents).Grants...)
	for _, k := range itemKinds {
		_, err = w.Deliver(ctx, w.manager, c.ID, anew, k, Delivery{Note: "一份", Document: &doc})
		require.NoError(t, err)
		_, err = w.Receive(ctx, w.manager, c.ID, anew, k)
		require.Equal(t, "contract.incoming_only", code(err))
		both.Capacity = both.Grants[1].ID
		_, err = w.Receive(ctx, both, c.ID, anew, k)
		require.Equal(t, "contract.same_person", code(err), "another capacity is not another person")
		_, err = w.Receive(ctx, w.communityHead, c.ID, anew, k)
		require.NoError(t, err)
	}
	_, err = w.TakeOver(ctx, w.manager, c.ID, anew, "")
	require.Equal(t, "contract.incoming_only", code(err))
	done, err := w.TakeOver(ctx, w.communityHead, c.ID, anew, "")
	require.NoError(t, err)
	require.Equal(t, Closed, done.State)
	due, _, err := deadlineOf(ctx, w.DB, c.ID, DueHandover)
	require.NoError(t, err)
	require.Equal(t, DueDone, due.State)
}

func TestSigningNeedsDecisionTwoPersonsAndNoInterest(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.draft(w.company, w.manager, w.terms(Ordinary, "HT-1"))
		_, err := w.Sign(ctx, w.manager, c.ID, anew)
		require.Equal(t, "contract.decision_missing", code(err))
		doc := w.paper(c, w.owner)
		short := passing
		short.JoinedArea--
		_, err = w.RecordDecision(ctx, w.owner, c.ID, anew, Evidence{"2026-02-01", doc, short})
		require.Equal(t, "contract.decision_failed", code(err))
		_, err = w.RecordDecision(ctx, w.owner, c.ID, anew, Evidence{"2026-02-01", blob.HashOf([]byte("x")), passing})
		require.Equal(t, "contract.document", code(err))
		_, err = w.RecordDecision(ctx, w.owner, c.ID, anew, Evidence{"2026-03-03", doc, passing})
		require.Equal(t, "contract.future", code(err))
		_, err = w.RecordDecision(ctx, w.manager, c.ID, anew, Evidence{"2026-02-01", doc, passing})
		require.Equal(t, "contract.not_owners_side", code(err))
		for range 2 { // the second one replaces the first
			_, err = w.RecordDecision(ctx, w.owner, c.ID, anew, Evidence{"2026-02-01", doc, passing})
			require.NoError(t, err)
		}
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM contract_decision`))

		w.dir.conflict = []id.ID{w.owner.Person}
		_, err = w.Sign(ctx, w.owner, c.ID, anew)
		require.Equal(t, "contract.conflict_of_interest", code(err))
		w.dir.conflict = nil
		stranger := who(authz.RoleCommittee, Org{ID: id.New(), Path: w.committee.Path})
		_, err = w.Sign(ctx, stranger, c.ID, anew)
		require.Equal(t, "contract.not_party", code(err))
		c, err = w.Sign(ctx, w.manager, c.ID, anew)
		require.NoError(t, err)
		require.Equal(t, Draft, c.State)
		_, err = w.Sign(ctx, w.manager, c.ID, anew)
		require.Equal(t, "contract.side_done", code(err))
		twoHats := who(authz.RoleCommittee, w.committee)
		twoHats.Person = w.manager.Person
		_, err = w.Sign(ctx, twoHats, c.ID, anew)
		require.Equal(t, "contract.same_person", code(err))

		changed := w.terms(Ordinary, "HT-1")
		changed.Fees[0].Fen = 170
		c, err = w.Replace(ctx, w.owner, c.ID, anew, changed)
		require.NoError(t, err)
		got, err := terms(ctx, w.DB, w.read(c))
		require.NoError(t, err)
		require.EqualValues(t, 170, got.Fees[0].Fen)
		c, err = w.Sign(ctx, w.owner, c.ID, anew)
		require.NoError(t, err)
		require.Equal(t, Draft, c.State, "the company signed other terms")
		stale := c.Version - 1
		_, err = w.Sign(ctx, w.manager, c.ID, Taken{Version: &stale})
		require.Equal(t, "version.stale", code(err))
		c, err = w.Sign(ctx, w.manager, c.ID, Taken{Version: &c.Version})
		require.NoError(t, err)
		require.Equal(t, Signed, w.read(c).State)
		_, err = w.Replace(ctx, w.owner, c.ID, anew, changed)
		require.Equal(t, "contract.step_illegal", code(err))
	})
}

func TestEarlyStageEndsWithTheOwnersContract(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		early := w.earlyStage()
		next := w.signed(w.rival, w.rivalManager, "HT-2")
		before := []int{w.count(`SELECT COUNT(*) FROM contract_event`), w.count(`SELECT COUNT(*) FROM outbox`), w.count(`SELECT COUNT(*) FROM audit_record`), w.count(`SELECT COUNT(*) FROM arrangement`), w.count(`SELECT COUNT(*) FROM contract_handover_item`)}
		arrangement := w.now()

		w.dir.failing.Store(true) // the last parts of the step fail: planning deadlines, after everything else
		_, err := w.BringIntoForce(ctx, w.office, next.ID, anew)
		require.ErrorIs(t, err, errBroken)
		w.dir.failing.Store(false)
		require.Equal(t, early, w.read(early))
		require.Equal(t, next, w.read(next))
		require.Equal(t, arrangement, w.now())
		require.Equal(t, before, []int{w.count(`SELECT COUNT(*) FROM contract_event`), w.count(`SELECT COUNT(*) FROM outbox`), w.count(`SELECT COUNT(*) FROM audit_record`), w.count(`SELECT COUNT(*) FROM arrangement`), w.count(`SELECT COUNT(*) FROM contract_handover_item`)})

		next, err = w.BringIntoForce(ctx, w.office, next.ID, anew)
		require.NoError(t, err)
		early = w.read(early)
		require.Equal(t, []any{Terminated, BySuperseded, clock.Date("2026-03-02")}, []any{early.State, *early.EndGround, *early.EndedOn})
		require.Equal(t, []any{InForce, early.ID}, []any{w.read(next).State, *next.FollowsID})
		require.Equal(t, w.rival.ID, *w.now().HandlerID)
		require.Equal(t, len(itemKinds), w.count(`SELECT COUNT(*) FROM contract_handover_item WHERE contract_id = ?`, early.ID))
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM arrangement WHERE service_area_id = ? AND to_at IS NULL`, w.area))

		_, err = w.Deliver(ctx, w.manager, early.ID, anew, ItemKeys, Delivery{})
		require.NoError(t, err)
		_, err = w.Receive(ctx, w.rivalManager, early.ID, anew, ItemKeys)
		require.NoError(t, err, "the incoming company receives")
	})
}

func (w *world) earlyStage() Contract {
	c := w.draft(w.company, w.builder, w.terms(EarlyStage, "QQ-1"))
	for _, p := range []authz.Principal{w.manager, w.builder} {
		_, err := w.Sign(ctx, p, c.ID, anew)
		require.NoError(w.t, err, "no decision of owners is needed")
	}
	c, err := w.BringIntoForce(ctx, w.office, c.ID, anew)
	require.NoError(w.t, err)
	require.Equal(w.t, InForce, c.State)
	return c
}

func TestPartiesStartAnOrdinaryContract(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.signed(w.company, w.manager, "HT-1")
		for range 2 {
			_, err := w.ConfirmStart(ctx, w.owner, c.ID, anew)
			require.Contains(t, []string{"", "contract.side_done"}, code(err))
			require.Equal(t, Signed, w.read(c).State, "one party alone starts nothing")
		}
		c, err := w.ConfirmStart(ctx, w.manager, c.ID, anew)
		require.NoError(t, err)
		require.Equal(t, InForce, c.State)
		require.Equal(t, w.company.ID, *w.now().HandlerID)
	})
}

// Two companies can sign an early-stage contract for any place that they can name. They take nothing by it.
func TestTwoCompaniesAloneTakeNoPlace(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		custody, err := w.SetArrangement(ctx, w.communityHead, idem.Key{}, w.area, NewArrangement{Kind: UnderCustody, HandlerID: &w.residents.ID, Basis: "x"})
		require.NoError(t, err)
		c := w.draft(w.company, w.builder, w.terms(EarlyStage, "QQ-1"))
		for _, p := range []authz.Principal{w.manager, w.builder} {
			_, err := w.Sign(ctx, p, c.ID, anew)
			require.NoError(t, err)
		}
		for _, p := range []authz.Principal{w.manager, w.builder} {
			_, err := w.ConfirmStart(ctx, p, c.ID, anew)
			require.Equal(t, "contract.office_only", code(err))
		}
		require.Equal(t, Signed, w.read(c).State)
		require.Equal(t, custody, w.now())

		ordinary := w.inForce(w.company, w.manager, "HT-1")
		_, err = w.BringIntoForce(ctx, w.office, c.ID, anew)
		require.Equal(t, "contract.other_in_force", code(err), "not even the same company's replaces what the owners chose")
		require.Equal(t, []any{InForce, Signed}, []any{w.read(ordinary).State, w.read(c).State})
	})
}

func TestRenewalAndOtherCompany(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first := w.inForce(w.company, w.manager, "HT-1")
		other := w.signed(w.rival, w.rivalManager, "HT-2")
		_, err := w.BringIntoForce(ctx, w.office, other.ID, anew)
		require.Equal(t, "contract.other_in_force", code(err), "an ordinary contract is ended by people, not by the next one")
		second := w.signed(w.company, w.manager, "HT-3")
		second, err = w.BringIntoForce(ctx, w.office, second.ID, anew)
		require.NoError(t, err)
		first = w.read(first)
		require.Equal(t, []any{Renewed, ByRenewal, first.ID}, []any{first.State, *first.EndGround, *second.FollowsID})
		require.Zero(t, w.count(`SELECT COUNT(*) FROM contract_handover_item`), "nobody hands over to themselves")
		require.Zero(t, w.count(`SELECT COUNT(*) FROM contract_deadline WHERE contract_id = ? AND state = 'open' AND kind <> 'filing'`, first.ID))
		_, err = w.DraftContract(ctx, w.manager, idem.Key{}, NewContract{w.area, w.company.ID, w.terms(Ordinary, "HT-3")})
		require.Equal(t, "contract.number_taken", code(err))
		_, err = w.Withdraw(ctx, w.owner, other.ID, anew)
		require.NoError(t, err)
		require.Equal(t, Signed, w.read(other).State, "one party does not withdraw from a signed contract")
		other, err = w.Withdraw(ctx, w.rivalManager, other.ID, anew)
		require.NoError(t, err)
		require.Equal(t, Closed, other.State)
		w.draft(w.rival, w.rivalManager, w.terms(Ordinary, "HT-2"))
	})
}

func TestNothingEndsByTheClock(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.inForce(w.company, w.manager, "HT-1")
		_, err := w.RecordContinuation(ctx, w.office, c.ID, anew, "到期未续")
		require.Equal(t, "contract.term_running", code(err))
		w.fake.Set(at("2027-03-05"))
		w.remind()
		require.Equal(t, InForce, w.read(c).State)
		v, err := w.Show(ctx, w.office, c.ID)
		require.NoError(t, err)
		require.True(t, v.Waiting)
		c, err = w.RecordContinuation(ctx, w.communityHead, c.ID, anew, "到期未续，企业继续服务")
		require.NoError(t, err)
		a := w.now()
		require.Equal(t, []any{Indefinite, UnderContinuation, w.company.ID}, []any{c.State, a.Kind, *a.HandlerID})
		_, ok, err := w.Promise(ctx, w.DB, w.area, "x", "urgent")
		require.NoError(t, err)
		require.True(t, ok, "the promises go on (CC 948)")
		doc := w.paper(c, w.manager)
		_, err = w.GiveNotice(ctx, w.manager, c.ID, anew, NewNotice{OwnersDismissal, OwnersSide, "2027-03-05", doc})
		require.Equal(t, "contract.notice_kind", code(err))
		_, err = w.GiveNotice(ctx, w.manager, c.ID, anew, NewNotice{IndefiniteEnd, OwnersSide, "2027-03-05", doc})
		require.Equal(t, "contract.not_party", code(err), "a party speaks for itself only")
		_, err = w.GiveNotice(ctx, w.manager, c.ID, anew, NewNotice{IndefiniteEnd, CompanySide, "2027-03-05", doc})
		require.NoError(t, err)
		list, err := notices(ctx, w.DB, c.ID)
		require.NoError(t, err)
		require.Equal(t, clock.Date("2027-05-04"), list[0].EarliestEnd)
	})
}

func TestProviderMustSpeakNinetyDaysBefore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.inForce(w.company, w.manager, "HT-1") // until 2027-02-28
		doc := w.paper(c, w.manager)
		for _, day := range []clock.Date{"2026-11-30", "2026-12-01"} {
			w.fake.Set(at(string(day)))
			_, err := w.GiveNotice(ctx, w.manager, c.ID, anew, NewNotice{ProviderNonRenewal, CompanySide, day, doc})
			require.NoError(t, err)
		}
		list, err := notices(ctx, w.DB, c.ID)
		require.NoError(t, err)
		require.Equal(t, []any{false, clock.Date("2027-02-28")}, []any{list[0].Late, list[0].EarliestEnd})
		require.Equal(t, []any{true, clock.Date("2027-03-01")}, []any{list[1].Late, list[1].EarliestEnd})
		_, err = w.GiveNotice(ctx, w.manager, c.ID, anew, NewNotice{ProviderNonRenewal, OwnersSide, "2026-12-01", doc})
		require.Equal(t, "contract.notice_side", code(err))
		_, err = w.Terminate(ctx, w.manager, c.ID, anew, Ending{Ground: ByAgreement, EndedOn: "2026-12-01", Document: &doc})
		require.Equal(t, "contract.office_record", code(err))
		c, err = w.Terminate(ctx, w.office, c.ID, anew, Ending{Ground: ByAgreement, EndedOn: "2026-12-01", Document: &doc})
		require.NoError(t, err)
		_, err = w.TakeOver(ctx, w.communityHead, c.ID, anew, "企业撤离")
		require.Equal(t, "contract.items_open", code(err))
		c, err = w.TakeOver(ctx, w.office, c.ID, anew, "企业撤离，拒不交接")
		require.NoError(t, err)
		require.Equal(t, Closed, c.State)
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM contract_event WHERE detail LIKE '%拒不交接%'`))
		require.Zero(t, w.count(`SELECT COUNT(*) FROM audit_record WHERE detail LIKE '%拒不交接%'`), "no free text is sealed")
	})
}

func TestClausesMoveDeadlines(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		terms := w.terms(Ordinary, "HT-1")
		terms.Periods = []Period{{Param: rules.OwnersTerminationNotice, Count: 30, Unit: "calendar_days", Clause: "第二十条"}}
		c := w.draft(w.company, w.manager, terms)
		_, err := w.RecordDecision(ctx, w.owner, c.ID, anew, Evidence{"2026-02-01", w.paper(c, w.owner), passing})
		require.NoError(t, err)
		for _, p := range []authz.Principal{w.manager, w.owner} {
			_, err = w.Sign(ctx, p, c.ID, anew)
			require.NoError(t, err)
		}
		c, err = w.BringIntoForce(ctx, w.office, c.ID, anew)
		require.NoError(t, err)
		_, err = w.GiveNotice(ctx, w.owner, c.ID, anew, NewNotice{OwnersDismissal, OwnersSide, "2026-03-02", w.paper(c, w.owner)})
		require.NoError(t, err)
		list, err := notices(ctx, w.DB, c.ID)
		require.NoError(t, err)
		require.Equal(t, []any{clock.Date("2026-04-01"), "第二十条"}, []any{list[0].EarliestEnd, *list[0].Clause})

		_, err = w.SetPeriod(ctx, w.manager, c.ID, anew, Period{Param: rules.ProviderUnwillingNotice, Count: 120, Unit: "calendar_days", Clause: "第二十一条"})
		require.Equal(t, "auth.forbidden", code(err), "a party alone does not move a deadline")
		_, err = w.SetPeriod(ctx, w.office, c.ID, anew, Period{Param: rules.ProviderUnwillingNotice, Count: 120, Unit: "calendar_days", Clause: "第二十一条"})
		require.NoError(t, err)
		d, _, err := deadlineOf(ctx, w.DB, c.ID, DueNonRenewal)
		require.NoError(t, err)
		require.Equal(t, []any{clock.Date("2026-10-31"), "第二十一条", w.office.Person}, []any{d.DueOn, *d.Clause, *d.OverridePers})
	})
}

func TestArrangementsWithoutContract(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		set := func(p authz.Principal, cur Arrangement, in NewArrangement) (Arrangement, error) {
			in.CurrentID, in.Basis = cur.ID.Ptr(), cmp.Or(in.Basis, "街道〔2026〕1号")
			return w.SetArrangement(ctx, p, idem.Key{}, w.area, in)
		}
		custody, err := set(w.communityHead, Arrangement{}, NewArrangement{Kind: UnderCustody, HandlerID: &w.residents.ID, OwnersRepID: &w.residents.ID})
		require.NoError(t, err)
		_, err = set(w.communityHead, Arrangement{}, NewArrangement{Kind: UnderNone})
		require.Equal(t, "contract.arrangement_changed", code(err))
		_, err = set(w.office, custody, NewArrangement{Kind: UnderCustody, HandlerID: &w.company.ID})
		require.Equal(t, "contract.handler", code(err))
		_, err = set(w.office, custody, NewArrangement{Kind: UnderContract, HandlerID: &w.company.ID})
		require.Equal(t, "contract.arrangement_kind", code(err))
		emergency := NewArrangement{Kind: UnderEmergency, HandlerID: &w.company.ID, UntilOn: dayPtr("2026-09-02")}
		_, err = set(w.communityHead, custody, emergency)
		require.Equal(t, "contract.office_only", code(err))
		emergency.UntilOn = dayPtr("2026-09-03")
		_, err = set(w.office, custody, emergency)
		require.Equal(t, "contract.until", code(err))
		emergency.UntilOn, emergency.Basis = dayPtr("2026-09-02"), strings.Repeat("据", 201)
		_, err = set(w.office, custody, emergency)
		require.Equal(t, "text.length", code(err))
		emergency.Basis = strings.Repeat("据", 200)
		running, err := set(w.office, custody, emergency)
		require.NoError(t, err)
		require.Equal(t, w.residents.ID, *running.OwnersRepID, "who stands for the owners stays")
		w.fake.Set(at("2026-08-01"))
		emergency.UntilOn = dayPtr("2026-09-03")
		_, err = set(w.office, running, emergency)
		require.Equal(t, "contract.until", code(err), "renewing an emergency service does not make it longer")
		self, err := set(w.office, running, NewArrangement{Kind: SelfManaged, HandlerID: &w.committee.ID})
		require.NoError(t, err)
		d, _, err := deadlineOf(ctx, w.DB, running.ID, DueEmergency)
		require.NoError(t, err)
		require.Equal(t, DueDone, d.State)
		rep, err := w.SetOwnersRep(ctx, w.office, idem.Key{}, w.area, &self.ID, w.committee.ID)
		require.NoError(t, err)
		require.Equal(t, []any{SelfManaged, w.committee.ID}, []any{rep.Kind, *rep.OwnersRepID})
		history, err := w.Arrangements(ctx, w.resident, w.area, page.Request{Limit: 3})
		require.NoError(t, err)
		require.Len(t, history.Items, 3)
		require.Equal(t, rep.ID, history.Items[0].ID)
		rest, err := w.Arrangements(ctx, w.resident, w.area, page.Request{Limit: 3, Cursor: history.Next})
		require.NoError(t, err)
		require.Equal(t, custody.ID, rest.Items[0].ID)
		for i, a := range history.Items[1:] {
			require.Equal(t, history.Items[i].From, *a.To, "no moment without an arrangement")
		}
		w.fake.Set(at("2026-03-02"))
		w.inForce(w.company, w.manager, "HT-1")
		_, err = set(w.office, w.now(), NewArrangement{Kind: UnderNone})
		require.Equal(t, "contract.arrangement_held", code(err))
	})
}

// crowd runs n calls at once and returns how many succeeded and the codes of the others.
func crowd(n int, call func(i int) error) (won int, codes map[string]int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	codes = map[string]int{}
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			err := call(i)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else {
				codes[code(err)]++
			}
		})
	}
	close(start)
	wg.Wait()
	return won, codes
}

func TestFiftyAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		early := w.earlyStage()
		next := w.signed(w.rival, w.rivalManager, "HT-2")
		won, codes := crowd(50, func(int) error {
			_, err := w.BringIntoForce(ctx, w.office, next.ID, anew)
			return err
		})
		require.Equal(t, 1, won, codes)
		require.Equal(t, map[string]int{"contract.step_illegal": 49}, codes)
		require.Equal(t, []any{InForce, Terminated}, []any{w.read(next).State, w.read(early).State})
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM arrangement WHERE service_area_id = ? AND to_at IS NULL`, w.area))
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM arrangement WHERE service_area_id = ?`, w.area))
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM outbox WHERE topic = 'contract.in_force'`))
	})
}

func TestTwoContractsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, b := w.signed(w.company, w.manager, "HT-1"), w.signed(w.rival, w.rivalManager, "HT-2")
		won, codes := crowd(20, func(i int) error {
			_, err := w.BringIntoForce(ctx, w.office, []id.ID{a.ID, b.ID}[i%2], anew)
			return err
		})
		require.Equal(t, 1, won, codes)
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM contract WHERE state = 'in_force'`))
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM arrangement`))
	})
}

func TestArrangementIsSetOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for round := range 2 {
			cur := w.now()
			won, codes := crowd(30, func(int) error {
				_, err := w.SetArrangement(ctx, w.office, idem.Key{}, w.area, NewArrangement{CurrentID: cur.ID.Ptr(), Kind: UnderNone, Basis: "x"})
				return err
			})
			require.Equal(t, 1, won, codes)
			require.Equal(t, map[string]int{"contract.arrangement_changed": 29}, codes)
			require.Equal(t, round+1, w.count(`SELECT COUNT(*) FROM arrangement`))
		}
	})
}

func TestRepeatedRequestChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		key := idem.New(w.manager.Account, "draftContract", "key-12345678", "/contracts", nil, w.Service.now())
		in := NewContract{w.area, w.company.ID, w.terms(Ordinary, "HT-1")}
		a, err := w.DraftContract(ctx, w.manager, key, in)
		require.NoError(t, err)
		b, err := w.DraftContract(ctx, w.manager, key, in)
		require.NoError(t, err)
		require.Equal(t, a, b)
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM contract`))
		end := Taken{Once: idem.New(w.manager.Account, "withdrawContract", "key-12345678", "/x", nil, w.Service.now())}
		for range 2 {
			c, err := w.Withdraw(ctx, w.manager, a.ID, end)
			require.NoError(t, err)
			require.Equal(t, Closed, c.State)
		}
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM contract_event`))
	})
}

func TestDocumentsAreKeptWithTheContract(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.draft(w.company, w.manager, w.terms(Ordinary, "HT-1"))
		h := w.paper(c, w.manager)
		require.Equal(t, h, w.paper(c, w.owner), "the same file is one document")
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM contract_document`))
		d, body, err := w.OpenDocument(ctx, w.communityHead, c.ID, h)
		require.NoError(t, err)
		data, err := io.ReadAll(body)
		require.NoError(t, err)
		require.NoError(t, body.Close())
		require.EqualValues(t, d.Size, len(data))
		require.Equal(t, h, blob.HashOf(data))
		held, err := w.Holds(ctx, w.DB, h)
		require.NoError(t, err)
		require.True(t, held)
		_, _, err = w.OpenDocument(ctx, w.rivalManager, c.ID, h)
		require.Equal(t, "not_found", code(err))
	})
}

func TestPartiesAreChecked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		elsewhere := w.org("committee", w.dir.places[w.sibling].Path)
		closed := w.org("company", "")
		closed.Active = false
		w.dir.orgs[closed.ID] = closed
		for want, change := range map[string]func(*NewContract){
			"contract.owners":    func(n *NewContract) { n.OwnersID = &elsewhere.ID },
			"contract.developer": func(n *NewContract) { n.Kind = EarlyStage },
			"contract.company":   func(n *NewContract) { n.CompanyID = w.committee.ID },
		} {
			in := NewContract{w.area, w.company.ID, w.terms(Ordinary, "HT-1")}
			change(&in)
			p := w.manager
			p.Grants = append(p.Grants, authz.Grant{ID: id.New(), Role: authz.RoleCommittee, Org: w.committee.ID, Path: w.committee.Path})
			p.Capacity = p.Grants[0].ID
			if want == "contract.company" {
				p.Capacity = p.Grants[1].ID
			}
			_, err := w.DraftContract(ctx, p, idem.Key{}, in)
			require.Equal(t, want, code(err))
		}
		in := NewContract{w.area, closed.ID, w.terms(Ordinary, "HT-1")}
		_, err := w.DraftContract(ctx, w.owner, idem.Key{}, in)
		require.Equal(t, "contract.company", code(err))
		in.OwnersID = nil
		_, err = w.DraftContract(ctx, who(authz.RoleManager, closed), idem.Key{}, in)
		require.Equal(t, "contract.company", code(err))
		require.Zero(t, w.count(`SELECT COUNT(*) FROM contract`))
	})
}

func TestTermBounds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.signed(w.company, w.manager, "HT-1")
		w.fake.Set(at("2026-02-28").Add(13*time.Hour + 59*time.Minute))
		_, err := w.BringIntoForce(ctx, w.office, c.ID, anew)
		require.Equal(t, "contract.not_started", code(err))
		_, err = w.BringIntoForce(ctx, w.communityHead, c.ID, anew)
		require.Equal(t, "contract.office_only", code(err))
		w.fake.Set(at("2027-03-01"))
		_, err = w.BringIntoForce(ctx, w.office, c.ID, anew)
		require.Equal(t, "contract.term_over", code(err))
		w.fake.Set(at("2027-02-28"))
		_, err = w.BringIntoForce(ctx, w.office, c.ID, anew)
		require.NoError(t, err)
	})
}

// votes is another source of decisions: what it says is tested again.
type votes Tally

func (v votes) Evidence(context.Context, dbx.Querier, id.ID) (Decided, bool, error) {
	return Recorded(Evidence{HeldOn: "2026-02-01", Tally: Tally(v)}), true, nil
}

func TestDecisionFromElsewhereIsTestedToo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		short := passing
		short.FavourHeads = 100
		c := w.draft(w.company, w.manager, w.terms(Ordinary, "HT-1"))
		w.Decisions = votes(short)
		_, err := w.Sign(ctx, w.manager, c.ID, anew)
		require.Equal(t, "contract.decision_failed", code(err))
		w.Decisions = votes(passing)
		_, err = w.Sign(ctx, w.manager, c.ID, anew)
		require.NoError(t, err)

		few := w.draft(w.company, w.manager, w.terms(Ordinary, "HT-2"))
		w.Decisions = fewOwners(short)
		_, err = w.Sign(ctx, w.manager, few.ID, anew)
		require.Equal(t, "contract.decision_failed", code(err))
		w.Decisions = fewOwners(passing)
		_, err = w.Sign(ctx, w.manager, few.ID, anew)
		require.NoError(t, err)
		v, err := w.Show(ctx, w.manager, few.ID)
		require.NoError(t, err)
		require.Equal(t, []any{true, Tally{}, true}, []any{v.Decision.TestsOnly, v.Decision.Tally, v.Tests.Passed()}, "no totals of so few owners")
	})
}

// fewOwners is votes of so few owners that the tests alone are told.
type fewOwners Tally

func (v fewOwners) Evidence(context.Context, dbx.Querier, id.ID) (Decided, bool, error) {
	return Sealed("2026-02-01", blob.Hash{}, Tally(v).Tests()), true, nil
}
