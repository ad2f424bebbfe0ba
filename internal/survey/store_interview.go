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

// agreedTo tells whether a dwelling has agreed, and who recorded it.
func agreedTo(ctx context.Context, q dbx.Querier, dwelling id.ID) (by id.ID, agreed bool, err error) {
	err = q.Get(ctx, &by, `SELECT recorded_by FROM survey_agreement WHERE dwelling_id = ?`, dwelling)
	if dbx.IsNoRow(err) {
		return by, false, nil
	}
	return by, err == nil, err
}

// useAgreement ends an agreement with the visit of an interviewer; dbx.ErrNoMatch when there is none that another person recorded.
func useAgreement(ctx context.Context, tx *dbx.Tx, dwelling, interviewer id.ID) error {
	return tx.ExecOne(ctx, `DELETE FROM survey_agreement WHERE dwelling_id = ? AND recorded_by <> ?`, dwelling, interviewer)
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

// interviewsBy lists the rounds that a person is an interviewer of.
func interviewsBy(ctx context.Context, q dbx.Querier, person id.ID) ([]ExportedInterviews, error) {
	out := []ExportedInterviews{}
	err := q.Select(ctx, &out, `SELECT r.title, i.no, i.org_id, i.appointed_at, i.ended_at FROM survey_interviewer i JOIN survey_round r ON r.id = i.round_id
		WHERE i.person_id = ? ORDER BY i.appointed_at, i.round_id`, person)
	return out, err
}

func interviewedIn(ctx context.Context, q dbx.Querier, person id.ID) (rounds []id.ID, err error) {
	return rounds, q.Select(ctx, &rounds, `SELECT round_id FROM survey_interviewer WHERE person_id = ?`, person)
}

// forgetInterviewer puts a random identifier in a person's place, one for each round, and ends the work.
func forgetInterviewer(ctx context.Context, tx *dbx.Tx, round, person, instead id.ID, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE survey_interviewer SET person_id = ?, ended_at = COALESCE(ended_at, ?) WHERE round_id = ? AND person_id = ?`, instead, at, round, person)
}

// agreementsIn lists the dwellings among units that wait for an interviewer.
func agreementsIn(ctx context.Context, q dbx.Querier, units []id.ID) ([]ExportedAgreement, error) {
	out := []ExportedAgreement{}
	if len(units) == 0 {
		return out, nil
	}
	query, args, err := dbx.In(`SELECT r.title, d.label FROM survey_agreement a JOIN survey_dwelling d ON d.id = a.dwelling_id JOIN survey_round r ON r.id = a.round_id
		WHERE d.unit_id IN (?) ORDER BY r.id, d.label`, units)
	if err != nil {
		return nil, err
	}
	return out, q.Select(ctx, &out, query, args...)
}

// withdrawIn takes back what the dwellings of units agreed to, in every round.
func withdrawIn(ctx context.Context, tx *dbx.Tx, units []id.ID) error {
	if len(units) == 0 {
		return nil
	}
	query, args, err := dbx.In(`DELETE FROM survey_agreement WHERE dwelling_id IN (SELECT id FROM survey_dwelling WHERE unit_id IN (?))`, units)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, query, args...)
	return err
}

// paperOf counts, by round, what stands under a person's name of its paper.
func paperOf(ctx context.Context, q dbx.Querier, person id.ID) ([]ExportedPaper, error) {
	out := []ExportedPaper{}
	err := q.Select(ctx, &out, `SELECT r.title, SUM(x.lots) AS lots, SUM(x.sheets) AS sheets, SUM(x.agreements) AS agreements FROM (
		SELECT round_id, 1 AS lots, 0 AS sheets, 0 AS agreements FROM survey_lot WHERE ordered_by = ?
		UNION ALL SELECT round_id, 0, 1, 0 FROM survey_entry WHERE entered_by = ?
		UNION ALL SELECT round_id, 0, 0, 1 FROM survey_agreement WHERE recorded_by = ?) x
		JOIN survey_round r ON r.id = x.round_id GROUP BY r.id, r.title ORDER BY r.id`, person, person, person)
	return out, err
}

// forgetClerk cuts a person's ties to the paper of every round.
func forgetClerk(ctx context.Context, tx *dbx.Tx, person id.ID) error {
	for _, query := range []string{
		`UPDATE survey_lot SET ordered_by = ? WHERE ordered_by = ?`,
		`UPDATE survey_interviewer SET appointed_by = ? WHERE appointed_by = ?`,
		`UPDATE survey_agreement SET recorded_by = ? WHERE recorded_by = ?`,
	} {
		if _, err := tx.Exec(ctx, query, id.Nil, person); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `DELETE FROM survey_entry WHERE entered_by = ?`, person)
	return err
}
