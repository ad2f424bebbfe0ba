package org

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

type personRow struct {
	ID         id.ID          `db:"id"`
	Name       []byte         `db:"name_sealed"`
	NameIndex  []byte         `db:"name_index"`
	NameStated bool           `db:"name_stated"` // by the person alone, verified by nobody
	Phone      []byte         `db:"phone_sealed"`
	PhoneIndex []byte         `db:"phone_index"`
	CreatedAt  clock.Instant  `db:"created_at"`
	ErasedAt   *clock.Instant `db:"erased_at"`
	Version    int64          `db:"version"`
}

const personColumns = `id, name_sealed, name_index, name_stated, phone_sealed, phone_index, created_at, erased_at, version`

func personByPhone(ctx context.Context, q dbx.Querier, index []byte) (personRow, error) {
	var r personRow
	err := q.Get(ctx, &r, `SELECT `+personColumns+` FROM person WHERE phone_index = ?`, index)
	return r, err
}

func personsByID(ctx context.Context, q dbx.Querier, ids []id.ID) ([]personRow, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	query, args, err := dbx.In(`SELECT `+personColumns+` FROM person WHERE id IN (?)`, ids)
	if err != nil {
		return nil, err
	}
	var rows []personRow
	err = q.Select(ctx, &rows, query, args...)
	return rows, err
}

func insertPerson(ctx context.Context, tx *dbx.Tx, r personRow) error {
	return tx.ExecOne(ctx, `INSERT INTO person (id, name_sealed, name_index, phone_sealed, phone_index, created_at, version) VALUES (?, ?, ?, ?, ?, ?, 1)`,
		r.ID, r.Name, r.NameIndex, r.Phone, r.PhoneIndex, r.CreatedAt)
}

// setVerifiedName gives a name to who has none, or one that they only stated themselves.
func setVerifiedName(ctx context.Context, tx *dbx.Tx, person id.ID, sealed, index []byte) error {
	return tx.ExecOne(ctx, `UPDATE person SET name_sealed = ?, name_index = ?, name_stated = 0, version = version + 1
		WHERE id = ? AND (name_index IS NULL OR name_stated = 1) AND erased_at IS NULL`, sealed, index, person)
}

func setStatedName(ctx context.Context, tx *dbx.Tx, person id.ID, sealed, index []byte) error {
	return tx.ExecOne(ctx, `UPDATE person SET name_sealed = ?, name_index = ?, name_stated = 1, version = version + 1 WHERE id = ? AND name_index IS NULL AND erased_at IS NULL`,
		sealed, index, person)
}

// lockPerson makes the transaction wait for others that change the posts or interests of the same
// person, so that two of them cannot each miss the other's. An erased person is ErrNoMatch.
func lockPerson(ctx context.Context, tx *dbx.Tx, person id.ID) error {
	return tx.ExecOne(ctx, `UPDATE person SET version = version + 1 WHERE id = ? AND erased_at IS NULL`, person)
}

func erasePerson(ctx context.Context, tx *dbx.Tx, person id.ID, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE person SET name_sealed = NULL, name_index = NULL, name_stated = 0, phone_sealed = NULL, phone_index = NULL,
		erased_at = COALESCE(erased_at, ?), version = version + 1 WHERE id = ?`, at, person)
}
