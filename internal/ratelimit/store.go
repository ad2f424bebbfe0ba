package ratelimit

import (
	"context"
	"errors"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Store keeps overrides in the table rate_limit_override; it is the OverrideSource of a running program.
// Authorization and audit are its caller's, in the same transaction.
type Store struct{ db dbx.Querier }

// NewStore reads through db.
func NewStore(db dbx.Querier) *Store { return &Store{db: db} }

// StoredOverride is an override with what the table knows beside it.
type StoredOverride struct {
	Override
	Version   int64 // for If-Match: grows with each change
	UpdatedAt clock.Instant
}

type overrideRow struct {
	Number    int            `db:"limit_number"`
	Key       string         `db:"bucket_key"`
	Burst     int64          `db:"burst"`
	Count     int64          `db:"token_count"`
	PeriodMS  int64          `db:"period_ms"`
	Author    id.ID          `db:"author_id"`
	Comment   string         `db:"comment_text"`
	Enabled   bool           `db:"enabled"`
	ExpiresAt *clock.Instant `db:"expires_at"`
	Version   int64          `db:"version"`
	UpdatedAt clock.Instant  `db:"updated_at"`
}

func (r overrideRow) stored() StoredOverride {
	return StoredOverride{
		Override: Override{
			Name:      Name(r.Number),
			Key:       r.Key,
			Limit:     Rate{Burst: r.Burst, Count: r.Count, Period: milliseconds(r.PeriodMS)},
			Author:    r.Author,
			Comment:   r.Comment,
			Enabled:   r.Enabled,
			ExpiresAt: r.ExpiresAt,
		},
		Version:   r.Version,
		UpdatedAt: r.UpdatedAt,
	}
}

// milliseconds makes a duration of a stored period; one beyond any valid period becomes a negative one, which
// validation refuses, rather than wrapping round to something plausible.
func milliseconds(ms int64) time.Duration {
	if ms > maxWindow.Milliseconds() {
		return -1
	}
	return time.Duration(ms) * time.Millisecond
}

// List returns every override, the disabled and expired ones too, by limit and key.
func (s *Store) List(ctx context.Context) ([]StoredOverride, error) {
	var rows []overrideRow
	err := s.db.Select(ctx, &rows, `SELECT limit_number, bucket_key, burst, token_count, period_ms, author_id, comment_text, enabled, expires_at, version, updated_at
		FROM rate_limit_override ORDER BY limit_number, bucket_key`)
	if err != nil {
		return nil, err
	}
	all := make([]StoredOverride, len(rows))
	for i, r := range rows {
		all[i] = r.stored()
	}
	return all, nil
}

// Load implements OverrideSource.
func (s *Store) Load(ctx context.Context) ([]Override, error) {
	stored, err := s.List(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Override, len(stored))
	for i, o := range stored {
		all[i] = o.Override
	}
	return all, nil
}

// Add stores a new override as version 1. It returns Validate's fault, or fault.Conflict
// "ratelimit.override_exists" when the bucket has one.
func (s *Store) Add(ctx context.Context, tx *dbx.Tx, o Override, now clock.Instant) error {
	o.Comment = norm.NFC.String(o.Comment)
	if err := o.Validate(); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO rate_limit_override
		(limit_number, bucket_key, burst, token_count, period_ms, author_id, comment_text, enabled, expires_at, version, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)`,
		int(o.Name), o.Key, o.Limit.Burst, o.Limit.Count, o.Limit.Period.Milliseconds(), o.Author, o.Comment, o.Enabled, o.ExpiresAt, now)
	if dbx.IsDuplicate(err) {
		return fault.New(fault.Conflict, "ratelimit.override_exists").Because(err)
	}
	return err
}

// Change replaces the override of o's limit and key, if version is still its version. It returns Validate's
// fault, or fault.Stale "ratelimit.override_changed" when somebody changed or removed it meanwhile.
func (s *Store) Change(ctx context.Context, tx *dbx.Tx, o Override, version int64, now clock.Instant) error {
	o.Comment = norm.NFC.String(o.Comment)
	if err := o.Validate(); err != nil {
		return err
	}
	return stale(tx.ExecOne(ctx, `UPDATE rate_limit_override SET burst = ?, token_count = ?, period_ms = ?, author_id = ?, comment_text = ?,
		enabled = ?, expires_at = ?, version = version + 1, updated_at = ?
		WHERE limit_number = ? AND bucket_key = ? AND version = ?`,
		o.Limit.Burst, o.Limit.Count, o.Limit.Period.Milliseconds(), o.Author, o.Comment, o.Enabled, o.ExpiresAt, now,
		int(o.Name), o.Key, version))
}

// Remove deletes an override, if version is still its version, else it returns fault.Stale
// "ratelimit.override_changed". A number of no known limit can be removed too.
func (s *Store) Remove(ctx context.Context, tx *dbx.Tx, n Name, key string, version int64) error {
	return stale(tx.ExecOne(ctx, `DELETE FROM rate_limit_override WHERE limit_number = ? AND bucket_key = ? AND version = ?`, int(n), key, version))
}

func stale(err error) error {
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Stale, "ratelimit.override_changed").Because(err)
	}
	return err
}
