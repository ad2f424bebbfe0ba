package e2e

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/id"
)

// Whatever is sent, the answer is a problem document that names what was wrong and nothing of the inside.
func TestBadInput(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e engine) {
		w := explore(install(t, e).up("demo"))
		owner, office, manager := w.unlimited("owner")[0], w.as("street-office"), w.as("manager")
		order := w.report(owner, w.unit)
		good := func(title string) obj {
			return obj{"where": obj{"unitId": w.unit}, "category": "water.home_plumbing", "title": title}
		}

		huge := bytes.Repeat([]byte("x"), 10<<20)
		owner.try(http.MethodPost, "/work-orders", append([]byte(`{"title":"`), huge...)).want(413)
		owner.try(http.MethodPost, "/work-orders", append([]byte(`{"title":"`), huge...), once()...).want(413)
		owner.try(http.MethodPost, "/work-orders", []byte(`{"where":`)).want(400)
		owner.try(http.MethodPost, "/work-orders", []byte(``)).want(400)
		owner.try(http.MethodPost, "/work-orders", []byte(`[]`)).want(400)
		owner.try(http.MethodPost, "/work-orders", []byte(strings.Repeat(`[`, 100000))).want(400)
		require.Contains(t, []int{400, 415}, w.raw(owner, "/work-orders", "text/plain", "hello").Status)
		require.Contains(t, []int{400, 415}, w.raw(owner, "/work-orders", "application/xml", "<a/>").Status)
		owner.post("/work-orders", good("含\x00零")).want(400)
		unknown := good("多了")
		unknown["state"] = "closed"
		owner.post("/work-orders", unknown).want(400)
		owner.post("/work-orders", good(strings.Repeat("长", 121))).want(400)
		owner.post("/work-orders", obj{"where": obj{"unitId": "not-an-id"}, "category": "water.home_plumbing"}).want(400)
		owner.post("/work-orders", obj{"where": obj{"unitId": id.New()}, "category": "water.home_plumbing"}).want(404)
		owner.post("/work-orders", obj{"where": obj{"unitId": w.unit}, "category": "no.such"}).want(400)
		owner.post("/work-orders", good("键太短"), "Idempotency-Key", "short").want(400)

		quote := `'; DROP TABLE work_order; --`
		kept := owner.post("/work-orders", good(quote), once()...).want(201)
		require.Equal(t, quote, owner.get("/work-orders/"+kept.id("order.id")).want(200).str("title"))
		require.NotEmpty(t, office.get("/work-orders?q=%27%3B%20--").want(200).Body)
		office.get("/places/search?q=%25_%27%22%5C%3B--").want(200)

		owner.get("/work-orders?colour=red").want(400)
		owner.get("/work-orders?limit=100000").want(400)
		owner.get("/work-orders?cursor=%27%3B--").want(400)
		owner.get("/work-orders?cursor=AAAA").want(400)
		owner.get("/work-orders?from=yesterday").want(400)
		owner.get("/work-orders?sort=title").want(400)
		owner.get("/work-orders/" + id.New().String()).want(404)
		owner.get("/work-orders/'--").want(400)
		owner.get("/nothing/here").refused(404, "route.not_found")
		owner.try(http.MethodPatch, "/work-orders", nil).want(405)
		manager.post("/work-orders/"+order+"/accept", nil, "If-Match", `"999"`).want(412)
		manager.post("/work-orders/"+order+"/accept", nil, "If-Match", `first`).want(400)
		manager.post("/work-orders/"+order+"/accept", nil, "X-Capacity", id.New().String()).want(403)
		owner.post("/work-orders/"+order+"/accept", nil).want(403)
		w.stranger("/work-orders", owner).want(403)

		require.EqualValues(t, 2, count(t, w.database(), "SELECT COUNT(*) FROM work_order"))
		zh := owner.try(http.MethodGet, "/nothing", nil, "Accept-Language", "zh-CN").want(404).str("detail")
		en := owner.try(http.MethodGet, "/nothing", nil, "Accept-Language", "en").want(404).str("detail")
		require.NotEqual(t, zh, en)
	})
}

// raw posts a text of some media type.
func (w *world) raw(u *user, path, kind, text string) reply {
	r := reply{t: w.t, asked: u.name + ": POST " + path + " as " + kind}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, w.url()+"/api/v1"+path, io.NopCloser(strings.NewReader(text)))
	require.NoError(w.t, err)
	req.Header.Set("Content-Type", kind)
	r = u.send(req, r).arrived()
	r.problem()
	return r
}

// stranger posts as another web site would make a user's browser do.
func (w *world) stranger(path string, u *user) reply {
	return u.try(http.MethodPost, path, []byte(`{}`), "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site").arrived()
}
