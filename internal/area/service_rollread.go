package area

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
)

// Roll lists the units of a service area with their owners and occupants, masked.
func (s *Service) Roll(ctx context.Context, p authz.Principal, area id.ID, req page.Request) (page.Page[RollEntry], error) {
	if err := s.staff(ctx, p, authz.RollRead, area); err != nil {
		return page.Page[RollEntry]{}, err
	}
	return s.rollPage(ctx, req, func(after id.ID, limit int) ([]rollUnit, error) {
		return rollUnits(ctx, s.DB, area, after, limit)
	})
}

// RollOfUnit shows the owners and occupants of one unit, masked.
func (s *Service) RollOfUnit(ctx context.Context, p authz.Principal, unit id.ID) (RollEntry, error) {
	u, err := s.UnitPlace(ctx, s.DB, unit)
	if err != nil {
		return RollEntry{}, err
	}
	if err := s.staff(ctx, p, authz.RollRead, u.ServiceAreaID); err != nil {
		return RollEntry{}, err
	}
	full, err := s.Unit(ctx, s.DB, unit)
	if err != nil {
		return RollEntry{}, err
	}
	entries, err := s.entries(ctx, []rollUnit{{ID: unit, Building: u.BuildingName, Entrance: u.Entrance, Number: u.UnitNumber, Area: full.Area}})
	if err != nil {
		return RollEntry{}, err
	}
	return entries[0], nil
}

// PersonQuery finds people on the roll by exactly one of: the exact name, the exact phone, the room in a
// service area. There is no search by a part of a name: the roll is not a directory.
type PersonQuery struct {
	Name  string
	Phone string
	Room  string // 房号 or house code
	Area  id.ID  // narrows to one service area; required with Room
}

// FindOnRoll lists the units where somebody is on the roll as asked, within what p may see.
func (s *Service) FindOnRoll(ctx context.Context, p authz.Principal, query PersonQuery, req page.Request) (page.Page[RollEntry], error) {
	scope, err := s.scope(ctx, p, authz.RollRead, "s.path", false)
	if err != nil {
		return page.Page[RollEntry]{}, err
	}
	cond, err := s.rollCondition(query)
	if err != nil {
		return page.Page[RollEntry]{}, err
	}
	return s.rollPage(ctx, req, func(after id.ID, limit int) ([]rollUnit, error) {
		return findRollUnits(ctx, s.DB, scope, cond, after, limit)
	})
}

func (s *Service) rollCondition(query PersonQuery) (condition, error) {
	var cond condition
	given := 0
	if query.Name != "" {
		given++
		cond = byIdentity("name_index", s.Vault.Index(personal.OwnerName, query.Name), s.Vault.Index(personal.OccupantName, query.Name))
	}
	if query.Phone != "" {
		given++
		cond = byIdentity("phone_index", s.Vault.Index(personal.OwnerPhone, query.Phone), s.Vault.Index(personal.OccupantPhone, query.Phone))
	}
	if query.Room != "" {
		given++
		room := numberKey(query.Room, roomWords)
		cond = condition{`(u.code = ? OR u.number = ? OR u.number_key LIKE ? ESCAPE '!')`, []any{query.Room, query.Room, "%/" + likeText(room)}}
	}
	if given != 1 || (query.Room != "" && query.Area.IsZero()) {
		return cond, fault.New(fault.Invalid, "area.person_query")
	}
	if !query.Area.IsZero() {
		cond.sql, cond.args = cond.sql+` AND u.service_area_id = ?`, append(cond.args, query.Area)
	}
	return cond, nil
}

// rollPage reads units by their identifiers and puts owners and occupants beside them.
func (s *Service) rollPage(ctx context.Context, req page.Request, read func(after id.ID, limit int) ([]rollUnit, error)) (page.Page[RollEntry], error) {
	found, err := listing(req, 1, func(after []string, limit int) ([]rollUnit, error) {
		last, err := idAfter(after)
		if err != nil {
			return nil, err
		}
		return read(last, limit)
	}, func(u rollUnit) []string { return []string{u.ID.String()} })
	if err != nil {
		return page.Page[RollEntry]{}, err
	}
	entries, err := s.entries(ctx, found.Items)
	return page.Page[RollEntry]{Items: entries, Next: found.Next}, err
}

func (s *Service) entries(ctx context.Context, list []rollUnit) ([]RollEntry, error) {
	out := make([]RollEntry, len(list))
	if len(list) == 0 {
		return out, nil
	}
	ids, at := make([]id.ID, len(list)), make(map[id.ID]*RollEntry, len(list))
	for i, u := range list {
		out[i] = RollEntry{UnitID: u.ID, Address: address(u.Building, u.Entrance, u.Number), Area: u.Area, Owners: []Owner{}, Occupants: []Occupant{}}
		ids[i], at[u.ID] = u.ID, &out[i]
	}
	owners, err := ownersOfUnits(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	for _, row := range owners {
		o, err := s.maskedOwner(row.ownerRow)
		if err != nil {
			return nil, err
		}
		o.From, o.Evidence = row.From, row.Evidence
		at[row.Unit].Owners = append(at[row.Unit].Owners, o)
	}
	return out, s.addOccupants(ctx, ids, at)
}

func (s *Service) addOccupants(ctx context.Context, ids []id.ID, at map[id.ID]*RollEntry) error {
	occupants, err := occupantsOfUnits(ctx, s.DB, ids)
	if err != nil {
		return err
	}
	for _, row := range occupants {
		o, err := s.maskedOccupant(row)
		if err != nil {
			return err
		}
		at[row.Unit].Occupants = append(at[row.Unit].Occupants, o)
	}
	return nil
}

// Part names one of the two personal values of an entry of the roll.
type Part string

// The parts.
const (
	NamePart  Part = "name"
	PhonePart Part = "phone"
)

// RevealOwner returns the name or the phone of an owner in clear. The reading is recorded with its reason
// in the transaction that hands the value out; it is never in a list.
func (s *Service) RevealOwner(ctx context.Context, p authz.Principal, which id.ID, part Part, reason personal.Reason) (string, error) {
	row, err := findOwner(ctx, s.DB, which)
	if err != nil {
		return "", err
	}
	return s.reveal(ctx, p, entry{ownerFields, "owner", which, row.Area, row.Person, row.sealed}, part, reason)
}

// RevealOccupant is RevealOwner for an occupant.
func (s *Service) RevealOccupant(ctx context.Context, p authz.Principal, which id.ID, part Part, reason personal.Reason) (string, error) {
	row, err := findOccupant(ctx, s.DB, which)
	if err != nil {
		return "", err
	}
	return s.reveal(ctx, p, entry{occupantFields, "occupant", which, row.Area, nil, row.sealed}, part, reason)
}

// entry is a row of the roll whose clear value is asked for.
type entry struct {
	fields fields
	kind   string
	id     id.ID
	area   id.ID
	person *id.ID // whose data it is, where known
	sealed sealed
}

func (s *Service) reveal(ctx context.Context, p authz.Principal, e entry, part Part, reason personal.Reason) (string, error) {
	place, err := s.Place(ctx, s.DB, e.area)
	if err != nil {
		return "", err
	}
	actor, err := s.may(ctx, p, authz.RollReveal, place.Path)
	if err != nil {
		return "", err
	}
	clear, err := s.open(e.fields, e.id, e.sealed)
	if err != nil {
		return "", err
	}
	field, value := e.fields.name, clear.Name
	if part == PhonePart {
		field, value = e.fields.phone, clear.Phone
	}
	read := personal.Read{Reader: actor.Person, Capacity: string(actor.Role), Subject: e.id, Field: field, Reason: reason, ObjectKind: e.kind, Object: e.id}
	if e.person != nil {
		read.Subject = *e.person
	}
	if read.Reader.IsZero() {
		read.Reader = actor.Account
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := s.Reads.Record(ctx, tx, read); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "roll.reveal", e.kind, e.id, place.Path, map[string]any{"field": field, "reason": reason})
	})
	if err != nil {
		return "", err
	}
	return value, nil
}

// Heads counts area and owners by head of a service area, as owners' decisions do (CC 278, SPC-D 8 and 9).
func (s *Service) Heads(ctx context.Context, p authz.Principal, area id.ID, rule HeadcountRule) (Headcount, error) {
	if _, err := s.ReadServiceArea(ctx, p, area); err != nil {
		return Headcount{}, err
	}
	rows, err := headRows(ctx, s.DB, area)
	if err != nil {
		return Headcount{}, err
	}
	var list []RollUnit
	for _, r := range rows {
		if n := len(list); n == 0 || list[n-1].Unit != r.Unit {
			list = append(list, RollUnit{Unit: r.Unit, Area: r.Area, Use: r.Use, Delivery: r.Delivery})
		}
		if u := &list[len(list)-1]; r.Owner != nil {
			u.Owners = append(u.Owners, *r.Owner)
			u.Developer = u.Developer || *r.Kind == DeveloperOwner
		}
	}
	return CountHeads(list, rule), nil
}
