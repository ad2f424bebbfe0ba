package membership

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

const memberColumns = `m.id, m.household_id, m.unit_id, m.person_id, m.scope_path, m.relation, m.helps_member_id, m.via, m.from_at, m.to_at,
	m.state, m.ended_reason, m.contestable_until, m.contest_reason, m.contested_by, m.contested_at, m.version`

type grantRow struct {
	ID           id.ID    `db:"id"`
	Relation     Relation `db:"relation"`
	ScopePath    string   `db:"scope_path"`
	Household    id.ID    `db:"household_id"`
	Unit         id.ID    `db:"unit_id"`
	HelpedPerson *id.ID   `db:"helped_person_id"`
	// From is since when things are seen: a helper sees what the member helped does.
	From clock.Instant `db:"from_at"`
}

// grantRows reads the memberships in force now; a helper's only while the member helped is active too.
func grantRows(ctx context.Context, q dbx.Querier, person id.ID, at clock.Instant) ([]grantRow, error) {
	var rows []grantRow
	err := q.Select(ctx, &rows, `SELECT m.id, m.relation, m.scope_path, m.household_id, m.unit_id, CASE WHEN h.from_at < m.from_at THEN h.from_at ELSE m.from_at END AS from_at, h.person_id AS helped_person_id
		FROM household_member m LEFT JOIN household_member h ON h.id = m.helps_member_id
		WHERE m.person_id = ? AND m.from_at <= ? AND (m.to_at IS NULL OR m.to_at > ?) AND m.state <> 'contested'
		AND (m.helps_member_id IS NULL OR (h.state <> 'contested' AND (h.to_at IS NULL OR h.to_at > ?))) ORDER BY m.id`,
		person, at, at, at)
	return rows, err
}

func member(ctx context.Context, q dbx.Querier, memberID id.ID) (Member, error) {
	var m Member
	err := q.Get(ctx, &m, `SELECT `+memberColumns+` FROM household_member m WHERE m.id = ?`, memberID)
	return m, err
}

func helpedPerson(ctx context.Context, q dbx.Querier, memberID id.ID) (id.ID, error) {
	var person id.ID
	err := q.Get(ctx, &person, `SELECT h.person_id FROM household_member m JOIN household_member h ON h.id = m.helps_member_id WHERE m.id = ?`, memberID)
	return person, err
}

func insertMember(ctx context.Context, tx *dbx.Tx, m Member) error {
	return tx.ExecOne(ctx, `INSERT INTO household_member
		(id, household_id, unit_id, person_id, scope_path, relation, helps_member_id, via, from_at, state, ended_reason, contestable_until, contest_reason, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'active', '', ?, '', 1)`,
		m.ID, m.Household, m.Unit, m.Person, m.ScopePath, string(m.Relation), m.Helps, string(m.Via), m.From, m.ContestableUntil)
}

// endMember ends a membership and deletes its note, which was kept only while it lasted.
func endMember(ctx context.Context, tx *dbx.Tx, m Member, at clock.Instant, why Reason) error {
	return tx.ExecOne(ctx, `UPDATE household_member SET state = 'ended', to_at = ?, ended_reason = ?, note_sealed = NULL, version = version + 1
		WHERE id = ? AND to_at IS NULL AND version = ?`, at, string(why), m.ID, m.Version)
}

func contestMember(ctx context.Context, tx *dbx.Tx, m Member, by id.ID, at clock.Instant, why Reason) error {
	return tx.ExecOne(ctx, `UPDATE household_member SET state = 'contested', contested_by = ?, contested_at = ?, contest_reason = ?, version = version + 1
		WHERE id = ? AND state = 'active' AND version = ? AND contestable_until > ?`, by, at, string(why), m.ID, m.Version, at)
}

// dismissContest makes a contested membership active again and closes it to further contests.
func dismissContest(ctx context.Context, tx *dbx.Tx, m Member, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE household_member SET state = 'active', contestable_until = ?, version = version + 1
		WHERE id = ? AND state = 'contested' AND version = ?`, at, m.ID, m.Version)
}

// presentOf reads the members of a household, contested ones included, in the order of their joining.
func presentOf(ctx context.Context, q dbx.Querier, household id.ID) ([]Member, error) {
	var rows []Member
	err := q.Select(ctx, &rows, `SELECT `+memberColumns+` FROM household_member m WHERE m.household_id = ? AND m.to_at IS NULL ORDER BY m.from_at, m.id`, household)
	return rows, err
}

// presentAs reads the present membership of a person in a household.
func presentAs(ctx context.Context, q dbx.Querier, household, person id.ID) (Member, error) {
	var m Member
	err := q.Get(ctx, &m, `SELECT `+memberColumns+` FROM household_member m WHERE m.household_id = ? AND m.current_person_id = ?`, household, person)
	return m, err
}

// keepContest makes a membership that was just entered as contested as m says.
func keepContest(ctx context.Context, tx *dbx.Tx, m Member) error {
	return tx.ExecOne(ctx, `UPDATE household_member SET state = 'contested', contested_by = ?, contested_at = ?, contest_reason = ? WHERE id = ?`,
		m.ContestedBy, m.ContestedAt, string(m.ContestReason), m.ID)
}

func helpersOf(ctx context.Context, q dbx.Querier, memberID id.ID) ([]Member, error) {
	var rows []Member
	err := q.Select(ctx, &rows, `SELECT `+memberColumns+` FROM household_member m WHERE m.helps_member_id = ? AND m.to_at IS NULL ORDER BY m.id`, memberID)
	return rows, err
}

// membershipsOf reads one person's memberships, present and past.
func membershipsOf(ctx context.Context, q dbx.Querier, person id.ID) ([]Member, error) {
	var rows []Member
	err := q.Select(ctx, &rows, `SELECT `+memberColumns+` FROM household_member m WHERE m.person_id = ? ORDER BY m.from_at, m.id`, person)
	return rows, err
}

func periods(ctx context.Context, q dbx.Querier, person, household id.ID) ([]Period, error) {
	var rows []Period
	err := q.Select(ctx, &rows, `SELECT m.from_at, m.to_at FROM household_member m WHERE m.person_id = ? AND m.household_id = ? AND m.state <> 'contested'
		ORDER BY m.from_at, m.id`, person, household)
	return rows, err
}

// contested reads the contested memberships that where (from authz) lets through.
func contested(ctx context.Context, q dbx.Querier, where string, args []any, after id.ID, limit int) ([]Member, error) {
	var rows []Member
	err := q.Select(ctx, &rows, `SELECT `+memberColumns+` FROM household_member m WHERE `+where+` AND m.state = 'contested' AND m.id > ? ORDER BY m.id LIMIT ?`,
		append(append([]any{}, args...), after, limit)...)
	return rows, err
}

func moveUnit(ctx context.Context, tx *dbx.Tx, household, unit id.ID) error {
	_, err := tx.Exec(ctx, `UPDATE household_member SET unit_id = ?, version = version + 1 WHERE household_id = ? AND to_at IS NULL`, unit, household)
	return err
}
