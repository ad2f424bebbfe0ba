package survey

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/ledger"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/questionnaire"
	"github.com/redproperty/redproperty/internal/rules"
)

// town answers for the register, the households and the organisations of the tests.
type town struct {
	places    map[id.ID]Place
	homes     map[id.ID][]Home
	residents []Resident
	paths     map[id.ID]string // of households
	servedBy  map[id.ID]Arrangement
	staff     map[id.ID][]id.ID
	accounts  map[id.ID]bool // units that an interview is not for
	graded    clock.Instant  // when the newest grade was published
}

func (t *town) ServiceArea(_ context.Context, _ dbx.Querier, a id.ID) (Place, error) {
	p, ok := t.places[a]
	if !ok {
		return p, fault.New(fault.NotFound, "not_found")
	}
	return p, nil
}

func (t *town) Homes(_ context.Context, _ dbx.Querier, a id.ID) ([]Home, error) {
	return t.homes[a], nil
}

func (t *town) Present(_ context.Context, _ dbx.Querier, path string, _ clock.Instant) ([]Resident, error) {
	var out []Resident
	for _, r := range t.residents {
		if strings.HasPrefix(t.paths[r.Household], path) {
			out = append(out, r)
		}
	}
	return out, nil
}

// HasAccount knows the units of which a test says so.
func (t *town) HasAccount(_ context.Context, _ dbx.Querier, _ string, unit id.ID, _ clock.Instant) (bool, error) {
	return t.accounts[unit], nil
}

func (t *town) Serving(_ context.Context, _ dbx.Querier, a id.ID) (Arrangement, error) {
	return t.servedBy[a], nil
}

// Units lists the homes of a person.
func (t *town) Units(_ context.Context, _ dbx.Querier, person id.ID, _ clock.Instant) (out []id.ID, err error) {
	for _, r := range t.residents {
		for _, homes := range t.homes {
			for _, h := range homes {
				if r.Person == person && h.Household == r.Household {
					out = append(out, h.Unit)
				}
			}
		}
	}
	return out, nil
}

// Within lists the places at or below a path, by name.
func (t *town) Within(_ context.Context, _ dbx.Querier, path string) ([]Extent, error) {
	var out []Extent
	for a, p := range t.places {
		if strings.HasPrefix(p.Path, path) {
			out = append(out, Extent{p, int64(len(t.homes[a]))})
		}
	}
	slices.SortFunc(out, func(a, b Extent) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// AreaPath knows service areas, and the areas around them by the last identifier of their path.
func (t *town) AreaPath(_ context.Context, _ dbx.Querier, area id.ID) (string, error) {
	for _, p := range t.places {
		if at := strings.Index(p.Path, area.Segment()+"/"); at >= 0 {
			return p.Path[:at+len(area.Segment())+1], nil
		}
	}
	return "", fault.New(fault.NotFound, "not_found")
}

// Near is what lies two levels deep or more: below the street.
func (t *town) Near(ctx context.Context, q dbx.Querier, area id.ID) (bool, error) {
	path, err := t.AreaPath(ctx, q, area)
	return strings.Count(path, "/") > 1, err
}

func (t *town) KeeperPath(_ context.Context, _ dbx.Querier, company id.ID) (string, error) {
	for a, s := range t.servedBy {
		if s.Company == company {
			street, _, _ := strings.Cut(t.places[a].Path, "/")
			return street + "/", nil
		}
	}
	return "", fault.New(fault.NotFound, "not_found")
}

// Moment is later than that of the newest grade.
func (t *town) Moment(_ context.Context, _ *dbx.Tx, _ id.ID, now clock.Instant) (clock.Instant, error) {
	return max(now, t.graded+1), nil
}

func (t *town) Served(_ context.Context, _ dbx.Querier, company id.ID) ([]string, error) {
	var out []string
	for a, s := range t.servedBy {
		if s.Company == company {
			out = append(out, t.places[a].Path)
		}
	}
	return out, nil
}

func (t *town) Staff(_ context.Context, _ dbx.Querier, org id.ID, _ clock.Instant) ([]id.ID, error) {
	return t.staff[org], nil
}

// safe keeps keys under a fixed key.
type safe struct{ suite personal.AES }

var safeKey = []byte("0123456789abcdef0123456789abcdef")

func (s safe) Seal(row id.ID, plain []byte) ([]byte, error) {
	return s.suite.Seal(safeKey, plain, row[:])
}
func (s safe) Open(row id.ID, sealed []byte) ([]byte, error) {
	return s.suite.Open(safeKey, sealed, row[:])
}
func (s safe) Receipts(round id.ID) ballot.Hash { return sha256.Sum256(round[:]) }

// free limits nothing but one account, and counts.
type free struct {
	failed atomic.Int64
	spent  id.ID // the account that has used up its drawings
}

func (f *free) Draw(_ context.Context, _, _, account id.ID) error {
	if !account.IsZero() && account == f.spent {
		return fault.New(fault.RateLimited, "rate.account")
	}
	return nil
}

func (f *free) Envelope(ctx context.Context, round, dwelling, account id.ID) error {
	return f.Draw(ctx, round, dwelling, account)
}

func (f *free) CastFailed(context.Context, id.ID) error { f.failed.Add(1); return nil }
func (f *free) Suspect(context.Context, id.ID) bool     { return false }

// world is a street with two service areas, on a real database.
type world struct {
	*Service
	*town
	t                            testing.TB
	db                           *dbx.DB
	clock                        *clock.Fake
	limits                       *free
	log                          *ledger.Ledger
	runner                       *job.Runner
	street, community            string
	area, sibling                id.ID
	communityID, streetID        id.ID
	company, owners              id.ID
	office, keeper, head         authz.Principal
	manager, committee, stranger authz.Principal
}

// shippedRules are read once; no test changes them.
var shippedRules = sync.OnceValues(func() (*rules.Set, error) { return rules.Load(configs.Files) })

// keyring gives each world its own signing keys, which later worlds are given again: making one takes longer than most tests.
type keyring struct{ given int }

var keysMade struct {
	sync.Mutex
	list [][]byte
}

func (k *keyring) next(bits int) (*ballot.PrivateKey, error) {
	keysMade.Lock()
	defer keysMade.Unlock()
	if k.given == len(keysMade.list) {
		made, err := ballot.GenerateKey(bits)
		if err != nil {
			return nil, err
		}
		der, err := made.DER()
		if err != nil {
			return nil, err
		}
		keysMade.list = append(keysMade.list, der)
	}
	k.given++
	return ballot.ParsePrivateKey(keysMade.list[k.given-1])
}

func newWorld(t testing.TB, db *dbx.DB) *world {
	t.Helper()
	set, err := shippedRules()
	require.NoError(t, err)
	c := clock.NewFake(clock.Date("2026-03-02").Start().Add(10 * time.Hour))
	require.NoError(t, rules.Keep(t.Context(), db, set, clock.Now(c)))
	key, err := ledger.NewKey("test.example/rp")
	require.NoError(t, err)
	log, err := ledger.New("test.example/rp", key, c)
	require.NoError(t, err)
	w := &world{t: t, db: db, clock: c, limits: &free{}, log: log, runner: job.NewRunner(db, c, slog.New(slog.DiscardHandler)),
		town: &town{places: map[id.ID]Place{}, homes: map[id.ID][]Home{}, paths: map[id.ID]string{}, servedBy: map[id.ID]Arrangement{}, staff: map[id.ID][]id.ID{}, accounts: map[id.ID]bool{}}}
	w.Service = New(Deps{DB: db, Clock: c, Rules: set, Ledger: log, Places: w.town, Residents: w.town, Arrangements: w.town, Posts: w.town, Keys: safe{}, NewKey: (&keyring{}).next, Limits: w.limits, Extents: w.town, Companies: w.town})
	w.streetID = id.New()
	w.street = authz.ChildPath("", w.streetID)
	w.communityID = id.New()
	w.community = authz.ChildPath(w.street, w.communityID)
	w.company, w.owners = id.New(), id.New()
	w.area, w.sibling = w.place("阳光花园", 6, 20), w.place("滨河家园", 2, 20)
	w.office, w.head = w.post(authz.RoleStreetOffice, id.New(), w.street), w.post(authz.RoleCommunity, id.New(), w.community)
	w.keeper = w.post(authz.RoleCommunityWork, w.head.Grants[0].Org, w.community)
	w.manager, w.committee = w.post(authz.RoleManager, w.company, ""), w.post(authz.RoleCommittee, w.owners, w.places[w.area].Path)
	w.stranger = w.post(authz.RoleStreetOffice, id.New(), authz.ChildPath("", id.New()))
	return w
}

// place makes a service area of buildings with dwellings, each with one household of an owner.
func (w *world) place(name string, buildings, each int) id.ID {
	a := id.New()
	w.places[a] = Place{ServiceAreaID: a, Path: authz.ChildPath(authz.ChildPath(w.community, id.New()), a), Name: name}
	w.servedBy[a] = Arrangement{Company: w.company, Contract: id.New(), Owners: w.owners}
	for b := range buildings {
		building := id.New()
		for n := range each {
			h := Home{Unit: id.New(), Building: building, Block: fmt.Sprintf("%d号楼", b+1), Label: fmt.Sprintf("%d号楼 %d", b+1, 101+n), Household: id.New(), Occupied: "owner"}
			w.homes[a] = append(w.homes[a], h)
			w.paths[h.Household] = w.places[a].Path
			w.residents = append(w.residents, Resident{Household: h.Household, Person: id.New()})
		}
	}
	return a
}

func (w *world) post(role authz.Role, org id.ID, path string) authz.Principal {
	person := id.New()
	w.staff[org] = append(w.staff[org], person)
	return authz.Principal{Account: id.New(), Person: person, Grants: []authz.Grant{{ID: id.New(), Role: role, Org: org, Path: path}}}
}

// resident is somebody of the n-th home of a service area.
func (w *world) resident(a id.ID, n int) authz.Principal {
	h := w.homes[a][n]
	person := id.New()
	for _, r := range w.town.residents {
		if r.Household == h.Household {
			person = r.Person
		}
	}
	return authz.Principal{Account: id.New(), Person: person, Grants: []authz.Grant{
		{ID: id.New(), Role: authz.RoleOwner, Path: w.places[a].Path, Household: h.Household, Unit: h.Unit}}}
}

func (w *world) ctx() context.Context { return w.t.Context() }

// form is the published template.
func (w *world) form() Form {
	w.t.Helper()
	tpl, err := w.Rules.Surveys.Template("property_service")
	require.NoError(w.t, err)
	f, err := w.CreateForm(w.ctx(), w.office, idem.Key{}, tpl.Code, tpl.Questionnaire)
	require.NoError(w.t, err)
	f, err = w.PublishForm(w.ctx(), w.office, f.ID, Taken{Version: f.Version})
	require.NoError(w.t, err)
	return f
}

func (w *world) plan(areas ...id.ID) Plan {
	now := clock.Now(w.clock)
	return Plan{FormID: w.form().ID, Title: "2026年上半年物业服务测评", ServiceAreas: areas, Method: Census, OpensAt: now.Add(24 * time.Hour), ClosesAt: now.Add(11 * 24 * time.Hour)}
}

func (w *world) must(r Round, err error) Round {
	w.t.Helper()
	require.NoError(w.t, err)
	return r
}

func seen(r Round) Taken { return Taken{Version: r.Version} }

// frozen is a round over service areas whose roll is fixed.
func (w *world) frozen(areas ...id.ID) Round {
	w.t.Helper()
	r := w.must(w.Create(w.ctx(), w.office, idem.Key{}, w.plan(areas...)))
	for _, a := range areas {
		r = w.must(w.Reconcile(w.ctx(), w.keeper, r.ID, a, seen(r)))
	}
	return w.must(w.Freeze(w.ctx(), w.office, r.ID, seen(r)))
}

// open is a round whose day has come.
func (w *world) open(areas ...id.ID) Round {
	w.t.Helper()
	r := w.frozen(areas...)
	w.clock.Advance(25 * time.Hour)
	w.work()
	r = w.must(roundByID(w.ctx(), w.db, r.ID))
	require.Equal(w.t, Open, r.State)
	return r
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

// close ends a round and counts it.
func (w *world) close(r Round) Round {
	w.t.Helper()
	w.clock.Set(r.ClosesAt.Time())
	w.work()
	w.clock.Advance(time.Minute)
	w.work()
	return w.must(roundByID(w.ctx(), w.db, r.ID))
}

// draw draws the ballot of the n-th home as a client does.
func (w *world) draw(r Round, a id.ID, n int) ballot.Kept {
	w.t.Helper()
	pending := w.prepare(r, a, n)
	p, unit := w.resident(a, n), w.homes[a][n].Unit
	own, err := w.Own(w.ctx(), p, r.ID, unit)
	require.NoError(w.t, err)
	signature, err := w.DrawBallot(w.ctx(), p, r.ID, unit, ballotHash(own.KeyID), pending.Blinded())
	require.NoError(w.t, err)
	kept, err := pending.Finish(signature)
	require.NoError(w.t, err)
	return kept
}

// prepare blinds a token for the key of the n-th home, which it has found in the ledger.
func (w *world) prepare(r Round, a id.ID, n int) *ballot.Pending {
	w.t.Helper()
	own, err := w.Own(w.ctx(), w.resident(a, n), r.ID, w.homes[a][n].Unit)
	require.NoError(w.t, err)
	paper, err := w.Paper(w.ctx(), r.ID)
	require.NoError(w.t, err)
	for _, k := range paper.Keys {
		if k.Stratum == own.Stratum {
			pending, err := ballot.Prepare(w.trusted(r, k.PublicKey))
			require.NoError(w.t, err)
			return pending
		}
	}
	w.t.Fatal("no key")
	return nil
}

// trusted finds a key in the leaf that opened the round.
func (w *world) trusted(r Round, spki []byte) ballot.TrustedKey {
	w.t.Helper()
	leaves, err := w.Leaves(w.ctx(), r.ID)
	require.NoError(w.t, err)
	require.NotNil(w.t, leaves[0].Entry)
	trust, err := ballot.NewTrust(w.log.VerifierKey())
	require.NoError(w.t, err)
	key, err := trust.Key(spki, []byte(leaves[0].Body), w.proof(*leaves[0].Entry))
	require.NoError(w.t, err)
	return key
}

// proof shows that an entry is in the newest checkpoint.
func (w *world) proof(entry int64) ballot.Proof {
	w.t.Helper()
	c, err := w.log.Newest(w.ctx(), w.db, ballot.Log)
	require.NoError(w.t, err)
	hashes, err := w.log.Inclusion(w.ctx(), w.db, ballot.Log, c.Size, entry)
	require.NoError(w.t, err)
	return ballot.Proof{Note: c.Note, Index: entry, Hashes: hashes}
}

// rated answers every question with the same rating.
func (w *world) rated(r Round, rating int, remark string) questionnaire.Answers {
	w.t.Helper()
	asked, err := w.asking(w.ctx(), r.ID)
	q := asked.form
	require.NoError(w.t, err)
	out := questionnaire.Answers{}
	for _, i := range q.Items() {
		switch i.Kind {
		case questionnaire.Rating:
			out[i.Code] = questionnaire.Number(rating)
		case questionnaire.Scale10:
			out[i.Code] = questionnaire.Number(2 * rating)
		case questionnaire.Single:
			out[i.Code] = questionnaire.Choice(i.Options[0].Code)
		case questionnaire.Multiple:
			out[i.Code] = questionnaire.Choices(i.Options[0].Code)
		case questionnaire.FreeText:
			if remark != "" {
				out[i.Code] = questionnaire.Words(remark)
			}
		}
	}
	for code := range out {
		visible := false
		for _, v := range q.Visible(out) {
			visible = visible || v == code
		}
		if !visible {
			delete(out, code)
		}
	}
	return out
}

// cast is the n-th revision of a ballot.
func cast(kept ballot.Kept, revision int, answers questionnaire.Answers) Cast {
	opening, err := kept.Secret.Opening(revision)
	if err != nil {
		panic(err)
	}
	return Cast{Ballot: kept.Ballot(), Revision: revision, Opening: opening, Answers: answers, Salt: ballot.NewHash(), TextSalt: ballot.NewHash(), TextKey: ballot.NewHash()}
}

func count1(t testing.TB, q dbx.Querier, query string, args ...any) int {
	t.Helper()
	var n int
	require.NoError(t, q.Get(t.Context(), &n, query, args...))
	return n
}

func code(t testing.TB, want string, err error) {
	t.Helper()
	require.Error(t, err)
	f := fault.Of(err)
	for _, field := range f.Fields {
		if field.Code == want {
			return
		}
	}
	require.Equal(t, want, f.Code, err)
}

func (w *world) logger() *slog.Logger { return slog.New(slog.DiscardHandler) }

// parties are those who put secrets into the draw of a sample.
func (w *world) parties(a id.ID) []authz.Principal {
	committee := w.committee
	committee.Grants = []authz.Grant{w.committee.Grants[0]}
	committee.Grants[0].Path = w.places[a].Path
	return []authz.Principal{w.office, w.manager, committee}
}
