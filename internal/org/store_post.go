package org

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

type grantRow struct {
	ID   id.ID      `db:"id"`
	Role authz.Role `db:"role"`
	Org  id.ID      `db:"org_id"`
	Path string     `db:"scope_path"`
}

// grantRows reads the posts in force at a moment: a post ends by being ended, or by itself when its term
// is over, and nothing is held in a closed organisation.
func grantRows(ctx context.Context, q dbx.Querier, person id.ID, at clock.Instant) ([]grantRow, error) {
	var rows []grantRow
	err := q.Select(ctx, &rows, `SELECT p.id, p.role, p.org_id, o.scope_path FROM post p JOIN organisation o ON o.id = p.org_id
		WHERE p.person_id = ? AND p.from_at <= ? AND (p.to_at IS NULL OR p.to_at > ?) AND (p.until_at IS NULL OR p.until_at > ?)
		AND (o.closed_at IS NULL OR o.closed_at > ?) ORDER BY p.id`, person, at, at, at, at)
	return rows, err
}
