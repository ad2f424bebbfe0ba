package report

import (
	"context"
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
	return ledger.Sealer{DB: s.DB, Ledger: s.Ledger, Log: Log, Batch: sealBatch, Waiting: waiting}.Do(ctx, l)
}

func waiting(ctx context.Context, tx *dbx.Tx, limit int) ([]ledger.Entry, error) {
	list, err := unsealed(ctx, tx, limit)
	out := make([]ledger.Entry, len(list))
	for i, sn := range list {
		leaf, err := leafOf(ctx, tx, &sn)
		if err != nil {
			return nil, err
		}
		out[i] = ledger.Entry{Leaf: leaf, Number: func(ctx context.Context, tx *dbx.Tx, seq int64) error { return setEntry(ctx, tx, sn.ID, seq) }}
	}
	return out, err
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
