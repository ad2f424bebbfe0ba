package ledger

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/dbx"
)

// blockLevel is the level of the smallest subtrees whose hashes are stored: those of blocks of 64 leaves. The hashes below them
// are made of the leaves whenever they are asked for, which takes one or two blocks for a proof. So an entry costs one row,
// not three. A database that was filled before has them all; they are compared with the leaves, and not used.
const blockLevel = 6

// kept tells whether the hash at an index in the storage order of tlog must be stored.
func kept(index int64) bool {
	level, _ := tlog.SplitStoredHashIndex(index)
	return level >= blockLevel
}

// subtree is a complete part of a tree: 2^level leaves, the n-th of its size.
type subtree struct {
	level int
	n     int64
	hash  tlog.Hash
}

// frontier is the complete subtrees that make up a tree, the largest first: all that is needed to append to it.
type frontier []subtree

// frontierOf reads that of the first size leaves.
func frontierOf(size int64, r hashReader) (frontier, error) {
	var out frontier
	var indexes []int64
	for level, rest := 0, size; rest > 0; level, rest = level+1, rest>>1 {
		if rest&1 == 1 {
			out = append(out, subtree{level: level, n: rest - 1})
			indexes = append(indexes, tlog.StoredHashIndex(level, rest-1))
		}
	}
	hashes, err := r.ReadHashes(indexes)
	for k := range hashes {
		out[k].hash = hashes[k]
	}
	slices.Reverse(out)
	return out, err
}

// add appends the leaf at a position and calls made with each subtree that it completes.
func (f *frontier) add(pos int64, leaf [32]byte, made func(subtree)) {
	*f = append(*f, subtree{0, pos, recordHash(leaf)})
	made((*f)[len(*f)-1])
	for k := len(*f) - 1; k > 0 && (*f)[k-1].level == (*f)[k].level; k-- {
		left, right := (*f)[k-1], (*f)[k]
		*f = append((*f)[:k-1], subtree{left.level + 1, left.n / 2, nodeHash(left.hash, right.hash)})
		made((*f)[k-1])
	}
}

// root is the hash of all leaves; there is one at least.
func (f frontier) root() tlog.Hash {
	h := f[len(f)-1].hash
	for k := len(f) - 2; k >= 0; k-- {
		h = nodeHash(f[k].hash, h)
	}
	return h
}

// recordHash and nodeHash are tlog's, without memory from the heap (RFC 6962, section 2.1).
func recordHash(leaf [32]byte) tlog.Hash {
	var in [1 + 32]byte
	copy(in[1:], leaf[:])
	return sha256.Sum256(in[:])
}

func nodeHash(left, right tlog.Hash) tlog.Hash {
	var in [1 + 2*tlog.HashSize]byte
	in[0] = 1
	copy(in[1:], left[:])
	copy(in[1+tlog.HashSize:], right[:])
	return sha256.Sum256(in[:])
}

// hashReader gives the hashes of a log's subtrees to tlog: those that are stored, and those made of leaves.
type hashReader struct {
	ctx context.Context //nolint:containedctx // tlog's interface has no context
	q   dbx.Querier
	log string
}

// ReadHashes returns the hashes at the given positions, in their order.
func (r hashReader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var large []int64
	for _, i := range indexes {
		if kept(i) {
			large = append(large, i)
		}
	}
	stored, err := storedHashes(r.ctx, r.q, r.log, large)
	if err != nil {
		return nil, err
	}
	blocks := map[int64][][32]byte{}
	out := make([]tlog.Hash, len(indexes))
	for k, i := range indexes {
		level, n := tlog.SplitStoredHashIndex(i)
		if level >= blockLevel {
			h, ok := stored[i]
			if !ok {
				return nil, fmt.Errorf("ledger %s: stored hash %d is missing", r.log, i)
			}
			out[k] = h
		} else if out[k], err = r.small(blocks, level, n); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// small makes the hash of a subtree smaller than a block; blocks are those whose leaves were read already.
func (r hashReader) small(blocks map[int64][][32]byte, level int, n int64) (tlog.Hash, error) {
	first := n << level
	block := first >> blockLevel
	list, ok := blocks[block]
	if !ok {
		var err error
		if list, err = blockOf(r.ctx, r.q, r.log, block<<blockLevel); err != nil {
			return tlog.Hash{}, err
		}
		blocks[block] = list
	}
	from, to := first-block<<blockLevel, (n+1)<<level-block<<blockLevel
	if to > int64(len(list)) {
		return tlog.Hash{}, fmt.Errorf("ledger %s: leaf %d is missing", r.log, block<<blockLevel+int64(len(list)))
	}
	var f frontier
	for k := from; k < to; k++ {
		f.add(k-from, list[k], func(subtree) {})
	}
	return f.root(), nil
}
