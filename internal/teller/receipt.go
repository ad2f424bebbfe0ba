package teller

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"

	"github.com/redproperty/redproperty/internal/id"
)

// ErrReceipt says that a receipt is none, or not of this vote.
var ErrReceipt = errors.New("teller: not a receipt of this vote")

// Receipt is what a voter keeps: which ballot the server promised to count. It shows no choice.
type Receipt struct {
	Vote       id.ID
	Head       int
	Revision   int
	Commitment [32]byte
	Signature  []byte
}

const receiptForm = "RPV1"

// Promise signs a receipt with a vote's receipt key, which is made of seed.
func Promise(seed [32]byte, r Receipt) Receipt {
	r.Signature = ed25519.Sign(ed25519.NewKeyFromSeed(seed[:]), r.signed())
	return r
}

// ReceiptKey is the public half of a vote's receipt key.
func ReceiptKey(seed [32]byte) []byte {
	return ed25519.NewKeyFromSeed(seed[:]).Public().(ed25519.PublicKey)
}

func (r Receipt) text() string {
	return strings.Join([]string{receiptForm, r.Vote.String(), strconv.Itoa(r.Head), strconv.Itoa(r.Revision), hex.EncodeToString(r.Commitment[:])}, ".")
}

func (r Receipt) signed() []byte { return []byte("redproperty vote receipt\x00" + r.text()) }

// String is the one line that a voter keeps.
func (r Receipt) String() string {
	return r.text() + "." + base64.RawURLEncoding.EncodeToString(r.Signature)
}

// MarshalText writes the line.
func (r Receipt) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads it.
func (r *Receipt) UnmarshalText(b []byte) (err error) {
	*r, err = ParseReceipt(string(b))
	return err
}

// ParseReceipt reads the line; whether its signature holds is another question.
func ParseReceipt(s string) (Receipt, error) {
	parts := strings.Split(strings.TrimSpace(s), ".")
	if len(parts) != 6 || parts[0] != receiptForm {
		return Receipt{}, ErrReceipt
	}
	var r Receipt
	var errs [5]error
	var commitment []byte
	r.Vote, errs[0] = id.Parse(parts[1])
	r.Head, errs[1] = strconv.Atoi(parts[2])
	r.Revision, errs[2] = strconv.Atoi(parts[3])
	commitment, errs[3] = hex.DecodeString(parts[4])
	r.Signature, errs[4] = base64.RawURLEncoding.Strict().DecodeString(parts[5])
	if errors.Join(errs[:]...) != nil || len(commitment) != 32 || len(r.Signature) != ed25519.SignatureSize {
		return Receipt{}, ErrReceipt
	}
	r.Commitment = [32]byte(commitment)
	return r, nil
}

// Check wants the signature of the vote's receipt key.
func (r Receipt) Check(key []byte) error {
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, r.signed(), r.Signature) {
		return ErrReceipt
	}
	return nil
}
