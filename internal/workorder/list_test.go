package workorder

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
)

func (w *world) listed(p authz.Principal, f Filter) []id.ID {
	w.t.Helper()
	var out []id.ID
	for cursor := ""; ; {
		got, err := w.s.List(w.ctx(), p, f, page.Request{Cursor: cursor, Limit: 2})
		require.NoError(w.t, err)
		for _, v := range got.Items {
			out = append(out, v.ID)
		}
		if cursor = got.Next; cursor == "" {
			return out
		}
	}
}

func TestListsHoldWhatTheirReaderMaySee(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		mine, theirs := w.report(w.owner, w.repair()), w.report(w.neighbour, w.defect())
		sent := w.dispatched(w.defect())
		conduct := w.report(w.neighbour, w.conduct())
		done := w.resolved(w.repair())
		all := []id.ID{done, conduct, sent, theirs, mine}

		require.Equal(t, []id.ID{done, sent, mine}, w.listed(w.owner, Filter{}))
		require.Equal(t, []id.ID{conduct, theirs}, w.listed(w.neighbour, Filter{}))
		require.Equal(t, []id.ID{done, sent, theirs, mine}, w.listed(w.manager, Filter{}))
		require.Equal(t, all, w.listed(w.clerk, Filter{}))
		require.Equal(t, all, w.listed(w.office, Filter{}))
		require.Empty(t, w.listed(w.rivalManager, Filter{}))

		require.Equal(t, []id.ID{theirs, mine}, w.listed(w.manager, Filter{ForMe: true}))
		require.Equal(t, []id.ID{sent}, w.listed(w.worker, Filter{ForMe: true}))
		require.Equal(t, []id.ID{conduct}, w.listed(w.clerk, Filter{ForMe: true}))
		require.Equal(t, []id.ID{done}, w.listed(w.owner, Filter{ForMe: true}))
		require.Equal(t, []id.ID{sent}, w.listed(w.manager, Filter{States: []State{Dispatched}}))
		require.Equal(t, []id.ID{done, sent}, w.listed(w.clerk, Filter{AssigneeID: &w.worker.Person}))
		require.Equal(t, []id.ID{theirs}, w.listed(w.clerk, Filter{Text: w.stored(theirs).Number}))
		require.Equal(t, []id.ID{sent, theirs}, w.listed(w.clerk, Filter{Text: "滑梯"}))
		require.Empty(t, w.listed(w.clerk, Filter{Text: "%"}), "no wildcard comes from the caller")
		require.Empty(t, w.listed(w.clerk, Filter{From: clock.DateOf(w.clock.Now()).AddDays(1)}))

		both := w.manager
		both.Grants = append(both.Grants, w.clerk.Grants...)
		require.Equal(t, []id.ID{done, sent, theirs, mine}, w.listed(both, Filter{}), "several capacities are merged, each order once, but for the case about their own company")

		w.clock.Advance(40 * 24 * time.Hour)
		overdue := w.listed(w.clerk, Filter{Overdue: true})
		require.ElementsMatch(t, []id.ID{mine, theirs, sent, conduct}, overdue)
		require.True(t, slices.IsSortedFunc(overdue, func(a, b id.ID) int { return int(*w.stored(a).DueAt - *w.stored(b).DueAt) }))

		_, err := w.s.List(t.Context(), w.clerk, Filter{Sort: "title"}, firstPage)
		require.ErrorIs(t, err, fault.Invalid)
		_, err = w.s.List(t.Context(), w.clerk, Filter{}, page.Request{Cursor: "nonsense"})
		require.ErrorIs(t, err, fault.Invalid)
		_, err = w.s.List(t.Context(), authz.Principal{}, Filter{}, firstPage)
		require.ErrorIs(t, err, fault.Unauthenticated)
	})
}

// TestAListHoldsExactlyWhatItsReaderCouldOpen compares every list with the permission rule, over random
// orders and readers.
func TestAListHoldsExactlyWhatItsReaderCouldOpen(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	var orders []id.ID
	for i := range 24 {
		p := []authz.Principal{w.owner, w.neighbour}[i%2]
		in := []Report{w.defect(), w.conduct()}[i/2%2]
		if i%5 == 0 && in.PartyOrgID == nil && i/2%2 == 1 {
			in.PartyOrgID = &w.committeeOrg
		}
		orders = append(orders, w.report(p, in))
	}
	readers := []authz.Principal{w.owner, w.neighbour, w.manager, w.worker, w.keeper, w.office, w.partyOffice, w.rivalManager}
	rapid.Check(t, func(rt *rapid.T) {
		p := person()
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, len(readers)-1), 1, 3).Draw(rt, "capacities") {
			p.Grants = append(p.Grants, readers[n].Grants...)
		}
		if rapid.Bool().Draw(rt, "is the owner") {
			p.Person = w.owner.Person
		}
		var want []id.ID
		for _, o := range slices.Backward(orders) {
			if w.stored(o).seenBy(p) == nil {
				want = append(want, o)
			}
		}
		if got := w.listed(p, Filter{}); !slices.Equal(got, want) {
			rt.Fatalf("list has %d orders, the rule allows %d", len(got), len(want))
		}
	})
}

// Who moves in later also has a post at the company, and so sees the order: that does not make it their own.
func TestALaterMemberIsNotTheReporterWhateverElseTheyAre(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	order, finished := w.resolved(w.repair()), w.closed(w.repair())
	open := w.report(w.owner, w.repair())
	w.clock.Advance(time.Hour)
	later := func(grants []authz.Grant) authz.Principal {
		p := person()
		home := w.owner.Grants[0]
		home.ID, home.Since = id.New(), clock.Now(w.clock)
		p.Grants = append([]authz.Grant{home}, grants...)
		return p
	}
	plain := later(nil)
	_, err := w.s.Show(t.Context(), plain, order)
	require.ErrorIs(t, err, fault.NotFound)
	require.Empty(t, w.listed(plain, Filter{}))
	view := sight{p: plain, seen: map[id.ID]bool{}}
	require.Empty(t, view.look(seenChange{OrderChange{Order: order}, w.stored(order)}))
	for _, post := range []authz.Principal{w.colleague, w.partyOffice} {
		p := later(post.Grants)
		v, err := w.s.Show(t.Context(), p, order)
		require.NoError(t, err, "by the post")
		require.False(t, v.Reporter.Own)
		_, err = w.s.Confirm(t.Context(), p, order, Taken{}, nil)
		require.ErrorIs(t, err, fault.Forbidden)
		_, err = w.s.Dispute(t.Context(), p, order, Taken{}, "没修好")
		require.ErrorIs(t, err, fault.Forbidden)
		_, err = w.s.Cancel(t.Context(), p, open, Taken{})
		require.ErrorIs(t, err, fault.Forbidden)
		_, err = w.s.Reopen(t.Context(), p, finished, Taken{}, "又漏了")
		require.ErrorIs(t, err, fault.Forbidden)
		require.ErrorIs(t, w.s.Rate(t.Context(), p, idem.Key{}, finished, Answer{Solved: SolvedYes, Satisfied: 5}), fault.Forbidden)
		require.ErrorIs(t, w.s.ReportPressure(t.Context(), p, idem.Key{}, order, "contacted", ""), fault.Forbidden)
	}
}

// Who followed an order and moved in with its reporter later does not withdraw, or answer for, the household.
func TestAFollowerWhoMovedInLaterSpeaksForThemselves(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	main, dup := w.report(w.owner, w.defect()), w.report(w.neighbour, w.defect())
	w.must(w.s.MarkDuplicate(t.Context(), w.manager, dup, Taken{}, main))
	w.clock.Advance(time.Hour)
	p := w.neighbour
	home := w.owner.Grants[0]
	home.ID, home.Since = id.New(), clock.Now(w.clock)
	p.Grants = []authz.Grant{home}
	_, err := w.s.Cancel(t.Context(), p, main, Taken{})
	require.Equal(t, "workorder.not_your_report", code(err))
	who, ok := raterOf(w.stored(main), p)
	require.True(t, ok)
	require.Equal(t, w.otherHousehold, who.key)
}

func TestJobsRemindThenCloseAsUnanswered(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		order := w.resolved(w.repair())
		got, err := w.s.Inspect(t.Context(), w.worker, idem.Key{}, w.defect())
		require.NoError(t, err)
		w.chase()
		require.Equal(t, Resolved, w.stored(order).State)
		w.clock.Advance(3 * 24 * time.Hour)
		w.chase()
		w.chase()
		require.Equal(t, 1, count(t, db, `SELECT COUNT(*) FROM outbox WHERE topic = 'workorder.answer_reminder'`))
		w.clock.Advance(4*24*time.Hour - time.Millisecond)
		w.chase()
		require.Equal(t, Resolved, w.stored(order).State)
		w.clock.Advance(time.Millisecond)
		w.chase()
		o := w.stored(order)
		require.Equal(t, Closed, o.State)
		require.Equal(t, ClosedUnanswered, o.ClosedAs)
		require.Zero(t, count(t, db, `SELECT COUNT(*) FROM work_order_rating`), "no answer is no rating")
		require.Equal(t, Reported, w.stored(got.Order.ID).State)
	})
}

func TestTheSampleIsDrawnOnceAMonth(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		for range 4 {
			w.closed(w.defect())
		}
		w.closed(w.repair())
		w.draw()
		require.Zero(t, count(t, db, `SELECT COUNT(*) FROM work_order_check`), "the month is not over")
		w.clock.Set(time.Date(2026, 12, 1, 0, 0, 0, 0, clock.Shanghai))
		w.draw()
		w.draw()
		require.Equal(t, 3, count(t, db, `SELECT COUNT(*) FROM work_order_check WHERE month = '2026-11' AND state = 'open'`), "the least number, of public areas only")
		open, err := w.s.Checks(t.Context(), w.clerk, "open", firstPage)
		require.NoError(t, err)
		first := open.Items[0].OrderID
		require.NoError(t, w.s.RecordCheck(t.Context(), w.clerk, idem.Key{}, first, false, "没有修好"))
		require.Equal(t, Dispatched, w.stored(first).State)
		require.Equal(t, "workorder.no_check", code(w.s.RecordCheck(t.Context(), w.clerk, idem.Key{}, first, true, "")))
		require.NoError(t, w.s.RecordCheck(t.Context(), w.clerk, idem.Key{}, open.Items[1].OrderID, true, ""))
	})
}

func TestLeavingAPostHandsOverOpenOrders(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		open, done := w.dispatched(w.repair()), w.closed(w.repair())
		require.NoError(t, db.InTx(t.Context(), func(ctx ctxT, tx *dbx.Tx) error {
			return w.s.HandOver(ctx, tx, w.company, w.worker.Person, w.colleague.Person, clock.Now(w.clock))
		}))
		require.Equal(t, w.colleague.Person, *w.stored(open).AssigneeID)
		require.Equal(t, w.worker.Person, *w.stored(done).AssigneeID, "what is over stays as it was")
		w.takeOver(w.rival)
		require.Equal(t, w.rival, *w.stored(open).HandlerOrgID)
		require.Nil(t, w.stored(open).AssigneeID)
		require.Equal(t, w.company, *w.stored(done).HandlerOrgID)
	})
}

// takeOver lets an organisation take over from the company.
func (w *world) takeOver(to id.ID) {
	w.t.Helper()
	w.handler = to
	require.NoError(w.t, w.db.InTx(w.ctx(), func(ctx ctxT, tx *dbx.Tx) error {
		return w.s.TakeOver(ctx, tx, w.area, w.company, to, clock.Now(w.clock))
	}))
}

// Orders that were made for one organisation pass to the one that follows it, by name; what is over or done stays with who did it.
func TestNamedOrdersPassToWhoFollows(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	open, done, over, other := w.dispatched(w.repair()), w.resolved(w.repair()), w.closed(w.repair()), w.dispatched(w.repair())
	require.NoError(t, w.db.InTx(w.ctx(), func(ctx ctxT, tx *dbx.Tx) error {
		return w.s.PassOn(ctx, tx, []id.ID{open, done, over}, w.rival, clock.Now(w.clock))
	}))
	o := w.stored(open)
	require.Equal(t, []any{w.rival, ViaDesignation, Accepted}, []any{*o.HandlerOrgID, o.HandledVia, o.State})
	require.Nil(t, o.AssigneeID)
	for _, kept := range []id.ID{done, over, other} {
		require.Equal(t, w.company, *w.stored(kept).HandlerOrgID)
	}
	// What turns out not to be solved later goes to who follows, too.
	for _, order := range []id.ID{done, over} {
		require.NoError(t, w.db.InTx(w.ctx(), func(ctx ctxT, tx *dbx.Tx) error {
			return tx.ExecOne(ctx, `UPDATE work_order SET handled_via = ? WHERE id = ?`, ViaDesignation, order)
		}))
		w.followed[order] = w.rival
	}
	w.must(w.s.Dispute(t.Context(), w.owner, done, Taken{}, "还在漏水"))
	w.must(w.s.Reopen(t.Context(), w.owner, over, Taken{}, "又漏水了"))
	for _, back := range []id.ID{done, over} {
		require.Equal(t, []any{w.rival, ViaDesignation}, []any{*w.stored(back).HandlerOrgID, w.stored(back).HandledVia})
	}
}

// The clocks of who leaves end with its work; the new handler has its own, by its own promise, from its own dispatch.
func TestWhoTakesOverHasItsOwnClocks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		waiting, asked, returned, deferred := w.dispatched(w.repair()), w.dispatched(w.repair()), w.dispatched(w.repair()), w.dispatched(w.repair())
		w.must(w.s.Pause(t.Context(), w.worker, waiting, Taken{}, WaitingFor{Reason: "resident_absent", Evidence: "敲门三次无人应答"}))
		w.must(w.s.ProposeExtension(t.Context(), w.manager, asked, Taken{}, "配件尚未到货", 1))
		w.must(w.s.Object(t.Context(), w.manager, returned, Taken{}, "合同第三条", "非物业责任"))
		w.must(w.s.ProposeDeferral(t.Context(), w.manager, deferred, Taken{}, "等待维修资金", "2026-12-01"))
		w.must(w.s.DecideDeferral(t.Context(), w.keeper, deferred, Taken{}, true, "同意"))
		review := w.stored(deferred).DueAt
		w.clock.Advance(time.Hour)
		contract := id.New()
		w.promise = &Promise{ContractID: contract, AcceptMin: 15, FixMin: 60}
		w.takeOver(w.rival)
		for _, order := range []id.ID{waiting, asked} {
			o := w.stored(order)
			require.Equal(t, Accepted, o.State, "it is dispatched again")
			require.Equal(t, ForHandler, o.Waiting)
			require.Nil(t, o.ClockStart)
			require.Nil(t, o.FixDueAt)
			require.Nil(t, o.PausedAt)
			require.Empty(t, o.Pending)
			require.Equal(t, StageAccept, o.DueStage)
			require.Equal(t, clock.Now(w.clock).Add(15*time.Minute), *o.DueAt)
			require.Equal(t, contract, *o.SLAContractID)
		}
		require.Zero(t, count(t, db, `SELECT COUNT(*) FROM work_order_pause WHERE to_at IS NULL`))
		require.Zero(t, count(t, db, `SELECT COUNT(*) FROM work_order_proposal WHERE state = 'pending'`))
		w.must(w.s.Dispatch(t.Context(), w.rivalManager, asked, Taken{}, Crew{}))
		require.Equal(t, clock.Now(w.clock).Add(time.Hour), *w.stored(asked).FixDueAt)
		require.Equal(t, Returned, w.stored(returned).State)
		w.must(w.s.DecideObjection(t.Context(), w.keeper, returned, Taken{}, false, nil, "属于物业"))
		require.Equal(t, Accepted, w.stored(returned).State)
		require.Equal(t, StageAccept, w.stored(returned).DueStage)
		require.Equal(t, Deferred, w.stored(deferred).State)
		require.Equal(t, review, w.stored(deferred).DueAt)
	})
}

// Who resolved an order is rated for it; if it was not solved after all, whoever works there now has it.
func TestWhatWasResolvedBeforeATakeOverIsRatedForWhoDidIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		good, bad := w.resolved(w.repair()), w.resolved(w.repair())
		w.takeOver(w.rival)
		w.must(w.s.Confirm(t.Context(), w.owner, good, Taken{}, nil))
		require.Equal(t, w.company, *w.stored(good).HandlerOrgID)
		w.must(w.s.Dispute(t.Context(), w.owner, bad, Taken{}, "还在漏水"))
		o := w.stored(bad)
		require.Equal(t, w.rival, *o.HandlerOrgID)
		require.Equal(t, Accepted, o.State)
		require.Nil(t, o.ClockStart)
		require.Equal(t, StageAccept, o.DueStage)
	})
}
