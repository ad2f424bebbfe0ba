package ballot

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// receiptMark opens a receipt's text, so that a person and a program see what it is.
const receiptMark = "RPR1."

// Lengths of a receipt's binary form: round, key, token hash, commitment, revision, signature.
const (
	receiptBody   = 16 + 3*32 + 4
	receiptLength = receiptBody + ed25519.SignatureSize
)

// Receipt is the signed promise that a response with this commitment and revision, or a later revision of it, is
// counted under this key. It shows no answer: without the salt the commitment says nothing. It names the key, so that a
// household that was shown a key of its own, on a forked ledger, can prove it once the round's keys are in the bundle.
type Receipt struct {
	Round      id.ID
	Key        Hash // the id of the key that signed the ballot
	Token      Hash // the token's hash
	Commitment Hash
	Revision   int
	Signature  []byte
}

// ReceiptKey signs the receipts of one round. Its public half is in the leaf that opened the round.
type ReceiptKey struct{ key ed25519.PrivateKey }

// NewReceiptKey makes a key.
func NewReceiptKey() ReceiptKey { return ReceiptKeyFrom(NewHash()) }

// ReceiptKeyFrom makes the key of a seed, as it was kept sealed.
func ReceiptKeyFrom(seed Hash) ReceiptKey { return ReceiptKey{ed25519.NewKeyFromSeed(seed[:])} }

// Seed is what to keep, sealed.
func (k ReceiptKey) Seed() Hash { return Hash(k.key.Seed()) }

// Public is the Ed25519 public key.
func (k ReceiptKey) Public() Hash { return Hash(k.key.Public().(ed25519.PublicKey)) }

// Sign makes the receipt of a response; the same response gives the same receipt. The revision is one of 1 to
// MaxRevision, as CheckOpening has found it.
func (k ReceiptKey) Sign(round id.ID, key, token, commitment Hash, revision int) Receipt {
	r := Receipt{Round: round, Key: key, Token: token, Commitment: commitment, Revision: revision}
	r.Signature = ed25519.Sign(k.key, encode(labelReceipt, r.body()))
	return r
}

func (r Receipt) body() []byte {
	out := make([]byte, 0, receiptLength)
	out = append(out, r.Round[:]...)
	out = append(out, r.Key[:]...)
	out = append(out, r.Token[:]...)
	out = append(out, r.Commitment[:]...)
	return binary.BigEndian.AppendUint32(out, uint32(r.Revision)) // #nosec G115 -- 1 to MaxRevision
}

// Verify checks the receipt with the round's public key: a fault "ballot.receipt" otherwise.
func (r Receipt) Verify(public Hash) error {
	if !ed25519.Verify(public[:], encode(labelReceipt, r.body()), r.Signature) {
		return fault.New(fault.Invalid, "ballot.receipt")
	}
	return nil
}

// Kept tells whether the promise was kept by the leaf of the response with this token: it is of the same key, and in the
// revision promised with the same commitment, or in a later one that the client itself has made.
func (r Receipt) Kept(e Response) bool {
	same := e.Round == r.Round && e.Key == r.Key && e.Token == r.Token
	return same && (e.Revision > r.Revision || e.Revision == r.Revision && e.Commitment == r.Commitment)
}

// String is one line of 245 characters to keep, to print or to show as a QR code.
func (r Receipt) String() string {
	return receiptMark + base64.RawURLEncoding.EncodeToString(append(r.body(), r.Signature...))
}

// MarshalText writes the line.
func (r Receipt) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the line.
func (r *Receipt) UnmarshalText(text []byte) error {
	v, err := ParseReceipt(string(text))
	if err == nil {
		*r = v
	}
	return err
}

// ParseReceipt reads the line; a fault "ballot.malformed" otherwise. It does not verify.
func ParseReceipt(text string) (Receipt, error) {
	rest, ok := strings.CutPrefix(text, receiptMark)
	if !ok {
		return Receipt{}, malformed(fmt.Errorf("want %s at the beginning", receiptMark))
	}
	b, err := unbase64(rest, receiptLength)
	if err != nil {
		return Receipt{}, err
	}
	revision := binary.BigEndian.Uint32(b[112:116])
	if revision < 1 || revision > MaxRevision {
		return Receipt{}, malformed(errors.New("no such revision"))
	}
	return Receipt{Round: id.ID(b[:16]), Key: Hash(b[16:48]), Token: Hash(b[48:80]), Commitment: Hash(b[80:112]),
		Revision: int(revision), Signature: b[116:]}, nil
}
