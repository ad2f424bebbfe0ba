package workorder

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
)

// Two households report the same: each follows how it goes, and reads nothing that the other wrote or sent.
func TestHouseholdsThatReportedTheSameStayUnknownToEachOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db).withPhotos()
		in := w.defect()
		in.Where = Where{UnitID: &w.unit}
		main := w.dispatched(in)
		say := func(p authz.Principal, words string) {
			_, err := w.s.Write(t.Context(), p, idem.Key{}, main, words)
			require.NoError(t, err)
		}
		say(w.owner, "我住301，晚上在家")
		say(w.worker, "301您好，明天上午来")
		theirs, err := w.addPhoto(w.owner, main, photoReport, 10)
		require.NoError(t, err)
		w.clock.Advance(time.Hour)
		dup := w.report(w.neighbour, w.defect())
		w.must(w.s.MarkDuplicate(t.Context(), w.manager, dup, Taken{}, main))
		say(w.neighbour, "我家也受影响")
		say(w.worker, "下午修好")
		own, err := w.addPhoto(w.neighbour, main, photoReport, 20)
		require.NoError(t, err)

		texts := func(p authz.Principal) (out []string) {
			list, err := w.s.Messages(t.Context(), p, main, firstPage)
			require.NoError(t, err)
			for _, m := range list.Items {
				out = append(out, m.Text)
			}
			return out
		}
		require.Equal(t, []string{"我家也受影响", "下午修好"}, texts(w.neighbour))
		require.Equal(t, []string{"我住301，晚上在家", "301您好，明天上午来", "下午修好"}, texts(w.owner))
		require.Len(t, texts(w.worker), 4)
		require.Len(t, texts(w.clerk), 4)

		photos := func(p authz.Principal) (out []id.ID) {
			list, err := w.s.OrderPhotos(t.Context(), p, main)
			require.NoError(t, err)
			for _, ph := range list {
				out = append(out, ph.ID)
			}
			return out
		}
		require.Equal(t, []id.ID{own.ID}, photos(w.neighbour))
		require.Equal(t, []id.ID{theirs.ID}, photos(w.owner))
		require.Equal(t, []id.ID{theirs.ID, own.ID}, photos(w.worker))
		_, err = w.s.Photo(t.Context(), w.neighbour, main, theirs.ID, true)
		require.ErrorIs(t, err, fault.NotFound)
		_, err = w.s.Photo(t.Context(), w.owner, main, own.ID, false)
		require.ErrorIs(t, err, fault.NotFound)

		v, err := w.s.Show(t.Context(), w.neighbour, main)
		require.NoError(t, err)
		require.True(t, v.Reporter.Following)
		require.False(t, v.Reporter.Own)
		require.Empty(t, v.Reporter.Kind)
		require.Nil(t, v.Place.UnitID)
		require.NotContains(t, v.Place.Text, "301")
		require.NotContains(t, v.Description, "13800001234")
		events, err := w.s.History(t.Context(), w.neighbour, main)
		require.NoError(t, err)
		require.False(t, slices.ContainsFunc(events, func(e OrderEvent) bool { return e.Step == stepFollowed }))
	})
}

// A repair in a home is the same only in that home, while the same household lives there.
func TestARepairNextDoorIsNoDuplicate(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	main, again := w.report(w.owner, w.repair()), w.report(w.owner, w.repair())
	in := w.repair()
	in.Where.UnitID = &w.otherUnit
	next := w.report(w.neighbour, in)
	_, err := w.s.MarkDuplicate(t.Context(), w.manager, next, Taken{}, main)
	require.Equal(t, "workorder.duplicate_target", code(err))
	w.must(w.s.MarkDuplicate(t.Context(), w.manager, again, Taken{}, main))
	successor := w.owner
	successor.Grants = []authz.Grant{{ID: id.New(), Role: authz.RoleOwner, Path: w.path, Household: id.New(), Unit: w.unit}}
	successor.Person, w.household = id.New(), successor.Grants[0].Household
	later := w.report(successor, w.repair())
	_, err = w.s.MarkDuplicate(t.Context(), w.manager, later, Taken{}, main)
	require.Equal(t, "workorder.duplicate_target", code(err), "who lived there before is not followed")
}

// Who lived there before is told to nobody who lives there now.
func TestAResidentDoesNotLearnOfEarlierOrders(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	first := w.closed(w.repair())
	w.clock.Advance(time.Minute)
	again := w.report(w.owner, w.repair())
	require.Equal(t, first, *w.stored(again).RepeatOf)
	for _, c := range []struct {
		p    authz.Principal
		sees bool
	}{{w.owner, false}, {w.manager, true}, {w.clerk, true}} {
		v, err := w.s.Show(t.Context(), c.p, again)
		require.NoError(t, err)
		require.Equal(t, c.sees, v.RepeatOf != nil)
	}
}

// A case is kept from whoever has a post in the body complained of, even by a post that oversees it.
func TestACaseIsKeptFromThePartysPeopleInEveryCapacity(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		order := w.report(w.owner, w.conduct())
		both := w.keeper
		both.Grants = append(both.Grants, w.worker.Grants...)
		chosen := both
		chosen.Capacity = w.keeper.Grants[0].ID
		for _, p := range []authz.Principal{both, chosen} {
			_, err := w.s.Detail(t.Context(), p, order)
			require.ErrorIs(t, err, fault.NotFound)
			_, err = w.s.Accept(t.Context(), p, order, Taken{})
			require.ErrorIs(t, err, fault.NotFound)
			_, err = w.s.AskStatement(t.Context(), p, idem.Key{}, order, "有居民反映门岗服务态度恶劣，请说明。", nil)
			require.ErrorIs(t, err, fault.NotFound)
			require.Empty(t, w.listed(p, Filter{}))
			require.Len(t, w.exported(p, Filter{}), 2+0+1)
			view := sight{p: p, seen: map[id.ID]bool{}}
			require.Empty(t, view.look(seenChange{OrderChange{Order: order}, w.stored(order)}))
		}
		require.Len(t, w.listed(w.keeper, Filter{}), 1)
		require.NoError(t, w.db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
			return w.s.openCallback(ctx, tx, w.stored(order), 1, "low_rating", clock.Now(w.clock))
		}))
		for p, want := range map[*authz.Principal]int{&both: 0, &w.keeper: 1} {
			list, err := w.s.Callbacks(t.Context(), *p, "open", firstPage)
			require.NoError(t, err)
			require.Len(t, list.Items, want)
		}
	})
}

// What is shown masked cannot be found out by searching for it.
func TestMaskedNumbersAreNotFoundBySearching(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		repair, defect := w.report(w.owner, w.repair()), w.report(w.owner, w.defect())
		for _, text := range []string{"13800001234", "138", "0001"} {
			require.Equal(t, []id.ID{repair}, w.listed(w.manager, Filter{Text: text}), text)
			require.Equal(t, []id.ID{defect, repair}, w.listed(w.clerk, Filter{Text: text}), text)
		}
		require.Equal(t, []id.ID{defect}, w.listed(w.manager, Filter{Text: "滑梯"}))
		require.Equal(t, []id.ID{defect}, w.listed(w.manager, Filter{Text: w.stored(defect).Number}))
	})
}
