package app_test

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite testdata/access.csv from the answers; review every line that changed")

const accessTable = "testdata/access.csv"

// columns are the roles, in the order of the table.
var columns = []string{"operator", "street_party", "street_office", "community", "community_work", "manager", "worker", "committee", "department", "utility",
	"owner", "occupant", "helper", "account", "anonymous"}

// The answers of the table.
const (
	answerOK       = "ok"        // authorization was passed: 2xx, or a refusal that tells of the thing itself (400, 409, 412, 422)
	answerEmpty    = "empty"     // a list that is open to the role, with nothing in it
	answerNo       = "forbidden" // 403
	answerNothing  = "notfound"  // 404
	answerNobody   = "login"     // 401
	scopeAny       = "any"       // the operation names nothing of an estate
	scopeOwn       = "own"       // the caller's own estate, household, post, account
	scopeNeighbour = "neighbour" // another household, and another's account, in the same estate
	scopeSibling   = "sibling"   // the next community of the same street
	scopeForeign   = "foreign"   // another street
)

// TestAccess asks every operation as every role about things of every scope, and compares with the reviewed table.
func TestAccess(t *testing.T) {
	m := &matrix{streets: newStreets(t), found: map[string][]string{}, worked: map[string]bool{}}
	m.undo = newUndo(t, m.Config.Database.URL)
	for _, op := range operations(t, m.App) {
		m.operation(op)
	}
	m.compare()
	m.reached()
}

// matrix asks and keeps the answers.
type matrix struct {
	*streets
	found  map[string][]string // by operation and scope: the answers of the columns
	order  []string
	worked map[string]bool // operations that did for somebody what they are for
	undo   *undo
	notes  []string
}

func (m *matrix) operation(op operation) {
	first := op.request(m.t, m.own.things, true)
	if plain := op.request(m.t, m.own.things, false); !plain.scoped {
		m.row(op, scopeAny, func(role string) things { return m.own.things.with(m.asOwn[role]) }, false)
	}
	if !first.scoped {
		return
	}
	own := func(role string) things { return m.own.things.with(m.asOwn[role]) }
	m.row(op, scopeOwn, own, true)
	m.row(op, scopeNeighbour, func(string) things { return m.own.things.with(m.own.neighbours) }, true)
	m.row(op, scopeSibling, func(string) things { return m.sibling.things }, true)
	m.row(op, scopeForeign, func(string) things { return m.foreign.things }, true)
}

func (m *matrix) row(op operation, scope string, of func(role string) things, filter bool) {
	var row []string
	for _, role := range columns {
		r := op.request(m.t, of(role), filter)
		a := m.roles[role].send(op.Method, r.path, r.body, r.headers)
		got := m.judge(op, scope, role, a)
		if rule := (cell{op, scope, role, got}).broken(); rule != "" {
			m.note(op, scope, role, a, rule+": "+got)
		}
		m.leaks(op, scope, role, a)
		m.worked[op.ID] = m.worked[op.ID] || a.status < 300
		row = append(row, got)
		if op.Method != "GET" && a.status < 300 {
			m.undo.all()
		}
	}
	key := op.ID + "," + scope
	m.found[key], m.order = row, append(m.order, key)
}

// judge tells which answer it is, and notes what no answer may be.
func (m *matrix) judge(op operation, scope, role string, a answer) string {
	switch {
	case a.status == 401:
		return answerNobody
	case a.status == 403:
		return answerNo
	case a.status == 404:
		return answerNothing
	case a.status >= 500 || a.status == 429:
		m.note(op, scope, role, a, "failed")
		return fmt.Sprint(a.status)
	case a.status == 400 && strings.Contains(string(a.body), `"code":"field.`):
		m.note(op, scope, role, a, "the sample is out of shape")
	case a.status < 300 && op.Method == "GET" && empty(a):
		return answerEmpty
	}
	return answerOK
}

func (m *matrix) note(op operation, scope, role string, a answer, text string) {
	m.notes = append(m.notes, fmt.Sprintf("%s %s %s: %s: %d %s: %.400s", op.ID, scope, role, text, a.status, a.asked, a.body))
}

// leaks looks for what the role may not read. What it asked about itself may be in the answer's address, never in its text.
func (m *matrix) leaks(op operation, scope, role string, a answer) {
	text := readable(m.t, a)
	for _, word := range m.hidden(op, role) {
		if word != "" && strings.Contains(text, word) {
			m.note(op, scope, role, a, "the answer has "+word)
			return
		}
	}
}

// empty tells a list without items.
func empty(a answer) bool {
	if !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
		return false
	}
	var list []json.RawMessage
	if json.Unmarshal(a.body, &list) == nil {
		return len(list) == 0
	}
	var of map[string]json.RawMessage
	items := ""
	if json.Unmarshal(a.body, &of) == nil {
		items = string(of["items"])
	}
	return items == "[]" || items == "null"
}

// compare wants the table as it was reviewed.
func (m *matrix) compare() {
	t := m.t
	if *update {
		m.write()
	}
	for _, n := range m.notes {
		t.Error(n)
	}
	file, err := os.Open(accessTable)
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	require.Equal(t, append([]string{"operation", "scope"}, columns...), rows[0])
	expected := map[string][]string{}
	for _, row := range rows[1:] {
		expected[row[0]+","+row[1]] = row[2:]
	}
	for _, key := range m.order {
		want, ok := expected[key]
		if !ok {
			t.Errorf("%s: not in %s", key, accessTable)
			continue
		}
		for i, role := range columns {
			if got := m.found[key][i]; got != want[i] {
				t.Errorf("%s as %s: %s, but the table says %s", key, role, got, want[i])
			}
		}
		delete(expected, key)
	}
	for key := range expected {
		t.Errorf("%s: in the table, but there is no such operation and scope", key)
	}
}

// reached wants that each operation did what it is for at least once, so that its sample is known to get behind
// every check; what cannot is named with the reason.
func (m *matrix) reached() {
	for _, op := range operations(m.t, m.App) {
		reason, excused := unreached[op.ID]
		if m.worked[op.ID] == excused {
			m.t.Errorf("%s: worked for somebody: %v, but excused %q", op.ID, m.worked[op.ID], reason)
		}
	}
}

func (m *matrix) write() {
	file, err := os.Create(accessTable)
	require.NoError(m.t, err)
	w := csv.NewWriter(file)
	require.NoError(m.t, w.Write(append([]string{"operation", "scope"}, columns...)))
	for _, key := range m.order {
		require.NoError(m.t, w.Write(append(strings.Split(key, ","), m.found[key]...)))
	}
	w.Flush()
	require.NoError(m.t, w.Error())
	require.NoError(m.t, file.Close())
}
