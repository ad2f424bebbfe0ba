package integrity

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/score"
)

// population says how honest households answer. Everything is in rating points. A household's ratings hang
// together through its own satisfaction and its opinion of each dimension; neighbours' through estate and
// building. Some households give the same rating to all, some the same to all of a dimension.
type population struct {
	name                           string
	strata, answers, days          int
	mean, between                  float64 // of estates, and how far they are apart
	person, dimension, item        float64 // standard deviations
	building, interviewer          float64
	straight, tied                 float64 // shares of households
	dontKnow, notAsked, angry, gap float64 // shares; how much lower the angry ones rate
	assisted, paper                float64 // shares of channels
	assistedShift, paperShift      float64 // by how much these channels differ honestly
	dayNoise                       float64 // how far a stratum's day is from the others', as a coefficient of variation
}

// the populations, each at n = 300 except the small and the large one.
func populations() []population {
	base := population{strata: 3, answers: 300, days: 21, mean: 3.7, between: 0.25, person: 0.7, dimension: 0.3, item: 0.6, building: 0.12, interviewer: 0.08,
		straight: 0.08, tied: 0.1, dontKnow: 0.05, notAsked: 0.6, assisted: 0.2, paper: 0.3, assistedShift: 0.15, paperShift: -0.1, dayNoise: 0.25}
	vary := func(name string, change func(*population)) population {
		p := base
		p.name = name
		change(&p)
		return p
	}
	return []population{
		vary("graded", func(*population) {}),
		vary("content", func(p *population) { p.mean, p.straight = 5.1, 0.15 }), // about half give five throughout
		vary("by dimension", func(p *population) { p.dimension, p.tied = 0.6, 0.6 }),
		vary("divided", func(p *population) { p.mean, p.angry, p.gap, p.straight = 4.6, 0.4, 2.2, 0.2 }),
		vary("neighbours", func(p *population) {
			p.building, p.interviewer, p.between, p.dontKnow = 0.2, 0.12, 0.5, 0.15
		}),
		vary("one estate", func(p *population) { p.strata, p.answers, p.days = 1, 120, 14 }),
		vary("ten estates", func(p *population) { p.strata, p.answers, p.days = 10, 1000, 28 }),
	}
}

// dimensions of ten items, as the template of property service has them.
var dimensionOf = [...]int{0, 0, 1, 1, 2, 3, 3, 4, 5, 5}

const (
	repairItem   = 6 // asked of those who reported a repair
	buildings    = 12
	interviewers = 4
)

// maker makes one round.
type maker struct {
	population
	*rand.Rand
	in       Input
	buildDev [][]float64
	workDev  []float64
	itemDev  []float64
}

// honest makes an honest round of a population; the same seed makes the same round.
func (p population) honest(seed uint64) *maker {
	m := &maker{population: p, Rand: rand.New(rand.NewPCG(seed, 20261122))}
	binary.BigEndian.PutUint64(m.in.Seed[:], seed)
	for range dimensionOf {
		m.itemDev = append(m.itemDev, 0.25*m.NormFloat64())
	}
	for range interviewers {
		m.workDev = append(m.workDev, m.interviewer*m.NormFloat64())
	}
	for s := range m.strata {
		m.in.Strata = append(m.in.Strata, Stratum{Key: fmt.Sprintf("S%02d", s), Dwellings: 1000, Sampled: 1000})
		estate, dev := m.between*m.NormFloat64(), []float64{}
		for range buildings {
			dev = append(dev, estate+m.building*m.NormFloat64())
		}
		m.buildDev = append(m.buildDev, dev)
	}
	for i := range m.answers {
		m.in.Responses = append(m.in.Responses, m.household(i%m.strata))
	}
	m.draw()
	return m
}

func (m *maker) chance(p float64) bool { return m.Float64() < p }

// household answers. Each interviewer goes to three buildings of twelve, each lot of paper to two.
func (m *maker) household(stratum int) Response {
	b := m.IntN(buildings)
	r := Response{Stratum: stratum}
	level := m.mean + m.buildDev[stratum][b] + m.person*m.NormFloat64()
	if m.chance(m.angry) {
		level -= m.gap
	}
	switch u := m.Float64(); {
	case u < m.assisted:
		r.Channel, r.Lot = score.Assisted, fmt.Sprintf("I%d", b%interviewers)
		level += m.assistedShift + m.workDev[b%interviewers]
	case u < m.assisted+m.paper:
		r.Channel, r.Lot = score.Paper, fmt.Sprintf("P%d-%d", stratum, b/2)
		level += m.paperShift
	}
	r.Values = m.ratings(level)
	if m.chance(0.3) {
		r.Texts = append(r.Texts, m.words())
	}
	return r
}

func (m *maker) ratings(level float64) []int8 {
	straight, tied := m.chance(m.straight), m.chance(m.tied)
	var opinion [6]float64
	for d := range opinion {
		opinion[d] = m.dimension * m.NormFloat64()
	}
	reported := !m.chance(m.notAsked)
	out := make([]int8, len(dimensionOf))
	for j, d := range dimensionOf {
		switch {
		case j == repairItem && !reported:
			out[j] = score.NotAsked
		case m.chance(m.dontKnow):
			out[j] = score.DontKnow
		case straight:
			out[j] = rating(level)
		case tied:
			out[j] = rating(level + opinion[d])
		default:
			out[j] = rating(level + opinion[d] + m.itemDev[j] + m.item*m.NormFloat64())
		}
	}
	return out
}

func rating(x float64) int8 { return int8(min(max(math.Round(x), 1), 5)) }

// words are the household's own; one in twenty forwards what went round in the neighbours' group.
func (m *maker) words() Hash {
	text := fmt.Sprint(m.Uint64())
	if m.chance(0.05) {
		text = fmt.Sprint("forwarded ", m.IntN(3))
	}
	return sha256.Sum256([]byte(text))
}

// draw spreads the drawings over the days: many on announced days and the day after, fewer later on, more at
// weekends, with noise common to all and noise of each stratum.
func (m *maker) draw() {
	common := make([]float64, m.days)
	for d := range common {
		m.in.Days = append(m.in.Days, Day{Date: clock.Date("2026-03-02").AddDays(d), Announced: d%7 == 0 && d < 15})
		common[d] = math.Exp(-float64(d)/20) * m.gamma(0.2)
		if d%7 > 4 {
			common[d] *= 1.4
		}
		if d%7 == 0 && d < 15 {
			common[d] *= 5
		} else if d%7 == 1 && d < 16 {
			common[d] *= 2.5
		}
	}
	drawn := make([]int, m.strata)
	for _, r := range m.in.Responses {
		drawn[r.Stratum]++
	}
	for s := range m.in.Strata {
		m.in.Strata[s].Drawn = m.spread(common, drawn[s]+drawn[s]/10)
	}
}

func (m *maker) spread(common []float64, n int) []int64 {
	out, weights, sum := make([]int64, len(common)), make([]float64, len(common)), 0.0
	for d, w := range common {
		weights[d] = w * m.gamma(m.dayNoise)
		sum += weights[d]
	}
	for range n {
		u, d := m.Float64()*sum, 0
		for ; d < len(weights)-1 && u >= weights[d]; d++ {
			u -= weights[d]
		}
		out[d]++
	}
	return out
}

// gamma has mean 1 and the given coefficient of variation, as a sum of exponentials.
func (m *maker) gamma(variation float64) float64 {
	shape, sum := int(math.Round(1/(variation*variation))), 0.0
	for range shape {
		sum += m.ExpFloat64()
	}
	return sum / float64(shape)
}

// attack turns the last tenth of a round's answers into false ones.
type attack struct {
	name    string
	catches Flag
	apply   func(m *maker, false []int)
}

func attacks() []attack {
	return []attack{
		{"one interviewer", Interviewers, func(m *maker, false []int) {
			m.dismiss("I0")
			for _, i := range false {
				m.in.Responses[i] = Response{Stratum: m.in.Responses[i].Stratum, Channel: score.Assisted, Lot: "I0", Values: m.favourable()}
			}
		}},
		{"one evening", DrawingDays, func(m *maker, false []int) {
			for _, i := range false {
				m.in.Responses[i] = Response{Values: m.favourable()}
			}
			m.in.Strata[0].Drawn[m.evening()] += int64(len(false))
		}},
		{"copied answers", CopiedAnswers, func(m *maker, false []int) {
			values := m.model()
			for _, i := range false {
				m.in.Responses[i] = Response{Stratum: m.in.Responses[i].Stratum, Values: values}
			}
		}},
	}
}

// blindSpots are attacks of the same size that no flag finds. docs/integrity.md lists them.
func blindSpots() []attack {
	web := func(values func(m *maker) []int8) func(*maker, []int) {
		return func(m *maker, false []int) {
			for _, i := range false {
				m.in.Responses[i] = Response{Stratum: m.in.Responses[i].Stratum, Values: values(m)}
			}
		}
	}
	return []attack{
		{"five throughout, on the web, over the weeks", "", web(func(*maker) []int8 { return rated(5) })},
		{"invented one by one, on the web", "", web((*maker).favourable)},
		{"copied from an answer nearly all alike", "", web(func(*maker) []int8 { return append(rated(5)[:8], 4, 4) })},
		{"shared among all interviewers", "", func(m *maker, false []int) {
			for at, i := range false {
				m.in.Responses[i] = Response{Stratum: m.in.Responses[i].Stratum, Channel: score.Assisted, Lot: fmt.Sprintf("I%d", at%interviewers), Values: m.favourable()}
			}
		}},
	}
}

func rated(v int8) []int8 { return slices.Repeat([]int8{v}, len(dimensionOf)) }

// attacked makes a round of which a share is false. Where the attack lies on one evening, the false answers come
// on top of the honest drawings, so the honest part draws that much less.
func (p population) attacked(seed uint64, a attack, share float64) *maker {
	m := p.honest(seed)
	n := int(math.Round(share * float64(p.answers)))
	if a.catches == DrawingDays {
		p.answers -= n
		m = p.honest(seed)
		m.in.Responses = append(m.in.Responses, make([]Response, n)...)
	}
	var last []int
	for i := range n {
		last = append(last, len(m.in.Responses)-1-i)
	}
	a.apply(m, last)
	return m
}

// favourable is invented to please: five, at times four.
func (m *maker) favourable() []int8 {
	out := make([]int8, len(dimensionOf))
	for j := range out {
		out[j] = 5
		if m.chance(0.2) {
			out[j] = 4
		}
	}
	return out
}

// model is a favourable answer of a household that did not rate nearly everything alike: good for copying,
// since it does not look like invented.
func (m *maker) model() []int8 {
	for {
		r := derive(Response{Values: m.ratings(4.3)})
		if r.mean >= 4*point && r.rated >= leastRated && r.off >= leastOff {
			return r.Values
		}
	}
}

// dismiss gives an interviewer's honest answers to the next one: all that he brings in is invented.
func (m *maker) dismiss(lot string) {
	for i, r := range m.in.Responses {
		if r.Lot == lot {
			m.in.Responses[i].Lot = "I1"
		}
	}
}

// evening is an ordinary day.
func (m *maker) evening() int {
	a := newAudit(m.in)
	for {
		if d := m.IntN(m.days); a.ordinary(d) {
			return d
		}
	}
}

// shuffled is the same round with its responses in another order.
func shuffled(in Input, seed uint64) Input {
	r := rand.New(rand.NewPCG(seed, 1))
	in.Responses = slices.Clone(in.Responses)
	r.Shuffle(len(in.Responses), func(i, j int) {
		in.Responses[i], in.Responses[j] = in.Responses[j], in.Responses[i]
	})
	return in
}
