package news

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
)

// Deps is what the service stands on.
type Deps struct {
	DB    *dbx.DB
	Clock clock.Clock
	Rules *rules.Set
}

// Service tells the news.
type Service struct{ Deps }

// New makes the service.
func New(d Deps) *Service { return &Service{d} }

// source reads the news of one kind, the newest first, at most the span's limit.
type source func(ctx context.Context, q dbx.Querier, s span) ([]Happening, error)

func (s *Service) sources() map[Kind]source {
	things := shared(s.Rules.Categories)
	return map[Kind]source{
		RepairOpen: func(ctx context.Context, q dbx.Querier, s span) ([]Happening, error) {
			return repairsOpen(ctx, q, s, things)
		},
		RepairDone: func(ctx context.Context, q dbx.Querier, s span) ([]Happening, error) {
			return repairsDone(ctx, q, s, things)
		},
		Arrangement:     arrangements,
		Rates:           rates,
		SurveyAnnounced: surveysAnnounced,
		SurveyPublished: surveysPublished,
		VoteAnnounced:   votesAnnounced,
		VotePublished:   votesPublished,
		RenovationStage: stages,
	}
}

// List tells the news of a service area, the newest first, to whoever lives there or is competent for it; NotFound to others.
func (s *Service) List(ctx context.Context, p authz.Principal, serviceArea id.ID, req page.Request) (page.Page[Happening], error) {
	none := page.Page[Happening]{}
	at, err := placeOf(ctx, s.DB, serviceArea)
	if err != nil {
		return none, err
	}
	if err := authz.Require(p, authz.NewsRead, at.object()); err != nil {
		return none, err
	}
	after, err := begin(req)
	if err != nil {
		return none, err
	}
	now := clock.Now(s.Clock)
	all := []Happening{}
	for kind, read := range s.sources() {
		rows, err := read(ctx, s.DB, span{place: at, from: now.Add(-lookBack), now: now, after: after, limit: req.Size() + 1})
		if err != nil {
			return none, err
		}
		for i := range rows {
			rows[i].Kind = kind
			if c, err := s.Rules.Categories.Find(rows[i].Category); err == nil { // what is no repair has none
				rows[i].NameZH, rows[i].NameEN = c.Zh, c.En
			}
		}
		all = append(all, rows...)
	}
	slices.SortFunc(all, newer)
	return page.Cut(all, req.Size(), cursor), nil
}
