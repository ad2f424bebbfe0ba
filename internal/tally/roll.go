package tally

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/redproperty/redproperty/internal/id"
)

// Unit is an exclusive part as it counts.
type Unit struct {
	ID        id.ID
	Area      int64   // in force, in 0.01 m²: register, else survey, else contract (SPC-D 8)
	Owners    []id.ID // several own it together; none where nobody is known
	Developer bool    // not sold, or sold and not handed over: the developer's
}

// Head is one person as the law counts: everything that the same owners have.
type Head struct {
	No        int // from 1, in the order of the units
	Units     []id.ID
	Owners    []id.ID // sorted, none twice
	Area      int64
	Developer bool
}

// Weight is what a head counts.
func (h Head) Weight() Weight { return Weight{h.Area, 1} }

// Bylaw is what the owners' own rules may agree otherwise (从其约定).
type Bylaw struct {
	EachUnit bool // each unit counts as one head, though somebody owns several
}

// Heads groups units into heads (SPC-D 9): one exclusive part is one head, whoever has several parts is one head unless the
// owners' rules say otherwise, co-owners of a part are one head together, and what the developer has not sold or not handed over
// is one head together. A unit without a known owner is a head by itself.
func Heads(units []Unit, rule Bylaw) []Head {
	at := map[string]int{}
	out := make([]Head, 0, len(units))
	for _, u := range units {
		owners := sorted(u.Owners)
		key := headKey(u, owners, rule)
		i, known := at[key]
		if !known {
			i, at[key] = len(out), len(out)
			out = append(out, Head{No: len(out) + 1, Developer: u.Developer})
		}
		h := &out[i]
		h.Units, h.Area = append(h.Units, u.ID), h.Area+u.Area
		h.Owners = sorted(append(h.Owners, owners...))
	}
	return out
}

// headKey is the same for units of one head.
func headKey(u Unit, owners []id.ID, rule Bylaw) string {
	switch {
	case u.Developer:
		return "developer"
	case len(owners) == 0 || rule.EachUnit:
		return "unit" + string(u.ID[:])
	}
	var key bytes.Buffer
	key.WriteString("owners")
	for _, o := range owners {
		key.Write(o[:])
	}
	return key.String()
}

func sorted(list []id.ID) []id.ID {
	out := slices.Clone(list)
	slices.SortFunc(out, func(a, b id.ID) int { return cmp.Compare(string(a[:]), string(b[:])) })
	return slices.Compact(out)
}

// Total is the denominator of every test.
func Total(heads []Head) Weight {
	var w Weight
	for _, h := range heads {
		w = w.Add(h.Weight())
	}
	return w
}
