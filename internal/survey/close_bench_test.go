package survey

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
)

// closeLeaves is how many responses the benchmark closes at once.
const closeLeaves = 20_000

// BenchmarkClose closes a round of many responses into the ledger, from the first that is counted until none of the casts is left:
// nothing of it is a check of a signature. It reports leaves in a second.
func BenchmarkClose(b *testing.B) {
	for _, e := range castEngines() {
		b.Run(e.name, func(b *testing.B) {
			db, raw := e.open(b)
			defer raw.Close()
			w := newWorld(b, db)
			var took, worked, served time.Duration
			for n := range b.N {
				cast := make([]ballot.Hash, closeLeaves) // in no order
				for i := range cast {
					cast[i] = ballot.NewHash()
				}
				r := w.closing(w.place(fmt.Sprintf("第%d家园", n), 1, 40), cast)
				began, work, serve := time.Now(), cpuTime(b), serverTime(b, db)
				w.count(r)
				took, worked, served = took+time.Since(began), worked+cpuTime(b)-work, served+serverTime(b, db)-serve
				require.Zero(b, count1(b, db, `SELECT COUNT(*) FROM survey_cast`))
				require.Equal(b, closeLeaves, count1(b, db, `SELECT COUNT(*) FROM survey_response WHERE round_id = ?`, r.ID))
				w.exec(`UPDATE survey_round SET state = 'cancelled' WHERE id = ?`, r.ID)
			}
			n := float64(b.N * closeLeaves)
			b.ReportMetric(float64(worked.Microseconds())/n, "cpu-µs/leaf")
			b.ReportMetric(float64(served.Microseconds())/n, "server-cpu-µs/leaf")
			b.ReportMetric(n/took.Seconds(), "leaves/s")
		})
	}
}

// BenchmarkMillion closes rounds of more and more responses in an embedded database, and reports how much memory the program took at
// most beyond what it had at the beginning.
func BenchmarkMillion(b *testing.B) {
	for _, leaves := range []int{100_000, 1_000_000} {
		b.Run(strconv.Itoa(leaves), func(b *testing.B) {
			db, raw := castEngines()[0].open(b)
			defer raw.Close()
			w := newWorld(b, db)
			r := w.closing(w.area, names(leaves))
			debug.FreeOSMemory()
			require.NoError(b, os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)) // the peak is counted anew
			before, began := resident(b, "VmRSS"), time.Now()
			w.count(r)
			b.ReportMetric(float64(leaves)/time.Since(began).Seconds(), "leaves/s")
			b.ReportMetric(float64(resident(b, "VmHWM")-before)/1024, "MiB")
			require.Equal(b, leaves, count1(b, db, `SELECT COUNT(*) FROM survey_response`))
		})
	}
}

// resident is a figure of this process's memory, in KiB.
func resident(b *testing.B, which string) int {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	require.NoError(b, err)
	_, rest, _ := strings.Cut(string(status), which+":")
	n, err := strconv.Atoi(strings.Fields(rest)[0])
	require.NoError(b, err)
	return n
}

// closing is a round over an area that has stopped taking casts and has these.
func (w *world) closing(area id.ID, names []ballot.Hash) Round {
	w.t.Helper()
	r := w.open(area)
	w.fill(r, names, false)
	w.exec(`UPDATE survey_round SET state = 'closing', closed_at = ? WHERE id = ?`, w.now(), r.ID)
	w.clock.Advance(time.Minute)
	return r
}

// count does what the jobs do with the casts of a closing round.
func (w *world) count(r Round) {
	w.t.Helper()
	for busy, seal := true, w.Jobs()[1]; busy; {
		var err error
		busy, err = w.runner.Once(w.ctx(), seal)
		require.NoError(w.t, err)
	}
	_, err := w.runner.Once(w.ctx(), job.Job{Name: "survey.rounds", Every: time.Second, Do: func(ctx context.Context, l job.Lease) (bool, error) { return false, w.forgetCasts(ctx, l, r.ID) }})
	require.NoError(w.t, err)
}

// cpuTime is what this process has used of the cores.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// serverTime is what the database's server on this machine has used of the cores: nothing where it is embedded, and works in this process.
func serverTime(b *testing.B, db *dbx.DB) time.Duration {
	b.Helper()
	if db.Dialect() == dbx.SQLite {
		return 0
	}
	var file string
	require.NoError(b, db.Get(b.Context(), &file, `SELECT @@pid_file`))
	pid, err := os.ReadFile(filepath.Clean(file))
	require.NoError(b, err)
	stat, err := os.ReadFile(filepath.Join("/proc", strings.TrimSpace(string(pid)), "stat"))
	require.NoError(b, err)
	_, rest, _ := strings.Cut(string(stat), ") ") // what stands before may hold spaces
	var ticks int64
	for _, field := range strings.Fields(rest)[11:13] { // utime and stime, in hundredths of a second
		n, err := strconv.ParseInt(field, 10, 64)
		require.NoError(b, err)
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// fill writes responses with these names, as they lie in the table before the round closes or, counted, as afterwards.
func (w *world) fill(r Round, names []ballot.Hash, counted bool) {
	w.t.Helper()
	strata, err := strataOf(w.ctx(), w.db, r.ID)
	require.NoError(w.t, err)
	answers := string(w.rated(r, 4, "").Canonical())
	for some := range slices.Chunk(names, 2000) {
		list := make([]Response, len(some))
		for i := range list {
			list[i] = Response{RoundID: r.ID, TokenHash: some[i], StratumID: strata[0].ID, Token: ballot.NewHash(), Prefix: ballot.NewHash(), Signature: make([]byte, 256),
				Answers: answers, Salt: ballot.NewHash(), TextHash: ballot.NewHash(), Commitment: ballot.NewHash(), Revision: 1, Opening: ballot.NewHash(), Channel: ChannelWeb, AttributeSalt: ballot.NewHash()}
		}
		require.NoError(w.t, w.db.InTx(w.ctx(), func(ctx context.Context, tx *dbx.Tx) error { return insertCasts(ctx, tx, list...) }))
	}
	if counted {
		w.exec(`INSERT INTO survey_response (`+responseColumns+`) SELECT `+castColumns+`, ROW_NUMBER() OVER (ORDER BY token_hash) FROM survey_cast WHERE round_id = ?`, r.ID)
		w.exec(`DELETE FROM survey_cast WHERE round_id = ?`, r.ID)
	}
}
