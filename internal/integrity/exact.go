package integrity

import (
	"cmp"
	"math"
	"slices"

	"github.com/redproperty/redproperty/internal/score"
)

// compared is a finding before the correction for how many were made.
type compared struct {
	Finding
	p     float64
	times float64 // Bonferroni's factor where it is not the number of comparisons; 0 leaves it to Holm
}

// certain is the chance of what is sure to happen, in per cent.
const certain = 100 * score.One

// judge corrects the chances, rounds them up to six decimals of a per cent and raises the flag by what is
// published, so that a reader who compares the two figures sees why.
func judge(m Method, found []compared) FlagReport {
	r := FlagReport{Method: m, State: NotAssessable, Findings: []Finding{}}
	slices.SortStableFunc(found, func(a, b compared) int { return cmp.Compare(a.p, b.p) })
	for _, c := range found {
		if c.State != NotAssessable {
			r.Comparisons++
		}
	}
	made, before := 0.0, 0.0
	for _, c := range found {
		if c.State == NotAssessable {
			c.P = certain
			r.Findings = append(r.Findings, c.Finding)
			continue
		}
		p := c.p * c.times
		if c.times == 0 {
			before = max(before, c.p*(float64(r.Comparisons)-made)) // Holm: as many as are not yet decided
			p = before
		}
		made++
		c.P, c.State = percentUp(p), Quiet
		if c.P <= m.Rate {
			c.State, r.State = Raised, Raised
		} else if r.State == NotAssessable {
			r.State = Quiet
		}
		r.Findings = append(r.Findings, c.Finding)
	}
	return r
}

// percentUp turns a chance into per cent, rounded up. Its last digits differ from machine to machine, so it is
// first cut to nine significant ones.
func percentUp(p float64) score.Micro {
	if p >= 1 {
		return certain
	}
	if p <= 0 {
		return 0
	}
	v := p * float64(certain)
	scale := math.Pow(10, 8-math.Floor(math.Log10(v)))
	return score.Micro(math.Ceil(math.Round(v*scale) / scale))
}

// logChoose is the logarithm of the number of ways to choose k of n.
func logChoose(n, k int64) float64 {
	a, _ := math.Lgamma(float64(n) + 1)
	b, _ := math.Lgamma(float64(k) + 1)
	c, _ := math.Lgamma(float64(n-k) + 1)
	return a - b - c
}

// binomialTail is the chance of k or more of n, each with chance p, 0 < p < 1.
func binomialTail(n, k int64, p float64) float64 {
	sum := 0.0
	for i := n; i >= max(k, 0); i-- { // small terms first
		sum += math.Exp(logChoose(n, i) + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return min(sum, 1)
}

// table is a fourfold table with its margins: of all, marked ones have the mark, and group are in the group.
type table struct{ all, marked, group int64 }

// chances are those of each possible number of marked ones in the group, from low on, given the margins, when the
// odds of the mark are odds times as high in the group as outside it.
func (t table) chances(odds float64) (low int64, out []float64) {
	low = max(0, t.group+t.marked-t.all)
	high := min(t.group, t.marked)
	top := math.Inf(-1)
	for k := low; k <= high; k++ {
		w := logChoose(t.marked, k) + logChoose(t.all-t.marked, t.group-k) + float64(k)*math.Log(odds)
		out = append(out, w)
		top = max(top, w)
	}
	sum := 0.0
	for i, w := range out {
		out[i] = math.Exp(w - top)
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return low, out
}

// oddsTail is the chance that the groups of all tables together hold seen marked ones or more.
func oddsTail(tables []table, seen int64, odds float64) float64 {
	low, dist := int64(0), []float64{1}
	for _, t := range tables {
		from, chances := t.chances(odds)
		low += from
		dist = convolve(dist, chances)
	}
	sum := 0.0
	for i := len(dist) - 1; i >= 0 && low+int64(i) >= seen; i-- {
		sum += dist[i]
	}
	return min(sum, 1)
}

func convolve(a, b []float64) []float64 {
	out := make([]float64, len(a)+len(b)-1)
	for i, x := range a {
		for j, y := range b {
			out[i+j] += x * y
		}
	}
	return out
}

// share is part of whole in per cent; zero of nothing is zero.
func share(part, whole int64) score.Micro {
	if whole == 0 {
		return 0
	}
	return score.Micro(math.Round(float64(part) / float64(whole) * float64(certain)))
}
