package area

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// writes is what the rows of one chunk do to the database, in the order of apply.
type writes struct {
	*run
	rows int

	divisions     []newDivision
	redesignated  []redesignation
	estates       []Area
	serviceAreas  []ServiceArea
	buildings     []placedBuilding
	units         []Unit
	filled        []filledUnit
	households    []id.ID // units in which one begins
	owners        []ownerRow
	ownerships    [][]any
	newPhones     []ownerRow
	occupants     []occupantRow
	occupantPhone []occupantRow
}

type newDivision struct {
	area Area
	from clock.Date
}

type redesignation struct {
	area Area
	to   Designation
}

type placedBuilding struct {
	Building
	path string
}

// filledUnit is a unit about which the file knew more; before is what the database held.
type filledUnit struct{ before, after Unit }

// apply writes the chunk. A row that somebody else has written meanwhile is refused by the database, and
// the chunk with it.
func (w *writes) apply(ctx context.Context, tx *dbx.Tx) error {
	for _, step := range []func(context.Context, *dbx.Tx) error{
		w.writeDivisions, w.writePlaces, w.writeUnits, w.writeHouseholds, w.writeRoll, w.writePhones,
	} {
		if err := step(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

func (w *writes) writeDivisions(ctx context.Context, tx *dbx.Tx) error {
	if err := insertDivisions(ctx, tx, w.divisions); err != nil {
		return err
	}
	for _, r := range w.redesignated {
		if err := w.s.setDesignation(ctx, tx, r.area, r.area.Version, r.to); err != nil {
			return err
		}
	}
	return nil
}

func (w *writes) writePlaces(ctx context.Context, tx *dbx.Tx) error {
	for _, e := range w.estates {
		if err := addEstate(ctx, tx, e); err != nil {
			return err
		}
	}
	for _, sa := range w.serviceAreas {
		if err := w.s.addServiceArea(ctx, tx, sa); err != nil {
			return err
		}
	}
	for _, b := range w.buildings {
		if err := addBuilding(ctx, tx, b.Building, b.path); err != nil {
			return err
		}
	}
	return nil
}

func (w *writes) writeUnits(ctx context.Context, tx *dbx.Tx) error {
	if err := insertUnits(ctx, tx, w.units); err != nil {
		return err
	}
	for _, f := range w.filled {
		if err := w.s.keepBefore(ctx, tx, w.actor, f.before, f.before.Version, "facts", id.Nil, w.at); err != nil {
			return err
		}
		if err := reidentify(ctx, tx, f.before.ID, f.before.Version, f.after.UnitIdentity, w.at); err != nil {
			return stale(err)
		}
		if err := updateUnitFacts(ctx, tx, f.before.ID, f.before.Version+1, f.after.UnitFacts, w.at); err != nil {
			return stale(err)
		}
	}
	return nil
}

func (w *writes) writeHouseholds(ctx context.Context, tx *dbx.Tx) error {
	rows := make([][]any, len(w.households))
	for i, u := range w.households {
		rows[i] = []any{id.New(), u, w.at, 1}
	}
	return tx.InsertMany(ctx, insertHouseholdSQL, rows)
}

func (w *writes) writeRoll(ctx context.Context, tx *dbx.Tx) error {
	owners := make([][]any, len(w.owners))
	for i, o := range w.owners {
		owners[i] = o.values(w.at)
	}
	occupants := make([][]any, len(w.occupants))
	for i, o := range w.occupants {
		occupants[i] = o.values(w.at)
	}
	if err := tx.InsertMany(ctx, insertOwnerSQL, owners); err != nil {
		return err
	}
	if err := tx.InsertMany(ctx, insertOwnershipSQL, w.ownerships); err != nil {
		return err
	}
	return tx.InsertMany(ctx, insertOccupantSQL, occupants)
}

func (w *writes) writePhones(ctx context.Context, tx *dbx.Tx) error {
	for _, o := range w.newPhones {
		if err := updateOwnerIdentity(ctx, tx, o.ID, o.Version, o.sealed); err != nil {
			return stale(err)
		}
	}
	for _, o := range w.occupantPhone {
		if err := updateOccupantIdentity(ctx, tx, o.ID, o.Version, o.sealed); err != nil {
			return stale(err)
		}
	}
	return nil
}
