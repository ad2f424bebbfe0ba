package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
)

func fakeClock() *clock.Fake { return clock.NewFake(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)) }

// place where a test can spoil a stored blob behind the store's back.
type harness struct {
	store Store
	spoil func(h Hash, data []byte)
	tick  func()
}

func eachStore(t *testing.T, body func(t *testing.T, h harness)) {
	t.Run("local", func(t *testing.T) {
		dir, clk := t.TempDir(), fakeClock()
		l, err := OpenLocal(dir, clk)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, l.Close()) })
		body(t, harness{l, func(h Hash, data []byte) {
			require.NoError(t, os.WriteFile(filepath.Join(dir, place(h)), data, 0o600))
		}, func() { clk.Advance(time.Hour) }})
	})
	t.Run("s3", func(t *testing.T) {
		fake := newFakeS3(t)
		s, err := OpenS3(context.Background(), fake.config("photos"))
		require.NoError(t, err)
		body(t, harness{s, func(h Hash, data []byte) { fake.set("photos/"+h.String(), data) }, func() { fake.clock.Advance(time.Hour) }})
	})
}

func readBlob(t *testing.T, s Store, h Hash) []byte {
	t.Helper()
	r, err := s.Get(context.Background(), h)
	require.NoError(t, err)
	data, err := io.ReadAll(r)
	require.NoError(t, err)
	require.NoError(t, r.Close())
	return data
}

func walkAll(t *testing.T, s Store) []Info {
	t.Helper()
	var out []Info
	require.NoError(t, s.Walk(context.Background(), func(i Info) error {
		out = append(out, i)
		return nil
	}))
	return out
}

func TestStoreKeepsAndForgets(t *testing.T) {
	eachStore(t, func(t *testing.T, hs harness) {
		ctx, s := context.Background(), hs.store
		large := bytes.Repeat([]byte("0123456789abcdef"), 20<<20/16) // as large as the largest document
		for _, data := range [][]byte{[]byte("one"), {}, large} {
			h, err := s.Put(ctx, data)
			require.NoError(t, err)
			require.Equal(t, HashOf(data), h)
			require.True(t, bytes.Equal(data, readBlob(t, s, h)))
			info, err := s.Stat(ctx, h)
			require.NoError(t, err)
			require.Equal(t, int64(len(data)), info.Size)
		}
		h := HashOf([]byte("one"))
		before, err := s.Stat(ctx, h)
		require.NoError(t, err)
		hs.tick()
		_, err = s.Put(ctx, []byte("one"))
		require.NoError(t, err)
		after, err := s.Stat(ctx, h)
		require.NoError(t, err)
		require.Greater(t, after.Stored, before.Stored, "storing again makes it young")

		require.NoError(t, s.Delete(ctx, h))
		require.NoError(t, s.Delete(ctx, h))
		_, err = s.Stat(ctx, h)
		require.True(t, fault.Is(err, "blob.not_found"), err)
		_, err = s.Get(ctx, h)
		require.True(t, fault.Is(err, "blob.not_found"), err)
	})
}

func TestStoreWalksInOrderAndStops(t *testing.T) {
	eachStore(t, func(t *testing.T, hs harness) {
		require.Empty(t, walkAll(t, hs.store))
		for i := range 25 {
			_, err := hs.store.Put(context.Background(), fmt.Appendf(nil, "blob %d", i))
			require.NoError(t, err)
		}
		all := walkAll(t, hs.store)
		require.Len(t, all, 25)
		for i, info := range all {
			require.Positive(t, info.Size)
			require.NotZero(t, info.Stored)
			require.True(t, i == 0 || all[i-1].Hash.String() < info.Hash.String())
		}
		stop, seen := errors.New("enough"), 0
		require.ErrorIs(t, hs.store.Walk(context.Background(), func(Info) error { seen++; return stop }), stop)
		require.Equal(t, 1, seen)
	})
}

func TestChangedBytesAreNoticed(t *testing.T) {
	eachStore(t, func(t *testing.T, hs harness) {
		h, err := hs.store.Put(context.Background(), []byte("the contract says 100"))
		require.NoError(t, err)
		hs.spoil(h, []byte("the contract says 900"))
		r, err := hs.store.Get(context.Background(), h)
		require.NoError(t, err)
		_, err = io.ReadAll(r)
		require.True(t, fault.Is(err, "blob.unavailable"), "%v", err)
		require.ErrorContains(t, err, "changed")
		require.NoError(t, r.Close())
	})
}

func TestTheSameBlobStoredAtOnceIsOne(t *testing.T) {
	eachStore(t, func(t *testing.T, hs harness) {
		data := bytes.Repeat([]byte("x"), 100_000)
		errs := make([]error, 16)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { _, errs[i] = hs.store.Put(context.Background(), data) })
		}
		wg.Wait()
		require.NoError(t, errors.Join(errs...))
		require.Len(t, walkAll(t, hs.store), 1)
		require.Equal(t, data, readBlob(t, hs.store, HashOf(data)))
	})
}

func TestACancelledCallDoesNothing(t *testing.T) {
	eachStore(t, func(t *testing.T, hs harness) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := hs.store.Put(ctx, []byte("late"))
		require.ErrorIs(t, err, context.Canceled)
		_, err = hs.store.Stat(ctx, HashOf([]byte("late")))
		require.ErrorIs(t, err, context.Canceled)
		require.Empty(t, walkAll(t, hs.store))
	})
}

func TestLocalFolderIsPrivateAndSweptOfLeftovers(t *testing.T) {
	dir, clk := filepath.Join(t.TempDir(), "new"), fakeClock()
	l, err := OpenLocal(dir, clk)
	require.NoError(t, err)
	h, err := l.Put(context.Background(), []byte("data"))
	require.NoError(t, err)
	info, err := os.Stat(filepath.Join(dir, place(h)))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NoError(t, l.Close())

	// What a process killed while writing leaves behind: one old file, and one of a process still at work.
	for name, age := range map[string]time.Duration{"old": 25 * time.Hour, "young": time.Hour} {
		p := filepath.Join(dir, tempFolder, name)
		require.NoError(t, os.WriteFile(p, []byte("half"), 0o600))
		when := clk.Now().Add(-age)
		require.NoError(t, os.Chtimes(p, when, when))
	}
	l, err = OpenLocal(dir, clk)
	require.NoError(t, err)
	defer l.Close()
	require.NoFileExists(t, filepath.Join(dir, tempFolder, "old"))
	require.FileExists(t, filepath.Join(dir, tempFolder, "young"))
	require.Len(t, walkAll(t, l), 1)
}

func TestLocalFolderIsNotLeft(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	l, err := OpenLocal(dir, fakeClock())
	require.NoError(t, err)
	defer l.Close()
	data := []byte("data")
	h := HashOf(data)
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, h.String()[:2])))
	_, err = l.Put(context.Background(), data)
	require.True(t, fault.Is(err, "blob.unavailable"), "%v", err)
	require.NoError(t, os.MkdirAll(filepath.Join(outside, h.String()[2:4]), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(outside, h.String()[2:4], h.String()), data, 0o600))
	_, err = l.Get(context.Background(), h)
	require.Error(t, err)
	left, err := os.ReadDir(filepath.Join(dir, tempFolder))
	require.NoError(t, err)
	require.Empty(t, left, "a failed write leaves nothing")
}

// A file cut short by a fault of the disk is written again, not taken for the blob.
func TestLocalPutMendsAShortFile(t *testing.T) {
	dir := t.TempDir()
	l, err := OpenLocal(dir, fakeClock())
	require.NoError(t, err)
	defer l.Close()
	h, err := l.Put(context.Background(), []byte("data"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, place(h)), []byte("da"), 0o600))
	_, err = l.Put(context.Background(), []byte("data"))
	require.NoError(t, err)
	require.Equal(t, []byte("data"), readBlob(t, l, h))
}

func TestS3RefusesWhatItCannotReach(t *testing.T) {
	fake := newFakeS3(t)
	cfg := fake.config("")
	cfg.Bucket = "absent"
	_, err := OpenS3(context.Background(), cfg)
	require.ErrorContains(t, err, "does not exist")
	cfg = fake.config("")
	cfg.SecretKey = "wrong"
	_, err = OpenS3(context.Background(), cfg)
	require.Error(t, err)

	s, err := OpenS3(context.Background(), fake.config(""))
	require.NoError(t, err)
	fake.down.Store(true)
	_, err = s.Put(context.Background(), []byte("x"))
	require.True(t, fault.Is(err, "blob.unavailable"), "%v", err)
	require.True(t, fault.Is(s.Walk(context.Background(), func(Info) error { return nil }), "blob.unavailable"))
}

func TestHashText(t *testing.T) {
	h := HashOf([]byte("x"))
	back, err := ParseHash(h.String())
	require.NoError(t, err)
	require.Equal(t, h, back)
	for _, bad := range []string{"", "../../etc/passwd", h.String()[1:], h.String() + "0", "ZZ" + h.String()[2:], "AB" + h.String()[2:]} {
		_, err := ParseHash(bad)
		require.Error(t, err, bad)
	}
	var scanned Hash
	v, err := h.Value()
	require.NoError(t, err)
	require.NoError(t, scanned.Scan(v))
	require.Equal(t, h, scanned)
	require.Error(t, scanned.Scan("text"))
}
