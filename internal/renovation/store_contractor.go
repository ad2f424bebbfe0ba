package renovation

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

func insertFormer(ctx context.Context, tx *dbx.Tx, project id.ID, f Former, person, org *id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO renovation_former_contract (id, renovation_id, contractor_org_id, tender_reference, tendered_on, contract_fen, ended_on, reason, settled_fen, document, at, person_id, org_id)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`, f.ID, project, f.ContractorID, f.Reference, f.TenderedOn, f.PriceFen, f.EndedOn, f.Reason, f.SettledFen, f.Document, f.At, person, org)
	return err
}

// formerOf lists the works contracts of a project that were ended, in their order.
func formerOf(ctx context.Context, q dbx.Querier, project id.ID) ([]Former, error) {
	out := []Former{}
	err := q.Select(ctx, &out, `SELECT id, contractor_org_id, tender_reference, tendered_on, contract_fen, ended_on, reason, settled_fen, document, at FROM renovation_former_contract WHERE renovation_id = ? ORDER BY id`, project)
	return out, err
}

// voidParty ends what a party signed of the items of a project that are not accepted yet.
func voidParty(ctx context.Context, tx *dbx.Tx, project id.ID, party Party, at clock.Instant) error {
	_, err := tx.Exec(ctx, `UPDATE renovation_signature SET void_at = ? WHERE party = ? AND void_at IS NULL
		AND subject_id IN (SELECT id FROM renovation_item WHERE renovation_id = ? AND accepted_on IS NULL)`, at, party, project)
	return err
}

// builderOf is who builds now the project of a finding by its order; dbx.IsNoRow for an order of no finding, nil while nobody does.
func builderOf(ctx context.Context, q dbx.Querier, order id.ID) (now *id.ID, err error) {
	err = q.Get(ctx, &now, `SELECT r.contractor_org_id FROM renovation_finding f JOIN renovation r ON r.id = f.renovation_id WHERE f.order_id = ?`, order)
	return now, err
}
