// Package area knows places: the tree of divisions down to the community, estates, service areas (the
// 物业服务区域 in which one arrangement is in force), buildings, units, public areas and households, and the
// roll of owners and occupants. A place has an immutable identifier; names and statistical codes are
// attributes of it with a history, so that a renumbering moves nothing.
package area

import (
	"strings"

	"golang.org/x/text/unicode/norm"

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

// above is the kind of the area that one of a kind lies in.
var above = map[Kind]Kind{City: Province, District: City, Street: District, Community: Street, Estate: Community}

// Area is a division or an estate.
type Area struct {
	ID        id.ID         `db:"id"`
	ParentID  id.ID         `db:"-"`
	Kind      Kind          `db:"kind"`
	Name      string        `db:"name"`
	Code      string        `db:"-"` // the 12-digit statistical code in force; empty for an estate
	Path      string        `db:"path"`
	CreatedAt clock.Instant `db:"created_at"`
	Version   int64         `db:"version"`
}

// nameKey is the form under which names of places are compared and searched: compatibility characters
// are unified (１号楼 and 1号楼), case and spaces do not count.
func nameKey(name string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(name))), "")
}
