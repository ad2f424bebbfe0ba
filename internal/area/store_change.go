package area

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

const changeColumns = `id, service_area_id, state, proposal, sum_before, sum_after, proposer_person, proposer_role, proposed_at, decider_person, decider_role, decided_at, decision_note, version`

type changeRow struct {
	ID           id.ID          `db:"id"`
	Area         id.ID          `db:"service_area_id"`
	State        ChangeState    `db:"state"`
	UnitProposal string         `db:"proposal"`
	SumBefore    int64          `db:"sum_before"`
	SumAfter     int64          `db:"sum_after"`
	Proposer     id.ID          `db:"proposer_person"`
	Role         string         `db:"proposer_role"`
	ProposedAt   clock.Instant  `db:"proposed_at"`
	Decider      *id.ID         `db:"decider_person"`
	DeciderRole  *string        `db:"decider_role"`
	DecidedAt    *clock.Instant `db:"decided_at"`
	Note         *string        `db:"decision_note"`
	Version      int64          `db:"version"`
}

func (r changeRow) change() (UnitChange, error) {
	c := UnitChange{ID: r.ID, ServiceAreaID: r.Area, State: r.State, SumBefore: r.SumBefore, SumAfter: r.SumAfter, ProposedBy: r.Proposer, ProposerRole: r.Role,
		ProposedAt: r.ProposedAt, DecidedBy: r.Decider, DeciderRole: orZero(r.DeciderRole), DecidedAt: r.DecidedAt, DecisionNote: orZero(r.Note), Version: r.Version}
	if err := json.Unmarshal([]byte(r.UnitProposal), &c.UnitProposal); err != nil {
		return c, fmt.Errorf("unit change: %w", err)
	}
	return c, nil
}

func findChange(ctx context.Context, q dbx.Querier, which id.ID) (UnitChange, error) {
	var row changeRow
	if err := q.Get(ctx, &row, `SELECT `+changeColumns+` FROM unit_change WHERE id = ?`, which); err != nil {
		return UnitChange{}, found(err)
	}
	c, err := row.change()
	if err != nil {
		return c, err
	}
	err = q.Select(ctx, &c.ResultIDs, `SELECT unit_id FROM unit_change_unit WHERE change_id = ? AND part = 'result' ORDER BY unit_id`, which)
	return c, err
}

func listChanges(ctx context.Context, q dbx.Querier, area id.ID, state ChangeState, after id.ID, limit int) ([]UnitChange, error) {
	where, args := `service_area_id = ? AND id > ?`, []any{area, after}
	if state != "" {
		where, args = where+` AND state = ?`, append(args, string(state))
	}
	var rows []changeRow
	if err := q.Select(ctx, &rows, `SELECT `+changeColumns+` FROM unit_change WHERE `+where+` ORDER BY id LIMIT ?`, append(args, limit)...); err != nil {
		return nil, err
	}
	out := make([]UnitChange, len(rows))
	for i, r := range rows {
		c, err := r.change()
		if err != nil {
			return nil, err
		}
		out[i] = c
	}
	return out, nil
}

func insertChange(ctx context.Context, tx *dbx.Tx, c UnitChange, account id.ID) error {
	body, err := json.Marshal(c.UnitProposal)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO unit_change (id, service_area_id, kind, state, proposal, reason, sum_before, sum_after, sum_reason, proposer_account, proposer_person, proposer_role, proposed_at, version)
		VALUES (?,?,?,'proposed',?,?,?,?,?,?,?,?,?,1)`, c.ID, c.ServiceAreaID, string(c.Kind), string(body), c.Reason, c.SumBefore, c.SumAfter, orNull(c.SumReason),
		account.Ptr(), c.ProposedBy, c.ProposerRole, c.ProposedAt)
	if err != nil {
		return err
	}
	return insertChangeUnits(ctx, tx, c.ID, "source", c.Sources)
}

func insertChangeUnits(ctx context.Context, tx *dbx.Tx, change id.ID, part string, list []ChangeSource) error {
	rows := make([][]any, len(list))
	for i, s := range list {
		rows[i] = []any{change, s.UnitID, part, s.Version}
	}
	return tx.InsertMany(ctx, `INSERT INTO unit_change_unit (change_id, unit_id, part, unit_version)`, rows)
}

// decideChange closes a proposal; ErrNoMatch when it is decided already, changed since version, or the
// decider is the proposer.
func decideChange(ctx context.Context, tx *dbx.Tx, which id.ID, version int64, c UnitChange) error {
	return tx.ExecOne(ctx, `UPDATE unit_change SET state = ?, decider_person = ?, decider_role = ?, decided_at = ?, decision_note = ?, version = version + 1
		WHERE id = ? AND version = ? AND state = 'proposed' AND proposer_person <> ?`,
		string(c.State), c.DecidedBy, c.DeciderRole, c.DecidedAt, orNull(c.DecisionNote), which, version, *c.DecidedBy)
}

// withdrawChange takes a proposal back; only its proposer matches.
func withdrawChange(ctx context.Context, tx *dbx.Tx, which id.ID, version int64, proposer id.ID, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE unit_change SET state = 'withdrawn', decided_at = ?, version = version + 1 WHERE id = ? AND version = ? AND state = 'proposed' AND proposer_person = ?`,
		at, which, version, proposer)
}

// moveRoll gives the present owners and occupants of units to another unit from a day on. Who owned
// several of them owns it once.
func moveRoll(ctx context.Context, tx *dbx.Tx, from []id.ID, into []id.ID, day clock.Date, at clock.Instant) error {
	owners, err := ownersOfUnits(ctx, tx, from)
	if err != nil {
		return err
	}
	for _, u := range from {
		if _, err := tx.Exec(ctx, `UPDATE unit_owner SET to_date = ? WHERE unit_id = ? AND to_date IS NULL`, day, u); err != nil {
			return err
		}
	}
	var rows [][]any
	seen := map[id.ID]bool{}
	for _, o := range owners {
		if seen[o.ID] {
			continue
		}
		seen[o.ID] = true
		for _, u := range into {
			rows = append(rows, ownershipValues(u, o.ID, day, o.Evidence, at))
		}
	}
	return tx.InsertMany(ctx, insertOwnershipSQL, rows)
}

// moveOccupants gives the occupants of units another unit; with a zero unit they move out. Two entries of
// one name are the same person: the first stays.
func moveOccupants(ctx context.Context, tx *dbx.Tx, from []id.ID, into id.ID, day clock.Date) error {
	rows, err := occupantsOfUnits(ctx, tx, from)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, r := range rows {
		if into.IsZero() || seen[string(r.NameIndex)] {
			err = tx.ExecOne(ctx, `UPDATE occupant SET to_date = ?, version = version + 1 WHERE id = ? AND to_date IS NULL`, day, r.ID)
		} else {
			err = tx.ExecOne(ctx, `UPDATE occupant SET unit_id = ?, version = version + 1 WHERE id = ? AND to_date IS NULL`, into, r.ID)
		}
		if err != nil {
			return err
		}
		seen[string(r.NameIndex)] = true
	}
	return nil
}

func moveHousehold(ctx context.Context, tx *dbx.Tx, household, into id.ID) error {
	return tx.ExecOne(ctx, `UPDATE household SET unit_id = ?, version = version + 1 WHERE id = ? AND ended_at IS NULL`, into, household)
}
