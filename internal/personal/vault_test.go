package personal

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// The tests seal into a table of their own, so that they do not depend on a feature's columns.
const (
	guestName  Field = "guest.name"
	guestPhone Field = "guest.phone"
	guestNote  Field = "guest.note"
)

var guests = []Entry{
	{Field: guestName, Table: "guest", Sealed: "name_sealed", Index: "name_index", Kind: Name, Mask: MaskName},
	{Field: guestPhone, Table: "guest", Sealed: "phone_sealed", Index: "phone_index", Kind: Phone, Mask: MaskPhone},
	{Field: guestNote, Table: "guest", Sealed: "note_sealed", Kind: Text, Mask: MaskAll},
}

func fakeClock() *clock.Fake {
	return clock.NewFake(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
}

func openVault(t testing.TB, db *dbx.DB, path string) *Vault {
	t.Helper()
	v, err := OpenVault(context.Background(), VaultConfig{DB: db, Keys: KeyFile{path}, Clock: fakeClock(), Inventory: guests})
	require.NoError(t, err)
	return v
}

func newVault(t testing.TB, db *dbx.DB) *Vault {
	t.Helper()
	return openVault(t, db, filepath.Join(t.TempDir(), "keys"))
}

func makeGuests(t *testing.T, db *dbx.DB) {
	t.Helper()
	inTx(t, db, func(ctx context.Context, tx *dbx.Tx) error {
		_, err := tx.Exec(ctx, `CREATE TABLE IF NOT EXISTS guest (id BINARY(16) NOT NULL PRIMARY KEY, name_sealed VARBINARY(400), name_index BINARY(32),
			phone_sealed VARBINARY(400), phone_index BINARY(32), note_sealed VARBINARY(400))`)
		return err
	})
	t.Cleanup(func() { // the database serves other tests after this one
		inTx(t, db, func(ctx context.Context, tx *dbx.Tx) error {
			_, err := tx.Exec(ctx, `DROP TABLE guest`)
			return err
		})
	})
}

func inTx(t testing.TB, db *dbx.DB, body dbx.Body) {
	t.Helper()
	require.NoError(t, db.InTx(context.Background(), body))
}

// texts are what people write, characters beyond the BMP and emoji included.
func texts() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("张𠅤𡐓👩🏽‍🔧é́·\x00 a1"))))
}

func TestSealedValueOpensOnlyWhereItWasSealed(t *testing.T) {
	v := newVault(t, dbtest.SQLite(t))
	rapid.Check(t, func(t *rapid.T) {
		text, row, other := texts().Draw(t, "text"), id.New(), id.New()
		sealed, err := v.Seal(guestNote, row, text)
		require.NoError(t, err)
		got, err := v.Open(guestNote, row, sealed)
		require.NoError(t, err)
		require.Equal(t, text, got)
		if text == "" {
			require.Nil(t, sealed)
			return
		}
		_, err = v.Open(guestNote, other, sealed)
		require.True(t, fault.Is(err, "personal.unreadable"), "moved to another row: %v", err)
		_, err = v.Open(guestName, row, sealed)
		require.True(t, fault.Is(err, "personal.unreadable"), "moved to another column: %v", err)
		at := rapid.IntRange(0, len(sealed)-1).Draw(t, "at")
		sealed[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
		_, err = v.Open(guestNote, row, sealed)
		require.True(t, fault.Is(err, "personal.unreadable"), "changed at %d: %v", at, err)
	})
}

func TestSealHidesTheValueAndItsRepetition(t *testing.T) {
	v := newVault(t, dbtest.SQLite(t))
	row := id.New()
	a, err := v.Seal(guestPhone, row, "13812345678")
	require.NoError(t, err)
	b, err := v.Seal(guestPhone, row, "13812345678")
	require.NoError(t, err)
	require.NotEqual(t, a, b)
	require.NotContains(t, string(a), "1381")
	for n := range len(a) {
		_, err := v.Open(guestPhone, row, a[:n])
		require.Equal(t, n > 0, err != nil, "cut to %d bytes", n)
	}
}

func TestUnknownFieldsAreRefused(t *testing.T) {
	v := newVault(t, dbtest.SQLite(t))
	_, err := v.Seal("guest.salary", id.New(), "1")
	require.ErrorContains(t, err, "guest.salary")
	_, err = v.Open("guest.salary", id.New(), []byte{1})
	require.ErrorContains(t, err, "guest.salary")
}

func TestIndexFindsTheSameValueOnly(t *testing.T) {
	v := newVault(t, dbtest.SQLite(t))
	require.Len(t, v.Index(guestPhone, "13812345678"), 32)
	require.Equal(t, v.Index(guestPhone, "13812345678"), v.Index(guestPhone, "+86 138-1234-5678"))
	require.Equal(t, v.Index(guestName, "é张"), v.Index(guestName, " e\u0301张 "))
	require.NotEqual(t, v.Index(guestPhone, "13812345678"), v.Index(guestPhone, "13812345679"))
	require.NotEqual(t, v.Index(guestPhone, "13812345678"), v.Index(guestName, "13812345678"), "tables must not join on it")
	require.Nil(t, v.Index(guestPhone, " "))
	require.Nil(t, v.Index(guestNote, "text"))
	require.NotEqual(t, v.Index(guestPhone, "13812345678"), newVault(t, dbtest.SQLite(t)).Index(guestPhone, "13812345678"))
}

func TestFirstRunMakesAPrivateKeyFileAndKeepsIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		path := filepath.Join(t.TempDir(), "new", "keys")
		row := id.New()
		sealed, err := openVault(t, db, path).Seal(guestName, row, "张三")
		require.NoError(t, err)
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		left, err := os.ReadDir(filepath.Dir(path))
		require.NoError(t, err)
		require.Len(t, left, 1, "no temporary file stays")
		got, err := openVault(t, db, path).Open(guestName, row, sealed)
		require.NoError(t, err)
		require.Equal(t, "张三", got)
	})
}

func TestProcessesThatStartTogetherShareOneKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		path := filepath.Join(t.TempDir(), "keys")
		vaults := make([]*Vault, 6)
		errs := make([]error, len(vaults))
		var wg sync.WaitGroup
		for i := range vaults {
			wg.Go(func() {
				vaults[i], errs[i] = OpenVault(context.Background(), VaultConfig{DB: db, Keys: KeyFile{path}, Clock: fakeClock(), Inventory: guests})
			})
		}
		wg.Wait()
		rows, err := keyRows(context.Background(), db)
		require.NoError(t, err)
		require.Len(t, rows, 1)
		row := id.New()
		sealed, err := vaults[0].Seal(guestName, row, "张三")
		require.NoError(t, err)
		for i, v := range vaults {
			require.NoError(t, errs[i])
			_, err := v.Open(guestName, row, sealed)
			require.NoError(t, err)
		}
	})
}

func TestALostOrForeignKeyFileIsRefused(t *testing.T) {
	db := dbtest.SQLite(t)
	path := filepath.Join(t.TempDir(), "keys")
	openVault(t, db, path)
	open := func(path string) error {
		_, err := OpenVault(context.Background(), VaultConfig{DB: db, Keys: KeyFile{path}, Clock: fakeClock()})
		return err
	}
	missing := filepath.Join(t.TempDir(), "keys")
	require.ErrorContains(t, open(missing), "key file is missing")
	require.NoFileExists(t, missing, "new keys would hide the loss")

	foreign, err := NewRing()
	require.NoError(t, err)
	other := filepath.Join(t.TempDir(), "keys")
	require.NoError(t, KeyFile{other}.Create(foreign))
	require.ErrorContains(t, open(other), "does not belong to this database")

	ring, err := KeyFile{path}.Load()
	require.NoError(t, err)
	mixed := Ring{index: foreign.index, keks: ring.keks}
	half := filepath.Join(t.TempDir(), "keys")
	require.NoError(t, KeyFile{half}.Create(mixed))
	require.ErrorContains(t, open(half), "does not belong to this database", "a wrong index key is noticed too")

	require.NoError(t, os.Chmod(path, 0o622))
	require.ErrorContains(t, open(path), "chmod 600")
}

func TestRotatedKEKOpensTheSameValues(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx := context.Background()
		path := filepath.Join(t.TempDir(), "keys")
		v := openVault(t, db, path)
		row := id.New()
		sealed, err := v.Seal(guestName, row, "张三")
		require.NoError(t, err)
		index := v.Index(guestName, "张三")
		before, err := os.ReadFile(path)
		require.NoError(t, err)

		require.NoError(t, v.RotateKEK(ctx))
		after, err := KeyFile{path}.Load()
		require.NoError(t, err)
		require.False(t, after.rotating())
		again := openVault(t, db, path)
		got, err := again.Open(guestName, row, sealed)
		require.NoError(t, err)
		require.Equal(t, "张三", got)
		require.Equal(t, index, again.Index(guestName, "张三"))

		require.NoError(t, os.WriteFile(path, before, 0o600))
		_, err = OpenVault(ctx, VaultConfig{DB: db, Keys: KeyFile{path}, Clock: fakeClock()})
		require.ErrorContains(t, err, "does not belong", "the old key opens nothing any more")
	})
}

// breaking is a key source whose n-th update fails after or before it took effect.
type breaking struct {
	KeyFile
	failAt, calls int
}

func (b *breaking) Update(change func(Ring) (Ring, error)) (Ring, error) {
	b.calls++
	if b.calls == b.failAt {
		return Ring{}, os.ErrDeadlineExceeded
	}
	return b.KeyFile.Update(change)
}

func TestRotateKEKStoppedHalfWayGoesOn(t *testing.T) {
	ctx := context.Background()
	db := dbtest.SQLite(t)
	keys := &breaking{KeyFile: KeyFile{filepath.Join(t.TempDir(), "keys")}, failAt: 2}
	v, err := OpenVault(ctx, VaultConfig{DB: db, Keys: keys, Clock: fakeClock(), Inventory: guests})
	require.NoError(t, err)
	row := id.New()
	sealed, err := v.Seal(guestName, row, "张三")
	require.NoError(t, err)

	require.ErrorIs(t, v.RotateKEK(ctx), os.ErrDeadlineExceeded) // rewrapped, but both keys still in the file
	ring, err := keys.Load()
	require.NoError(t, err)
	require.True(t, ring.rotating())
	_, err = openVault(t, db, keys.Path).Open(guestName, row, sealed)
	require.NoError(t, err, "a restart in between works")

	require.NoError(t, v.RotateKEK(ctx))
	settled, err := keys.Load()
	require.NoError(t, err)
	require.False(t, settled.rotating())
	require.Equal(t, ring.current(), settled.current(), "the stopped rotation went on; it did not begin again")
	_, err = openVault(t, db, keys.Path).Open(guestName, row, sealed)
	require.NoError(t, err)
}

func TestConcurrentRotationsLoseNoKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx := context.Background()
		path := filepath.Join(t.TempDir(), "keys")
		v := openVault(t, db, path)
		row := id.New()
		sealed, err := v.Seal(guestName, row, "张三")
		require.NoError(t, err)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { _ = openVault(t, db, path).RotateKEK(ctx) })
		}
		wg.Wait()
		got, err := openVault(t, db, path).Open(guestName, row, sealed)
		require.NoError(t, err)
		require.Equal(t, "张三", got)
	})
}

// A rotation that was held up must not drop the key that a later one, stopped half-way, still needs.
func TestALateRotationLeavesTheNextOneItsKeys(t *testing.T) {
	ctx := context.Background()
	db := dbtest.SQLite(t)
	path := filepath.Join(t.TempDir(), "keys")
	slow := &holding{KeyFile: KeyFile{path}}
	v, err := OpenVault(ctx, VaultConfig{DB: db, Keys: slow, Clock: fakeClock(), Inventory: guests})
	require.NoError(t, err)
	row := id.New()
	sealed, err := v.Seal(guestName, row, "张三")
	require.NoError(t, err)
	slow.beforeLast = func() {
		require.NoError(t, openVault(t, db, path).RotateKEK(ctx)) // ends the same rotation first
		stopped, err := OpenVault(ctx, VaultConfig{DB: db, Keys: &breaking{KeyFile: KeyFile{path}, failAt: 2}, Clock: fakeClock(), Inventory: guests})
		require.NoError(t, err)
		require.Error(t, stopped.RotateKEK(ctx))
	}
	require.NoError(t, v.RotateKEK(ctx))
	ring, err := slow.Load()
	require.NoError(t, err)
	require.True(t, ring.rotating(), "both keys of the stopped rotation are still there")
	got, err := openVault(t, db, path).Open(guestName, row, sealed)
	require.NoError(t, err)
	require.Equal(t, "张三", got)
}

// holding is a key source that lets something happen before the second update.
type holding struct {
	KeyFile
	beforeLast func()
	calls      int
}

func (h *holding) Update(change func(Ring) (Ring, error)) (Ring, error) {
	if h.calls++; h.calls == 2 {
		h.beforeLast()
	}
	return h.KeyFile.Update(change)
}

func TestTwoDataKeyRotationsAtOnceMakeOneActiveKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx := context.Background()
		path := filepath.Join(t.TempDir(), "keys")
		a, b := openVault(t, db, path), openVault(t, db, path)
		require.NoError(t, a.RotateDEK(ctx))
		require.True(t, fault.Is(b.RotateDEK(ctx), "personal.rotation_lost"))
		rows, err := keyRows(ctx, db)
		require.NoError(t, err)
		require.Len(t, rows, 2)

		row := id.New()
		sealed, err := a.Seal(guestName, row, "张三")
		require.NoError(t, err)
		got, err := b.Open(guestName, row, sealed) // b asks the database for the key it does not know
		require.NoError(t, err)
		require.Equal(t, "张三", got)
	})
}

func TestASecondSuiteTakesOverAtRotation(t *testing.T) {
	ctx := context.Background()
	db := dbtest.SQLite(t)
	path := filepath.Join(t.TempDir(), "keys")
	row := id.New()
	old, err := openVault(t, db, path).Seal(guestName, row, "张三")
	require.NoError(t, err)
	v, err := OpenVault(ctx, VaultConfig{DB: db, Keys: KeyFile{path}, Clock: fakeClock(), Inventory: guests, Suites: []Suite{otherSuite{}, AES{}}})
	require.NoError(t, err)
	require.NoError(t, v.RotateDEK(ctx))
	fresh, err := v.Seal(guestName, row, "张三")
	require.NoError(t, err)
	for _, sealed := range [][]byte{old, fresh} {
		got, err := v.Open(guestName, row, sealed)
		require.NoError(t, err)
		require.Equal(t, "张三", got)
	}
	_, err = OpenVault(ctx, VaultConfig{DB: db, Keys: KeyFile{path}, Clock: fakeClock()})
	require.ErrorContains(t, err, "other")
}

// otherSuite is a second implementation of the port: AES with what it is bound to under another prefix.
type otherSuite struct{ AES }

func (otherSuite) Name() string { return "other" }

func (s otherSuite) Seal(key, text, bound []byte) ([]byte, error) {
	return s.AES.Seal(key, text, append([]byte("other"), bound...))
}

func (s otherSuite) Open(key, sealed, bound []byte) ([]byte, error) {
	return s.AES.Open(key, sealed, append([]byte("other"), bound...))
}

func TestKeyFileIsStrict(t *testing.T) {
	ring, err := NewRing()
	require.NoError(t, err)
	text, err := ring.MarshalText()
	require.NoError(t, err)
	var back Ring
	require.NoError(t, back.UnmarshalText(text))
	require.Equal(t, ring, back)
	lines := bytes.SplitAfter(text, []byte("\n"))
	for i := range lines[2:] {
		cut := bytes.Join(append(append([][]byte{}, lines[:2+i]...), lines[3+i:]...), nil)
		if len(lines[2+i]) > 0 {
			require.Error(t, new(Ring).UnmarshalText(cut), "without line %d", 3+i)
		}
	}
	require.Error(t, new(Ring).UnmarshalText(append(text, "kek AAAA\n"...)))
	require.NotContains(t, ring.String(), string(ring.index))
}

func FuzzKeyFile(f *testing.F) {
	ring, err := NewRing()
	require.NoError(f, err)
	text, err := ring.MarshalText()
	require.NoError(f, err)
	f.Add(text)
	f.Add([]byte(ringHeader + "\nindex x\nkek y\ncheck z\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var r Ring
		if r.UnmarshalText(text) == nil {
			require.Len(t, r.current(), KeySize)
		}
	})
}
