package contract

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync/atomic"
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

// directory is the places and organisations of the tests.
type directory struct {
	places   map[id.ID]Place
	names    map[string]id.ID
	areas    map[id.ID]string
	orgs     map[id.ID]Org
	codes    map[string]id.ID
	conflict []id.ID
	failing  atomic.Bool // ServiceArea inside a transaction fails: a broken later part
}

var errBroken = errors.New("broken part")

func (d *directory) ServiceArea(_ context.Context, q dbx.Querier, a id.ID) (Place, error) {
	if _, inTx := q.(*dbx.Tx); inTx && d.failing.Load() {
		return Place{}, errBroken
	}
	p, ok := d.places[a]
	if !ok {
		return p, fault.New(fault.NotFound, "not_found")
	}
	return p, nil
}

func (d *directory) Named(_ context.Context, _ dbx.Querier, within id.ID, name string) ([]Place, error) {
	var out []Place
	for n, a := range d.names {
		if strings.TrimRight(n, "#") == name && strings.HasPrefix(d.places[a].Path, d.areas[within]) {
			out = append(out, d.places[a])
		}
	}
	return out, nil
}

func (d *directory) Path(_ context.Context, _ dbx.Querier, area id.ID) (string, error) {
	p, ok := d.areas[area]
	if !ok {
		return "", fault.New(fault.NotFound, "not_found")
	}
	return p, nil
}

func (d *directory) Org(_ context.Context, _ dbx.Querier, org id.ID) (Org, error) {
	o, ok := d.orgs[org]
	if !ok {
		return o, fault.New(fault.NotFound, "not_found")
	}
	return o, nil
}

func (d *directory) CompanyByCode(ctx context.Context, q dbx.Querier, code string) (Org, error) {
	return d.Org(ctx, q, d.codes[code])
}

func (d *directory) InConflict(context.Context, dbx.Querier, id.ID, string) ([]id.ID, error) {
	return d.conflict, nil
}

// world is a street with two service areas, their organisations and people, on a real database.
type world struct {
	*Service
	t                                                            testing.TB
	dir                                                          *directory
	fake                                                         *clock.Fake
	street, area, sibling                                        id.ID
	company, rival, developer, committee, residents, officeOrg   Org
	manager, rivalManager, builder, owner, communityHead, office authz.Principal
	resident, neighbour, foreignOffice, worker                   authz.Principal
}

func at(day string) time.Time { return clock.Date(day).Start().Add(10 * time.Hour) }

func shippedRules(t testing.TB) *rules.Set {
	t.Helper()
	set, err := rules.Load(configs.Files)
	require.NoError(t, err)
	return set
}

func newWorld(t testing.TB, db *dbx.DB) *world {
	t.Helper()
	d := &directory{places: map[id.ID]Place{}, names: map[string]id.ID{}, areas: map[id.ID]string{}, orgs: map[id.ID]Org{}, codes: map[string]id.ID{}}
	w := &world{t: t, dir: d, fake: clock.NewFake(at("2026-03-02")), street: id.New()}
	street := authz.ChildPath("", w.street)
	community := authz.ChildPath(street, id.New())
	estate := authz.ChildPath(community, id.New())
	d.areas[w.street] = street
	w.area, w.sibling = w.place(estate, "阳光花园"), w.place(estate, "阳光花园二期")
	path := d.places[w.area].Path
	w.company, w.rival, w.developer = w.org("company", ""), w.org("company", ""), w.org("company", "")
	w.committee, w.residents, w.officeOrg = w.org("committee", path), w.org("residents_committee", community), w.org("street_office", street)
	d.codes["91370612MA3C8N7X1A"] = w.company.ID
	w.manager, w.rivalManager, w.builder = who(authz.RoleManager, w.company), who(authz.RoleManager, w.rival), who(authz.RoleManager, w.developer)
	w.owner, w.communityHead, w.office = who(authz.RoleCommittee, w.committee), who(authz.RoleCommunity, w.residents), who(authz.RoleStreetOffice, w.officeOrg)
	w.worker = who(authz.RoleWorker, w.company)
	w.foreignOffice = who(authz.RoleStreetOffice, Org{ID: id.New(), Path: authz.ChildPath("", id.New())})
	w.resident, w.neighbour = livesAt(path), livesAt(d.places[w.sibling].Path)
	files, err := blob.OpenLocal(t.TempDir(), w.fake)
	require.NoError(t, err)
	w.Service = New(Deps{DB: db, Clock: w.fake, Rules: shippedRules(t), Places: d, Orgs: d, Intake: blob.NewIntake(blob.Limits{}), Files: files})
	return w
}

func (w *world) place(estate, name string) id.ID {
	a := id.New()
	w.dir.places[a] = Place{ServiceAreaID: a, Path: authz.ChildPath(estate, a), Division: "370612001000"}
	w.dir.areas[a], w.dir.names[name] = w.dir.places[a].Path, a
	return a
}

func (w *world) org(kind, path string) Org {
	o := Org{ID: id.New(), Kind: kind, Name: kind, Path: path, Active: true}
	w.dir.orgs[o.ID] = o
	return o
}

func who(role authz.Role, o Org) authz.Principal {
	return authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{{ID: id.New(), Role: role, Org: o.ID, Path: o.Path}}}
}

func livesAt(path string) authz.Principal {
	return authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{{ID: id.New(), Role: authz.RoleOwner, Path: path, Household: id.New(), Unit: id.New()}}}
}

func each(t *testing.T, body func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) { body(t, newWorld(t, db)) })
}

var anew = Taken{}

func dayPtr(d clock.Date) *clock.Date { return &d }

func (w *world) terms(kind Kind, number string) Terms {
	owners := w.committee.ID
	if kind == EarlyStage {
		owners = w.developer.ID
	}
	return Terms{Number: number, Kind: kind, OwnersID: &owners, FeeMethod: LumpSum, StartsOn: "2026-03-01", EndsOn: dayPtr("2027-02-28"),
		Fees:     []Fee{{UnitKind: "residential", Fen: 180, Per: PerArea, Basis: "业主大会决定"}},
		Items:    []Item{{"保洁", "楼道每日清扫一次"}, {"电梯", "每十五日维护保养一次"}},
		SLA:      []SLARow{{Severity: "urgent", AcceptMin: 15, ArriveMin: 30, FixMin: 1440, Clock: "natural"}},
		Bands:    []Band{{0, 6000, 8000}, {6000, 8500, 9500}, {8500, 10001, 10000}},
		Promises: []string{"每年公布收支"}, Subcontracts: []Subcontract{{2, "安达电梯公司"}}}
}

func (w *world) draft(company Org, by authz.Principal, t Terms) Contract {
	w.t.Helper()
	c, err := w.DraftContract(context.Background(), by, idem.Key{}, NewContract{w.area, company.ID, t})
	require.NoError(w.t, err)
	return c
}

func (w *world) paper(c Contract, by authz.Principal) blob.Hash {
	w.t.Helper()
	d, err := w.Attach(context.Background(), by, c.ID, anew, "会议纪要.pdf", bytes.NewReader([]byte("%PDF-1.4\n"+c.ID.String()+"\n%%EOF\n")))
	require.NoError(w.t, err)
	return d.Hash
}

var passing = Tally{TotalArea: 30000, TotalHeads: 300, JoinedArea: 20000, JoinedHeads: 200, FavourArea: 10001, FavourHeads: 101}

// signed makes an ordinary contract that both sides have signed.
func (w *world) signed(company Org, manager authz.Principal, number string) Contract {
	w.t.Helper()
	ctx := context.Background()
	c := w.draft(company, manager, w.terms(Ordinary, number))
	_, err := w.RecordDecision(ctx, w.owner, c.ID, anew, Evidence{"2026-02-01", w.paper(c, w.owner), passing})
	require.NoError(w.t, err)
	_, err = w.Sign(ctx, manager, c.ID, anew)
	require.NoError(w.t, err)
	c, err = w.Sign(ctx, w.owner, c.ID, anew)
	require.NoError(w.t, err)
	require.Equal(w.t, Signed, c.State)
	return c
}

func (w *world) inForce(company Org, manager authz.Principal, number string) Contract {
	w.t.Helper()
	c, err := w.BringIntoForce(context.Background(), w.office, w.signed(company, manager, number).ID, anew)
	require.NoError(w.t, err)
	require.Equal(w.t, InForce, c.State)
	return c
}

func (w *world) read(c Contract) Contract {
	w.t.Helper()
	got, err := contract(context.Background(), w.DB, c.ID)
	require.NoError(w.t, err)
	return got
}

func (w *world) now() Arrangement {
	w.t.Helper()
	a, err := w.Arrangement(context.Background(), w.DB, w.area)
	require.NoError(w.t, err)
	return a
}

func (w *world) count(query string, args ...any) int {
	w.t.Helper()
	var n int
	require.NoError(w.t, w.DB.Get(context.Background(), &n, query, args...))
	return n
}

func code(err error) string {
	if err == nil {
		return ""
	}
	f := fault.Of(err)
	if len(f.Fields) > 0 {
		return f.Fields[0].Code
	}
	return f.Code
}
