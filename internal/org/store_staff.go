package org

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// Staff lists the persons who hold a post in an organisation at a moment. No permission is asked.
func (s *Service) Staff(ctx context.Context, q dbx.Querier, org id.ID, at clock.Instant) ([]id.ID, error) {
	var out []id.ID
	err := q.Select(ctx, &out, `SELECT DISTINCT person_id FROM post WHERE org_id = ? AND from_at <= ? AND (to_at IS NULL OR to_at > ?) AND (until_at IS NULL OR until_at > ?)`,
		org, at, at, at)
	return out, err
}
