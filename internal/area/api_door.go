package area

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi"
)

// limitDoor is the family of limits on finding a door.
const limitDoor = "door"

type joinPlacesInput struct {
	Q string `query:"q" required:"true" minLength:"2" maxLength:"100" doc:"A part of the estate's name, or the first letters of its pinyin; at least two characters"`
}

// registerDoors adds how somebody without a household finds the one to apply for.
func (s *Service) registerDoors(api *httpapi.API) {
	const about = "For whoever is logged in and wants to apply to join a household. It tells names alone: nothing about persons, nor whether anybody lives there."
	httpapi.Register(api, httpapi.Op{ID: "findJoinPlaces", Limit: limitDoor, Method: http.MethodGet, Path: "/join-places", Tag: tagUnits, Permission: authz.MembershipApply,
		Summary: "Find the estate that one lives in", Description: about + " At most 20; more letters of the name find fewer."},
		func(ctx context.Context, in *joinPlacesInput) (*httpapi.Body[[]JoinPlace], error) {
			return httpapi.Answer(s.FindJoinPlaces(ctx, authz.From(ctx), in.Q))
		})
	httpapi.Register(api, httpapi.Op{ID: "listJoinBuildings", Limit: limitDoor, Method: http.MethodGet, Path: "/join-places/{serviceAreaId}/buildings", Tag: tagUnits, Permission: authz.MembershipApply,
		Summary: "Buildings to choose one's own among", Description: about},
		func(ctx context.Context, in *ServiceAreaPath) (*httpapi.Body[[]JoinBuilding], error) {
			return httpapi.Answer(s.JoinBuildings(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(api, httpapi.Op{ID: "listJoinDoors", Limit: limitDoor, Method: http.MethodGet, Path: "/join-buildings/{buildingId}/doors", Tag: tagUnits, Permission: authz.MembershipApply,
		Summary: "Doors to choose one's own among", Description: about},
		func(ctx context.Context, in *BuildingPath) (*httpapi.Body[[]Door], error) {
			return httpapi.Answer(s.Doors(ctx, authz.From(ctx), in.ID))
		})
}
