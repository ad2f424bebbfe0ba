package ballot

import (
	"crypto/rand"
	"fmt"
	"math/big"

	"github.com/redproperty/redproperty/internal/id"
)

// Batch is a lot of paper ballots that waits for its signatures.
type Batch struct{ pending []*Pending }

// PrintBatch prepares n ballots of a stratum for envelopes. It runs on a machine of its own; the server only signs.
func PrintBatch(public *PublicKey, round id.ID, n int) (*Batch, error) {
	b := &Batch{make([]*Pending, n)}
	for i := range b.pending {
		p, err := prepare(public, round)
		if err != nil {
			return nil, err
		}
		b.pending[i] = p
	}
	return b, nil
}

// Blinded are the messages to have signed, in order.
func (b *Batch) Blinded() [][]byte {
	out := make([][]byte, len(b.pending))
	for i, p := range b.pending {
		out[i] = p.Blinded()
	}
	return out
}

// Finish makes the ballots of the signatures, which come in the order of Blinded, and shuffles them: the order in which
// envelopes are printed tells nothing of the order in which the server signed.
func (b *Batch) Finish(blindSignatures [][]byte) ([]Kept, error) {
	if len(blindSignatures) != len(b.pending) {
		return nil, malformed(fmt.Errorf("%d signatures for %d ballots", len(blindSignatures), len(b.pending)))
	}
	out := make([]Kept, len(b.pending))
	for i, p := range b.pending {
		kept, err := p.Finish(blindSignatures[i])
		if err != nil {
			return nil, err
		}
		out[i] = kept
	}
	return out, shuffle(out)
}

// shuffle puts a list into an order that is random and equally likely to be any (Fisher and Yates), with the
// randomness that keys are made of.
func shuffle[T any](list []T) error {
	for i := len(list) - 1; i > 0; i-- {
		j, err := rand.Int(rand.Reader, big.NewInt(int64(i+1)))
		if err != nil {
			return fmt.Errorf("shuffle: %w", err)
		}
		list[i], list[j.Int64()] = list[j.Int64()], list[i]
	}
	return nil
}
