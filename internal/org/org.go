// Package org keeps the organisations of the red property scheme, the natural persons, and who holds
// which post where. An organisation has a place in the tree of areas exactly when the roles in it are
// tied by area; companies, departments and utilities have none and reach things only by having them in
// hand. Two persons are compared as natural persons over all their posts, never as capacities.
package org

import (
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/text"
)

// Kind is what an organisation is in law.
type Kind string

// The kinds of organisation.
const (
	StreetParty       Kind = "street_party"        // 街道党工委
	StreetOffice      Kind = "street_office"       // 街道办事处
	CommunityParty    Kind = "community_party"     // 社区党组织
	Residents         Kind = "residents_committee" // 居委会
	Company           Kind = "company"             // 物业服务企业
	Committee         Kind = "committee"           // 业主委员会
	PropertyCommittee Kind = "property_committee"  // 物业管理委员会
	Department        Kind = "department"          // 政府部门
	Utility           Kind = "utility"             // 专业经营单位
	Contractor        Kind = "contractor"          // 施工单位: builds renovations
	Operator          Kind = "operator"            // 平台运维单位
)

// AreaKind is what an area or a service area is, as the places' keeper names it.
type AreaKind string

// The kinds of area that an organisation can be bound to.
const (
	AreaStreet      AreaKind = "street"
	AreaCommunity   AreaKind = "community"
	AreaEstate      AreaKind = "estate"
	AreaServiceArea AreaKind = "service_area"
)

// form is a row of the table of kinds.
type form struct {
	Roles []authz.Role // roles a post in it can carry
	In    []AreaKind   // areas it is bound to, or, without Bound, whose office keeps its record
	Bound bool         // it is competent for its area, and only one of its kind is
}

// forms is the table of kinds: the role must fit the organisation, the organisation its area.
var forms = map[Kind]form{
	StreetParty:       {[]authz.Role{authz.RoleStreetParty}, []AreaKind{AreaStreet}, true},
	StreetOffice:      {[]authz.Role{authz.RoleStreetOffice}, []AreaKind{AreaStreet}, true},
	CommunityParty:    {[]authz.Role{authz.RoleCommunity, authz.RoleCommunityWork}, []AreaKind{AreaCommunity}, true},
	Residents:         {[]authz.Role{authz.RoleCommunity, authz.RoleCommunityWork}, []AreaKind{AreaCommunity}, true},
	Committee:         {[]authz.Role{authz.RoleCommittee}, []AreaKind{AreaServiceArea, AreaEstate}, true},
	PropertyCommittee: {[]authz.Role{authz.RoleCommittee}, []AreaKind{AreaServiceArea, AreaEstate}, true},
	Company:           {[]authz.Role{authz.RoleManager, authz.RoleWorker}, []AreaKind{AreaStreet}, false},
	Department:        {[]authz.Role{authz.RoleDepartment}, []AreaKind{AreaStreet}, false},
	Utility:           {[]authz.Role{authz.RoleUtility}, []AreaKind{AreaStreet}, false},
	Contractor:        {[]authz.Role{authz.RoleUtility}, []AreaKind{AreaStreet}, false}, // receives orders as a utility does
	Operator:          {[]authz.Role{authz.RoleOperator}, nil, false},
}

// RolesOf lists the roles that a post in an organisation of kind k can carry.
func RolesOf(k Kind) []authz.Role { return slices.Clone(forms[k].Roles) }

// State is where an organisation is in its life.
type State string

// The states. There is one step, from active to closed; a body that comes back is a new one.
const (
	Active State = "active"
	Closed State = "closed"
)

// Organisation is a body with posts.
type Organisation struct {
	ID          id.ID          `db:"id"`
	Kind        Kind           `db:"kind"`
	Name        string         `db:"name"`
	CreditCode  *string        `db:"credit_code"`  // 统一社会信用代码, 18 characters
	Area        *id.ID         `db:"area_id"`      // what it is competent for; nil where roles in it are not tied by area
	ScopePath   string         `db:"scope_path"`   // of Area; empty without one
	KeeperPath  string         `db:"keeper_path"`  // the area whose office keeps this record: ScopePath, or the street that entered it
	PublicPhone string         `db:"public_phone"` // of the office, never of a person
	Address     string         `db:"address"`
	State       State          `db:"state"`
	CreatedAt   clock.Instant  `db:"created_at"`
	ClosedAt    *clock.Instant `db:"closed_at"`
	Version     int64          `db:"version"`
}

// object is the organisation as permissions see it.
func (o Organisation) object() authz.Object {
	return authz.Object{Path: o.KeeperPath, Orgs: []id.ID{o.ID}, Open: true}
}

// ownersBody tells whether the organisation stands for the owners of a place.
func (o Organisation) ownersBody() bool { return o.Kind == Committee || o.Kind == PropertyCommittee }

// Card is what anybody may know of an organisation.
type Card struct {
	ID      id.ID  `db:"id" json:"id"`
	Kind    Kind   `db:"kind" json:"kind" doc:"What it is in law"`
	Name    string `db:"name" json:"name"`
	Phone   string `db:"public_phone" json:"phone,omitempty" doc:"Telephone of its office"`
	Address string `db:"address" json:"address,omitempty"`
}

// Draft is what is entered of an organisation.
type Draft struct {
	Kind        Kind
	Name        string
	CreditCode  string // empty where none is known
	Area        id.ID  // the area it is competent for, or the street that keeps the record; zero for the operator
	PublicPhone string
	Address     string
}

// clean checks the shape of a draft. Faults: input.invalid with org.kind, org.credit_code and the texts'.
func (d Draft) clean() (Draft, error) {
	if _, known := forms[d.Kind]; !known {
		return d, fault.InvalidField("body.kind", "org.kind")
	}
	var err error
	if d.Name, err = text.Line("body.name", d.Name, 2, 100); err != nil {
		return d, err
	}
	if d.PublicPhone, err = text.Line("body.publicPhone", d.PublicPhone, 0, 40); err != nil {
		return d, err
	}
	if d.Address, err = text.Line("body.address", d.Address, 0, 200); err != nil {
		return d, err
	}
	if d.CreditCode = strings.ToUpper(strings.TrimSpace(d.CreditCode)); d.CreditCode != "" && !ValidCreditCode(d.CreditCode) {
		return d, fault.InvalidField("body.creditCode", "org.credit_code")
	}
	return d, nil
}

// creditDigits are the 31 characters of a unified social credit code (GB 32100-2015, 4.3): no I, O, S, V, Z.
const creditDigits = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// ValidCreditCode tells whether s is 18 characters of that alphabet whose last is the check digit of the
// others: with weights 3^i mod 31, the weighted sum of all is a multiple of 31 (GB 32100-2015, annex A).
func ValidCreditCode(s string) bool {
	if len(s) != 18 {
		return false
	}
	sum, weight := 0, 1
	for i := range 17 {
		v := strings.IndexByte(creditDigits, s[i])
		if v < 0 || (i >= 2 && i < 8 && v > 9) { // characters 3 to 8 are a division code
			return false
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	return s[17] == creditDigits[(31-sum%31)%31]
}
