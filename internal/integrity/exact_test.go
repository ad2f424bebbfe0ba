package integrity

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/redproperty/redproperty/internal/score"
)

func TestBinomialTailAgreesWithGonum(t *testing.T) {
	for _, n := range []int64{1, 7, 40, 700} {
		for _, p := range []float64{0.001, 1.0 / 3, 0.9} {
			for k := int64(0); k <= n; k += 1 + n/9 {
				want := distuv.Binomial{N: float64(n), P: p}.Survival(float64(k) - 1)
				require.InDelta(t, want, binomialTail(n, k, p), 1e-10, "%d of %d at %v", k, n, p)
			}
		}
	}
	require.InDelta(t, math.Pow(1.0/3, 10), binomialTail(10, 10, 1.0/3), 1e-15)
}

// Every way to choose who is in the group is counted here one by one.
func TestOddsTailByCounting(t *testing.T) {
	const odds = 2.0
	tables := []table{{all: 7, marked: 3, group: 4}, {all: 5, marked: 4, group: 2}}
	weights := func(of table) map[int64]float64 {
		out := map[int64]float64{}
		for set := range uint(1) << of.all {
			if int64(bits.OnesCount(set)) == of.group {
				k := bits.OnesCount(set & (1<<of.marked - 1))
				out[int64(k)] += math.Pow(odds, float64(k))
			}
		}
		return out
	}
	for seen := int64(0); seen <= 6; seen++ {
		reached, all := 0.0, 0.0
		for k, w := range weights(tables[0]) {
			for l, v := range weights(tables[1]) {
				all += w * v
				if k+l >= seen {
					reached += w * v
				}
			}
		}
		require.InDelta(t, reached/all, oddsTail(tables, seen, odds), 1e-12, "%d", seen)
	}
}

// The size of the test at the edge of the allowance: groups that really have twice the odds are called so in no
// more than the stated share of cases, and in no less than the discreteness of the counts costs.
func TestOddsTailHoldsItsSize(t *testing.T) {
	exceeded := 0.0
	low, chances := table{all: 400, marked: 150, group: 120}.chances(2)
	for i, p := range chances {
		if oddsTail([]table{{all: 400, marked: 150, group: 120}}, low+int64(i), 2) <= 0.01 {
			exceeded += p
		}
	}
	require.LessOrEqual(t, exceeded, 0.01)
	require.Greater(t, exceeded, 0.005)
}

// exactly asks that seen of n lies within the central 99.99 % of the binomial of p.
func exactly(t *testing.T, seen, n int, p float64, what string) {
	t.Helper()
	b := distuv.Binomial{N: float64(n), P: p}
	require.Greater(t, b.CDF(float64(seen)), 5e-5, "%s: %d of %d", what, seen, n)
	require.Less(t, b.CDF(float64(seen-1)), 1-5e-5, "%s: %d of %d", what, seen, n)
}

// Groups that differ by nothing but chance are called different as often as the level says: the permutations
// are neither lenient nor, in themselves, timid. A broken shuffle, a wrong tail or a lost stratum fails here.
func TestPermutationsHoldTheirLevel(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const rounds = 4000
	below := map[float64]int{}
	for i := range rounds {
		var cells []cell
		sum, square := int64(0), int64(0)
		for s := range 3 {
			c := cell{take: 6 + 5*s} // the last takes most of its pool
			for range 22 {
				c.pool = append(c.pool, int64(1000*s)+int64(100*r.NormFloat64()))
			}
			mean := total(c.pool) / 22
			for _, v := range c.pool[:c.take] {
				sum += v - mean
				square += (v - mean) * (v - mean)
			}
			cells = append(cells, c)
		}
		c := newContrast(cells)
		p := c.among(newSource(Hash{byte(i), byte(i >> 8)}, "test"), c.statistic(sum, square))
		for _, level := range []float64{0.02, 0.1, 0.5} {
			if p <= level {
				below[level]++
			}
		}
	}
	for level, n := range below {
		exactly(t, n, rounds, level, "permutations")
	}
	require.Len(t, below, 3)
}

func TestChanceOfWhatNeverHappensIsNotZero(t *testing.T) {
	require.Equal(t, 1.0/(maxDraws+1), chance(func() bool { return false }))
	require.Equal(t, 1.0, chance(func() bool { return true }))
}

func TestBelowIsFair(t *testing.T) {
	s := newSource(Hash{1}, "fair")
	var times [7]int
	for range 70_000 {
		times[s.below(7)]++
	}
	for _, n := range times {
		exactly(t, n, 70_000, 1.0/7, "number")
	}
	first, again, other := newSource(Hash{1}, "a"), newSource(Hash{1}, "a"), newSource(Hash{1}, "b")
	x := first.stream.Uint64()
	require.Equal(t, x, again.stream.Uint64())
	require.NotEqual(t, x, other.stream.Uint64())
}

func TestPercentUp(t *testing.T) {
	for p, want := range map[float64]string{0: "0.000000", 1: "100.000000", 3: "100.000000", 0.01: "1.000000", 0.010000001: "1.000001",
		1e-12: "0.000001", 0.3: "30.000000", 0.29: "29.000000", 1.0 / 3: "33.333334"} {
		require.Equal(t, want, percentUp(p).String(), "%v", p)
	}
}

// Three comparisons at 0.4 %, 0.45 % and 50 %: the first is multiplied by three, the second by two and not below
// the first.
func TestHolm(t *testing.T) {
	m := Method{Rate: score.One}
	at := func(ps ...float64) (out []string, state State) {
		var found []compared
		for _, p := range ps {
			found = append(found, compared{p: p})
		}
		r := judge(m, found)
		for _, f := range r.Findings {
			out = append(out, f.P.String()+" "+string(f.State))
		}
		return out, r.State
	}
	got, state := at(0.5, 0.004, 0.0045)
	require.Equal(t, []string{"1.200000 quiet", "1.200000 quiet", "50.000000 quiet"}, got)
	require.Equal(t, Quiet, state)
	got, state = at(0.005, 0.005)
	require.Equal(t, []string{"1.000000 raised", "1.000000 raised"}, got, "the stated rate itself raises it")
	require.Equal(t, Raised, state)
	r := judge(m, []compared{{Finding: Finding{State: NotAssessable}}})
	require.Equal(t, NotAssessable, r.State)
	require.Equal(t, int64(0), r.Comparisons)
	r = judge(m, []compared{{Finding: Finding{State: NotAssessable}}, {p: 0.009}})
	require.Equal(t, Raised, r.State, "what cannot be assessed costs no correction")
}

// One of ten is high, and eight are in the group: in four of five choices the high one is.
func TestMostOfAStratumInTheGroup(t *testing.T) {
	for _, take := range []int{2, 8} {
		c := newContrast([]cell{{pool: []int64{90, 0, 0, 0, 0, 0, 0, 0, 0, 0}, take: take}})
		s, above := newSource(Hash{4}, "most"), 0
		for range 5000 {
			if c.permute(s) > 0 {
				above++
			}
		}
		exactly(t, above, 5000, float64(take)/10, "the high one is in the group")
	}
}
