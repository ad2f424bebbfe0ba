package ballot

import "github.com/redproperty/redproperty/internal/fault"

// MaxRevision is how often one ballot can be cast.
const MaxRevision = 64

// Secret is the other end of the chain whose end is the token: 32 random bytes that stay with the client.
//
// The server sees token and signature when a ballot is first cast, and whoever runs it could cast the ballot again with
// answers of its own. So each casting shows one link more of a chain of hashes that only the client can walk back:
// revision r is open to who knows the value that hashes r times to the token. Nobody but the client can make a
// revision later than the last one it sent, and the receipt of that one settles what it said.
type Secret [32]byte

// NewSecret draws a secret.
func NewSecret() Secret { return Secret(NewHash()) }

// Token is the token at the end of the chain.
func (s Secret) Token() Token { return Token(climb(Hash(s), MaxRevision)) }

// Opening is the proof of the right to a revision, 1 to MaxRevision; a fault "ballot.revision" for another one.
func (s Secret) Opening(revision int) (Hash, error) {
	if revision < 1 || revision > MaxRevision {
		return Hash{}, wrongRevision()
	}
	return climb(Hash(s), MaxRevision-revision), nil
}

func climb(h Hash, steps int) Hash {
	for range steps {
		h = digest(labelRevision, h[:])
	}
	return h
}

// CheckOpening checks the proof of the right to a revision: a fault "ballot.revision" otherwise.
func (t Token) CheckOpening(revision int, opening Hash) error {
	if revision < 1 || revision > MaxRevision || climb(opening, revision) != Hash(t) {
		return wrongRevision()
	}
	return nil
}

func wrongRevision() error { return fault.New(fault.Invalid, "ballot.revision", "most", MaxRevision) }
