package privacy

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// These queries read tables of other features, and write none: person and post (org), household_member and
// household_application (membership), account, login_session and api_token (authn).

// left is true of a person p who is known by name or phone, and whom nothing has tied to the platform since a moment.
const left = `p.erased_at IS NULL AND (p.name_sealed IS NOT NULL OR p.phone_sealed IS NOT NULL) AND p.created_at < ?
	AND NOT EXISTS (SELECT 1 FROM post o WHERE o.person_id = p.id AND (o.to_at IS NULL OR o.to_at >= ?))
	AND NOT EXISTS (SELECT 1 FROM household_member m WHERE m.person_id = p.id AND (m.to_at IS NULL OR m.to_at >= ?))
	AND NOT EXISTS (SELECT 1 FROM household_application h WHERE h.person_id = p.id AND (h.state = 'pending' OR h.applied_at >= ?))
	AND NOT EXISTS (SELECT 1 FROM account a JOIN login_session s ON s.account_id = a.id WHERE a.person_id = p.id AND s.seen_at >= ?)
	AND NOT EXISTS (SELECT 1 FROM account a JOIN api_token t ON t.account_id = a.id WHERE a.person_id = p.id AND t.last_used_at >= ?)`

func leftSince(before clock.Instant) []any {
	return []any{before, before, before, before, before, before}
}

// departed finds persons whose time of keeping is over.
func departed(ctx context.Context, q dbx.Querier, before clock.Instant, limit int) (out []id.ID, err error) {
	err = q.Select(ctx, &out, `SELECT p.id FROM person p WHERE `+left+` ORDER BY p.id LIMIT ?`, append(leftSince(before), limit)...)
	return out, err
}

// stillDeparted asks again within the transaction that clears.
func stillDeparted(ctx context.Context, tx *dbx.Tx, person id.ID, before clock.Instant) (bool, error) {
	var n int64
	err := tx.Get(ctx, &n, `SELECT COUNT(*) FROM person p WHERE p.id = ? AND `+left, append([]any{person}, leftSince(before)...)...)
	return n == 1, err
}
