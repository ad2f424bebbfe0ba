package survey

import (
	"bytes"
	"context"
	"fmt"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// countedTo is the last ballot of a closing round that is counted. They are counted in the order of their names and none comes any
// more, so that all before it are counted too.
func countedTo(ctx context.Context, q dbx.Querier, round id.ID) (ballot.Hash, error) {
	return firstName(ctx, q, `SELECT token_hash FROM survey_response WHERE round_id = ? ORDER BY token_hash DESC LIMIT 1`, round)
}

// firstName is what a query over names finds first; the zero hash, which names no ballot, when it finds none.
func firstName(ctx context.Context, q dbx.Querier, query string, args ...any) (ballot.Hash, error) {
	var found ballot.Hash
	err := q.Get(ctx, &found, query, args...)
	if dbx.IsNoRow(err) {
		return ballot.Hash{}, nil
	}
	return found, err
}

// anyUncounted tells whether a ballot of a closing round is not in the ledger.
func anyUncounted(ctx context.Context, q dbx.Querier, round id.ID) (bool, error) {
	last, err := countedTo(ctx, q, round)
	if err != nil {
		return false, err
	}
	next, err := firstName(ctx, q, `SELECT token_hash FROM survey_cast WHERE round_id = ? AND token_hash > ? ORDER BY token_hash LIMIT 1`, round, last)
	return next != ballot.Hash{}, err
}

// uncounted reads what the leaves of the next ballots of a closing round behind a name are made of.
func uncounted(ctx context.Context, q dbx.Querier, round id.ID, behind ballot.Hash, limit int) ([]Response, error) {
	out := make([]Response, 0, limit)
	err := q.Each(ctx, `SELECT token_hash, stratum_id, commitment, revision, opening, channel, lot, attribute_salt FROM survey_cast
		WHERE round_id = ? AND token_hash > ? ORDER BY token_hash LIMIT ?`, []any{round, behind, limit}, func(row dbx.Row) error {
		out = append(out, Response{RoundID: round})
		r := &out[len(out)-1]
		return row.Scan(&r.TokenHash, &r.StratumID, &r.Commitment, &r.Revision, &r.Opening, &r.Channel, &r.Lot, &r.AttributeSalt)
	})
	return out, err
}

// countCasts writes the ballots of a run, which begins behind a name, among the counted: in the order of their names, with places in
// the log from first on. All get the first place, which tells their own with it: numbering them took the database as long again.
func countCasts(ctx context.Context, tx *dbx.Tx, round id.ID, behind ballot.Hash, r run, first int64) error {
	done, err := tx.Exec(ctx, `INSERT INTO survey_response (`+responseColumns+`)
		SELECT `+castColumns+`, ? FROM survey_cast WHERE round_id = ? AND token_hash > ? AND token_hash <= ? ORDER BY token_hash`, first, round, behind, r.last)
	if err == nil && done != int64(r.n) {
		err = fmt.Errorf("survey: %d ballots were counted of %d in the ledger", done, r.n)
	}
	return err
}

// anyCast tells whether a round has casts, counted or not.
func anyCast(ctx context.Context, q dbx.Querier, round id.ID) (bool, error) {
	name, err := firstName(ctx, q, `SELECT token_hash FROM survey_cast WHERE round_id = ? ORDER BY token_hash LIMIT 1`, round)
	return name != ballot.Hash{}, err
}

// castPieces is how many pieces the casts of a round are forgotten in.
const castPieces = 64

// forgetCasts deletes the casts of a round in one of castPieces pieces by their names, and tells how many these were. All of them are
// counted, or none is deleted.
func forgetCasts(ctx context.Context, tx *dbx.Tx, round id.ID, piece int) (int64, error) {
	const width = (1 << 8) / castPieces
	from, to := ballot.Hash{byte(piece * width)}, ballot.Hash(bytes.Repeat([]byte{0xff}, len(ballot.Hash{})))
	to[0] = byte(piece*width + width - 1)
	done, err := tx.Exec(ctx, `DELETE FROM survey_cast WHERE round_id = ? AND token_hash >= ? AND token_hash <= ?`, round, from, to)
	if err != nil || done == 0 {
		return 0, err
	}
	var counted int64
	err = tx.Get(ctx, &counted, `SELECT COUNT(*) FROM survey_response WHERE round_id = ? AND token_hash >= ? AND token_hash <= ?`, round, from, to)
	if err == nil && done != counted {
		err = fmt.Errorf("survey: of %d casts %d are counted", done, counted)
	}
	return done, err
}
