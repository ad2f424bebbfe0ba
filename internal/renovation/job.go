package renovation

import (
	"context"
	"errors"
	"time"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/outbox"
)

func notFound() error { return fault.New(fault.NotFound, "not_found") }

// batch is how many milestones one round of the job looks at.
const batch = 100

// Warnings is the leased job that tells of milestones: once when one is near and once when its day has passed without it, whatever crashes
// in between. A delay with its reason begins anew.
func (s *Service) Warnings(ctx context.Context, l job.Lease) (busy bool, err error) {
	due, err := dueMilestones(ctx, s.DB, s.today(), batch)
	if err != nil {
		return false, err
	}
	for _, which := range due {
		err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			if err := l.Check(ctx, tx); err != nil {
				return err
			}
			return s.warnOf(ctx, tx, which)
		})
		if err != nil && !errors.Is(err, dbx.ErrNoMatch) {
			return false, err
		}
	}
	return len(due) == batch, nil
}

// WarningJob is Warnings as the runner takes it.
func (s *Service) WarningJob() job.Job {
	return job.Job{Name: "renovation-warnings", Every: time.Minute, Do: s.Warnings}
}

// warnOf tells of one milestone and waits for the next word about it.
func (s *Service) warnOf(ctx context.Context, tx *dbx.Tx, milestone id.ID) error {
	m, err := milestoneByID(ctx, tx, milestone)
	if err != nil || m.WarnOn == nil || *m.WarnOn > s.today() {
		return err
	}
	p, err := projectByID(ctx, tx, m.ProjectID)
	if err != nil {
		return err
	}
	was := m.Warned
	if m.Warned = warnedNear; s.today() > m.ForecastOn {
		m.Warned = warnedLate
	}
	m.wait(s.Rules.Renovation.WarningDays)
	if err := warn(ctx, tx, m, was); err != nil {
		return err
	}
	if p.State != Tendered && p.State != Works && p.State != Acceptance {
		return nil // nobody waits for it any more
	}
	place, err := s.Places.Place(ctx, tx, p.AreaID)
	if err != nil {
		return err
	}
	return outbox.Add(ctx, tx, s.now(), "renovation.milestone", p.ID, map[string]any{"project": p.ID, "serviceArea": place.ServiceAreas[0], "milestone": m.ID, "stage": m.Warned, "dueOn": m.ForecastOn})
}
