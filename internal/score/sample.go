package score

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/redproperty/redproperty/internal/fault"
)

// The sample. Before the roll is frozen the street, the committee and the company each choose a secret of at least
// MinSecret random bytes and publish only its commitment. When the roll is frozen all secrets are opened, and the
// seed is the hash of them together with the roll's hash. Nobody could know it before, since one honest secret is
// enough; nobody could choose the roll to fit it, nor the secret to fit the roll. A party that does not open its
// secret stops it: going on without it would let the last to open choose between two samples.
const (
	commitmentDomain = "redproperty/sample/commitment/v1"
	seedDomain       = "redproperty/sample/seed/v1"
	orderDomain      = "redproperty/sample/order/v1"

	// MinSecret is the least length of a secret in bytes.
	MinSecret = 16
)

// Hash is a SHA-256 value.
type Hash = [sha256.Size]byte

// digest hashes a domain and parts, each led by its length in eight bytes, most significant first: no two
// different lists of parts give the same input.
func digest(domain string, parts ...[]byte) (h Hash) {
	d := sha256.New()
	write := func(p []byte) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		d.Write(n[:])
		d.Write(p)
	}
	write([]byte(domain))
	for _, p := range parts {
		write(p)
	}
	d.Sum(h[:0])
	return h
}

// Opening is a party's secret with the commitment that it made to it.
type Opening struct {
	Party      string // its fixed name in the round: "street", "committee", "company"
	Commitment Hash
	Secret     []byte
}

// Commit is the commitment of a party to its secret for a round. The round and the party are part of it, so that
// a commitment can be neither used again nor copied by another.
func Commit(round, party string, secret []byte) Hash {
	return digest(commitmentDomain, []byte(round), []byte(party), secret)
}

// Seed is the seed of a round's sample from the opened secrets, in the order in which the round lists its parties,
// and the hash of the frozen roll. Fault: score.commitments where a secret is short or is not what was committed
// to, or a party appears twice.
func Seed(round string, roll Hash, openings []Opening) (Hash, error) {
	parts := [][]byte{[]byte(round), roll[:]}
	seen := map[string]bool{}
	for _, o := range openings {
		if len(o.Secret) < MinSecret || seen[o.Party] || Commit(round, o.Party, o.Secret) != o.Commitment {
			return Hash{}, fault.New(fault.Invalid, "score.commitments")
		}
		seen[o.Party] = true
		parts = append(parts, []byte(o.Party), o.Secret)
	}
	if len(openings) == 0 {
		return Hash{}, fault.New(fault.Invalid, "score.commitments")
	}
	return digest(seedDomain, parts...), nil
}

// Order is the hash by which a key stands in the draw: the lowest are chosen.
func Order(seed Hash, key string) Hash { return digest(orderDomain, seed[:], []byte(key)) }

// Sample draws n of a stratum's dwellings: each dwelling's key is hashed with the seed, and the n lowest hashes
// are chosen. It returns their positions in keys, ascending. The choice depends on the set of keys alone, not on
// their order; each stratum is drawn by its own call with the same seed. Fault: score.draw for a key that is
// empty or appears twice, or n outside 0 to the number of keys.
func Sample(seed Hash, keys []string, n int) ([]int, error) {
	if n < 0 || n > len(keys) {
		return nil, fault.New(fault.Invalid, "score.draw")
	}
	hashes := make([]Hash, len(keys))
	order := make([]int, len(keys))
	for i, k := range keys {
		if k == "" {
			return nil, fault.New(fault.Invalid, "score.draw")
		}
		hashes[i], order[i] = Order(seed, k), i
	}
	slices.SortFunc(order, func(i, j int) int { return bytes.Compare(hashes[i][:], hashes[j][:]) })
	for at := 1; at < len(order); at++ {
		if hashes[order[at]] == hashes[order[at-1]] {
			return nil, fault.New(fault.Invalid, "score.draw")
		}
	}
	drawn := order[:n]
	slices.Sort(drawn)
	return drawn, nil
}
