package ledger

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/dbx"
)

// StoredHashes reads hashes of a log's tree by their indexes in the storage order of golang.org/x/mod/sumdb/tlog. One that is
// not stored is an error.
func (l *Ledger) StoredHashes(ctx context.Context, q dbx.Querier, log string, indexes []int64) ([]tlog.Hash, error) {
	return hashReader{ctx, q, log}.ReadHashes(indexes)
}
