package area

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
)

// MaxBatch is how many units can be entered at once.
const MaxBatch = 500

// AddUnits enters units of a building, all or none. area.unit_taken: the building has one of them already,
// however its number is written, or the service area has one under the same house code.
func (s *Service) AddUnits(ctx context.Context, p authz.Principal, once idem.Key, buildingID id.ID, in []NewUnit) ([]Unit, error) {
	b, err := building(ctx, s.DB, buildingID)
	if err != nil {
		return nil, err
	}
	place, actor, err := s.managed(ctx, p, b.ServiceAreaID)
	if err != nil {
		return nil, err
	}
	list, keys, err := s.newUnits(b, in)
	if err != nil {
		return nil, err
	}
	_, err = s.once(ctx, once, buildingID, func(ctx context.Context, tx *dbx.Tx) error {
		if err := insertUnits(ctx, tx, list); err != nil {
			return taken(err, "area.unit_taken")
		}
		return s.record(ctx, tx, actor, "unit.create", "building", buildingID, place.Path, map[string]any{"units": len(list), "area": areaSum(list)})
	})
	if err != nil {
		return nil, err
	}
	return unitsByKey(ctx, s.DB, buildingID, keys)
}

// newUnits checks units to be entered and gives them identifiers; keys are those of their numbers.
func (s *Service) newUnits(b Building, in []NewUnit) (list []Unit, keys []string, err error) {
	if len(in) == 0 || len(in) > MaxBatch {
		return nil, nil, fault.InvalidField("body.units", "area.batch", "most", MaxBatch)
	}
	at := clock.Now(s.Clock)
	for i, n := range in {
		path := fmt.Sprintf("body.units[%d]", i)
		if n.UnitIdentity, err = n.UnitIdentity.check(path); err != nil {
			return nil, nil, err
		}
		if n.UnitFacts, err = n.UnitFacts.check(path); err != nil {
			return nil, nil, err
		}
		list = append(list, Unit{ID: id.New(), BuildingID: b.ID, ServiceAreaID: b.ServiceAreaID, UnitIdentity: n.UnitIdentity, UnitFacts: n.UnitFacts, CreatedAt: at, ChangedAt: at})
		keys = append(keys, unitKey(n.Entrance, n.Number))
	}
	return list, keys, nil
}

// areaSum adds up the areas in force, in 0.01 m².
func areaSum(list []Unit) int64 {
	var sum int64
	for _, u := range list {
		size, _ := u.Areas.InForce()
		sum += size
	}
	return sum
}

// UpdateUnit changes what changes in the course of life. What a unit is (number, area, use) changes only
// through a reviewed correction.
func (s *Service) UpdateUnit(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, version int64, facts UnitFacts) (Unit, error) {
	u, err := s.Unit(ctx, s.DB, which)
	if err != nil {
		return u, err
	}
	place, actor, err := s.managed(ctx, p, u.ServiceAreaID)
	if err != nil {
		return u, err
	}
	if facts, err = facts.check("body"); err != nil {
		return u, err
	}
	at := clock.Now(s.Clock)
	_, err = s.once(ctx, once, which, func(ctx context.Context, tx *dbx.Tx) error {
		if err := s.keepBefore(ctx, tx, actor, u, version, "facts", id.Nil, at); err != nil {
			return err
		}
		if err := updateUnitFacts(ctx, tx, which, version, facts, at); err != nil {
			return stale(err)
		}
		return s.record(ctx, tx, actor, "unit.update", "unit", which, place.Path, map[string]any{"delivery": facts.Delivery, "occupied": facts.Occupied})
	})
	if err != nil {
		return u, err
	}
	return s.Unit(ctx, s.DB, which)
}

// keepBefore writes what a unit is before it changes, so that any past day can be rebuilt: the state on a
// day is the Before of the first event after it, or the row. Two changes from the same version meet here.
func (s *Service) keepBefore(ctx context.Context, tx *dbx.Tx, actor authz.Actor, u Unit, version int64, kind string, change id.ID, at clock.Instant) error {
	if u.Version != version {
		return fault.New(fault.Stale, "version.stale")
	}
	before, err := json.Marshal(u)
	if err != nil {
		return err
	}
	err = insertUnitEvent(ctx, tx, unitEvent{Unit: u.ID, Version: version, Kind: kind, At: at, Person: actor.Person, Role: string(actor.Role), Change: change, Before: string(before)})
	if dbx.IsDuplicate(err) {
		return fault.New(fault.Stale, "version.stale").Because(err)
	}
	return err
}

// ReadUnit shows a unit to those who may see the place, and to the household that lives in it.
func (s *Service) ReadUnit(ctx context.Context, p authz.Principal, which id.ID) (Unit, error) {
	u, err := s.Unit(ctx, s.DB, which)
	if err != nil {
		return u, err
	}
	place, err := s.Place(ctx, s.DB, u.ServiceAreaID)
	if err != nil {
		return u, err
	}
	obj, err := s.object(ctx, place.Path, false)
	if err != nil {
		return u, err
	}
	if obj.Household, err = s.CurrentHousehold(ctx, s.DB, which); err != nil {
		return u, err
	}
	return u, authz.Require(p, authz.PlaceRead, obj)
}

// Units lists the units of a building by number; with history, also those that were merged, split or
// struck out. Residents see their own unit only.
func (s *Service) Units(ctx context.Context, p authz.Principal, buildingID id.ID, history bool, req page.Request) (page.Page[Unit], error) {
	b, err := building(ctx, s.DB, buildingID)
	if err != nil {
		return page.Page[Unit]{}, err
	}
	if err := s.staff(ctx, p, authz.PlaceRead, b.ServiceAreaID); err != nil {
		return page.Page[Unit]{}, err
	}
	states := []string{string(UnitActive)}
	if history {
		states = append(states, string(UnitMerged), string(UnitSplit), string(UnitVoid))
	}
	return listing(req, 2, func(after []string, limit int) ([]Unit, error) {
		return listUnits(ctx, s.DB, buildingID, states, after, limit)
	}, func(u Unit) []string { return []string{unitKey(u.Entrance, u.Number), u.ID.String()} })
}

// staff asks for permission in a service area that living there does not give.
func (s *Service) staff(ctx context.Context, p authz.Principal, perm authz.Permission, area id.ID) error {
	place, err := s.Place(ctx, s.DB, area)
	if err != nil {
		return err
	}
	obj, err := s.object(ctx, place.Path, false)
	if err != nil {
		return err
	}
	return authz.Require(p, perm, obj)
}

// UnitEvent is a change of a unit with what it was until then.
type UnitEvent struct {
	Version int64         `json:"version" doc:"Version of the unit before the change"`
	Kind    string        `json:"kind" enum:"facts,correct,merge,split,void" doc:"What happened"`
	At      clock.Instant `json:"at" doc:"When"`
	Role    string        `json:"role" doc:"Role of who did it"`
	Change  *id.ID        `json:"changeId,omitempty" doc:"The reviewed change it belongs to"`
	Before  Unit          `json:"before" doc:"What the unit was until then"`
}

// UnitHistory lists the changes of a unit, oldest first.
func (s *Service) UnitHistory(ctx context.Context, p authz.Principal, which id.ID) ([]UnitEvent, error) {
	u, err := s.Unit(ctx, s.DB, which)
	if err != nil {
		return nil, err
	}
	if err := s.staff(ctx, p, authz.PlaceRead, u.ServiceAreaID); err != nil {
		return nil, err
	}
	return unitEvents(ctx, s.DB, which)
}

// UnitOn is what a unit was at a moment; not_found when it was not there yet.
func (s *Service) UnitOn(ctx context.Context, p authz.Principal, which id.ID, at clock.Instant) (Unit, error) {
	events, err := s.UnitHistory(ctx, p, which)
	if err != nil {
		return Unit{}, err
	}
	u, err := s.Unit(ctx, s.DB, which)
	if err != nil {
		return Unit{}, err
	}
	for i := len(events) - 1; i >= 0 && events[i].At > at; i-- {
		u = events[i].Before
	}
	if u.CreatedAt > at {
		return Unit{}, fault.New(fault.NotFound, "not_found")
	}
	return u, nil
}
