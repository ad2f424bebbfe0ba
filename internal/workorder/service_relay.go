package workorder

import (
	"context"
	"slices"
	"time"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// Write puts a message on the order's relay: the sides reach each other without learning names (R6.6). Every
// contact through it stays on record, after closing too. Faults: workorder.relay_closed, and those of the limit.
func (s *Service) Write(ctx context.Context, p authz.Principal, once idem.Key, order id.ID, words string) (RelayMessage, error) {
	o, err := orderByID(ctx, s.DB, order)
	if err != nil {
		return RelayMessage{}, err
	}
	side, actor, err := onSide(o, p)
	if err != nil {
		return RelayMessage{}, err
	}
	return s.write(ctx, once, o, side, actor, words)
}

// WriteByLink is Write for whoever holds an order's follow token.
func (s *Service) WriteByLink(ctx context.Context, token, words string) (RelayMessage, error) {
	o, err := s.linked(ctx, token)
	if err != nil {
		return RelayMessage{}, err
	}
	return s.write(ctx, noKey, o, SideReporter, authz.Actor{Role: linkRole}, words)
}

func (s *Service) write(ctx context.Context, once idem.Key, o *Order, side Side, actor authz.Actor, words string) (RelayMessage, error) {
	words, err := text.Paragraph("body.text", words, 1, 1000)
	if err != nil {
		return RelayMessage{}, err
	}
	now := s.now()
	if code := mayWrite(o, side, now, s.Rules.WorkOrders); code != "" {
		return RelayMessage{}, fault.New(fault.Conflict, code)
	}
	if s.MessageLimit != nil {
		if err := s.MessageLimit.AllowMessage(ctx, actor.Person, o.ID); err != nil {
			return RelayMessage{}, err
		}
	}
	m := RelayMessage{ID: id.New(), Side: side, Text: words, At: now, PersonID: actor.Person.Ptr(), OrgID: actor.Org.Ptr(), Role: string(actor.Role)}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		first, again, err := once.Claim(ctx, tx, m.ID)
		if err != nil || again {
			m.ID = first
			return err
		}
		if err := insertMessage(ctx, tx, o.ID, m); err != nil {
			return err
		}
		return s.recordMessage(ctx, tx, o, actor, m)
	})
	if err != nil {
		return RelayMessage{}, err
	}
	return m.shown(o, side, actor.Person), nil
}

func (s *Service) recordMessage(ctx context.Context, tx *dbx.Tx, o *Order, actor authz.Actor, m RelayMessage) error {
	err := audit.Record(ctx, tx, m.At, audit.Entry{
		Actor: actor, Action: "workorder.message", ObjectKind: "work_order", ObjectID: o.ID, ScopePath: o.ScopePath,
		Detail: map[string]any{"message": m.ID, "side": m.Side, "afterClosing": !o.Open()},
	})
	if err != nil {
		return err
	}
	return outbox.Add(ctx, tx, m.At, "workorder.message", o.ID, map[string]any{
		"order": o.ID, "number": o.Number, "message": m.ID, "side": m.Side, "handler": o.HandlerOrgID, "assignee": o.AssigneeID,
		"community": o.CommunityID, "street": o.StreetID,
	})
}

// Messages reads the relay, oldest first, as the caller's side may read it. The street's Party committee
// supervises and reads along.
func (s *Service) Messages(ctx context.Context, p authz.Principal, order id.ID, req page.Request) (page.Page[RelayMessage], error) {
	o, err := s.visible(ctx, p, order)
	if err != nil {
		return page.Page[RelayMessage]{}, err
	}
	side, _, err := onSide(o, p)
	if err != nil {
		if side = SideArea; !lookAt(o, p).area {
			return page.Page[RelayMessage]{}, err
		}
	}
	return s.messages(ctx, o, side, lookAt(o, p), p.Person, req)
}

// MessagesByLink is Messages for whoever holds an order's follow token.
func (s *Service) MessagesByLink(ctx context.Context, token string, req page.Request) (page.Page[RelayMessage], error) {
	o, err := s.linked(ctx, token)
	if err != nil {
		return page.Page[RelayMessage]{}, err
	}
	return s.messages(ctx, o, SideReporter, eyes{reporter: true}, id.Nil, req)
}

func (s *Service) messages(ctx context.Context, o *Order, side Side, e eyes, reader id.ID, req page.Request) (page.Page[RelayMessage], error) {
	out, err := listMessages(ctx, s.DB, o.ID, req)
	out.Items = slices.DeleteFunc(out.Items, func(m RelayMessage) bool { return !m.meantFor(o, e, reader) })
	for i, m := range out.Items {
		out.Items[i] = m.shown(o, side, reader)
	}
	return out, err
}

// MarkRead says that the caller's side has had on the screen what others wrote, up to and with one message.
func (s *Service) MarkRead(ctx context.Context, p authz.Principal, order, upTo id.ID) error {
	o, err := orderByID(ctx, s.DB, order)
	if err != nil {
		return err
	}
	side, _, err := onSide(o, p)
	if err != nil {
		return err
	}
	now := s.now()
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		_, err := readMessages(ctx, tx, order, side, upTo, now)
		return err
	})
}

// Reveal opens the reporter's identity to the caller for a stated reason, for two hours unless the reason needs
// another time. It ends by itself, and the reporter is told and sees it (R6.6). Faults: workorder.reveal_reason,
// workorder.contact_hidden where no reason would do, workorder.nobody_to_reveal, workorder.own_work.
func (s *Service) Reveal(ctx context.Context, p authz.Principal, once idem.Key, order id.ID, why personal.Reason, length time.Duration) (IdentityReveal, error) {
	o, err := s.visible(ctx, p, order)
	if err != nil {
		return IdentityReveal{}, err
	}
	actor, via, err := mayReveal(o, p)
	if err != nil {
		return IdentityReveal{}, err
	}
	if length == 0 {
		length = hours(revealHours)
	}
	if err := s.checkReveal(o, p, via, why, length); err != nil {
		return IdentityReveal{}, err
	}
	now := s.now()
	r := IdentityReveal{
		ID: id.New(), OrderID: o.ID, PersonID: p.Person, OrgID: actor.Org.Ptr(), Role: string(actor.Role), Reason: why, OpenedAt: now, ExpiresAt: now.Add(length),
	}
	var stored id.ID
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		first, again, err := once.Claim(ctx, tx, r.ID)
		if stored = first; err != nil || again {
			return err
		}
		if err := insertReveal(ctx, tx, r); err != nil {
			return err
		}
		return s.recordReveal(ctx, tx, o, actor, r)
	})
	if err != nil {
		return IdentityReveal{}, err
	}
	return revealByID(ctx, s.DB, order, stored)
}

// mayReveal finds the capacity in which p may ask for the reporter's identity.
func mayReveal(o *Order, p authz.Principal) (authz.Actor, who, error) {
	var refusal error
	for _, via := range []who{byArea, inHand} {
		actor, err := authz.Act(p, authz.OrderReveal, o.tied(via))
		if err == nil {
			return actor, via, nil
		}
		refusal = forbidden(err, authz.OrderReveal)
	}
	return authz.Actor{}, 0, refusal
}

func (s *Service) checkReveal(o *Order, p authz.Principal, via who, why personal.Reason, length time.Duration) error {
	if o.ReporterKind != ByAccount && o.ReporterKind != ByCaller {
		return fault.New(fault.Conflict, "workorder.nobody_to_reveal")
	}
	if via == byArea && o.HandlerOrgID != nil && holdsPostIn(p, *o.HandlerOrgID) {
		return fault.New(fault.Conflict, "workorder.own_work")
	}
	if o.PartyOrgID != nil && holdsPostIn(p, *o.PartyOrgID) && o.IdentityRule == rules.ConductCase {
		return fault.New(fault.Conflict, "workorder.own_work")
	}
	reasons := revealReasons(o, via)
	if len(reasons) == 0 {
		return fault.New(fault.Forbidden, "workorder.contact_hidden")
	}
	var allowed []string
	fits := false
	for _, r := range reasons {
		allowed = append(allowed, string(r))
		fits = fits || r == why
	}
	if !fits {
		return fault.InvalidField("body.reason", "workorder.reveal_reason", "allowed", allowed)
	}
	if most := s.Rules.WorkOrders.Reveal.AtMostHours; length < time.Minute || length > hours(most) {
		return fault.InvalidField("body.hours", "workorder.reveal_hours", "most", most)
	}
	return nil
}

func (s *Service) recordReveal(ctx context.Context, tx *dbx.Tx, o *Order, actor authz.Actor, r IdentityReveal) error {
	err := audit.Record(ctx, tx, r.OpenedAt, audit.Entry{
		Actor: actor, Action: "workorder.reveal", ObjectKind: "work_order", ObjectID: o.ID, ScopePath: o.ScopePath,
		Detail: map[string]any{"reveal": r.ID, "reason": r.Reason, "until": r.ExpiresAt},
	})
	if err != nil {
		return err
	}
	return outbox.Add(ctx, tx, r.OpenedAt, "workorder.identity_opened", o.ID, map[string]any{
		"order": o.ID, "number": o.Number, "reveal": r.ID, "role": r.Role, "reason": r.Reason, "until": r.ExpiresAt,
	})
}

// Revealed shows name and phone to whom they were opened, while they are. Each showing is recorded and seen by
// the reporter. Fault: workorder.reveal_over.
func (s *Service) Revealed(ctx context.Context, p authz.Principal, order, reveal id.ID) (OrderContact, error) {
	o, err := s.visible(ctx, p, order)
	if err != nil {
		return OrderContact{}, err
	}
	actor, via, err := mayReveal(o, p) // a post that ended ends the window with it
	if err != nil {
		return OrderContact{}, err
	}
	r, err := s.ownReveal(ctx, p, order, reveal)
	if err != nil {
		return OrderContact{}, err
	}
	if err := s.checkReveal(o, p, via, r.Reason, hours(revealHours)); err != nil {
		return OrderContact{}, err
	}
	var c OrderContact
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		found, fields, subject, err := s.contact(ctx, tx, o)
		if err != nil {
			return err
		}
		c = found
		return s.Reads.Record(ctx, tx, readings(o, actor, found, fields, subject, r.Reason)...)
	})
	if err != nil {
		return OrderContact{}, err
	}
	return c, nil
}

func (s *Service) ownReveal(ctx context.Context, p authz.Principal, order, reveal id.ID) (IdentityReveal, error) {
	r, err := revealByID(ctx, s.DB, order, reveal)
	if err != nil {
		return r, err
	}
	if r.PersonID != p.Person {
		return r, notFound()
	}
	if r.ExpiresAt <= s.now() {
		return r, fault.New(fault.Conflict, "workorder.reveal_over")
	}
	return r, nil
}

// EndReveal hides the identity again before its time.
func (s *Service) EndReveal(ctx context.Context, p authz.Principal, order, reveal id.ID) error {
	if _, err := s.visible(ctx, p, order); err != nil {
		return err
	}
	r, err := s.ownReveal(ctx, p, order, reveal)
	if err != nil {
		return err
	}
	now := s.now()
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error { return closeReveal(ctx, tx, r, now) })
}

// mostOpenings bounds what one order's reporter is shown; nobody opens an identity so often unseen.
const mostOpenings = 200

// IdentityOpenings tells the reporter who opened their identity in this order: roles, reasons, times, newest
// first (R6.7). Nobody else sees it.
func (s *Service) IdentityOpenings(ctx context.Context, p authz.Principal, order id.ID) ([]IdentityOpening, error) {
	o, err := s.visible(ctx, p, order)
	if err != nil {
		return nil, err
	}
	if !o.isReporter(p) {
		return nil, fault.New(fault.Forbidden, "workorder.not_your_report")
	}
	return s.openings(ctx, o, p.Person)
}

// OpeningsByLink is IdentityOpenings for a caller without an account.
func (s *Service) OpeningsByLink(ctx context.Context, token string) ([]IdentityOpening, error) {
	o, err := s.linked(ctx, token)
	if err != nil {
		return nil, err
	}
	return s.openings(ctx, o, o.ID)
}

func (s *Service) openings(ctx context.Context, o *Order, subject id.ID) ([]IdentityOpening, error) {
	reveals, err := revealsOf(ctx, s.DB, o.ID)
	if err != nil {
		return nil, err
	}
	reads, err := s.Reads.OfObject(ctx, s.DB, subject, o.ID, mostOpenings)
	if err != nil {
		return nil, err
	}
	out := []IdentityOpening{}
	for _, r := range reads {
		out = append(out, IdentityOpening{What: "read", Role: r.Capacity, Field: string(r.Field), Reason: r.Reason, At: r.At})
	}
	for _, r := range reveals {
		out = append(out, IdentityOpening{What: "revealed", Role: r.Role, Reason: r.Reason, At: r.OpenedAt, Until: r.ExpiresAt.Ptr()})
	}
	sortOpenings(out)
	return out, nil
}

// ExportedMessage is what a person wrote on a relay, in the copy of their own data (PIPL 45).
type ExportedMessage struct {
	Number string        `db:"number" json:"orderNumber"`
	Text   string        `db:"text" json:"text"`
	At     clock.Instant `db:"at" json:"at"`
}

// ExportMessages returns what the person wrote on relays. The caller checks that the person asks.
func (s *Service) ExportMessages(ctx context.Context, q dbx.Querier, person id.ID) ([]ExportedMessage, error) {
	return writtenBy(ctx, q, person)
}
