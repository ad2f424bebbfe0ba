package authn

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

const accountColumns = `id, person_id, user_name, password_hash, must_change, state, created_at, version`

// standingColumns needs the moment of now and that since when a session must have been seen, in this order.
const standingColumns = `a.id, a.state, CASE WHEN a.password_hash IS NULL THEN 0 ELSE 1 END AS has_password, a.created_at,
	(SELECT MAX(s.seen_at) FROM login_session s WHERE s.account_id = a.id) AS seen_at,
	(SELECT COUNT(*) FROM login_session s WHERE s.account_id = a.id AND s.revoked_at IS NULL AND s.expires_at > ? AND s.seen_at > ? AND a.state = 'active') AS sessions`

func standingOf(ctx context.Context, q dbx.Querier, account id.ID, now, idleSince clock.Instant) (a Standing, err error) {
	err = q.Get(ctx, &a, `SELECT `+standingColumns+` FROM account a WHERE a.id = ?`, now, idleSince, account)
	return a, err
}

// lockedStandings lists locked accounts from the newest on; the zero ID begins.
func lockedStandings(ctx context.Context, q dbx.Querier, before id.ID, now, idleSince clock.Instant, limit int) (list []Standing, err error) {
	where, args := `a.state = 'locked'`, []any{now, idleSince}
	if !before.IsZero() {
		where, args = where+` AND a.id < ?`, append(args, before)
	}
	err = q.Select(ctx, &list, `SELECT `+standingColumns+` FROM account a WHERE `+where+` ORDER BY a.id DESC LIMIT ?`, append(args, limit)...)
	return list, err
}

func anyAccount(ctx context.Context, q dbx.Querier) (bool, error) {
	var n int64
	err := q.Get(ctx, &n, `SELECT COUNT(*) FROM (SELECT id FROM account LIMIT 1) found`)
	return n > 0, err
}

func accountBy(ctx context.Context, q dbx.Querier, column string, value any) (*Account, error) {
	var a Account
	err := q.Get(ctx, &a, `SELECT `+accountColumns+` FROM account WHERE `+column+` = ?`, value)
	if dbx.IsNoRow(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &a, nil
}

func insertAccount(ctx context.Context, tx *dbx.Tx, a Account) error {
	_, err := tx.Exec(ctx, `INSERT INTO account (`+accountColumns+`) VALUES (?,?,?,?,?,?,?,?)`,
		a.ID, a.Person, a.UserName, a.PasswordHash, a.MustChange, a.State, a.CreatedAt, a.Version)
	return err
}

func updatePassword(ctx context.Context, tx *dbx.Tx, account id.ID, hash string, mustChange bool, version int64) error {
	return tx.ExecOne(ctx, `UPDATE account SET password_hash = ?, must_change = ?, version = version + 1 WHERE id = ? AND version = ? AND state = 'active'`,
		hash, mustChange, account, version)
}

func updateUserName(ctx context.Context, tx *dbx.Tx, account id.ID, name string, version int64) error {
	return tx.ExecOne(ctx, `UPDATE account SET user_name = ?, version = version + 1 WHERE id = ? AND version = ? AND state = 'active'`, name, account, version)
}

func updateState(ctx context.Context, tx *dbx.Tx, account id.ID, from, to State) error {
	return tx.ExecOne(ctx, `UPDATE account SET state = ?, version = version + 1 WHERE id = ? AND state = ?`, to, account, from)
}

// eraseAccount leaves the row, which other rows name, and nothing in it that tells who it was.
func eraseAccount(ctx context.Context, tx *dbx.Tx, account id.ID) error {
	return tx.ExecOne(ctx, `UPDATE account SET state = 'erased', user_name = NULL, password_hash = NULL, version = version + 1 WHERE id = ?`, account)
}

func insertSession(ctx context.Context, tx *dbx.Tx, s Session, hash [32]byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO login_session (id, token_hash, account_id, device, origin, created_at, seen_at, expires_at) VALUES (?,?,?,?,?,?,?,?)`,
		s.ID, hash[:], s.Account, s.Device, s.How, s.CreatedAt, s.SeenAt, s.ExpiresAt)
	return err
}

// caller is a session or token with its account, as each request needs it.
type caller struct {
	ID        id.ID         `db:"id"`
	Account   id.ID         `db:"account_id"`
	Person    id.ID         `db:"person_id"`
	SeenAt    clock.Instant `db:"seen_at"`
	CreatedAt clock.Instant `db:"created_at"`
	Scopes    Scopes        `db:"scopes"`
	// MustChange: the password was made by somebody else.
	MustChange bool `db:"must_change"`
	// Origin is how a session began; empty for a token.
	Origin string `db:"origin"`
}

func callerBySession(ctx context.Context, q dbx.Querier, hash [32]byte, now, idleSince clock.Instant) (c caller, err error) {
	err = q.Get(ctx, &c, `SELECT s.id, s.account_id, a.person_id, s.seen_at, s.created_at, '' AS scopes, a.must_change, s.origin
		FROM login_session s JOIN account a ON a.id = s.account_id
		WHERE s.token_hash = ? AND s.revoked_at IS NULL AND s.expires_at > ? AND s.seen_at > ? AND a.state = 'active'`, hash[:], now, idleSince)
	return c, err
}

func callerByToken(ctx context.Context, q dbx.Querier, hash [32]byte, now clock.Instant) (c caller, err error) {
	err = q.Get(ctx, &c, `SELECT t.id, t.account_id, a.person_id, COALESCE(t.last_used_at, 0) AS seen_at, t.created_at, t.scopes, a.must_change
		FROM api_token t JOIN account a ON a.id = t.account_id
		WHERE t.token_hash = ? AND t.revoked_at IS NULL AND t.expires_at > ? AND a.state = 'active'`, hash[:], now)
	return c, err
}

// callerByID reads a session, or a token, by its id.
func callerByID(ctx context.Context, q dbx.Querier, which id.ID, now, idleSince clock.Instant, token bool) (c caller, err error) {
	if token {
		err = q.Get(ctx, &c, `SELECT t.id, t.account_id, a.person_id, 0 AS seen_at, t.created_at, t.scopes, a.must_change
			FROM api_token t JOIN account a ON a.id = t.account_id
			WHERE t.id = ? AND t.revoked_at IS NULL AND t.expires_at > ? AND a.state = 'active'`, which, now)
		return c, err
	}
	err = q.Get(ctx, &c, `SELECT s.id, s.account_id, a.person_id, s.seen_at, s.created_at, '' AS scopes, a.must_change, s.origin
		FROM login_session s JOIN account a ON a.id = s.account_id
		WHERE s.id = ? AND s.revoked_at IS NULL AND s.expires_at > ? AND s.seen_at > ? AND a.state = 'active'`, which, now, idleSince)
	return c, err
}

func touchSession(ctx context.Context, tx *dbx.Tx, session id.ID, now clock.Instant) error {
	_, err := tx.Exec(ctx, `UPDATE login_session SET seen_at = ? WHERE id = ? AND seen_at < ?`, now, session, now)
	return err
}

func touchToken(ctx context.Context, tx *dbx.Tx, token id.ID, now clock.Instant) error {
	_, err := tx.Exec(ctx, `UPDATE api_token SET last_used_at = ? WHERE id = ?`, now, token)
	return err
}

func sessionsOf(ctx context.Context, q dbx.Querier, account id.ID, now, idleSince clock.Instant) (list []Session, err error) {
	err = q.Select(ctx, &list, `SELECT id, account_id, device, created_at, seen_at, expires_at, revoked_at, origin FROM login_session
		WHERE account_id = ? AND revoked_at IS NULL AND expires_at > ? AND seen_at > ? ORDER BY id DESC`, account, now, idleSince)
	return list, err
}

// sessionOrigin tells how and when a session began; nothing for a token.
func sessionOrigin(ctx context.Context, q dbx.Querier, session, account id.ID) (how string, at clock.Instant, err error) {
	var row struct {
		Origin    string        `db:"origin"`
		CreatedAt clock.Instant `db:"created_at"`
	}
	err = q.Get(ctx, &row, `SELECT origin, created_at FROM login_session WHERE id = ? AND account_id = ?`, session, account)
	if dbx.IsNoRow(err) {
		return "", 0, nil
	}
	return row.Origin, row.CreatedAt, err
}

func revokeSession(ctx context.Context, tx *dbx.Tx, account, session id.ID, now clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE login_session SET revoked_at = ? WHERE id = ? AND account_id = ? AND revoked_at IS NULL`, now, session, account)
}

// revokeSessions ends all sessions of the account but keep; the zero ID keeps none.
func revokeSessions(ctx context.Context, tx *dbx.Tx, account, keep id.ID, now clock.Instant) error {
	_, err := tx.Exec(ctx, `UPDATE login_session SET revoked_at = ? WHERE account_id = ? AND id <> ? AND revoked_at IS NULL`, now, account, keep)
	return err
}

func insertToken(ctx context.Context, tx *dbx.Tx, t Token, hash [32]byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO api_token (id, token_hash, account_id, name, scopes, created_at, expires_at) VALUES (?,?,?,?,?,?,?)`,
		t.ID, hash[:], t.Account, t.Name, t.Scopes.text(), t.CreatedAt, t.ExpiresAt)
	return err
}

func tokensOf(ctx context.Context, q dbx.Querier, account id.ID, now clock.Instant) ([]Token, error) {
	list := []Token{}
	err := q.Select(ctx, &list, `SELECT id, account_id, name, scopes, created_at, expires_at, last_used_at, revoked_at FROM api_token
		WHERE account_id = ? AND revoked_at IS NULL AND expires_at > ? ORDER BY id DESC`, account, now)
	return list, err
}

func revokeToken(ctx context.Context, tx *dbx.Tx, account, token id.ID, now clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE api_token SET revoked_at = ? WHERE id = ? AND account_id = ? AND revoked_at IS NULL`, now, token, account)
}

func revokeTokens(ctx context.Context, tx *dbx.Tx, account id.ID, now clock.Instant) error {
	_, err := tx.Exec(ctx, `UPDATE api_token SET revoked_at = ? WHERE account_id = ? AND revoked_at IS NULL`, now, account)
	return err
}

func insertCode(ctx context.Context, tx *dbx.Tx, phone, hash []byte, at, until clock.Instant) error {
	_, err := tx.Exec(ctx, `INSERT INTO one_time_code (id, phone_index, code_hash, created_at, expires_at, tries) VALUES (?,?,?,?,?,0)`,
		id.New(), phone, hash, at, until)
	return err
}

type codeRow struct {
	ID   id.ID  `db:"id"`
	Hash []byte `db:"code_hash"`
}

// newestCode is the one code of a phone that can still be used: a newer request makes older ones void.
func newestCode(ctx context.Context, tx *dbx.Tx, phone []byte, now clock.Instant) (c codeRow, err error) {
	err = tx.Get(ctx, &c, `SELECT id, code_hash FROM one_time_code
		WHERE id = (SELECT MAX(id) FROM one_time_code WHERE phone_index = ?) AND used_at IS NULL AND expires_at > ?`, phone, now)
	return c, err
}

// countTry takes one of the code's tries before the code is compared.
func countTry(ctx context.Context, tx *dbx.Tx, code id.ID, most int) error {
	return tx.ExecOne(ctx, `UPDATE one_time_code SET tries = tries + 1 WHERE id = ? AND used_at IS NULL AND tries < ?`, code, most)
}

func useCode(ctx context.Context, tx *dbx.Tx, code id.ID, now clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE one_time_code SET used_at = ? WHERE id = ? AND used_at IS NULL`, now, code)
}

func sweep(ctx context.Context, tx *dbx.Tx, codes, sessions clock.Instant) error {
	if _, err := tx.Exec(ctx, `DELETE FROM one_time_code WHERE expires_at < ?`, codes); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM login_ticket WHERE expires_at < ?`, codes); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM login_session WHERE expires_at < ?`, sessions)
	return err
}
