package workorder

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/rules"
)

// MessageLimit bounds how often a person writes on relays; a refusal is a RateLimited fault.
type MessageLimit interface {
	AllowMessage(ctx context.Context, person, order id.ID) error
}

// Side is from where somebody writes on an order's relay. Names are never shown there: each side knows of
// the other only which it is.
type Side string

// The sides of a relay.
const (
	SideReporter Side = "reporter" // who reported it, the household, and the reporters of duplicates
	SideHandler  Side = "handler"
	SideArea     Side = "area" // the community or the street office
)

// RelayMessage is what one side wrote, as the caller may read it.
type RelayMessage struct {
	ID     id.ID          `db:"id" json:"id"`
	Side   Side           `db:"side" json:"side" enum:"reporter,handler,area"`
	Mine   bool           `db:"-" json:"mine" doc:"Whether your own side wrote it"`
	Text   string         `db:"text" json:"text" doc:"Phone and identity numbers are masked where the reporter is hidden from you"`
	At     clock.Instant  `db:"at" json:"at"`
	ReadAt *clock.Instant `db:"read_at" json:"readAt,omitempty" doc:"When somebody of another side had it on the screen"`

	PersonID *id.ID `db:"person_id" json:"-"`
	OrgID    *id.ID `db:"org_id" json:"-"`
	Role     string `db:"role" json:"-"`
}

// relayWays are tried in turn: whoever reported the order writes as its reporter, whatever else they are.
var relayWays = []struct {
	side Side
	who  who
}{{SideReporter, reporter}, {SideHandler, inHand}, {SideArea, byArea}}

// onSide finds from which side, and in which capacity, p writes. An order in the community's own hands has
// the community as its handler.
func onSide(o *Order, p authz.Principal) (Side, authz.Actor, error) {
	if err := o.seenBy(p); err != nil {
		return "", authz.Actor{}, err
	}
	var refusal error
	for _, w := range relayWays {
		actor, err := authz.Act(p, authz.OrderMessage, o.tied(w.who))
		if err == nil {
			return w.side, actor, nil
		}
		refusal = forbidden(err, authz.OrderMessage)
	}
	return "", authz.Actor{}, refusal
}

// mayWrite tells whether this side may write now. After closing nobody asks a reporter for stars (R6.5): only
// the reporter and the area write until the order can no longer be reopened.
func mayWrite(o *Order, side Side, now clock.Instant, r *rules.WorkOrderRules) string {
	if o.Open() {
		return ""
	}
	lately := o.ClosedAt != nil && now <= o.ClosedAt.Add(days(r.Confirmation.ReopenDays))
	if o.State == Closed && lately && side != SideHandler {
		return ""
	}
	return "workorder.relay_closed"
}

// shown is the message as somebody of a side may read it: numbers are masked for a handler from whom the
// reporter is hidden, and for the reporters of duplicates among themselves.
func (m RelayMessage) shown(o *Order, side Side, reader id.ID) RelayMessage {
	m.Mine = m.Side == side
	hidden := side == SideHandler && o.HandlerOrgID != nil && o.IdentityRule != rules.HomeRepair
	another := side == SideReporter && (m.PersonID == nil || *m.PersonID != reader)
	if m.Side == SideReporter && (hidden || another) {
		m.Text = personal.Redact(m.Text)
	}
	return m
}

// meantFor tells whether somebody may read the message at all. Households that reported the same do not read each
// other, and who follows does not read what was written before they did.
func (m RelayMessage) meantFor(o *Order, e eyes, reader id.ID) bool {
	if m.Side == SideReporter {
		return e.mayReadOf(o, m.PersonID, reader)
	}
	since, follows := o.following(reader)
	return !follows || !e.follower || e.area || m.At >= since
}

// revealHours is how long an identity stays open when nothing else is asked for.
const revealHours = 2

// IdentityReveal is a time-boxed opening of the reporter's identity to one person, for a stated reason (R6.6).
type IdentityReveal struct {
	ID        id.ID           `db:"id" json:"id"`
	OrderID   id.ID           `db:"order_id" json:"orderId"`
	Role      string          `db:"role" json:"role" doc:"The role it was opened in"`
	Reason    personal.Reason `db:"reason" json:"reason"`
	OpenedAt  clock.Instant   `db:"opened_at" json:"openedAt"`
	ExpiresAt clock.Instant   `db:"expires_at" json:"expiresAt" doc:"It is hidden again from then on, by itself"`

	PersonID id.ID  `db:"person_id" json:"-"`
	OrgID    *id.ID `db:"org_id" json:"-"`
}

// revealReasons are the reasons for which each side may open an identity. A company may not open the identity
// of who complains about its service to look into it: only where people or things are in danger. For a repair
// in a home the visit is a reason, unless the resident opted out. Danger is what the order says, not what its
// reader says: it is a reason on an emergency order alone. Once an order is over, whoever had it in hand has none.
func revealReasons(o *Order, via who) []personal.Reason {
	var out []personal.Reason
	switch {
	case via != byArea && (!o.Open() || o.State == Declined):
		return nil
	case via == byArea:
		out = []personal.Reason{personal.ReasonCallback, personal.ReasonInquiry, personal.ReasonAuthority}
	case o.IdentityRule == rules.HomeRepair && !o.ContactOptOut:
		out = []personal.Reason{personal.ReasonVisit}
	}
	if o.Severity == rules.Emergency {
		out = append(out, personal.ReasonEmergency)
	}
	return out
}

// IdentityOpening is one thing that was done with a reporter's identity, as the reporter sees it: roles, reasons
// and times, not names (R6.7).
type IdentityOpening struct {
	What   string          `json:"what" doc:"revealed: somebody was let see it for a time; read: a name or phone was shown"`
	Role   string          `json:"role"`
	Field  string          `json:"field,omitempty" doc:"Which datum was shown"`
	Reason personal.Reason `json:"reason"`
	At     clock.Instant   `json:"at"`
	Until  *clock.Instant  `json:"until,omitempty"`
}

func sortOpenings(list []IdentityOpening) {
	slices.SortStableFunc(list, func(a, b IdentityOpening) int { return int(b.At - a.At) })
}

// CaseStatement is what a party complained of is asked, and answers, about a case without names (R6.6, R6.11).
// The party sees nothing of the order: not its number, not when it was reported, not where.
type CaseStatement struct {
	ID         id.ID  `db:"id" json:"id"`
	OrderID    *id.ID `db:"order_id" json:"orderId,omitempty" doc:"Absent for the party"`
	PartyOrgID id.ID  `db:"party_org_id" json:"partyOrgId"`
	// AboutPersonID neither reads nor answers the question.
	AboutPersonID *id.ID         `db:"about_person_id" json:"aboutPersonId,omitempty" doc:"The person of the party whom the case is about; absent for the party and the reporter"`
	Category      string         `db:"category" json:"category"`
	CaseText      string         `db:"case_text" json:"caseText" doc:"The case, written without anything that tells who complained"`
	AskedAt       clock.Instant  `db:"asked_at" json:"askedAt"`
	DueAt         clock.Instant  `db:"due_at" json:"dueAt"`
	State         string         `db:"state" json:"state" enum:"asked,answered,withdrawn"`
	Answer        *string        `db:"answer" json:"answer,omitempty"`
	AnsweredAt    *clock.Instant `db:"answered_at" json:"answeredAt,omitempty"`
	Late          bool           `db:"-" json:"late" doc:"Not answered by the deadline"`
}

// toParty is the question as the party sees it.
func (c CaseStatement) toParty(now clock.Instant) CaseStatement {
	c.OrderID, c.AboutPersonID = nil, nil
	return c.shown(now)
}

func (c CaseStatement) shown(now clock.Instant) CaseStatement {
	at := now
	if c.AnsweredAt != nil {
		at = *c.AnsweredAt
	}
	c.Late = c.State != "withdrawn" && at > c.DueAt
	return c
}

// The ways in which a reporter was approached.
var pressureKinds = []string{"contacted", "asked_to_withdraw", "asked_for_rating", "threatened", "leaked", "retaliated"}

// PressureReport is a reporter's word that somebody contacted or pressed them. It goes to the street alone, outside the
// chain that handles the order; the company, the community and the order's own history never show it.
type PressureReport struct {
	ID         id.ID          `db:"id" json:"id"`
	OrderID    id.ID          `db:"order_id" json:"orderId"`
	Number     string         `db:"number" json:"orderNumber"`
	Kind       string         `db:"kind" json:"kind" enum:"contacted,asked_to_withdraw,asked_for_rating,threatened,leaked,retaliated"`
	Text       string         `db:"text" json:"text"`
	At         clock.Instant  `db:"at" json:"at"`
	State      string         `db:"state" json:"state" enum:"open,closed"`
	ClosedAt   *clock.Instant `db:"closed_at" json:"closedAt,omitempty"`
	ClosedRole string         `db:"closed_role" json:"closedRole,omitempty"`
	Outcome    string         `db:"outcome" json:"outcome,omitempty"`

	ScopePath    string `db:"scope_path" json:"-"`
	PersonID     *id.ID `db:"person_id" json:"-"`
	HandlerOrgID *id.ID `db:"handler_org_id" json:"-"`
	PartyOrgID   *id.ID `db:"party_org_id" json:"-"`
}

// concerns tells whether p has a post in the organisation that handles the order or is complained of: whoever has
// both that and a post at the street never sees the report.
func (r PressureReport) concerns(p authz.Principal) bool {
	return slices.ContainsFunc(p.Grants, func(g authz.Grant) bool {
		return !g.Org.IsZero() && (g.Org == id.OrNil(r.HandlerOrgID) || g.Org == id.OrNil(r.PartyOrgID))
	})
}
