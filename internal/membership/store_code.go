package membership

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

type codeRow struct {
	ID        id.ID          `db:"id"`
	Unit      id.ID          `db:"unit_id"`
	ExpiresAt clock.Instant  `db:"expires_at"`
	UsedAt    *clock.Instant `db:"used_at"`
	VoidedAt  *clock.Instant `db:"voided_at"`
}

func codeByHash(ctx context.Context, q dbx.Querier, hash []byte) (codeRow, error) {
	var r codeRow
	err := q.Get(ctx, &r, `SELECT id, unit_id, expires_at, used_at, voided_at FROM join_code WHERE code_hash = ?`, hash)
	return r, err
}

func codeByID(ctx context.Context, q dbx.Querier, code id.ID) (codeRow, error) {
	var r codeRow
	err := q.Get(ctx, &r, `SELECT id, unit_id, expires_at, used_at, voided_at FROM join_code WHERE id = ?`, code)
	return r, err
}

// voidCodes ends the open codes of units, so that an old sheet opens nothing once a new one is made.
func voidCodes(ctx context.Context, tx *dbx.Tx, units []id.ID, at clock.Instant) error {
	for len(units) > 0 {
		n := min(len(units), 500)
		query, args, err := dbx.In(`UPDATE join_code SET voided_at = ? WHERE used_at IS NULL AND voided_at IS NULL AND open_unit_id IN (?)`, at, units[:n])
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, query, args...); err != nil {
			return err
		}
		units = units[n:]
	}
	return nil
}

func insertCodes(ctx context.Context, tx *dbx.Tx, batch, by id.ID, made, expires clock.Instant, sheet []Slip) error {
	rows := make([][]any, len(sheet))
	for i, c := range sheet {
		hash := hashCode(c.Code)
		rows[i] = []any{id.New(), batch, hash[:], c.Unit, c.Building, c.Path, by, made, expires}
	}
	return tx.InsertMany(ctx, `INSERT INTO join_code (id, batch_id, code_hash, unit_id, building_id, scope_path, made_by, made_at, expires_at)`, rows)
}

// useCode takes a code; of several who try at once exactly one matches.
func useCode(ctx context.Context, tx *dbx.Tx, code, person id.ID, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE join_code SET used_at = ?, used_by = ? WHERE id = ? AND used_at IS NULL AND voided_at IS NULL AND expires_at > ?`,
		at, person, code, at)
}

// CodeCount says how the codes of a building stand.
type CodeCount struct {
	Open    int64 `db:"open" json:"open" doc:"Made, not yet used, still valid"`
	Used    int64 `db:"used" json:"used"`
	Expired int64 `db:"expired" json:"expired" doc:"Ran out before anybody used them"`
	Voided  int64 `db:"voided" json:"voided" doc:"Replaced by newer ones"`
}

func countCodes(ctx context.Context, q dbx.Querier, building id.ID, at clock.Instant) (CodeCount, error) {
	var c CodeCount
	err := q.Get(ctx, &c, `SELECT COUNT(CASE WHEN used_at IS NULL AND voided_at IS NULL AND expires_at > ? THEN 1 END) AS open,
		COUNT(used_at) AS used, COUNT(voided_at) AS voided,
		COUNT(CASE WHEN used_at IS NULL AND voided_at IS NULL AND expires_at <= ? THEN 1 END) AS expired FROM join_code WHERE building_id = ?`, at, at, building)
	return c, err
}
