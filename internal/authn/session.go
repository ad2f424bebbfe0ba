package authn

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// CookieName is the session cookie. Over TLS it carries the __Host- prefix, which ties it to the host.
const CookieName = "rp_session"

// MarkName is a cookie that pages may read: it says that there is a session, and nothing of it, so that a visitor without one
// need not ask who is logged in and be refused.
const MarkName = "rp_here"

func (s *Service) cookieName() string {
	if s.Secure {
		return "__Host-" + CookieName
	}
	return CookieName
}

// Cookies carry a session's secret, and the mark that there is one; an empty secret makes the browser forget both.
func (s *Service) Cookies(secret string, expires time.Time) []http.Cookie {
	c := http.Cookie{Name: s.cookieName(), Value: secret, Path: "/", Expires: expires, HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode}
	mark := c
	mark.Name, mark.Value, mark.HttpOnly = MarkName, "1", false
	if secret == "" {
		c.MaxAge, mark.MaxAge = -1, -1
	}
	return []http.Cookie{c, mark}
}

// Principal finds the caller of a request by bearer token or cookie, with the capacities in force now.
// Nobody logged in, an ended session and a revoked token are the same Unauthenticated fault.
func (s *Service) Principal(ctx context.Context, r *http.Request) (authz.Principal, error) {
	now := clock.Now(s.Clock)
	if h := r.Header.Get("Authorization"); h != "" {
		return s.byToken(ctx, h, now)
	}
	cookie, err := r.Cookie(s.cookieName())
	if err != nil {
		return authz.Principal{}, fault.New(fault.Unauthenticated, "auth.required")
	}
	c, err := callerBySession(ctx, s.DB, hashOf(cookie.Value), now, now.Add(-s.Idle))
	if dbx.IsNoRow(err) {
		return authz.Principal{}, fault.New(fault.Unauthenticated, "auth.required")
	}
	if err != nil {
		return authz.Principal{}, err
	}
	if now.Sub(c.SeenAt) > time.Minute {
		err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error { return touchSession(ctx, tx, c.ID, now) })
		if err != nil {
			return authz.Principal{}, err
		}
	}
	return s.principal(ctx, c, nil, now)
}

func (s *Service) byToken(ctx context.Context, header string, now clock.Instant) (authz.Principal, error) {
	secret, ok := strings.CutPrefix(header, "Bearer ")
	if !ok {
		return authz.Principal{}, fault.New(fault.Unauthenticated, "auth.required")
	}
	c, err := callerByToken(ctx, s.DB, hashOf(secret), now)
	if dbx.IsNoRow(err) {
		return authz.Principal{}, fault.New(fault.Unauthenticated, "auth.required")
	}
	if err != nil {
		return authz.Principal{}, err
	}
	if now.Sub(c.SeenAt) > time.Hour {
		err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error { return touchToken(ctx, tx, c.ID, now) })
		if err != nil {
			return authz.Principal{}, err
		}
	}
	return s.principal(ctx, c, c.Scopes, now)
}

func (s *Service) principal(ctx context.Context, c caller, scopes []authz.Permission, now clock.Instant) (authz.Principal, error) {
	grants, err := s.grants(ctx, s.DB, c, now)
	p := authz.Principal{Account: c.Account, Person: c.Person, Grants: grants, Scopes: scopes, Session: c.ID}
	if c.MustChange && scopes == nil { // somebody else knows the password: nothing but replacing it
		p.Scopes, p.Limited = []authz.Permission{authz.AccountSelf}, "password.must_change"
	} else if c.Origin == byTicket {
		p.Scopes, p.Limited = ticketScopes, "auth.ticket_limited"
	}
	return p, err
}

func (s *Service) grants(ctx context.Context, q dbx.Querier, c caller, now clock.Instant) ([]authz.Grant, error) {
	var all []authz.Grant
	for _, source := range s.Grants {
		part, err := source(ctx, q, c.Person, now)
		if err != nil {
			return nil, err
		}
		all = slices.Concat(all, part)
	}
	return all, nil
}

// Again is the same caller anew, for a stream that outlives the look at its log-in: with the capacities in
// force now, or Unauthenticated when the session or token has ended.
func (s *Service) Again(ctx context.Context, p authz.Principal) (authz.Principal, error) {
	now := clock.Now(s.Clock)
	c, err := callerByID(ctx, s.DB, p.Session, now, now.Add(-s.Absolute), p.ByToken())
	if dbx.IsNoRow(err) {
		return authz.Principal{}, fault.New(fault.Unauthenticated, "auth.required")
	}
	if err != nil {
		return authz.Principal{}, err
	}
	fresh, err := s.principal(ctx, c, scopesOf(p), now)
	fresh.Capacity, fresh.Request = p.Capacity, p.Request
	return fresh, err
}

// scopesOf are the scopes of a token; a session has none of its own.
func scopesOf(p authz.Principal) []authz.Permission {
	if p.ByToken() {
		return p.Scopes
	}
	return nil
}

// Of is the principal of an account with the capacities in force now, for work begun by its owner that goes
// on in the background. An account that cannot be used any more is Unauthenticated.
func (s *Service) Of(ctx context.Context, account id.ID) (authz.Principal, error) {
	a, err := accountBy(ctx, s.DB, "id", account)
	if err != nil {
		return authz.Principal{}, err
	}
	if a == nil || a.State != Active {
		return authz.Principal{}, fault.New(fault.Unauthenticated, "auth.required")
	}
	return s.principal(ctx, caller{Account: a.ID, Person: a.Person, MustChange: a.MustChange}, nil, clock.Now(s.Clock))
}
