package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/config"
	"github.com/redproperty/redproperty/internal/ledger"
	"github.com/redproperty/redproperty/internal/personal"
)

// ledgerKey is the file of the key that signs the ledger's checkpoints; it lies beside the key file.
func ledgerKey(cfg config.Config) string {
	return filepath.Join(filepath.Dir(cfg.Keys.File), "ledger.key")
}

// ExportKeys writes the keys of the personal data and of the ledger as two shares, one a holder. Neither
// file tells anything without the other; neither may exist already.
func (a *App) ExportKeys(ctx context.Context, files [personal.Holders]string, out io.Writer) error {
	for _, file := range files {
		if err := absent(file); err != nil {
			return err
		}
	}
	day := clock.DateOf(a.Clock.Now())
	rings, err := personal.ExportShares(a.Vault.Ring(), day)
	if err != nil {
		return err
	}
	key, err := ledger.LoadKey(ledgerKey(a.Config))
	if err != nil {
		return err
	}
	signing, err := personal.SplitSecret([]byte(key.Private+"\n"+key.Public+"\n"), day)
	if err != nil {
		return err
	}
	if err := a.noteCommand(ctx, "keys.export", "keys", nil); err != nil { // first: no export is without a record
		return err
	}
	for i, file := range files {
		text := fmt.Sprintf("# Part 1: keys of the personal data\n%s\n# Part 2: key of the ledger %s\n%s", rings[i], a.Config.Ledger.Origin, signing[i])
		if err := writeNew(file, text); err != nil {
			return fmt.Errorf("share: %w", err)
		}
		printf(out, "Share %d of %d: %s\n", i+1, personal.Holders, file)
	}
	printf(out, "Give each to a holder of its own, apart from the other and from every backup, and delete the files here.\n")
	return nil
}

// absent refuses a file that would be overwritten.
func absent(path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is there already: move it away first", path)
	}
	return nil
}

// writeNew makes a file that only its owner can read; one that exists is not touched.
func writeNew(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// ImportKeys makes the key files from the two shares, given in any order. Keys that are there already are
// not touched. It opens no database: that the keys fit is found at the next start.
func ImportKeys(cfg config.Config, files [personal.Holders]string, out io.Writer) error {
	for _, path := range []string{cfg.Keys.File, ledgerKey(cfg)} {
		if err := absent(path); err != nil {
			return err
		}
	}
	var parts [personal.Holders][]string
	for i, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("share: %w", err)
		}
		if parts[i] = shares(string(text)); len(parts[i]) != 2 {
			return fmt.Errorf("share %s: want two parts, the keys of the personal data and the key of the ledger", file)
		}
	}
	ring, err := personal.ImportShares(parts[0][0], parts[1][0])
	if err != nil {
		return fmt.Errorf("keys of the personal data: %w", err)
	}
	signing, err := personal.JoinSecret(parts[0][1], parts[1][1])
	if err != nil {
		return fmt.Errorf("key of the ledger: %w", err)
	}
	if err := (personal.KeyFile{Path: cfg.Keys.File}).Create(ring); err != nil {
		return err
	}
	if err := writeNew(ledgerKey(cfg), string(signing)); err != nil {
		return fmt.Errorf("key of the ledger: %w", err)
	}
	printf(out, "Keys: %s and %s\n", cfg.Keys.File, ledgerKey(cfg))
	return nil
}

// shares cuts a holder's file into its shares, which each begin with the same words.
func shares(text string) []string {
	var parts []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "RedProperty key share ") {
			parts = append(parts, "")
		}
		if n := len(parts); n > 0 {
			parts[n-1] += line
		}
	}
	return parts
}

// ErrUnreadable says that sealed values could not be opened and were left as they are.
var ErrUnreadable = errors.New("values cannot be read under any key; they were left as they are")

// RotateKeys puts a new key-encryption key and a new data key in force and seals every value anew. It can
// be stopped at any point and run again.
func (a *App) RotateKeys(ctx context.Context, out io.Writer, terminal bool) error {
	if err := a.noteCommand(ctx, "keys.rotate", "keys", nil); err != nil {
		return err
	}
	if err := a.Vault.RotateKEK(ctx); err != nil {
		return err
	}
	if err := a.Vault.RotateDEK(ctx); err != nil {
		return err
	}
	progress := func(r personal.Resealed) {
		if terminal {
			printf(out, "\r\x1b[K%s: %d", r.Field, r.Done)
		}
	}
	done, err := a.Vault.Reseal(ctx, progress)
	if terminal {
		printf(out, "\r\x1b[K")
	}
	broken := 0
	for _, r := range done {
		if r.Done+r.Raced+r.Broken > 0 {
			printf(out, "%s: %d sealed anew, %d changed meanwhile, %d unreadable\n", r.Field, r.Done, r.Raced, r.Broken)
		}
		broken += r.Broken
	}
	if err == nil && broken > 0 {
		err = fmt.Errorf("%d %w", broken, ErrUnreadable)
	}
	if err != nil {
		return err
	}
	printf(out, "New keys are in force. Copy %s to the other machines, export the shares anew, and keep the old shares as long as backups made before.\n"+
		"Where the program ran meanwhile, rotate once more in a few minutes: a process writes under the older key until it has noticed.\n", a.Config.Keys.File)
	return nil
}
