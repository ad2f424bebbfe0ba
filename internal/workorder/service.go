package workorder

import (
	"context"
	"time"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// Places tells where things are. NotFound when there is no such place.
type Places interface {
	ServiceArea(ctx context.Context, q dbx.Querier, serviceArea id.ID) (Place, error)
	Unit(ctx context.Context, q dbx.Querier, unit id.ID) (UnitPlace, error)
	PublicArea(ctx context.Context, q dbx.Querier, publicArea id.ID) (PublicPlace, error)
}

// Areas tells the level of a division or place: "street", "community", "estate" or another.
type Areas interface {
	Level(ctx context.Context, q dbx.Querier, area id.ID) (string, error)
}

// Arrangements tells who handles a service area now and what the contract in force promises.
type Arrangements interface {
	// Handler is the zero ID when nobody does.
	Handler(ctx context.Context, q dbx.Querier, serviceArea id.ID) (id.ID, error)
	// Promise is nil when the contract in force has none for this category and severity.
	Promise(ctx context.Context, q dbx.Querier, serviceArea id.ID, category, severity string) (*Promise, error)
}

// Successors tells who follows an organisation that orders were named for.
type Successors interface {
	// Follower is who does an order in the place of handler now: handler itself where it was not replaced.
	Follower(ctx context.Context, q dbx.Querier, order, handler id.ID) (id.ID, error)
}

// Org is what an order needs to know of an organisation.
type Org struct {
	ID     id.ID
	Kind   string // as package org names it: "company", "department", "residents_committee", …
	Path   string // scope path of the area it is competent for; empty for companies
	Active bool
}

// Orgs knows organisations and who works for them.
type Orgs interface {
	Org(ctx context.Context, q dbx.Querier, org id.ID) (Org, error)
	WorksFor(ctx context.Context, q dbx.Querier, org, person id.ID, at clock.Instant) (bool, error)
}

// People knows the name and phone of a natural person, either possibly empty.
type People interface {
	NameAndPhone(ctx context.Context, q dbx.Querier, person id.ID) (name, phone string, err error)
}

// Sealer keeps personal data; *personal.Vault is one.
type Sealer interface {
	Seal(f personal.Field, row id.ID, plaintext string) ([]byte, error)
	Open(f personal.Field, row id.ID, sealed []byte) (string, error)
	Index(f personal.Field, plaintext string) []byte
}

// Deps is what the service stands on.
type Deps struct {
	DB           *dbx.DB
	Clock        clock.Clock
	Rules        *rules.Set
	Vault        Sealer
	Reads        *personal.Reads
	Places       Places
	Areas        Areas
	Arrangements Arrangements
	Successors   Successors
	Orgs         Orgs
	People       People
	Scopes       Scopes       // scope paths of areas
	Photos       PhotoIntake  // *blob.Intake: checks photos and draws them anew
	Shelf        Shelf        // blob.Store: where photos are kept
	MessageLimit MessageLimit // bounds relay messages; nil bounds none
	UploadLimit  UploadLimit  // bounds a person's uploads; nil bounds none
	Sessions     Sessions     // finds out anew who listens to the change stream; nil ends a stream after a minute
}

// Service is the use cases of work orders.
type Service struct {
	Deps
	clocks Clocks
	hub    *hub // hands changes to the streams of this process
}

// New makes the service.
func New(d Deps) *Service { return &Service{Deps: d, clocks: NewClocks(d.Rules), hub: newHub()} }

func (s *Service) now() clock.Instant { return clock.Now(s.Clock) }

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }

func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

// move is a step being taken: what it changes and what it leaves behind.
type move struct {
	order *Order
	next  Facts // what the order will be
	actor authz.Actor
	now   clock.Instant
	info  map[string]any // codes, ids and numbers for the event, the audit and the outbox
	text  string         // free text, kept apart from the event's detail
	topic string         // outbox topic; empty tells nobody
}

// say checks what is written with the step and keeps it. It is done by effects, that is behind the permission: who
// may not see an order learns nothing from what is wrong with a text.
func (m *move) say(path, words string, least, most int) (err error) {
	m.text, err = text.Paragraph(path, words, least, most)
	return err
}

// effect is what a step does beyond changing the state. It may run again, so it only touches tx and m.
type effect func(ctx context.Context, tx *dbx.Tx, m *move) error

// Taken is how a step was asked for: once only, and, where the caller sent If-Match, on one version.
type Taken struct {
	Once    idem.Key
	Version *int64
}

// take is the way of every step: permission, state and conditions, then in one transaction the claim, the
// effect, the conditional update, event, audit and outbox. A repetition with the same key changes nothing
// and answers with the order as it is now.
func (s *Service) take(ctx context.Context, p authz.Principal, order id.ID, step Step, how Taken, do effect) (OrderView, error) {
	o, err := s.load(ctx, order, step)
	if err != nil {
		return OrderView{}, err
	}
	if err := o.seenBy(p); err != nil {
		return OrderView{}, err
	}
	row := rowOf(step)
	now := s.now()
	var after *Order
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := how.Once.Claim(ctx, tx, o.ID); err != nil || again {
			after = nil
			return err
		}
		actor, err := admit(row, situation{order: o, p: p, now: now, rules: s.Rules.WorkOrders})
		if err != nil {
			return err
		}
		if how.Version != nil && *how.Version != o.Version {
			return fault.New(fault.Stale, "version.stale")
		}
		after, err = s.perform(ctx, tx, o, row, actor, now, do)
		return err
	})
	if err != nil {
		return OrderView{}, err
	}
	s.hub.wake()
	if after == nil {
		return s.Show(ctx, p, order)
	}
	return View(after, p, now), nil
}

// guarded are the steps whose conditions ask who has worked on the order.
var guarded = map[Step]bool{
	StepUphold: true, StepDismiss: true, StepApproveDefer: true, StepRefuseDefer: true, StepApproveExtension: true, StepRefuseExtension: true,
	StepVerify: true, StepReject: true, StepConfirm: true, StepClose: true,
}

func (s *Service) load(ctx context.Context, order id.ID, step Step) (*Order, error) {
	o, err := orderByID(ctx, s.DB, order)
	if err == nil && guarded[step] {
		err = o.loadWorkers(ctx, s.DB)
	}
	return o, err
}

// perform does the step inside tx and returns the order as it is afterwards. A step that came second gets
// the conflict that names what is possible now, if the order has moved on.
func (s *Service) perform(ctx context.Context, tx *dbx.Tx, o *Order, row legal, actor authz.Actor, now clock.Instant, do effect) (*Order, error) {
	m := &move{order: o, next: o.Facts, actor: actor, now: now, info: map[string]any{}}
	switch row.to {
	case same:
	case prior:
		m.next.State, m.next.PriorState = o.PriorState, ""
	default:
		m.next.State = row.to
	}
	if err := do(ctx, tx, m); err != nil {
		return nil, err
	}
	if err := s.settle(ctx, tx, m); err != nil {
		return nil, err
	}
	set := o.changesTo(m.next)
	err := o.update(ctx, tx, set, m.next, now)
	if isNoMatch(err) {
		return nil, fault.New(fault.Conflict, "workorder.changed_meanwhile")
	}
	if err != nil {
		return nil, err
	}
	after := *o
	after.Facts, after.Version, after.UpdatedAt = m.next, o.Version+1, now
	return &after, s.record(ctx, tx, row.step, m, set, after.Version)
}

// settle derives the due times and whose move it is.
func (s *Service) settle(ctx context.Context, tx *dbx.Tx, m *move) error {
	var stops Stops
	if m.next.ClockStart != nil && m.next.ClockRound == m.order.ClockRound {
		spans, err := pausesOf(ctx, tx, &Order{ID: m.order.ID, Facts: m.next})
		if err != nil {
			return err
		}
		stops.Pauses = spans
	}
	weather, err := s.weather(ctx, tx, m.next)
	if err != nil {
		return err
	}
	stops.Weather = weather
	s.clocks.recompute(&m.next, stops)
	return nil
}

// record appends the event, the audit record and the outbox event of a step.
func (s *Service) record(ctx context.Context, tx *dbx.Tx, step Step, m *move, set []change, seq int64) error {
	detail, err := encodeDetail(set, m.info)
	if err != nil {
		return err
	}
	e := Event{
		OrderID: m.order.ID, Seq: seq, At: m.now, Kind: step, From: m.order.State, To: m.next.State,
		ActorRole: string(m.actor.Role), ActorID: m.actor.Person.Ptr(), ActorOrg: m.actor.Org.Ptr(), Detail: detail,
	}
	if m.text != "" {
		e.Text = &m.text
	}
	if err := e.insert(ctx, tx); err != nil {
		return err
	}
	err = audit.Record(ctx, tx, m.now, audit.Entry{
		Actor: m.actor, Action: "workorder." + string(step), ObjectKind: "work_order", ObjectID: m.order.ID, ScopePath: m.next.ScopePath,
		Detail: map[string]any{"seq": seq, "from": m.order.State, "to": m.next.State, "info": m.info},
	})
	if err != nil || m.topic == "" {
		return err
	}
	return outbox.Add(ctx, tx, m.now, m.topic, m.order.ID, m.payload(seq))
}

// payload is what other parts of the program learn of a step: ids and codes, never who reported.
func (m *move) payload(seq int64) map[string]any {
	out := map[string]any{
		"order": m.order.ID, "number": m.next.Number, "seq": seq, "state": m.next.State, "category": m.next.Category, "severity": m.next.Severity,
		"serviceArea": m.next.ServiceAreaID, "handler": m.next.HandlerOrgID, "assignee": m.next.AssigneeID, "community": m.next.CommunityID, "street": m.next.StreetID,
	}
	for k, v := range m.info {
		out[k] = v
	}
	return out
}
