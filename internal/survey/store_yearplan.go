package survey

import (
	"context"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

const planColumns = `plan_id, revision, author_org_id, author_role, scope_path, year, content, rule_hash, reason, made_by, made_at`

func insertPlan(ctx context.Context, tx *dbx.Tx, p YearPlan) error {
	_, err := tx.Exec(ctx, `INSERT INTO survey_plan (`+planColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
		p.ID, p.Revision, p.AuthorID, p.Role, p.ScopePath, p.Year, p.Content, p.RuleHash, p.Reason, p.MadeBy, p.MadeAt)
	return err
}

// planRevisions lists the revisions of a plan, newest first; the fault not_found where there is none.
func planRevisions(ctx context.Context, q dbx.Querier, plan id.ID) ([]YearPlan, error) {
	var out []YearPlan
	err := q.Select(ctx, &out, `SELECT `+planColumns+` FROM survey_plan WHERE plan_id = ? ORDER BY revision DESC`, plan)
	if err == nil && len(out) == 0 {
		err = fault.New(fault.NotFound, "not_found")
	}
	return out, err
}

// lastRevision is the newest revision of a plan, zero where there is none.
func lastRevision(ctx context.Context, q dbx.Querier, plan id.ID) (revision int64, err error) {
	return revision, q.Get(ctx, &revision, `SELECT COALESCE(MAX(revision), 0) FROM survey_plan WHERE plan_id = ?`, plan)
}

// plansAt lists the newest revisions of the plans over places at, below or above a path, by year.
func plansAt(ctx context.Context, q dbx.Querier, path string) ([]YearPlan, error) {
	low, high := authz.PathRange(path)
	args := []any{low, high}
	for i, c := range path {
		if c == '/' {
			args = append(args, path[:i+1])
		}
	}
	var out []YearPlan
	err := q.Select(ctx, &out, `SELECT `+planColumns+` FROM survey_plan p WHERE (scope_path >= ? AND scope_path < ? OR scope_path IN (?`+strings.Repeat(",?", len(args)-3)+`))
		AND NOT EXISTS (SELECT 1 FROM survey_plan n WHERE n.plan_id = p.plan_id AND n.revision > p.revision) ORDER BY year DESC, plan_id`, args...)
	return out, err
}

// keepPlanned notes that a round is one of a plan, and how many dwellings it asks. A place whose earlier round was cancelled is free again.
func keepPlanned(ctx context.Context, tx *dbx.Tx, plan YearPlan, no int64, round id.ID, areas []PlannedArea) error {
	rows := make([][]any, len(areas))
	for i, a := range areas {
		rows[i] = []any{plan.ID, plan.Revision, no, a.ServiceAreaID, round, a.Asked}
		_, err := tx.Exec(ctx, `DELETE FROM survey_plan_round WHERE plan_id = ? AND no = ? AND service_area_id = ? AND round_id IN (SELECT id FROM survey_round WHERE state = 'cancelled')`,
			plan.ID, no, a.ServiceAreaID)
		if err != nil {
			return err
		}
	}
	err := tx.InsertMany(ctx, `INSERT INTO survey_plan_round (plan_id, revision, no, service_area_id, round_id, asked)`, rows)
	if dbx.IsDuplicate(err) {
		err = fault.New(fault.Conflict, "survey.plan_round_exists")
	}
	return err
}

// leavePlan takes a round out of its plan.
func leavePlan(ctx context.Context, tx *dbx.Tx, round id.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM survey_plan_round WHERE round_id = ?`, round)
	return err
}

// madeOf lists the rounds that were made of a plan, by their places in the year.
func madeOf(ctx context.Context, q dbx.Querier, plan id.ID) ([]MadeRound, error) {
	out := []MadeRound{}
	err := q.Select(ctx, &out, `SELECT DISTINCT p.no, p.round_id, r.title, r.state FROM survey_plan_round p JOIN survey_round r ON r.id = p.round_id
		WHERE p.plan_id = ? AND r.state <> 'cancelled' ORDER BY p.no, p.round_id`, plan)
	return out, err
}
