package authn

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/text"
)

// own is the caller's account; every use case below is about it alone.
func (s *Service) own(ctx context.Context, p authz.Principal) (*Account, authz.Actor, error) {
	actor, err := authz.Act(p, authz.AccountSelf, authz.Object{Persons: []id.ID{p.Person}})
	if err != nil {
		return nil, actor, err
	}
	a, err := accountBy(ctx, s.DB, "id", p.Account)
	if err == nil && a == nil {
		err = fault.New(fault.NotFound, "not_found")
	}
	return a, actor, err
}

// Self returns the caller's account.
func (s *Service) Self(ctx context.Context, p authz.Principal) (Account, error) {
	a, _, err := s.own(ctx, p)
	if err != nil {
		return Account{}, err
	}
	return *a, nil
}

// KnownByName tells whether the platform knows a name of the caller.
func (s *Service) KnownByName(ctx context.Context, p authz.Principal) (bool, error) {
	return s.Persons.IsNamed(ctx, s.DB, p.Person)
}

// CapacitiesHeld says for each of the caller's capacities where it is held, in their order.
func (s *Service) CapacitiesHeld(ctx context.Context, p authz.Principal) ([]Held, error) {
	held := make([]Held, len(p.Grants))
	for i, g := range p.Grants {
		at, err := s.Places.HeldAt(ctx, s.DB, g)
		if err != nil {
			return nil, err
		}
		held[i] = at
	}
	return held, nil
}

// SetPassword sets the caller's password. The current one is asked for unless the session began by a
// one-time code within the last ten minutes, which is how a forgotten password is replaced. All other
// sessions and all tokens end.
func (s *Service) SetPassword(ctx context.Context, p authz.Principal, old, new string) error {
	a, actor, err := s.own(ctx, p)
	if err != nil {
		return err
	}
	if err := checkPassword("body.new", new, a.UserName); err != nil {
		return err
	}
	if err := s.provePassword(ctx, p, a, old); err != nil {
		return err
	}
	hash, err := s.hasher.make(ctx, new)
	if err != nil {
		return err
	}
	now := clock.Now(s.Clock)
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := stale(updatePassword(ctx, tx, a.ID, hash, false, a.Version)); err != nil {
			return err
		}
		if err := revokeSessions(ctx, tx, a.ID, p.Session, now); err != nil {
			return err
		}
		if err := revokeTokens(ctx, tx, a.ID, now); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, entry(actor, "account.password", a.ID, nil))
	})
}

const recent = 10 * time.Minute

func (s *Service) provePassword(ctx context.Context, p authz.Principal, a *Account, old string) error {
	if old == "" {
		how, at, err := sessionOrigin(ctx, s.DB, p.Session, a.ID)
		if err != nil {
			return err
		}
		if how == "code" && clock.Now(s.Clock).Sub(at) <= recent {
			return nil
		}
		return fault.InvalidField("body.current", "password.current")
	}
	ok, err := s.hasher.verify(ctx, a.PasswordHash, old)
	if err == nil && !ok {
		err = fault.InvalidField("body.current", "password.current")
	}
	return err
}

var userName = regexp.MustCompile(`^[a-z][a-z0-9._-]{2,39}$`)

// SetUserName gives the caller's account a name to log in with, unique without regard to case.
func (s *Service) SetUserName(ctx context.Context, p authz.Principal, name string) error {
	name = strings.ToLower(strings.TrimSpace(name))
	if !userName.MatchString(name) {
		return fault.InvalidField("body.userName", "account.user_name")
	}
	a, actor, err := s.own(ctx, p)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		err := updateUserName(ctx, tx, a.ID, name, a.Version)
		if dbx.IsDuplicate(err) {
			return fault.New(fault.Conflict, "account.user_name_taken")
		}
		if err := stale(err); err != nil {
			return err
		}
		return audit.Record(ctx, tx, clock.Now(s.Clock), entry(actor, "account.user_name", a.ID, nil))
	})
}

// NewAccount is an account made for somebody by a command.
type NewAccount struct {
	Person   id.ID
	UserName string
	Password string // told to the person once
	Keep     bool   // the password need not be changed at the first log-in (demonstration accounts)
}

// Create makes an account within a transaction of a command. A taken user name, or a person who has an
// account already, is a Conflict.
func (s *Service) Create(ctx context.Context, tx *dbx.Tx, n NewAccount) (Account, error) {
	name := strings.ToLower(n.UserName)
	if !userName.MatchString(name) {
		return Account{}, fault.InvalidField("userName", "account.user_name")
	}
	a := Account{ID: id.New(), Person: n.Person, UserName: &name, MustChange: !n.Keep, State: Active, CreatedAt: clock.Now(s.Clock), Version: 1}
	hash := hash(n.Password, current)
	a.PasswordHash = &hash
	err := insertAccount(ctx, tx, a)
	if dbx.IsDuplicate(err) {
		return a, fault.New(fault.Conflict, "account.user_name_taken")
	}
	return a, err
}

// Sessions lists the caller's log-ins and says which one asks.
func (s *Service) Sessions(ctx context.Context, p authz.Principal) ([]Session, error) {
	a, _, err := s.own(ctx, p)
	if err != nil {
		return nil, err
	}
	now := clock.Now(s.Clock)
	list, err := sessionsOf(ctx, s.DB, a.ID, now, now.Add(-s.Idle))
	for i := range list {
		list[i].Current = list[i].ID == p.Session
	}
	return list, err
}

// LogOut ends one of the caller's sessions.
func (s *Service) LogOut(ctx context.Context, p authz.Principal, session id.ID) error {
	return s.revoke(ctx, p, "account.logout", session, revokeSession)
}

// LogOutOthers ends all of the caller's sessions but the one that asks.
func (s *Service) LogOutOthers(ctx context.Context, p authz.Principal) error {
	return s.revoke(ctx, p, "account.logout_others", p.Session, revokeSessions)
}

func (s *Service) revoke(ctx context.Context, p authz.Principal, action string, what id.ID,
	do func(context.Context, *dbx.Tx, id.ID, id.ID, clock.Instant) error) error {
	a, actor, err := s.own(ctx, p)
	if err != nil {
		return err
	}
	now := clock.Now(s.Clock)
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		err := do(ctx, tx, a.ID, what, now)
		if errors.Is(err, dbx.ErrNoMatch) {
			return fault.New(fault.NotFound, "not_found")
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, entry(actor, action, a.ID, map[string]string{"id": what.String()}))
	})
}

// tokenLife is the longest that a token may live.
const tokenLife = 366 * 24 * time.Hour

// CreateToken makes an API token for a member of staff; the text is told once. Its scopes must be
// permissions that the caller has now; it cannot be made with another token.
func (s *Service) CreateToken(ctx context.Context, p authz.Principal, once idem.Key, name string, scopes []authz.Permission, until clock.Instant) (Token, string, error) {
	a, actor, err := s.own(ctx, p)
	if err != nil {
		return Token{}, "", err
	}
	now := clock.Now(s.Clock)
	t := Token{ID: id.New(), Account: a.ID, Scopes: slices.Compact(slices.Sorted(slices.Values(scopes))), CreatedAt: now, ExpiresAt: until}
	if t.Name, err = text.Line("body.name", name, 1, 60); err != nil {
		return t, "", err
	}
	if err := checkToken(p, t, now); err != nil {
		return t, "", err
	}
	sec := newSecret("rp_")
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, t.ID); err != nil || again {
			return errors.Join(err, repeated(again))
		}
		if err := insertToken(ctx, tx, t, sec.hash); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, entry(actor, "account.token", a.ID, map[string]any{"token": t.ID, "scopes": t.Scopes}))
	})
	return t, sec.text, err
}

// repeated refuses a repetition of a call whose answer, a secret, is not kept.
func repeated(again bool) error {
	if !again {
		return nil
	}
	return fault.New(fault.Conflict, "account.token_told")
}

func checkToken(p authz.Principal, t Token, now clock.Instant) error {
	var wrong fault.Collect
	if p.Limited != "" {
		return fault.New(fault.Forbidden, p.Limited)
	}
	if p.ByToken() {
		return fault.New(fault.Forbidden, "account.token_by_token")
	}
	if len(p.Grants) == 0 || !slices.ContainsFunc(p.Grants, func(g authz.Grant) bool { return !g.Org.IsZero() }) {
		return fault.New(fault.Forbidden, "account.token_staff")
	}
	if t.ExpiresAt <= now || t.ExpiresAt.Sub(now) > tokenLife {
		wrong.Add("body.expiresAt", "account.token_expiry")
	}
	if len(t.Scopes) == 0 {
		wrong.Add("body.scopes", "field.required")
	}
	for _, sc := range t.Scopes {
		if _, err := authz.Holds(p, sc); err != nil || len(t.Scopes.text()) > 2000 {
			wrong.Add("body.scopes", "account.token_scope")
			break
		}
	}
	return wrong.Err()
}

// Tokens lists the caller's API tokens.
func (s *Service) Tokens(ctx context.Context, p authz.Principal) ([]Token, error) {
	a, _, err := s.own(ctx, p)
	if err != nil {
		return nil, err
	}
	return tokensOf(ctx, s.DB, a.ID, clock.Now(s.Clock))
}

// RevokeToken ends one of the caller's tokens.
func (s *Service) RevokeToken(ctx context.Context, p authz.Principal, token id.ID) error {
	return s.revoke(ctx, p, "account.token_revoke", token, revokeToken)
}

// ErasePerson ends the person's account for good, within the transaction that erases the person.
func (s *Service) ErasePerson(ctx context.Context, tx *dbx.Tx, person id.ID) error {
	a, err := accountBy(ctx, tx, "person_id", person)
	if err != nil || a == nil {
		return err
	}
	now := clock.Now(s.Clock)
	if err := revokeSessions(ctx, tx, a.ID, id.Nil, now); err != nil {
		return err
	}
	if err := revokeTokens(ctx, tx, a.ID, now); err != nil {
		return err
	}
	return eraseAccount(ctx, tx, a.ID)
}

// ExportPerson is what authn holds about a person, for the person's own export.
func (s *Service) ExportPerson(ctx context.Context, q dbx.Querier, person id.ID) (any, error) {
	a, err := accountBy(ctx, q, "person_id", person)
	if err != nil || a == nil {
		return nil, err
	}
	now := clock.Now(s.Clock)
	sessions, err := sessionsOf(ctx, q, a.ID, now, now.Add(-s.Idle))
	if err != nil {
		return nil, err
	}
	tokens, err := tokensOf(ctx, q, a.ID, now)
	return map[string]any{"userName": a.UserName, "createdAt": a.CreatedAt, "sessions": sessions, "tokens": tokens}, err
}

// Sweep forgets codes and sessions whose time of keeping is over.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.Clock.Now()
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		return sweep(ctx, tx, personal.Cutoff(personal.LoginCodePhone, now), personal.Cutoff(personal.SessionDevice, now))
	})
}

func stale(err error) error {
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Stale, "version.stale")
	}
	return err
}

func entry(actor authz.Actor, action string, account id.ID, detail any) audit.Entry {
	return audit.Entry{Actor: actor, Action: action, ObjectKind: "account", ObjectID: account, Detail: detail}
}

// Any tells whether there is any account at all. For commands.
func (s *Service) Any(ctx context.Context) (bool, error) {
	return anyAccount(ctx, s.DB)
}

// Named is the principal of the account with a user name, with the capacities in force now, for commands.
func (s *Service) Named(ctx context.Context, userName string) (authz.Principal, error) {
	a, err := accountBy(ctx, s.DB, "user_name", strings.ToLower(userName))
	if err != nil {
		return authz.Principal{}, err
	}
	if a == nil {
		return authz.Principal{}, fault.New(fault.NotFound, "not_found")
	}
	return s.Of(ctx, a.ID)
}

// Exists tells whether an account has this user name, for commands.
func (s *Service) Exists(ctx context.Context, userName string) (bool, error) {
	a, err := accountBy(ctx, s.DB, "user_name", strings.ToLower(userName))
	return a != nil, err
}
