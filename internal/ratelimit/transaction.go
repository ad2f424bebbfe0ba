package ratelimit

import (
	"errors"
	"fmt"
	"strconv"
)

// Errors of building a batch. They are defects of the caller, never of the client.
var (
	// ErrTag refuses transactions of different hash tags in one batch.
	ErrTag = errors.New("ratelimit: the transactions of a batch must share family and context")
	// ErrDuplicate refuses two transactions on one bucket in one batch.
	ErrDuplicate = errors.New("ratelimit: two transactions on one bucket")
	// ErrCost refuses a cost below zero or above what the limit lets one call cost.
	ErrCost = errors.New("ratelimit: cost out of range")
	// ErrContext refuses a context that is not 1-40 of a-z, 0-9, dot, dash or underscore.
	ErrContext = errors.New("ratelimit: malformed context")
	// ErrSubject refuses an empty or invalid account, phone, address or id.
	ErrSubject = errors.New("ratelimit: malformed subject")
	// ErrNoBatch is returned by Decide for a Batch that no Builder made, so that a caller who overlooks
	// a building error is not admitted.
	ErrNoBatch = errors.New("ratelimit: not a built batch")
)

// Kind is what a transaction does; see the package comment.
type Kind uint8

// The kinds of transaction. The zero Kind does nothing.
const (
	AllowOnly Kind = iota
	CheckAndSpend
	CheckOnly
	SpendOnly
	ResetOnly
)

// String returns the kind's word.
func (k Kind) String() string {
	switch k {
	case CheckAndSpend:
		return "check-and-spend"
	case CheckOnly:
		return "check-only"
	case SpendOnly:
		return "spend-only"
	case ResetOnly:
		return "reset-only"
	}
	return "allow-only"
}

func (k Kind) checks() bool { return k == CheckAndSpend || k == CheckOnly }

func (k Kind) spends() bool { return k == CheckAndSpend || k == SpendOnly }

// transaction is one step on one bucket.
type transaction struct {
	name  Name
	kind  Kind
	key   string // complete: {family:context}:number:subject
	cost  int64  // tokens
	limit Limit
	pace  pace
	// former is the key of an earlier bucket whose debt this one takes over; "" for none. Only the memory does this.
	former string
}

// alone tells whether the transaction is decided in this process in any case; all of a batch are, or none.
func (t transaction) alone() bool {
	family := specs[t.name].family
	return family == castFamily || family == drawFamily
}

// enforced tells whether a lack of room refuses the batch.
func (t transaction) enforced() bool { return t.kind.checks() && !t.limit.RecordOnly }

func (t transaction) operation() operation {
	op := operation{key: t.key, former: t.former, cost: t.cost * t.pace.emission, window: t.pace.window}
	if t.enforced() {
		op.act |= actCheck
	}
	if t.kind.spends() {
		op.act |= actSpend
	}
	if t.kind == ResetOnly {
		op.act |= actReset
	}
	return op
}

// Batch is a list of transactions that is decided and written as a whole. Only a Builder makes one; it can
// be used again.
type Batch struct {
	tag  string
	txns []transaction
}

// Tag is the hash tag that all keys of the batch share, for example {login:370612}.
func (b Batch) Tag() string { return b.tag }

// Merge makes one batch of several. It returns ErrTag when their tags differ, ErrDuplicate when two touch
// the same bucket, ErrNoBatch when one was not built.
func Merge(batches ...Batch) (Batch, error) {
	var all Batch
	for _, b := range batches {
		if b.tag == "" {
			return Batch{}, ErrNoBatch
		}
		if all.tag != "" && b.tag != all.tag {
			return Batch{}, fmt.Errorf("%w: %s and %s", ErrTag, all.tag, b.tag)
		}
		all.tag = b.tag
		all.txns = append(all.txns, b.txns...)
	}
	return all.check()
}

func (b Batch) check() (Batch, error) {
	for i, t := range b.txns {
		for _, earlier := range b.txns[:i] {
			if t.key == earlier.key {
				return Batch{}, fmt.Errorf("%w: %s", ErrDuplicate, t.name)
			}
		}
	}
	if len(b.txns) == 0 {
		return Batch{}, ErrNoBatch
	}
	return b, nil
}

// live returns the transactions that need a source.
func (b Batch) live() []transaction {
	live := make([]transaction, 0, len(b.txns))
	for _, t := range b.txns {
		if t.kind != AllowOnly {
			live = append(live, t)
		}
	}
	return live
}

func operations(txns []transaction) []operation {
	ops := make([]operation, len(txns))
	for i, t := range txns {
		ops[i] = t.operation()
	}
	return ops
}

// bucketKey writes the complete key of a bucket.
func bucketKey(tag string, n Name, subject string) string {
	return tag + ":" + strconv.Itoa(int(n)) + ":" + subject
}

func hashTag(family, context string) (string, error) {
	if len(context) == 0 || len(context) > 40 {
		return "", fmt.Errorf("%w: length %d", ErrContext, len(context))
	}
	for _, c := range []byte(context) {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '.', c == '-', c == '_':
		default:
			return "", ErrContext
		}
	}
	return "{" + family + ":" + context + "}", nil
}
