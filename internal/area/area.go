// Package area knows places: the tree of divisions down to the community, estates, service areas (the
// 物业服务区域 in which one arrangement is in force), buildings, units, public areas and households, and the
// roll of owners and occupants. A place has an immutable identifier; names and statistical codes are
// attributes of it with a history, so that a renumbering moves nothing.
package area

import (
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// Kind is the level of an area.
type Kind string

// The kinds, from the top of the tree.
const (
	Province  Kind = "province"
	City      Kind = "city"
	District  Kind = "district"
	Street    Kind = "street" // 街道、镇、乡
	Community Kind = "community"
	Estate    Kind = "estate" // 小区: not a division, it has no code
)

// The kinds of places below areas, as the search tells them apart.
const (
	kindServiceArea Kind = "service_area"
	kindBuilding    Kind = "building"
	kindPublicArea  Kind = "public_area"
)

// above is the kind of the area that one of a kind lies in.
var above = map[Kind]Kind{City: Province, District: City, Street: District, Community: Street, Estate: Community}

// Area is a division or an estate.
type Area struct {
	ID        id.ID         `db:"id" json:"id" doc:"Identifier; it never changes"`
	ParentID  *id.ID        `db:"parent_id" json:"parentId,omitempty" doc:"The area it lies in; absent for a province"`
	Kind      Kind          `db:"kind" json:"kind" enum:"province,city,district,street,community,estate" doc:"Level"`
	Name      string        `db:"name" json:"name" doc:"Present name"`
	Code      *string       `db:"code" json:"code,omitempty" doc:"Statistical code in force, 12 digits; absent for an estate"`
	Path      string        `db:"path" json:"-"`
	CreatedAt clock.Instant `db:"created_at" json:"createdAt" doc:"When it was entered"`
	Version   int64         `db:"version" json:"version" doc:"Version, for If-Match"`
}

// Designation is a code and a name of a division in a period. Periods are half-open: the day in To is
// the first day of the next one.
type Designation struct {
	Code string      `db:"code" json:"code" doc:"12-digit statistical code"`
	Name string      `db:"name" json:"name" doc:"Name"`
	From clock.Date  `db:"valid_from" json:"from" doc:"First day"`
	To   *clock.Date `db:"valid_to" json:"to,omitempty" doc:"First day on which it was no longer in force; absent while it is"`
}

// NewDivision is a division to be entered. ParentID is zero for a province; the kind follows from the code.
type NewDivision struct {
	ParentID id.ID
	Code     string
	Name     string
	From     clock.Date
}

// AreaNode is an area in the tree, with what lies in it.
type AreaNode struct {
	Area
	Children int `json:"children" doc:"Divisions or estates directly in it"`
	Estates  int `json:"estates" doc:"Estates in it at any depth"`
	Units    int `json:"units" doc:"Units in use in it"`
}
