package survey

import (
	"bytes"
	"database/sql"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// The four tables of ballots have these columns and no other: no time, no sequence, no id that grows with time. Whoever adds a
// column here has thought about what it gives away.
func TestTheTablesOfBallotsKeepNoTrace(t *testing.T) {
	want := map[string]string{
		"survey_draw":     "blinded_hash draw_hash drawn_on dwelling_id round_id stratum_id",
		"survey_cast":     "answers attribute_salt channel commitment lot opening prefix revision round_id salt signature stratum_id text_hash token token_hash",
		"survey_response": "answers attribute_salt channel commitment lot opening pos prefix revision round_id salt signature stratum_id text_hash token token_hash",
		"survey_text":     "content item round_id service_area_id text_key",
	}
	keys := map[string]string{"survey_draw": "draw_hash", "survey_cast": "round_id token_hash", "survey_response": "round_id token_hash", "survey_text": "round_id text_key item"}
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		for table, columns := range want {
			require.Equal(t, columns, strings.Join(slices.Sorted(slices.Values(columnsOf(t, db, table))), " "), table)
			if db.Dialect() == dbx.SQLite {
				require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM sqlite_master WHERE name = ? AND sql LIKE '%WITHOUT ROWID%'`, table), table)
				var key []string
				require.NoError(t, db.Select(t.Context(), &key, `SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk`, table))
				require.Equal(t, keys[table], strings.Join(key, " "))
				continue
			}
			var key []string
			require.NoError(t, db.Select(t.Context(), &key, `SELECT column_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? AND index_name = 'PRIMARY' ORDER BY seq_in_index`, table))
			require.Equal(t, keys[table], strings.Join(key, " "))
			require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?
				AND (extra <> '' OR data_type IN ('timestamp', 'datetime', 'date', 'time'))`, table))
		}
		// A second index of a table keeps its entries in the order of writing for longer than the closing mends.
		for _, table := range []string{"survey_cast", "survey_response", "survey_text"} {
			n := 0
			if db.Dialect() == dbx.SQLite {
				n = count1(t, db, `SELECT COUNT(*) FROM pragma_index_list(?) WHERE origin <> 'pk'`, table)
			} else {
				n = count1(t, db, `SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? AND index_name <> 'PRIMARY'`, table)
			}
			require.Zero(t, n, table)
		}
	})
}

func columnsOf(t testing.TB, db *dbx.DB, table string) (out []string) {
	t.Helper()
	query := `SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position`
	if db.Dialect() == dbx.SQLite {
		query = `SELECT name FROM pragma_table_info(?) ORDER BY cid`
	}
	require.NoError(t, db.Select(t.Context(), &out, query, table))
	return out
}

func tablesOf(t testing.TB, db *dbx.DB) (out []string) {
	t.Helper()
	query := `SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()`
	if db.Dialect() == dbx.SQLite {
		query = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'`
	}
	require.NoError(t, db.Select(t.Context(), &out, query))
	return out
}

// dump reads a table as it comes.
func dump(t testing.TB, db *dbx.DB, table string) (out [][]string) {
	t.Helper()
	columns := columnsOf(t, db, table)
	query := "SELECT `" + strings.Join(columns, "`, `") + "` FROM " + table
	require.NoError(t, db.Each(t.Context(), query, nil, func(row dbx.Row) error {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := row.Scan(into...); err != nil {
			return err
		}
		line := make([]string, len(columns))
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			line[i] = fmt.Sprint(v)
		}
		out = append(out, line)
		return nil
	}))
	return out
}

// A drawing writes one row of draws, a cast one response and its text, and nothing else in the whole database: no audit
// record, no notice, no idempotency row, no counter.
func TestADrawAndACastLeaveNothingElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		w.draw(r, w.area, 1)
		all := func() map[string]string {
			out := map[string]string{}
			for _, table := range tablesOf(t, db) {
				out[table] = fmt.Sprint(dump(t, db, table))
			}
			return out
		}
		changed := func(before, after map[string]string) (list []string) {
			for table := range after {
				if before[table] != after[table] {
					list = append(list, table)
				}
			}
			slices.Sort(list)
			return list
		}
		first := all()
		kept := w.draw(r, w.area, 0)
		second := all()
		require.Equal(t, []string{"survey_draw"}, changed(first, second))
		_, err := w.CastBallot(t.Context(), r.ID, cast(kept, 1, w.rated(r, 4, "绿化没人管")))
		require.NoError(t, err)
		third := all()
		require.Equal(t, []string{"survey_cast", "survey_text"}, changed(second, third))
		forged := cast(kept, 2, w.rated(r, 4, ""))
		forged.Ballot.Signature = flipped(forged.Ballot.Signature)
		_, err = w.CastBallot(t.Context(), r.ID, forged)
		code(t, "ballot.forged", err)
		require.Empty(t, changed(third, all()))
		require.NotContains(t, strings.Join(dump(t, db, "survey_text")[0], "|"), kept.Name().String())
	})
}

// attack is an order that an attacker brings the responses and the draws into, to match the one with the other.
type attack struct {
	name             string
	responses, draws []int // the household of each, in the attacker's order
}

// links counts the responses that are matched with their own household.
func (a attack) links() (n int) {
	for i := range min(len(a.responses), len(a.draws)) {
		if a.responses[i] == a.draws[i] {
			n++
		}
	}
	return n
}

// most is the 99.9 % quantile of the number of exact links in a random matching, which is all but Poisson with mean 1: more
// than 5 come once in 1,700 times.
const most = 5

// The households of a large and of a small estate answer one after the other, building by building, over ten days. Whoever
// holds all tables joins no more answers to households than by guessing.
func TestADumpLinksNoAnswerToAHousehold(t *testing.T) {
	lookTwice(t, attackRound)
}

// lookTwice holds that nothing looks like a link twice on an engine. Chance exceeds a limit of 99.9 % now and then, but not the same one
// twice. Each look has a database of its own.
func lookTwice(t *testing.T, look func(*testing.T, *dbx.DB) map[string]bool) {
	suspicious := map[dbx.Dialect]map[string]bool{}
	for attempt := range 2 {
		dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
			before := suspicious[db.Dialect()]
			if attempt > 0 && len(before) == 0 {
				return
			}
			again := map[string]bool{}
			for name := range look(t, db) {
				if attempt == 0 || before[name] {
					again[name] = true
				}
			}
			suspicious[db.Dialect()] = again
		})
	}
	for dialect, found := range suspicious {
		require.Empty(t, found, "answers are linked to households on %v", dialect)
	}
}

func attackRound(t *testing.T, db *dbx.DB) map[string]bool {
	w := newWorld(t, db)
	large, small := w.place("大望家园", 25, 40), w.place("小筑家园", 2, 20)
	r := w.open(large, small)
	household, token := map[string]int{}, map[string]int{} // dwelling, token hash → household
	for _, a := range []id.ID{large, small} {
		for n, v := range w.voters(r, a) {
			if n%(len(w.homes[a])/5) == 0 {
				w.clock.Advance(22 * 60 * 60 * 1e9)
				w.work()
			}
			kept, err := v.draw(t.Context(), w, r)
			require.NoError(t, err)
			_, err = w.CastBallot(t.Context(), r.ID, cast(kept, 1, w.rated(r, 1+n/(len(w.homes[a])/5), fmt.Sprintf("第%d户", n))))
			require.NoError(t, err)
			d, err := dwellingOf(t.Context(), db, r.ID, v.unit)
			require.NoError(t, err)
			household[string(d.ID[:])], token[name(kept)] = n, n
		}
	}
	r = w.close(r)
	found := map[string]bool{}
	for _, a := range []id.ID{large, small} {
		for _, at := range attacks(t, w, r, a, household, token) {
			n := at.links()
			z := rank(at.responses)
			t.Logf("%4d households, %-40s %d links, order of casting %+.1f sigma", len(w.homes[a]), at.name, n, z)
			if n > most || math.Abs(z) > 3.3 {
				found[fmt.Sprint(len(w.homes[a]), " ", at.name)] = true
			}
		}
	}
	return found
}

func name(k ballot.Kept) string { h := k.Name(); return string(h[:]) }

// rank is how far an order of numbers is from a random one, in standard deviations of Kendall's count.
func rank(order []int) float64 {
	up, variance := kendall(order)
	return float64(up) / math.Sqrt(variance)
}

// kendall counts the pairs in ascending order less those in descending order, with the variance of a random order.
func kendall(order []int) (up int, variance float64) {
	for i := range order {
		for _, later := range order[i+1:] {
			if later > order[i] {
				up++
			} else {
				up--
			}
		}
	}
	n := float64(len(order))
	return up, n * (n - 1) * (2*n + 5) / 18
}

// attacks are all orders that the tables, the keys and the ledger offer.
func attacks(t *testing.T, w *world, r Round, a id.ID, household, token map[string]int) (out []attack) {
	t.Helper()
	var stratum id.ID
	require.NoError(t, w.db.Get(t.Context(), &stratum, `SELECT id FROM survey_stratum WHERE round_id = ? AND service_area_id = ?`, r.ID, a))
	list := func(of map[string]int, query string) (order []int) {
		var keys [][]byte
		require.NoError(t, w.db.Select(t.Context(), &keys, query, stratum))
		for _, k := range keys {
			order = append(order, of[string(k)])
		}
		require.Len(t, order, len(w.homes[a]))
		return order
	}
	responses := map[string][]int{
		"responses as they come":      list(token, `SELECT token_hash FROM survey_response WHERE stratum_id = ?`),
		"responses by key":            list(token, `SELECT token_hash FROM survey_response WHERE stratum_id = ? ORDER BY round_id, token_hash`),
		"responses by token":          list(token, `SELECT token_hash FROM survey_response WHERE stratum_id = ? ORDER BY token`),
		"responses by signature":      list(token, `SELECT token_hash FROM survey_response WHERE stratum_id = ? ORDER BY signature`),
		"responses by salt":           list(token, `SELECT token_hash FROM survey_response WHERE stratum_id = ? ORDER BY salt`),
		"responses by attribute salt": list(token, `SELECT token_hash FROM survey_response WHERE stratum_id = ? ORDER BY attribute_salt`),
		"responses by place in log":   list(token, `SELECT token_hash FROM survey_response WHERE stratum_id = ? ORDER BY pos`),
	}
	draws := map[string][]int{
		"draws as they come": list(household, `SELECT dwelling_id FROM survey_draw WHERE stratum_id = ?`),
		"draws by key":       list(household, `SELECT dwelling_id FROM survey_draw WHERE stratum_id = ? ORDER BY draw_hash`),
		"draws by blinded":   list(household, `SELECT dwelling_id FROM survey_draw WHERE stratum_id = ? ORDER BY blinded_hash`),
		"draws by day":       list(household, `SELECT dwelling_id FROM survey_draw WHERE stratum_id = ? ORDER BY drawn_on, dwelling_id`),
	}
	for _, rn := range slices.Sorted(keysIn(responses)) {
		for _, dn := range slices.Sorted(keysIn(draws)) {
			out = append(out, attack{rn + " × " + dn, responses[rn], draws[dn]})
		}
	}
	return out
}

func keysIn(m map[string][]int) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// The rows of a page lie in the order in which they were written. After the count that order says nothing of the order of
// casting, neither of responses nor of texts.
func TestTheFileForgetsTheOrderOfCasting(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	a := w.place("底稿家园", 20, 20)
	r := w.open(a)
	var tokens, texts [][]byte
	for n, v := range w.voters(r, a) {
		kept, err := v.draw(t.Context(), w, r)
		require.NoError(t, err)
		text := fmt.Sprintf("第%d户的话", n)
		_, err = w.CastBallot(t.Context(), r.ID, cast(kept, 1, w.rated(r, 1+n%5, text)))
		require.NoError(t, err)
		token := kept.Secret.Token()
		tokens, texts = append(tokens, token[:]), append(texts, []byte(text))
	}
	r = w.close(r)
	require.Equal(t, Scored, r.State)
	pool, err := sql.Open("sqlite", "file:"+w.db.Path())
	require.NoError(t, err)
	_, err = pool.ExecContext(t.Context(), "PRAGMA wal_checkpoint(TRUNCATE)")
	require.NoError(t, err)
	require.NoError(t, pool.Close())
	body, err := os.ReadFile(w.db.Path())
	require.NoError(t, err)
	for name, written := range map[string][][]byte{"responses": tokens, "texts": texts} {
		z := withinPages(t, body, written)
		t.Logf("%s: %+.1f sigma", name, z)
		require.Less(t, math.Abs(z), 4.5, name)
	}
}

// withinPages is how far the order of values within the pages of a database file is from a random one, in standard deviations of
// Kendall's count over all pages. written is in the order of writing.
func withinPages(t *testing.T, body []byte, written [][]byte) float64 {
	t.Helper()
	type spot struct{ at, n int }
	pages := map[int][]spot{}
	for n, k := range written {
		require.Contains(t, string(body), string(k))
		for from := 0; ; {
			i := bytes.Index(body[from:], k)
			if i < 0 {
				break
			}
			at := from + i
			if list := pages[at/4096]; !slices.ContainsFunc(list, func(s spot) bool { return s.n == n }) {
				pages[at/4096] = append(list, spot{at, n})
			}
			from = at + len(k)
		}
	}
	sum, variance := 0, 0.0
	for _, list := range pages {
		slices.SortFunc(list, func(a, b spot) int { return b.at - a.at })
		order := make([]int, len(list))
		for i, s := range list {
			order[i] = s.n
		}
		up, v := kendall(order)
		sum, variance = sum+up, variance+v
	}
	return float64(sum) / math.Sqrt(variance)
}
