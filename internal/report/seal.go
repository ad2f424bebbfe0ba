package report

import (
	"context"
	"errors"
	"time"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/ledger"
)

// Jobs is the background work of the audit, done by one replica at a time.
func (s *Service) Jobs() []job.Job {
	return []job.Job{{Name: "report.seal", Every: 5 * time.Second, Do: s.Seal}}
}

// sealBatch is how many publications are sealed in one transaction.
const sealBatch = 20

// Seal appends the publications that are not in the ledger yet and signs a checkpoint. From then on none can
// be altered, dropped or added unseen.
func (s *Service) Seal(ctx context.Context, l job.Lease) (busy bool, err error) {
	var n int
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		n, err = s.seal(ctx, tx)
		return err
	})
	if errors.Is(err, ledger.ErrForked) {
		return true, nil // another replica was faster: the next round starts from its head
	}
	return n == sealBatch, err
}

func (s *Service) seal(ctx context.Context, tx *dbx.Tx) (int, error) {
	waiting, err := unsealed(ctx, tx, sealBatch)
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	leaves := make([][32]byte, len(waiting))
	for i := range waiting {
		if leaves[i], err = leafOf(ctx, tx, &waiting[i]); err != nil {
			return 0, err
		}
	}
	head, err := s.Ledger.Append(ctx, tx, Log, leaves)
	if err != nil {
		return 0, err
	}
	first := head.Size - int64(len(waiting))
	for i, sn := range waiting {
		if err := setEntry(ctx, tx, sn.ID, first+int64(i)); err != nil {
			return 0, err
		}
	}
	return len(waiting), s.Ledger.Checkpoint(ctx, tx, Log, head)
}

// leafOf computes a snapshot's leaf from what its rows say now.
func leafOf(ctx context.Context, q dbx.Querier, sn *Snapshot) ([32]byte, error) {
	cells, err := cellsOf(ctx, q, sn.ID)
	if err != nil {
		return [32]byte{}, err
	}
	hashes := make([][]byte, len(cells))
	for i, c := range cells {
		h := cellHash(c.Salt, c.cell(), c.Content)
		hashes[i] = h[:]
	}
	return sn.Leaf(hashes), nil
}
