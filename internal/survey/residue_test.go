package survey

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
)

// files are the bytes of an embedded database: the file, and the log beside it.
func files(t testing.TB, db *dbx.DB) (out []byte) {
	t.Helper()
	for _, suffix := range []string{"", "-wal"} {
		body, err := os.ReadFile(filepath.Clean(db.Path() + suffix))
		if suffix != "" && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		require.NoError(t, err)
		out = append(out, body...)
	}
	return out
}

// voted is a round of 400 dwellings with a remark each, the tokens in it and the sealed keys.
func voted(w *world) (r Round, tokens, keys [][]byte) {
	w.t.Helper()
	a := w.place("封箱家园", 20, 20)
	r = w.open(a)
	strata, err := strataOf(w.ctx(), w.db, r.ID)
	require.NoError(w.t, err)
	for _, st := range strata {
		keys = append(keys, st.KeySealed)
	}
	for n, v := range w.voters(r, a) {
		kept, err := v.draw(w.ctx(), w, r)
		require.NoError(w.t, err)
		for revision := 1; revision <= 1+n%2; revision++ {
			_, err = w.CastBallot(w.ctx(), r.ID, cast(kept, revision, w.rated(r, 1+n%5, fmt.Sprintf("第%d户的话", n))))
			require.NoError(w.t, err)
		}
		token := kept.Secret.Token()
		tokens = append(tokens, token[:])
	}
	return r, tokens, keys
}

// A destroyed key is in no byte of the files, and neither is a response as it lay before the count: each token stands there once.
func TestTheFilesForgetKeysAndUncountedRows(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	r, tokens, keys := voted(w)
	before := files(t, w.db)
	for _, k := range keys {
		require.True(t, bytes.Contains(before, k[:64]), "while the round is open the key is there, sealed")
	}
	w.clock.Set(r.ClosesAt.Time())
	_, err := w.runner.Once(t.Context(), w.Jobs()[0])
	require.NoError(t, err)
	closed := files(t, w.db)
	for _, k := range keys {
		for at := 0; at+32 <= len(k); at += 32 {
			require.False(t, bytes.Contains(closed, k[at:at+32]), "byte %d of a sealed key of %d", at, len(k))
		}
	}
	r = w.close(r)
	require.Equal(t, Scored, r.State)
	counted := files(t, w.db)
	for n, token := range tokens {
		require.Equal(t, 1, bytes.Count(counted, token), "token %d", n)
	}
}

// Somebody who reads an old state holds the cleaning up, not the writes, and it is done when he has gone.
func TestCleaningUpWaitsForReaders(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	r, _, keys := voted(w)
	reading, leave, left := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		first := true
		left <- w.db.Each(context.Background(), `SELECT token_hash FROM survey_cast`, nil, func(dbx.Row) error {
			if first {
				first = false
				close(reading)
				<-leave
			}
			return nil
		})
	}()
	<-reading
	w.clock.Set(r.ClosesAt.Time())
	_, err := w.runner.Once(t.Context(), w.Jobs()[0])
	require.NoError(t, err)
	require.True(t, w.residue.Load(), "the reader still sees the key")
	require.True(t, bytes.Contains(files(t, w.db), keys[0][:64]))
	close(leave)
	require.NoError(t, <-left)
	w.clock.Advance(time.Minute)
	_, err = w.runner.Once(t.Context(), w.Jobs()[0])
	require.NoError(t, err)
	require.False(t, w.residue.Load())
	require.False(t, bytes.Contains(files(t, w.db), keys[0][:64]))
	require.False(t, bytes.Contains(files(t, w.db), keys[0][len(keys[0])-32:]))
}
