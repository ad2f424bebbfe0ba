package survey

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

// LotState is how far a lot of paper envelopes is.
type LotState string

// The states of a lot, in their order.
const (
	LotOrdered LotState = "ordered" // the machine that prints has not blinded its ballots yet
	LotSigned  LotState = "signed"  // its ballots are signed; which they are the server does not know yet
	LotReady   LotState = "ready"   // its ballots are registered: envelopes may be handed out
)

// Lot is a lot of paper envelopes of one stratum. Its figures are counts: nothing tells which envelope a dwelling took.
type Lot struct {
	ID          id.ID         `db:"id"`
	RoundID     id.ID         `db:"round_id"`
	StratumID   id.ID         `db:"stratum_id"`
	No          int64         `db:"no"`
	Size        int64         `db:"size"`
	State       LotState      `db:"state"`
	Batch       []byte        `db:"batch_hash"` // what was signed; nil until then
	List        []byte        `db:"list_hash"`  // what was registered; nil until then
	Taken       int64         `db:"taken"`      // by dwellings, spoilt ones that were replaced included
	Entered     int64         `db:"entered"`    // came back filled in and were entered
	Unused      int64         `db:"unused"`     // were never taken, and are void
	Spoilt      int64         `db:"spoilt"`     // were taken, came back spoilt, and are void
	OrderedBy   id.ID         `db:"ordered_by"`
	OrderedRole string        `db:"ordered_role"`
	OrderedAt   clock.Instant `db:"ordered_at"`
}

// Code names the lot on sheets, in leaves and in exclusions.
func (l Lot) Code() string { return fmt.Sprintf("p%04d", l.No) }

// MostLot is the most envelopes in a lot: a box that two people can carry, and a request of a size that is safe.
const MostLot = 500

// lotSizes are the least and the most envelopes that may be ordered for a stratum of which ordered are ordered already. A lot is no smaller
// than the number below which nothing of a stratum is shown; all lots together have a tenth more than the dwellings asked.
func lotSizes(sampled, ordered, runningFrom int64) (least, most int64) {
	return min(runningFrom, sampled), min(MostLot, sampled+(sampled+9)/10-ordered)
}

// Fate is what became of an envelope that came back.
type Fate string

// The fates of envelopes.
const (
	Out     Fate = ""        // it has not come back
	Entered Fate = "entered" // two persons have entered it
	Unused  Fate = "unused"  // nobody took it; void
	Spoilt  Fate = "spoilt"  // who took it brought it back spoilt; void
)

// Envelope is a registered ballot on paper. Its code, which the ballot's secret comes of, is nowhere but on the paper.
type Envelope struct {
	RoundID   id.ID       `db:"round_id"`
	Name      ballot.Hash `db:"token_hash"`
	LotID     id.ID       `db:"lot_id"`
	Prefix    ballot.Hash `db:"prefix"`
	Signature []byte      `db:"signature"`
	Fate      Fate        `db:"fate"`
}

// Entry is what the first of two persons keyed in of a returned sheet.
type Entry struct {
	RoundID id.ID       `db:"round_id"`
	Name    ballot.Hash `db:"token_hash"`
	Answers string      `db:"answers"` // canonical, with free text
	By      id.ID       `db:"entered_by"`
	Tries   int64       `db:"tries"` // how often somebody else keyed something different
}

// mostTries is how often a second person may differ before both begin anew: nobody finds the first one's answers by trying.
const mostTries = 5

// differing lists the items that two people keyed differently, sorted. Words agree when they differ in white space alone.
func differing(a, b questionnaire.Answers) []string {
	out := []string{}
	for code := range maps.Keys(a) {
		if other, ok := b[code]; !ok || !sameAnswer(a[code], other) {
			out = append(out, code)
		}
	}
	for code := range maps.Keys(b) {
		if _, ok := a[code]; !ok {
			out = append(out, code)
		}
	}
	slices.Sort(out)
	return out
}

func sameAnswer(a, b questionnaire.Answer) bool {
	one, text := a.Text()
	other, also := b.Text()
	if text && also {
		return strings.Join(strings.Fields(one), "") == strings.Join(strings.Fields(other), "")
	}
	return string(questionnaire.Answers{"x": a}.Canonical()) == string(questionnaire.Answers{"x": b}.Canonical())
}
