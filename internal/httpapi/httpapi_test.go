package httpapi_test

import (
	"bytes"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/httpapi/apitest"
	"github.com/redproperty/redproperty/internal/id"
)

var someone = authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{{ID: id.New(), Role: authz.RoleWorker, Org: id.New()}}}

type thingInput struct {
	Body struct {
		Name  string `json:"name" minLength:"1" maxLength:"10"`
		Kind  string `json:"kind" enum:"a,b"`
		Owner id.ID  `json:"owner"`

		At    *clock.Instant `json:"at,omitempty"`
		Day   *clock.Date    `json:"day,omitempty"`
		Paper *blob.Hash     `json:"paper,omitempty"`
	}
}

type quickInput struct {
	Body QuickThing
}

// QuickThing has the fields of a thing; read by hand when it is {"name":"quick"...}.
type QuickThing struct {
	httpapi.Unread
	Name  string `json:"name" minLength:"1" maxLength:"10"`
	Kind  string `json:"kind" enum:"a,b"`
	Owner id.ID  `json:"owner"`

	At    *clock.Instant `json:"at,omitempty"`
	Day   *clock.Date    `json:"day,omitempty"`
	Paper *blob.Hash     `json:"paper,omitempty"`
}

func (q *QuickThing) ReadQuick(body []byte) bool {
	q.Name = string(bytes.TrimPrefix(body, []byte("quick ")))
	return bytes.HasPrefix(body, []byte("quick "))
}

type listInput struct {
	httpapi.PageInput
	Sort string `query:"sort" enum:"newest,due"`
}

type uploadInput struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true"`
	}]
}

func server(t *testing.T) *apitest.Server {
	t.Helper()
	s := apitest.New(t, clock.System{})
	op := func(name, method, path string) httpapi.Op {
		return httpapi.Op{ID: name, Method: method, Path: path, Tag: "System", Summary: name, Permission: authz.AccountSelf}
	}
	httpapi.Register(s.API, op("make", http.MethodPost, "/things"), func(_ context.Context, in *thingInput) (*httpapi.Body[string], error) {
		return &httpapi.Body[string]{Body: in.Body.Name}, nil
	})
	httpapi.Register(s.API, op("makeQuickly", http.MethodPost, "/quick-things"), func(_ context.Context, in *quickInput) (*httpapi.Body[string], error) {
		return &httpapi.Body[string]{Body: in.Body.Name + " of " + in.Body.Kind}, nil
	})
	httpapi.Register(s.API, op("list", http.MethodGet, "/things"), func(_ context.Context, in *listInput) (*httpapi.Body[int], error) {
		return &httpapi.Body[int]{Body: in.Page().Size()}, nil
	})
	httpapi.Register(s.API, op("leak", http.MethodGet, "/leak"), func(context.Context, *struct{}) (*httpapi.Empty, error) {
		return nil, errors.New("dial tcp: password=hunter2")
	})
	httpapi.Register(s.API, op("boom", http.MethodGet, "/boom"), func(context.Context, *struct{}) (*httpapi.Empty, error) {
		panic("hunter2")
	})
	httpapi.Register(s.API, op("conflict", http.MethodPost, "/conflict"), func(context.Context, *struct{}) (*httpapi.Empty, error) {
		return nil, fault.New(fault.Conflict, "version.stale")
	})
	up := op("upload", http.MethodPost, "/upload")
	up.MaxBody = 64 << 10
	httpapi.Register(s.API, up, func(_ context.Context, in *uploadInput) (*httpapi.Body[int64], error) {
		return &httpapi.Body[int64]{Body: in.RawBody.Data().File.Size}, nil
	})
	httpapi.Register(s.API, httpapi.Op{ID: "open", Method: http.MethodGet, Path: "/open", Tag: "System", Summary: "open", Public: true},
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[bool], error) {
			return &httpapi.Body[bool]{Body: authz.From(ctx).Anonymous()}, nil
		})
	return s
}

func TestEveryRefusalIsAProblemDocumentWithoutLeaks(t *testing.T) {
	s := server(t)
	for _, c := range []struct {
		name, method, path string
		body               any
		header             []string
		status             int
		code, field        string
	}{
		{"unknown route", "GET", "/nowhere", nil, nil, 404, "route.not_found", ""},
		{"unknown method", "DELETE", "/api/v1/things", nil, nil, 405, "route.method", ""},
		{"plain error", "GET", "/api/v1/leak", nil, nil, 500, "internal", ""},
		{"panic", "GET", "/api/v1/boom", nil, nil, 500, "internal", ""},
		{"fault", "POST", "/api/v1/conflict", nil, nil, 409, "version.stale", ""},
		{"too long", "POST", "/api/v1/things", map[string]any{"name": "hunter2hunter2", "kind": "a", "owner": id.New()}, nil, 400, "input.invalid", "body.name"},
		{"not in the enum", "POST", "/api/v1/things", map[string]any{"name": "x", "kind": "hunter2", "owner": id.New()}, nil, 400, "input.invalid", "body.kind"},
		{"missing", "POST", "/api/v1/things", map[string]any{"kind": "a", "owner": id.New()}, nil, 400, "input.invalid", "body.name"},
		{"unknown property", "POST", "/api/v1/things", map[string]any{"name": "x", "kind": "a", "owner": id.New(), "secret": "hunter2"}, nil, 400, "input.invalid", "body.secret"},
		{"no identifier", "POST", "/api/v1/things", map[string]any{"name": "x", "kind": "a", "owner": "hunter2"}, nil, 400, "input.invalid", "body.owner"},
		{"no time", "POST", "/api/v1/things", map[string]any{"name": "x", "kind": "a", "owner": id.New(), "at": "hunter2"}, nil, 400, "input.invalid", "body.at"},
		{"no day", "POST", "/api/v1/things", map[string]any{"name": "x", "kind": "a", "owner": id.New(), "day": "2026-02-30"}, nil, 400, "input.invalid", "body.day"},
		{"no hash", "POST", "/api/v1/things", map[string]any{"name": "x", "kind": "a", "owner": id.New(), "paper": "hunter2"}, nil, 400, "input.invalid", "body.paper"},
		{"hash in capitals", "POST", "/api/v1/things", map[string]any{"name": "x", "kind": "a", "owner": id.New(), "paper": strings.Repeat("AB", 32)}, nil, 400, "input.invalid", "body.paper"},
		{"wrong type", "POST", "/api/v1/things", map[string]any{"name": 7, "kind": "a", "owner": id.New()}, nil, 400, "input.invalid", "body.name"},
		{"no JSON", "POST", "/api/v1/things", []byte(`{"name": hunter2`), nil, 400, "input.malformed", ""},
		{"no body", "POST", "/api/v1/things", nil, nil, 400, "input.invalid", "body"},
		{"media type", "POST", "/api/v1/things", []byte(`hunter2`), []string{"Content-Type", "text/plain"}, 415, "input.media_type", ""},
		{"10 MB", "POST", "/api/v1/things", bytes.Repeat([]byte("hunter2 "), 10<<17), nil, 413, "input.too_large", ""},
		{"10 MB with a key", "POST", "/api/v1/things", bytes.Repeat([]byte("hunter2 "), 10<<17), []string{"Idempotency-Key", "0123456789"}, 413, "input.too_large", ""},
		{"unknown query", "GET", "/api/v1/things?hunter2=1", nil, nil, 400, "input.invalid", "query.hunter2"},
		{"query out of range", "GET", "/api/v1/things?limit=9999", nil, nil, 400, "input.invalid", "query.limit"},
		{"query no number", "GET", "/api/v1/things?limit=hunter2", nil, nil, 400, "input.invalid", "query.limit"},
		{"foreign site", "POST", "/api/v1/conflict", nil, []string{"Sec-Fetch-Site", "cross-site"}, 403, "auth.cross_origin", ""},
		{"short key", "POST", "/api/v1/conflict", nil, []string{"Idempotency-Key", "x"}, 400, "input.invalid", "header.Idempotency-Key"},
		{"foreign capacity", "GET", "/api/v1/things", nil, []string{"X-Capacity", id.New().String()}, 403, "capacity.unknown", ""},
	} {
		check := func(t *testing.T, path string) {
			r := s.Do(t, someone, c.method, path, c.body, c.header...)
			require.Equal(t, c.status, r.Status, string(r.Body))
			p := r.Problem(t)
			require.Equal(t, c.code, p.Code, string(r.Body))
			require.NotEmpty(t, p.RequestID)
			require.NotEqual(t, p.Code, p.Detail, "the code has a text")
			if c.code == "input.too_large" {
				require.Regexp(t, `\b\d+ (kB|MB)`, p.Detail, "a size as people read it")
			}
			if c.field != "" {
				require.Equal(t, c.field, p.Errors[0].Path)
				require.NotEqual(t, p.Errors[0].Code, p.Errors[0].Detail, "the field's code has a text")
			}
			if c.name != "unknown query" { // the name of a parameter is the place of the error
				require.NotContains(t, string(r.Body), "hunter2")
			}
		}
		t.Run(c.name, func(t *testing.T) { check(t, c.path) })
		if c.method == http.MethodPost && c.path == "/api/v1/things" {
			t.Run(c.name+" of a quick body", func(t *testing.T) { check(t, "/api/v1/quick-things") })
		}
	}
}

// Huma's error makers are variables of its package: the race detector watches that no edge writes them while another is built or serves.
func TestSeveralEdgesAreBuiltAndServeInOneProcess(t *testing.T) {
	for range 8 {
		t.Run("edge", func(t *testing.T) {
			t.Parallel()
			r := server(t).Do(t, someone, "POST", "/api/v1/things", map[string]any{"kind": "a", "owner": id.New()})
			require.Equal(t, 400, r.Status)
			require.Equal(t, "input.invalid", r.Problem(t).Code)
		})
	}
}

func TestQuickBodyIsReadByHandOrTheGeneralWay(t *testing.T) {
	s := server(t)
	require.JSONEq(t, `"one of "`, string(s.Do(t, someone, "POST", "/api/v1/quick-things", []byte("quick one")).Body))
	r := s.Do(t, someone, "POST", "/api/v1/quick-things", map[string]any{"name": "two", "kind": "a", "owner": id.New()})
	require.Equal(t, 200, r.Status, string(r.Body))
	require.JSONEq(t, `"two of a"`, string(r.Body))
	require.Equal(t, 400, s.Do(t, someone, "POST", "/api/v1/quick-things", []byte("null")).Status)
}

func TestEnglishWhenAsked(t *testing.T) {
	s := server(t)
	r := s.Do(t, someone, "POST", "/api/v1/conflict", nil, "Accept-Language", "en-GB,zh;q=0.5")
	require.Contains(t, r.Problem(t).Detail, "changed meanwhile")
	r = s.Do(t, someone, "POST", "/api/v1/conflict", nil)
	require.Contains(t, r.Problem(t).Detail, "已被他人修改")
}

func TestLogInIsNeededUnlessPublic(t *testing.T) {
	s := server(t)
	r := s.Do(t, authz.Principal{}, "GET", "/api/v1/things", nil)
	require.Equal(t, 401, r.Status)
	require.Equal(t, 200, s.Do(t, authz.Principal{}, "GET", "/api/v1/open", nil).Status)
	r = s.Do(t, someone, "GET", "/api/v1/open", nil)
	require.Contains(t, string(r.Body), "true", "a public operation does not look who calls")
}

func TestLimiterAnswersBeforeTheBodyIsRead(t *testing.T) {
	s := server(t)
	s.RefuseWith(fault.New(fault.RateLimited, "unavailable").After(1500 * time.Millisecond))
	r := s.Do(t, someone, "POST", "/api/v1/things", []byte(`{`))
	require.Equal(t, 429, r.Status)
	require.Equal(t, "2", r.Header.Get("Retry-After"))
}

// Who mistypes a form keeps what the operation's own limit allows; what was done stays charged.
func TestRefusedInputIsNotCharged(t *testing.T) {
	s := server(t)
	require.Equal(t, 400, s.Do(t, someone, "POST", "/api/v1/things", map[string]any{"kind": "a"}).Status)
	require.Equal(t, 1, s.Refunds)
	require.Equal(t, 200, s.Do(t, someone, "POST", "/api/v1/things", map[string]any{"name": "x", "kind": "a", "owner": id.New()}).Status)
	require.Equal(t, 409, s.Do(t, someone, "POST", "/api/v1/conflict", nil).Status)
	require.Equal(t, 1, s.Refunds)
}

// A download that breaks off must not look whole: the connection is cut before the end of the body.
func TestBrokenDownloadIsNotTakenForWhole(t *testing.T) {
	for _, encoding := range []string{"gzip", "identity"} {
		t.Run(encoding, func(t *testing.T) { brokenDownload(t, encoding) })
	}
}

func brokenDownload(t *testing.T, encoding string) {
	s := server(t)
	httpapi.Register(s.API, httpapi.Op{ID: "broken", Method: http.MethodGet, Path: "/broken", Tag: "System", Summary: "broken", Public: true},
		func(context.Context, *struct{}) (*huma.StreamResponse, error) {
			return httpapi.File(httpapi.Download{Name: "x.csv", MediaType: "text/csv", Write: func(w io.Writer) error {
				_, err := io.WriteString(w, strings.Repeat("row\n", 10_000))
				return errors.Join(err, errors.New("the database went away"))
			}}), nil
		})
	web := httptest.NewUnstartedServer(s.API)
	web.Config.ErrorLog = log.New(io.Discard, "", 0)
	web.Start()
	defer web.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, web.URL+"/api/v1/broken", nil)
	require.NoError(t, err)
	r.Header.Set("Accept-Encoding", encoding)
	resp, err := web.Client().Do(r)
	if err == nil { // what had been written did not fit into one packet
		defer resp.Body.Close()
		_, err = io.ReadAll(resp.Body)
	}
	require.Error(t, err)
	web.Close() // waits for the request, which writes its line last
	require.Contains(t, s.Log.String(), "the database went away")
}

func TestUploadsAreBounded(t *testing.T) {
	s := server(t)
	form := func(n int) ([]byte, string) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		f, err := w.CreateFormFile("file", "x.bin")
		require.NoError(t, err)
		_, err = f.Write(make([]byte, n))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		return b.Bytes(), w.FormDataContentType()
	}
	body, kind := form(20 << 10)
	require.Equal(t, 200, s.Do(t, someone, "POST", "/api/v1/upload", body, "Content-Type", kind).Status)
	body, kind = form(1 << 20)
	r := s.Do(t, someone, "POST", "/api/v1/upload", body, "Content-Type", kind)
	require.Equal(t, 413, r.Status, string(r.Body))
}

func TestEventHasNoPersonalDataAndKeepsTheCause(t *testing.T) {
	s := server(t)
	s.Do(t, someone, "GET", "/api/v1/leak?", nil, "User-Agent", "agent-of-somebody")
	line := s.Log.String()
	require.Contains(t, line, "password=hunter2", "the cause is in the log")
	require.Contains(t, line, someone.Account.String())
	require.NotContains(t, line, "agent-of-somebody")
	require.NotContains(t, line, "192.0.2.1", "no address")
}

// A lost database is everywhere a 503 that may be tried again, and no error of the program.
func TestALostDatabaseIsUnavailable(t *testing.T) {
	s := server(t)
	for i, lost := range []error{driver.ErrBadConn, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, dbx.ErrCommitUnknown} {
		path := fmt.Sprintf("/lost-%d", i)
		httpapi.Register(s.API, httpapi.Op{ID: fmt.Sprintf("lost%d", i), Method: http.MethodGet, Path: path, Tag: "System", Summary: "lost", Public: true},
			func(context.Context, *struct{}) (*httpapi.Empty, error) { return nil, fmt.Errorf("read: %w", lost) })
		r := s.Do(t, someone, "GET", "/api/v1"+path, nil)
		require.Equal(t, 503, r.Status, lost)
		require.NotEmpty(t, r.Header.Get("Retry-After"), lost)
	}
	require.NotContains(t, s.Log.String(), "ERROR")
	require.Contains(t, s.Log.String(), "WARN")
}

// What fails in an operation that leaves no trace is told without the time: when the hour is over, and when the server stops.
func TestAQuietOperationFailsWithoutATime(t *testing.T) {
	clk := clock.NewFake(time.Date(2026, 11, 22, 12, 10, 20, 0, time.UTC))
	s := apitest.New(t, clk)
	var with error
	httpapi.Register(s.API, httpapi.Op{ID: "silent", Method: http.MethodGet, Path: "/silent", Tag: "System", Summary: "silent", Public: true, Quiet: true},
		func(context.Context, *struct{}) (*httpapi.Empty, error) {
			if with == nil {
				panic("a defect")
			}
			return nil, with
		})
	ask := func(err error, status int) {
		with = err
		require.Equal(t, status, s.Do(t, someone, "GET", "/api/v1/silent", nil).Status)
	}
	ask(nil, 500)
	ask(errors.New("the cause"), 500)
	ask(errors.New("the cause"), 500)
	ask(driver.ErrBadConn, 503)
	clk.Advance(49 * time.Minute)
	s.Do(t, someone, "GET", "/healthz", nil)
	require.NotContains(t, s.Log.String(), "silent", "the hour is not over")
	require.NotContains(t, s.Log.String(), "a defect")
	clk.Advance(time.Minute)
	s.Do(t, someone, "GET", "/healthz", nil)
	log := s.Log.String()
	require.Contains(t, log, `"op":"silent","times":2,"cause":"internal: internal: the cause"`)
	require.Contains(t, log, "panic: a defect")
	require.NotContains(t, log, "bad connection")
	s.Do(t, someone, "GET", "/healthz", nil)
	require.Equal(t, log, s.Log.String(), "once")

	ask(errors.New("the last"), 500)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, s.API.Serve(ctx, l))
	require.Contains(t, s.Log.String(), `"times":1,"cause":"internal: internal: the last"`)
}

func TestSecurityHeaders(t *testing.T) {
	s := server(t)
	h := s.Do(t, someone, "GET", "/healthz", nil).Header
	require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
	require.Contains(t, h.Get("Content-Security-Policy"), "frame-ancestors 'none'")
}

// A phone whose clock is wrong counts down by the server's, which in a demonstration is ahead of the machine's.
func TestAnswersTellTheTimeOfTheProgram(t *testing.T) {
	clk := clock.NewFake(time.Date(2026, 11, 22, 20, 10, 20, 0, time.FixedZone("", 8*3600)))
	s := apitest.New(t, clk)
	for range 2 {
		require.Equal(t, clk.Now().UTC().Format(http.TimeFormat), s.Do(t, someone, "GET", "/api/v1/nothing", nil).Header.Get("Date"))
		clk.Advance(192 * time.Hour)
	}
}

func TestServeStopsGracefully(t *testing.T) {
	s := server(t)
	started, release := make(chan struct{}), make(chan struct{})
	httpapi.Register(s.API, httpapi.Op{ID: "slow", Method: http.MethodGet, Path: "/slow", Tag: "System", Summary: "slow", Public: true},
		func(context.Context, *struct{}) (*httpapi.Body[string], error) {
			close(started)
			<-release
			return &httpapi.Body[string]{Body: "whole"}, nil
		})
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.API.Serve(ctx, l) }()
	answered := make(chan string, 1)
	go func() {
		resp, err := http.Get("http://" + l.Addr().String() + "/api/v1/slow")
		if err != nil {
			answered <- err.Error()
			return
		}
		defer resp.Body.Close()
		answered <- resp.Status
	}()
	<-started
	stop()
	close(release)
	require.Equal(t, "200 OK", <-answered, "a request under way is answered")
	require.NoError(t, <-served)
}

func TestOperationMustNamePermissionOrBePublic(t *testing.T) {
	s := apitest.New(t, clock.System{})
	require.Panics(t, func() {
		httpapi.Register(s.API, httpapi.Op{ID: "x", Method: "GET", Path: "/x", Tag: "System"}, func(context.Context, *struct{}) (*httpapi.Empty, error) { return nil, nil })
	})
}

// What was not read by hand is read the general way by many at once: the registry of schemas is one map, and Go ends a program that writes
// a map from two requests.
func TestManyReadTheGeneralWayAtOnce(t *testing.T) {
	s := server(t)
	body := fmt.Sprintf(`{"name": "x", "kind": "a", "owner": "%s"}`, id.New())
	require.Equal(t, 200, s.Do(t, someone, "POST", "/api/v1/quick-things", []byte(body)).Status)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 50 {
				r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/quick-things", strings.NewReader(body))
				r.Header.Set("Content-Type", "application/json")
				w := httptest.NewRecorder()
				s.API.ServeHTTP(w, r)
				if !assert.Equal(t, http.StatusOK, w.Code, w.Body.String()) {
					return
				}
			}
		})
	}
	all.Wait()
}
