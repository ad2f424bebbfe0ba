package privacy_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/app"
	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/config"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/membership"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/platform"
	"github.com/redproperty/redproperty/internal/workorder"
)

const day = 24 * time.Hour

// later is the demonstration on a clock that is moved forward, as a timekeeper of what is kept how long.
type later struct {
	*world
	clock *clock.Fake
	start time.Time
}

func eachLater(t *testing.T, body func(w *later)) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		dir := t.TempDir()
		cfg, err := config.Load("", []string{"REDPROPERTY_DATABASE__URL=" + url, "REDPROPERTY_BLOB__DIR=" + filepath.Join(dir, "attachments"), "REDPROPERTY_KEYS__FILE=" + filepath.Join(dir, "keys")})
		require.NoError(t, err)
		start := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
		fake := clock.NewFake(start)
		a, err := app.NewAt(t.Context(), cfg, slog.New(slog.DiscardHandler), "test", fake)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, a.Close()) })
		_, err = a.Demonstrate(t.Context())
		require.NoError(t, err)
		body(&later{&world{a, t}, fake, start})
	})
}

// after moves the clock to so long after the start and lets everything that forgets do its work.
func (w *later) after(d time.Duration) {
	w.t.Helper()
	w.clock.Advance(w.start.Add(d).Sub(w.clock.Now()))
	for name, do := range map[string]job.Work{"privacy.expire": w.Privacy.Expire, "workorder.forget": w.Orders.Forget} {
		l, err := job.Acquire(w.t.Context(), w.DB, name, id.New(), clock.Now(w.clock), time.Minute)
		require.NoError(w.t, err)
		for busy := true; busy; {
			busy, err = do(w.t.Context(), l)
			require.NoError(w.t, err)
		}
		require.NoError(w.t, l.Release(w.t.Context(), w.DB, clock.Now(w.clock)))
	}
	for _, sweep := range []func() error{
		func() error { return w.Accounts.Sweep(w.t.Context()) }, func() error { return w.Platform.Sweep(w.t.Context()) },
		func() error { return w.Members.Sweep(w.t.Context()) }, func() error { return w.Areas.Sweep(w.t.Context()) },
	} {
		require.NoError(w.t, sweep())
	}
}

// Who has left every household is forgotten half a year later and not before, and only who.
func TestWhoLeftIsForgottenInTime(t *testing.T) {
	eachLater(t, func(w *later) {
		tenant, ctx := w.as("tenant"), w.t.Context()
		own, err := w.Members.Own(ctx, tenant)
		require.NoError(w.t, err)
		_, err = w.Members.Leave(ctx, tenant, own[0].ID, own[0].Version)
		require.NoError(w.t, err)
		known := func(person id.ID) int {
			return w.count(`SELECT COUNT(*) FROM person WHERE id = ? AND name_sealed IS NOT NULL AND erased_at IS NULL`, person)
		}
		persons := w.count(`SELECT COUNT(*) FROM person WHERE name_sealed IS NOT NULL`)
		w.after(179 * day)
		require.Equal(w.t, 1, known(tenant.Person))
		w.after(182 * day)
		require.Zero(w.t, known(tenant.Person))
		require.Zero(w.t, w.count(`SELECT COUNT(*) FROM account WHERE person_id = ? AND state <> 'erased'`, tenant.Person))
		require.Equal(w.t, persons-1, w.count(`SELECT COUNT(*) FROM person WHERE name_sealed IS NOT NULL`), "everybody else stays")
		require.Equal(w.t, 1, w.count(`SELECT COUNT(*) FROM audit_record WHERE action = 'privacy.expire' AND object_id = ?`, tenant.Person))
	})
}

// Once everything is over, nothing of the inventory is left when the longest time of keeping has passed, and the log of what
// happened verifies as before.
func TestNothingOfTheInventoryOutlivesItsTime(t *testing.T) {
	eachLater(t, func(w *later) {
		ctx := w.t.Context()
		w.wordsOfAll()
		w.everythingEnds()
		held := func() (out []string) {
			for _, e := range personal.Inventory {
				if slices.ContainsFunc(w.texts(e), func(text string) bool { return text != "" }) {
					out = append(out, string(e.Field))
				}
			}
			return out
		}
		require.Subset(w.t, held(), []string{"person.name", "person.phone", "account.user_name", "owner.name", "work_order_identity.name", "work_order.description", "work_order_message.text", "work_order_pressure.text", "work_order_attachment.hash", "platform_feedback.text"}, "before, there is something to forget")
		longest := 0
		for _, e := range personal.Inventory {
			longest = max(longest, e.Keep.Days)
		}
		w.after(time.Duration(longest+2) * day)
		require.Empty(w.t, held())

		l, err := job.Acquire(ctx, w.DB, "audit.test", id.New(), clock.Now(w.Clock), time.Minute)
		require.NoError(w.t, err)
		sealer := &audit.Sealer{DB: w.DB, Ledger: w.Ledger}
		for busy := true; busy; {
			busy, err = sealer.Do(ctx, l)
			require.NoError(w.t, err)
		}
		v, err := audit.Verify(ctx, w.DB, w.Ledger)
		require.NoError(w.t, err)
		require.Empty(w.t, v.Problems)
	})
}

// wordsOfAll has an owner write wherever a resident can.
func (w *later) wordsOfAll() {
	w.t.Helper()
	owner, ctx := w.as("owner"), w.t.Context()
	unit := owner.Grants[0].Unit
	receipt, err := w.Orders.Report(ctx, owner, idem.Key{}, workorder.Report{Where: workorder.Where{UnitID: &unit}, Category: "water.home_plumbing",
		Title: "漏水", Description: "一直滴水", ContactName: "沈女士", ContactPhone: "19900000011"})
	require.NoError(w.t, err)
	var photo bytes.Buffer
	require.NoError(w.t, png.Encode(&photo, image.NewGray(image.Rect(0, 0, 16, 16))))
	_, err = w.Orders.AddPhoto(ctx, owner, receipt.Order.ID, "report", int64(photo.Len()), &photo)
	require.NoError(w.t, err)
	_, err = w.Orders.Write(ctx, owner, idem.Key{}, receipt.Order.ID, "下午在家")
	require.NoError(w.t, err)
	require.NoError(w.t, w.Orders.ReportPressure(ctx, owner, idem.Key{}, receipt.Order.ID, "contacted", "有人打听是谁"))
	_, err = w.Platform.Write(ctx, owner, idem.Key{}, platform.Suggestion, "字再大些")
	require.NoError(w.t, err)
}

// everythingEnds is the end of every household, post, ownership, order and survey, all on the first day.
func (w *later) everythingEnds() {
	w.t.Helper()
	now, today := clock.At(w.start), clock.DateOf(w.start)
	for _, end := range []struct {
		query string
		args  []any
	}{
		{`UPDATE household_member SET state = 'ended', to_at = ?, ended_reason = ?, note_sealed = NULL WHERE to_at IS NULL`, []any{now, string(membership.ReasonLeft)}},
		{`UPDATE household_application SET state = 'withdrawn', decided_at = ? WHERE state = 'pending'`, []any{now}},
		{`UPDATE post SET to_at = ?, ended_reason = 'dismissed' WHERE to_at IS NULL`, []any{now}},
		{`UPDATE unit_owner SET to_date = ? WHERE to_date IS NULL`, []any{today}},
		{`UPDATE occupant SET to_date = ? WHERE to_date IS NULL`, []any{today}},
		{`UPDATE work_order SET waiting = 'none', closed_at = ? WHERE waiting <> 'none'`, []any{now}},
		{`UPDATE work_order_pressure SET state = 'closed', closed_at = ? WHERE state = 'open'`, []any{now}},
		{`UPDATE platform_feedback SET answered_at = ? WHERE answered_at IS NULL`, []any{now}},
		{`DELETE FROM survey_entry`, nil},
		{`DELETE FROM survey_agreement`, nil},
	} {
		require.NoError(w.t, w.DB.InTx(w.t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
			_, err := tx.Exec(ctx, end.query, end.args...)
			return err
		}), end.query)
	}
}
