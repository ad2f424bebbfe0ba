package httpapi

import (
	"bytes"
	"context"
	"io"
	"mime"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/idem"
)

// idemHeader is what a request said about being made once.
type idemHeader struct {
	value  string
	target string
	body   []byte
	at     clock.Instant
}

// readKey keeps the key and the body of a write that carries an Idempotency-Key. An upload's body is
// not kept: its content is stored under its own hash, which makes a repetition harmless.
func (a *API) readKey(c *gin.Context) {
	h := c.GetHeader("Idempotency-Key")
	if h == "" || c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead {
		return
	}
	if !printable(h) || len(h) < 8 || len(h) > 200 {
		a.fail(c, fault.InvalidField("header.Idempotency-Key", "idempotency.key"))
		return
	}
	key := idemHeader{value: h, target: c.Request.URL.RequestURI(), at: clock.Now(a.clock)}
	if kind, _, _ := mime.ParseMediaType(c.ContentType()); kind != "multipart/form-data" {
		body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxJSON))
		if err != nil {
			a.fail(c, err)
			return
		}
		key.body = body
		c.Request.Body = io.NopCloser(bytes.NewReader(body))
	}
	eventOf(c.Request.Context()).key = key
}

func printable(s string) bool {
	for i := range len(s) {
		if s[i] < 0x21 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// Once is the idempotency key of the request being served; it claims nothing when the client sent none.
func Once(ctx context.Context) idem.Key {
	ev := eventOf(ctx)
	p := authz.From(ctx)
	if ev.key.value == "" || p.Anonymous() {
		return idem.Key{}
	}
	return idem.New(p.Account, ev.Operation, ev.key.value, ev.key.target, ev.key.body, ev.key.at)
}
