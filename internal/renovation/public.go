package renovation

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// PublicView is what anybody may read of a project without logging in: what, when, how much and who, with no person and no single home.
type PublicView struct {
	ID          id.ID             `json:"id"`
	Name        string            `json:"name"`
	Place       string            `json:"place"`
	Why         string            `json:"why"`
	Stage       State             `json:"stage" enum:"wishes,plan,consent,funded,tendered,works,acceptance,warranty,closed,withdrawn"`
	Sponsor     string            `json:"sponsor,omitempty" doc:"The office that carries it out"`
	Phone       string            `json:"phone,omitempty" doc:"Telephone of that office"`
	Contractor  string            `json:"contractor,omitempty"`
	ContractFen *int64            `json:"contractFen,omitempty"`
	Former      []PublicFormer    `json:"formerContracts" doc:"Works contracts that were ended"`
	PlanNumber  int64             `json:"planNumber"`
	BudgetFen   int64             `json:"budgetFen"`
	Items       []PublicItem      `json:"items"`
	Sums        Sums              `json:"sums"`
	BySource    []Sums            `json:"bySource"`
	Milestones  []PublicMilestone `json:"milestones"`
	Supervisors int64             `json:"supervisors" doc:"How many residents look after the works"`
	AcceptedOn  *clock.Date       `json:"acceptedOn,omitempty"`
	WarrantyTo  *clock.Date       `json:"warrantyUntil,omitempty"`
	ChangedAt   clock.Instant     `json:"changedAt"`
}

// PublicItem is an item as anybody may read it.
type PublicItem struct {
	Title        string      `json:"title"`
	Class        string      `json:"class"`
	Detail       string      `json:"detail,omitempty"`
	Unit         string      `json:"unit"`
	Quantity     int64       `json:"quantity" doc:"In hundredths of the unit"`
	DoneQuantity int64       `json:"doneQuantity"`
	BudgetFen    int64       `json:"budgetFen"`
	Consent      string      `json:"consent" enum:"not_needed,open,given,outdated"`
	PlannedFrom  *clock.Date `json:"plannedFrom,omitempty"`
	PlannedUntil *clock.Date `json:"plannedUntil,omitempty"`
	AcceptedOn   *clock.Date `json:"acceptedOn,omitempty"`
}

// PublicFormer is a works contract that was ended, as anybody may read it.
type PublicFormer struct {
	Contractor string     `json:"contractor"`
	PriceFen   int64      `json:"priceFen"`
	EndedOn    clock.Date `json:"endedOn"`
	SettledFen int64      `json:"settledFen" doc:"What it costs in the end"`
}

// PublicMilestone is a milestone as anybody may read it.
type PublicMilestone struct {
	Title      string      `json:"title"`
	PlannedOn  clock.Date  `json:"plannedOn"`
	ForecastOn clock.Date  `json:"forecastOn"`
	ActualOn   *clock.Date `json:"actualOn,omitempty"`
	DaysLate   int64       `json:"daysLate"`
	Reasons    []Reason    `json:"reasons"`
}

// Public shows a project to anybody once residents are asked about it; before that, and for an unknown one, the fault not_found.
func (s *Service) Public(ctx context.Context, which id.ID) (PublicView, error) {
	p, err := projectByID(ctx, s.DB, which)
	if err != nil {
		return PublicView{}, err
	}
	if p.State == Proposed || p.State == Withdrawn && p.PlanNumber == 0 && p.WishesRound == nil && p.WishesDocument == nil {
		return PublicView{}, notFound()
	}
	v, err := s.view(ctx, s.DB, p)
	if err != nil {
		return PublicView{}, err
	}
	place, err := s.Places.Place(ctx, s.DB, p.AreaID)
	if err != nil {
		return PublicView{}, err
	}
	out := PublicView{ID: p.ID, Name: p.Name, Place: place.Name, Why: p.Why, Stage: p.State, Sponsor: v.Sponsor, Phone: v.Phone, Contractor: v.Contractor, ContractFen: p.ContractFen,
		PlanNumber: p.PlanNumber, BudgetFen: p.BudgetFen, Items: []PublicItem{}, Sums: v.Sums, BySource: v.BySource, Milestones: []PublicMilestone{}, Former: []PublicFormer{},
		AcceptedOn: p.AcceptedOn, WarrantyTo: p.WarrantyUntil, ChangedAt: p.ChangedAt}
	for _, it := range v.Items {
		out.Items = append(out.Items, PublicItem{it.Title, it.Class, it.Detail, it.Unit, it.Quantity, it.DoneQuantity, it.BudgetFen, it.Consent, it.PlannedFrom, it.PlannedUntil, it.AcceptedOn})
	}
	for _, c := range v.Former {
		out.Former = append(out.Former, PublicFormer{c.Contractor, c.PriceFen, c.EndedOn, c.SettledFen})
	}
	for _, m := range v.Milestones {
		pm := PublicMilestone{m.Title, m.PlannedOn, m.ForecastOn, m.ActualOn, m.DaysLate, []Reason{}}
		for _, d := range m.Delays {
			pm.Reasons = append(pm.Reasons, d.Reason)
		}
		out.Milestones = append(out.Milestones, pm)
	}
	for _, sv := range v.Supervisors {
		if sv.State == Confirmed {
			out.Supervisors++
		}
	}
	return out, nil
}
