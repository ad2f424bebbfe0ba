package ledger

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"
)

// The leaves from every place of every small tree lead to its root; one that is left out, changed or added does not.
func TestARangeIsWholeOrRefused(t *testing.T) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, at := range indexes {
			out[i] = stored[at]
		}
		return out, nil
	})
	var all [][32]byte
	for size := int64(1); size <= 40; size++ {
		leaf := [32]byte{byte(size)}
		all = append(all, leaf)
		hashes, err := tlog.StoredHashes(size-1, leaf[:], reader)
		require.NoError(t, err)
		stored = append(stored, hashes...)
		root, err := tlog.TreeHash(size, reader)
		require.NoError(t, err)
		tree := Head{size, root}
		for from := range size {
			first, err := tlog.ProveRecord(size, from, reader)
			require.NoError(t, err)
			rest := append([][32]byte{}, all[from:]...)
			require.NoError(t, CheckRange(tree, from, rest, first), "%d of %d", from, size)
			require.ErrorIs(t, CheckRange(tree, from, rest[1:], first), ErrRange)
			require.ErrorIs(t, CheckRange(tree, from+1, rest[1:], first), ErrRange, "another place's proof")
			require.ErrorIs(t, CheckRange(tree, from, append(rest, leaf), first), ErrRange)
			rest[len(rest)-1][31]++
			require.ErrorIs(t, CheckRange(tree, from, rest, first), ErrRange)
		}
	}
	require.ErrorIs(t, CheckRange(Head{}, 0, nil, nil), ErrRange)
}
