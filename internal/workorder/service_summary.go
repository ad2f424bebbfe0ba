package workorder

import (
	"context"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
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

// stateCount is how many open orders of one state a summary counts.
type stateCount struct {
	State    State `db:"state"`
	Orders   int64 `db:"orders"`
	Reported int64 `db:"reported"`
	Changed  int64 `db:"changed"`
	Overdue  int64 `db:"overdue"`
	DueSoon  int64 `db:"due_soon"`
}

// Summary counts the open orders the caller may see, each once however many capacities show it.
func (s *Service) Summary(ctx context.Context, p authz.Principal, of SummaryOf) (OrderSummary, error) {
	now := s.now()
	out := OrderSummary{Since: now.Add(-24 * time.Hour), States: []OrderSummaryState{}}
	if of.Since != nil {
		out.Since = *of.Since
	}
	open, err := s.scansOf(ctx, p, Filter{Open: true, posts: postsOf(p)})
	if err != nil {
		return OrderSummary{}, err
	}
	mine, err := s.scansOf(ctx, p, Filter{ForMe: true, posts: postsOf(p)})
	if err != nil {
		return OrderSummary{}, err
	}
	if out.WaitingForMe, err = countIn(ctx, s.DB, mine); err != nil {
		return OrderSummary{}, err
	}
	counts, err := countStates(ctx, s.DB, open, out.Since, now, now.Add(of.Soon))
	if err != nil {
		return OrderSummary{}, err
	}
	for _, st := range unfinished {
		for _, c := range counts {
			if c.State == st {
				out.add(c)
			}
		}
	}
	return out, nil
}

func (o *OrderSummary) add(c stateCount) {
	o.Open, o.Reported, o.Changed = o.Open+c.Orders, o.Reported+c.Reported, o.Changed+c.Changed
	o.Overdue, o.DueSoon = o.Overdue+c.Overdue, o.DueSoon+c.DueSoon
	o.States = append(o.States, OrderSummaryState{c.State, c.Orders})
}
