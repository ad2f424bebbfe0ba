package workorder

import (
	"context"
	"crypto/sha256"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/text"
)

// OrderContact is whom to ask for and ring about an order.
type OrderContact struct {
	Name  string `json:"name,omitempty" doc:"As the reporter gave it"`
	Phone string `json:"phone,omitempty" doc:"As the reporter gave it"`
}

// contactFields are what a reading of a contact is recorded as.
type contactFields struct{ name, phone personal.Field }

// ContactOf shows the reporter's name and phone in clear to somebody who may have them (see View), for a stated
// reason. The reading is recorded in the transaction that hands them out, and the reporter sees the record.
// Faults: workorder.contact_hidden (Forbidden), personal.reason_unknown.
func (s *Service) ContactOf(ctx context.Context, p authz.Principal, order id.ID, why personal.Reason) (OrderContact, error) {
	o, err := s.visible(ctx, p, order)
	if err != nil {
		return OrderContact{}, err
	}
	e := lookAt(o, p)
	if !e.mayContact(o) {
		return OrderContact{}, fault.New(fault.Forbidden, "workorder.contact_hidden")
	}
	via, perm := byArea, authz.OrderCallback
	if !e.caller {
		via, perm = inHand, authz.OrderWork
	}
	actor, err := authz.Act(p, perm, o.tied(via))
	if err != nil {
		return OrderContact{}, err
	}
	var c OrderContact
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		found, fields, subject, err := s.contact(ctx, tx, o)
		if err != nil {
			return err
		}
		c = found
		return s.Reads.Record(ctx, tx, readings(o, actor, found, fields, subject, why)...)
	})
	if err != nil {
		return OrderContact{}, err
	}
	return c, nil
}

func readings(o *Order, actor authz.Actor, c OrderContact, f contactFields, subject id.ID, why personal.Reason) []personal.Read {
	var out []personal.Read
	for _, v := range []struct {
		value string
		field personal.Field
	}{{c.Name, f.name}, {c.Phone, f.phone}} {
		if v.value != "" {
			out = append(out, personal.Read{
				Reader: actor.Person, Capacity: string(actor.Role), Subject: subject, Field: v.field, Reason: why, ObjectKind: "work_order", Object: o.ID,
			})
		}
	}
	return out
}

// contact finds whom to ask for: the person named in the report, else the caller, else the reporter's own entry.
func (s *Service) contact(ctx context.Context, q dbx.Querier, o *Order) (OrderContact, contactFields, id.ID, error) {
	subject := id.OrNil(o.ReporterID)
	if subject.IsZero() {
		subject = o.ID
	}
	for _, kept := range []struct {
		table  string
		fields contactFields
	}{
		{"work_order_identity", contactFields{personal.IdentityName, personal.IdentityPhone}},
		{"work_order_caller", contactFields{personal.CallerName, personal.CallerPhone}},
	} {
		v, ok, err := identityOf(ctx, q, kept.table, o.ID)
		if err != nil {
			return OrderContact{}, contactFields{}, id.Nil, err
		}
		if ok {
			c, err := s.open(o.ID, kept.fields, v)
			return c, kept.fields, subject, err
		}
	}
	if o.ReporterID == nil {
		return OrderContact{}, contactFields{}, subject, nil
	}
	name, phone, err := s.People.NameAndPhone(ctx, q, *o.ReporterID)
	return OrderContact{name, phone}, contactFields{personal.PersonName, personal.PersonPhone}, subject, err
}

func (s *Service) open(row id.ID, f contactFields, v sealed) (OrderContact, error) {
	name, err := s.Vault.Open(f.name, row, v.Name)
	if err != nil {
		return OrderContact{}, err
	}
	phone, err := s.Vault.Open(f.phone, row, v.Phone)
	return OrderContact{name, phone}, err
}

// MintCallerLink makes a fresh follow token for the caller of a front-desk order and returns it with the phone to
// send it to. The notifier calls it when it sends, so that no token lies in the outbox. The phone is empty when
// the caller gave none.
func (s *Service) MintCallerLink(ctx context.Context, order id.ID) (phone, token string, err error) {
	token = newToken()
	now := s.now()
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		v, ok, err := identityOf(ctx, tx, "work_order_caller", order)
		if err != nil || !ok {
			return err
		}
		c, err := s.open(order, contactFields{personal.CallerName, personal.CallerPhone}, v)
		if err != nil {
			return err
		}
		phone = c.Phone
		return insertLink(ctx, tx, sha256.Sum256([]byte(token)), order, "follow", now.Add(days(linkDays)), now)
	})
	return phone, token, err
}

// OrderLink is an order as the holder of its follow token sees it.
type OrderLink struct {
	Number     string         `json:"number"`
	Category   string         `json:"category"`
	Title      string         `json:"title"`
	State      State          `json:"state"`
	DueAt      *clock.Instant `json:"dueAt,omitempty"`
	Times      OrderTimes     `json:"times"`
	ClosureNo  int64          `json:"closureNo"`
	MayConfirm bool           `json:"mayConfirm" doc:"Whether the answer to 'is it solved?' is awaited"`
	MayRate    bool           `json:"mayRate" doc:"Whether the closure can be rated"`
}

// Follow shows an order to whoever holds its token.
func (s *Service) Follow(ctx context.Context, token string) (OrderLink, error) {
	o, err := s.linked(ctx, token)
	if err != nil {
		return OrderLink{}, err
	}
	return OrderLink{
		Number: o.Number, Category: o.Category, Title: o.Title, State: o.State, DueAt: o.DueAt, Times: o.timesView(), ClosureNo: o.ClosureNo,
		MayConfirm: o.State == Resolved || o.State == Verified, MayRate: s.rateable(o, s.now()) == nil,
	}, nil
}

func (s *Service) linked(ctx context.Context, token string) (*Order, error) {
	order, err := orderOfLink(ctx, s.DB, sha256.Sum256([]byte(token)), s.now())
	if err != nil {
		return nil, err
	}
	return orderByID(ctx, s.DB, order)
}

// AnswerByLink is the word of somebody without an account on a resolved order: solved or not, with a rating if
// they like; on a closed one, a rating. Faults: workorder.step_illegal, workorder.rated_already.
func (s *Service) AnswerByLink(ctx context.Context, token string, solved bool, reason string, a *Answer) (OrderLink, error) {
	o, err := s.linked(ctx, token)
	if err != nil {
		return OrderLink{}, err
	}
	if reason, err = text.Paragraph("body.reason", reason, 0, 1000); err != nil {
		return OrderLink{}, err
	}
	if a != nil {
		if err := a.clean("body.rating"); err != nil {
			return OrderLink{}, err
		}
	}
	if err := s.answerByLink(ctx, o, solved, reason, a); err != nil {
		return OrderLink{}, err
	}
	return s.Follow(ctx, token)
}

func (s *Service) answerByLink(ctx context.Context, o *Order, solved bool, reason string, a *Answer) error {
	who := onBehalf(o)
	actor := authz.Actor{Role: linkRole}
	if o.State == Closed && a != nil {
		return s.rateClosed(ctx, noKey, o, actor, who, channelLink, *a)
	}
	row := rowOf(StepDispute)
	if solved {
		row = rowOf(StepConfirm)
	}
	if o.State != Resolved && o.State != Verified {
		return illegal(row.step, o.State)
	}
	now := s.now()
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		_, err := s.perform(ctx, tx, o, row, actor, now, func(ctx context.Context, tx *dbx.Tx, m *move) error {
			m.text = reason
			if !solved {
				m.topic = "workorder.disputed"
				return s.backToWork(ctx, tx, m)
			}
			m.close(ClosedConfirmed)
			if a == nil {
				return nil
			}
			closed := *m.order
			closed.Facts = m.next
			return s.storeRating(ctx, tx, &closed, actor, who, channelLink, *a, now)
		})
		return err
	})
}
