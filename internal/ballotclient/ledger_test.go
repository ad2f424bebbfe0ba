package ballotclient

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/ledger"
)

// history is a log as a server shows it; two of one key are what a server does that shows different people different ones.
type history struct {
	*ledger.Ledger
	db *dbx.DB
}

func newHistory(t *testing.T, key ledger.Key) *history {
	t.Helper()
	l, err := ledger.New("test.example/rp", key, clock.NewFake(time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)))
	require.NoError(t, err)
	return &history{l, dbtest.SQLite(t)}
}

func leafOf(text string) [32]byte { return sha256.Sum256([]byte(text)) }

func (h *history) add(t *testing.T, texts ...string) {
	t.Helper()
	require.NoError(t, h.db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
		var leaves [][32]byte
		for _, text := range texts {
			leaves = append(leaves, leafOf(text))
		}
		head, err := h.Append(ctx, tx, "decisions", leaves)
		if err != nil {
			return err
		}
		return h.Checkpoint(ctx, tx, "decisions", head)
	}))
}

// ServeHTTP answers as the public operations of the ledger do.
func (h *history) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := func(name string) int64 {
		v, _ := strconv.ParseInt(r.URL.Query().Get(name), 10, 64)
		return v
	}
	answer := map[string]any{}
	var err error
	if strings.HasSuffix(r.URL.Path, "/leaves") {
		list, err := h.Leaves(r.Context(), h.db, "decisions", n("from"), 2) // a server may give fewer than are asked for
		if err == nil {
			err = json.NewEncoder(w).Encode(list)
		}
		if err != nil {
			w.WriteHeader(http.StatusUnprocessableEntity)
		}
		return
	}
	switch strings.TrimPrefix(r.URL.Path, "/api/v1/ledger/decisions/") {
	case "checkpoint":
		var c *ledger.Checkpoint
		if c, err = h.Newest(r.Context(), h.db, "decisions"); err == nil && c == nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		if err == nil {
			answer["size"], answer["note"] = c.Size, c.Note
		}
	case "inclusion":
		answer["hashes"], err = h.Inclusion(r.Context(), h.db, "decisions", n("size"), n("index"))
	case "consistency":
		answer["hashes"], err = h.Consistency(r.Context(), h.db, "decisions", n("from"), n("to"))
	}
	if err != nil {
		w.WriteHeader(http.StatusUnprocessableEntity)
		return
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// What a server lists is believed where the ledger has it, and the ledger where it goes on from what the device has seen.
func TestTheLedgerIsNotTheServersWord(t *testing.T) {
	key, err := ledger.NewKey("test.example/rp")
	require.NoError(t, err)
	honest, forked := newHistory(t, key), newHistory(t, key)
	shown := honest
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { shown.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	client, err := New(server.URL, key.Public)
	require.NoError(t, err)

	none, head, err := client.Newest(t.Context(), "decisions", nil)
	require.NoError(t, err)
	require.Nil(t, none)
	require.Zero(t, head.Size, "nothing was ever sealed")
	honest.add(t, "key", "open", "ballot")
	seen, head, err := client.Newest(t.Context(), "decisions", nil)
	require.NoError(t, err)
	for from, want := range [][]string{{"key", "open", "ballot"}, {"open", "ballot"}, {"ballot"}} {
		list, err := client.Leaves(t.Context(), "decisions", int64(from), head)
		require.NoError(t, err)
		require.Len(t, list, len(want))
		require.Equal(t, leafOf(want[0]), list[0])
	}
	honest.add(t, "close")
	older := seen
	seen, newer, err := client.Newest(t.Context(), "decisions", seen)
	require.NoError(t, err)
	require.NotEqual(t, older, seen)
	require.EqualValues(t, 4, newer.Size)

	forked.add(t, "key", "open", "another ballot", "close", "count")
	shown = forked
	_, err = client.Leaves(t.Context(), "decisions", 1, newer)
	require.ErrorIs(t, err, ErrLedger, "leaves that are not those of what was signed")
	_, _, err = client.Newest(t.Context(), "decisions", seen)
	require.ErrorContains(t, err, "rewritten")
	_, _, err = client.Newest(t.Context(), "decisions", nil)
	require.NoError(t, err, "who has seen nothing cannot tell")
	shown = newHistory(t, key)
	shown.add(t, "key", "open", "ballot")
	_, err = client.Leaves(t.Context(), "decisions", 1, newer)
	require.Error(t, err, "the last one is missing")
	back, _, err := client.Newest(t.Context(), "decisions", seen)
	require.ErrorIs(t, err, ErrLedger, "a ledger that is shorter than what was seen proves nothing: %v", back)

	other, err := ledger.NewKey("test.example/rp")
	require.NoError(t, err)
	rekeyed, err := New(server.URL, other.Public)
	require.NoError(t, err)
	_, _, err = rekeyed.Newest(t.Context(), "decisions", seen)
	require.ErrorIs(t, err, ErrRekeyed)
	_, _, err = rekeyed.Newest(t.Context(), "decisions", nil)
	require.ErrorIs(t, err, ErrLedger, "signed with another key")
}
