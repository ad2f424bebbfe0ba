package teller

import (
	"crypto/hpke"
	"crypto/sha256"
	"encoding/binary"
	"math/bits"

	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/tally"
)

// Question is what an owner can choose for an item: up to Most of the options, or against all of them, or abstain.
type Question struct {
	Options int `json:"options" minimum:"1" maximum:"30" doc:"1 where one says yes or no"`
	Most    int `json:"most" minimum:"1" maximum:"30" doc:"How many may be chosen"`
}

// Choice is the choice for one item: a bit for each option, or one of the two below.
type Choice uint32

// What can be chosen on every ballot, whatever the options.
const (
	Against Choice = 1 << 30 // against; of several options: none of them
	Abstain Choice = 1 << 31
)

// Option is the choice of an option, from 0.
func Option(n int) Choice { return 1 << n }

// Fits tells whether a choice can be made for the question.
func (q Question) Fits(c Choice) bool {
	if c == Against || c == Abstain {
		return true
	}
	chosen := bits.OnesCount32(uint32(c))
	return chosen >= 1 && chosen <= q.Most && c < Option(q.Options)
}

// Context is what a sealed choice belongs to: it opens nowhere else.
type Context struct {
	Vote  id.ID
	Form  [32]byte // hash of the items as they were announced
	Head  int      // on the frozen roll
	Items int
}

func (c Context) info() []byte {
	out := append([]byte("redproperty sealed choice 1\x00"), c.Vote[:]...)
	out = append(out, c.Form[:]...)
	return binary.BigEndian.AppendUint32(out, uint32(c.Head))
}

// Size is the length of a sealed choice, so that it tells nothing: encapsulated key, version, four bytes an item, tag.
func (c Context) Size() int { return encLen + 1 + 4*c.Items + 16 }

const (
	encLen        = 65
	choiceVersion = 1
)

// Seal seals the choices of a ballot to the vote's key: the encapsulated key, then the ciphertext.
func Seal(public []byte, c Context, choices []Choice) ([]byte, error) {
	key, err := kem.NewPublicKey(public)
	if err != nil {
		return nil, ErrSecret
	}
	plain := []byte{choiceVersion}
	for _, one := range choices {
		plain = binary.BigEndian.AppendUint32(plain, uint32(one))
	}
	return hpke.Seal(key, kdf, aead, c.info(), plain)
}

// CheckSealed tells whether a sealed choice has the form of one; whether it opens is known at the count.
func CheckSealed(c Context, sealed []byte) error {
	if len(sealed) != c.Size() {
		return ErrOpen
	}
	return CheckReach(sealed[:encLen])
}

// Commitment names a ballot in the ledger: vote, head, revision, channel and the sealed choice.
func Commitment(c Context, revision int, channel string, sealed []byte) [32]byte {
	h := sha256.New()
	h.Write([]byte("redproperty vote ballot 1\x00"))
	h.Write(c.info())
	h.Write(binary.BigEndian.AppendUint32(nil, uint32(revision)))
	h.Write([]byte(channel))
	h.Write([]byte{0})
	h.Write(sealed)
	return [32]byte(h.Sum(nil))
}

// Mark hides a choice on paper from whoever has not the paper: two persons who enter the same paper make the same mark. The code
// is printed on the paper alone.
func Mark(c Context, code string, choices []Choice) [32]byte {
	h := sha256.New()
	h.Write([]byte("redproperty vote paper 1\x00"))
	h.Write(c.info())
	h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(code))))
	h.Write([]byte(code))
	for _, one := range choices {
		h.Write(binary.BigEndian.AppendUint32(nil, uint32(one)))
	}
	return [32]byte(h.Sum(nil))
}

// read reads an opened ballot; nil when it is none.
func read(plain []byte, items int) []Choice {
	if len(plain) != 1+4*items || plain[0] != choiceVersion {
		return nil
	}
	out := make([]Choice, items)
	for i := range out {
		out[i] = Choice(binary.BigEndian.Uint32(plain[1+4*i:]))
	}
	return out
}

// ItemOutcome is what was chosen for an item, in area and heads.
type ItemOutcome struct {
	Options []tally.Weight `json:"options" doc:"In favour of each option"`
	Against tally.Weight   `json:"against" doc:"Against; of several options: none of them"`
	Abstain tally.Weight   `json:"abstain"`
	Void    tally.Weight   `json:"void" doc:"Ballots that opened and hold no choice that could be made"`
}

// Outcome is the count of a vote.
type Outcome struct {
	Joined tally.Weight  `json:"joined" doc:"Everybody whose ballot counts, abstentions and void ones too"`
	Items  []ItemOutcome `json:"items"`
}

// NewOutcome is a count of nothing.
func NewOutcome(form []Question) Outcome {
	out := Outcome{Items: make([]ItemOutcome, len(form))}
	for i, q := range form {
		out.Items[i].Options = make([]tally.Weight, q.Options)
	}
	return out
}

// Add counts a ballot.
func (o *Outcome) Add(form []Question, w tally.Weight, choices []Choice) {
	o.Joined = o.Joined.Add(w)
	for i, q := range form {
		at := &o.Items[i]
		switch {
		case choices == nil || !q.Fits(choices[i]):
			at.Void = at.Void.Add(w)
		case choices[i] == Against:
			at.Against = at.Against.Add(w)
		case choices[i] == Abstain:
			at.Abstain = at.Abstain.Add(w)
		default:
			for n := range q.Options {
				if choices[i]&Option(n) != 0 {
					at.Options[n] = at.Options[n].Add(w)
				}
			}
		}
	}
}
