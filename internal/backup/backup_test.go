package backup_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/backup"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/ledger"
	"github.com/redproperty/redproperty/internal/personal"
)

var ctx = context.Background()

// world is a node: a database with a ledger, attachments, keys.
type world struct {
	t      testing.TB
	dir    string
	db     *dbx.DB
	clock  *clock.Fake
	blobs  *blob.Local
	ledger *ledger.Ledger
	owner  id.ID
}

func newWorld(t testing.TB, db *dbx.DB) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), db: db, clock: clock.NewFake(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)), owner: id.New()}
	var err error
	w.blobs, err = blob.OpenLocal(filepath.Join(w.dir, "attachments"), w.clock)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.blobs.Close()) })
	_, err = personal.OpenVault(ctx, personal.VaultConfig{DB: db, Keys: personal.KeyFile{Path: filepath.Join(w.dir, "keys", "redproperty.keys")}, Clock: w.clock})
	require.NoError(t, err)
	key, err := ledger.EnsureKey(ctx, db, filepath.Join(w.dir, "keys", "ledger.key"), "test/redproperty")
	require.NoError(t, err)
	w.ledger, err = ledger.New("test/redproperty", key, w.clock)
	require.NoError(t, err)
	return w
}

func (w *world) source() backup.Source {
	return backup.Source{DB: w.db, Blobs: w.blobs, Clock: w.clock, Program: "test"}
}

func (w *world) record() error {
	return w.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		return audit.Record(ctx, tx, clock.Now(w.clock), audit.Entry{Action: "test.change", ObjectKind: "thing", ObjectID: id.New()})
	})
}

func (w *world) seal() error {
	l, err := job.Acquire(ctx, w.db, "job:audit-seal", w.owner, clock.Now(w.clock), time.Minute)
	if err != nil {
		return err
	}
	_, err = (&audit.Sealer{DB: w.db, Ledger: w.ledger}).Do(ctx, l)
	return err
}

func (w *world) attach(texts ...string) (names []blob.Hash) {
	w.t.Helper()
	for _, s := range texts {
		h, err := w.blobs.Put(ctx, []byte(s))
		require.NoError(w.t, err)
		names = append(names, h)
	}
	return names
}

// made is a backup of a small node.
func (w *world) made() (string, backup.Manifest) {
	w.t.Helper()
	w.attach("photo", "contract")
	for range 3 {
		require.NoError(w.t, w.record())
	}
	require.NoError(w.t, w.seal())
	path := filepath.Join(w.t.TempDir(), "b.rpbackup")
	m, err := backup.Create(ctx, w.source(), path)
	require.NoError(w.t, err)
	return path, m
}

func open(t testing.TB, folder string) *dbx.DB {
	t.Helper()
	db, err := dbx.Open(ctx, dbx.Config{URL: "sqlite:" + filepath.Join(folder, backup.DatabaseName)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func entries(t testing.TB, folder string) (names []string) {
	t.Helper()
	list, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

func TestBackupWhileTheProgramWrites(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	before := w.attach("one", "two")
	ctx, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	var written atomic.Int64
	for range 4 {
		wg.Go(func() {
			for ctx.Err() == nil {
				if w.record() == nil {
					written.Add(1)
				}
			}
		})
	}
	wg.Go(func() {
		for ctx.Err() == nil {
			if err := w.seal(); err != nil {
				return
			}
			_, _ = w.blobs.Put(ctx, []byte(id.New().String())) // the end of the test may stop one
		}
	})
	require.Eventually(t, func() bool { return written.Load() > 200 }, 20*time.Second, time.Millisecond)
	first := written.Load()
	path := filepath.Join(w.dir, "b.rpbackup")
	m, err := backup.Create(context.Background(), w.source(), path)
	require.NoError(t, err)
	require.Greater(t, written.Load(), first, "others wrote meanwhile")
	stop()
	wg.Wait()

	to := filepath.Join(w.dir, "restored")
	restored, err := backup.Restore(context.Background(), path, to, w.clock)
	require.NoError(t, err)
	require.Equal(t, m, restored)
	require.Equal(t, []string{backup.AttachmentsName, backup.DatabaseName}, entries(t, to))
	db := open(t, to)
	require.NoError(t, db.CheckFile(context.Background()))
	report, err := audit.Verify(context.Background(), db, w.ledger)
	require.NoError(t, err)
	require.Empty(t, report.Problems)
	require.GreaterOrEqual(t, report.Entries+report.Unsealed, first)
	require.Equal(t, m.Logs[0].Size, report.Entries)
	require.NoError(t, w.ledger.Compare(context.Background(), w.db, m.Logs[0].Checkpoint), "the copy is a past of the original")
	store, err := blob.OpenLocal(filepath.Join(to, backup.AttachmentsName), w.clock)
	require.NoError(t, err)
	defer store.Close()
	for _, h := range before {
		r, err := store.Get(context.Background(), h)
		require.NoError(t, err)
		_, err = io.ReadAll(r)
		require.NoError(t, errors.Join(err, r.Close()))
	}
}

func TestNoKeyIsInABackup(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	path, _ := w.made()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	packed, err := gzip.NewReader(f)
	require.NoError(t, err)
	body, err := io.ReadAll(packed)
	require.NoError(t, err)
	for _, name := range []string{"redproperty.keys", "ledger.key"} {
		keys, err := os.ReadFile(filepath.Join(w.dir, "keys", name))
		require.NoError(t, err)
		require.NotContains(t, string(body), name)
		for _, word := range strings.Fields(string(keys)) {
			if len(word) >= 40 && !strings.HasPrefix(word, "test/redproperty+") { // longer than any word of the comments; the verifier key is public
				require.NotContains(t, string(body), word)
			}
		}
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestABackupNeverOverwrites(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	dir := t.TempDir()
	path := filepath.Join(dir, "b.rpbackup")
	require.NoError(t, os.WriteFile(path, []byte("older"), 0o600))
	_, err := backup.Create(ctx, w.source(), path)
	require.ErrorContains(t, err, "exists already")
	body, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "older", string(body))

	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = backup.Create(cancelled, w.source(), filepath.Join(dir, "other"))
	require.Error(t, err)
	_, err = backup.Create(ctx, w.source(), filepath.Join(dir, "missing", "b"))
	require.Error(t, err)
	require.Equal(t, []string{"b.rpbackup"}, entries(t, dir), "nothing half-made stays")
}

func TestAServersDatabaseIsLeftToTheServer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.attach("photo")
		path := filepath.Join(t.TempDir(), "b.rpbackup")
		if db.Dialect() == dbx.MySQL {
			_, err := backup.Create(ctx, w.source(), path)
			require.ErrorIs(t, err, backup.ErrServer)
		}
		s := w.source()
		s.AttachmentsOnly = true
		m, err := backup.Create(ctx, s, path)
		require.NoError(t, err)
		require.Nil(t, m.Database)
		require.Equal(t, int64(1), m.Attachments.Count)
		to := filepath.Join(t.TempDir(), "to")
		_, err = backup.Restore(ctx, path, to, w.clock)
		require.NoError(t, err)
		require.Equal(t, []string{backup.AttachmentsName}, entries(t, to))
	})
}

func TestADamagedAttachmentIsNamedAndKeepsNothingElseOut(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	h := w.attach("photo", "contract")[0].String()
	require.NoError(t, os.WriteFile(filepath.Join(w.dir, "attachments", h[:2], h[2:4], h), []byte("phot0"), 0o600))
	path := filepath.Join(t.TempDir(), "b.rpbackup")
	m, err := backup.Create(ctx, w.source(), path)
	require.NoError(t, err)
	require.Equal(t, []string{h}, m.Attachments.Damaged)
	require.Equal(t, int64(1), m.Attachments.Count)
	_, err = backup.Restore(ctx, path, filepath.Join(t.TempDir(), "to"), w.clock)
	require.NoError(t, err)
}

// part is an entry of a backup taken apart.
type part struct {
	header tar.Header
	body   []byte
}

func apart(t testing.TB, path string) (parts []part) {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	packed, err := gzip.NewReader(f)
	require.NoError(t, err)
	r := tar.NewReader(packed)
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return parts
		}
		require.NoError(t, err)
		body, err := io.ReadAll(r)
		require.NoError(t, err)
		parts = append(parts, part{*h, body})
	}
}

func together(t testing.TB, parts []part) []byte {
	t.Helper()
	var b bytes.Buffer
	packed := gzip.NewWriter(&b)
	w := tar.NewWriter(packed)
	for _, p := range parts {
		if p.header.Typeflag == tar.TypeReg {
			p.header.Size = int64(len(p.body))
		}
		require.NoError(t, w.WriteHeader(&p.header))
		_, err := w.Write(p.body)
		require.NoError(t, err)
	}
	require.NoError(t, errors.Join(w.Close(), packed.Close()))
	return b.Bytes()
}

// manifest changes the manifest, which is the last part.
func manifest(t testing.TB, parts []part, change func(m map[string]any)) []part {
	t.Helper()
	last := &parts[len(parts)-1]
	m := map[string]any{}
	require.NoError(t, json.Unmarshal(last.body, &m))
	change(m)
	var err error
	last.body, err = json.Marshal(m)
	require.NoError(t, err)
	return parts
}

func TestRestoreRefuses(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	path, _ := w.made()
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	named := func(name string, kind byte, link string) func([]part) []part {
		return func(p []part) []part {
			return append([]part{{tar.Header{Name: name, Typeflag: kind, Linkname: link, Mode: 0o600}, nil}}, p...)
		}
	}
	for name, c := range map[string]struct {
		change func([]part) []part
		want   string
	}{
		"path upwards":        {named("../evil", tar.TypeReg, ""), "does not belong"},
		"absolute path":       {named("/etc/evil", tar.TypeReg, ""), "does not belong"},
		"attachment upwards":  {named("attachments/../../evil", tar.TypeReg, ""), "not the name of an attachment"},
		"link":                {named("attachments/x", tar.TypeSymlink, "/etc/passwd"), "no file"},
		"folder":              {named("attachments/", tar.TypeDir, ""), "no file"},
		"keys":                {named("redproperty.keys", tar.TypeReg, ""), "does not belong"},
		"second database":     {named("database.db", tar.TypeReg, ""), "does not belong"},
		"other attachment":    {func(p []part) []part { p[1].body = []byte("other"); return p }, "other bytes"},
		"attachment missing":  {func(p []part) []part { return append(p[:1:1], p[2:]...) }, "found 1 of 2"},
		"manifest missing":    {func(p []part) []part { return p[:len(p)-1] }, "cut short"},
		"database missing":    {func(p []part) []part { return p[1:] }, "another file"},
		"database changed":    {func(p []part) []part { p[0].body[5000] ^= 1; return p }, "not the one of its manifest"},
		"newer format":        {func(p []part) []part { return manifest(t, p, func(m map[string]any) { m["format"] = 2; m["x"] = 1 }) }, "its format is 2"},
		"unknown in manifest": {func(p []part) []part { return manifest(t, p, func(m map[string]any) { m["x"] = 1 }) }, "cannot be read"},
		"another ledger": {func(p []part) []part {
			return manifest(t, p, func(m map[string]any) { m["logs"].([]any)[0].(map[string]any)["size"] = 2 })
		}, "does not stand"},
	} {
		file := filepath.Join(t.TempDir(), "b")
		require.NoError(t, os.WriteFile(file, together(t, c.change(apart(t, path))), 0o600))
		to := filepath.Join(t.TempDir(), "to")
		_, err := backup.Restore(ctx, file, to, w.clock)
		require.ErrorContains(t, err, c.want, name)
		require.Empty(t, entries(t, to), name)
	}
	for _, n := range []int{0, 1, 9, 20, len(whole) / 2, len(whole) - 9, len(whole) - 1} {
		file, to := filepath.Join(t.TempDir(), "b"), filepath.Join(t.TempDir(), "to")
		require.NoError(t, os.WriteFile(file, whole[:n], 0o600))
		_, err := backup.Restore(ctx, file, to, w.clock)
		require.Error(t, err, "cut at %d of %d", n, len(whole))
		require.Empty(t, entries(t, to))
	}
	var more bytes.Buffer
	more.Write(whole)
	packed := gzip.NewWriter(&more)
	_, err = packed.Write(make([]byte, 2<<20))
	require.NoError(t, errors.Join(err, packed.Close()))
	longer, to := filepath.Join(t.TempDir(), "b"), filepath.Join(t.TempDir(), "to")
	require.NoError(t, os.WriteFile(longer, more.Bytes(), 0o600))
	_, err = backup.Restore(ctx, longer, to, w.clock)
	require.ErrorContains(t, err, "goes on after its end")
	require.Empty(t, entries(t, to))
	used := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(used, "mine"), nil, 0o600))
	_, err = backup.Restore(ctx, path, used, w.clock)
	require.ErrorContains(t, err, "not empty")
	require.Equal(t, []string{"mine"}, entries(t, used))
}

func TestABackupOfANewerProgramIsRefused(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	require.NoError(t, w.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		return tx.ExecOne(ctx, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`)
	}))
	path, m := w.made()
	require.Equal(t, int64(99999), m.Database.Schema)
	to := filepath.Join(t.TempDir(), "to")
	_, err := backup.Restore(ctx, path, to, w.clock)
	require.ErrorIs(t, err, dbx.ErrNewer)
	require.Empty(t, entries(t, to))
}

// Whatever bytes are given, nothing appears in the folder unless all of it is sound.
func FuzzRestore(f *testing.F) {
	w := newWorld(f, dbtest.SQLite(f))
	w.attach("photo")
	path := filepath.Join(f.TempDir(), "b")
	s := w.source()
	s.AttachmentsOnly = true
	_, err := backup.Create(ctx, s, path)
	require.NoError(f, err)
	whole, err := os.ReadFile(path)
	require.NoError(f, err)
	f.Add(whole)
	f.Add(whole[:len(whole)-8])
	f.Add(together(f, []part{{tar.Header{Name: "attachments/../x", Typeflag: tar.TypeReg}, []byte("x")}}))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, body []byte) {
		file, to := filepath.Join(t.TempDir(), "b"), filepath.Join(t.TempDir(), "to")
		require.NoError(t, os.WriteFile(file, body, 0o600))
		if _, err := backup.Restore(ctx, file, to, w.clock); err != nil {
			require.Empty(t, entries(t, to))
		}
	})
}
