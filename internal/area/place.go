package area

import (
	"strings"

	"github.com/redproperty/redproperty/internal/id"
)

// Place says where a service area lies: what other features keep of it, and what permission is asked for.
type Place struct {
	ServiceAreaID id.ID  `db:"service_area_id"`
	EstateID      id.ID  `db:"estate_id"`
	CommunityID   id.ID  `db:"community_id"`
	StreetID      id.ID  `db:"street_id"`
	Path          string `db:"path"` // scope path of the service area
	Name          string `db:"name"` // the service area's name
	EstateName    string `db:"estate_name"`
}

// UnitPlace says where a unit lies and who lives there at present.
type UnitPlace struct {
	Place
	UnitID       id.ID  `db:"unit_id"`
	BuildingID   id.ID  `db:"building_id"`
	BuildingName string `db:"building_name"`
	Entrance     string `db:"entrance"`    // 单元; empty in a building with one entrance
	UnitNumber   string `db:"unit_number"` // 房号
	HouseholdID  id.ID  // the current household; zero when there is none
}

// Address is the unit's place within its service area as people say it: 1号楼 2单元 301.
func (u UnitPlace) Address() string { return address(u.BuildingName, u.Entrance, u.UnitNumber) }

func address(building, entrance, number string) string {
	parts := []string{building, entrance, number}
	if entrance == "" {
		parts = []string{building, number}
	}
	return strings.Join(parts, " ")
}

// PublicAreaPlace says where a public area lies; BuildingID is zero outside buildings.
type PublicAreaPlace struct {
	Place
	PublicAreaID   id.ID  `db:"public_area_id"`
	PublicAreaName string `db:"public_area_name"`
	BuildingID     id.ID
}
