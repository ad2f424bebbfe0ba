// Package apitest drives a feature's operations through the real edge, as any principal.
package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi"
)

// Server is an API whose callers are chosen by the test.
type Server struct {
	API *httpapi.API
	Log *bytes.Buffer // the request events
	// Refunds counts the requests whose charge was given back.
	Refunds int

	caller authz.Principal
	limit  error
}

// New makes an API without operations.
func New(t testing.TB, c clock.Clock) *Server {
	t.Helper()
	s := &Server{Log: &bytes.Buffer{}}
	api, err := httpapi.New(httpapi.Config{Version: "test", Clock: c, Log: slog.New(slog.NewJSONHandler(s.Log, nil)), Auth: s, Limits: s})
	require.NoError(t, err)
	s.API = api
	return s
}

// Principal is the caller of the request under way.
func (s *Server) Principal(context.Context, *http.Request) (authz.Principal, error) {
	if s.caller.Anonymous() {
		return s.caller, fault.New(fault.Unauthenticated, "auth.required")
	}
	return s.caller, nil
}

// Admit lets everything pass unless RefuseWith was called.
func (s *Server) Admit(context.Context, httpapi.Op, authz.Principal) (func(context.Context), error) {
	return func(context.Context) { s.Refunds++ }, s.limit
}

// RefuseWith makes the limiter answer err.
func (s *Server) RefuseWith(err error) { s.limit = err }

// Reply is what came back.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// JSON reads the body into v.
func (r Reply) JSON(t testing.TB, v any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(r.Body, v), string(r.Body))
}

// Problem reads the body as a problem document.
func (r Reply) Problem(t testing.TB) httpapi.Problem {
	t.Helper()
	require.Equal(t, "application/problem+json", r.Header.Get("Content-Type"), string(r.Body))
	var p httpapi.Problem
	r.JSON(t, &p)
	return p
}

// Do sends a request as p; body is marshalled unless it is []byte or nil; header holds pairs. Calls of
// one Server must not overlap, since the caller is a field of it.
func (s *Server) Do(t testing.TB, p authz.Principal, method, path string, body any, header ...string) Reply {
	t.Helper()
	s.caller = p
	raw, ok := body.([]byte)
	if !ok && body != nil {
		var err error
		raw, err = json.Marshal(body)
		require.NoError(t, err)
	}
	r := httptest.NewRequest(method, path, bytes.NewReader(raw))
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.API.ServeHTTP(w, r)
	return Reply{w.Code, w.Header(), w.Body.Bytes()}
}
