package survey

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// Held is a round as another feature asks about it: what was asked, where, and whether everybody sees the result.
type Held struct {
	Template string
	Paths    []string // of its service areas
	State    State
	OpensAt  clock.Instant
}

// Held reads a round for other features, on any Querier. It asks no permission: its callers do. The fault not_found.
func (s *Service) Held(ctx context.Context, q dbx.Querier, round id.ID) (Held, error) {
	r, err := roundByID(ctx, q, round)
	if err != nil {
		return Held{}, err
	}
	form, err := formByID(ctx, q, r.FormID)
	if err != nil {
		return Held{}, err
	}
	projects, err := projectsOf(ctx, q, round)
	out := Held{Template: form.Template, State: r.State, OpensAt: r.OpensAt}
	for _, p := range projects {
		out.Paths = append(out.Paths, p.ScopePath)
	}
	return out, err
}
