package membership

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

const applicationColumns = `a.id, a.unit_id, a.person_id, a.relation, a.name_sealed, a.note_sealed, a.scope_path, a.state, a.applied_at, a.decided_at, a.reason, a.member_id, a.version`

func application(ctx context.Context, q dbx.Querier, applicationID id.ID) (Application, error) {
	var a Application
	err := q.Get(ctx, &a, `SELECT `+applicationColumns+` FROM household_application a WHERE a.id = ?`, applicationID)
	return a, err
}

func insertApplication(ctx context.Context, tx *dbx.Tx, a Application) error {
	return tx.ExecOne(ctx, `INSERT INTO household_application (id, unit_id, person_id, relation, name_sealed, note_sealed, scope_path, state, applied_at, reason, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, '', 1)`, a.ID, a.Unit, a.Person, string(a.Relation), a.NameSealed, a.NoteSealed, a.ScopePath, a.AppliedAt)
}

// decideApplication settles a pending application; of several who decide at once exactly one matches.
func decideApplication(ctx context.Context, tx *dbx.Tx, a Application, state ApplicationState, by, member id.ID, why Reason, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE household_application SET state = ?, decided_at = ?, decided_by = ?, member_id = ?, reason = ?, version = version + 1
		WHERE id = ? AND state = 'pending' AND version = ?`, string(state), at, by.Ptr(), member.Ptr(), string(why), a.ID, a.Version)
}

func applicationsOf(ctx context.Context, q dbx.Querier, person id.ID) ([]Application, error) {
	var rows []Application
	err := q.Select(ctx, &rows, `SELECT `+applicationColumns+` FROM household_application a WHERE a.person_id = ? ORDER BY a.id`, person)
	return rows, err
}

func countPending(ctx context.Context, q dbx.Querier, person id.ID) (int64, error) {
	var n int64
	err := q.Get(ctx, &n, `SELECT COUNT(*) FROM household_application a WHERE a.person_id = ? AND a.state = 'pending'`, person)
	return n, err
}

// applications reads those of a state that where (from authz) lets through, oldest first.
func applications(ctx context.Context, q dbx.Querier, where string, args []any, state ApplicationState, after id.ID, limit int) ([]Application, error) {
	var rows []Application
	err := q.Select(ctx, &rows, `SELECT `+applicationColumns+` FROM household_application a WHERE `+where+` AND a.state = ? AND a.id > ? ORDER BY a.id LIMIT ?`,
		append(append([]any{}, args...), string(state), after, limit)...)
	return rows, err
}

// eraseApplications clears what a person wrote, and withdraws what is pending.
func eraseApplications(ctx context.Context, tx *dbx.Tx, person id.ID, at clock.Instant) error {
	if _, err := tx.Exec(ctx, `UPDATE household_application SET state = 'withdrawn', decided_at = ?, version = version + 1
		WHERE person_id = ? AND state = 'pending'`, at, person); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE household_application SET name_sealed = NULL, note_sealed = NULL WHERE person_id = ?`, person)
	return err
}

// clearDecided clears what applicants wrote of applications that were decided before a moment.
func clearDecided(ctx context.Context, tx *dbx.Tx, before clock.Instant) error {
	_, err := tx.Exec(ctx, `UPDATE household_application SET name_sealed = NULL, note_sealed = NULL
		WHERE state <> 'pending' AND decided_at < ? AND (name_sealed IS NOT NULL OR note_sealed IS NOT NULL)`, before)
	return err
}
