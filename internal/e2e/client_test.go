package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/id"
)

// obj is a JSON object to be sent.
type obj map[string]any

// user is somebody with a browser: a cookie and nothing else.
type user struct {
	in     *installation
	name   string
	cookie *http.Cookie
}

// as logs in with the credentials that the program printed.
func (in *installation) as(name string) *user {
	in.t.Helper()
	require.Contains(in.t, in.login, name)
	u := &user{in: in, name: name}
	u.post("/auth/sessions", obj{"login": name, "password": in.login[name]}).want(201)
	require.NotNil(in.t, u.cookie)
	return u
}

var codeLine = regexp.MustCompile(`text message .*kind=login_code .*code=([0-9]{6})`)

// byCode logs in with a one-time code, which the log shows since no gateway is configured.
func (in *installation) byCode(phone string) *user {
	in.t.Helper()
	u := &user{in: in, name: phone}
	offset := len(in.output.String())
	u.post("/auth/codes", obj{"phone": phone}).want(202)
	code := in.output.waitFor(in.t, codeLine, offset)[1]
	u.post("/auth/sessions/by-code", obj{"phone": phone, "code": code}).want(201)
	return u
}

// nobody is not logged in.
func (in *installation) nobody() *user { return &user{in: in, name: "nobody"} }

// reply is an answer, and what was asked.
type reply struct {
	t      *testing.T
	asked  string
	Status int
	Header http.Header
	Body   []byte
	err    error
}

// try sends a request; headers are pairs of name and value. It may be called from any goroutine.
func (u *user) try(method, path string, body any, headers ...string) reply {
	r := reply{t: u.in.t, asked: u.name + ": " + method + " " + path}
	var content io.Reader
	kind := ""
	switch b := body.(type) {
	case nil:
	case []byte:
		if b != nil {
			content, kind = bytes.NewReader(b), "application/json"
		}
	default:
		text, err := json.Marshal(b)
		if err != nil {
			r.err = err
			return r
		}
		content, kind = bytes.NewReader(text), "application/json"
	}
	if !strings.HasPrefix(path, "/api/") && path != "/healthz" {
		path = "/api/v1" + path
	}
	req, err := http.NewRequestWithContext(context.Background(), method, u.in.url()+path, content)
	if err != nil {
		r.err = err
		return r
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	setHeaders(req, headers)
	return u.send(req, r)
}

func setHeaders(req *http.Request, headers []string) {
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
}

func (u *user) send(req *http.Request, r reply) reply {
	if u.cookie != nil {
		req.AddCookie(u.cookie)
	}
	resp, err := u.in.talk.Do(req)
	if err != nil {
		r.err = err
		return r
	}
	defer resp.Body.Close()
	r.Status, r.Header = resp.StatusCode, resp.Header
	r.Body, r.err = io.ReadAll(resp.Body)
	for _, c := range resp.Cookies() {
		if c.Name == "rp_session" || strings.HasSuffix(c.Name, "rp_session") {
			u.cookie = c
		}
	}
	return r
}

func (u *user) get(path string) reply { return u.try(http.MethodGet, path, nil).arrived() }

func (u *user) post(path string, body any, headers ...string) reply {
	return u.try(http.MethodPost, path, body, headers...).arrived()
}

func (u *user) put(path string, body any, headers ...string) reply {
	return u.try(http.MethodPut, path, body, headers...).arrived()
}

// upload posts a file as a form.
func (u *user) upload(path, field, name string, content []byte, headers ...string) reply {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile(field, name)
	require.NoError(u.in.t, err)
	_, err = part.Write(content)
	require.NoError(u.in.t, err)
	require.NoError(u.in.t, w.Close())
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, u.in.url()+"/api/v1"+path, &form)
	require.NoError(u.in.t, err)
	req.Header.Set("Content-Type", w.FormDataContentType())
	setHeaders(req, headers)
	return u.send(req, reply{t: u.in.t, asked: u.name + ": POST " + path}).arrived()
}

func (r reply) arrived() reply {
	r.t.Helper()
	require.NoError(r.t, r.err, r.asked)
	return r
}

// want is the status that the answer must have.
func (r reply) want(status int) reply {
	r.t.Helper()
	require.NoError(r.t, r.err, r.asked)
	require.Equal(r.t, status, r.Status, "%s: %s", r.asked, r.Body)
	if status >= 400 {
		r.problem()
	}
	return r
}

// code wants a refusal with a status and a stable code.
func (r reply) refused(status int, code string) reply {
	r.t.Helper()
	r.want(status)
	require.Equal(r.t, code, r.str("code"), "%s: %s", r.asked, r.Body)
	return r
}

// internals are words that must never be in an answer: they come from the inside of the program.
var internals = regexp.MustCompile(`(?i)sqlite|mysql|mariadb|SELECT |INSERT |constraint|panic|goroutine|\.go:\d|redis:|/internal/|runtime error|no rows`)

// problem wants the answer to be a problem document that tells nothing of the inside.
func (r reply) problem() {
	r.t.Helper()
	require.Equal(r.t, "application/problem+json", r.Header.Get("Content-Type"), "%s: %s", r.asked, r.Body)
	require.Equal(r.t, r.Status, int(r.num("status")), r.asked)
	require.NotEmpty(r.t, r.str("code"), r.asked)
	require.NotEmpty(r.t, r.str("detail"), r.asked)
	require.NotEqual(r.t, r.str("code"), r.str("detail"), "%s: the code has no text", r.asked)
	require.NotEmpty(r.t, r.str("requestId"), r.asked)
	require.NotRegexp(r.t, internals, string(r.Body), r.asked)
}

// at finds a value in the answer: "order.id", "items.0.name". It is nil where there is none.
func (r reply) at(path string) any {
	r.t.Helper()
	var v any
	d := json.NewDecoder(bytes.NewReader(r.Body))
	d.UseNumber()
	require.NoError(r.t, d.Decode(&v), "%s: %s", r.asked, r.Body)
	if path == "" {
		return v
	}
	for part := range strings.SplitSeq(path, ".") {
		switch c := v.(type) {
		case map[string]any:
			v = c[part]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i >= len(c) {
				return nil
			}
			v = c[i]
		default:
			return nil
		}
	}
	return v
}

func (r reply) str(path string) string {
	r.t.Helper()
	s, _ := r.at(path).(string)
	return s
}

func (r reply) num(path string) int64 {
	r.t.Helper()
	n, ok := r.at(path).(json.Number)
	if !ok {
		return -1
	}
	v, err := n.Int64()
	require.NoError(r.t, err, r.asked)
	return v
}

// id is a text that must be there.
func (r reply) id(path string) string {
	r.t.Helper()
	s := r.str(path)
	require.NotEmpty(r.t, s, "%s: no %s in %s", r.asked, path, r.Body)
	return s
}

// list is an array in the answer.
func (r reply) list(path string) []any {
	r.t.Helper()
	l, _ := r.at(path).([]any)
	return l
}

// find is the position in the array of the first object whose field has the value, as part of a path; it
// must be there.
func (r reply) find(path, field string, value any) string {
	r.t.Helper()
	for i, v := range r.list(path) {
		if o, ok := v.(map[string]any); ok && fmt.Sprint(o[field]) == fmt.Sprint(value) {
			return strings.TrimPrefix(path+"."+strconv.Itoa(i), ".")
		}
	}
	r.t.Fatalf("%s: no %s with %s = %v in %s", r.asked, path, field, value, r.Body)
	return ""
}

// has tells whether an object of the array has the value in the field.
func (r reply) has(path, field string, value any) bool {
	r.t.Helper()
	for _, v := range r.list(path) {
		if o, ok := v.(map[string]any); ok && fmt.Sprint(o[field]) == fmt.Sprint(value) {
			return true
		}
	}
	return false
}

// match is the header that says which version is changed.
func (r reply) match() []string {
	r.t.Helper()
	require.NotEmpty(r.t, r.Header.Get("ETag"), r.asked)
	return []string{"If-Match", r.Header.Get("ETag")}
}

// once is the header of a request that is to be made once; the key is new.
func once() []string { return []string{"Idempotency-Key", id.New().String()} }
