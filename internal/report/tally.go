package report

import (
	"maps"
	"slices"
	"time"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// Orders counts what happened to orders in a period.
type Orders struct {
	Reported   int64 `json:"reported" doc:"Orders reported in the period"`
	Closed     int64 `json:"closed" doc:"Closings in the period; an order that was reopened may be closed twice"`
	Declined   int64 `json:"declined" doc:"Orders not accepted, with the right channel named"`
	Cancelled  int64 `json:"cancelled" doc:"Orders withdrawn before dispatch"`
	Duplicates int64 `json:"duplicates" doc:"Orders found to be duplicates of others"`
	Unanswered int64 `json:"unanswered" doc:"Closings without any answer of the reporter; they count as unrated, never as satisfied"`
	Reopened   int64 `json:"reopened" doc:"Reopenings in the period"`
	Bounced    int64 `json:"bounced" doc:"Objections of a handler that the order is not its own"`
	Open       int64 `json:"open" doc:"Orders open at the end of the period, or now when it is not over"`
	Overdue    int64 `json:"overdue" doc:"Those of them with a limit run out"`
}

// Limit counts the limits of one stage that ended in the period: by being met, or by running out, whichever
// came first.
type Limit struct {
	Met      int64            `json:"met" doc:"Met in time"`
	Ended    int64            `json:"ended" doc:"Met or run out: the denominator"`
	Excluded map[string]int64 `json:"excluded,omitempty" doc:"Left out, by reason"`
}

// Spread describes durations, in whole milliseconds. A negative one (an end recorded before its beginning) is
// counted and listed; it enters nothing else.
type Spread struct {
	N           int64        `json:"n" doc:"Durations that are not negative"`
	Negative    int64        `json:"negative" doc:"Ends recorded before their beginning: faults of the record, in no other figure"`
	Zero        int64        `json:"zero" doc:"Of n, those that ended in the moment they began"`
	Within72h   int64        `json:"within72h" doc:"Of n, those of at most 72 hours"`
	Percentiles []Percentile `json:"percentiles,omitempty" doc:"Of n: linear interpolation between order statistics (Hyndman and Fan, type 7)"`
}

// Percentile is a duration that a share of all does not exceed.
type Percentile struct {
	Percent int   `json:"percent"`
	MS      int64 `json:"ms" doc:"Milliseconds, rounded half up"`
}

// Figures are what a cell shows besides ratings. They are counts and durations of orders and hold nothing of
// what anybody said.
type Figures struct {
	Orders  Orders `json:"orders"`
	Accept  Limit  `json:"accept" doc:"The limit to contact the reporter: its share met is the response rate"`
	Arrive  Limit  `json:"arrive"`
	Control Limit  `json:"control"`
	Fix     Limit  `json:"fix"`
	ToEnd   Spread `json:"toEnd" doc:"From report until the order was over, closed, declined or cancelled"`
	ToClose Spread `json:"toClose" doc:"From report until closing"`
	// Asked are the closings whose households could rate; Excluded those left out of coverage, solution and
	// satisfaction.
	Asked    int64            `json:"asked" doc:"Closings that could be rated: the denominator of coverage"`
	Excluded map[string]int64 `json:"excluded,omitempty" doc:"Closings left out of coverage, solution and satisfaction, by reason"`
}

// limit is the counter of a stage.
func (f *Figures) limit(s stage) *Limit {
	return [...]*Limit{&f.Accept, &f.Arrive, &f.Control, &f.Fix}[s]
}

const seventyTwoHours = 72 * time.Hour

// tally is a cell while it is being counted.
type tally struct {
	Figures
	toEnd, toClose []int64
}

func (s *Spread) add(values *[]int64, d time.Duration) {
	if d < 0 {
		s.Negative++
		return
	}
	s.N++
	if d == 0 {
		s.Zero++
	}
	if d <= seventyTwoHours {
		s.Within72h++
	}
	*values = append(*values, d.Milliseconds())
}

func (s *Spread) settle(values []int64, percents []int) {
	s.Percentiles = nil
	if len(values) == 0 {
		return
	}
	slices.Sort(values)
	for _, p := range percents {
		s.Percentiles = append(s.Percentiles, Percentile{p, quantile(values, p)})
	}
}

// quantile is the type-7 percentile of sorted values: at the position (n-1)·p/100 counted from 0, between the
// neighbours in proportion, rounded half up. The median of an even number is so the mean of the middle two.
func quantile(sorted []int64, p int) int64 {
	pos := int64(len(sorted)-1) * int64(p)
	i, part := pos/100, pos%100
	if part == 0 {
		return sorted[i]
	}
	return sorted[i] + ((sorted[i+1]-sorted[i])*part+50)/100
}

func count(m *map[string]int64, reason string) {
	if *m == nil {
		*m = map[string]int64{}
	}
	(*m)[reason]++
}

// Definitions are the audit's rules with the hash that results cite.
type Definitions struct {
	*rules.ReportRules
	Hash rules.Hash
}

// excludes tells whether the rules leave out orders for this reason. Reasons that no rule names are facts that
// leave nothing to measure, and always hold.
func (d Definitions) excludes(reason string) bool {
	switch reason {
	case "duplicate", "declined", "deferred", "imported_history":
		return slices.ContainsFunc(d.Exclusions, func(e rules.Exclusion) bool { return e.Code == reason })
	}
	return true
}

// book counts the histories of a scope for a period, by cells of some dimensions. Its memory grows with the
// number of cells and durations, not with the record.
type book struct {
	period Period
	asOf   clock.Instant
	def    Definitions
	dims   []Dimension
	cells  map[Cell]*tally
	// rateable are the closings whose ratings count, kept until the ratings are read.
	rateable map[closureKey]rateable
}

type closureKey struct {
	order id.ID
	no    int64
}

// rateable is where the ratings of a closure belong.
type rateable struct {
	cells []Cell
	known clock.Instant
}

func newBook(period Period, asOf clock.Instant, def Definitions, dims []Dimension) *book {
	return &book{period: period, asOf: asOf, def: def, dims: dims, cells: map[Cell]*tally{}, rateable: map[closureKey]rateable{}}
}

// keyIn is the group of a dimension that something of h belongs to, when a company had it; "" is none.
func keyIn(d Dimension, f *facts, company id.ID, month Month) string {
	switch d {
	case Total:
		return keyAll
	case Community:
		if f.Community.IsZero() {
			return "" // a case about the community itself: only the street's
		}
		return f.Community.String()
	case Company:
		return keyOf(company)
	case Project:
		return f.ServiceArea.String() + "." + keyOf(company)
	case ServiceArea:
		return f.ServiceArea.String()
	case Estate:
		return f.Estate.String()
	case Category:
		return f.Category
	case ByMonth:
		return string(month)
	}
	return ""
}

// each calls fn with the tally of every cell that something which happened at a moment belongs to.
func (b *book) each(h *history, company id.ID, when clock.Instant, fn func(*tally)) {
	if !b.period.holds(when) {
		return
	}
	for _, d := range b.dims {
		if key := keyIn(d, &h.now, company, MonthOf(when)); key != "" {
			fn(b.tally(Cell{d, key}))
		}
	}
}

func (b *book) tally(c Cell) *tally {
	t := b.cells[c]
	if t == nil {
		t = &tally{}
		b.cells[c] = t
	}
	return t
}

// add counts one order.
func (b *book) add(h *history) {
	f := &h.now
	b.each(h, h.first, f.ReportedAt, func(t *tally) { t.Orders.Reported++ })
	for _, m := range h.reopens {
		b.each(h, m.company, m.at, func(t *tally) { t.Orders.Reopened++ })
	}
	for _, m := range h.bounces {
		b.each(h, m.company, m.at, func(t *tally) { t.Orders.Bounced++ })
	}
	for _, c := range h.closures {
		b.addClosure(h, c)
	}
	if h.ended.ok {
		b.each(h, f.Handler.ID, h.ended.at, func(t *tally) { t.over(f, h.ended.at) })
	}
	for _, r := range h.limits() {
		b.addLimit(h, r)
	}
	b.addOpen(h)
}

// addOpen counts the order among those open at the end of the period, or at asOf while it is not over.
func (b *book) addOpen(h *history) {
	end := min(b.period.To, b.asOf+1)
	if !h.open(end) {
		return
	}
	late := h.overdue(end)
	b.each(h, h.now.Handler.ID, end-1, func(t *tally) {
		t.Orders.Open++
		if late {
			t.Orders.Overdue++
		}
	})
}

func (b *book) addClosure(h *history, c closure) {
	f := &h.now
	reason := ""
	if f.Source == sourceImport && b.def.excludes("imported_history") {
		reason = "imported_history"
	}
	var cells []Cell
	for _, d := range ranked() {
		if key := keyIn(d, f, c.company, MonthOf(c.at)); key != "" {
			cells = append(cells, Cell{d, key})
		}
	}
	b.each(h, c.company, c.at, func(t *tally) {
		t.Orders.Closed++
		t.ToClose.add(&t.toClose, c.at.Sub(f.ReportedAt))
		t.ToEnd.add(&t.toEnd, c.at.Sub(f.ReportedAt))
		if c.as == closedUnanswered {
			t.Orders.Unanswered++
		}
		if reason != "" {
			count(&t.Excluded, reason)
		} else {
			t.Asked++
		}
	})
	if reason == "" && b.period.holds(c.at) {
		b.rateable[closureKey{h.order, c.no}] = rateable{cells, c.known}
	}
}

// over counts an order that is over without having been closed.
func (t *tally) over(f *facts, end clock.Instant) {
	switch f.State {
	case stateDuplicate:
		t.Orders.Duplicates++
		return
	case stateDeclined:
		t.Orders.Declined++
	case stateCancelled:
		t.Orders.Cancelled++
	}
	t.ToEnd.add(&t.toEnd, end.Sub(f.ReportedAt))
}

// verdict is what became of a limit.
type verdict int

const (
	pending verdict = iota // it has not ended
	met
	missed
	left // out, with a reason
)

// judge says what became of a limit and when. It belongs to the moment it was met or ran out, whichever came
// first; one that was stopped before either is left out, with the reason, at the moment it was stopped.
func (b *book) judge(h *history, r run) (v verdict, when clock.Instant, reason string) {
	stopped := r.stop.ok && b.def.excludes(r.why)
	switch {
	case h.now.Source == sourceImport && b.def.excludes("imported_history"):
		if r.stage == accept {
			return left, h.now.ReportedAt, "imported_history"
		}
	case r.done.ok && !r.due.ok:
		return left, r.done.at, "no_limit"
	case r.done.ok && r.done.at <= r.due.at:
		return met, r.done.at, ""
	case stopped && !r.due.ok && r.stage == accept && r.why == "not_recorded":
		return left, r.stop.at, "no_limit"
	case stopped && r.due.ok && r.stop.at < r.due.at, stopped && !r.due.ok && r.stage == accept:
		return left, r.stop.at, r.why
	case r.due.ok && r.due.at <= b.asOf:
		return missed, r.due.at, ""
	}
	return pending, 0, ""
}

func (b *book) addLimit(h *history, r run) {
	v, when, reason := b.judge(h, r)
	if v == pending {
		return
	}
	b.each(h, r.company, when, func(t *tally) {
		l := t.limit(r.stage)
		switch v {
		case met:
			l.Met++
			l.Ended++
		case missed:
			l.Ended++
		case left:
			count(&l.Excluded, reason)
		}
	})
}

// settle computes the percentiles and returns the figures of every cell, the total among them.
func (b *book) settle() map[Cell]Figures {
	b.tally(Cell{Total, keyAll})
	out := make(map[Cell]Figures, len(b.cells))
	for c, t := range b.cells {
		t.ToEnd.settle(t.toEnd, b.def.Durations.Percentiles)
		t.ToClose.settle(t.toClose, b.def.Durations.Percentiles)
		out[c] = t.Figures
	}
	return out
}

// sorted lists cells in the order of ranked(), then of their keys.
func sorted[V any](cells map[Cell]V) []Cell {
	return slices.SortedFunc(maps.Keys(cells), compareCells)
}

func compareCells(a, b Cell) int {
	if a.Dimension != b.Dimension {
		return slices.Index(ranked(), a.Dimension) - slices.Index(ranked(), b.Dimension)
	}
	switch {
	case a.Key < b.Key:
		return -1
	case a.Key > b.Key:
		return 1
	}
	return 0
}
