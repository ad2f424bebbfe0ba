package httpapi

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/redproperty/redproperty/internal/fault"
)

// headers are set on every answer. A page may load only from its own origin and may not be framed; an
// answer with somebody's data is not kept by caches.
func (a *API) headers(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "geolocation=(), microphone=(), camera=(self)")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	h.Set("Cache-Control", "no-store")
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
