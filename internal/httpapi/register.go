package httpapi

import (
	"context"
	"maps"
	"net/http"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Op describes an operation of the API. Every operation names the permission it needs, or says that it
// is public; Register refuses one that does neither.
type Op struct {
	ID          string // camelCase, unique, stable: clients' generated functions carry it
	Method      string
	Path        string // below /api/v1
	Tag         string
	Summary     string
	Description string
	Permission  authz.Permission // the least a caller must hold in some capacity; the service checks it against the thing
	Public      bool             // no log-in: the caller's credentials are not even read
	Quiet       bool             // leaves no trace of who called and when: no line, no count, not even of the account
	Status      int              // of success; 200 when zero
	MaxBody     int64            // bytes; 1 MiB when zero
	Timeout     time.Duration    // 30 s when zero; negative for streams
	Limit       string           // name of a rate limit family that the limiter applies before the body is read
}

// Root is the path that every operation lies below.
const Root = "/api/v1"

// maxJSON bounds the body of an operation that names no bound of its own.
const maxJSON = 1 << 20

// Register adds an operation. Whatever error the handler returns reaches the client as a problem
// document; the text of an unexpected one stays in the log.
func Register[I, O any](a *API, op Op, handler func(context.Context, *I) (*O, error)) {
	if (op.Permission == "") == !op.Public {
		panic("httpapi: " + op.ID + " must name a permission or be public")
	}
	if !strings.HasPrefix(op.Path, "/") {
		panic("httpapi: " + op.ID + " has a path without a leading slash")
	}
	if !knownTag(op.Tag) {
		panic("httpapi: " + op.ID + " is of the unknown group " + op.Tag)
	}
	if name := hiddenPart(reflect.TypeFor[I]()); name != "" {
		panic("httpapi: " + op.ID + " embeds the unexported " + name + ", whose fields huma would ignore")
	}
	a.ops = append(a.ops, op)
	a.names.op = op.ID
	described, quick := a.operation(op), quickBody[I](a.huma.OpenAPI().Components.Schemas)
	described.SkipValidateBody = quick != nil // validated below, unless it was read by hand
	huma.Register(a.huma, described, func(ctx context.Context, in *I) (*O, error) {
		if quick != nil {
			if err := quick(in); err != nil {
				return nil, a.problem(ctx, err)
			}
		}
		out, err := handler(ctx, in)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return out, nil
	})
}

// hiddenPart names an embedded struct that reflection cannot fill.
func hiddenPart(t reflect.Type) string {
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.Anonymous || f.Type.Kind() != reflect.Struct {
			continue
		}
		if !f.IsExported() {
			return f.Type.Name()
		}
		if name := hiddenPart(f.Type); name != "" {
			return name
		}
	}
	return ""
}

func (a *API) operation(op Op) huma.Operation {
	h := huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: Root + op.Path, Tags: []string{op.Tag},
		Summary: op.Summary, Description: op.Description, DefaultStatus: op.Status, MaxBodyBytes: op.MaxBody,
		RejectUnknownQueryParameters: true, BodyReadTimeout: 15 * time.Second,
		Middlewares: huma.Middlewares{a.admit(op)},
		Errors:      []int{http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusTooManyRequests, http.StatusServiceUnavailable},
	}
	if op.MaxBody == 0 {
		h.MaxBodyBytes = maxJSON
	}
	if op.MaxBody > maxJSON {
		h.BodyReadTimeout = 2 * time.Minute // a picture over a slow line
	}
	if op.Public {
		h.Security = []map[string][]string{{}} // nobody needs to log in
	} else {
		h.Errors = append(h.Errors, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound)
		h.Security = []map[string][]string{{"session": {}}, {"token": {string(op.Permission)}}}
		h.Extensions = map[string]any{"x-permission": string(op.Permission)}
	}
	if op.Method != http.MethodGet {
		h.Errors = append(h.Errors, http.StatusConflict, http.StatusUnprocessableEntity)
		h.Parameters = []*huma.Param{idempotencyParam}
	}
	return h
}

var idempotencyParam = &huma.Param{
	Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: huma.TypeString},
	Description: "Any text of 8 to 200 characters that is new for each intended change. A repetition within 48 hours with the same key and the same request answers with what the first call made, and changes nothing.",
}

// admit runs before the body is read: who calls, how often, for how long.
func (a *API) admit(op Op) func(huma.Context, func(huma.Context)) {
	timeout := op.Timeout
	if timeout == 0 {
		timeout = 30 * time.Second
	}
	return func(hctx huma.Context, next func(huma.Context)) {
		c := humagin.Unwrap(hctx)
		ev := eventOf(c.Request.Context())
		ev.Operation, ev.quiet = op.ID, op.Quiet
		if addr, err := netip.ParseAddr(c.ClientIP()); err == nil {
			ev.address = addr.Unmap()
		}
		ctx := c.Request.Context()
		if timeout > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, timeout)
			defer cancel()
		}
		if op.MaxBody > 0 {
			c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, op.MaxBody)
		}
		var refund func(context.Context)
		p, err := a.principal(c.Request, op)
		if err == nil {
			ctx = authz.With(ctx, p)
			refund, err = a.limits.Admit(ctx, op, p)
		}
		if err != nil {
			a.fail(c, err)
			return
		}
		if !op.Quiet {
			ev.caller(p)
		}
		maps.Copy(c.Writer.Header(), ev.quota)
		c.Request = c.Request.WithContext(ctx)
		defer func() {
			if c.Request.MultipartForm != nil {
				_ = c.Request.MultipartForm.RemoveAll() // temporary files; a leftover is swept by the system
			}
		}()
		next(hctx)
		if c.Writer.Status() == http.StatusBadRequest {
			refund(context.WithoutCancel(ctx)) // who mistypes a form has not used it
		}
	}
}

// principal finds out who calls, and in which capacity.
func (a *API) principal(r *http.Request, op Op) (authz.Principal, error) {
	if op.Public {
		return authz.Principal{Request: eventOf(r.Context()).ID}, nil
	}
	p, err := a.auth.Principal(r.Context(), r)
	if err != nil {
		return p, err
	}
	p.Request = eventOf(r.Context()).ID
	if h := r.Header.Get("X-Capacity"); h != "" {
		if p.Capacity, err = id.Parse(h); err != nil || !slices.ContainsFunc(p.Grants, func(g authz.Grant) bool { return g.ID == p.Capacity }) {
			return p, fault.New(fault.Forbidden, "capacity.unknown")
		}
	}
	_, err = authz.Holds(p, op.Permission)
	return p, err
}

// Authenticator finds the principal of a request from its cookie or bearer token. Nobody logged in is
// an Unauthenticated fault.
type Authenticator interface {
	Principal(ctx context.Context, r *http.Request) (authz.Principal, error)
}

// Limits decides whether a request may go on; a refusal is a RateLimited fault. refund gives back what the
// operation's own limit charged, for a request whose input was refused.
type Limits interface {
	Admit(ctx context.Context, op Op, p authz.Principal) (refund func(context.Context), err error)
}

// Operations lists what was registered, for tests that walk every route.
func (a *API) Operations() []Op { return slices.Clone(a.ops) }
