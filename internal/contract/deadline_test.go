package contract

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
)

// remind runs the job until it has nothing left to do, as a replica that has just started.
func (w *world) remind() {
	w.t.Helper()
	l, err := job.Acquire(ctx, w.DB, "job:contract-reminders", id.New(), clock.Now(w.fake), time.Nanosecond)
	require.NoError(w.t, err)
	for busy := true; busy; {
		busy, err = w.Reminders(ctx, l)
		require.NoError(w.t, err)
	}
	w.fake.Advance(time.Second)
}

func (w *world) told() int {
	return w.count(`SELECT COUNT(*) FROM outbox WHERE topic = 'contract.deadline_due'`)
}

func TestEachStageIsToldOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.inForce(w.company, w.manager, "HT-1")
		w.remind()
		require.Zero(t, w.told())
		for i, day := range []string{"2026-03-09", "2026-03-12", "2026-03-13"} {
			w.fake.Set(at(day))
			for range 3 {
				w.remind()
			}
			require.Equal(t, i+1, w.told(), day)
		}
		d, _, err := deadlineOf(ctx, w.DB, c.ID, DueFiling)
		require.NoError(t, err)
		require.Equal(t, DueMissed, d.State)
		require.Equal(t, InForce, w.read(c).State, "a missed filing is no gate")

		w.fake.Set(at("2027-01-04")) // -180, -90 and -60 have passed meanwhile
		w.remind()
		require.Equal(t, 3+3+1, w.told(), "three prompts, and the last day for the provider's notice")
		w.fake.Set(at("2027-05-01"))
		w.remind()
		v, err := w.Deadlines(ctx, w.office, DeadlineFilter{Kind: DueExpiry}, page.Request{})
		require.NoError(t, err)
		require.Equal(t, DueMissed, v.Items[0].State, "the term is over and nobody recorded what follows")
		require.Equal(t, w.told(), w.count(`SELECT COUNT(*) FROM contract_reminder`))
	})
}

func TestTwoReplicasTellOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.inForce(w.company, w.manager, "HT-1")
		w.fake.Set(at("2026-03-13"))
		l, err := job.Acquire(ctx, w.DB, "job:contract-reminders", id.New(), clock.Now(w.fake), time.Minute)
		require.NoError(t, err)
		_, codes := crowd(10, func(int) error {
			_, err := w.Reminders(context.Background(), l)
			return err
		})
		require.Empty(t, codes)
		require.Equal(t, 1, w.told())
		w.fake.Advance(2 * time.Minute)
		_, err = job.Acquire(ctx, w.DB, "job:contract-reminders", id.New(), clock.Now(w.fake), time.Minute)
		require.NoError(t, err)
		w.fake.Set(at("2026-12-13"))
		_, err = w.Reminders(ctx, l)
		require.ErrorIs(t, err, job.ErrLost, "a holder that slept through its lease tells nothing")
		require.Equal(t, 1, w.told())
	})
}

func TestPublishedHolidaysMoveProvisionalDays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.inForce(w.company, w.manager, "HT-1")
		d, _, err := deadlineOf(ctx, w.DB, c.ID, DueExpiry)
		require.NoError(t, err)
		require.True(t, d.Provisional, "the holidays of 2027 are not published in the shipped file")
		require.Equal(t, clock.Date("2027-02-26"), d.ActBy, "28 February 2027 is a Sunday")

		other := *w.Rules // the notice for 2027 appears: the program starts with another holiday file
		raw := `fixed: []
years:
  - { year: 2027, published: true, notice: 试验, rest: [{ name: 元旦, from: 2027-01-01, to: 2027-01-03 }, { name: 春节, from: 2027-02-20, to: 2027-02-28 }], work: [] }
`
		f, err := rules.NewFile(rules.Holidays, []byte(raw))
		require.NoError(t, err)
		other.Calendar, err = rules.ParseHolidays(f)
		require.NoError(t, err)
		before := w.Rules
		w.Rules = &other
		w.remind() // same file hash: nothing to do
		got, _, err := deadlineOf(ctx, w.DB, c.ID, DueExpiry)
		require.NoError(t, err)
		require.Equal(t, d.ActBy, got.ActBy)

		_, err = execute(w, `UPDATE contract_deadline SET calendar_hash = ? WHERE id = ?`, rules.Hash{1}, d.ID)
		require.NoError(t, err)
		w.remind()
		got, _, err = deadlineOf(ctx, w.DB, c.ID, DueExpiry)
		require.NoError(t, err)
		require.Equal(t, []any{clock.Date("2027-02-28"), clock.Date("2027-02-19"), false, before.Hash(rules.Holidays)}, []any{got.DueOn, got.ActBy, got.Provisional, got.CalendarHash})
		require.Equal(t, clock.Date("2027-02-05"), *got.NextOn, "the reminder moves with it")
	})
}

func TestDeadlinesByWindowAndScope(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.inForce(w.company, w.manager, "HT-1")
		all, err := w.Deadlines(ctx, w.office, DeadlineFilter{}, page.Request{Limit: 2})
		require.NoError(t, err)
		seen := len(all.Items)
		for all.Next != "" {
			all, err = w.Deadlines(ctx, w.office, DeadlineFilter{}, page.Request{Limit: 2, Cursor: all.Next})
			require.NoError(t, err)
			seen += len(all.Items)
		}
		require.Equal(t, 7, seen, "filing, five prompts, the provider's notice")
		window, err := w.Deadlines(ctx, w.manager, DeadlineFilter{From: "2027-02-01", To: "2027-03-01", State: DueOpen}, page.Request{})
		require.NoError(t, err)
		require.Len(t, window.Items, 1)
		require.Equal(t, DueExpiry, window.Items[0].Kind)
		require.Equal(t, calendar.CalendarDays, window.Items[0].Unit)
		for _, p := range []struct {
			who string
			n   int
			err string
		}{{"rival", 0, ""}, {"foreign", 0, ""}, {"worker", 0, "auth.forbidden"}, {"resident", 0, ""}} {
			got, err := w.Deadlines(ctx, map[string]authz.Principal{"rival": w.rivalManager, "foreign": w.foreignOffice, "worker": w.worker, "resident": w.resident}[p.who], DeadlineFilter{}, page.Request{})
			require.Equal(t, p.err, code(err), p.who)
			require.Len(t, got.Items, p.n, p.who)
		}
	})
}

func execute(w *world, query string, args ...any) (n int64, err error) {
	err = w.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		n, err = tx.Exec(ctx, query, args...)
		return err
	})
	return n, err
}
