package workorder

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// file decides who gets the order and by when, and stores it.
func (s *Service) file(ctx context.Context, p authz.Principal, once idem.Key, actor authz.Actor, d *draft) (OrderReceipt, error) {
	if err := d.checkContact(); err != nil {
		return OrderReceipt{}, err
	}
	if err := s.setParty(ctx, d); err != nil {
		return OrderReceipt{}, err
	}
	now := s.now()
	if err := s.prepare(ctx, d, now); err != nil {
		return OrderReceipt{}, err
	}
	var stored id.ID
	var again bool
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) (err error) {
		if stored, again, err = once.Claim(ctx, tx, d.order.ID); err != nil {
			return err
		}
		if again {
			return s.relink(ctx, tx, d, stored, now)
		}
		return s.storeNew(ctx, tx, d, actor, now)
	})
	if err != nil {
		return OrderReceipt{}, err
	}
	return s.receipt(ctx, p, d, stored, again, now)
}

func (d *draft) checkContact() error {
	var err error
	if d.contact[0], err = text.Line("body.contactName", d.contact[0], 0, 40); err != nil {
		return err
	}
	d.contact[1], err = phone("body.contactPhone", d.contact[1])
	return err
}

// prepare completes the order's facts before the transaction begins.
func (s *Service) prepare(ctx context.Context, d *draft, now clock.Instant) error {
	o := d.order
	if o.IdentityRule == rules.ConductCase {
		o.HouseholdID = nil
	}
	o.Version, o.UpdatedAt, o.ReportedAt, o.State = 1, now, now, Reported
	o.Closing = ClosesOnAnswer
	if o.ReporterKind == ByStaff || o.ReporterKind == Anonymously {
		o.Closing = ClosesOnVerification
	}
	org, via, err := s.firstHandler(ctx, d)
	if err != nil {
		return err
	}
	o.handTo(org, via, now)
	if o.RepeatOf, err = lastAtPlace(ctx, s.DB, o, now.Add(-days(s.Rules.WorkOrders.Repeat.WithinDays))); err != nil {
		return err
	}
	if o.RepeatOf != nil {
		o.Severity = s.Rules.WorkOrders.Lifted(o.Severity) // R4.4
	}
	return s.setClock(ctx, s.DB, &o.Facts, d.category)
}

// setClock gives the order the times of its category and severity, promised or for reference.
func (s *Service) setClock(ctx context.Context, q dbx.Querier, f *Facts, cat *rules.Category) error {
	promise, err := s.Arrangements.Promise(ctx, q, f.ServiceAreaID, cat.Code, string(f.Severity))
	if err != nil {
		return err
	}
	s.clocks.setTimes(f, cat, promise)
	s.clocks.recompute(f, Stops{})
	return nil
}

// firstHandler is who gets the order: the organisation of the arrangement in force, the community for what
// is not the company's, and for conduct always (R6.6). In danger whoever is on site comes first.
func (s *Service) firstHandler(ctx context.Context, d *draft) (*id.ID, string, error) {
	cat := d.category
	outside := cat.Responsibility == rules.Public || cat.Responsibility == rules.Conduct
	if cat.Identity == rules.ConductCase || (outside && cat.Emergency == nil) {
		return nil, ViaCommunity, nil
	}
	handler, err := s.Arrangements.Handler(ctx, s.DB, d.place.ServiceAreaID)
	if err != nil || handler.IsZero() {
		return nil, ViaCommunity, err
	}
	return handler.Ptr(), ViaArrangement, nil
}

func (s *Service) storeNew(ctx context.Context, tx *dbx.Tx, d *draft, actor authz.Actor, now clock.Instant) error {
	o := d.order
	day := clock.DateOf(now.Time())
	n, err := nextNumber(ctx, tx, d.place.Prefix, day)
	if err != nil {
		return err
	}
	o.Number = fmt.Sprintf("%s-%s-%04d", d.place.Prefix, strings.ReplaceAll(string(day), "-", ""), n)
	if err := o.insert(ctx, tx); err != nil {
		return err
	}
	if err := s.storeIdentity(ctx, tx, d, now); err != nil {
		return err
	}
	before := *o
	before.State = ""
	m := &move{order: &before, next: o.Facts, actor: actor, now: now, topic: "workorder.reported", info: map[string]any{}}
	if d.caller != nil && d.caller.CallerPhone != "" {
		m.info["callerLink"] = true // the notifier asks MintCallerLink for whom to send it to
	}
	return s.record(ctx, tx, stepReport, m, o.all(), 1)
}

func (s *Service) storeIdentity(ctx context.Context, tx *dbx.Tx, d *draft, now clock.Instant) error {
	o := d.order
	if d.contact != [2]string{} {
		sealedContact, err := s.seal(o.ID, personal.IdentityName, personal.IdentityPhone, d.contact[0], d.contact[1])
		if err != nil {
			return err
		}
		if err := insertIdentity(ctx, tx, o.ID, sealedContact); err != nil {
			return err
		}
	}
	if c := d.caller; c != nil && (c.CallerName != "" || c.CallerPhone != "") {
		v, err := s.seal(o.ID, personal.CallerName, personal.CallerPhone, c.CallerName, c.CallerPhone)
		if err != nil {
			return err
		}
		if err := insertCaller(ctx, tx, o.ID, v, s.Vault.Index(personal.CallerPhone, c.CallerPhone), "given_by_caller"); err != nil {
			return err
		}
	}
	if d.token == "" {
		return nil
	}
	return insertLink(ctx, tx, sha256.Sum256([]byte(d.token)), o.ID, "follow", now.Add(days(linkDays)), now)
}

func (s *Service) seal(row id.ID, nameField, phoneField personal.Field, name, phone string) (sealed, error) {
	n, err := s.Vault.Seal(nameField, row, name)
	if err != nil {
		return sealed{}, err
	}
	ph, err := s.Vault.Seal(phoneField, row, phone)
	return sealed{n, ph}, err
}

// relink gives a repeated report a fresh token, since the first answer, and the token in it, was lost.
func (s *Service) relink(ctx context.Context, tx *dbx.Tx, d *draft, stored id.ID, now clock.Instant) error {
	if d.token == "" {
		return nil
	}
	return insertLink(ctx, tx, sha256.Sum256([]byte(d.token)), stored, "follow", now.Add(days(linkDays)), now)
}

func (s *Service) receipt(ctx context.Context, p authz.Principal, d *draft, stored id.ID, again bool, now clock.Instant) (OrderReceipt, error) {
	o := d.order
	if again {
		var err error
		if o, err = orderByID(ctx, s.DB, stored); err != nil {
			return OrderReceipt{}, err
		}
	}
	return OrderReceipt{Emergency: s.emergency(d.category), FollowToken: d.token, Order: View(o, p, now)}, nil
}

func (s *Service) emergency(c *rules.Category) *EmergencyView {
	if c.Emergency == nil {
		return nil
	}
	v := &EmergencyView{AdviceZH: c.Emergency.Advice.Zh, AdviceEN: c.Emergency.Advice.En}
	for _, n := range s.Rules.Categories.Contacts(c) {
		v.Call = append(v.Call, EmergencyNumber{Number: n.Number, NameZH: n.Zh, NameEN: n.En})
	}
	return v
}
