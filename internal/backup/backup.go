// Package backup makes one file of the embedded database and all attachments while the program runs, and
// puts them back. The file never holds keys: whoever finds it reads no name and no phone in it.
//
// A backup is a tar under gzip: the database, each attachment by its hash, and at the end the manifest. A
// file that was cut short has no manifest and is refused. What the manifest says is checked against what
// the file holds before anything gets its final name.
package backup

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/ledger"
)

// Format is the version of the file's layout.
const Format = 1

// The names of the parts in the tar.
const (
	databasePart    = "database.db"
	manifestPart    = "manifest.json"
	attachmentsPart = "attachments/"
)

// ErrServer is returned for a database that the program does not copy.
var ErrServer = errors.New("this database is kept by a server: copy it with the server's own tools (mysqldump --single-transaction, or its hot backup), " +
	"then the attachments with --attachments-only")

// Manifest says what a backup holds.
type Manifest struct {
	Format      int              `json:"format"`
	Program     string           `json:"program"` // version that made it
	CreatedAt   clock.Instant    `json:"createdAt"`
	Database    *Database        `json:"database,omitempty"` // absent with attachments only
	Logs        []ledger.LogHead `json:"logs"`               // where the ledger of the copy stands
	Attachments Attachments      `json:"attachments"`
}

// Database describes the copy of the database.
type Database struct {
	Schema int64  `json:"schema"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Attachments sums the attachments up. Each is named by its own hash, so that their names in order stand
// for all their bytes.
type Attachments struct {
	Count   int64    `json:"count"`
	Bytes   int64    `json:"bytes"`
	Names   string   `json:"namesSha256"`
	Damaged []string `json:"damaged,omitempty"` // in the store, but no longer what was stored: not in the backup
}

// Source is what is backed up.
type Source struct {
	DB              *dbx.DB
	Blobs           blob.Store
	Clock           clock.Clock
	Program         string
	AttachmentsOnly bool
}

// Create writes a backup to path, which must not exist; its folder needs room for the database twice. The
// database is copied first and the attachments afterwards: an attachment is stored before the row that
// names it, so the backup lacks none that the copy names, but for those deleted meanwhile as due. A
// server's database is ErrServer.
func Create(ctx context.Context, s Source, path string) (m Manifest, err error) {
	if !s.AttachmentsOnly && s.DB.Dialect() != dbx.SQLite {
		return m, ErrServer
	}
	if _, err := os.Lstat(path); err == nil {
		return m, fmt.Errorf("backup: %s exists already", path)
	}
	work, err := os.MkdirTemp(filepath.Dir(path), ".backup-*") // mode 0700, on the same disk
	if err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	m = Manifest{Format: Format, Program: s.Program, CreatedAt: clock.Now(s.Clock), Logs: []ledger.LogHead{}}
	copied := filepath.Join(work, databasePart)
	if !s.AttachmentsOnly {
		if err := s.DB.CopyTo(ctx, copied); err != nil {
			return m, err
		}
		if err := m.inspect(ctx, copied); err != nil {
			return m, err
		}
	}
	whole := filepath.Join(work, "whole")
	if err := m.write(ctx, s, whole, copied); err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	return m, place(whole, path)
}

// inspect opens the copy, checks that it is sound and notes what it is.
func (m *Manifest) inspect(ctx context.Context, copied string) error {
	db, err := dbx.Open(ctx, dbx.Config{URL: "sqlite:" + copied})
	if err != nil {
		return err
	}
	m.Database = &Database{}
	err = db.CheckFile(ctx)
	if err == nil {
		m.Database.Schema, _, err = db.Schema(ctx)
	}
	if err == nil {
		m.Logs, err = ledger.Heads(ctx, db)
	}
	if err = errors.Join(err, db.Close()); err != nil { // closing folds the write-ahead log into the file
		return err
	}
	m.Database.Bytes, m.Database.SHA256, err = digest(copied)
	return err
}

func digest(path string) (size int64, sum string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	h := sha256.New()
	size, err = io.Copy(h, f)
	return size, hex.EncodeToString(h.Sum(nil)), errors.Join(err, f.Close())
}

// write makes the whole file and waits for the disk.
func (m *Manifest) write(ctx context.Context, s Source, whole, copied string) (err error) {
	f, err := os.OpenFile(whole, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	buffered := bufio.NewWriterSize(f, 1<<20)
	packed, err := gzip.NewWriterLevel(buffered, gzip.BestSpeed)
	if err != nil {
		return err
	}
	t := &archive{tar.NewWriter(packed), m.CreatedAt}
	if m.Database != nil {
		if err := t.file(databasePart, copied, m.Database.Bytes); err != nil {
			return err
		}
	}
	if err := m.attach(ctx, s.Blobs, t); err != nil {
		return err
	}
	manifest, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := t.bytes(manifestPart, manifest); err != nil {
		return err
	}
	for _, finish := range []func() error{t.Close, packed.Close, buffered.Flush, f.Sync} {
		if err := finish(); err != nil {
			return err
		}
	}
	return nil
}

// attach adds every attachment in the order of their names.
func (m *Manifest) attach(ctx context.Context, store blob.Store, t *archive) error {
	names := sha256.New()
	err := store.Walk(ctx, func(i blob.Info) error {
		data, err := read(ctx, store, i.Hash)
		switch {
		case errors.Is(err, fault.NotFound): // deleted meanwhile
			return nil
		case errors.Is(err, errChanged):
			m.Attachments.Damaged = append(m.Attachments.Damaged, i.Hash.String())
			return nil
		case err != nil:
			return err
		}
		m.Attachments.add(names, i.Hash, int64(len(data)))
		return t.bytes(attachmentsPart+i.Hash.String(), data)
	})
	m.Attachments.Names = hex.EncodeToString(names.Sum(nil))
	return err
}

func (a *Attachments) add(names hash.Hash, h blob.Hash, size int64) {
	a.Count++
	a.Bytes += size
	names.Write(h[:]) // a hash never fails to write
}

// errChanged marks an attachment whose bytes are no longer those that were stored.
var errChanged = errors.New("the stored bytes have changed")

// read returns an attachment. The store's reader fails at the end when the bytes have changed, and so does
// a disk that cannot read; what came before the end tells the two apart.
func read(ctx context.Context, store blob.Store, h blob.Hash) ([]byte, error) {
	r, err := store.Get(ctx, h)
	if err != nil {
		return nil, err
	}
	info, err := store.Stat(ctx, h)
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	data, err := io.ReadAll(r)
	if err != nil && int64(len(data)) == info.Size && blob.HashOf(data) != h {
		err = errChanged
	}
	return data, errors.Join(err, r.Close())
}

// archive writes the parts of the tar.
type archive struct {
	*tar.Writer
	at clock.Instant
}

func (t *archive) header(name string, size int64) error {
	return t.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: t.at.Time()})
}

func (t *archive) bytes(name string, data []byte) error {
	if err := t.header(name, int64(len(data))); err != nil {
		return err
	}
	_, err := t.Write(data)
	return err
}

func (t *archive) file(name, path string, size int64) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	if err = t.header(name, size); err == nil {
		_, err = io.Copy(t, f)
	}
	return errors.Join(err, f.Close())
}

// place gives the finished file its name, which nothing may have: the name is taken before the file moves
// onto it, since not every disk knows hard links.
func place(whole, path string) error {
	claim, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := errors.Join(claim.Close(), os.Rename(whole, path)); err != nil {
		return errors.Join(fmt.Errorf("backup: %w", err), os.Remove(path))
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes new names in a folder survive a power cut.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
