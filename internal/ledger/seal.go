package ledger

import (
	"context"
	"errors"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/job"
)

// Entry waits for its place in a log.
type Entry struct {
	Leaf [32]byte
	// Number keeps the place in the entry's own row, and fails when the row has one already.
	Number func(ctx context.Context, tx *dbx.Tx, seq int64) error
}

// Sealer appends what waits to a log, in batches, and signs a checkpoint after each: from then on nothing of it
// can be altered, dropped or added unseen.
type Sealer struct {
	DB     *dbx.DB
	Ledger *Ledger
	Log    string
	Batch  int // how many entries share a transaction
	// Waiting lists up to limit entries without a place. It selects them by that alone, never beyond a last id
	// or time: a transaction that began earlier may commit later.
	Waiting func(ctx context.Context, tx *dbx.Tx, limit int) ([]Entry, error)
}

// Do seals one batch, as a job's work; busy asks for another at once.
func (s Sealer) Do(ctx context.Context, l job.Lease) (busy bool, err error) {
	var n int
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		n, err = s.seal(ctx, tx)
		return err
	})
	if errors.Is(err, ErrForked) {
		return true, nil // another replica was faster: the next round starts from its head
	}
	return n == s.Batch, err
}

func (s Sealer) seal(ctx context.Context, tx *dbx.Tx) (int, error) {
	waiting, err := s.Waiting(ctx, tx, s.Batch)
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	leaves := make([][32]byte, len(waiting))
	for i, e := range waiting {
		leaves[i] = e.Leaf
	}
	head, err := s.Ledger.Append(ctx, tx, s.Log, leaves)
	if err != nil {
		return 0, err
	}
	first := head.Size - int64(len(waiting))
	for i, e := range waiting {
		if err := e.Number(ctx, tx, first+int64(i)); err != nil {
			return 0, err
		}
	}
	return len(waiting), s.Ledger.Checkpoint(ctx, tx, s.Log, head)
}
