package area

import (
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/tally"
)

// RollUnit is a unit as the roll of owners counts it.
type RollUnit struct {
	Unit      id.ID
	Area      int64 // in force, in 0.01 m²
	Use       Use
	Delivery  Delivery
	Owners    []id.ID // current owners; several own it together
	Developer bool    // one of the owners is the developer
}

// HeadcountRule is what localities and owners' own rules leave open.
type HeadcountRule struct {
	// CountParking counts parking spaces as exclusive parts, which only registrable ones are (SPC-D 2).
	CountParking bool
}

// Headcount is the denominator of owners' decisions: total area and total heads (CC 278).
type Headcount struct {
	Units          int   `json:"units" doc:"Units counted"`
	Area           int64 `json:"area" doc:"Total exclusive area in 0.01 m²"`
	Heads          int   `json:"heads" doc:"Owners by head"`
	DeveloperUnits int   `json:"developerUnits" doc:"Units not sold or not handed over: together one head (SPC-D 9)"`
	NoOwner        int   `json:"noOwner" doc:"Units without a known owner, each counted as one head"`
	NoArea         int   `json:"noArea" doc:"Units without a known area"`
	ParkingLeftOut int   `json:"parkingLeftOut" doc:"Parking spaces not counted"`
}

// CountHeads counts area and heads as SPC-D 8 and 9 say: one exclusive part is one head; somebody who has
// several parts is one head; co-owners of a part are one head together; what the developer has not
// sold or not handed over is one head together.
func CountHeads(units []RollUnit, rule HeadcountRule) Headcount {
	var h Headcount
	counted := make([]tally.Unit, 0, len(units))
	for _, u := range units {
		if u.Use == Parking && !rule.CountParking {
			h.ParkingLeftOut++
			continue
		}
		h.Units++
		if u.Area == 0 {
			h.NoArea++
		}
		counted = append(counted, u.counted())
		switch {
		case u.developers():
			h.DeveloperUnits++
		case len(u.Owners) == 0:
			h.NoOwner++
		}
	}
	total := tally.Total(tally.Heads(counted, tally.Bylaw{}))
	h.Area, h.Heads = total.Area, int(total.Heads)
	return h
}

// developers tells whether a unit is the developer's, since it was not sold or not handed over.
func (u RollUnit) developers() bool {
	return u.Developer || u.Delivery == Unsold || u.Delivery == Undelivered
}

func (u RollUnit) counted() tally.Unit {
	return tally.Unit{ID: u.Unit, Area: u.Area, Owners: u.Owners, Developer: u.developers()}
}
