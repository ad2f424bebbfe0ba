package renovation

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

const itemColumns = `id, renovation_id, item_key, code, class, title, detail, parts, unit, quantity, budget_fen, decision_item, share_num, share_den, takeover,
	utility_org_id, planned_from, planned_until, state, done_quantity, content_hash, plan_number, accepted_on, order_no`

func insertItem(ctx context.Context, tx *dbx.Tx, i Item) error {
	parts, err := json.Marshal(i.Parts)
	if err != nil {
		return err
	}
	args := []any{i.ID, i.ProjectID, i.Key, i.Code, i.Class, i.Title, i.Detail, string(parts), i.Unit, i.Quantity, i.BudgetFen, i.DecisionItem, i.ShareNum, i.ShareDen, i.Takeover,
		i.UtilityID, i.PlannedFrom, i.PlannedUntil, i.State, i.DoneQuantity, i.ContentHash, i.PlanNumber, i.AcceptedOn, i.Order}
	_, err = tx.Exec(ctx, `INSERT INTO renovation_item (`+itemColumns+`) VALUES (`+marks(len(args))+`)`, args...)
	return err
}

// updateItem writes what a plan changes of an item.
func updateItem(ctx context.Context, tx *dbx.Tx, i Item) error {
	parts, err := json.Marshal(i.Parts)
	if err != nil {
		return err
	}
	return tx.ExecOne(ctx, `UPDATE renovation_item SET code = ?, class = ?, title = ?, detail = ?, parts = ?, unit = ?, quantity = ?, budget_fen = ?, decision_item = ?, share_num = ?, share_den = ?,
		takeover = ?, utility_org_id = ?, planned_from = ?, planned_until = ?, state = ?, content_hash = ?, plan_number = ?, order_no = ? WHERE id = ?`,
		i.Code, i.Class, i.Title, i.Detail, string(parts), i.Unit, i.Quantity, i.BudgetFen, i.DecisionItem, i.ShareNum, i.ShareDen,
		i.Takeover, i.UtilityID, i.PlannedFrom, i.PlannedUntil, i.State, i.ContentHash, i.PlanNumber, i.Order, i.ID)
}

// itemsOf lists the items of a project, those that were dropped last.
func itemsOf(ctx context.Context, q dbx.Querier, project id.ID) ([]Item, error) {
	out := []Item{}
	err := q.Select(ctx, &out, `SELECT `+itemColumns+` FROM renovation_item WHERE renovation_id = ? ORDER BY CASE WHEN state = 'planned' THEN 0 ELSE 1 END, order_no, id`, project)
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i].Parts = []Part{}
		if err := json.Unmarshal([]byte(out[i].PartsText), &out[i].Parts); err != nil {
			return nil, fmt.Errorf("renovation item %s: parts: %w", out[i].ID, err)
		}
	}
	return out, nil
}

// planRow is a version of a plan as it is kept.
type planRow struct {
	Number    int64         `db:"number"`
	Content   string        `db:"content"`
	Hash      blob.Hash     `db:"hash"`
	Reason    string        `db:"reason"`
	BudgetFen int64         `db:"budget_fen"`
	MadeAt    clock.Instant `db:"made_at"`
	PersonID  *id.ID        `db:"person_id"`
	OrgID     *id.ID        `db:"org_id"`
}

func insertPlan(ctx context.Context, tx *dbx.Tx, project id.ID, r planRow) error {
	_, err := tx.Exec(ctx, `INSERT INTO renovation_plan (renovation_id, number, content, hash, reason, budget_fen, made_at, person_id, org_id) VALUES (?,?,?,?,?,?,?,?,?)`,
		project, r.Number, r.Content, r.Hash, r.Reason, r.BudgetFen, r.MadeAt, r.PersonID, r.OrgID)
	return err
}

// plans lists the versions of a plan up to a number, the newest first.
func plans(ctx context.Context, q dbx.Querier, project id.ID, upTo int64, limit int) ([]planRow, error) {
	var out []planRow
	err := q.Select(ctx, &out, `SELECT number, content, hash, reason, budget_fen, made_at, person_id, org_id FROM renovation_plan WHERE renovation_id = ? AND number <= ? ORDER BY number DESC LIMIT ?`,
		project, upTo, limit)
	return out, err
}

// planAt is the version of a plan that was in force at a moment; false where there was none.
func planAt(ctx context.Context, q dbx.Querier, project id.ID, at clock.Instant) (planRow, bool, error) {
	var out []planRow
	err := q.Select(ctx, &out, `SELECT number, content, hash, reason, budget_fen, made_at, person_id, org_id FROM renovation_plan WHERE renovation_id = ? AND made_at <= ? ORDER BY number DESC LIMIT 1`,
		project, at)
	if err != nil || len(out) == 0 {
		return planRow{}, false, err
	}
	return out[0], true, nil
}

const givenColumns = `id, subject_id, plan_number, subject_hash, budget_fen, decision_item, decision_id, held_on, document,
	total_area, total_heads, joined_area, joined_heads, favour_area, favour_heads, recorded_at, person_id, org_id`

// putGiven puts a decision in the place of the one in force for its subject; the one before stays on record.
func putGiven(ctx context.Context, tx *dbx.Tx, g Given) error {
	if _, err := tx.Exec(ctx, `UPDATE renovation_consent SET ended_at = ? WHERE subject_id = ? AND ended_at IS NULL`, g.RecordedAt, g.SubjectID); err != nil {
		return err
	}
	args := []any{g.ID, g.SubjectID, g.PlanNumber, g.SubjectHash, g.BudgetFen, g.DecisionItem, g.DecisionID, g.HeldOn, g.Document,
		g.TotalArea, g.TotalHeads, g.JoinedArea, g.JoinedHeads, g.FavourArea, g.FavourHeads, g.RecordedAt, g.PersonID, g.OrgID}
	_, err := tx.Exec(ctx, `INSERT INTO renovation_consent (`+givenColumns+`) VALUES (`+marks(len(args))+`)`, args...)
	return err
}

// givenFor reads the decisions in force for the items of a project, by item.
func givenFor(ctx context.Context, q dbx.Querier, project id.ID) (map[id.ID]Given, error) {
	var rows []Given
	err := q.Select(ctx, &rows, `SELECT `+givenColumns+` FROM renovation_consent WHERE current_subject IN (SELECT i.id FROM renovation_item i WHERE i.renovation_id = ?)`, project)
	out := make(map[id.ID]Given, len(rows))
	for _, g := range rows {
		out[g.SubjectID] = g.told()
	}
	return out, err
}

// givenTo reads the decision in force for one subject.
func givenTo(ctx context.Context, q dbx.Querier, subject id.ID) (Given, bool, error) {
	var g Given
	err := q.Get(ctx, &g, `SELECT `+givenColumns+` FROM renovation_consent WHERE current_subject = ?`, subject)
	if dbx.IsNoRow(err) {
		return g, false, nil
	}
	return g.told(), err == nil, err
}

// utilitiesOf lists the utilities that take lines of a project over.
func utilitiesOf(ctx context.Context, q dbx.Querier, project id.ID) ([]id.ID, error) {
	of, err := utilitiesOfEach(ctx, q, []id.ID{project})
	return of[project], err
}

// utilitiesOfEach lists them for several projects, of which there is at least one.
func utilitiesOfEach(ctx context.Context, q dbx.Querier, projects []id.ID) (map[id.ID][]id.ID, error) {
	query, args, err := dbx.In(`SELECT DISTINCT renovation_id, utility_org_id FROM renovation_item WHERE renovation_id IN (?) AND utility_org_id IS NOT NULL AND state = 'planned'`, projects)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Project id.ID `db:"renovation_id"`
		Utility id.ID `db:"utility_org_id"`
	}
	out := map[id.ID][]id.ID{}
	err = q.Select(ctx, &rows, query, args...)
	for _, r := range rows {
		out[r.Project] = append(out[r.Project], r.Utility)
	}
	return out, err
}
