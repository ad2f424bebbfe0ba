package workorder

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
)

// ExportedOrder is one order in the copy of their own data that a person asks for (PIPL 45).
type ExportedOrder struct {
	Number      string        `json:"number"`
	ReportedAt  clock.Instant `json:"reportedAt"`
	State       State         `json:"state"`
	Category    string        `json:"category"`
	Place       string        `json:"place"`
	Title       string        `json:"title"`
	Description string        `json:"description"`
	Contact     OrderContact  `json:"contact"`
	Ratings     []OrderRating `json:"ratings"`
}

// ExportPerson returns what the person reported and how they rated it.
func (s *Service) ExportPerson(ctx context.Context, q dbx.Querier, person id.ID) ([]ExportedOrder, error) {
	orders, err := reportedBy(ctx, q, person)
	if err != nil {
		return nil, err
	}
	out := make([]ExportedOrder, 0, len(orders))
	for _, o := range orders {
		e := ExportedOrder{Number: o.Number, ReportedAt: o.ReportedAt, State: o.State, Category: o.Category, Place: o.PlaceText, Title: o.Title, Description: o.Description}
		v, _, err := identityOf(ctx, q, "work_order_identity", o.ID)
		if err != nil {
			return nil, err
		}
		if e.Contact, err = s.open(o.ID, contactFields{personal.IdentityName, personal.IdentityPhone}, v); err != nil {
			return nil, err
		}
		if e.Ratings, err = ratingsBy(ctx, q, o.ID, person); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// ErasePerson cuts the ties between a person and their orders, and takes names and numbers out of what they
// wrote and the photos out that they added to their reports. The orders stay as facts of their place. No event and no seal changes: of the person they hold at most
// the identifier, whose name is erased with the person.
func (s *Service) ErasePerson(ctx context.Context, tx *dbx.Tx, person id.ID) error {
	orders, err := reportedBy(ctx, tx, person)
	if err != nil {
		return err
	}
	for _, o := range orders {
		if err := forgetReporter(ctx, tx, o.ID, personal.Redact(o.Title), personal.Redact(o.Description)); err != nil {
			return err
		}
	}
	if err := forgetWriter(ctx, tx, person); err != nil {
		return err
	}
	if err := forgetPhotos(ctx, tx, person); err != nil {
		return err
	}
	return forgetAnswers(ctx, tx, person)
}
