package area

import (
	"context"
	"errors"
	"strings"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/pinyin"
)

// Vault seals the names and phones on the roll; *personal.Vault is one.
type Vault interface {
	Seal(f personal.Field, row id.ID, plaintext string) ([]byte, error)
	Open(f personal.Field, row id.ID, sealed []byte) (string, error)
	Index(f personal.Field, plaintext string) []byte
}

// Reads records readings of clear values; *personal.Reads is one.
type Reads interface {
	Record(ctx context.Context, tx *dbx.Tx, reads ...personal.Read) error
}

// Serving knows which organisation works where.
type Serving interface {
	// CompaniesAt lists the organisations that work at, below or above path.
	CompaniesAt(ctx context.Context, q dbx.Querier, path string) ([]id.ID, error)
	// PathsOf lists the paths of the service areas where company works.
	PathsOf(ctx context.Context, q dbx.Querier, company id.ID) ([]string, error)
}

// Residents is told when the people of a household come to live in another unit because units were merged
// or split.
type Residents interface {
	// MoveHousehold makes the present members of from members of into, which may be the same household,
	// and their unit the one given. With a zero into the unit does not exist, and their memberships end.
	MoveHousehold(ctx context.Context, tx *dbx.Tx, from, into, unit id.ID, at clock.Instant) error
}

// Arrangements is told of each new service area, which from its first moment has an arrangement: none.
type Arrangements interface {
	Begin(ctx context.Context, tx *dbx.Tx, serviceArea id.ID, at clock.Instant) error
}

// Deps is what the service stands on; all of it is required.
type Deps struct {
	DB        *dbx.DB
	Clock     clock.Clock
	Vault     Vault
	Reads     Reads
	Serving   Serving
	Residents Residents
	// Arrangements may be nil where nothing but places is kept.
	Arrangements Arrangements
}

// Service is the use cases of places and of the roll.
type Service struct {
	Store
	Deps
}

// New returns the service.
func New(d Deps) *Service { return &Service{Deps: d} }

// once claims key and runs body in one transaction. When the key was used before, nothing is run and the
// resource of the first call is returned.
func (s *Service) once(ctx context.Context, key idem.Key, resource id.ID, body dbx.Body) (id.ID, error) {
	var made id.ID
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		got, again, err := key.Claim(ctx, tx, resource)
		if err != nil {
			return err
		}
		if !again {
			err = body(ctx, tx)
		}
		made = got
		return err
	})
	return made, err
}

// record writes the audit of one change.
func (s *Service) record(ctx context.Context, tx *dbx.Tx, actor authz.Actor, action, kind string, object id.ID, path string, detail any) error {
	return audit.Record(ctx, tx, clock.Now(s.Clock), audit.Entry{Actor: actor, Action: action, ObjectKind: kind, ObjectID: object, ScopePath: path, Detail: detail})
}

// object describes a place for the question of permission. open places are shown to everybody who lives
// there.
func (s *Service) object(ctx context.Context, path string, open bool) (authz.Object, error) {
	if path == "" {
		return authz.Object{}, nil
	}
	orgs, err := s.Serving.CompaniesAt(ctx, s.DB, path)
	return authz.Object{Path: path, Orgs: orgs, Open: open}, err
}

// may asks for permission at a place.
func (s *Service) may(ctx context.Context, p authz.Principal, perm authz.Permission, path string) (authz.Actor, error) {
	obj, err := s.object(ctx, path, false)
	if err != nil {
		return authz.Actor{}, err
	}
	return authz.Act(p, perm, obj)
}

// sees asks for permission to read an open place.
func (s *Service) sees(ctx context.Context, p authz.Principal, path string) error {
	obj, err := s.object(ctx, path, true)
	if err != nil {
		return err
	}
	return authz.Require(p, authz.PlaceRead, obj)
}

// condition is a part of a WHERE clause with its arguments.
type condition struct {
	sql  string
	args []any
}

// scope is the condition under which rows of a list belong to what p may see; column holds their path.
func (s *Service) scope(ctx context.Context, p authz.Principal, perm authz.Permission, column string, open bool) (condition, error) {
	grants, err := authz.Holds(p, perm)
	if err != nil {
		return condition{}, err
	}
	sql, args := authz.Where(p, grants, authz.Columns{Path: column, Open: open})
	var served []string
	for _, g := range grants {
		if authz.TieOf(g.Role) != authz.ByOrg || g.Org.IsZero() {
			continue
		}
		paths, err := s.Serving.PathsOf(ctx, s.DB, g.Org)
		if err != nil {
			return condition{}, err
		}
		served = append(served, withEstates(paths)...)
	}
	if len(served) > 0 {
		sql = "(" + sql + " OR " + column + " IN (?" + strings.Repeat(",?", len(served)-1) + "))"
		for _, path := range served {
			args = append(args, path)
		}
	}
	return condition{sql, args}, nil
}

// withEstates adds to the paths of service areas those of the estates around them.
func withEstates(paths []string) []string {
	out := append([]string{}, paths...)
	for _, p := range paths {
		if i := strings.LastIndexByte(strings.TrimSuffix(p, "/"), '/'); i > 0 {
			out = append(out, p[:i+1])
		}
	}
	return out
}

// initials are the keys under which a name is found by the first letters of its pinyin, between blanks,
// as far as the column goes.
func initials(name string) string {
	const most = 400
	var b strings.Builder
	for _, key := range pinyin.Keys(name) {
		key = strings.Map(func(r rune) rune {
			if r > '~' || r <= ' ' {
				return -1
			}
			return r
		}, key)
		if b.Len()+len(key)+1 > most {
			break
		}
		b.WriteString(" " + key)
	}
	return b.String()
}

// taken turns the refusal of a UNIQUE constraint into a conflict with the code given.
func taken(err error, code string) error {
	if dbx.IsDuplicate(err) {
		return fault.New(fault.Conflict, code).Because(err)
	}
	return err
}

// stale turns a conditional UPDATE that matched nothing into the fault version.stale.
func stale(err error) error {
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Stale, "version.stale").Because(err)
	}
	return err
}

func badCursor() error { return fault.InvalidField("query.cursor", "page.cursor") }

// listing reads a page: one row more than asked for is read to know whether there is a next page.
func listing[T any](req page.Request, parts int, read func(after []string, limit int) ([]T, error), cursor func(T) []string) (page.Page[T], error) {
	after, err := page.Decode(req.Cursor, parts)
	if err != nil {
		return page.Page[T]{}, err
	}
	rows, err := read(after, req.Size()+1)
	if err != nil {
		return page.Page[T]{}, err
	}
	return page.Cut(rows, req.Size(), cursor), nil
}
