package workorder

import (
	"context"
	"crypto/sha256"
	"strings"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// importedRows are the hashes of the rows imported into a service area before, by external number.
func importedRows(ctx context.Context, q dbx.Querier, serviceArea id.ID) (map[string][sha256.Size]byte, error) {
	out := map[string][sha256.Size]byte{}
	err := q.Each(ctx, `SELECT external_number, row_hash FROM work_order_import_row WHERE service_area_id = ?`, []any{serviceArea}, func(row dbx.Row) error {
		var number string
		var hash []byte
		if err := row.Scan(&number, &hash); err != nil {
			return err
		}
		out[number] = [sha256.Size]byte(hash)
		return nil
	})
	return out, err
}

// reserveNumbers counts n orders of one prefix and day at once and returns the first.
func reserveNumbers(ctx context.Context, tx *dbx.Tx, prefix string, day clock.Date, n int64) (int64, error) {
	first, err := nextNumber(ctx, tx, prefix, day)
	if err != nil || n == 1 {
		return first, err
	}
	err = tx.ExecOne(ctx, `UPDATE work_order_number SET last = last + ? WHERE prefix = ? AND day = ?`, n-1, prefix, day)
	return first, err
}

// insertHistory stores imported orders with their one event each; the primary key of work_order_import_row refuses a
// number that is there already.
func insertHistory(ctx context.Context, tx *dbx.Tx, area id.ID, orders []*Order, hashes [][sha256.Size]byte, events []Event) error {
	var rows, known, told [][]any
	for i, o := range orders {
		row := []any{o.ID, o.UnitID, o.PlaceText, o.PlaceCoarse, o.HouseholdID, o.ReporterID, o.ContactOptOut, o.Title, o.Description, o.Version, o.UpdatedAt, o.ForgottenAt}
		for _, c := range o.all() {
			row = append(row, c.value)
		}
		rows = append(rows, append(row, nil)) // nobody watches it
		known = append(known, []any{area, *o.ExternalNumber, o.ID, hashes[i][:]})
		e := events[i]
		told = append(told, []any{e.OrderID, e.Seq, e.At, e.Kind, e.From, e.To, e.ActorRole, e.ActorID, e.ActorOrg, e.Detail, e.Text})
	}
	if err := tx.InsertMany(ctx, `INSERT INTO work_order (`+orderColumns+`, watch_at)`, rows); err != nil {
		return err
	}
	if err := tx.InsertMany(ctx, `INSERT INTO work_order_import_row (service_area_id, external_number, order_id, row_hash)`, known); err != nil {
		return err
	}
	return tx.InsertMany(ctx, `INSERT INTO work_order_event (`+strings.Join(strings.Fields(eventColumns), " ")+`)`, told)
}
