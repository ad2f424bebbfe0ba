package area

import (
	"context"
	"time"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
)

// Ownership is one unit that a person is or was on the roll for as an owner.
type Ownership struct {
	Unit  id.ID       `db:"unit_id" json:"unit"`
	Owner id.ID       `db:"owner_id" json:"owner"`
	From  clock.Date  `db:"from_date" json:"from"`
	To    *clock.Date `db:"to_date" json:"to,omitempty"`
}

// ExportPerson gathers what the roll holds about a person. The caller checks that the person asks.
func (s *Service) ExportPerson(ctx context.Context, q dbx.Querier, person id.ID) ([]Ownership, error) {
	return ownershipsOf(ctx, q, person)
}

// ErasePerson takes a person's phones off the roll. The name stays: the roll of owners is a statutory duty.
func (s *Service) ErasePerson(ctx context.Context, tx *dbx.Tx, person id.ID) error {
	return s.ErasePhones(ctx, tx, person)
}

// Sweep takes off the roll who owned or used a unit, once the time of keeping it is over. That a unit passed on when stays.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.Clock.Now()
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := forgetFormerOwners(ctx, tx, keptSince(personal.OwnerName, now)); err != nil {
			return err
		}
		return forgetFormerOccupants(ctx, tx, keptSince(personal.OccupantName, now))
	})
}

// keptSince is the first day whose former owners or occupants are still kept.
func keptSince(f personal.Field, now time.Time) clock.Date {
	return clock.DateOf(personal.Cutoff(f, now).Time())
}
