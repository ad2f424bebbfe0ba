package org

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// Grants lists the capacities that person holds by posts at a moment. It is read anew for each request,
// so a post that ended gives nothing from the next request on. Cross-appointments give no capacity.
func (s *Service) Grants(ctx context.Context, q dbx.Querier, person id.ID, at clock.Instant) ([]authz.Grant, error) {
	rows, err := grantRows(ctx, q, person, at)
	if err != nil {
		return nil, err
	}
	out := make([]authz.Grant, len(rows))
	for i, r := range rows {
		out[i] = authz.Grant{ID: r.ID, Role: r.Role, Org: r.Org, Path: r.Path}
	}
	return out, nil
}
