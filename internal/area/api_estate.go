package area

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

type createEstateInput struct {
	Body struct {
		CommunityID id.ID  `json:"communityId" doc:"The community it lies in"`
		Name        string `json:"name" minLength:"1" maxLength:"100" doc:"Name"`
	}
}

type listServiceAreasInput struct {
	httpapi.PageInput
	Estate id.ID `query:"estateId" doc:"Only those of this estate"`
}

type createServiceAreaInput struct {
	Body struct {
		EstateID id.ID  `json:"estateId" doc:"The estate it is, or is a phase of"`
		Name     string `json:"name" minLength:"1" maxLength:"100" doc:"Name"`
	}
}

type renameServiceAreaInput struct {
	ServiceAreaPath
	httpapi.IfMatch
	Body NameBody
}

// NameBody is a new name.
type NameBody struct {
	Name string `json:"name" minLength:"1" maxLength:"100" doc:"Name"`
}

type serviceAreaList struct {
	ServiceAreaPath
	httpapi.PageInput
}

type headcountInput struct {
	ServiceAreaPath
	CountParking bool `query:"countParking" doc:"Count registrable parking spaces as exclusive parts"`
}

// BuildingBody is what is said of a building.
type BuildingBody struct {
	Name        string `json:"name" minLength:"1" maxLength:"60" doc:"Name as people say it: 1号楼"`
	Order       int    `json:"order,omitempty" minimum:"0" maximum:"100000" doc:"Place in lists"`
	FloorsAbove int    `json:"floorsAbove,omitempty" minimum:"0" maximum:"200" doc:"Floors above ground"`
	FloorsBelow int    `json:"floorsBelow,omitempty" minimum:"0" maximum:"20" doc:"Floors below ground"`
	BuiltYear   *int   `json:"builtYear,omitempty" minimum:"1800" maximum:"2200" doc:"Year of completion"`
}

func (b BuildingBody) facts() BuildingFacts {
	return BuildingFacts(b)
}

type createBuildingInput struct {
	ServiceAreaPath
	Body BuildingBody
}

// BuildingPath names a building in a path.
type BuildingPath struct {
	ID id.ID `path:"buildingId" doc:"Building"`
}

type updateBuildingInput struct {
	BuildingPath
	httpapi.IfMatch
	Body BuildingBody
}

type createPublicAreaInput struct {
	ServiceAreaPath
	Body struct {
		Name       string `json:"name" minLength:"1" maxLength:"100" doc:"Name"`
		BuildingID id.ID  `json:"buildingId,omitempty" doc:"The building it is in; absent for open ground"`
	}
}

type renamePublicAreaInput struct {
	ID id.ID `path:"publicAreaId" doc:"Public area"`
	httpapi.IfMatch
	Body NameBody
}

func (s *Service) registerServiceAreas(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "createEstate", Method: http.MethodPost, Path: "/estates", Tag: tagPlaces, Permission: authz.PlaceManage, Status: http.StatusCreated, Summary: "Enter an estate in a community"},
		func(ctx context.Context, in *createEstateInput) (*httpapi.Versioned[Area], error) {
			a, err := s.CreateEstate(ctx, authz.From(ctx), httpapi.Once(ctx), NewEstate{CommunityID: in.Body.CommunityID, Name: in.Body.Name})
			return versioned(a, a.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "listServiceAreas", Method: http.MethodGet, Path: "/service-areas", Tag: tagPlaces, Permission: authz.PlaceRead,
		Summary: "Service areas you may see, by name"},
		func(ctx context.Context, in *listServiceAreasInput) (*httpapi.Body[page.Page[ServiceArea]], error) {
			return httpapi.Answer(s.ServiceAreas(ctx, authz.From(ctx), in.Estate, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "createServiceArea", Method: http.MethodPost, Path: "/service-areas", Tag: tagPlaces, Permission: authz.PlaceManage, Status: http.StatusCreated,
		Summary: "Enter a service area of an estate", Description: "A 物业服务区域: the whole estate or a phase of it, in which one arrangement is in force."},
		func(ctx context.Context, in *createServiceAreaInput) (*httpapi.Versioned[ServiceArea], error) {
			sa, err := s.CreateServiceArea(ctx, authz.From(ctx), httpapi.Once(ctx), NewServiceArea{EstateID: in.Body.EstateID, Name: in.Body.Name})
			return versioned(sa, sa.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "getServiceArea", Method: http.MethodGet, Path: "/service-areas/{serviceAreaId}", Tag: tagPlaces, Permission: authz.PlaceRead, Summary: "A service area"},
		func(ctx context.Context, in *ServiceAreaPath) (*httpapi.Versioned[ServiceArea], error) {
			sa, err := s.ReadServiceArea(ctx, authz.From(ctx), in.ID)
			return versioned(sa, sa.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "renameServiceArea", Method: http.MethodPost, Path: "/service-areas/{serviceAreaId}/rename", Tag: tagPlaces, Permission: authz.PlaceManage, Summary: "Give a service area another name"},
		func(ctx context.Context, in *renameServiceAreaInput) (*httpapi.Versioned[ServiceArea], error) {
			sa, err := matched(in.IfMatch, func(version int64) (ServiceArea, error) {
				return s.RenameServiceArea(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, version, in.Body.Name)
			})
			return versioned(sa, sa.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "getHeadcount", Method: http.MethodGet, Path: "/service-areas/{serviceAreaId}/headcount", Tag: tagPlaces, Permission: authz.PlaceRead,
		Summary: "Total area and owners by head", Description: "The denominators of owners' decisions: Civil Code 278; SPC-D 8 and 9 on area and heads."},
		func(ctx context.Context, in *headcountInput) (*httpapi.Body[Headcount], error) {
			return httpapi.Answer(s.Heads(ctx, authz.From(ctx), in.ID, HeadcountRule{CountParking: in.CountParking}))
		})
}

func (s *Service) registerBuildings(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listBuildings", Method: http.MethodGet, Path: "/service-areas/{serviceAreaId}/buildings", Tag: tagPlaces, Permission: authz.PlaceRead, Summary: "Buildings of a service area"},
		func(ctx context.Context, in *serviceAreaList) (*httpapi.Body[page.Page[Building]], error) {
			return httpapi.Answer(s.Buildings(ctx, authz.From(ctx), in.ID, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "createBuilding", Method: http.MethodPost, Path: "/service-areas/{serviceAreaId}/buildings", Tag: tagPlaces, Permission: authz.PlaceManage, Status: http.StatusCreated,
		Summary: "Enter a building", Description: "1号楼, １号楼, 一号楼 and 1栋 are one building: the second is refused."},
		func(ctx context.Context, in *createBuildingInput) (*httpapi.Versioned[Building], error) {
			b, err := s.CreateBuilding(ctx, authz.From(ctx), httpapi.Once(ctx), NewBuilding{ServiceAreaID: in.ID, BuildingFacts: in.Body.facts()})
			return versioned(b, b.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "getBuilding", Method: http.MethodGet, Path: "/buildings/{buildingId}", Tag: tagPlaces, Permission: authz.PlaceRead, Summary: "A building"},
		func(ctx context.Context, in *BuildingPath) (*httpapi.Versioned[Building], error) {
			b, err := s.ReadBuilding(ctx, authz.From(ctx), in.ID)
			return versioned(b, b.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "updateBuilding", Method: http.MethodPut, Path: "/buildings/{buildingId}", Tag: tagPlaces, Permission: authz.PlaceManage, Summary: "Change what is said of a building"},
		func(ctx context.Context, in *updateBuildingInput) (*httpapi.Versioned[Building], error) {
			b, err := matched(in.IfMatch, func(version int64) (Building, error) {
				return s.UpdateBuilding(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, version, in.Body.facts())
			})
			return versioned(b, b.Version, err)
		})
}

func (s *Service) registerPublicAreas(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listPublicAreas", Method: http.MethodGet, Path: "/service-areas/{serviceAreaId}/public-areas", Tag: tagPlaces, Permission: authz.PlaceRead, Summary: "Public areas of a service area"},
		func(ctx context.Context, in *serviceAreaList) (*httpapi.Body[page.Page[PublicArea]], error) {
			return httpapi.Answer(s.PublicAreas(ctx, authz.From(ctx), in.ID, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "createPublicArea", Method: http.MethodPost, Path: "/service-areas/{serviceAreaId}/public-areas", Tag: tagPlaces, Permission: authz.PlaceManage, Status: http.StatusCreated,
		Summary: "Enter a public area", Description: "A common part that work orders can name: a lift, a gate, a playground."},
		func(ctx context.Context, in *createPublicAreaInput) (*httpapi.Versioned[PublicArea], error) {
			pa, err := s.AddPublicArea(ctx, authz.From(ctx), httpapi.Once(ctx), NewPublicArea{ServiceAreaID: in.ID, BuildingID: in.Body.BuildingID, Name: in.Body.Name})
			return versioned(pa, pa.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "renamePublicArea", Method: http.MethodPost, Path: "/public-areas/{publicAreaId}/rename", Tag: tagPlaces, Permission: authz.PlaceManage, Summary: "Give a public area another name"},
		func(ctx context.Context, in *renamePublicAreaInput) (*httpapi.Versioned[PublicArea], error) {
			pa, err := matched(in.IfMatch, func(version int64) (PublicArea, error) {
				return s.RenamePublicArea(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, version, in.Body.Name)
			})
			return versioned(pa, pa.Version, err)
		})
}
