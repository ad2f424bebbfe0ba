package workorder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/sheet"
)

func la311(t testing.TB) []byte {
	t.Helper()
	m, err := configs.Mappings.ReadFile("mappings/la311.yaml")
	require.NoError(t, err)
	return m
}

// shared is a file of the real data, where it is at hand.
func shared(t testing.TB, path string) ([]byte, bool) {
	t.Helper()
	dir := os.Getenv("REDPROPERTY_DATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	data, err := os.ReadFile(filepath.Join(dir, path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false
	}
	require.NoError(t, err)
	return data, true
}

// pastFile is the real file, or our own with the same columns, and what it must come to.
func pastFile(t testing.TB) (data []byte, closed, cancelled, declined, backwards int) {
	t.Helper()
	if data, ok := shared(t, "311/la311_2018jan_5k.csv"); ok {
		return data, 4835, 161, 4, 6
	}
	data, err := os.ReadFile("testdata/history.csv")
	require.NoError(t, err)
	return data, 9, 2, 1, 2
}

func noted(r *sheet.Report) (n int) {
	for _, l := range r.Lines {
		if l.Outcome == outcomeNoted {
			n++
		}
	}
	return n
}

func TestClosedHistoryIsImportedToTheDigit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		data, closed, cancelled, declined, backwards := pastFile(t)
		total := closed + cancelled + declined
		in := ImportInput{Name: "311.csv", Data: data, Mapping: la311(t), Target: w.area}

		dry := in
		dry.DryRun = true
		report, err := w.s.ImportWorkOrders(t.Context(), w.office, dry, nil)
		require.NoError(t, err)
		require.Equal(t, sheet.Counts{Accepted: total, Created: total}, report.Counts)
		require.Zero(t, count(t, db, `SELECT COUNT(*) FROM work_order`))

		steps := 0
		report, err = w.s.ImportWorkOrders(t.Context(), w.office, in, func(done, of int) {
			steps++
			require.Equal(t, total, of)
			require.LessOrEqual(t, done, of)
		})
		require.NoError(t, err)
		require.Equal(t, sheet.Counts{Accepted: total, Created: total}, report.Counts)
		require.Equal(t, backwards, noted(report), "what ends before it begins is kept and noted")
		require.Equal(t, (total+importChunk-1)/importChunk, steps)
		for state, n := range map[State]int{Closed: closed, Cancelled: cancelled, Declined: declined} {
			require.Equal(t, n, count(t, db, `SELECT COUNT(*) FROM work_order WHERE state = ? AND source = 'import'`, state), state)
		}
		require.Equal(t, backwards, count(t, db, `SELECT COUNT(*) FROM work_order WHERE closed_at < reported_at`))
		require.Equal(t, total, count(t, db, `SELECT COUNT(*) FROM work_order_event WHERE kind = 'import' AND seq = 1`))
		require.Equal(t, total, count(t, db, `SELECT COUNT(DISTINCT number) FROM work_order`))
		require.Equal(t, 1, count(t, db, `SELECT COUNT(*) FROM audit_record WHERE action = 'import.work_orders'`))
		require.Zero(t, count(t, db, `SELECT COUNT(*) FROM work_order WHERE watch_at IS NOT NULL OR due_at IS NOT NULL OR waiting <> 'none' OR answer_at IS NOT NULL`), "in no live queue")
		require.Zero(t, count(t, db, `SELECT COUNT(*) FROM outbox`), "nobody is told of the past")

		hash := report.Hash()
		report, err = w.s.ImportWorkOrders(t.Context(), w.office, in, nil)
		require.NoError(t, err)
		require.Equal(t, sheet.Counts{Accepted: total, Unchanged: total}, report.Counts, "a second run changes nothing")
		require.Equal(t, hash, report.Hash())
		require.Equal(t, total, count(t, db, `SELECT COUNT(*) FROM work_order`))

		// The same file into another service area is other orders.
		in.Target = w.otherArea
		report, err = w.s.ImportWorkOrders(t.Context(), w.office, in, nil)
		require.NoError(t, err)
		require.Equal(t, total, report.Counts.Created)
		open, err := w.s.List(t.Context(), w.office, Filter{Open: true}, page.Request{})
		require.NoError(t, err)
		require.Empty(t, open.Items)
	})
}

func TestImportedOrdersTellWhatWasKnownWhen(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	in := ImportInput{Data: []byte("编号,受理时间,办结时间,状态,类别,地点,承办单位\nA-1,2026-01-05 08:00,2026-01-06 10:30,已办结,楼道灯、路灯不亮,1号楼,老物业\n"), Target: w.area}
	report, err := w.s.ImportWorkOrders(t.Context(), w.keeper, in, nil)
	require.NoError(t, err)
	require.Equal(t, 1, report.Counts.Created)
	list, err := w.s.List(t.Context(), w.office, Filter{}, page.Request{})
	require.NoError(t, err)
	o := w.stored(list.Items[0].ID)
	require.Equal(t, "power.common_light", o.Category)
	require.Equal(t, "NH-20260105-0001", o.Number)
	require.Equal(t, "1号楼", o.PlaceText)
	require.Equal(t, "老物业", o.Subcontractor)
	require.Equal(t, ClosedImported, o.ClosedAs)
	require.Equal(t, clock.At(time.Date(2026, 1, 6, 2, 30, 0, 0, time.UTC)), *o.ClosedAt)
	events, err := Events(t.Context(), w.db, o.ID)
	require.NoError(t, err)
	f, known, err := Rebuild(events, clock.Now(w.clock))
	require.NoError(t, err)
	require.True(t, known)
	require.Equal(t, o.Facts, f)
	_, known, err = Rebuild(events, *o.ClosedAt)
	require.NoError(t, err)
	require.False(t, known, "the platform did not know of it then")

	_, err = w.s.ImportWorkOrders(t.Context(), w.manager, in, nil)
	require.ErrorIs(t, err, fault.NotFound)
	_, err = w.s.ImportWorkOrders(t.Context(), w.clerk, in, nil)
	require.ErrorIs(t, err, fault.Forbidden)
}

func TestRowsThatCannotBeHistoryAreRejected(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	rows := []struct{ line, code string }{
		{"A-1,2026-01-05 08:00,2026-01-06 10:30,已办结,x", ""},
		{"A-1,2026-01-05 08:00,2026-01-06 10:30,已办结,x", "workorder.import_twice"},
		{"A-2,2026-01-05 08:00,2026-01-06 10:30,处理中,x", "workorder.import_status"},
		{"A-3,2026-01-05 08:00,,已办结,x", "workorder.import_open"},
		{"A-4,2027-01-05 08:00,2027-01-06 10:30,已办结,x", "workorder.import_future"},
		{",2026-01-05 08:00,2026-01-06 10:30,已办结,x", "sheet.cell_required"},
		{"A-6,五月,2026-01-06 10:30,已办结,x", "sheet.date"},
		{"A-7,2026-01-05 08:00,2026-01-04 10:30,已取消,x", ""},
	}
	text := "编号,受理时间,办结时间,状态,类别\n"
	for _, r := range rows {
		text += r.line + "\n"
	}
	in := ImportInput{Data: []byte(text), Target: w.area}
	report, err := w.s.ImportWorkOrders(t.Context(), w.office, in, nil)
	require.NoError(t, err)
	problems := map[int]string{}
	for _, l := range report.Lines {
		for _, p := range l.Problems {
			if l.Outcome != outcomeNoted {
				problems[l.From] = p.Code
			}
		}
	}
	for i, r := range rows {
		if r.code == "" {
			require.Empty(t, problems[i+2], r.line)
		} else {
			require.Contains(t, problems[i+2], strings.TrimSuffix(r.code, "date"), r.line)
		}
	}
	require.Equal(t, 2, report.Counts.Created)
	require.Equal(t, 1, noted(report))

	in.Data = []byte(strings.Replace(text, "2026-01-06 10:30", "2026-01-07 10:30", 1))
	report, err = w.s.ImportWorkOrders(t.Context(), w.office, in, nil)
	require.NoError(t, err)
	require.Zero(t, report.Counts.Created)
	require.Equal(t, "workorder.import_changed", report.Lines[0].Problems[0].Code, "history is not rewritten")
}

func TestTwoImportsAtOnceMakeEachOrderOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		text := "编号,受理时间,办结时间,状态,类别\n"
		for i := range 300 {
			text += fmt.Sprintf("A-%d,2026-01-%02d 08:00,2026-02-06 10:30,已办结,x\n", i, i%28+1)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				_, err := w.s.ImportWorkOrders(t.Context(), w.office, ImportInput{Data: []byte(text), Target: w.area}, nil)
				if err != nil && !fault.Is(err, "workorder.import_conflict") {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		require.Equal(t, 300, count(t, db, `SELECT COUNT(*) FROM work_order`))
		require.Equal(t, 300, count(t, db, `SELECT COUNT(DISTINCT number) FROM work_order`))
	})
}

func TestAMappingIsReadStrictly(t *testing.T) {
	good := string(la311(t))
	_, err := parseMapping([]byte(good), testRules.Categories)
	require.NoError(t, err)
	for name, change := range map[string][2]string{
		"unknown key":      {"name: la311", "nmea: la311"},
		"unknown column":   {"  owner: [owner]", "  wner: [owner]"},
		"required column":  {"  number: [sr]", ""},
		"empty name":       {"  number: [sr]", `  number: [""]`},
		"live state":       {"Closed: closed", "Closed: dispatched"},
		"zone":             {"America/Los_Angeles", "Mars/Olympus"},
		"local zone":       {"America/Los_Angeles", "Local"},
		"category":         {"public.street", "public.nothing"},
		"default category": {"default_category: service.question", "default_category: nothing"},
		"not YAML":         {"name: la311", "name: [la311"},
	} {
		require.Contains(t, good, change[0], name)
		_, err := parseMapping([]byte(strings.Replace(good, change[0], change[1], 1)), testRules.Categories)
		require.True(t, fault.Is(err, "workorder.import_mapping"), name)
	}
	_, err = parseMapping(make([]byte, mappingBytes+1), testRules.Categories)
	require.True(t, fault.Is(err, "workorder.import_mapping"))
}

func FuzzMapping(f *testing.F) {
	f.Add(la311(f))
	f.Add([]byte("columns: {number: [a]}"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := parseMapping(raw, testRules.Categories)
		if err == nil && (m.zone == nil || len(m.Statuses) == 0 || m.schema() == nil) {
			t.Fatal("a mapping was taken that says nothing")
		}
		if err != nil && !fault.Is(err, "workorder.import_mapping") {
			t.Fatal(err)
		}
	})
}
