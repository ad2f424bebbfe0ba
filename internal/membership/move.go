package membership

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// ReasonMerged ends a membership that goes on in another household: units were merged or split.
const ReasonMerged Reason = "merged"

// MoveHousehold makes the present members of from members of into, living in unit; with the same household
// only the dwelling changes. With a zero into the dwelling does not exist, and the memberships end. The
// keeper of the units calls it in the transaction that merges, splits or strikes out units.
func (s *Service) MoveHousehold(ctx context.Context, tx *dbx.Tx, from, into, unit id.ID, at clock.Instant) error {
	actor := authz.Actor{Role: authz.RoleSystem}
	if into.IsZero() {
		return s.EndHousehold(ctx, tx, actor, from)
	}
	if from == into {
		return moveUnit(ctx, tx, from, unit)
	}
	rows, err := presentOf(ctx, tx, from)
	if err != nil {
		return err
	}
	moved := map[id.ID]id.ID{}
	for _, helpers := range []bool{false, true} { // those who are helped first
		for _, m := range rows {
			if (m.Helps != nil) != helpers {
				continue
			}
			if err := s.moveMember(ctx, tx, m, into, unit, at, moved); err != nil {
				return err
			}
		}
	}
	return nil
}

// moveMember ends a membership and begins the same in another household; one that is contested stays so. A
// person who is a member there already stays what they are there, and whoever helps them follows.
func (s *Service) moveMember(ctx context.Context, tx *dbx.Tx, m Member, into, unit id.ID, at clock.Instant, moved map[id.ID]id.ID) error {
	if err := endMember(ctx, tx, m, at, ReasonMerged); err != nil {
		return changed(err)
	}
	next := m
	next.ID, next.Household, next.Unit, next.From = id.New(), into, unit, at
	if m.Helps != nil {
		helped, ok := moved[*m.Helps]
		if !ok {
			return nil
		}
		next.Helps = &helped
	}
	err := insertMember(ctx, tx, next)
	if dbx.IsDuplicate(err) {
		there, err := presentAs(ctx, tx, into, m.Person)
		moved[m.ID] = there.ID
		return err
	}
	if err == nil && m.State == Contested {
		err = keepContest(ctx, tx, next)
	}
	if err != nil {
		return err
	}
	moved[m.ID] = next.ID
	return s.record(ctx, tx, authz.Actor{Role: authz.RoleSystem}, "membership.moved", "household_member", next.ID, next.ScopePath, next.event())
}
