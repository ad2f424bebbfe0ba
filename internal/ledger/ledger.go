// Package ledger keeps transparency logs: Merkle trees of salted hashes in the database, with signed
// checkpoints that leave the machine. Whoever holds an old checkpoint can show that something recorded
// before it was altered, dropped or added. There is one log per purpose: "audit", "rates", "surveys" and
// "decisions".
//
// Trees are those of RFC 6962 as golang.org/x/mod/sumdb/tlog computes them; checkpoints are in the C2SP
// tlog-checkpoint form, signed notes with Ed25519.
package ledger

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
)

// Audit is the name of the log of all changes.
const Audit = "audit"

// ErrForked says that another writer has appended meanwhile; the caller reads the head again.
var ErrForked = errors.New("ledger: the tree grew meanwhile")

// Head is the state of a log.
type Head struct {
	Size int64     `json:"size" doc:"Number of leaves"`
	Root tlog.Hash `json:"root" doc:"Root hash, base64"`
}

// Ledger appends to the logs of one origin and proves what is in them.
type Ledger struct {
	origin string
	signer note.Signer
	verify note.Verifier
	public string
	clock  clock.Clock
}

// New makes a ledger that signs as origin with the key of a signed-note key pair.
func New(origin string, key Key, c clock.Clock) (*Ledger, error) {
	signer, err := note.NewSigner(key.Private)
	if err != nil {
		return nil, fmt.Errorf("ledger key: %w", err)
	}
	verifier, err := note.NewVerifier(key.Public)
	if err != nil {
		return nil, fmt.Errorf("ledger key: %w", err)
	}
	if signer.Name() != origin {
		return nil, fmt.Errorf("ledger key: it is the key of %q, not of ledger.origin %q", signer.Name(), origin)
	}
	if signer.KeyHash() != verifier.KeyHash() {
		return nil, errors.New("ledger key: the private and the public key are not of one pair")
	}
	return &Ledger{origin: origin, signer: signer, verify: verifier, public: key.Public, clock: c}, nil
}

// VerifierKey is the public key, in the text form of signed notes, with which anybody checks checkpoints.
func (l *Ledger) VerifierKey() string { return l.public }

// Head reads the state of a log; a log without leaves has size 0.
func (l *Ledger) Head(ctx context.Context, q dbx.Querier, log string) (Head, error) {
	return head(ctx, q, log)
}

// Append adds leaves in order and returns the new head. It must run in a transaction that has checked
// its lease first; it is conditioned on the size it read, so two writers never fork a log: the slower
// one gets ErrForked or a duplicate key, and nothing of it stays.
func (l *Ledger) Append(ctx context.Context, tx *dbx.Tx, log string, leaves [][32]byte) (Head, error) {
	old, err := head(ctx, tx, log)
	if err != nil || len(leaves) == 0 {
		return old, err
	}
	f, err := frontierOf(old.Size, hashReader{ctx, tx, log})
	if err != nil {
		return old, fmt.Errorf("ledger %s: %w", log, err)
	}
	var large []subtree
	for i, leaf := range leaves {
		f.add(old.Size+int64(i), leaf, func(s subtree) {
			if s.level >= blockLevel {
				large = append(large, s)
			}
		})
	}
	if err := insertLeaves(ctx, tx, log, old.Size, leaves); err != nil {
		return old, err
	}
	if err := insertHashes(ctx, tx, log, large); err != nil {
		return old, err
	}
	now := Head{old.Size + int64(len(leaves)), f.root()}
	return now, moveHead(ctx, tx, log, old, now)
}

// Inclusion proves that the leaf at index is in the tree of the given size.
func (l *Ledger) Inclusion(ctx context.Context, q dbx.Querier, log string, size, index int64) (tlog.RecordProof, error) {
	if err := l.within(ctx, q, log, size); err != nil {
		return nil, err
	}
	if index < 0 || index >= size {
		return nil, fault.InvalidField("query.index", "ledger.index", "size", size)
	}
	return tlog.ProveRecord(size, index, hashReader{ctx, q, log})
}

// Consistency proves that the tree of size from is a prefix of the tree of size to.
func (l *Ledger) Consistency(ctx context.Context, q dbx.Querier, log string, from, to int64) (tlog.TreeProof, error) {
	if err := l.within(ctx, q, log, to); err != nil {
		return nil, err
	}
	if from < 1 || from > to {
		return nil, fault.InvalidField("query.from", "ledger.index", "size", to)
	}
	return tlog.ProveTree(to, from, hashReader{ctx, q, log})
}

// RootAt is the root of the tree when it had the given size.
func (l *Ledger) RootAt(ctx context.Context, q dbx.Querier, log string, size int64) (tlog.Hash, error) {
	return tlog.TreeHash(size, hashReader{ctx, q, log})
}

func (l *Ledger) within(ctx context.Context, q dbx.Querier, log string, size int64) error {
	h, err := head(ctx, q, log)
	if err == nil && (size < 1 || size > h.Size) {
		err = fault.InvalidField("query.size", "ledger.size", "size", h.Size)
	}
	return err
}
