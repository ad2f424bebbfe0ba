package membership

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
)

// Grants lists the capacities that person holds by memberships at a moment. A contested membership gives
// none until the community has decided, whichever moment is asked for; a helper's gives none when the
// member helped has withdrawn the consent, at once and whether or not anybody ended the membership.
func (s *Service) Grants(ctx context.Context, q dbx.Querier, person id.ID, at clock.Instant) ([]authz.Grant, error) {
	rows, err := grantRows(ctx, q, person, at)
	if err != nil {
		return nil, err
	}
	out := make([]authz.Grant, 0, len(rows))
	for _, r := range rows {
		if r.HelpedPerson != nil {
			consented, err := s.consents.Has(ctx, q, *r.HelpedPerson, personal.PurposeHelper)
			if err != nil {
				return nil, err
			}
			if !consented {
				continue
			}
		}
		out = append(out, authz.Grant{ID: r.ID, Role: r.Relation.role(), Path: r.ScopePath, Household: r.Household, Unit: r.Unit, Since: r.From})
	}
	return out, nil
}

// Helped is the person for whom somebody acts by a helper's membership.
func (s *Service) Helped(ctx context.Context, q dbx.Querier, membership id.ID) (id.ID, error) {
	return helpedPerson(ctx, q, membership)
}
