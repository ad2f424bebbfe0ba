package score

// Collapse merges strata with fewer answers than least into neighbours, and returns the groups as lists of
// stratum numbers in their order. As long as a group is short of answers and there is another: the group with
// the fewest (the first of equals) joins the neighbour with fewer (the one before, of equals). It looks at how
// many answered, never at what: the choice cannot lean towards a result.
func Collapse(answers []int64, least int64) [][]int {
	groups := make([][]int, len(answers))
	counts := make([]int64, len(answers))
	for i, n := range answers {
		groups[i], counts[i] = []int{i}, n
	}
	for len(groups) > 1 {
		at := fewest(counts)
		if counts[at] >= least {
			break
		}
		left := at - 1 // join left and left+1
		if at == 0 || at+1 < len(groups) && counts[at+1] < counts[at-1] {
			left = at
		}
		groups[left] = append(groups[left], groups[left+1]...)
		counts[left] += counts[left+1]
		groups = append(groups[:left+1], groups[left+2:]...)
		counts = append(counts[:left+1], counts[left+2:]...)
	}
	return groups
}

func fewest(counts []int64) int {
	at := 0
	for i, n := range counts {
		if n < counts[at] {
			at = i
		}
	}
	return at
}

// group is a merged stratum with what was counted in it.
type group struct {
	keys       []string
	n, sampled int64
	sums
}

// groups merges the accumulator's strata.
func (a *Accumulator) groups(least int64) []group {
	answers := make([]int64, len(a.strata))
	for i := range a.strata {
		answers[i] = a.strata[i].answers
	}
	var out []group
	for _, members := range Collapse(answers, least) {
		g := group{sums: a.strata[members[0]].copy()}
		for at, i := range members {
			s := a.design.Strata[i]
			g.keys = append(g.keys, s.Key)
			g.n += s.N
			g.sampled += s.Sampled
			if at > 0 {
				g.merge(&a.strata[i])
			}
		}
		out = append(out, g)
	}
	return out
}
