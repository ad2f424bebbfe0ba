package area

import (
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Longest names, in characters.
const (
	maxAreaName     = 100
	maxBuildingName = 60
	maxEntrance     = 20
	maxNumber       = 40
	maxUnitCode     = 60
)

// ServiceArea is a 物业服务区域: an estate or a phase of it, in which one arrangement is in force.
type ServiceArea struct {
	ID          id.ID         `db:"id" json:"id" doc:"Identifier"`
	EstateID    id.ID         `db:"estate_id" json:"estateId" doc:"The estate it is, or is a phase of"`
	EstateName  string        `db:"estate_name" json:"estateName" doc:"Name of the estate"`
	CommunityID id.ID         `db:"community_id" json:"communityId" doc:"The community it lies in"`
	StreetID    id.ID         `db:"street_id" json:"streetId" doc:"The street it lies in"`
	Name        string        `db:"name" json:"name" doc:"Name"`
	Path        string        `db:"path" json:"-"`
	CreatedAt   clock.Instant `db:"created_at" json:"createdAt" doc:"When it was entered"`
	Version     int64         `db:"version" json:"version" doc:"Version, for If-Match"`
}

// Building is a building of a service area.
type Building struct {
	ID            id.ID         `db:"id" json:"id" doc:"Identifier"`
	ServiceAreaID id.ID         `db:"service_area_id" json:"serviceAreaId" doc:"The service area it stands in"`
	Name          string        `db:"name" json:"name" doc:"Name as people say it: 1号楼"`
	Order         int           `db:"order_no" json:"order" doc:"Place in lists"`
	FloorsAbove   int           `db:"floors_above" json:"floorsAbove" doc:"Floors above ground; 0 when not known"`
	FloorsBelow   int           `db:"floors_below" json:"floorsBelow" doc:"Floors below ground"`
	BuiltYear     *int          `db:"built_year" json:"builtYear,omitempty" doc:"Year of completion"`
	CreatedAt     clock.Instant `db:"created_at" json:"createdAt" doc:"When it was entered"`
	Version       int64         `db:"version" json:"version" doc:"Version, for If-Match"`
}

// PublicArea is a common part that work orders can name: a lift, a gate, a playground.
type PublicArea struct {
	ID            id.ID         `db:"id" json:"id" doc:"Identifier"`
	ServiceAreaID id.ID         `db:"service_area_id" json:"serviceAreaId" doc:"The service area it belongs to"`
	BuildingID    *id.ID        `db:"building_id" json:"buildingId,omitempty" doc:"The building it is in; absent for open ground"`
	Name          string        `db:"name" json:"name" doc:"Name"`
	CreatedAt     clock.Instant `db:"created_at" json:"createdAt" doc:"When it was entered"`
	Version       int64         `db:"version" json:"version" doc:"Version, for If-Match"`
}

// NewEstate is an estate to be entered.
type NewEstate struct {
	CommunityID id.ID
	Name        string
}

// NewServiceArea is a service area to be entered.
type NewServiceArea struct {
	EstateID id.ID
	Name     string
}

// BuildingFacts are what can be said of a building.
type BuildingFacts struct {
	Name        string
	Order       int
	FloorsAbove int
	FloorsBelow int
	BuiltYear   *int
}

// NewBuilding is a building to be entered.
type NewBuilding struct {
	ServiceAreaID id.ID
	BuildingFacts
}

// NewPublicArea is a public area to be entered; BuildingID is zero for open ground.
type NewPublicArea struct {
	ServiceAreaID id.ID
	BuildingID    id.ID
	Name          string
}

// check cleans the facts; the fault input.invalid names wrong fields.
func (b BuildingFacts) check() (BuildingFacts, error) {
	var wrong fault.Collect
	name, err := placeName(b.Name, maxBuildingName)
	if err != nil {
		return b, err
	}
	b.Name = name
	between(&wrong, "body.floorsAbove", b.FloorsAbove, 0, 200)
	between(&wrong, "body.floorsBelow", b.FloorsBelow, 0, 20)
	between(&wrong, "body.order", b.Order, 0, 100_000)
	if b.BuiltYear != nil {
		between(&wrong, "body.builtYear", *b.BuiltYear, 1800, 2200)
	}
	return b, wrong.Err()
}

// between notes a number below least or above most.
func between(wrong *fault.Collect, path string, n, least, most int) {
	if n < least {
		wrong.Add(path, "field.min", "expected", least)
	}
	if n > most {
		wrong.Add(path, "field.max", "expected", most)
	}
}
