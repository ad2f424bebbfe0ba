package bundle

import (
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkVerify checks bundles of 10,000 and of a million responses without the ballots' signatures, and one of 10,000 with them.
// It reports leaves in a second, the work of all cores for one, which a busy machine changes little, and the highest heap beyond what was there before: the two bundles must need the same.
func BenchmarkVerify(b *testing.B) {
	for _, c := range []struct {
		name   string
		n      int
		signed bool
	}{{"10k", 10_000, false}, {"1M", 1_000_000, false}, {"10kRSA", 10_000, true}} {
		b.Run(c.name, func(b *testing.B) {
			file, leaves, public := benchFile(b, c.n, c.signed)
			for b.Loop() {
				f, err := os.Open(file)
				require.NoError(b, err)
				peak, began, worked := watchHeap(), time.Now(), cpuTime(b)
				r, err := Verify(f, Options{VerifierKey: public, unsigned: !c.signed})
				b.ReportMetric(float64(leaves)/time.Since(began).Seconds(), "leaves/s")
				b.ReportMetric(float64((cpuTime(b)-worked).Microseconds())/float64(leaves), "cpu-µs/leaf")
				b.ReportMetric(peak()/(1<<20), "peak-MiB")
				require.NoError(b, err)
				require.Empty(b, r.Problems)
				require.NoError(b, f.Close())
			}
		})
	}
}

// benchFile writes a bundle of n responses and forgets everything else.
func benchFile(b *testing.B, n int, signed bool) (file string, leaves int64, public string) {
	b.Helper()
	m := makeRound(b, signed, piece{0, n, n / 2}, piece{0, n, n - n/2})
	file = filepath.Join(b.TempDir(), "round.jsonl.gz")
	f, err := os.Create(file)
	require.NoError(b, err)
	require.NoError(b, Write(b.Context(), f, m.pre, m.leaves, m.size, m))
	require.NoError(b, f.Close())
	return file, m.size, m.public
}

// cpuTime is the work of all cores for this process.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// watchHeap samples the heap until the function it returns is called, which tells the highest, in bytes beyond the beginning.
func watchHeap() func() float64 {
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	var peak atomic.Uint64
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			if now.HeapAlloc > peak.Load() {
				peak.Store(now.HeapAlloc)
			}
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() float64 {
		close(stop)
		<-done
		return float64(peak.Load()) - float64(before.HeapAlloc)
	}
}
