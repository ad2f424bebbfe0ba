package ledger

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/job"
)

// Target is a place outside this machine's reach that keeps checkpoints.
type Target interface {
	Name() string
	Push(ctx context.Context, c Checkpoint) error
}

// File appends checkpoints to a file, each followed by an empty line: on a share, a write-once disk or
// a folder that another machine fetches.
type File string

// Name is the file's path.
func (f File) Name() string { return "file:" + string(f) }

// Push appends and waits for the disk. What an earlier push left half-written is closed off first.
func (f File) Push(_ context.Context, c Checkpoint) error {
	if err := os.MkdirAll(filepath.Dir(string(f)), 0o750); err != nil {
		return err
	}
	file, err := os.OpenFile(string(f), os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o640) // #nosec G302 -- checkpoints are public, and a group may fetch them
	if err != nil {
		return err
	}
	entry := c.Note + "\n"
	if cut, err := cutOff(file); err != nil {
		return errors.Join(err, file.Close())
	} else if cut {
		entry = "\n\n" + entry
	}
	_, err = file.WriteString(entry)
	return errors.Join(err, file.Sync(), file.Close())
}

// cutOff tells whether a file of notes ends in the middle of one.
func cutOff(file *os.File) (bool, error) {
	info, err := file.Stat()
	if err != nil || info.Size() == 0 {
		return false, err
	}
	var end [2]byte
	_, err = file.ReadAt(end[:], max(0, info.Size()-2))
	return string(end[:]) != "\n\n", err
}

// read returns the checkpoints in the file, oldest first; a missing file has none.
func (f File) read() ([]string, error) {
	body, err := os.ReadFile(string(f))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return splitNotes(string(body)), nil
}

// splitNotes cuts a file of signed notes: each is a text, an empty line, signature lines, an empty line. What was
// cut off, by a full disk or a power cut, is passed over: it was never acknowledged, and is pushed again.
func splitNotes(body string) []string {
	parts := strings.SplitAfter(body, "\n\n")
	var notes []string
	for i := 1; i < len(parts); i++ {
		text := strings.TrimLeft(parts[i-1], "\n")
		if text != "" && !strings.HasPrefix(text, signatures) && strings.HasPrefix(parts[i], signatures) && strings.HasSuffix(parts[i], "\n\n") {
			notes = append(notes, text+strings.TrimSuffix(parts[i], "\n"))
		}
	}
	return notes
}

// signatures is how each signature line of a note begins.
const signatures = "— "

// Webhook posts checkpoints as text; X-Signature is the hex HMAC-SHA-256 of the body.
type Webhook struct {
	URL    string
	Secret string
	Client *http.Client
}

// Name is the address.
func (w Webhook) Name() string { return w.URL }

// Push posts the note; any answer but 2xx is an error and is tried again in the next round.
func (w Webhook) Push(ctx context.Context, c Checkpoint) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader([]byte(c.Note)))
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, []byte(w.Secret))
	mac.Write([]byte(c.Note))
	r.Header.Set("Content-Type", "text/plain; charset=utf-8")
	r.Header.Set("X-Signature", hex.EncodeToString(mac.Sum(nil)))
	resp, err := w.Client.Do(r)
	if err != nil {
		return err
	}
	if resp.StatusCode/100 != 2 {
		err = fmt.Errorf("answered %d", resp.StatusCode)
	}
	return errors.Join(err, resp.Body.Close())
}

// Pusher sends the newest checkpoint of each log to each target that has not got it.
type Pusher struct {
	DB      *dbx.DB
	Ledger  *Ledger
	Clock   clock.Clock
	Targets []Target
}

// Do is one round, as a job's work. A target that fails does not hold up the others.
func (p *Pusher) Do(ctx context.Context, l job.Lease) (busy bool, err error) {
	logs, err := logNames(ctx, p.DB)
	if err != nil {
		return false, err
	}
	for _, log := range logs {
		c, e := newestCheckpoint(ctx, p.DB, log)
		if e != nil || c == nil {
			err = errors.Join(err, e)
			continue
		}
		for _, t := range p.Targets {
			err = errors.Join(err, p.push(ctx, l, t, *c))
		}
	}
	return false, err
}

func (p *Pusher) push(ctx context.Context, l job.Lease, t Target, c Checkpoint) error {
	key := sha256.Sum256([]byte(t.Name()))
	size, err := pushedSize(ctx, p.DB, key, c.Log)
	if err != nil || size >= c.Size {
		return err
	}
	if err := t.Push(ctx, c); err != nil {
		return fmt.Errorf("push checkpoint: %w", err)
	}
	return p.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		return notePush(ctx, tx, key, c.Log, c.Size, clock.Now(p.Clock))
	})
}

// CheckFiles compares the ledger with the checkpoints in the files it pushes to. The program does not
// start when one is ahead of the ledger or contradicts it: going on would fork history.
func (l *Ledger) CheckFiles(ctx context.Context, q dbx.Querier, files []string) error {
	for _, name := range files {
		notes, err := File(name).read()
		if err != nil {
			return fmt.Errorf("checkpoints in %s: %w", name, err)
		}
		if err := l.checkNotes(ctx, q, notes); err != nil {
			return fmt.Errorf("checkpoints in %s: %w", name, err)
		}
	}
	return nil
}

// checkNotes compares the last checkpoint of each log; those of another origin are another ledger's.
func (l *Ledger) checkNotes(ctx context.Context, q dbx.Querier, notes []string) error {
	last := map[string]string{}
	for _, n := range notes {
		name, _, _ := strings.Cut(n, "\n")
		if strings.HasPrefix(name, l.origin+"/") {
			last[name] = n
		}
	}
	for _, n := range last {
		if err := l.Compare(ctx, q, n); err != nil {
			return err
		}
	}
	return nil
}
