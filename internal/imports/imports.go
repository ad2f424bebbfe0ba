// Package imports runs imports of tables in the background: it keeps the file, tells how far the import
// is, keeps what became of every row, and forgets both after a while. What the rows mean is known to
// the importers, which the features have and the composition root names here.
//
// A run that the process died under is run again from its start: importers change nothing for rows that
// are there already. The file lies encrypted under a key of its own, which stands, wrapped, in the run's
// row; erasing that key makes every copy of the file unreadable.
package imports

import (
	"context"
	"crypto/sha256"
	"slices"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/sheet"
)

// Input is a file to import and what it does not say itself.
type Input struct {
	Name       string // of the file, for messages
	Data       []byte
	Mapping    []byte // says what the columns of a foreign table mean; nil without one
	Target     id.ID  // the place that the rows belong to; zero where they name it themselves
	DryRun     bool   // find out what would happen, and change nothing
	PhoneBasis string // the legal basis on which phones in the file may be kept (PIPL 13); empty leaves them out
}

// Importer brings one kind of table in. It asks for p's permission itself, rejects wrong rows in its
// report, and changes nothing for rows that are there already. progress is told after each part how
// many rows are done; it may be nil.
type Importer func(ctx context.Context, p authz.Principal, in Input, progress func(done, total int)) (*sheet.Report, error)

// Target says whether a kind of import wants a place.
type Target int

// The ways a kind takes a target.
const (
	NoTarget       Target = iota // the rows name their places
	TargetOptional               // rows may name their places
	TargetRequired
)

// Column is one column of a template: a header that the importer understands, and an example.
type Column struct{ Title, Example string }

// Kind is a kind of table that can be imported.
type Kind struct {
	Name        string             // "work-orders": in paths and commands
	Permissions []authz.Permission // all are needed, at the target where there is one
	Target      Target
	TargetIs    string // what the target is, for the description: "service area"
	Mapping     bool   // takes a mapping file
	Phones      bool   // has phones, which need a legal basis
	Import      Importer
	Template    []Column
}

// PhoneBases are the legal bases on which a phone may be kept (PIPL 13).
var PhoneBases = []string{"consent", "contract", "duty"}

// State is where a run stands.
type State string

// The states of a run. A failed or cancelled one may have imported a part of the rows, which stay; to
// submit the file again is always safe.
const (
	Queued    State = "queued"
	Running   State = "running"
	Done      State = "done" // read to the end; rows may have been rejected
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Ended tells whether nothing happens to the run any more.
func (s State) Ended() bool { return s == Done || s == Failed || s == Cancelled }

// Keep is how long the file and the lines of a report are kept after the run's end. The counts stay.
const Keep = 30 * 24 * time.Hour

// attempts bounds how often a run is begun: a file that ends the process each time must not do so for ever.
const attempts = 3

// Run is one import.
type Run struct {
	ID          id.ID
	Kind        string
	Account     id.ID // who submitted it
	Person      id.ID
	FileName    string // empty once swept
	FileSHA256  blob.Hash
	FileBytes   int64
	Target      *id.ID
	ScopePath   string // of the target; empty without one
	PhoneBasis  string
	DryRun      bool
	State       State
	Attempt     int64
	CancelAsked bool
	Done, Total int64 // rows written so far, of how many; zero until the file is read
	Outcome     *Outcome
	Failure     *Failure
	CreatedAt   clock.Instant
	StartedAt   *clock.Instant
	EndedAt     *clock.Instant
	KeptUntil   *clock.Instant // when file and lines are forgotten
}

// Outcome is what a run that was read to its end came to.
type Outcome struct {
	Sheet    string        `json:"sheet,omitempty"`
	Unknown  []string      `json:"unknown,omitempty"`
	Columns  []sheet.Known `json:"columns,omitempty"`
	Counts   sheet.Counts  `json:"counts"`
	RowsHash string        `json:"rowsHash"`
}

// Failure is why a file was not read to its end, as the codes of a fault.
type Failure struct {
	Code   string        `json:"code"`
	Params fault.Params  `json:"params,omitempty"`
	Fields []fault.Field `json:"fields,omitempty"`
}

// gaveUp is the failure of a run that was begun too often.
func gaveUp() *Failure { return &Failure{Code: "import.gave_up"} }

// failureOf keeps what a client may know of an error.
func failureOf(err error) *Failure {
	f := fault.Of(err)
	return &Failure{Code: f.Code, Params: f.Params, Fields: f.Fields}
}

// Principals finds out what a submitter may do now: posts end, accounts are locked.
type Principals interface {
	// Principal returns the principal of a person's account with the grants in force now. An account that
	// cannot be used any more is an Unauthenticated fault.
	Principal(ctx context.Context, account, person id.ID) (authz.Principal, error)
}

// Places finds the scope of a target.
type Places interface {
	// Path is the scope path of an area or a service area; NotFound for anything else.
	Path(ctx context.Context, q dbx.Querier, which id.ID) (string, error)
}

// Limits bounds how many files an organisation imports. A refusal is a RateLimited fault.
type Limits interface {
	Import(ctx context.Context, organisation id.ID) error
}

// same names what makes two submissions of an account the same: while one of them is under way, the
// other is not begun.
func same(account id.ID, kind string, in Input) [sha256.Size]byte {
	file, mapping := sha256.Sum256(in.Data), sha256.Sum256(in.Mapping)
	flags := byte(0)
	if in.DryRun {
		flags = 1
	}
	return sha256.Sum256(slices.Concat(account[:], in.Target[:], file[:], mapping[:], []byte{flags}, []byte(kind), []byte{0}, []byte(in.PhoneBasis)))
}
