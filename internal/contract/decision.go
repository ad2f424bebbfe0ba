package contract

import (
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/tally"
)

// Tally is the count of an owners' decision. Areas are in 0.01 m² of exclusive parts; heads are counted as
// the court's interpretation says (SPC-D 9).
type Tally struct {
	TotalArea   int64 `db:"total_area" json:"totalArea" minimum:"1" maximum:"100000000000" doc:"Exclusive area of all owners, in 0.01 m²"`
	TotalHeads  int64 `db:"total_heads" json:"totalHeads" minimum:"1" maximum:"10000000" doc:"Number of all owners"`
	JoinedArea  int64 `db:"joined_area" json:"joinedArea" minimum:"0" maximum:"100000000000" doc:"Area of the owners who took part, in 0.01 m²"`
	JoinedHeads int64 `db:"joined_heads" json:"joinedHeads" minimum:"0" maximum:"10000000" doc:"Number of the owners who took part"`
	FavourArea  int64 `db:"favour_area" json:"favourArea" minimum:"0" maximum:"100000000000" doc:"Area of the owners in favour, in 0.01 m²"`
	FavourHeads int64 `db:"favour_heads" json:"favourHeads" minimum:"0" maximum:"10000000" doc:"Number of the owners in favour"`
}

// Tests applies Civil Code 278 to the choice of a provider (item 4).
func (t Tally) Tests() tally.Tests {
	return tally.Count{Total: tally.Weight{Area: t.TotalArea, Heads: t.TotalHeads}, Joined: tally.Weight{Area: t.JoinedArea, Heads: t.JoinedHeads},
		Favour: tally.Weight{Area: t.FavourArea, Heads: t.FavourHeads}}.Tests(tally.Provider)
}

// Check refuses a tally that cannot be (input.invalid with contract.tally) or that fails a test: the fault
// contract.decision_failed (Conflict) names the failed ones.
func (t Tally) Check() error {
	if err := t.possible(); err != nil {
		return err
	}
	return unfailed(t.Tests())
}

// unfailed is the fault contract.decision_failed (Conflict) that names the tests that do not hold.
func unfailed(t tally.Tests) error {
	if failed := t.Failed(); len(failed) > 0 {
		return fault.New(fault.Conflict, "contract.decision_failed", "tests", failed)
	}
	return nil
}

func (t Tally) possible() error {
	var c fault.Collect
	want := func(path string, ok bool) {
		if !ok {
			c.Add("body."+path, "contract.tally")
		}
	}
	want("totalArea", t.TotalArea > 0)
	want("totalHeads", t.TotalHeads > 0)
	want("joinedArea", t.JoinedArea >= 0 && t.JoinedArea <= t.TotalArea)
	want("joinedHeads", t.JoinedHeads >= 0 && t.JoinedHeads <= t.TotalHeads)
	want("favourArea", t.FavourArea >= 0 && t.FavourArea <= t.JoinedArea)
	want("favourHeads", t.FavourHeads >= 0 && t.FavourHeads <= t.JoinedHeads)
	return c.Err()
}

// Evidence is proof of the owners' decision to choose the company.
type Evidence struct {
	HeldOn   clock.Date `db:"held_on" json:"heldOn" doc:"Day of the meeting, or the last day of voting in writing"`
	Document blob.Hash  `db:"document" json:"document" doc:"Hash of the minutes or the announced result, one of the contract's documents"`
	Tally
}

// Decided is the owners' decision that a contract rests on, with what the law makes of it.
type Decided struct {
	Evidence
	TestsOnly bool `json:"testsOnly" doc:"So few or so different owners that totals would give single votes away: the tests alone are told, and the figures are 0"`

	tests tally.Tests
}

// Recorded is a decision by a document with its count.
func Recorded(e Evidence) Decided { return Decided{Evidence: e, tests: e.Tally.Tests()} }

// Sealed is a decision of which the tests alone are told.
func Sealed(heldOn clock.Date, document blob.Hash, tests tally.Tests) Decided {
	return Decided{Evidence: Evidence{HeldOn: heldOn, Document: document}, TestsOnly: true, tests: tests}
}

// Tests are the four of Civil Code 278.
func (d Decided) Tests() tally.Tests { return d.tests }

// Check refuses a decision as Tally.Check does.
func (d Decided) Check() error {
	if d.TestsOnly {
		return unfailed(d.tests)
	}
	return d.Tally.Check()
}
