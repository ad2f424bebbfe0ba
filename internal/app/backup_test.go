package app_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
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
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/ledger"
	"github.com/redproperty/redproperty/internal/personal"
)

var quiet = slog.New(slog.DiscardHandler)

// node is the settings of a program that keeps everything below a folder.
func node(t *testing.T, dir string, more ...string) config.Config {
	t.Helper()
	cfg, err := config.Load("", append([]string{"REDPROPERTY_DATABASE__URL=sqlite:" + filepath.Join(dir, "redproperty.db"), "REDPROPERTY_BLOB__DIR=" + filepath.Join(dir, "attachments"),
		"REDPROPERTY_KEYS__FILE=" + filepath.Join(dir, "keys", "redproperty.keys"), "REDPROPERTY_LEDGER__FILES=" + filepath.Join(dir, "outside", "checkpoints")}, more...))
	require.NoError(t, err)
	return cfg
}

// migratedNode is the settings of a program that finds its tables, and nothing in them.
func migratedNode(t *testing.T, more ...string) config.Config {
	t.Helper()
	dir := t.TempDir()
	dbtest.SQLiteAt(t, filepath.Join(dir, "redproperty.db"))
	return node(t, dir, more...)
}

// engines opens the ground of the program, without its features.
func engines(t *testing.T, cfg config.Config) *app.Engines {
	t.Helper()
	e, err := app.Open(context.Background(), cfg, quiet, clock.System{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return e
}

// change writes and seals a record, and pushes the checkpoint.
func change(t *testing.T, e *app.Engines) {
	t.Helper()
	ctx := context.Background()
	require.NoError(t, e.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		return audit.Record(ctx, tx, clock.Now(e.Clock), audit.Entry{Action: "test.change", ObjectKind: "thing", ObjectID: id.New()})
	}))
	l, err := job.Acquire(ctx, e.DB, "test", id.New(), clock.Now(e.Clock), 0)
	require.NoError(t, err)
	_, err = (&audit.Sealer{DB: e.DB, Ledger: e.Ledger}).Do(ctx, l)
	require.NoError(t, err)
	_, err = (&ledger.Pusher{DB: e.DB, Ledger: e.Ledger, Clock: e.Clock, Targets: []ledger.Target{ledger.File(e.Config.Ledger.Files[0])}}).Do(ctx, l)
	require.NoError(t, err)
	time.Sleep(2 * time.Millisecond) // so that the lease has ended
}

func TestARestoredNodeDoesNotGoOnBehindAPushedCheckpoint(t *testing.T) {
	dir := t.TempDir()
	cfg := node(t, dir)
	e := engines(t, cfg)
	change(t, e)
	path := filepath.Join(dir, "b.rpbackup")
	var out bytes.Buffer
	require.NoError(t, app.Backup(context.Background(), cfg, quiet, "test", path, false, &out))
	require.Contains(t, out.String(), "ledger audit: 1 entries")

	// The backup holds what was pushed so far: restored now, the node starts.
	restored := func(name string) config.Config {
		to := filepath.Join(dir, name)
		out.Reset()
		require.NoError(t, app.Restore(context.Background(), path, to, &out))
		require.Contains(t, out.String(), "sqlite:"+filepath.Join(to, "redproperty.db"))
		return node(t, to, "REDPROPERTY_KEYS__FILE="+cfg.Keys.File, "REDPROPERTY_LEDGER__FILES="+cfg.Ledger.Files[0])
	}
	same := engines(t, restored("same"))
	head, err := same.Ledger.Head(context.Background(), same.DB, ledger.Audit)
	require.NoError(t, err)
	require.Equal(t, int64(1), head.Size)

	change(t, e)
	_, err = app.Open(context.Background(), restored("behind"), quiet, clock.System{})
	require.ErrorContains(t, err, "restored from an old backup or cut")

	// Without its keys it does not start either.
	keyless := restored("keyless")
	keyless.Keys.File = filepath.Join(dir, "nowhere", "redproperty.keys")
	_, err = app.Open(context.Background(), keyless, quiet, clock.System{})
	require.Error(t, err)
}

func TestBackupOfNothingIsRefused(t *testing.T) {
	dir := t.TempDir()
	var out bytes.Buffer
	require.ErrorIs(t, app.Backup(context.Background(), node(t, dir), quiet, "test", filepath.Join(dir, "b"), false, &out), os.ErrNotExist)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries)
}

func TestKeysGoToTwoHoldersAndComeBack(t *testing.T) {
	dir := t.TempDir()
	cfg := node(t, dir)
	ctx := context.Background()
	a, err := app.New(ctx, cfg, quiet, "test")
	require.NoError(t, err)
	var person id.ID
	require.NoError(t, a.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		person, err = a.Orgs.EnsurePerson(ctx, tx, "王小明", "13800000001")
		return err
	}))
	change(t, a.Engines)
	var out bytes.Buffer
	require.NoError(t, a.RotateKeys(ctx, &out, false))
	require.Contains(t, out.String(), string(personal.PersonPhone)+": 1 sealed anew")
	shares := [2]string{filepath.Join(dir, "holder-1"), filepath.Join(dir, "holder-2")}
	require.NoError(t, a.ExportKeys(ctx, shares, &out))
	require.ErrorContains(t, a.ExportKeys(ctx, shares, &out), "there already")
	for _, action := range []string{"keys.export", "keys.rotate"} {
		var n int
		require.NoError(t, a.DB.Get(ctx, &n, `SELECT COUNT(*) FROM audit_record WHERE action = ?`, action))
		require.Equal(t, 1, n, action)
	}
	require.NoError(t, a.Close())

	require.ErrorContains(t, app.ImportKeys(cfg, shares, &out), "there already", "keys in use are not touched")
	before := keyFiles(t, cfg)
	for _, share := range shares {
		text, err := os.ReadFile(share)
		require.NoError(t, err)
		for _, keys := range before {
			for line := range bytes.Lines(keys) {
				if len(line) > 60 && line[0] != '#' {
					require.NotContains(t, string(text), string(bytes.TrimSpace(line)))
				}
			}
		}
	}
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "keys")))
	require.ErrorContains(t, app.ImportKeys(cfg, [2]string{shares[0], shares[0]}, &out), "twice")
	require.NoDirExists(t, filepath.Join(dir, "keys"))
	require.NoError(t, app.ImportKeys(cfg, [2]string{shares[1], shares[0]}, &out))
	require.Equal(t, before, keyFiles(t, cfg))

	a, err = app.New(ctx, cfg, quiet, "test")
	require.NoError(t, err)
	defer a.Close()
	found, err := a.Orgs.Person(ctx, a.DB, person)
	require.NoError(t, err)
	require.Equal(t, "王小明", found.Name)
}

func keyFiles(t *testing.T, cfg config.Config) (files [2][]byte) {
	t.Helper()
	for i, name := range []string{cfg.Keys.File, filepath.Join(filepath.Dir(cfg.Keys.File), "ledger.key")} {
		var err error
		files[i], err = os.ReadFile(name)
		require.NoError(t, err)
	}
	return files
}
