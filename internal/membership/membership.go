// Package membership keeps who lives in or acts for a household, and since when: joining by a one-time
// code or by application, helpers by recorded consent, contests and leaving. Whoever joined sees and
// does what happened in their own time there. Codes and applications are in the hands of the community
// alone; nobody with a post in a property company or an owners' body decides about residents.
package membership

import (
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// Relation is what a member is to the household.
type Relation string

// The relations.
const (
	Owner    Relation = "owner"    // 业主
	Occupant Relation = "occupant" // 物业使用人: tenant or family
	Helper   Relation = "helper"   // acts for a member by that member's recorded consent
)

// Right is something that a member may do for the household.
type Right string

// The rights.
const (
	RightDecide  Right = "decide"  // take part in owners' decisions (CC 278)
	RightSurvey  Right = "survey"  // answer service surveys, one answer a household
	RightOrder   Right = "order"   // report, follow, confirm and rate work orders
	RightMembers Right = "members" // see who else is a member, contest a newcomer, name a helper
)

// rights is the whole of what each relation may do. The owner decides and the occupier answers service
// surveys; an owner who lives elsewhere keeps both. A helper acts for a member and never votes, answers
// or names others. Arrears take nothing away.
var rights = map[Relation][]Right{
	Owner:    {RightDecide, RightSurvey, RightOrder, RightMembers},
	Occupant: {RightSurvey, RightOrder, RightMembers},
	Helper:   {RightOrder},
}

// Has tells whether a relation carries a right.
func (r Relation) Has(x Right) bool {
	for _, one := range rights[r] {
		if one == x {
			return true
		}
	}
	return false
}

// role is the row of the permission table for a relation.
func (r Relation) role() authz.Role {
	switch r {
	case Owner:
		return authz.RoleOwner
	case Occupant:
		return authz.RoleOccupant
	}
	return authz.RoleHelper
}

// State is where a membership is.
type State string

// The states of a membership: active → contested → active | ended; active → ended.
const (
	Active    State = "active"
	Contested State = "contested" // paused until the community has decided; it grants nothing meanwhile
	Ended     State = "ended"
)

// Via is how a membership came about.
type Via string

// The ways in.
const (
	ViaCode        Via = "code"
	ViaApplication Via = "application"
	ViaRoll        Via = "roll"
	ViaHelper      Via = "helper"
)

// ContestWithin is how long after somebody joined the others may contest it.
const ContestWithin = 14 * 24 * time.Hour

// Member is one person's membership of a household.
type Member struct {
	ID               id.ID          `db:"id"`
	Household        id.ID          `db:"household_id"`
	Unit             id.ID          `db:"unit_id"`
	Person           id.ID          `db:"person_id"`
	ScopePath        string         `db:"scope_path"` // of the service area
	Relation         Relation       `db:"relation"`
	Helps            *id.ID         `db:"helps_member_id"` // the membership that a helper acts for
	Via              Via            `db:"via"`
	From             clock.Instant  `db:"from_at"`
	To               *clock.Instant `db:"to_at"`
	State            State          `db:"state"`
	EndedReason      Reason         `db:"ended_reason"`
	ContestableUntil clock.Instant  `db:"contestable_until"`
	ContestReason    Reason         `db:"contest_reason"`
	ContestedBy      *id.ID         `db:"contested_by"`
	ContestedAt      *clock.Instant `db:"contested_at"`
	Version          int64          `db:"version"`
}

// object is the membership as permissions see it.
func (m Member) object() authz.Object {
	return authz.Object{Path: m.ScopePath, Household: m.Household, Persons: []id.ID{m.Person}}
}

// Period is a time in which a person was a member; To is nil while it lasts.
type Period struct {
	From clock.Instant  `db:"from_at" json:"from"`
	To   *clock.Instant `db:"to_at" json:"to,omitempty"`
}

// Covers tells whether at lies in the period.
func (p Period) Covers(at clock.Instant) bool { return p.From <= at && (p.To == nil || at < *p.To) }

// Reason is a code, never free text, so that nothing personal lies unsealed in it.
type Reason string

// The reasons.
const (
	ReasonLeft         Reason = "left"          // the member left
	ReasonHelped       Reason = "helped_left"   // the member helped has left or ended the help
	ReasonMovedOut     Reason = "moved_out"     //
	ReasonSold         Reason = "sold"          // the unit has passed to another owner
	ReasonDeceased     Reason = "deceased"      //
	ReasonWrong        Reason = "entered_wrong" // never was a member
	ReasonUnknown      Reason = "unknown"       // nobody in the household knows the person
	ReasonNoProof      Reason = "no_proof"      // nothing shows that the applicant lives there
	ReasonWrongUnit    Reason = "wrong_unit"    // the applicant lives in another unit
	ReasonNotOnRoll    Reason = "not_on_roll"   // the applicant is not on the roll of owners
	ReasonContested    Reason = "contested"     // the community upheld a contest
	ReasonHouseholdEnd Reason = "household_end" // another household lives in the unit now
	ReasonErased       Reason = "erased"        // the person had their data erased
)
