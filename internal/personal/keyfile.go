package personal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// ErrNoKeys says that there is no ring yet.
var ErrNoKeys = errors.New("no key file")

// KeySource keeps the ring outside the database.
type KeySource interface {
	// Load reads the ring; ErrNoKeys when none was ever made.
	Load() (Ring, error)
	// Create stores the first ring; fs.ErrExist when there is one already.
	Create(Ring) error
	// Update stores what change makes of the ring, as a whole or not at all, and returns it. No other
	// process may change the ring meanwhile.
	Update(change func(Ring) (Ring, error)) (Ring, error)
}

// KeyFile is a ring in a file readable by the program's own user only.
type KeyFile struct{ Path string }

// Load reads the file. One that others than its owner may write is refused: who can exchange the keys
// can make personal data unreadable, or readable to himself from now on.
func (f KeyFile) Load() (Ring, error) {
	info, err := os.Stat(f.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Ring{}, ErrNoKeys
	case err != nil:
		return Ring{}, fmt.Errorf("key file: %w", err)
	case info.Mode().Perm()&0o022 != 0:
		return Ring{}, fmt.Errorf("key file %s may be written by others: chmod 600 it", f.Path)
	}
	text, err := os.ReadFile(f.Path)
	if err != nil {
		return Ring{}, fmt.Errorf("key file: %w", err)
	}
	var r Ring
	if err := r.UnmarshalText(text); err != nil {
		return Ring{}, fmt.Errorf("key file %s: %w", f.Path, err)
	}
	return r, nil
}

// Create writes the file with mode 0600. Of two processes that start together one gets the error.
func (f KeyFile) Create(r Ring) error {
	return f.write(r, func(temp string) error { return os.Link(temp, f.Path) })
}

// Update puts a new file in the place of the old one, under a lock on its folder: two rotations at once
// would otherwise drop a key that wraps something.
func (f KeyFile) Update(change func(Ring) (Ring, error)) (r Ring, err error) {
	dir, err := os.Open(filepath.Dir(f.Path))
	if err != nil {
		return Ring{}, fmt.Errorf("key folder: %w", err)
	}
	defer func() { err = errors.Join(err, dir.Close()) }() // closing unlocks
	if err := syscall.Flock(int(dir.Fd()), syscall.LOCK_EX); err != nil {
		return Ring{}, fmt.Errorf("lock key folder: %w", err)
	}
	if r, err = f.Load(); err != nil {
		return Ring{}, err
	}
	if r, err = change(r); err != nil {
		return Ring{}, err
	}
	return r, f.write(r, func(temp string) error { return os.Rename(temp, f.Path) })
}

// write makes the text durable under a temporary name before place gives it its own.
func (f KeyFile) write(r Ring, place func(temp string) error) error {
	text, err := r.MarshalText()
	if err != nil {
		return err
	}
	dir := filepath.Dir(f.Path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("key folder: %w", err)
	}
	temp, err := writeTemp(dir, text)
	if err != nil {
		return fmt.Errorf("write key file: %w", err)
	}
	defer os.Remove(temp) // gone already after a rename
	if err := place(temp); err != nil {
		return fmt.Errorf("write key file %s: %w", f.Path, err)
	}
	return syncDir(dir)
}

func writeTemp(dir string, text []byte) (string, error) {
	t, err := os.CreateTemp(dir, ".keys-*") // mode 0600
	if err != nil {
		return "", err
	}
	_, err = t.Write(text)
	if err == nil {
		err = t.Sync()
	}
	return t.Name(), errors.Join(err, t.Close())
}

// syncDir makes a new name in dir survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
