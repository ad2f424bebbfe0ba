package httpapi

import (
	"maps"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/redproperty/redproperty/internal/fault"
)

// onEveryAnswer are headers by their canonical names. A page may load only from its own origin and may not be framed; an answer
// with somebody's data is not kept by caches. Their values are shared by all answers: who wants another one sets it.
var onEveryAnswer = map[string][]string{
	"X-Content-Type-Options":       {"nosniff"},
	"X-Frame-Options":              {"DENY"},
	"Referrer-Policy":              {"no-referrer"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Permissions-Policy":           {"geolocation=(), microphone=(), camera=(self)"},
	"Content-Security-Policy":      {"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"},
	"Cache-Control":                {"no-store"},
}

func (a *API) headers(c *gin.Context) {
	h := c.Writer.Header()
	maps.Copy(h, onEveryAnswer)
	h.Set("Date", a.clock.Now().UTC().Format(http.TimeFormat)) // what the pages count down by, also where the demonstration's clock is ahead
	if a.secure {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// sameSite refuses writes that a browser sends on behalf of another site. A content type is no defence:
// a form can post a body without one.
func (a *API) sameSite(c *gin.Context) {
	if err := a.origin.Check(c.Request); err != nil {
		a.fail(c, fault.New(fault.Forbidden, "auth.cross_origin").Because(err))
	}
}

func (a *API) methodNotAllowed(c *gin.Context) {
	p := a.problem(c.Request.Context(), fault.New(fault.NotFound, "route.method"))
	p.Status, p.Title = http.StatusMethodNotAllowed, http.StatusText(http.StatusMethodNotAllowed)
	a.write(c, p)
}
