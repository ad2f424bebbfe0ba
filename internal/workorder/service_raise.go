package workorder

import (
	"context"
	"fmt"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// Raised is an order that another feature makes of what it found, for the organisation that is to put it right.
type Raised struct {
	ServiceAreaID id.ID
	Category      string // never one of somebody's conduct
	Title         string // cleaned by the caller
	Text          string
	HandlerID     id.ID
}

// Raise makes an order in the caller's transaction. Who found it has settled whose it is: it is accepted, its handler is named and cannot
// decline it, and sends somebody next. As with an inspection, somebody independent verifies it. The caller has asked for permission and
// cleaned the texts.
func (s *Service) Raise(ctx context.Context, tx *dbx.Tx, actor authz.Actor, in Raised, now clock.Instant) (order id.ID, number string, err error) {
	cat, err := s.Rules.Categories.Find(in.Category)
	if err != nil {
		return id.Nil, "", err
	}
	if cat.Identity == rules.ConductCase {
		return id.Nil, "", fmt.Errorf("workorder: %s is no category of things", in.Category)
	}
	place, err := s.Places.ServiceArea(ctx, tx, in.ServiceAreaID)
	if err != nil {
		return id.Nil, "", err
	}
	o := &Order{ID: id.New()}
	o.ServiceAreaID, o.EstateID, o.StreetID, o.ScopePath, o.CommunityID = place.ServiceAreaID, place.EstateID, place.StreetID, place.Path, place.CommunityID.Ptr()
	o.PlaceText, o.PlaceCoarse = place.Name, place.Name
	o.Title, o.Description = in.Title, in.Text
	o.Category, o.IdentityRule, o.Severity, o.Source = cat.Code, cat.Identity, cat.Severity, FromInspection
	o.ReporterKind, o.Closing, o.State = ByStaff, ClosesOnVerification, Accepted
	o.Version, o.UpdatedAt, o.ReportedAt, o.AcceptedAt = 1, now, now, now.Ptr()
	o.handTo(in.HandlerID.Ptr(), ViaDesignation, now)
	if err := s.setClock(ctx, tx, &o.Facts, cat); err != nil {
		return id.Nil, "", err
	}
	d := &draft{order: o, category: cat, place: place, source: FromInspection}
	err = s.storeNew(ctx, tx, d, actor, now)
	return o.ID, o.Number, err
}

// Unfinished are those of some orders that are not over, with whether they are done and wait for somebody to look at it.
func (s *Service) Unfinished(ctx context.Context, q dbx.Querier, orders []id.ID) (map[id.ID]bool, error) {
	if len(orders) == 0 {
		return nil, nil
	}
	return unfinishedAmong(ctx, q, orders)
}
