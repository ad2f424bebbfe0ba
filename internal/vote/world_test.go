package vote

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/ledger"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
)

// town answers for the register and the posts of the tests.
type town struct {
	at        Place
	units     []Unit
	companies map[id.ID]bool // persons with a post in a company
	files     sync.Map
}

func (t *town) Place(_ context.Context, _ dbx.Querier, _ Scope, place id.ID, _ string) (Place, error) {
	if place.IsZero() {
		return Place{}, fault.New(fault.NotFound, "not_found")
	}
	return t.at, nil
}

func (t *town) Entrances(context.Context, dbx.Querier, id.ID) ([]string, error) {
	return []string{"1单元", "2单元"}, nil
}

func (t *town) Units(context.Context, dbx.Querier, Scope, id.ID, string, clock.Instant) ([]Unit, error) {
	return t.units, nil
}

func (t *town) InCompany(_ context.Context, _ dbx.Querier, person id.ID, _ clock.Instant) (bool, error) {
	return t.companies[person], nil
}

func (t *town) Put(_ context.Context, data []byte) (blob.Hash, error) {
	h := blob.HashOf(data)
	t.files.Store(h, data)
	return h, nil
}

func (t *town) Get(_ context.Context, h blob.Hash) (io.ReadCloser, error) {
	data, ok := t.files.Load(h)
	if !ok {
		return nil, fault.New(fault.NotFound, "blob.not_found")
	}
	return io.NopCloser(bytes.NewReader(data.([]byte))), nil
}

func (t *town) VoteReceipts(vote id.ID) [32]byte { return sha256.Sum256(vote[:]) }

// world is an estate whose owners vote, on a real database.
type world struct {
	*Service
	*town
	t                           testing.TB
	db                          *dbx.DB
	clock                       *clock.Fake
	runner                      *job.Runner
	area                        id.ID
	committee, keeper, worker   authz.Principal
	office, second, party       authz.Principal
	manager, operator, stranger authz.Principal
	secrets                     [teller.Tellers]*teller.Secret
	tellers                     [teller.Tellers]authz.Principal
}

func newWorld(t testing.TB, db *dbx.DB) *world {
	t.Helper()
	set, err := rules.Load(configs.Files)
	require.NoError(t, err)
	c := clock.NewFake(clock.Date("2026-03-02").Start().Add(10 * time.Hour))
	require.NoError(t, rules.Keep(t.Context(), db, set, clock.Now(c)))
	key, err := ledger.NewKey("test.example/rp")
	require.NoError(t, err)
	log, err := ledger.New("test.example/rp", key, c)
	require.NoError(t, err)
	street := authz.ChildPath("", id.New())
	community := authz.ChildPath(street, id.New())
	w := &world{t: t, db: db, clock: c, runner: job.NewRunner(db, c, slog.New(slog.DiscardHandler)), area: id.New(), town: &town{companies: map[id.ID]bool{}}}
	path := authz.ChildPath(authz.ChildPath(community, id.New()), w.area)
	w.at = Place{Path: path, Name: "阳光花园", Division: "370612001", ServiceAreas: []id.ID{w.area}}
	w.Service = New(Deps{DB: db, Clock: c, Rules: set, Ledger: log, Places: w.town, Posts: w.town, Intake: blob.NewIntake(blob.Limits{}), Files: w.town, Keys: w.town})
	company := id.New()
	w.committee, w.keeper = post(authz.RoleCommittee, id.New(), path), post(authz.RoleCommunity, id.New(), community)
	w.worker = post(authz.RoleCommunityWork, w.keeper.Grants[0].Org, community)
	w.office, w.party = post(authz.RoleStreetOffice, id.New(), street), post(authz.RoleStreetParty, id.New(), street)
	w.second = post(authz.RoleStreetOffice, w.office.Grants[0].Org, street)
	w.manager, w.operator = post(authz.RoleManager, company, ""), post(authz.RoleOperator, id.New(), "")
	w.stranger = post(authz.RoleStreetOffice, id.New(), authz.ChildPath("", id.New()))
	w.companies[w.manager.Person] = true
	return w
}

func post(role authz.Role, org id.ID, path string) authz.Principal {
	return authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{{ID: id.New(), Role: role, Org: org, Path: path}}}
}

// homes adds n units of an area, each with an owner who has an account.
func (w *world) homes(n int, area func(i int) int64) {
	for i := range n {
		w.units = append(w.units, Unit{ID: id.New(), Label: fmt.Sprintf("1号楼 %04d", i+1), Area: area(i), Source: "register", Owners: []Owner{{ID: id.New(), Person: id.New()}}})
	}
}

// regular areas are many units of few sizes, so that totals tell little.
func regular(i int) int64 { return 8000 + int64(i%3)*500 }

// owner is the first owner of a unit, as a member of its household.
func (w *world) owner(unit int) authz.Principal { return w.as(w.units[unit].Owners[0].Person) }

func (w *world) as(person id.ID) authz.Principal {
	return authz.Principal{Account: id.New(), Person: person, Grants: []authz.Grant{{ID: id.New(), Role: authz.RoleOwner, Path: w.at.Path, Household: id.New()}}}
}

func (w *world) ctx() context.Context { return w.t.Context() }

func (w *world) must(v Vote, err error) Vote {
	w.t.Helper()
	require.NoError(w.t, err)
	return v
}

func seen(v Vote) Taken { return Taken{Version: v.Version} }

func code(t testing.TB, want string, err error) {
	t.Helper()
	require.Error(t, err, "want %s", want)
	f := fault.Of(err)
	codes := []string{f.Code}
	for _, field := range f.Fields {
		codes = append(codes, field.Code)
	}
	require.Contains(t, codes, want)
}

func yesNo(matter tally.Item) Item {
	return Item{Matter: matter, Title: "选聘物业服务人", Content: "续聘现物业服务企业，期限两年。", Options: []Name{{"同意"}}, Most: 1}
}

func (w *world) draft(items ...Item) Draft {
	return Draft{Scope: ServiceArea, PlaceID: w.area, Kind: Regular, Title: "2026年第一次业主大会", Reason: "合同到期，须由业主共同决定。", Items: items}
}

// announced is a vote that opens in 16 days for 10.
func (w *world) announced(d Draft) Vote {
	w.t.Helper()
	plain := d
	plain.Silent, plain.EachUnit = false, false
	v := w.must(w.Propose(w.ctx(), w.committee, idem.Key{}, plain))
	if d.Silent || d.EachUnit {
		d.Bylaw = &w.paper(v).Hash
		v = w.must(w.Edit(w.ctx(), w.committee, v.ID, seen(v), d))
	}
	now := clock.Now(w.clock)
	return w.must(w.Announce(w.ctx(), w.committee, v.ID, seen(v), Announcement{now.Add(16 * 24 * time.Hour), now.Add(26 * 24 * time.Hour)}))
}

// posted is one whose roll is posted.
func (w *world) posted(d Draft) Vote {
	w.t.Helper()
	v := w.announced(d)
	return w.must(w.PostRoll(w.ctx(), w.committee, v.ID, seen(v)))
}

// keyed has the key that three tellers made.
func (w *world) keyed(v Vote) Vote {
	w.t.Helper()
	w.tellers = [teller.Tellers]authz.Principal{w.committee, w.worker, w.office}
	var reach teller.Reaches
	for i, p := range w.tellers {
		var err error
		w.secrets[i], err = teller.Start(v.ID, i+1)
		require.NoError(w.t, err)
		reach[i], err = w.secrets[i].Reach()
		require.NoError(w.t, err)
		_, err = w.TakeSeat(w.ctx(), p, Taken{}, v.ID, reach[i])
		require.NoError(w.t, err)
	}
	for i, p := range w.tellers {
		d, err := w.secrets[i].Deal(reach)
		require.NoError(w.t, err)
		_, err = w.Deal(w.ctx(), p, Taken{}, v.ID, d)
		require.NoError(w.t, err)
	}
	for i, p := range w.tellers {
		seats, err := w.Seats(w.ctx(), p, v.ID)
		require.NoError(w.t, err)
		var dealt [teller.Tellers]teller.Dealing
		for _, s := range seats {
			dealt[s.No-1] = *s.Dealing
		}
		key, err := w.secrets[i].Finish(reach, dealt)
		require.NoError(w.t, err)
		_, err = w.Confirm(w.ctx(), p, Taken{}, v.ID, key.Hash)
		require.NoError(w.t, err)
	}
	return w.again(v)
}

func (w *world) again(v Vote) Vote {
	w.t.Helper()
	return w.must(voteByID(w.ctx(), w.db, v.ID))
}

// open is one whose day has come.
func (w *world) open(d Draft) Vote {
	w.t.Helper()
	v := w.keyed(w.posted(d))
	w.clock.Set(v.OpensAt.Time().Add(time.Second))
	w.work()
	v = w.again(v)
	require.Equal(w.t, Open, v.State)
	return v
}

// work runs the jobs until nothing is left to do now.
func (w *world) work() {
	w.t.Helper()
	for range 50 {
		again := false
		for _, j := range w.Jobs() {
			busy, err := w.runner.Once(w.ctx(), j)
			require.NoError(w.t, err)
			again = again || busy
		}
		if !again {
			return
		}
	}
}

// headFor is the line of the roll that a unit is on.
func (w *world) headFor(v Vote, unit int) int {
	w.t.Helper()
	units, err := unitsOf(w.ctx(), w.db, v.ID)
	require.NoError(w.t, err)
	for _, u := range units {
		if u.UnitID == w.units[unit].ID {
			return u.Head
		}
	}
	w.t.Fatal("not on the roll")
	return 0
}

func (w *world) sealed(v Vote, head int, choices ...teller.Choice) []byte {
	w.t.Helper()
	sealed, err := teller.Seal(v.KeyPublic, v.context(head, len(choices)), choices)
	require.NoError(w.t, err)
	return sealed
}

// scanned is a picture as the entering person's device seals it.
func (w *world) scanned(v Vote, head int, picture string) []byte {
	sealed, err := teller.SealScan(v.KeyPublic, v.context(head, 1), []byte(picture))
	require.NoError(w.t, err)
	return sealed
}

// cast casts the ballot of a unit's owner.
func (w *world) cast(v Vote, unit int, choices ...teller.Choice) teller.Receipt {
	w.t.Helper()
	head := w.headFor(v, unit)
	r, err := w.Cast(w.ctx(), w.owner(unit), idem.Key{}, v.ID, head, w.sealed(v, head, choices...))
	require.NoError(w.t, err)
	return r
}

// close ends the voting.
func (w *world) close(v Vote) Vote {
	w.t.Helper()
	w.clock.Set(w.again(v).ClosesAt.Time())
	w.work()
	v = w.again(v)
	require.Equal(w.t, Closed, v.State)
	return v
}

// count is what teller a counts with the part of teller b, each on their own device.
func (w *world) count(v Vote, a, b int) (teller.Outcome, []int) {
	w.t.Helper()
	from, err := w.Open(w.ctx(), w.tellers[b], v.ID)
	require.NoError(w.t, err)
	part, err := w.secrets[b].Part(from.Key, from.Ballots)
	require.NoError(w.t, err)
	sent, err := w.secrets[b].SendPart(part, v.ID, a+1)
	require.NoError(w.t, err)
	require.NoError(w.t, w.SendPart(w.ctx(), w.tellers[b], Taken{}, v.ID, v.ID, a+1, sent))
	box, err := w.Open(w.ctx(), w.tellers[a], v.ID)
	require.NoError(w.t, err)
	var got teller.Part
	for _, p := range box.Parts {
		if p.From == b+1 {
			got, err = w.secrets[a].ReceivePart(p.Sealed, v.ID, b+1)
			require.NoError(w.t, err)
		}
	}
	own, err := w.secrets[a].Part(box.Key, box.Ballots)
	require.NoError(w.t, err)
	out, spoiled, err := teller.Count(box.Key, teller.Context{Vote: v.ID, Form: box.Form}, box.Questions, box.Ballots, own, got)
	require.NoError(w.t, err)
	return out, spoiled
}

// counted is a vote that two tellers counted.
func (w *world) counted(v Vote) Vote {
	w.t.Helper()
	v = w.close(v)
	for _, pair := range [][2]int{{0, 1}, {1, 0}} {
		out, spoiled := w.count(v, pair[0], pair[1])
		v = w.must(w.HandIn(w.ctx(), w.tellers[pair[0]], Taken{}, v.ID, out, spoiled))
	}
	require.Equal(w.t, Counted, v.State)
	return v
}

func (w *world) published(v Vote) Vote {
	w.t.Helper()
	return w.must(w.Publish(w.ctx(), w.committee, v.ID, seen(v)))
}

func (w *world) result(v Vote) Result {
	w.t.Helper()
	r, err := w.PublicResult(w.ctx(), v.ID)
	require.NoError(w.t, err)
	return r.Result
}

// paper is a document of the vote.
func (w *world) paper(v Vote) *Document {
	w.t.Helper()
	d, err := w.AddDocument(w.ctx(), w.committee, Taken{}, v.ID, "议事规则.pdf", strings.NewReader("%PDF-1.4\nrules\n%%EOF\n"))
	require.NoError(w.t, err)
	return &d
}
