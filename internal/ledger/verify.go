package ledger

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/dbx"
)

// verifyPage is how many leaves are read at once.
const verifyPage = 2000

// Verification is what a check of a log from its leaves found.
type Verification struct {
	Head        Head
	Checkpoints int      // checkpoints whose signature and root are right
	Problems    []string // empty when everything is right
}

// Verify recomputes the log's tree from its leaves, then compares the head and every stored checkpoint.
// leaf is called with each leaf in order and tells what is wrong with it, or "".
func (l *Ledger) Verify(ctx context.Context, q dbx.Querier, log string, leaf func(Leaf) (problem string, err error)) (Verification, error) {
	var v Verification
	var err error
	if v.Head, err = head(ctx, q, log); err != nil {
		return v, err
	}
	t := &memoryTree{}
	if err := l.eachLeaf(ctx, q, log, func(lf Leaf) error {
		if lf.Index != t.size {
			v.add("leaf %d is missing", t.size)
			t.size = lf.Index
			return errStop
		}
		if problem, err := leaf(lf); err != nil {
			return err
		} else if problem != "" {
			v.add("%s", problem)
		}
		return t.add(lf.Hash)
	}); err != nil {
		return v, err
	}
	if len(v.Problems) == 0 { // otherwise they differ from what is stored by what was found
		if err := v.verifyStored(ctx, q, log, t); err != nil {
			return v, err
		}
	}
	return v, l.verifyRoots(ctx, q, log, t, &v)
}

// verifyStored compares the tree's stored hashes, which proofs are made of and new leaves are added to, with those of the
// leaves. The first that differs or is missing is named.
func (v *Verification) verifyStored(ctx context.Context, q dbx.Querier, log string, t *memoryTree) error {
	next := t.nextKept(0)
	err := eachHash(ctx, q, log, func(pos int64, hash tlog.Hash) error {
		switch {
		case pos > next:
			v.add("stored hash %d of the tree is missing", next)
			return errStop
		case pos >= int64(len(t.hashes)) || t.hashes[pos] != hash:
			v.add("stored hash %d of the tree is not that of the leaves", pos)
			return errStop
		case pos == next:
			next = t.nextKept(pos + 1)
		}
		return nil
	})
	if errors.Is(err, errStop) {
		return nil
	}
	if err == nil && next < int64(len(t.hashes)) {
		v.add("stored hash %d of the tree is missing", next)
	}
	return err
}

// nextKept is the first index from one on that must be stored; that behind the tree when none is.
func (t *memoryTree) nextKept(from int64) int64 {
	for from < int64(len(t.hashes)) && !kept(from) {
		from++
	}
	return from
}

func (v *Verification) add(format string, args ...any) {
	if len(v.Problems) < 20 {
		v.Problems = append(v.Problems, fmt.Sprintf(format, args...))
	}
}

var errStop = errors.New("stop")

func (l *Ledger) eachLeaf(ctx context.Context, q dbx.Querier, log string, fn func(Leaf) error) error {
	for from := int64(0); ; {
		page, err := leaves(ctx, q, log, from, verifyPage)
		if err != nil {
			return err
		}
		for _, lf := range page {
			if err := fn(lf); errors.Is(err, errStop) {
				return nil
			} else if err != nil {
				return err
			}
			from = lf.Index + 1
		}
		if len(page) < verifyPage {
			return nil
		}
	}
}

func (l *Ledger) verifyRoots(ctx context.Context, q dbx.Querier, log string, t *memoryTree, v *Verification) error {
	if t.size != v.Head.Size {
		v.add("the head says %d entries, there are %d leaves", v.Head.Size, t.size)
	} else if root, err := tlog.TreeHash(t.size, t); err != nil {
		return err
	} else if root != v.Head.Root {
		v.add("the leaves do not make the root that the head says")
	}
	last := int64(0)
	for {
		page, err := checkpointsFrom(ctx, q, log, last, 500)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, c := range page {
			if problem := l.verifyCheckpoint(t, log, c); problem != "" {
				v.add("after entry %d: %s", last, problem)
				return nil
			}
			v.Checkpoints++
			last = c.Size
		}
	}
}

func (l *Ledger) verifyCheckpoint(t *memoryTree, log string, c Checkpoint) string {
	name, h, err := l.Open(c.Note)
	switch {
	case err != nil:
		return fmt.Sprintf("the checkpoint of %d entries: %v", c.Size, err)
	case name != log || h.Size != c.Size:
		return fmt.Sprintf("the checkpoint stored for %d entries is another one", c.Size)
	case h.Size > t.size:
		return fmt.Sprintf("a checkpoint was signed for %d entries, only %d are left", h.Size, t.size)
	}
	root, err := tlog.TreeHash(h.Size, t)
	if err != nil || root != h.Root {
		return fmt.Sprintf("entries up to %d are not those of the checkpoint signed then", h.Size)
	}
	return ""
}

// memoryTree computes stored hashes from leaves alone, trusting nothing else in the database.
type memoryTree struct {
	size   int64
	hashes []tlog.Hash
}

func (t *memoryTree) add(leaf []byte) error {
	more, err := tlog.StoredHashesForRecordHash(t.size, tlog.RecordHash(leaf), t)
	t.hashes = append(t.hashes, more...)
	t.size++
	return err
}

// ReadHashes is read by tlog.
func (t *memoryTree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for n, i := range indexes {
		if i >= int64(len(t.hashes)) {
			return nil, fmt.Errorf("ledger: hash %d is not known", i)
		}
		out[n] = t.hashes[i]
	}
	return out, nil
}
