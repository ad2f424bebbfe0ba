// Package fault is how the program says no. A fault has a kind (what sort of refusal), a stable code
// with parameters (what a client may show or act on) and a hidden cause (what only the log sees).
// Kinds know nothing of HTTP: httpapi holds the one table from kind to status, and the one catalogue
// from code to text.
package fault

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Kind is the sort of refusal. It is itself an error, so errors.Is(err, fault.Conflict) asks for it.
type Kind int

// The kinds of refusal.
const (
	Internal        Kind = iota // a defect or a broken part: the client learns nothing but the request id
	Invalid                     // the input is wrong: fields say where
	Unauthenticated             // nobody is logged in, or the credentials are wrong
	Forbidden                   // the caller may see the thing but not do this to it
	NotFound                    // there is no such thing, or the caller may not see it
	Conflict                    // the state of the thing does not allow it now, or somebody was faster
	Stale                       // the version named in If-Match is no longer the current one
	Mismatch                    // an idempotency key came back with another body
	TooLarge                    // the body is over its limit
	Unsupported                 // the media type is not one of those accepted
	RateLimited                 // too often: RetryAfter says when again
	Unavailable                 // a part the program needs is away: the same call may work later
)

var kindNames = [...]string{"internal", "invalid", "unauthenticated", "forbidden", "not_found", "conflict", "stale", "mismatch", "too_large", "unsupported", "rate_limited", "unavailable"}

// Error names the kind.
func (k Kind) Error() string { return kindNames[k] }

// Params are the values a message needs: numbers, dates, names of states; never personal data and
// never the rejected value itself.
type Params map[string]any

// Field is one wrong input: where it is (as a path, "body.area") and what was expected there.
type Field struct {
	Path   string
	Code   string
	Params Params
}

// Fault is a refusal. Construct it with New or the functions named after kinds.
type Fault struct {
	Kind       Kind
	Code       string
	Params     Params
	Fields     []Field
	RetryAfter time.Duration // only for RateLimited and Unavailable
	cause      error
}

// New makes a fault; pairs are parameter names and values in turn.
func New(kind Kind, code string, pairs ...any) *Fault {
	return &Fault{Kind: kind, Code: code, Params: params(pairs)}
}

func params(pairs []any) Params {
	if len(pairs) == 0 {
		return nil
	}
	p := make(Params, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		p[pairs[i].(string)] = pairs[i+1]
	}
	return p
}

// Because keeps the cause for the log and returns the fault.
func (f *Fault) Because(err error) *Fault {
	f.cause = err
	return f
}

// After sets when the same call may be tried again.
func (f *Fault) After(d time.Duration) *Fault {
	f.RetryAfter = d
	return f
}

// At adds a wrong field; code says what was expected there.
func (f *Fault) At(path, code string, pairs ...any) *Fault {
	f.Fields = append(f.Fields, Field{Path: path, Code: code, Params: params(pairs)})
	return f
}

// Error is for the log: the code, its parameters and the cause.
func (f *Fault) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", f.Kind, f.Code)
	for _, k := range slices.Sorted(maps.Keys(f.Params)) {
		fmt.Fprintf(&b, " %s=%v", k, f.Params[k])
	}
	for _, fd := range f.Fields {
		fmt.Fprintf(&b, " [%s %s]", fd.Path, fd.Code)
	}
	if f.cause != nil {
		fmt.Fprintf(&b, ": %v", f.cause)
	}
	return b.String()
}

// Unwrap gives both the kind and the cause to errors.Is and errors.As.
func (f *Fault) Unwrap() []error {
	if f.cause == nil {
		return []error{f.Kind}
	}
	return []error{f.Kind, f.cause}
}

// Field is an Invalid fault about one field.
func InvalidField(path, code string, pairs ...any) *Fault {
	return New(Invalid, "input.invalid").At(path, code, pairs...)
}

// Of returns the fault in err's chain, or wraps a strange error as Internal. It returns nil for nil.
func Of(err error) *Fault {
	if err == nil {
		return nil
	}
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return New(Internal, "internal").Because(err)
}

// MissingAs is other where err says that something was not found: a request named it wrongly. Any other err is returned as it is: that a
// read failed is not the caller's mistake, and in a transaction it may have to give way and be run again.
func MissingAs(err error, other *Fault) error {
	if errors.Is(err, NotFound) {
		return other
	}
	return err
}

// Or is err, and other where there is none: reading what decides may fail, and that is no answer to the caller. Both are evaluated, so
// that other must not need what was read.
func Or(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// Is tells whether err carries a fault with this code.
func Is(err error, code string) bool {
	var f *Fault
	return errors.As(err, &f) && f.Code == code
}

// Collect gathers wrong fields while a rule is checked; Err is nil when there are none.
type Collect struct{ fields []Field }

// Add notes a wrong field.
func (c *Collect) Add(path, code string, pairs ...any) {
	c.fields = append(c.fields, Field{Path: path, Code: code, Params: params(pairs)})
}

// Err returns one Invalid fault with every field noted, or nil.
func (c *Collect) Err() error {
	if len(c.fields) == 0 {
		return nil
	}
	return &Fault{Kind: Invalid, Code: "input.invalid", Fields: c.fields}
}
