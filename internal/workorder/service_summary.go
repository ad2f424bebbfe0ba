package workorder

import (
	"context"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// OrderSummary counts the open orders that somebody may see: the head of a workbench, and what waits for a resident. Each number is the
// length of a list that listWorkOrders gives.
type OrderSummary struct {
	Open         int64               `json:"open" doc:"Not over yet: open=true"`
	WaitingForMe int64               `json:"waitingForMe" doc:"The next move is yours: waitingForMe=true"`
	Overdue      int64               `json:"overdue" doc:"Past the limit of what is due next: overdue=true"`
	DueSoon      int64               `json:"dueSoon" doc:"Due within the hours asked for, and not overdue: the head of sort=due"`
	Reported     int64               `json:"reported" doc:"Open, and reported since the moment asked for"`
	Changed      int64               `json:"changed" doc:"Open, and changed since the moment asked for"`
	Since        clock.Instant       `json:"since" doc:"The moment asked for; a day ago where none was"`
	States       []OrderSummaryState `json:"states" doc:"Open orders by state, in the order of an order's life"`
}

// OrderSummaryState counts the orders of one state.
type OrderSummaryState struct {
	State  State `json:"state"`
	Orders int64 `json:"orders"`
}

// SummaryOf says what is counted as soon and as new.
type SummaryOf struct {
	Soon  time.Duration
	Since *clock.Instant // a day ago when nil
}

// openRow is of an open order what a summary counts.
type openRow struct {
	ID         id.ID          `db:"id"`
	State      State          `db:"state"`
	DueAt      *clock.Instant `db:"due_at"`
	ReportedAt clock.Instant  `db:"reported_at"`
	UpdatedAt  clock.Instant  `db:"updated_at"`
}

// Summary counts the open orders the caller may see, each once however many capacities show it.
func (s *Service) Summary(ctx context.Context, p authz.Principal, of SummaryOf) (OrderSummary, error) {
	now := s.now()
	out := OrderSummary{Since: now.Add(-24 * time.Hour), States: []OrderSummaryState{}}
	if of.Since != nil {
		out.Since = *of.Since
	}
	open, err := s.openRows(ctx, p, Filter{Open: true, posts: postsOf(p)})
	if err != nil {
		return OrderSummary{}, err
	}
	mine, err := s.openRows(ctx, p, Filter{ForMe: true, posts: postsOf(p)})
	if err != nil {
		return OrderSummary{}, err
	}
	out.WaitingForMe = int64(len(mine))
	states := map[State]int64{}
	for _, r := range open {
		states[r.State]++
		out.count(r, now, now.Add(of.Soon))
	}
	for _, st := range unfinished {
		if states[st] > 0 {
			out.States = append(out.States, OrderSummaryState{st, states[st]})
		}
	}
	return out, nil
}

func (o *OrderSummary) count(r openRow, now, soon clock.Instant) {
	o.Open++
	if r.ReportedAt >= o.Since {
		o.Reported++
	}
	if r.UpdatedAt >= o.Since {
		o.Changed++
	}
	switch {
	case r.DueAt == nil:
	case *r.DueAt <= now:
		o.Overdue++
	case *r.DueAt <= soon:
		o.DueSoon++
	}
}

// openRows reads the walks of a filter to their ends: open orders are few among the closed.
func (s *Service) openRows(ctx context.Context, p authz.Principal, f Filter) (map[id.ID]openRow, error) {
	scans, err := s.scansOf(ctx, p, f)
	if err != nil {
		return nil, err
	}
	out := map[id.ID]openRow{}
	for _, sc := range scans {
		rows, err := openOrders(ctx, s.DB, sc)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.ID] = r
		}
	}
	return out, nil
}
