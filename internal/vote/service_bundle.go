package vote

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/id"
)

// Leaves lists what a vote has in the log of decisions. Single ballots are in it once the vote has closed: until then who has voted is the
// organiser's to know.
func (s *Service) Leaves(ctx context.Context, p authz.Principal, which id.ID) ([]Leaf, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return nil, err
	}
	list, err := leavesOf(ctx, s.DB, v.ID)
	if err != nil || v.ClosedAt != nil {
		return list, err
	}
	out := []Leaf{}
	for _, l := range list {
		if l.Kind != "ballot" {
			out = append(out, l)
		}
	}
	return out, nil
}
