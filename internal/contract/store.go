package contract

import (
	"context"
	"encoding/json"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

const contractColumns = `id, service_area_id, scope_path, number, kind, company_org_id, owners_org_id, fee_method, starts_on, ends_on, state, terms_version,
	signed_on, filed_on, filing_number, in_force_on, ended_on, end_ground, closed_on, follows_id, imported, created_at, changed_at, version`

// contract reads one; the fault not_found.
func contract(ctx context.Context, q dbx.Querier, which id.ID) (Contract, error) {
	var c Contract
	err := q.Get(ctx, &c, `SELECT `+contractColumns+` FROM contract WHERE id = ?`, which)
	if dbx.IsNoRow(err) {
		return c, fault.New(fault.NotFound, "not_found")
	}
	return c, err
}

// inForce finds the contract that governs a service area; false when there is none.
func inForce(ctx context.Context, q dbx.Querier, serviceArea id.ID) (Contract, bool, error) {
	var c Contract
	err := q.Get(ctx, &c, `SELECT `+contractColumns+` FROM contract WHERE force_area = ?`, serviceArea)
	if dbx.IsNoRow(err) {
		return c, false, nil
	}
	return c, err == nil, err
}

// byNumber finds the contract that carries a number in a service area.
func byNumber(ctx context.Context, q dbx.Querier, serviceArea id.ID, number string) (Contract, bool, error) {
	var c Contract
	err := q.Get(ctx, &c, `SELECT `+contractColumns+` FROM contract WHERE service_area_id = ? AND live_number = ?`, serviceArea, number)
	if dbx.IsNoRow(err) {
		return c, false, nil
	}
	return c, err == nil, err
}

// drafts is how many open drafts an organisation has made.
type drafts struct {
	Here   int64 `db:"here"`   // in one service area
	Around int64 `db:"around"` // in all service areas that it does not handle
}

// openDrafts counts the drafts that org has made. One knows its maker from its first event.
func openDrafts(ctx context.Context, q dbx.Querier, org, serviceArea id.ID) (n drafts, err error) {
	err = q.Get(ctx, &n, `SELECT COALESCE(SUM(CASE WHEN c.service_area_id = ? THEN 1 ELSE 0 END), 0) AS here,
			COALESCE(SUM(CASE WHEN a.handler_org_id = ? THEN 0 ELSE 1 END), 0) AS around
		FROM contract c JOIN contract_event e ON e.contract_id = c.id AND e.seq = 1 AND e.org_id = ?
			LEFT JOIN arrangement a ON a.current_area = c.service_area_id
		WHERE c.state = 'draft' AND (c.company_org_id = ? OR c.owners_org_id = ?)`, serviceArea, org, org, org, org)
	return n, err
}

func insertContract(ctx context.Context, tx *dbx.Tx, c Contract) error {
	_, err := tx.Exec(ctx, `INSERT INTO contract (`+contractColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		c.ID, c.ServiceAreaID, c.ScopePath, c.Number, c.Kind, c.CompanyID, c.OwnersID, c.FeeMethod, c.StartsOn, c.EndsOn, c.State, c.TermsVersion,
		c.SignedOn, c.FiledOn, c.FilingNumber, c.InForceOn, c.EndedOn, c.EndGround, c.ClosedOn, c.FollowsID, c.Imported, c.CreatedAt, c.ChangedAt, c.Version)
	return err
}

// claimVersion moves the contract from one version to the next and so keeps it for this transaction;
// dbx.ErrNoMatch when somebody was faster.
func claimVersion(ctx context.Context, tx *dbx.Tx, c Contract) error {
	return tx.ExecOne(ctx, `UPDATE contract SET version = version + 1 WHERE id = ? AND version = ? AND state = ?`, c.ID, c.Version, c.State)
}

// updateContract writes what steps change, under a version that claimVersion took.
func updateContract(ctx context.Context, tx *dbx.Tx, c Contract) error {
	return tx.ExecOne(ctx, `UPDATE contract SET number = ?, kind = ?, owners_org_id = ?, fee_method = ?, starts_on = ?, ends_on = ?, state = ?, terms_version = ?,
		signed_on = ?, filed_on = ?, filing_number = ?, in_force_on = ?, ended_on = ?, end_ground = ?, closed_on = ?, follows_id = ?, changed_at = ? WHERE id = ? AND version = ?`,
		c.Number, c.Kind, c.OwnersID, c.FeeMethod, c.StartsOn, c.EndsOn, c.State, c.TermsVersion,
		c.SignedOn, c.FiledOn, c.FilingNumber, c.InForceOn, c.EndedOn, c.EndGround, c.ClosedOn, c.FollowsID, c.ChangedAt, c.ID, c.Version)
}

// Event is a change of a contract; any past day can be rebuilt from them.
type Event struct {
	Seq    int64           `db:"seq" json:"seq" doc:"The version that the change made"`
	At     clock.Instant   `db:"at" json:"at"`
	Kind   string          `db:"kind" json:"kind"`
	From   State           `db:"from_state" json:"from,omitempty"`
	To     State           `db:"to_state" json:"to"`
	Person *id.ID          `db:"person_id" json:"-"`
	Org    *id.ID          `db:"org_id" json:"organisationId,omitempty" doc:"In whose name it was done"`
	Role   string          `db:"role" json:"role"`
	Post   *id.ID          `db:"post_id" json:"-"`
	Text   string          `db:"detail" json:"-"`
	Detail json.RawMessage `db:"-" json:"detail" doc:"Codes, dates, ids and what was said"`
}

func insertEvent(ctx context.Context, tx *dbx.Tx, contract id.ID, e Event) error {
	_, err := tx.Exec(ctx, `INSERT INTO contract_event (contract_id, seq, at, kind, from_state, to_state, person_id, org_id, role, post_id, detail) VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
		contract, e.Seq, e.At, e.Kind, e.From, e.To, e.Person, e.Org, e.Role, e.Post, string(e.Detail))
	return err
}

func events(ctx context.Context, q dbx.Querier, contract id.ID, after int64, limit int) ([]Event, error) {
	var out []Event
	err := q.Select(ctx, &out, `SELECT seq, at, kind, from_state, to_state, person_id, org_id, role, post_id, detail
		FROM contract_event WHERE contract_id = ? AND seq > ? ORDER BY seq LIMIT ?`, contract, after, limit)
	for i := range out {
		out[i].Detail = json.RawMessage(out[i].Text)
	}
	return out, err
}

// Filter narrows a list of contracts; zero fields do not.
type Filter struct {
	ServiceArea id.ID
	State       State
}

// scoped is the condition under which rows of a list are the caller's to see.
type scoped struct {
	sql  string
	args []any
}

// both joins the conditions for either party's organisation.
func both(p authz.Principal, grants []authz.Grant, columns ...authz.Columns) scoped {
	var s scoped
	for i, cols := range columns {
		sql, args := authz.Where(p, grants, cols)
		if i > 0 {
			s.sql += " OR "
		}
		s.sql, s.args = s.sql+sql, append(s.args, args...)
	}
	s.sql = "(" + s.sql + ")"
	return s
}

func contracts(ctx context.Context, q dbx.Querier, f Filter, scope scoped, before *id.ID, limit int) ([]Contract, error) {
	query, args := `SELECT `+contractColumns+` FROM contract WHERE `+scope.sql, scope.args
	if !f.ServiceArea.IsZero() {
		query, args = query+` AND service_area_id = ?`, append(args, f.ServiceArea)
	}
	if f.State != "" {
		query, args = query+` AND state = ?`, append(args, f.State)
	}
	if before != nil {
		query, args = query+` AND id < ?`, append(args, *before)
	}
	var out []Contract
	err := q.Select(ctx, &out, query+` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
	return out, err
}
