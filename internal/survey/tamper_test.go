package survey

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/bundle"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/ledger"
)

// change overwrites a column of the first row of a table that has a value there, and returns what takes it back.
func (w *world) change(table, column, where string, to func([]byte) []byte) (undo func()) {
	w.t.Helper()
	var before []byte
	require.NoError(w.t, w.db.Get(w.ctx(), &before, fmt.Sprintf(`SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT 1`, column, table, where, column)))
	number := bytes.ContainsAny(before[:1], "0123456789") && len(before) < 8
	set := func(from, to []byte) {
		var a, b any = from, to
		if number || slices.Contains([]string{"channel", "lot"}, column) || column == "answers" || column == "body" || column == "content" || column == "drawn_on" || column == "note" {
			a, b = string(from), string(to)
		}
		require.NoError(w.t, w.db.InTx(w.ctx(), func(ctx context.Context, tx *dbx.Tx) error {
			n, err := tx.Exec(ctx, fmt.Sprintf(`UPDATE %s SET %s = ? WHERE %s = ? AND %s`, table, column, column, where), b, a)
			if n == 0 && err == nil {
				err = errors.New("nothing was changed")
			}
			return err
		}))
	}
	after := to(before)
	require.NotEqual(w.t, before, after)
	set(before, after)
	return func() { set(after, before) }
}

// inspected is what anybody finds who checks a round: the bundle, the stored score, and the sealed lists.
func (w *world) inspected(r Round) (problems []string) {
	w.t.Helper()
	if same, err := w.Recomputed(w.ctx(), r); err != nil || !same {
		problems = append(problems, fmt.Sprintf("recomputed: %v %v", same, err))
	}
	if write, err := w.Bundle(w.ctx(), r.ID); err != nil {
		problems = append(problems, err.Error())
	} else {
		var out bytes.Buffer
		if err := write(&out); err != nil {
			problems = append(problems, err.Error())
		} else if report, err := bundle.Verify(&out, bundle.Options{VerifierKey: w.log.VerifierKey()}); err != nil {
			problems = append(problems, err.Error())
		} else {
			problems = append(problems, report.Problems...)
		}
	}
	log, err := w.log.Verify(w.ctx(), w.db, ballot.Log, func(ledger.Leaf) (string, error) { return "", nil })
	require.NoError(w.t, err)
	return append(append(problems, log.Problems...), w.sealProblems(r)...)
}

// sealProblems compares the published lists of each day with the leaves.
func (w *world) sealProblems(r Round) (problems []string) {
	leaves, err := w.Leaves(w.ctx(), r.ID)
	require.NoError(w.t, err)
	for _, l := range leaves {
		entry, err := ballot.ParseEntry([]byte(l.Body))
		if err != nil || ballot.Leaf([]byte(l.Body)) != l.Hash {
			problems = append(problems, fmt.Sprintf("leaf %d", l.No))
			continue
		}
		seal, ok := entry.(ballot.DrawSeal)
		if !ok {
			continue
		}
		st, err := stratumByKey(w.ctx(), w.db, seal.Key)
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		list, err := w.SealedList(w.ctx(), r.ID, st.Code(), seal.Day)
		if err != nil || ballot.CheckDay(seal, list) != nil {
			problems = append(problems, "the draws of "+string(seal.Day))
		}
	}
	return problems
}

// Whatever one byte is changed of a round after it was counted, somebody who checks finds it.
func TestAFlippedByteIsFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.counted(map[id.ID]int{w.area: 40}, w.area)
		require.Empty(t, w.inspected(r))
		middle := func(b []byte) []byte { return flipped(b) }
		digit := func(b []byte) []byte { // another digit, so that the text stays one
			out := bytes.Clone(b)
			for i := len(out) - 1; i >= 0; i-- {
				if out[i] >= '0' && out[i] <= '9' {
					out[i] = '0' + (out[i]-'0'+1)%6
					return out
				}
			}
			return out
		}
		later := func(b []byte) []byte { return []byte(clock.Date(b).AddDays(1)) }
		cases := []struct {
			table, column, where string
			to                   func([]byte) []byte
		}{
			{"survey_response", "answers", "pos IS NOT NULL", digit}, {"survey_response", "salt", "1=1", middle}, {"survey_response", "commitment", "1=1", middle},
			{"survey_response", "token", "1=1", middle}, {"survey_response", "token_hash", "1=1", middle}, {"survey_response", "prefix", "1=1", middle}, {"survey_response", "signature", "1=1", middle},
			{"survey_response", "opening", "1=1", middle}, {"survey_response", "text_hash", "1=1", middle}, {"survey_response", "attribute_salt", "1=1", middle}, {"survey_response", "stratum_id", "1=1", middle},
			{"survey_draw", "dwelling_id", "1=1", middle}, {"survey_draw", "drawn_on", "1=1", later}, {"survey_dwelling", "secret", "stratum_id IS NOT NULL", middle},
			{"survey_leaf", "body", "kind = 'draw_seal'", digit}, {"survey_leaf", "body", "kind = 'closed'", digit}, {"survey_leaf", "body", "kind = 'round_opened'", digit}, {"survey_leaf", "body", "kind = 'score'", digit}, {"survey_leaf", "leaf", "1=1", middle},
			{"survey_stratum", "public_key", "1=1", middle}, {"survey_score", "content", "area_id = x'" + zeros + "'", digit}, {"survey_score", "hash", "area_id = x'" + zeros + "'", middle},
			{"survey_score", "content", "area_id <> x'" + zeros + "'", digit}, {"survey_score", "hash", "area_id <> x'" + zeros + "'", middle},
			{"survey_form", "content", "1=1", digit}, {"ledger_leaf", "leaf", "log = 'surveys'", middle},
			{"survey_seal", "root", "1=1", middle},
		}
		for _, c := range cases {
			undo := w.change(c.table, c.column, c.where, c.to)
			found := w.inspected(r)
			if len(found) == 0 {
				t.Errorf("%s.%s where %s: nobody finds it", c.table, c.column, c.where)
				found = []string{"nothing"}
			}
			t.Logf("%s.%s: %s", c.table, c.column, found[0])
			undo()
		}
		require.Empty(t, w.inspected(r))
	})
}

const zeros = "00000000000000000000000000000000"

// Somebody drops a response from the table, changes another, and adds a third so that their number is as before: every other one is
// found where it stands in the ledger.
func TestADroppedResponseMovesNoOther(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	r := w.counted(map[id.ID]int{w.area: 30}, w.area)
	var names []ballot.Hash
	require.NoError(t, w.db.Select(t.Context(), &names, `SELECT token_hash FROM survey_response WHERE round_id = ? ORDER BY token_hash`, r.ID))
	where := make([]int64, len(names))
	for i, name := range names {
		c, err := w.Counted(t.Context(), r.ID, name)
		require.NoError(t, err)
		where[i] = c.Pos
		require.Equal(t, where[0]+int64(i), c.Pos)
	}
	const dropped, changed = 5, 11
	var added ballot.Hash
	copy(added[:], bytes.Repeat([]byte{0xff}, len(added)))
	w.exec(`UPDATE survey_response SET token_hash = ? WHERE token_hash = ?`, added, names[dropped])
	w.exec(`UPDATE survey_response SET opening = token WHERE token_hash = ?`, names[changed])
	for i, name := range names {
		c, err := w.Counted(t.Context(), r.ID, name)
		if i == dropped {
			code(t, "not_found", err)
			continue
		}
		require.NoError(t, err)
		if i != changed {
			require.Equal(t, where[i], c.Pos, "response %d", i)
		}
	}
	var placed []int64
	strata, err := strataOf(t.Context(), w.db, r.ID)
	require.NoError(t, err)
	src := &bundleSource{s: w.Service, round: r, strata: strata, at: map[id.ID]int{}, keys: keysOf(strata)}
	require.NoError(t, src.Responses(t.Context(), func(b *bundle.Response) error {
		placed = append(placed, b.Pos)
		return nil
	}))
	require.Equal(t, slices.Delete(where, dropped, dropped+1), placed[:len(placed)-1], "the changed one too is told from its neighbours")
	require.NotEmpty(t, w.inspected(r))
}
