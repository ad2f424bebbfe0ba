package workorder

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
)

// engine is a database for a benchmark, with a plain pool beside it for the bare statements.
type engine struct {
	name string
	open func(b *testing.B) (*dbx.DB, *sql.DB)
}

func engines() []engine {
	list := []engine{{"sqlite", func(b *testing.B) (*dbx.DB, *sql.DB) {
		db := dbtest.SQLite(b)
		raw, err := sql.Open("sqlite", "file:"+db.Path()+"?_pragma=busy_timeout(20000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_txlock=immediate")
		require.NoError(b, err)
		return db, raw
	}}}
	if os.Getenv("REDPROPERTY_TEST_MYSQL") != "" {
		list = append(list, engine{"mysql", func(b *testing.B) (*dbx.DB, *sql.DB) {
			at := dbtest.NewMySQLURL(b)
			db, err := dbx.Open(context.Background(), dbx.Config{URL: at, MaxOpen: 32})
			require.NoError(b, err)
			b.Cleanup(func() { require.NoError(b, db.Close()) })
			u, err := url.Parse(at)
			require.NoError(b, err)
			raw, err := sql.Open("mysql", u.User.String()+"@tcp("+u.Host+")"+u.Path+"?interpolateParams=true&clientFoundRows=true")
			require.NoError(b, err)
			return db, raw
		}})
	}
	return list
}

const benchClients = 16

// throughput is how often clients side by side get do done in a second.
func throughput(b *testing.B, d time.Duration, do func(client int) error) float64 {
	b.Helper()
	var n atomic.Int64
	var wg sync.WaitGroup
	begin := time.Now()
	for c := range benchClients {
		wg.Go(func() {
			for time.Since(begin) < d {
				if err := do(c); err != nil {
					b.Error(err)
					return
				}
				n.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(n.Load()) / time.Since(begin).Seconds()
}

// BenchmarkStep compares a step, with permission, rule, claim, conditional update, event, audit and outbox,
// against its bare SQL statements in one transaction, at 16 clients each with an order of its own. "ratio" is
// the step's throughput over the bare one's.
func BenchmarkStep(b *testing.B) {
	for _, e := range engines() {
		b.Run(e.name, func(b *testing.B) {
			db, raw := e.open(b)
			defer raw.Close()
			raw.SetMaxOpenConns(benchClients)
			raw.SetMaxIdleConns(benchClients)
			w := newWorld(b, db)
			var orders, bare [benchClients]id.ID
			for c := range benchClients {
				orders[c], bare[c] = w.dispatched(w.repair()), w.dispatched(w.repair())
			}
			crews := [2]Crew{{PersonID: &w.worker.Person}, {PersonID: &w.colleague.Person}}
			var turn [benchClients]int
			step := func(c int) error {
				turn[c]++
				_, err := w.s.Assign(w.ctx(), w.manager, orders[c], Taken{Once: benchKey(w.manager)}, crews[turn[c]%2])
				return err
			}
			plain := bareStep(raw, w, bare)
			var steps, bares float64
			for range b.N {
				for range 3 { // in turns, so that both meet the same weather
					bares += throughput(b, time.Second, plain)
					steps += throughput(b, time.Second, step)
				}
			}
			b.ReportMetric(steps/float64(3*b.N), "steps/s")
			b.ReportMetric(bares/float64(3*b.N), "bare/s")
			b.ReportMetric(steps/bares, "ratio")
		})
	}
}

func benchKey(p authz.Principal) idem.Key {
	return idem.New(p.Account, "assignWorkOrder", rand.Text(), "/x", []byte("{}"), clock.At(testNow))
}

// bareStep runs the statements of an assignment and nothing else.
func bareStep(raw *sql.DB, w *world, orders [benchClients]id.ID) func(int) error {
	const pauses = `SELECT id, round, from_at, to_at, reason, evidence, attachment_id FROM work_order_pause WHERE order_id = ? ORDER BY from_at, id`
	var version [benchClients]int64
	for c := range version {
		version[c] = 3
	}
	detail := `{"set":{"assignee_person_id":"01a204da-77e6-7892-8a2a-ee82c5a3e11f"}}`
	return func(c int) error {
		if err := drain(raw.Query(selectOrder, orders[c])); err != nil {
			return err
		}
		tx, err := raw.Begin()
		if err != nil {
			return err
		}
		var key, body [32]byte
		var salt [16]byte
		_, _ = rand.Read(key[:])
		at, who := int64(clock.At(testNow)), [2]id.ID{w.worker.Person, w.colleague.Person}[version[c]%2]
		for _, stmt := range []struct {
			q    string
			args []any
		}{
			{`INSERT INTO idempotency (principal, operation, key_hash, body_hash, resource, created_at) VALUES (?,?,?,?,?,?)`,
				[]any{w.manager.Account, "assignWorkOrder", key[:], body[:], orders[c], at}},
			{`UPDATE work_order SET version = version + 1, updated_at = ?, assignee_person_id = ? WHERE id = ? AND state = ? AND version = ?`,
				[]any{at, who, orders[c], "dispatched", version[c]}},
			{insertEvent, []any{orders[c], version[c] + 1, at, "assign", "dispatched", "dispatched", "manager", w.manager.Person, w.company, detail, nil}},
			{`INSERT INTO audit_record (id, at, account_id, person_id, capacity, post_id, action, object_kind, object_id, scope_path, request_id, detail, salt)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				[]any{id.New(), at, w.manager.Account, w.manager.Person, "manager", id.New(), "workorder.assign", "work_order", orders[c], w.path, "r", detail, salt[:]}},
			{`INSERT INTO outbox (id, topic, subject_id, payload, state, attempts, due_at, created_at, last_error) VALUES (?, ?, ?, ?, 'waiting', 0, ?, ?, '')`,
				[]any{id.New(), "workorder.dispatched", orders[c], strings.Repeat(detail, 5), at, at}},
		} {
			if _, err := tx.Exec(stmt.q, stmt.args...); err != nil {
				return fmt.Errorf("%s: %w", stmt.q[:20], err)
			}
			if strings.HasPrefix(stmt.q, "INSERT INTO idempotency") {
				if err := drain(tx.Query(pauses, orders[c])); err != nil {
					return err
				}
			}
		}
		version[c]++
		return tx.Commit()
	}
}

func drain(rows *sql.Rows, err error) error {
	if err != nil {
		return err
	}
	for rows.Next() {
		continue
	}
	return rows.Close()
}

// BenchmarkList compares a page of 50 at 100,000 orders with the same page at 1,000, for each sort of reader and
// list; "ratio" is the median time at 100,000 over that at 1,000.
func BenchmarkList(b *testing.B) {
	for _, e := range engines() {
		small, large := e.filled(b, 1_000), e.filled(b, 100_000)
		for _, c := range []struct {
			name string
			who  func(*world) authz.Principal
			f    Filter
		}{
			{"company", func(w *world) authz.Principal { return w.manager }, Filter{}},
			{"company-waiting", func(w *world) authz.Principal { return w.manager }, Filter{ForMe: true}},
			{"company-open", func(w *world) authz.Principal { return w.manager }, Filter{Open: true}},
			{"company-closed", func(w *world) authz.Principal { return w.manager }, Filter{States: []State{Closed}}},
			{"worker-mine", func(w *world) authz.Principal { return w.worker }, Filter{Mine: true}},
			{"community", func(w *world) authz.Principal { return w.clerk }, Filter{}},
			{"community-overdue", func(w *world) authz.Principal { return w.clerk }, Filter{Overdue: true}},
			{"community-due", func(w *world) authz.Principal { return w.clerk }, Filter{Sort: "due"}},
			{"street", func(w *world) authz.Principal { return w.office }, Filter{}},
			{"resident", func(w *world) authz.Principal { return w.owner }, Filter{}},
			{"two-capacities", func(w *world) authz.Principal {
				p := w.clerk
				p.Grants = append(slices.Clip(p.Grants), w.owner.Grants...)
				return p
			}, Filter{}},
		} {
			b.Run(e.name+"/"+c.name, func(b *testing.B) {
				var few, many time.Duration
				for range b.N {
					x, y := medians(b, func() { listOnce(b, small, c.who(small), c.f) }, func() { listOnce(b, large, c.who(large), c.f) })
					few, many = few+x, many+y
				}
				b.ReportMetric(float64(few.Microseconds())/float64(b.N), "µs@1000")
				b.ReportMetric(float64(many.Microseconds())/float64(b.N), "µs@100000")
				b.ReportMetric(float64(many)/float64(few), "ratio")
			})
		}
	}
}

// medians times two things in turns, so that both meet the same weather.
func medians(b *testing.B, first, second func()) (time.Duration, time.Duration) {
	b.Helper()
	const rounds = 101
	var took [2][]time.Duration
	for range rounds {
		for i, do := range []func(){first, second} {
			begin := time.Now()
			do()
			took[i] = append(took[i], time.Since(begin))
		}
	}
	slices.Sort(took[0])
	slices.Sort(took[1])
	return took[0][rounds/2], took[1][rounds/2]
}

func listOnce(b *testing.B, w *world, p authz.Principal, f Filter) {
	b.Helper()
	got, err := w.s.List(w.ctx(), p, f, firstPage)
	require.NoError(b, err)
	require.Len(b, got.Items, 50)
}

// filled makes a world with n orders: one in ten is open, and every reader has at least fifty of each sort.
func (e engine) filled(b *testing.B, n int) *world {
	b.Helper()
	db, raw := e.open(b)
	require.NoError(b, raw.Close())
	w := newWorld(b, db)
	template := w.stored(w.dispatched(w.repair()))
	insert, _, _ := strings.Cut(insertOrder, " VALUES")
	rows := make([][]any, 0, n)
	for i := range n {
		rows = append(rows, w.variant(*template, i))
	}
	for part := range slices.Chunk(rows, 5_000) {
		require.NoError(b, db.InTx(w.ctx(), func(ctx context.Context, tx *dbx.Tx) error { return tx.InsertMany(ctx, insert, part) }))
	}
	return w
}

func (w *world) variant(o Order, i int) []any {
	o.ID, o.Number = id.New(), fmt.Sprintf("NH-20261117-%07d", i)
	o.HouseholdID, o.ReporterID = id.New().Ptr(), id.New().Ptr()
	if i%10 == 9 {
		o.HouseholdID = w.household.Ptr() // fewer than a hundredth at any size would leave the resident without a page
	}
	at := clock.At(testNow).Add(-time.Duration(i) * time.Minute)
	switch {
	case i%20 == 0:
		o.State, o.AssigneeID, o.DueAt = Reported, nil, at.Ptr()
	case i%20 == 10:
		o.State, o.DueAt = Dispatched, at.Ptr()
	default:
		o.State, o.DueAt, o.ClosedAt, o.ClosureNo = Closed, nil, at.Ptr(), 1
	}
	o.ReportedAt, o.Waiting = at, o.waiting()
	args := []any{o.ID, o.UnitID, o.PlaceText, o.PlaceCoarse, o.HouseholdID, o.ReporterID, o.ContactOptOut, o.Title, o.Description, o.Version, o.UpdatedAt}
	for _, c := range o.all() {
		args = append(args, c.value)
	}
	return append(args, nil)
}
