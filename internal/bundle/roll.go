package bundle

import (
	"errors"
	"fmt"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/score"
)

// rolled is the frozen roll, line by line, with the draw of a sample done again: of each stratum the lines with the lowest hashes under
// the seed are asked, so that the highest of those asked lies below the lowest of the rest. No line is kept.
type rolled struct {
	hasher  *ballot.RollHasher
	sample  bool
	seed    *ballot.Hash // nil in a census, and where there is none
	groups  []rolledStratum
	leftOut int64
}

type rolledStratum struct {
	lines, asked int64
	highest      ballot.Hash // of those asked
	lowest       *ballot.Hash
}

func newRolled(p *Preamble) rolled {
	return rolled{hasher: ballot.NewRollHasher(p.Header.Round), sample: p.Header.Method == "sample", groups: make([]rolledStratum, len(p.Strata))}
}

// open makes the seed of a sample: of the parties' secrets, which the entry that opens the round names, and of the roll that it seals.
func (r *rolled) open(w *wrongs, p *Preamble, e ballot.RoundOpened) {
	if p.Header.V == versionWithoutRoll {
		w.want(len(p.Pledges) == 0, "a file of this form has no secrets of a draw")
		return
	}
	if !r.sample {
		w.want(len(e.Pledges)+len(p.Pledges) == 0 && p.Header.MarginBp == 0 && p.Header.Response == 0, "a census has no draw")
		return
	}
	same := len(e.Pledges) == len(p.Pledges)
	openings := make([]score.Opening, len(p.Pledges))
	for i, x := range p.Pledges {
		same = same && x.Secret == e.Pledges[i]
		openings[i] = score.Opening{Party: x.Party.String(), Commitment: x.Commitment, Secret: x.Secret[:]}
	}
	if w.want(same, "the secrets of the draw are not those of the file"); !same {
		return
	}
	seed, err := score.Seed(e.Round.String(), e.Roll, openings)
	if w.want(err == nil, "a secret of the draw is not what its party committed to"); err == nil {
		s := ballot.Hash(seed)
		r.seed = &s
	}
	r.sizes(w, p)
}

// sizes checks that as many dwellings are asked as the margin needs.
func (r *rolled) sizes(w *wrongs, p *Preamble) {
	response := p.Header.Response
	if p.Header.V <= versionWithoutResponse {
		w.want(response == 0, "a file of this form has no expected response")
		response = 100
	}
	areas := map[id.ID][]int{}
	for i, st := range p.Strata {
		areas[st.ServiceArea] = append(areas[st.ServiceArea], i)
	}
	for _, pr := range p.Projects {
		var dwellings []int64
		for _, i := range areas[pr.ServiceArea] {
			dwellings = append(dwellings, p.Strata[i].Dwellings)
		}
		want, err := score.Draws(dwellings, p.Header.MarginBp, response)
		w.want(err == nil, "the planned margin or the expected response is none")
		for k, n := range want {
			st := p.Strata[areas[pr.ServiceArea][k]]
			w.want(n == st.Sampled, fmt.Sprintf("stratum %s: %d dwellings are asked, the margin needs %d", st.Stratum, st.Sampled, n))
		}
	}
}

// add takes in a line.
func (r *rolled) add(v *verifier, d Dwelling) error {
	if err := r.hasher.Add(d.Line); err != nil {
		return err
	}
	if d.Stratum == "" {
		r.leftOut++
		if d.Asked {
			return errors.New("a dwelling that was left out is asked")
		}
		return nil
	}
	i, ok := v.codes[d.Stratum]
	if !ok {
		return fmt.Errorf("stratum %s does not exist", d.Stratum)
	}
	g := &r.groups[i]
	g.lines++
	if d.Asked {
		g.asked++
	}
	if r.seed == nil {
		return nil
	}
	order := ballot.Hash(score.Order(score.Hash(*r.seed), d.Line.String()))
	switch {
	case d.Asked && order.Compare(g.highest) > 0:
		g.highest = order
	case !d.Asked && (g.lowest == nil || order.Compare(*g.lowest) < 0):
		g.lowest = &order
	}
	return nil
}

// finish compares the roll with what was sealed at the opening.
func (r *rolled) finish(v *verifier) {
	v.report.Dwellings = r.hasher.Lines()
	if v.history.opened == nil {
		return
	}
	if v.pre.Header.V == versionWithoutRoll {
		v.report.NoRoll = true
		if r.hasher.Lines() > 0 {
			v.report.add("a file of this form has no roll")
		}
		return
	}
	if r.hasher.Sum() != v.history.opened.Roll {
		v.report.add("the roll is not the one that was sealed when the round opened: lines were altered, dropped or added")
	}
	var out int64
	for _, p := range v.pre.Projects {
		out += p.LeftOut
	}
	if out != r.leftOut {
		v.report.add("the roll leaves %d dwellings out, the service areas say %d", r.leftOut, out)
	}
	for i, g := range r.groups {
		st := v.pre.Strata[i]
		switch {
		case g.lines != st.Dwellings:
			v.report.add("stratum %s: the roll has %d dwellings, the file says %d", st.Stratum, g.lines, st.Dwellings)
		case g.asked != st.Sampled:
			v.report.add("stratum %s: %d dwellings of the roll are asked, the file says %d", st.Stratum, g.asked, st.Sampled)
		case g.lowest != nil && g.highest.Compare(*g.lowest) >= 0:
			v.report.add("stratum %s: the dwellings that are asked are not those that the draw chooses", st.Stratum)
		}
	}
}
