package area_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/outbox"
)

// beginnings remembers which service areas it was told of, and writes each in the transaction.
type beginnings struct {
	t    *testing.T
	told []id.ID
	fail error
}

func (b *beginnings) Begin(ctx context.Context, tx *dbx.Tx, serviceArea id.ID, at clock.Instant) error {
	place, err := area.Store{}.Place(ctx, tx, serviceArea)
	require.NoError(b.t, err, "the place is there when its arrangement begins")
	require.Equal(b.t, serviceArea, place.ServiceAreaID)
	b.told = append(b.told, serviceArea)
	if err := outbox.Add(ctx, tx, at, "test.began", serviceArea, nil); err != nil {
		return err
	}
	return b.fail
}

// A service area has an arrangement from its first moment, however it is entered; without one it is not entered.
func TestEachServiceAreaBeginsWithAnArrangement(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := &beginnings{t: t}
		w.Arrangements = b
		began := func() int { return w.count(`SELECT COUNT(*) FROM outbox WHERE topic = 'test.began'`) }
		areas := func() int { return w.count(`SELECT COUNT(*) FROM service_area`) }

		made, err := w.CreateServiceArea(ctx, system, noKey, area.NewServiceArea{EstateID: w.estate.ID, Name: "金海花园二期"})
		require.NoError(t, err)
		require.Equal(t, []id.ID{made.ID}, b.told)
		_, err = w.RenameServiceArea(ctx, system, noKey, made.ID, made.Version, "金海花园东区")
		require.NoError(t, err)
		require.Equal(t, 1, began(), "once in its life")

		b.fail = errors.New("broken")
		before := areas()
		_, err = w.CreateServiceArea(ctx, system, noKey, area.NewServiceArea{EstateID: w.estate.ID, Name: "金海花园三期"})
		require.ErrorIs(t, err, b.fail)
		require.Equal(t, []int{before, 1}, []int{areas(), began()}, "neither without the other")

		file := area.ImportInput{Name: "estate.csv", Target: w.community.ID, Data: []byte("小区,分期,楼栋,房号,建筑面积\n海景苑,一期,1,101,88.00\n海景苑,二期,1,101,90.00\n海景苑,一期,1,102,88.00\n金海花园,金海花园一期,1号楼,901,70.00\n")}
		_, err = area.NewImporter(w.Service).ImportEstate(ctx, system, file, nil)
		require.ErrorIs(t, err, b.fail)
		require.Equal(t, []int{before, 1}, []int{areas(), began()})

		b.fail, b.told = nil, nil
		r, err := area.NewImporter(w.Service).ImportEstate(ctx, system, file, nil)
		require.NoError(t, err)
		require.Equal(t, 4, r.Counts.Created, asJSON(t, r))
		require.Equal(t, []int{before + 2, 3}, []int{areas(), began()}, "each phase once, and not the one that was there")
		require.Len(t, b.told, 2)
		require.NotContains(t, b.told, w.place.ID)
		_, err = area.NewImporter(w.Service).ImportEstate(ctx, system, file, nil)
		require.NoError(t, err)
		require.Equal(t, 3, began(), "a second run begins nothing")
	})
}

// Contracts and orders in files name places as people do.
func TestServiceAreasAreFoundByTheirName(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		second, err := w.CreateServiceArea(ctx, system, noKey, area.NewServiceArea{EstateID: w.estate.ID, Name: "东区"})
		require.NoError(t, err)
		next := w.byCode("370612001009")
		namesake, err := w.CreateEstate(ctx, system, noKey, area.NewEstate{CommunityID: next.ID, Name: "金海花园"})
		require.NoError(t, err)
		third, err := w.CreateServiceArea(ctx, system, noKey, area.NewServiceArea{EstateID: namesake.ID, Name: "𡐓里"})
		require.NoError(t, err)
		for _, c := range []struct {
			why    string
			within id.ID
			name   string
			want   []id.ID
		}{
			{"its own name", w.street.ID, "金海花园一期", []id.ID{w.place.ID}},
			{"another one's own name", w.street.ID, "东区", []id.ID{second.ID}},
			{"beyond the BMP", w.street.ID, "𡐓里", []id.ID{third.ID}},
			{"the estate's name", w.community.ID, "金海花园", []id.ID{w.place.ID, second.ID}},
			{"the estate's name, typed wide and with blanks", w.community.ID, " 金海 花园　", []id.ID{w.place.ID, second.ID}},
			{"the estate's name in the whole street", w.street.ID, "金海花园", []id.ID{w.place.ID, second.ID, third.ID}},
			{"within the estate itself", w.estate.ID, "金海花园", []id.ID{w.place.ID, second.ID}},
			{"elsewhere", next.ID, "金海花园一期", nil},
			{"a part of a name", w.street.ID, "金海", nil},
			{"no name", w.street.ID, "", nil},
			{"a pattern", w.street.ID, "%", nil},
			{"nowhere", id.New(), "金海花园", nil},
		} {
			found, err := w.ServiceAreasNamed(ctx, w.DB, c.within, c.name)
			require.NoError(t, err, c.why)
			var got []id.ID
			for _, p := range found {
				got = append(got, p.ServiceAreaID)
			}
			require.ElementsMatch(t, c.want, got, c.why)
		}
		found, err := w.ServiceAreasNamed(ctx, w.DB, next.ID, "𡐓里")
		require.NoError(t, err)
		require.Equal(t, []any{namesake.ID, next.ID, w.street.ID, third.Path, "𡐓里", "金海花园"},
			[]any{found[0].EstateID, found[0].CommunityID, found[0].StreetID, found[0].Path, found[0].Name, found[0].EstateName})
	})
}
