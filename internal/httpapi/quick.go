package httpapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// Quick is a body that nearly always comes in the one form that its clients write. That form is read by hand; every other one is
// validated and read as bodies are everywhere else, with the same outcome. It is for what everybody does in the same
// minutes: the general way reads a body twice and matches each text with its pattern. A body becomes one by embedding Unread.
type Quick interface {
	// ReadQuick reads a body in that form and tells whether it was; otherwise nothing of it is kept. It must accept
	// nothing that the schema of the body refuses, and must not hold on to the bytes.
	ReadQuick(body []byte) bool
	unread() *Unread
}

// Unread is what a Quick body still has to be read from.
type Unread struct {
	body   []byte
	parsed any
}

func (u *Unread) unread() *Unread { return u }

var _ interface{ unread() *Unread } = (*Unread)(nil) // a part of Quick, of every body that embeds it

// unmarshal reads JSON for huma; of a Quick body in another form only that it is JSON.
func unmarshal(body []byte, into any) error {
	q, ok := into.(Quick)
	if !ok {
		return json.Unmarshal(body, into)
	}
	if q.ReadQuick(body) {
		return nil
	}
	u := q.unread()
	u.body = bytes.Clone(body) // huma's goes round
	return json.Unmarshal(body, &u.parsed)
}

// quickBody makes what reads the rest of an input's Quick body; nil where it has none. The body's schema is found here, once: the
// registry of schemas is not made for many requests at once.
func quickBody[I any](schemas huma.Registry) func(in *I) error {
	f, ok := reflect.TypeFor[I]().FieldByName("Body")
	if !ok || !reflect.PointerTo(f.Type).Implements(reflect.TypeFor[Quick]()) {
		return nil
	}
	schema := schemas.Schema(f.Type, true, "")
	return func(in *I) error {
		return readRest(schemas, schema, reflect.ValueOf(in).Elem().FieldByIndex(f.Index).Addr().Interface().(Quick))
	}
}

// readRest validates and reads the general way what was not read by hand.
func readRest(schemas huma.Registry, schema *huma.Schema, q Quick) error {
	u := q.unread()
	if u.body == nil {
		return nil
	}
	path, found := huma.NewPathBuffer(nil, 0), &huma.ValidateResult{}
	path.Push("body")
	huma.Validate(schemas, schema, path, huma.ModeWriteToServer, u.parsed, found)
	if len(found.Errors) == 0 {
		if err := json.Unmarshal(u.body, q); err != nil {
			found.Add(path, nil, err.Error())
		}
	}
	if len(found.Errors) > 0 {
		return humaFault(http.StatusUnprocessableEntity, "", 0, found.Errors)
	}
	return nil
}
