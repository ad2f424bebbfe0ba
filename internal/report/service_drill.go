package report

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

// Measure is what a cell's orders are listed for. None is about ratings: a list of orders would tell who gave
// them.
type Measure string

// The measures.
const (
	MeasureReported   Measure = "reported"
	MeasureClosed     Measure = "closed"
	MeasureUnanswered Measure = "unanswered"
	MeasureDeclined   Measure = "declined"
	MeasureCancelled  Measure = "cancelled"
	MeasureReopened   Measure = "reopened"
	MeasureBounced    Measure = "bounced"
	MeasureOpen       Measure = "open"
	MeasureOverdue    Measure = "overdue"
	MeasureNegative   Measure = "negative"
	MeasureZero       Measure = "zero"
	MeasureAccept     Measure = "missed_accept"
	MeasureArrive     Measure = "missed_arrive"
	MeasureControl    Measure = "missed_control"
	MeasureFix        Measure = "missed_fix"
)

// OrderRow is an order behind a figure, without anything that ties it to persons and without ratings.
type OrderRow struct {
	ID            id.ID          `json:"id"`
	Number        string         `json:"number"`
	ServiceAreaID id.ID          `json:"serviceAreaId"`
	Category      string         `json:"category"`
	Severity      string         `json:"severity"`
	State         string         `json:"state" doc:"As known at asOf"`
	HandlerOrgID  *id.ID         `json:"handlerOrgId,omitempty" doc:"Who had it when it was counted"`
	ReportedAt    clock.Instant  `json:"reportedAt"`
	CountedAt     clock.Instant  `json:"countedAt" doc:"The moment it is counted at: of the closing, the missed limit, the objection"`
	EndedAt       *clock.Instant `json:"endedAt,omitempty" doc:"When it was last closed, declined or cancelled"`
}

// marks are the moments at which a history counts for a measure.
func (b *book) marks(h *history, m Measure) []moment {
	switch m {
	case MeasureReported:
		return []moment{{h.now.ReportedAt, h.first}}
	case MeasureReopened:
		return h.reopens
	case MeasureBounced:
		return h.bounces
	case MeasureDeclined, MeasureCancelled:
		if h.ended.ok && h.now.State == string(m) {
			return []moment{{h.ended.at, h.now.Handler.ID}}
		}
		return nil
	case MeasureOpen, MeasureOverdue:
		end := min(b.period.To, b.asOf+1)
		if h.open(end) && (m == MeasureOpen || h.overdue(end)) {
			return []moment{{end - 1, h.now.Handler.ID}}
		}
		return nil
	case MeasureAccept, MeasureArrive, MeasureControl, MeasureFix:
		return b.missed(h, m)
	}
	return closingMarks(h, m)
}

// missed are the limits of the measure's stage that ran out.
func (b *book) missed(h *history, m Measure) []moment {
	var out []moment
	for _, r := range h.limits() {
		if v, when, _ := b.judge(h, r); v == missed && string(m) == "missed_"+stageNames[r.stage] {
			out = append(out, moment{when, r.company})
		}
	}
	return out
}

func closingMarks(h *history, m Measure) []moment {
	var out []moment
	for _, c := range h.closures {
		took := c.at.Sub(h.now.ReportedAt)
		if m == MeasureClosed || (m == MeasureUnanswered && c.as == closedUnanswered) || (m == MeasureNegative && took < 0) || (m == MeasureZero && took == 0) {
			out = append(out, moment{c.at, c.company})
		}
	}
	if h.ended.ok && h.now.State != stateDuplicate {
		took := h.ended.at.Sub(h.now.ReportedAt)
		if (m == MeasureNegative && took < 0) || (m == MeasureZero && took == 0) {
			out = append(out, moment{h.ended.at, h.now.Handler.ID})
		}
	}
	return out
}

// row is the order as it is listed for a moment.
func (h *history) row(m moment) OrderRow {
	f := &h.now
	r := OrderRow{
		ID: h.order, Number: f.Number, ServiceAreaID: f.ServiceArea, Category: f.Category, Severity: f.Severity, State: f.State,
		HandlerOrgID: m.company.Ptr(), ReportedAt: f.ReportedAt, CountedAt: m.at, EndedAt: h.ended.ptr(),
	}
	if n := len(h.closures); n > 0 && !h.ended.ok {
		r.EndedAt = h.closures[n-1].at.Ptr()
	}
	return r
}

// listed returns the row of a history that counts for a measure in a cell, and whether it does.
func (b *book) listed(h *history, c Cell, m Measure) (OrderRow, bool) {
	marks := b.marks(h, m)
	i := slices.IndexFunc(marks, func(k moment) bool {
		return b.period.holds(k.at) && keyIn(c.Dimension, &h.now, k.company, MonthOf(k.at)) == c.Key
	})
	if i < 0 {
		return OrderRow{}, false
	}
	return h.row(marks[i]), true
}

// Orders lists the orders behind a figure of a live cell, by their identifiers. It takes the permission to see
// those orders besides the one to see reports.
func (s *Service) Orders(ctx context.Context, p authz.Principal, in Query, c Cell, m Measure, req page.Request) (page.Page[OrderRow], error) {
	none := page.Page[OrderRow]{}
	t, err := s.task(ctx, p, in)
	if err != nil {
		return none, err
	}
	after, err := afterID(req)
	if err != nil {
		return none, err
	}
	b := newBook(t.period, t.asOf, t.def, nil)
	var rows []OrderRow
	err = eachHistory(ctx, s.DB, t.scope, t.period, t.asOf, after, nil, func(h *history) error {
		if row, ok := b.listed(h, c, m); ok {
			rows = append(rows, row)
		}
		if len(rows) > req.Size() {
			return errEnough
		}
		return nil
	})
	if err != nil {
		return none, err
	}
	return page.Cut(rows, req.Size(), func(r OrderRow) []string { return []string{r.ID.String()} }), nil
}

func afterID(req page.Request) (id.ID, error) {
	parts, err := page.Decode(req.Cursor, 1)
	if err != nil || parts == nil {
		return id.Nil, err
	}
	last, err := id.Parse(parts[0])
	if err != nil {
		return id.Nil, fault.InvalidField("query.cursor", "page.cursor")
	}
	return last, nil
}

// Flags is what in a month asks for a look. It points at orders and organisations, never at persons.
type Flags struct {
	AreaID   id.ID         `json:"areaId"`
	Period   Period        `json:"period"`
	AsOf     clock.Instant `json:"asOf"`
	Negative FlagList      `json:"negative" doc:"Ends recorded before the report: faults of the record"`
	Zero     int64         `json:"zero" doc:"Orders over in the moment they were reported"`
	Reopened FlagList      `json:"reopened"`
	Overdue  FlagList      `json:"overdue" doc:"Open, with a limit run out"`
	Bounced  []BouncedFlag `json:"bounced" doc:"Categories whose orders handlers returned most: the list of responsibilities is unclear there"`
	Unrated  []UnratedFlag `json:"unrated" doc:"Closings by company that nobody answered, the largest share first"`
}

// FlagList is how many orders a flag concerns, and the first of them.
type FlagList struct {
	Count  int64      `json:"count"`
	Orders []OrderRow `json:"orders" doc:"At most 50; all of them by the cell total.all"`
}

// BouncedFlag counts objections in a category.
type BouncedFlag struct {
	Category string `json:"category"`
	Bounced  int64  `json:"bounced"`
	Reported int64  `json:"reported"`
}

// UnratedFlag is how many of a company's closings went without an answer.
type UnratedFlag struct {
	CompanyID  *id.ID      `json:"companyId,omitempty" doc:"Absent: in the community's own hands"`
	Name       string      `json:"name"`
	Closed     int64       `json:"closed"`
	Unanswered int64       `json:"unanswered" doc:"Closed because the reporter said nothing"`
	Ratings    OpinionView `json:"ratings" doc:"With the coverage, where it may be shown"`
}

// flagOrders is how many orders a flag lists.
const flagOrders = 50

func (l *FlagList) add(b *book, h *history, m Measure) {
	row, ok := b.listed(h, Cell{Total, keyAll}, m)
	if !ok {
		return
	}
	l.Count++
	if len(l.Orders) < flagOrders {
		l.Orders = append(l.Orders, row)
	}
}

// Flags finds what in a month of an area asks for a look.
func (s *Service) Flags(ctx context.Context, p authz.Principal, in Query) (Flags, error) {
	t, err := s.task(ctx, p, in)
	if err != nil {
		return Flags{}, err
	}
	f := Flags{
		AreaID: t.scope.ID, Period: t.period, AsOf: t.asOf, Bounced: []BouncedFlag{}, Unrated: []UnratedFlag{},
		Negative: FlagList{Orders: []OrderRow{}}, Reopened: FlagList{Orders: []OrderRow{}}, Overdue: FlagList{Orders: []OrderRow{}},
	}
	t.dims = []Dimension{Total, Category, Company}
	t.look = func(b *book, h *history) {
		f.Negative.add(b, h, MeasureNegative)
		f.Reopened.add(b, h, MeasureReopened)
		f.Overdue.add(b, h, MeasureOverdue)
	}
	reserved := authz.Require(p, authz.OrderCallback, authz.Object{Path: t.scope.Path}) != nil
	if !reserved {
		t.revisions = []clock.Instant{t.asOf}
	}
	e, err := evaluate(ctx, s.DB, t)
	if err != nil {
		return f, err
	}
	return f, s.flagCells(ctx, s.DB, &f, t, e, reserved)
}

func (s *Service) flagCells(ctx context.Context, q dbx.Querier, f *Flags, t task, e *evaluation, reserved bool) error {
	list := sorted(e.figures)
	n, err := s.names(ctx, q, t.scope.Name, list)
	if err != nil {
		return err
	}
	for _, c := range list {
		fig := e.figures[c]
		switch {
		case c.Dimension == Total:
			f.Zero = fig.ToEnd.Zero
		case c.Dimension == Category && fig.Orders.Bounced > 0:
			f.Bounced = append(f.Bounced, BouncedFlag{c.Key, fig.Orders.Bounced, fig.Orders.Reported})
		case c.Dimension == Company && fig.Orders.Closed > 0:
			j := e.of(c)
			if j.Revision = 0; reserved {
				j = Judged{State: RatingsReserved}
			}
			f.Unrated = append(f.Unrated, UnratedFlag{c.company().Ptr(), n.of(c), fig.Orders.Closed, fig.Orders.Unanswered, opinionView(j, t.def, fig.Excluded)})
		}
	}
	slices.SortStableFunc(f.Bounced, func(a, b BouncedFlag) int { return int(b.Bounced - a.Bounced) })
	slices.SortStableFunc(f.Unrated, func(a, b UnratedFlag) int {
		return int(b.Unanswered*a.Closed - a.Unanswered*b.Closed)
	})
	return nil
}
