package httpapi

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/page"
)

// Body is an answer with a JSON body.
type Body[T any] struct{ Body T }

// Versioned is an answer whose version a client sends back in If-Match to change it.
type Versioned[T any] struct {
	ETag string `header:"ETag" doc:"The version, as \"3\""`
	Body T
}

// Answer makes a Body.
func Answer[T any](v T, err error) (*Body[T], error) {
	if err != nil {
		return nil, err
	}
	return &Body[T]{v}, nil
}

// AnswerVersion makes a Versioned answer.
func AnswerVersion[T any](v T, version int64, err error) (*Versioned[T], error) {
	if err != nil {
		return nil, err
	}
	return &Versioned[T]{ETag: `"` + strconv.FormatInt(version, 10) + `"`, Body: v}, nil
}

// Empty is an answer without content (204).
type Empty struct{}

// Done makes an Empty answer.
func Done(err error) (*Empty, error) {
	if err != nil {
		return nil, err
	}
	return &Empty{}, nil
}

// IfMatch is embedded by the input of a change to something that has versions.
type IfMatch struct {
	Match string `header:"If-Match" doc:"The version you saw, as \"3\"; the change is refused with 412 when it is no longer current"`
}

// Version reads If-Match; its absence or another form is an Invalid fault.
func (m IfMatch) Version() (int64, error) {
	s := strings.Trim(strings.TrimPrefix(m.Match, "W/"), `"`)
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil || v < 0 {
		return 0, fault.InvalidField("header.If-Match", "version.required")
	}
	return v, nil
}

// PageInput is embedded by the input of a list.
type PageInput struct {
	Cursor string `query:"cursor" maxLength:"600" doc:"The next of the page before; absent for the first page"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" doc:"Rows in a page; 50 when absent"`
}

// Page is the part of the list asked for.
func (p PageInput) Page() page.Request { return page.Request{Cursor: p.Cursor, Limit: p.Limit} }

// Download is a file answer: a table, a picture, a document. Write is called after the headers are sent
// and streams the content.
type Download struct {
	Name      string // shown by the browser when saving
	MediaType string
	Inline    bool // pictures are shown, everything else is saved
	Immutable bool // content named by its hash may be cached by the caller's own browser
	Write     func(w io.Writer) error
}

// File streams a Download. An error while streaming breaks the connection, so that the client does not
// take a part for the whole.
func File(d Download) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		disposition := "attachment"
		if d.Inline {
			disposition = "inline"
		}
		hctx.SetHeader("Content-Type", d.MediaType)
		hctx.SetHeader("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": d.Name}))
		hctx.SetHeader("Content-Security-Policy", "default-src 'none'; sandbox")
		hctx.SetHeader("Cache-Control", map[bool]string{true: "private, max-age=86400, immutable", false: "no-store"}[d.Immutable])
		if err := d.Write(hctx.BodyWriter()); err != nil {
			Ignore(hctx.Context(), fmt.Errorf("download: %w", err))
			panic(http.ErrAbortHandler)
		}
	}}
}

// Sender writes one server-sent event.
type Sender func(event, eventID string, data []byte) error

// Stream answers with server-sent events until run returns; a comment every 20 s keeps proxies from
// closing the line. run ends when its context does: the client left, or the server stops.
func (a *API) Stream(run func(ctx context.Context, send Sender, idle <-chan time.Time) error) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		hctx.SetHeader("Content-Type", "text/event-stream")
		hctx.SetHeader("Cache-Control", "no-store")
		hctx.SetHeader("X-Accel-Buffering", "no")
		ctx, cancel := context.WithCancel(hctx.Context())
		defer cancel()
		defer context.AfterFunc(a.stopping, cancel)()
		w := hctx.BodyWriter()
		rc := http.NewResponseController(w.(http.ResponseWriter))
		_ = rc.SetWriteDeadline(time.Time{}) // a stream outlives the server's write timeout
		tick := time.NewTicker(20 * time.Second)
		defer tick.Stop()
		send := func(event, eventID string, data []byte) error {
			if _, err := fmt.Fprintf(w, "id: %s\nevent: %s\ndata: %s\n\n", eventID, event, data); err != nil {
				return err
			}
			return rc.Flush()
		}
		if _, err := io.WriteString(w, ": open\n\n"); err != nil || rc.Flush() != nil {
			return
		}
		if err := run(ctx, send, tick.C); err != nil && ctx.Err() == nil {
			Ignore(ctx, fmt.Errorf("stream: %w", err))
		}
	}}
}
