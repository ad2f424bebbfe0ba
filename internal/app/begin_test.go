package app_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/app"
	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
)

const ninghai = "370612001000"

// divisions brings 牟平区 in, as the first step of an installation does.
func divisions(t *testing.T, a *app.App) {
	t.Helper()
	data, err := configs.Divisions.ReadFile("divisions/muping_370612.csv")
	require.NoError(t, err)
	_, err = area.NewImporter(a.Areas).ImportDivisions(t.Context(), authz.System("test"), area.ImportInput{Name: "divisions.csv", Data: data}, func(int, int) {})
	require.NoError(t, err)
}

func rows(t *testing.T, a *app.App, query string, args ...any) (n int64) {
	t.Helper()
	require.NoError(t, a.DB.Get(t.Context(), &n, query, args...))
	return n
}

// An installation is begun from the command line: the operator, then the first officer of a street, whose
// office is entered with the first and found by the second.
func TestFirstAccountsOfAnInstallation(t *testing.T) {
	a := opened(t)
	_, err := a.CreateAdmin(t.Context(), app.Administrator{UserName: "early", Name: "张三", Phone: "13900000001", Street: ninghai})
	require.ErrorContains(t, err, "import divisions", "says what is to be done first")
	divisions(t, a)
	for _, n := range []app.Administrator{
		{UserName: "root", Name: "张三", Phone: "13900000001"},
		{UserName: "ninghai", Name: "李四", Phone: "13900000002", Street: ninghai},
		{UserName: "ninghai2", Name: "王五", Phone: "13900000003", Street: ninghai},
	} {
		password, err := a.CreateAdmin(t.Context(), n)
		require.NoError(t, err, n.UserName)
		require.Len(t, password, 19)
	}
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM organisation WHERE kind = 'street_office'`))
	require.EqualValues(t, 2, rows(t, a, `SELECT COUNT(*) FROM post WHERE role = 'street_office'`))
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM post WHERE role = 'operator'`))
	require.EqualValues(t, 3, rows(t, a, `SELECT COUNT(*) FROM account WHERE must_change = 1`))
	_, err = a.CreateAdmin(t.Context(), app.Administrator{UserName: "ROOT", Name: "赵六", Phone: "13900000004"})
	require.Error(t, err, "the user name is taken")
}

// A demonstration that was cut off goes on where it stopped, and a finished one is left alone.
func TestDemonstrationIsMadeOnce(t *testing.T) {
	a := opened(t)
	divisions(t, a) // as far as the first start came
	first, err := a.Demonstrate(t.Context())
	require.NoError(t, err)
	second, err := a.Demonstrate(t.Context())
	require.NoError(t, err)
	require.Equal(t, first, second)
	require.EqualValues(t, 13, rows(t, a, `SELECT COUNT(*) FROM area WHERE kind = 'street'`))
	require.EqualValues(t, 584, rows(t, a, `SELECT COUNT(*) FROM area WHERE kind = 'community'`))
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM area WHERE kind = 'estate'`))
	require.EqualValues(t, 72, rows(t, a, `SELECT COUNT(*) FROM unit`))
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM contract WHERE state = 'in_force'`))
	require.EqualValues(t, len(first.Rows), rows(t, a, `SELECT COUNT(*) FROM account`))
	var out bytes.Buffer
	require.NoError(t, first.Print(&out))
	for _, r := range first.Rows {
		require.Contains(t, out.String(), r.Password)
	}
	require.Equal(t, "宁海花园一期 1号楼 1单元 101", capacityOf(t, a, first, "owner"))
	require.Equal(t, "宁海街道办事处", capacityOf(t, a, first, "street-office"))
}

// capacityOf logs in and reads where the account's first capacity is held.
func capacityOf(t *testing.T, a *app.App, l app.Accounts, userName string) string {
	t.Helper()
	i := slices.IndexFunc(l.Rows, func(r app.DemoAccount) bool { return r.UserName == userName })
	c := &caller{t: t, serve: a.API}
	cookie, err := http.ParseSetCookie(c.do("POST", "/auth/sessions", form{"login": userName, "password": l.Rows[i].Password}).want(201).header.Get("Set-Cookie"))
	require.NoError(t, err)
	c.cookie = cookie
	return c.get("/account").text("capacities.0.name")
}

// A database that real people use is left as it is.
func TestDemonstrationRefusesARealDatabase(t *testing.T) {
	a := opened(t)
	divisions(t, a)
	_, err := a.CreateAdmin(t.Context(), app.Administrator{UserName: "operator", Name: "张三", Phone: "13900000001"})
	require.NoError(t, err)
	before := rows(t, a, `SELECT COUNT(*) FROM audit_record`)
	_, err = a.Demonstrate(t.Context())
	require.ErrorIs(t, err, app.ErrNotDemonstration)
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM account`))
	require.Equal(t, before, rows(t, a, `SELECT COUNT(*) FROM audit_record`))
}

// A demonstration stopped between any two steps is finished by the next start.
func TestDemonstrationGoesOnAfterAStop(t *testing.T) {
	for name, stop := range map[string]struct {
		table string
		rows  int64
	}{
		"organisations": {"organisation", 4}, "posts": {"post", 3}, "accounts": {"account", 6}, "residents": {"account", 10}, "households": {"household_member", 1},
	} {
		t.Run(name, func(t *testing.T) {
			a := opened(t)
			stopAt(t, a, stop.table, stop.rows)
			l, err := a.Demonstrate(t.Context())
			require.NoError(t, err)
			require.EqualValues(t, len(l.Rows), rows(t, a, `SELECT COUNT(*) FROM account`))
			require.EqualValues(t, 72, rows(t, a, `SELECT COUNT(*) FROM unit`))
			require.EqualValues(t, 10, rows(t, a, `SELECT COUNT(*) FROM organisation`))
			require.EqualValues(t, 4, rows(t, a, `SELECT COUNT(*) FROM household_member WHERE to_at IS NULL`), "the residents with log-ins, and whom the developer sends")
		})
	}
}

// stopAt ends a demonstration with the transaction that would write more than n rows of table.
func stopAt(t *testing.T, a *app.App, table string, n int64) {
	t.Helper()
	statement := func(s string) {
		t.Helper()
		require.NoError(t, a.DB.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
			_, err := tx.Exec(ctx, s)
			return err
		}))
	}
	statement(fmt.Sprintf("CREATE TRIGGER stopped BEFORE INSERT ON %s WHEN (SELECT COUNT(*) FROM %s) >= %d BEGIN SELECT RAISE(ABORT, 'stopped here'); END", table, table, n))
	_, err := a.Demonstrate(t.Context())
	require.ErrorContains(t, err, "stopped here")
	statement("DROP TRIGGER stopped")
}

// A resident may report ten times an hour; forms that were refused do not count.
func TestHourlyLimitCountsReportsNotMistakes(t *testing.T) {
	a := opened(t)
	l, err := a.Demonstrate(t.Context())
	require.NoError(t, err)
	i := slices.IndexFunc(l.Rows, func(r app.DemoAccount) bool { return r.UserName == "owner" })
	owner := &caller{t: t, serve: a.API}
	in := owner.do(http.MethodPost, "/auth/sessions", form{"login": "owner", "password": l.Rows[i].Password}).want(201)
	owner.cookie, err = http.ParseSetCookie(in.header.Get("Set-Cookie"))
	require.NoError(t, err)
	unit := owner.do(http.MethodGet, "/account", nil).want(200).text("capacities.0.unit")
	report := func(category string) answer {
		return owner.do(http.MethodPost, "/work-orders", form{"category": category, "where": form{"unitId": unit}, "title": "水龙头漏水", "description": "一直滴水"})
	}
	for range 15 {
		report("no.such_category").want(400)
	}
	for range 10 {
		report("water.home_plumbing").want(201)
	}
	refused := report("water.home_plumbing").want(429)
	require.NotEmpty(t, refused.header.Get("Retry-After"))
	require.Equal(t, "0", refused.header.Get("RateLimit-Remaining"))
	require.EqualValues(t, 10, rows(t, a, `SELECT COUNT(*) FROM work_order`))
}

func TestVerifyAuditFailsWhereSomethingWasAltered(t *testing.T) {
	a := opened(t)
	divisions(t, a)
	var out bytes.Buffer
	require.NoError(t, a.VerifyAudit(t.Context(), &out, nil))
	require.Contains(t, out.String(), "not sealed yet", "the tail is told")
	require.NoError(t, a.DB.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE audit_record SET seq = 0 WHERE id = (SELECT MIN(id) FROM audit_record)`)
		return err
	}))
	out.Reset()
	require.ErrorIs(t, a.VerifyAudit(t.Context(), &out, nil), app.ErrTampered)
	require.True(t, strings.HasPrefix(out.String(), "PROBLEM: entry 0"), out.String())
}
