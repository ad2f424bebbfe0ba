package contract

import (
	"cmp"
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/text"
)

// Delivery is what the outgoing company says of an item.
type Delivery struct {
	Note     string     `json:"note,omitempty" maxLength:"500" doc:"What was handed over: numbers, amounts, places; no names of owners"`
	Document *blob.Hash `json:"document,omitempty" doc:"Hash of a list or certificate, one of the contract's documents; required for personal_data_proof"`
}

// Deliver ticks an item of the hand-over by the outgoing company. Faults: contract.outgoing_only (Forbidden),
// contract.item_state (Conflict), contract.document.
func (s *Service) Deliver(ctx context.Context, p authz.Principal, which id.ID, how Taken, kind ItemKind, in Delivery) (Contract, error) {
	return s.onItem(ctx, p, which, how, StepDeliver, kind, func(ctx context.Context, tx *dbx.Tx, m *move, i *HandoverItem) error {
		if err := m.outgoing(); err != nil {
			return err
		}
		if i.State != ItemOpen && i.State != ItemWithheld {
			return itemState(*i)
		}
		if in.Document == nil && kind.proven() {
			return fault.InvalidField("body.document", "contract.document")
		}
		if in.Document != nil {
			if err := attached(ctx, tx, m.now, *in.Document); err != nil {
				return err
			}
		}
		note, err := text.Paragraph("body.note", in.Note, 0, 500)
		i.State, i.Reason, i.Note, i.Document = ItemDelivered, "", note, in.Document
		i.DeliveredAt, i.DeliveredPerson, i.DeliveredOrg = &m.at, m.actor.Person.Ptr(), m.actor.Org.Ptr()
		return err
	})
}

// Withhold records why the outgoing company does not hand an item over yet. That owners owe fees is refused
// as a reason: contract.arrears_no_ground (Conflict).
func (s *Service) Withhold(ctx context.Context, p authz.Principal, which id.ID, how Taken, kind ItemKind, why Withheld, note string) (Contract, error) {
	return s.onItem(ctx, p, which, how, StepWithhold, kind, func(_ context.Context, _ *dbx.Tx, m *move, i *HandoverItem) error {
		if err := m.outgoing(); err != nil {
			return err
		}
		switch why {
		case NotHeld, Disputed, Pending:
		case Arrears:
			return fault.New(fault.Conflict, "contract.arrears_no_ground")
		default:
			return fault.InvalidField("body.reason", "contract.withheld")
		}
		if i.State != ItemOpen && i.State != ItemWithheld {
			return itemState(*i)
		}
		clean, err := text.Paragraph("body.note", note, 0, 500)
		i.State, i.Reason, i.Note = ItemWithheld, why, clean
		return err
	})
}

// Receive confirms a delivered item by the incoming company, the owners' committee, the community or the
// street office: by another person than the one who delivered it, and never by the outgoing company.
func (s *Service) Receive(ctx context.Context, p authz.Principal, which id.ID, how Taken, kind ItemKind) (Contract, error) {
	return s.onItem(ctx, p, which, how, StepReceive, kind, func(_ context.Context, _ *dbx.Tx, m *move, i *HandoverItem) error {
		if err := m.incoming(); err != nil {
			return err
		}
		if i.State != ItemDelivered {
			return itemState(*i)
		}
		if !m.actor.Person.IsZero() && m.actor.Person == id.OrNil(i.DeliveredPerson) {
			return fault.New(fault.Conflict, "contract.same_person")
		}
		i.State, i.ConfirmedAt, i.ConfirmedPerson, i.ConfirmedOrg = ItemConfirmed, &m.at, m.actor.Person.Ptr(), m.actor.Org.Ptr()
		return nil
	})
}

// onItem takes a step that changes one item.
func (s *Service) onItem(ctx context.Context, p authz.Principal, which id.ID, how Taken, step Step, kind ItemKind, do func(context.Context, *dbx.Tx, *move, *HandoverItem) error) (Contract, error) {
	return s.take(ctx, p, which, step, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		i, ok, err := item(ctx, tx, which, kind)
		if err != nil {
			return err
		}
		if !ok {
			return fault.New(fault.NotFound, "not_found")
		}
		if err := do(ctx, tx, m, &i); err != nil {
			return err
		}
		m.next.State = Handover
		m.note("item", kind)
		return raced(updateItem(ctx, tx, which, i))
	})
}

func itemState(i HandoverItem) error {
	return fault.New(fault.Conflict, "contract.item_state", "state", string(i.State))
}

// outgoing wants the company whose contract ended.
func (m *move) outgoing() error {
	if m.actor.Org == m.now.CompanyID {
		return nil
	}
	return fault.New(fault.Forbidden, "contract.outgoing_only")
}

// incoming wants anybody who may receive, but the company whose contract ended.
func (m *move) incoming() error {
	if m.actor.Org == m.now.CompanyID {
		return fault.New(fault.Forbidden, "contract.incoming_only")
	}
	return nil
}

// TakeOver ends the hand-over: from now on the outgoing company has nothing to do with the place. Every item
// must be confirmed; where a company will not co-operate the street office records the takeover with the
// open items and a reason. Faults: contract.items_open (Conflict), contract.incoming_only (Forbidden).
func (s *Service) TakeOver(ctx context.Context, p authz.Principal, which id.ID, how Taken, reason string) (Contract, error) {
	return s.take(ctx, p, which, StepTakeOver, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if err := m.incoming(); err != nil {
			return err
		}
		reason, err := text.Paragraph("body.reason", reason, 0, 500)
		if err != nil {
			return err
		}
		list, err := items(ctx, tx, which)
		if err != nil {
			return err
		}
		var open []string
		for _, i := range list {
			if i.State != ItemConfirmed {
				open = append(open, string(i.Item))
			}
		}
		if len(open) > 0 && (office(m.actor) != nil || reason == "") {
			return fault.New(fault.Conflict, "contract.items_open", "items", open)
		}
		m.note("open", open)
		m.say("reason", reason)
		m.next.State, m.next.ClosedOn = Closed, &m.today
		m.topics = append(m.topics, "contract.handed_over")
		if err := s.passOrders(ctx, tx, m.now.ServiceAreaID, m.now.CompanyID, m.at); err != nil {
			return err
		}
		if err := s.settle(ctx, tx, which, DueHandover, m.today); err != nil {
			return err
		}
		return s.settleAll(ctx, tx, m.now, DueVoid, m.today, nil)
	})
}

// HandoverItems shows the check list in its order.
func (s *Service) HandoverItems(ctx context.Context, p authz.Principal, which id.ID) ([]HandoverItem, error) {
	c, err := contract(ctx, s.DB, which)
	if err != nil {
		return nil, err
	}
	obj, err := s.reach(ctx, c, authz.ContractHandover)
	if err != nil {
		return nil, err
	}
	if err := authz.Require(p, authz.ContractRead, obj); err != nil {
		return nil, err
	}
	list, err := items(ctx, s.DB, which)
	slices.SortFunc(list, func(a, b HandoverItem) int {
		return cmp.Compare(slices.Index(itemKinds, a.Item), slices.Index(itemKinds, b.Item))
	})
	return list, err
}
