package renovation

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/rules"
)

// town answers what a renovation asks other features.
type town struct {
	places    map[id.ID]Place
	units     []Unit
	orgs      map[id.ID]Org
	staff     map[id.ID][]id.ID
	serving   []Serving
	paths     map[id.ID][]string // served by an organisation
	decisions map[id.ID]Decision
	held      map[id.ID]Held
	done      map[id.ID]bool
	rounds    map[id.ID]Round
	raised    []NewOrder
	open      map[id.ID]bool  // work orders that are not over
	passed    map[id.ID]id.ID // work orders that were passed on, to whom
	away      error           // what looking for an organisation fails with
}

func (t *town) Raise(_ context.Context, _ *dbx.Tx, _ authz.Actor, in NewOrder, _ clock.Instant) (id.ID, string, error) {
	order := id.New()
	t.raised, t.open[order] = append(t.raised, in), true
	return order, fmt.Sprintf("XF-%d", len(t.raised)), nil
}

func (t *town) PassOn(_ context.Context, _ *dbx.Tx, orders []id.ID, to id.ID, _ clock.Instant) error {
	for _, o := range orders {
		if t.open[o] {
			t.passed[o] = to
		}
	}
	return nil
}

func (t *town) Unfinished(_ context.Context, _ dbx.Querier, orders []id.ID) (map[id.ID]bool, error) {
	out := map[id.ID]bool{}
	for _, o := range orders {
		if t.open[o] {
			out[o] = t.done[o]
		}
	}
	return out, nil
}

func (t *town) Masked(_ context.Context, _ dbx.Querier, persons []id.ID) (map[id.ID]string, error) {
	out := map[id.ID]string{}
	for _, p := range persons {
		out[p] = "张*"
	}
	return out, nil
}

func unknown() error { return fault.New(fault.NotFound, "not_found") }

func (t *town) Place(_ context.Context, _ dbx.Querier, area id.ID) (Place, error) {
	p, ok := t.places[area]
	if !ok {
		return p, unknown()
	}
	return p, nil
}

func (t *town) Units(context.Context, dbx.Querier, string) ([]Unit, error) { return t.units, nil }

func (t *town) Path(_ context.Context, _ dbx.Querier, area id.ID) (string, error) {
	p, ok := t.places[area]
	if !ok {
		return "", unknown()
	}
	return p.Path, nil
}

func (t *town) Org(_ context.Context, _ dbx.Querier, org id.ID) (Org, error) {
	o, ok := t.orgs[org]
	if !ok {
		return o, unknown()
	}
	return o, t.away
}

func (t *town) Staff(_ context.Context, _ dbx.Querier, org id.ID, _ clock.Instant) ([]id.ID, error) {
	return t.staff[org], nil
}

func (t *town) Serving(context.Context, dbx.Querier, string) ([]Serving, error) {
	return t.serving, nil
}

func (t *town) Served(_ context.Context, _ dbx.Querier, org id.ID) ([]string, error) {
	return t.paths[org], nil
}

func (t *town) Passed(_ context.Context, _ dbx.Querier, subject id.ID) (Decision, bool, error) {
	d, ok := t.decisions[subject]
	return d, ok, nil
}

func (t *town) Held(_ context.Context, _ dbx.Querier, subjects []id.ID) (map[id.ID]Held, error) {
	out := map[id.ID]Held{}
	for _, s := range subjects {
		if h, ok := t.held[s]; ok {
			out[s] = h
		}
	}
	return out, nil
}

func (t *town) Round(_ context.Context, _ dbx.Querier, round id.ID) (Round, error) {
	r, ok := t.rounds[round]
	if !ok {
		return r, unknown()
	}
	return r, nil
}

// world is an estate with its people.
type world struct {
	*Service
	*town
	t                              *testing.T
	clock                          *clock.Fake
	estate, phase                  id.ID // an estate, and its one service area
	path                           string
	blocks                         []id.ID
	office, community, committee   authz.Principal
	party, manager, builder, rival authz.Principal
	resident, neighbour, outsider  authz.Principal
	elsewhere                      authz.Principal
	contractor, company            id.ID
}

func newWorld(t *testing.T, db *dbx.DB) *world {
	t.Helper()
	c := clock.NewFake(clock.Date("2026-03-02").Start().Add(10 * time.Hour)) // a Monday
	set, err := rules.Load(configs.Files)
	require.NoError(t, err)
	require.NoError(t, rules.Keep(t.Context(), db, set, clock.Now(c)))
	w := &world{t: t, clock: c, estate: id.New(), phase: id.New(), contractor: id.New(), company: id.New(), town: &town{places: map[id.ID]Place{}, orgs: map[id.ID]Org{}, staff: map[id.ID][]id.ID{},
		paths: map[id.ID][]string{}, decisions: map[id.ID]Decision{}, held: map[id.ID]Held{}, done: map[id.ID]bool{}, rounds: map[id.ID]Round{}, open: map[id.ID]bool{}, passed: map[id.ID]id.ID{}}}
	street := authz.ChildPath("", id.New())
	community := authz.ChildPath(street, id.New())
	w.path = authz.ChildPath(community, w.estate)
	place := Place{AreaID: w.estate, Path: w.path, Name: "幸福里", Division: "370612001000", ServiceAreas: []id.ID{w.phase}, Dwellings: 36}
	for b := range 3 {
		block := Building{ID: id.New(), ServiceAreaID: w.phase, Name: fmt.Sprintf("%d号楼", b+1), Entrances: []string{"1单元", "2单元"}}
		w.blocks, place.Buildings = append(w.blocks, block.ID), append(place.Buildings, block)
		for n := range 12 {
			entrance := block.Entrances[n/6]
			w.units = append(w.units, Unit{ID: id.New(), BuildingID: block.ID, Entrance: entrance, Address: fmt.Sprintf("%s %s %d01", block.Name, entrance, n%6+1), Area: int64(8000 + 37*n + b)})
		}
	}
	w.places[w.estate] = place
	phase := place
	phase.AreaID, phase.Path = w.phase, authz.ChildPath(w.path, w.phase)
	w.places[w.phase] = phase
	w.serving = []Serving{{ServiceAreaID: w.phase, HandlerID: w.company}}
	w.paths[w.company] = []string{phase.Path}
	w.office, w.community, w.committee = w.post(authz.RoleStreetOffice, "street_office", street), w.post(authz.RoleCommunity, "residents_committee", community), w.post(authz.RoleCommittee, "committee", w.path)
	w.party = w.post(authz.RoleStreetParty, "street_party", street)
	w.manager, w.builder = w.postIn(authz.RoleManager, w.company, "company", ""), w.postIn(authz.RoleUtility, w.contractor, "contractor", "")
	w.rival = w.post(authz.RoleUtility, "contractor", "")
	w.elsewhere = w.post(authz.RoleStreetOffice, "street_office", authz.ChildPath("", id.New()))
	w.resident, w.neighbour = w.living(w.units[0].ID, phase.Path), w.living(w.units[1].ID, phase.Path)
	w.outsider = w.living(id.New(), authz.ChildPath(authz.ChildPath(community, id.New()), id.New()))
	files, err := blob.OpenLocal(t.TempDir(), c)
	require.NoError(t, err)
	w.Service = New(Deps{DB: db, Clock: c, Rules: set, Places: w.town, Orgs: w.town, Arrangements: w.town, Decisions: w.town, Surveys: w.town, Orders: w.town, People: w.town, Intake: blob.NewIntake(blob.Limits{}), Files: files})
	return w
}

func (w *world) post(role authz.Role, kind, path string) authz.Principal {
	return w.postIn(role, id.New(), kind, path)
}

func (w *world) postIn(role authz.Role, org id.ID, kind, path string) authz.Principal {
	p := authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{{ID: id.New(), Role: role, Org: org, Path: path}}}
	w.orgs[org] = Org{ID: org, Kind: kind, Name: "某" + kind, Phone: "05350000000", Active: true}
	w.staff[org] = append(w.staff[org], p.Person)
	return p
}

func (w *world) living(unit id.ID, path string) authz.Principal {
	return authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{{ID: id.New(), Role: authz.RoleOwner, Path: path, Household: id.New(), Unit: unit}}}
}

func each(t *testing.T, body func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) { body(t, newWorld(t, db)) })
}

func (w *world) ctx() context.Context { return w.t.Context() }

var anew = Taken{}

func seen(p Project) Taken { v := p.Version; return Taken{Version: &v} }

func (w *world) must(p Project, err error) Project {
	w.t.Helper()
	require.NoError(w.t, err)
	return p
}

func (w *world) refused(code string, err error) {
	w.t.Helper()
	require.Error(w.t, err)
	f := fault.Of(err)
	for _, field := range f.Fields {
		if field.Code == code {
			return
		}
	}
	require.Equal(w.t, code, f.Code, err)
}

// lacking are the conditions that a refused stage names.
func lacking(err error) []string {
	list, _ := fault.Of(err).Params["missing"].([]string)
	return list
}

func (w *world) read(p Project) Project {
	w.t.Helper()
	return w.must(projectByID(w.ctx(), w.DB, p.ID))
}

func day(d clock.Date) *clock.Date { return &d }

func (w *world) outline() Outline {
	return Outline{Name: "幸福里改造", Why: "建于一九九五年，管线老化，屋面渗漏。", Inspections: []Inspection{{"屋面", "三栋楼顶层普遍渗漏", false}, {"排水", "主管堵塞返水", true}}}
}

func (w *world) proposed() Project {
	w.t.Helper()
	return w.must(w.Propose(w.ctx(), w.office, idem.Key{}, w.estate, w.outline()))
}

func (w *world) advance(p Project, to State) Project {
	w.t.Helper()
	return w.must(w.Advance(w.ctx(), w.office, p.ID, seen(w.read(p)), to))
}

// heard is a project whose residents were asked.
func (w *world) heard() Project {
	w.t.Helper()
	p := w.advance(w.proposed(), Wishes)
	round := id.New()
	w.rounds[round] = Round{Template: "renovation_wishes", Paths: []string{w.places[w.phase].Path}, Public: true, OpenedOn: "2026-03-02"}
	p = w.must(w.LinkSurvey(w.ctx(), w.office, p.ID, anew, ForWishes, &round, nil))
	return w.advance(p, Planning)
}

func (w *world) items() []PlanItem {
	return []PlanItem{
		{Key: "roof", Code: "roof", Title: "屋面防水", Detail: "SBS 改性沥青防水卷材两道", Quantity: 90_000, BudgetFen: 45_000_000, PlannedFrom: day("2026-06-01"), PlannedUntil: day("2026-07-31")},
		{Key: "drains", Code: "drainage", Title: "雨污分流", Quantity: 120_000, BudgetFen: 60_000_000, PlannedFrom: day("2026-06-01"), PlannedUntil: day("2026-08-31")},
		{Key: "lift-1", Code: "lift", Title: "1号楼1单元加装电梯", Parts: []Part{{w.blocks[0], "1单元"}}, Quantity: 100, BudgetFen: 50_000_000, PlannedFrom: day("2026-06-15"), PlannedUntil: day("2026-09-30")},
	}
}

// deciding is a project whose plan is before the owners.
func (w *world) deciding() Project {
	w.t.Helper()
	p := w.heard()
	p = w.must(w.PublishPlan(w.ctx(), w.office, p.ID, seen(p), "按居民意愿编制", w.items()))
	return w.advance(p, Consent)
}

func (w *world) item(p Project, key string) Item {
	w.t.Helper()
	all, err := itemsOf(w.ctx(), w.DB, p.ID)
	require.NoError(w.t, err)
	for _, it := range all {
		if it.Key == key {
			return it
		}
	}
	w.t.Fatal("no item " + key)
	return Item{}
}

func (w *world) paper(p Project) blob.Hash {
	w.t.Helper()
	d, err := w.Attach(w.ctx(), w.community, p.ID, anew, "会议纪要.pdf", bytes.NewReader([]byte("%PDF-1.4\n"+p.ID.String()+"\n%%EOF\n")))
	require.NoError(w.t, err)
	return d.Hash
}

// passing is exactly two thirds and three quarters.
var passing = Tally{TotalArea: 30_000, TotalHeads: 36, JoinedArea: 20_000, JoinedHeads: 24, FavourArea: 15_000, FavourHeads: 18}

func (w *world) minutes(p Project) Evidence {
	h, t := w.paper(p), passing
	return Evidence{HeldOn: day("2026-03-01"), Document: &h, Tally: &t}
}

// agreed is a project on whose every item the owners decided.
func (w *world) agreed() Project {
	w.t.Helper()
	p := w.deciding()
	for _, key := range []string{"roof", "lift-1"} {
		p = w.must(w.RecordConsent(w.ctx(), w.committee, p.ID, w.item(p, key).ID, anew, w.minutes(p)))
	}
	return p
}

func freshDB(t *testing.T) *dbx.DB { return dbtest.SQLite(t) }

// lacks lists which of some conditions a stage lacks.
func (w *world) lacks(p Project, stage State, of ...Condition) []string {
	w.t.Helper()
	f, err := w.facts(w.ctx(), w.DB, w.read(p))
	require.NoError(w.t, err)
	out := []string{}
	for _, m := range missing(f, stage) {
		for _, c := range of {
			if m == string(c) {
				out = append(out, m)
			}
		}
	}
	return out
}

type (
	ctxT = context.Context
	txT  = *dbx.Tx
)

func (w *world) write(do func(ctx ctxT, tx txT) error) {
	w.t.Helper()
	require.NoError(w.t, w.DB.InTx(w.ctx(), do))
}
