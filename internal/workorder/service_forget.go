package workorder

import (
	"context"
	"errors"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/personal"
)

// Forget clears what people wrote about orders and photographed, and who they were, once the inventory of personal data says that the time of
// keeping it is over. That something was reported where, when and how it went stays; no event and no seal changes.
func (s *Service) Forget(ctx context.Context, l job.Lease) (bool, error) {
	orders, err := outlived(ctx, s.DB, personal.Cutoff(personal.OrderText, s.Clock.Now()), batch)
	if err != nil {
		return false, err
	}
	for _, o := range orders {
		if err := s.forget(ctx, l, o); err != nil {
			return false, err
		}
	}
	settled, err := s.forgetPressure(ctx, l)
	return len(orders) == batch || settled == batch, err
}

func (s *Service) forget(ctx context.Context, l job.Lease, o outlivedOrder) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		err := forgetOrder(ctx, tx, o.ID, personal.Redact(o.Title), s.now())
		if errors.Is(err, dbx.ErrNoMatch) {
			return nil // it was taken up again meanwhile
		}
		if err != nil {
			return err
		}
		return s.recordForgotten(ctx, tx, l, "work_order", o.ID, o.ScopePath)
	})
}

// forgetPressure clears what reporters said of being pressed, a year after it was settled; what is open is kept.
func (s *Service) forgetPressure(ctx context.Context, l job.Lease) (int, error) {
	reports, err := outlivedPressure(ctx, s.DB, personal.Cutoff(personal.PressureText, s.Clock.Now()), batch)
	if err != nil {
		return 0, err
	}
	for _, r := range reports {
		err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			if err := l.Check(ctx, tx); err != nil {
				return err
			}
			if err := clearPressure(ctx, tx, r.ID); err != nil {
				return err
			}
			return s.recordForgotten(ctx, tx, l, "pressure_report", r.ID, r.ScopePath)
		})
		if err != nil {
			return 0, err
		}
	}
	return len(reports), nil
}

func (s *Service) recordForgotten(ctx context.Context, tx *dbx.Tx, l job.Lease, kind string, object id.ID, path string) error {
	return audit.Record(ctx, tx, s.now(), audit.Entry{Actor: authz.Actor{Role: authz.RoleSystem, Request: l.Name}, Action: "workorder.forget", ObjectKind: kind, ObjectID: object, ScopePath: path})
}
