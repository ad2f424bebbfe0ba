package survey

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// remindedOf are the persons in the reminders of a service area so far.
func (w *world) remindedOf(area id.ID) map[id.ID]int {
	w.t.Helper()
	var payloads []string
	require.NoError(w.t, w.db.Select(w.ctx(), &payloads, `SELECT payload FROM outbox WHERE topic = 'survey.reminder'`))
	out := map[id.ID]int{}
	for _, p := range payloads {
		var said struct {
			ServiceArea id.ID   `json:"serviceArea"`
			Persons     []id.ID `json:"persons"`
		}
		require.NoError(w.t, json.Unmarshal([]byte(p), &said))
		require.LessOrEqual(w.t, len(said.Persons), personsAtOnce)
		for _, person := range said.Persons {
			if said.ServiceArea == area {
				out[person]++
			}
		}
	}
	return out
}

func TestWhoHasNotDrawnIsRemindedOnTheRulesDays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		tenant, landlord := w.residents[5].Person, id.New()
		w.residents[5].Tenant = true
		w.homes[w.area][5].Occupied = "let"
		w.residents = append(w.residents, Resident{Household: w.homes[w.area][5].Household, Person: landlord})
		hired, empty := w.residents[7].Person, w.residents[8].Person
		w.residents = append(w.residents, Resident{Household: w.homes[w.area][7].Household, Person: id.New()})
		w.staff[w.company] = append(w.staff[w.company], hired)
		w.homes[w.area][8].Occupied = "vacant"
		r := w.open(w.area, w.sibling)
		w.draw(r, w.area, 0)
		closes := clock.DateOf(r.ClosesAt.Time())
		first := closes.AddDays(-5).Start()
		w.clock.Set(first.Add(9*time.Hour - time.Millisecond))
		w.work()
		require.Empty(t, w.remindedOf(w.area), "not before the hour")
		today := w.draw(r, w.area, 1)
		require.NotZero(t, today)
		w.clock.Set(first.Add(9 * time.Hour))
		w.work()
		w.work()
		got := w.remindedOf(w.area)
		require.Zero(t, got[w.residents[0].Person], "it has drawn")
		require.Equal(t, 1, got[w.residents[1].Person], "who drew today is not told from who did not: the roll knows days")
		require.Equal(t, []int{1, 0, 0, 1}, []int{got[tenant], got[landlord], got[hired], got[empty]})
		require.Len(t, got, 119, "120 dwellings, one has drawn, and of two that one has two residents only one answers")
		require.Len(t, w.remindedOf(w.sibling), 40)

		w.clock.Set(closes.AddDays(-2).Start().Add(12 * time.Hour))
		w.work()
		require.Equal(t, got, w.remindedOf(w.area), "once for each day of reminding")
		w.clock.Set(closes.AddDays(-1).Start().Add(20 * time.Hour)) // the program was off in the morning
		w.work()
		require.Equal(t, 2, w.remindedOf(w.area)[tenant])
		require.Equal(t, 1, w.remindedOf(w.area)[w.residents[1].Person])
		require.Equal(t, 4, count1(t, db, `SELECT COUNT(*) FROM survey_reminder`))

		r = w.close(r)
		in, err := w.evidence(t.Context(), r, 0)
		require.NoError(t, err)
		announced := 0
		for _, d := range in.Days {
			if d.Announced {
				announced++
			}
		}
		require.Equal(t, 3, announced, "the opening and both days of reminding")
	})
}

// In a round that opened yesterday nobody is reminded today.
func TestNobodyIsRemindedOfWhatHasJustBegun(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	law := w.Rules.Surveys
	opened := clock.At(clock.Date("2026-03-10").Start().Add(10 * time.Hour))
	r := Round{OpenedAt: &opened, ClosesAt: clock.At(clock.Date("2026-03-16").Start())}
	_, due := reminderDue(r, law, clock.At(clock.Date("2026-03-11").Start().Add(9*time.Hour)))
	require.False(t, due, "23 hours after the opening")
	day, due := reminderDue(r, law, clock.At(clock.Date("2026-03-15").Start().Add(9*time.Hour)))
	require.True(t, due)
	require.Equal(t, clock.Date("2026-03-15"), day)
	_, due = reminderDue(r, law, r.ClosesAt)
	require.False(t, due)
}
