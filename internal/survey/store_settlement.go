package survey

import (
	"context"
	"encoding/json"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

const settlementColumns = `id, round_id, service_area_id, scope_path, revision, contract_id, company_org_id, owners_org_id, state, from_month, months, month_fen, proposal,
	proposed_by, proposed_role, proposed_at, company_by, company_at, owners_by, owners_at, disputed_by, disputed_org, disputed_at, dispute, version`

// insertSettlement is a duplicate when one is proposed for this revision already.
func insertSettlement(ctx context.Context, tx *dbx.Tx, c Settlement) error {
	_, err := tx.Exec(ctx, `INSERT INTO survey_settlement (`+settlementColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		c.ID, c.RoundID, c.ServiceAreaID, c.ScopePath, c.Revision, c.ContractID, c.CompanyID, c.OwnersID, c.State, c.FromMonth, c.Months, c.MonthFen, c.ProposalText,
		c.ProposedBy, c.ProposedRole, c.ProposedAt, c.CompanyBy, c.CompanyAt, c.OwnersBy, c.OwnersAt, c.DisputedBy, c.DisputedOrg, c.DisputedAt, c.Dispute, c.Version)
	return err
}

// settlementByID reads a settlement of a round; the fault not_found.
func settlementByID(ctx context.Context, q dbx.Querier, round, which id.ID) (Settlement, error) {
	var c Settlement
	err := q.Get(ctx, &c, `SELECT `+settlementColumns+` FROM survey_settlement WHERE id = ? AND round_id = ?`, which, round)
	if dbx.IsNoRow(err) {
		return c, fault.New(fault.NotFound, "not_found")
	}
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal([]byte(c.ProposalText), &c.Proposal)
}

func settlementsOf(ctx context.Context, q dbx.Querier, round id.ID) ([]Settlement, error) {
	var out []Settlement
	if err := q.Select(ctx, &out, `SELECT `+settlementColumns+` FROM survey_settlement WHERE round_id = ? ORDER BY id`, round); err != nil {
		return nil, err
	}
	for i := range out {
		if err := json.Unmarshal([]byte(out[i].ProposalText), &out[i].Proposal); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// updateSettlement writes a step in the version and state that were read; dbx.ErrNoMatch when somebody was faster.
func updateSettlement(ctx context.Context, tx *dbx.Tx, c Settlement, from SettlementState) error {
	return tx.ExecOne(ctx, `UPDATE survey_settlement SET state = ?, company_by = ?, company_at = ?, owners_by = ?, owners_at = ?, disputed_by = ?, disputed_org = ?, disputed_at = ?,
		dispute = ?, version = version + 1 WHERE id = ? AND version = ? AND state = ?`,
		c.State, c.CompanyBy, c.CompanyAt, c.OwnersBy, c.OwnersAt, c.DisputedBy, c.DisputedOrg, c.DisputedAt, c.Dispute, c.ID, c.Version, from)
}
