package report

import (
	"context"
	"strings"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// The further tables of other features whose things the trail of changes names: contract, arrangement, survey_form, survey_round,
// survey_plan, survey_audit, survey_objection, credit_item, credit_grade, building, unit, unit_change, public_area, owner, occupant,
// household_member, household_application, post, webhook, weather_window, renovation, fund_request, vote. It writes none of them.

// naming says how the things of one kind are called: up to three columns of one row, joined.
type naming struct {
	query string
	join  string
}

// namings has the kinds that the trail can name. People are never named there: what is about a person or a household is named by the
// building, a post by its organisation.
var namings = map[string]naming{
	"work_order":            {query: `SELECT id, number AS first FROM work_order WHERE id IN (?)`},
	"contract":              {query: `SELECT id, number AS first FROM contract WHERE id IN (?)`},
	"arrangement":           {query: `SELECT r.id, s.name AS first FROM arrangement r JOIN service_area s ON s.id = r.service_area_id WHERE r.id IN (?)`},
	"survey_form":           {query: `SELECT id, title AS first FROM survey_form WHERE id IN (?)`},
	"survey_round":          {query: `SELECT id, title AS first FROM survey_round WHERE id IN (?)`},
	"survey_plan":           {query: `SELECT plan_id AS id, MAX(year) AS first FROM survey_plan WHERE plan_id IN (?) GROUP BY plan_id`},
	"survey_audit":          {query: `SELECT x.id, r.title AS first, x.number AS second FROM survey_audit x JOIN survey_round r ON r.id = x.round_id WHERE x.id IN (?)`, join: " / "},
	"survey_objection":      {query: `SELECT x.id, r.title AS first, NULLIF(x.number, 0) AS second FROM survey_objection x JOIN survey_round r ON r.id = x.round_id WHERE x.id IN (?)`, join: " / "},
	"rate_snapshot":         {query: `SELECT id, month AS first, NULLIF(revision, 0) AS second FROM rate_snapshot WHERE id IN (?)`, join: " / "},
	"credit_item":           {query: `SELECT i.id, o.name AS first FROM credit_item i JOIN organisation o ON o.id = i.company_id WHERE i.id IN (?)`},
	"credit_grade":          {query: `SELECT g.id, o.name AS first FROM credit_grade g JOIN organisation o ON o.id = g.company_id WHERE g.id IN (?)`},
	"area":                  {query: `SELECT id, name AS first FROM area WHERE id IN (?)`},
	"estate":                {query: `SELECT id, name AS first FROM area WHERE id IN (?)`},
	"service_area":          {query: `SELECT id, name AS first FROM service_area WHERE id IN (?)`},
	"building":              {query: `SELECT b.id, s.name AS first, b.name AS second FROM building b JOIN service_area s ON s.id = b.service_area_id WHERE b.id IN (?)`, join: " "},
	"unit":                  {query: `SELECT u.id, b.name AS first, u.entrance AS second, u.number AS third FROM unit u JOIN building b ON b.id = u.building_id WHERE u.id IN (?)`, join: " "},
	"unit_change":           {query: `SELECT c.id, s.name AS first FROM unit_change c JOIN service_area s ON s.id = c.service_area_id WHERE c.id IN (?)`},
	"public_area":           {query: `SELECT id, name AS first FROM public_area WHERE id IN (?)`},
	"owner":                 {query: `SELECT o.id, s.name AS first FROM owner o JOIN service_area s ON s.id = o.service_area_id WHERE o.id IN (?)`},
	"occupant":              {query: `SELECT o.id, b.name AS first FROM occupant o JOIN unit u ON u.id = o.unit_id JOIN building b ON b.id = u.building_id WHERE o.id IN (?)`},
	"household_member":      {query: `SELECT m.id, b.name AS first FROM household_member m JOIN unit u ON u.id = m.unit_id JOIN building b ON b.id = u.building_id WHERE m.id IN (?)`},
	"household_application": {query: `SELECT m.id, b.name AS first FROM household_application m JOIN unit u ON u.id = m.unit_id JOIN building b ON b.id = u.building_id WHERE m.id IN (?)`},
	"organisation":          {query: `SELECT id, name AS first FROM organisation WHERE id IN (?)`},
	"organisation_area":     {query: `SELECT id, name AS first FROM area WHERE id IN (?)`},
	"post":                  {query: `SELECT p.id, o.name AS first FROM post p JOIN organisation o ON o.id = p.org_id WHERE p.id IN (?)`},
	"cross_appointment":     {query: `SELECT c.id, o.name AS first FROM cross_appointment c JOIN organisation o ON o.id = c.host_org_id WHERE c.id IN (?)`},
	"webhook":               {query: `SELECT w.id, o.name AS first, w.name AS second FROM webhook w JOIN organisation o ON o.id = w.org_id WHERE w.id IN (?)`, join: " / "},
	"weather_window":        {query: `SELECT w.id, a.name AS first FROM weather_window w JOIN area a ON a.id = w.area_id WHERE w.id IN (?)`},
	"renovation":            {query: `SELECT id, name AS first FROM renovation WHERE id IN (?)`},
	"fund_request":          {query: `SELECT id, title AS first FROM fund_request WHERE id IN (?)`},
	"vote":                  {query: `SELECT id, title AS first FROM vote WHERE id IN (?)`},
}

type called struct {
	ID     id.ID   `db:"id"`
	First  string  `db:"first"`
	Second *string `db:"second"`
	Third  *string `db:"third"`
}

func (c called) name(join string) string {
	parts := []string{c.First}
	for _, p := range []*string{c.Second, c.Third} {
		if p != nil && *p != "" {
			parts = append(parts, *p)
		}
	}
	return strings.Join(parts, join)
}

// Names tells how the things of one kind are called: an order by its number, a vote by its title. It asks once for all of them; what has
// no name that everybody may read who reads the trail, as a person, is left out. Package audit asks for what it has shown as its reader's.
func (s *Service) Names(ctx context.Context, kind string, ids []id.ID) (map[id.ID]string, error) {
	n, ok := namings[kind]
	if !ok {
		return nil, nil
	}
	out := make(map[id.ID]string, len(ids))
	err := inChunks(ids, func(part []id.ID) error {
		stmt, args, err := dbx.In(n.query, part)
		if err != nil {
			return err
		}
		var rows []called
		if err := s.DB.Select(ctx, &rows, stmt, args...); err != nil {
			return err
		}
		for _, r := range rows {
			out[r.ID] = r.name(n.join)
		}
		return nil
	})
	return out, err
}
