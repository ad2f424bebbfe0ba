package ledger

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/dbx"
)

// Leaves lists up to limit leaves of a log from a place on, in their order.
func (l *Ledger) Leaves(ctx context.Context, q dbx.Querier, log string, from int64, limit int) ([]Leaf, error) {
	return leaves(ctx, q, log, from, limit)
}

// StoredHashes reads hashes of a log's tree by their indexes in the storage order of golang.org/x/mod/sumdb/tlog. One that is
// not stored is an error.
func (l *Ledger) StoredHashes(ctx context.Context, q dbx.Querier, log string, indexes []int64) ([]tlog.Hash, error) {
	return hashReader{ctx, q, log}.ReadHashes(indexes)
}
