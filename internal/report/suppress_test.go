package report

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/id"
)

const k = 5

// poll is a set of answers for the tests of suppression: cells by name.
type poll struct {
	cells   []candidate
	number  map[Cell]int
	answers []answer
}

func newPoll() *poll { return &poll{number: map[Cell]int{}} }

func (p *poll) cell(d Dimension, key string) int {
	c := Cell{d, key}
	n, ok := p.number[c]
	if !ok {
		n = len(p.cells)
		p.number[c] = n
		p.cells = append(p.cells, candidate{c, d == Category, slices.Index(ranked(), d)})
	}
	return n
}

func rater(n int) id.ID { return id.ID{14: byte(n >> 8), 15: byte(n)} }

// say adds the answer of a rater about an order in a place, of a company, in a category.
func (p *poll) say(r int, community, area, company, category string, layer int) {
	p.answers = append(p.answers, answer{rater(r), []int{
		p.cell(Total, keyAll), p.cell(Community, community), p.cell(Company, company), p.cell(Project, area+"."+company),
		p.cell(ServiceArea, area), p.cell(Estate, area), p.cell(Category, category),
	}, layer})
}

// many adds n answers of new raters.
func (p *poll) many(n int, community, area, company, category string, layer int) {
	for range n {
		p.say(len(p.answers)+1, community, area, company, category, layer)
	}
}

func (p *poll) shown(revisions int) []string {
	out := []string{}
	last := release(p.cells, p.answers, revisions, k)[revisions-1]
	for c, ok := range last {
		if ok {
			out = append(out, p.cells[c].cell.String())
		}
	}
	slices.Sort(out)
	return out
}

func TestSmallGroupsAndTheirComplementsAreLeftOut(t *testing.T) {
	t.Run("four of one company are not shown, nor what tells them", func(t *testing.T) {
		p := newPoll()
		p.many(20, "A", "a1", "X", "lift", 0)
		p.many(4, "A", "a2", "X", "lift", 0)
		require.Equal(t, []string{"category.lift", "community.A", "company.X", "total.all"}, p.shown(1))
	})
	t.Run("exactly five are", func(t *testing.T) {
		p := newPoll()
		p.many(20, "A", "a1", "X", "lift", 0)
		p.many(5, "A", "a2", "X", "lift", 0)
		require.Equal(t, []string{"category.lift", "community.A", "company.X", "estate.a1", "estate.a2", "project.a1.X", "project.a2.X", "service_area.a1", "service_area.a2", "total.all"}, p.shown(1))
	})
	t.Run("four in all are not", func(t *testing.T) {
		p := newPoll()
		p.many(4, "A", "a1", "X", "lift", 0)
		require.Empty(t, p.shown(1))
	})
	t.Run("five answers of one household are one household", func(t *testing.T) {
		p := newPoll()
		for range 5 {
			p.say(1, "A", "a1", "X", "lift", 0)
		}
		require.Empty(t, p.shown(1))
	})
	t.Run("an area and its company differ by three", func(t *testing.T) {
		p := newPoll()
		p.many(30, "A", "a1", "X", "lift", 0)
		p.many(3, "A", "a1", "none", "lift", 0)
		require.Equal(t, []string{"category.lift", "community.A", "estate.a1", "service_area.a1", "total.all"}, p.shown(1))
	})
	t.Run("categories across areas come out though their crossings are small", func(t *testing.T) {
		p := newPoll()
		for area := range 6 {
			for cat := range 6 {
				p.many(2, "A", fmt.Sprint("a", area), fmt.Sprint("X", area), fmt.Sprint("c", cat), 0)
			}
		}
		require.Len(t, p.shown(1), 2+6*4+6)
	})
	t.Run("a category of one area, but for two households, does not", func(t *testing.T) {
		p := newPoll()
		p.many(20, "A", "a1", "X", "lift", 0)
		p.many(18, "A", "a2", "X", "water", 0)
		p.many(2, "A", "a2", "X", "lift", 0)
		got := p.shown(1)
		require.NotContains(t, got, "category.lift")
		require.NotContains(t, got, "category.water")
		require.Contains(t, got, "service_area.a1")
	})
}

func TestRevisionsDifferByNobodyOrFive(t *testing.T) {
	p := newPoll()
	p.many(10, "A", "a1", "X", "lift", 0)
	p.many(10, "A", "a2", "X", "lift", 0)
	first := p.shown(1)
	p.many(3, "A", "a1", "X", "lift", 1)
	require.Subset(t, first, p.shown(2))
	require.NotContains(t, p.shown(2), "total.all", "three new households are not told by the total")
	require.Contains(t, p.shown(2), "service_area.a2", "nothing new there")
	p.many(4, "A", "a2", "X", "lift", 1)
	require.Contains(t, p.shown(2), "total.all", "seven new households in all")
	require.NotContains(t, p.shown(2), "service_area.a1")
	require.NotContains(t, p.shown(2), "service_area.a2")
	p.many(5, "A", "a3", "X", "lift", 2)
	require.Contains(t, p.shown(3), "service_area.a3")
	require.NotContains(t, p.shown(3), "service_area.a1", "its three newcomers stay hidden for good")
}

// drawPoll makes a small street: few places, companies, categories and raters, some of whom answer often.
func drawPoll(t *rapid.T) (*poll, int) {
	p := newPoll()
	revisions := rapid.IntRange(1, 3).Draw(t, "revisions")
	n := rapid.IntRange(0, 26).Draw(t, "answers")
	raters := rapid.IntRange(1, 16).Draw(t, "raters")
	for range n {
		area := rapid.IntRange(0, 3).Draw(t, "area")
		company := "X" + strconv.Itoa(area/2)
		if rapid.IntRange(0, 4).Draw(t, "other hands") == 0 {
			company = keyNone
		}
		p.say(rapid.IntRange(1, raters).Draw(t, "rater"), "C"+strconv.Itoa(area/3), "a"+strconv.Itoa(area), company,
			"c"+strconv.Itoa(rapid.IntRange(0, 2).Draw(t, "category")), rapid.IntRange(0, revisions-1).Draw(t, "layer"))
	}
	return p, revisions
}

// published lists what a reader holds in the end: for each cell that some revision refreshed, the set of
// answers it was the sum of, as a row of zeros and ones.
func (p *poll) published(refreshed [][]bool) [][]int64 {
	var out [][]int64
	for rev := range refreshed {
		for c, ok := range refreshed[rev] {
			if !ok {
				continue
			}
			row := make([]int64, len(p.answers))
			for i, a := range p.answers {
				if a.layer <= rev && slices.Contains(a.cells, c) {
					row[i] = 1
				}
			}
			out = append(out, row)
		}
	}
	return out
}

// isolates tells whether some combination of the rows, with any factors, is about some of these raters and
// nobody else: exactly when leaving out their answers makes the rows less independent.
func (p *poll) isolates(rows [][]int64, raters map[id.ID]bool) bool {
	var rest [][]int64
	for _, row := range rows {
		var kept []int64
		for i, a := range p.answers {
			if !raters[a.rater] {
				kept = append(kept, row[i])
			}
		}
		rest = append(rest, kept)
	}
	return rank(rest) < rank(rows)
}

func rank(rows [][]int64) int {
	m := make([][]*big.Rat, len(rows))
	for i, r := range rows {
		for _, v := range r {
			m[i] = append(m[i], big.NewRat(v, 1))
		}
	}
	n := 0
	for col := 0; len(m) > 0 && col < len(m[0]) && n < len(m); col++ {
		p := slices.IndexFunc(m[n:], func(r []*big.Rat) bool { return r[col].Sign() != 0 })
		if p < 0 {
			continue
		}
		m[n], m[n+p] = m[n+p], m[n]
		for i := n + 1; i < len(m); i++ {
			if m[i][col].Sign() == 0 {
				continue
			}
			f := new(big.Rat).Quo(m[i][col], m[n][col])
			for j := col; j < len(m[i]); j++ {
				m[i][j].Sub(m[i][j], new(big.Rat).Mul(f, m[n][j]))
			}
		}
		n++
	}
	return n
}

// distinct rows only: equal ones add nothing to a span.
func distinct(rows [][]int64) [][]int64 {
	seen := map[string]bool{}
	return slices.DeleteFunc(rows, func(r []int64) bool {
		s := fmt.Sprint(r)
		defer func() { seen[s] = true }()
		return seen[s]
	})
}

// attack looks for four raters or fewer about whom the publications tell, and returns them.
func (p *poll) attack(rows [][]int64) []id.ID {
	var all []id.ID
	for _, a := range p.answers {
		if !slices.Contains(all, a.rater) {
			all = append(all, a.rater)
		}
	}
	rows = distinct(rows)
	if len(rows) == 0 {
		return nil
	}
	var found []id.ID
	var try func(from int, chosen []id.ID)
	try = func(from int, chosen []id.ID) {
		if found != nil {
			return
		}
		if len(chosen) == k-1 || from == len(all) {
			set := map[id.ID]bool{}
			for _, r := range chosen {
				set[r] = true
			}
			if p.isolates(rows, set) {
				found = slices.Clone(chosen)
			}
			return
		}
		for i := from; i < len(all); i++ {
			try(i+1, append(slices.Clone(chosen), all[i]))
		}
		if len(all)-from < k-1-len(chosen) {
			try(len(all), chosen)
		}
	}
	try(0, nil)
	return found
}

// Whatever is computed from published cells and revisions tells of nobody or of at least five households.
func TestNothingPublishedIsolatesAFew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, revisions := drawPoll(t)
		refreshed := release(p.cells, p.answers, revisions, k)
		require.Nil(t, p.attack(p.published(refreshed)), "the publications tell of these raters")
	})
}

// The attack is worth something: it finds who is told when every group of five is shown without more ado.
func TestTheAttackWorks(t *testing.T) {
	for name, build := range map[string]func(*poll){
		"the rest of a total":     func(p *poll) { p.many(6, "A", "a1", "X", "c", 0); p.many(2, "B", "b1", "Y", "c", 0) },
		"a company less its area": func(p *poll) { p.many(6, "A", "a1", "X", "c", 0); p.many(2, "A", "a2", "X", "c", 0) },
		"a category against an area": func(p *poll) {
			p.many(6, "A", "a1", "X", "c", 0)
			p.many(6, "A", "a2", "Y", "d", 0)
			p.many(1, "A", "a2", "Y", "c", 0)
		},
		"a revision less the one before": func(p *poll) { p.many(6, "A", "a1", "X", "c", 0); p.many(3, "A", "a1", "X", "c", 1) },
	} {
		t.Run(name, func(t *testing.T) {
			p := newPoll()
			build(p)
			naive := make([][]bool, 2)
			for rev := range naive {
				naive[rev] = make([]bool, len(p.cells))
				for c := range p.cells {
					raters := map[id.ID]bool{}
					for _, a := range p.answers {
						if a.layer <= rev && slices.Contains(a.cells, c) {
							raters[a.rater] = true
						}
					}
					naive[rev][c] = len(raters) >= k
				}
			}
			require.NotNil(t, p.attack(p.published(naive)))
			require.Nil(t, p.attack(p.published(release(p.cells, p.answers, 2, k))))
		})
	}
}

// A cut below k is found exactly where trying all cuts finds one.
func TestCutsAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "nodes")
		g, all := &graph{}, map[[2]int]int{}
		for range n {
			g.node()
		}
		for range rapid.IntRange(0, 20).Draw(t, "edges") {
			a, b, w := rapid.IntRange(0, n-1).Draw(t, "a"), rapid.IntRange(0, n-1).Draw(t, "b"), rapid.IntRange(0, 6).Draw(t, "w")
			g.edge(a, b, w)
			if a != b {
				all[[2]int{min(a, b), max(a, b)}] += w
			}
		}
		want := false
		for set := 1; set < 1<<n; set++ {
			sum, crossing := 0, false
			for e, w := range all {
				if set>>e[0]&1 != set>>e[1]&1 {
					sum, crossing = sum+w, true
				}
			}
			want = want || (crossing && sum < k)
		}
		require.Equal(t, want, g.cutBelow(k))
	})
}
