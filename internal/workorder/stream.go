package workorder

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
)

// Sessions finds out anew who somebody is: the posts and memberships in force now, and whether the log-in
// session or token still stands. An ended one is an Unauthenticated fault.
type Sessions interface {
	Again(ctx context.Context, p authz.Principal) (authz.Principal, error)
}
