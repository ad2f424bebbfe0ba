package renovation

import (
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// Tally is the count of an owners' decision. Areas are in 0.01 m² of exclusive parts; heads are counted as the court's
// interpretation says (SPC-D 9).
type Tally struct {
	TotalArea   int64 `db:"total_area" json:"totalArea" minimum:"1" maximum:"100000000000" doc:"Exclusive area of all owners of the parts concerned, in 0.01 m²"`
	TotalHeads  int64 `db:"total_heads" json:"totalHeads" minimum:"1" maximum:"10000000"`
	JoinedArea  int64 `db:"joined_area" json:"joinedArea" minimum:"0" maximum:"100000000000" doc:"Of those who took part"`
	JoinedHeads int64 `db:"joined_heads" json:"joinedHeads" minimum:"0" maximum:"10000000"`
	FavourArea  int64 `db:"favour_area" json:"favourArea" minimum:"0" maximum:"100000000000" doc:"Of those in favour"`
	FavourHeads int64 `db:"favour_heads" json:"favourHeads" minimum:"0" maximum:"10000000"`
}

// Tests are the four tests of Civil Code 278.
type Tests struct {
	QuorumArea  bool `json:"quorumArea" doc:"Two thirds of the area took part"`
	QuorumHeads bool `json:"quorumHeads" doc:"Two thirds of the owners took part"`
	FavourArea  bool `json:"favourArea" doc:"Enough of the area that took part agreed"`
	FavourHeads bool `json:"favourHeads" doc:"Enough of the owners who took part agreed"`
}

// Ask is what a decision must reach: the item of Civil Code 278, and a higher share where the locality asks for one.
type Ask struct {
	Item     int64 // 5 to 9
	Num, Den int64 // 0, 0 for none
}

// Tests applies Civil Code 278 in whole numbers: two thirds take part, the limit included (CC 1259); three quarters of them agree for
// items 6 to 8, more than half for the others. A locality's share comes on top and never instead.
func (t Tally) Tests(ask Ask) Tests {
	agreed := func(favour, joined int64) bool {
		law := 2*favour > joined
		if ask.Item >= 6 && ask.Item <= 8 {
			law = 4*favour >= 3*joined && joined > 0
		}
		return law && favour*ask.Den >= joined*ask.Num
	}
	return Tests{
		QuorumArea:  3*t.JoinedArea >= 2*t.TotalArea,
		QuorumHeads: 3*t.JoinedHeads >= 2*t.TotalHeads,
		FavourArea:  agreed(t.FavourArea, t.JoinedArea),
		FavourHeads: agreed(t.FavourHeads, t.JoinedHeads),
	}
}

// Check refuses a tally that cannot be (input.invalid with renovation.tally) or that fails a test: the fault
// renovation.decision_failed (Conflict) names the failed ones.
func (t Tally) Check(ask Ask) error {
	var c fault.Collect
	want := func(path string, ok bool) {
		if !ok {
			c.Add("body."+path, "renovation.tally")
		}
	}
	want("totalArea", t.TotalArea > 0)
	want("totalHeads", t.TotalHeads > 0)
	want("joinedArea", t.JoinedArea >= 0 && t.JoinedArea <= t.TotalArea)
	want("joinedHeads", t.JoinedHeads >= 0 && t.JoinedHeads <= t.TotalHeads)
	want("favourArea", t.FavourArea >= 0 && t.FavourArea <= t.JoinedArea)
	want("favourHeads", t.FavourHeads >= 0 && t.FavourHeads <= t.JoinedHeads)
	if err := c.Err(); err != nil {
		return err
	}
	if failed := t.Tests(ask).failed(); len(failed) > 0 {
		return fault.New(fault.Conflict, "renovation.decision_failed", "tests", failed)
	}
	return nil
}

func (t Tests) failed() []string {
	var out []string
	for _, test := range []struct {
		name string
		ok   bool
	}{{"quorum_area", t.QuorumArea}, {"quorum_heads", t.QuorumHeads}, {"enough_area", t.FavourArea}, {"enough_heads", t.FavourHeads}} {
		if !test.ok {
			out = append(out, test.name)
		}
	}
	return out
}

// Evidence is proof of an owners' decision: one that was voted on here, or minutes with their count.
type Evidence struct {
	Voted    bool        `json:"voted,omitempty" doc:"The owners decided on this platform; else a document with its count"`
	HeldOn   *clock.Date `json:"heldOn,omitempty" doc:"Day of the meeting, or the last day of voting in writing"`
	Document *blob.Hash  `json:"document,omitempty" doc:"Hash of the minutes or the announced result, a document of the project"`
	Tally    *Tally      `json:"tally,omitempty"`
}

// Given is an owners' decision as it was recorded for an item or a request.
type Given struct {
	ID           id.ID         `db:"id" json:"id"`
	SubjectID    id.ID         `db:"subject_id" json:"-"`
	PlanNumber   int64         `db:"plan_number" json:"planNumber,omitempty" doc:"The version of the plan that was decided on"`
	SubjectHash  blob.Hash     `db:"subject_hash" json:"-"`
	BudgetFen    int64         `db:"budget_fen" json:"budgetFen" doc:"The cost that was decided on"`
	DecisionItem int64         `db:"decision_item" json:"decisionItem"`
	DecisionID   *id.ID        `db:"decision_id" json:"decisionId,omitempty"`
	HeldOn       clock.Date    `db:"held_on" json:"heldOn"`
	Document     *blob.Hash    `db:"document" json:"document,omitempty"`
	RecordedAt   clock.Instant `db:"recorded_at" json:"recordedAt"`
	PersonID     *id.ID        `db:"person_id" json:"-"`
	OrgID        *id.ID        `db:"org_id" json:"organisationId,omitempty" doc:"Who recorded it"`
	TestsOnly    bool          `db:"-" json:"testsOnly" doc:"It passed, by so few or so different owners that totals would give single votes away: the figures are 0"`
	Tally
}

// told marks a decision of which no totals are kept.
func (g Given) told() Given {
	g.TestsOnly = g.DecisionID != nil && g.TotalHeads == 0
	return g
}

// stands tells whether a decision still covers what it was given for: the same thing, at no more cost than the overrun rule lets pass.
func (g Given) stands(content blob.Hash, budgetFen int64, over rules.Overrun) bool {
	return g.SubjectHash == content && !over.Exceeded(g.BudgetFen, budgetFen)
}
