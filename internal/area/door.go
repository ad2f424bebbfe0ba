package area

import (
	"context"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/text"
)

// JoinPlace is a service area as somebody finds it who wants to join a household there.
type JoinPlace struct {
	ID     id.ID    `db:"id" json:"id" doc:"The service area"`
	Estate string   `db:"estate_name" json:"estate" doc:"Name of its estate"`
	Name   string   `db:"name" json:"name" doc:"Name"`
	Where  []string `db:"-" json:"where" doc:"Names of its street and community"`
	Path   string   `db:"path" json:"-"`
}

// JoinBuilding is a building there.
type JoinBuilding struct {
	ID   id.ID  `db:"id" json:"id" doc:"The building"`
	Name string `db:"name" json:"name" doc:"Name as people say it: 1号楼"`
}

// Door is a unit by what stands on it, and nothing else: not who lives there, nor whether anybody does.
type Door struct {
	ID       id.ID  `db:"id" json:"unitId" doc:"The unit, to apply for"`
	Entrance string `db:"entrance" json:"entrance,omitempty" doc:"Entrance (单元); absent where the building has none"`
	Number   string `db:"number" json:"number" doc:"Room number"`
}

// The most that is listed. A search that finds more places wants more letters of the name.
const (
	maxJoinPlaces    = 20
	maxJoinBuildings = 1000
	maxDoors         = 3000
	leastJoinWords   = 2
)

// applicant is whoever is logged in: with or without a household, they may find a door and apply for it.
func applicant(p authz.Principal) error {
	return authz.Require(p, authz.MembershipApply, authz.Object{Persons: []id.ID{p.Person}})
}

// FindJoinPlaces finds service areas by a part of the estate's name or its pinyin initials, at least two
// characters, so that nobody lists the estates of a city with one letter. It is for whoever wants to apply
// to join a household and has none yet. Fault: input.invalid (text.length).
func (s *Service) FindJoinPlaces(ctx context.Context, p authz.Principal, words string) ([]JoinPlace, error) {
	if err := applicant(p); err != nil {
		return nil, err
	}
	words, err := text.Line("query.q", words, leastJoinWords, maxAreaName)
	if err != nil {
		return nil, err
	}
	found, err := joinPlaces(ctx, s.DB, nameKey(words))
	if err != nil {
		return nil, err
	}
	for i := range found {
		above, err := s.Ancestors(ctx, s.DB, found[i].Path[:strings.LastIndexByte(strings.TrimSuffix(found[i].Path, "/"), '/')+1])
		if err != nil {
			return nil, err
		}
		found[i].Where = []string{}
		for _, a := range above {
			if a.Kind == Street || a.Kind == Community {
				found[i].Where = append(found[i].Where, a.Name)
			}
		}
	}
	return found, nil
}

// JoinBuildings lists the buildings of a service area for an applicant, by name alone.
func (s *Service) JoinBuildings(ctx context.Context, p authz.Principal, area id.ID) ([]JoinBuilding, error) {
	if err := applicant(p); err != nil {
		return nil, err
	}
	if _, err := serviceArea(ctx, s.DB, area); err != nil {
		return nil, err
	}
	return joinBuildings(ctx, s.DB, area)
}

// Doors lists the doors of a building for an applicant: dwellings, shops and offices in use, whether
// anybody lives there or not.
func (s *Service) Doors(ctx context.Context, p authz.Principal, which id.ID) ([]Door, error) {
	if err := applicant(p); err != nil {
		return nil, err
	}
	if _, err := building(ctx, s.DB, which); err != nil {
		return nil, err
	}
	return doors(ctx, s.DB, which)
}
