package renovation

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Name is how people call a project or a request for maintenance money.
type Name struct {
	Title string
	Place string
}

// Named are the names of those projects, or requests for maintenance money, that p may see; the others are left out.
func (s *Service) Named(ctx context.Context, p authz.Principal, requests bool, which []id.ID) (map[id.ID]Name, error) {
	out := make(map[id.ID]Name, len(which))
	for _, one := range which {
		title, area, err := s.title(ctx, p, requests, one)
		if fault.Is(err, "not_found") || fault.Is(err, "auth.forbidden") {
			continue
		}
		if err != nil {
			return nil, err
		}
		place, err := s.Places.Place(ctx, s.DB, area)
		if err != nil {
			return nil, err
		}
		out[one] = Name{title, place.Name}
	}
	return out, nil
}

// title is what p may read of one, and the area it is in.
func (s *Service) title(ctx context.Context, p authz.Principal, request bool, which id.ID) (string, id.ID, error) {
	if request {
		r, obj, err := s.fundReach(ctx, which)
		if err == nil {
			err = authz.Require(p, authz.FundRead, obj)
		}
		return r.Title, r.ServiceAreaID, err
	}
	pr, obj, err := s.reach(ctx, which)
	if err == nil {
		err = authz.Require(p, authz.RenovationRead, readable(obj))
	}
	return pr.Name, pr.AreaID, err
}
