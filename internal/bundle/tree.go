package bundle

import (
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// subtree is a complete part of a tree: 2^level leaves, the n-th of its size.
type subtree struct {
	level int
	n     int64
}

// index is where the ledger stores its root.
func (s subtree) index() int64 { return tlog.StoredHashIndex(s.level, s.n) }

// cover lists the fewest complete subtrees that make up the leaves from from to below to.
func cover(from, to int64) []subtree {
	var out []subtree
	for from < to {
		level := bits.Len64(uint64(to-from)) - 1 // #nosec G115 -- positive
		if from > 0 {
			level = min(level, bits.TrailingZeros64(uint64(from))) // #nosec G115 -- positive
		}
		out = append(out, subtree{level, from >> level})
		from += 1 << level
	}
	return out
}

// tree computes a root from leaves and subtrees that come in order, in memory that grows with the logarithm of their number.
type tree struct {
	next  int64 // leaves so far
	parts []part
}

// part is a complete subtree whose sibling has not come.
type part struct {
	level int
	hash  tlog.Hash
}

// add appends a subtree of 2^level leaves, which must begin at a multiple of its size.
func (t *tree) add(level int, h tlog.Hash) {
	t.next += 1 << level
	t.parts = append(t.parts, part{level, h})
	for n := len(t.parts); n > 1 && t.parts[n-1].level == t.parts[n-2].level; n = len(t.parts) {
		t.parts = append(t.parts[:n-2], part{t.parts[n-1].level + 1, tlog.NodeHash(t.parts[n-2].hash, t.parts[n-1].hash)})
	}
}

// root is the hash of all leaves; of no leaves it is that of an empty tree.
func (t *tree) root() tlog.Hash {
	if len(t.parts) == 0 {
		empty, _ := tlog.TreeHash(0, nil)
		return empty
	}
	h := t.parts[len(t.parts)-1].hash
	for i := len(t.parts) - 2; i >= 0; i-- {
		h = tlog.NodeHash(t.parts[i].hash, h)
	}
	return h
}
