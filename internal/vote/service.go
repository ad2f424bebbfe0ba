package vote

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/ledger"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
)

// Place is the scope of a vote.
type Place struct {
	Path         string // scope path of the service area, of an estate the estate's
	Name         string
	Division     string  // code of the street or community around it, which decides the procedure
	ServiceAreas []id.ID // those in it: their residents are told
}

// Places knows the register.
type Places interface {
	// Place is the fault not_found for an unknown scope.
	Place(ctx context.Context, q dbx.Querier, scope Scope, place id.ID, entrance string) (Place, error)
	// Entrances names the entrances of a building that units in use have.
	Entrances(ctx context.Context, q dbx.Querier, building id.ID) ([]string, error)
	// Units lists the exclusive parts of a scope with their present owners, by address.
	Units(ctx context.Context, q dbx.Querier, scope Scope, place id.ID, entrance string, at clock.Instant) ([]Unit, error)
}

// Posts knows who works where.
type Posts interface {
	// InCompany tells whether a person holds a post in a property company now.
	InCompany(ctx context.Context, q dbx.Querier, person id.ID, at clock.Instant) (bool, error)
}

// Intake checks what is uploaded; *blob.Intake is one.
type Intake interface {
	Document(ctx context.Context, r io.Reader) (blob.Document, error)
}

// Files keeps documents; blob.Store is one.
type Files interface {
	Put(ctx context.Context, data []byte) (blob.Hash, error)
	Get(ctx context.Context, h blob.Hash) (io.ReadCloser, error)
}

// Keys makes the seed of a vote's receipt key, always the same for the same vote.
type Keys interface {
	VoteReceipts(vote id.ID) [32]byte
}

// Deps is what the service stands on.
type Deps struct {
	DB     *dbx.DB
	Clock  clock.Clock
	Rules  *rules.Set
	Ledger *ledger.Ledger
	Places Places
	Posts  Posts
	Intake Intake
	Files  Files
	Keys   Keys
}

// Service is the use cases of owners' votes.
type Service struct{ Deps }

// New returns the service.
func New(d Deps) *Service { return &Service{d} }

func (s *Service) now() clock.Instant { return clock.Now(s.Clock) }

// vote reads a vote that p may see with its items.
func (s *Service) vote(ctx context.Context, p authz.Principal, which id.ID) (Vote, []Item, error) {
	v, err := voteByID(ctx, s.DB, which)
	if err != nil {
		return v, nil, err
	}
	persons, err := electorPersons(ctx, s.DB, which, p.Person)
	if err == nil {
		err = authz.Require(p, authz.VoteRead, v.object(persons...))
	}
	if err != nil {
		return v, nil, err
	}
	items, err := itemsOf(ctx, s.DB, which)
	return v, items, err
}

// organise reads a vote for its organiser's next step. A vote that an owner proposed has none yet: whoever may organise there can.
func (s *Service) organise(ctx context.Context, p authz.Principal, which id.ID) (Vote, []Item, authz.Actor, error) {
	v, items, err := s.vote(ctx, p, which)
	if err != nil {
		return v, nil, authz.Actor{}, err
	}
	actor, err := authz.Act(p, authz.VoteOrganise, v.object())
	if err == nil && v.OrganiserID != nil && actor.Role != authz.RoleSystem && actor.Org != *v.OrganiserID {
		err = fault.New(fault.Forbidden, "vote.not_organiser")
	}
	return v, items, actor, err
}

// procedure is how votes are held where this one is.
func (s *Service) procedure(v Vote) *rules.VoteProcedure {
	if p := s.Rules.Votes.Find(v.Procedure); p != nil {
		return p
	}
	return s.Rules.Votes.ForDivision("")
}

// days is a parameter of the procedure as a duration of calendar days.
func (s *Service) days(v Vote, name rules.VoteParam) time.Duration {
	return time.Duration(s.procedure(v).Get(name)) * 24 * time.Hour
}

// move is a step of a vote on its way.
type move struct {
	step   Step
	actor  authz.Actor
	at     clock.Instant
	now    Vote // as read
	next   Vote // as written
	detail map[string]any
	leaf   map[string]any // what the ledger keeps of the step; nil for nothing
}

// effect adds to a step in its transaction.
type effect func(ctx context.Context, tx *dbx.Tx, m *move) error

// Taken is how a step was asked for: once, and on the version that the caller saw.
type Taken struct {
	Once    idem.Key
	Version int64
}

// take is step in a transaction of its own. A repetition with the same key answers with the vote as it is.
func (s *Service) take(ctx context.Context, t Taken, actor authz.Actor, v Vote, step Step, do effect) (Vote, error) {
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := t.Once.Claim(ctx, tx, v.ID); err != nil || again {
			return err
		}
		if t.Version != v.Version {
			return fault.New(fault.Stale, "version.stale")
		}
		return s.step(ctx, tx, actor, v, step, do)
	})
	if err != nil {
		return Vote{}, err
	}
	return voteByID(ctx, s.DB, v.ID)
}

// step moves a vote: state and version are conditions of the update, so that of several who do it at once one does. The event, the
// audit record, the ledger's leaf and the notice are written with it.
func (s *Service) step(ctx context.Context, tx *dbx.Tx, actor authz.Actor, v Vote, step Step, do effect) error {
	if !v.State.can(step) {
		return impossible(v)
	}
	m := &move{step: step, actor: actor, at: s.now(), now: v, next: v, detail: map[string]any{}}
	m.next.State, m.next.Version, m.next.ChangedAt = v.State.after(step), v.Version+1, m.at
	err := claimVote(ctx, tx, v, m.next.State)
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Stale, "version.stale")
	}
	if err != nil {
		return err
	}
	if err := do(ctx, tx, m); err != nil {
		return err
	}
	if err := updateVote(ctx, tx, m.next); err != nil {
		return err
	}
	return s.record(ctx, tx, m)
}

func impossible(v Vote) error {
	return fault.New(fault.Conflict, "vote.step_impossible", "state", string(v.State))
}

func (s *Service) record(ctx context.Context, tx *dbx.Tx, m *move) error {
	detail, err := json.Marshal(m.detail)
	if err != nil {
		return err
	}
	from := m.now.State
	if m.step == StepPropose {
		from = ""
	}
	if err := insertEvent(ctx, tx, m, from, string(detail)); err != nil {
		return err
	}
	if m.leaf != nil {
		if err := addLeaf(ctx, tx, m.next, string(m.step), m.at, m.leaf); err != nil {
			return err
		}
	}
	err = s.audit(ctx, tx, m.actor, m.next, "vote."+string(m.step), m.detail)
	if err != nil || m.next.State == m.now.State {
		return err
	}
	return s.tell(ctx, tx, m.next, "vote."+string(m.next.State), m.at, nil)
}

func (s *Service) audit(ctx context.Context, tx *dbx.Tx, actor authz.Actor, v Vote, action string, detail map[string]any) error {
	return audit.Record(ctx, tx, s.now(), audit.Entry{Actor: actor, Action: action, ObjectKind: "vote", ObjectID: v.ID, ScopePath: v.ScopePath, Detail: detail})
}

// tell notes that something happened, for each service area of the scope.
func (s *Service) tell(ctx context.Context, tx *dbx.Tx, v Vote, topic string, at clock.Instant, persons []id.ID) error {
	place, err := s.Places.Place(ctx, tx, v.Scope, v.PlaceID, v.Entrance)
	if err != nil {
		return err
	}
	for _, area := range place.ServiceAreas {
		payload := map[string]any{"vote": v.ID, "serviceArea": area}
		if persons != nil {
			payload["persons"] = persons
		}
		if err := outbox.Add(ctx, tx, at, topic, v.ID, payload); err != nil {
			return err
		}
		if persons != nil {
			return nil
		}
	}
	return nil
}

// Votes lists the votes of one's area or home, newest first.
func (s *Service) Votes(ctx context.Context, p authz.Principal, states []State, req page.Request) (page.Page[Vote], error) {
	grants, err := authz.Holds(p, authz.VoteRead)
	if err != nil {
		return page.Page[Vote]{}, err
	}
	parts, err := page.Decode(req.Cursor, 1)
	if err != nil {
		return page.Page[Vote]{}, err
	}
	var before *id.ID
	if parts != nil {
		last, err := id.Parse(parts[0])
		if err != nil {
			return page.Page[Vote]{}, fault.InvalidField("query.cursor", "page.cursor")
		}
		before = &last
	}
	list, err := listVotes(ctx, s.DB, p, grants, states, before, req.Size()+1)
	if err != nil {
		return page.Page[Vote]{}, err
	}
	return page.Cut(list, req.Size(), func(v Vote) []string { return []string{v.ID.String()} }), nil
}
