package survey

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

const roundColumns = `id, form_id, author_org_id, author_role, scope_path, title, state, method, margin_bp, response_percent, opens_at, closes_at, rule_hash, receipt_key,
	roll_hash, frozen_at, reveal_until, seed, opened_at, closed_at, scored_at, published_at, revision, created_at, changed_at, version`

// roundByID reads a round; the fault not_found.
func roundByID(ctx context.Context, q dbx.Querier, which id.ID) (Round, error) {
	var r Round
	err := q.Get(ctx, &r, `SELECT `+roundColumns+` FROM survey_round WHERE id = ?`, which)
	if dbx.IsNoRow(err) {
		return r, fault.New(fault.NotFound, "not_found")
	}
	return r, err
}

func insertRound(ctx context.Context, tx *dbx.Tx, r Round) error {
	_, err := tx.Exec(ctx, `INSERT INTO survey_round (`+roundColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		r.ID, r.FormID, r.AuthorID, r.AuthorRole, r.ScopePath, r.Title, r.State, r.Method, r.Margin, r.Response, r.OpensAt, r.ClosesAt, r.RuleHash, r.ReceiptKey,
		r.RollHash, r.FrozenAt, r.RevealUntil, r.Seed, r.OpenedAt, r.ClosedAt, r.ScoredAt, r.PublishedAt, r.Revision, r.CreatedAt, r.ChangedAt, r.Version)
	return err
}

// claimRound moves a round from the state and version that were read and so keeps it for this transaction;
// dbx.ErrNoMatch when somebody was faster.
func claimRound(ctx context.Context, tx *dbx.Tx, r Round, next State) error {
	return tx.ExecOne(ctx, `UPDATE survey_round SET state = ?, version = version + 1 WHERE id = ? AND version = ? AND state = ?`, next, r.ID, r.Version, r.State)
}

// updateRound writes what steps change, under a version that claimRound took.
func updateRound(ctx context.Context, tx *dbx.Tx, r Round) error {
	return tx.ExecOne(ctx, `UPDATE survey_round SET form_id = ?, scope_path = ?, title = ?, method = ?, margin_bp = ?, response_percent = ?, opens_at = ?, closes_at = ?, receipt_key = ?, roll_hash = ?,
		frozen_at = ?, reveal_until = ?, seed = ?, opened_at = ?, closed_at = ?, scored_at = ?, published_at = ?, revision = ?, changed_at = ? WHERE id = ? AND version = ?`,
		r.FormID, r.ScopePath, r.Title, r.Method, r.Margin, r.Response, r.OpensAt, r.ClosesAt, r.ReceiptKey, r.RollHash,
		r.FrozenAt, r.RevealUntil, r.Seed, r.OpenedAt, r.ClosedAt, r.ScoredAt, r.PublishedAt, r.Revision, r.ChangedAt, r.ID, r.Version)
}

// listRounds reads the rounds with a service area that one of the caller's capacities is tied to, newest first. Those who
// live there see none before the roll is frozen.
func listRounds(ctx context.Context, q dbx.Querier, p authz.Principal, grants []authz.Grant, states []State, before *id.ID, limit int) ([]Round, error) {
	staff, args := authz.Where(p, grants, authz.Columns{Path: "j.scope_path", Org: "j.company_org_id"})
	owners, more := authz.Where(p, grants, authz.Columns{Org: "j.owners_org_id"})
	open, rest := authz.Where(p, grants, authz.Columns{Path: "j.scope_path", Open: true})
	query := `SELECT ` + roundColumns + ` FROM survey_round WHERE id IN (SELECT j.round_id FROM survey_project j WHERE ` + staff + ` OR ` + owners + ` OR (` + open + `
		AND EXISTS (SELECT 1 FROM survey_round o WHERE o.id = j.round_id AND o.state NOT IN ('draft', 'cancelled'))))`
	args = append(append(args, more...), rest...)
	if len(states) > 0 {
		query, args = query+` AND state IN (?)`, append(args, states)
	}
	if before != nil {
		query, args = query+` AND id < ?`, append(args, *before)
	}
	query, args, err := dbx.In(query+` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, err
	}
	out := []Round{}
	err = q.Select(ctx, &out, query, args...)
	return out, err
}

// dueRounds lists rounds in a state whose moment has come, a page of them after an id.
func dueRounds(ctx context.Context, q dbx.Querier, state State, column string, at clock.Instant, after id.ID, limit int) ([]Round, error) {
	var out []Round
	err := q.Select(ctx, &out, `SELECT `+roundColumns+` FROM survey_round WHERE state = ? AND `+column+` <= ? AND id > ? ORDER BY id LIMIT ?`, state, at, after, limit)
	return out, err
}

// pinRound keeps a round as it is until the transaction ends: draws and casts under way are over, new ones wait.
// dbx.ErrNoMatch when it is in another state.
func pinRound(ctx context.Context, tx *dbx.Tx, round id.ID, state State) error {
	return tx.ExecOne(ctx, `UPDATE survey_round SET version = version WHERE id = ? AND state = ?`, round, state)
}

const projectColumns = `round_id, service_area_id, scope_path, name, company_org_id, contract_id, owners_org_id, dwellings, left_out, sampled,
	reconciled_at, reconciled_by, reconciled_role`

func projectsOf(ctx context.Context, q dbx.Querier, round id.ID) ([]Project, error) {
	var out []Project
	err := q.Select(ctx, &out, `SELECT `+projectColumns+` FROM survey_project WHERE round_id = ? ORDER BY scope_path`, round)
	return out, err
}

// ratedIn lists the companies that a round rates, in an order that is the same for everybody who locks them.
func ratedIn(ctx context.Context, q dbx.Querier, round id.ID) ([]id.ID, error) {
	var out []id.ID
	err := q.Select(ctx, &out, `SELECT DISTINCT company_org_id FROM survey_project WHERE round_id = ? AND company_org_id IS NOT NULL ORDER BY company_org_id`, round)
	return out, err
}

func insertProjects(ctx context.Context, tx *dbx.Tx, list []Project) error {
	rows := make([][]any, len(list))
	for i, p := range list {
		rows[i] = []any{p.RoundID, p.ServiceAreaID, p.ScopePath, p.Name, p.CompanyID, p.ContractID, p.OwnersID, p.Dwellings, p.LeftOut, p.Sampled,
			p.ReconciledAt, p.ReconciledBy, p.ReconciledRole}
	}
	return tx.InsertMany(ctx, `INSERT INTO survey_project (`+projectColumns+`)`, rows)
}

func deleteProjects(ctx context.Context, tx *dbx.Tx, round id.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM survey_project WHERE round_id = ?`, round)
	return err
}

func reconcileProject(ctx context.Context, tx *dbx.Tx, p Project) error {
	return tx.ExecOne(ctx, `UPDATE survey_project SET reconciled_at = ?, reconciled_by = ?, reconciled_role = ? WHERE round_id = ? AND service_area_id = ?`,
		p.ReconciledAt, p.ReconciledBy, p.ReconciledRole, p.RoundID, p.ServiceAreaID)
}

// freezeProject writes who is rated and how many dwellings there are.
func freezeProject(ctx context.Context, tx *dbx.Tx, p Project) error {
	return tx.ExecOne(ctx, `UPDATE survey_project SET company_org_id = ?, contract_id = ?, owners_org_id = ?, dwellings = ?, left_out = ? WHERE round_id = ? AND service_area_id = ?`,
		p.CompanyID, p.ContractID, p.OwnersID, p.Dwellings, p.LeftOut, p.RoundID, p.ServiceAreaID)
}

func sampleProject(ctx context.Context, tx *dbx.Tx, p Project) error {
	return tx.ExecOne(ctx, `UPDATE survey_project SET sampled = ? WHERE round_id = ? AND service_area_id = ?`, p.Sampled, p.RoundID, p.ServiceAreaID)
}

func insertEvent(ctx context.Context, tx *dbx.Tx, m *move, from State, detail string) error {
	a := m.actor
	_, err := tx.Exec(ctx, `INSERT INTO survey_event (round_id, seq, at, kind, from_state, to_state, person_id, org_id, role, post_id, detail) VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
		m.next.ID, m.next.Version, m.at, string(m.step), from, m.next.State, a.Person.Ptr(), a.Org.Ptr(), string(a.Role), a.Post.Ptr(), detail)
	return err
}
