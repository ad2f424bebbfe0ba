package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/backup"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/config"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// ErrDamaged says that a backup was made, but that attachments in the store are no longer what was stored.
var ErrDamaged = errors.New("attachments are damaged and not in the backup; restore them from an earlier one")

// Backup writes a backup of the database and the attachments to path and tells what it holds. It opens
// them alone: it needs no keys, and it migrates nothing, since a backup is made before an upgrade.
func Backup(ctx context.Context, cfg config.Config, log *slog.Logger, version, path string, attachmentsOnly bool, out io.Writer) (err error) {
	if file, ok := strings.CutPrefix(cfg.Database.URL, "sqlite:"); ok { // opening would make a new one
		if _, err := os.Stat(file); err != nil {
			return fmt.Errorf("database: %w", err)
		}
	}
	e := &Engines{Config: cfg, Log: log, Clock: clock.System{}}
	defer func() { err = errors.Join(err, e.Close()) }()
	d := cfg.Database
	if e.DB, err = dbx.Open(ctx, dbx.Config{URL: d.URL, MaxOpen: d.MaxOpen, SlowQuery: d.SlowQuery, Log: log}); err != nil {
		return err
	}
	e.closers = append(e.closers, e.DB.Close)
	if err := e.openBlobs(ctx); err != nil {
		return err
	}
	m, err := backup.Create(ctx, backup.Source{DB: e.DB, Blobs: e.Blobs, Clock: e.Clock, Program: version, AttachmentsOnly: attachmentsOnly}, path)
	if err != nil {
		return err
	}
	detail := map[string]any{"attachments": m.Attachments.Count}
	if m.Database != nil {
		detail["database"] = m.Database.SHA256
	}
	if err := e.noteCommand(ctx, "backup.create", "backup", detail); err != nil {
		return err
	}
	describe(out, "Backup "+path, m)
	if n := len(m.Attachments.Damaged); n > 0 {
		return fmt.Errorf("%d %w", n, ErrDamaged)
	}
	return nil
}

// noteCommand records that somebody ran a command on the server that touches keys or takes data away.
func (e *Engines) noteCommand(ctx context.Context, action, kind string, detail map[string]any) error {
	actor := authz.System(action).Actor(authz.Grant{Role: authz.RoleSystem})
	return e.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		return audit.Record(ctx, tx, clock.Now(e.Clock), audit.Entry{Actor: actor, Action: action, ObjectKind: kind, ObjectID: id.New(), Detail: detail})
	})
}

// Restore puts a backup into a folder that is missing or empty and tells how to go on.
func Restore(ctx context.Context, file, to string, out io.Writer) error {
	m, err := backup.Restore(ctx, file, to, clock.System{})
	if err != nil {
		return err
	}
	if to, err = filepath.Abs(to); err != nil {
		return err
	}
	describe(out, "Restored to "+to, m)
	if m.Database != nil {
		printf(out, "Settings: database.url: sqlite:%s\n", filepath.Join(to, backup.DatabaseName))
	}
	printf(out, "          blob.dir: %s\n", filepath.Join(to, backup.AttachmentsName))
	printf(out, "The keys are not in a backup: put the key file and ledger.key in their place, or run \"redproperty admin keys import\".\n"+
		"Then run \"redproperty verify audit\". The program will not start where a checkpoint kept elsewhere is ahead of this ledger.\n")
	return nil
}

func describe(out io.Writer, what string, m backup.Manifest) {
	printf(out, "%s: made %s by version %s\n", what, m.CreatedAt, m.Program)
	if m.Database != nil {
		printf(out, "  database: %d bytes, schema %d\n", m.Database.Bytes, m.Database.Schema)
	}
	for _, l := range m.Logs {
		printf(out, "  ledger %s: %d entries, root %s\n", l.Log, l.Size, l.Root)
	}
	printf(out, "  attachments: %d, %d bytes\n", m.Attachments.Count, m.Attachments.Bytes)
	for _, h := range m.Attachments.Damaged {
		printf(out, "  DAMAGED: attachment %s\n", h)
	}
}

// printf writes for the person at the terminal; one that is gone stops nothing.
func printf(out io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }
