package news

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi/apitest"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
)

// secret is in every text that a person writes about a repair or a decision's reasons.
const secret = "二单元302王建国"

// row is a row to be stored, by column.
type row map[string]any

// world is an estate of two service areas with their community.
type world struct {
	*Service
	t                                *testing.T
	db                               *dbx.DB
	clock                            *clock.Fake
	now                              clock.Instant
	street, community, estate        id.ID
	path, estatePath                 string
	here, there                      id.ID
	hall, company                    id.ID
	resident, stranger, clerk, other authz.Principal
}

func newWorld(t *testing.T, db *dbx.DB) *world {
	t.Helper()
	c := clock.NewFake(time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC))
	set, err := rules.Load(configs.Files)
	require.NoError(t, err)
	w := &world{t: t, db: db, clock: c, now: clock.Now(c), Service: New(Deps{DB: db, Clock: c, Rules: set}),
		street: id.New(), community: id.New(), estate: id.New(), here: id.New(), there: id.New(), hall: id.New(), company: id.New()}
	require.NoError(t, rules.Keep(t.Context(), db, set, w.now))
	path, parent := "", (*id.ID)(nil)
	for _, level := range []struct {
		id   id.ID
		kind string
	}{{w.street, "street"}, {w.community, "community"}, {w.estate, "estate"}} {
		path = authz.ChildPath(path, level.id)
		w.keep("area", row{"id": level.id, "parent_id": parent, "kind": level.kind, "name": level.kind, "name_key": level.kind, "path": path, "created_at": 0, "version": 1})
		parent = level.id.Ptr()
	}
	w.estatePath, w.path = path, authz.ChildPath(path, w.here)
	for area, name := range map[id.ID]string{w.here: "一期", w.there: "二期"} {
		w.keep("service_area", row{"id": area, "estate_id": w.estate, "street_id": w.street, "community_id": w.community, "name": name, "name_key": name, "path": authz.ChildPath(path, area), "created_at": 0, "version": 1})
	}
	building := id.New()
	w.keep("building", row{"id": building, "service_area_id": w.here, "name": "3号楼", "name_key": "3号楼", "order_no": 3, "floors_above": 6, "floors_below": 0, "created_at": 0, "version": 1})
	w.keep("public_area", row{"id": w.hall, "service_area_id": w.here, "building_id": building, "name": "门厅", "name_key": "门厅", "created_at": 0, "version": 1})
	w.keep("organisation", row{"id": w.company, "kind": "company", "name": "海晏物业", "scope_path": "", "keeper_path": "", "public_phone": "", "address": "", "state": "active", "created_at": 0, "post_changes": 0, "version": 1})
	lives := func(area id.ID) authz.Principal {
		return person(authz.Grant{Role: authz.RoleOccupant, Path: authz.ChildPath(path, area), Household: id.New(), Unit: id.New()})
	}
	w.resident, w.other = lives(w.here), lives(w.there)
	w.stranger = person(authz.Grant{Role: authz.RoleManager, Org: w.company})
	w.clerk = person(authz.Grant{Role: authz.RoleCommunityWork, Org: id.New(), Path: authz.ChildPath(authz.ChildPath("", w.street), w.community)})
	return w
}

func person(g authz.Grant) authz.Principal {
	g.ID = id.New()
	return authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{g}}
}

func (w *world) keep(table string, r row) {
	w.t.Helper()
	columns := slices.Sorted(maps.Keys(r))
	values := make([]any, len(columns))
	for i, c := range columns {
		values[i] = r[c]
	}
	err := w.db.InTx(w.t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO `+table+` (`+strings.Join(columns, ", ")+`) VALUES (?`+strings.Repeat(",?", len(columns)-1)+`)`, values...)
		return err
	})
	require.NoError(w.t, err)
}

// ago is a moment before now.
func (w *world) ago(d time.Duration) clock.Instant { return w.now.Add(-d) }

// with is r with some columns otherwise.
func (r row) with(more row) row {
	maps.Copy(r, more)
	return r
}

func (w *world) order(more row) {
	r := row{"id": id.New(), "service_area_id": w.here, "estate_id": w.estate, "community_id": w.community, "street_id": w.street, "scope_path": w.path, "reporter_kind": "account",
		"category": "lift.stopped", "identity_rule": "service_defect", "severity": "urgent", "source": "resident", "state": "dispatched", "waiting": "assignee", "sla_source": "promised",
		"place_text": secret, "place_coarse": secret, "title": secret, "description": secret, "subcontractor": secret, "rule_hash": make([]byte, 32), "category_hash": make([]byte, 32), "reported_at": w.now}
	r["number"] = r["id"].(id.ID).String()
	for _, zero := range strings.Fields("contact_opt_out handed_at accept_min arrive_min control_min fix_min extension_min extended clock_round due_provisional closure_no reopen_count objection_count followers reminded version updated_at") {
		r[zero] = 0
	}
	for _, empty := range strings.Fields("prior_state handled_via closing sla_mode due_stage closed_as pending decline_reason decline_channel") {
		r[empty] = ""
	}
	w.keep("work_order", r.with(more))
}

func (w *world) round(area id.ID, more row) {
	form, r := id.New(), id.New()
	w.keep("survey_form", row{"id": form, "owner_org_id": id.New(), "scope_path": w.path, "template": "", "title": "", "content": "{}", "hash": make([]byte, 32), "state": "", "person_id": id.New(), "created_at": 0, "changed_at": 0, "version": 1})
	w.keep("survey_round", row{"id": r, "form_id": form, "author_org_id": id.New(), "author_role": "", "scope_path": w.path, "title": "满意度测评", "state": "open", "method": "", "opens_at": w.ago(-time.Hour),
		"closes_at": w.ago(-2 * time.Hour), "rule_hash": make([]byte, 32), "revision": 0, "created_at": 0, "changed_at": 0, "version": 1}.with(more))
	w.keep("survey_project", row{"round_id": r, "service_area_id": area, "scope_path": w.path, "name": "", "dwellings": 0, "left_out": 0, "sampled": 0, "reconciled_role": ""})
}

func (w *world) vote(more row) {
	r := row{"id": id.New(), "scope": "estate", "place_id": w.estate, "scope_path": w.estatePath, "kind": "regular", "title": "更换电梯", "reason": secret, "state": "effective", "rule_hash": w.Rules.Hash(rules.Votes),
		"opens_at": w.ago(-time.Hour), "closes_at": w.ago(-2 * time.Hour)}
	for _, zero := range strings.Fields("each_unit count_parking silent roll_area roll_heads exposure_bp created_at changed_at version") {
		r[zero] = 0
	}
	for _, empty := range strings.Fields("entrance place_name organiser_role procedure_code extended_why official_system") {
		r[empty] = ""
	}
	w.keep("vote", r.with(more))
}

func (w *world) renovation() (project id.ID) {
	r := row{"id": id.New(), "area_id": w.estate, "scope_path": w.estatePath, "division": "", "parts": "", "name": "外墙保温", "why": secret, "inspections": "", "state": "plan", "tender_reference": "", "rule_hash": w.Rules.Hash(rules.Renovation)}
	for _, zero := range strings.Fields("plan_number budget_fen earned_value changes created_at changed_at version") {
		r[zero] = 0
	}
	w.keep("renovation", r)
	return r["id"].(id.ID)
}

func (w *world) stage(project id.ID, from, to string, at clock.Instant) {
	w.keep("renovation_event", row{"id": id.New(), "subject_id": project, "at": at, "kind": "advance", "from_state": from, "to_state": to, "role": "", "detail": secret})
}

func (w *world) rates(month string, revision int, at clock.Instant) {
	sn := id.New()
	w.keep("rate_snapshot", row{"id": sn, "street_id": w.street, "street_path": "", "month": month, "revision": revision, "as_of": 0, "method": 1, "rule_hash": make([]byte, 32), "event_hash": make([]byte, 32),
		"order_count": 0, "event_count": 0, "reason": secret, "published_role": "", "published_org": id.New(), "published_at": at, "salt": make([]byte, 32)})
	for pos, dimension := range []string{"service_area", "project"} {
		w.keep("rate_snapshot_cell", row{"snapshot_id": sn, "pos": pos, "dimension": dimension, "cell_key": w.here.String(), "scope_path": w.path, "content": "{}", "salt": make([]byte, 16), "hash": make([]byte, 32)})
	}
}

// halfYear stores one of everything that is news, hours apart, and everything beside it that is none.
func (w *world) halfYear() {
	const h = time.Hour
	w.order(row{"public_area_id": w.hall, "reported_at": w.ago(200 * 24 * h), "fix_due_at": w.ago(h), "state": "in_progress"}) // old, and still not right
	w.order(row{"reported_at": w.ago(1 * h), "paused_at": w.now, "fix_due_at": w.now, "sla_source": "reference"})
	w.order(row{"reported_at": w.ago(90 * h), "closed_at": w.ago(2 * h), "state": "closed", "waiting": "none"})
	w.keep("arrangement", row{"id": id.New(), "service_area_id": w.here, "scope_path": w.path, "kind": "emergency", "handler_org_id": w.company, "basis": secret, "from_at": w.ago(3 * h), "until_on": "2026-12-31"})
	w.rates("2026-10", 2, w.ago(4*h))
	w.round(w.here, row{"state": "published", "frozen_at": w.ago(6 * h), "published_at": w.ago(5 * h)})
	w.vote(row{"announced_at": w.ago(8 * h), "published_at": w.ago(7 * h)})
	project := w.renovation()
	w.stage(project, "", "proposed", w.ago(10*h))
	w.stage(project, "proposed", "wishes", w.ago(9*h))

	w.stage(project, "wishes", "wishes", w.ago(h))
	w.order(row{"unit_id": id.New()})
	w.order(row{"service_area_id": w.there})
	w.order(row{"category": "conduct.staff", "identity_rule": "conduct"})
	w.order(row{"category": "order.noise"})
	w.order(row{"category": "order.guards"})
	w.order(row{"state": "cancelled", "waiting": "none"})
	w.order(row{"closed_at": w.ago(184 * 24 * h), "state": "closed", "waiting": "none"})
	w.order(row{"category": "order.noise", "closed_at": w.now, "state": "closed", "waiting": "none"})
	w.keep("arrangement", row{"id": id.New(), "service_area_id": w.there, "scope_path": w.path, "kind": "none", "basis": "", "from_at": w.ago(h)})
	w.round(w.here, row{"state": "draft"})
	w.round(w.here, row{"state": "cancelled", "frozen_at": w.ago(h)})
	w.round(w.there, row{"frozen_at": w.ago(h)})
	w.vote(row{"state": "proposed", "announced_at": nil})
	w.vote(row{"state": "cancelled", "announced_at": w.ago(h)})
	w.vote(row{"scope_path": authz.ChildPath(w.estatePath, w.there), "announced_at": w.ago(h)})
}

func TestNewsIsWhatHappensWhereOneLives(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.halfYear()
		server := apitest.New(t, w.clock)
		Register(server.API, w.Service)
		address := "/api/v1/service-areas/" + w.here.String() + "/news"
		for _, p := range []authz.Principal{w.resident, w.clerk} {
			reply := server.Do(t, p, http.MethodGet, address, nil)
			require.Equal(t, http.StatusOK, reply.Status, string(reply.Body))
			require.NotContains(t, string(reply.Body), "王建国", "nothing that a person wrote")
			var got page.Page[Happening]
			reply.JSON(t, &got)
			require.Equal(t, []Kind{RepairOpen, RepairDone, Arrangement, Rates, SurveyPublished, SurveyAnnounced, VotePublished, VoteAnnounced, RenovationStage, RenovationStage, RepairOpen}, kinds(got.Items))
			paused, mine, old := got.Items[0], got.Items[2], got.Items[10]
			require.True(t, paused.Paused)
			require.Nil(t, paused.DueAt, "the time stands still")
			require.Equal(t, "reference", paused.Source)
			require.Equal(t, Happening{Kind: Arrangement, At: w.ago(3 * time.Hour), ID: mine.ID, Title: "海晏物业", State: "emergency", Until: mine.Until}, mine)
			require.Equal(t, "2026-12-31", string(*mine.Until))
			require.Equal(t, Happening{Kind: RepairOpen, At: w.ago(200 * 24 * time.Hour), Category: "lift.stopped", NameZH: "电梯停运", NameEN: "Lift out of service", Building: "3号楼", Spot: "门厅", State: "in_progress", Source: "promised", DueAt: w.ago(time.Hour).Ptr()}, old)
			require.Equal(t, int64(2), got.Items[3].Revision)
			require.Equal(t, "更换电梯", got.Items[7].Title)
			require.Equal(t, []string{"wishes", "proposed"}, []string{got.Items[8].State, got.Items[9].State})
			require.Equal(t, got.Items[8].ID, got.Items[9].ID)
			require.NotNil(t, got.Items[8].ID)
		}
		require.Equal(t, http.StatusBadRequest, server.Do(t, w.resident, http.MethodGet, address+"?cursor=x", nil).Status)
		require.Equal(t, http.StatusUnauthorized, server.Do(t, authz.Principal{}, http.MethodGet, address, nil).Status)
		require.Equal(t, http.StatusNotFound, server.Do(t, w.other, http.MethodGet, address, nil).Status, "the other service area's")
		require.Equal(t, http.StatusForbidden, server.Do(t, w.stranger, http.MethodGet, address, nil).Status, "a company")
		_, err := w.List(t.Context(), w.resident, id.New(), page.Request{})
		require.ErrorIs(t, err, fault.NotFound)
	})
}

func TestPagesOfNewsHoldEverythingOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		for range 3 { // several of each kind, all of one moment
			w.order(row{"reported_at": w.ago(time.Hour)})
			w.order(row{"closed_at": w.ago(time.Hour), "state": "closed", "waiting": "none"})
			w.round(w.here, row{"state": "published", "frozen_at": w.ago(time.Hour), "published_at": w.ago(time.Hour)})
			w.vote(row{"announced_at": w.ago(time.Hour), "published_at": w.ago(time.Hour)})
		}
		whole, err := w.List(t.Context(), w.resident, w.here, page.Request{})
		require.NoError(t, err)
		require.Len(t, whole.Items, 18)
		for _, size := range []int{1, 4, 17} {
			var got []Happening
			req := page.Request{Limit: size}
			for {
				part, err := w.List(t.Context(), w.resident, w.here, req)
				require.NoError(t, err)
				got = append(got, part.Items...)
				if req.Cursor = part.Next; part.Next == "" {
					break
				}
			}
			require.Equal(t, whole.Items, got, size)
		}
	})
}

func kinds(list []Happening) []Kind {
	out := make([]Kind, len(list))
	for i, h := range list {
		out[i] = h.Kind
	}
	return out
}
