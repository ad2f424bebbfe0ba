package integrity

import (
	"github.com/redproperty/redproperty/internal/score"
)

// Around a day, days within aweek on each side are its neighbours; leastDays of them are needed.
const (
	aweek     = 7
	leastDays = 4
)

// days looks for ballots fetched by the dozen in two ways, each at half of the stated rate. A stratum's share of
// drawings on a day is held against the share of the other strata on that day: a reminder reaches all of them.
// And the whole round's drawings on an ordinary day are held against those on the ordinary days around it, which
// also finds what happened in all strata at once, or in the only one.
func (a *audit) days(m Method) []compared {
	allowance := float64(m.Allowance) / float64(score.One)
	cells, days := a.strataDays(m, allowance), a.roundDays(m, allowance)
	for i := range cells {
		cells[i].times = 2 * float64(len(cells))
	}
	for i := range days {
		days[i].times = 2 * float64(len(days))
	}
	out := append(cells, days...)
	if len(out) == 0 {
		c := compared{p: 1}
		c.State = NotAssessable
		c.Count = a.drawn()
		out = append(out, c)
	}
	return out
}

func (a *audit) drawn() int64 {
	n := int64(0)
	for _, s := range a.in.Strata {
		n += total(s.Drawn)
	}
	return n
}

// strataDays compares each stratum on each day with the other strata, given how many drew in all.
func (a *audit) strataDays(m Method, allowance float64) []compared {
	var out []compared
	all, byDay := a.drawn(), a.byDay()
	for _, s := range a.in.Strata {
		own := total(s.Drawn)
		if own < m.Least || all-own < m.Least {
			continue
		}
		for d, n := range s.Drawn {
			c := compared{p: 1}
			c.Stratum, c.Day, c.Count, c.Against = s.Key, a.in.Days[d].Date, n, byDay[d]-n
			c.Figure, c.Usual = share(n, own), share(c.Against, all-own)
			if c.Figure > c.Usual {
				c.p = oddsTail([]table{{all: all, marked: byDay[d], group: own}}, n, allowance)
			}
			out = append(out, c)
		}
	}
	return out
}

func (a *audit) byDay() []int64 {
	out := make([]int64, len(a.in.Days))
	for _, s := range a.in.Strata {
		for d, n := range s.Drawn {
			out[d] += n
		}
	}
	return out
}

// ordinary tells whether neither the day nor the one before it was announced.
func (a *audit) ordinary(day int) bool {
	return !a.in.Days[day].Announced && (day == 0 || !a.in.Days[day-1].Announced)
}

// roundDays compares each ordinary day with the ordinary days around it: given how many drew on all of them, the
// day's are binomial.
func (a *audit) roundDays(m Method, allowance float64) []compared {
	var out []compared
	byDay := a.byDay()
	for d, n := range byDay {
		if !a.ordinary(d) {
			continue
		}
		days, around := 0, int64(0)
		for e := max(0, d-aweek); e <= min(len(byDay)-1, d+aweek); e++ {
			if e != d && a.ordinary(e) {
				days++
				around += byDay[e]
			}
		}
		if days < leastDays || around < m.Least {
			continue
		}
		c := compared{p: 1}
		c.Day, c.Count, c.Against = a.in.Days[d].Date, n, around
		c.Figure, c.Usual = share(n, n+around), share(1, int64(days)+1)
		if c.Figure > c.Usual {
			c.p = binomialTail(n+around, n, allowance/(allowance+float64(days)))
		}
		out = append(out, c)
	}
	return out
}
