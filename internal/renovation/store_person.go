package renovation

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// heldOf reads what is held of a person.
func heldOf(ctx context.Context, q dbx.Querier, person id.ID) (Exported, error) {
	out := Exported{Remarks: []Remark{}, Supervisors: []Supervisor{}, Signatures: []Signature{}}
	if err := q.Select(ctx, &out.Remarks, `SELECT `+remarkColumns+` FROM renovation_remark WHERE person_id = ? ORDER BY id`, person); err != nil {
		return out, err
	}
	if err := q.Select(ctx, &out.Supervisors, `SELECT `+supervisorColumns+` FROM renovation_supervisor WHERE person_id = ? ORDER BY id`, person); err != nil {
		return out, err
	}
	err := q.Select(ctx, &out.Signatures, `SELECT id, subject_hash, party, person_id, org_id, role, words, document, at FROM renovation_signature WHERE person_id = ? ORDER BY id`, person)
	return out, err
}

func forgetRemark(ctx context.Context, tx *dbx.Tx, remark id.ID, words string) error {
	_, err := tx.Exec(ctx, `UPDATE renovation_remark SET person_id = NULL, words = ? WHERE id = ?`, words, remark)
	return err
}

// forgetPerson ends what a person volunteers for. What was signed stays as the word of a party.
func forgetPerson(ctx context.Context, tx *dbx.Tx, person id.ID, at clock.Instant) error {
	if _, err := tx.Exec(ctx, `UPDATE renovation_supervisor SET state = 'ended', ended_at = ? WHERE person_id = ? AND ended_at IS NULL`, at, person); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE renovation_supervisor SET person_id = NULL WHERE person_id = ?`, person); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE renovation_signature SET person_id = NULL WHERE person_id = ?`, person)
	return err
}
