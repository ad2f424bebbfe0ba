package area

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

const (
	tagPlaces = "Places"
	tagUnits  = "Units"
	tagRoll   = "Roll of owners"
)

// Register adds the operations of places, units and the roll.
func Register(api *httpapi.API, s *Service) {
	s.registerAreas(api)
	s.registerServiceAreas(api)
	s.registerBuildings(api)
	s.registerPublicAreas(api)
	s.registerUnits(api)
	s.registerChanges(api)
	s.registerRoll(api)
	s.registerOccupants(api)
	s.registerDoors(api)
}

// AreaPath names a division or an estate in a path.
type AreaPath struct {
	ID id.ID `path:"areaId" doc:"Division or estate"`
}

// ServiceAreaPath names a service area in a path.
type ServiceAreaPath struct {
	ID id.ID `path:"serviceAreaId" doc:"Service area"`
}

type listAreasInput struct {
	httpapi.PageInput
	Parent id.ID `query:"parentId" doc:"The area whose children are asked for; absent for the provinces"`
}

type createDivisionInput struct {
	Body struct {
		ParentID id.ID      `json:"parentId" doc:"The division it lies in"`
		Code     string     `json:"code" minLength:"12" maxLength:"12" pattern:"^[0-9]{12}$" doc:"Statistical code; its level follows from it"`
		Name     string     `json:"name" minLength:"1" maxLength:"100" doc:"Name"`
		From     clock.Date `json:"from" doc:"First day of code and name"`
	}
}

type renameAreaInput struct {
	AreaPath
	httpapi.IfMatch
	Body struct {
		Name string     `json:"name" minLength:"1" maxLength:"100" doc:"New name"`
		From clock.Date `json:"from,omitempty" doc:"First day of the new name; required for a division, not used for an estate"`
	}
}

type renumberInput struct {
	AreaPath
	httpapi.IfMatch
	Body struct {
		Code string     `json:"code" minLength:"12" maxLength:"12" pattern:"^[0-9]{12}$" doc:"New statistical code"`
		From clock.Date `json:"from" doc:"First day of the new code"`
	}
}

type searchInput struct {
	httpapi.PageInput
	Q string `query:"q" required:"true" minLength:"1" maxLength:"100" doc:"A part of the name, or the first letters of its pinyin"`
}

// versioned answers with what has a version.
func versioned[T any](v T, version int64, err error) (*httpapi.Versioned[T], error) {
	return httpapi.AnswerVersion(v, version, err)
}

// matched runs change with the version in If-Match.
func matched[T any](m httpapi.IfMatch, change func(version int64) (T, error)) (v T, err error) {
	version, err := m.Version()
	if err != nil {
		return v, err
	}
	return change(version)
}

func (s *Service) registerAreas(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listAreas", Method: http.MethodGet, Path: "/areas", Tag: tagPlaces, Permission: authz.PlaceRead,
		Summary: "Divisions and estates in an area", Description: "Divisions in the order of their codes, estates by name, each with counts of what lies in it. Divisions are public facts; estates are listed as far as you may see them."},
		func(ctx context.Context, in *listAreasInput) (*httpapi.Body[page.Page[AreaNode]], error) {
			return httpapi.Answer(s.Children(ctx, authz.From(ctx), in.Parent, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "createDivision", Method: http.MethodPost, Path: "/areas", Tag: tagPlaces, Permission: authz.PlaceManage, Status: http.StatusCreated,
		Summary: "Enter a division", Description: "Below an area that you manage; nobody enters divisions beside their own."},
		func(ctx context.Context, in *createDivisionInput) (*httpapi.Versioned[Area], error) {
			a, err := s.CreateDivision(ctx, authz.From(ctx), httpapi.Once(ctx), NewDivision{ParentID: in.Body.ParentID, Code: in.Body.Code, Name: in.Body.Name, From: in.Body.From})
			return versioned(a, a.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "getArea", Method: http.MethodGet, Path: "/areas/{areaId}", Tag: tagPlaces, Permission: authz.PlaceRead, Summary: "A division or an estate"},
		func(ctx context.Context, in *AreaPath) (*httpapi.Versioned[AreaNode], error) {
			n, err := s.ReadArea(ctx, authz.From(ctx), in.ID)
			return versioned(n, n.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "renameArea", Method: http.MethodPost, Path: "/areas/{areaId}/rename", Tag: tagPlaces, Permission: authz.PlaceManage,
		Summary: "Give a division or an estate another name", Description: "The former names of a division stay in its designations."},
		func(ctx context.Context, in *renameAreaInput) (*httpapi.Versioned[Area], error) {
			a, err := matched(in.IfMatch, func(version int64) (Area, error) {
				if in.Body.From == "" {
					return s.RenameEstate(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, version, in.Body.Name)
				}
				return s.Rename(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, version, in.Body.Name, in.Body.From)
			})
			return versioned(a, a.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "renumberDivision", Method: http.MethodPost, Path: "/areas/{areaId}/renumber", Tag: tagPlaces, Permission: authz.PlaceManage,
		Summary: "Give a division another statistical code", Description: "From a day on. Nothing in the division moves, and the code before stays in its designations."},
		func(ctx context.Context, in *renumberInput) (*httpapi.Versioned[Area], error) {
			a, err := matched(in.IfMatch, func(version int64) (Area, error) {
				return s.Renumber(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, version, in.Body.Code, in.Body.From)
			})
			return versioned(a, a.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "listDesignations", Method: http.MethodGet, Path: "/areas/{areaId}/designations", Tag: tagPlaces, Permission: authz.PlaceRead,
		Summary: "Codes and names of a division through time"},
		func(ctx context.Context, in *AreaPath) (*httpapi.Body[[]Designation], error) {
			return httpapi.Answer(s.Designations(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(api, httpapi.Op{ID: "searchPlaces", Method: http.MethodGet, Path: "/places/search", Tag: tagPlaces, Permission: authz.PlaceRead,
		Summary: "Find places by name or pinyin initials", Description: "Divisions anywhere; estates, service areas, buildings and public areas as far as you may see them."},
		func(ctx context.Context, in *searchInput) (*httpapi.Body[page.Page[PlaceHit]], error) {
			return httpapi.Answer(s.Search(ctx, authz.From(ctx), in.Q, in.Page()))
		})
}
