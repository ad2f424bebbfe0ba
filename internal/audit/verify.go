package audit

import (
	"bytes"
	"context"
	"fmt"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/ledger"
)

// Report is what `redproperty verify audit` found.
type Report struct {
	Entries     int64          // sealed records
	Checkpoints int            // signed checkpoints that fit
	Unsealed    int64          // records that wait to be sealed: not yet protected
	Oldest      *clock.Instant // the oldest of them
	Problems    []string       // what was altered, dropped or added, the first of each kind by its number
}

// Verify recomputes every sealed record's hash from what the record says now, and the tree from the
// hashes, and compares them with the ledger and its signed checkpoints. A record that was altered,
// dropped or added after sealing is named by its number.
func Verify(ctx context.Context, q dbx.Querier, l *ledger.Ledger) (Report, error) {
	records := &cursor{q: q}
	v, err := l.Verify(ctx, q, ledger.Audit, func(lf ledger.Leaf) (string, error) {
		return records.compare(ctx, lf)
	})
	if err != nil {
		return Report{}, err
	}
	r := Report{Entries: v.Head.Size, Checkpoints: v.Checkpoints, Problems: v.Problems}
	if extra, err := records.beyond(ctx, v.Head.Size); err != nil {
		return r, err
	} else if extra != "" {
		r.Problems = append(r.Problems, extra)
	}
	r.Unsealed, r.Oldest, err = tail(ctx, q)
	return r, err
}

// cursor walks the sealed records beside the leaves.
type cursor struct {
	q    dbx.Querier
	page []row
	bad  bool // one altered or dropped record is named; those after it are not compared again
}

func (c *cursor) compare(ctx context.Context, lf ledger.Leaf) (string, error) {
	if c.bad {
		return "", nil
	}
	if len(c.page) == 0 {
		var err error
		if c.page, err = sealedFrom(ctx, c.q, lf.Index, 1000); err != nil {
			return "", err
		}
	}
	if len(c.page) == 0 || *c.page[0].Seq != lf.Index {
		c.bad = true
		return fmt.Sprintf("entry %d was dropped", lf.Index), nil
	}
	r := c.page[0]
	c.page = c.page[1:]
	if leaf := r.leaf(); !bytes.Equal(leaf[:], lf.Hash) {
		c.bad = true
		return fmt.Sprintf("entry %d (%s of %s at %s) was altered", lf.Index, r.Action, r.ObjectKind, r.At), nil
	}
	return "", nil
}

func (c *cursor) beyond(ctx context.Context, size int64) (string, error) {
	extra, err := sealedFrom(ctx, c.q, size, 1)
	if err != nil || len(extra) == 0 {
		return "", err
	}
	return fmt.Sprintf("entry %d (%s) was added: the ledger ends before it", *extra[0].Seq, extra[0].Action), nil
}
