package integrity

import (
	"cmp"
	"math"
	"slices"

	"github.com/redproperty/redproperty/internal/score"
)

// point is one rating point. Means of up to twelve ratings are whole numbers of it; others are cut.
const point = 27_720

// respondent is a response with what is derived from it.
type respondent struct {
	Response
	rated    int
	mean     int64 // of the ratings, in 1/point; there when rated > 0
	off      int   // ratings that are not the most frequent one of the response
	straight bool  // rated enough items, and all alike
}

// audit is a round being examined.
type audit struct {
	in   Input
	all  []respondent
	lots []lot
}

// lot is what one interviewer, or one lot of paper, brought in.
type lot struct {
	channel score.Channel
	code    string
	members []int // positions in audit.all
}

func newAudit(in Input) *audit {
	a := &audit{in: in}
	at := map[lotKey]int{}
	for i, r := range in.Responses {
		a.all = append(a.all, derive(r))
		if r.Channel == score.Web || r.Lot == "" {
			continue
		}
		key := lotKey{r.Channel, r.Lot}
		n, known := at[key]
		if !known {
			n = len(a.lots)
			at[key] = n
			a.lots = append(a.lots, lot{channel: r.Channel, code: r.Lot})
		}
		a.lots[n].members = append(a.lots[n].members, i)
	}
	slices.SortFunc(a.lots, func(x, y lot) int {
		return cmp.Or(cmp.Compare(x.channel, y.channel), cmp.Compare(x.code, y.code))
	})
	return a
}

type lotKey struct {
	channel score.Channel
	code    string
}

// leastStraight is how many ratings an answer needs before their being alike means anything.
const leastStraight = 5

func derive(r Response) respondent {
	d := respondent{Response: r}
	var times [score.Highest + 1]int
	sum := int64(0)
	for _, v := range r.Values {
		if v >= score.Lowest {
			d.rated++
			times[v]++
			sum += int64(v)
		}
	}
	if d.rated > 0 {
		d.mean = sum * point / int64(d.rated)
	}
	d.off = d.rated - slices.Max(times[:])
	d.straight = d.rated >= leastStraight && d.off == 0
	return d
}

var channelNames = [...]string{score.Web: "web", score.Paper: "paper", score.Assisted: "assisted"}

// sides is a group and its peers in one stratum, as positions in audit.all.
type sides struct{ group, peers []int }

// split puts who is in the group beside who is a peer, stratum by stratum, and keeps the strata that have both.
func (a *audit) split(group, peer func(int) bool) []sides {
	all := make([]sides, len(a.in.Strata))
	for i, r := range a.all {
		switch s := &all[r.Stratum]; {
		case group(i):
			s.group = append(s.group, i)
		case peer(i):
			s.peers = append(s.peers, i)
		}
	}
	return slices.DeleteFunc(all, func(s sides) bool { return len(s.group) == 0 || len(s.peers) == 0 })
}

// ofLot compares a lot with the other lots of its channel, those that eligible lets in.
func (a *audit) ofLot(l lot, eligible func(int) bool) []sides {
	inChannel := func(i int) bool { return a.all[i].Channel == l.channel && eligible(i) }
	return a.split(
		func(i int) bool { return inChannel(i) && a.all[i].Lot == l.code },
		inChannel)
}

func sizes(cells []sides) (group, peers int64) {
	for _, s := range cells {
		group += int64(len(s.group))
		peers += int64(len(s.peers))
	}
	return group, peers
}

func (a *audit) hasMean(i int) bool { return a.all[i].rated > 0 }

// lotMeans compares the mean of each lot of a channel with the others in the same strata.
func (a *audit) lotMeans(m Method, channel score.Channel) []compared {
	var out []compared
	for _, l := range a.lots {
		if l.channel != channel {
			continue
		}
		c := a.meanDifference(m, a.ofLot(l, a.hasMean))
		c.Channel, c.Lot = channelNames[channel], l.code
		out = append(out, c)
	}
	return out
}

// channels compares paper and assisted answers with those on the web in the same strata.
func (a *audit) channels(m Method) []compared {
	var out []compared
	for _, channel := range []score.Channel{score.Paper, score.Assisted} {
		c := a.meanDifference(m, a.split(
			func(i int) bool { return a.all[i].Channel == channel && a.hasMean(i) },
			func(i int) bool { return a.all[i].Channel == score.Web && a.hasMean(i) }))
		c.Channel = channelNames[channel]
		out = append(out, c)
	}
	return out
}

// meanDifference tests whether a group's mean is further from its peers' than the allowance, either way.
func (a *audit) meanDifference(m Method, cells []sides) compared {
	c := compared{p: 1}
	c.Count, c.Against = sizes(cells)
	if c.Count < m.Least || c.Against < m.Least {
		c.State = NotAssessable
		return c
	}
	difference := a.difference(cells)
	c.Figure = score.Micro(math.Round(difference / point * float64(score.One)))
	up := int64(1)
	if difference < 0 {
		up = -1
	}
	if score.Micro(up)*c.Figure > m.Allowance { // within the allowance nothing speaks against honesty
		c.p = min(1, 2*a.shifted(cells, up, int64(m.Allowance)*point/int64(score.One)))
	}
	return c
}

// difference is the mean of the strata's differences, each weighted by how precisely it is known.
func (a *audit) difference(cells []sides) float64 {
	sum, weights := 0.0, 0.0
	for _, s := range cells {
		g, p := float64(len(s.group)), float64(len(s.peers))
		w := g * p / (g + p)
		sum += w * (float64(a.sum(s.group))/g - float64(a.sum(s.peers))/p)
		weights += w
	}
	return sum / weights
}

func (a *audit) sum(members []int) int64 {
	n := int64(0)
	for _, i := range members {
		n += a.all[i].mean
	}
	return n
}

// shifted is the chance of a difference like the group's, once the allowance is taken off each of its members,
// among all ways to choose the group. up is 1 where the group is the higher, -1 where it is the lower.
func (a *audit) shifted(cells []sides, up, allowance int64) float64 {
	var pools []cell
	sum, square := int64(0), int64(0)
	for _, s := range cells {
		c := cell{take: len(s.group)}
		for _, i := range s.group {
			c.pool = append(c.pool, up*a.all[i].mean-allowance)
		}
		for _, i := range s.peers {
			c.pool = append(c.pool, up*a.all[i].mean)
		}
		mean := total(c.pool) / int64(len(c.pool))
		for _, v := range c.pool[:c.take] {
			sum += v - mean
			square += (v - mean) * (v - mean)
		}
		pools = append(pools, c)
	}
	c := newContrast(pools)
	return c.among(newSource(a.in.Seed, "means"), c.statistic(sum, square))
}

// straight asks of each lot whether its odds of answers that are all alike are above the allowance times those of
// the other lots in the same strata and channel. Where nearly all are content many give five throughout, in
// every lot, and none stands out.
func (a *audit) straight(m Method) []compared {
	var out []compared
	for _, l := range a.lots {
		c := a.straightLot(m, a.ofLot(l, func(i int) bool { return a.all[i].rated >= leastStraight }))
		c.Channel, c.Lot = channelNames[l.channel], l.code
		out = append(out, c)
	}
	return out
}

func (a *audit) straightLot(m Method, cells []sides) compared {
	c := compared{p: 1}
	c.Count, c.Against = sizes(cells)
	if c.Count < m.Least || c.Against < m.Least {
		c.State = NotAssessable
		return c
	}
	var tables []table
	seen, beside := int64(0), int64(0)
	for _, s := range cells {
		in, out := a.straightAmong(s.group), a.straightAmong(s.peers)
		seen, beside = seen+in, beside+out
		tables = append(tables, table{all: int64(len(s.group) + len(s.peers)), marked: in + out, group: int64(len(s.group))})
	}
	c.Figure, c.Usual = share(seen, c.Count), share(beside, c.Against)
	c.p = oddsTail(tables, seen, float64(m.Allowance)/float64(score.One))
	return c
}

func (a *audit) straightAmong(members []int) int64 {
	n := int64(0)
	for _, i := range members {
		if a.all[i].straight {
			n++
		}
	}
	return n
}
