package integrity

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/score"
)

// ratings are eight alike; varied differ by who gives them, and nearly all from each other.
func ratings(v int8) []int8 { return slices.Repeat([]int8{v}, 8) }

func varied(i int) []int8 {
	r := rand.New(rand.NewPCG(uint64(i), 5))
	out := make([]int8, 8)
	for j := range out {
		out[j] = int8(1 + r.IntN(5))
	}
	return out
}

func one(n int, make func(i int) Response) []Response {
	var out []Response
	for i := range n {
		out = append(out, make(i))
	}
	return out
}

func answered(responses ...[]Response) Input {
	return Input{Strata: []Stratum{{Key: "A", Dwellings: 900, Sampled: 900}, {Key: "B", Dwellings: 900, Sampled: 900}}, Responses: slices.Concat(responses...)}
}

func assisted(lot string, stratum int, values func(i int) []int8) func(int) Response {
	return func(i int) Response {
		return Response{Stratum: stratum, Channel: score.Assisted, Lot: lot, Values: values(i)}
	}
}

func always(v int8) func(int) []int8 { return func(int) []int8 { return ratings(v) } }

// Around each minimum: one answer fewer and nothing is said.
func TestMinimumsOfLots(t *testing.T) {
	for _, c := range []struct {
		mine, others int
		want         State
	}{{8, 8, Raised}, {7, 30, NotAssessable}, {30, 7, NotAssessable}, {0, 30, NotAssessable}} {
		in := answered(one(c.mine, assisted("x", 0, always(5))), one(c.others, assisted("y", 0, always(2))))
		r := audited(t, in)
		require.Equal(t, c.want, r.flag(Interviewers).State, "%+v", c)
		require.Equal(t, NotAssessable, r.flag(PaperLots).State)
	}
	in := answered(one(30, assisted("x", 0, always(5))), one(30, assisted("y", 1, always(2))))
	require.Equal(t, NotAssessable, audited(t, in).flag(Interviewers).State, "two interviewers who never met in a stratum")
}

// A lot may differ by the allowance of a quarter of a point and no more. 25 answers of 4 against 25 that are lower by so
// much: at the allowance no chance is computed at all.
func TestAllowanceOfLots(t *testing.T) {
	mean := func(threes int) func(int) []int8 { // of 8 ratings, as many are 3 instead of 4
		return func(int) []int8 {
			return append(slices.Repeat([]int8{3}, threes), slices.Repeat([]int8{4}, 8-threes)...)
		}
	}
	for threes, want := range map[int]State{0: Quiet, 1: Quiet, 2: Quiet, 3: Raised, 8: Raised} {
		in := answered(one(25, assisted("x", 0, always(4))), one(25, assisted("y", 0, mean(threes))))
		f := audited(t, in).flag(Interviewers)
		require.Equal(t, want, f.State, "%d of eight", threes)
		require.Equal(t, int64(2), f.Comparisons)
		for _, x := range f.Findings {
			sign := score.Micro(1)
			if x.Lot == "y" {
				sign = -1
			}
			require.Equal(t, sign*score.Micro(threes)*score.One/8, x.Figure)
		}
	}
}

// Estates that differ are no sign: the interviewers worked in both, in different proportions.
func TestDifferentEstatesAreNotDifferentInterviewers(t *testing.T) {
	in := answered(
		one(40, assisted("x", 0, always(5))), one(10, assisted("y", 0, always(5))),
		one(10, assisted("x", 1, always(2))), one(40, assisted("y", 1, always(2))))
	r := audited(t, in)
	require.Empty(t, r.Raised())
	require.Equal(t, Quiet, r.flag(Interviewers).State)
}

func TestPaperLotsAndChannels(t *testing.T) {
	on := func(channel score.Channel, lot string, v int8) func(int) Response {
		return func(int) Response { return Response{Channel: channel, Lot: lot, Values: ratings(v)} }
	}
	r := audited(t, answered(one(20, on(score.Paper, "p1", 5)), one(20, on(score.Paper, "p2", 3)), one(20, on(score.Web, "", 3))))
	require.Equal(t, []Flag{PaperLots, Channels}, r.Raised())
	channels := r.flag(Channels)
	require.Equal(t, Finding{State: Raised, Channel: "paper", Count: 40, Against: 20, Figure: score.One, P: channels.Findings[0].P}, channels.Findings[0])
	require.Equal(t, NotAssessable, channels.Findings[1].State, "nobody was assisted")
	for n, want := range map[int]State{14: NotAssessable, 15: Raised} {
		r = audited(t, answered(one(n, on(score.Paper, "p", 5)), one(30, on(score.Web, "", 3))))
		require.Equal(t, want, r.flag(Channels).State, n)
	}
	r = audited(t, answered(one(40, on(score.Paper, "p", 5)), one(40, on(score.Web, "", 5))))
	require.Equal(t, Quiet, r.flag(Channels).State)
}

// Where everybody gives five throughout, one who brings only such answers does not stand out; where half do, he does.
func TestStraightLining(t *testing.T) {
	some := func(of int) func(int) []int8 { // one in so many is varied
		return func(i int) []int8 {
			if i%of == 0 {
				return varied(i)
			}
			return ratings(5)
		}
	}
	for of, want := range map[int]State{1: Raised, 2: Raised, 20: Quiet, 1000: Quiet} {
		in := answered(one(40, assisted("x", 0, always(5))), one(60, assisted("y", 0, some(of))))
		f := audited(t, in).flag(StraightLining)
		require.Equal(t, want, f.State, "one in %d", of)
		if of == 2 {
			require.Equal(t, Finding{State: Raised, Channel: "assisted", Lot: "x", Count: 40, Against: 60, Figure: certain, Usual: certain / 2, P: f.Findings[0].P}, f.Findings[0])
			tail := oddsTail([]table{{all: 100, marked: 70, group: 40}}, 40, 2)
			require.Equal(t, percentUp(2*tail), f.Findings[0].P, "twice the odds are allowed, and two were compared")
		}
	}
}

// Copies of an answer that is not nearly all alike are found; of one that is, never, however many.
func TestCopiedAnswers(t *testing.T) {
	crowd := one(100, func(i int) Response { return Response{Values: varied(i)} })
	copies := func(n int, values ...int8) []Response {
		return one(n, func(int) Response { return Response{Values: values} })
	}
	for _, c := range []struct {
		n      int
		values []int8
		want   State
	}{
		{20, []int8{5, 4, 5, 5, 4, 5, 5, 4}, Raised},
		{20, []int8{5, 4, 5, 5, 4, 5, 5, 5}, Quiet},
		{60, []int8{5, 5, 5, 5, 5, 5, 5, 5}, Quiet},
		{4, []int8{5, 4, 5, 5, 4, 5, 5, 4}, Quiet},
		{20, []int8{5, 4, 5, 5, 4, 5, 4, -1}, Quiet}, // seven ratings are too few
	} {
		f := audited(t, answered(crowd, copies(c.n, c.values...))).flag(CopiedAnswers)
		require.Equal(t, c.want, f.State, "%+v", c)
		if f.State == Raised {
			require.Equal(t, c.values, f.Findings[0].Values)
			require.Equal(t, int64(c.n), f.Findings[0].Count)
			require.Equal(t, "33.333333", f.Findings[0].Usual.String())
			first := f.Findings[0]
			require.Zero(t, first.Against)
			require.Equal(t, percentUp(float64(copyable(t, slices.Concat(crowd, copies(c.n, c.values...))))*binomialTail(int64(c.n), int64(c.n), 1.0/3)), first.P)
		}
	}
	honest := slices.Concat(crowd, copies(10, 5, 4, 5, 5, 4, 5, 5, 4), copies(10, 5, 4, 5, 5, 4, 5, 5, 5), copies(10, 4, 4, 5, 4, 4, 5, 5, 4))
	require.Equal(t, Quiet, audited(t, answered(honest)).flag(CopiedAnswers).State, "an answer with neighbours is a common opinion")
	few := audited(t, answered(crowd[:10]))
	require.Equal(t, NotAssessable, few.flag(CopiedAnswers).State)
}

// copyable counts the answers that could have been copied.
func copyable(t *testing.T, responses []Response) int {
	n := 0
	for _, r := range responses {
		times := map[int8]int{}
		for _, v := range r.Values {
			times[v]++
		}
		most := 0
		for v, k := range times {
			require.GreaterOrEqual(t, v, score.Lowest)
			most = max(most, k)
		}
		if most <= 5 {
			n++
		}
	}
	return n
}

func TestCopiesAreTheSameWhateverWasNotRated(t *testing.T) {
	crowd := one(60, func(i int) Response { return Response{Values: append(varied(i), 3)} })
	copied := one(20, func(i int) Response {
		return Response{Values: []int8{5, 4, 5, 5, 4, 5, 5, 4, []int8{score.NotAsked, score.DontKnow, score.NoAnswer}[i%3]}}
	})
	f := audited(t, answered(crowd, copied)).flag(CopiedAnswers)
	require.Equal(t, Raised, f.State)
	require.Equal(t, int64(20), f.Findings[0].Count)
}

// Words that only one lot has, again and again, are a sign; words that went round among neighbours are none.
func TestEqualTexts(t *testing.T) {
	lot := func(code string, n int, words func(i int) Hash) []Response {
		return one(n, func(i int) Response {
			return Response{Channel: score.Paper, Lot: code, Values: varied(i), Texts: []Hash{words(i)}}
		})
	}
	own := func(lot byte) func(int) Hash { return func(i int) Hash { return Hash{lot, byte(i), 1} } }
	same := func(i int) Hash {
		if i < 6 {
			return Hash{99}
		}
		return Hash{1, byte(i), 1}
	}
	r := audited(t, answered(lot("a", 12, same), lot("b", 12, own(2)), lot("c", 12, own(3)))).flag(EqualTexts)
	require.Equal(t, Raised, r.State)
	require.Equal(t, Finding{State: Raised, Channel: "paper", Lot: "a", Count: 12, Against: 24, Figure: 50 * score.One, P: r.Findings[0].P}, r.Findings[0])
	spread := answered(lot("a", 12, same), lot("b", 12, same), lot("c", 12, own(3)))
	require.Equal(t, Quiet, audited(t, spread).flag(EqualTexts).State)
	known := lot("b", 12, own(2))
	known[3].Texts = []Hash{{99}, {77}}
	require.Equal(t, Quiet, audited(t, answered(lot("a", 12, same), known, lot("c", 12, own(3)))).flag(EqualTexts).State, "one other has the words too")
	require.Equal(t, NotAssessable, audited(t, answered(lot("a", 4, same), lot("b", 4, own(2)))).flag(EqualTexts).State)
	require.Equal(t, int64(24), audited(t, spread).Figures.EqualTexts, "all of a and b, published without a flag")
}

// The chance is corrected for 2 strata of 20 days, at half of the stated rate.
func TestChanceOfADrawingDay(t *testing.T) {
	in := drawn(20, func(int) int64 { return 5 }, func(int) int64 { return 5 })
	in.Strata[0].Drawn[9] = 24
	findings := audited(t, in).flag(DrawingDays).Findings
	first := findings[slices.IndexFunc(findings, func(f Finding) bool { return f.Stratum == "0" })]
	tail := oddsTail([]table{{all: 219, marked: 29, group: 119}}, 24, 2)
	require.Equal(t, percentUp(80*tail), first.P)
	require.Equal(t, clockDay(9), first.Day)
}

// drawn makes a round of so many days with the given drawings on each day of each stratum.
func drawn(days int, strata ...func(d int) int64) Input {
	in := Input{}
	for d := range days {
		in.Days = append(in.Days, Day{Date: clockDay(d), Announced: d == 0})
	}
	for s, f := range strata {
		st := Stratum{Key: fmt.Sprint(s), Dwellings: 2000, Sampled: 2000}
		for d := range days {
			st.Drawn = append(st.Drawn, f(d))
		}
		in.Strata = append(in.Strata, st)
	}
	return in
}

func TestDrawingDays(t *testing.T) {
	even := func(int) int64 { return 5 }
	on := func(day int, n int64) func(int) int64 {
		return func(d int) int64 {
			if d == day {
				return n
			}
			return 5
		}
	}
	for name, c := range map[string]struct {
		in   Input
		want State
	}{
		"even":                               {drawn(20, even, even), Quiet},
		"a burst in one stratum":             {drawn(20, on(9, 35), even), Raised},
		"twice as many":                      {drawn(20, on(9, 10), even), Quiet},
		"on both, as after a reminder":       {drawn(20, on(9, 10), on(9, 10)), Quiet},
		"a burst in all":                     {drawn(20, on(9, 35), on(9, 35)), Raised},
		"a burst in the only one":            {drawn(20, on(9, 35)), Raised},
		"at the opening, everywhere":         {drawn(20, on(0, 60), on(0, 60)), Quiet},
		"on the day after, everywhere":       {drawn(20, on(1, 60), on(1, 60)), Quiet},
		"at the opening, in one":             {drawn(20, on(0, 60), even), Raised},
		"at the opening, in the only one":    {drawn(20, on(0, 60)), Quiet},
		"too short to know what is usual":    {drawn(5, on(3, 60)), NotAssessable},
		"too few drawn":                      {drawn(20, func(d int) int64 { return int64(d % 2) }), NotAssessable},
		"no days at all":                     {drawn(0, even), NotAssessable},
		"six days: four ordinary neighbours": {drawn(7, on(3, 60)), Raised},
	} {
		f := audited(t, c.in).flag(DrawingDays)
		require.Equal(t, c.want, f.State, name)
		if f.State == Raised {
			require.Contains(t, []string{"2026-03-01", "2026-03-04", "2026-03-10"}, string(f.Findings[0].Day), name)
		}
	}
}

func clockDay(d int) clock.Date { return clock.Date("2026-03-01").AddDays(d) }

// Interviewers who differ by exactly the allowance: beyond it, by chance alone, is half of them, and the chance that
// is found for those is what it says. A twentieth has 0.1 or less, since only one side can.
func TestLevelAtTheEdgeOfTheAllowance(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	person := func(higher int) []int8 { // ratings from 2 to 4, with as many steps more
		out, level := make([]int8, 8), r.IntN(2)
		for j := range out {
			out[j] = int8(2 + level + r.IntN(2))
		}
		for j := range higher {
			out[j]++
		}
		return out
	}
	const rounds = 3000
	low := 0
	for i := range rounds {
		in := answered(
			one(20, assisted("x", 0, func(int) []int8 { return person(2) })), one(20, assisted("y", 0, func(int) []int8 { return person(0) })),
			one(12, assisted("x", 1, func(int) []int8 { return person(2) })), one(30, assisted("y", 1, func(int) []int8 { return person(0) })))
		in.Seed = Hash{byte(i), byte(i >> 8)}
		a := newAudit(in)
		if c := a.meanDifference(Methods()[0], a.ofLot(a.lots[0], a.hasMean)); c.p <= 0.1 {
			low++
		}
	}
	exactly(t, low, rounds, 0.05, "chance of 0.1 or less")
}
