package workorder

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/httpapi/apitest"
	"github.com/redproperty/redproperty/internal/page"
)

const root = "/api/v1"

func TestTheLoopOverHTTP(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		server := apitest.New(t, w.clock)
		Register(server.API, w.s)
		report := map[string]any{"where": map[string]any{"unitId": w.unit}, "category": w.repair().Category, "description": "漏水"}
		reply := server.Do(t, w.owner, http.MethodPost, root+"/work-orders", report, "Idempotency-Key", "report-0001")
		require.Equal(t, http.StatusCreated, reply.Status, string(reply.Body))
		var made OrderReceipt
		reply.JSON(t, &made)
		var again OrderReceipt
		server.Do(t, w.owner, http.MethodPost, root+"/work-orders", report, "Idempotency-Key", "report-0001").JSON(t, &again)
		require.Equal(t, made.Order.ID, again.Order.ID)
		order := root + "/work-orders/" + made.Order.ID.String()

		step := func(p authz.Principal, verb string, body any, header ...string) apitest.Reply {
			t.Helper()
			return server.Do(t, p, http.MethodPost, order+"/"+verb, body, header...)
		}
		reply = step(w.worker, "resolve", map[string]any{"text": "x"})
		require.Equal(t, http.StatusConflict, reply.Status)
		problem := reply.Problem(t)
		require.Equal(t, "workorder.step_illegal", problem.Code)
		require.Contains(t, string(reply.Body), `"accept"`, "the legal steps are listed")

		reply = step(w.manager, "accept", nil, "If-Match", `"7"`)
		require.Equal(t, http.StatusPreconditionFailed, reply.Status)
		reply = step(w.manager, "accept", nil, "If-Match", `"1"`)
		require.Equal(t, http.StatusOK, reply.Status, string(reply.Body))
		require.Equal(t, `"2"`, reply.Header.Get("ETag"))
		require.Equal(t, http.StatusNotFound, step(w.rivalManager, "accept", nil).Status)
		require.Equal(t, http.StatusForbidden, step(w.manager, "verify", map[string]any{}).Status)
		require.Equal(t, http.StatusOK, step(w.manager, "dispatch", map[string]any{"assigneeId": w.worker.Person}).Status)
		require.Equal(t, http.StatusOK, step(w.worker, "arrive", nil).Status)
		reply = step(w.worker, "contact", map[string]any{"reason": "visit"})
		require.Contains(t, string(reply.Body), "13800001234")
		require.Equal(t, http.StatusOK, step(w.worker, "resolve", map[string]any{"text": "已换"}).Status)

		var waiting page.Page[OrderView]
		server.Do(t, w.owner, http.MethodGet, root+"/work-orders?waitingForMe=true", nil).JSON(t, &waiting)
		require.Len(t, waiting.Items, 1)
		require.Equal(t, http.StatusOK, step(w.owner, "confirm", map[string]any{}).Status)
		require.Equal(t, http.StatusNoContent, step(w.owner, "ratings", map[string]any{"solved": "yes", "satisfied": 5}).Status)
		require.Equal(t, http.StatusConflict, step(w.owner, "ratings", map[string]any{"solved": "no", "satisfied": 1}).Status)

		var detail OrderDetail
		server.Do(t, w.owner, http.MethodGet, order, nil).JSON(t, &detail)
		require.Equal(t, Closed, detail.State)
		require.Len(t, detail.Ratings, 1)
		var events []OrderEvent
		server.Do(t, w.manager, http.MethodGet, order+"/events", nil).JSON(t, &events)
		require.Len(t, events, 6)
		require.Equal(t, "resident", events[0].Role)
		reply = server.Do(t, w.clerk, http.MethodGet, root+"/work-orders?state=closed,resolved&severity=normal&sort=newest&q="+made.Order.Number, nil)
		require.Contains(t, string(reply.Body), made.Order.ID.String())
		var changed page.Page[OrderView]
		for since, n := range map[clock.Instant]int{clock.Now(w.clock): 1, clock.Now(w.clock).Add(time.Second): 0} {
			server.Do(t, w.clerk, http.MethodGet, root+"/work-orders?changedSince="+since.String(), nil).JSON(t, &changed)
			require.Len(t, changed.Items, n, since)
			var sum OrderSummary
			server.Do(t, w.clerk, http.MethodGet, root+"/work-orders/summary?since="+since.String(), nil).JSON(t, &sum)
			require.Equal(t, since, sum.Since)
		}
		require.Equal(t, http.StatusBadRequest, server.Do(t, w.clerk, http.MethodGet, root+"/work-orders?state=lost", nil).Status)
		require.Equal(t, http.StatusBadRequest, server.Do(t, w.clerk, http.MethodGet, root+"/work-orders?colour=red", nil).Status)
	})
}

func TestTheUnnamedLeaveNoTraceInTheLog(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	server := apitest.New(t, w.clock)
	Register(server.API, w.s)
	reply := server.Do(t, w.owner, http.MethodPost, root+"/hazard-reports",
		map[string]any{"where": map[string]any{"publicAreaId": w.public}, "category": w.defect().Category}, "Idempotency-Key", "unnamed-0001")
	require.Equal(t, http.StatusCreated, reply.Status, string(reply.Body))
	var made OrderReceipt
	reply.JSON(t, &made)
	require.NotContains(t, server.Log.String(), w.owner.Account.String())
	require.NotContains(t, server.Log.String(), w.owner.Person.String())
	reply = server.Do(t, authz.Principal{}, http.MethodPost, root+"/work-order-links/status", map[string]any{"token": made.FollowToken})
	require.Equal(t, http.StatusOK, reply.Status, string(reply.Body))
	require.NotContains(t, server.Log.String(), made.FollowToken)
	reply = server.Do(t, authz.Principal{}, http.MethodPost, root+"/work-order-links/status", map[string]any{"token": "aaaaaaaaaaaaaaaaaaaaaaaa"})
	require.Equal(t, http.StatusNotFound, reply.Status)
}

func TestDecisionsAndDeskOverHTTP(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	server := apitest.New(t, w.clock)
	Register(server.API, w.s)
	desk := server.Do(t, w.clerk, http.MethodPost, root+"/front-desk-orders", map[string]any{
		"where": map[string]any{"serviceAreaId": w.area, "detail": "东门"}, "category": w.defect().Category,
		"externalNumber": "12345-1", "externalDueAt": "2026-11-25T00:00:00Z"})
	require.Equal(t, http.StatusCreated, desk.Status, string(desk.Body))
	var made OrderReceipt
	desk.JSON(t, &made)
	order := root + "/work-orders/" + made.Order.ID.String()
	for _, c := range []struct {
		p    authz.Principal
		verb string
		body any
	}{
		{w.manager, "accept", nil},
		{w.manager, "object", map[string]any{"clause": "第3条", "reason": "不属于"}},
		{w.keeper, "decide-objection", map[string]any{"uphold": false, "reason": "属于"}},
		{w.manager, "dispatch", map[string]any{"subcontractor": "甲公司"}},
		{w.manager, "assign", map[string]any{"assigneeId": w.colleague.Person}},
		{w.colleague, "arrive", nil},
		{w.colleague, "control", nil},
		{w.clerk, "note", map[string]any{"text": "社区已到场"}},
		{w.colleague, "pause", map[string]any{"reason": "resident_absent", "evidence": "敲门无人应答"}},
		{w.colleague, "resume", nil},
		{w.manager, "propose-extension", map[string]any{"reason": "等待配件到货", "minutes": 60}},
		{w.keeper, "decide-extension", map[string]any{"approve": true, "reason": "同意"}},
		{w.manager, "propose-deferral", map[string]any{"plan": "等待业主决定", "reviewOn": "2026-12-20"}},
		{w.keeper, "decide-deferral", map[string]any{"approve": true, "reason": "同意"}},
		{w.manager, "take-up", nil},
		{w.colleague, "arrive", nil},
		{w.colleague, "resolve", map[string]any{"text": "完成"}},
		{w.clerk, "reject-work", map[string]any{"text": "没有完成"}},
		{w.colleague, "resolve", map[string]any{"text": "完成"}},
		{w.clerk, "verify", map[string]any{}},
		{w.clerk, "dispute", map[string]any{"text": "来电人说没好"}},
		{w.colleague, "resolve", map[string]any{"text": "完成"}},
		{w.clerk, "confirm", map[string]any{"rating": map[string]any{"solved": "partly", "satisfied": 2}}},
		{w.clerk, "reopen", map[string]any{"text": "又坏了"}},
	} {
		reply := server.Do(t, c.p, http.MethodPost, order+"/"+c.verb, c.body)
		require.Equal(t, http.StatusOK, reply.Status, "%s: %s", c.verb, reply.Body)
	}
	for _, path := range []string{"/work-order-callbacks", "/work-order-checks", "/work-order-categories", "/work-order-categories?q=loushui"} {
		reply := server.Do(t, w.clerk, http.MethodGet, root+path, nil)
		require.Equal(t, http.StatusOK, reply.Status, "%s: %s", path, reply.Body)
	}
	require.Equal(t, http.StatusOK, server.Do(t, w.manager, http.MethodGet, root+"/work-order-remarks", nil).Status)
	second := w.report(w.owner, w.repair())
	at := root + "/work-orders/" + second.String()
	reply := server.Do(t, w.clerk, http.MethodPost, at+"/route", map[string]any{"handlerId": w.utility, "reason": "供水设施"})
	require.Equal(t, http.StatusOK, reply.Status, string(reply.Body))
	third := w.report(w.owner, w.repair())
	reply = server.Do(t, w.manager, http.MethodPost, root+"/work-orders/"+third.String()+"/decline", map[string]any{"reason": "utility", "channel": "utility"})
	require.Equal(t, http.StatusOK, reply.Status, string(reply.Body))
	fourth, fifth := w.report(w.owner, w.repair()), w.report(w.owner, w.repair())
	reply = server.Do(t, w.manager, http.MethodPost, root+"/work-orders/"+fourth.String()+"/mark-duplicate", map[string]any{"orderId": fifth})
	require.Equal(t, http.StatusOK, reply.Status, string(reply.Body))
	reply = server.Do(t, w.owner, http.MethodPost, root+"/work-orders/"+fifth.String()+"/cancel", nil)
	require.Equal(t, http.StatusOK, reply.Status, string(reply.Body))
}

// TestEachCodeHasATextInBothLanguages finds the codes in the sources.
func TestEachCodeHasATextInBothLanguages(t *testing.T) {
	var texts strings.Builder
	catalogues, err := filepath.Glob("../httpapi/messages/*.yaml")
	require.NoError(t, err)
	for _, f := range catalogues {
		body, err := os.ReadFile(f)
		require.NoError(t, err)
		texts.WriteString("\n" + string(body))
	}
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	returned := regexp.MustCompile(`(?:Conflict|Forbidden|NotFound|Invalid), "(workorder\.[a-z_]+)"|(?:InvalidField|Add)\([^,]+, "(workorder\.[a-z_]+)"|return "(workorder\.[a-z_]+)"`)
	found := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		source, err := os.ReadFile(f.Name())
		require.NoError(t, err)
		for _, m := range returned.FindAllStringSubmatch(string(source), -1) {
			code := m[1] + m[2] + m[3]
			require.True(t, strings.Contains(texts.String(), "\n"+code+":\n"), "%s is used in %s and has no text", code, f.Name())
			found++
		}
	}
	require.Greater(t, found, 40)
	for _, s := range States() {
		require.True(t, strings.Contains(texts.String(), "\nword."+string(s)+":\n"), s)
	}
	for _, l := range table {
		if l.ways[0].who != bySystem {
			require.True(t, strings.Contains(texts.String(), "\nword."+string(l.step)+":\n"), l.step)
		}
	}
}

func TestAPersonsOwnDataCanBeExportedAndErased(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		in := w.repair()
		in.ContactName, in.ContactPhone = "李奶奶", "13900005678"
		order := w.closed(in)
		require.NoError(t, w.s.Rate(t.Context(), w.owner, noKey, order, Answer{Solved: SolvedYes, Satisfied: 5}))
		own, err := w.s.ExportPerson(t.Context(), db, w.owner.Person)
		require.NoError(t, err)
		require.Len(t, own, 1)
		require.Equal(t, OrderContact{"李奶奶", "13900005678"}, own[0].Contact)
		require.Len(t, own[0].Ratings, 1)
		before := w.stored(order).Facts
		require.NoError(t, db.InTx(t.Context(), func(ctx ctxT, tx *dbx.Tx) error { return w.s.ErasePerson(ctx, tx, w.owner.Person) }))
		o := w.stored(order)
		require.Nil(t, o.ReporterID)
		require.NotContains(t, o.Description, "13800001234")
		require.Equal(t, before, o.Facts, "the fact stays")
		require.Equal(t, 1, count(t, db, `SELECT COUNT(*) FROM work_order_rating WHERE person_id IS NULL`))
		own, err = w.s.ExportPerson(t.Context(), db, w.owner.Person)
		require.NoError(t, err)
		require.Empty(t, own)
		w.clock.Advance(time.Minute)
		w.rebuilds(t, order, nil)
	})
}
