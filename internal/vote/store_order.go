package vote

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

const orderColumns = `id, kind, authority, paper, reasons, org_id, ordered_by, ordered_role, ordered_at, appeal, appealed_by, appealed_at, upheld, ruling, ruled_by, ruled_at, ended_paper, ended_at, version`

func insertOrder(ctx context.Context, tx *dbx.Tx, vote id.ID, o Order) error {
	_, err := tx.Exec(ctx, `INSERT INTO vote_order (id, vote_id, kind, authority, paper, reasons, org_id, ordered_by, ordered_role, ordered_at, appeal, ruling, version) VALUES (?,?,?,?,?,?,?,?,?,?,'','',1)`,
		o.ID, vote, o.Kind, o.Authority, o.Paper, o.Reasons, o.OrgID, o.OrderedBy, o.OrderedRole, o.OrderedAt)
	return err
}

func ordersOf(ctx context.Context, q dbx.Querier, vote id.ID) ([]Order, error) {
	out := []Order{}
	err := q.Select(ctx, &out, `SELECT `+orderColumns+` FROM vote_order WHERE vote_id = ? ORDER BY id`, vote)
	return out, err
}

func orderByID(ctx context.Context, q dbx.Querier, vote, which id.ID) (Order, error) {
	var o Order
	err := q.Get(ctx, &o, `SELECT `+orderColumns+` FROM vote_order WHERE vote_id = ? AND id = ?`, vote, which)
	if dbx.IsNoRow(err) {
		return o, fault.New(fault.NotFound, "not_found")
	}
	return o, err
}

// updateOrder writes what became of an order, on the version that the caller saw; dbx.ErrNoMatch when it is no longer that.
func updateOrder(ctx context.Context, tx *dbx.Tx, vote id.ID, o Order) error {
	return tx.ExecOne(ctx, `UPDATE vote_order SET appeal = ?, appealed_by = ?, appealed_at = ?, upheld = ?, ruling = ?, ruled_by = ?, ruled_at = ?, ended_paper = ?, ended_at = ?, version = version + 1
		WHERE vote_id = ? AND id = ? AND version = ? AND ended_at IS NULL`,
		o.Appeal, o.AppealedBy, o.AppealedAt, o.Upheld, o.Ruling, o.RuledBy, o.RuledAt, o.EndedPaper, o.EndedAt, vote, o.ID, o.Version)
}

const openingColumns = `id, head_no, basis, reason, org_id, asked_by, asked_role, asked_at, opened_at, opened_by`

func insertOpening(ctx context.Context, tx *dbx.Tx, vote id.ID, o Opening) error {
	_, err := tx.Exec(ctx, `INSERT INTO vote_opening (id, vote_id, head_no, basis, reason, org_id, asked_by, asked_role, asked_at) VALUES (?,?,?,?,?,?,?,?,?)`,
		o.ID, vote, o.Head, o.Basis, o.Reason, o.OrgID, o.AskedBy, o.AskedRole, o.AskedAt)
	return err
}

func openingsOf(ctx context.Context, q dbx.Querier, vote id.ID) ([]Opening, error) {
	out := []Opening{}
	err := q.Select(ctx, &out, `SELECT `+openingColumns+` FROM vote_opening WHERE vote_id = ? ORDER BY id`, vote)
	return out, err
}

func openingByID(ctx context.Context, q dbx.Querier, vote, which id.ID) (Opening, error) {
	var o Opening
	err := q.Get(ctx, &o, `SELECT `+openingColumns+` FROM vote_opening WHERE vote_id = ? AND id = ?`, vote, which)
	if dbx.IsNoRow(err) {
		return o, fault.New(fault.NotFound, "not_found")
	}
	return o, err
}

func markOpened(ctx context.Context, tx *dbx.Tx, vote, which, person id.ID, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE vote_opening SET opened_at = ?, opened_by = ? WHERE vote_id = ? AND id = ? AND opened_at IS NULL`, at, person, vote, which)
}
