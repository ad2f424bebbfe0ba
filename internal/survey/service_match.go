package survey

import (
	"context"
	"encoding/json"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// matches tells whether what is kept beside a card says the same: the projects' parts of it, the names of the responses, and
// the seals of the draws, which are in leaves of their own.
func (s *Service) matches(ctx context.Context, r Round, card Card, hash ballot.Hash) (bool, error) {
	for _, check := range []func() (bool, error){
		func() (bool, error) { return s.partsMatch(ctx, r, card, hash) },
		func() (bool, error) { return namesMatch(ctx, s.DB, r.ID) },
		func() (bool, error) { return sealsMatch(ctx, s.DB, r.ID) },
	} {
		if ok, err := check(); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

func (s *Service) partsMatch(ctx context.Context, r Round, card Card, hash ballot.Hash) (bool, error) {
	for _, pc := range card.Projects {
		row, err := scoreOf(ctx, s.DB, r.ID, pc.ServiceAreaID, card.Revision)
		if err != nil {
			return false, err
		}
		body, err := json.Marshal(pc)
		if err != nil || string(body) != row.Content || row.Hash != hash {
			return false, err
		}
	}
	return true, nil
}

// namesMatch tells whether each response is under the name that its token gives, by which its household looks for it.
func namesMatch(ctx context.Context, q dbx.Querier, round id.ID) (bool, error) {
	ok := true
	err := q.Each(ctx, `SELECT token_hash, token FROM survey_response WHERE round_id = ?`, []any{round}, func(row dbx.Row) error {
		var name, token ballot.Hash
		err := row.Scan(&name, &token)
		ok = ok && ballot.Token(token).Hash(round) == name
		return err
	})
	return ok, err
}

// sealsMatch tells whether the seals of the draws are those in the leaves.
func sealsMatch(ctx context.Context, q dbx.Querier, round id.ID) (bool, error) {
	strata, err := strataOf(ctx, q, round)
	if err != nil {
		return false, err
	}
	leaves, err := leavesOf(ctx, q, round)
	if err != nil {
		return false, err
	}
	type place struct {
		key ballot.Hash
		day clock.Date
	}
	sealed := map[place]ballot.Hash{}
	for _, l := range leaves {
		entry, err := ballot.ParseEntry([]byte(l.Body))
		if err != nil {
			return false, nil //nolint:nilerr // a damaged leaf is what is looked for
		}
		if seal, ok := entry.(ballot.DrawSeal); ok {
			sealed[place{seal.Key, seal.Day}] = seal.Root
		}
	}
	seals, err := sealsOf(ctx, q, round)
	keys := keysOf(strata)
	for _, seal := range seals {
		if root, ok := sealed[place{keys[seal.StratumID], seal.Day}]; !ok || root != seal.Root {
			return false, err
		}
	}
	return len(seals) == len(sealed), err
}
