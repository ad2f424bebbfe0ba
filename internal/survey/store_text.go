package survey

import (
	"context"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// mixTexts writes the texts of a round anew in the order of their random keys, so that they do not lie in the files in the order
// in which they came in.
func mixTexts(ctx context.Context, tx *dbx.Tx, round id.ID) error {
	const columns, page = `text_key, round_id, service_area_id, item, content, state, reviewed_by`, 500
	for after := []byte{}; ; {
		var keys []ballot.Hash
		if err := tx.Select(ctx, &keys, `SELECT DISTINCT text_key FROM survey_text WHERE round_id = ? AND text_key > ? ORDER BY text_key LIMIT ?`, round, after, page); err != nil || len(keys) == 0 {
			return err
		}
		const these = ` FROM survey_text WHERE round_id = ? AND text_key >= ? AND text_key <= ?`
		last := keys[len(keys)-1]
		var rows [][]any
		err := tx.Each(ctx, `SELECT `+columns+these+` ORDER BY text_key, item`, []any{round, keys[0], last}, func(row dbx.Row) error {
			var key, round, area, by []byte
			var item, content, state string
			if err := row.Scan(&key, &round, &area, &item, &content, &state, &by); err != nil {
				return err
			}
			rows = append(rows, []any{key, round, area, item, content, state, by})
			return nil
		})
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE`+these, round, keys[0], last); err != nil {
			return err
		}
		if err := tx.InsertMany(ctx, `INSERT INTO survey_text (`+columns+`)`, rows); err != nil {
			return err
		}
		after = last[:]
	}
}
