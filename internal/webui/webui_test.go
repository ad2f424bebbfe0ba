package webui_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/webui"
)

var built = fstest.MapFS{
	"placeholder.txt":            {Data: []byte("nobody asks for it")},
	"resident/index.html":        {Data: []byte("<p>phone</p>")},
	"resident/index.html.br":     {Data: []byte("br of phone")},
	"resident/index.html.gz":     {Data: []byte("gz of phone")},
	"resident/assets/a-1.js":     {Data: []byte("run()")},
	"resident/assets/a-1.js.br":  {Data: []byte("br of run")},
	"resident/icon.svg":          {Data: []byte("<svg/>")},
	"desk/index.html":            {Data: []byte("<p>desk</p>")},
	"desk/assets/Page-2_x.js.gz": {Data: []byte("gz without its file")},
}

// ask serves one request; without an answer of the site the status is 0.
func ask(t *testing.T, s *webui.Site, method, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, http.NoBody)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	if !s.Serve(w, r) {
		w.Code = 0
	}
	return w
}

func site(t *testing.T, files fstest.MapFS) *webui.Site {
	t.Helper()
	s, err := webui.New(files)
	require.NoError(t, err)
	return s
}

func TestEveryPathLeadsToItsApplication(t *testing.T) {
	s := site(t, built)
	for path, body := range map[string]string{
		"/":                          "<p>phone</p>",
		"/login":                     "<p>phone</p>",
		"/follow/0Ab-_9":             "<p>phone</p>",
		"/desks":                     "<p>phone</p>",
		"/desk/":                     "<p>desk</p>",
		"/desk/orders/1/messages":    "<p>desk</p>",
		"/assets/a-1.js":             "run()",
		"/icon.svg":                  "<svg/>",
		"/apiary":                    "<p>phone</p>",
		"/orders/%E5%9B%9B%E5%8D%81": "<p>phone</p>",
	} {
		w := ask(t, s, http.MethodGet, path)
		require.Equal(t, 200, w.Code, path)
		require.Equal(t, body, w.Body.String(), path)
	}
	for _, path := range []string{"/api", "/api/v1/none", "/assets/gone-1.js", "/desk/assets/Page-2_x.js", "/robots.txt", "/desk/assets/", "/placeholder.txt", "/../go.mod"} {
		require.Zero(t, ask(t, s, http.MethodGet, path).Code, path)
	}
	require.Zero(t, ask(t, s, http.MethodPost, "/").Code)
	moved := ask(t, s, http.MethodGet, "/desk")
	require.Equal(t, http.StatusMovedPermanently, moved.Code)
	require.Equal(t, "/desk/", moved.Header().Get("Location"))
}

func TestWhatIsNamedByItsContentIsKeptForEverAndPagesAreAskedForAnew(t *testing.T) {
	s := site(t, built)
	page := ask(t, s, http.MethodGet, "/orders")
	require.Equal(t, "no-cache", page.Header().Get("Cache-Control"))
	require.Equal(t, "text/html; charset=utf-8", page.Header().Get("Content-Type"))
	again := ask(t, s, http.MethodGet, "/orders", "If-None-Match", page.Header().Get("ETag"))
	require.Equal(t, http.StatusNotModified, again.Code)
	require.Empty(t, again.Body.String())
	require.Equal(t, 200, ask(t, s, http.MethodGet, "/orders", "If-None-Match", `"another"`).Code)
	require.Equal(t, "public, max-age=31536000, immutable", ask(t, s, http.MethodGet, "/assets/a-1.js").Header().Get("Cache-Control"))
	head := ask(t, s, http.MethodHead, "/assets/a-1.js")
	require.Equal(t, "5", head.Header().Get("Content-Length"))
	require.Empty(t, head.Body.String())
}

func TestWhatWasCompressedBeforehandIsSentToWhoUnderstandsIt(t *testing.T) {
	s := site(t, built)
	for accepted, want := range map[string][2]string{
		"":                      {"", "<p>phone</p>"},
		"gzip, deflate, br":     {"br", "br of phone"},
		"gzip":                  {"gzip", "gz of phone"},
		"br;q=0, gzip;q=0.5":    {"gzip", "gz of phone"},
		"br; q=0.000, gzip;q=0": {"", "<p>phone</p>"},
		"identity":              {"", "<p>phone</p>"},
		"brotli":                {"", "<p>phone</p>"},
	} {
		w := ask(t, s, http.MethodGet, "/", "Accept-Encoding", accepted)
		require.Equal(t, want[0], w.Header().Get("Content-Encoding"), accepted)
		require.Equal(t, want[1], w.Body.String(), accepted)
		require.Equal(t, "Accept-Encoding", w.Header().Get("Vary"))
		require.Equal(t, http.StatusNotModified, ask(t, s, http.MethodGet, "/", "Accept-Encoding", accepted, "If-None-Match", `"x", W/`+w.Header().Get("ETag")).Code)
	}
	plain, small := ask(t, s, http.MethodGet, "/"), ask(t, s, http.MethodGet, "/", "Accept-Encoding", "br")
	require.NotEqual(t, plain.Header().Get("ETag"), small.Header().Get("ETag"), "a cache must not take one for the other")
}

func TestPagesLoadNothingFromElsewhereAndAreNeverFramed(t *testing.T) {
	policy := ask(t, site(t, built), http.MethodGet, "/").Header().Get("Content-Security-Policy")
	require.Contains(t, policy, "default-src 'none'")
	require.Contains(t, policy, "frame-ancestors 'none'")
	require.NotContains(t, policy, "unsafe")
	require.NotContains(t, policy, "http")
	require.NotContains(t, policy, "*")
}

func TestWithoutABuildThePageSaysHowToMakeIt(t *testing.T) {
	s := site(t, fstest.MapFS{"placeholder.txt": {Data: []byte("x")}})
	for _, path := range []string{"/", "/desk/", "/follow/abc"} {
		w := ask(t, s, http.MethodGet, path, "Accept", "text/html,*/*")
		require.Equal(t, 200, w.Code, path)
		require.True(t, strings.Contains(w.Body.String(), "make web"), path)
	}
	require.Zero(t, ask(t, s, http.MethodGet, "/", "Accept", "application/json").Code, "a program gets a problem, not a page")
}
