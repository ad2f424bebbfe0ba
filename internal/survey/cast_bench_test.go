package survey

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net"
	"net/http/httptest"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/httpapi/apitest"
	"github.com/redproperty/redproperty/internal/id"
)

const (
	castClients = 64
	castBatch   = 2000 // ballots of a turn
)

type castEngine struct {
	name string
	open func(b *testing.B) (*dbx.DB, *sql.DB)
}

func castEngines() []castEngine {
	list := []castEngine{{"sqlite", func(b *testing.B) (*dbx.DB, *sql.DB) {
		db := dbtest.SQLite(b)
		raw, err := sql.Open("sqlite", "file:"+db.Path()+"?_pragma=busy_timeout(60000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_txlock=immediate")
		require.NoError(b, err)
		return db, raw
	}}}
	if os.Getenv("REDPROPERTY_TEST_MYSQL") == "" {
		return list
	}
	return append(list, castEngine{"mysql", func(b *testing.B) (*dbx.DB, *sql.DB) {
		at := dbtest.NewMySQLURL(b)
		db, err := dbx.Open(context.Background(), dbx.Config{URL: at, MaxOpen: castClients})
		require.NoError(b, err)
		b.Cleanup(func() { require.NoError(b, db.Close()) })
		u, err := url.Parse(at)
		require.NoError(b, err)
		raw, err := sql.Open("mysql", u.User.String()+"@tcp("+u.Host+")"+u.Path+"?interpolateParams=true")
		require.NoError(b, err)
		return db, raw
	}})
}

// BenchmarkCast compares responses accepted over HTTP at 64 clients, with signature, answers and durable commit, against
// bare single-row durable inserts of the same rows by the same driver on 64 connections. "ratio" is the first over the second.
func BenchmarkCast(b *testing.B) {
	for _, e := range castEngines() {
		b.Run(e.name, func(b *testing.B) {
			db, raw := e.open(b)
			defer raw.Close()
			raw.SetMaxOpenConns(castClients)
			raw.SetMaxIdleConns(castClients)
			w := newWorld(b, db)
			r := w.open(w.area)
			api := apitest.New(b, w.clock)
			Register(api.API, w.Service)
			server := httptest.NewServer(api.API)
			defer server.Close()
			defer debug.SetGCPercent(debug.SetGCPercent(300)) // as "redproperty serve" does
			lines := dial(b, server.Listener.Addr().String())
			var casts, bares, worked time.Duration
			for range b.N {
				for range 3 { // in turns, so that both meet the same weather
					bodies, rows := w.ballots(r, castBatch)
					all := requests(r.ID, bodies)
					runtime.GC() // what making ballots left behind is nobody's work
					before := cpuTime(b)
					casts += castAll(b, lines, all)
					worked += cpuTime(b) - before
					other := w.other(r)
					runtime.GC()
					bares += insertAll(b, raw, other, rows)
				}
			}
			n := float64(3 * b.N * castBatch)
			b.ReportMetric(float64(worked.Microseconds())/n, "cpu-µs/cast")
			b.ReportMetric(n/casts.Seconds(), "casts/s")
			b.ReportMetric(n/bares.Seconds(), "bare/s")
			b.ReportMetric(bares.Seconds()/casts.Seconds(), "ratio")
		})
	}
}

// ballots makes bodies to cast, and the rows that casting them would write.
func (w *world) ballots(r Round, n int) ([][]byte, []Response) {
	w.t.Helper()
	strata, err := strataOf(w.ctx(), w.db, r.ID)
	require.NoError(w.t, err)
	der, err := w.Keys.Open(strata[0].ID, strata[0].KeySealed)
	require.NoError(w.t, err)
	key, err := ballot.ParsePrivateKey(der)
	require.NoError(w.t, err)
	batch, err := ballot.PrintBatch(w.trusted(r, strata[0].PublicKey), n)
	require.NoError(w.t, err)
	blinded := batch.Blinded()
	signatures := make([][]byte, n)
	signer := ballot.NewSigner(8)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			if signatures[i], err = signer.BlindSign(w.ctx(), key, blinded[i]); err != nil {
				panic(err)
			}
		})
	}
	wg.Wait()
	sheets, err := batch.Finish(signatures)
	require.NoError(w.t, err)
	asked, err := w.asking(w.ctx(), r.ID)
	q := asked.form
	require.NoError(w.t, err)
	bodies, rows := make([][]byte, n), make([]Response, n)
	for i, sheet := range sheets {
		c := cast(sheet.Kept, 1, w.rated(r, 1+i%5, ""))
		bodies[i], err = json.Marshal(map[string]any{"ballot": c.Ballot, "revision": 1, "opening": c.Opening, "answers": c.Answers, "salt": c.Salt, "textSalt": c.TextSalt, "textKey": c.TextKey})
		require.NoError(w.t, err)
		rows[i], _ = response(r.ID, signing{stratum: strata[0]}, q, c)
	}
	return bodies, rows
}

// other is a round of the same shape for the bare rows.
func (w *world) other(r Round) id.ID {
	w.t.Helper()
	r.ID = id.New()
	require.NoError(w.t, w.db.InTx(w.ctx(), func(ctx context.Context, tx *dbx.Tx) error { return insertRound(ctx, tx, r) }))
	return r.ID
}

// spread gives each of n things to one of the clients.
func spread(n int, do func(client, i int) error) (time.Duration, error) {
	var next atomic.Int64
	var failed atomic.Value
	var wg sync.WaitGroup
	begin := time.Now()
	for client := range castClients {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := do(client, i); err != nil {
					failed.Store(err)
					return
				}
			}
		})
	}
	wg.Wait()
	err, _ := failed.Load().(error)
	return time.Since(begin), err
}

// line is a client's connection that stays open. It does as little as wrk does, since the clients share the cores with what is measured.
type line struct {
	conn net.Conn
	in   *bufio.Reader
}

// dial opens the connections of all clients.
func dial(b *testing.B, address string) []line {
	b.Helper()
	lines := make([]line, castClients)
	for i := range lines {
		conn, err := net.Dial("tcp", address)
		require.NoError(b, err)
		b.Cleanup(func() { require.NoError(b, conn.Close()) })
		lines[i] = line{conn, bufio.NewReader(conn)}
	}
	return lines
}

// cast sends a request and reads a receipt; every other answer is an error.
func (l line) cast(request []byte) error {
	if _, err := l.conn.Write(request); err != nil {
		return err
	}
	var status, length int
	for {
		header, err := l.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if header = bytes.TrimSpace(header); len(header) == 0 {
			break
		}
		if value, ok := bytes.CutPrefix(header, []byte("Content-Length: ")); ok {
			length, err = strconv.Atoi(string(value))
		} else if value, ok := bytes.CutPrefix(header, []byte("HTTP/1.1 ")); ok {
			status, err = strconv.Atoi(string(value[:3]))
		}
		if err != nil {
			return err
		}
	}
	answer, err := l.in.Peek(length)
	if err == nil && (status != 201 || !bytes.HasPrefix(answer, []byte(`{"receipt":"RPR1.`))) {
		err = fmt.Errorf("%d %s", status, answer)
	}
	_, _ = l.in.Discard(length) // what was peeked at is there
	return err
}

// requests are what is sent to cast the bodies.
func requests(round id.ID, bodies [][]byte) [][]byte {
	out := make([][]byte, len(bodies))
	for i, body := range bodies {
		out[i] = fmt.Appendf(nil, "POST /api/v1/public/survey-rounds/%s/responses HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", round, len(body), body)
	}
	return out
}

func castAll(b *testing.B, lines []line, requests [][]byte) time.Duration {
	took, err := spread(len(requests), func(client, i int) error { return lines[client].cast(requests[i]) })
	require.NoError(b, err)
	return took
}

func insertAll(b *testing.B, raw *sql.DB, round id.ID, rows []Response) time.Duration {
	const insert = `INSERT INTO survey_cast (` + castColumns + `) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`
	took, err := spread(len(rows), func(_, i int) error {
		r := rows[i]
		_, err := raw.Exec(insert, round[:], r.TokenHash[:], r.StratumID[:], r.Token[:], r.Prefix[:], r.Signature, r.Answers, r.Salt[:], r.TextHash[:], r.Commitment[:], r.Revision, r.Opening[:],
			r.Channel, r.Lot, r.AttributeSalt[:])
		return err
	})
	require.NoError(b, err)
	return took
}
