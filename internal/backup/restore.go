package backup

import (
	"archive/tar"
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/ledger"
)

// The names in the folder that Restore fills; they are those of the default settings.
const (
	DatabaseName    = "redproperty.db"
	AttachmentsName = "attachments"
)

// incoming holds what is being restored until it is found whole.
const incoming = ".restoring"

// Bounds on what a file may make the program hold in memory. An attachment of the program's own is
// smaller by far.
const (
	maxAttachment = 256 << 20
	maxManifest   = 16 << 20
	maxPadding    = 1 << 20 // of the tar, behind its last part
)

// Restore puts the backup in file into the folder to, which must be missing or empty: DatabaseName and
// AttachmentsName. Everything is checked before it gets its name; after an error the folder is as empty as
// before. A backup of a newer program is dbx.ErrNewer. Keys are not in the backup: they come from their
// own place.
func Restore(ctx context.Context, file, to string, c clock.Clock) (m Manifest, err error) {
	if err := emptyFolder(to); err != nil {
		return m, err
	}
	work := filepath.Join(to, incoming)
	if err := os.Mkdir(work, 0o700); err != nil {
		return m, fmt.Errorf("restore: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	r := &restoring{work: work, clock: c}
	if m, err = r.unpack(ctx, file); err != nil {
		return m, fmt.Errorf("restore %s: %w", file, err)
	}
	if err := r.check(ctx, m); err != nil {
		return m, fmt.Errorf("restore %s: %w", file, err)
	}
	return m, r.publish(to, m.Database != nil)
}

// emptyFolder makes the folder or refuses one that holds anything.
func emptyFolder(to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	entries, err := os.ReadDir(to)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("restore: %s is not empty: give a new folder", to)
	}
	return nil
}

// restoring is a restore under way: what was found in the file so far.
type restoring struct {
	work     string
	clock    clock.Clock
	database *Database
	found    Attachments
}

// unpack writes the parts into the work folder and returns the manifest, which stands at the end.
func (r *restoring) unpack(ctx context.Context, file string) (m Manifest, err error) {
	f, err := os.Open(file)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	packed, err := gzip.NewReader(bufio.NewReaderSize(f, 1<<20))
	if err != nil {
		return m, fmt.Errorf("it is not a backup: %w", err)
	}
	store, err := blob.OpenLocal(filepath.Join(r.work, AttachmentsName), r.clock)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if m, err = r.parts(ctx, tar.NewReader(packed), store); err != nil {
		return m, err
	}
	if _, err := io.CopyN(io.Discard, packed, maxPadding); !errors.Is(err, io.EOF) { // to its end, where the checksum is
		return m, fmt.Errorf("it is damaged, or goes on after its end: %w", cmp.Or(err, errGoesOn))
	}
	return m, nil
}

// errGoesOn says that something follows the tar.
var errGoesOn = errors.New("more bytes than a backup has")

// parts reads the tar. Only the names that Create writes are let in, so that no name leads anywhere else.
func (r *restoring) parts(ctx context.Context, t *tar.Reader, store *blob.Local) (m Manifest, err error) {
	names := sha256.New()
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return m, errors.New("it is cut short: the manifest at its end is missing")
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return m, fmt.Errorf("it is damaged: %w", err)
		}
		hashed, attachment := strings.CutPrefix(h.Name, attachmentsPart)
		switch {
		case h.Typeflag != tar.TypeReg:
			err = fmt.Errorf("it holds %q, which is no file", h.Name)
		case h.Name == databasePart && r.database == nil:
			err = r.takeDatabase(t)
		case h.Name == manifestPart:
			r.found.Names = hex.EncodeToString(names.Sum(nil))
			return readManifest(t)
		case attachment && h.Size <= maxAttachment:
			var taken blob.Hash
			if taken, err = take(ctx, t, store, hashed); err == nil {
				r.found.add(names, taken, h.Size)
			}
		default:
			err = fmt.Errorf("it holds %q, which does not belong there", h.Name)
		}
		if err != nil {
			return m, err
		}
	}
}

func (r *restoring) takeDatabase(t io.Reader) error {
	f, err := os.OpenFile(filepath.Join(r.work, databasePart), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	h := sha256.New()
	size, err := io.Copy(io.MultiWriter(f, h), t)
	if err == nil {
		err = f.Sync()
	}
	r.database = &Database{Bytes: size, SHA256: hex.EncodeToString(h.Sum(nil))}
	return errors.Join(err, f.Close())
}

// take stores an attachment if it is what its name says.
func take(ctx context.Context, t io.Reader, store *blob.Local, name string) (blob.Hash, error) {
	want, err := blob.ParseHash(name)
	if err != nil {
		return want, err
	}
	data, err := io.ReadAll(t)
	if err != nil {
		return want, fmt.Errorf("it is damaged: %w", err)
	}
	if blob.HashOf(data) != want {
		return want, fmt.Errorf("it is damaged: attachment %s has other bytes", want)
	}
	return store.Put(ctx, data)
}

func readManifest(t io.Reader) (m Manifest, err error) {
	body, err := io.ReadAll(io.LimitReader(t, maxManifest))
	if err != nil {
		return m, fmt.Errorf("it is damaged: %w", err)
	}
	var version struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(body, &version); err != nil {
		return m, fmt.Errorf("its manifest cannot be read: %w", err)
	}
	if version.Format != Format {
		return m, fmt.Errorf("its format is %d, this program reads %d: use the program that made it, or a newer one", version.Format, Format)
	}
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return m, fmt.Errorf("its manifest cannot be read: %w", err)
	}
	return m, nil
}

// check compares what was found with the manifest, and looks into the database.
func (r *restoring) check(ctx context.Context, m Manifest) error {
	if r.found.Count != m.Attachments.Count || r.found.Bytes != m.Attachments.Bytes || r.found.Names != m.Attachments.Names {
		return fmt.Errorf("its attachments are not those of its manifest: found %d of %d", r.found.Count, m.Attachments.Count)
	}
	if (r.database == nil) != (m.Database == nil) {
		return errors.New("its manifest is of another file: one of them has a database")
	}
	if m.Database == nil {
		return nil
	}
	if r.database.Bytes != m.Database.Bytes || r.database.SHA256 != m.Database.SHA256 {
		return errors.New("it is damaged: its database is not the one of its manifest")
	}
	db, err := dbx.Open(ctx, dbx.Config{URL: "sqlite:" + filepath.Join(r.work, databasePart)})
	if err != nil {
		return err
	}
	return errors.Join(checkDatabase(ctx, db, m), db.Close())
}

func checkDatabase(ctx context.Context, db *dbx.DB, m Manifest) error {
	current, newest, err := db.Schema(ctx)
	if err != nil {
		return err
	}
	if current > newest {
		return fmt.Errorf("%w (backup %d, program %d)", dbx.ErrNewer, current, newest)
	}
	if err := db.CheckFile(ctx); err != nil {
		return err
	}
	heads, err := ledger.Heads(ctx, db)
	if err != nil {
		return err
	}
	if !slices.Equal(heads, m.Logs) {
		return errors.New("its ledger does not stand where its manifest says")
	}
	return nil
}

// publish gives the parts their names; the database comes last, so that a folder with one is complete.
func (r *restoring) publish(to string, database bool) error {
	if err := os.Rename(filepath.Join(r.work, AttachmentsName), filepath.Join(to, AttachmentsName)); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if database {
		if err := os.Rename(filepath.Join(r.work, databasePart), filepath.Join(to, DatabaseName)); err != nil {
			return fmt.Errorf("restore: %w", err)
		}
	}
	return syncFolder(to)
}
