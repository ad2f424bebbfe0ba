package ballot

import (
	"crypto/sha256"
	"errors"
	"hash"

	"github.com/redproperty/redproperty/internal/id"
)

// RollHasher fixes a frozen roll: the hashes of its lines in ascending order, so that the order of dwellings tells nothing. A line's
// hash is salted with the dwelling's secret: only its household finds itself among them.
type RollHasher struct {
	sum  hash.Hash
	last Hash
	n    int64
}

// NewRollHasher begins the roll of a round.
func NewRollHasher(round id.ID) *RollHasher {
	h := &RollHasher{sum: sha256.New()}
	h.sum.Write([]byte("redproperty survey roll 1\x00"))
	h.sum.Write(round[:])
	return h
}

// Add takes in the next line; lines that do not ascend are an error.
func (h *RollHasher) Add(line Hash) error {
	if h.n > 0 && h.last.Compare(line) >= 0 {
		return errors.New("the lines of the roll do not ascend")
	}
	h.last = line
	h.n++
	h.sum.Write(line[:])
	return nil
}

// Lines counts the lines so far.
func (h *RollHasher) Lines() int64 { return h.n }

// Sum is the hash of the roll.
func (h *RollHasher) Sum() Hash { return Hash(h.sum.Sum(nil)) }
