package contract

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// Evidence is the decision recorded with the contract by a document.
func (Store) Evidence(ctx context.Context, q dbx.Querier, contract id.ID) (Decided, bool, error) {
	var e Evidence
	err := q.Get(ctx, &e, `SELECT held_on, document, total_area, total_heads, joined_area, joined_heads, favour_area, favour_heads
		FROM contract_decision WHERE current_contract = ?`, contract)
	if dbx.IsNoRow(err) {
		return Decided{}, false, nil
	}
	return Recorded(e), err == nil, err
}

// putEvidence replaces the decision in force for the contract; the one before stays on record.
func putEvidence(ctx context.Context, tx *dbx.Tx, contract id.ID, e Evidence, person, org *id.ID, at clock.Instant) error {
	if _, err := tx.Exec(ctx, `UPDATE contract_decision SET replaced_at = ? WHERE contract_id = ? AND replaced_at IS NULL`, at, contract); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO contract_decision (id, contract_id, held_on, document, total_area, total_heads, joined_area, joined_heads, favour_area, favour_heads, recorded_at, person_id, org_id)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`, id.New(), contract, e.HeldOn, e.Document,
		e.TotalArea, e.TotalHeads, e.JoinedArea, e.JoinedHeads, e.FavourArea, e.FavourHeads, at, person, org)
	return err
}
