package survey

import (
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

// state is everything in the database, by table.
func state(t testing.TB, db *dbx.DB) map[string]string {
	out := map[string]string{}
	for _, table := range tablesOf(t, db) {
		out[table] = fmt.Sprint(dump(t, db, table))
	}
	return out
}

// changes lists the tables that something changes.
func changes(t testing.TB, db *dbx.DB, do func() error) (list []string) {
	t.Helper()
	before := state(t, db)
	require.NoError(t, do())
	for table, after := range state(t, db) {
		if before[table] != after {
			list = append(list, table)
		}
	}
	slices.Sort(list)
	return list
}

// An entry by a first person, one by the second, an agreement, its draw and its cast write these tables and no other.
func TestEnteringAndAssistingLeaveNothingElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		b := w.boxed(r, 20)
		w.hand(r, b, w.area, 0)
		badge := w.interviewer(r, w.keeper)
		said := w.rated(r, 4, "灯不亮")
		enter := func(by func() error) []string { return changes(t, db, by) }
		require.Equal(t, []string{"survey_entry"}, enter(func() error { _, err := w.enters(w.keeper, r, b.sheets[0], said); return err }))
		require.Equal(t, []string{"audit_record", "survey_cast", "survey_entry", "survey_envelope", "survey_lot", "survey_text"},
			enter(func() error { _, err := w.enters(w.head, r, b.sheets[0], said); return err }))
		unit := w.homes[w.area][1].Unit
		require.Equal(t, []string{"survey_agreement"}, changes(t, db, func() error { return w.RecordAgreement(t.Context(), w.head, r.ID, unit) }))
		pending := w.prepare(r, w.area, 1)
		var kept ballot.Kept
		require.Equal(t, []string{"survey_agreement", "survey_draw"}, changes(t, db, func() error {
			signature, err := w.DrawAssisted(t.Context(), w.keeper, r.ID, unit, pending.Key(), pending.Blinded())
			if err == nil {
				kept, err = pending.Finish(signature)
			}
			return err
		}))
		c := cast(kept, 1, w.rated(r, 2, ""))
		c.Badge = badge.String()
		require.Equal(t, []string{"survey_cast"}, changes(t, db, func() error { _, err := w.CastBallot(t.Context(), r.ID, c); return err }))
	})
}

// threeways is a round whose households answer one after the other, in the order of their doors: every second one on paper, the others in turn on
// the web and with an interviewer.
type threeways struct {
	*world
	r         Round
	household map[string]int // dwelling → number of the household
	ballots   map[string]int // name of the ballot → number of the household
	entries   []int          // as they lay in their table before the second persons entered theirs
}

func mixedRound(t *testing.T, db *dbx.DB) threeways {
	w := newWorld(t, db)
	m := threeways{world: w, r: w.open(w.area), household: map[string]int{}, ballots: map[string]int{}}
	r := m.r
	b, badge := w.boxed(r, 60), w.interviewer(r, w.keeper)
	for n, h := range w.homes[w.area] {
		if n > 0 && n%24 == 0 {
			w.clock.Advance(22 * 60 * 60 * 1e9)
			w.work()
		}
		switch n % 4 {
		case 1:
			kept := w.draw(r, w.area, n)
			_, err := w.CastBallot(t.Context(), r.ID, cast(kept, 1, w.rated(r, 1+n/24, "")))
			require.NoError(t, err)
			m.ballots[name(kept)] = n
		case 3:
			m.ballots[name(w.assisted(r, n, badge, 1+n/24))] = n
		default:
			w.hand(r, b, w.area, n)
			m.ballots[name(b.sheets[n/2].Kept)] = n
			_, err := w.enters(w.keeper, r, b.sheets[n/2], w.rated(r, 1+n/24, ""))
			require.NoError(t, err)
		}
		d, err := dwellingOf(t.Context(), db, r.ID, h.Unit)
		require.NoError(t, err)
		m.household[string(d.ID[:])] = n
	}
	m.entries = m.order(m.ballots, nil, `SELECT token_hash FROM survey_entry`)
	m.nothingHasBoth()
	for _, sheet := range b.sheets {
		got, err := w.enters(w.head, r, sheet, w.rated(r, 1+m.ballots[name(sheet.Kept)]/24, ""))
		require.NoError(t, err)
		require.Equal(t, "entered", got.State)
	}
	m.r = w.close(r)
	return m
}

// order reads ballots or dwellings in the order of a query, those of some households alone.
func (m threeways) order(of map[string]int, only map[int]bool, query string) (out []int) {
	m.t.Helper()
	var keys [][]byte
	require.NoError(m.t, m.db.Select(m.ctx(), &keys, query))
	for _, k := range keys {
		if n := of[string(k)]; only == nil || only[n] {
			out = append(out, n)
		}
	}
	require.NotEmpty(m.t, out)
	return out
}

// nothingHasBoth wants no row of any table to name a ballot and a dwelling, and no value of a ballot's row in a dwelling's but the round and
// the stratum that all of them share.
func (m threeways) nothingHasBoth() {
	m.t.Helper()
	values := func(tables ...string) map[string]bool {
		out := map[string]bool{}
		for _, table := range tables {
			for _, row := range dump(m.t, m.db, table) {
				for _, v := range row {
					if len(v) >= 16 {
						out[v] = true
					}
				}
			}
		}
		return out
	}
	of := values("survey_envelope", "survey_entry", "survey_cast", "survey_response")
	homes := values("survey_draw", "survey_dwelling", "survey_agreement")
	var shared []string
	for v := range of {
		if homes[v] {
			shared = append(shared, v)
			delete(of, v)
			delete(homes, v)
		}
	}
	require.Len(m.t, shared, 2, "the round and the stratum")
	delete(of, string(m.keeper.Person[:])) // who keys in is nobody's household
	delete(homes, string(m.area[:]))
	for _, table := range tablesOf(m.t, m.db) {
		for _, row := range dump(m.t, m.db, table) {
			ballots, dwellings := mentions(row, of), mentions(row, homes)
			require.False(m.t, ballots && dwellings, "a row of %s has a ballot and a dwelling", table)
		}
	}
}

// mentions tells whether a row has one of the values, as it is or as text.
func mentions(row []string, values map[string]bool) bool {
	line := ""
	for _, v := range row {
		if values[v] {
			return true
		}
		if len(v) > 32 {
			line += v + "|"
		}
	}
	if line == "" {
		return false
	}
	for v := range values {
		switch len(v) {
		case 16:
			if strings.Contains(line, id.ID([]byte(v)).String()) {
				return true
			}
		case 32:
			if strings.Contains(line, ballot.Hash([]byte(v)).String()) {
				return true
			}
		}
	}
	return false
}

// Whoever holds all tables, and knows besides which households answered on paper or with an interviewer, joins no more of their answers to
// them than by guessing: not by the envelopes that were registered, not by what one person had entered, not by the ledger.
func TestADumpLinksNoPaperToAHousehold(t *testing.T) {
	lookTwice(t, func(t *testing.T, db *dbx.DB) map[string]bool { return mixedRound(t, db).suspects() })
}

// suspects are the orders in which more answers meet their own household than by chance, or that are not random.
func (m threeways) suspects() map[string]bool {
	m.t.Helper()
	m.nothingHasBoth()
	found := map[string]bool{}
	for channel, table := range map[string]string{ChannelPaper: "survey_envelope", ChannelAssisted: ""} {
		only := map[int]bool{}
		for _, n := range m.order(m.ballots, nil, `SELECT token_hash FROM survey_response WHERE channel = '`+channel+`'`) {
			only[n] = true
		}
		ballots := map[string][]int{}
		for _, by := range []string{"", "token_hash", "token", "prefix", "signature", "commitment", "opening", "salt", "attribute_salt", "pos"} {
			ballots["responses by "+by] = m.order(m.ballots, only, `SELECT token_hash FROM survey_response`+ordered(by))
		}
		if table != "" {
			ballots["entries"] = m.entries
			for _, by := range []string{"", "token_hash", "prefix", "signature"} {
				ballots["envelopes by "+by] = m.order(m.ballots, only, `SELECT token_hash FROM survey_envelope`+ordered(by))
			}
		}
		for _, by := range []string{"", "draw_hash", "blinded_hash", "drawn_on, dwelling_id", "drawn_on, draw_hash"} {
			draws := m.order(m.household, only, `SELECT dwelling_id FROM survey_draw`+ordered(by))
			for named, order := range ballots {
				require.Len(m.t, order, len(draws), named)
				a := attack{channel + ", " + named + " × draws by " + by, order, draws}
				if z := rank(order); a.links() > most || math.Abs(z) > 3.3 {
					m.t.Logf("%s: %d links, %+.1f sigma", a.name, a.links(), z)
					found[a.name] = true
				}
			}
		}
	}
	return found
}

func ordered(by string) string {
	if by == "" {
		return ""
	}
	return " ORDER BY " + by
}

// The fate of an envelope is written as it comes back. After the count the file does not tell in which order they came.
func TestTheFileForgetsTheOrderOfEntering(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	r := w.open(w.area)
	b := w.boxed(r, 120)
	var prefixes [][]byte
	for n, sheet := range b.sheets {
		w.hand(r, b, w.area, n)
		w.entered(r, sheet, w.rated(r, 1+n%5, ""))
		e, _, err := envelopeOf(t.Context(), w.db, r.ID, sheet.Kept.Name())
		require.NoError(t, err)
		prefixes = append(prefixes, e.Prefix[:])
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
	z := withinPages(t, body, prefixes)
	t.Logf("envelopes: %+.1f sigma", z)
	require.Less(t, math.Abs(z), 4.5)
}
