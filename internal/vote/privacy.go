package vote

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// Part is a person's part in a vote: on whose line of the roll they stand, and whether they cast its ballot. What it says nobody has.
type Part struct {
	Vote    id.ID          `db:"vote_id" json:"vote"`
	Head    int            `db:"head_no" json:"head"`
	Channel *Channel       `db:"channel" json:"channel,omitempty"`
	CastAt  *clock.Instant `db:"cast_at" json:"castAt,omitempty"`
}

// ExportPerson gathers a person's parts in votes. The caller checks that the person asks.
func (s *Service) ExportPerson(ctx context.Context, q dbx.Querier, person id.ID) ([]Part, error) {
	return partsOf(ctx, q, person)
}

// ErasePerson erases nothing: who took part in an owners' decision is a record that the law asks for (CC 278 counts by name), under an identifier
// that leads nowhere once the account is erased.
func (s *Service) ErasePerson(context.Context, *dbx.Tx, id.ID) error { return nil }
