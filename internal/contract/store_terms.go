package contract

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// termTables hold the lists of the terms.
var termTables = []string{"contract_fee", "contract_service_item", "contract_sla", "contract_fee_band", "contract_promise", "contract_subcontract", "contract_period"}

// clearTerms empties the lists of a draft that is replaced.
func clearTerms(ctx context.Context, tx *dbx.Tx, contract id.ID) error {
	for _, table := range termTables {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE contract_id = ?`, contract); err != nil {
			return err
		}
	}
	return nil
}

// insertTerms writes the lists; person recorded the clauses that vary periods.
func insertTerms(ctx context.Context, tx *dbx.Tx, contract id.ID, t Terms, person *id.ID, at clock.Instant) error {
	lists := []struct {
		into string
		rows [][]any
	}{
		{`contract_fee (contract_id, no, unit_kind, fen, charged_per, basis)`,
			numbered(contract, t.Fees, func(f Fee) []any { return []any{f.UnitKind, f.Fen, f.Per, f.Basis} })},
		{`contract_service_item (contract_id, no, name, standard)`,
			numbered(contract, t.Items, func(i Item) []any { return []any{i.Name, i.Standard} })},
		{`contract_sla (contract_id, no, category, severity, accept_min, arrive_min, control_min, fix_min, clock)`,
			numbered(contract, t.SLA, func(r SLARow) []any {
				return []any{r.Category, r.Severity, r.AcceptMin, r.ArriveMin, r.ControlMin, r.FixMin, r.Clock}
			})},
		{`contract_fee_band (contract_id, no, from_score, below_score, share_bp)`,
			numbered(contract, t.Bands, func(b Band) []any { return []any{b.From, b.Below, b.Share} })},
		{`contract_promise (contract_id, no, body)`,
			numbered(contract, t.Promises, func(p string) []any { return []any{p} })},
		{`contract_subcontract (contract_id, no, item_no, contractor)`,
			numbered(contract, t.Subcontracts, func(s Subcontract) []any { return []any{s.Item, s.Contractor} })},
	}
	for _, l := range lists {
		if err := tx.InsertMany(ctx, `INSERT INTO `+l.into, l.rows); err != nil {
			return err
		}
	}
	for _, p := range t.Periods {
		if err := insertPeriod(ctx, tx, contract, p, person, at); err != nil {
			return err
		}
	}
	return nil
}

// numbered makes rows of a list: the contract, the place in the list from 1, and the values.
func numbered[T any](contract id.ID, list []T, values func(T) []any) [][]any {
	rows := make([][]any, len(list))
	for i, v := range list {
		rows[i] = append([]any{contract, i + 1}, values(v)...)
	}
	return rows
}

func insertPeriod(ctx context.Context, tx *dbx.Tx, contract id.ID, p Period, person *id.ID, at clock.Instant) error {
	_, err := tx.Exec(ctx, `INSERT INTO contract_period (contract_id, param, count_of, unit, clause, person_id, recorded_at) VALUES (?,?,?,?,?,?,?)`,
		contract, p.Param, p.Count, p.Unit, p.Clause, person, at)
	return err
}

// putPeriod records a clause, in place of one for the same period.
func putPeriod(ctx context.Context, tx *dbx.Tx, contract id.ID, p Period, person *id.ID, at clock.Instant) error {
	if _, err := tx.Exec(ctx, `DELETE FROM contract_period WHERE contract_id = ? AND param = ?`, contract, p.Param); err != nil {
		return err
	}
	return insertPeriod(ctx, tx, contract, p, person, at)
}

// period reads the clause about one period; false when the contract has none.
func period(ctx context.Context, q dbx.Querier, contract id.ID, param rules.Param) (Period, bool, error) {
	var p Period
	err := q.Get(ctx, &p, `SELECT param, count_of, unit, clause, person_id FROM contract_period WHERE contract_id = ? AND param = ?`, contract, param)
	if dbx.IsNoRow(err) {
		return p, false, nil
	}
	return p, err == nil, err
}

// terms reads what was agreed.
func terms(ctx context.Context, q dbx.Querier, c Contract) (Terms, error) {
	t := Terms{Number: c.Number, Kind: c.Kind, OwnersID: c.OwnersID, FeeMethod: c.FeeMethod, StartsOn: c.StartsOn, EndsOn: c.EndsOn}.copied()
	for _, l := range []struct {
		into  any
		query string
	}{
		{&t.Fees, `SELECT unit_kind, fen, charged_per, basis FROM contract_fee WHERE contract_id = ? ORDER BY no`},
		{&t.Items, `SELECT name, standard FROM contract_service_item WHERE contract_id = ? ORDER BY no`},
		{&t.Bands, `SELECT from_score, below_score, share_bp FROM contract_fee_band WHERE contract_id = ? ORDER BY no`},
		{&t.Promises, `SELECT body FROM contract_promise WHERE contract_id = ? ORDER BY no`},
		{&t.Subcontracts, `SELECT item_no, contractor FROM contract_subcontract WHERE contract_id = ? ORDER BY no`},
		{&t.Periods, `SELECT param, count_of, unit, clause, person_id FROM contract_period WHERE contract_id = ? ORDER BY param`},
	} {
		if err := q.Select(ctx, l.into, l.query, c.ID); err != nil {
			return t, err
		}
	}
	rows, err := slaRows(ctx, q, c.ID)
	if rows != nil {
		t.SLA = rows
	}
	return t, err
}
