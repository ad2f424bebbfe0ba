package ledger

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
)

// Key is an Ed25519 key pair in the text forms of signed notes.
type Key struct{ Private, Public string }

// NewKey makes a key pair for an origin.
func NewKey(origin string) (Key, error) {
	private, public, err := note.GenerateKey(nil, origin)
	return Key{private, public}, err
}

// LoadKey reads a key file: the private key on the first line, the public one on the second.
func LoadKey(path string) (Key, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return Key{}, fmt.Errorf("ledger key: %w", err)
	}
	lines := strings.Fields(string(body))
	if len(lines) != 2 {
		return Key{}, fmt.Errorf("ledger key %s: want two lines, the private and the public key", path)
	}
	return Key{lines[0], lines[1]}, nil
}

// EnsureKey reads the key file, or makes it while the ledger is still empty. A ledger with entries and
// no key is refused: a new key would hide that the old one is lost.
func EnsureKey(ctx context.Context, q dbx.Querier, path, origin string) (Key, error) {
	k, err := LoadKey(path)
	if !errors.Is(err, os.ErrNotExist) {
		return k, err
	}
	names, err := logNames(ctx, q)
	if err != nil {
		return k, err
	}
	if len(names) > 0 {
		return k, fmt.Errorf("ledger key: %s is missing, and the ledger has entries signed with it: restore the file from its own backup", path)
	}
	if k, err = NewKey(origin); err != nil {
		return k, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return k, fmt.Errorf("ledger key: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return k, fmt.Errorf("ledger key: %w", err)
	}
	_, err = fmt.Fprintf(f, "%s\n%s\n", k.Private, k.Public)
	return k, errors.Join(err, f.Sync(), f.Close())
}

// name is how a log is called in checkpoints.
func (l *Ledger) name(log string) string { return l.origin + "/" + log }

// Sign makes a checkpoint of the head.
func (l *Ledger) Sign(log string, h Head) (Checkpoint, error) {
	text := fmt.Sprintf("%s\n%d\n%s\n", l.name(log), h.Size, base64.StdEncoding.EncodeToString(h.Root[:]))
	signed, err := note.Sign(&note.Note{Text: text}, l.signer)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("sign checkpoint: %w", err)
	}
	return Checkpoint{Log: log, Size: h.Size, Note: string(signed), SignedAt: clock.Now(l.clock)}, nil
}

// Checkpoint stores a signed checkpoint of the head in tx.
func (l *Ledger) Checkpoint(ctx context.Context, tx *dbx.Tx, log string, h Head) error {
	c, err := l.Sign(log, h)
	if err != nil {
		return err
	}
	return insertCheckpoint(ctx, tx, c)
}

// Open checks a checkpoint's signature and reads it. A checkpoint of another origin or with a wrong
// signature is an error.
func (l *Ledger) Open(signed string) (log string, h Head, err error) {
	n, err := note.Open([]byte(signed), note.VerifierList(l.verify))
	if err != nil {
		return "", h, fmt.Errorf("checkpoint: %w", err)
	}
	name, h, err := parse(n.Text)
	if err != nil {
		return "", h, err
	}
	log, ok := strings.CutPrefix(name, l.origin+"/")
	if !ok {
		return "", h, fmt.Errorf("checkpoint: it is of %q, not of %q", name, l.origin)
	}
	return log, h, nil
}

// parse reads a checkpoint's text (C2SP tlog-checkpoint): a number or a root that is written in another than its one
// form is refused.
func parse(text string) (name string, h Head, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 {
		return "", h, errors.New("checkpoint: want origin, size and root on lines of their own")
	}
	if h.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || h.Size < 0 || strconv.FormatInt(h.Size, 10) != lines[1] {
		return "", h, errors.New("checkpoint: the second line is no tree size")
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return "", h, errors.New("checkpoint: the third line is no root hash")
	}
	h.Root = tlog.Hash(root)
	return lines[0], h, nil
}

// Newest is the newest checkpoint of a log, nil when there is none yet.
func (l *Ledger) Newest(ctx context.Context, q dbx.Querier, log string) (*Checkpoint, error) {
	return newestCheckpoint(ctx, q, log)
}

// Compare checks a checkpoint that was kept elsewhere against this ledger: the log must be at least as
// long, and its beginning must have the same root. Anything else means that history was lost or rewritten.
func (l *Ledger) Compare(ctx context.Context, q dbx.Querier, signed string) error {
	log, kept, err := l.Open(signed)
	if err != nil {
		return err
	}
	own, err := head(ctx, q, log)
	if err != nil {
		return err
	}
	if kept.Size > own.Size {
		return fmt.Errorf("ledger %s: a checkpoint kept elsewhere has %d entries, this database only %d: it was restored from an old backup or cut", log, kept.Size, own.Size)
	}
	root, err := tlog.TreeHash(kept.Size, hashReader{ctx, q, log})
	if err != nil {
		return err
	}
	if root != kept.Root {
		return fmt.Errorf("ledger %s: the first %d entries are not those of a checkpoint kept elsewhere: history was rewritten", log, kept.Size)
	}
	return nil
}

// OpenCheckpoint checks a checkpoint with a ledger's public key alone, as somebody does who has no ledger, and reads it.
func OpenCheckpoint(verifierKey, signed string) (log string, h Head, err error) {
	verifier, err := note.NewVerifier(verifierKey)
	if err != nil {
		return "", h, fmt.Errorf("ledger key: %w", err)
	}
	return (&Ledger{origin: verifier.Name(), verify: verifier}).Open(signed)
}
