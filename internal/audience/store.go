package audience

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/notify"
)

// The tables read here: renovation, work_order, work_order_follower, work_order_statement, contract, arrangement, service_area, unit,
// area, unit_change, unit_owner, owner, organisation, post, household_member.

func orderScene(ctx context.Context, q dbx.Querier, order *id.ID) (s scene, err error) {
	err = q.Get(ctx, &s, `SELECT reporter_person_id, household_id, handler_org_id, assignee_person_id, party_org_id, community_id, street_id, scope_path AS path
		FROM work_order WHERE id = ?`, order)
	return s, err
}

func contractScene(ctx context.Context, q dbx.Querier, contract *id.ID) (s scene, err error) {
	err = q.Get(ctx, &s, `SELECT c.company_org_id, c.owners_org_id, a.community_id, a.street_id, a.path
		FROM contract c JOIN service_area a ON a.id = c.service_area_id WHERE c.id = ?`, contract)
	return s, err
}

func arrangementScene(ctx context.Context, q dbx.Querier, serviceArea *id.ID) (s scene, err error) {
	err = q.Get(ctx, &s, `SELECT r.handler_org_id AS company_org_id, r.owners_rep_org_id AS owners_org_id, a.community_id, a.street_id, a.path
		FROM service_area a LEFT JOIN arrangement r ON r.current_area = a.id WHERE a.id = ?`, serviceArea)
	return s, err
}

// surveyScene is a service area of a round with who is rated there.
func surveyScene(ctx context.Context, q dbx.Querier, round, serviceArea *id.ID) (s scene, err error) {
	err = q.Get(ctx, &s, `SELECT p.company_org_id, p.owners_org_id, a.community_id, a.street_id, a.path
		FROM survey_project p JOIN service_area a ON a.id = p.service_area_id WHERE p.round_id = ? AND p.service_area_id = ?`, round, serviceArea)
	return s, err
}

// renovationScene is a service area of a renovation: who builds, and who stands for the owners.
func renovationScene(ctx context.Context, q dbx.Querier, project, serviceArea *id.ID) (s scene, err error) {
	err = q.Get(ctx, &s, `SELECT p.contractor_org_id AS handler_org_id, r.handler_org_id AS company_org_id, r.owners_rep_org_id AS owners_org_id, a.community_id, a.street_id, a.path
		FROM renovation p JOIN service_area a ON a.id = ? LEFT JOIN arrangement r ON r.current_area = a.id WHERE p.id = ?`, serviceArea, project)
	return s, err
}

// creditScene is a company with the street whose office keeps its record.
func creditScene(ctx context.Context, q dbx.Querier, company *id.ID) (s scene, err error) {
	err = q.Get(ctx, &s, `SELECT o.id AS company_org_id, a.id AS street_id FROM organisation o LEFT JOIN area a ON a.path = o.keeper_path WHERE o.id = ?`, company)
	return s, err
}

func changeScene(ctx context.Context, q dbx.Querier, change *id.ID) (s scene, err error) {
	err = q.Get(ctx, &s, `SELECT c.proposer_person, a.community_id, a.street_id, a.path
		FROM unit_change c JOIN service_area a ON a.id = c.service_area_id WHERE c.id = ?`, change)
	return s, err
}

func unitScene(ctx context.Context, q dbx.Querier, unit *id.ID) (s scene, err error) {
	err = q.Get(ctx, &s, `SELECT a.community_id, a.street_id, a.path
		FROM unit u JOIN service_area a ON a.id = u.service_area_id WHERE u.id = ?`, unit)
	return s, err
}

type recipientRow struct {
	Person id.ID  `db:"person_id"`
	Org    *id.ID `db:"org_id"`
}

func recipients(ctx context.Context, q dbx.Querier, query string, args ...any) ([]notify.Recipient, error) {
	query, args, err := dbx.In(query, args...)
	if err != nil {
		return nil, err
	}
	var rows []recipientRow
	if err := q.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	out := make([]notify.Recipient, len(rows))
	for i, r := range rows {
		out[i] = notify.Recipient{Person: r.Person, Org: id.OrNil(r.Org)}
	}
	return out, nil
}

const inForce = ` p.from_at <= ? AND p.to_at IS NULL AND (p.until_at IS NULL OR p.until_at > ?)`

// org lists the holders of posts with one of the roles in an organisation.
func (f finder) org(ctx context.Context, org *id.ID, roles ...authz.Role) ([]notify.Recipient, error) {
	if org == nil {
		return nil, nil
	}
	return recipients(ctx, f.q, `SELECT p.person_id, p.org_id FROM post p WHERE p.org_id = ? AND p.role IN (?) AND`+inForce+` ORDER BY p.id`, org, roles, f.now, f.now)
}

// at lists the holders of posts in the organisations of some kinds that are competent for an area.
func (f finder) at(ctx context.Context, area *id.ID, kinds []string) ([]notify.Recipient, error) {
	if area == nil {
		return nil, nil
	}
	return recipients(ctx, f.q, `SELECT p.person_id, p.org_id FROM organisation o JOIN post p ON p.org_id = o.id
		WHERE o.area_id = ? AND o.kind IN (?) AND o.state = 'active' AND`+inForce+` ORDER BY p.id`, area, kinds, f.now, f.now)
}

func (f finder) members(ctx context.Context, household id.ID) ([]notify.Recipient, error) {
	return recipients(ctx, f.q, `SELECT m.person_id, NULL AS org_id FROM household_member m
		WHERE m.household_id = ? AND m.state = 'active' AND m.to_at IS NULL AND m.from_at <= ? ORDER BY m.id`, household, f.now)
}

func (f finder) residents(ctx context.Context, path string) ([]notify.Recipient, error) {
	return recipients(ctx, f.q, `SELECT DISTINCT m.person_id, NULL AS org_id FROM household_member m
		WHERE m.scope_path = ? AND m.state = 'active' AND m.to_at IS NULL AND m.from_at <= ?`, path, f.now)
}

func followersOf(ctx context.Context, q dbx.Querier, order id.ID) ([]notify.Recipient, error) {
	return recipients(ctx, q, `SELECT w.person_id, NULL AS org_id FROM work_order_follower w WHERE w.order_id = ? AND w.person_id IS NOT NULL`, order)
}

// aboutOf is the person whom the case of a statement is about, if it is about a person.
func aboutOf(ctx context.Context, q dbx.Querier, statement id.ID) (*id.ID, error) {
	var row struct {
		About *id.ID `db:"about_person_id"`
	}
	err := q.Get(ctx, &row, `SELECT about_person_id FROM work_order_statement WHERE id = ?`, statement)
	if dbx.IsNoRow(err) {
		return nil, nil
	}
	return row.About, err
}

func ownersOf(ctx context.Context, q dbx.Querier, unit id.ID) ([]notify.Recipient, error) {
	return recipients(ctx, q, `SELECT DISTINCT o.person_id, NULL AS org_id FROM unit_owner w JOIN owner o ON o.id = w.owner_id
		WHERE w.unit_id = ? AND w.to_date IS NULL AND o.person_id IS NOT NULL`, unit)
}
