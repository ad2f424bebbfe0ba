package personal

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

type guest struct {
	ID    id.ID  `db:"id"`
	Name  []byte `db:"name_sealed"`
	Phone []byte `db:"phone_sealed"`
	Index []byte `db:"phone_index"`
	Note  []byte `db:"note_sealed"`
}

func fillGuests(t *testing.T, db *dbx.DB, v *Vault, n int) []id.ID {
	t.Helper()
	ids := make([]id.ID, n)
	inTx(t, db, func(ctx context.Context, tx *dbx.Tx) error {
		rows := make([][]any, n)
		for i := range rows {
			ids[i] = id.New()
			name, err := v.Seal(guestName, ids[i], fmt.Sprintf("张𡐓%d", i))
			require.NoError(t, err)
			phone, err := v.Seal(guestPhone, ids[i], phoneOf(i))
			require.NoError(t, err)
			rows[i] = []any{ids[i], name, phone, v.Index(guestPhone, phoneOf(i))}
		}
		return tx.InsertMany(ctx, `INSERT INTO guest (id, name_sealed, phone_sealed, phone_index)`, rows)
	})
	return ids
}

func phoneOf(i int) string { return fmt.Sprintf("138%08d", i) }

func allGuests(t *testing.T, db *dbx.DB) []guest {
	t.Helper()
	var rows []guest
	require.NoError(t, db.Select(context.Background(), &rows, `SELECT id, name_sealed, phone_sealed, phone_index, note_sealed FROM guest ORDER BY id`))
	return rows
}

func requireGuests(t *testing.T, v *Vault, rows []guest) {
	t.Helper()
	for i, g := range rows {
		name, err := v.Open(guestName, g.ID, g.Name)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("张𡐓%d", i), name)
		phone, err := v.Open(guestPhone, g.ID, g.Phone)
		require.NoError(t, err)
		require.Equal(t, phoneOf(i), phone)
		require.Equal(t, v.Index(guestPhone, phone), g.Index)
		require.Nil(t, g.Note)
	}
}

func under(v *Vault, rows []guest) (n int) {
	active := v.state.Load().active
	for _, g := range rows {
		for _, s := range [][]byte{g.Name, g.Phone} {
			if id.ID(s[1:headerLength]) == active {
				n++
			}
		}
	}
	return n
}

func TestResealStoppedHalfWayGoesOnWithTheRest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		makeGuests(t, db)
		v := newVault(t, db)
		const n = 2*resealPage + 7
		fillGuests(t, db, v, n)
		require.NoError(t, v.RotateDEK(context.Background()))
		require.Zero(t, under(v, allGuests(t, db)))

		ctx, cancel := context.WithCancel(context.Background())
		_, err := v.Reseal(ctx, func(Resealed) { cancel() })
		require.ErrorIs(t, err, context.Canceled)
		half := under(v, allGuests(t, db))
		require.Positive(t, half)
		require.Less(t, half, 2*n)
		requireGuests(t, v, allGuests(t, db))

		again := &Vault{db: v.db, keys: v.keys, clock: v.clock, suites: v.suites, entries: v.entries} // a new process
		require.NoError(t, again.Refresh(context.Background()))
		sums, err := again.Reseal(context.Background(), nil)
		require.NoError(t, err)
		done := 0
		for _, s := range sums {
			require.Zero(t, s.Raced+s.Broken)
			done += s.Done
		}
		require.Equal(t, 2*n-half, done, "nothing is done twice")
		require.Equal(t, 2*n, under(v, allGuests(t, db)))
		requireGuests(t, v, allGuests(t, db))
	})
}

// An edit that lands between the job's reading and its writing must stay.
func TestAConcurrentEditWinsOverReseal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx := context.Background()
		makeGuests(t, db)
		v := newVault(t, db)
		row := fillGuests(t, db, v, 1)[0]
		old := allGuests(t, db)[0]
		require.NoError(t, v.RotateDEK(ctx))
		edited, err := v.Seal(guestName, row, "李四")
		require.NoError(t, err)
		inTx(t, db, func(ctx context.Context, tx *dbx.Tx) error {
			return tx.ExecOne(ctx, `UPDATE guest SET name_sealed = ? WHERE id = ?`, edited, row)
		})
		var sum Resealed
		inTx(t, db, func(ctx context.Context, tx *dbx.Tx) error {
			return v.resealRow(ctx, tx, v.entries[guestName], sealedRow{row, old.Name}, &sum)
		})
		require.Equal(t, Resealed{Raced: 1}, sum)
		require.Equal(t, edited, allGuests(t, db)[0].Name)
	})
}

func TestResealCountsWhatItCannotReadAndLeavesIt(t *testing.T) {
	ctx := context.Background()
	db := dbtest.SQLite(t)
	makeGuests(t, db)
	v := newVault(t, db)
	rows := fillGuests(t, db, v, 3)
	broken := []byte("not a sealed value at all")
	inTx(t, db, func(ctx context.Context, tx *dbx.Tx) error {
		return tx.ExecOne(ctx, `UPDATE guest SET name_sealed = ? WHERE id = ?`, broken, rows[1])
	})
	require.NoError(t, v.RotateDEK(ctx))
	sums, err := v.Reseal(ctx, nil)
	require.NoError(t, err)
	require.Contains(t, sums, Resealed{Field: guestName, Done: 2, Broken: 1})
	require.Equal(t, broken, allGuests(t, db)[1].Name)
}

func TestResealStopsOnADatabaseError(t *testing.T) {
	db := dbtest.SQLite(t) // without the table
	v := newVault(t, db)
	_, err := v.Reseal(context.Background(), nil)
	require.Error(t, err)
	require.False(t, errors.Is(err, dbx.ErrNoMatch))
}
