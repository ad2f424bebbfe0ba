package org

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
)

// none is a call without an Idempotency-Key.
var none idem.Key

var start = time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)

// world is a small district: one street with two communities, an estate with two service areas in the
// first, and another street. It stands in for the features that come after this one.
type world struct {
	t        *testing.T
	db       *dbx.DB
	s        *Service
	clock    *clock.Fake
	consents *personal.Consents
	reads    *personal.Reads

	mu       sync.Mutex
	areas    map[id.ID]place
	works    map[id.ID][]string // company → paths
	handed   []handed
	handFail error

	street, street2, east, west, estate, south, north id.ID
}

type place struct {
	kind AreaKind
	path string
}

type handed struct{ org, person, successor id.ID }

func (w *world) Scope(_ context.Context, _ dbx.Querier, area id.ID) (AreaKind, string, error) {
	p, ok := w.areas[area]
	if !ok {
		return "", "", notFound()
	}
	return p.kind, p.path, nil
}

func (w *world) CompaniesAt(_ context.Context, _ dbx.Querier, path string) ([]id.ID, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []id.ID
	for company, paths := range w.works {
		for _, p := range paths {
			if strings.HasPrefix(p, path) || strings.HasPrefix(path, p) {
				out = append(out, company)
				break
			}
		}
	}
	return out, nil
}

func (w *world) PathsOf(_ context.Context, _ dbx.Querier, company id.ID) ([]string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.works[company], nil
}

func (w *world) HandOver(_ context.Context, _ *dbx.Tx, org, person, successor id.ID, _ clock.Instant) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.handed = append(w.handed, handed{org, person, successor})
	return w.handFail
}

func (w *world) area(kind AreaKind, parent id.ID) id.ID {
	self := id.New()
	w.areas[self] = place{kind, authz.ChildPath(w.areas[parent].path, self)}
	return self
}

func newWorld(t *testing.T, db *dbx.DB) *world {
	w := &world{t: t, db: db, clock: clock.NewFake(start), areas: map[id.ID]place{}, works: map[id.ID][]string{}}
	district := w.area("district", id.Nil)
	w.street, w.street2 = w.area(AreaStreet, district), w.area(AreaStreet, district)
	w.east, w.west = w.area(AreaCommunity, w.street), w.area(AreaCommunity, w.street)
	w.estate = w.area(AreaEstate, w.east)
	w.south, w.north = w.area(AreaServiceArea, w.estate), w.area(AreaServiceArea, w.estate)
	vault, err := personal.OpenVault(context.Background(), personal.VaultConfig{DB: db, Clock: w.clock, Keys: personal.KeyFile{Path: filepath.Join(t.TempDir(), "keys")}})
	require.NoError(t, err)
	w.consents, w.reads = personal.NewConsents(w.clock), personal.NewReads(w.clock)
	w.s = New(Deps{DB: db, Clock: w.clock, Vault: vault, Areas: w, Serving: w, Handover: w, Consents: w.consents, Reads: w.reads})
	return w
}

func each(t *testing.T, body func(w *world)) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) { body(newWorld(t, db)) })
}

var operator = authz.System("test")

func ctx() context.Context { return context.Background() }

// org enters an organisation as the operator's command does.
func (w *world) org(kind Kind, area id.ID, name string) Organisation {
	w.t.Helper()
	o, err := w.s.Create(ctx(), operator, none, Draft{Kind: kind, Name: name, Area: area})
	require.NoError(w.t, err)
	return o
}

var phones = struct {
	sync.Mutex
	next int
}{}

func phone() string {
	phones.Lock()
	defer phones.Unlock()
	phones.next++
	return "138" + strings.Repeat("0", 8-len(digits(phones.next))) + digits(phones.next)
}

func digits(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return digits(n/10) + string(rune('0'+n%10))
}

// appoint gives a fresh person a post.
func (w *world) appoint(o Organisation, role authz.Role) Post {
	w.t.Helper()
	p, err := w.s.Appoint(ctx(), operator, none, Appointment{Org: o.ID, Name: "王芳", Phone: phone(), Role: role, Basis: basis(o)})
	require.NoError(w.t, err)
	return p
}

func basis(o Organisation) string {
	if o.ownersBody() {
		return "业主大会决定 2026-1"
	}
	return ""
}

// as is the principal of a person with the posts in force now.
func (w *world) as(person id.ID) authz.Principal {
	w.t.Helper()
	grants, err := w.s.Grants(ctx(), w.db, person, clock.Now(w.clock))
	require.NoError(w.t, err)
	return authz.Principal{Account: id.New(), Person: person, Grants: grants}
}

// staff is a principal with one new post.
func (w *world) staff(o Organisation, role authz.Role) authz.Principal {
	w.t.Helper()
	return w.as(w.appoint(o, role).Person)
}

func (w *world) count(query string, args ...any) int {
	w.t.Helper()
	var n int
	require.NoError(w.t, w.db.Get(ctx(), &n, query, args...))
	return n
}

var pageAll = page.Request{Limit: 200}
