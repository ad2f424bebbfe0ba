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

// named is a project or a request with what its name needs and who may read it.
type named struct {
	id     id.ID
	title  string
	area   id.ID
	path   string
	object func(handlers []id.ID) authz.Object
}

// Named are the names of those projects, or requests for maintenance money, that p may see; the others are left out.
// The database is asked as often for a hundred of one place as for one.
func (s *Service) Named(ctx context.Context, p authz.Principal, requests bool, which []id.ID) (map[id.ID]Name, error) {
	out := make(map[id.ID]Name, len(which))
	if len(which) == 0 {
		return out, nil
	}
	read, perm := s.namedProjects, authz.RenovationRead
	if requests {
		read, perm = s.namedRequests, authz.FundRead
	}
	list, err := read(ctx, which)
	if err != nil {
		return nil, err
	}
	handlers := askedOnce(func(path string) ([]id.ID, error) { return s.handlers(ctx, s.DB, path) })
	place := askedOnce(func(area id.ID) (Place, error) { return s.Places.Place(ctx, s.DB, area) })
	for _, n := range list {
		serving, err := handlers(n.path)
		if err != nil {
			return nil, err
		}
		if err := authz.Require(p, perm, n.object(serving)); fault.Is(err, "not_found") || fault.Is(err, "auth.forbidden") {
			continue
		} else if err != nil {
			return nil, err
		}
		at, err := place(n.area)
		if err != nil {
			return nil, err
		}
		out[n.id] = Name{n.title, at.Name}
	}
	return out, nil
}

func (s *Service) namedProjects(ctx context.Context, which []id.ID) ([]named, error) {
	list, err := projectsByID(ctx, s.DB, which)
	if err != nil {
		return nil, err
	}
	utilities, err := utilitiesOfEach(ctx, s.DB, which)
	out := make([]named, len(list))
	for i, pr := range list {
		out[i] = named{pr.ID, pr.Name, pr.AreaID, pr.ScopePath, func(handlers []id.ID) authz.Object {
			return readable(pr.object(append(handlers[:len(handlers):len(handlers)], utilities[pr.ID]...)))
		}}
	}
	return out, err
}

func (s *Service) namedRequests(ctx context.Context, which []id.ID) ([]named, error) {
	list, err := requestsByID(ctx, s.DB, which)
	out := make([]named, len(list))
	for i, r := range list {
		out[i] = named{r.ID, r.Title, r.ServiceAreaID, r.ScopePath, r.object}
	}
	return out, err
}

// askedOnce asks for each key once and remembers the answer.
func askedOnce[K comparable, V any](ask func(K) (V, error)) func(K) (V, error) {
	known := map[K]V{}
	return func(k K) (V, error) {
		if v, ok := known[k]; ok {
			return v, nil
		}
		v, err := ask(k)
		if err == nil {
			known[k] = v
		}
		return v, err
	}
}
