package bundle

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/scorecard"
)

// drawing is the final lists of who drew a ballot, one after the other.
type drawing struct {
	strata []Stratum
	at     int // of the list at hand
	trees  []drawn
}

// drawn is what was read of one list.
type drawn struct {
	tree  tree
	last  ballot.Hash
	drawn int64
}

func newDrawing(strata []Stratum) drawing {
	return drawing{strata: strata, trees: make([]drawn, len(strata))}
}

// add takes in a dwelling.
func (d *drawing) add(l draw) error {
	for d.at < len(d.strata) && d.strata[d.at].Stratum != l.Stratum {
		d.at++
	}
	if d.at == len(d.strata) {
		d.at = 0
		return fmt.Errorf("stratum %s does not exist, or its list is not in its place", l.Stratum)
	}
	t := &d.trees[d.at]
	if t.tree.next > 0 && t.last.Compare(l.Tag) >= 0 {
		return fmt.Errorf("tag %s is there twice or not in ascending order", l.Tag)
	}
	t.last = l.Tag
	said := byte(0)
	if l.Drawn {
		said = 1
		t.drawn++
	}
	t.tree.add(0, tlog.RecordHash(append(l.Tag[:], said)))
	return nil
}

// finish compares the lists with what was sealed at the end of the round.
func (d *drawing) finish(v *verifier) {
	for i, st := range d.strata {
		t := &d.trees[i]
		v.report.Draws += t.drawn
		if v.history.closed == nil || i >= len(v.history.closed.Strata) {
			continue
		}
		sealed := v.history.closed.Strata[i]
		switch {
		case t.tree.next != int64(sealed.Dwellings):
			v.report.add("stratum %s: the list of draws has %d dwellings, %d were asked", st.Stratum, t.tree.next, sealed.Dwellings)
		case t.drawn != int64(sealed.Drawn):
			v.report.add("stratum %s: the list shows %d ballots drawn, %d were sealed", st.Stratum, t.drawn, sealed.Drawn)
		case ballot.Hash(t.tree.root()) != sealed.Draws:
			v.report.add("stratum %s: the list of draws is not the one that was sealed", st.Stratum)
		}
		if v.counted[i] > t.drawn {
			v.report.add("stratum %s: %d responses were counted, and only %d ballots drawn", st.Stratum, v.counted[i], t.drawn)
		}
	}
}

// together is the answers that groups show without their ballots.
type together struct {
	keys   []string
	groups []scorecard.Group
	found  []map[int]int64 // by group and the revision that leaves out; 0 for none
	at     int
	last   string
}

func newTogether(f *scorecard.Frame) together {
	t := together{}
	for _, g := range f.Groups() {
		if g.Shown == scorecard.Together {
			t.keys, t.groups = append(t.keys, f.Key(g)), append(t.groups, g)
		}
	}
	for range t.groups {
		t.found = append(t.found, map[int]int64{})
	}
	return t
}

// add takes in one response's answers.
func (t *together) add(v *verifier, a answers) error {
	for t.at < len(t.keys) && t.keys[t.at] != a.Group {
		t.at, t.last = t.at+1, ""
	}
	if t.at == len(t.keys) {
		t.at = 0
		return fmt.Errorf("group %s does not show its answers together, or they are not in their place", a.Group)
	}
	if a.Answers < t.last {
		return errors.New("not in the ascending order of the answers")
	}
	t.last = a.Answers
	if a.ExcludedFrom < 0 || a.ExcludedFrom >= max(1, len(v.counters)) {
		return errors.New("left out of a revision that there is not")
	}
	t.found[t.at][a.ExcludedFrom]++
	var values scorecard.Values
	if err := v.reading().read(a.Answers, &values); err != nil {
		return err
	}
	return v.sum(t.groups[t.at].Strata[0], a.ExcludedFrom, &values)
}

// finish checks that there are as many answers as responses.
func (t *together) finish(v *verifier) {
	for i, g := range t.groups {
		var counted, given int64
		for _, st := range g.Strata {
			counted += v.counted[st]
		}
		for _, n := range t.found[i] {
			given += n
		}
		if given != counted {
			v.report.add("group %s: %d responses were counted, the file has the answers of %d", t.keys[i], counted, given)
		}
		for from, n := range v.history.leftOf(g.Strata, len(v.counters)) {
			if from > 0 && n != t.found[i][from] {
				v.report.add("group %s: %d responses are left out from revision %d on, and the answers of %d", t.keys[i], n, from, t.found[i][from])
			}
		}
	}
}
