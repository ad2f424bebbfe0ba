package contract

import (
	"context"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// Store reads contracts and arrangements for other features; it holds nothing, so it can be handed to
// features that are made before the service.
type Store struct{}

const arrangementColumns = `id, service_area_id, scope_path, kind, handler_org_id, owners_rep_org_id, contract_id, basis, from_at, to_at, until_on, person_id, org_id`

// Arrangement is the one in force in a service area; of kind none, with a zero ID, where nothing is recorded.
func (Store) Arrangement(ctx context.Context, q dbx.Querier, serviceArea id.ID) (Arrangement, error) {
	var a Arrangement
	err := q.Get(ctx, &a, `SELECT `+arrangementColumns+` FROM arrangement WHERE current_area = ?`, serviceArea)
	if dbx.IsNoRow(err) {
		return Arrangement{ServiceAreaID: serviceArea, Kind: UnderNone}, nil
	}
	return a, err
}

// InForceAt lists the arrangements in force in the service areas at or below a path. A service area of which nothing is recorded has none.
func (Store) InForceAt(ctx context.Context, q dbx.Querier, path string) ([]Arrangement, error) {
	low, high := authz.PathRange(path)
	var out []Arrangement
	err := q.Select(ctx, &out, `SELECT `+arrangementColumns+` FROM arrangement WHERE to_at IS NULL AND scope_path >= ? AND scope_path < ? ORDER BY scope_path`, low, high)
	return out, err
}

// Handler is the organisation that handles a service area now; the zero ID when nobody does.
func (s Store) Handler(ctx context.Context, q dbx.Querier, serviceArea id.ID) (id.ID, error) {
	a, err := s.Arrangement(ctx, q, serviceArea)
	return id.OrNil(a.HandlerID), err
}

// serving are the states in which a company has work in its contract's place: in force, or ended and not
// handed over yet (CC 950).
const serving = `('in_force', 'indefinite', 'terminated', 'handover')`

// CompaniesAt lists the organisations that work in the service areas at, below or above path: the handler
// of the arrangement in force and the company whose contract is not over.
func (Store) CompaniesAt(ctx context.Context, q dbx.Querier, path string) ([]id.ID, error) {
	low, high := authz.PathRange(path)
	args := []any{low, high}
	for i, c := range path {
		if c == '/' {
			args = append(args, path[:i+1])
		}
	}
	at := "(scope_path >= ? AND scope_path < ?"
	if n := len(args) - 2; n > 0 {
		at += " OR scope_path IN (?" + strings.Repeat(",?", n-1) + ")"
	}
	at += ")"
	var out []id.ID
	err := q.Select(ctx, &out, `SELECT handler_org_id FROM arrangement WHERE to_at IS NULL AND handler_org_id IS NOT NULL AND `+at+`
		UNION SELECT company_org_id FROM contract WHERE state IN `+serving+` AND `+at, append(args, args...)...)
	return out, err
}

// PathsOf lists the paths of the service areas where company works, as CompaniesAt says.
func (Store) PathsOf(ctx context.Context, q dbx.Querier, company id.ID) ([]string, error) {
	var out []string
	err := q.Select(ctx, &out, `SELECT scope_path FROM arrangement WHERE handler_org_id = ? AND to_at IS NULL
		UNION SELECT scope_path FROM contract WHERE company_org_id = ? AND state IN `+serving, company, company)
	return out, err
}

func insertArrangement(ctx context.Context, tx *dbx.Tx, a Arrangement) error {
	_, err := tx.Exec(ctx, `INSERT INTO arrangement (`+arrangementColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		a.ID, a.ServiceAreaID, a.ScopePath, a.Kind, a.HandlerID, a.OwnersRepID, a.ContractID, a.Basis, a.From, a.To, a.UntilOn, a.PersonID, a.OrgID)
	return err
}

// endArrangement ends the arrangement, if it is still the one in force; dbx.ErrNoMatch otherwise.
func endArrangement(ctx context.Context, tx *dbx.Tx, arrangement id.ID, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE arrangement SET to_at = ? WHERE id = ? AND to_at IS NULL`, at, arrangement)
}

// arrangements lists the history of a service area, the newest first.
func arrangements(ctx context.Context, q dbx.Querier, serviceArea id.ID, before *id.ID, limit int) ([]Arrangement, error) {
	query, args := `SELECT `+arrangementColumns+` FROM arrangement WHERE service_area_id = ?`, []any{serviceArea}
	if before != nil {
		query, args = query+` AND id < ?`, append(args, *before)
	}
	var out []Arrangement
	err := q.Select(ctx, &out, query+` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
	return out, err
}

func slaRows(ctx context.Context, q dbx.Querier, contract id.ID) ([]SLARow, error) {
	var out []SLARow
	err := q.Select(ctx, &out, `SELECT category, severity, accept_min, arrive_min, control_min, fix_min, clock FROM contract_sla WHERE contract_id = ? ORDER BY no`, contract)
	return out, err
}

// emergencySince is when the unbroken run of emergency services that goes on now began.
func emergencySince(ctx context.Context, q dbx.Querier, serviceArea id.ID) (at clock.Instant, err error) {
	err = q.Get(ctx, &at, `SELECT MIN(from_at) FROM arrangement WHERE service_area_id = ? AND kind = 'emergency'
		AND from_at >= COALESCE((SELECT MAX(a.to_at) FROM arrangement a WHERE a.service_area_id = ? AND a.kind <> 'emergency'), 0)`, serviceArea, serviceArea)
	return at, err
}
