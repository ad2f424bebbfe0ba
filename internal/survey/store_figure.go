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

// settlingRow is a service area's part of the score of a round as it stood at a moment, with how much held it up then.
type settlingRow struct {
	publishedRow
	Open     int64 `db:"open"`
	Rejected int64 `db:"rejected"`
}

// settlingOf lists the scores in which a company was rated, of rounds that closed in a period and were published by a moment, in the
// revision of that moment. Open counts the audits under way then (a sign-off is none), objections not decided, and such as were upheld and not yet audited.
func settlingOf(ctx context.Context, q dbx.Querier, company id.ID, from, at clock.Instant) ([]settlingRow, error) {
	var out []settlingRow
	err := q.Select(ctx, &out, `SELECT s.round_id, r.closed_at, s.revision, s.area_id, s.company_org_id, s.content, s.hash, p.name,
		(SELECT COUNT(*) FROM survey_audit a WHERE a.round_id = s.round_id AND a.state <> 'signed_off' AND a.opened_at <= ? AND (a.decided_at IS NULL OR a.decided_at > ?))
		+ (SELECT COUNT(*) FROM survey_objection o WHERE o.round_id = s.round_id AND o.service_area_id = s.area_id AND o.revision = s.revision AND o.filed_at <= ? AND (o.decided_at IS NULL OR o.decided_at > ?))
		+ (SELECT COUNT(*) FROM survey_objection o WHERE o.round_id = s.round_id AND o.service_area_id = s.area_id AND o.revision = s.revision AND o.state = 'upheld' AND o.decided_at <= ?
			AND NOT EXISTS (SELECT 1 FROM survey_audit a WHERE a.round_id = o.round_id AND a.state = 'decided' AND a.decided_at >= o.decided_at AND a.decided_at <= ?)) AS open,
		(SELECT COUNT(*) FROM survey_audit a WHERE a.round_id = s.round_id AND a.revision = s.revision AND a.outcome = 'reject' AND a.decided_at <= ?) AS rejected
		FROM survey_score s JOIN survey_round r ON r.id = s.round_id
		JOIN survey_project p ON p.round_id = s.round_id AND p.service_area_id = s.area_id
		WHERE s.company_org_id = ? AND s.area_id <> ? AND r.closed_at >= ? AND r.published_at <= ? AND s.made_at <= ?
		AND NOT EXISTS (SELECT 1 FROM survey_score n WHERE n.round_id = s.round_id AND n.area_id = s.area_id AND n.made_at <= ? AND n.revision > s.revision)`+publishedOrder,
		at, at, at, at, at, at, at, company, id.Nil, from, at, at, at)
	return out, err
}
