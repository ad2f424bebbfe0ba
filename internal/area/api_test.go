package area_test

import (
	"net/http"
	"os"
	"regexp"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi/apitest"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

const root = "/api/v1"

func TestPlacesOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		server := apitest.New(t, w.clock)
		area.Register(server.API, w.Service)
		community := staff(authz.RoleCommunity, w.community.Path)
		post := func(p authz.Principal, path string, body any, status int, header ...string) apitest.Reply {
			t.Helper()
			r := server.Do(t, p, http.MethodPost, root+path, body, header...)
			require.Equal(t, status, r.Status, string(r.Body))
			return r
		}

		var estate area.Area
		post(community, "/estates", map[string]any{"communityId": w.community.ID, "name": "𡐓家苑"}, 201).JSON(t, &estate)
		var sa area.ServiceArea
		post(community, "/service-areas", map[string]any{"estateId": estate.ID, "name": "𡐓家苑"}, 201).JSON(t, &sa)
		buildings := "/service-areas/" + sa.ID.String() + "/buildings"
		var b area.Building
		post(community, buildings, map[string]any{"name": "1号楼", "floorsAbove": 6}, 201, "Idempotency-Key", "building-1").JSON(t, &b)
		var again area.Building
		post(community, buildings, map[string]any{"name": "1号楼", "floorsAbove": 6}, 201, "Idempotency-Key", "building-1").JSON(t, &again)
		require.Equal(t, b, again)
		require.Equal(t, "area.taken", post(community, buildings, map[string]any{"name": "一号楼"}, 409).Problem(t).Code)

		var units []area.Unit
		post(community, "/buildings/"+b.ID.String()+"/units", map[string]any{"units": []any{
			map[string]any{"number": "101", "entrance": "1单元", "use": "residential", "areas": map[string]any{"register": 8953}},
			map[string]any{"number": "102", "entrance": "1单元", "use": "residential", "areas": map[string]any{}}}}, 201).JSON(t, &units)
		require.Len(t, units, 2)

		unit := root + "/units/" + units[0].ID.String()
		r := server.Do(t, community, http.MethodGet, unit, nil)
		require.Equal(t, `"1"`, r.Header.Get("ETag"))
		r = server.Do(t, community, http.MethodPut, unit, map[string]any{"delivery": "delivered"})
		require.Contains(t, string(r.Body), "version.required")
		r = server.Do(t, community, http.MethodPut, unit, map[string]any{"delivery": "delivered"}, "If-Match", `"1"`)
		require.Equal(t, 200, r.Status, string(r.Body))
		r = server.Do(t, community, http.MethodPut, unit, map[string]any{"delivery": "unsold"}, "If-Match", `"1"`)
		require.Equal(t, 412, r.Status, string(r.Body))

		hits := page.Page[area.PlaceHit]{}
		server.Do(t, community, http.MethodGet, root+"/places/search?q=%F0%A1%90%93", nil).JSON(t, &hits)
		require.Len(t, hits.Items, 2)
		require.Equal(t, 404, server.Do(t, staff(authz.RoleCommunity, "x/"), http.MethodGet, unit, nil).Status)
		require.Equal(t, 401, server.Do(t, authz.Principal{}, http.MethodGet, unit, nil).Status)
	})
}

func TestTheRollOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		server := apitest.New(t, w.clock)
		area.Register(server.API, w.Service)
		u := w.flats(flat("101", 100))[0]
		community, company := staff(authz.RoleCommunity, w.community.Path), w.company()
		r := server.Do(t, community, http.MethodPost, root+"/owners", map[string]any{"name": "张三丰", "phone": "13800138000", "phoneBasis": "duty", "kind": "person",
			"unitIds": []id.ID{u.ID}, "from": "2026-01-01", "evidence": "register"})
		require.Equal(t, 201, r.Status, string(r.Body))
		var o area.Owner
		r.JSON(t, &o)
		require.Equal(t, "张**", o.Name)
		var found page.Page[area.RollEntry]
		r = server.Do(t, community, http.MethodPost, root+"/roll/search", map[string]any{"phone": "13800138000"})
		r.JSON(t, &found)
		require.Len(t, found.Items, 1)
		require.NotContains(t, string(r.Body), "张三丰")
		r = server.Do(t, community, http.MethodPost, root+"/owners/"+o.ID.String()+"/reveal", map[string]any{"part": "name", "reason": "delivery"})
		require.JSONEq(t, `{"value":"张三丰"}`, string(r.Body))
		r = server.Do(t, community, http.MethodPost, root+"/owners/"+o.ID.String()+"/reveal", map[string]any{"part": "name", "reason": "curiosity"})
		require.GreaterOrEqual(t, r.Status, 400)
		require.NotContains(t, string(r.Body), "张三丰")
		require.Equal(t, 403, server.Do(t, company, http.MethodPost, root+"/roll/search", map[string]any{"name": "张三丰"}).Status)
		require.NotContains(t, server.Log.String(), "张三丰")

		change := map[string]any{"kind": "correct", "reason": "更正", "sources": []any{map[string]any{"unitId": u.ID, "version": 1}},
			"results": []any{map[string]any{"number": "101", "use": "residential", "areas": map[string]any{"register": 120}}}}
		r = server.Do(t, company, http.MethodPost, root+"/unit-changes", change)
		require.Equal(t, 201, r.Status, string(r.Body))
		var c area.UnitChange
		r.JSON(t, &c)
		decide := root + "/unit-changes/" + c.ID.String() + "/decide"
		require.Equal(t, 403, server.Do(t, company, http.MethodPost, decide, map[string]any{"apply": true}, "If-Match", `"1"`).Status)
		r = server.Do(t, community, http.MethodPost, decide, map[string]any{"apply": true}, "If-Match", `"1"`)
		require.Equal(t, 200, r.Status, string(r.Body))
		require.Equal(t, 120, w.count(`SELECT area_m2x100 FROM unit WHERE id = ?`, u.ID))
		r = server.Do(t, community, http.MethodPost, root+"/units/"+u.ID.String()+"/owners/"+o.ID.String()+"/end", map[string]any{"to": "2026-11-22"})
		require.Equal(t, 204, r.Status, string(r.Body))
	})
}

// Each code that this package uses has its texts.
func TestEveryCodeHasItsText(t *testing.T) {
	body, err := os.ReadFile("../httpapi/messages/area.yaml")
	require.NoError(t, err)
	texts := map[string]map[string]string{}
	require.NoError(t, yaml.Unmarshal(body, &texts))
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	code := regexp.MustCompile(`"(area\.[a-z_.]+)"`)
	audits := map[string]bool{"area.create": true, "area.redesignate": true} // names of actions, not shown
	for _, f := range files {
		if f.IsDir() || regexp.MustCompile(`_test\.go$`).MatchString(f.Name()) {
			continue
		}
		src, err := os.ReadFile(f.Name())
		require.NoError(t, err)
		for _, m := range code.FindAllStringSubmatch(string(src), -1) {
			if !audits[m[1]] {
				require.Contains(t, texts, m[1], f.Name())
			}
		}
	}
}
