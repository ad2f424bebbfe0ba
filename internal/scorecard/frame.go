package scorecard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/questionnaire"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/score"
)

// Project is a service area that is rated.
type Project struct {
	ServiceAreaID id.ID
	Name          string
	CompanyID     *id.ID
	LeftOut       int64 // dwellings whose only known adults hold posts in the rated company
}

// Stratum is a part of the roll with what was drawn and counted in it.
type Stratum struct {
	Code          string
	ServiceAreaID id.ID
	Dwellings     int64 // on the roll
	Sampled       int64 // asked
	Drawn         int64
	Counted       int64
}

// Frame is what a round's answers are scored in: its own questionnaire and the rules that it cites.
type Frame struct {
	Round    id.ID
	Method   string
	Form     questionnaire.Questionnaire
	Template string
	Rules    *rules.SurveyRules
	Projects []Project // in the order of their places
	Strata   []Stratum // in the order of their codes
}

// Shown is how much of a group's answers may be seen.
type Shown int

// What may be seen.
const (
	Each     Shown = iota // each answer beside its ballot
	Together              // the answers, but not which ballot gave which
	Nothing               // how many there are
)

// Group is the smallest part of a round of which figures are made: one stratum, or neighbours within one service area,
// merged since one of them had too few answers. No finer part is published anywhere, so that no two published figures
// differ by fewer answers than the rule's k.
type Group struct {
	Project int   // index
	Strata  []int // indexes, ascending
	Shown   Shown
}

// Key joins the codes of the strata.
func (f *Frame) Key(g Group) string {
	codes := make([]string, len(g.Strata))
	for i, s := range g.Strata {
		codes[i] = f.Strata[s].Code
	}
	return strings.Join(codes, keyMark)
}

const keyMark = "+"

// Groups merges the strata of each service area by how many answered, never by what. A group with a stratum of 1 to k-1
// answers shows its answers together only, since the ballots' keys tell the stratum; a service area with fewer than k
// answers shows none.
func (f *Frame) Groups() []Group {
	var out []Group
	k := int64(f.Rules.Publication.K)
	for p := range f.Projects {
		var own []int
		var counted []int64
		var all int64
		for i, s := range f.Strata {
			if s.ServiceAreaID == f.Projects[p].ServiceAreaID {
				own, counted, all = append(own, i), append(counted, s.Counted), all+s.Counted
			}
		}
		for _, members := range score.Collapse(counted, f.Rules.Sufficiency.MinStratum) {
			g := Group{Project: p}
			for _, m := range members {
				g.Strata = append(g.Strata, own[m])
				if counted[m] > 0 && counted[m] < k {
					g.Shown = Together
				}
			}
			if all < k {
				g.Shown = Nothing
			}
			slices.Sort(g.Strata)
			out = append(out, g)
		}
	}
	return out
}

// design is what the group is to the statistics.
func (f *Frame) stratum(g Group) score.Stratum {
	out := score.Stratum{Key: f.Key(g)}
	for _, i := range g.Strata {
		out.N += f.Strata[i].Dwellings
		out.Sampled += f.Strata[i].Sampled
	}
	return out
}

func (f *Frame) policy(strata []score.Stratum) score.Policy {
	var asked int64
	for _, st := range strata {
		asked += st.Sampled
	}
	enough := f.Rules.Sufficiency
	return score.Policy{MinAnswers: f.Rules.MinAnswers(asked), MinItem: enough.MinItem, MinStratum: enough.MinStratum}
}

func (f *Frame) tiers() []score.Band {
	out := make([]score.Band, len(f.Rules.Tiers))
	for i, b := range f.Rules.Tiers {
		out[i] = score.Band{Code: b.Code, From: b.From, Below: b.Below}
	}
	return out
}

// spot is where a stratum's responses are added up.
type spot struct {
	project, group, all int // all is the place in the total, -1 where it is not part of it
	shown               Shown
}

// Counter adds up the answers of a round. It keeps sums only. Read may be called by many at once, the rest may not.
type Counter struct {
	frame    *Frame
	template *rules.SurveyTemplate
	asks     asks
	spots    []spot // by stratum
	groups   []Group
	sums     []*score.Accumulator // by project
	others   [][]Tally
	total    *score.Accumulator // nil unless several projects have answers to show
	totalOf  []score.Stratum
	left     []int64 // by project: responses that an exclusion left out
}

// New prepares for the answers to a frame. A frame that no round can have is an error.
func New(f *Frame) (*Counter, error) {
	c := &Counter{frame: f, groups: f.Groups(), spots: make([]spot, len(f.Strata)), left: make([]int64, len(f.Projects))}
	var err error
	if c.template, err = f.Rules.Template(f.Template); err != nil {
		return nil, err
	}
	c.asks = newAsks(f.Form, c.template)
	placed := 0
	for p := range f.Projects {
		strata := c.place(p, &placed)
		sums, err := score.NewAccumulator(c.asks.design(strata, c.template.Weights()))
		if err != nil {
			return nil, err
		}
		c.sums, c.others = append(c.sums, sums), append(c.others, c.asks.tallies())
	}
	if placed != len(f.Strata) {
		return nil, fmt.Errorf("a stratum belongs to no service area, or to several")
	}
	if len(f.Projects) > 1 && len(c.totalOf) > 0 {
		if c.total, err = score.NewAccumulator(c.asks.design(c.totalOf, c.template.Weights())); err != nil {
			return nil, err
		}
	}
	return c, c.blank()
}

// place finds the spots of a project's strata and returns its groups for the statistics.
func (c *Counter) place(project int, placed *int) []score.Stratum {
	var out []score.Stratum
	for _, g := range c.groups {
		if g.Project != project {
			continue
		}
		at := spot{project: project, group: len(out), all: -1, shown: g.Shown}
		st := c.frame.stratum(g)
		if g.Shown != Nothing {
			at.all = len(c.totalOf)
			c.totalOf = append(c.totalOf, st)
		}
		for _, i := range g.Strata {
			c.spots[i] = at
			*placed++
		}
		out = append(out, st)
	}
	return out
}

// Groups are those of the frame.
func (c *Counter) Groups() []Group { return c.groups }

// Shown tells how much may be seen of a stratum's answers.
func (c *Counter) Shown(stratum int) Shown { return c.spots[stratum].shown }

// Project is the index of a stratum's service area.
func (c *Counter) Project(stratum int) int { return c.spots[stratum].project }

// Read makes of a response what Add takes.
func (c *Counter) Read(answers questionnaire.Answers, into *Values) { c.asks.values(answers, into) }

// Add counts a response. Those of a service area that shows nothing are left alone: its card is made of how many they are.
func (c *Counter) Add(stratum int, v *Values, channel score.Channel) error {
	at := c.spots[stratum]
	if at.shown == Nothing {
		return nil
	}
	v.tally(c.others[at.project])
	if err := c.sums[at.project].Add(at.group, v.ratings, channel); err != nil || c.total == nil {
		return err
	}
	return c.total.Add(at.all, v.ratings, channel)
}

// LeaveOut notes a response that is not counted in this revision, though it was cast.
func (c *Counter) LeaveOut(stratum int) { c.left[c.spots[stratum].project]++ }

// Card computes the card of what was added.
func (c *Counter) Card(revision int64) (Card, error) {
	f := c.frame
	card := Card{Round: f.Round, Revision: revision, Questionnaire: f.Form.Hash(), Rules: ballot.Hash(f.Rules.Hash), Method: f.Method}
	for p := range f.Projects {
		pc, err := c.project(p)
		if err != nil {
			return Card{}, err
		}
		pc.NotCast -= c.left[p]
		card.Projects = append(card.Projects, pc)
	}
	if c.total != nil {
		result, err := c.total.Score(f.policy(c.totalOf))
		if err != nil {
			return Card{}, err
		}
		split(&result)
		card.Total = &result
	}
	return card, nil
}

// project computes the part of one service area.
func (c *Counter) project(p int) (ProjectCard, error) {
	f, pr := c.frame, c.frame.Projects[p]
	var strata []score.Stratum
	out := ProjectCard{ServiceAreaID: pr.ServiceAreaID, Name: pr.Name, CompanyID: pr.CompanyID, LeftOut: pr.LeftOut, Others: c.others[p]}
	hidden := false
	for _, g := range c.groups {
		if g.Project != p {
			continue
		}
		hidden = g.Shown == Nothing
		strata = append(strata, f.stratum(g))
		for _, i := range g.Strata {
			out.Drawn += f.Strata[i].Drawn
		}
	}
	policy := f.policy(strata)
	var err error
	if out.Result, err = c.sums[p].Score(policy); err != nil {
		return out, err
	}
	split(&out.Result)
	out.Tier, err = score.TierOf(f.tiers(), out.Result.Overall)
	answers := out.Result.Counts.Answers
	out.NotCast = out.Drawn - answers
	switch {
	case hidden:
		out.hush()
	case answers < policy.MinAnswers:
		out.withhold()
	}
	return out, err
}

// blank adds empty answers where nothing is shown but how many they are.
func (c *Counter) blank() error {
	for i, at := range c.spots {
		if at.shown != Nothing {
			continue
		}
		for range c.frame.Strata[i].Counted {
			if err := c.sums[at.project].Add(at.group, make([]int8, len(c.asks.scored)), score.Web); err != nil {
				return err
			}
		}
	}
	return nil
}

// split names the strata of merged groups one by one.
func split(r *score.Result) {
	for i, g := range r.Strata {
		var keys []string
		for _, k := range g.Keys {
			keys = append(keys, strings.Split(k, keyMark)...)
		}
		r.Strata[i].Keys = keys
	}
}
