package personal

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/redproperty/redproperty/internal/clock"
)

// SplitSecret splits another secret of the program, such as the ledger's signing key, for the two holders
// of the ring, in the form of ExportShares.
func SplitSecret(secret []byte, day clock.Date) ([Holders]string, error) {
	payload := append(bytes.Clone(secret), secretCheck(secret)...)
	pad, set := make([]byte, len(payload)), make([]byte, 4)
	for _, b := range [][]byte{pad, set} {
		if _, err := rand.Read(b); err != nil {
			return [Holders]string{}, fmt.Errorf("share: %w", err)
		}
	}
	name := hex.EncodeToString(set)
	return [Holders]string{printShare(1, name, day, pad), printShare(2, name, day, xor(payload, pad))}, nil
}

// JoinSecret undoes SplitSecret; the shares may be given in any order. Shares of a ring are refused.
func JoinSecret(a, b string) ([]byte, error) {
	first, second, err := pair(a, b)
	if err != nil {
		return nil, err
	}
	payload := xor(first.data, second.data)
	if len(payload) < secretCheckSize {
		return nil, errNoSecret
	}
	secret, check := payload[:len(payload)-secretCheckSize], payload[len(payload)-secretCheckSize:]
	if !bytes.Equal(check, secretCheck(secret)) {
		return nil, errNoSecret
	}
	return secret, nil
}

var errNoSecret = errors.New("the shares do not hold this secret")

const secretCheckSize = 8

// secretCheck is hidden by the split like the secret; it differs from a ring's, so that one is never taken
// for the other.
func secretCheck(secret []byte) []byte {
	sum := sha256.Sum256(append([]byte("redproperty secret 1\x00"), secret...))
	return sum[:secretCheckSize]
}
