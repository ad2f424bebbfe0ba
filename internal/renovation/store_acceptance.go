package renovation

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// putCheck puts what was found in the place of what was found before; that stays on record.
func putCheck(ctx context.Context, tx *dbx.Tx, project id.ID, c Check, person, org *id.ID) error {
	if _, err := tx.Exec(ctx, `UPDATE renovation_check SET replaced_at = ? WHERE item_id = ? AND code = ? AND replaced_at IS NULL`, c.At, c.ItemID, c.Code); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO renovation_check (id, renovation_id, item_id, code, result, note, finding_id, at, person_id, org_id) VALUES (?,?,?,?,?,?,?,?,?,?)`,
		c.ID, project, c.ItemID, c.Code, c.Result, c.Note, c.FindingID, c.At, person, org)
	return err
}

// voidAcceptance ends what was found of an item and signed for: it has changed.
func voidAcceptance(ctx context.Context, tx *dbx.Tx, item id.ID, at clock.Instant) error {
	if _, err := tx.Exec(ctx, `UPDATE renovation_check SET replaced_at = ? WHERE item_id = ? AND replaced_at IS NULL`, at, item); err != nil {
		return err
	}
	return voidSignatures(ctx, tx, item, at)
}

// checksOf lists what was last found of the items of a project.
func checksOf(ctx context.Context, q dbx.Querier, project id.ID) ([]Check, error) {
	out := []Check{}
	err := q.Select(ctx, &out, `SELECT id, item_id, code, result, note, finding_id, at, replaced_at FROM renovation_check WHERE renovation_id = ? AND replaced_at IS NULL ORDER BY at, id`, project)
	return out, err
}

// itemSignature is a signature with the item it is for.
type itemSignature struct {
	Signature
	ItemID id.ID `db:"subject_id"`
}

// itemSignatures lists what is signed of the items of a project.
func itemSignatures(ctx context.Context, q dbx.Querier, project id.ID) ([]itemSignature, error) {
	var out []itemSignature
	err := q.Select(ctx, &out, `SELECT s.subject_id, s.id, s.subject_hash, s.party, s.person_id, s.org_id, s.role, s.words, s.document, s.at
		FROM renovation_signature s JOIN renovation_item i ON i.id = s.subject_id WHERE i.renovation_id = ? AND s.void_at IS NULL ORDER BY s.at, s.id`, project)
	return out, err
}

// acceptItem marks an item as accepted, once.
func acceptItem(ctx context.Context, tx *dbx.Tx, item id.ID, on clock.Date) error {
	_, err := tx.Exec(ctx, `UPDATE renovation_item SET accepted_on = ? WHERE id = ? AND accepted_on IS NULL`, on, item)
	return err
}
