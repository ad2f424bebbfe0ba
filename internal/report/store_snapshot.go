package report

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

const (
	snapshotColumns = `s.id, s.street_id, s.street_path, s.month, s.revision, s.as_of, s.method, s.rule_hash, s.event_hash, s.order_count, s.event_count,
		s.reason, s.published_role, s.published_org, s.published_at, s.salt, s.entry`
	cellColumns = `c.snapshot_id, c.pos, c.dimension, c.cell_key, c.scope_path, c.company_id, c.content, c.salt, c.hash`
	// newest keeps the last revision of each street and month.
	newest = `s.revision = (SELECT MAX(x.revision) FROM rate_snapshot x WHERE x.street_id = s.street_id AND x.month = s.month)`
)

func insertSnapshot(ctx context.Context, tx *dbx.Tx, s Snapshot, cells []snapshotCell) error {
	_, err := tx.Exec(ctx, `INSERT INTO rate_snapshot (id, street_id, street_path, month, revision, as_of, method, rule_hash, event_hash, order_count, event_count,
		reason, published_role, published_org, published_at, salt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		s.ID, s.StreetID, s.StreetPath, s.Month, s.Revision, s.AsOf, s.Method, s.RuleHash, s.EventHash, s.Orders, s.Events,
		s.Reason, s.PublishedRole, s.PublishedOrg, s.PublishedAt, s.Salt)
	if err != nil {
		return err
	}
	rows := make([][]any, len(cells))
	for i, c := range cells {
		rows[i] = []any{c.Snapshot, c.Pos, c.Dimension, c.Key, c.ScopePath, c.CompanyID, c.Content, c.Salt, c.Hash}
	}
	return tx.InsertMany(ctx, `INSERT INTO rate_snapshot_cell (snapshot_id, pos, dimension, cell_key, scope_path, company_id, content, salt, hash)`, rows)
}

// snapshotByID reads a snapshot; NotFound when there is none.
func snapshotByID(ctx context.Context, q dbx.Querier, snapshot id.ID) (Snapshot, error) {
	var s Snapshot
	err := q.Get(ctx, &s, `SELECT `+snapshotColumns+` FROM rate_snapshot s WHERE s.id = ?`, snapshot)
	if dbx.IsNoRow(err) {
		return s, notFound()
	}
	return s, err
}

// revisions lists those of a street's month, the first first.
func revisions(ctx context.Context, q dbx.Querier, street id.ID, month Month) ([]Snapshot, error) {
	var out []Snapshot
	err := q.Select(ctx, &out, `SELECT `+snapshotColumns+` FROM rate_snapshot s WHERE s.street_id = ? AND s.month = ? ORDER BY s.revision`, street, month)
	return out, err
}

// latestSnapshot is the newest revision, nil when the month is not published.
func latestSnapshot(ctx context.Context, q dbx.Querier, street id.ID, month Month) (*Snapshot, error) {
	all, err := revisions(ctx, q, street, month)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[len(all)-1], nil
}

// publishedIn lists the snapshots of a month, by street and revision; of one street when it is not zero.
func publishedIn(ctx context.Context, q dbx.Querier, month Month, street id.ID) ([]Snapshot, error) {
	query, args := `SELECT `+snapshotColumns+` FROM rate_snapshot s WHERE s.month = ?`, []any{month}
	if !street.IsZero() {
		query, args = query+` AND s.street_id = ?`, append(args, street)
	}
	var out []Snapshot
	err := q.Select(ctx, &out, query+` ORDER BY s.street_id, s.revision`, args...)
	return out, err
}

// cellsOf reads all cells of a snapshot in their order.
func cellsOf(ctx context.Context, q dbx.Querier, snapshot id.ID) ([]snapshotCell, error) {
	var out []snapshotCell
	err := q.Select(ctx, &out, `SELECT `+cellColumns+` FROM rate_snapshot_cell c WHERE c.snapshot_id = ? ORDER BY c.pos`, snapshot)
	return out, err
}

// unsealed reads snapshots that are not in the ledger yet, the oldest first.
func unsealed(ctx context.Context, q dbx.Querier, limit int) ([]Snapshot, error) {
	var out []Snapshot
	err := q.Select(ctx, &out, `SELECT `+snapshotColumns+` FROM rate_snapshot s WHERE s.entry IS NULL ORDER BY s.published_at, s.id LIMIT ?`, limit)
	return out, err
}

func setEntry(ctx context.Context, tx *dbx.Tx, snapshot id.ID, entry int64) error {
	return tx.ExecOne(ctx, `UPDATE rate_snapshot SET entry = ? WHERE id = ? AND entry IS NULL`, entry, snapshot)
}

// sealedFrom reads the snapshots from an entry on, in the order of the ledger.
func sealedFrom(ctx context.Context, q dbx.Querier, entry int64, limit int) ([]Snapshot, error) {
	var out []Snapshot
	err := q.Select(ctx, &out, `SELECT `+snapshotColumns+` FROM rate_snapshot s WHERE s.entry >= ? ORDER BY s.entry LIMIT ?`, entry, limit)
	return out, err
}

// audience is the condition on cells c that a caller's capacities may see. Residents see the projects, service
// areas and estates they live in.
func audience(p authz.Principal, grants []authz.Grant) (string, []any) {
	where, args := `1 = 0`, []any{}
	for _, g := range grants {
		cond, more := audienceOf(p, g)
		where, args = where+` OR `+cond, append(args, more...)
	}
	return `(` + where + `)`, args
}

func audienceOf(p authz.Principal, g authz.Grant) (string, []any) {
	if g.Role == authz.RoleSystem {
		return `1 = 1`, nil
	}
	if authz.TieOf(g.Role) != authz.ByHousehold {
		return authz.Where(p, []authz.Grant{g}, authz.Columns{Path: "c.scope_path", Org: "c.company_id"})
	}
	cond, args := authz.Where(p, []authz.Grant{{Role: g.Role, Path: g.Path}}, authz.Columns{Path: "c.scope_path", Open: true})
	return `(c.dimension IN ('project', 'service_area', 'estate') AND ` + cond + `)`, args
}

// visibleCells reads the cells of some snapshots that a condition lets through.
func visibleCells(ctx context.Context, q dbx.Querier, where string, args []any, snapshots []id.ID) ([]snapshotCell, error) {
	if len(snapshots) == 0 {
		return nil, nil
	}
	in, more, err := dbx.In(`c.snapshot_id IN (?)`, snapshots)
	if err != nil {
		return nil, err
	}
	var out []snapshotCell
	err = q.Select(ctx, &out, `SELECT `+cellColumns+` FROM rate_snapshot_cell c WHERE `+in+` AND `+where+` ORDER BY c.snapshot_id, c.pos`, append(more, args...)...)
	return out, err
}

// snapshotFilter narrows a list of snapshots.
type snapshotFilter struct {
	Street id.ID
	Month  Month
	Newest bool // only the last revision of each month
}

// listSnapshots reads a page of snapshots of which the condition lets a cell through, the newest month first.
func listSnapshots(ctx context.Context, q dbx.Querier, f snapshotFilter, where string, args []any, month string, before id.ID, limit int) ([]Snapshot, error) {
	query := `SELECT ` + snapshotColumns + ` FROM rate_snapshot s WHERE EXISTS (SELECT 1 FROM rate_snapshot_cell c WHERE c.snapshot_id = s.id AND ` + where + `)`
	if !f.Street.IsZero() {
		query, args = query+` AND s.street_id = ?`, append(args, f.Street)
	}
	if f.Month != "" {
		query, args = query+` AND s.month = ?`, append(args, f.Month)
	}
	if f.Newest {
		query += ` AND ` + newest
	}
	if month != "" {
		query, args = query+` AND (s.month < ? OR (s.month = ? AND s.id < ?))`, append(args, month, month, before)
	}
	var out []Snapshot
	err := q.Select(ctx, &out, query+` ORDER BY s.month DESC, s.id DESC LIMIT ?`, append(args, limit)...)
	return out, err
}
