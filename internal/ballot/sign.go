package ballot

import (
	"context"
	"time"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// retryAfter is when somebody who found no free place may come again.
const retryAfter = 2 * time.Second

// gate lets so many in at once. Waiting ends with the caller's context.
type gate chan struct{}

func (g gate) enter(ctx context.Context) error {
	select {
	case g <- struct{}{}:
		return nil
	default:
	}
	select {
	case g <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fault.New(fault.Unavailable, "ballot.busy").After(retryAfter).Because(ctx.Err())
	}
}

func (g gate) leave() { <-g }

// Signer signs blinded messages, with at most so many keys at work at once: a signature costs milliseconds of a whole
// core. One signer serves all keys of a process.
type Signer struct{ gate gate }

// NewSigner makes a signer for at least one signature at once.
func NewSigner(atOnce int) *Signer { return &Signer{make(gate, max(1, atOnce))} }

// BlindSign signs a blinded message; the same message gives the same signature. Faults: "ballot.blinded" for a message
// of a wrong length or range, "ballot.busy" (Unavailable, with a hint when to retry) when ctx ends before a place is
// free, "ballot.key_destroyed". The caller gives ctx the time that waiting may take.
func (s *Signer) BlindSign(ctx context.Context, key *PrivateKey, blinded []byte) ([]byte, error) {
	if err := key.public.checkBlinded(blinded); err != nil {
		return nil, err
	}
	if err := s.gate.enter(ctx); err != nil {
		return nil, err
	}
	defer s.gate.leave()
	return key.blindSign(blinded)
}

// Verifier verifies ballots for the anonymous route, at most so many at once, so that forged ones cannot take every
// core.
type Verifier struct{ gate gate }

// NewVerifier makes a verifier for at least one check at once.
func NewVerifier(atOnce int) *Verifier { return &Verifier{make(gate, max(1, atOnce))} }

// Verify is PublicKey.Verify behind the gate; "ballot.busy" as with BlindSign.
func (v *Verifier) Verify(ctx context.Context, key *PublicKey, round id.ID, b Ballot) error {
	if err := v.gate.enter(ctx); err != nil {
		return err
	}
	defer v.gate.leave()
	return key.Verify(round, b)
}
