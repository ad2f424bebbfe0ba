package contract

import (
	"context"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// Linkage reads a contract's fee linkage, empty without such a clause, and its fee standards.
func (Store) Linkage(ctx context.Context, q dbx.Querier, contract id.ID) ([]Band, []Fee, error) {
	var bands []Band
	var fees []Fee
	if err := q.Select(ctx, &bands, `SELECT from_score, below_score, share_bp FROM contract_fee_band WHERE contract_id = ? ORDER BY no`, contract); err != nil {
		return nil, nil, err
	}
	err := q.Select(ctx, &fees, `SELECT unit_kind, fen, charged_per, basis FROM contract_fee WHERE contract_id = ? ORDER BY no`, contract)
	return bands, fees, err
}
