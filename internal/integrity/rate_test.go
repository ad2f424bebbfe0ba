package integrity

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"
)

// tally counts in how many rounds each flag was raised, and in how many it could say anything.
type tally struct{ raised, assessable map[Flag]int }

// run audits rounds made by their numbers, on all processors; what it counts does not depend on how many.
func run(t require.TestingT, rounds int, round func(seed uint64) Input) tally {
	var next atomic.Int64
	var lock sync.Mutex
	var wait sync.WaitGroup
	out := tally{map[Flag]int{}, map[Flag]int{}}
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for i := next.Add(1); i <= int64(rounds); i = next.Add(1) {
				r, err := Audit(round(uint64(i)))
				lock.Lock()
				require.NoError(t, err)
				for _, f := range r.Flags {
					if f.State == Raised {
						out.raised[f.Flag]++
					}
					if f.State != NotAssessable {
						out.assessable[f.Flag]++
					}
				}
				lock.Unlock()
			}
		})
	}
	wait.Wait()
	return out
}

// bounds are the exact binomial (Clopper and Pearson) 99 % bounds of a rate, in per cent.
func bounds(seen, rounds int) (low, high float64) {
	if seen > 0 {
		low = 100 * distuv.Beta{Alpha: float64(seen), Beta: float64(rounds - seen + 1)}.Quantile(0.005)
	}
	high = 100
	if seen < rounds {
		high = 100 * distuv.Beta{Alpha: float64(seen + 1), Beta: float64(rounds - seen)}.Quantile(0.995)
	}
	return low, high
}

func stated(f Flag) float64 {
	for _, m := range Methods() {
		if m.Flag == f {
			return float64(m.Rate) / 1e6
		}
	}
	panic(f)
}

// BenchmarkHonestRounds prints how often honest rounds raise each flag, 10,000 rounds of each population, with
// exact 99 % bounds, and fails where the whole interval is above what the flag states.
func BenchmarkHonestRounds(b *testing.B) {
	for _, p := range populations() {
		b.Run(p.name, func(b *testing.B) {
			const rounds = 10_000
			for b.Loop() {
				seen := run(b, rounds, func(seed uint64) Input { return p.honest(seed).in })
				for _, m := range Methods() {
					low, high := bounds(seen.raised[m.Flag], rounds)
					fmt.Printf("%-13s %-16s raised %4d of %d  %.3f %% [%.3f, %.3f]  stated %.0f %%  assessable %d\n",
						p.name, m.Flag, seen.raised[m.Flag], rounds, 100*float64(seen.raised[m.Flag])/rounds, low, high, stated(m.Flag), seen.assessable[m.Flag])
					if low > stated(m.Flag) {
						b.Errorf("%s: more often than stated", m.Flag)
					}
				}
			}
		})
	}
}

// power prints in how many attacked rounds the flag that should be raised is.
func power(b *testing.B, p population, a attack) {
	const rounds = 1_000
	seen := run(b, rounds, func(seed uint64) Input { return p.attacked(seed, a, 0.1).in })
	low, high := bounds(seen.raised[a.catches], rounds)
	fmt.Printf("%-13s %-15s n = %4d, strata %d, days %d: found %5.1f %% [%.1f, %.1f]  assessable %.1f %%\n", p.name, a.name, p.answers, p.strata, p.days,
		100*float64(seen.raised[a.catches])/rounds, low, high, 100*float64(seen.assessable[a.catches])/rounds)
}

// BenchmarkAttackPower prints how often each named attack is found, a tenth of all answers being false: by the
// number of answers, by population, and for an evening in a round of one stratum by the length of the round.
func BenchmarkAttackPower(b *testing.B) {
	for b.Loop() {
		first := populations()[0]
		for _, a := range attacks() {
			for _, n := range []int{60, 100, 150, 200, 300, 500, 1000} {
				p := first
				p.answers = n
				power(b, p, a)
			}
			for _, p := range populations()[1:5] {
				power(b, p, a)
			}
		}
		for _, days := range []int{14, 21, 28, 42} {
			p := first
			p.strata, p.days = 1, days
			power(b, p, attacks()[1])
		}
	}
}

// BenchmarkBlindSpots prints how often attacks of the same size are met by any flag that no flag is made for.
func BenchmarkBlindSpots(b *testing.B) {
	const rounds = 1_000
	for b.Loop() {
		for _, a := range blindSpots() {
			seen := run(b, rounds, func(seed uint64) Input { return populations()[0].attacked(seed, a, 0.1).in })
			fmt.Printf("%-45s", a.name)
			for _, m := range Methods() {
				fmt.Printf(" %s %.1f %%", m.Flag, 100*float64(seen.raised[m.Flag])/rounds)
			}
			fmt.Println()
		}
	}
}
