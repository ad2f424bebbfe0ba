package report

import (
	"slices"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// rating is one row of the ratings of orders.
type rating struct {
	ID        id.ID         `db:"id"`
	OrderID   id.ID         `db:"order_id"`
	ClosureNo int64         `db:"closure_no"`
	Rater     id.ID         `db:"rater_key"`
	Solved    string        `db:"solved"`
	Satisfied int           `db:"satisfied"`
	Channel   string        `db:"channel"`
	At        clock.Instant `db:"at"`
}

const channelCallback = "callback"

// Ratings is what households said about the closings of a cell: a full distribution, from which every rate
// follows. Asked, the denominator of coverage, is that of the same moment.
type Ratings struct {
	Asked    int64    `json:"asked" doc:"Closings that could be rated"`
	Rated    int64    `json:"rated" doc:"Closings rated by at least one household"`
	Answers  int64    `json:"answers" doc:"Answers: each household's to each closing"`
	Raters   int64    `json:"raters" doc:"Different households"`
	Assisted int64    `json:"assisted" doc:"Answers written down by the community for somebody without a phone"`
	Yes      int64    `json:"solvedYes"`
	Partly   int64    `json:"solvedPartly"`
	No       int64    `json:"solvedNo"`
	Scores   [5]int64 `json:"scores" doc:"How often each of 1 to 5 was given"`
}

// classes are the scores as the rules name them.
func (r *Ratings) classes(def Definitions) (satisfied, basically, dissatisfied int64) {
	for i, n := range r.Scores {
		switch def.Contentment(i + 1) {
		case rules.Satisfied:
			satisfied += n
		case rules.Basically:
			basically += n
		default:
			dissatisfied += n
		}
	}
	return satisfied, basically, dissatisfied
}

// Shown tells whether a cell's ratings come with it.
type Shown string

// What may become of a cell's ratings.
const (
	RatingsShown    Shown = "shown"
	RatingsWithheld Shown = "withheld" // fewer than k, or the difference to another cell would be
	RatingsFiltered Shown = "filtered" // a filtered view shows none
	RatingsReserved Shown = "reserved" // live ratings are for those who call back; others see published months
)

// Judged is what is shown of a cell's ratings.
type Judged struct {
	State    Shown    `json:"state" enum:"shown,withheld,filtered,reserved" doc:"withheld: too few households, or too few between this and another cell; reserved: wait for the month to be published; filtered: not in a filtered view"`
	Revision int      `json:"revision,omitempty" doc:"Of a published month: the revision that last added ratings to the cell. Later ones of too few households stay out, and whether there are any is not told"`
	Ratings  *Ratings `json:"figures,omitempty" doc:"Absent unless shown"`
}

// asked is a closing that could be rated, in the layer that first knew it.
type asked struct {
	cells []int
	layer int
}

// opinions are the rateable closings and the answers to them, in layers.
type opinions struct {
	cells   []candidate
	asked   []asked
	answers []answer
	rows    []rating // beside answers
}

// layersOf sorts what a book found rateable, and the ratings, into the layers of the revisions made at these
// moments (ascending, the last the book's own). Ratings of closings that do not count are left out.
func layersOf(b *book, rows []rating, revisions []clock.Instant) *opinions {
	o := &opinions{}
	number := map[Cell]int{}
	numbers := func(cells []Cell) []int {
		out := make([]int, len(cells))
		for i, c := range cells {
			n, ok := number[c]
			if !ok {
				n = len(o.cells)
				number[c] = n
				o.cells = append(o.cells, candidate{c, c.Dimension == Category, slices.Index(ranked(), c.Dimension)})
			}
			out[i] = n
		}
		return out
	}
	closures := make(map[closureKey][]int, len(b.rateable))
	for key, r := range b.rateable {
		closures[key] = numbers(r.cells)
		o.asked = append(o.asked, asked{closures[key], layerOf(r.known, revisions)})
	}
	for _, r := range rows {
		key := closureKey{r.OrderID, r.ClosureNo}
		cells, ok := closures[key]
		if !ok {
			continue
		}
		known := max(r.At, b.rateable[key].known)
		o.answers = append(o.answers, answer{r.Rater, cells, layerOf(known, revisions)})
		o.rows = append(o.rows, r)
	}
	return o
}

// layerOf is the first revision that knew something.
func layerOf(known clock.Instant, revisions []clock.Instant) int {
	for i, at := range revisions {
		if known <= at {
			return i
		}
	}
	return len(revisions) - 1
}

// judge decides what the last of n revisions shows of each cell.
func (o *opinions) judge(n, k int) map[Cell]Judged {
	refreshed := release(o.cells, o.answers, n, k)
	out := make(map[Cell]Judged, len(o.cells))
	for c, cand := range o.cells {
		upTo := -1
		for rev := range n {
			if refreshed[rev][c] {
				upTo = rev
			}
		}
		out[cand.cell] = o.judged(c, upTo)
	}
	o.fill(out)
	return out
}

// judged is what comes of a cell whose layers up to one may be shown, -1 for none. Its revision is the last
// that added answers to it, and everything is as of then: so a cell to which nobody was added looks like one to
// which too few were.
func (o *opinions) judged(c, upTo int) Judged {
	if upTo < 0 {
		return Judged{State: RatingsWithheld}
	}
	j := Judged{State: RatingsShown, Revision: 1, Ratings: &Ratings{}}
	for _, a := range o.answers {
		if a.layer <= upTo && slices.Contains(a.cells, c) {
			j.Revision = max(j.Revision, a.layer+1)
		}
	}
	return j
}

// fill counts the closings and answers that each shown cell tells of: those its revision knew.
func (o *opinions) fill(out map[Cell]Judged) {
	told := func(c, layer int) (Cell, bool) {
		cell := o.cells[c].cell
		return cell, layer < out[cell].Revision
	}
	for _, a := range o.asked {
		for _, c := range a.cells {
			if cell, ok := told(c, a.layer); ok {
				out[cell].Ratings.Asked++
			}
		}
	}
	raters := map[Cell]map[id.ID]bool{}
	rated := map[Cell]map[closureKey]bool{}
	for i, a := range o.answers {
		for _, c := range a.cells {
			cell, ok := told(c, a.layer)
			if !ok {
				continue
			}
			if raters[cell] == nil {
				raters[cell], rated[cell] = map[id.ID]bool{}, map[closureKey]bool{}
			}
			raters[cell][a.rater] = true
			rated[cell][closureKey{o.rows[i].OrderID, o.rows[i].ClosureNo}] = true
			out[cell].Ratings.add(o.rows[i])
		}
	}
	for cell := range raters {
		out[cell].Ratings.Raters, out[cell].Ratings.Rated = int64(len(raters[cell])), int64(len(rated[cell]))
	}
}

func (r *Ratings) add(row rating) {
	r.Answers++
	if row.Channel == channelCallback {
		r.Assisted++
	}
	switch rules.Solved(row.Solved) {
	case rules.SolvedYes:
		r.Yes++
	case rules.SolvedPartly:
		r.Partly++
	case rules.SolvedNo:
		r.No++
	}
	if row.Satisfied >= 1 && row.Satisfied <= len(r.Scores) {
		r.Scores[row.Satisfied-1]++
	}
}
