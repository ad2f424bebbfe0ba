package membership

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/org"
	"github.com/redproperty/redproperty/internal/personal"
)

// none is a call without an Idempotency-Key.
var none idem.Key

var start = time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)

// world is a building of four units in one community and one unit in another. It stands in for the
// places; persons, consents, sealing and the records of readings are the real ones.
type world struct {
	t        *testing.T
	db       *dbx.DB
	s        *Service
	org      *org.Service
	clock    *clock.Fake
	consents *personal.Consents
	reads    *personal.Reads

	mu         sync.Mutex
	homes      map[id.ID]Home
	households map[id.ID]id.ID // unit → household
	owners     map[id.ID][]id.ID
	spent      map[id.ID]int
	number     int

	east, west, building id.ID // paths of the communities are path(east), path(west)
	units                []id.ID
	foreign              id.ID
}

func path(community id.ID) string { return authz.ChildPath("", community) }

func (w *world) Home(_ context.Context, _ dbx.Querier, unit id.ID) (Home, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	h, ok := w.homes[unit]
	if !ok {
		return Home{}, notFound()
	}
	h.Household = w.households[unit]
	return h, nil
}

func (w *world) HomesOf(_ context.Context, _ dbx.Querier, building id.ID) ([]Home, error) {
	if building != w.building {
		return nil, notFound()
	}
	var out []Home
	for _, u := range w.units {
		out = append(out, w.homes[u])
	}
	return out, nil
}

func (w *world) EnsureHousehold(_ context.Context, _ *dbx.Tx, unit id.ID, _ clock.Instant) (id.ID, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.households[unit].IsZero() {
		w.households[unit] = id.New()
	}
	return w.households[unit], nil
}

func (w *world) OwnersOf(_ context.Context, _ dbx.Querier, unit id.ID) ([]id.ID, error) {
	return slices.Clone(w.owners[unit]), nil
}

func (w *world) Spend(_ context.Context, account id.ID) (func(context.Context), error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.spent[account] >= 3 {
		return nil, fault.New(fault.RateLimited, "rate.limited")
	}
	w.spent[account]++
	return func(context.Context) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.spent[account]--
	}, nil
}

func (w *world) EnsurePerson(ctx context.Context, tx *dbx.Tx, name, phone string) (id.ID, error) {
	return w.org.EnsurePerson(ctx, tx, name, phone)
}

func (w *world) NameUnnamed(ctx context.Context, tx *dbx.Tx, person id.ID, name string) error {
	return w.org.NameUnnamed(ctx, tx, person, name)
}

func (w *world) StateName(ctx context.Context, tx *dbx.Tx, person id.ID, name string) error {
	return w.org.StateName(ctx, tx, person, name)
}

func (w *world) Named(ctx context.Context, q dbx.Querier, ids []id.ID) (map[id.ID]Named, error) {
	found, err := w.org.Persons(ctx, q, ids)
	out := map[id.ID]Named{}
	for who, p := range found {
		out[who] = Named{p.Name, p.Stated, p.Phone}
	}
	return out, err
}

func newWorld(t *testing.T, db *dbx.DB) *world {
	w := &world{t: t, db: db, clock: clock.NewFake(start), homes: map[id.ID]Home{}, households: map[id.ID]id.ID{},
		owners: map[id.ID][]id.ID{}, spent: map[id.ID]int{}, east: id.New(), west: id.New(), building: id.New()}
	for i := range 4 {
		unit := id.New()
		w.units = append(w.units, unit)
		w.homes[unit] = Home{Unit: unit, Building: w.building, Path: authz.ChildPath(path(w.east), w.building), Estate: "幸福里", Block: "1号楼", Number: fmt.Sprintf("10%d", i+1)}
	}
	w.foreign = id.New()
	w.homes[w.foreign] = Home{Unit: w.foreign, Building: id.New(), Path: authz.ChildPath(path(w.west), id.New()), Estate: "西苑", Block: "2号楼", Number: "<b>201"}
	vault, err := personal.OpenVault(context.Background(), personal.VaultConfig{DB: db, Clock: w.clock, Keys: personal.KeyFile{Path: filepath.Join(t.TempDir(), "keys")}})
	require.NoError(t, err)
	w.consents, w.reads = personal.NewConsents(w.clock), personal.NewReads(w.clock)
	w.org = org.New(org.Deps{DB: db, Clock: w.clock, Vault: vault})
	w.s = New(Deps{DB: db, Clock: w.clock, Homes: w, Roll: w, Tries: w, Persons: w, Consents: w.consents, Vault: vault, Reads: w.reads, PublicURL: "https://rp.example"})
	return w
}

func each(t *testing.T, body func(w *world)) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) { body(newWorld(t, db)) })
}

func ctx() context.Context { return context.Background() }

// person is somebody with an account and no capacity yet.
func (w *world) person(name string) authz.Principal {
	w.t.Helper()
	w.number++
	var who id.ID
	require.NoError(w.t, w.db.InTx(ctx(), func(ctx context.Context, tx *dbx.Tx) (err error) {
		who, err = w.org.EnsurePerson(ctx, tx, name, fmt.Sprintf("1380000%04d", w.number))
		return err
	}))
	return authz.Principal{Account: id.New(), Person: who}
}

// again is the principal with the memberships in force now.
func (w *world) again(p authz.Principal) authz.Principal {
	w.t.Helper()
	grants, err := w.s.Grants(ctx(), w.db, p.Person, clock.Now(w.clock))
	require.NoError(w.t, err)
	p.Grants = grants
	return p
}

// staff is a principal with one post.
func (w *world) staff(role authz.Role, at string) authz.Principal {
	p := w.person("职员")
	p.Grants = []authz.Grant{{ID: id.New(), Role: role, Org: id.New(), Path: at}}
	return p
}

func (w *world) secretary() authz.Principal { return w.staff(authz.RoleCommunity, path(w.east)) }

// code makes a fresh code for a unit.
func (w *world) code(unit id.ID) string {
	w.t.Helper()
	sheet, err := w.s.MakeCode(ctx(), w.secretary(), none, unit)
	require.NoError(w.t, err)
	return sheet.Slips[0].Code
}

// join makes somebody an occupant of a unit, a minute after whoever came before.
func (w *world) join(name string, unit id.ID) (authz.Principal, Member) {
	w.t.Helper()
	w.clock.Advance(time.Minute)
	p := w.person(name)
	m, err := w.s.Redeem(ctx(), p, none, Joining{Code: w.code(unit), Relation: Occupant})
	require.NoError(w.t, err)
	return w.again(p), m
}

func (w *world) read(member id.ID) Member {
	w.t.Helper()
	m, err := w.s.load(ctx(), w.db, member)
	require.NoError(w.t, err)
	return m
}

func (w *world) count(query string, args ...any) int {
	w.t.Helper()
	var n int
	require.NoError(w.t, w.db.Get(ctx(), &n, query, args...))
	return n
}

func code(t *testing.T, err error) string {
	t.Helper()
	require.Error(t, err)
	f := fault.Of(err)
	if f.Code == "input.invalid" {
		return f.Fields[0].Path + " " + f.Fields[0].Code
	}
	return f.Code
}
