package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
)

// statuses is the one table from kinds of refusal to HTTP.
var statuses = map[fault.Kind]int{
	fault.Internal:        http.StatusInternalServerError,
	fault.Invalid:         http.StatusBadRequest,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Stale:           http.StatusPreconditionFailed,
	fault.Mismatch:        http.StatusUnprocessableEntity,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.Unsupported:     http.StatusUnsupportedMediaType,
	fault.RateLimited:     http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
}

// FieldProblem is one wrong input.
type FieldProblem struct {
	Path   string       `json:"path" doc:"Where it is, as body.place.unitId or query.limit" example:"body.title"`
	Code   string       `json:"code" doc:"Stable code of what was expected" example:"field.required"`
	Detail string       `json:"detail" doc:"What was expected, in the language of Accept-Language"`
	Params fault.Params `json:"params,omitempty" doc:"Values of the detail"`
}

// Problem is an RFC 9457 problem document. It never holds a submitted value or an internal text.
type Problem struct {
	Type       string         `json:"type" doc:"URN of the code" example:"urn:redproperty:problem:workorder.step_illegal"`
	Title      string         `json:"title" doc:"The HTTP status in words"`
	Status     int            `json:"status" doc:"The HTTP status"`
	Detail     string         `json:"detail" doc:"What happened and what to do, in the language of Accept-Language"`
	Code       string         `json:"code" doc:"Stable code for programs" example:"workorder.step_illegal"`
	Params     fault.Params   `json:"params,omitempty" doc:"Values of the detail, for programs"`
	RequestID  string         `json:"requestId" doc:"Number of the request; quote it when reporting a problem"`
	Errors     []FieldProblem `json:"errors,omitempty" doc:"The wrong inputs, each with its place"`
	retryAfter time.Duration
	quota      http.Header
}

// Error lets huma carry the document as an error.
func (p *Problem) Error() string { return p.Code }

// GetStatus is read by huma.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is read by huma.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders is read by huma.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{"Cache-Control": {"no-store"}}
	maps.Copy(h, p.quota)
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int((p.retryAfter+time.Second-1)/time.Second)))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="redproperty"`)
	}
	return h
}

// awayRetry is when a client may ask again after the database was away: a restart takes seconds.
const awayRetry = 5 * time.Second

// known turns errors of the ground layers into faults.
func known(err error) *fault.Fault {
	var f *fault.Fault
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, dbx.ErrCommitUnknown):
		return fault.New(fault.Unavailable, "commit.unknown").After(time.Second).Because(err)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), errors.Is(err, dbx.ErrClosed):
		return fault.New(fault.Unavailable, "unavailable").After(time.Second).Because(err)
	case dbx.Classify(err) == dbx.Retryable:
		return fault.New(fault.Unavailable, "unavailable").After(time.Second).Because(err)
	case dbx.Classify(err) == dbx.Away:
		return fault.New(fault.Unavailable, "unavailable").After(awayRetry).Because(err)
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return bodyTooLarge(tooLarge.Limit)
	}
	return fault.Of(err)
}

// bodyTooLarge refuses a body over a limit of bytes, which people read as 25 MB or 64 kB.
func bodyTooLarge(limit int64) *fault.Fault {
	size := strconv.FormatInt(limit>>10, 10) + " kB"
	if limit >= 1<<20 {
		size = strconv.FormatInt(limit>>20, 10) + " MB"
	}
	return fault.New(fault.TooLarge, "input.too_large", "limit", limit, "size", size)
}

// problem writes the fault down for the client and notes it, with its cause, in the request's event.
func (a *API) problem(ctx context.Context, err error) *Problem {
	f := known(err)
	ev := eventOf(ctx)
	ev.refuse(f)
	p := &Problem{
		Type: "urn:redproperty:problem:" + f.Code, Status: statuses[f.Kind], Code: f.Code, Params: f.Params,
		Title: http.StatusText(statuses[f.Kind]), RequestID: ev.ID, retryAfter: f.RetryAfter, quota: ev.quota,
		Detail: a.texts.text(ev.lang, f.Code, f.Params),
	}
	for _, fd := range f.Fields {
		p.Errors = append(p.Errors, FieldProblem{Path: fd.Path, Code: fd.Code, Params: fd.Params, Detail: a.texts.text(ev.lang, fd.Code, fd.Params)})
	}
	return p
}

// Describe is a refusal as clients read it, for an answer that tells what came of several things. A failure of the
// program itself is noted in the request's event as it is for a request that fails as a whole.
func (a *API) Describe(ctx context.Context, err error) *Problem { return a.problem(ctx, err) }

// fail answers a request outside huma (an unknown route, a refusal by middleware) and ends it.
func (a *API) fail(c *gin.Context, err error) {
	a.write(c, a.problem(c.Request.Context(), err))
}

func (a *API) write(c *gin.Context, p *Problem) {
	for k, v := range p.GetHeaders() {
		c.Writer.Header()[k] = v
	}
	body, err := json.Marshal(p)
	if err != nil { // a fault whose parameters cannot be written is a defect
		body = []byte(`{"code":"internal","status":500}`)
	}
	c.Abort()
	c.Data(p.Status, "application/problem+json", body)
}

// makeHumaErrors tells huma how this program's errors look. Huma keeps its makers in package variables, so they
// are set once for every API of the process; which of them serves a request, the request's event tells. The first
// maker is asked only for the shape of errors while operations are described.
var makeHumaErrors = sync.OnceFunc(func() {
	huma.NewError = func(status int, _ string, _ ...error) huma.StatusError { return &Problem{Status: status} }
	huma.NewErrorWithContext = fromHuma
})

// fromHuma turns huma's own refusals into problem documents. Huma would echo the rejected value; here
// only the place and what was expected survive.
func fromHuma(hctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
	ctx := hctx.Context()
	return eventOf(ctx).edge.problem(ctx, humaFault(status, msg, hctx.Operation().MaxBodyBytes, errs))
}

func humaFault(status int, msg string, limit int64, errs []error) error {
	for _, err := range errs {
		var f *fault.Fault
		if errors.As(err, &f) {
			return err
		}
		switch text := err.Error(); { // of some errors huma keeps only the text
		case strings.Contains(text, "request body too large"):
			status = http.StatusRequestEntityTooLarge
		case strings.Contains(text, huma.ErrUnknownContentType.Error()):
			status = http.StatusUnsupportedMediaType
		}
	}
	switch status {
	case http.StatusRequestEntityTooLarge:
		return bodyTooLarge(limit)
	case http.StatusUnsupportedMediaType, http.StatusNotAcceptable:
		return fault.New(fault.Unsupported, "input.media_type")
	case http.StatusRequestTimeout:
		return fault.New(fault.Unavailable, "input.timeout")
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return validationFault(msg, errs)
	}
	return fault.New(fault.Internal, "internal").Because(errors.Join(append([]error{errors.New(msg)}, errs...)...))
}
