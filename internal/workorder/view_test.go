package workorder

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/personal"
)

func TestWhoSeesWhom(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	repair, defect := w.dispatched(w.repair()), w.dispatched(w.defect())
	unitDefect := w.defect()
	unitDefect.Where = Where{UnitID: &w.unit}
	homely := w.dispatched(unitDefect)
	type seen struct{ visible, kind, reachable, unit, phoneInText bool }
	for _, c := range []struct {
		name  string
		order id.ID
		who   authz.Principal
		want  seen
	}{
		{"repair: assigned worker", repair, w.worker, seen{true, true, true, true, true}},
		{"repair: colleague", repair, w.colleague, seen{true, true, false, true, true}},
		{"repair: manager", repair, w.manager, seen{true, true, false, true, true}},
		{"repair: reporter", repair, w.owner, seen{true, true, false, true, true}},
		{"repair: community", repair, w.clerk, seen{true, true, true, true, true}},
		{"repair: street party", repair, w.partyOffice, seen{true, true, false, true, true}},
		{"repair: neighbour", repair, w.neighbour, seen{}},
		{"repair: rival", repair, w.rivalManager, seen{}},
		{"defect: assigned worker", defect, w.worker, seen{true, false, false, false, false}},
		{"defect: manager", defect, w.manager, seen{true, false, false, false, false}},
		{"defect: community", defect, w.clerk, seen{true, true, true, false, true}},
		{"defect in a home: worker", homely, w.worker, seen{true, false, false, false, false}},
		{"defect in a home: street office", homely, w.office, seen{true, true, true, true, true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, err := w.s.Show(t.Context(), c.who, c.order)
			if !c.want.visible {
				require.ErrorIs(t, err, fault.NotFound)
				return
			}
			require.NoError(t, err)
			got := seen{true, v.Reporter.Kind != "", v.Reporter.Reachable, v.Place.UnitID != nil, strings.Contains(v.Description, "13800001234")}
			require.Equal(t, c.want, got)
			require.Equal(t, c.want.unit || c.order == defect, c.order == defect || strings.Contains(v.Place.Text, "301"))
			contact, err := w.s.ContactOf(t.Context(), c.who, c.order, personal.ReasonVisit)
			if !c.want.reachable {
				require.Equal(t, "workorder.contact_hidden", code(err))
				return
			}
			require.NoError(t, err)
			require.Equal(t, OrderContact{"王小明", "13800001234"}, contact)
		})
	}
	require.Equal(t, 2*4, count(t, w.db, `SELECT COUNT(*) FROM personal_read`), "each reading is recorded, name and phone")
}

// A department or utility to which an order is handed is told where to go; the company complained of is not.
func TestWhoIsSentIsToldWhere(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	in := w.defect()
	in.Where = Where{UnitID: &w.unit, Detail: "厨房"}
	in.Description = "301厨房没水，电话 13800001234"
	order := w.report(w.owner, in)
	v, err := w.s.Show(t.Context(), w.manager, order)
	require.NoError(t, err)
	require.Equal(t, "东山花园 1号楼", v.Place.Text)
	w.must(w.s.Route(t.Context(), w.office, order, Taken{}, &w.utility, "归供水公司"))
	for _, role := range []authz.Role{authz.RoleUtility, authz.RoleDepartment} {
		p := person()
		p.Grants = []authz.Grant{{ID: id.New(), Role: role, Org: w.utility}}
		v, err := w.s.Show(t.Context(), p, order)
		require.NoError(t, err)
		require.Equal(t, "东山花园 1号楼 2单元 301 厨房", v.Place.Text)
		require.Nil(t, v.Place.UnitID)
		require.NotContains(t, v.Description, "13800001234")
		require.False(t, v.Reporter.Reachable)
		list, err := w.s.List(t.Context(), p, Filter{}, firstPage)
		require.NoError(t, err)
		require.Equal(t, v.Place, list.Items[0].Place)
		seen, err := w.s.Seen(t.Context(), p, []id.ID{order, id.New()})
		require.NoError(t, err)
		require.Equal(t, list.Items, seen)
	}
	_, err = w.s.Show(t.Context(), w.manager, order)
	require.ErrorIs(t, err, fault.NotFound)
	seen, err := w.s.Seen(t.Context(), w.manager, []id.ID{order})
	require.NoError(t, err)
	require.Empty(t, seen)
}

func TestTheWorkerLosesTheContactAtClosingAndByOptOut(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	order := w.closed(w.repair())
	_, err := w.s.ContactOf(t.Context(), w.worker, order, personal.ReasonVisit)
	require.Equal(t, "workorder.contact_hidden", code(err))
	in := w.repair()
	in.ContactOptOut = true
	order = w.dispatched(in)
	_, err = w.s.ContactOf(t.Context(), w.worker, order, personal.ReasonVisit)
	require.Equal(t, "workorder.contact_hidden", code(err))

	in = w.repair()
	in.ContactName, in.ContactPhone = "李奶奶", "0535-1234567"
	order = w.dispatched(in)
	got, err := w.s.ContactOf(t.Context(), w.worker, order, personal.ReasonVisit)
	require.NoError(t, err)
	require.Equal(t, OrderContact{"李奶奶", "05351234567"}, got)
	require.Zero(t, count(t, w.db, `SELECT COUNT(*) FROM work_order_identity WHERE INSTR(name_sealed, ?) > 0`, []byte("李奶奶")), "sealed at rest")
	_, err = w.s.ContactOf(t.Context(), w.worker, order, "curiosity")
	require.Equal(t, "personal.reason_unknown", code(err))
}

func TestAConductCaseNeverReachesTheParty(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	order := w.report(w.owner, w.conduct())
	o := w.stored(order)
	require.Nil(t, o.HandlerOrgID)
	require.Equal(t, w.company, *o.PartyOrgID)
	require.Nil(t, o.HouseholdID, "it is the person's alone, not the household's")
	for name, p := range map[string]authz.Principal{"manager": w.manager, "worker": w.worker, "rival": w.rivalManager} {
		_, err := w.s.Show(t.Context(), p, order)
		require.ErrorIs(t, err, fault.NotFound, name)
		list, err := w.s.List(t.Context(), p, Filter{}, firstPage)
		require.NoError(t, err)
		require.Empty(t, list.Items, name)
	}
	family := person()
	family.Grants = []authz.Grant{{ID: id.New(), Role: authz.RoleOccupant, Path: w.path, Household: w.household, Unit: w.unit}}
	_, err := w.s.Show(t.Context(), family, order)
	require.ErrorIs(t, err, fault.NotFound)

	w.must(w.s.Accept(t.Context(), w.clerk, order, Taken{}))
	_, err = w.s.Route(t.Context(), w.clerk, order, Taken{}, &w.company, "请处理")
	require.Equal(t, "workorder.party_excluded", code(err))
	_, err = w.s.Route(t.Context(), w.clerk, order, Taken{}, &w.utility, "请处理")
	require.Equal(t, "workorder.party_excluded", code(err))
	w.must(w.s.Dispatch(t.Context(), w.clerk, order, Taken{}, Crew{PersonID: &w.clerk.Person}))
	w.must(w.s.Arrive(t.Context(), w.clerk, order, Taken{}))
	w.must(w.s.Resolve(t.Context(), w.clerk, order, Taken{}, "已约谈"))
	_, err = w.s.Verify(t.Context(), w.clerk, order, Taken{}, "")
	require.Equal(t, "workorder.own_work", code(err))
	w.must(w.s.Verify(t.Context(), w.office, order, Taken{}, ""))
}

func TestACaseAboutTheCommunityLiesAtTheStreet(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	in := w.conduct()
	in.PartyOrgID = &w.committeeOrg
	order := w.report(w.owner, in)
	for name, p := range map[string]authz.Principal{"keeper": w.keeper, "clerk": w.clerk} {
		_, err := w.s.Show(t.Context(), p, order)
		require.ErrorIs(t, err, fault.NotFound, name)
		list, err := w.s.List(t.Context(), p, Filter{}, firstPage)
		require.NoError(t, err)
		require.Empty(t, list.Items, name)
	}
	_, err := w.s.Show(t.Context(), w.owner, order)
	require.NoError(t, err)
	w.must(w.s.Accept(t.Context(), w.office, order, Taken{}))
	list, err := w.s.List(t.Context(), w.office, Filter{}, firstPage)
	require.NoError(t, err)
	require.Len(t, list.Items, 1)
}

// TestACompanySeesNoRating looks for the score, and for its traces, in all that a company is given.
func TestACompanySeesNoRating(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	order := w.closed(w.repair())
	before, err := w.s.Detail(t.Context(), w.manager, order)
	require.NoError(t, err)
	history, err := w.s.History(t.Context(), w.manager, order)
	require.NoError(t, err)
	require.NoError(t, w.s.Rate(t.Context(), w.owner, idem.Key{}, order, Answer{Solved: SolvedNo, Satisfied: 1, Remark: "请带工具来，电话13800001234", PassOn: true}))

	for _, p := range []authz.Principal{w.manager, w.worker} {
		after, err := w.s.Detail(t.Context(), p, order)
		require.NoError(t, err)
		require.Nil(t, after.Ratings)
		raw, err := json.Marshal(after)
		require.NoError(t, err)
		for _, word := range []string{"rating", "satisfied", "solved\"", "callback"} {
			require.NotContains(t, strings.ToLower(string(raw)), word)
		}
	}
	after, err := w.s.Detail(t.Context(), w.manager, order)
	require.NoError(t, err)
	require.Equal(t, before, after, "nothing a company sees changes when somebody rates")
	again, err := w.s.History(t.Context(), w.manager, order)
	require.NoError(t, err)
	require.Equal(t, history, again)
	_, err = w.s.Callbacks(t.Context(), w.manager, "open", firstPage)
	require.ErrorIs(t, err, fault.Forbidden)

	both := w.manager
	both.Grants = append(both.Grants, w.clerk.Grants...)
	d, err := w.s.Detail(t.Context(), both, order)
	require.NoError(t, err)
	require.Nil(t, d.Ratings, "a post in the handler's organisation outweighs one in the community")

	d, err = w.s.Detail(t.Context(), w.owner, order)
	require.NoError(t, err)
	require.Len(t, d.Ratings, 1)
	d, err = w.s.Detail(t.Context(), w.clerk, order)
	require.NoError(t, err)
	require.Len(t, d.Ratings, 1)

	remarks, err := w.s.Remarks(t.Context(), w.manager, firstPage)
	require.NoError(t, err)
	require.Empty(t, remarks.Items, "one remark would tell whose it is")
}

func TestAllowedStepsExplainThemselves(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	order := w.report(w.owner, w.repair())
	steps := func(p authz.Principal) map[Step]string {
		o := w.stored(order)
		out := map[Step]string{}
		for _, s := range AllowedSteps(o, p, clock.Now(w.clock), testRules.WorkOrders) {
			require.Equal(t, s.Allowed, s.Why == "")
			out[s.Step] = s.Why
		}
		return out
	}
	manager := steps(w.manager)
	require.Equal(t, "", manager[StepAccept])
	require.Equal(t, "workorder.step_illegal", manager[StepDispatch])
	require.Equal(t, "auth.forbidden", manager[StepVerify])
	require.NotContains(t, manager, StepRemind, "jobs take that step, not people")
	require.Equal(t, "", steps(w.owner)[StepCancel])
	require.Equal(t, "auth.forbidden", steps(w.partyOffice)[StepAccept])
}
