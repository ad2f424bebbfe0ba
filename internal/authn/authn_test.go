package authn_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authn"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/sms"
)

const phone = "13812345678"

var start = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// world is the service with a phone that receives its codes.
type world struct {
	*authn.Service
	db      *dbx.DB
	clock   *clock.Fake
	mu      sync.Mutex
	persons map[string]id.ID
	grants  []authz.Grant
	codes   chan string
	refuse  error
}

func newWorld(t *testing.T, db *dbx.DB) *world {
	t.Helper()
	w := &world{db: db, clock: clock.NewFake(start), persons: map[string]id.ID{}, codes: make(chan string, 10)}
	w.Service = authn.New(authn.Deps{DB: db, Clock: w.clock, Log: slog.New(slog.DiscardHandler), Persons: w, Guard: w, Index: w, SMS: w, Places: w,
		Grants: []authn.Grants{func(context.Context, dbx.Querier, id.ID, clock.Instant) ([]authz.Grant, error) { return w.grants, nil }},
		Idle:   12 * time.Hour, Absolute: 30 * 24 * time.Hour})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = w.SendCodes(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	return w
}

func (w *world) HeldAt(_ context.Context, _ dbx.Querier, g authz.Grant) (authn.Held, error) {
	return authn.Held{Name: "at " + g.Org.String()}, nil
}

func (w *world) PersonByPhone(_ context.Context, _ dbx.Querier, phone string) (id.ID, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.persons[phone], nil
}

func (w *world) EnsurePerson(_ context.Context, _ *dbx.Tx, _, phone string) (id.ID, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.persons[phone].IsZero() {
		w.persons[phone] = id.New()
	}
	return w.persons[phone], nil
}

func (w *world) IsNamed(context.Context, dbx.Querier, id.ID) (bool, error) { return true, nil }

func (w *world) Login(_ context.Context, login string, _ netip.Addr) error {
	if login == "" {
		return errors.New("a limit counts by a name")
	}
	return w.refuse
}
func (w *world) LoginSucceeded(context.Context, string, netip.Addr)    {}
func (w *world) CodeRequest(context.Context, string, netip.Addr) error { return w.refuse }
func (w *world) CodeTry(context.Context, string) error                 { return nil }
func (w *world) CodeSucceeded(context.Context, string)                 {}
func (w *world) PhoneIndex(p string) []byte                            { h := sha256.Sum256([]byte(p)); return h[:] }
func (w *world) Send(_ context.Context, m sms.Message) error           { w.codes <- m.Params["code"]; return nil }

func (w *world) code(t *testing.T) string {
	t.Helper()
	require.NoError(t, w.RequestCode(t.Context(), phone, netip.Addr{}))
	return <-w.codes
}

func (w *world) logIn(t *testing.T) (authn.LoggedIn, authz.Principal) {
	t.Helper()
	in, err := w.LogInByCode(t.Context(), phone, w.code(t), "test")
	require.NoError(t, err)
	p, err := w.caller(in.Secret)
	require.NoError(t, err)
	return in, p
}

func (w *world) caller(secret string) (authz.Principal, error) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	c := w.Cookies(secret, w.clock.Now().Add(time.Hour))
	r.AddCookie(&c[0])
	return w.Principal(r.Context(), r)
}

// Pages read the mark and never the secret; leaving takes both away.
func TestTheMarkOfALogInTellsNothingOfIt(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	until := w.clock.Now().Add(time.Hour)
	in, out := w.Cookies("secret", until), w.Cookies("", until)
	require.Len(t, in, 2)
	require.Equal(t, []bool{true, false}, []bool{in[0].HttpOnly, in[1].HttpOnly})
	require.Equal(t, []string{"secret", authn.MarkName, "1"}, []string{in[0].Value, in[1].Name, in[1].Value})
	require.Equal(t, in[0].Expires, in[1].Expires)
	require.Equal(t, []int{-1, -1}, []int{out[0].MaxAge, out[1].MaxAge})
}

func each(t *testing.T, body func(t *testing.T, w *world)) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) { body(t, newWorld(t, db)) })
}

func unauthenticated(t *testing.T, err error) {
	t.Helper()
	require.ErrorIs(t, err, fault.Unauthenticated)
}

func TestCodeLogsInOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		code := w.code(t)
		in, err := w.LogInByCode(t.Context(), phone, code, "test")
		require.NoError(t, err)
		require.Equal(t, w.persons[phone], in.Account.Person)
		_, err = w.LogInByCode(t.Context(), phone, code, "test")
		unauthenticated(t, err)
	})
}

func TestCodeUsedByFiftyAtOnceOpensOneSession(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		code := w.code(t)
		var opened atomic.Int64
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if _, err := w.LogInByCode(context.Background(), phone, code, "test"); err == nil {
					opened.Add(1)
				}
			})
		}
		wg.Wait()
		require.LessOrEqual(t, opened.Load(), int64(1))
		var n int64
		require.NoError(t, w.db.Get(t.Context(), &n, `SELECT COUNT(*) FROM login_session`))
		require.Equal(t, opened.Load(), n)
	})
}

func TestCodeIsVoidAfterFiveTries(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		code := w.code(t)
		for range 5 {
			_, err := w.LogInByCode(t.Context(), phone, "x"+code[1:], "test")
			unauthenticated(t, err)
		}
		_, err := w.LogInByCode(t.Context(), phone, code, "test")
		unauthenticated(t, err)
	})
}

func TestCodeExpiresAndIsReplaced(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first := w.code(t)
		w.clock.Advance(time.Second)
		second := w.code(t)
		if first != second {
			_, err := w.LogInByCode(t.Context(), phone, first, "test")
			unauthenticated(t, err)
		}
		w.clock.Advance(5*time.Minute + time.Millisecond)
		_, err := w.LogInByCode(t.Context(), phone, second, "test")
		unauthenticated(t, err)
	})
}

func TestPasswordAndEverythingThatIsNotIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, p := w.logIn(t)
		require.NoError(t, w.SetPassword(t.Context(), p, "", "correct 马 battery"), "after a log-in by code no old password is asked for")
		require.NoError(t, w.SetUserName(t.Context(), p, "Zhang.San"))
		for _, login := range []string{phone, "zhang.san", " ZHANG.SAN "} {
			_, err := w.LogInByPassword(t.Context(), login, "correct 马 battery", "test", netip.Addr{})
			require.NoError(t, err, login)
		}
		for login, pass := range map[string]string{phone: "wrong", "nobody": "correct 马 battery", "13900000000": "x", " \u3000": "x"} {
			_, err := w.LogInByPassword(t.Context(), login, pass, "test", netip.Addr{})
			unauthenticated(t, err)
			require.True(t, fault.Is(err, "auth.credentials"), "one answer for all")
		}
		require.NoError(t, w.SetLocked(t.Context(), authz.System("test"), p.Account, true))
		_, err := w.LogInByPassword(t.Context(), phone, "correct 马 battery", "test", netip.Addr{})
		unauthenticated(t, err)
	})
}

func TestOldPasswordIsAskedForLater(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in, p := w.logIn(t)
		require.NoError(t, w.SetPassword(t.Context(), p, "", "correct horse battery"))
		w.clock.Advance(11 * time.Minute)
		err := w.SetPassword(t.Context(), p, "", "another horse battery")
		require.ErrorIs(t, err, fault.Invalid)
		require.ErrorIs(t, w.SetPassword(t.Context(), p, "wrong", "another horse battery"), fault.Invalid)
		require.NoError(t, w.SetPassword(t.Context(), p, "correct horse battery", "another horse battery"))
		_, err = w.caller(in.Secret)
		require.NoError(t, err, "the session that changed it lives on")
	})
}

func TestNewPasswordEndsOtherSessionsAndTokens(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.grants = []authz.Grant{{ID: id.New(), Role: authz.RoleWorker, Org: id.New()}}
		other, _ := w.logIn(t)
		_, p := w.logIn(t)
		_, secret, err := w.CreateToken(t.Context(), p, idem.Key{}, "script", []authz.Permission{authz.OrderRead}, clock.Now(w.clock).Add(time.Hour))
		require.NoError(t, err)
		require.NoError(t, w.SetPassword(t.Context(), p, "", "correct horse battery"))
		_, err = w.caller(other.Secret)
		unauthenticated(t, err)
		_, err = w.bearer(secret)
		unauthenticated(t, err)
	})
}

func (w *world) bearer(secret string) (authz.Principal, error) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "Bearer "+secret)
	return w.Principal(r.Context(), r)
}

func TestWeakPasswordsAreRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, p := w.logIn(t)
		for _, weak := range []string{"short", "aaaaaaaaaaaa", "password123", "1234567890", "密码密码密码密码密码"} {
			require.ErrorIs(t, w.SetPassword(t.Context(), p, "", weak), fault.Invalid, weak)
		}
	})
}

func TestSessionsEndByIdlenessAgeAndRevocation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in, _ := w.logIn(t)
		w.clock.Advance(12*time.Hour - time.Minute)
		_, err := w.caller(in.Secret)
		require.NoError(t, err)
		w.clock.Advance(12*time.Hour - time.Minute)
		_, err = w.caller(in.Secret)
		require.NoError(t, err, "use keeps it alive")
		w.clock.Advance(12*time.Hour + time.Minute)
		_, err = w.caller(in.Secret)
		unauthenticated(t, err)

		in, p := w.logIn(t)
		list, err := w.Sessions(t.Context(), p)
		require.NoError(t, err)
		require.Len(t, list, 1)
		_, other := w.logIn(t)
		list, err = w.Sessions(t.Context(), p)
		require.NoError(t, err)
		require.Len(t, list, 2)
		for _, l := range list {
			require.Equal(t, l.ID == p.Session, l.Current, "which of them asks")
		}
		require.NoError(t, w.LogOut(t.Context(), p, other.Session))
		require.NoError(t, w.LogOut(t.Context(), p, p.Session))
		_, err = w.caller(in.Secret)
		unauthenticated(t, err)
		require.ErrorIs(t, w.LogOut(t.Context(), p, p.Session), fault.NotFound)
	})
}

func TestSecretsAreNotInTheDatabase(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in, _ := w.logIn(t)
		var hash []byte
		require.NoError(t, w.db.Get(t.Context(), &hash, `SELECT token_hash FROM login_session`))
		require.NotContains(t, string(hash), in.Secret)
		_, err := w.caller(string(hash))
		unauthenticated(t, err)
	})
}

func TestTokensAreForStaffAndLimited(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, p := w.logIn(t)
		until := clock.Now(w.clock).Add(time.Hour)
		_, _, err := w.CreateToken(t.Context(), p, idem.Key{}, "x", []authz.Permission{authz.AccountSelf}, until)
		require.ErrorIs(t, err, fault.Forbidden, "a resident")
		w.grants = []authz.Grant{{ID: id.New(), Role: authz.RoleWorker, Org: id.New()}}
		_, p = w.logIn(t)
		_, _, err = w.CreateToken(t.Context(), p, idem.Key{}, "x", []authz.Permission{authz.ReportPublish}, until)
		require.ErrorIs(t, err, fault.Invalid, "a scope the caller does not hold")
		none, err := w.Tokens(t.Context(), p)
		require.NoError(t, err)
		require.Equal(t, []authn.Token{}, none, "a list without tokens is no null")
		_, secret, err := w.CreateToken(t.Context(), p, idem.Key{}, "x", []authz.Permission{authz.OrderRead}, until)
		require.NoError(t, err)
		tp, err := w.bearer(secret)
		require.NoError(t, err)
		_, err = authz.Holds(tp, authz.OrderWork)
		require.Error(t, err, "beyond its scopes")
		_, err = authz.Holds(tp, authz.OrderRead)
		require.NoError(t, err)
		w.grants = nil
		tp, err = w.bearer(secret)
		require.NoError(t, err)
		_, err = authz.Holds(tp, authz.OrderRead)
		require.Error(t, err, "leaving the post ends the token's power at once")
		w.clock.Advance(time.Hour)
		_, err = w.bearer(secret)
		unauthenticated(t, err)
	})
}

func TestUserNamesAreUnique(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, p := w.logIn(t)
		require.NoError(t, w.SetUserName(t.Context(), p, "zhang"))
		err := w.db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
			_, err := w.Create(ctx, tx, authn.NewAccount{Person: id.New(), UserName: "ZHANG", Password: authn.NewPassword()})
			return err
		})
		require.ErrorIs(t, err, fault.Conflict)
	})
}

// A password that somebody else made opens nothing but the way to replace it.
func TestPasswordMadeByAnotherMustBeReplacedFirst(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.grants = []authz.Grant{{ID: id.New(), Role: authz.RoleWorker, Org: id.New()}}
		given := authn.NewPassword()
		require.NoError(t, w.db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
			_, err := w.Create(ctx, tx, authn.NewAccount{Person: id.New(), UserName: "worker", Password: given})
			return err
		}))
		in, err := w.LogInByPassword(t.Context(), "worker", given, "test", netip.Addr{})
		require.NoError(t, err)
		p, err := w.caller(in.Secret)
		require.NoError(t, err)
		_, err = authz.Holds(p, authz.OrderRead)
		require.True(t, fault.Is(err, "password.must_change"), err)
		_, _, err = w.CreateToken(t.Context(), p, idem.Key{}, "x", []authz.Permission{authz.AccountSelf}, clock.Now(w.clock).Add(time.Hour))
		require.ErrorIs(t, err, fault.Forbidden)
		require.NoError(t, w.SetPassword(t.Context(), p, given, "correct horse battery"))
		p, err = w.caller(in.Secret)
		require.NoError(t, err)
		_, err = authz.Holds(p, authz.OrderRead)
		require.NoError(t, err)
	})
}

func TestErasureEndsTheAccountForGood(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in, p := w.logIn(t)
		require.NoError(t, w.db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error { return w.ErasePerson(ctx, tx, p.Person) }))
		_, err := w.caller(in.Secret)
		unauthenticated(t, err)
		_, err = w.LogInByCode(t.Context(), phone, w.code(t), "test")
		unauthenticated(t, err)
	})
}

func TestGuardRefusesBeforeAnythingIsLookedAt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.refuse = fault.New(fault.RateLimited, "limited")
		_, err := w.LogInByPassword(t.Context(), phone, "x", "test", netip.Addr{})
		require.ErrorIs(t, err, fault.RateLimited)
		require.ErrorIs(t, w.RequestCode(t.Context(), phone, netip.Addr{}), fault.RateLimited)
	})
}

func TestMonthlyBudgetOfTextMessages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		var sent atomic.Int64
		port := &sms.Port{DB: db, Clock: clock.NewFake(start), Sender: senderFunc(func(sms.Message) error { sent.Add(1); return nil }), CapFen: 100, PriceFen: 5}
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				err := port.Send(context.Background(), sms.Message{ID: id.New(), Phone: phone, Kind: sms.LoginCode, Params: map[string]string{"code": "1"}})
				if err != nil && !errors.Is(err, fault.RateLimited) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 20, sent.Load(), "100 fen at 5 fen each")
		fen, n, err := port.Spent(t.Context(), "2026-11")
		require.NoError(t, err)
		require.EqualValues(t, 100, fen)
		require.EqualValues(t, 20, n)
	})
}

type senderFunc func(sms.Message) error

func (f senderFunc) Send(_ context.Context, m sms.Message) error { return f(m) }
