package report

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/ledger"
	"github.com/redproperty/redproperty/internal/rules"
)

// world is a street with two communities, three service areas and two companies.
type world struct {
	t     testing.TB
	db    *dbx.DB
	s     *Service
	clock *clock.Fake

	street, other                   place
	communities                     [2]place
	estates, areas                  [3]place
	company, rival                  id.ID
	office, party, clerk, committee authz.Principal
	manager, resident, stranger     authz.Principal
	n                               int
	later                           [][]any // ratings that keep stores with the orders
}

// testNow is the fifth of November; October is over.
var testNow = time.Date(2026, 11, 5, 2, 0, 0, 0, time.UTC)

const october = Month("2026-10")

var testRules = func() *rules.Set {
	set, err := rules.Load(configs.Files)
	if err != nil {
		panic(err)
	}
	return set
}()

func each(t *testing.T, body func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) { body(newWorld(t, db)) })
}

func newWorld(t testing.TB, db *dbx.DB) *world {
	t.Helper()
	w := &world{t: t, db: db, clock: clock.NewFake(testNow), company: id.New(), rival: id.New()}
	key, err := ledger.EnsureKey(t.Context(), db, filepath.Join(t.TempDir(), "ledger.key"), "test.example")
	require.NoError(t, err)
	log, err := ledger.New("test.example", key, w.clock)
	require.NoError(t, err)
	w.s = New(Deps{DB: db, Clock: w.clock, Rules: testRules, Ledger: log})
	require.NoError(t, rules.Keep(t.Context(), db, testRules, clock.Now(w.clock)))
	root := w.area(nil, "district", "牟平区")
	w.street, w.other = w.area(&root, "street", "文化街道"), w.area(&root, "street", "宁海街道")
	for i := range w.communities {
		w.communities[i] = w.area(&w.street, "community", fmt.Sprintf("社区%d", i+1))
	}
	for i := range w.areas {
		w.estates[i] = w.area(&w.communities[i/2], "estate", fmt.Sprintf("小区%d", i+1))
		w.areas[i] = w.serviceArea(w.estates[i], w.communities[i/2])
	}
	w.organisations()
	w.people()
	return w
}

func (w *world) tx(body func(ctx context.Context, tx *dbx.Tx) error) {
	w.t.Helper()
	require.NoError(w.t, w.db.InTx(w.t.Context(), body))
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	w.tx(func(ctx context.Context, tx *dbx.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
}

func (w *world) area(parent *place, kind, name string) place {
	p := place{ID: id.New(), Kind: kind, Name: name}
	var above *id.ID
	if parent != nil {
		p.Path, above = parent.Path, parent.ID.Ptr()
	}
	p.Path = authz.ChildPath(p.Path, p.ID)
	w.exec(`INSERT INTO area (id, parent_id, kind, name, name_key, path, created_at, version) VALUES (?,?,?,?,?,?,?,1)`, p.ID, above, kind, name, name, p.Path, 0)
	return p
}

func (w *world) serviceArea(estate, community place) place {
	p := place{ID: id.New(), Kind: "service_area", Name: estate.Name + "一期"}
	p.Path = authz.ChildPath(estate.Path, p.ID)
	w.exec(`INSERT INTO service_area (id, estate_id, street_id, community_id, name, name_key, path, created_at, version) VALUES (?,?,?,?,?,?,?,?,1)`,
		p.ID, estate.ID, w.street.ID, community.ID, p.Name, p.Name, p.Path, 0)
	return p
}

func (w *world) organisations() {
	for org, name := range map[id.ID]string{w.company: "甲物业", w.rival: "=乙物业"} {
		w.exec(`INSERT INTO organisation (id, kind, name, scope_path, keeper_path, public_phone, address, state, created_at, post_changes, version)
			VALUES (?, 'company', ?, '', ?, '', '', 'active', 0, 0, 1)`, org, name, w.street.Path)
	}
}

func (w *world) people() {
	post := func(role authz.Role, org id.ID, path string) authz.Principal {
		return authz.Principal{Account: id.New(), Person: id.New(), Request: "r", Grants: []authz.Grant{{ID: id.New(), Role: role, Org: org, Path: path}}}
	}
	w.office, w.party = post(authz.RoleStreetOffice, id.New(), w.street.Path), post(authz.RoleStreetParty, id.New(), w.street.Path)
	w.clerk, w.committee = post(authz.RoleCommunityWork, id.New(), w.communities[0].Path), post(authz.RoleCommittee, id.New(), w.areas[0].Path)
	w.manager, w.stranger = post(authz.RoleManager, w.company, ""), post(authz.RoleStreetOffice, id.New(), w.other.Path)
	w.resident = post(authz.RoleOwner, id.Nil, w.areas[0].Path)
	w.resident.Grants[0].Household, w.resident.Grants[0].Unit = id.New(), id.New()
}

// told is an order as its events tell it: the first sets everything, each later one what it changed.
type told struct {
	id     id.ID
	set    map[string]any
	events []event
}

// day is a moment in October, China's time.
func day(d, hour, minute int) clock.Instant {
	return clock.At(time.Date(2026, 10, d, hour, minute, 0, 0, clock.Shanghai))
}

// report begins an order in service area n.
func (w *world) report(n int, at clock.Instant, company id.ID, more map[string]any) *told {
	w.n++
	area := w.areas[n]
	o := &told{id: id.New(), set: map[string]any{
		"number": fmt.Sprintf("NH-%06d", w.n), "service_area_id": area.ID, "estate_id": w.estates[n].ID, "community_id": w.communities[n/2].ID, "street_id": w.street.ID,
		"scope_path": area.Path, "reporter_kind": "account", "category": "lift", "identity_rule": "home_repair", "source": "resident", "rule_hash": nil,
		"reported_at": at, "severity": "normal", "state": "reported", "waiting": "handler", "handler_org_id": company.Ptr(), "handed_at": at,
		"clock_round": 0, "closure_no": 0,
	}}
	for k, v := range more {
		o.set[k] = v
	}
	o.push("report", at, o.set)
	return o
}

func (o *told) push(kind string, at clock.Instant, set map[string]any) {
	detail, _ := json.Marshal(map[string]any{"set": set})
	o.events = append(o.events, event{o.id, int64(len(o.events) + 1), at, kind, detail})
}

// then appends an event that changes facts.
func (o *told) then(kind string, at clock.Instant, pairs ...any) *told {
	set := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		set[pairs[i].(string)] = pairs[i+1]
		o.set[pairs[i].(string)] = pairs[i+1]
	}
	o.push(kind, at, set)
	return o
}

// closed closes the order.
func (o *told) closed(at clock.Instant) *told {
	no, _ := o.set["closure_no"].(int)
	return o.then("confirm", at, "state", "closed", "waiting", "none", "closed_at", at, "closed_as", "confirmed", "closure_no", no+1)
}

var orderColumns = []string{"id", "number", "service_area_id", "estate_id", "community_id", "street_id", "scope_path", "place_text", "place_coarse", "reporter_kind",
	"contact_opt_out", "title", "description", "category", "identity_rule", "source", "rule_hash", "category_hash", "reported_at", "severity", "state", "prior_state",
	"waiting", "handler_org_id", "handled_via", "handed_at", "subcontractor", "closing", "sla_source", "sla_mode", "accept_min", "arrive_min", "control_min", "fix_min",
	"extension_min", "extended", "clock_round", "due_stage", "due_provisional", "closed_at", "closed_as", "closure_no", "reopen_count", "objection_count", "pending",
	"decline_reason", "decline_channel", "followers", "reminded", "version", "updated_at"}

func (o *told) row() []any {
	out := make([]any, len(orderColumns))
	for i, c := range orderColumns {
		switch c {
		case "id":
			out[i] = o.id
		case "rule_hash", "category_hash":
			out[i] = make([]byte, 32)
		case "version":
			out[i] = len(o.events)
		case "updated_at":
			for _, e := range o.events {
				out[i] = e.At
			}
		case "contact_opt_out", "accept_min", "arrive_min", "control_min", "fix_min", "extension_min", "extended", "due_provisional", "reopen_count", "objection_count", "followers", "reminded":
			out[i] = 0
		case "community_id", "closed_at", "handler_org_id":
			out[i] = o.set[c]
		default:
			if out[i] = o.set[c]; out[i] == nil {
				out[i] = ""
			}
		}
	}
	return out
}

// keep stores orders with their events.
func (w *world) keep(orders ...*told) {
	w.t.Helper()
	defer func() { w.later = nil }()
	w.tx(func(ctx context.Context, tx *dbx.Tx) error {
		var rows, events [][]any
		for _, o := range orders {
			rows = append(rows, o.row())
			for _, e := range o.events {
				events = append(events, []any{e.Order, e.Seq, e.At, e.Kind, "", "", "", string(e.Detail)})
			}
		}
		cols := ""
		for i, c := range orderColumns {
			if i > 0 {
				cols += ", "
			}
			cols += c
		}
		if err := tx.InsertMany(ctx, `INSERT INTO work_order (`+cols+`)`, rows); err != nil {
			return err
		}
		if err := tx.InsertMany(ctx, `INSERT INTO work_order_event (order_id, seq, at, kind, from_state, to_state, actor_role, detail)`, events); err != nil {
			return err
		}
		return tx.InsertMany(ctx, `INSERT INTO work_order_rating (id, order_id, closure_no, rater_key, solved, satisfied, channel, at)`, w.later)
	})
}

// rate stores a household's answer.
func (w *world) rate(o *told, household id.ID, solved string, satisfied int, at clock.Instant) {
	w.t.Helper()
	w.exec(`INSERT INTO work_order_rating (id, order_id, closure_no, rater_key, household_id, solved, satisfied, channel, at) VALUES (?,?,?,?,?,?,?,'self',?)`,
		id.New(), o.id, o.set["closure_no"], household, household, solved, satisfied, at)
}

// rated stores n closed orders of service area a with an answer each, of different households.
func (w *world) rated(n, area int, company id.ID, category string, score int, at clock.Instant) []*told {
	w.t.Helper()
	var out []*told
	for range n {
		o := w.report(area, at.Add(-time.Hour), company, map[string]any{"category": category}).closed(at)
		w.keep(o)
		w.rate(o, id.New(), map[bool]string{true: "yes", false: "no"}[score >= 3], score, at.Add(time.Minute))
		out = append(out, o)
	}
	return out
}

// seal runs the sealing job until nothing is left.
func (w *world) seal() {
	w.t.Helper()
	lease, err := job.Acquire(w.t.Context(), w.db, "job:report.seal", id.New(), clock.Now(w.clock), time.Minute)
	require.NoError(w.t, err)
	_, err = w.s.Seal(w.t.Context(), lease)
	require.NoError(w.t, err)
	require.NoError(w.t, lease.Release(w.t.Context(), w.db, clock.Now(w.clock)))
}

func (w *world) live(p authz.Principal, in Query) (RatesView, error) {
	w.t.Helper()
	if in.Month == "" {
		in.Month = october
	}
	if in.Dimension == "" {
		in.Dimension = Total
	}
	l, err := w.s.Rates(w.t.Context(), p, in)
	if err != nil {
		return RatesView{}, err
	}
	return w.s.liveView(w.t.Context(), l, in.Dimension)
}

func (w *world) mustLive(p authz.Principal, in Query) RatesView {
	w.t.Helper()
	v, err := w.live(p, in)
	require.NoError(w.t, err)
	return v
}
