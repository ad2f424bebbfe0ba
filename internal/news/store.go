package news

import (
	"context"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// The tables read here: service_area, building, public_area, work_order, arrangement, organisation, rate_snapshot, rate_snapshot_cell,
// survey_round, survey_project, vote, renovation, renovation_event.

// placeOf finds a service area; NotFound when there is none.
func placeOf(ctx context.Context, q dbx.Querier, serviceArea id.ID) (p place, err error) {
	err = q.Get(ctx, &p, `SELECT id, community_id, path FROM service_area WHERE id = ?`, serviceArea)
	if dbx.IsNoRow(err) {
		return p, fault.New(fault.NotFound, "not_found")
	}
	return p, err
}

// read takes the part of a kind's rows that belongs to the page. at and key are the columns it is ordered by; query ends in a
// condition, args are its arguments.
func read(ctx context.Context, q dbx.Querier, s span, k Kind, at, key, query string, args ...any) ([]Happening, error) {
	query, args, err := dbx.In(query, args...)
	if err != nil {
		return nil, err
	}
	before, last := s.before(k)
	var out []Happening
	err = q.Select(ctx, &out, query+` AND (`+at+` < ? OR (`+at+` = ? AND `+key+` < ?)) ORDER BY `+at+` DESC, `+key+` DESC LIMIT ?`, append(args, before, before, last, s.limit)...)
	return out, err
}

// repair is a repair in the common parts, without a word of who reported it or of what they wrote.
const repair = `o.id AS item_key, o.category, COALESCE(b.name, '') AS building, COALESCE(a.name, '') AS spot, o.state
	FROM work_order o LEFT JOIN public_area a ON a.id = o.public_area_id LEFT JOIN building b ON b.id = a.building_id
	WHERE o.community_id = ? AND o.service_area_id = ? AND o.unit_id IS NULL AND o.category IN (?)`

func repairsOpen(ctx context.Context, q dbx.Querier, s span, things []string) ([]Happening, error) {
	return read(ctx, q, s, RepairOpen, "o.reported_at", "o.id", `SELECT o.reported_at AS at, o.sla_source AS source, CASE WHEN o.paused_at IS NULL THEN 0 ELSE 1 END AS paused,
		CASE WHEN o.paused_at IS NULL AND o.state IN ('reported', 'accepted', 'dispatched', 'in_progress') THEN o.fix_due_at END AS due_at, `+repair+`
		AND o.waiting IN ('handler', 'assignee', 'resident', 'area')`, s.Community, s.ID, things)
}

func repairsDone(ctx context.Context, q dbx.Querier, s span, things []string) ([]Happening, error) {
	return read(ctx, q, s, RepairDone, "o.closed_at", "o.id", `SELECT o.closed_at AS at, `+repair+` AND o.state = 'closed' AND o.closed_at >= ?`, s.Community, s.ID, things, s.from)
}

func arrangements(ctx context.Context, q dbx.Querier, s span) ([]Happening, error) {
	return read(ctx, q, s, Arrangement, "r.from_at", "r.id", `SELECT r.from_at AS at, r.id, r.id AS item_key, r.kind AS state, r.until_on, COALESCE(o.name, '') AS title
		FROM arrangement r LEFT JOIN organisation o ON o.id = r.handler_org_id WHERE r.service_area_id = ? AND r.from_at >= ?`, s.ID, s.from)
}

func rates(ctx context.Context, q dbx.Querier, s span) ([]Happening, error) {
	return read(ctx, q, s, Rates, "s.published_at", "s.id", `SELECT s.published_at AS at, s.id, s.id AS item_key, s.month, s.revision
		FROM rate_snapshot_cell c JOIN rate_snapshot s ON s.id = c.snapshot_id
		WHERE c.scope_path = ? AND c.dimension = 'service_area' AND s.published_at >= ?`, s.Path, s.from)
}

const (
	survey = `r.id, r.id AS item_key, r.title, r.opens_at, r.closes_at AS due_at FROM survey_project p JOIN survey_round r ON r.id = p.round_id WHERE p.service_area_id = ?`
	vote   = `v.id, v.id AS item_key, v.title, v.state, v.opens_at, v.closes_at AS due_at FROM vote v WHERE v.scope_path IN (?)`
)

func surveysAnnounced(ctx context.Context, q dbx.Querier, s span) ([]Happening, error) {
	return read(ctx, q, s, SurveyAnnounced, "r.frozen_at", "r.id", `SELECT r.frozen_at AS at, `+survey+` AND r.state NOT IN ('draft', 'cancelled') AND r.frozen_at >= ?`, s.ID, s.from)
}

func surveysPublished(ctx context.Context, q dbx.Querier, s span) ([]Happening, error) {
	return read(ctx, q, s, SurveyPublished, "r.published_at", "r.id", `SELECT r.published_at AS at, `+survey+` AND r.state IN ('published', 'revised') AND r.published_at >= ?`, s.ID, s.from)
}

func votesAnnounced(ctx context.Context, q dbx.Querier, s span) ([]Happening, error) {
	return read(ctx, q, s, VoteAnnounced, "v.announced_at", "v.id", `SELECT v.announced_at AS at, `+vote+` AND v.state NOT IN ('proposed', 'cancelled') AND v.announced_at >= ?`, s.above(), s.from)
}

func votesPublished(ctx context.Context, q dbx.Querier, s span) ([]Happening, error) {
	return read(ctx, q, s, VotePublished, "v.published_at", "v.id", `SELECT v.published_at AS at, `+vote+` AND v.state IN ('published', 'effective', 'ordered', 'revoked') AND v.published_at >= ?`, s.above(), s.from)
}

func stages(ctx context.Context, q dbx.Querier, s span) ([]Happening, error) {
	return read(ctx, q, s, RenovationStage, "e.at", "e.id", `SELECT e.at, p.id, e.id AS item_key, p.name AS title, e.to_state AS state
		FROM renovation p JOIN renovation_event e ON e.subject_id = p.id WHERE p.scope_path IN (?) AND e.to_state <> e.from_state AND e.at >= ?`, s.above(), s.from)
}
