package area

import (
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/sheet"
)

// unit finds the unit that a row means, or enters it. What the database does not know yet is filled in;
// what it knows otherwise is a correction, which needs two persons, so the row is rejected. It returns
// nil for a rejected row.
func (r *run) unit(reg *register, row *sheet.Row, l unitLine) (*knownUnit, sheet.Outcome) {
	known := reg.find(l)
	if l.identity.Code != "" {
		if other := reg.codes[l.identity.Code]; other != nil && other != known {
			row.Reject("code", "area.code_of_other_unit", "area.expect.own_code")
			return nil, ""
		}
	}
	if known == nil {
		return r.enter(reg, l), sheet.Created
	}
	if known.fresh {
		return known, sheet.Unchanged
	}
	after, ok := filled(known.Unit, row, l)
	if !ok {
		return nil, ""
	}
	if after.UnitFacts == known.UnitFacts && same(after.UnitIdentity, known.UnitIdentity) {
		return known, sheet.Unchanged
	}
	r.current.filled = append(r.current.filled, filledUnit{known.Unit, after})
	known.Unit = after
	known.Version += 2 // identity and facts are two conditional updates
	reg.add(known)
	return known, sheet.Updated
}

// find is the unit at the line's address; nil when there is none.
func (reg *register) find(l unitLine) *knownUnit {
	return reg.units[unitAt{reg.buildings[buildingKey(l.building)], unitKey(l.identity.Entrance, l.identity.Number)}]
}

// once rejects a row about a unit that an earlier row was about.
func (reg *register) once(row *sheet.Row, l unitLine) bool {
	known := reg.find(l)
	if known == nil || known.row == 0 {
		return true
	}
	row.Reject("number", "area.duplicate_row", "area.expect.one_row", "first", known.row)
	return false
}

// enter adds a unit, and its building where that is new too.
func (r *run) enter(reg *register, l unitLine) *knownUnit {
	key := buildingKey(l.building)
	if reg.buildings[key].IsZero() {
		reg.nextOrder++
		b := newBuilding(reg.area.ID, BuildingFacts{Name: l.building, Order: reg.nextOrder}, r.at)
		r.current.buildings = append(r.current.buildings, placedBuilding{b, reg.area.Path})
		reg.buildings[key] = b.ID
	}
	u := Unit{ID: id.New(), BuildingID: reg.buildings[key], ServiceAreaID: reg.area.ID, UnitIdentity: l.identity, UnitFacts: l.facts, CreatedAt: r.at, ChangedAt: r.at, Version: 1}
	if u.Use == "" {
		u.Use = Residential
	}
	if u.Delivery == "" {
		u.Delivery = DeliveryUnknown
	}
	if u.Occupied == "" {
		u.Occupied = OccupiedUnknown
	}
	r.current.units = append(r.current.units, u)
	known := &knownUnit{Unit: u, fresh: true}
	reg.add(known)
	return known
}

// filled is u with what the row knows besides; false, and problems on the row, where the row contradicts
// it.
func filled(u Unit, row *sheet.Row, l unitLine) (Unit, bool) {
	ok := true
	differs := func(key string) {
		row.Reject(key, "area.unit_differs", "area.expect.same")
		ok = false
	}
	if size := l.identity.Areas.Of(l.source); size > 0 {
		switch u.Areas.Of(l.source) {
		case 0:
			u.Areas = u.Areas.With(l.source, size)
		case size:
		default:
			differs("area")
		}
	}
	switch {
	case u.Code == "":
		u.Code = l.identity.Code
	case l.identity.Code != "" && l.identity.Code != u.Code:
		differs("code")
	}
	switch {
	case u.Floor == nil:
		u.Floor = l.identity.Floor
	case l.identity.Floor != nil && *l.identity.Floor != *u.Floor:
		differs("floor")
	}
	if l.use != "" && l.use != u.Use {
		differs("use")
	}
	if l.facts.Delivery != "" {
		u.Delivery = l.facts.Delivery
	}
	if l.facts.Occupied != "" {
		u.Occupied = l.facts.Occupied
	}
	return u, ok
}

// same compares identities, floors by value.
func same(a, b UnitIdentity) bool {
	if (a.Floor == nil) != (b.Floor == nil) || (a.Floor != nil && *a.Floor != *b.Floor) {
		return false
	}
	a.Floor, b.Floor = nil, nil
	return a == b
}
