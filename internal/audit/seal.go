package audit

import (
	"context"
	"crypto/sha256"
	"encoding/binary"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/ledger"
)

// row is a record as it is stored.
type row struct {
	ID         id.ID         `db:"id"`
	At         clock.Instant `db:"at"`
	Account    *id.ID        `db:"account_id"`
	Person     *id.ID        `db:"person_id"`
	Capacity   string        `db:"capacity"`
	Post       *id.ID        `db:"post_id"`
	Action     string        `db:"action"`
	ObjectKind string        `db:"object_kind"`
	ObjectID   id.ID         `db:"object_id"`
	ScopePath  string        `db:"scope_path"`
	Request    string        `db:"request_id"`
	Detail     string        `db:"detail"`
	Salt       []byte        `db:"salt"`
	Seq        *int64        `db:"seq"`
}

const columns = `id, at, account_id, person_id, capacity, post_id, action, object_kind, object_id, scope_path, request_id, detail, salt, seq`

// leaf is the hash of everything a record says, with its salt, so that a leaf cannot be guessed from
// what probably happened. Each part is preceded by its length: no two records have the same bytes.
func (r row) leaf() [32]byte {
	h := sha256.New()
	part := func(b []byte) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	var at [8]byte
	binary.BigEndian.PutUint64(at[:], uint64(r.At)) // #nosec G115 -- the bits, whatever their sign
	part([]byte("redproperty audit v1"))
	part(r.Salt)
	part(r.ID[:])
	part(at[:])
	for _, p := range []*id.ID{r.Account, r.Person, r.Post} {
		if p == nil {
			part(nil)
			continue
		}
		part(p[:])
	}
	part(r.ObjectID[:])
	for _, s := range []string{r.Capacity, r.Action, r.ObjectKind, r.ScopePath, r.Request, r.Detail} {
		part([]byte(s))
	}
	var sum [32]byte
	h.Sum(sum[:0])
	return sum
}

// sealBatch is how many records are sealed in one transaction.
const sealBatch = 500

// Sealer appends the records that are not yet in the ledger. It is the work of a leased job.
type Sealer struct {
	DB     *dbx.DB
	Ledger *ledger.Ledger
}

// Do seals one batch; busy asks for another at once.
func (s *Sealer) Do(ctx context.Context, l job.Lease) (busy bool, err error) {
	return ledger.Sealer{DB: s.DB, Ledger: s.Ledger, Log: ledger.Audit, Batch: sealBatch, Waiting: waiting}.Do(ctx, l)
}

func waiting(ctx context.Context, tx *dbx.Tx, limit int) ([]ledger.Entry, error) {
	rows, err := unsealed(ctx, tx, limit)
	out := make([]ledger.Entry, len(rows))
	for i, r := range rows {
		out[i] = ledger.Entry{Leaf: r.leaf(), Number: func(ctx context.Context, tx *dbx.Tx, seq int64) error { return number(ctx, tx, r.ID, seq) }}
	}
	return out, err
}
