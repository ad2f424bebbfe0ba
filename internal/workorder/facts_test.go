package workorder

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
)

// action takes one step as somebody.
type action struct {
	step Step
	do   func(p authz.Principal, order id.ID) error
}

func (w *world) actions(other func() id.ID) []action {
	ctx, s := w.ctx(), w.s
	err := func(_ OrderView, err error) error { return err }
	at := func(step Step, do func(p authz.Principal, o id.ID) error) action { return action{step, do} }
	return []action{
		at(StepAccept, func(p authz.Principal, o id.ID) error { return err(s.Accept(ctx, p, o, Taken{})) }),
		at(StepDecline, func(p authz.Principal, o id.ID) error {
			return err(s.Decline(ctx, p, o, Taken{}, "utility", "utility", ""))
		}),
		at(StepCancel, func(p authz.Principal, o id.ID) error { return err(s.Cancel(ctx, p, o, Taken{})) }),
		at(StepDuplicate, func(p authz.Principal, o id.ID) error { return err(s.MarkDuplicate(ctx, p, o, Taken{}, other())) }),
		at(StepRoute, func(p authz.Principal, o id.ID) error { return err(s.Route(ctx, p, o, Taken{}, &w.utility, "归你")) }),
		at(StepRoute, func(p authz.Principal, o id.ID) error { return err(s.Route(ctx, p, o, Taken{}, nil, "社区处理")) }),
		at(StepDispatch, func(p authz.Principal, o id.ID) error {
			return err(s.Dispatch(ctx, p, o, Taken{}, Crew{Subcontractor: "某公司"}))
		}),
		at(StepDispatch, func(p authz.Principal, o id.ID) error {
			return err(s.Dispatch(ctx, p, o, Taken{}, Crew{PersonID: &w.worker.Person}))
		}),
		at(StepAssign, func(p authz.Principal, o id.ID) error {
			return err(s.Assign(ctx, p, o, Taken{}, Crew{PersonID: &w.colleague.Person}))
		}),
		at(StepArrive, func(p authz.Principal, o id.ID) error { return err(s.Arrive(ctx, p, o, Taken{})) }),
		at(StepControl, func(p authz.Principal, o id.ID) error { return err(s.Control(ctx, p, o, Taken{})) }),
		at(StepNote, func(p authz.Principal, o id.ID) error { return err(s.Note(ctx, p, o, Taken{}, "进展")) }),
		at(StepPause, func(p authz.Principal, o id.ID) error {
			return err(s.Pause(ctx, p, o, Taken{}, WaitingFor{Reason: "resident_absent", Evidence: "敲门无人应答"}))
		}),
		at(StepResume, func(p authz.Principal, o id.ID) error { return err(s.Resume(ctx, p, o, Taken{})) }),
		at(StepResolve, func(p authz.Principal, o id.ID) error { return err(s.Resolve(ctx, p, o, Taken{}, "修好")) }),
		at(StepObject, func(p authz.Principal, o id.ID) error {
			return err(s.Object(ctx, p, o, Taken{}, "第三条", "不是我"))
		}),
		at(StepUphold, func(p authz.Principal, o id.ID) error {
			return err(s.DecideObjection(ctx, p, o, Taken{}, true, nil, "成立"))
		}),
		at(StepDismiss, func(p authz.Principal, o id.ID) error {
			return err(s.DecideObjection(ctx, p, o, Taken{}, false, nil, "驳回"))
		}),
		at(StepProposeDefer, func(p authz.Principal, o id.ID) error {
			return err(s.ProposeDeferral(ctx, p, o, Taken{}, "等待维修资金", clock.DateOf(w.clock.Now()).AddDays(20)))
		}),
		at(StepApproveDefer, func(p authz.Principal, o id.ID) error {
			return err(s.DecideDeferral(ctx, p, o, Taken{}, true, "同意"))
		}),
		at(StepRefuseDefer, func(p authz.Principal, o id.ID) error {
			return err(s.DecideDeferral(ctx, p, o, Taken{}, false, "不同意"))
		}),
		at(StepTakeUp, func(p authz.Principal, o id.ID) error { return err(s.TakeUp(ctx, p, o, Taken{})) }),
		at(StepProposeExtension, func(p authz.Principal, o id.ID) error {
			return err(s.ProposeExtension(ctx, p, o, Taken{}, "等待配件到货", 30))
		}),
		at(StepApproveExtension, func(p authz.Principal, o id.ID) error {
			return err(s.DecideExtension(ctx, p, o, Taken{}, true, "同意"))
		}),
		at(StepRefuseExtension, func(p authz.Principal, o id.ID) error {
			return err(s.DecideExtension(ctx, p, o, Taken{}, false, "不同意"))
		}),
		at(StepVerify, func(p authz.Principal, o id.ID) error { return err(s.Verify(ctx, p, o, Taken{}, "看过")) }),
		at(StepReject, func(p authz.Principal, o id.ID) error { return err(s.RejectWork(ctx, p, o, Taken{}, "没修好")) }),
		at(StepConfirm, func(p authz.Principal, o id.ID) error { return err(s.Confirm(ctx, p, o, Taken{}, nil)) }),
		at(StepDispute, func(p authz.Principal, o id.ID) error { return err(s.Dispute(ctx, p, o, Taken{}, "没修好")) }),
		at(StepClose, func(p authz.Principal, o id.ID) error { return err(s.CloseVerified(ctx, p, o, Taken{})) }),
		at(StepReopen, func(p authz.Principal, o id.ID) error { return err(s.Reopen(ctx, p, o, Taken{}, "又坏了")) }),
	}
}

// TestEventsRebuildWhatTheDatabaseHolds drives orders by random legal and illegal steps of random people. After
// each one the stored row is what its events rebuild, for now and for every moment before; a refused step has
// left no trace; and a step that succeeded is one the table has for that state.
func TestEventsRebuildWhatTheDatabaseHolds(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	target := w.report(w.neighbour, w.defect())
	actions := w.actions(func() id.ID { return target })
	people := []authz.Principal{w.owner, w.manager, w.worker, w.colleague, w.keeper, w.office}
	reached := map[Step]bool{}
	rapid.Check(t, func(rt *rapid.T) {
		w.handler = w.company
		in := w.repair()
		if rapid.Bool().Draw(rt, "public area") {
			in = w.defect()
		}
		order := w.report(w.owner, in)
		past := map[clock.Instant]Facts{}
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			before := w.stored(order)
			before.followers = nil
			past[clock.Now(w.clock)] = before.Facts
			w.clock.Advance(time.Duration(rapid.Int64Range(1, 6*60).Draw(rt, "minutes")) * time.Minute)
			a, p := rapid.SampledFrom(actions).Draw(rt, "step"), rapid.SampledFrom(people).Draw(rt, "who")
			if moves := w.possible(before, actions, people); len(moves) > 0 && rapid.IntRange(0, 9).Draw(rt, "legal") > 1 {
				m := rapid.SampledFrom(moves).Draw(rt, "move")
				a, p = m.action, m.p
			}
			err := a.do(p, order)
			after := w.stored(order)
			switch {
			case err == nil:
				reached[a.step] = true
				require.Contains(rt, rowOf(a.step).from, before.State, "an illegal step was taken: %s", a.step)
				require.Equal(rt, before.Version+1, after.Version)
			default:
				require.NotErrorIs(rt, err, fault.Internal, "%s: %v", a.step, err)
				require.Equal(rt, before.Facts, after.Facts, "a refused step left a trace")
			}
			require.Equal(rt, after.waiting(), after.Waiting)
		}
		w.rebuilds(rt, order, past)
	})
	require.Greater(t, len(reached), len(table)/2, "the runs do not get far enough to mean anything")
}

type possibleMove struct {
	action
	p authz.Principal
}

// possible lists what people may do with the order now; what would end its story is left to chance.
func (w *world) possible(o *Order, actions []action, people []authz.Principal) []possibleMove {
	require.NoError(w.t, o.loadWorkers(w.ctx(), w.db))
	var out []possibleMove
	for _, p := range people {
		for _, s := range AllowedSteps(o, p, clock.Now(w.clock), testRules.WorkOrders) {
			for _, a := range actions {
				if ends := rowOf(a.step).to; s.Allowed && a.step == s.Step && a.step != StepNote && a.step != StepAssign && ends != Declined && ends != Cancelled && ends != Duplicate {
					out = append(out, possibleMove{a, p})
				}
			}
		}
	}
	return out
}

func (w *world) rebuilds(t require.TestingT, order id.ID, past map[clock.Instant]Facts) {
	events, err := Events(w.ctx(), w.db, order)
	require.NoError(t, err)
	stored := w.stored(order)
	require.Len(t, events, int(stored.Version))
	got, ok, err := Rebuild(events, clock.Now(w.clock))
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, stored.Facts, got)
	for at, facts := range past {
		got, _, err := Rebuild(events, at)
		require.NoError(t, err)
		require.Equal(t, facts, got)
	}
	if len(events) > 1 {
		_, _, err = Rebuild(events[1:], clock.Now(w.clock))
		require.Error(t, err, "a missing event is noticed")
	}
	_, ok, err = Rebuild(events, stored.ReportedAt-1)
	require.NoError(t, err)
	require.False(t, ok, "it was not known before it was reported")
}

func TestTheTableIsSound(t *testing.T) {
	seen := map[Step]bool{}
	entered := map[State]bool{Reported: true, Accepted: true}
	for _, l := range table {
		require.False(t, seen[l.step], "%s is listed twice", l.step)
		seen[l.step] = true
		require.NotEmpty(t, l.ways, l.step)
		require.NotEmpty(t, l.from, l.step)
		require.NotContains(t, l.from, Cancelled, "what is withdrawn stays withdrawn")
		require.NotContains(t, l.from, Duplicate)
		for _, s := range l.from {
			require.Contains(t, States(), s)
		}
		if l.to != same && l.to != prior {
			entered[l.to] = true
		}
		if l.to == Closed && l.step != StepCloseUnanswered {
			require.True(t, l.step == StepConfirm || l.step == StepClose, "only an answer or a verification closes (R4.4)")
		}
	}
	for _, s := range States() {
		require.True(t, entered[s], "nothing leads to %s", s)
		require.Contains(t, possibleWaiting, s)
	}
}

func TestAnInspectionIsClosedByTheJobAfterVerification(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	got, err := w.s.Inspect(t.Context(), w.worker, idem.Key{}, w.defect())
	require.NoError(t, err)
	order := got.Order.ID
	w.must(w.s.Accept(t.Context(), w.manager, order, Taken{}))
	w.must(w.s.Dispatch(t.Context(), w.manager, order, Taken{}, Crew{}))
	w.must(w.s.Arrive(t.Context(), w.worker, order, Taken{}))
	_, err = w.s.Pause(t.Context(), w.worker, order, Taken{}, WaitingFor{Reason: "resident_absent", Evidence: "没有住户可等"})
	require.Equal(t, "workorder.nobody_to_wait_for", code(err))
	w.must(w.s.Resolve(t.Context(), w.worker, order, Taken{}, "修好"))
	w.clock.Advance(30 * 24 * time.Hour)
	w.chase()
	require.Equal(t, Resolved, w.stored(order).State, "time alone never closes what nobody can be asked about")
	w.must(w.s.Verify(t.Context(), w.clerk, order, Taken{}, ""))
	w.chase()
	require.Equal(t, ClosedVerified, w.stored(order).ClosedAs)
	w.rebuilds(t, order, nil)
}
