package survey

import (
	"context"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// bundlePage is how many rows are read at once, so that a slow reader of a bundle holds no connection.
const bundlePage = 1000

// pageOfResponses lists the counted responses of a round behind a token's hash, ascending.
func pageOfResponses(ctx context.Context, q dbx.Querier, round id.ID, after ballot.Hash) ([]Response, error) {
	var out []Response
	err := q.Select(ctx, &out, `SELECT `+responseColumns+` FROM survey_response WHERE round_id = ? AND token_hash > ? ORDER BY token_hash LIMIT ?`,
		round, after, bundlePage)
	return out, err
}

// answersOf lists the answers of some strata with how they came in, ascending by their text.
func answersOf(ctx context.Context, q dbx.Querier, round id.ID, strata []id.ID) ([]Response, error) {
	query, args, err := dbx.In(`SELECT stratum_id, channel, lot, attribute_salt, answers FROM survey_response WHERE round_id = ? AND stratum_id IN (?) ORDER BY answers`, round, strata)
	if err != nil {
		return nil, err
	}
	var out []Response
	return out, q.Select(ctx, &out, query, args...)
}

// cardsOf lists the whole cards of a round, by revision.
func cardsOf(ctx context.Context, q dbx.Querier, round id.ID) ([]ScoreRow, error) {
	var out []ScoreRow
	err := q.Select(ctx, &out, `SELECT `+scoreColumns+` FROM survey_score WHERE round_id = ? AND area_id = ? ORDER BY revision`, round, id.Nil)
	return out, err
}
