package notify

import (
	"context"
	"errors"

	"github.com/redproperty/redproperty/internal/fault"
)

// failure is why something could not be delivered, as a code that may be stored and shown: the texts of
// other programs and addresses of webhooks (which hold tokens) never are.
type failure struct {
	code  string
	final bool // no repetition mends it
	cause error
}

// Error names the code and the cause, for the log.
func (f *failure) Error() string {
	if f.cause == nil {
		return "notify: " + f.code
	}
	return "notify: " + f.code + ": " + f.cause.Error()
}

// Unwrap returns the cause.
func (f *failure) Unwrap() error { return f.cause }

// stop is a failure that no repetition mends.
func stop(code string) error { return &failure{code: code, final: true} }

// fail is a failure that may pass.
func fail(code string, cause error) error { return &failure{code: code, cause: cause} }

// reason is the code of an error, and whether repeating is useless.
func reason(err error) (code string, final bool) {
	var f *failure
	if errors.As(err, &f) {
		return f.code, f.final
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "timeout", false
	}
	return fault.Of(err).Code, false
}
