package workorder

import (
	"errors"
	"strings"
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
	"github.com/redproperty/redproperty/internal/rules"
)

func count(t *testing.T, db *dbx.DB, query string, args ...any) int {
	t.Helper()
	var n int
	require.NoError(t, db.Get(t.Context(), &n, query, args...))
	return n
}

func key(p authz.Principal, header string) idem.Key {
	return idem.New(p.Account, "op", header, "/x", []byte("{}"), clock.At(testNow))
}

func TestAnOrderGoesThroughTheWholeLoop(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		order := w.report(w.owner, w.repair())
		o := w.stored(order)
		require.Equal(t, "NH-20261118-0001", o.Number)
		require.Equal(t, Reported, o.State)
		require.Equal(t, w.company, *o.HandlerOrgID)
		require.Equal(t, Reference, o.SLASource)
		require.Equal(t, StageAccept, o.DueStage)

		w.must(w.s.Accept(w.ctx(), w.manager, order, Taken{}))
		w.clock.Advance(time.Hour)
		w.must(w.s.Dispatch(w.ctx(), w.manager, order, Taken{}, Crew{PersonID: &w.worker.Person}))
		o = w.stored(order)
		require.Equal(t, clock.Now(w.clock), *o.ClockStart, "the clock starts at dispatch, not at arrival")
		require.Equal(t, ForAssignee, o.Waiting)

		w.must(w.s.Arrive(w.ctx(), w.worker, order, Taken{}))
		w.must(w.s.Control(w.ctx(), w.worker, order, Taken{}))
		w.must(w.s.Note(w.ctx(), w.worker, order, Taken{}, "需要更换阀门"))
		w.must(w.s.Resolve(w.ctx(), w.worker, order, Taken{}, "已更换"))
		w.must(w.s.Confirm(w.ctx(), w.owner, order, Taken{}, &Answer{Solved: SolvedYes, Satisfied: 5}))
		o = w.stored(order)
		require.Equal(t, Closed, o.State)
		require.Equal(t, ClosedConfirmed, o.ClosedAs)
		require.EqualValues(t, 1, o.ClosureNo)
		require.Nil(t, o.DueAt)
		events, err := Events(t.Context(), db, order)
		require.NoError(t, err)
		require.Len(t, events, int(o.Version))
		require.Equal(t, int(o.Version)+1, count(t, db, `SELECT COUNT(*) FROM audit_record WHERE object_id = ?`, order), "each step and the rating are audited")
		require.Equal(t, 1, count(t, db, `SELECT COUNT(*) FROM outbox WHERE subject_id = ? AND topic = 'workorder.closed'`, order))
		require.Equal(t, 1, count(t, db, `SELECT COUNT(*) FROM work_order_rating WHERE order_id = ? AND rater_key = ?`, order, w.household))
	})
}

func TestOfFiftySimultaneousStepsExactlyOneWins(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		order := w.report(w.owner, w.repair())
		var won atomic.Int32
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				_, err := w.s.Accept(t.Context(), w.manager, order, Taken{})
				if err == nil {
					won.Add(1)
					return
				}
				if !errors.Is(err, fault.Conflict) {
					t.Errorf("want a conflict, got %v", err)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 1, won.Load())
		require.EqualValues(t, 2, w.stored(order).Version)
		require.Equal(t, 2, count(t, db, `SELECT COUNT(*) FROM work_order_event WHERE order_id = ?`, order))
		require.Equal(t, 1, count(t, db, `SELECT COUNT(*) FROM audit_record WHERE object_id = ? AND action = 'workorder.accept'`, order))
	})
}

func TestOfFiftySimultaneousStepsThatKeepTheStateOneWinsItsVersion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		order := w.dispatched(w.repair())
		version := w.stored(order).Version
		var won atomic.Int32
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				_, err := w.s.Note(t.Context(), w.worker, order, Taken{Version: &version}, "进展")
				if err == nil {
					won.Add(1)
				} else if !errors.Is(err, fault.Conflict) && !errors.Is(err, fault.Stale) {
					t.Errorf("unexpected: %v", err)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 1, won.Load())
		require.Equal(t, version+1, w.stored(order).Version)
		require.EqualValues(t, version+1, count(t, db, `SELECT COUNT(*) FROM work_order_event WHERE order_id = ?`, order))
	})
}

func TestOfFiftySimultaneousRatingsOfAClosureOneIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		order := w.closed(w.repair())
		before := w.stored(order).Version
		var won atomic.Int32
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				err := w.s.Rate(t.Context(), w.owner, idem.Key{}, order, Answer{Solved: SolvedNo, Satisfied: 1})
				if err == nil {
					won.Add(1)
				} else if code(err) != "workorder.rated_already" {
					t.Errorf("unexpected: %v", err)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 1, won.Load())
		require.Equal(t, 1, count(t, db, `SELECT COUNT(*) FROM work_order_rating WHERE order_id = ?`, order))
		require.Equal(t, 1, count(t, db, `SELECT COUNT(*) FROM work_order_callback WHERE order_id = ? AND state = 'open'`, order), "a low answer opens one call-back")
		require.Equal(t, before, w.stored(order).Version, "the version, which the company sees, does not tell that somebody rated")
	})
}

func TestNumbersAreUniqueUnderConcurrency(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() {
				if _, err := w.s.Report(t.Context(), w.owner, idem.Key{}, w.defect()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		require.Equal(t, 30, count(t, db, `SELECT COUNT(DISTINCT number) FROM work_order`))
		require.Equal(t, 30, count(t, db, `SELECT last FROM work_order_number WHERE prefix = 'NH'`))
	})
}

func TestARepeatedCallWithItsKeyChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		once := key(w.owner, "report-1")
		a, err := w.s.Report(t.Context(), w.owner, once, w.repair())
		require.NoError(t, err)
		b, err := w.s.Report(t.Context(), w.owner, once, w.repair())
		require.NoError(t, err)
		require.Equal(t, a.Order.ID, b.Order.ID)
		require.Equal(t, 1, count(t, db, `SELECT COUNT(*) FROM work_order`))

		how := Taken{Once: key(w.manager, "accept-1")}
		w.must(w.s.Accept(t.Context(), w.manager, a.Order.ID, how))
		v, err := w.s.Accept(t.Context(), w.manager, a.Order.ID, how)
		require.NoError(t, err, "the state has moved on, but the repetition is answered, not refused")
		require.Equal(t, Accepted, v.State)
		require.EqualValues(t, 2, w.stored(a.Order.ID).Version)
	})
}

func TestAnIllegalStepNamesTheLegalOnes(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	order := w.report(w.owner, w.repair())
	_, err := w.s.Resolve(t.Context(), w.worker, order, Taken{}, "x")
	f := fault.Of(err)
	require.Equal(t, fault.Conflict, f.Kind)
	require.Equal(t, "workorder.step_illegal", f.Code)
	require.Equal(t, "reported", f.Params["state"])
	require.Contains(t, f.Params["allowed"], "accept")
	require.NotContains(t, f.Params["allowed"], "resolve")

	version := int64(7)
	_, err = w.s.Accept(t.Context(), w.manager, order, Taken{Version: &version})
	require.ErrorIs(t, err, fault.Stale)
	require.EqualValues(t, 1, w.stored(order).Version)
}

func TestStrangersFindNothing(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	order := w.report(w.owner, w.repair())
	for name, p := range map[string]authz.Principal{"rival": w.rivalManager, "neighbour": w.neighbour, "nobody": person()} {
		_, err := w.s.Show(t.Context(), p, order)
		require.ErrorIs(t, err, fault.NotFound, name)
		_, err = w.s.Accept(t.Context(), p, order, Taken{})
		require.ErrorIs(t, err, fault.NotFound, name)
	}
	_, err := w.s.Accept(t.Context(), w.partyOffice, order, Taken{})
	require.ErrorIs(t, err, fault.Forbidden, "the Party committee supervises, it does not handle")
	_, err = w.s.Accept(t.Context(), w.keeper, order, Taken{})
	require.ErrorIs(t, err, fault.Forbidden, "the order is in the company's hands")
	_, err = w.s.Report(t.Context(), w.neighbour, idem.Key{}, w.repair())
	require.Error(t, err, "nobody reports for another's dwelling")
	_, err = w.s.Report(t.Context(), w.owner, idem.Key{}, Report{Where: Where{ServiceAreaID: &w.otherArea}, Category: w.defect().Category})
	require.ErrorIs(t, err, fault.NotFound)
}

func TestAnUnnamedReportKeepsNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		once := key(w.owner, "unnamed-1")
		got, err := w.s.ReportUnnamed(t.Context(), w.owner, once, w.defect())
		require.NoError(t, err)
		require.NotEmpty(t, got.FollowToken)
		o := w.stored(got.Order.ID)
		require.Nil(t, o.ReporterID)
		require.Nil(t, o.HouseholdID)
		require.Equal(t, ClosesOnVerification, o.Closing)
		require.Zero(t, count(t, db, `SELECT COUNT(*) FROM audit_record WHERE account_id IS NOT NULL OR person_id IS NOT NULL OR post_id IS NOT NULL OR request_id <> ''`))
		require.Zero(t, count(t, db, `SELECT COUNT(*) FROM work_order_event WHERE actor_person_id IS NOT NULL`))
		require.Zero(t, count(t, db, `SELECT COUNT(*) FROM idempotency WHERE principal = ?`, w.owner.Account), "the key is claimed under itself")

		again, err := w.s.ReportUnnamed(t.Context(), w.owner, once, w.defect())
		require.NoError(t, err)
		require.Equal(t, got.Order.ID, again.Order.ID)
		for _, token := range []string{got.FollowToken, again.FollowToken} {
			v, err := w.s.Follow(t.Context(), token)
			require.NoError(t, err)
			require.Equal(t, o.Number, v.Number)
		}
		_, err = w.s.Follow(t.Context(), "wrong")
		require.ErrorIs(t, err, fault.NotFound)
		_, err = w.s.ReportUnnamed(t.Context(), w.owner, idem.Key{}, w.repair())
		require.Equal(t, "workorder.unnamed_place", code(err))
	})
}

// Who may not report about a place learns nothing of what a report would have to say.
func TestAPlaceIsAskedForBeforeWhatIsSaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		unknown := id.New()
		for name, where := range map[string]Where{"another street's": {ServiceAreaID: &w.otherArea}, "none": {ServiceAreaID: &unknown}} {
			wrong := Report{Where: where, Category: "no.such", Title: strings.Repeat("长", 200)}
			wrong.Where.Detail = "\x00"
			reports := map[string]func() error{
				"report":  func() error { _, err := w.s.Report(t.Context(), w.owner, idem.Key{}, wrong); return err },
				"unnamed": func() error { _, err := w.s.ReportUnnamed(t.Context(), w.owner, idem.Key{}, wrong); return err },
				"front desk": func() error {
					_, err := w.s.ReportForCaller(t.Context(), w.clerk, idem.Key{}, Call{Report: wrong})
					return err
				},
				"inspection": func() error { _, err := w.s.Inspect(t.Context(), w.keeper, idem.Key{}, wrong); return err },
			}
			for how, report := range reports {
				require.ErrorIs(t, report(), fault.NotFound, "%s: %s", how, name)
			}
		}
		wrong := w.defect()
		wrong.Category = "no.such"
		_, err := w.s.Report(t.Context(), w.owner, idem.Key{}, wrong)
		require.Equal(t, "rules.category_unknown", code(err), "behind the permission it is said")
		next := w.repair()
		next.Where.UnitID = &w.otherUnit
		_, err = w.s.ReportUnnamed(t.Context(), w.owner, idem.Key{}, next)
		require.ErrorIs(t, err, fault.NotFound, "another household's dwelling")
	})
}

func TestDangerToLifeIsAnsweredWithTheNumbersToRing(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	in := w.defect()
	in.Category = firstCategory(t, func(c *rules.Category) bool { return c.Emergency != nil }).Code
	got, err := w.s.Report(t.Context(), w.owner, idem.Key{}, in)
	require.NoError(t, err)
	require.NotNil(t, got.Emergency)
	require.Contains(t, []string{"119", "110", "120"}, got.Emergency.Call[0].Number)
}

func TestTheHotlineKeepsItsOwnNumberAndDeadline(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	due := clock.At(testNow.Add(7 * 24 * time.Hour))
	got, err := w.s.ReportForCaller(t.Context(), w.clerk, idem.Key{}, Call{Report: w.defect(), CallerPhone: "138 0000 1234", ExternalNumber: "12345-2026-9", ExternalDueAt: &due})
	require.NoError(t, err)
	o := w.stored(got.Order.ID)
	require.Equal(t, FromHotline, o.Source)
	require.Equal(t, "12345-2026-9", *o.ExternalNumber)
	require.Equal(t, due, *o.ExternalDueAt)
	require.NotNil(t, o.DueAt, "the order has its own as well")
	phone, token, err := w.s.MintCallerLink(t.Context(), o.ID)
	require.NoError(t, err)
	require.Equal(t, "13800001234", phone)
	_, err = w.s.Follow(t.Context(), token)
	require.NoError(t, err)
}

func TestACallerAnswersByLinkOrByTheCommunity(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		call := func() (id.ID, string) {
			got, err := w.s.ReportForCaller(t.Context(), w.clerk, idem.Key{}, Call{Report: w.defect()})
			require.NoError(t, err)
			order := got.Order.ID
			w.must(w.s.Accept(t.Context(), w.manager, order, Taken{}))
			w.must(w.s.Dispatch(t.Context(), w.manager, order, Taken{}, Crew{}))
			w.must(w.s.Arrive(t.Context(), w.worker, order, Taken{}))
			w.must(w.s.Resolve(t.Context(), w.worker, order, Taken{}, "已修"))
			return order, got.FollowToken
		}
		order, token := call()
		v, err := w.s.AnswerByLink(t.Context(), token, true, "", &Answer{Solved: SolvedYes, Satisfied: 4})
		require.NoError(t, err)
		require.Equal(t, Closed, v.State)
		require.Equal(t, 1, count(t, db, `SELECT COUNT(*) FROM work_order_rating WHERE order_id = ? AND channel = 'link'`, order))

		order, _ = call()
		w.must(w.s.Confirm(t.Context(), w.clerk, order, Taken{}, &Answer{Solved: SolvedPartly, Satisfied: 3}))
		require.Equal(t, 1, count(t, db, `SELECT COUNT(*) FROM work_order_rating WHERE order_id = ? AND channel = 'callback' AND recorded_by = ?`, order, w.clerk.Person))
	})
}

func TestNobodyVerifiesTheirOwnWork(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	got, err := w.s.Inspect(t.Context(), w.worker, idem.Key{}, w.defect())
	require.NoError(t, err)
	order := got.Order.ID
	w.must(w.s.Accept(t.Context(), w.manager, order, Taken{}))
	w.must(w.s.Dispatch(t.Context(), w.manager, order, Taken{}, Crew{PersonID: &w.worker.Person}))
	w.must(w.s.Arrive(t.Context(), w.worker, order, Taken{}))
	w.must(w.s.Resolve(t.Context(), w.worker, order, Taken{}, "已修"))

	// The worker is also a community worker: another capacity, the same person.
	both := w.worker
	both.Grants = append(both.Grants, w.clerk.Grants...)
	_, err = w.s.Verify(t.Context(), both, order, Taken{}, "好")
	require.Equal(t, "workorder.own_work", code(err))
	// A colleague who never touched it, with a post in both, is no more independent.
	colleague := w.colleague
	colleague.Grants = append(colleague.Grants, w.clerk.Grants...)
	_, err = w.s.Verify(t.Context(), colleague, order, Taken{}, "好")
	require.Equal(t, "workorder.own_work", code(err))
	_, err = w.s.Verify(t.Context(), w.manager, order, Taken{}, "好")
	require.ErrorIs(t, err, fault.Forbidden)
	// Who worked on it and has changed sides since is still the same person.
	w.must(w.s.RejectWork(t.Context(), w.office, order, Taken{}, "没有修好"))
	w.must(w.s.Assign(t.Context(), w.manager, order, Taken{}, Crew{}))
	w.must(w.s.Resolve(t.Context(), w.colleague, order, Taken{}, "已修"))
	former := w.worker
	former.Grants = w.clerk.Grants
	_, err = w.s.Verify(t.Context(), former, order, Taken{}, "好")
	require.Equal(t, "workorder.own_work", code(err))

	w.must(w.s.Verify(t.Context(), w.clerk, order, Taken{}, "好"))
	w.must(w.s.CloseVerified(t.Context(), w.clerk, order, Taken{}))
	require.Equal(t, ClosedVerified, w.stored(order).ClosedAs)
}

func TestAnObjectionIsMadeOnceAndDecidedByTheArea(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		order := w.report(w.owner, w.repair())
		w.must(w.s.Accept(t.Context(), w.manager, order, Taken{}))
		w.must(w.s.Object(t.Context(), w.manager, order, Taken{}, "合同第3条", "属于供水公司"))
		o := w.stored(order)
		require.Equal(t, Returned, o.State)
		require.Equal(t, StageDecision, o.DueStage)
		w.must(w.s.DecideObjection(t.Context(), w.keeper, order, Taken{}, false, nil, "属于共用部位"))
		o = w.stored(order)
		require.Equal(t, Accepted, o.State, "back to where it was")
		_, err := w.s.Object(t.Context(), w.manager, order, Taken{}, "合同第3条", "再次")
		require.Equal(t, "workorder.objected_already", code(err))

		order = w.report(w.owner, w.repair())
		w.clock.Advance(25 * time.Hour)
		_, err = w.s.Object(t.Context(), w.manager, order, Taken{}, "合同第3条", "晚了")
		require.Equal(t, "workorder.objection_late", code(err))

		order = w.report(w.owner, w.repair())
		w.must(w.s.Object(t.Context(), w.manager, order, Taken{}, "合同第3条", "属于供水公司"))
		_, err = w.s.DecideObjection(t.Context(), w.office, order, Taken{}, true, &w.company, "同一单位")
		require.Equal(t, "workorder.same_handler", code(err))
		w.must(w.s.DecideObjection(t.Context(), w.office, order, Taken{}, true, &w.utility, "属于供水公司"))
		o = w.stored(order)
		require.Equal(t, w.utility, *o.HandlerOrgID)
		require.Equal(t, Accepted, o.State)
		_, err = w.s.Show(t.Context(), w.manager, order)
		require.ErrorIs(t, err, fault.NotFound, "the company no longer sees it")
		_, err = w.s.Route(t.Context(), w.clerk, order, Taken{}, &w.rival, "试试")
		require.Equal(t, "workorder.handler_unfit", code(err), "a company without an arrangement there")
	})
}

func TestWaitingForTheResidentStopsTheClock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.promise = &Promise{ContractID: id.New(), AcceptMin: 30, ArriveMin: 60, FixMin: 600}
		order := w.dispatched(w.repair())
		start := *w.stored(order).ClockStart
		require.Equal(t, start.Add(time.Hour), *w.stored(order).DueAt)
		require.Equal(t, Promised, w.stored(order).SLASource)
		w.clock.Advance(20 * time.Minute)
		w.must(w.s.Pause(t.Context(), w.worker, order, Taken{}, WaitingFor{Reason: "resident_absent", Evidence: "电话无人接听两次"}))
		require.Nil(t, w.stored(order).DueAt)
		require.Equal(t, ForResident, w.stored(order).Waiting)
		_, err := w.s.Pause(t.Context(), w.worker, order, Taken{}, WaitingFor{Reason: "resident_absent", Evidence: "电话无人接听两次"})
		require.Equal(t, "workorder.is_paused", code(err))
		w.clock.Advance(3 * time.Hour)
		w.must(w.s.Resume(t.Context(), w.owner, order, Taken{}))
		require.Equal(t, start.Add(4*time.Hour), *w.stored(order).DueAt)
		require.Equal(t, start.Add(13*time.Hour), *w.stored(order).FixDueAt)

		w.must(w.s.Arrive(t.Context(), w.worker, order, Taken{}))
		_, err = w.s.ProposeExtension(t.Context(), w.manager, order, Taken{}, "需要定制配件", 601)
		require.Equal(t, "workorder.extension_minutes", code(err))
		w.must(w.s.ProposeExtension(t.Context(), w.manager, order, Taken{}, "需要定制配件", 600))
		_, err = w.s.Resolve(t.Context(), w.worker, order, Taken{}, "完成")
		require.Equal(t, "workorder.proposal_pending", code(err))
		w.must(w.s.DecideExtension(t.Context(), w.keeper, order, Taken{}, true, "同意"))
		require.Equal(t, start.Add(23*time.Hour), *w.stored(order).FixDueAt)
		_, err = w.s.ProposeExtension(t.Context(), w.manager, order, Taken{}, "再来一次吧", 5)
		require.Equal(t, "workorder.extended_already", code(err))
	})
}

func TestADeferredOrderHasAPlanAndAReview(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	order := w.dispatched(w.repair())
	today := clock.DateOf(w.clock.Now())
	_, err := w.s.ProposeDeferral(t.Context(), w.manager, order, Taken{}, "等待业主大会决定", today.AddDays(91))
	require.Equal(t, "workorder.review_date", code(err))
	w.must(w.s.ProposeDeferral(t.Context(), w.manager, order, Taken{}, "等待业主大会决定", today.AddDays(90)))
	require.Equal(t, ForArea, w.stored(order).Waiting)
	w.must(w.s.DecideDeferral(t.Context(), w.keeper, order, Taken{}, true, "同意挂账"))
	o := w.stored(order)
	require.Equal(t, Deferred, o.State)
	require.Equal(t, clock.At(today.AddDays(91).Start()), *o.DueAt)
	require.Equal(t, StageReview, o.DueStage)
	w.clock.Advance(24 * time.Hour)
	w.must(w.s.TakeUp(t.Context(), w.manager, order, Taken{}))
	o = w.stored(order)
	require.Equal(t, Dispatched, o.State)
	require.Equal(t, clock.Now(w.clock), *o.ClockStart)
	require.EqualValues(t, 2, o.ClockRound)
}

func TestReopeningLiftsSeverityWithinTheWindow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		order := w.closed(w.repair())
		w.handler = w.rival // another company has taken over meanwhile
		w.clock.Advance(15 * 24 * time.Hour)
		w.must(w.s.Reopen(t.Context(), w.owner, order, Taken{}, "又漏了"))
		o := w.stored(order)
		require.Equal(t, Dispatched, o.State)
		require.Equal(t, rules.Urgent, o.Severity)
		require.Equal(t, w.rival, *o.HandlerOrgID)
		require.Nil(t, o.AssigneeID)
		require.Equal(t, clock.Now(w.clock), *o.ClockStart)

		w.handler = w.company
		order = w.closed(w.repair())
		w.clock.Advance(15*24*time.Hour + time.Millisecond)
		_, err := w.s.Reopen(t.Context(), w.owner, order, Taken{}, "又漏了")
		require.Equal(t, "workorder.reopen_late", code(err))
		again := w.report(w.owner, w.repair())
		require.Equal(t, order, *w.stored(again).RepeatOf)
		require.Equal(t, rules.Urgent, w.stored(again).Severity)
	})
}

func TestDuplicatesFollowAndRate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		main, dup, dup2 := w.report(w.owner, w.defect()), w.report(w.neighbour, w.defect()), w.report(w.neighbour, w.defect())
		w.must(w.s.MarkDuplicate(t.Context(), w.manager, dup2, Taken{}, dup))
		w.must(w.s.MarkDuplicate(t.Context(), w.manager, dup, Taken{}, main))
		require.EqualValues(t, 2, w.stored(main).Followers)
		require.Equal(t, Duplicate, w.stored(dup).State)
		_, err := w.s.MarkDuplicate(t.Context(), w.manager, main, Taken{}, dup)
		require.Equal(t, "workorder.duplicate_target", code(err))
		_, err = w.s.Cancel(t.Context(), w.neighbour, main, Taken{})
		require.Equal(t, "workorder.not_your_report", code(err), "who follows does not withdraw another's report")
		w.must(w.s.Accept(t.Context(), w.manager, main, Taken{}))
		w.must(w.s.Dispatch(t.Context(), w.manager, main, Taken{}, Crew{}))
		w.must(w.s.Arrive(t.Context(), w.worker, main, Taken{}))
		w.must(w.s.Resolve(t.Context(), w.worker, main, Taken{}, "已修"))
		w.must(w.s.Confirm(t.Context(), w.owner, main, Taken{}, &Answer{Solved: SolvedYes, Satisfied: 5}))
		require.NoError(t, w.s.Rate(t.Context(), w.neighbour, idem.Key{}, main, Answer{Solved: SolvedPartly, Satisfied: 3}))
		require.Equal(t, 2, count(t, db, `SELECT COUNT(*) FROM work_order_rating WHERE order_id = ?`, main))
	})
}

func TestOnlyStaffIsSent(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	order := w.report(w.owner, w.repair())
	w.must(w.s.Accept(t.Context(), w.manager, order, Taken{}))
	_, err := w.s.Dispatch(t.Context(), w.manager, order, Taken{}, Crew{PersonID: &w.rivalManager.Person})
	require.Equal(t, "workorder.not_staff", code(err))
	w.must(w.s.Dispatch(t.Context(), w.manager, order, Taken{}, Crew{PersonID: &w.worker.Person, Subcontractor: "水暖公司"}))
	_, err = w.s.Arrive(t.Context(), w.colleague, order, Taken{})
	require.Equal(t, "workorder.not_assigned_to_you", code(err))
	w.must(w.s.Assign(t.Context(), w.manager, order, Taken{}, Crew{PersonID: &w.colleague.Person}))
	w.must(w.s.Arrive(t.Context(), w.colleague, order, Taken{}))
}

func TestAWorkerHandsOverAnOwnOrderAndTakesOneOfTheTeam(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	order := w.report(w.owner, w.repair())
	w.must(w.s.Accept(t.Context(), w.manager, order, Taken{}))
	w.must(w.s.Dispatch(t.Context(), w.manager, order, Taken{}, Crew{PersonID: &w.worker.Person, Subcontractor: "水暖公司"}))
	clocks := w.stored(order).DueAt
	_, err := w.s.Assign(t.Context(), w.colleague, order, Taken{}, Crew{PersonID: &w.colleague.Person})
	require.Equal(t, "workorder.not_assigned_to_you", code(err), "nobody takes a colleague's away")
	_, err = w.s.Assign(t.Context(), w.worker, order, Taken{}, Crew{PersonID: &w.rivalManager.Person})
	require.Equal(t, "workorder.not_staff", code(err))
	_, err = w.s.Assign(t.Context(), w.worker, order, Taken{}, Crew{Subcontractor: "另一家"})
	require.ErrorIs(t, err, fault.Forbidden, "a firm is sent by who dispatches")

	w.must(w.s.Assign(t.Context(), w.worker, order, Taken{}, Crew{PersonID: &w.colleague.Person}))
	o := w.stored(order)
	require.Equal(t, w.colleague.Person, *o.AssigneeID)
	require.Equal(t, "水暖公司", o.Subcontractor)
	require.Equal(t, clocks, o.DueAt, "no clock changes")
	_, err = w.s.Assign(t.Context(), w.worker, order, Taken{}, Crew{PersonID: &w.worker.Person})
	require.Equal(t, "workorder.not_assigned_to_you", code(err), "what was handed over is the other's")
	w.must(w.s.Assign(t.Context(), w.colleague, order, Taken{}, Crew{}))
	require.Nil(t, w.stored(order).AssigneeID, "the team's again")
	w.must(w.s.Assign(t.Context(), w.worker, order, Taken{}, Crew{PersonID: &w.worker.Person}))
	require.Equal(t, w.worker.Person, *w.stored(order).AssigneeID)
}

func TestCallBackRecordsTheAnswerOfAPersonWithoutAPhone(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	order := w.closed(w.repair())
	require.Equal(t, "workorder.no_callback", code(w.s.RecordCallback(t.Context(), w.clerk, idem.Key{}, order, Called{Outcome: "answered"})))
	require.NoError(t, w.s.RecordCallback(t.Context(), w.clerk, idem.Key{}, order, Called{Outcome: "answered", Answer: &Answer{Solved: SolvedNo, Satisfied: 2}}))
	require.ErrorIs(t, w.s.RecordCallback(t.Context(), w.manager, idem.Key{}, order, Called{Outcome: "answered"}), fault.Forbidden, "never the company")
	require.Equal(t, "workorder.rated_already", code(w.s.Rate(t.Context(), w.owner, idem.Key{}, order, Answer{Solved: SolvedYes, Satisfied: 5})))
	page, err := w.s.Callbacks(t.Context(), w.clerk, "open", firstPage)
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.NoError(t, w.s.RecordCallback(t.Context(), w.clerk, idem.Key{}, order, Called{Outcome: "answered", Note: "已上门"}))
	page, err = w.s.Callbacks(t.Context(), w.clerk, "open", firstPage)
	require.NoError(t, err)
	require.Empty(t, page.Items)
}

func TestRatingHasAWindowAndAScale(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	order := w.resolved(w.repair())
	require.Equal(t, "workorder.not_closed", code(w.s.Rate(t.Context(), w.owner, idem.Key{}, order, Answer{Solved: SolvedYes, Satisfied: 5})))
	w.must(w.s.Confirm(t.Context(), w.owner, order, Taken{}, nil))
	require.Equal(t, "workorder.satisfied", code(w.s.Rate(t.Context(), w.owner, idem.Key{}, order, Answer{Solved: SolvedYes, Satisfied: 6})))
	require.Equal(t, "workorder.solved", code(w.s.Rate(t.Context(), w.owner, idem.Key{}, order, Answer{Satisfied: 5})))
	require.ErrorIs(t, w.s.Rate(t.Context(), w.manager, idem.Key{}, order, Answer{Solved: SolvedYes, Satisfied: 5}), fault.Forbidden)
	w.clock.Advance(14*24*time.Hour + time.Millisecond)
	require.Equal(t, "workorder.rating_late", code(w.s.Rate(t.Context(), w.owner, idem.Key{}, order, Answer{Solved: SolvedYes, Satisfied: 5})))
}
