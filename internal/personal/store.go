package personal

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// The states of a data key.
const (
	keyActive  = "active"
	keyRetired = "retired"
)

type keyRow struct {
	ID        id.ID         `db:"id"`
	Suite     string        `db:"suite"`
	Wrapped   []byte        `db:"wrapped"`
	State     string        `db:"state"`
	CreatedAt clock.Instant `db:"created_at"`
}

func keyRows(ctx context.Context, q dbx.Querier) ([]keyRow, error) {
	var rows []keyRow
	err := q.Select(ctx, &rows, `SELECT id, suite, wrapped, state, created_at FROM personal_key ORDER BY id`)
	return rows, err
}

func insertKey(ctx context.Context, tx *dbx.Tx, r keyRow) error {
	return tx.ExecOne(ctx, `INSERT INTO personal_key (id, suite, wrapped, state, created_at) VALUES (?, ?, ?, ?, ?)`,
		r.ID, r.Suite, r.Wrapped, r.State, r.CreatedAt)
}

func rewrapKey(ctx context.Context, tx *dbx.Tx, r keyRow, wrapped []byte) error {
	return tx.ExecOne(ctx, `UPDATE personal_key SET wrapped = ? WHERE id = ? AND wrapped = ?`, wrapped, r.ID, r.Wrapped)
}

func retireKey(ctx context.Context, tx *dbx.Tx, key id.ID, now clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE personal_key SET state = ?, retired_at = ? WHERE id = ? AND state = ?`, keyRetired, now, key, keyActive)
}

type sealedRow struct {
	ID     id.ID  `db:"id"`
	Sealed []byte `db:"sealed"`
}

// staleRows reads the next values that are not under the header of the active key.
// Safety: table and column names come from the inventory in code.
func staleRows(ctx context.Context, q dbx.Querier, e Entry, after id.ID, header []byte, limit int) ([]sealedRow, error) {
	var rows []sealedRow
	err := q.Select(ctx, &rows, `SELECT id, `+e.Sealed+` AS sealed FROM `+e.Table+
		` WHERE id > ? AND `+e.Sealed+` IS NOT NULL AND SUBSTR(`+e.Sealed+`, 1, ?) <> ? ORDER BY id LIMIT ?`,
		after, len(header), header, limit)
	return rows, err
}

// replaceSealed writes a value sealed anew, unless the row has changed since it was read.
// Safety: table and column names come from the inventory in code.
func replaceSealed(ctx context.Context, tx *dbx.Tx, e Entry, r sealedRow, fresh, index []byte) error {
	set, args := e.Sealed+` = ?`, []any{fresh}
	if e.Index != "" {
		set, args = set+`, `+e.Index+` = ?`, append(args, index)
	}
	return tx.ExecOne(ctx, `UPDATE `+e.Table+` SET `+set+` WHERE id = ? AND `+e.Sealed+` = ?`, append(args, r.ID, r.Sealed)...)
}

func insertReads(ctx context.Context, tx *dbx.Tx, reads []Read, at clock.Instant) error {
	rows := make([][]any, len(reads))
	for i, r := range reads {
		rows[i] = []any{id.New(), r.Reader, r.Capacity, r.Subject, string(r.Field), string(r.Reason), r.ObjectKind, r.Object, at}
	}
	return tx.InsertMany(ctx, `INSERT INTO personal_read (id, reader_id, capacity, subject_id, field, reason, object_kind, object_id, at)`, rows)
}

func readsOf(ctx context.Context, q dbx.Querier, subject, before id.ID, limit int) ([]Seen, error) {
	rows := []Seen{}
	err := q.Select(ctx, &rows, `SELECT id, capacity, field, reason, object_kind, object_id, at FROM personal_read
		WHERE subject_id = ? AND id < ? ORDER BY id DESC LIMIT ?`, subject, before, limit)
	return rows, err
}

func readsOfObject(ctx context.Context, q dbx.Querier, subject, object id.ID, limit int) ([]Seen, error) {
	var rows []Seen
	err := q.Select(ctx, &rows, `SELECT id, capacity, field, reason, object_kind, object_id, at FROM personal_read
		WHERE subject_id = ? AND object_id = ? ORDER BY id DESC LIMIT ?`, subject, object, limit)
	return rows, err
}

func insertConsent(ctx context.Context, tx *dbx.Tx, c Consent) error {
	return tx.ExecOne(ctx, `INSERT INTO personal_consent (id, person_id, purpose, text_hash, channel, recorded_by, given_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, c.ID, c.Person, string(c.Purpose), c.TextHash, string(c.Channel), c.RecordedBy, c.GivenAt)
}

// supersedeConsent ends a consent to an older text of the same purpose.
func supersedeConsent(ctx context.Context, tx *dbx.Tx, c Consent) error {
	_, err := tx.Exec(ctx, `UPDATE personal_consent SET withdrawn_at = ?, withdrawn_by = ?
		WHERE person_id = ? AND purpose = ? AND withdrawn_at IS NULL AND text_hash <> ?`,
		c.GivenAt, c.RecordedBy, c.Person, string(c.Purpose), c.TextHash)
	return err
}

func withdrawConsent(ctx context.Context, tx *dbx.Tx, person id.ID, p Purpose, by id.ID, now clock.Instant) (int64, error) {
	return tx.Exec(ctx, `UPDATE personal_consent SET withdrawn_at = ?, withdrawn_by = ?
		WHERE person_id = ? AND purpose = ? AND withdrawn_at IS NULL`, now, by, person, string(p))
}

const consentColumns = `id, person_id, purpose, text_hash, channel, recorded_by, given_at, withdrawn_at, withdrawn_by`

func consentInForce(ctx context.Context, q dbx.Querier, person id.ID, p Purpose) (Consent, error) {
	var c Consent
	err := q.Get(ctx, &c, `SELECT `+consentColumns+` FROM personal_consent
		WHERE person_id = ? AND purpose = ? AND withdrawn_at IS NULL`, person, string(p))
	return c, err
}

// consentBatch is how many persons are asked about in one statement.
const consentBatch = 500

func agreedAmong(ctx context.Context, q dbx.Querier, persons []id.ID, p Purpose) (map[id.ID]bool, error) {
	out := map[id.ID]bool{}
	for some := range slices.Chunk(persons, consentBatch) {
		query, args, err := dbx.In(`SELECT person_id FROM personal_consent WHERE purpose = ? AND withdrawn_at IS NULL AND person_id IN (?)`, string(p), some)
		if err != nil {
			return nil, err
		}
		var found []id.ID
		if err := q.Select(ctx, &found, query, args...); err != nil {
			return nil, err
		}
		for _, person := range found {
			out[person] = true
		}
	}
	return out, nil
}

func consentsOf(ctx context.Context, q dbx.Querier, person id.ID) ([]Consent, error) {
	rows := []Consent{}
	err := q.Select(ctx, &rows, `SELECT `+consentColumns+` FROM personal_consent WHERE person_id = ? ORDER BY id`, person)
	return rows, err
}
