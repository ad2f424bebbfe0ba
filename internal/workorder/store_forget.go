package workorder

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// outlivedOrder is an order whose words and names have been kept long enough.
type outlivedOrder struct {
	ID        id.ID  `db:"id"`
	Title     string `db:"title"`
	ScopePath string `db:"scope_path"`
}

// outlived finds orders that were over before a moment and still have what people wrote.
func outlived(ctx context.Context, q dbx.Querier, before clock.Instant, limit int) (out []outlivedOrder, err error) {
	err = q.Select(ctx, &out, `SELECT id, title, scope_path FROM work_order WHERE forgotten_at IS NULL AND waiting = 'none' AND COALESCE(closed_at, updated_at) < ?
		ORDER BY id LIMIT ?`, before, limit)
	return out, err
}

// forgetOrder clears an order that is over; dbx.ErrNoMatch, with nothing cleared, when it was taken up again meanwhile.
func forgetOrder(ctx context.Context, tx *dbx.Tx, order id.ID, title string, at clock.Instant) error {
	err := tx.ExecOne(ctx, `UPDATE work_order SET title = ?, description = '', forgotten_at = ? WHERE id = ? AND forgotten_at IS NULL AND waiting = 'none'`, title, at, order)
	if err != nil {
		return err
	}
	for _, stmt := range []string{
		`UPDATE work_order_identity SET name_sealed = NULL, phone_sealed = NULL WHERE id = ?`,
		`UPDATE work_order_caller SET name_sealed = NULL, phone_sealed = NULL, phone_index = NULL WHERE id = ?`,
		`UPDATE work_order_event SET text = NULL WHERE order_id = ?`,
		`UPDATE work_order_callback SET note = '' WHERE order_id = ?`,
		`DELETE FROM work_order_remark WHERE order_id = ?`,
		`UPDATE work_order_message SET text = '' WHERE order_id = ?`,
		`UPDATE work_order_statement SET answer = NULL WHERE order_id = ?`,
		`DELETE FROM work_order_attachment WHERE order_id = ?`,
	} {
		if _, err := tx.Exec(ctx, stmt, order); err != nil {
			return err
		}
	}
	return nil
}

// outlivedPressure finds reports of pressure that were settled before a moment.
func outlivedPressure(ctx context.Context, q dbx.Querier, before clock.Instant, limit int) (out []outlivedOrder, err error) {
	err = q.Select(ctx, &out, `SELECT id, '' AS title, scope_path FROM work_order_pressure WHERE state = 'closed' AND closed_at < ? AND (text <> '' OR outcome <> '') ORDER BY id LIMIT ?`, before, limit)
	return out, err
}

func clearPressure(ctx context.Context, tx *dbx.Tx, report id.ID) error {
	return tx.ExecOne(ctx, `UPDATE work_order_pressure SET text = '', outcome = '' WHERE id = ? AND state = 'closed'`, report)
}
