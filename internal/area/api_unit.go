package area

import (
	"context"
	"net/http"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

// UnitPath names a unit in a path.
type UnitPath struct {
	ID id.ID `path:"unitId" doc:"Unit"`
}

type listUnitsInput struct {
	BuildingPath
	httpapi.PageInput
	History bool `query:"history" doc:"Also those that were merged, split or struck out"`
}

// UnitBody is a unit to be entered.
type UnitBody struct {
	UnitIdentity
	UnitFactsBody
}

// UnitFactsBody is what changes in the course of life.
type UnitFactsBody struct {
	Delivery Delivery `json:"delivery,omitempty" enum:"unsold,undelivered,delivered,unknown" doc:"Whether the developer has handed it over; unknown when absent"`
	Occupied Occupied `json:"occupied,omitempty" enum:"owner,let,vacant,unknown" doc:"Who uses it; unknown when absent"`
}

type addUnitsInput struct {
	BuildingPath
	Body struct {
		Units []UnitBody `json:"units" minItems:"1" maxItems:"500" doc:"Units to enter, all or none"`
	}
}

type updateUnitInput struct {
	UnitPath
	httpapi.IfMatch
	Body UnitFactsBody
}

type unitOnInput struct {
	UnitPath
	At time.Time `query:"at" required:"true" doc:"The moment asked about"`
}

func (s *Service) registerUnits(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listUnits", Method: http.MethodGet, Path: "/buildings/{buildingId}/units", Tag: tagUnits, Permission: authz.PlaceRead,
		Summary: "Units of a building, by number", Description: "For those who work in the place; residents see their own unit."},
		func(ctx context.Context, in *listUnitsInput) (*httpapi.Body[page.Page[Unit]], error) {
			return httpapi.Answer(s.Units(ctx, authz.From(ctx), in.ID, in.History, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "addUnits", Method: http.MethodPost, Path: "/buildings/{buildingId}/units", Tag: tagUnits, Permission: authz.PlaceManage, Status: http.StatusCreated,
		Summary: "Enter units of a building", Description: "All or none. 0301, 301室 and 三〇一 of one entrance are one unit: the second is refused."},
		func(ctx context.Context, in *addUnitsInput) (*httpapi.Body[[]Unit], error) {
			units := make([]NewUnit, len(in.Body.Units))
			for i, b := range in.Body.Units {
				units[i] = NewUnit{b.UnitIdentity, UnitFacts(b.UnitFactsBody)}
			}
			return httpapi.Answer(s.AddUnits(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, units))
		})
	httpapi.Register(api, httpapi.Op{ID: "getUnit", Method: http.MethodGet, Path: "/units/{unitId}", Tag: tagUnits, Permission: authz.PlaceRead, Summary: "A unit"},
		func(ctx context.Context, in *UnitPath) (*httpapi.Versioned[Unit], error) {
			u, err := s.ReadUnit(ctx, authz.From(ctx), in.ID)
			return versioned(u, u.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "updateUnit", Method: http.MethodPut, Path: "/units/{unitId}", Tag: tagUnits, Permission: authz.PlaceManage,
		Summary: "Change delivery and use of a unit", Description: "Number, area and purpose change only through a reviewed correction."},
		func(ctx context.Context, in *updateUnitInput) (*httpapi.Versioned[Unit], error) {
			u, err := matched(in.IfMatch, func(version int64) (Unit, error) {
				return s.UpdateUnit(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, version, UnitFacts(in.Body))
			})
			return versioned(u, u.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "listUnitEvents", Method: http.MethodGet, Path: "/units/{unitId}/events", Tag: tagUnits, Permission: authz.PlaceRead, Summary: "Changes of a unit, with what it was before each"},
		func(ctx context.Context, in *UnitPath) (*httpapi.Body[[]UnitEvent], error) {
			return httpapi.Answer(s.UnitHistory(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(api, httpapi.Op{ID: "getUnitAt", Method: http.MethodGet, Path: "/units/{unitId}/past", Tag: tagUnits, Permission: authz.PlaceRead, Summary: "What a unit was at a moment"},
		func(ctx context.Context, in *unitOnInput) (*httpapi.Body[Unit], error) {
			return httpapi.Answer(s.UnitOn(ctx, authz.From(ctx), in.ID, clock.At(in.At)))
		})
}

// ChangePath names a proposed change in a path.
type ChangePath struct {
	ID id.ID `path:"changeId" doc:"Proposed change"`
}

type proposeInput struct{ Body UnitProposal }

type listChangesInput struct {
	ServiceAreaPath
	httpapi.PageInput
	State ChangeState `query:"state" enum:"proposed,applied,rejected,withdrawn" doc:"Only those in this state"`
}

type decideInput struct {
	ChangePath
	httpapi.IfMatch
	Body struct {
		Apply bool   `json:"apply" doc:"Apply it, or reject it"`
		Note  string `json:"note,omitempty" maxLength:"500" doc:"Why; required for a rejection"`
	}
}

type withdrawInput struct {
	ChangePath
	httpapi.IfMatch
}

func (s *Service) registerChanges(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "proposeUnitChange", Method: http.MethodPost, Path: "/unit-changes", Tag: tagUnits, Permission: authz.PlaceCorrect, Status: http.StatusCreated,
		Summary: "Propose to correct, merge, split or strike out units", Description: "Changes nothing: another natural person decides. A merger or split that changes the total area needs a reason, since the total is a denominator of owners' decisions."},
		func(ctx context.Context, in *proposeInput) (*httpapi.Versioned[UnitChange], error) {
			c, err := s.ProposeChange(ctx, authz.From(ctx), httpapi.Once(ctx), in.Body)
			return versioned(c, c.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "listUnitChanges", Method: http.MethodGet, Path: "/service-areas/{serviceAreaId}/unit-changes", Tag: tagUnits, Permission: authz.PlaceRead, Summary: "Proposed changes of units"},
		func(ctx context.Context, in *listChangesInput) (*httpapi.Body[page.Page[UnitChange]], error) {
			return httpapi.Answer(s.Changes(ctx, authz.From(ctx), in.ID, in.State, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "getUnitChange", Method: http.MethodGet, Path: "/unit-changes/{changeId}", Tag: tagUnits, Permission: authz.PlaceRead, Summary: "A proposed change"},
		func(ctx context.Context, in *ChangePath) (*httpapi.Versioned[UnitChange], error) {
			c, err := s.ReadChange(ctx, authz.From(ctx), in.ID)
			return versioned(c, c.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "decideUnitChange", Method: http.MethodPost, Path: "/unit-changes/{changeId}/decide", Tag: tagUnits, Permission: authz.PlaceReview,
		Summary: "Apply or reject a proposed change", Description: "Never by its proposer, whatever the post. Applied in one transaction, or not at all when a unit was changed meanwhile."},
		func(ctx context.Context, in *decideInput) (*httpapi.Versioned[UnitChange], error) {
			c, err := matched(in.IfMatch, func(version int64) (UnitChange, error) {
				return s.DecideChange(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, version, Decision{Apply: in.Body.Apply, Note: in.Body.Note})
			})
			return versioned(c, c.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "withdrawUnitChange", Method: http.MethodPost, Path: "/unit-changes/{changeId}/withdraw", Tag: tagUnits, Permission: authz.PlaceCorrect, Summary: "Take back one's own proposal"},
		func(ctx context.Context, in *withdrawInput) (*httpapi.Versioned[UnitChange], error) {
			c, err := matched(in.IfMatch, func(version int64) (UnitChange, error) {
				return s.WithdrawChange(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, version)
			})
			return versioned(c, c.Version, err)
		})
}
