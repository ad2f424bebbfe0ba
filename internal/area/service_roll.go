package area

import (
	"context"
	"errors"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/personal"
)

// fields are the personal fields of a table of the roll.
type fields struct{ name, phone personal.Field }

var (
	ownerFields    = fields{personal.OwnerName, personal.OwnerPhone}
	occupantFields = fields{personal.OccupantName, personal.OccupantPhone}
)

// seal brings an identity into the form in which it is stored in a row.
func (s *Service) seal(f fields, row id.ID, i Identity) (out sealed, err error) {
	if out.Name, err = s.Vault.Seal(f.name, row, i.Name); err != nil {
		return out, err
	}
	if out.Phone, err = s.Vault.Seal(f.phone, row, i.Phone); err != nil {
		return out, err
	}
	out.NameIndex, out.PhoneIndex = s.Vault.Index(f.name, i.Name), s.Vault.Index(f.phone, i.Phone)
	out.Basis = orNull(string(i.Basis))
	return out, nil
}

// open reads a stored identity.
func (s *Service) open(f fields, row id.ID, in sealed) (out Identity, err error) {
	if out.Name, err = s.Vault.Open(f.name, row, in.Name); err != nil {
		return out, err
	}
	out.Phone, err = s.Vault.Open(f.phone, row, in.Phone)
	out.Basis = personal.Basis(orZero(in.Basis))
	return out, err
}

// EnterOwner enters an owner with the units owned. Somebody with the same name and phone who is on the
// roll of the service area already is not entered twice: the units are added to theirs. Faults:
// area.phone_basis (a phone without a reason why it may be kept), area.unit_elsewhere (the units do not
// lie in one service area), area.owner_known (is an owner of one of the units already).
func (s *Service) EnterOwner(ctx context.Context, p authz.Principal, once idem.Key, in NewOwner) (Owner, error) {
	place, actor, err := s.rollPlace(ctx, p, in.UnitIDs)
	if err != nil {
		return Owner{}, err
	}
	row, known, err := s.newOwner(ctx, &in, place.ServiceAreaID)
	if err != nil {
		return Owner{}, err
	}
	at := clock.Now(s.Clock)
	made, err := s.once(ctx, once, row.ID, func(ctx context.Context, tx *dbx.Tx) error {
		if !known {
			if err := tx.InsertMany(ctx, insertOwnerSQL, [][]any{row.values(at)}); err != nil {
				return taken(err, "area.owner_known")
			}
		}
		return s.addOwnerships(ctx, tx, actor, place.Path, row.ID, in, at)
	})
	if err != nil {
		return Owner{}, err
	}
	return s.owner(ctx, made)
}

// rollPlace finds the service area of units and asks for roll.manage there.
func (s *Service) rollPlace(ctx context.Context, p authz.Principal, unitIDs []id.ID) (place Place, actor authz.Actor, err error) {
	if len(unitIDs) == 0 || len(unitIDs) > MaxBatch {
		return place, actor, fault.InvalidField("body.unitIds", "area.batch", "most", MaxBatch)
	}
	for i, unitID := range unitIDs {
		up, err := s.UnitPlace(ctx, s.DB, unitID)
		if err != nil {
			return place, actor, err
		}
		if i > 0 && up.ServiceAreaID != place.ServiceAreaID {
			return place, actor, fault.InvalidField("body.unitIds", "area.unit_elsewhere")
		}
		place = up.Place
	}
	actor, err = s.may(ctx, p, authz.RollManage, place.Path)
	return place, actor, err
}

// newOwner checks an owner and tells whether the roll of the service area has them already.
func (s *Service) newOwner(ctx context.Context, in *NewOwner, area id.ID) (row ownerRow, known bool, err error) {
	var wrong fault.Collect
	oneOf(&wrong, "body.kind", string(in.Kind), "person", "company", "developer")
	oneOf(&wrong, "body.evidence", string(in.Evidence), "register", "contract", "declared", "import")
	if err := wrong.Err(); err != nil {
		return row, false, err
	}
	if err := checkDay("body.from", in.From, clock.DateOf(s.Clock.Now())); err != nil {
		return row, false, err
	}
	if in.Identity, err = in.Identity.check("body"); err != nil {
		return row, false, err
	}
	row = ownerRow{ID: id.New(), Area: area, Kind: in.Kind, Person: in.PersonID.Ptr()}
	if row.sealed, err = s.seal(ownerFields, row.ID, in.Identity); err != nil {
		return row, false, err
	}
	same, err := sameOwner(ctx, s.DB, row)
	if err == nil && !same.IsZero() {
		row.ID, known = same, true
	}
	return row, known, err
}

func (s *Service) addOwnerships(ctx context.Context, tx *dbx.Tx, actor authz.Actor, path string, owner id.ID, in NewOwner, at clock.Instant) error {
	rows := make([][]any, len(in.UnitIDs))
	for i, u := range in.UnitIDs {
		rows[i] = ownershipValues(u, owner, in.From, in.Evidence, at)
	}
	if err := tx.InsertMany(ctx, insertOwnershipSQL, rows); err != nil {
		return taken(err, "area.owner_known")
	}
	return s.record(ctx, tx, actor, "roll.enter_owner", "owner", owner, path, map[string]any{"units": in.UnitIDs, "kind": in.Kind, "from": in.From, "phone": in.Phone != "", "basis": in.Basis})
}

func (s *Service) owner(ctx context.Context, which id.ID) (Owner, error) {
	row, err := findOwner(ctx, s.DB, which)
	if err != nil {
		return Owner{}, err
	}
	return s.maskedOwner(row)
}

// maskedOwner shows an owner without the clear values; the names of companies are no secret.
func (s *Service) maskedOwner(row ownerRow) (Owner, error) {
	clear, err := s.open(ownerFields, row.ID, row.sealed)
	o := Owner{ID: row.ID, Kind: row.Kind, Name: clear.Name, Phone: personal.Mask(personal.OwnerPhone, clear.Phone), PhoneBasis: clear.Basis, PersonID: row.Person, Version: row.Version}
	if row.Kind == PersonOwner {
		o.Name = personal.Mask(personal.OwnerName, clear.Name)
	}
	return o, err
}

func (s *Service) maskedOccupant(row occupantRow) (Occupant, error) {
	clear, err := s.open(occupantFields, row.ID, row.sealed)
	return Occupant{ID: row.ID, Relation: row.Relation, Name: personal.Mask(personal.OccupantName, clear.Name), Phone: personal.Mask(personal.OccupantPhone, clear.Phone),
		PhoneBasis: clear.Basis, From: row.From, Version: row.Version}, err
}

// owning reads an owner and asks for roll.manage in the service area.
func (s *Service) owning(ctx context.Context, p authz.Principal, which id.ID) (ownerRow, Place, authz.Actor, error) {
	row, err := findOwner(ctx, s.DB, which)
	if err != nil {
		return row, Place{}, authz.Actor{}, err
	}
	place, err := s.Place(ctx, s.DB, row.Area)
	if err != nil {
		return row, place, authz.Actor{}, err
	}
	actor, err := s.may(ctx, p, authz.RollManage, place.Path)
	return row, place, actor, err
}

// UpdateOwner changes name and phone of an owner, as after a misspelling.
func (s *Service) UpdateOwner(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, version int64, in Identity) (Owner, error) {
	_, place, actor, err := s.owning(ctx, p, which)
	if err != nil {
		return Owner{}, err
	}
	if in, err = in.check("body"); err != nil {
		return Owner{}, err
	}
	stored, err := s.seal(ownerFields, which, in)
	if err != nil {
		return Owner{}, err
	}
	_, err = s.once(ctx, once, which, func(ctx context.Context, tx *dbx.Tx) error {
		if err := updateOwnerIdentity(ctx, tx, which, version, stored); err != nil {
			return taken(stale(err), "area.owner_known")
		}
		return s.record(ctx, tx, actor, "roll.update_owner", "owner", which, place.Path, map[string]any{"phone": in.Phone != "", "basis": in.Basis})
	})
	if err != nil {
		return Owner{}, err
	}
	return s.owner(ctx, which)
}

// LinkOwner notes which natural person an owner is, after the community has checked it.
func (s *Service) LinkOwner(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, version int64, person id.ID) (Owner, error) {
	row, place, actor, err := s.owning(ctx, p, which)
	if err != nil {
		return Owner{}, err
	}
	if row.Kind != PersonOwner {
		return Owner{}, fault.New(fault.Conflict, "area.owner_not_person")
	}
	_, err = s.once(ctx, once, which, func(ctx context.Context, tx *dbx.Tx) error {
		if err := linkOwner(ctx, tx, which, version, person); err != nil {
			return stale(err)
		}
		return s.record(ctx, tx, actor, "roll.link_owner", "owner", which, place.Path, map[string]any{"person": person})
	})
	if err != nil {
		return Owner{}, err
	}
	return s.owner(ctx, which)
}

// EndOwnership ends the owning of a unit, as after a sale. area.not_owner: it is not in force, or began
// after that day.
func (s *Service) EndOwnership(ctx context.Context, p authz.Principal, once idem.Key, unit, owner id.ID, to clock.Date) error {
	_, place, actor, err := s.owning(ctx, p, owner)
	if err != nil {
		return err
	}
	if err := checkDay("body.to", to, clock.DateOf(s.Clock.Now())); err != nil {
		return err
	}
	_, err = s.once(ctx, once, owner, func(ctx context.Context, tx *dbx.Tx) error {
		if err := endOwnership(ctx, tx, unit, owner, to); err != nil {
			return noMatch(err, "area.not_owner")
		}
		return s.record(ctx, tx, actor, "roll.end_ownership", "owner", owner, place.Path, map[string]any{"unit": unit, "to": to})
	})
	return err
}

// noMatch turns a conditional UPDATE that matched nothing into a conflict with the code given.
func noMatch(err error, code string) error {
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Conflict, code).Because(err)
	}
	return err
}

// EnterOccupant enters somebody who uses a unit without owning it. area.occupant_known: a present
// occupant of the unit has this name.
func (s *Service) EnterOccupant(ctx context.Context, p authz.Principal, once idem.Key, in NewOccupant) (Occupant, error) {
	place, actor, err := s.rollPlace(ctx, p, []id.ID{in.UnitID})
	if err != nil {
		return Occupant{}, err
	}
	row, err := s.newOccupant(&in, place.ServiceAreaID)
	if err != nil {
		return Occupant{}, err
	}
	at := clock.Now(s.Clock)
	made, err := s.once(ctx, once, row.ID, func(ctx context.Context, tx *dbx.Tx) error {
		if err := tx.InsertMany(ctx, insertOccupantSQL, [][]any{row.values(at)}); err != nil {
			return taken(err, "area.occupant_known")
		}
		return s.record(ctx, tx, actor, "roll.enter_occupant", "occupant", row.ID, place.Path, map[string]any{"unit": in.UnitID, "relation": in.Relation, "phone": in.Phone != "", "basis": in.Basis})
	})
	if err != nil {
		return Occupant{}, err
	}
	return s.occupant(ctx, made)
}

func (s *Service) newOccupant(in *NewOccupant, area id.ID) (row occupantRow, err error) {
	var wrong fault.Collect
	oneOf(&wrong, "body.relation", string(in.Relation), "family", "tenant", "other")
	if err := wrong.Err(); err != nil {
		return row, err
	}
	if err := checkDay("body.from", in.From, clock.DateOf(s.Clock.Now())); err != nil {
		return row, err
	}
	if in.Identity, err = in.Identity.check("body"); err != nil {
		return row, err
	}
	row = occupantRow{ID: id.New(), Unit: in.UnitID, Area: area, Relation: in.Relation, From: in.From}
	row.sealed, err = s.seal(occupantFields, row.ID, in.Identity)
	return row, err
}

func (s *Service) occupant(ctx context.Context, which id.ID) (Occupant, error) {
	row, err := findOccupant(ctx, s.DB, which)
	if err != nil {
		return Occupant{}, err
	}
	return s.maskedOccupant(row)
}

// EndOccupancy notes that an occupant has moved out.
func (s *Service) EndOccupancy(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, version int64, to clock.Date) error {
	row, err := findOccupant(ctx, s.DB, which)
	if err != nil {
		return err
	}
	place, err := s.Place(ctx, s.DB, row.Area)
	if err != nil {
		return err
	}
	actor, err := s.may(ctx, p, authz.RollManage, place.Path)
	if err != nil {
		return err
	}
	if err := checkDay("body.to", to, clock.DateOf(s.Clock.Now())); err != nil {
		return err
	}
	_, err = s.once(ctx, once, which, func(ctx context.Context, tx *dbx.Tx) error {
		if err := endOccupancy(ctx, tx, which, version, to); err != nil {
			return stale(err)
		}
		return s.record(ctx, tx, actor, "roll.end_occupancy", "occupant", which, place.Path, map[string]any{"unit": row.Unit, "to": to})
	})
	return err
}
