package survey

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// publishedRow is a service area's part of the newest published score of a round.
type publishedRow struct {
	RoundID   id.ID         `db:"round_id"`
	ClosedAt  clock.Instant `db:"closed_at"`
	Revision  int64         `db:"revision"`
	AreaID    id.ID         `db:"area_id"`
	CompanyID *id.ID        `db:"company_org_id"`
	Content   string        `db:"content"`
	Hash      ballot.Hash   `db:"hash"`
	Name      string        `db:"name"`
}

const publishedFrom = `SELECT s.round_id, r.closed_at, s.revision, s.area_id, s.company_org_id, s.content, s.hash, p.name
	FROM survey_score s JOIN survey_round r ON r.id = s.round_id AND r.revision = s.revision + 1
	JOIN survey_project p ON p.round_id = s.round_id AND p.service_area_id = s.area_id
	WHERE r.state IN ('published', 'revised') AND r.closed_at >= ? AND r.closed_at < ? AND `

const publishedOrder = ` ORDER BY r.closed_at, s.round_id, s.area_id`

// publishedWithin lists the published scores of the service areas at or below a path, of rounds that closed in a period.
func publishedWithin(ctx context.Context, q dbx.Querier, path string, from, until clock.Instant) ([]publishedRow, error) {
	low, high := authz.PathRange(path)
	var out []publishedRow
	err := q.Select(ctx, &out, publishedFrom+`s.scope_path >= ? AND s.scope_path < ? AND s.area_id <> ?`+publishedOrder, from, until, low, high, id.Nil)
	return out, err
}

// publishedOf lists those in which a company was rated.
func publishedOf(ctx context.Context, q dbx.Querier, company id.ID, from, until clock.Instant) ([]publishedRow, error) {
	var out []publishedRow
	err := q.Select(ctx, &out, publishedFrom+`s.company_org_id = ? AND s.area_id <> ?`+publishedOrder, from, until, company, id.Nil)
	return out, err
}

// publishedAt lists those of one service area.
func publishedAt(ctx context.Context, q dbx.Querier, serviceArea id.ID, from, until clock.Instant) ([]publishedRow, error) {
	var out []publishedRow
	err := q.Select(ctx, &out, publishedFrom+`s.area_id = ?`+publishedOrder, from, until, serviceArea)
	return out, err
}

// eachResponseOf gives the counted responses of some strata of a round, a page at a time, so that no connection is held.
func eachResponseOf(ctx context.Context, q dbx.Querier, round id.ID, strata map[id.ID]int, do func(Response, int) error) error {
	var after ballot.Hash
	for {
		page, err := pageOfResponses(ctx, q, round, after)
		if err != nil {
			return err
		}
		for _, row := range page {
			if at, ok := strata[row.StratumID]; ok {
				if err := do(row, at); err != nil {
					return err
				}
			}
			after = row.TokenHash
		}
		if len(page) < bundlePage {
			return nil
		}
	}
}
