// Package votebundle is everything that a vote is verified with, in one file of JSON: the items as they were announced, the frozen roll, the
// tellers' dealings, every sealed ballot, what the ledger has of the vote with proofs, and the outcome. Verifying needs no server; with the
// secrets of two tellers it counts again. No name is in it, and no choice.
package votebundle

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
)

// Form is how a bundle says what it is. One of the first form says nothing of other leaves that the ledger may have of the vote.
const (
	Form      = "redproperty vote bundle 2"
	firstForm = "redproperty vote bundle 1"
)

// Log is the name of the ledger's log of owners' decisions.
const Log = "decisions"

// Hash is 32 bytes, hex in JSON.
type Hash [32]byte

// String writes hex.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText writes hex.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads hex.
func (h *Hash) UnmarshalText(b []byte) error {
	raw, err := hex.DecodeString(string(b))
	if err != nil || len(raw) != len(h) {
		return errors.New("want 64 hex digits")
	}
	*h = Hash(raw)
	return nil
}

// Unit is a line of the frozen roll.
type Unit struct {
	Unit   id.ID  `json:"unit"`
	Head   int    `json:"head"`
	Area   int64  `json:"area"` // 0.01 m²
	Source string `json:"source"`
}

// Ballot is the last revision of a head's ballot.
type Ballot struct {
	Head       int    `json:"head"`
	Revision   int    `json:"revision"`
	Channel    string `json:"channel"`
	Sealed     []byte `json:"sealed"` // of a paper what two persons sealed, one after the other
	Commitment Hash   `json:"commitment"`
}

// Leaf is what the ledger has of the vote, with its place.
type Leaf struct {
	Kind  string           `json:"kind"`
	Body  string           `json:"body"`
	Entry int64            `json:"entry"`
	Proof tlog.RecordProof `json:"proof,omitempty"` // of the first form alone
}

// Range is everything that the ledger holds from the vote's first leaf on, whosever it is: hashes.
type Range struct {
	From   int64            `json:"from"`
	First  tlog.RecordProof `json:"first"` // that the first of them is in the tree of the checkpoint
	Leaves [][]byte         `json:"leaves"`
}

// Bundle is the whole file.
type Bundle struct {
	Form       string                         `json:"form"`
	Vote       id.ID                          `json:"vote"`
	Title      string                         `json:"title"`
	Place      string                         `json:"place"`
	Items      json.RawMessage                `json:"items"` // the text that the form's hash is of
	Questions  []teller.Question              `json:"questions"`
	Matters    []tally.Item                   `json:"matters"`
	Roll       []Unit                         `json:"roll"`
	Reach      teller.Reaches                 `json:"reach"`
	Dealings   [teller.Tellers]teller.Dealing `json:"dealings"`
	Ballots    []Ballot                       `json:"ballots"`
	Leaves     []Leaf                         `json:"leaves"`
	Range      *Range                         `json:"range,omitempty"` // from the second form on
	Checkpoint string                         `json:"checkpoint"`      // signed by the ledger
	Outcome    *teller.Outcome                `json:"outcome,omitempty"`
	Salt       *Hash                          `json:"outcomeSalt,omitempty"` // goes with the outcome
	Spoiled    []int                          `json:"spoiled,omitempty"`
	Official   string                         `json:"official,omitempty"` // the municipal system whose result it is
}

// Read reads a bundle.
func Read(r io.Reader) (Bundle, error) {
	var b Bundle
	dec := json.NewDecoder(io.LimitReader(r, 1<<30))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&b); err != nil {
		return b, fmt.Errorf("this is no bundle of a vote: %w", err)
	}
	if b.Form != Form && b.Form != firstForm || (b.Form == Form) != (b.Range != nil) {
		return b, fmt.Errorf("this is no bundle of a vote: it says %q", b.Form)
	}
	return b, nil
}

// FormHash is what every sealed choice is bound to: the items as they were announced.
func FormHash(items []byte) Hash {
	return sha256.Sum256(append([]byte("redproperty vote items 1\x00"), items...))
}

// RollHash is the hash of a roll: every unit with its head, area and where the area is known from, in the order of the units' identifiers. Who
// owns is not in it: a line names a unit, and the posting is where owners find themselves.
func RollHash(vote id.ID, roll []Unit) Hash {
	list := slices.Clone(roll)
	slices.SortFunc(list, func(a, b Unit) int { return cmp.Compare(a.Unit.String(), b.Unit.String()) })
	h := sha256.New()
	fmt.Fprintf(h, "redproperty vote roll 1\n%s\n", vote)
	for _, u := range list {
		fmt.Fprintf(h, "%s %d %d %s\n", u.Unit, u.Head, u.Area, u.Source)
	}
	return Hash(h.Sum(nil))
}

// BoxHash is the hash of the ballots that are counted, by their commitments in the order of the heads.
func BoxHash(vote id.ID, commitments []Hash) Hash {
	h := sha256.New()
	h.Write([]byte("redproperty vote box 1\x00"))
	h.Write(vote[:])
	for _, c := range commitments {
		h.Write(c[:])
	}
	return Hash(h.Sum(nil))
}

// OutcomeHash is the hash of an outcome as two tellers handed it in. Without the salt whoever knows the roll could try every outcome of a small
// scope, and have the totals that are not shown.
func OutcomeHash(salt Hash, out teller.Outcome) (Hash, error) {
	raw, err := json.Marshal(out)
	h := sha256.New()
	h.Write([]byte("redproperty vote outcome 1\x00"))
	h.Write(salt[:])
	h.Write(raw)
	return Hash(h.Sum(nil)), err
}
