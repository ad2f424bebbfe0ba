package contract

import (
	"context"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

const itemColumns = `item, state, reason, note, document, delivered_at, delivered_person_id, delivered_org_id, confirmed_at, confirmed_person_id, confirmed_org_id, version`

func insertItems(ctx context.Context, tx *dbx.Tx, contract id.ID) error {
	rows := make([][]any, len(itemKinds))
	for i, k := range itemKinds {
		rows[i] = []any{contract, k, ItemOpen, "", "", 1}
	}
	return tx.InsertMany(ctx, `INSERT INTO contract_handover_item (contract_id, item, state, reason, note, version)`, rows)
}

func items(ctx context.Context, q dbx.Querier, contract id.ID) ([]HandoverItem, error) {
	out := []HandoverItem{}
	err := q.Select(ctx, &out, `SELECT `+itemColumns+` FROM contract_handover_item WHERE contract_id = ?`, contract)
	return out, err
}

func item(ctx context.Context, q dbx.Querier, contract id.ID, kind ItemKind) (HandoverItem, bool, error) {
	var i HandoverItem
	err := q.Get(ctx, &i, `SELECT `+itemColumns+` FROM contract_handover_item WHERE contract_id = ? AND item = ?`, contract, kind)
	if dbx.IsNoRow(err) {
		return i, false, nil
	}
	return i, err == nil, err
}

func updateItem(ctx context.Context, tx *dbx.Tx, contract id.ID, i HandoverItem) error {
	return tx.ExecOne(ctx, `UPDATE contract_handover_item SET state = ?, reason = ?, note = ?, document = ?, delivered_at = ?, delivered_person_id = ?, delivered_org_id = ?,
		confirmed_at = ?, confirmed_person_id = ?, confirmed_org_id = ?, version = version + 1 WHERE contract_id = ? AND item = ? AND version = ?`,
		i.State, i.Reason, i.Note, i.Document, i.DeliveredAt, i.DeliveredPerson, i.DeliveredOrg, i.ConfirmedAt, i.ConfirmedPerson, i.ConfirmedOrg, contract, i.Item, i.Version)
}

const noticeColumns = `id, kind, side, given_on, document, earliest_end, late, count_of, unit, basis, clause, rule_hash, recorded_at`

func insertNotice(ctx context.Context, tx *dbx.Tx, contract id.ID, n Notice, person, org *id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO contract_notice (contract_id, `+noticeColumns+`, person_id, org_id) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		contract, n.ID, n.Kind, n.Side, n.GivenOn, n.Document, n.EarliestEnd, n.Late, n.Count, n.Unit, n.Basis, n.Clause, n.RuleHash, n.RecordedAt, person, org)
	return err
}

func notices(ctx context.Context, q dbx.Querier, contract id.ID) ([]Notice, error) {
	out := []Notice{}
	err := q.Select(ctx, &out, `SELECT `+noticeColumns+` FROM contract_notice WHERE contract_id = ? ORDER BY id`, contract)
	return out, err
}

func notice(ctx context.Context, q dbx.Querier, contract, which id.ID) (Notice, bool, error) {
	var n Notice
	err := q.Get(ctx, &n, `SELECT `+noticeColumns+` FROM contract_notice WHERE contract_id = ? AND id = ?`, contract, which)
	if dbx.IsNoRow(err) {
		return n, false, nil
	}
	return n, err == nil, err
}
