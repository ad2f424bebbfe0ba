package survey

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// keepText writes the free text of a ballot under a key that the client made and that is nowhere else: neither it nor the
// text leads to the ballot.
// The fault survey.text_key when another ballot sends the same key at once.
func keepText(ctx context.Context, tx *dbx.Tx, round, serviceArea id.ID, key ballot.Hash, texts map[string]string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM survey_text WHERE round_id = ? AND text_key = ?`, round, key); err != nil {
		return err
	}
	for item, content := range texts {
		_, err := tx.Exec(ctx, `INSERT INTO survey_text (text_key, round_id, service_area_id, item, content) VALUES (?,?,?,?,?)`, key, round, serviceArea, item, content)
		if dbx.IsDuplicate(err) {
			return fault.InvalidField("body.textKey", "survey.text_key")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// unmixed lists counted rounds whose texts still lie under the keys of their ballots.
func unmixed(ctx context.Context, q dbx.Querier, limit int) ([]id.ID, error) {
	var out []id.ID
	err := q.Select(ctx, &out, `SELECT r.id FROM survey_round r WHERE r.state IN ('closed', 'scored', 'published', 'revised')
		AND EXISTS (SELECT 1 FROM survey_text t WHERE t.round_id = r.id) ORDER BY r.id LIMIT ?`, limit)
	return out, err
}

// takeTexts reads and deletes the first texts of a round, those of limit ballots; done tells that none are left.
func takeTexts(ctx context.Context, tx *dbx.Tx, round id.ID, limit int) (out []Remark, done bool, err error) {
	var keys []ballot.Hash
	if err := tx.Select(ctx, &keys, `SELECT DISTINCT text_key FROM survey_text WHERE round_id = ? ORDER BY text_key LIMIT ?`, round, limit); err != nil || len(keys) == 0 {
		return nil, true, err
	}
	const these = ` FROM survey_text WHERE round_id = ? AND text_key >= ? AND text_key <= ?`
	args := []any{round, keys[0], keys[len(keys)-1]}
	if err := tx.Select(ctx, &out, `SELECT round_id, service_area_id, item, content`+these, args...); err != nil {
		return nil, false, err
	}
	_, err = tx.Exec(ctx, `DELETE`+these, args...)
	return out, len(keys) < limit, err
}

const remarkColumns = `round_id, name, service_area_id, item, content, state, shown, reason, reviewed_by, reviewed_role, reviewed_at`

// insertRemarks writes remarks in the order of their names, whichever order they came in.
func insertRemarks(ctx context.Context, tx *dbx.Tx, list []Remark) error {
	slices.SortFunc(list, func(a, b Remark) int { return a.Name.Compare(b.Name) })
	rows := make([][]any, len(list))
	for i, m := range list {
		rows[i] = []any{m.RoundID, m.Name, m.ServiceAreaID, m.Item, m.Content, m.State, m.Shown, m.Reason, m.ReviewedBy, m.ReviewedRole, m.ReviewedAt}
	}
	return tx.InsertMany(ctx, `INSERT INTO survey_remark (`+remarkColumns+`)`, rows)
}

// enough joins remarks m with the groups of their round that are large enough to be read: its arguments are the round and the least.
const enough = ` JOIN (SELECT service_area_id, item FROM survey_remark WHERE round_id = ? GROUP BY service_area_id, item HAVING COUNT(*) >= ?) g
	ON g.service_area_id = m.service_area_id AND g.item = m.item `

// remarksIn lists the remarks of service areas in a state, those of large enough groups, after a name.
func remarksIn(ctx context.Context, q dbx.Querier, round id.ID, areas []id.ID, state RemarkState, least int64, after ballot.Hash, limit int) ([]Remark, error) {
	query, args, err := dbx.In(`SELECT m.round_id, m.name, m.service_area_id, m.item, m.content, m.state, m.shown, m.reason, m.reviewed_by, m.reviewed_role, m.reviewed_at
		FROM survey_remark m`+enough+`WHERE m.round_id = ? AND m.service_area_id IN (?) AND m.state = ? AND m.name > ? ORDER BY m.name LIMIT ?`,
		round, least, round, areas, state, after, limit)
	if err != nil {
		return nil, err
	}
	out := []Remark{}
	err = q.Select(ctx, &out, query, args...)
	return out, err
}

// remarksNamed reads remarks of service areas by their names, those of large enough groups.
func remarksNamed(ctx context.Context, q dbx.Querier, round id.ID, areas []id.ID, least int64, names []ballot.Hash) (map[ballot.Hash]Remark, error) {
	query, args, err := dbx.In(`SELECT m.round_id, m.name, m.service_area_id, m.item, m.content, m.state, m.shown, m.reason, m.reviewed_by, m.reviewed_role, m.reviewed_at
		FROM survey_remark m`+enough+`WHERE m.round_id = ? AND m.service_area_id IN (?) AND m.name IN (?)`, round, least, round, areas, names)
	if err != nil {
		return nil, err
	}
	var list []Remark
	if err := q.Select(ctx, &list, query, args...); err != nil {
		return nil, err
	}
	out := make(map[ballot.Hash]Remark, len(list))
	for _, m := range list {
		out[m.Name] = m
	}
	return out, nil
}

// reviewRemark writes a decision about a remark in the state in which it was read; dbx.ErrNoMatch when somebody was faster.
func reviewRemark(ctx context.Context, tx *dbx.Tx, m Remark, from RemarkState) error {
	return tx.ExecOne(ctx, `UPDATE survey_remark SET state = ?, shown = ?, reason = ?, reviewed_by = ?, reviewed_role = ?, reviewed_at = ? WHERE round_id = ? AND name = ? AND state = ?`,
		m.State, m.Shown, m.Reason, m.ReviewedBy, m.ReviewedRole, m.ReviewedAt, m.RoundID, m.Name, from)
}

// remarkGroups counts the remarks of a round in groups of at least so many.
func remarkGroups(ctx context.Context, q dbx.Querier, round id.ID, least int64) ([]RemarkGroup, error) {
	out := []RemarkGroup{}
	err := q.Select(ctx, &out, `SELECT service_area_id, item, COUNT(*) AS given, SUM(CASE WHEN state = 'released' THEN 1 ELSE 0 END) AS released,
			SUM(CASE WHEN state = 'withheld' THEN 1 ELSE 0 END) AS withheld
		FROM survey_remark WHERE round_id = ? GROUP BY service_area_id, item HAVING COUNT(*) >= ? ORDER BY service_area_id, item`, round, least)
	return out, err
}

// releasedRemarks lists the released remarks of a round after a name, where a group has at least so many of them; of one service area, or
// of all for the zero id.
func releasedRemarks(ctx context.Context, q dbx.Querier, round, area id.ID, least int64, after ballot.Hash, limit int) ([]PublicRemark, error) {
	query, args := `SELECT m.name, m.service_area_id, m.item, m.shown FROM survey_remark m
		JOIN (SELECT service_area_id, item FROM survey_remark WHERE round_id = ? AND state = 'released' GROUP BY service_area_id, item HAVING COUNT(*) >= ?) g
			ON g.service_area_id = m.service_area_id AND g.item = m.item
		WHERE m.round_id = ? AND m.state = 'released' AND m.name > ?`, []any{round, least, round, after}
	if !area.IsZero() {
		query, args = query+` AND m.service_area_id = ?`, append(args, area)
	}
	out := []PublicRemark{}
	err := q.Select(ctx, &out, query+` ORDER BY m.name LIMIT ?`, append(args, limit)...)
	return out, err
}

// eachRemark calls fn with the content of every remark of a round.
func eachRemark(ctx context.Context, q dbx.Querier, round id.ID, fn func(content string) error) error {
	return q.Each(ctx, `SELECT content FROM survey_remark WHERE round_id = ? ORDER BY name`, []any{round}, func(row dbx.Row) error {
		var content string
		if err := row.Scan(&content); err != nil {
			return err
		}
		return fn(content)
	})
}
