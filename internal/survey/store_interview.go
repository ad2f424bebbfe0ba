package survey

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// insertInterviewer is a duplicate when the person is one already.
func insertInterviewer(ctx context.Context, tx *dbx.Tx, i Interviewer) error {
	_, err := tx.Exec(ctx, `INSERT INTO survey_interviewer (round_id, no, person_id, org_id, appointed_by, appointed_role, appointed_at, ended_at) VALUES (?,?,?,?,?,?,?,?)`,
		i.RoundID, i.No, i.PersonID, i.OrgID, i.By, i.Role, i.AppointedAt, i.EndedAt)
	return err
}

func interviewersOf(ctx context.Context, q dbx.Querier, round id.ID) ([]Interviewer, error) {
	out := []Interviewer{}
	err := q.Select(ctx, &out, `SELECT round_id, no, person_id, org_id, appointed_by, appointed_role, appointed_at, ended_at FROM survey_interviewer WHERE round_id = ? ORDER BY no`, round)
	return out, err
}

// endInterviewer is dbx.ErrNoMatch when it has ended.
func endInterviewer(ctx context.Context, tx *dbx.Tx, round id.ID, number int64, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE survey_interviewer SET ended_at = ? WHERE round_id = ? AND no = ? AND ended_at IS NULL`, at, round, number)
}

// insertAgreement is a duplicate when it is recorded.
func insertAgreement(ctx context.Context, tx *dbx.Tx, d Dwelling, by id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO survey_agreement (dwelling_id, round_id, recorded_by) VALUES (?,?,?)`, d.ID, d.RoundID, by)
	return err
}

func agreedTo(ctx context.Context, q dbx.Querier, dwelling id.ID) (bool, error) {
	var n int64
	err := q.Get(ctx, &n, `SELECT COUNT(*) FROM survey_agreement WHERE dwelling_id = ?`, dwelling)
	return n > 0, err
}

// deleteAgreement is dbx.ErrNoMatch when there is none.
func deleteAgreement(ctx context.Context, tx *dbx.Tx, dwelling id.ID) error {
	return tx.ExecOne(ctx, `DELETE FROM survey_agreement WHERE dwelling_id = ?`, dwelling)
}

// forgetAgreements forgets, at the end of a round, who had agreed and was not visited.
func forgetAgreements(ctx context.Context, tx *dbx.Tx, round id.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM survey_agreement WHERE round_id = ?`, round)
	return err
}

func visitsOf(ctx context.Context, q dbx.Querier, round id.ID) ([]Visit, error) {
	out := []Visit{}
	err := q.Select(ctx, &out, `SELECT d.unit_id, d.label, d.stratum_id FROM survey_agreement a JOIN survey_dwelling d ON d.id = a.dwelling_id WHERE a.round_id = ? ORDER BY d.label, d.unit_id`, round)
	return out, err
}
