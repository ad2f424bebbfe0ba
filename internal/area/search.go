package area

import (
	"context"
	"strconv"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/text"
)

// PlaceHit is a place that a search found.
type PlaceHit struct {
	ID    id.ID    `db:"place_id" json:"id" doc:"Identifier of the place"`
	Kind  Kind     `db:"kind" json:"kind" enum:"province,city,district,street,community,estate,service_area,building,public_area" doc:"What it is"`
	Name  string   `db:"name" json:"name" doc:"Name"`
	Where []string `db:"-" json:"where" doc:"Names of the areas it lies in, from the street down"`
	Path  string   `db:"path" json:"-"`
	Rank  int      `db:"hit_rank" json:"-"`
	Key   string   `db:"name_key" json:"-"`
}

// Search finds places whose name holds words, or whose pinyin initials do: exact names first, then those
// that begin with it, then the others. Divisions are found by everybody, other places within what p may
// see.
func (s *Service) Search(ctx context.Context, p authz.Principal, words string, req page.Request) (page.Page[PlaceHit], error) {
	scope, err := s.scope(ctx, p, authz.PlaceRead, "n.path", true)
	if err != nil {
		return page.Page[PlaceHit]{}, err
	}
	words, err = text.Line("query.q", words, 1, maxAreaName)
	if err != nil {
		return page.Page[PlaceHit]{}, err
	}
	key := nameKey(words)
	if key == "" {
		return page.Page[PlaceHit]{}, fault.InvalidField("query.q", "text.length", "least", 1, "most", maxAreaName)
	}
	found, err := listing(req, 3, func(after []string, limit int) ([]PlaceHit, error) {
		return searchNames(ctx, s.DB, key, scope, after, limit)
	}, func(h PlaceHit) []string { return []string{strconv.Itoa(h.Rank), h.Key, h.ID.String()} })
	if err != nil {
		return found, err
	}
	return found, s.locate(ctx, found.Items)
}

// locate names the areas around each hit.
func (s *Service) locate(ctx context.Context, hits []PlaceHit) error {
	known := map[string][]string{}
	for i := range hits {
		above := hits[i].Path
		if hits[i].Kind != kindBuilding && hits[i].Kind != kindPublicArea {
			above = above[:strings.LastIndexByte(strings.TrimSuffix(above, "/"), '/')+1]
		}
		if _, ok := known[above]; !ok {
			areas, err := s.Ancestors(ctx, s.DB, above)
			if err != nil {
				return err
			}
			known[above] = namesFromStreet(areas)
		}
		hits[i].Where = known[above]
	}
	return nil
}

func namesFromStreet(areas []Area) []string {
	out := []string{}
	for _, a := range areas {
		if a.Kind == Street || a.Kind == Community || a.Kind == Estate {
			out = append(out, a.Name)
		}
	}
	return out
}
