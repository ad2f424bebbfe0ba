// Package system is what the platform's operator sees and sets: background jobs, limits in force, and
// exceptions to them. It shows how the program does, never what people wrote.
package system

import (
	"context"
	"time"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/ratelimit"
)

// Deps are what the service needs.
type Deps struct {
	DB        *dbx.DB
	Clock     clock.Clock
	Runner    *job.Runner
	Defaults  ratelimit.Defaults
	Builder   *ratelimit.Builder
	Overrides *ratelimit.Overrides
}

// Service is the operator's use cases.
type Service struct {
	Deps
	store *ratelimit.Store
}

// New makes the service.
func New(d Deps) *Service { return &Service{d, ratelimit.NewStore(d.DB)} }

// Jobs lists the background jobs of this process.
func (s *Service) Jobs(p authz.Principal) ([]job.Status, error) {
	if err := authz.Require(p, authz.SystemRead, authz.Object{}); err != nil {
		return nil, err
	}
	return s.Runner.Statuses(), nil
}

// List lists the overrides of limits, expired ones included.
func (s *Service) List(ctx context.Context, p authz.Principal) ([]ratelimit.StoredOverride, error) {
	if err := authz.Require(p, authz.SystemRead, authz.Object{}); err != nil {
		return nil, err
	}
	return s.store.List(ctx)
}

// Setting is an override as an administrator writes it.
type Setting struct {
	Limit     string   // word of the limit, as in the settings file
	Subject   []string // what it is for, in the order of the limit's words
	Burst     int64
	Count     int64
	Period    time.Duration
	Comment   string
	Enabled   bool
	ExpiresAt *clock.Instant
}

func (s *Service) override(set Setting, author id.ID) (ratelimit.Override, error) {
	name, ok := ratelimit.ParseName(set.Limit)
	if !ok {
		return ratelimit.Override{}, fault.InvalidField("body.limit", "system.limit_unknown")
	}
	key, err := s.Builder.OverrideKey(name, set.Subject...)
	if err != nil {
		return ratelimit.Override{}, fault.InvalidField("body.subject", "system.limit_subject").Because(err)
	}
	o := ratelimit.Override{Name: name, Key: key, Limit: ratelimit.Rate{Burst: set.Burst, Count: set.Count, Period: set.Period},
		Author: author, Comment: set.Comment, Enabled: set.Enabled, ExpiresAt: set.ExpiresAt}
	return o, o.Validate()
}

// Add makes an override; it works on this process at once and on others within half a minute.
func (s *Service) Add(ctx context.Context, p authz.Principal, set Setting) error {
	return s.write(ctx, p, set, "limit.override", func(ctx context.Context, tx *dbx.Tx, o ratelimit.Override) error {
		return s.store.Add(ctx, tx, o, clock.Now(s.Clock))
	})
}

// Change replaces an override of the version seen.
func (s *Service) Change(ctx context.Context, p authz.Principal, set Setting, version int64) error {
	return s.write(ctx, p, set, "limit.change", func(ctx context.Context, tx *dbx.Tx, o ratelimit.Override) error {
		return s.store.Change(ctx, tx, o, version, clock.Now(s.Clock))
	})
}

// Remove ends an override of the version seen: the default is in force again.
func (s *Service) Remove(ctx context.Context, p authz.Principal, limit, key string, version int64) error {
	actor, err := authz.Act(p, authz.SystemManage, authz.Object{})
	if err != nil {
		return err
	}
	name, ok := ratelimit.ParseName(limit)
	if !ok {
		return fault.New(fault.NotFound, "not_found")
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := s.store.Remove(ctx, tx, name, key, version); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "limit.remove", name, nil)
	})
	if err != nil {
		return err
	}
	return s.Overrides.Refresh(ctx)
}

func (s *Service) write(ctx context.Context, p authz.Principal, set Setting, action string, do func(context.Context, *dbx.Tx, ratelimit.Override) error) error {
	actor, err := authz.Act(p, authz.SystemManage, authz.Object{})
	if err != nil {
		return err
	}
	o, err := s.override(set, p.Account)
	if err != nil {
		return err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := do(ctx, tx, o); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, action, o.Name, map[string]any{"burst": o.Limit.Burst, "count": o.Limit.Count, "periodSeconds": int64(o.Limit.Period.Seconds()), "enabled": o.Enabled, "expiresAt": o.ExpiresAt})
	})
	if err != nil {
		return err
	}
	return s.Overrides.Refresh(ctx)
}

// record names the limit but not its subject, which may be personal.
func (s *Service) record(ctx context.Context, tx *dbx.Tx, actor authz.Actor, action string, name ratelimit.Name, detail map[string]any) error {
	if detail == nil {
		detail = map[string]any{}
	}
	detail["limit"] = name.String()
	return audit.Record(ctx, tx, clock.Now(s.Clock), audit.Entry{Actor: actor, Action: action, ObjectKind: "rate_limit", Detail: detail})
}
