package report

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi/apitest"
	"github.com/redproperty/redproperty/internal/page"
)

const root = "/api/v1/reports"

func TestOverHTTP(t *testing.T) {
	each(t, func(w *world) {
		w.ordinaryMonth()
		server := apitest.New(w.t, w.clock)
		Register(server.API, w.s)
		get := func(p authz.Principal, path string, status int) apitest.Reply {
			w.t.Helper()
			r := server.Do(w.t, p, http.MethodGet, root+path, nil)
			require.Equal(w.t, status, r.Status, path+" "+string(r.Body))
			return r
		}
		var live RatesView
		get(w.office, "/rates?month=2026-10&dimension=company", http.StatusOK).JSON(w.t, &live)
		require.Equal(w.t, int64(23), live.Total.Orders.Closed)
		require.Len(w.t, live.Cells, 2)
		require.Equal(w.t, "响应率", live.Definitions.Rates[0].TitleZH)
		get(w.office, "/rates?month=2026-10&asOf=2026-10-06T12:00:00%2B08:00", http.StatusOK).JSON(w.t, &live)
		require.Equal(w.t, int64(12), live.Total.Orders.Closed)
		get(w.clerk, "/rates?month=2026-10&areaId="+w.areas[0].ID.String(), http.StatusOK).JSON(w.t, &live)
		require.Equal(w.t, int64(12), live.Total.Orders.Closed)
		for _, p := range []authz.Principal{w.stranger, w.manager, w.resident, w.committee} {
			for _, path := range []string{"/rates?month=2026-10&areaId=", "/flags?month=2026-10&areaId=", "/rates/total.all/orders?measure=open&month=2026-10&areaId="} {
				require.Equal(w.t, "not_found", get(p, path+w.areas[0].ID.String(), http.StatusNotFound).Problem(w.t).Code)
			}
		}
		get(w.clerk, "/rates?month=2026-10&areaId="+w.street.ID.String(), http.StatusNotFound)
		get(authz.Principal{}, "/rates?month=2026-10", http.StatusUnauthorized)
		for _, bad := range []string{"/rates", "/rates?month=2026-13", "/rates?month=2026-10&dimension=person", "/rates?month=2026-10&asOf=2030-01-01T00:00:00Z",
			"/rates?month=2026-10&months=25", "/rates/person.x/orders?measure=open&month=2026-10", "/rates/total.all/orders?month=2026-10", "/rates?month=2026-10&sort=x", "/open?cursor=x"} {
			r := server.Do(w.t, w.office, http.MethodGet, root+bad, nil)
			require.Contains(w.t, []int{http.StatusBadRequest, http.StatusUnprocessableEntity}, r.Status, bad+string(r.Body))
		}
		require.Equal(w.t, http.StatusBadRequest, server.Do(w.t, w.manager, http.MethodGet, root+"/rates?month=2026-10", nil).Status, "a company has no area of its own")

		var orders page.Page[OrderRow]
		get(w.office, "/rates/company."+w.rival.String()+"/orders?measure=closed&month=2026-10&limit=5", http.StatusOK).JSON(w.t, &orders)
		require.Len(w.t, orders.Items, 5)
		get(w.office, "/rates/company."+w.rival.String()+"/orders?measure=closed&month=2026-10&limit=5&cursor="+orders.Next, http.StatusOK).JSON(w.t, &orders)
		require.Len(w.t, orders.Items, 3)
		get(w.office, "/flags?month=2026-10", http.StatusOK)
		x := get(w.office, "/rates/xlsx?month=2026-10&dimension=community", http.StatusOK)
		require.Equal(w.t, xlsxType, x.Header.Get("Content-Type"))
		get(w.manager, "/rates/xlsx?month=2026-10", http.StatusForbidden)

		overPublishing(w, server, get)
	})
}

func overPublishing(w *world, server *apitest.Server, get func(authz.Principal, string, int) apitest.Reply) {
	month := map[string]any{"streetId": w.street.ID, "month": "2026-10"}
	for _, p := range []authz.Principal{w.clerk, w.manager, w.resident, w.committee} {
		require.Equal(w.t, http.StatusForbidden, server.Do(w.t, p, http.MethodPost, root+"/snapshots", month).Status)
	}
	require.Equal(w.t, http.StatusNotFound, server.Do(w.t, w.stranger, http.MethodPost, root+"/snapshots", month).Status)
	early := server.Do(w.t, w.office, http.MethodPost, root+"/snapshots", map[string]any{"streetId": w.street.ID, "month": "2026-11"})
	require.Equal(w.t, "report.month_not_over", early.Problem(w.t).Code)
	made := server.Do(w.t, w.party, http.MethodPost, root+"/snapshots", month, "Idempotency-Key", "october-2026")
	require.Equal(w.t, http.StatusCreated, made.Status, string(made.Body))
	again := server.Do(w.t, w.party, http.MethodPost, root+"/snapshots", month, "Idempotency-Key", "october-2026")
	require.Equal(w.t, http.StatusCreated, again.Status)
	var sn SnapshotView
	made.JSON(w.t, &sn)
	require.True(w.t, sn.Newest)
	require.Equal(w.t, "street_party", sn.PublishedRole)
	require.Equal(w.t, "report.published_already", server.Do(w.t, w.office, http.MethodPost, root+"/snapshots", month).Problem(w.t).Code)
	revise := root + "/snapshots/" + sn.ID.String() + "/revisions"
	reason := map[string]any{"reason": "补录漏登的工单"}
	require.Equal(w.t, "report.nothing_differs", server.Do(w.t, w.office, http.MethodPost, revise, reason).Problem(w.t).Code)
	require.Equal(w.t, http.StatusNotFound, server.Do(w.t, w.stranger, http.MethodPost, revise, reason).Status)

	for _, p := range []authz.Principal{w.office, w.clerk, w.manager, w.resident, w.committee} {
		var list page.Page[SnapshotView]
		get(p, "/snapshots?month=2026-10&newest=true&streetId="+w.street.ID.String(), http.StatusOK).JSON(w.t, &list)
		require.Len(w.t, list.Items, 1)
		get(p, "/snapshots/"+sn.ID.String(), http.StatusOK)
		var open page.Page[OpenMonth]
		get(p, "/open", http.StatusOK).JSON(w.t, &open)
		require.NotEmpty(w.t, open.Items[0].Cells)
	}
	get(w.stranger, "/snapshots/"+sn.ID.String(), http.StatusNotFound)
	get(w.stranger, "/snapshots/"+sn.ID.String()+"/xlsx", http.StatusNotFound)
	var none page.Page[OpenMonth]
	get(w.stranger, "/open", http.StatusOK).JSON(w.t, &none)
	require.Empty(w.t, none.Items)
	require.Equal(w.t, xlsxType, get(w.clerk, "/snapshots/"+sn.ID.String()+"/xlsx", http.StatusOK).Header.Get("Content-Type"))
}

// Every code this package answers with has its text in both languages.
func TestEveryCodeHasItsText(t *testing.T) {
	texts, err := os.ReadFile("../httpapi/messages/report.yaml")
	require.NoError(t, err)
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	quoted := regexp.MustCompile(`(?:fault\.New\(fault\.[A-Za-z]+|InvalidField\("[A-Za-z.]+"), "(report\.[a-z_]+)"`)
	found := 0
	for _, f := range files {
		if strings.HasSuffix(f.Name(), "_test.go") || !strings.HasSuffix(f.Name(), ".go") {
			continue
		}
		body, err := os.ReadFile(f.Name())
		require.NoError(t, err)
		for _, m := range quoted.FindAllStringSubmatch(string(body), -1) {
			require.Contains(t, "\n"+string(texts), "\n"+m[1]+":", "%s in %s", m[1], f.Name())
			found++
		}
	}
	require.Greater(t, found, 8)
}
