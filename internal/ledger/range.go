package ledger

import (
	"errors"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrRange says that leaves are not all that a tree holds from a place on.
var ErrRange = errors.New("ledger: these are not the leaves of the tree from that place on")

// CheckRange checks that leaves are all that a tree holds from a place to its end: none is left out, none is another. The proof is that of the
// first of them being in the tree: its hashes on the left stand for whatever comes before.
func CheckRange(tree Head, from int64, leaves [][32]byte, first tlog.RecordProof) error {
	if from < 0 || len(leaves) == 0 || int64(len(leaves)) != tree.Size-from {
		return ErrRange
	}
	f, ok := leftOf(tree.Size, from, first)
	if !ok {
		return ErrRange
	}
	for i, leaf := range leaves {
		f.add(from+int64(i), leaf, func(subtree) {})
	}
	if f.root() != tree.Root {
		return ErrRange
	}
	return nil
}

// leftOf is the frontier of what comes before a place: the siblings on the left of the way from the root to it.
func leftOf(size, index int64, way tlog.RecordProof) (out frontier, ok bool) {
	for before := int64(0); size > 1; {
		if len(way) == 0 {
			return nil, false
		}
		level := 0
		for int64(2)<<level < size {
			level++
		}
		half, sibling := int64(1)<<level, way[len(way)-1]
		if way = way[:len(way)-1]; index < half {
			size = half
			continue
		}
		out = append(out, subtree{level, before >> level, sibling})
		before, size, index = before+half, size-half, index-half
	}
	return out, len(way) == 0
}
