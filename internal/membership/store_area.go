package membership

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// PresentAt lists the uncontested owners and occupants of all households at a scope path at a moment, without helpers. No
// permission is asked: the roll of a survey is made of it.
func (s *Service) PresentAt(ctx context.Context, q dbx.Querier, path string, at clock.Instant) ([]Member, error) {
	var rows []Member
	low, high := authz.PathRange(path)
	err := q.Select(ctx, &rows, `SELECT `+memberColumns+` FROM household_member m WHERE m.scope_path >= ? AND m.scope_path < ? AND m.helps_member_id IS NULL
		AND m.state = 'active' AND m.from_at <= ? AND (m.to_at IS NULL OR m.to_at > ?) ORDER BY m.household_id, m.id`, low, high, at, at)
	return rows, err
}

// AnyOf tells whether somebody is an uncontested owner or occupant of a unit at a scope path at a moment, helpers not counted: who has a
// membership has an account.
func (s *Service) AnyOf(ctx context.Context, q dbx.Querier, path string, unit id.ID, at clock.Instant) (bool, error) {
	var n int64
	low, high := authz.PathRange(path)
	err := q.Get(ctx, &n, `SELECT COUNT(*) FROM household_member m WHERE m.scope_path >= ? AND m.scope_path < ? AND m.unit_id = ? AND m.helps_member_id IS NULL
		AND m.state = 'active' AND m.from_at <= ? AND (m.to_at IS NULL OR m.to_at > ?)`, low, high, unit, at, at)
	return n > 0, err
}
