package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// tempFolder holds files being written; leftAfter is when one of them is nobody's any more.
const (
	tempFolder = "incoming"
	leftAfter  = 24 * time.Hour
)

// Local keeps blobs in a folder, as ab/cd/abcd…. A file gets its name only after its bytes are on disk,
// so that a power cut leaves whole files or none. All access goes through an os.Root, which refuses names
// and symbolic links that lead out of the folder.
type Local struct {
	root  *os.Root
	clock clock.Clock
}

// OpenLocal opens the folder, makes it if needed and removes what an earlier process left half-written.
func OpenLocal(folder string, c clock.Clock) (*Local, error) {
	if err := os.MkdirAll(filepath.Join(folder, tempFolder), 0o700); err != nil {
		return nil, fmt.Errorf("attachments folder: %w", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("attachments folder: %w", err)
	}
	l := &Local{root: root, clock: c}
	if err := l.sweep(); err != nil {
		return nil, errors.Join(fmt.Errorf("attachments folder: %w", err), root.Close())
	}
	return l, nil
}

// Close releases the folder.
func (l *Local) Close() error { return l.root.Close() }

// sweep removes temporary files old enough to belong to no process.
func (l *Local) sweep() error {
	entries, err := fs.ReadDir(l.root.FS(), tempFolder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || l.clock.Now().Sub(info.ModTime()) < leftAfter {
			continue // gone meanwhile, or still being written
		}
		if err := l.root.Remove(path.Join(tempFolder, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func place(h Hash) string {
	name := h.String()
	return path.Join(name[:2], name[2:4], name)
}

// Put stores data; see Store.
func (l *Local) Put(ctx context.Context, data []byte) (Hash, error) {
	h := HashOf(data)
	if err := ctx.Err(); err != nil {
		return Hash{}, err
	}
	if info, err := l.root.Stat(place(h)); err == nil && info.Size() == int64(len(data)) {
		now := l.clock.Now()
		if err := l.root.Chtimes(place(h), now, now); err == nil {
			return h, nil // otherwise it was deleted just now, and is written again
		}
	}
	return h, unavailable(l.write(h, data))
}

func (l *Local) write(h Hash, data []byte) error {
	temp := path.Join(tempFolder, id.New().String())
	err := l.writeTemp(temp, data)
	if err == nil {
		err = l.makeFolders(path.Dir(place(h)))
	}
	if err == nil {
		err = l.root.Rename(temp, place(h))
	}
	if err != nil {
		return errors.Join(err, ignoreAbsent(l.root.Remove(temp)))
	}
	return l.syncFolder(path.Dir(place(h)))
}

func (l *Local) writeTemp(name string, data []byte) error {
	f, err := l.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		now := l.clock.Now()
		err = l.root.Chtimes(name, now, now)
	}
	return err
}

// makeFolders makes ab and ab/cd and lets their names survive a power cut too.
func (l *Local) makeFolders(dir string) error {
	if _, err := l.root.Stat(dir); err == nil {
		return nil
	}
	if err := l.root.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return errors.Join(l.syncFolder("."), l.syncFolder(path.Dir(dir)))
}

func (l *Local) syncFolder(dir string) error {
	d, err := l.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func ignoreAbsent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Get opens a blob; see Store.
func (l *Local) Get(ctx context.Context, h Hash) (io.ReadCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, err := l.root.Open(place(h))
	if err != nil {
		return nil, localError(err)
	}
	return verify(f, h), nil
}

// Stat tells size and time; see Store.
func (l *Local) Stat(ctx context.Context, h Hash) (Info, error) {
	if err := ctx.Err(); err != nil {
		return Info{}, err
	}
	info, err := l.root.Stat(place(h))
	if err != nil {
		return Info{}, localError(err)
	}
	return Info{Hash: h, Size: info.Size(), Stored: clock.At(info.ModTime())}, nil
}

func localError(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return notFound()
	}
	return unavailable(err)
}

// Delete removes a blob; see Store.
func (l *Local) Delete(ctx context.Context, h Hash) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return unavailable(ignoreAbsent(l.root.Remove(place(h))))
}

// blobAt is the blob that lies at a path, false when what lies there is no blob.
func blobAt(path string, d fs.DirEntry) (Hash, bool) {
	h, err := ParseHash(d.Name())
	return h, err == nil && path == place(h)
}

// Walk calls fn with every blob; see Store. What is not named like a blob is passed over.
func (l *Local) Walk(ctx context.Context, fn func(Info) error) error {
	var stopped error
	err := fs.WalkDir(l.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return errors.Join(err, ctx.Err())
		}
		h, ok := blobAt(name, d)
		if !ok {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return ignoreAbsent(err) // deleted meanwhile
		}
		stopped = fn(Info{Hash: h, Size: info.Size(), Stored: clock.At(info.ModTime())})
		return stopped
	})
	if stopped != nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return unavailable(err)
}

var _ Store = (*Local)(nil)
