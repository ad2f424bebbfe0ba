package org

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

const orgColumns = `o.id, o.kind, o.name, o.credit_code, o.area_id, o.scope_path, o.keeper_path, o.public_phone, o.address, o.state, o.created_at, o.closed_at, o.version`

func organisation(ctx context.Context, q dbx.Querier, org id.ID) (Organisation, error) {
	var o Organisation
	err := q.Get(ctx, &o, `SELECT `+orgColumns+` FROM organisation o WHERE o.id = ?`, org)
	return o, err
}

func insertOrganisation(ctx context.Context, tx *dbx.Tx, o Organisation) error {
	return tx.ExecOne(ctx, `INSERT INTO organisation
		(id, kind, name, credit_code, area_id, scope_path, keeper_path, public_phone, address, state, created_at, post_changes, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`,
		o.ID, string(o.Kind), o.Name, o.CreditCode, o.Area, o.ScopePath, o.KeeperPath, o.PublicPhone, o.Address, string(o.State), o.CreatedAt, o.Version)
}

func updateOrganisation(ctx context.Context, tx *dbx.Tx, o Organisation, version int64) error {
	return tx.ExecOne(ctx, `UPDATE organisation SET name = ?, credit_code = ?, public_phone = ?, address = ?, version = version + 1
		WHERE id = ? AND state = 'active' AND version = ?`, o.Name, o.CreditCode, o.PublicPhone, o.Address, o.ID, version)
}

func companyByCode(ctx context.Context, q dbx.Querier, code string) (Organisation, error) {
	var o Organisation
	err := q.Get(ctx, &o, `SELECT `+orgColumns+` FROM organisation o WHERE o.credit_code = ? AND o.kind = 'company'`, code)
	return o, err
}

func closeOrganisation(ctx context.Context, tx *dbx.Tx, org id.ID, version int64, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE organisation SET state = 'closed', closed_at = ?, version = version + 1
		WHERE id = ? AND state = 'active' AND version = ?`, at, org, version)
}

// lockPosts makes the transaction wait for others that change posts of the same organisation, so that
// rules over all its posts (none in force when it closes, the last manager) hold. A closed one is ErrNoMatch.
func lockPosts(ctx context.Context, tx *dbx.Tx, org id.ID) error {
	return tx.ExecOne(ctx, `UPDATE organisation SET post_changes = post_changes + 1 WHERE id = ? AND state = 'active'`, org)
}

// listing is a list of organisations in the order of name and id.
type listing struct {
	where string // condition and its arguments from authz, or "1 = 1"
	args  []any
	Kind  Kind
	Name  string // beginning of the name
	Under string // keeper path at or below
	State State
	After []string // name and id of the last row before; nil at the beginning
	Limit int
}

func (l listing) query(columns string) (string, []any, error) {
	query, args := `SELECT `+columns+` FROM organisation o WHERE `+l.where, l.args
	add := func(cond string, vals ...any) { query, args = query+` AND `+cond, append(args, vals...) }
	if l.Kind != "" {
		add(`o.kind = ?`, string(l.Kind))
	}
	if l.Name != "" {
		add(`o.name >= ? AND o.name < ?`, l.Name, l.Name+string(rune(0x10FFFF)))
	}
	if l.Under != "" {
		add(`o.keeper_path >= ? AND o.keeper_path < ?`, l.Under, l.Under+"~")
	}
	if l.State != "" {
		add(`o.state = ?`, string(l.State))
	}
	if l.After != nil {
		last, err := id.Parse(l.After[1])
		if err != nil {
			return "", nil, badCursor()
		}
		add(`(o.name > ? OR (o.name = ? AND o.id > ?))`, l.After[0], l.After[0], last)
	}
	return query + ` ORDER BY o.name, o.id LIMIT ?`, append(args, l.Limit), nil
}

func organisations(ctx context.Context, q dbx.Querier, l listing) ([]Organisation, error) {
	query, args, err := l.query(orgColumns)
	if err != nil {
		return nil, err
	}
	var rows []Organisation
	err = q.Select(ctx, &rows, query, args...)
	return rows, err
}

func cards(ctx context.Context, q dbx.Querier, l listing) ([]Card, error) {
	query, args, err := l.query(`o.id, o.kind, o.name, o.public_phone, o.address`)
	if err != nil {
		return nil, err
	}
	var rows []Card
	err = q.Select(ctx, &rows, query, args...)
	return rows, err
}
