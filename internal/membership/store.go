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
}

// grantRows reads the memberships in force now; a helper's only while the member helped is active too.
func grantRows(ctx context.Context, q dbx.Querier, person id.ID, at clock.Instant) ([]grantRow, error) {
	var rows []grantRow
	err := q.Select(ctx, &rows, `SELECT m.id, m.relation, m.scope_path, m.household_id, m.unit_id, h.person_id AS helped_person_id
		FROM household_member m LEFT JOIN household_member h ON h.id = m.helps_member_id
		WHERE m.person_id = ? AND m.from_at <= ? AND (m.to_at IS NULL OR m.to_at > ?) AND m.state <> 'contested'
		AND (m.helps_member_id IS NULL OR (h.state <> 'contested' AND (h.to_at IS NULL OR h.to_at > ?))) ORDER BY m.id`,
		person, at, at, at)
	return rows, err
}
