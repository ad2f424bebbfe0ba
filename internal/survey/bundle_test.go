package survey

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/bundle"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// counted runs a round in which the first homes of each service area answer, and publishes it.
func (w *world) counted(answered map[id.ID]int, areas ...id.ID) Round {
	w.t.Helper()
	r := w.open(areas...)
	for _, a := range areas {
		for n := range answered[a] {
			_, err := w.CastBallot(w.ctx(), r.ID, cast(w.draw(r, a, n), 1, w.rated(r, 1+n%5, "")))
			require.NoError(w.t, err)
		}
	}
	r = w.close(r)
	w.clock.Advance(73 * time.Hour)
	w.work()
	return w.must(roundByID(w.ctx(), w.db, r.ID))
}

// bundle is the public bundle of a round.
func (w *world) bundle(r Round) []byte {
	w.t.Helper()
	write, err := w.Bundle(w.ctx(), r.ID)
	require.NoError(w.t, err)
	var out bytes.Buffer
	require.NoError(w.t, write(&out))
	return out.Bytes()
}

// A bundle is everything that a round is verified with, by who has the ledger's key and nothing else.
func TestTheBundleOfARoundVerifies(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.counted(map[id.ID]int{w.area: 60, w.sibling: 3}, w.area, w.sibling)
		report, err := bundle.Verify(bytes.NewReader(w.bundle(r)), bundle.Options{VerifierKey: w.log.VerifierKey()})
		require.NoError(t, err)
		require.Empty(t, report.Problems)
		require.EqualValues(t, 63, report.Responses)
		require.EqualValues(t, 63, report.Draws)
		require.EqualValues(t, 3, report.Hidden, "a service area with three answers shows none")
		require.Equal(t, 1, report.Recomputed)
		require.EqualValues(t, 160, report.Dwellings)
	})
}

// Of a sample everybody who was asked, and who was not, follows from the bundle: from the parties' secrets and the sealed roll.
func TestTheBundleOfASampleDrawsItAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		hired := w.residents[4].Person
		w.staff[w.company] = append(w.staff[w.company], hired)
		r := w.sampledOpen(w.area, 1000)
		cast := 0
		for n := range w.homes[w.area] {
			own, err := w.Own(t.Context(), w.resident(w.area, n), r.ID, w.homes[w.area][n].Unit)
			require.NoError(t, err)
			if own.Sampled && own.MayDraw {
				w.castOne(r, n)
				cast++
			}
		}
		r = w.close(r)
		r = w.must(w.Publish(t.Context(), w.office, r.ID, seen(r)))
		report, err := bundle.Verify(bytes.NewReader(w.bundle(r)), bundle.Options{VerifierKey: w.log.VerifierKey()})
		require.NoError(t, err)
		require.Empty(t, report.Problems)
		require.EqualValues(t, 120, report.Dwellings, "the one that is left out too")
		require.EqualValues(t, cast, report.Responses)
	})
}

// sampledOpen is a sample of a service area whose secrets are shown and whose day has come.
func (w *world) sampledOpen(area id.ID, marginBp int64) Round {
	w.t.Helper()
	r, secrets := w.sampled(area, marginBp)
	for _, by := range w.parties(area) {
		r = w.must(w.Reveal(w.ctx(), by, r.ID, seen(r), secrets[by.Grants[0].Org]))
	}
	w.clock.Advance(25 * time.Hour)
	w.work()
	r = w.reread(r)
	require.Equal(w.t, Open, r.State)
	return r
}

// castOne draws and casts for the n-th home of the area.
func (w *world) castOne(r Round, n int) {
	w.t.Helper()
	_, err := w.CastBallot(w.ctx(), r.ID, cast(w.draw(r, w.area, n), 1, w.rated(r, 1+n%5, "")))
	require.NoError(w.t, err)
}
