package workorder

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
)

// remark closes a repair of a household of its own and passes some words on with a bad answer.
func (w *world) remark(words string) id.ID {
	w.t.Helper()
	w.household = id.New()
	home := authz.Grant{ID: id.New(), Role: authz.RoleOwner, Path: w.path, Household: w.household, Unit: w.unit}
	w.owner = person()
	w.owner.Grants = []authz.Grant{home}
	order := w.closed(w.repair())
	require.NoError(w.t, w.s.Rate(w.ctx(), w.owner, idem.Key{}, order, Answer{Solved: SolvedNo, Satisfied: 1, Remark: words, PassOn: true}))
	return order
}

func (w *world) remarks(p authz.Principal, limit int) []OrderRemark {
	w.t.Helper()
	var out []OrderRemark
	for cursor := ""; ; {
		got, err := w.s.Remarks(w.ctx(), p, page.Request{Cursor: cursor, Limit: limit})
		require.NoError(w.t, err)
		out = append(out, got.Items...)
		if cursor = got.Next; cursor == "" {
			return out
		}
	}
}

func TestAHandlerReadsRemarksInBatchesThatTellNobodysRating(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		var orders []id.ID
		for i := range 4 {
			orders = append(orders, w.remark(fmt.Sprintf("第%d条，电话13800001234", i)))
		}
		w.clock.Set(clock.Date("2026-12-01").Start())
		require.Empty(t, w.remarks(w.manager, 50), "the words of four households wait, though their month is over")
		require.Len(t, w.remarks(w.clerk, 50), 4, "the community reads them as they come")
		require.Equal(t, w.stored(orders[3]).Number, w.remarks(w.clerk, 50)[0].OrderNumber)

		orders = append(orders, w.remark("第5条"))
		require.Empty(t, w.remarks(w.manager, 50), "the month is not over")
		w.clock.Set(clock.Date("2027-01-01").Start())
		got := w.remarks(w.manager, 2)
		require.Len(t, got, 5)
		raw, err := json.Marshal(got)
		require.NoError(t, err)
		for _, o := range orders {
			require.NotContains(t, string(raw), w.stored(o).Number)
		}
		require.NotContains(t, string(raw), "13800001234")
		for _, r := range got {
			require.Nil(t, r.ID)
			require.Empty(t, r.Day)
			require.Equal(t, []string{"2026-11", "2026-12"}, []string{r.From, r.Until})
			require.Equal(t, w.repair().Category, r.Category, "five households wrote about it")
		}
		require.Empty(t, w.remarks(w.rivalManager, 50))
		both := w.clerk
		both.Grants = append(both.Grants, w.worker.Grants...)
		require.Empty(t, w.remarks(both, 50), "a post in the organisation outweighs one in the community")
	})
}

// Whatever remarks come, what a handler sees grows by k households or not at all, and never changes.
func TestBatchesNeverDifferByFewerThanK(t *testing.T) {
	households := make([]id.ID, 12)
	for i := range households {
		households[i] = id.New()
	}
	rapid.Check(t, func(rt *rapid.T) {
		k := rapid.IntRange(2, 5).Draw(rt, "k")
		var rows []remarkRow
		for month := range rapid.IntRange(1, 8).Draw(rt, "months") {
			for range rapid.IntRange(0, 7).Draw(rt, "remarks") {
				day := clock.Date(fmt.Sprintf("2026-%02d-%02d", month+1, rapid.IntRange(1, 28).Draw(rt, "day")))
				rows = append(rows, remarkRow{
					ID: id.New(), At: clock.At(day.Start()), Category: rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "category"),
					Rater: rapid.SampledFrom(households).Draw(rt, "household"),
				})
			}
		}
		raterOf := map[id.ID]id.ID{}
		for _, r := range rows {
			raterOf[r.ID] = r.Rater
		}
		before := map[id.ID]batched{}
		for month := range 10 {
			present := fmt.Sprintf("2026-%02d", month+1)
			known := rows[:0:0]
			for _, r := range rows {
				if r.month() <= present {
					known = append(known, r)
				}
			}
			now, fresh := map[id.ID]batched{}, map[id.ID]bool{}
			about := map[string]map[id.ID]bool{}
			for _, b := range batches(known, k, present) {
				now[b.row] = b
				if old, ok := before[b.row]; ok {
					if old != b {
						rt.Fatal("what was shown has changed")
					}
					continue
				}
				if b.Until >= present {
					rt.Fatal("the month is not over")
				}
				fresh[raterOf[b.row]] = true
				if about[b.Category] == nil {
					about[b.Category] = map[id.ID]bool{}
				}
				about[b.Category][raterOf[b.row]] = true
			}
			if len(fresh) > 0 && len(fresh) < k {
				rt.Fatalf("%d households at once", len(fresh))
			}
			for category, who := range about {
				if category != "" && len(who) < k {
					rt.Fatalf("%d households about %s", len(who), category)
				}
			}
			for row := range before {
				if _, ok := now[row]; !ok {
					rt.Fatal("what was shown is gone")
				}
			}
			before = now
		}
	})
}
