package renovation

import (
	"context"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// figures are what is known of some projects together.
type figures struct {
	lines      []Line
	items      []Item
	milestones []Milestone
	findings   []placedFinding
	orders     []id.ID
}

// placedFinding is a finding with its project.
type placedFinding struct {
	ProjectID id.ID `db:"renovation_id"`
	Order     id.ID `db:"order_id"`
}

// figuresOf reads what is known of some projects.
func figuresOf(ctx context.Context, q dbx.Querier, list []Project) (figures, error) {
	var f figures
	args := make([]any, len(list))
	for i, p := range list {
		args[i] = p.ID
	}
	of := ` WHERE renovation_id IN (` + marks(len(args)) + `)`
	if err := q.Select(ctx, &f.lines, `SELECT `+lineColumns+` FROM renovation_funding`+of, args...); err != nil {
		return f, err
	}
	if err := q.Select(ctx, &f.items, `SELECT `+itemColumns+` FROM renovation_item`+of+` AND state = 'planned'`, args...); err != nil {
		return f, err
	}
	if err := q.Select(ctx, &f.milestones, `SELECT `+milestoneColumns+` FROM renovation_milestone`+of, args...); err != nil {
		return f, err
	}
	if err := q.Select(ctx, &f.findings, `SELECT renovation_id, order_id FROM renovation_finding`+of, args...); err != nil {
		return f, err
	}
	for _, found := range f.findings {
		f.orders = append(f.orders, found.Order)
	}
	return f, nil
}
