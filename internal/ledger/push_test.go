package ledger_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/ledger"
)

// place keeps what it is sent, unless it is broken.
type place struct {
	name   string
	broken bool
	got    []ledger.Checkpoint
}

func (p *place) Name() string { return p.name }

func (p *place) Push(_ context.Context, c ledger.Checkpoint) error {
	if p.broken {
		return errors.New("full")
	}
	p.got = append(p.got, c)
	return nil
}

func TestEachPlaceGetsEachNewestCheckpointOnce(t *testing.T) {
	each(t, func(w *world) {
		good, bad := &place{name: "good"}, &place{name: "bad", broken: true}
		p := &ledger.Pusher{DB: w.db, Ledger: w.Ledger, Clock: w.clock, Targets: []ledger.Target{bad, good}}
		w.grow("audit", 3)
		w.grow("rates", 1)
		for range 2 {
			_, err := p.Do(w.t.Context(), w.lease)
			require.ErrorContains(w.t, err, "full", "a place that fails is told")
		}
		require.Len(w.t, good.got, 2, "and holds up no other; nothing is sent twice")
		bad.broken = false
		w.grow("audit", 2)
		_, err := p.Do(w.t.Context(), w.lease)
		require.NoError(w.t, err)
		require.Len(w.t, bad.got, 2, "the newest of each log makes up for those that were missed")
		require.EqualValues(w.t, 5, bad.got[0].Size)
		require.EqualValues(w.t, 5, good.got[2].Size)
	})
}

func TestAPusherThatLostItsLeaseNotesNothing(t *testing.T) {
	each(t, func(w *world) {
		w.grow("audit", 1)
		w.clock.Advance(2 * time.Minute)
		_, err := job.Acquire(w.t.Context(), w.db, "test", id.New(), clock.Now(w.clock), time.Minute)
		require.NoError(w.t, err)
		_, err = (&ledger.Pusher{DB: w.db, Ledger: w.Ledger, Clock: w.clock, Targets: []ledger.Target{&place{name: "p"}}}).Do(w.t.Context(), w.lease)
		require.ErrorIs(w.t, err, job.ErrLost)
		var n int
		require.NoError(w.t, w.db.Get(w.t.Context(), &n, `SELECT COUNT(*) FROM ledger_push`))
		require.Zero(w.t, n)
	})
}

func TestAWebhookGetsTheSignedNote(t *testing.T) {
	each(t, func(w *world) {
		w.grow("audit", 1)
		c, answer := w.newest("audit"), http.StatusNoContent
		var body, signature string
		server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			body, signature = string(b), r.Header.Get("X-Signature")
			rw.WriteHeader(answer)
		}))
		w.t.Cleanup(server.Close)
		hook := ledger.Webhook{URL: server.URL, Secret: "kept elsewhere too", Client: server.Client()}
		require.NoError(w.t, hook.Push(w.t.Context(), c))
		require.Equal(w.t, c.Note, body)
		mac := hmac.New(sha256.New, []byte("kept elsewhere too"))
		mac.Write([]byte(body))
		require.Equal(w.t, hex.EncodeToString(mac.Sum(nil)), signature)
		answer = http.StatusForbidden
		require.ErrorContains(w.t, hook.Push(w.t.Context(), c), "answered 403")
	})
}

// checked compares the ledger with a file of checkpoints.
func (w *world) checked(file string) error {
	return w.CheckFiles(w.t.Context(), w.db, []string{file})
}

func TestCheckpointsInAFile(t *testing.T) {
	each(t, func(w *world) {
		file := filepath.Join(w.t.TempDir(), "out", "checkpoints")
		require.NoError(w.t, w.checked(file), "a file that is not there yet says nothing")
		for range 3 {
			w.grow("audit", 2)
			require.NoError(w.t, ledger.File(file).Push(w.t.Context(), w.newest("audit")))
		}
		w.grow("rates", 1)
		require.NoError(w.t, ledger.File(file).Push(w.t.Context(), w.newest("rates")))
		require.NoError(w.t, w.checked(file))

		body, err := os.ReadFile(file)
		require.NoError(w.t, err)
		foreign := strings.ReplaceAll(string(body), origin, "other.example/redproperty")
		for name, c := range map[string]struct{ body, want string }{
			"of another ledger alone":   {foreign, ""},
			"beside another ledger":     {foreign + string(body), ""},
			"cut off in its last note":  {string(body) + string(body)[:40], ""},
			"cut off in a signature":    {string(body) + string(body)[:strings.Index(string(body), "— ")+20], ""},
			"whole after a cut":         {string(body)[:40] + "\n\n" + string(body), ""},
			"not checkpoints":           {"— \n\n— x\n\n\n\n", ""},
			"size changed":              {strings.Replace(string(body), "\n6\n", "\n7\n", 1), "checkpoint"},
			"signature of another text": {strings.Replace(string(body), "/rates\n1\n", "/audit\n6\n", 1), "checkpoint"},
		} {
			require.NoError(w.t, os.WriteFile(file, []byte(c.body), 0o600))
			err := w.checked(file)
			if c.want == "" {
				require.NoError(w.t, err, name)
			} else {
				require.ErrorContains(w.t, err, c.want, name)
			}
		}
		require.NoError(w.t, os.WriteFile(file, body, 0o600))
		require.NoError(w.t, w.db.InTx(w.t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM ledger_log WHERE name = 'rates'`)
			return err
		}))
		require.ErrorContains(w.t, w.checked(file), "only 0", "a log that is gone is a loss")
	})
}

// A write that stopped half-way, as on a full disk, spoils neither the notes before it nor those after.
func TestAHalfWrittenNoteIsClosedOff(t *testing.T) {
	each(t, func(w *world) {
		file := filepath.Join(w.t.TempDir(), "checkpoints")
		w.grow("rates", 1)
		require.NoError(w.t, ledger.File(file).Push(w.t.Context(), w.newest("rates")))
		w.grow("audit", 1)
		c := w.newest("audit")
		for at := 1; at < len(c.Note); at++ {
			require.NoError(w.t, os.WriteFile(file, []byte(w.newest("rates").Note+"\n"+c.Note[:at]), 0o600))
			require.NoError(w.t, w.checked(file), "cut after %d", at)
			require.NoError(w.t, ledger.File(file).Push(w.t.Context(), c))
			require.NoError(w.t, w.checked(file), "pushed again after %d", at)
		}
		require.NoError(w.t, w.db.InTx(w.t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM ledger_log WHERE name = 'audit'`)
			return err
		}))
		require.ErrorContains(w.t, w.checked(file), "only 0", "the note behind the cut counts")
		require.Error(w.t, ledger.File("/dev/full").Push(w.t.Context(), c), "a full disk is told")
	})
}
