package workorder

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/rules"
)

func TestTheRelayCarriesMessagesWithoutNames(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		order := w.report(w.owner, w.defect())
		once := key(w.owner, "message-1")
		m, err := w.s.Write(t.Context(), w.owner, once, order, "请打我电话 13800001234")
		require.NoError(t, err)
		require.Equal(t, SideReporter, m.Side)
		again, err := w.s.Write(t.Context(), w.owner, once, order, "请打我电话 13800001234")
		require.NoError(t, err)
		require.Equal(t, m.ID, again.ID)
		_, err = w.s.Write(t.Context(), w.worker, idem.Key{}, order, "请在小区门口等")
		require.NoError(t, err)
		_, err = w.s.Write(t.Context(), w.clerk, idem.Key{}, order, "社区已关注")
		require.NoError(t, err)
		_, err = w.s.Write(t.Context(), w.neighbour, idem.Key{}, order, "我也要说")
		require.ErrorIs(t, err, fault.NotFound)
		_, err = w.s.Write(t.Context(), w.partyOffice, idem.Key{}, order, "督办")
		require.ErrorIs(t, err, fault.Forbidden)

		texts := func(p authz.Principal) []string {
			list, err := w.s.Messages(t.Context(), p, order, firstPage)
			require.NoError(t, err)
			var out []string
			for _, m := range list.Items {
				out = append(out, m.Text)
			}
			return out
		}
		require.Equal(t, []string{"请打我电话 138****1234", "请在小区门口等", "社区已关注"}, texts(w.worker), "the reporter is hidden from the handler")
		for _, p := range []authz.Principal{w.owner, w.clerk, w.partyOffice} {
			require.Equal(t, "请打我电话 13800001234", texts(p)[0])
		}
		require.Equal(t, 3, count(t, db, `SELECT COUNT(*) FROM outbox WHERE topic = 'workorder.message' AND subject_id = ?`, order))
		require.Zero(t, count(t, db, `SELECT COUNT(*) FROM outbox WHERE payload LIKE '%1380000%'`), "no text leaves by the outbox")

		require.NoError(t, w.s.MarkRead(t.Context(), w.worker, order, m.ID))
		list, err := w.s.Messages(t.Context(), w.owner, order, firstPage)
		require.NoError(t, err)
		require.NotNil(t, list.Items[0].ReadAt)
		require.Nil(t, list.Items[1].ReadAt)
		require.True(t, list.Items[0].Mine)
	})
}

func TestNobodyAsksForStarsAfterClosing(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	order := w.closed(w.repair())
	_, err := w.s.Write(t.Context(), w.worker, idem.Key{}, order, "麻烦给个五星")
	require.Equal(t, "workorder.relay_closed", code(err))
	_, err = w.s.Write(t.Context(), w.owner, idem.Key{}, order, "又漏了")
	require.NoError(t, err)
	w.clock.Advance(15*24*time.Hour + time.Millisecond)
	_, err = w.s.Write(t.Context(), w.owner, idem.Key{}, order, "又漏了")
	require.Equal(t, "workorder.relay_closed", code(err))
}

type denyAll struct{}

func (denyAll) AllowMessage(context.Context, id.ID, id.ID) error {
	return fault.New(fault.RateLimited, "ratelimit.exceeded")
}
func (denyAll) AllowBytes(context.Context, id.ID, int64) error {
	return fault.New(fault.RateLimited, "ratelimit.exceeded")
}

func TestTheMessageLimitIsAsked(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	order := w.report(w.owner, w.repair())
	w.s.MessageLimit = denyAll{}
	_, err := w.s.Write(t.Context(), w.owner, idem.Key{}, order, "在吗")
	require.ErrorIs(t, err, fault.RateLimited)
	require.ErrorIs(t, w.s.ReportPressure(t.Context(), w.owner, idem.Key{}, order, "contacted", ""), fault.RateLimited)
}

func TestAnIdentityIsOpenedForAReasonAndATimeAndTheReporterSeesIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		order := w.dispatched(w.danger())
		_, err := w.s.Reveal(t.Context(), w.manager, idem.Key{}, order, personal.ReasonInquiry, 0)
		require.Equal(t, "workorder.reveal_reason", code(err), "a company does not look into who complained")
		_, err = w.s.Reveal(t.Context(), w.clerk, idem.Key{}, order, "curious", 0)
		require.Equal(t, "workorder.reveal_reason", code(err))
		_, err = w.s.Reveal(t.Context(), w.clerk, idem.Key{}, order, personal.ReasonInquiry, 25*time.Hour)
		require.Equal(t, "workorder.reveal_hours", code(err))
		_, err = w.s.Reveal(t.Context(), w.partyOffice, idem.Key{}, order, personal.ReasonInquiry, 0)
		require.ErrorIs(t, err, fault.Forbidden)
		_, err = w.s.Reveal(t.Context(), w.rivalManager, idem.Key{}, order, personal.ReasonEmergency, 0)
		require.ErrorIs(t, err, fault.NotFound)

		r, err := w.s.Reveal(t.Context(), w.manager, idem.Key{}, order, personal.ReasonEmergency, 0)
		require.NoError(t, err)
		require.Equal(t, clock.Now(w.clock).Add(2*time.Hour), r.ExpiresAt)
		_, err = w.s.Revealed(t.Context(), w.worker, order, r.ID)
		require.ErrorIs(t, err, fault.NotFound, "opened to one person, not to a company")
		c, err := w.s.Revealed(t.Context(), w.manager, order, r.ID)
		require.NoError(t, err)
		require.Equal(t, OrderContact{"王小明", "13800001234"}, c)
		w.clock.Advance(2*time.Hour - time.Millisecond)
		_, err = w.s.Revealed(t.Context(), w.manager, order, r.ID)
		require.NoError(t, err)
		w.clock.Advance(time.Millisecond)
		_, err = w.s.Revealed(t.Context(), w.manager, order, r.ID)
		require.Equal(t, "workorder.reveal_over", code(err), "it ends by itself")

		seen, err := w.s.IdentityOpenings(t.Context(), w.owner, order)
		require.NoError(t, err)
		require.Len(t, seen, 5, "one window, two showings of name and phone")
		require.Equal(t, "revealed", seen[4].What)
		require.Equal(t, "manager", seen[4].Role)
		require.Equal(t, personal.ReasonEmergency, seen[0].Reason)
		_, err = w.s.IdentityOpenings(t.Context(), w.clerk, order)
		require.ErrorIs(t, err, fault.Forbidden)
		require.Equal(t, 1, count(t, db, `SELECT COUNT(*) FROM outbox WHERE topic = 'workorder.identity_opened' AND subject_id = ?`, order))

		r, err = w.s.Reveal(t.Context(), w.clerk, idem.Key{}, order, personal.ReasonInquiry, time.Hour)
		require.NoError(t, err)
		require.NoError(t, w.s.EndReveal(t.Context(), w.clerk, order, r.ID))
		_, err = w.s.Revealed(t.Context(), w.clerk, order, r.ID)
		require.Equal(t, "workorder.reveal_over", code(err))
		r, err = w.s.Reveal(t.Context(), w.clerk, idem.Key{}, order, personal.ReasonInquiry, time.Hour)
		require.NoError(t, err)
		gone := w.clerk
		gone.Grants = nil
		_, err = w.s.Revealed(t.Context(), gone, order, r.ID)
		require.ErrorIs(t, err, fault.NotFound, "a post that ended ends the window")
		both := w.clerk
		both.Grants = append(both.Grants, w.manager.Grants...)
		_, err = w.s.Reveal(t.Context(), both, idem.Key{}, order, personal.ReasonInquiry, time.Hour)
		require.Error(t, err, "whoever also works for the company does not open it for the community")
	})
}

// Residents are told that a repairer sees their name until the order is over.
func TestWhoHadAnOrderInHandOpensNobodyOnceItIsOver(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	order := w.resolved(w.repair())
	r, err := w.s.Reveal(t.Context(), w.worker, idem.Key{}, order, personal.ReasonVisit, time.Hour)
	require.NoError(t, err)
	w.must(w.s.Confirm(w.ctx(), w.owner, order, Taken{}, nil))
	_, err = w.s.Revealed(t.Context(), w.worker, order, r.ID)
	require.Equal(t, "workorder.contact_hidden", code(err), "a window that is open closes with the order")
	for _, p := range []authz.Principal{w.worker, w.manager} {
		_, err = w.s.Reveal(t.Context(), p, idem.Key{}, order, personal.ReasonVisit, time.Hour)
		require.Equal(t, "workorder.contact_hidden", code(err))
	}
	_, err = w.s.Reveal(t.Context(), w.clerk, idem.Key{}, order, personal.ReasonCallback, time.Hour)
	require.NoError(t, err, "the community calls back afterwards")
}

// Danger is what the order says, not what its reader says.
func TestAnEmergencyIsNoReasonOnAnOrderThatIsNone(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for name, in := range map[string]Report{"repair": w.repair(), "defect": w.defect()} {
		order := w.dispatched(in)
		for _, p := range []authz.Principal{w.manager, w.clerk, w.office} {
			_, err := w.s.Reveal(t.Context(), p, idem.Key{}, order, personal.ReasonEmergency, 0)
			require.Contains(t, []string{"workorder.reveal_reason", "workorder.contact_hidden"}, code(err), name)
		}
	}
	order := w.dispatched(w.danger())
	for _, p := range []authz.Principal{w.manager, w.clerk} {
		_, err := w.s.Reveal(t.Context(), p, idem.Key{}, order, personal.ReasonEmergency, 0)
		require.NoError(t, err)
	}
}

func TestThePartyAnswersOnACaseWithoutNames(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		order := w.report(w.owner, w.conduct())
		number := w.stored(order).Number
		for _, bad := range []string{"来电 13800001234 反映保安态度", "王小明 反映保安态度不好", "工单 " + number + " 反映保安态度"} {
			_, err := w.s.AskStatement(t.Context(), w.keeper, idem.Key{}, order, bad, nil)
			require.Equal(t, "workorder.case_text_identifies", code(err), bad)
		}
		const clean = "有居民反映贵公司门岗人员服务态度恶劣，请说明情况。"
		_, err := w.s.AskStatement(t.Context(), w.manager, idem.Key{}, order, clean, nil)
		require.ErrorIs(t, err, fault.NotFound, "the company does not know of the case")
		c, err := w.s.AskStatement(t.Context(), w.keeper, idem.Key{}, order, clean, nil)
		require.NoError(t, err)
		require.Equal(t, clock.At(clock.Date("2026-11-26").Start()), c.DueAt, "five working days from Wednesday end with Wednesday")
		_, err = w.s.AskStatement(t.Context(), w.office, idem.Key{}, order, clean, nil)
		require.Equal(t, "workorder.statement_open", code(err))
		_, err = w.s.AskStatement(t.Context(), w.keeper, idem.Key{}, w.report(w.owner, w.defect()), clean, nil)
		require.Equal(t, "workorder.not_conduct", code(err))

		asked, err := w.s.AskedStatements(t.Context(), w.manager, firstPage)
		require.NoError(t, err)
		require.Len(t, asked.Items, 1)
		require.Nil(t, asked.Items[0].OrderID, "the party learns nothing of the order")
		rivals, err := w.s.AskedStatements(t.Context(), w.rivalManager, firstPage)
		require.NoError(t, err)
		require.Empty(t, rivals.Items)
		_, err = w.s.ShowStatement(t.Context(), w.rivalManager, c.ID)
		require.ErrorIs(t, err, fault.NotFound)
		_, err = w.s.AnswerStatement(t.Context(), w.worker, idem.Key{}, c.ID, "不是我们")
		require.ErrorIs(t, err, fault.Forbidden)

		w.clock.Advance(9 * 24 * time.Hour)
		var won atomic.Int32
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if _, err := w.s.AnswerStatement(t.Context(), w.manager, idem.Key{}, c.ID, "已批评教育当班人员"); err == nil {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 1, won.Load())
		list, err := w.s.Statements(t.Context(), w.keeper, order)
		require.NoError(t, err)
		require.Equal(t, "已批评教育当班人员", *list[0].Answer)
		require.True(t, list[0].Late)
		list, err = w.s.Statements(t.Context(), w.owner, order)
		require.NoError(t, err)
		require.Nil(t, list[0].Answer)
		require.Equal(t, "workorder.statement_over", code(w.s.WithdrawStatement(t.Context(), w.keeper, c.ID)))
	})
}

func TestPressureGoesToTheStreetAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		order := w.dispatched(w.repair())
		before := w.stored(order).Version
		require.ErrorIs(t, w.s.ReportPressure(t.Context(), w.worker, idem.Key{}, order, "contacted", ""), fault.Forbidden)
		require.Equal(t, "workorder.pressure_kind", code(w.s.ReportPressure(t.Context(), w.owner, idem.Key{}, order, "annoyed", "")))
		require.NoError(t, w.s.ReportPressure(t.Context(), w.owner, idem.Key{}, order, "asked_to_withdraw", "项目经理上门让我撤回"))
		require.Equal(t, before, w.stored(order).Version, "nothing of it shows at the order")

		for name, p := range map[string]authz.Principal{"office": w.office, "party": w.partyOffice} {
			list, err := w.s.PressureReports(t.Context(), p, "open", firstPage)
			require.NoError(t, err)
			require.Len(t, list.Items, 1, name)
		}
		for name, p := range map[string]authz.Principal{"manager": w.manager, "worker": w.worker, "secretary": w.keeper, "clerk": w.clerk, "owner": w.owner} {
			_, err := w.s.PressureReports(t.Context(), p, "open", firstPage)
			require.ErrorIs(t, err, fault.Forbidden, name)
		}
		list, err := w.s.PressureReports(t.Context(), w.office, "open", firstPage)
		require.NoError(t, err)
		report := list.Items[0].ID
		both := w.office
		both.Grants = append(both.Grants, w.manager.Grants...)
		hidden, err := w.s.PressureReports(t.Context(), both, "open", firstPage)
		require.NoError(t, err)
		require.Empty(t, hidden.Items, "a person of the company with a post at the street does not see it")
		require.ErrorIs(t, w.s.ClosePressure(t.Context(), both, idem.Key{}, report, "没事"), fault.NotFound)
		require.ErrorIs(t, w.s.ClosePressure(t.Context(), w.keeper, idem.Key{}, report, "没事"), fault.NotFound)
		require.ErrorIs(t, w.s.ClosePressure(t.Context(), w.manager, idem.Key{}, report, "没事"), fault.NotFound)
		require.NoError(t, w.s.ClosePressure(t.Context(), w.partyOffice, idem.Key{}, report, "已约谈项目经理"))
		require.Equal(t, "workorder.pressure_closed", code(w.s.ClosePressure(t.Context(), w.office, idem.Key{}, report, "再次")))
		require.Zero(t, count(t, db, `SELECT COUNT(*) FROM audit_record WHERE object_kind = 'pressure_report' AND scope_path LIKE ?`, w.communityPath+"%"),
			"no auditor of the community meets it")
	})
}

func TestWhatAPersonWroteIsExportedAndForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		order := w.report(w.owner, w.repair())
		_, err := w.s.Write(t.Context(), w.owner, idem.Key{}, order, "电话 13800001234")
		require.NoError(t, err)
		got, err := w.s.ExportMessages(t.Context(), db, w.owner.Person)
		require.NoError(t, err)
		require.Equal(t, "电话 13800001234", got[0].Text)
		require.NoError(t, db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error { return w.s.ErasePerson(ctx, tx, w.owner.Person) }))
		require.Equal(t, 1, count(t, db, `SELECT COUNT(*) FROM work_order_message WHERE person_id IS NULL AND text = '电话 138****1234'`))
	})
}

func TestHomeRepairsShowTheWorkerWhatTheReporterWrote(t *testing.T) {
	o := &Order{}
	org := id.New()
	o.HandlerOrgID = &org
	m := RelayMessage{Side: SideReporter, Text: "13800001234"}
	for rule, want := range map[rules.Identity]string{rules.HomeRepair: "13800001234", rules.ServiceDefect: "138****1234"} {
		o.IdentityRule = rule
		require.Equal(t, want, m.shown(o, SideHandler, id.New()).Text, rule)
	}
	require.Equal(t, "138****1234", m.shown(o, SideReporter, id.New()).Text, "reporters of duplicates stay hidden from each other")
}

// A body of the community answers by its own people, and not by the one whom the case is about.
func TestABodyOfTheCommunityAnswersForItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		in := w.conduct()
		in.PartyOrgID = &w.committeeOrg
		order := w.report(w.owner, in)
		const clean = "有居民反映居委会工作人员办事推诿，请说明情况。"
		_, err := w.s.AskStatement(t.Context(), w.office, idem.Key{}, order, clean, &w.worker.Person)
		require.Equal(t, "workorder.about_not_theirs", code(err))
		c, err := w.s.AskStatement(t.Context(), w.office, idem.Key{}, order, clean, &w.keeper.Person)
		require.NoError(t, err)
		require.Equal(t, w.keeper.Person, *c.AboutPersonID)

		asked := func(p authz.Principal) []CaseStatement {
			list, err := w.s.AskedStatements(t.Context(), p, firstPage)
			require.NoError(t, err)
			return list.Items
		}
		nextDoor := w.keeper // of another organisation of the same community
		nextDoor.Person = id.New()
		nextDoor.Grants = []authz.Grant{{ID: id.New(), Role: authz.RoleCommunity, Org: id.New(), Path: w.communityPath}}
		for name, p := range map[string]authz.Principal{"the one it is about": w.keeper, "next door": nextDoor, "the company": w.manager} {
			_, err := w.s.ShowStatement(t.Context(), p, c.ID)
			require.ErrorIs(t, err, fault.NotFound, name)
			_, err = w.s.AnswerStatement(t.Context(), p, idem.Key{}, c.ID, "没有此事")
			require.ErrorIs(t, err, fault.NotFound, name)
			require.Empty(t, asked(p), name)
		}
		require.Len(t, asked(w.clerk), 1)
		got, err := w.s.AnswerStatement(t.Context(), w.clerk, idem.Key{}, c.ID, "已核实并整改")
		require.NoError(t, err)
		require.Equal(t, "answered", got.State)
		require.Nil(t, got.OrderID)
		require.Nil(t, got.AboutPersonID)
		_, err = w.s.Show(t.Context(), w.clerk, order)
		require.ErrorIs(t, err, fault.NotFound, "who answers still knows nothing of the order")
		list, err := w.s.Statements(t.Context(), w.office, order)
		require.NoError(t, err)
		require.Equal(t, "已核实并整改", *list[0].Answer)
		list, err = w.s.Statements(t.Context(), w.owner, order)
		require.NoError(t, err)
		require.Nil(t, list[0].AboutPersonID)
	})
}
