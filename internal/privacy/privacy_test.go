package privacy_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/app"
	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/config"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/workorder"
)

// world is the demonstration.
type world struct {
	*app.App
	t *testing.T
}

func each(t *testing.T, body func(w *world)) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		dir := t.TempDir()
		cfg, err := config.Load("", []string{"REDPROPERTY_DATABASE__URL=" + url, "REDPROPERTY_BLOB__DIR=" + filepath.Join(dir, "attachments"), "REDPROPERTY_KEYS__FILE=" + filepath.Join(dir, "keys")})
		require.NoError(t, err)
		a, err := app.New(t.Context(), cfg, slog.New(slog.DiscardHandler), "test")
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, a.Close()) })
		_, err = a.Demonstrate(t.Context())
		require.NoError(t, err)
		body(&world{a, t})
	})
}

func (w *world) as(name string) authz.Principal {
	w.t.Helper()
	var row struct {
		ID     id.ID `db:"id"`
		Person id.ID `db:"person_id"`
	}
	require.NoError(w.t, w.DB.Get(w.t.Context(), &row, `SELECT id, person_id FROM account WHERE user_name = ?`, name))
	p := authz.Principal{Account: row.ID, Person: row.Person}
	for _, grants := range []func(context.Context, dbx.Querier, id.ID, clock.Instant) ([]authz.Grant, error){w.Orgs.Grants, w.Members.Grants} {
		found, err := grants(w.t.Context(), w.DB, p.Person, clock.Now(w.Clock))
		require.NoError(w.t, err)
		p.Grants = append(p.Grants, found...)
	}
	return p
}

func (w *world) count(query string, args ...any) (n int) {
	w.t.Helper()
	require.NoError(w.t, w.DB.Get(w.t.Context(), &n, query, args...))
	return n
}

func TestEverythingHeldAboutMe(t *testing.T) {
	each(t, func(w *world) {
		owner := w.as("owner")
		before := w.count(`SELECT COUNT(*) FROM audit_record WHERE action = 'privacy.export'`)
		data, err := w.Privacy.Export(w.t.Context(), owner)
		require.NoError(w.t, err)
		for _, part := range []string{"account", "person", "household", "workOrders", "surveys", "notices", "roll", "consents", "reads", "exportedAt"} {
			require.Contains(w.t, data, part)
		}
		require.Equal(w.t, before+1, w.count(`SELECT COUNT(*) FROM audit_record WHERE action = 'privacy.export'`))
		_, err = w.Privacy.Export(w.t.Context(), authz.Principal{})
		require.ErrorIs(w.t, err, fault.Unauthenticated)
	})
}

// What told who somebody was is gone; what happened stays.
func TestErasure(t *testing.T) {
	each(t, func(w *world) {
		owner := w.as("owner")
		unit := owner.Grants[0].Unit
		_, err := w.Orders.Report(w.t.Context(), owner, idem.Key{}, workorder.Report{Where: workorder.Where{UnitID: &unit}, Category: "water.home_plumbing", Title: "漏水", ContactName: "沈女士", ContactPhone: "19900000011"})
		require.NoError(w.t, err)
		require.Equal(w.t, 1, w.count(`SELECT COUNT(*) FROM work_order_identity WHERE phone_sealed IS NOT NULL`))
		records := w.count(`SELECT COUNT(*) FROM audit_record`)

		err = w.Privacy.Erase(w.t.Context(), owner, "erase")
		require.ErrorIs(w.t, err, fault.Invalid)
		require.Equal(w.t, 1, w.count(`SELECT COUNT(*) FROM person WHERE id = ? AND name_sealed IS NOT NULL`, owner.Person), "only after the word")
		require.NoError(w.t, w.Privacy.Erase(w.t.Context(), owner, "ERASE"))

		require.Equal(w.t, 1, w.count(`SELECT COUNT(*) FROM person WHERE id = ? AND erased_at IS NOT NULL AND name_sealed IS NULL AND name_index IS NULL AND phone_sealed IS NULL AND phone_index IS NULL`, owner.Person))
		require.Zero(w.t, w.count(`SELECT COUNT(*) FROM account WHERE person_id = ? AND user_name IS NOT NULL`, owner.Person))
		require.Zero(w.t, w.count(`SELECT COUNT(*) FROM household_member WHERE person_id = ? AND (to_at IS NULL OR note_sealed IS NOT NULL)`, owner.Person))
		require.Zero(w.t, w.count(`SELECT COUNT(*) FROM work_order_identity WHERE name_sealed IS NOT NULL OR phone_sealed IS NOT NULL`))
		require.Zero(w.t, w.count(`SELECT COUNT(*) FROM owner WHERE person_id = ? AND (phone_sealed IS NOT NULL OR phone_index IS NOT NULL)`, owner.Person))
		require.Equal(w.t, 1, w.count(`SELECT COUNT(*) FROM work_order`), "the order stays")
		require.Greater(w.t, w.count(`SELECT COUNT(*) FROM audit_record`), records)
	})
}

// Whoever never gave a consent has a list of none: a client needs no second case for it.
func TestNoConsentIsAnEmptyList(t *testing.T) {
	each(t, func(w *world) {
		list, err := w.Privacy.Own(w.t.Context(), w.as("neighbour"))
		require.NoError(w.t, err)
		body, err := json.Marshal(list)
		require.NoError(w.t, err)
		require.JSONEq(w.t, "[]", string(body))
		data, err := w.Privacy.Export(w.t.Context(), w.as("neighbour"))
		require.NoError(w.t, err)
		body, err = json.Marshal(data["consents"])
		require.NoError(w.t, err)
		require.JSONEq(w.t, "[]", string(body))
	})
}

// No column of the whole inventory still opens to what the person was called, but where the law keeps it (the roll of
// owners), and the log of what happened verifies as before.
func TestErasureLeavesNothingOfTheInventory(t *testing.T) {
	each(t, func(w *world) {
		owner, ctx := w.as("owner"), w.t.Context()
		unit := owner.Grants[0].Unit
		_, err := w.Orders.Report(ctx, owner, idem.Key{}, workorder.Report{Where: workorder.Where{UnitID: &unit}, Category: "water.home_plumbing",
			Title: "漏水", Description: "请打 19900000011", ContactName: "沈女士", ContactPhone: "19900000011"})
		require.NoError(w.t, err)
		require.NotEmpty(w.t, w.telling("沈女士", "19900000011"), "before, the search finds it")
		require.NoError(w.t, w.Privacy.Erase(ctx, owner, "ERASE"))
		require.Subset(w.t, []string{"owner.name_sealed"}, w.telling("沈女士", "19900000011"))

		l, err := job.Acquire(ctx, w.DB, "audit.test", id.New(), clock.Now(w.Clock), time.Minute)
		require.NoError(w.t, err)
		_, err = (&audit.Sealer{DB: w.DB, Ledger: w.Ledger}).Do(ctx, l)
		require.NoError(w.t, err)
		v, err := audit.Verify(ctx, w.DB, w.Ledger)
		require.NoError(w.t, err)
		require.Empty(w.t, v.Problems)
	})
}

// telling lists the columns of the inventory in which a row says one of the words, opened where it is sealed.
func (w *world) telling(words ...string) (out []string) {
	w.t.Helper()
	for _, e := range personal.Inventory {
		for _, text := range w.texts(e) {
			if slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) }) {
				out = append(out, e.Table+"."+e.Plain+e.Sealed)
				break
			}
		}
	}
	return out
}

// texts reads a column of the inventory, opened where it is sealed.
func (w *world) texts(e personal.Entry) (out []string) {
	w.t.Helper()
	if e.Sealed == "" {
		require.NoError(w.t, w.DB.Select(w.t.Context(), &out, `SELECT `+e.Plain+` FROM `+e.Table+` WHERE `+e.Plain+` IS NOT NULL`))
		return out
	}
	var rows []struct {
		ID     id.ID  `db:"id"`
		Sealed []byte `db:"sealed"`
	}
	require.NoError(w.t, w.DB.Select(w.t.Context(), &rows, `SELECT id, `+e.Sealed+` AS sealed FROM `+e.Table+` WHERE `+e.Sealed+` IS NOT NULL`))
	for _, r := range rows {
		text, err := w.Vault.Open(e.Field, r.ID, r.Sealed)
		require.NoError(w.t, err, e.Field)
		out = append(out, text)
	}
	return out
}

// A public function needs a name until it ends. The refusal leaves everything as it was, in every part.
func TestWhoHoldsAPostIsNotErased(t *testing.T) {
	each(t, func(w *world) {
		manager := w.as("manager")
		err := w.Privacy.Erase(w.t.Context(), manager, "ERASE")
		require.Equal(w.t, "org.posts_held", fault.Of(err).Code)
		require.Equal(w.t, manager, w.as("manager"), "account, name and posts")
		require.Equal(w.t, 1, w.count(`SELECT COUNT(*) FROM person WHERE id = ? AND name_sealed IS NOT NULL AND erased_at IS NULL`, manager.Person))
		require.Zero(w.t, w.count(`SELECT COUNT(*) FROM audit_record WHERE action = 'privacy.erase'`))
	})
}
