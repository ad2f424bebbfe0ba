package renovation

import (
	"slices"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// Outcome is what a look at an item found.
type Outcome string

// The outcomes.
const (
	Passed        Outcome = "pass"
	Failed        Outcome = "fail" // a defect: a work order to the contractor is made of it
	NotApplicable Outcome = "not_applicable"
)

// Check is a line of an item's checklist as it was last looked at.
type Check struct {
	ID        id.ID          `db:"id" json:"-"`
	ItemID    id.ID          `db:"item_id" json:"-"`
	Code      string         `db:"code" json:"code"`
	Result    Outcome        `db:"result" json:"result" enum:"pass,fail,not_applicable"`
	Note      string         `db:"note" json:"note,omitempty"`
	FindingID *id.ID         `db:"finding_id" json:"findingId,omitempty"`
	At        clock.Instant  `db:"at" json:"at"`
	Replaced  *clock.Instant `db:"replaced_at" json:"-"`
}

// ChecklistLine is what is to be looked at, and what was found.
type ChecklistLine struct {
	Code   string     `json:"code"`
	Name   rules.Text `json:"name"`
	Result *Check     `json:"result,omitempty"`
}

// accepting is how far an item's acceptance is.
type accepting struct {
	checks     []Check
	signatures []Signature
	needed     []rules.RenovationCheck
}

// checked tells whether everything was looked at and nothing is wrong.
func (a accepting) checked() bool {
	return !slices.ContainsFunc(a.needed, func(n rules.RenovationCheck) bool {
		return !slices.ContainsFunc(a.checks, func(c Check) bool { return c.Code == n.Code && c.Result != Failed })
	})
}

// signedBy counts who signed the item as it is now for a party.
func (a accepting) signedBy(it Item, party Party) (n int64) {
	for _, s := range a.signatures {
		if s.Party == party && s.Hash == it.ContentHash {
			n++
		}
	}
	return n
}

// signed tells whether the office, the contractor and enough representatives of the residents signed.
func (a accepting) signed(it Item, representatives int64) bool {
	return a.signedBy(it, PartySponsor) == 1 && a.signedBy(it, PartyContractor) == 1 && a.signedBy(it, PartyRepresentative) >= representatives
}

// takenOver tells whether the utility has taken the line over, where there is one.
func (a accepting) takenOver(it Item) bool {
	return !it.Takeover || a.signedBy(it, PartyUtility) == 1
}

// complete tells whether the item is accepted.
func (a accepting) complete(it Item, representatives int64) bool {
	return it.DoneQuantity == it.Quantity && a.checked() && a.signed(it, representatives) && a.takenOver(it)
}
