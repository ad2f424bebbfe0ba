package survey

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
)

// Export is what surveys hold about a person, for the person (PIPL 45). Of ballots there is nothing: a drawing belongs to a
// dwelling, and nothing leads from it to an answer.
type Export struct {
	Objections []ExportedObjection `json:"objections"`
}

// ExportedObjection is an objection of households that the person began or joined.
type ExportedObjection struct {
	Round       string         `json:"round" db:"title"`
	ServiceArea string         `json:"serviceArea" db:"name"`
	State       ObjectionState `json:"state" db:"state"`
	Began       bool           `json:"began" db:"began"`
	Content     string         `json:"content,omitempty" db:"content"` // of one that the person began
	Dwelling    string         `json:"dwelling,omitempty" db:"label"`  // in whose name the person joined
	JoinedAt    *clock.Instant `json:"joinedAt,omitempty" db:"joined_at"`
}

// ExportPerson gathers what surveys hold about a person. The caller checks that the person asks.
func (s *Service) ExportPerson(ctx context.Context, q dbx.Querier, person id.ID) (Export, error) {
	list, err := objectionsWith(ctx, q, person)
	for i := range list {
		if !list[i].Began {
			list[i].Content = ""
		}
	}
	return Export{list}, err
}

// ErasePerson cuts the ties between a person and the objections of households. That a dwelling joined stays counted, for others
// rely on it; which person spoke for it is gone, and names and numbers are taken out of what the person wrote.
func (s *Service) ErasePerson(ctx context.Context, tx *dbx.Tx, person id.ID) error {
	written, err := objectionsBegunBy(ctx, tx, person)
	if err != nil {
		return err
	}
	for _, o := range written {
		if err := forgetBeginner(ctx, tx, o.ID, personal.Redact(o.Content)); err != nil {
			return err
		}
	}
	return forgetJoined(ctx, tx, person)
}
