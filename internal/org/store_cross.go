package org

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

const crossColumns = `c.id, c.person_id, c.home_org_id, c.host_org_id, c.post_kind, c.consent_id, c.conflict, c.scope_path, c.from_at, c.to_at, c.ended_reason, c.version`

func cross(ctx context.Context, q dbx.Querier, crossID id.ID) (CrossAppointment, error) {
	var c CrossAppointment
	err := q.Get(ctx, &c, `SELECT `+crossColumns+` FROM cross_appointment c WHERE c.id = ?`, crossID)
	return c, err
}

func crossOf(ctx context.Context, q dbx.Querier, person id.ID) ([]CrossAppointment, error) {
	var rows []CrossAppointment
	err := q.Select(ctx, &rows, `SELECT `+crossColumns+` FROM cross_appointment c WHERE c.person_id = ? ORDER BY c.from_at, c.id`, person)
	return rows, err
}

// consented leaves out what rests on a withdrawn consent: it would still tell of Party membership.
// It reads personal_consent, the table of the consent ledger.
const consented = `(c.consent_id IS NULL OR EXISTS (SELECT 1 FROM personal_consent k WHERE k.id = c.consent_id AND k.withdrawn_at IS NULL))`

// crossInForce is the condition that a cross-appointment is in force and may be shown.
const crossInForce = `c.to_at IS NULL AND ` + consented

// crossList reads cross-appointments in the order of their entering. where comes from authz.
func crossList(ctx context.Context, q dbx.Querier, where string, args []any, past bool, after id.ID, limit int) ([]CrossAppointment, error) {
	query := `SELECT ` + crossColumns + ` FROM cross_appointment c WHERE ` + where + ` AND c.id > ? AND ` + consented
	if !past {
		query += ` AND c.to_at IS NULL`
	}
	var rows []CrossAppointment
	err := q.Select(ctx, &rows, query+` ORDER BY c.id LIMIT ?`, append(append([]any{}, args...), after, limit)...)
	return rows, err
}

func insertCross(ctx context.Context, tx *dbx.Tx, c CrossAppointment, by id.ID) error {
	return tx.ExecOne(ctx, `INSERT INTO cross_appointment (id, person_id, home_org_id, host_org_id, post_kind, consent_id, conflict, scope_path, from_at, ended_reason, recorded_by, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?)`,
		c.ID, c.Person, c.Home, c.Host, string(c.Kind), c.Consent, string(c.Conflict), c.ScopePath, c.From, by.Ptr(), c.Version)
}

func endCross(ctx context.Context, tx *dbx.Tx, c CrossAppointment, at clock.Instant, why EndReason) error {
	return tx.ExecOne(ctx, `UPDATE cross_appointment SET to_at = ?, ended_reason = ?, version = version + 1
		WHERE id = ? AND to_at IS NULL AND version = ?`, at, string(why), c.ID, c.Version)
}

// holdsRole tells whether a person has a post with one of the roles in an organisation; no roles mean any.
func holdsRole(ctx context.Context, q dbx.Querier, org, person id.ID, wanted []authz.Role, at clock.Instant) (bool, error) {
	if len(wanted) == 0 {
		return holdsPost(ctx, q, org, person, at)
	}
	query, args, err := dbx.In(`SELECT COUNT(*) FROM post p WHERE p.org_id = ? AND p.person_id = ? AND p.role IN (?) AND p.from_at <= ? AND `+inForce,
		org, person, wanted, at, at, at)
	if err != nil {
		return false, err
	}
	var n int64
	err = q.Get(ctx, &n, query, args...)
	return n > 0, err
}

// unconsented reads cross-appointments in force whose consent was withdrawn.
func unconsented(ctx context.Context, q dbx.Querier, limit int) ([]CrossAppointment, error) {
	var rows []CrossAppointment
	err := q.Select(ctx, &rows, `SELECT `+crossColumns+` FROM cross_appointment c JOIN personal_consent k ON k.id = c.consent_id
		WHERE c.to_at IS NULL AND k.withdrawn_at IS NOT NULL ORDER BY c.id LIMIT ?`, limit)
	return rows, err
}

func coverage(ctx context.Context, q dbx.Querier, path string, at clock.Instant) (Coverage, error) {
	out := Coverage{At: at, InForce: map[CrossKind]int64{}}
	low, high := authz.PathRange(path)
	const companies = `o.kind = 'company' AND o.state = 'active' AND o.keeper_path >= ? AND o.keeper_path < ?`
	managers := ` FROM post p JOIN organisation o ON o.id = p.org_id WHERE ` + companies + ` AND p.role = 'manager' AND p.from_at <= ? AND ` + inForce
	counts := []struct {
		into  *int64
		query string
		args  []any
	}{
		{&out.Companies, `SELECT COUNT(*) FROM organisation o WHERE ` + companies, []any{low, high}},
		{&out.CompaniesSupervised, `SELECT COUNT(*) FROM organisation o WHERE ` + companies +
			` AND EXISTS (SELECT 1 FROM cross_appointment c WHERE c.host_org_id = o.id AND c.post_kind = 'supervisor' AND ` + crossInForce + `)`, []any{low, high}},
		{&out.Managers, `SELECT COUNT(DISTINCT p.person_id)` + managers, []any{low, high, at, at, at}},
		{&out.ManagersPartTime, `SELECT COUNT(DISTINCT p.person_id)` + managers +
			` AND EXISTS (SELECT 1 FROM cross_appointment c WHERE c.person_id = p.person_id AND c.post_kind = 'part_time_member' AND c.scope_path >= ? AND c.scope_path < ? AND ` + crossInForce + `)`,
			[]any{low, high, at, at, at, low, high}},
	}
	for _, c := range counts {
		if err := q.Get(ctx, c.into, c.query, c.args...); err != nil {
			return out, err
		}
	}
	return out, q.Each(ctx, `SELECT c.post_kind, COUNT(*) FROM cross_appointment c WHERE c.scope_path >= ? AND c.scope_path < ? AND `+crossInForce+` GROUP BY c.post_kind`,
		[]any{low, high}, func(r dbx.Row) error {
			var kind CrossKind
			var n int64
			err := r.Scan(&kind, &n)
			out.InForce[kind] = n
			return err
		})
}

// endPersonal ends cross-appointments and declared interests of somebody who is being erased.
func endPersonal(ctx context.Context, tx *dbx.Tx, person id.ID, at clock.Instant) error {
	if _, err := tx.Exec(ctx, `UPDATE cross_appointment SET to_at = ?, ended_reason = ?, version = version + 1 WHERE person_id = ? AND to_at IS NULL`,
		at, string(EndErased), person); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE declared_interest SET to_at = ?, version = version + 1 WHERE person_id = ? AND to_at IS NULL`, at, person)
	return err
}
