package renovation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/rules"
)

// maxFen bounds every amount: ten billion yuan.
const maxFen = 1_000_000_000_000

// Building is a building of a place with its entrances.
type Building struct {
	ID            id.ID
	ServiceAreaID id.ID
	Name          string
	Entrances     []string // empty where it has one
}

// Place is an estate or a service area.
type Place struct {
	AreaID       id.ID
	Path         string
	Name         string
	Division     string  // code of the street or community around it; empty where none is known
	ServiceAreas []id.ID // that it has, or itself
	Dwellings    int64
	Buildings    []Building
}

// concerned lists the service areas in which something is done; no parts are the whole.
func (p Place) concerned(parts []Part) []id.ID {
	if len(parts) == 0 {
		return p.ServiceAreas
	}
	var out []id.ID
	for _, b := range p.Buildings {
		here := slices.ContainsFunc(parts, func(part Part) bool { return part.BuildingID == b.ID })
		if here && !slices.Contains(out, b.ServiceAreaID) {
			out = append(out, b.ServiceAreaID)
		}
	}
	return out
}

// named are the names of parts, in their order.
func (p Place) named(parts []Part) []string {
	out := make([]string, 0, len(parts))
	for _, part := range parts {
		i := slices.IndexFunc(p.Buildings, func(b Building) bool { return b.ID == part.BuildingID })
		if i >= 0 {
			out = append(out, strings.TrimSpace(p.Buildings[i].Name+" "+part.Entrance))
		}
	}
	return out
}

// pathOf is the scope path of a service area of the place.
func (p Place) pathOf(area id.ID) string {
	if area == p.AreaID {
		return p.Path
	}
	return authz.ChildPath(p.Path, area)
}

// Unit is a unit in use with its exclusive area.
type Unit struct {
	ID         id.ID
	BuildingID id.ID
	Entrance   string
	Address    string // 1号楼 2单元 301
	Area       int64  // in 0.01 m²; 0 where none is known
}

// Places knows estates, service areas and what is built there.
type Places interface {
	// Place is the fault not_found for anything but an estate or a service area.
	Place(ctx context.Context, q dbx.Querier, area id.ID) (Place, error)
	// Units lists the units in use at or below a path, in the order of their addresses.
	Units(ctx context.Context, q dbx.Querier, path string) ([]Unit, error)
	// Path is the scope path of an area of any kind; not_found.
	Path(ctx context.Context, q dbx.Querier, area id.ID) (string, error)
}

// Org is what a renovation needs to know of an organisation.
type Org struct {
	ID     id.ID
	Kind   string // as package org names it: "contractor", "utility", "company", …
	Name   string
	Phone  string // of its office
	Active bool
}

// Orgs knows organisations and who works there.
type Orgs interface {
	// Org is the fault not_found for an unknown one.
	Org(ctx context.Context, q dbx.Querier, org id.ID) (Org, error)
	// Staff lists the persons with a post in an organisation at a moment.
	Staff(ctx context.Context, q dbx.Querier, org id.ID, at clock.Instant) ([]id.ID, error)
}

// Serving is who looks after a service area.
type Serving struct {
	ServiceAreaID id.ID
	HandlerID     id.ID // zero where nobody does
	OwnersRepID   id.ID
	LongTerm      bool // by a contract or by the owners themselves, not for the time being
}

// Arrangements knows the arrangements in force at or below a path.
type Arrangements interface {
	Serving(ctx context.Context, q dbx.Querier, path string) ([]Serving, error)
	// Served lists the paths of the service areas that an organisation looks after.
	Served(ctx context.Context, q dbx.Querier, org id.ID) ([]string, error)
}

// Decision is an owners' decision that passed and is in force.
type Decision struct {
	ID    id.ID
	Item  int64         // of Civil Code 278
	Path  string        // of the place whose owners decided
	Parts []Part        // and of the buildings or entrances; empty for all of it
	Asked clock.Instant // when owners were told what is asked: it was about the plan or the request as that was then
	On    clock.Date
	Tally Tally
	Shown bool // the totals may be kept and told: they give no single vote away
}

// Decisions knows what owners decided on this platform.
type Decisions interface {
	// Passed is the newest decision in favour of an item of a plan, or of a request for maintenance money; false where none is in force.
	Passed(ctx context.Context, q dbx.Querier, subject id.ID) (Decision, bool, error)
	// Held are the newest votes about items of plans or requests, by their subject; votes that were cancelled are none.
	Held(ctx context.Context, q dbx.Querier, subjects []id.ID) (map[id.ID]Held, error)
}

// Held is a vote about an item of a plan or a request for maintenance money, however far it is.
type Held struct {
	ID    id.ID  `json:"id"`
	State string `json:"state" enum:"proposed,announced,roll_posted,open,extended,closed,counted,published,effective,ordered,revoked"`
}

// Round is a survey round as a project asks about it.
type Round struct {
	Template string
	Paths    []string // of its service areas
	Public   bool     // its result is published
	OpenedOn clock.Date
}

// Surveys knows survey rounds.
type Surveys interface {
	// Round is the fault not_found for an unknown one.
	Round(ctx context.Context, q dbx.Querier, round id.ID) (Round, error)
}

// NewOrder is a work order to be made of what was found on a site.
type NewOrder struct {
	ServiceAreaID id.ID
	Category      string
	Title         string
	Text          string
	HandlerID     id.ID
}

// Orders makes work orders and knows which are over.
type Orders interface {
	Raise(ctx context.Context, tx *dbx.Tx, actor authz.Actor, in NewOrder, at clock.Instant) (order id.ID, number string, err error)
	// PassOn puts those of some orders that are still to be done into the hands of to; what is done already stays with who did it.
	PassOn(ctx context.Context, tx *dbx.Tx, orders []id.ID, to id.ID, at clock.Instant) error
	// Unfinished are those of some orders that are not over, with whether they are done and wait for somebody to look at it.
	Unfinished(ctx context.Context, q dbx.Querier, orders []id.ID) (map[id.ID]bool, error)
}

// People knows names.
type People interface {
	// Masked returns names as anybody may see them; who is unknown has none.
	Masked(ctx context.Context, q dbx.Querier, persons []id.ID) (map[id.ID]string, error)
}

// Intake checks what is uploaded; *blob.Intake is one.
type Intake interface {
	Document(ctx context.Context, r io.Reader) (blob.Document, error)
	Image(ctx context.Context, r io.Reader) (blob.Picture, error)
	Thumbnail(ctx context.Context, picture []byte) (blob.Picture, error)
}

// UploadLimit bounds how many bytes a person sends in; a refusal is a RateLimited fault.
type UploadLimit interface {
	AllowBytes(ctx context.Context, person id.ID, bytes int64) error
}

// Files keeps documents; blob.Store is one.
type Files interface {
	Put(ctx context.Context, data []byte) (blob.Hash, error)
	Get(ctx context.Context, h blob.Hash) (io.ReadCloser, error)
}

// Deps is what the service stands on.
type Deps struct {
	DB           *dbx.DB
	Clock        clock.Clock
	Rules        *rules.Set
	Places       Places
	Orgs         Orgs
	Arrangements Arrangements
	Decisions    Decisions
	Surveys      Surveys
	Orders       Orders
	People       People
	Intake       Intake
	Files        Files
	UploadLimit  UploadLimit // nil for none
}

// Service is the use cases of renovations and of the maintenance fund.
type Service struct{ Deps }

// New returns the service.
func New(d Deps) *Service { return &Service{d} }

func (s *Service) now() clock.Instant { return clock.Now(s.Clock) }

func (s *Service) today() clock.Date { return clock.DateOf(s.Clock.Now()) }

// Taken is how a step was asked for: once only, and, where Version is not nil, on one version.
type Taken struct {
	Once    idem.Key
	Version *int64
}

// move is a step being taken: the project before and after, who, when, and what the records say of it.
type move struct {
	step   Step
	now    Project
	next   Project
	actor  authz.Actor
	at     clock.Instant
	today  clock.Date
	detail map[string]any            // codes, ids, dates and numbers
	said   map[string]string         // free text, which the event keeps and the sealed audit never sees
	topics map[string]map[string]any // outbox topics beside the records, with what their payload says beside the place
	keeps  bool                      // the version stays: nothing that an editor of the project saw has changed
}

func (m *move) note(key string, value any) { m.detail[key] = value }

// because keeps the reason that was given, in the words of who gave it.
func (m *move) because(reason string) { m.said["reason"] = reason }

// tell puts a notice into the outbox with the step, one for each service area: people are told by the place they live in.
func (m *move) tell(topic string, more map[string]any) { m.topics[topic] = more }

// effect is what a step does beyond the project's own row. It may run again, so it touches only tx and m.
type effect func(ctx context.Context, tx *dbx.Tx, m *move) error

// project reads a project for p: what p may not see is not found.
func (s *Service) project(ctx context.Context, p authz.Principal, which id.ID) (Project, error) {
	pr, obj, err := s.reach(ctx, which)
	if err != nil {
		return pr, err
	}
	return pr, authz.Require(p, authz.RenovationRead, readable(obj))
}

// readable is a project or a request to be read: by who answers for a part of its place too, as the committee of one phase of an estate.
func readable(obj authz.Object) authz.Object {
	obj.Around = true
	return obj
}

// reach is a project with what permissions need to know of it.
func (s *Service) reach(ctx context.Context, which id.ID) (Project, authz.Object, error) {
	pr, err := projectByID(ctx, s.DB, which)
	if err != nil {
		return pr, authz.Object{}, err
	}
	handlers, err := s.handlers(ctx, s.DB, pr.ScopePath)
	if err != nil {
		return pr, authz.Object{}, err
	}
	utilities, err := utilitiesOf(ctx, s.DB, which)
	return pr, pr.object(append(handlers, utilities...)), err
}

func (s *Service) handlers(ctx context.Context, q dbx.Querier, path string) ([]id.ID, error) {
	serving, err := s.Arrangements.Serving(ctx, q, path)
	var out []id.ID
	for _, a := range serving {
		if !a.HandlerID.IsZero() && !slices.Contains(out, a.HandlerID) {
			out = append(out, a.HandlerID)
		}
	}
	return out, err
}

// take is the way of every step: permission, then in one transaction the key, the project's row, the stage, the effect, the row, event,
// audit and outbox. The row is changed before it is read, so that of two steps at once the second sees all that the first did.
// Faults: not_found, version.stale, renovation.step_illegal (Conflict) with the steps that are possible now.
func (s *Service) take(ctx context.Context, p authz.Principal, which id.ID, perm authz.Permission, step Step, how Taken, do effect) (Project, error) {
	_, err := s.made(ctx, p, which, perm, step, how, id.Nil, do)
	if err != nil {
		return Project{}, err
	}
	return projectByID(ctx, s.DB, which)
}

// made is take for a step that makes something: it returns what the first call with the same key made.
func (s *Service) made(ctx context.Context, p authz.Principal, which id.ID, perm authz.Permission, step Step, how Taken, thing id.ID, do effect) (id.ID, error) {
	_, obj, err := s.reach(ctx, which)
	if err != nil {
		return thing, err
	}
	actor, err := authz.Act(p, perm, obj)
	if err != nil {
		return thing, err
	}
	made := thing
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		got, again, err := how.Once.Claim(ctx, tx, thing)
		if made = got; err != nil || again {
			return err
		}
		return s.step(ctx, tx, which, how.Version, &move{step: step, actor: actor}, do)
	})
	return made, err
}

// step does the work of take inside the transaction.
func (s *Service) step(ctx context.Context, tx *dbx.Tx, which id.ID, version *int64, m *move, do effect) error {
	if err := holdProject(ctx, tx, which); err != nil {
		return err
	}
	pr, err := projectByID(ctx, tx, which)
	if err != nil {
		return err
	}
	if version != nil && *version != pr.Version {
		return fault.New(fault.Stale, "version.stale")
	}
	if err := allow(pr.State, m.step); err != nil {
		return err
	}
	m.begin(pr, s)
	if err := do(ctx, tx, m); err != nil {
		return err
	}
	return s.finish(ctx, tx, m)
}

func (m *move) begin(p Project, s *Service) {
	m.at, m.today, m.now, m.next = s.now(), s.today(), p, p
	m.detail, m.said, m.topics, m.keeps = map[string]any{}, map[string]string{}, map[string]map[string]any{}, false
}

// finish writes the row and the records of a move.
func (s *Service) finish(ctx context.Context, tx *dbx.Tx, m *move) error {
	if !m.keeps {
		m.next.Version, m.next.ChangedAt = m.now.Version+1, m.at
		if err := updateProject(ctx, tx, m.next, m.now); err != nil {
			return raced(err)
		}
	}
	return s.records(ctx, tx, m)
}

// raced says that somebody else changed the project; it cannot happen while its row is held, and is told all the same.
func raced(err error) error {
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Conflict, "renovation.changed").Because(err)
	}
	return err
}

func (s *Service) records(ctx context.Context, tx *dbx.Tx, m *move) error {
	full := maps.Clone(m.detail)
	for key, text := range m.said {
		full[key] = text
	}
	body, err := json.Marshal(full)
	if err != nil {
		return fmt.Errorf("renovation event: %w", err)
	}
	err = insertEvent(ctx, tx, m.next.ID, Event{ID: id.New(), At: m.at, Kind: string(m.step), From: m.now.State, To: m.next.State,
		Person: m.actor.Person.Ptr(), Org: m.actor.Org.Ptr(), Role: string(m.actor.Role), Post: m.actor.Post.Ptr(), Text: string(body)})
	if err != nil {
		return err
	}
	err = audit.Record(ctx, tx, m.at, audit.Entry{Actor: m.actor, Action: "renovation." + string(m.step), ObjectKind: "renovation", ObjectID: m.next.ID,
		ScopePath: m.next.ScopePath, Detail: m.detail})
	if err != nil {
		return err
	}
	return s.spread(ctx, tx, m)
}

// spread puts the notices of a step into the outbox.
func (s *Service) spread(ctx context.Context, tx *dbx.Tx, m *move) error {
	if len(m.topics) == 0 {
		return nil
	}
	place, err := s.Places.Place(ctx, tx, m.now.AreaID)
	if err != nil {
		return err
	}
	for _, topic := range slices.Sorted(maps.Keys(m.topics)) {
		for _, area := range place.ServiceAreas {
			payload := map[string]any{"project": m.next.ID, "serviceArea": area}
			maps.Copy(payload, m.topics[topic])
			if err := outbox.Add(ctx, tx, m.at, topic, m.next.ID, payload); err != nil {
				return err
			}
			if _, one := payload["person"]; one {
				break // a single person is told once
			}
		}
	}
	return nil
}

// cleanParts wants buildings and entrances of the place, each once.
func (p Place) cleanParts(at string, parts []Part) ([]Part, error) {
	if len(parts) > 500 {
		return nil, fault.InvalidField(at, "renovation.part")
	}
	for i, part := range parts {
		n := slices.IndexFunc(p.Buildings, func(b Building) bool { return b.ID == part.BuildingID })
		if n < 0 || part.Entrance != "" && !slices.Contains(p.Buildings[n].Entrances, part.Entrance) {
			return nil, fault.InvalidField(fmt.Sprintf("%s[%d]", at, i), "renovation.part")
		}
	}
	return sortParts(parts), nil
}
