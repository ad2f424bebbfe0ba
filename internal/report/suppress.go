package report

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/redproperty/redproperty/internal/id"
)

// Which ratings may be shown. Whoever sees several cells, in one month or in several revisions of it, can add
// and subtract them. A set of cells is safe when every figure that can be computed from them, with whatever
// factors, tells either of nobody or of at least k raters (R6.6).
//
// Ratings fall into layers: those that the first revision knew, those that came with the second, and so on. A
// cell that revision r refreshed is the sum of its parts in the layers up to r, so any computation over
// revisions is one over cells within each layer, and it suffices that every layer is safe by itself.
//
// Within a layer, the cells other than categories cut the ratings into blocks: those of a block are in the
// same cells. Any computation gives all ratings of a block the same factor. Without categories it is enough
// that each block has k raters. Categories lie across: a rating gets its block's factor plus its category's,
// and is left out of the result only where the two cancel. With blocks and categories as the nodes of a
// graph and ratings as its edges, the ratings left in are a cut, so the smallest result is a smallest cut.

// answer is one household's rating of one closure.
type answer struct {
	rater id.ID
	cells []int // the cells it is in, as numbers; categories among them
	layer int   // the first revision that knew it
}

// candidate is a cell whose ratings might be shown.
type candidate struct {
	cell     Cell
	category bool
	rank     int
}

// release decides, revision by revision, which cells are refreshed. Cells are tried in the order of their
// dimension, the larger groups first; one that would make a layer unsafe is not refreshed in that revision.
// The result holds a row for each revision: whether the cell of that number is refreshed in it.
func release(cells []candidate, answers []answer, revisions, k int) [][]bool {
	g := newGround(cells, answers, revisions, k)
	out := make([][]bool, revisions)
	for rev := range revisions {
		out[rev] = make([]bool, len(cells))
		for _, c := range g.order(rev) {
			out[rev][c] = g.admit(c, rev)
		}
	}
	return out
}

// atom is the ratings of a layer that are in the same cells.
type atom struct {
	cells    []int // without categories
	category int   // -1 for none
	raters   []int // distinct
	own      int   // raters that are counted with this atom and with no other of the layer
}

// ground is the layers with the cells that are shown of each.
type ground struct {
	cells  []candidate
	layers [][]atom
	shown  [][]bool // by layer and cell
	k      int
}

func newGround(cells []candidate, answers []answer, layers, k int) *ground {
	g := &ground{cells: cells, layers: make([][]atom, layers), shown: make([][]bool, layers), k: k}
	for l := range layers {
		g.shown[l] = make([]bool, len(cells))
	}
	raters := map[id.ID]int{}
	index := map[string]int{}
	counted := map[[2]int]bool{}
	for _, a := range answers {
		r, ok := raters[a.rater]
		if !ok {
			r = len(raters)
			raters[a.rater] = r
		}
		n := g.atomOf(a, index)
		at := &g.layers[a.layer][n]
		if !slices.Contains(at.raters, r) {
			at.raters = append(at.raters, r)
		}
		if !counted[[2]int{a.layer, r}] {
			counted[[2]int{a.layer, r}] = true
			at.own++
		}
	}
	return g
}

// atomOf finds or makes the atom of an answer.
func (g *ground) atomOf(a answer, index map[string]int) int {
	key := signature(append([]int{a.layer}, a.cells...))
	n, ok := index[key]
	if ok {
		return n
	}
	made := atom{category: -1}
	for _, c := range a.cells {
		if g.cells[c].category {
			made.category = c
		} else {
			made.cells = append(made.cells, c)
		}
	}
	n = len(g.layers[a.layer])
	g.layers[a.layer] = append(g.layers[a.layer], made)
	index[key] = n
	return n
}

func signature(numbers []int) string {
	var b []byte
	for _, n := range numbers {
		b = binary.AppendVarint(b, int64(n))
	}
	return string(b)
}

// order lists the cells in which they are tried in a revision.
func (g *ground) order(rev int) []int {
	size := make([]int, len(g.cells))
	for c := range g.cells {
		seen := map[int]bool{}
		for _, layer := range g.layers[:rev+1] {
			for _, a := range layer {
				if a.category == c || slices.Contains(a.cells, c) {
					for _, r := range a.raters {
						seen[r] = true
					}
				}
			}
		}
		size[c] = len(seen)
	}
	out := make([]int, len(g.cells))
	for i := range out {
		out[i] = i
	}
	slices.SortStableFunc(out, func(a, b int) int {
		return cmp.Or(cmp.Compare(g.cells[a].rank, g.cells[b].rank), cmp.Compare(size[b], size[a]), cmp.Compare(g.cells[a].cell.Key, g.cells[b].cell.Key))
	})
	return out
}

// admit shows the cell in a revision, which shows its part of that layer and of all before, unless one of
// them would be unsafe.
func (g *ground) admit(c, rev int) bool {
	var added []int
	for l := range rev + 1 {
		if !g.shown[l][c] {
			g.shown[l][c] = true
			added = append(added, l)
		}
	}
	for _, l := range added {
		if !g.safe(l) {
			for _, u := range added {
				g.shown[u][c] = false
			}
			return false
		}
	}
	return true
}

// safe tells whether what is shown of a layer singles out no group smaller than k.
func (g *ground) safe(l int) bool {
	shown := g.shown[l]
	blocks := map[string]int{}
	var raters []map[int]bool
	crossed := false
	graph := &graph{}
	outside := graph.node() // ratings in no shown cell, on either side
	category := map[int]int{}
	nodes := []int{}
	for _, a := range g.layers[l] {
		b := outside
		if sig := visible(a.cells, shown); len(sig) > 0 {
			n, ok := blocks[signature(sig)]
			if !ok {
				n = len(raters)
				blocks[signature(sig)] = n
				raters, nodes = append(raters, map[int]bool{}), append(nodes, graph.node())
			}
			fill(raters[n], a.raters, g.k)
			b = nodes[n]
		}
		other := outside
		if a.category >= 0 && shown[a.category] {
			n, ok := category[a.category]
			if !ok {
				n = graph.node()
				category[a.category] = n
			}
			other, crossed = n, true
		}
		graph.edge(b, other, a.own)
	}
	if !crossed {
		return !slices.ContainsFunc(raters, func(m map[int]bool) bool { return len(m) < g.k })
	}
	return !graph.cutBelow(g.k)
}

func visible(cells []int, shown []bool) []int {
	out := make([]int, 0, len(cells))
	for _, c := range cells {
		if shown[c] {
			out = append(out, c)
		}
	}
	slices.Sort(out)
	return out
}

// fill collects distinct raters until there are k.
func fill(into map[int]bool, raters []int, k int) {
	for _, r := range raters {
		if len(into) >= k {
			return
		}
		into[r] = true
	}
}

// graph is an undirected multigraph; parallel edges are added up. An edge of weight 0 is still an edge.
type graph struct {
	n     int
	edges map[[2]int]int
}

func (g *graph) node() int {
	g.n++
	return g.n - 1
}

func (g *graph) edge(a, b, weight int) {
	if a == b {
		return
	}
	if g.edges == nil {
		g.edges = map[[2]int]int{}
	}
	g.edges[[2]int{min(a, b), max(a, b)}] += weight
}

// cutBelow tells whether some edges of less than k in all part a component in two. It walks the nodes in the
// order of how strongly they hang on those before (Stoer and Wagner); two neighbours of that order whose bond
// is at least k are parted by no cut below k and become one (Nagamochi and Ibaraki).
func (g *graph) cutBelow(k int) bool {
	for len(g.edges) > 0 {
		same := newUnion(g.n)
		for _, part := range g.components() {
			if len(part) > 1 && !g.walk(part, k, same) {
				return true
			}
		}
		g.contract(same)
	}
	return false
}

// walk orders the nodes of a component and joins those that no small cut parts. It is false when the last node
// hangs on the others by less than k: that is a cut.
func (g *graph) walk(part []int, k int, same *union) bool {
	near := make(map[int]map[int]int, len(part))
	for e, w := range g.edges {
		for _, p := range [][2]int{{e[0], e[1]}, {e[1], e[0]}} {
			if near[p[0]] == nil {
				near[p[0]] = map[int]int{}
			}
			near[p[0]][p[1]] = w
		}
	}
	bond := make(map[int]int, len(part))
	left := slices.Clone(part)
	last := -1
	for len(left) > 0 {
		best := 0
		for i, n := range left {
			if bond[n] > bond[left[best]] {
				best = i
			}
		}
		n := left[best]
		left = slices.Delete(left, best, best+1)
		if last >= 0 && bond[n] >= k {
			same.join(last, n)
		} else if last >= 0 && len(left) == 0 {
			return false
		}
		for m, w := range near[n] {
			bond[m] += w
		}
		last = n
	}
	return true
}

func (g *graph) components() [][]int {
	u := newUnion(g.n)
	for e := range g.edges {
		u.join(e[0], e[1])
	}
	parts := map[int][]int{}
	for n := range g.n {
		r := u.root(n)
		parts[r] = append(parts[r], n)
	}
	out := make([][]int, 0, len(parts))
	for _, p := range parts {
		out = append(out, p)
	}
	return out
}

func (g *graph) contract(same *union) {
	old := g.edges
	g.edges = map[[2]int]int{}
	for e, w := range old {
		g.edge(same.root(e[0]), same.root(e[1]), w)
	}
}

// union keeps which nodes have become one.
type union struct{ parent []int }

func newUnion(n int) *union {
	u := &union{make([]int, n)}
	for i := range u.parent {
		u.parent[i] = i
	}
	return u
}

func (u *union) root(n int) int {
	for u.parent[n] != n {
		u.parent[n] = u.parent[u.parent[n]]
		n = u.parent[n]
	}
	return n
}

func (u *union) join(a, b int) { u.parent[u.root(a)] = u.root(b) }
