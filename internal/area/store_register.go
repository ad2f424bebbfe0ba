package area

import (
	"context"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// loadRegister reads a service area; a new one is empty.
func loadRegister(ctx context.Context, q dbx.Querier, sa ServiceArea, isNew bool) (*register, error) {
	r := &register{area: sa, buildings: map[string]id.ID{}, units: map[unitAt]*knownUnit{}, codes: map[string]*knownUnit{}, people: map[string]*ownerRow{}}
	if isNew {
		return r, nil
	}
	if err := r.loadBuildings(ctx, q); err != nil {
		return nil, err
	}
	byID, err := r.loadUnits(ctx, q)
	if err != nil {
		return nil, err
	}
	return r, r.loadRoll(ctx, q, byID)
}

func (r *register) loadBuildings(ctx context.Context, q dbx.Querier) error {
	var rows []struct {
		ID    id.ID  `db:"id"`
		Key   string `db:"name_key"`
		Order int    `db:"order_no"`
	}
	if err := q.Select(ctx, &rows, `SELECT id, name_key, order_no FROM building WHERE service_area_id = ?`, r.area.ID); err != nil {
		return err
	}
	for _, b := range rows {
		r.buildings[b.Key] = b.ID
		r.nextOrder = max(r.nextOrder, b.Order)
	}
	return nil
}

func (r *register) loadUnits(ctx context.Context, q dbx.Querier) (map[id.ID]*knownUnit, error) {
	byID := map[id.ID]*knownUnit{}
	err := q.Each(ctx, `SELECT `+unitColumns+`, h.id AS household_id FROM unit u LEFT JOIN household h ON h.current_unit = u.id
		WHERE u.service_area_id = ? AND u.state = 'active'`, []any{r.area.ID}, func(row dbx.Row) error {
		var u struct {
			unitRow
			Household *id.ID `db:"household_id"`
		}
		if err := row.StructScan(&u); err != nil {
			return err
		}
		k := &knownUnit{Unit: u.unit(), household: u.Household != nil}
		byID[k.ID] = k
		r.add(k)
		return nil
	})
	return byID, err
}

func (r *register) loadRoll(ctx context.Context, q dbx.Querier, byID map[id.ID]*knownUnit) error {
	byOwner := map[id.ID]*ownerRow{}
	err := q.Each(ctx, `SELECT `+ownerColumns+`, w.unit_id FROM owner o LEFT JOIN unit_owner w ON w.owner_id = o.id AND w.to_date IS NULL
		WHERE o.service_area_id = ?`, []any{r.area.ID}, func(row dbx.Row) error {
		var o struct {
			ownerRow
			Unit *id.ID `db:"unit_id"`
		}
		if err := row.StructScan(&o); err != nil {
			return err
		}
		owner := byOwner[o.ID] // one entry, however many units
		if owner == nil {
			owner = &o.ownerRow
			byOwner[o.ID] = owner
			r.know(owner)
		}
		if o.Unit != nil && byID[*o.Unit] != nil {
			byID[*o.Unit].owners = append(byID[*o.Unit].owners, owner)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return q.Each(ctx, `SELECT `+occupantColumns+` FROM occupant t WHERE t.service_area_id = ? AND t.to_date IS NULL`, []any{r.area.ID}, func(row dbx.Row) error {
		var o occupantRow
		if err := row.StructScan(&o); err != nil {
			return err
		}
		if byID[o.Unit] != nil {
			byID[o.Unit].occupants = append(byID[o.Unit].occupants, &o)
		}
		return nil
	})
}
