package httpapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Event is what one request was, logged as a single line at its end. It holds no personal data: no
// address, no agent, no query values, no names.
type Event struct {
	ID        string
	Operation string

	edge    *API // that serves the request
	mu      sync.Mutex
	lang    lang
	quiet   bool // an operation that must leave no trace of who and when is neither logged nor counted; see unseen
	account id.ID
	refused *fault.Fault
	ignored []string
	attrs   []slog.Attr
	key     idemHeader
	address netip.Addr // for limits only; never logged
	host    string     // as the caller named this server; never logged
	quota   http.Header
}

type eventKey struct{}

func eventOf(ctx context.Context) *Event {
	if ev, ok := ctx.Value(eventKey{}).(*Event); ok {
		return ev
	}
	return &Event{}
}

// Note adds a field to the request's line: counts, codes and ids, never what a person typed.
func Note(ctx context.Context, key string, value any) {
	ev := eventOf(ctx)
	ev.mu.Lock()
	defer ev.mu.Unlock()
	ev.attrs = append(ev.attrs, slog.Any(key, value))
}

// Ignore notes an error that did not stop the request, such as a rate limiter that was away.
func Ignore(ctx context.Context, err error) {
	ev := eventOf(ctx)
	ev.mu.Lock()
	defer ev.mu.Unlock()
	ev.ignored = append(ev.ignored, err.Error())
}

// Address is the caller's address, for limits; it is neither logged nor stored.
func Address(ctx context.Context) netip.Addr { return eventOf(ctx).address }

// Host is the name or address by which the caller reached the server, with its port, as the request says.
func Host(ctx context.Context) string { return eventOf(ctx).host }

// SetQuota makes the answer say how much of the strictest limit that applied is left, and in how many
// seconds it is full again.
func SetQuota(ctx context.Context, limit, remaining, reset int64) {
	ev := eventOf(ctx)
	ev.mu.Lock()
	defer ev.mu.Unlock()
	ev.quota = http.Header{}
	for name, v := range map[string]int64{"RateLimit-Limit": limit, "RateLimit-Remaining": remaining, "RateLimit-Reset": reset} {
		ev.quota.Set(name, strconv.FormatInt(v, 10))
	}
}

func (ev *Event) refuse(f *fault.Fault) {
	ev.mu.Lock()
	defer ev.mu.Unlock()
	ev.refused = f
}

func (ev *Event) caller(p authz.Principal) {
	ev.mu.Lock()
	defer ev.mu.Unlock()
	ev.account = p.Account
}

// event is the outermost middleware: it makes the event, survives panics and logs the line.
func (a *API) event(c *gin.Context) {
	start := time.Now()
	ev := &Event{edge: a, ID: id.New().String(), lang: language(c.GetHeader("Accept-Language")), host: c.Request.Host}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), eventKey{}, ev))
	c.Header("X-Request-Id", ev.ID)
	defer func() {
		p := recover()
		err, _ := p.(error)
		brokenOff := errors.Is(err, http.ErrAbortHandler)
		if p != nil && !brokenOff {
			a.recovered(c, ev, p)
		}
		a.finish(c, ev, time.Since(start))
		if brokenOff { // so that nobody takes a part of the answer for the whole
			panic(p)
		}
	}()
	c.Next()
}

func (a *API) recovered(c *gin.Context, ev *Event, p any) {
	why := fault.New(fault.Internal, "internal")
	if ev.quiet {
		why = why.Because(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		ev.refuse(why)
	} else {
		a.log.Error("panic", "request", ev.ID, "panic", p, "stack", string(debug.Stack()))
	}
	if !c.Writer.Written() {
		a.fail(c, why)
	}
}

// probes are asked every few seconds; that they were answered is no news.
var probes = map[string]bool{"/healthz": true, "/readyz": true}

func (a *API) finish(c *gin.Context, ev *Event, took time.Duration) {
	status := c.Writer.Status()
	route := c.FullPath()
	if route == "" {
		route = "none"
	}
	ev.mu.Lock()
	defer ev.mu.Unlock()
	defer a.unseen.tell(a.log, a.clock.Now())
	if ev.quiet {
		if ev.refused != nil && ev.refused.Kind == fault.Internal {
			a.unseen.note(a.clock.Now(), unseenFailure{ev.Operation, ev.refused.Error()})
		}
		return
	}
	a.metrics.observe(c.Request.Method, route, status, took)
	level, attrs := slog.LevelInfo, []slog.Attr{
		slog.String("request", ev.ID), slog.String("method", c.Request.Method), slog.String("route", route), slog.String("op", ev.Operation),
		slog.Int("status", status), slog.Int64("us", took.Microseconds()), slog.Int("bytes", max(0, c.Writer.Size())),
	}
	if !ev.account.IsZero() {
		attrs = append(attrs, slog.String("account", ev.account.String()))
	}
	if ev.refused != nil {
		attrs = append(attrs, slog.String("code", ev.refused.Code))
		if status >= http.StatusInternalServerError {
			level = slog.LevelError
			if ev.refused.Kind == fault.Unavailable { // somebody else's part is away, and the same call may work later
				level = slog.LevelWarn
			}
			attrs = append(attrs, slog.String("cause", ev.refused.Error()))
		}
	}
	if len(ev.ignored) > 0 {
		attrs = append(attrs, slog.Any("ignored", ev.ignored))
	}
	if probes[route] && status == http.StatusOK {
		level = slog.LevelDebug
	}
	a.log.LogAttrs(c.Request.Context(), level, "request", append(attrs, ev.attrs...)...)
}
