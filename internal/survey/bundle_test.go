package survey

import (
	"bytes"
	"compress/gzip"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/bundle"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
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

// revisedByAnExclusion is a round of which an audit left the answers of one interviewer out.
func (w *world) revisedByAnExclusion() Round {
	w.t.Helper()
	r := w.examined()
	party, decider, ctx := w.auditor(), w.decider(), w.ctx()
	a, err := w.OpenAudit(ctx, party, idem.Key{}, r.ID, "访问员 i-07 的答卷全部满分。")
	require.NoError(w.t, err)
	a, err = w.Exclude(ctx, party, r.ID, a.ID, version(a), NewExclusion{"lot", "i-07", "访问员自行填写，复访中多户否认。"})
	require.NoError(w.t, err)
	a, err = w.ConfirmExclusion(ctx, w.decider(), r.ID, a.ID, 1, version(a))
	require.NoError(w.t, err)
	a, err = w.Conclude(ctx, party, r.ID, a.ID, version(a), Revise, "建议剔除访问员 i-07 的全部答卷。")
	require.NoError(w.t, err)
	_, err = w.DecideAudit(ctx, decider, r.ID, a.ID, version(a), Revise, "剔除理由成立，修订得分。")
	require.NoError(w.t, err)
	for range 3 {
		w.clock.Advance(2 * time.Minute)
		w.work()
	}
	return w.reread(r)
}

// A score that an exclusion revised is computed again from the responses, as the first one is, and whatever is altered in it is named.
func TestTheBundleOfARevisedRoundVerifiesEachCard(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.revisedByAnExclusion()
		whole := w.bundle(r)
		verify := func(file []byte) bundle.Report {
			report, err := bundle.Verify(bytes.NewReader(file), bundle.Options{VerifierKey: w.log.VerifierKey()})
			require.NoError(t, err)
			return report
		}
		report := verify(whole)
		require.Empty(t, report.Problems)
		require.EqualValues(t, 52, report.Responses)
		require.Equal(t, 2, report.Recomputed, "the score before it, and the revision")
		require.Equal(t, 12, strings.Count(unzipped(t, whole), `,"excludedFrom":1,"channel":"assisted","lot":"i-07"`))

		mark := regexp.MustCompile(`,"excludedFrom":1,"channel":"assisted","lot":"i-07","attributeSalt":"[^"]+"`)
		for name, c := range map[string]struct {
			problem string
			alter   func(string) string
		}{
			"one that is left out is counted": {"exclusion 1 leaves out 12 responses, the file has 11 of them", func(s string) string { return once(s, mark, "") }},
			"one that is counted is left out": {"it did not come in the way for which it was left out", func(s string) string {
				plain := regexp.MustCompile(`("text":"[^"]+)("}\n\{"type":"response")`)
				return once(s, plain, `${1}"`+strings.TrimSuffix(mark.FindString(s), `"`)+`${2}`)
			}},
			"it came in by another way":         {"it did not come in the way for which it was left out", func(s string) string { return strings.Replace(s, `"lot":"i-07"`, `"lot":"i-08"`, 1) }},
			"a revision that there is not":      {"it was left out of a revision that there is not", func(s string) string { return strings.Replace(s, `"excludedFrom":1`, `"excludedFrom":2`, 1) }},
			"another figure of the revision":    {"the score of revision 1: an item of", func(s string) string { return once(s, regexp.MustCompile(`49(\.?)375`), `59${1}375`) }},
			"another number in the exclusion":   {"exclusion 1 leaves out 11 responses, the file has 12 of them", func(s string) string { return strings.Replace(s, `\"i-07\",\"count\":12`, `\"i-07\",\"count\":11`, 1) }},
			"the exclusion goes by another lot": {"12 responses of stratum", func(s string) string { return strings.Replace(s, `\"value\":\"i-07\"`, `\"value\":\"i-08\"`, 1) }},
		} {
			text := unzipped(t, whole)
			altered := c.alter(text)
			require.NotEqual(t, text, altered, name)
			require.Contains(t, strings.Join(verify(zipped(t, altered)).Problems, "\n"), c.problem, name)
		}
	})
}

// once replaces the first match.
func once(s string, what *regexp.Regexp, with string) string {
	at := what.FindStringIndex(s)
	return s[:at[0]] + what.ReplaceAllString(s[at[0]:at[1]], with) + s[at[1]:]
}

func unzipped(t testing.TB, file []byte) string {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(file))
	require.NoError(t, err)
	text, err := io.ReadAll(r)
	require.NoError(t, err)
	return string(text)
}

func zipped(t testing.TB, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
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
