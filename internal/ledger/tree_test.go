package ledger_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/ledger"
)

// whole is a tree in memory as tlog makes it.
type whole []tlog.Hash

func (t whole) ReadHashes(indexes []int64) (out []tlog.Hash, err error) {
	for _, i := range indexes {
		out = append(out, t[i])
	}
	return out, nil
}

// append1 appends the leaves from one position to another.
func (w *world) append1(from, to int) ledger.Head {
	w.t.Helper()
	var h ledger.Head
	require.NoError(w.t, w.db.InTx(w.t.Context(), func(ctx context.Context, tx *dbx.Tx) (err error) {
		var list [][32]byte
		for i := from; i < to; i++ {
			list = append(list, leaf(i))
		}
		h, err = w.Append(ctx, tx, "test", list)
		return err
	}))
	return h
}

// Whatever the batches, roots and proofs are those of tlog, though hashes below a block are not stored.
func TestRootsAndProofsAreThoseOfTheWholeTree(t *testing.T) {
	each(t, func(w *world) {
		var tree whole
		size := 0
		for _, n := range []int{1, 2, 60, 1, 1, 63, 130, 7, 200} {
			for i := size; i < size+n; i++ {
				l := leaf(i)
				more, err := tlog.StoredHashes(int64(i), l[:], tree)
				require.NoError(t, err)
				tree = append(tree, more...)
			}
			h := w.append1(size, size+n)
			size += n
			root, err := tlog.TreeHash(int64(size), tree)
			require.NoError(t, err)
			require.Equal(t, root, h.Root, "%d leaves", size)
		}
		all := make([]int64, len(tree))
		for i := range all {
			all[i] = int64(i)
		}
		got, err := w.StoredHashes(w.t.Context(), w.db, "test", all)
		require.NoError(t, err)
		require.Equal(t, []tlog.Hash(tree), got)
		for _, at := range []int64{1, 3, 64, 65, 127, 128, 260, int64(size)} {
			root, err := w.RootAt(w.t.Context(), w.db, "test", at)
			require.NoError(t, err)
			want, err := tlog.TreeHash(at, tree)
			require.NoError(t, err)
			require.Equal(t, want, root)
			proof, err := w.Inclusion(w.t.Context(), w.db, "test", at, at/2)
			require.NoError(t, err)
			l := leaf(int(at / 2))
			require.NoError(t, tlog.CheckRecord(proof, at, root, at/2, tlog.RecordHash(l[:])))
		}
		require.Equal(t, 7+3+1, w.count(`SELECT COUNT(*) FROM ledger_hash`), "of blocks of 64 and what they make up")
	})
}

// A database of before has every hash: it goes on as it is, and what is wrong in it is found.
func TestHashesStoredBeforeAreCompared(t *testing.T) {
	each(t, func(w *world) {
		w.append1(0, 3)
		w.exec(`INSERT INTO ledger_hash (log, pos, hash) VALUES ('test', 0, ?)`, of(tlog.RecordHash(of(leaf(0)))))
		_, err := w.problems()
		require.NoError(t, err)
		w.exec(`UPDATE ledger_hash SET hash = (SELECT leaf FROM ledger_leaf WHERE pos = 0)`)
		found, err := w.problems()
		require.NoError(t, err)
		require.Equal(t, []string{"stored hash 0 of the tree is not that of the leaves"}, found)
	})
}

// A leaf that is gone is an error wherever it is needed, and no hash is made without it.
func TestAMissingLeafIsToldWhereItIsNeeded(t *testing.T) {
	each(t, func(w *world) {
		w.append1(0, 70)
		w.exec(`DELETE FROM ledger_leaf WHERE pos = 66`)
		_, err := w.RootAt(w.t.Context(), w.db, "test", 70)
		require.ErrorContains(t, err, "leaf 66 is missing")
		_, err = w.RootAt(w.t.Context(), w.db, "test", 64)
		require.NoError(t, err)
	})
}

func of(h [32]byte) []byte { return h[:] }

func (w *world) problems() ([]string, error) {
	v, err := w.Verify(w.t.Context(), w.db, "test", func(ledger.Leaf) (string, error) { return "", nil })
	return v.Problems, err
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	require.NoError(w.t, w.db.InTx(w.t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	}))
}

func (w *world) count(query string) (n int) {
	w.t.Helper()
	require.NoError(w.t, w.db.Get(w.t.Context(), &n, query))
	return n
}
