package report

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// when is a moment that may be absent. Unlike a pointer it is copied with its struct, so that the facts
// before an event stay as they were.
type when struct {
	at clock.Instant
	ok bool
}

// UnmarshalJSON reads RFC 3339, or null for "no moment".
func (w *when) UnmarshalJSON(b []byte) error {
	*w = when{}
	if string(b) == "null" {
		return nil
	}
	if len(b) < 2 {
		return fmt.Errorf("not a time")
	}
	w.ok = true
	return w.at.UnmarshalText(b[1 : len(b)-1])
}

func (w when) ptr() *clock.Instant {
	if !w.ok {
		return nil
	}
	return w.at.Ptr()
}

func at(i clock.Instant) when { return when{i, true} }

// earlier is the first of two moments, of those that are there.
func earlier(a, b when) when {
	if !a.ok || (b.ok && b.at < a.at) {
		return b
	}
	return a
}

// ref is an identifier that may be absent: the zero one.
type ref struct{ id.ID }

// UnmarshalJSON reads an identifier, or null.
func (r *ref) UnmarshalJSON(b []byte) error {
	r.ID = id.Nil
	if string(b) == "null" {
		return nil
	}
	if len(b) < 2 {
		return fmt.Errorf("not an identifier")
	}
	return r.UnmarshalText(b[1 : len(b)-1])
}

// facts are what the audit needs of what an order's events set. The names are those of the events.
type facts struct {
	Number       string        `json:"number"`
	ServiceArea  id.ID         `json:"service_area_id"`
	Estate       id.ID         `json:"estate_id"`
	Community    ref           `json:"community_id"`
	ScopePath    string        `json:"scope_path"`
	Category     string        `json:"category"`
	Severity     string        `json:"severity"`
	Source       string        `json:"source"`
	ReportedAt   clock.Instant `json:"reported_at"`
	State        string        `json:"state"`
	Waiting      string        `json:"waiting"`
	Handler      ref           `json:"handler_org_id"`
	Round        int64         `json:"clock_round"`
	ClockStart   when          `json:"clock_start"`
	AcceptDueAt  when          `json:"accept_due_at"`
	ArriveDueAt  when          `json:"arrive_due_at"`
	ControlDueAt when          `json:"control_due_at"`
	FixDueAt     when          `json:"fix_due_at"`
	AcceptedAt   when          `json:"accepted_at"`
	ArrivedAt    when          `json:"arrived_at"`
	ControlledAt when          `json:"controlled_at"`
	ResolvedAt   when          `json:"resolved_at"`
	ClosedAt     when          `json:"closed_at"`
	ClosedAs     string        `json:"closed_as"`
	ClosureNo    int64         `json:"closure_no"`
}

// The states and kinds of events that the audit looks at; they are those of package workorder.
const (
	stateClosed    = "closed"
	stateDeclined  = "declined"
	stateCancelled = "cancelled"
	stateDuplicate = "duplicate"
	stateDeferred  = "deferred"

	kindObject = "object"
	kindReopen = "reopen"

	sourceImport     = "import"
	closedUnanswered = "unanswered"
	waitingForNobody = "none"
)

// event is one row of the record of orders.
type event struct {
	Order  id.ID
	Seq    int64
	At     clock.Instant
	Kind   string
	Detail []byte
}

// stage is what a limit is about; the accept limit is the one of the response rate.
type stage int

const (
	accept stage = iota
	arrive
	control
	fix
	stages
)

var stageNames = [stages]string{"accept", "arrive", "control", "fix"}

// run is one limit from its start to when it was met, ran out or was stopped.
type run struct {
	stage   stage
	company id.ID // who had the order while the limit ran
	due     when  // absent while the clock stands, or where there is no limit
	done    when
	stop    when // it ceased to run without being met
	why     string
}

// closure is one closing of an order; ratings belong to it.
type closure struct {
	no      int64
	at      clock.Instant
	as      string
	company id.ID
	known   clock.Instant // when the record of it was made
}

// moment is something that happened to the order while a company had it.
type moment struct {
	at      clock.Instant
	company id.ID
}

// history is what the events of one order say, as known at a moment.
type history struct {
	order    id.ID
	asOf     clock.Instant
	now      facts
	seq      int64
	last     clock.Instant // the latest moment of an event so far
	cut      bool          // the rest was not known yet
	acc      run
	accStart bool
	live     [stages]run // of the present round; accept is not used
	running  bool
	runs     []run
	closures []closure
	reopens  []moment
	bounces  []moment
	ended    when // how it stands: when it got into a final state other than closed
	first    id.ID
}

func newHistory(order id.ID, asOf clock.Instant) *history { return &history{order: order, asOf: asOf} }

// apply takes the next event. Events after asOf, and those behind one, were not known yet. A missing or
// unreadable event is an error: a hole in the record is never papered over.
func (h *history) apply(e event) error {
	if h.cut || e.At > h.asOf {
		h.cut = true
		return nil
	}
	if e.Seq != h.seq+1 {
		return fmt.Errorf("order %s: event %d is missing", h.order, h.seq+1)
	}
	prev := h.now
	d := struct {
		Set *facts `json:"set"`
	}{&h.now}
	if err := json.Unmarshal(e.Detail, &d); err != nil {
		return fmt.Errorf("event %s/%d: %w", h.order, e.Seq, err)
	}
	h.seq, h.last = e.Seq, max(h.last, e.At)
	if e.Seq == 1 {
		h.first = h.now.Handler.ID
	}
	h.responds(prev, e)
	h.rounds(prev, e)
	h.ends(prev, e)
	return nil
}

// responds follows the limit to contact the reporter: the first accept limit of the order, met by accepting
// it. Being told the right channel, withdrawing, or turning out to be a duplicate ends it too.
func (h *history) responds(prev facts, e event) {
	a := &h.acc
	if !h.accStart {
		h.accStart, a.stage, a.company = true, accept, h.now.Handler.ID
	}
	if a.done.ok || a.stop.ok {
		return
	}
	if !a.due.ok {
		a.due = h.now.AcceptDueAt
	}
	if !a.due.ok || e.At <= a.due.at {
		a.company = h.now.Handler.ID
	}
	if h.now.AcceptedAt.ok {
		a.done = h.now.AcceptedAt
		return
	}
	if why := endReason(h.now.State); why != "" && h.now.State != prev.State {
		a.stop, a.why = at(e.At), why
	}
}

// endReason is why a limit ceases to run when the order gets into a state.
func endReason(state string) string {
	switch state {
	case stateDeclined:
		return "declined"
	case stateCancelled:
		return "withdrawn"
	case stateDuplicate:
		return "duplicate"
	case stateDeferred:
		return "deferred"
	case stateClosed:
		return "not_recorded"
	}
	return ""
}

// rounds follows the limits to arrive, control and fix, which begin anew with each round of the clock.
func (h *history) rounds(prev facts, e event) {
	now := &h.now
	stopped := prev.ClockStart.ok && !now.ClockStart.ok
	if h.running && (now.Round != prev.Round || stopped) {
		h.finish(e.At, "handed_over")
	}
	if now.ClockStart.ok && now.Round != prev.Round && now.State != stateDeferred {
		h.running = true
		for s := arrive; s < stages; s++ {
			h.live[s] = run{stage: s, company: now.Handler.ID}
		}
	}
	if !h.running {
		return
	}
	h.update(arrive, now.ArriveDueAt, now.ArrivedAt, e)
	h.update(control, now.ControlDueAt, earlier(now.ControlledAt, now.ResolvedAt), e)
	h.update(fix, now.FixDueAt, now.ResolvedAt, e)
	if why := endReason(now.State); why != "" && now.State != prev.State {
		h.finish(e.At, why)
	}
}

func (h *history) update(s stage, due, done when, e event) {
	r := &h.live[s]
	r.due, r.done = due, done
	if !r.done.ok && (!due.ok || e.At <= due.at) {
		r.company = h.now.Handler.ID
	}
}

// finish ends the limits of the round. A state that the order got into says more than that it left its
// handler.
func (h *history) finish(stop clock.Instant, why string) {
	if reason := endReason(h.now.State); reason != "" {
		why = reason
	}
	for s := arrive; s < stages; s++ {
		r := h.live[s]
		if !r.done.ok {
			r.stop, r.why = at(stop), why
		}
		h.runs = append(h.runs, r)
	}
	h.running = false
}

// ends follows closings, reopenings, objections and other ways in which an order is over.
func (h *history) ends(prev facts, e event) {
	now := &h.now
	switch e.Kind {
	case kindObject:
		h.bounces = append(h.bounces, moment{e.At, prev.Handler.ID})
	case kindReopen:
		h.reopens = append(h.reopens, moment{e.At, prev.Handler.ID})
	}
	if now.State == prev.State {
		return
	}
	h.ended = when{}
	over := at(e.At)
	if now.ClosedAt.ok {
		over = now.ClosedAt // of imported history the event is younger than what it tells
	}
	switch now.State {
	case stateClosed:
		h.closures = append(h.closures, closure{now.ClosureNo, over.at, now.ClosedAs, now.Handler.ID, h.last})
	case stateDeclined, stateCancelled, stateDuplicate:
		h.ended = over
	}
}

// limits lists every limit of the order that has come to an end, one way or the other.
func (h *history) limits() []run {
	out := slices.Clone(h.runs)
	if h.running {
		out = append(out, h.live[arrive:]...)
	}
	return append(out, h.acc)
}

// relevant tells whether the order can matter to a period from this moment on: it changed since, or it was
// still open.
func (h *history) relevant(from clock.Instant) bool {
	return h.seq > 0 && (h.last >= from || h.now.Waiting != waitingForNobody)
}

// open tells whether the order was reported before, and not over at, the moment t.
func (h *history) open(t clock.Instant) bool {
	if h.now.ReportedAt >= t {
		return false
	}
	if h.ended.ok && h.ended.at < t {
		return false
	}
	open := true
	for _, c := range h.closures {
		if c.at >= t {
			break
		}
		open = slices.ContainsFunc(h.reopens, func(m moment) bool { return m.at >= c.at && m.at < t })
	}
	return open
}

// overdue tells whether a limit had run out at t with what it asks for not done.
func (h *history) overdue(t clock.Instant) bool {
	return h.open(t) && slices.ContainsFunc(h.limits(), func(r run) bool {
		return r.due.ok && r.due.at <= t && (!r.done.ok || r.done.at >= t) && (!r.stop.ok || r.stop.at >= t)
	})
}
