package workorder

import (
	"cmp"
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/rules"
)

// world is a street with two estates, organisations and people, behind the interfaces that the service's
// consumers supply; everything else, database, rules, vault, is real.
type world struct {
	t     testing.TB
	db    *dbx.DB
	s     *Service
	clock *clock.Fake

	street, community, estate, area, otherArea   id.ID
	streetPath, communityPath, path, otherPath   string
	unit, otherUnit, public                      id.ID
	household, otherHousehold                    id.ID
	company, rival, utility, committeeOrg, party id.ID

	handler  id.ID // who handles area now; zero is nobody
	promise  *Promise
	followed map[id.ID]id.ID // order -> who followed the one that it was named for
	staff    map[id.ID]id.ID // person -> organisation
	contacts map[id.ID]OrderContact

	owner, neighbour, manager, worker, colleague, keeper, clerk, office, partyOffice, rivalManager authz.Principal
}

// testNow is a Wednesday morning in China, within the working hours of workorder.yaml.
var testNow = time.Date(2026, 11, 18, 2, 0, 0, 0, time.UTC)

var testRules = func() *rules.Set {
	set, err := rules.Load(configs.Files)
	if err != nil {
		panic(err)
	}
	return set
}()

func newWorld(t testing.TB, db *dbx.DB) *world {
	t.Helper()
	w := &world{t: t, db: db, clock: clock.NewFake(testNow), staff: map[id.ID]id.ID{}, contacts: map[id.ID]OrderContact{}}
	for _, p := range []*id.ID{&w.street, &w.community, &w.estate, &w.area, &w.otherArea, &w.unit, &w.otherUnit, &w.public,
		&w.household, &w.otherHousehold, &w.company, &w.rival, &w.utility, &w.committeeOrg, &w.party} {
		*p = id.New()
	}
	root := authz.ChildPath("", id.New())
	w.streetPath = authz.ChildPath(root, w.street)
	w.communityPath = authz.ChildPath(w.streetPath, w.community)
	estatePath := authz.ChildPath(w.communityPath, w.estate)
	w.path, w.otherPath = authz.ChildPath(estatePath, w.area), authz.ChildPath(authz.ChildPath(authz.ChildPath(w.streetPath, id.New()), id.New()), w.otherArea)
	w.handler, w.followed = w.company, map[id.ID]id.ID{}
	w.people()
	vault, err := personal.OpenVault(context.Background(), personal.VaultConfig{DB: db, Keys: personal.KeyFile{Path: filepath.Join(t.TempDir(), "keys")}, Clock: w.clock})
	require.NoError(t, err)
	w.s = New(Deps{DB: db, Clock: w.clock, Rules: testRules, Vault: vault, Reads: personal.NewReads(w.clock),
		Places: w, Areas: w, Arrangements: w, Successors: w, Orgs: w, People: w})
	return w
}

func (w *world) people() {
	resident := func(household, unit id.ID, path string) authz.Principal {
		p := person()
		p.Grants = []authz.Grant{{ID: id.New(), Role: authz.RoleOwner, Path: path, Household: household, Unit: unit}}
		w.contacts[p.Person] = OrderContact{"王小明", "13800001234"}
		return p
	}
	post := func(role authz.Role, org id.ID, path string) authz.Principal {
		p := person()
		p.Grants = []authz.Grant{{ID: id.New(), Role: role, Org: org, Path: path}}
		w.staff[p.Person] = org
		return p
	}
	w.owner, w.neighbour = resident(w.household, w.unit, w.path), resident(w.otherHousehold, w.otherUnit, w.path)
	w.manager, w.worker, w.colleague = post(authz.RoleManager, w.company, ""), post(authz.RoleWorker, w.company, ""), post(authz.RoleWorker, w.company, "")
	w.rivalManager = post(authz.RoleManager, w.rival, "")
	w.keeper, w.clerk = post(authz.RoleCommunity, w.committeeOrg, w.communityPath), post(authz.RoleCommunityWork, w.committeeOrg, w.communityPath)
	w.office, w.partyOffice = post(authz.RoleStreetOffice, id.New(), w.streetPath), post(authz.RoleStreetParty, id.New(), w.streetPath)
}

func person() authz.Principal {
	return authz.Principal{Account: id.New(), Person: id.New(), Request: "r"}
}

func (w *world) place(area id.ID) Place {
	p := Place{ServiceAreaID: area, EstateID: w.estate, CommunityID: w.community, StreetID: w.street, Path: w.path, Name: "东山花园", Prefix: "NH"}
	if area == w.otherArea {
		p.Path, p.CommunityID, p.EstateID = w.otherPath, id.New(), id.New()
	}
	return p
}

func (w *world) ServiceArea(_ context.Context, _ dbx.Querier, area id.ID) (Place, error) {
	if area != w.area && area != w.otherArea {
		return Place{}, fault.New(fault.NotFound, "not_found")
	}
	return w.place(area), nil
}

func (w *world) Unit(_ context.Context, _ dbx.Querier, unit id.ID) (UnitPlace, error) {
	switch unit {
	case w.unit:
		return UnitPlace{w.place(w.area), unit, "1号楼", "1号楼 2单元 301", w.household}, nil
	case w.otherUnit:
		return UnitPlace{w.place(w.area), unit, "1号楼", "1号楼 2单元 302", w.otherHousehold}, nil
	}
	return UnitPlace{}, fault.New(fault.NotFound, "not_found")
}

func (w *world) PublicArea(_ context.Context, _ dbx.Querier, area id.ID) (PublicPlace, error) {
	if area != w.public {
		return PublicPlace{}, fault.New(fault.NotFound, "not_found")
	}
	return PublicPlace{w.place(w.area), area, "1号楼大厅"}, nil
}

func (w *world) Level(_ context.Context, _ dbx.Querier, area id.ID) (string, error) {
	return map[id.ID]string{w.street: "street", w.community: "community", w.estate: "estate"}[area], nil
}

func (w *world) Handler(context.Context, dbx.Querier, id.ID) (id.ID, error) { return w.handler, nil }

// Follower is the one that was named for orders after another.
func (w *world) Follower(_ context.Context, _ dbx.Querier, order, handler id.ID) (id.ID, error) {
	return cmp.Or(w.followed[order], handler), nil
}

func (w *world) Promise(context.Context, dbx.Querier, id.ID, string, string) (*Promise, error) {
	return w.promise, nil
}

func (w *world) Org(_ context.Context, _ dbx.Querier, org id.ID) (Org, error) {
	switch org {
	case w.company, w.rival:
		return Org{ID: org, Kind: "company", Active: true}, nil
	case w.utility:
		return Org{ID: org, Kind: "utility", Active: true}, nil
	case w.committeeOrg:
		return Org{ID: org, Kind: "residents_committee", Path: w.communityPath, Active: true}, nil
	}
	return Org{}, fault.New(fault.NotFound, "not_found")
}

func (w *world) WorksFor(_ context.Context, _ dbx.Querier, org, person id.ID, _ clock.Instant) (bool, error) {
	return w.staff[person] == org, nil
}

func (w *world) NameAndPhone(_ context.Context, _ dbx.Querier, person id.ID) (string, string, error) {
	c := w.contacts[person]
	return c.Name, c.Phone, nil
}

// firstCategory finds a category of the shipped dictionary with a property, so that the tests do not depend on its codes.
func firstCategory(t testing.TB, ok func(*rules.Category) bool) *rules.Category {
	t.Helper()
	for _, g := range testRules.Categories.Groups() {
		for _, c := range g.Categories {
			if ok(c) {
				return c
			}
		}
	}
	require.FailNow(t, "no category with that property")
	return nil
}

func normalWith(identity rules.Identity) func(*rules.Category) bool {
	return func(c *rules.Category) bool {
		return c.Identity == identity && c.Severity == rules.Normal && c.Own == nil && c.Emergency == nil &&
			c.Responsibility != rules.Public && c.Responsibility != rules.Conduct
	}
}

func (w *world) repair() Report {
	return Report{Where: Where{UnitID: &w.unit}, Category: firstCategory(w.t, normalWith(rules.HomeRepair)).Code, Description: "漏水，电话 13800001234"}
}

func (w *world) defect() Report {
	return Report{Where: Where{PublicAreaID: &w.public}, Category: firstCategory(w.t, normalWith(rules.ServiceDefect)).Code, Description: "滑梯坏了，电话 13800001234"}
}

// danger is a report of a danger to life that says nothing of who reports it.
func (w *world) danger() Report {
	c := firstCategory(w.t, func(c *rules.Category) bool { return c.Emergency != nil && c.Identity == rules.ServiceDefect })
	return Report{Where: Where{PublicAreaID: &w.public}, Category: c.Code, Description: "有人被困，电话 13800001234"}
}

func (w *world) conduct() Report {
	c := firstCategory(w.t, func(c *rules.Category) bool { return c.Identity == rules.ConductCase })
	return Report{Where: Where{ServiceAreaID: &w.area}, Category: c.Code, Description: "态度恶劣"}
}

func (w *world) report(p authz.Principal, in Report) id.ID {
	w.t.Helper()
	got, err := w.s.Report(w.ctx(), p, idem.Key{}, in)
	require.NoError(w.t, err)
	return got.Order.ID
}

func (w *world) ctx() context.Context { return context.Background() }

// stored reads the order back from the database.
func (w *world) stored(order id.ID) *Order {
	w.t.Helper()
	o, err := orderByID(w.ctx(), w.db, order)
	require.NoError(w.t, err)
	return o
}

// must takes a step that has to succeed.
func (w *world) must(_ OrderView, err error) {
	w.t.Helper()
	require.NoError(w.t, err)
}

// dispatched reports a repair and sends the worker.
func (w *world) dispatched(in Report) id.ID {
	w.t.Helper()
	order := w.report(w.owner, in)
	w.must(w.s.Accept(w.ctx(), w.manager, order, Taken{}))
	w.must(w.s.Dispatch(w.ctx(), w.manager, order, Taken{}, Crew{PersonID: &w.worker.Person}))
	return order
}

func (w *world) resolved(in Report) id.ID {
	w.t.Helper()
	order := w.dispatched(in)
	w.must(w.s.Arrive(w.ctx(), w.worker, order, Taken{}))
	w.must(w.s.Resolve(w.ctx(), w.worker, order, Taken{}, "已更换阀门"))
	return order
}

func (w *world) closed(in Report) id.ID {
	w.t.Helper()
	order := w.resolved(in)
	w.must(w.s.Confirm(w.ctx(), w.owner, order, Taken{}, nil))
	return order
}

func code(err error) string {
	if err == nil {
		return ""
	}
	f := fault.Of(err)
	if f.Code == "input.invalid" && len(f.Fields) > 0 {
		return f.Fields[0].Code
	}
	return f.Code
}

var firstPage = page.Request{Limit: 50}

type ctxT = context.Context

func (w *world) chase() { w.t.Helper(); w.run(w.s.ChaseAnswers) }
func (w *world) draw()  { w.t.Helper(); w.run(w.s.DrawSamples) }

// run does one round of a job under a fresh lease.
func (w *world) run(do job.Work) {
	w.t.Helper()
	l, err := job.Acquire(w.ctx(), w.db, "job:"+id.New().Segment(), id.New(), clock.Now(w.clock), time.Minute)
	require.NoError(w.t, err)
	_, err = do(w.ctx(), l)
	require.NoError(w.t, err)
}
