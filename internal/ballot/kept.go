package ballot

import (
	"encoding/base64"

	"fmt"
	"strings"

	"github.com/redproperty/redproperty/internal/id"
)

// keptMark opens the text of a ballot that somebody keeps.
const keptMark = "RPB1."

// Lengths of the binary form of a kept ballot before its signature: round, key, secret, prefix.
const keptHead = 16 + 3*32

// Kept is a finished ballot with its secret, as a client stores it and an envelope holds it: with it alone a ballot can
// be cast and, until closing, cast again.
type Kept struct {
	Round     id.ID
	Key       Hash
	Secret    Secret
	Prefix    Hash
	Signature []byte
}

// Ballot is the part that the server sees.
func (k Kept) Ballot() Ballot {
	return Ballot{Key: k.Key, Token: k.Secret.Token(), Prefix: k.Prefix, Signature: k.Signature}
}

// Name is the public name of the ballot.
func (k Kept) Name() Hash { return k.Secret.Token().Hash(k.Round) }

// String is one line, as printed in an envelope and in its QR code. Who reads it can vote.
func (k Kept) String() string {
	b := make([]byte, 0, keptHead+len(k.Signature))
	for _, part := range [][]byte{k.Round[:], k.Key[:], k.Secret[:], k.Prefix[:], k.Signature} {
		b = append(b, part...)
	}
	return keptMark + base64.RawURLEncoding.EncodeToString(b)
}

// MarshalText writes the line.
func (k Kept) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the line.
func (k *Kept) UnmarshalText(text []byte) error {
	v, err := ParseKept(string(text))
	if err == nil {
		*k = v
	}
	return err
}

// ParseKept reads the line; a fault "ballot.malformed" otherwise. It does not verify.
func ParseKept(text string) (Kept, error) {
	rest, ok := strings.CutPrefix(text, keptMark)
	if !ok {
		return Kept{}, malformed(fmt.Errorf("want %s at the beginning", keptMark))
	}
	for _, bits := range Sizes {
		if b, err := unbase64(rest, keptHead+bits/8); err == nil {
			return Kept{Round: id.ID(b[:16]), Key: Hash(b[16:48]), Secret: Secret(b[48:80]), Prefix: Hash(b[80:112]), Signature: b[112:]}, nil
		}
	}
	return Kept{}, malformed(fmt.Errorf("a kept ballot of %d characters", len(text)))
}
