package authn

import (
	"context"
	"errors"
	"strings"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

// Standing is how an account stands, as its administrator sees it: whether and since when it is used, never whose it is.
type Standing struct {
	ID          id.ID          `db:"id" json:"id"`
	State       State          `db:"state" json:"state" enum:"active,locked,erased"`
	HasPassword bool           `db:"has_password" json:"hasPassword"`
	CreatedAt   clock.Instant  `db:"created_at" json:"createdAt"`
	SeenAt      *clock.Instant `db:"seen_at" json:"seenAt,omitempty" doc:"Last use of a log-in, to the minute; absent where no log-in is kept"`
	Sessions    int64          `db:"sessions" json:"sessions" doc:"Log-ins in force"`
}

// Find tells how the account of a user name or phone stands, and records that it was asked for. Only the platform's operator
// may call it. Fault: account.unknown (NotFound).
func (s *Service) Find(ctx context.Context, p authz.Principal, login string) (Standing, error) {
	actor, err := authz.Act(p, authz.SystemManage, authz.Object{})
	if err != nil {
		return Standing{}, err
	}
	a, err := s.find(ctx, strings.ToLower(strings.TrimSpace(login)))
	if err != nil {
		return Standing{}, err
	}
	if a == nil {
		return Standing{}, fault.New(fault.NotFound, "account.unknown")
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		return audit.Record(ctx, tx, clock.Now(s.Clock), entry(actor, "account.find", a.ID, nil))
	})
	if err != nil {
		return Standing{}, err
	}
	now := clock.Now(s.Clock)
	return standingOf(ctx, s.DB, a.ID, now, now.Add(-s.Idle))
}

// LockedAccounts lists the accounts that are locked, the newest account first. Only the platform's operator may call it.
func (s *Service) LockedAccounts(ctx context.Context, p authz.Principal, req page.Request) (page.Page[Standing], error) {
	var none page.Page[Standing]
	if err := authz.Require(p, authz.SystemRead, authz.Object{}); err != nil {
		return none, err
	}
	after, err := page.Decode(req.Cursor, 1)
	if err != nil {
		return none, err
	}
	before := id.ID{}
	if after != nil {
		if before, err = id.Parse(after[0]); err != nil {
			return none, fault.InvalidField("query.cursor", "page.cursor")
		}
	}
	now := clock.Now(s.Clock)
	rows, err := lockedStandings(ctx, s.DB, before, now, now.Add(-s.Idle), req.Size()+1)
	if err != nil {
		return none, err
	}
	return page.Cut(rows, req.Size(), func(a Standing) []string { return []string{a.ID.String()} }), nil
}

// SetLocked locks an account, which ends its sessions and tokens with the next request, or unlocks it.
// Only the platform's operator may call it, and not for their own account. Faults: account.state, account.lock_own.
func (s *Service) SetLocked(ctx context.Context, p authz.Principal, account id.ID, locked bool) error {
	actor, err := authz.Act(p, authz.SystemManage, authz.Object{})
	if err != nil {
		return err
	}
	from, to := Locked, Active
	if locked {
		from, to = Active, Locked
		if account == p.Account {
			return fault.New(fault.Conflict, "account.lock_own")
		}
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		err := updateState(ctx, tx, account, from, to)
		if errors.Is(err, dbx.ErrNoMatch) {
			return fault.New(fault.Conflict, "account.state")
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, clock.Now(s.Clock), entry(actor, "account."+string(to), account, nil))
	})
}
