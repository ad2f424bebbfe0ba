package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/id"
)

// form is a JSON object to be sent.
type form map[string]any

// caller is somebody who calls the API with the cookie of a real log-in session, or without one.
type caller struct {
	t       *testing.T
	serve   http.Handler
	cookie  *http.Cookie
	account string
	person  string
}

// answer is what came back, and what was asked.
type answer struct {
	t      *testing.T
	asked  string
	status int
	header http.Header
	body   []byte
}

// listener is a response that ends its request as soon as a stream begins: a stream never ends by itself.
type listener struct {
	*httptest.ResponseRecorder
	leave context.CancelFunc
}

func (l listener) Flush() { l.ResponseRecorder.Flush(); l.leave() }

// FlushError is how the edge flushes.
func (l listener) FlushError() error { l.Flush(); return nil }

// SetWriteDeadline is asked for by streams; a recorder has none.
func (l listener) SetWriteDeadline(time.Time) error { return nil }

var lastAddress int

// send makes one request. Each comes from another address, so that no limit on an address is met.
func (c *caller) send(method, path string, content []byte, headers http.Header) answer {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	r := httptest.NewRequestWithContext(ctx, method, "/api/v1"+path, bytes.NewReader(content))
	for k, v := range headers {
		r.Header[k] = v
	}
	lastAddress++
	r.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:4000", lastAddress>>16&255, lastAddress>>8&255, lastAddress&255)
	if c.cookie != nil {
		r.AddCookie(c.cookie)
	}
	w := listener{httptest.NewRecorder(), cancel}
	c.serve.ServeHTTP(w, r)
	return answer{t: c.t, asked: method + " " + path, status: w.Code, header: w.Header(), body: w.Body.Bytes()}
}

func (c *caller) do(method, path string, body any, headers ...string) answer {
	c.t.Helper()
	h := http.Header{}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	if body == nil {
		return c.send(method, path, nil, h)
	}
	content, err := json.Marshal(body)
	require.NoError(c.t, err)
	h.Set("Content-Type", "application/json")
	return c.send(method, path, content, h)
}

func (c *caller) get(path string) answer {
	c.t.Helper()
	return c.do(http.MethodGet, path, nil).want(200)
}

// made posts and wants that something was made.
func (c *caller) made(path string, body any, headers ...string) answer {
	c.t.Helper()
	a := c.do(http.MethodPost, path, body, append(headers, "Idempotency-Key", id.New().String())...)
	require.True(c.t, a.status == 200 || a.status == 201 || a.status == 204, "%s: %d %s", a.asked, a.status, a.body)
	return a
}

// upload posts a file as a form.
func (c *caller) upload(path, name string, file []byte, fields ...string) answer {
	c.t.Helper()
	content, kind := multipartForm(c.t, name, file, fields...)
	return c.send(http.MethodPost, path, content, http.Header{"Content-Type": {kind}})
}

func multipartForm(t *testing.T, name string, file []byte, fields ...string) (content []byte, mediaType string) {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		require.NoError(t, w.WriteField(fields[i], fields[i+1]))
	}
	part, err := w.CreateFormFile("file", name)
	require.NoError(t, err)
	_, err = part.Write(file)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return body.Bytes(), w.FormDataContentType()
}

func (a answer) want(status int) answer {
	a.t.Helper()
	require.Equal(a.t, status, a.status, "%s: %s", a.asked, a.body)
	return a
}

// at finds a value in the answer: "order.id", "items.0.name", or "items.kind=contract.id" for the first item of that kind.
func (a answer) at(path string) any {
	a.t.Helper()
	var v any
	require.NoError(a.t, json.Unmarshal(a.body, &v), "%s: %s", a.asked, a.body)
	for part := range strings.SplitSeq(path, ".") {
		switch c := v.(type) {
		case map[string]any:
			v = c[part]
		case []any:
			v = element(c, part)
		default:
			return nil
		}
	}
	return v
}

func element(list []any, which string) any {
	field, value, named := strings.Cut(which, "=")
	if !named {
		i, err := strconv.Atoi(which)
		if err != nil || i >= len(list) {
			return nil
		}
		return list[i]
	}
	for _, v := range list {
		if o, ok := v.(map[string]any); ok && fmt.Sprint(o[field]) == value {
			return v
		}
	}
	return nil
}

// text is a text that must be there.
func (a answer) text(path string) string {
	a.t.Helper()
	s, _ := a.at(path).(string)
	require.NotEmpty(a.t, s, "%s: no %s in %s", a.asked, path, a.body)
	return s
}
