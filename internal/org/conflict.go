package org

import (
	"context"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// refuseConflict refuses a post that would make one natural person stand for the owners of a place and
// have an interest in a company there (R1.2, BJ 39(4), HZ 25(4)), whichever of the two came first. The
// caller holds the person's lock. The fault org.conflict_of_interest (Conflict) names rule and company or body.
func (s *Service) refuseConflict(ctx context.Context, tx *dbx.Tx, person id.ID, o Organisation) error {
	now := clock.Now(s.clock)
	switch {
	case o.ownersBody():
		return s.refuseTies(ctx, tx, person, o.ScopePath, now)
	case o.Kind == Company:
		seat, err := s.seatServed(ctx, tx, person, o.ID, now)
		if err == nil && seat != nil {
			return conflictFault(seat.Body, "seat")
		}
		return err
	}
	return nil
}

func conflictFault(org id.ID, through string) error {
	return fault.New(fault.Conflict, "org.conflict_of_interest", "rule", InterestRule, "organisation", org.String(), "through", through)
}

func (s *Service) refuseTies(ctx context.Context, q dbx.Querier, person id.ID, path string, now clock.Instant) error {
	ties, err := companyTies(ctx, q, person, now)
	if err != nil || len(ties) == 0 {
		return err
	}
	serving, err := s.serving.CompaniesAt(ctx, q, path)
	if err != nil {
		return err
	}
	for _, t := range ties {
		if slices.Contains(serving, t.Company) {
			return conflictFault(t.Company, t.Through)
		}
	}
	return nil
}

// seatServed finds a seat of the person in an owners' body of a place where the company works.
func (s *Service) seatServed(ctx context.Context, q dbx.Querier, person, company id.ID, now clock.Instant) (*seat, error) {
	held, err := seats(ctx, q, person, now)
	if err != nil || len(held) == 0 {
		return nil, err
	}
	paths, err := s.serving.PathsOf(ctx, q, company)
	if err != nil {
		return nil, err
	}
	for i := range held {
		if slices.ContainsFunc(paths, func(p string) bool { return overlap(p, held[i].Path) }) {
			return &held[i], nil
		}
	}
	return nil, nil
}

// overlap tells whether one of two places lies in the other.
func overlap(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) }

// PersonsHaveConflict lists who stands for the owners at, below or above path and has a post or a
// declared interest in company. Whoever brings a company into a place asks it first; no permission is asked.
func (s *Service) PersonsHaveConflict(ctx context.Context, q dbx.Querier, company id.ID, path string) ([]Conflict, error) {
	return conflicts(ctx, q, company, path, pathsTo(path), clock.Now(s.clock))
}

// pathsTo lists path and the paths of the places above it.
func pathsTo(path string) []any {
	out := []any{path}
	for i, c := range path {
		if c == '/' && i+1 < len(path) {
			out = append(out, path[:i+1])
		}
	}
	return out
}
