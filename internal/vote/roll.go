package vote

import (
	"cmp"
	"slices"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/votebundle"
)

// Owner is who owns a unit as the register has it.
type Owner struct {
	ID        id.ID
	Person    id.ID // zero where nobody knows which person it is, and for companies
	Developer bool
}

// Unit is an exclusive part of the scope.
type Unit struct {
	ID      id.ID
	Label   string
	Area    int64  // in force, in 0.01 m²
	Source  string // register, survey, contract or unknown (SPC-D 8)
	Parking bool
	Unsold  bool // not sold, or not handed over: the developer's
	Awaited bool // of those, sold: who waits for it speaks for nothing of the developer's
	Owners  []Owner
	Members []id.ID // persons whom the community entered as owners in the unit's household: of a legal person's those whom it authorised
}

// Head is one line of a roll: one owner as the law counts.
type Head struct {
	No            int            `db:"no" json:"head"`
	Area          int64          `db:"area" json:"area" doc:"In 0.01 m²"`
	Units         int64          `db:"units" json:"units" doc:"How many units"`
	Developer     bool           `db:"developer" json:"developer" doc:"What the developer has not sold or not handed over, together"`
	Label         string         `db:"label" json:"label" doc:"The first unit's address"`
	DeliveredAt   *clock.Instant `db:"delivered_at" json:"deliveredAt,omitempty" doc:"When the ballot and the notice reached the owner"`
	DeliveredHow  string         `db:"delivered_how" json:"deliveredHow,omitempty" enum:"web,door,mail,notice"`
	DeliveredBy   *id.ID         `db:"delivered_by" json:"-"`
	DeliveredNote string         `db:"delivered_note" json:"deliveredNote,omitempty"`
}

// RollUnit is a unit on a roll.
type RollUnit struct {
	UnitID id.ID  `db:"unit_id" json:"unitId"`
	Head   int    `db:"head_no" json:"head"`
	Area   int64  `db:"area" json:"area"`
	Source string `db:"source" json:"source" enum:"register,survey,contract,unknown" doc:"Where the area is known from"`
	Label  string `db:"label" json:"label"`
}

// Elector may speak for a head: an owner who is known as a person, or whom a company or the developer sent. Co-owners have one vote together.
type Elector struct {
	Head   int   `db:"head_no"`
	Person id.ID `db:"person_id"`
}

// Roll is who votes.
type Roll struct {
	Heads    []Head
	Units    []RollUnit
	Electors []Elector
}

// makeRoll counts the units of a scope (SPC-D 8 and 9). Units whose area nobody knows count as heads and with no area; the posting is
// for finding them.
func makeRoll(v Vote, units []Unit) Roll {
	counted := slices.DeleteFunc(slices.Clone(units), func(u Unit) bool { return u.Parking && !v.CountParking })
	at := map[id.ID]Unit{}
	list := make([]tally.Unit, len(counted))
	for i, u := range counted {
		at[u.ID] = u
		list[i] = tally.Unit{ID: u.ID, Area: u.Area, Developer: u.Unsold}
		for _, o := range u.Owners {
			list[i].Owners = append(list[i].Owners, o.ID)
			list[i].Developer = list[i].Developer || o.Developer
		}
	}
	var out Roll
	for _, h := range tally.Heads(list, tally.Bylaw{EachUnit: v.EachUnit}) {
		out.Heads = append(out.Heads, Head{No: h.No, Area: h.Area, Units: int64(len(h.Units)), Developer: h.Developer, Label: at[h.Units[0]].Label})
		for _, u := range h.Units {
			unit := at[u]
			out.Units = append(out.Units, RollUnit{UnitID: u, Head: h.No, Area: unit.Area, Source: unit.Source, Label: unit.Label})
			if v.speaks(h, unit) {
				out.Electors = append(out.Electors, electorsOf(h.No, unit)...)
			}
		}
	}
	slices.SortFunc(out.Electors, Elector.compare)
	out.Electors = slices.Compact(out.Electors)
	return out
}

// speaks tells whether whoever is entered in a unit speaks for its head. For the developer's that is who the developer's recorded authority
// names, and nobody without one: the community enters a person in an unsold unit on its own word.
func (v Vote) speaks(h tally.Head, u Unit) bool {
	if h.Developer {
		return v.DeveloperUnit != nil && *v.DeveloperUnit == u.ID && u.developers()
	}
	return !u.Awaited
}

// developerSpeaks tells whether somebody speaks for the developer.
func (r Roll) developerSpeaks() bool {
	return slices.ContainsFunc(r.Electors, func(e Elector) bool {
		return slices.ContainsFunc(r.Heads, func(h Head) bool { return h.Developer && h.No == e.Head })
	})
}

// developers tells whether whom the developer sent can be entered in the unit: nobody waits for it, and nobody is known to have bought it.
func (u Unit) developers() bool { return !u.Awaited && !u.bought() }

// bought tells whether a person is known as the unit's owner, though the register may still call it unsold.
func (u Unit) bought() bool {
	return slices.ContainsFunc(u.Owners, func(o Owner) bool { return !o.Developer && !o.Person.IsZero() })
}

func electorsOf(head int, u Unit) (out []Elector) {
	for _, o := range u.Owners {
		if !o.Person.IsZero() {
			out = append(out, Elector{head, o.Person})
		}
	}
	for _, m := range u.Members {
		out = append(out, Elector{head, m})
	}
	return out
}

func (e Elector) compare(o Elector) int {
	return cmp.Or(cmp.Compare(e.Head, o.Head), cmp.Compare(string(e.Person[:]), string(o.Person[:])))
}

// total is the denominator.
func (r Roll) total() tally.Weight {
	w := tally.Weight{Heads: int64(len(r.Heads))}
	for _, h := range r.Heads {
		w.Area += h.Area
	}
	return w
}

// exposure tells how telling exact totals of the items would be, by the smallest turnout that makes a quorum.
func (r Roll) exposure(items []Item) int64 {
	areas := make([]int64, len(r.Heads))
	for i, h := range r.Heads {
		areas[i] = h.Area
	}
	return exposed(areas, items, tally.Exposure)
}

// exposed is how telling the most telling item is.
func exposed(areas []int64, items []Item, of func([]int64, tally.Question) int64) (most int64) {
	done := map[tally.Question]bool{}
	for _, item := range items {
		q := tally.Question{Options: len(item.Options), Most: item.Most}
		if !done[q] {
			done[q], most = true, max(most, of(areas, q))
		}
	}
	return most
}

// rollHash is the hash of a roll.
func rollHash(vote id.ID, units []RollUnit) rules.Hash {
	return rules.Hash(votebundle.RollHash(vote, lines(units)))
}

// lines are a roll's units as the bundle has them.
func lines(units []RollUnit) []votebundle.Unit {
	out := make([]votebundle.Unit, len(units))
	for i, u := range units {
		out[i] = votebundle.Unit{Unit: u.UnitID, Head: u.Head, Area: u.Area, Source: u.Source}
	}
	return out
}
