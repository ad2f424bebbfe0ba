// Package ballot is the cryptography of ballots that nobody can trace: a household draws a ballot by name and casts it
// without one, and neither act can be joined to the other, not even by whoever holds the whole database.
//
// The signature is a blind one (RFC 9474, RSABSSA-SHA384-PSS-Randomized): the server signs a message it cannot see, and
// later recognises its signature on a message it has never seen. Everything else is SHA-256 and Ed25519: names of
// ballots, proofs of revision, commitments, receipts, seals and ledger leaves.
//
// The package is pure. It knows no database, no network and no log; what it refuses it refuses with a fault, and no
// fault carries a secret.
package ballot

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Labels keep hashes and signatures of one purpose from standing for another. A change of what is hashed needs a new
// version here and in the web client.
const (
	labelMessage    = "redproperty ballot v1"
	labelToken      = "redproperty token v1"
	labelRevision   = "redproperty revision v1"
	labelText       = "redproperty text v1"
	labelAnswers    = "redproperty answers v1"
	labelAttributes = "redproperty attributes v1"
	labelReceipt    = "redproperty receipt v1"
	labelNonce      = "redproperty draw nonce v1"
	labelDraw       = "redproperty draw v1"
	labelDrawTag    = "redproperty draw tag v1"
	labelSheet      = "redproperty sheet v1"
	labelSheetSalt  = "redproperty sheet salt v1"
	labelBatch      = "redproperty batch v1"
	labelList       = "redproperty envelopes v1"
	labelBadge      = "redproperty badge v1"
	labelSlip       = "redproperty slip v1"
)

// encode joins a label and parts without ambiguity: the length of the label in two bytes and the label, then for each
// part its length in four bytes and the part, all big-endian.
func encode(label string, parts ...[]byte) []byte {
	n := 2 + len(label)
	for _, p := range parts {
		n += 4 + len(p)
	}
	return appendEncoded(make([]byte, 0, n), label, parts...)
}

func appendEncoded(out []byte, label string, parts ...[]byte) []byte {
	out = binary.BigEndian.AppendUint16(out, uint16(len(label))) // #nosec G115 -- labels are the constants above
	out = append(out, label...)
	for _, p := range parts {
		out = binary.BigEndian.AppendUint32(out, uint32(len(p))) // #nosec G115 -- parts are bounded by the size of a request
		out = append(out, p...)
	}
	return out
}

// digest hashes the encoding. What is short, as nearly all is, takes no memory from the heap.
func digest(label string, parts ...[]byte) Hash {
	var space [512]byte
	return sha256.Sum256(appendEncoded(space[:0], label, parts...))
}

// strict reads base64url in its one form.
var strict = base64.RawURLEncoding.Strict()

// Hash is a SHA-256 value, or 32 random bytes. As text it is base64url without padding, 43 characters.
type Hash [32]byte

// NewHash draws 32 random bytes: salts, prefixes, secrets.
func NewHash() Hash {
	var h Hash
	rand.Read(h[:]) // never fails: without randomness it ends the program
	return h
}

// IsZero tells whether no hash is set.
func (h Hash) IsZero() bool { return h == Hash{} }

// String is the text form.
func (h Hash) String() string { return base64.RawURLEncoding.EncodeToString(h[:]) }

// Compare orders hashes by their bytes.
func (h Hash) Compare(other Hash) int { return bytes.Compare(h[:], other[:]) }

// MarshalText writes the text form.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads the one text form there is for a value.
func (h *Hash) UnmarshalText(text []byte) error {
	var read Hash
	if len(text) != base64.RawURLEncoding.EncodedLen(len(h)) {
		return malformed(fmt.Errorf("want %d characters of base64url", base64.RawURLEncoding.EncodedLen(len(h))))
	}
	if n, err := strict.Decode(read[:], text); err != nil || n != len(h) { // fewer where there are line breaks, which it passes over
		return malformed(fmt.Errorf("want base64url of %d bytes", len(h)))
	}
	*h = read
	return nil
}

// Value stores the 32 bytes.
func (h Hash) Value() (driver.Value, error) { return h[:], nil }

// Scan reads the 32 bytes.
func (h *Hash) Scan(src any) error {
	b, ok := src.([]byte)
	if !ok || len(b) != len(h) {
		return fmt.Errorf("cannot read %T as a hash of 32 bytes", src)
	}
	copy(h[:], b)
	return nil
}

// ParseHash reads the text form of a hash; a fault "ballot.malformed" otherwise.
func ParseHash(text string) (Hash, error) {
	var h Hash
	return h, h.UnmarshalText([]byte(text))
}

// unbase64 reads base64url without padding of exactly n bytes, in its one spelling. Line breaks, which the decoder
// passes over, are caught by the length.
func unbase64(text string, n int) ([]byte, error) {
	if len(text) != base64.RawURLEncoding.EncodedLen(n) {
		return nil, malformed(fmt.Errorf("want %d characters of base64url", base64.RawURLEncoding.EncodedLen(n)))
	}
	b, err := strict.DecodeString(text)
	if err != nil || len(b) != n {
		return nil, malformed(fmt.Errorf("want base64url of %d bytes", n))
	}
	return b, nil
}

func malformed(cause error) error {
	return fault.New(fault.Invalid, "ballot.malformed").Because(cause)
}

// Token is the ballot itself: who holds it, with its signature, has a vote. The client makes it and the server first
// sees it when it is cast. It is the end of a chain of hashes (see Secret), so it looks like 32 random bytes.
type Token [32]byte

// Hash is the ballot's public name in a round: the primary key of its response, and what receipts and leaves say.
func (t Token) Hash(round id.ID) Hash { return digest(labelToken, round[:], t[:]) }

// TokenAt is the token that an opening belongs to: the opening is the proof of the right to the revision, 1 to MaxRevision. A
// fault "ballot.revision" for another one.
func TokenAt(revision int, opening Hash) (Token, error) {
	if revision < 1 || revision > MaxRevision {
		return Token{}, wrongRevision()
	}
	return Token(climb(opening, revision)), nil
}

// MarshalText writes base64url, 43 characters.
func (t Token) MarshalText() ([]byte, error) { return Hash(t).MarshalText() }

// UnmarshalText reads the one text form there is for a value.
func (t *Token) UnmarshalText(text []byte) error { return (*Hash)(t).UnmarshalText(text) }

// Ballot is a token with the signature of a stratum's key.
type Ballot struct {
	Key       Hash // the id of the key that signed it
	Token     Token
	Prefix    Hash // the random prefix of RFC 9474, section 4.1
	Signature []byte
}

// Message is what the signature is over, before the prefix: it binds the token to its round and key.
func Message(round id.ID, key Hash, token Token) []byte {
	return encode(labelMessage, round[:], key[:], token[:])
}

// prepared is the message as RFC 9474 prepares it: a random prefix, then the message.
func prepared(prefix Hash, message []byte) []byte { return append(prefix[:], message...) }

// ballotJSON is the JSON form of a ballot. The order of fields is part of it.
type ballotJSON struct {
	Key       Hash   `json:"key"`
	Token     Token  `json:"token"`
	Prefix    Hash   `json:"prefix"`
	Signature string `json:"signature"`
}

// MarshalJSON writes the canonical form: key, token, prefix, signature, all base64url without padding.
func (b Ballot) MarshalJSON() ([]byte, error) {
	return json.Marshal(ballotJSON{b.Key, b.Token, b.Prefix, base64.RawURLEncoding.EncodeToString(b.Signature)})
}

// UnmarshalJSON reads the canonical form and no other; white space between its parts is allowed.
func (b *Ballot) UnmarshalJSON(body []byte) error {
	var in ballotJSON
	if err := strictJSON(body, &in); err != nil {
		return err
	}
	signature, err := parseSignature(in.Signature)
	if err == nil {
		*b = Ballot{in.Key, in.Token, in.Prefix, signature}
	}
	return err
}

// parseSignature reads a signature of one of the sizes there are.
func parseSignature(text string) ([]byte, error) {
	for _, bits := range Sizes {
		if b, err := unbase64(text, bits/8); err == nil {
			return b, nil
		}
	}
	return nil, malformed(fmt.Errorf("the signature has the size of no key"))
}

// strictJSON reads one JSON value that has exactly the fields of into, in its order, each once and spelled exactly so:
// two texts that read differently to different readers are not accepted.
func strictJSON(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return malformed(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, body); err != nil {
		return malformed(err)
	}
	again, err := canonical(into)
	if err != nil || !bytes.Equal(again, compact.Bytes()) {
		return malformed(fmt.Errorf("not in the canonical form"))
	}
	return nil
}

// canonical writes a struct in the order of its fields, without white space.
func canonical(v any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}
