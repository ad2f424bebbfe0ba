package system_test

import (
	"context"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/ratelimit"
	"github.com/redproperty/redproperty/internal/system"
)

// world is the service with an operator, on a real database.
type world struct {
	*system.Service
	t        *testing.T
	db       *dbx.DB
	clock    *clock.Fake
	operator authz.Principal
	account  string
}

func newWorld(t *testing.T, db *dbx.DB) *world {
	file, err := os.ReadFile("../../configs/ratelimits.yaml")
	require.NoError(t, err)
	defaults, err := ratelimit.ParseDefaults(file)
	require.NoError(t, err)
	clk := clock.NewFake(time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC))
	overrides := ratelimit.NewOverrides(ratelimit.OverridesConfig{Source: ratelimit.NewStore(db), Clock: clk})
	build, err := ratelimit.NewBuilder(ratelimit.BuilderConfig{Defaults: defaults, Overrides: overrides, Key: []byte("a key of thirty-two bytes or more")})
	require.NoError(t, err)
	runner := job.NewRunner(db, clk, slog.New(slog.DiscardHandler))
	s := system.New(system.Deps{DB: db, Clock: clk, Runner: runner, Defaults: defaults, Builder: build, Overrides: overrides})
	return &world{s, t, db, clk, authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{{ID: id.New(), Role: authz.RoleOperator, Org: id.New()}}}, id.New().String()}
}

func (w *world) setting(burst int64) system.Setting {
	return system.Setting{Limit: ratelimit.WritesPerAccount.String(), Subject: []string{w.account}, Burst: burst, Count: burst, Period: time.Minute, Comment: "演练", Enabled: true}
}

func (w *world) list() []ratelimit.StoredOverride {
	w.t.Helper()
	list, err := w.List(w.t.Context(), w.operator)
	require.NoError(w.t, err)
	return list
}

func (w *world) recorded(action string) (n int) {
	w.t.Helper()
	require.NoError(w.t, w.db.Get(w.t.Context(), &n, `SELECT COUNT(*) FROM audit_record WHERE action = ? AND detail NOT LIKE ?`, action, "%"+w.account+"%"))
	return n
}

// An exception is made, changed and removed by the version seen; each is in the trail, without whom it is for.
func TestExceptionsToLimits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w, ctx := newWorld(t, db), context.Background()
		require.Empty(t, w.list())
		require.NoError(t, w.Add(ctx, w.operator, w.setting(500)))
		require.Error(t, w.Add(ctx, w.operator, w.setting(500)), "there is one for it already")
		made := w.list()
		require.Len(t, made, 1)
		require.EqualValues(t, 500, made[0].Limit.Burst)
		require.Equal(t, w.operator.Account, made[0].Author)

		require.NoError(t, w.Change(ctx, w.operator, w.setting(700), made[0].Version))
		require.EqualValues(t, 700, w.list()[0].Limit.Burst)
		require.Equal(t, fault.Stale, fault.Of(w.Change(ctx, w.operator, w.setting(900), made[0].Version)).Kind)
		require.Equal(t, fault.Stale, fault.Of(w.Remove(ctx, w.operator, w.setting(0).Limit, made[0].Key, made[0].Version)).Kind)
		require.EqualValues(t, 700, w.list()[0].Limit.Burst)

		require.NoError(t, w.Remove(ctx, w.operator, w.setting(0).Limit, made[0].Key, w.list()[0].Version))
		require.Empty(t, w.list())
		for _, action := range []string{"limit.override", "limit.change", "limit.remove"} {
			require.Equal(t, 1, w.recorded(action), action)
		}
	})
}

func TestWhatIsNoException(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	field := func(want string, change func(*system.Setting)) {
		t.Helper()
		set := w.setting(10)
		change(&set)
		err := w.Add(t.Context(), w.operator, set)
		require.Error(t, err, want)
		f := fault.Of(err)
		require.Equal(t, fault.Invalid, f.Kind, want)
		if want != "" {
			require.Equal(t, want, f.Fields[0].Code)
		}
	}
	field("system.limit_unknown", func(s *system.Setting) { s.Limit = "no_such" })
	field("system.limit_subject", func(s *system.Setting) { s.Subject = nil })
	field("system.limit_subject", func(s *system.Setting) { s.Subject = []string{w.account, "more"} })
	field("", func(s *system.Setting) { s.Burst = 0 })
	field("", func(s *system.Setting) { s.Period = 0 })
	require.Equal(t, fault.NotFound, fault.Of(w.Remove(t.Context(), w.operator, "no_such", "x", 1)).Kind)
	require.Empty(t, w.list())
}

// Everybody else is refused before anything is looked at.
func TestTheOperatorAlone(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	refused := func(err error, role authz.Role) {
		t.Helper()
		require.Error(t, err, role)
		require.Contains(t, []fault.Kind{fault.Forbidden, fault.NotFound}, fault.Of(err).Kind, role)
		require.Empty(t, fault.Of(err).Fields, role)
	}
	for _, role := range authz.Roles() {
		if role == authz.RoleOperator || role == authz.RoleSystem {
			continue
		}
		p := authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{{ID: id.New(), Role: role, Org: id.New(), Path: "/"}}}
		_, err := w.List(t.Context(), p)
		refused(err, role)
		_, err = w.Jobs(p)
		refused(err, role)
		refused(w.Add(t.Context(), p, system.Setting{Limit: "no_such"}), role)
		refused(w.Change(t.Context(), p, system.Setting{Limit: "no_such"}, 1), role)
		refused(w.Remove(t.Context(), p, "no_such", "", 1), role)
	}
}

// The operator sees how each job of this process does.
func TestJobs(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	list, err := w.Jobs(w.operator)
	require.NoError(t, err)
	require.Empty(t, list)
	_, err = w.Runner.Once(t.Context(), job.Job{Name: "test.job", Every: time.Minute, Do: func(context.Context, job.Lease) (bool, error) { return false, nil }})
	require.NoError(t, err)
}
