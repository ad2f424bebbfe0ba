package survey

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/httpapi/apitest"
)

const pageVisits = 400 // of each page in a turn

// scorePage is the public score of a round that has so many responses.
type scorePage struct {
	address string
	took    []time.Duration
}

func newScorePage(b *testing.B, e castEngine, responses int) *scorePage {
	b.Helper()
	db, raw := e.open(b)
	require.NoError(b, raw.Close())
	w := newWorld(b, db)
	r := w.published()
	w.fill(r, names(responses), true)
	api := apitest.New(b, w.clock)
	Register(api.API, w.Service)
	server := httptest.NewServer(api.API)
	b.Cleanup(server.Close)
	return &scorePage{address: server.URL + "/api/v1/public/survey-rounds/" + r.ID.String() + "/score"}
}

// visit reads the page once over HTTP.
func (p *scorePage) visit(b *testing.B) {
	began := time.Now()
	resp, err := http.Get(p.address)
	require.NoError(b, err)
	_, err = io.Copy(io.Discard, resp.Body)
	require.NoError(b, err)
	require.NoError(b, resp.Body.Close())
	p.took = append(p.took, time.Since(began))
	require.Equal(b, http.StatusOK, resp.StatusCode)
}

func (p *scorePage) median() float64 {
	slices.Sort(p.took)
	return float64(p.took[len(p.took)/2].Microseconds())
}

// BenchmarkScorePage reads the public score of a round over HTTP, by turns of one with 10,000 responses in its table and of one
// with a million. "ratio" is the median of the second over that of the first.
func BenchmarkScorePage(b *testing.B) {
	for _, e := range castEngines() {
		b.Run(e.name, func(b *testing.B) {
			small, large := newScorePage(b, e, 10_000), newScorePage(b, e, 1_000_000)
			b.ResetTimer()
			for range b.N {
				for range pageVisits {
					small.visit(b)
					large.visit(b)
				}
			}
			b.ReportMetric(small.median(), "µs-at-10k")
			b.ReportMetric(large.median(), "µs-at-1M")
			b.ReportMetric(large.median()/small.median(), "ratio")
		})
	}
}

// names are the names of so many ballots in the order of the table's key.
func names(n int) []ballot.Hash {
	out := make([]ballot.Hash, n)
	for i := range out {
		out[i] = ballot.NewHash()
	}
	slices.SortFunc(out, ballot.Hash.Compare)
	return out
}
