package survey

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/rules"
)

// personsAtOnce is how many persons one event reminds.
const personsAtOnce = 100

// RemindDue reminds those who answer for dwellings that had not drawn a ballot by the end of yesterday, on the rule's days before closing.
// The platform reminds, never who is rated, and nobody is shown who was reminded. It goes by whole days, as the roll does: who drew today is
// reminded too.
func (s *Service) RemindDue(ctx context.Context, l job.Lease) (bool, error) {
	return false, s.each(ctx, Open, "opened_at", s.now(), func(r Round) error {
		law, err := rulesOf(ctx, s.DB, r)
		if err != nil {
			return err
		}
		day, due := reminderDue(r, law, s.now())
		if !due {
			return nil
		}
		projects, err := projectsOf(ctx, s.DB, r.ID)
		for _, pr := range projects {
			err = errors.Join(err, s.remind(ctx, l, r, pr, day))
		}
		return err
	})
}

// reminderDue is the last day of reminding whose hour has come, unless the round had been open for less than a day then.
func reminderDue(r Round, law *rules.SurveyRules, now clock.Instant) (clock.Date, bool) {
	closes := clock.DateOf(r.ClosesAt.Time())
	days := slices.Sorted(slices.Values(law.Reminders.DaysBefore))
	for _, n := range days { // from the last one
		day := closes.AddDays(-n)
		at := clock.At(day.Start().Add(time.Duration(law.Reminders.Hour) * time.Hour))
		if now >= at {
			return day, at >= r.OpenedAt.Add(24*time.Hour) && now < r.ClosesAt
		}
	}
	return "", false
}

// remind writes the reminders of a service area, once for each day of reminding.
func (s *Service) remind(ctx context.Context, l job.Lease, r Round, pr Project, day clock.Date) error {
	done, err := reminded(ctx, s.DB, r.ID, pr.ServiceAreaID, day)
	if err != nil || done {
		return err
	}
	persons, err := s.silent(ctx, r, pr)
	if err != nil {
		return err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		at := s.now()
		if err := errors.Join(l.Check(ctx, tx), insertReminder(ctx, tx, r.ID, pr.ServiceAreaID, day, at)); err != nil {
			return err
		}
		for some := range slices.Chunk(persons, personsAtOnce) {
			if err := outbox.Add(ctx, tx, at, "survey.reminder", r.ID, map[string]any{"round": r.ID, "serviceArea": pr.ServiceAreaID, "persons": some}); err != nil {
				return err
			}
		}
		return nil
	})
	if dbx.IsDuplicate(err) {
		return nil
	}
	return err
}

// silent lists who answers for the dwellings of a service area that had drawn no ballot by the end of yesterday, by the persons' ids: those
// who live there now, without staff of the rated company.
func (s *Service) silent(ctx context.Context, r Round, pr Project) ([]id.ID, error) {
	homes, err := s.Places.Homes(ctx, s.DB, pr.ServiceAreaID)
	if err != nil {
		return nil, err
	}
	residents, err := s.Residents.Present(ctx, s.DB, pr.ScopePath, s.now())
	if err != nil {
		return nil, err
	}
	household := map[id.ID]id.ID{} // by unit
	for _, h := range homes {
		household[h.Unit] = h.Household
	}
	waiting, err := undrawn(ctx, s.DB, r.ID, pr.ServiceAreaID, clock.DateOf(s.now().Time()).AddDays(-1))
	if err != nil {
		return nil, err
	}
	elector := map[id.ID]Elector{} // by household
	for _, d := range waiting {
		if h := household[d.UnitID]; !h.IsZero() {
			elector[h] = d.Elector
		}
	}
	staff, err := s.staffOf(ctx, s.DB, pr)
	if err != nil {
		return nil, err
	}
	out := map[id.ID]bool{}
	for _, m := range residents {
		e, ok := elector[m.Household]
		if ok && !staff[m.Person] && (e == ByHousehold || (e == ByTenant) == m.Tenant) {
			out[m.Person] = true
		}
	}
	return sortedIDs(out), nil
}

func sortedIDs(set map[id.ID]bool) []id.ID {
	out := make([]id.ID, 0, len(set))
	for p := range set {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b id.ID) int { return slices.Compare(a[:], b[:]) })
	return out
}
