package ballot

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/redproperty/redproperty/internal/id"
)

// Batch is a lot of paper ballots that waits for its signatures. It holds their codes: it never leaves the machine that prints.
type Batch struct {
	public *PublicKey
	round  id.ID
	codes  []SheetCode
	waits  []*Pending
}

// Sheet is a finished paper ballot with the code that is printed on it.
type Sheet struct {
	Code SheetCode
	Kept Kept
}

// PrintBatch prepares n ballots of a stratum for envelopes. It runs on a machine of its own; the server only signs.
func PrintBatch(key TrustedKey, n int) (*Batch, error) {
	return printBatch(key.public, key.opened.Round, n)
}

func printBatch(public *PublicKey, round id.ID, n int) (*Batch, error) {
	b := &Batch{public: public, round: round, codes: make([]SheetCode, n), waits: make([]*Pending, n)}
	for i := range b.waits {
		code, err := NewSheetCode()
		if err != nil {
			return nil, err
		}
		b.codes[i] = code
		if b.waits[i], err = prepare(public, round, code.Secret(round)); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// Blinded are the messages to have signed, in order.
func (b *Batch) Blinded() [][]byte {
	out := make([][]byte, len(b.waits))
	for i, p := range b.waits {
		out[i] = p.Blinded()
	}
	return out
}

// Finish makes the ballots of the signatures, which come in the order of Blinded, and shuffles them: the order in which
// envelopes are printed tells nothing of the order in which the server signed.
func (b *Batch) Finish(blindSignatures [][]byte) ([]Sheet, error) {
	if len(blindSignatures) != len(b.waits) {
		return nil, malformed(fmt.Errorf("%d signatures for %d ballots", len(blindSignatures), len(b.waits)))
	}
	out := make([]Sheet, len(b.waits))
	for i, p := range b.waits {
		kept, err := p.Finish(blindSignatures[i])
		if err != nil {
			return nil, err
		}
		out[i] = Sheet{b.codes[i], kept}
	}
	return out, shuffle(out)
}

// Manifest is what the server is given of finished sheets: the ballots without their codes, ascending by token. It tells neither
// in which order they were signed nor in which they were printed, and nobody can cast with it.
func Manifest(sheets []Sheet) []Ballot {
	out := make([]Ballot, len(sheets))
	for i, s := range sheets {
		out[i] = s.Kept.Ballot()
	}
	slices.SortFunc(out, func(a, b Ballot) int { return Hash(a.Token).Compare(Hash(b.Token)) })
	return out
}

// BatchHash fixes a list of blinded messages: the same list is signed again, another one is not.
func BatchHash(blinded [][]byte) Hash { return digest(labelBatch, blinded...) }

// ListHash fixes a manifest.
func ListHash(ballots []Ballot) Hash {
	parts := make([][]byte, 0, 3*len(ballots))
	for _, b := range ballots {
		parts = append(parts, b.Token[:], b.Prefix[:], b.Signature)
	}
	return digest(labelList, parts...)
}

// SlipHash stands in a draw where a dwelling took an envelope: it looks as that of a blinded token does, so that the draw does not tell
// paper from the web.
func SlipHash(slip Hash) Hash { return digest(labelSlip, slip[:]) }

// batchJSON is the stored form of a batch. The order of fields is part of it.
type batchJSON struct {
	Round  id.ID      `json:"round"`
	Key    string     `json:"key"` // SPKI
	Sheets []waitJSON `json:"sheets"`
}

type waitJSON struct {
	Code   SheetCode `json:"code"`
	Prefix Hash      `json:"prefix"`
	Salt   string    `json:"salt"`
	Factor string    `json:"factor"`
}

// MarshalJSON writes what ParseBatch reads. It is as secret as all its ballots.
func (b *Batch) MarshalJSON() ([]byte, error) {
	text := base64.RawURLEncoding.EncodeToString
	out := batchJSON{Round: b.round, Key: text(b.public.spki)}
	for i, p := range b.waits {
		out.Sheets = append(out.Sheets, waitJSON{b.codes[i], p.prefix, text(p.salt[:]), text(p.factor)})
	}
	return json.Marshal(out)
}

// ParseBatch reads a stored batch; a fault "ballot.malformed" otherwise. Its key is trusted since it was when the batch was made.
func ParseBatch(body []byte) (*Batch, error) {
	var in batchJSON
	if err := strictJSON(body, &in); err != nil {
		return nil, err
	}
	spki, err := base64.RawURLEncoding.Strict().DecodeString(in.Key)
	if err != nil {
		return nil, malformed(err)
	}
	public, err := ParsePublicKey(spki)
	if err != nil {
		return nil, err
	}
	if len(in.Sheets) == 0 {
		return nil, malformed(errors.New("a batch of nothing"))
	}
	b := &Batch{public: public, round: in.Round}
	for _, w := range in.Sheets {
		p := &Pending{public: public, round: in.Round, secret: w.Code.Secret(in.Round), prefix: w.Prefix}
		if err := p.restore(w.Salt, w.Factor); err != nil {
			return nil, err
		}
		b.codes, b.waits = append(b.codes, w.Code), append(b.waits, p)
	}
	return b, nil
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
