package survey

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/ledger"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/rules"
)

// Place is a service area as a survey needs it.
type Place struct {
	ServiceAreaID id.ID
	Path          string
	Name          string // with the estate's: what people call it
}

// Home is a dwelling in use as the register has it.
type Home struct {
	Unit      id.ID
	Building  id.ID
	Block     string // the building's name
	Label     string // 1号楼 2单元 301
	Household id.ID  // zero where nobody is known to live
	Occupied  string // owner, let, vacant or unknown
}

// Places knows service areas and the dwellings in them.
type Places interface {
	// ServiceArea is the fault not_found for an unknown one.
	ServiceArea(ctx context.Context, q dbx.Querier, serviceArea id.ID) (Place, error)
	// Homes lists the residential units in use of a service area that were handed over, by building and number.
	Homes(ctx context.Context, q dbx.Querier, serviceArea id.ID) ([]Home, error)
}

// Resident is a member of a household now.
type Resident struct {
	Household id.ID
	Person    id.ID
	Tenant    bool // an occupant, not an owner
}

// Residents knows who lives in a service area.
type Residents interface {
	// Present lists the uncontested owners and occupants with accounts, without helpers.
	Present(ctx context.Context, q dbx.Querier, path string, at clock.Instant) ([]Resident, error)
	// HasAccount tells whether an uncontested owner or occupant of a unit at a path has an account.
	HasAccount(ctx context.Context, q dbx.Querier, path string, unit id.ID, at clock.Instant) (bool, error)
	// Units lists the units of the households that a person belongs to, as an owner or occupant.
	Units(ctx context.Context, q dbx.Querier, person id.ID, at clock.Instant) ([]id.ID, error)
}

// Arrangement is who handles a service area and who stands for its owners.
type Arrangement struct {
	Company  id.ID // zero where no company is at work
	Contract id.ID
	Owners   id.ID
}

// Arrangements knows the arrangement in force.
type Arrangements interface {
	Serving(ctx context.Context, q dbx.Querier, serviceArea id.ID) (Arrangement, error)
}

// Posts knows who works where.
type Posts interface {
	// Staff lists the persons with a post in an organisation now.
	Staff(ctx context.Context, q dbx.Querier, org id.ID, at clock.Instant) ([]id.ID, error)
}

// Keys keeps the signing keys of rounds encrypted.
type Keys interface {
	Seal(row id.ID, plain []byte) ([]byte, error)
	Open(row id.ID, sealed []byte) ([]byte, error)
	// Receipts is the seed of a round's receipt key, always the same for the same round.
	Receipts(round id.ID) ballot.Hash
}

// Deps is what the service stands on.
type Deps struct {
	DB           *dbx.DB
	Clock        clock.Clock
	Rules        *rules.Set
	Ledger       *ledger.Ledger
	Places       Places
	Residents    Residents
	Arrangements Arrangements
	Contracts    Contracts
	Posts        Posts
	Keys         Keys
	NewKey       func(bits int) (*ballot.PrivateKey, error) // makes a signing key; ballot.GenerateKey where nil
	Limits       Limits
	Extents      Extents
	Companies    Companies
}

// Service is the use cases of surveys.
type Service struct {
	Deps
	signer    *ballot.Signer
	verifier  *ballot.Verifier
	intake    *intake
	narrow    *ballot.Verifier // for addresses that sent too many forged ballots
	bundles   chan struct{}    // a place for each bundle that is being written
	residue   atomic.Bool      // something was deleted that the files of an embedded database may still show
	keys      sync.Map         // ballot.Hash of a key → signing
	examining sync.Mutex       // held while a key is looked at that is not among them
	forms     sync.Map         // id.ID of an open round → asked
	rolled    rolled
	ahead     atomic.Pointer[ahead]
	standards sync.Map // id.ID of a round that was opened → standard
}

func (s *Service) now() clock.Instant { return clock.Now(s.Clock) }

// round reads a round with its projects for p: what p may not see is not found. Who is competent for one of its service
// areas, works there, or lives there sees the round.
func (s *Service) round(ctx context.Context, p authz.Principal, which id.ID) (Round, []Project, error) {
	r, err := roundByID(ctx, s.DB, which)
	if err != nil {
		return r, nil, err
	}
	projects, err := projectsOf(ctx, s.DB, which)
	if err != nil {
		return r, nil, err
	}
	for _, pr := range projects {
		if err = authz.Require(p, authz.SurveyRead, r.object(pr)); err == nil {
			return r, projects, nil
		}
	}
	return r, nil, err
}

// move is a step of a round on its way.
type move struct {
	step   Step
	actor  authz.Actor
	at     clock.Instant
	now    Round // as read
	next   Round // as written
	detail map[string]any
}

// effect adds to a step in its transaction.
type effect func(ctx context.Context, tx *dbx.Tx, m *move) error

// Taken is how a step was asked for: once, and on the version that the caller saw.
type Taken struct {
	Once    idem.Key
	Version int64
}

// take is step in a transaction of its own. A repetition with the same key answers with the round as it is.
func (s *Service) take(ctx context.Context, t Taken, actor authz.Actor, r Round, step Step, do effect) (Round, error) {
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := t.Once.Claim(ctx, tx, r.ID); err != nil || again {
			return err
		}
		if t.Version != r.Version {
			return fault.New(fault.Stale, "version.stale")
		}
		return s.step(ctx, tx, actor, r, step, do)
	})
	if err != nil {
		return Round{}, err
	}
	return roundByID(ctx, s.DB, r.ID)
}

// step moves a round: the state and the version are conditions of the update, so that of several who do it at once one
// does. The event, the audit record and the notice are written with it.
func (s *Service) step(ctx context.Context, tx *dbx.Tx, actor authz.Actor, r Round, step Step, do effect) error {
	if !r.State.can(step) {
		return fault.New(fault.Conflict, "survey.step_impossible", "state", string(r.State))
	}
	m := &move{step: step, actor: actor, now: r, next: r, detail: map[string]any{}}
	m.next.State, m.next.Version = r.State.after(step), r.Version+1
	err := claimRound(ctx, tx, r, m.next.State)
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Stale, "version.stale")
	}
	if err != nil {
		return err
	}
	if m.at = s.now(); step == StepPublish || step == StepRevise {
		if m.at, err = s.moment(ctx, tx, r.ID); err != nil {
			return err
		}
	}
	m.next.ChangedAt = m.at
	if err := do(ctx, tx, m); err != nil {
		return err
	}
	if err := updateRound(ctx, tx, m.next); err != nil {
		return err
	}
	return s.record(ctx, tx, m)
}

func (s *Service) record(ctx context.Context, tx *dbx.Tx, m *move) error {
	detail, err := json.Marshal(m.detail)
	if err != nil {
		return err
	}
	from := m.now.State
	if m.step == StepCreate {
		from = ""
	}
	if err := insertEvent(ctx, tx, m, from, string(detail)); err != nil {
		return err
	}
	err = audit.Record(ctx, tx, m.at, audit.Entry{Actor: m.actor, Action: "survey." + string(m.step), ObjectKind: "survey_round",
		ObjectID: m.next.ID, ScopePath: m.next.ScopePath, Detail: m.detail})
	if err != nil || m.next.State == m.now.State {
		return err
	}
	projects, err := projectsOf(ctx, tx, m.next.ID)
	if err != nil {
		return err
	}
	for _, p := range projects { // people are told by the place they live in or work for
		if err := outbox.Add(ctx, tx, m.at, "survey."+string(m.next.State), m.next.ID, map[string]any{"round": m.next.ID, "serviceArea": p.ServiceAreaID}); err != nil {
			return err
		}
	}
	return nil
}
