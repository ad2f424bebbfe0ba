package contract

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/outbox"
)

// Taken is how a step was asked for: once only, and, where Version is not nil, on one version.
type Taken struct {
	Once    idem.Key
	Version *int64
}

// move is a step being taken: the contract before and after, who, when, and what the records say of it.
type move struct {
	step   Step
	now    Contract
	next   Contract
	actor  authz.Actor
	at     clock.Instant
	today  clock.Date
	detail map[string]any    // codes, ids, dates and numbers
	said   map[string]string // free text, which the event keeps and the sealed audit never sees
	topics []string          // outbox topics besides the records
}

// note adds a value to what the records say.
func (m *move) note(key string, value any) { m.detail[key] = value }

// say keeps a text with the event.
func (m *move) say(key, text string) {
	if text != "" {
		m.said[key] = text
	}
}

// effect is what a step does beyond the contract's own row. It may run again, so it touches only tx and m.
type effect func(ctx context.Context, tx *dbx.Tx, m *move) error

// errRaced says that somebody else changed the contract between reading and claiming it.
var errRaced = errors.New("contract: somebody was faster")

// take is the way of every step: permission, then in one transaction the claim, the state, the effect, the
// row, event, audit and outbox. A repetition with the same key changes nothing. Faults: not_found;
// version.stale; contract.step_illegal (Conflict) with the steps that are possible now.
func (s *Service) take(ctx context.Context, p authz.Principal, which id.ID, step Step, how Taken, do effect) (Contract, error) {
	perm := rowOf(step).perm
	c, err := contract(ctx, s.DB, which)
	if err != nil {
		return Contract{}, err
	}
	obj, err := s.reach(ctx, c, perm)
	if err != nil {
		return Contract{}, err
	}
	actor, err := authz.Act(p, perm, obj)
	if err != nil {
		return Contract{}, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := how.Once.Claim(ctx, tx, which); err != nil || again {
			return err
		}
		return s.step(ctx, tx, which, how.Version, &move{step: step, actor: actor}, do)
	})
	if errors.Is(err, errRaced) {
		return Contract{}, s.lost(ctx, which, step)
	}
	if err != nil {
		return Contract{}, err
	}
	return contract(ctx, s.DB, which)
}

// reach is the contract as permissions see it. During a hand-over the organisation that handles the place
// now has a part in it too.
func (s *Service) reach(ctx context.Context, c Contract, perm authz.Permission) (authz.Object, error) {
	obj := c.object()
	if perm != authz.ContractHandover {
		return obj, nil
	}
	handler, err := s.Handler(ctx, s.DB, c.ServiceAreaID)
	if !handler.IsZero() {
		obj.Orgs = append(obj.Orgs, handler)
	}
	return obj, err
}

// step does the work of take inside the transaction.
func (s *Service) step(ctx context.Context, tx *dbx.Tx, which id.ID, version *int64, m *move, do effect) error {
	c, err := contract(ctx, tx, which)
	if err != nil {
		return err
	}
	if version != nil && *version != c.Version {
		return fault.New(fault.Stale, "version.stale")
	}
	if err := allow(c.State, m.step); err != nil {
		return err
	}
	if err := claimVersion(ctx, tx, c); err != nil {
		if errors.Is(err, dbx.ErrNoMatch) {
			return errRaced
		}
		return err
	}
	m.begin(c, s)
	if err := do(ctx, tx, m); err != nil {
		return err
	}
	return s.finish(ctx, tx, m)
}

func (m *move) begin(c Contract, s *Service) {
	m.at, m.today, m.now, m.next = s.now(), s.today(), c, c
	m.next.Version, m.next.ChangedAt = c.Version+1, m.at
	m.detail, m.said, m.topics = map[string]any{}, map[string]string{}, nil
}

// finish writes the row and the records of a move.
func (s *Service) finish(ctx context.Context, tx *dbx.Tx, m *move) error {
	if err := updateContract(ctx, tx, m.next); err != nil {
		return numberTaken(err)
	}
	return s.records(ctx, tx, m)
}

// records writes event, audit and outbox of a move.
func (s *Service) records(ctx context.Context, tx *dbx.Tx, m *move) error {
	full := maps.Clone(m.detail)
	for key, text := range m.said {
		full[key] = text
	}
	body, err := json.Marshal(full)
	if err != nil {
		return fmt.Errorf("contract event: %w", err)
	}
	err = insertEvent(ctx, tx, m.next.ID, Event{Seq: m.next.Version, At: m.at, Kind: string(m.step), From: m.now.State, To: m.next.State,
		Person: m.actor.Person.Ptr(), Org: m.actor.Org.Ptr(), Role: string(m.actor.Role), Post: m.actor.Post.Ptr(), Detail: body})
	if err != nil {
		return err
	}
	err = audit.Record(ctx, tx, m.at, audit.Entry{Actor: m.actor, Action: "contract." + string(m.step), ObjectKind: "contract", ObjectID: m.next.ID,
		ScopePath: m.next.ScopePath, Detail: m.detail})
	if err != nil {
		return err
	}
	for _, topic := range m.topics {
		if err := outbox.Add(ctx, tx, m.at, topic, m.next.ID, m.payload()); err != nil {
			return err
		}
	}
	return nil
}

// told is the payload of the topics contract.*.
type told struct {
	Contract    id.ID  `json:"contract"`
	ServiceArea id.ID  `json:"serviceArea"`
	Company     id.ID  `json:"company"`
	Owners      *id.ID `json:"owners,omitempty"`
	State       State  `json:"state"`
}

func (m *move) payload() told {
	return told{m.next.ID, m.next.ServiceAreaID, m.next.CompanyID, m.next.OwnersID, m.next.State}
}

// lost tells the loser of a race what is possible now.
func (s *Service) lost(ctx context.Context, which id.ID, step Step) error {
	c, err := contract(ctx, s.DB, which)
	if err != nil {
		return err
	}
	if err := allow(c.State, step); err != nil {
		return err
	}
	return fault.New(fault.Conflict, "contract.changed")
}

// numberTaken translates the refusals of the contract's unique keys.
func numberTaken(err error) error {
	switch {
	case dbx.DuplicateOf(err, "live_number"):
		return fault.New(fault.Conflict, "contract.number_taken").Because(err)
	case dbx.DuplicateOf(err, "force_area"):
		return fault.New(fault.Conflict, "contract.other_in_force").Because(err)
	}
	return err
}

// side is the party that the actor stands for; the fault contract.not_party (Forbidden) for anybody else.
func (m *move) side() (Side, error) { return sideOf(m.now, m.actor) }

func sideOf(c Contract, actor authz.Actor) (Side, error) {
	switch {
	case actor.Org.IsZero():
	case actor.Org == c.CompanyID:
		return CompanySide, nil
	case c.OwnersID != nil && actor.Org == *c.OwnersID:
		return OwnersSide, nil
	}
	return "", fault.New(fault.Forbidden, "contract.not_party")
}

// office refuses everybody but the street office: what it does here is bound to it by law (R1.8).
func office(actor authz.Actor) error {
	if actor.Role == authz.RoleStreetOffice || actor.Role == authz.RoleSystem {
		return nil
	}
	return fault.New(fault.Forbidden, "contract.office_only")
}
