package membership

import (
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// ApplicationState is where an application is.
type ApplicationState string

// The states: pending → approved | declined | withdrawn, each once.
const (
	Pending   ApplicationState = "pending"
	Approved  ApplicationState = "approved"
	Declined  ApplicationState = "declined"
	Withdrawn ApplicationState = "withdrawn"
)

// maxPending bounds how many applications of one person wait at a time.
const maxPending = 3

// Application is a person's request to join a household.
type Application struct {
	ID         id.ID            `db:"id"`
	Unit       id.ID            `db:"unit_id"`
	Person     id.ID            `db:"person_id"`
	Relation   Relation         `db:"relation"`
	NameSealed []byte           `db:"name_sealed"`
	NoteSealed []byte           `db:"note_sealed"`
	ScopePath  string           `db:"scope_path"`
	State      ApplicationState `db:"state"`
	AppliedAt  clock.Instant    `db:"applied_at"`
	DecidedAt  *clock.Instant   `db:"decided_at"`
	Reason     Reason           `db:"reason"` // why it was declined
	Member     *id.ID           `db:"member_id"`
	Version    int64            `db:"version"`
}

// declineReasons are why an application can be declined.
var declineReasons = []Reason{ReasonNoProof, ReasonWrongUnit, ReasonNotOnRoll, ReasonUnknown}

// removeReasons are why the community can end a membership.
var removeReasons = []Reason{ReasonMovedOut, ReasonSold, ReasonDeceased, ReasonWrong, ReasonUnknown}

// contestReasons are why a membership can be contested.
var contestReasons = []Reason{ReasonUnknown, ReasonMovedOut, ReasonWrong}
