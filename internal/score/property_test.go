package score

import (
	"encoding/json"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// drawnRound is a design with answers to it, gaps included.
func drawnRound(t *rapid.T) (Design, []answer) {
	d := Design{Weights: map[string]int64{"a": 3000, "b": 7000}, Items: []Item{{"1", "a"}, {"2", "b"}, {"3", "b"}}}
	var answers []answer
	for h := range rapid.IntRange(1, 4).Draw(t, "strata") {
		n := rapid.Int64Range(1, 30).Draw(t, "sampled")
		d.Strata = append(d.Strata, Stratum{Key: string(rune('p' + h)), N: n + rapid.Int64Range(0, 50).Draw(t, "more"), Sampled: n})
		for range rapid.Int64Range(0, n).Draw(t, "answers") {
			values := rapid.SliceOfN(rapid.Int8Range(NotAsked, Highest), 3, 3).Draw(t, "values")
			answers = append(answers, answer{h, values, Channel(rapid.IntRange(0, 2).Draw(t, "channel"))})
		}
	}
	return d, answers
}

func text(t require.TestingT, v any) string {
	out, err := json.Marshal(v)
	require.NoError(t, err)
	return string(out)
}

// The order of answers and the way in which they were split among accumulators leave no trace.
func TestOrderAndPartsDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, answers := drawnRound(t)
		whole := scored(t, d, policy, answers)
		shuffled := rapid.Permutation(answers).Draw(t, "shuffled")
		require.Equal(t, text(t, whole), text(t, scored(t, d, policy, shuffled)))

		cut := rapid.IntRange(0, len(shuffled)).Draw(t, "cut")
		a, err := NewAccumulator(d)
		require.NoError(t, err)
		b, err := NewAccumulator(d)
		require.NoError(t, err)
		for i, one := range shuffled {
			to := a
			if i >= cut {
				to = b
			}
			require.NoError(t, to.Add(one.stratum, one.values, one.channel))
		}
		require.NoError(t, a.Merge(b))
		merged, err := a.Score(policy)
		require.NoError(t, err)
		require.Equal(t, text(t, whole), text(t, merged))
	})
}

// What holds for every result: ends enclose the value, bounds enclose the figures of the answers, counts add up.
func TestResultsAreCoherent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, answers := drawnRound(t)
		r := scored(t, d, policy, answers)
		for _, e := range append([]Estimate{r.Overall}, r.Dimensions[0].Index, r.Dimensions[1].Index, r.Items[0].Index, r.Items[1].Index, r.Items[2].Index) {
			require.Equal(t, e.State == Scored, e.Interval != nil)
			if e.Interval == nil {
				continue
			}
			require.True(t, 0 <= e.Interval.Low && e.Interval.Low <= e.Interval.Value && e.Interval.Value <= e.Interval.High && e.Interval.High <= full)
			require.True(t, 0 <= e.Bounds.Low && e.Bounds.Low <= e.Bounds.High && e.Bounds.High <= full)
		}
		sum := r.Counts.Web + r.Counts.Paper + r.Counts.Assisted
		require.Equal(t, int64(len(answers)), sum)
		for _, item := range r.Items {
			all := item.DontKnow + item.NoAnswer + item.NotAsked + item.Index.Valid
			require.Equal(t, sum, all)
		}
		dwellings := int64(0)
		for _, g := range r.Strata {
			dwellings += g.Dwellings
		}
		require.Equal(t, r.Counts.Dwellings, dwellings)
	})
}

// A census has no error, whatever the answers.
func TestCompleteCensusHasNoError(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, answers := drawnRound(t)
		counts := make([]int64, len(d.Strata))
		for _, a := range answers {
			counts[a.stratum]++
		}
		for i := range d.Strata {
			for counts[i] == 0 {
				answers = append(answers, answer{i, []int8{3, 3, 3}, Web})
				counts[i]++
			}
			d.Strata[i].N, d.Strata[i].Sampled = counts[i], counts[i]
		}
		r := scored(t, d, policy, answers)
		if r.Overall.Interval == nil {
			return
		}
		require.Equal(t, Complete, r.Label)
		require.Zero(t, r.Overall.Interval.SE)
		require.Equal(t, r.Overall.Interval.Low, r.Overall.Interval.High)
	})
}

// Values k times as large, and moved by c, move a mean and its interval alike.
func TestMeansFollowTheScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Int64Range(-1000, 1000), 2, 40).Draw(t, "values")
		k, c := rapid.Int64Range(1, 50).Draw(t, "k"), rapid.Int64Range(-5000, 5000).Draw(t, "c")
		n := int64(len(values)) + rapid.Int64Range(0, 500).Draw(t, "more")
		one, other := Cell{N: n}, Cell{N: n}
		for _, v := range values {
			one.Take(v)
			other.Take(k*v + c)
		}
		a, err := Mean([]Cell{one})
		require.NoError(t, err)
		b, err := Mean([]Cell{other})
		require.NoError(t, err)
		for i, v := range []Micro{a.Value, a.Low, a.High} {
			require.InDelta(t, float64(k)*float64(v)+float64(c)*1e6, float64([]Micro{b.Value, b.Low, b.High}[i]), float64(k))
		}
		require.InDelta(t, float64(k)*float64(a.SE), float64(b.SE), float64(k))
	})
}

func TestQuantilesAgreeWithGonum(t *testing.T) {
	z, _ := normalQuantile.Float64()
	require.InDelta(t, distuv.UnitNormal.Quantile(0.975), z, 1e-14)
	// R: qt(.975, c(1, 2, 3, 5, 10, 197, 1000))
	for df, want := range map[int64]float64{1: 12.7062047361747, 2: 4.3026527297495, 3: 3.1824463052837, 5: 2.5705818356363,
		10: 2.2281388519863, 197: 1.9720790337785, 1000: 1.9623390808264} {
		got, _ := studentQuantile(df).Float64()
		require.InDelta(t, want, got, 6e-10, "%d", df)
	}
}

func TestExponential(t *testing.T) {
	for _, x := range []float64{-650, -30.5, -1, -1e-9, 0, 1e-9, 0.5, 1, 42.25, 650} {
		got, _ := exponential(newFloat().SetFloat64(x)).Float64()
		require.InEpsilon(t, math.Exp(x), got, 1e-13, "%v", x)
	}
	require.Zero(t, exponential(floatInt(10_000)).Cmp(exponential(floatInt(700))))
}

func TestMicroIsTextWithSixDecimals(t *testing.T) {
	for v, want := range map[Micro]string{0: "0.000000", 1: "0.000001", -1: "-0.000001", 71_250_000: "71.250000", -1_500_000: "-1.500000", math.MinInt64: "-9223372036854.775808"} {
		require.Equal(t, want, v.String())
		require.Equal(t, `"`+want+`"`, text(t, v))
		var back Micro
		require.NoError(t, json.Unmarshal([]byte(`"`+want+`"`), &back))
		require.Equal(t, v, back)
	}
	for _, bad := range []string{"", "1", "1.0", "1.0000000", ".000000", "01.000000", "-0.000000", "+1.000000", "1e1.000000", "99999999999999.000000"} {
		var m Micro
		require.ErrorContains(t, m.UnmarshalText([]byte(bad)), "score.figure", bad)
	}
	require.Equal(t, []int64{8499, 8500, 0, -1, -1}, []int64{Micro(84_999_999).Hundredths(), (85 * One).Hundredths(), Micro(9999).Hundredths(), Micro(-1).Hundredths(), Micro(-10_000).Hundredths()})
	// Halves go away from zero.
	require.Equal(t, []Micro{1, -1, 0, 0}, []Micro{microOf(big.NewRat(1, 2_000_000)), microOf(big.NewRat(-1, 2_000_000)), microOf(big.NewRat(1, 2_000_001)), microOf(big.NewRat(-1, 2_000_001))})
}

func FuzzMicro(f *testing.F) {
	f.Add("71.250000")
	f.Fuzz(func(t *testing.T, s string) {
		var m Micro
		if m.UnmarshalText([]byte(s)) == nil {
			require.Equal(t, s, m.String())
		}
	})
}

// coverage counts in how many simulated rounds the interval of the share of satisfied dwellings, and
// that of the index, holds the truth of its population.
func coverage(t *testing.T, rounds int, strata []Stratum) (index, share int) {
	r := rand.New(rand.NewChaCha8([32]byte{20, 26, 11, 22}))
	d := Design{Strata: strata, Items: []Item{{"q", "d"}}, Weights: map[string]int64{"d": WeightSum}}
	population := make([][]int8, len(strata))
	sum, know, satisfied := 0, 0, 0
	for h, s := range strata {
		for range s.N {
			v := int8(min(5, max(1, math.Round(2.6+float64(h)*0.6+r.NormFloat64()*1.2))))
			if r.IntN(8) == 0 {
				v = DontKnow
			}
			population[h] = append(population[h], v)
			if v > 0 {
				sum, know = sum+int(v), know+1
			}
			if v >= 4 {
				satisfied++
			}
		}
	}
	trueIndex := Micro((float64(sum)/float64(know) - 1) * 25e6)
	trueShare := Micro(float64(satisfied) / float64(know) * 1e8)
	for range rounds {
		a, err := NewAccumulator(d)
		require.NoError(t, err)
		for h, s := range strata {
			for _, i := range r.Perm(int(s.N))[:s.Sampled] {
				require.NoError(t, a.Add(h, []int8{population[h][i]}, Web))
			}
		}
		got, err := a.Score(policy)
		require.NoError(t, err)
		if o := got.Overall.Interval; o.Low <= trueIndex && trueIndex <= o.High {
			index++
		}
		if s := got.Items[0].Satisfied; s.Low <= trueShare && trueShare <= s.High {
			share++
		}
	}
	return index, share
}

// The intervals hold the truth as often as they say: in 2,000 simulated rounds with a fixed seed the count lies
// within the central 99.9 % of the binomial with 95 %.
func TestIntervalsCoverAsStated(t *testing.T) {
	const rounds = 2000
	chance := distuv.Binomial{N: rounds, P: 0.95}
	for name, strata := range map[string][]Stratum{
		"one stratum":   {{"a", 400, 150}},
		"three strata":  {{"a", 300, 90}, {"b", 200, 50}, {"c", 150, 80}},
		"nearly census": {{"a", 220, 190}},
	} {
		index, share := coverage(t, rounds, strata)
		t.Logf("%s: index %d, share %d of %d", name, index, share, rounds)
		for _, held := range []int{index, share} {
			require.Greater(t, chance.CDF(float64(held)), 5e-4, name)
			require.Less(t, chance.CDF(float64(held-1)), 1-5e-4, name)
		}
	}
}

// A million answers to twenty items in fifty strata, and then the score.
func BenchmarkScore(b *testing.B) {
	d := Design{Weights: map[string]int64{}}
	for h := range 50 {
		d.Strata = append(d.Strata, Stratum{Key: string(rune('A' + h)), N: 40_000, Sampled: 40_000})
	}
	for _, dimension := range []string{"a", "b", "c", "d", "e"} {
		d.Weights[dimension] = 2000
		for i := range 4 {
			d.Items = append(d.Items, Item{dimension + string(rune('0'+i)), dimension})
		}
	}
	r := rand.New(rand.NewChaCha8([32]byte{1}))
	answers := make([]answer, 4096)
	for i := range answers {
		answers[i] = answer{stratum: r.IntN(50), channel: Channel(r.IntN(3))}
		for range d.Items {
			answers[i].values = append(answers[i].values, int8(r.IntN(6)))
		}
	}
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(map[int]string{10_000: "answers=1e4", 1_000_000: "answers=1e6"}[n], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				a, err := NewAccumulator(d)
				require.NoError(b, err)
				for i := range n {
					one := &answers[i%len(answers)]
					if err := a.Add(one.stratum, one.values, one.channel); err != nil {
						b.Fatal(err)
					}
				}
				_, err = a.Score(policy)
				require.NoError(b, err)
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "answers/s")
		})
	}
}
