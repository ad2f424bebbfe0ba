package contract

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

const deadlineColumns = `id, subject_id, contract_id, service_area_id, scope_path, company_org_id, kind, count_of, unit, counted_back, basis, rule_hash, calendar_hash,
	base_on, due_on, act_by, provisional, clause, override_person_id, state, settled_on, next_stage, next_on, created_at, version`

func insertDeadline(ctx context.Context, tx *dbx.Tx, d Deadline) error {
	_, err := tx.Exec(ctx, `INSERT INTO contract_deadline (`+deadlineColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		d.ID, d.SubjectID, d.ContractID, d.ServiceAreaID, d.ScopePath, d.CompanyID, d.Kind, d.Count, d.Unit, d.Back, d.Basis, d.RuleHash, d.CalendarHash,
		d.BaseOn, d.DueOn, d.ActBy, d.Provisional, d.Clause, d.OverridePers, d.State, d.SettledOn, d.NextStage, d.NextOn, d.CreatedAt, d.Version)
	return err
}

// updateDeadline writes what can change, if nobody changed it meanwhile; dbx.ErrNoMatch otherwise.
func updateDeadline(ctx context.Context, tx *dbx.Tx, d Deadline) error {
	return tx.ExecOne(ctx, `UPDATE contract_deadline SET count_of = ?, unit = ?, basis = ?, rule_hash = ?, calendar_hash = ?, due_on = ?, act_by = ?, provisional = ?, clause = ?, override_person_id = ?,
		state = ?, settled_on = ?, next_stage = ?, next_on = ?, version = version + 1 WHERE id = ? AND version = ?`,
		d.Count, d.Unit, d.Basis, d.RuleHash, d.CalendarHash, d.DueOn, d.ActBy, d.Provisional, d.Clause, d.OverridePers,
		d.State, d.SettledOn, d.NextStage, d.NextOn, d.ID, d.Version)
}

// openDeadlines lists what is not settled of a contract: open or missed.
func openDeadlines(ctx context.Context, q dbx.Querier, contract id.ID) ([]Deadline, error) {
	var out []Deadline
	err := q.Select(ctx, &out, `SELECT `+deadlineColumns+` FROM contract_deadline WHERE contract_id = ? AND state IN ('open', 'missed') ORDER BY due_on, id`, contract)
	return out, err
}

// deadlineOf finds the deadline of one kind that comes from a subject; false when there is none.
func deadlineOf(ctx context.Context, q dbx.Querier, subject id.ID, kind DeadlineKind) (Deadline, bool, error) {
	var d Deadline
	err := q.Get(ctx, &d, `SELECT `+deadlineColumns+` FROM contract_deadline WHERE subject_id = ? AND kind = ?`, subject, kind)
	if dbx.IsNoRow(err) {
		return d, false, nil
	}
	return d, err == nil, err
}

func deadlineByID(ctx context.Context, q dbx.Querier, which id.ID) (Deadline, error) {
	var d Deadline
	err := q.Get(ctx, &d, `SELECT `+deadlineColumns+` FROM contract_deadline WHERE id = ?`, which)
	return d, err
}

// dueForWord lists deadlines that have something to say today.
func dueForWord(ctx context.Context, q dbx.Querier, today clock.Date, limit int) ([]id.ID, error) {
	var out []id.ID
	err := q.Select(ctx, &out, `SELECT id FROM contract_deadline WHERE next_on <= ? ORDER BY next_on, id LIMIT ?`, today, limit)
	return out, err
}

// leaningOn lists open deadlines that were provisional under another calendar than the one in use.
func leaningOn(ctx context.Context, q dbx.Querier, calendar rules.Hash, limit int) ([]id.ID, error) {
	var out []id.ID
	err := q.Select(ctx, &out, `SELECT id FROM contract_deadline WHERE provisional = 1 AND state = 'open' AND calendar_hash <> ? ORDER BY id LIMIT ?`, calendar, limit)
	return out, err
}

// insertReminder notes that a stage was told; a duplicate when it was told before.
func insertReminder(ctx context.Context, tx *dbx.Tx, deadline id.ID, s staged, at clock.Instant) error {
	_, err := tx.Exec(ctx, `INSERT INTO contract_reminder (deadline_id, stage, due_on, fired_at) VALUES (?,?,?,?)`, deadline, s.stage, s.on, at)
	return err
}

// DeadlineFilter narrows a list of deadlines; zero fields do not.
type DeadlineFilter struct {
	From, To    clock.Date // the window of due days, both included
	State       DeadlineState
	Kind        DeadlineKind
	ServiceArea id.ID
}

func deadlines(ctx context.Context, q dbx.Querier, f DeadlineFilter, scope scoped, after []string, last id.ID, limit int) ([]Deadline, error) {
	query, args := `SELECT `+deadlineColumns+` FROM contract_deadline WHERE `+scope.sql, scope.args
	add := func(cond string, vals ...any) { query, args = query+" AND "+cond, append(args, vals...) }
	if f.From != "" {
		add("due_on >= ?", f.From)
	}
	if f.To != "" {
		add("due_on <= ?", f.To)
	}
	if f.State != "" {
		add("state = ?", f.State)
	}
	if f.Kind != "" {
		add("kind = ?", f.Kind)
	}
	if !f.ServiceArea.IsZero() {
		add("service_area_id = ?", f.ServiceArea)
	}
	if after != nil {
		add("(due_on > ? OR (due_on = ? AND id > ?))", after[0], after[0], last)
	}
	var out []Deadline
	err := q.Select(ctx, &out, query+` ORDER BY due_on, id LIMIT ?`, append(args, limit)...)
	return out, err
}
