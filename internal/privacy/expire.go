package privacy

import (
	"context"
	"errors"
	"time"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/personal"
)

// batch bounds a round, so that its lease is renewed in time.
const batch = 50

// Jobs are the background work on personal data, each done by one replica at a time.
func (s *Service) Jobs() []job.Job {
	return []job.Job{{Name: "privacy.expire", Every: 6 * time.Hour, Do: s.Expire}}
}

// Expire clears who somebody was once the time of keeping it is over: when they left every household and post long ago and
// have not logged in since. It is the erasure that they could have asked for, but for data with a time of their own.
func (s *Service) Expire(ctx context.Context, l job.Lease) (bool, error) {
	before := personal.Cutoff(personal.PersonName, s.Clock.Now())
	gone, err := departed(ctx, s.DB, before, batch)
	if err != nil {
		return false, err
	}
	for _, person := range gone {
		err := s.expire(ctx, l, person, before)
		if err != nil && !errors.Is(err, fault.Conflict) { // a post that was given meanwhile
			return false, err
		}
	}
	return len(gone) == batch, nil
}

func (s *Service) expire(ctx context.Context, l job.Lease, person id.ID, before clock.Instant) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		if still, err := stillDeparted(ctx, tx, person, before); err != nil || !still {
			return err
		}
		for _, part := range s.Parts {
			if part.Erase == nil || part.Apart {
				continue
			}
			if err := part.Erase(ctx, tx, person); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, clock.Now(s.Clock), audit.Entry{Actor: authz.Actor{Role: authz.RoleSystem, Request: l.Name}, Action: "privacy.expire", ObjectKind: "person", ObjectID: person})
	})
}
