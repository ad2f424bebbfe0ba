package area

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
)

// RollIdentity is a name and a phone as they are entered.
type RollIdentity struct {
	Name       string         `json:"name" minLength:"1" maxLength:"60" doc:"Full name"`
	Phone      string         `json:"phone,omitempty" maxLength:"30" doc:"Phone; needs phoneBasis"`
	PhoneBasis personal.Basis `json:"phoneBasis,omitempty" enum:"contract,duty,consent" doc:"Why the phone may be kept (PIPL 13)"`
}

func (b RollIdentity) identity() Identity {
	return Identity{Name: b.Name, Phone: b.Phone, Basis: b.PhoneBasis}
}

type enterOwnerInput struct {
	Body struct {
		RollIdentity
		Kind     OwnerKind  `json:"kind" enum:"person,company,developer" doc:"Sort of owner"`
		UnitIDs  []id.ID    `json:"unitIds" minItems:"1" maxItems:"500" doc:"Units owned, of one service area"`
		From     clock.Date `json:"from" doc:"First day of owning them"`
		Evidence Evidence   `json:"evidence" enum:"register,contract,declared" doc:"Where it is known from"`
		PersonID id.ID      `json:"personId,omitempty" doc:"The natural person, where known"`
	}
}

// OwnerPath names an owner on the roll in a path.
type OwnerPath struct {
	ID id.ID `path:"ownerId" doc:"Owner on the roll"`
}

type updateOwnerInput struct {
	OwnerPath
	httpapi.IfMatch
	Body RollIdentity
}

type linkOwnerInput struct {
	OwnerPath
	httpapi.IfMatch
	Body struct {
		PersonID id.ID `json:"personId" doc:"The natural person"`
	}
}

// RevealBody asks for one value in clear.
type RevealBody struct {
	Part   Part            `json:"part" enum:"name,phone" doc:"What to see"`
	Reason personal.Reason `json:"reason" enum:"visit,callback,emergency,inquiry,roll,application,delivery,authority,own_request,export" doc:"Why; it is recorded, and shown to the person"`
}

// Revealed is one value in clear.
type Revealed struct {
	Value string `json:"value" doc:"The clear value; empty when none is kept"`
}

type revealOwnerInput struct {
	OwnerPath
	Body RevealBody
}

// EndBody is a last day.
type EndBody struct {
	To clock.Date `json:"to" doc:"The day it ends"`
}

type endOwnershipInput struct {
	UnitID  id.ID `path:"unitId" doc:"Unit"`
	OwnerID id.ID `path:"ownerId" doc:"Owner on the roll"`
	Body    EndBody
}

type findOnRollInput struct {
	Body struct {
		Name   string `json:"name,omitempty" maxLength:"60" doc:"Exact name"`
		Phone  string `json:"phone,omitempty" maxLength:"30" doc:"Exact phone"`
		Room   string `json:"room,omitempty" maxLength:"60" doc:"Room number or house code; needs serviceAreaId"`
		Area   id.ID  `json:"serviceAreaId,omitempty" doc:"Only in this service area"`
		Cursor string `json:"cursor,omitempty" maxLength:"600" doc:"The next of the page before"`
		Limit  int    `json:"limit,omitempty" minimum:"1" maximum:"200" doc:"Rows in a page; 50 when absent"`
	}
}

func (s *Service) registerRoll(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listRoll", Method: http.MethodGet, Path: "/service-areas/{serviceAreaId}/roll", Tag: tagRoll, Permission: authz.RollRead,
		Summary: "Units with their owners and occupants, masked"},
		func(ctx context.Context, in *serviceAreaList) (*httpapi.Body[page.Page[RollEntry]], error) {
			return httpapi.Answer(s.Roll(ctx, authz.From(ctx), in.ID, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "getUnitRoll", Method: http.MethodGet, Path: "/units/{unitId}/roll", Tag: tagRoll, Permission: authz.RollRead, Summary: "Owners and occupants of a unit, masked"},
		func(ctx context.Context, in *UnitPath) (*httpapi.Body[RollEntry], error) {
			return httpapi.Answer(s.RollOfUnit(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(api, httpapi.Op{ID: "findOnRoll", Method: http.MethodPost, Path: "/roll/search", Tag: tagRoll, Permission: authz.RollRead,
		Summary: "Find people on the roll by exact name, exact phone or room", Description: "One of the three. The question is in the body, so that no name stands in an address or a log. Nothing is changed."},
		func(ctx context.Context, in *findOnRollInput) (*httpapi.Body[page.Page[RollEntry]], error) {
			b := in.Body
			return httpapi.Answer(s.FindOnRoll(ctx, authz.From(ctx), PersonQuery{Name: b.Name, Phone: b.Phone, Room: b.Room, Area: b.Area}, page.Request{Cursor: b.Cursor, Limit: b.Limit}))
		})
	httpapi.Register(api, httpapi.Op{ID: "enterOwner", Method: http.MethodPost, Path: "/owners", Tag: tagRoll, Permission: authz.RollManage, Status: http.StatusCreated,
		Summary: "Enter an owner with the units owned", Description: "Somebody of the same name and phone on the roll of the service area is not entered twice: the units are added to theirs."},
		func(ctx context.Context, in *enterOwnerInput) (*httpapi.Versioned[Owner], error) {
			b := in.Body
			o, err := s.EnterOwner(ctx, authz.From(ctx), httpapi.Once(ctx), NewOwner{Identity: b.identity(), Kind: b.Kind, UnitIDs: b.UnitIDs, From: b.From, Evidence: b.Evidence, PersonID: b.PersonID})
			return versioned(o, o.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "updateOwner", Method: http.MethodPut, Path: "/owners/{ownerId}", Tag: tagRoll, Permission: authz.RollManage, Summary: "Correct the name and phone of an owner"},
		func(ctx context.Context, in *updateOwnerInput) (*httpapi.Versioned[Owner], error) {
			o, err := matched(in.IfMatch, func(version int64) (Owner, error) {
				return s.UpdateOwner(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, version, in.Body.identity())
			})
			return versioned(o, o.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "linkOwner", Method: http.MethodPost, Path: "/owners/{ownerId}/link", Tag: tagRoll, Permission: authz.RollManage, Summary: "Note which natural person an owner is"},
		func(ctx context.Context, in *linkOwnerInput) (*httpapi.Versioned[Owner], error) {
			o, err := matched(in.IfMatch, func(version int64) (Owner, error) {
				return s.LinkOwner(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, version, in.Body.PersonID)
			})
			return versioned(o, o.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "revealOwner", Limit: "reveal", Method: http.MethodPost, Path: "/owners/{ownerId}/reveal", Tag: tagRoll, Permission: authz.RollReveal,
		Summary: "See the name or phone of an owner in clear", Description: "Each reading is recorded with its reason before the value is given out."},
		func(ctx context.Context, in *revealOwnerInput) (*httpapi.Body[Revealed], error) {
			value, err := s.RevealOwner(ctx, authz.From(ctx), in.ID, in.Body.Part, in.Body.Reason)
			return httpapi.Answer(Revealed{value}, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "endOwnership", Method: http.MethodPost, Path: "/units/{unitId}/owners/{ownerId}/end", Tag: tagRoll, Permission: authz.RollManage, Status: http.StatusNoContent,
		Summary: "End the owning of a unit, as after a sale"},
		func(ctx context.Context, in *endOwnershipInput) (*httpapi.Empty, error) {
			return httpapi.Done(s.EndOwnership(ctx, authz.From(ctx), httpapi.Once(ctx), in.UnitID, in.OwnerID, in.Body.To))
		})
}

type enterOccupantInput struct {
	UnitPath
	Body struct {
		RollIdentity
		Relation Relation   `json:"relation" enum:"family,tenant,other" doc:"What they are to the owner"`
		From     clock.Date `json:"from" doc:"First day"`
	}
}

// OccupantPath names an occupant on the roll in a path.
type OccupantPath struct {
	ID id.ID `path:"occupantId" doc:"Occupant on the roll"`
}

type endOccupancyInput struct {
	OccupantPath
	httpapi.IfMatch
	Body EndBody
}

type revealOccupantInput struct {
	OccupantPath
	Body RevealBody
}

func (s *Service) registerOccupants(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "enterOccupant", Method: http.MethodPost, Path: "/units/{unitId}/occupants", Tag: tagRoll, Permission: authz.RollManage, Status: http.StatusCreated,
		Summary: "Enter somebody who uses a unit without owning it"},
		func(ctx context.Context, in *enterOccupantInput) (*httpapi.Versioned[Occupant], error) {
			b := in.Body
			o, err := s.EnterOccupant(ctx, authz.From(ctx), httpapi.Once(ctx), NewOccupant{Identity: b.identity(), UnitID: in.ID, Relation: b.Relation, From: b.From})
			return versioned(o, o.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "endOccupancy", Method: http.MethodPost, Path: "/occupants/{occupantId}/end", Tag: tagRoll, Permission: authz.RollManage, Status: http.StatusNoContent,
		Summary: "Note that an occupant has moved out"},
		func(ctx context.Context, in *endOccupancyInput) (*httpapi.Empty, error) {
			_, err := matched(in.IfMatch, func(version int64) (struct{}, error) {
				return struct{}{}, s.EndOccupancy(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, version, in.Body.To)
			})
			return httpapi.Done(err)
		})
	httpapi.Register(api, httpapi.Op{ID: "revealOccupant", Limit: "reveal", Method: http.MethodPost, Path: "/occupants/{occupantId}/reveal", Tag: tagRoll, Permission: authz.RollReveal,
		Summary: "See the name or phone of an occupant in clear", Description: "Each reading is recorded with its reason before the value is given out."},
		func(ctx context.Context, in *revealOccupantInput) (*httpapi.Body[Revealed], error) {
			value, err := s.RevealOccupant(ctx, authz.From(ctx), in.ID, in.Body.Part, in.Body.Reason)
			return httpapi.Answer(Revealed{value}, err)
		})
}
