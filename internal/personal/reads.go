package personal

import (
	"context"
	"regexp"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Reason is why somebody read personal data in clear.
type Reason string

// The reasons that can be given. A reason outside this list is refused, so that the record can be counted.
const (
	ReasonVisit       Reason = "visit"       // the assigned worker goes to the home or rings before
	ReasonCallback    Reason = "callback"    // the community or the street calls back
	ReasonEmergency   Reason = "emergency"   // danger to people or things
	ReasonInquiry     Reason = "inquiry"     // a complaint is looked into
	ReasonRoll        Reason = "roll"        // the roll of owners or residents is kept
	ReasonApplication Reason = "application" // an application to join a household is checked
	ReasonDelivery    Reason = "delivery"    // a notice or ballot is delivered
	ReasonAuthority   Reason = "authority"   // an authority demands it by law
	ReasonOwnRequest  Reason = "own_request" // the person asked for it
	ReasonExport      Reason = "export"      // a file with clear values was made
)

// Reasons lists them in the order in which a form offers them, with their names.
var Reasons = []struct {
	Code   Reason
	ZH, EN string
}{
	{ReasonVisit, "上门服务或上门前联系", "visit, or a call before it"},
	{ReasonCallback, "回访", "call-back"},
	{ReasonEmergency, "应急处置", "emergency"},
	{ReasonInquiry, "核查投诉", "inquiry into a complaint"},
	{ReasonRoll, "维护业主或住户名册", "keeping the roll"},
	{ReasonApplication, "审核入户申请", "checking an application"},
	{ReasonDelivery, "送达通知或表决票", "delivering a notice or ballot"},
	{ReasonAuthority, "依法配合有关机关", "lawful demand of an authority"},
	{ReasonOwnRequest, "应本人要求", "the person's own request"},
	{ReasonExport, "导出", "export"},
}

func knownReason(r Reason) bool {
	for _, k := range Reasons {
		if k.Code == r {
			return true
		}
	}
	return false
}

// Read is one reading of a clear value.
type Read struct {
	Reader     id.ID  // the person, or the account where no person stands behind it
	Capacity   string // the role it was read in, as authz names it
	Subject    id.ID  // whose datum it is: the person, or the row (owner, caller) where no person is known
	Field      Field
	Reason     Reason
	ObjectKind string // what it was read for, as "workorder"
	Object     id.ID
}

// Seen is what the subject may know of a reading: the role, the reason and the time, not the name of
// the reader (R6.7). Who it was is in the audit, for those who may see that.
type Seen struct {
	ID         id.ID         `db:"id"`
	Capacity   string        `db:"capacity"`
	Field      Field         `db:"field"`
	Reason     Reason        `db:"reason"`
	ObjectKind string        `db:"object_kind"`
	Object     id.ID         `db:"object_id"`
	At         clock.Instant `db:"at"`
}

// Reads records readings of clear values and shows them to the person concerned.
type Reads struct{ clock clock.Clock }

// NewReads returns a recorder.
func NewReads(c clock.Clock) *Reads { return &Reads{clock: c} }

// codes are lower-case words, as role and object names are everywhere.
var codes = regexp.MustCompile(`^[a-z][a-z0-9_.]{0,39}$`)

// Record writes readings in the transaction that hands the clear values out: when it does not commit,
// nothing may be shown. The fault input.invalid (Invalid) names a reason outside the list; anything
// else that is wrong is a defect of the caller.
func (r *Reads) Record(ctx context.Context, tx *dbx.Tx, reads ...Read) error {
	for _, one := range reads {
		if err := one.check(); err != nil {
			return err
		}
	}
	return insertReads(ctx, tx, reads, clock.Now(r.clock))
}

func (r Read) check() error {
	if !knownReason(r.Reason) {
		return fault.InvalidField("body.reason", "personal.reason_unknown")
	}
	_, known := Describe(r.Field)
	if !known || r.Reader.IsZero() || r.Subject.IsZero() || !codes.MatchString(r.Capacity) || !codes.MatchString(r.ObjectKind) {
		return fault.New(fault.Internal, "personal.read_malformed")
	}
	return nil
}

// OfSubject lists readings of one person's data, newest first. before is the ID of the last one of the
// page before, zero for the first page.
func (r *Reads) OfSubject(ctx context.Context, q dbx.Querier, subject, before id.ID, limit int) ([]Seen, error) {
	if before.IsZero() {
		for i := range before {
			before[i] = 0xff
		}
	}
	return readsOf(ctx, q, subject, before, limit)
}

// OfObject lists readings of one person's data for one thing, newest first: "who opened my identity in
// this case".
func (r *Reads) OfObject(ctx context.Context, q dbx.Querier, subject, object id.ID, limit int) ([]Seen, error) {
	return readsOfObject(ctx, q, subject, object, limit)
}
