package area_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
)

var (
	ctx     = context.Background()
	system  = authz.System("test")
	noKey   idem.Key
	pageOne page.Request
)

// serving is which company works at which paths.
type serving map[id.ID][]string

func (s serving) CompaniesAt(_ context.Context, _ dbx.Querier, path string) (out []id.ID, err error) {
	for org, paths := range s {
		for _, p := range paths {
			if len(p) >= len(path) && p[:len(path)] == path || len(path) >= len(p) && path[:len(p)] == p {
				out = append(out, org)
			}
		}
	}
	return out, nil
}

func (s serving) PathsOf(_ context.Context, _ dbx.Querier, company id.ID) ([]string, error) {
	return s[company], nil
}

// residents remembers which households were moved where.
type residents struct {
	mu    sync.Mutex
	moves [][3]id.ID
}

func (r *residents) MoveHousehold(_ context.Context, _ *dbx.Tx, from, into, unit id.ID, _ clock.Instant) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.moves = append(r.moves, [3]id.ID{from, into, unit})
	return nil
}

// world is a migrated database with the real divisions and one estate.
type world struct {
	*area.Service
	t         testing.TB
	clock     *clock.Fake
	serving   serving
	residents *residents
	community area.Area
	street    area.Area
	estate    area.Area
	place     area.ServiceArea
	building  area.Building
}

func newWorld(t testing.TB, db *dbx.DB) *world {
	t.Helper()
	c := clock.NewFake(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
	vault, err := personal.OpenVault(ctx, personal.VaultConfig{DB: db, Keys: personal.KeyFile{Path: filepath.Join(t.TempDir(), "keys")}, Clock: c})
	require.NoError(t, err)
	w := &world{t: t, clock: c, serving: serving{}, residents: &residents{}}
	w.Service = area.New(area.Deps{DB: db, Clock: c, Vault: vault, Reads: personal.NewReads(c), Serving: w.serving, Residents: w.residents})
	return w
}

// each runs body in a furnished world on every engine.
func each(t *testing.T, body func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.furnish()
		body(t, w)
	})
}

func divisionsFile(t testing.TB) []byte {
	t.Helper()
	data, err := configs.Divisions.ReadFile("divisions/muping_370612.csv")
	require.NoError(t, err)
	return data
}

// oneStreet is the part of the divisions that most tests need: 宁海街道 with its communities, and 文化街道.
func oneStreet(t testing.TB) []byte {
	t.Helper()
	var out []string
	for line := range strings.Lines(string(divisionsFile(t))) {
		if strings.HasPrefix(line, "37061200") && !strings.HasPrefix(line, "370612001") && !strings.HasPrefix(line, "370612000") && !strings.HasPrefix(line, "370612002000") {
			continue
		}
		if strings.HasPrefix(line, "3706121") {
			continue
		}
		out = append(out, line)
	}
	return []byte(strings.Join(out, ""))
}

// furnish enters the divisions and an estate with one building.
func (w *world) furnish() {
	w.t.Helper()
	_, err := area.NewImporter(w.Service).ImportDivisions(ctx, system, area.ImportInput{Name: "divisions.csv", Data: oneStreet(w.t)}, nil)
	require.NoError(w.t, err)
	w.community = w.byCode("370612001005")
	w.street = w.byCode("370612001000")
	w.estate, err = w.CreateEstate(ctx, system, noKey, area.NewEstate{CommunityID: w.community.ID, Name: "金海花园"})
	require.NoError(w.t, err)
	w.place, err = w.CreateServiceArea(ctx, system, noKey, area.NewServiceArea{EstateID: w.estate.ID, Name: "金海花园一期"})
	require.NoError(w.t, err)
	w.building, err = w.CreateBuilding(ctx, system, noKey, area.NewBuilding{ServiceAreaID: w.place.ID, BuildingFacts: area.BuildingFacts{Name: "1号楼", Order: 1, FloorsAbove: 6}})
	require.NoError(w.t, err)
}

func (w *world) byCode(code string) area.Area {
	w.t.Helper()
	a, err := w.AreaByCode(ctx, w.DB, code, "2026-11-22")
	require.NoError(w.t, err)
	return a
}

// staff is somebody with a post of a role in an area.
func staff(role authz.Role, path string) authz.Principal {
	return authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{{ID: id.New(), Role: role, Org: id.New(), Path: path}}}
}

// resident lives in a unit of the place.
func resident(path string, household, unit id.ID) authz.Principal {
	return authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{{ID: id.New(), Role: authz.RoleOwner, Path: path, Household: household, Unit: unit}}}
}

// company is the manager of the company that works in the place.
func (w *world) company() authz.Principal {
	p := staff(authz.RoleManager, "")
	w.serving[p.Grants[0].Org] = []string{w.place.Path}
	return p
}

// flat is a unit to be entered, its area registered.
func flat(number string, size int64) area.NewUnit {
	return area.NewUnit{UnitIdentity: area.UnitIdentity{Number: number, Areas: area.Areas{Register: size}}}
}

func (w *world) flats(units ...area.NewUnit) []area.Unit {
	w.t.Helper()
	out, err := w.AddUnits(ctx, system, noKey, w.building.ID, units)
	require.NoError(w.t, err)
	require.Len(w.t, out, len(units))
	return out
}

func (w *world) count(query string, args ...any) (n int) {
	w.t.Helper()
	require.NoError(w.t, w.DB.Get(ctx, &n, query, args...))
	return n
}

func inTx(t testing.TB, db *dbx.DB, body dbx.Body) {
	t.Helper()
	require.NoError(t, db.InTx(ctx, body))
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

// race runs body n times at once and returns how many succeeded.
func race(n int, body func(i int) error) (won int, errs []error) {
	results := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { results[i] = body(i) })
	}
	wg.Wait()
	for _, err := range results {
		if err == nil {
			won++
		} else {
			errs = append(errs, err)
		}
	}
	return won, errs
}

// ctxT shortens the bodies of transactions.
type ctxT = context.Context
