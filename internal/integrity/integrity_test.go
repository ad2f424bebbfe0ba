package integrity

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/score"
)

func audited(t require.TestingT, in Input) Report {
	r, err := Audit(in)
	require.NoError(t, err)
	return r
}

func (r Report) flag(f Flag) FlagReport {
	return r.Flags[slices.IndexFunc(r.Flags, func(x FlagReport) bool { return x.Flag == f })]
}

func text(t require.TestingT, r Report) string {
	b, err := json.Marshal(r)
	require.NoError(t, err)
	return string(b)
}

// 300 honest rounds of each population: no flag is raised more often than the exact binomial has it at the stated
// rate (its 99.99 % quantile). make bench runs 10,000 of each.
func TestHonestRoundsAreSeldomFlagged(t *testing.T) {
	const rounds = 300
	for _, p := range populations() {
		if p.answers > 300 {
			continue
		}
		seen := run(t, rounds, func(seed uint64) Input { return p.honest(seed).in })
		for _, m := range Methods() {
			require.Greater(t, binomialTail(rounds, int64(seen.raised[m.Flag]), stated(m.Flag)/100), 1e-4, "%s: %s", p.name, m.Flag)
			if p.strata > 1 {
				require.Greater(t, seen.assessable[m.Flag], rounds/2, "%s: %s says something", p.name, m.Flag)
			}
		}
	}
}

// A tenth of 300 answers is false: each named attack is found in 95 % of rounds or more.
func TestNamedAttacksAreFound(t *testing.T) {
	const rounds = 200
	for _, a := range attacks() {
		seen := run(t, rounds, func(seed uint64) Input { return populations()[0].attacked(seed, a, 0.1).in })
		require.GreaterOrEqual(t, seen.raised[a.catches], rounds*95/100, a.name)
	}
}

// What docs/integrity.md says cannot be found is not found; if that changes the page must.
func TestBlindSpotsAreAsDescribed(t *testing.T) {
	const rounds = 100
	for _, a := range blindSpots() {
		seen := run(t, rounds, func(seed uint64) Input { return populations()[0].attacked(seed, a, 0.1).in })
		for f, n := range seen.raised {
			require.LessOrEqual(t, n, 5, "%s: %s", a.name, f)
		}
	}
}

func TestOrderAndNamesDoNotMatter(t *testing.T) {
	for _, a := range attacks() {
		in := populations()[0].attacked(7, a, 0.1).in
		in.Responses = addTexts(in.Responses)
		want := text(t, audited(t, in))
		require.Equal(t, want, text(t, audited(t, in)), "the same input, the same digits")
		for seed := range uint64(3) {
			require.Equal(t, want, text(t, audited(t, shuffled(in, seed))))
		}
		require.Equal(t, want, restored(text(t, audited(t, renamed(in)))), "codes of lots are names only")
		require.Equal(t, text(t, audited(t, in)), want, "the input is left as it was")
	}
}

// renamed gives lots other codes whose order is the same; restored takes them back in the report.
func renamed(in Input) Input {
	in.Responses = slices.Clone(in.Responses)
	for i, r := range in.Responses {
		if r.Lot != "" {
			in.Responses[i].Lot = "zz" + r.Lot
		}
	}
	return in
}

func restored(s string) string { return strings.ReplaceAll(s, `"zz`, `"`) }

// addTexts lets five answers of one interviewer share their words.
func addTexts(responses []Response) []Response {
	out, n := slices.Clone(responses), 0
	for i, r := range out {
		if r.Channel == score.Assisted && n < 5 {
			out[i].Texts = []Hash{{9}}
			n++
		}
	}
	return out
}

// Renaming lots so that their order turns around changes no figure of theirs.
func TestLotsKeepTheirFiguresUnderOtherNames(t *testing.T) {
	in := populations()[0].attacked(3, attacks()[0], 0.1).in
	figures := func(in Input, name func(string) string) map[string]string {
		out := map[string]string{}
		for _, f := range audited(t, in).Flags {
			for _, x := range f.Findings {
				lot := name(x.Lot)
				x.Lot = ""
				out[fmt.Sprint(f.Flag, x.Channel, lot, x.Stratum, x.Day, x.Values)] = fmt.Sprint(x)
			}
		}
		return out
	}
	turned := in
	turned.Responses = slices.Clone(in.Responses)
	names := map[string]string{"": ""}
	for i, r := range in.Responses {
		if r.Lot != "" {
			code := fmt.Sprintf("%c%s", 'z'-r.Lot[1], r.Lot)
			names[code], turned.Responses[i].Lot = r.Lot, code
		}
	}
	want := figures(in, func(s string) string { return s })
	require.Equal(t, want, figures(turned, func(s string) string { return names[s] }))
}

// Turning every rating around (1 for 5, 2 for 4 …) turns each difference around and leaves each chance.
func TestTurningTheScaleAround(t *testing.T) {
	in := populations()[0].attacked(5, attacks()[0], 0.1).in
	around := in
	around.Responses = slices.Clone(in.Responses)
	for i, r := range in.Responses {
		values := slices.Clone(r.Values)
		for j, v := range values {
			if v >= score.Lowest {
				values[j] = score.Lowest + score.Highest - v
			}
		}
		around.Responses[i].Values = values
	}
	a, b := audited(t, in), audited(t, around)
	require.Equal(t, Raised, a.flag(Interviewers).State)
	for _, f := range []Flag{Interviewers, StraightLining, CopiedAnswers, DrawingDays} {
		require.Equal(t, a.flag(f).State, b.flag(f).State, f)
	}
	lots := func(r Report) map[string]score.Micro {
		out := map[string]score.Micro{}
		for _, f := range r.flag(Interviewers).Findings {
			out[f.Lot] = f.Figure
		}
		return out
	}
	turned := lots(b)
	for lot, d := range lots(a) {
		require.InDelta(t, float64(-d), float64(turned[lot]), 100, lot)
	}
}

func TestFaults(t *testing.T) {
	good := func() Input { return populations()[0].honest(1).in }
	audited(t, good())
	for name, spoil := range map[string]struct {
		code   string
		change func(*Input)
	}{
		"no strata":            {"integrity.design", func(in *Input) { in.Strata = nil }},
		"a key twice":          {"integrity.design", func(in *Input) { in.Strata[1].Key = in.Strata[0].Key }},
		"no key":               {"integrity.design", func(in *Input) { in.Strata[1].Key = "" }},
		"more drawn":           {"integrity.design", func(in *Input) { in.Strata[0].Sampled = 20 }},
		"negative drawings":    {"integrity.design", func(in *Input) { in.Strata[0].Drawn[3] = -1 }},
		"a day missing":        {"integrity.design", func(in *Input) { in.Days = slices.Delete(in.Days, 4, 5) }},
		"drawings of a day":    {"integrity.design", func(in *Input) { in.Strata[0].Drawn = in.Strata[0].Drawn[1:] }},
		"no date":              {"integrity.design", func(in *Input) { in.Days[0].Date = "today" }},
		"stratum":              {"integrity.response", func(in *Input) { in.Responses[9].Stratum = 3 }},
		"negative stratum":     {"integrity.response", func(in *Input) { in.Responses[9].Stratum = -1 }},
		"channel":              {"integrity.response", func(in *Input) { in.Responses[9].Channel = 3 }},
		"items":                {"integrity.response", func(in *Input) { in.Responses[9].Values = in.Responses[9].Values[1:] }},
		"rating":               {"integrity.response", func(in *Input) { in.Responses[9].Values[0] = 6 }},
		"less than not asked":  {"integrity.response", func(in *Input) { in.Responses[9].Values[0] = -3 }},
		"sampled of dwellings": {"integrity.design", func(in *Input) { in.Strata[0].Dwellings = 10 }},
	} {
		in := good()
		spoil.change(&in)
		_, err := Audit(in)
		require.ErrorContains(t, err, spoil.code, name)
	}
}

// Any input that is accepted is judged without a panic, and every figure is within its range.
func FuzzAudit(f *testing.F) {
	f.Add([]byte("abcdefghijklmnopqrstuvwxyz0123456789"), uint8(2))
	f.Add([]byte{5, 5, 5, 5, 5, 1, 1, 1, 1, 1, 0, 0, 0, 0}, uint8(1))
	f.Fuzz(func(t *testing.T, data []byte, strata uint8) {
		in := Input{Days: []Day{{Date: "2026-03-01", Announced: true}, {Date: "2026-03-02"}}}
		for s := range 1 + int(strata%4) {
			in.Strata = append(in.Strata, Stratum{Key: fmt.Sprint(s), Dwellings: 600, Sampled: 600, Drawn: []int64{int64(strata), int64(len(data) % 300)}})
		}
		for chunk := range slices.Chunk(data, 9) {
			r := Response{Stratum: int(chunk[0]) % len(in.Strata), Channel: score.Channel(chunk[0] / 4 % 3), Lot: fmt.Sprint(chunk[0] / 16), Values: make([]int8, 8)}
			for j, b := range chunk[1:] {
				r.Values[j] = int8(b%8) - 2
			}
			if chunk[0]%5 == 0 {
				r.Texts = []Hash{{chunk[0] % 3}}
			}
			in.Responses = append(in.Responses, r)
		}
		for _, flag := range audited(t, in).Flags {
			for _, x := range flag.Findings {
				require.True(t, x.P >= 0 && x.P <= certain && x.Usual >= 0 && x.Usual <= certain, "%s %v", flag.Flag, x)
				require.Equal(t, x.State == Raised, x.State != NotAssessable && x.P <= flag.Rate)
			}
		}
	})
}

func TestNothingToCompare(t *testing.T) {
	r := audited(t, Input{Strata: []Stratum{{Key: "S", Dwellings: 40, Sampled: 40}}})
	require.Empty(t, r.Raised())
	for _, f := range r.Flags {
		require.Equal(t, NotAssessable, f.State, f.Flag)
	}
	require.Equal(t, Version, r.Version)
	require.NotContains(t, text(t, r), "null")
}

func TestFiguresByHand(t *testing.T) {
	five, mixed := []int8{5, 5, 5, 5, 5, -1}, []int8{5, 4, 5, 5, 5, 0}
	in := Input{Strata: []Stratum{{Key: "A", Dwellings: 9, Sampled: 9}, {Key: "B", Dwellings: 9, Sampled: 9}}, Responses: []Response{
		{Stratum: 0, Values: five, Texts: []Hash{{1}, {1}}}, {Stratum: 0, Values: mixed, Texts: []Hash{{2}}}, {Stratum: 0, Channel: score.Paper, Lot: "p", Values: mixed},
		{Stratum: 1, Channel: score.Assisted, Lot: "i", Values: []int8{5, 5, 5, 5, -2, -1}}, {Stratum: 1, Channel: score.Assisted, Lot: "j", Values: []int8{3, 3, 3, 3, 3, 3}, Texts: []Hash{{2}}}}}
	f := audited(t, in).Figures
	require.Equal(t, Figures{Answers: 5, Straight: 2, Rated: 4, EqualAnswers: 2, EqualTexts: 2, StraightIndependent: 50_000_000,
		Strata: []StratumFigure{{"A", 3, 33_333_333, 0, 33_333_333}, {"B", 2, 0, 100_000_000, 100_000_000}},
		Lots:   []LotFigure{{"paper", "p", 1, 100_000_000}, {"assisted", "i", 1, 50_000_000}, {"assisted", "j", 1, 50_000_000}}}, f)
}

func TestStepsBetweenAnswers(t *testing.T) {
	for _, c := range []struct {
		a, b []int8
		want int
	}{
		{[]int8{5, 4, 3}, []int8{5, 4, 3}, 0},
		{[]int8{5, 4, 3}, []int8{5, 4, 4}, 1},
		{[]int8{5, 4, 3}, []int8{4, 4, 4}, 2},
		{[]int8{5, 4, 3}, []int8{5, 4, 1}, 2},
		{[]int8{5, 4, -1}, []int8{5, 4, 1}, 1},
		{[]int8{5, 4, -1}, []int8{5, 4, -2}, 0},
	} {
		require.Equal(t, c.want, steps(c.a, c.b), "%v %v", c.a, c.b)
		require.Equal(t, c.want, steps(c.b, c.a), "%v %v", c.b, c.a)
	}
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.SliceOfN(rapid.Int8Range(score.NotAsked, score.Highest), 6, 6)
		a, b := value.Draw(t, "a"), value.Draw(t, "b")
		require.Equal(t, pattern(a) == pattern(b), steps(a, b) == 0)
	})
}
