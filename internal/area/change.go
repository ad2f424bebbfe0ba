package area

import (
	"fmt"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/text"
)

// ChangeKind is what a reviewed change does to units.
type ChangeKind string

// The kinds.
const (
	ChangeCorrect ChangeKind = "correct" // another number, area, use, floor or code
	ChangeMerge   ChangeKind = "merge"   // several units of a building become one
	ChangeSplit   ChangeKind = "split"   // one unit becomes several
	ChangeVoid    ChangeKind = "void"    // the unit does not exist
)

// ChangeState is how far a change has come.
type ChangeState string

// The states.
const (
	ChangeProposed  ChangeState = "proposed"
	ChangeApplied   ChangeState = "applied"
	ChangeRejected  ChangeState = "rejected"
	ChangeWithdrawn ChangeState = "withdrawn"
)

// Longest texts of a change, and how many units one change can touch.
const (
	maxReason      = 500
	maxChangeUnits = 50
)

// ChangeSource is a unit that a change starts from, at the version its proposer saw.
type ChangeSource struct {
	UnitID  id.ID `json:"unitId" doc:"The unit"`
	Version int64 `json:"version" doc:"Its version when the change was proposed"`
}

// UnitProposal is what a change would do. The first source is the one whose household stays: it moves to the
// first result.
type UnitProposal struct {
	Kind    ChangeKind     `json:"kind" enum:"correct,merge,split,void" doc:"What to do"`
	Sources []ChangeSource `json:"sources" minItems:"1" maxItems:"50" doc:"Units it starts from; the household of the first one stays"`
	Results []UnitIdentity `json:"results" maxItems:"50" doc:"What they become: one for a correction or merger, several for a split, none when the unit does not exist"`
	Reason  string         `json:"reason" minLength:"1" maxLength:"500" doc:"Why, and by which document"`
	// SumReason says why the areas do not add up as before.
	SumReason string `json:"sumReason,omitempty" maxLength:"500" doc:"Why the total area changes; needed when a merger, split or removal changes it"`
}

// UnitChange is a proposal with what became of it.
type UnitChange struct {
	ID            id.ID `json:"id" doc:"Identifier"`
	ServiceAreaID id.ID `json:"serviceAreaId" doc:"The service area"`
	UnitProposal
	State        ChangeState    `json:"state" enum:"proposed,applied,rejected,withdrawn" doc:"How far it has come"`
	SumBefore    int64          `json:"sumBefore" doc:"Area of the sources in 0.01 m²"`
	SumAfter     int64          `json:"sumAfter" doc:"Area of the results in 0.01 m²"`
	ProposedBy   id.ID          `json:"proposedBy" doc:"The natural person who proposed it"`
	ProposerRole string         `json:"proposerRole" doc:"Role in which it was proposed"`
	ProposedAt   clock.Instant  `json:"proposedAt" doc:"When it was proposed"`
	DecidedBy    *id.ID         `json:"decidedBy,omitempty" doc:"The natural person who decided it: never the proposer"`
	DeciderRole  string         `json:"deciderRole,omitempty" doc:"Role in which it was decided"`
	DecidedAt    *clock.Instant `json:"decidedAt,omitempty" doc:"When it was decided"`
	DecisionNote string         `json:"decisionNote,omitempty" doc:"What the decider wrote"`
	ResultIDs    []id.ID        `json:"resultIds,omitempty" doc:"Units made by a merger or a split"`
	Version      int64          `json:"version" doc:"Version, for If-Match"`
}

// counts is how many sources and results a kind has.
var counts = map[ChangeKind]struct{ leastFrom, mostFrom, leastTo, mostTo int }{
	ChangeCorrect: {1, 1, 1, 1}, ChangeMerge: {2, maxChangeUnits, 1, 1}, ChangeSplit: {1, 1, 2, maxChangeUnits}, ChangeVoid: {1, 1, 0, 0},
}

// check cleans a proposal. Faults: input.invalid with area.change_counts (numbers of sources and results
// do not fit the kind), area.change_same_unit, area.change_same_number, and those of the texts.
func (p UnitProposal) check() (UnitProposal, error) {
	c, ok := counts[p.Kind]
	if !ok {
		return p, fault.InvalidField("body.kind", "field.enum", "expected", "correct, merge, split, void")
	}
	if n, m := len(p.Sources), len(p.Results); n < c.leastFrom || n > c.mostFrom || m < c.leastTo || m > c.mostTo {
		return p, fault.InvalidField("body.results", "area.change_counts", "kind", string(p.Kind))
	}
	var err error
	if p.Reason, err = text.Paragraph("body.reason", p.Reason, 1, maxReason); err != nil {
		return p, err
	}
	if p.SumReason, err = text.Paragraph("body.sumReason", p.SumReason, 0, maxReason); err != nil {
		return p, err
	}
	seen := map[id.ID]bool{}
	for i, s := range p.Sources {
		if seen[s.UnitID] {
			return p, fault.InvalidField(fmt.Sprintf("body.sources[%d]", i), "area.change_same_unit")
		}
		seen[s.UnitID] = true
	}
	return p.checkResults()
}

func (p UnitProposal) checkResults() (UnitProposal, error) {
	results := make([]UnitIdentity, len(p.Results))
	keys := map[string]bool{}
	for i, r := range p.Results {
		path := fmt.Sprintf("body.results[%d]", i)
		clean, err := r.check(path)
		if err != nil {
			return p, err
		}
		key := unitKey(clean.Entrance, clean.Number)
		if keys[key] {
			return p, fault.InvalidField(path, "area.change_same_number")
		}
		keys[key], results[i] = true, clean
	}
	p.Results = results
	return p, nil
}

// sums are the areas in force before and after, in 0.01 m². area.change_sum: a merger, a split or a
// removal changes the total, and no reason is given: the total is a denominator of owners' decisions.
func (p UnitProposal) sums(sources []Unit) (before, after int64, err error) {
	before = areaSum(sources)
	for _, r := range p.Results {
		size, _ := r.Areas.InForce()
		after += size
	}
	if p.Kind != ChangeCorrect && before != after && p.SumReason == "" {
		err = fault.InvalidField("body.sumReason", "area.change_sum", "before", before, "after", after)
	}
	return before, after, err
}
