package teller

import (
	"bytes"
	"crypto"
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/rand"
	_ "crypto/sha256" // of the proofs
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/zk/dleq"

	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/tally"
)

// Ballot is a sealed ballot as it is counted. Of a paper that two persons entered it holds what each of them sealed: nobody can compare these
// before they are opened, and one of the two alone must not decide what is counted.
type Ballot struct {
	Head   int          `json:"head"`
	Weight tally.Weight `json:"weight"`
	Sealed []byte       `json:"sealed"`
	Second []byte       `json:"second,omitempty" doc:"Of a paper ballot: what the other person sealed"`
}

// NewBallot is a ballot as it is kept: of a paper, what two persons sealed, one after the other.
func NewBallot(c Context, head int, w tally.Weight, kept []byte) Ballot {
	if len(kept) == 2*c.Size() {
		return Ballot{head, w, kept[:c.Size()], kept[c.Size():]}
	}
	return Ballot{Head: head, Weight: w, Sealed: kept}
}

// Kept is what NewBallot was given: what the ledger commits to.
func (b Ballot) Kept() []byte { return slices.Concat(b.Sealed, b.Second) }

// pieces are what is opened of ballots, each by itself.
func pieces(ballots []Ballot) []Ballot {
	out := make([]Ballot, 0, len(ballots))
	for _, b := range ballots {
		out = append(out, Ballot{Head: b.Head, Weight: b.Weight, Sealed: b.Sealed})
		if len(b.Second) > 0 {
			out = append(out, Ballot{Head: b.Head, Weight: b.Weight, Sealed: b.Second})
		}
	}
	return out
}

// Part is what one teller contributes to the opening of a list of ballots: a point for each, and proofs that the points were made with
// the teller's share. By itself it opens nothing.
type Part struct {
	Teller int      `json:"teller"`
	Points [][]byte `json:"points"`
	Proofs [][]byte `json:"proofs"` // one for each batch
}

// batch is how many ballots share a proof.
const batch = 10_000

var proving = dleq.Params{G: curve, H: crypto.SHA256, DST: []byte("redproperty teller part 1")}

// Part makes this teller's part for the ballots, in their order.
func (s *Secret) Part(key Key, ballots []Ballot) (Part, error) {
	share, public := curve.NewScalar(), curve.NewElement()
	if err := share.UnmarshalBinary(s.Share); err != nil || len(s.Share) == 0 {
		return Part{}, ErrSecret
	}
	if public.MulGen(share); !same(public, key.Parts[s.No-1]) {
		return Part{}, ErrSecret
	}
	ballots = pieces(ballots)
	out := Part{Teller: s.No, Points: make([][]byte, len(ballots))}
	bases, err := bases(ballots)
	if err != nil {
		return Part{}, err
	}
	for from := 0; from < len(bases); from += batch {
		some := bases[from:min(from+batch, len(bases))]
		made := make([]group.Element, len(some))
		for i, b := range some {
			made[i] = curve.NewElement().Mul(b, share)
			if out.Points[from+i], err = made[i].MarshalBinaryCompress(); err != nil {
				return Part{}, err
			}
		}
		proof, err := dleq.Prover{Params: proving}.ProveBatch(share, curve.Generator(), public, some, made, rand.Reader)
		if err != nil {
			return Part{}, err
		}
		raw, err := proof.MarshalBinary()
		if err != nil {
			return Part{}, err
		}
		out.Proofs = append(out.Proofs, raw)
	}
	return out, nil
}

func same(p group.Element, compressed []byte) bool {
	b, err := p.MarshalBinaryCompress()
	return err == nil && bytes.Equal(b, compressed)
}

// bases are the encapsulated keys of ballots.
func bases(ballots []Ballot) ([]group.Element, error) {
	out := make([]group.Element, len(ballots))
	for i, b := range ballots {
		p := curve.NewElement()
		if len(b.Sealed) < encLen {
			return nil, fmt.Errorf("%w: head %d", ErrOpen, b.Head)
		}
		if err := p.UnmarshalBinary(b.Sealed[:encLen]); err != nil || p.IsIdentity() {
			return nil, fmt.Errorf("%w: head %d", ErrOpen, b.Head)
		}
		out[i] = p
	}
	return out, nil
}

// Check wants a part that its teller's share made for exactly these ballots.
func (p Part) Check(key Key, ballots []Ballot) ([]group.Element, error) {
	ballots = pieces(ballots)
	wrong := fmt.Errorf("%w: teller %d", ErrPart, p.Teller)
	if p.Teller < 1 || p.Teller > Tellers || len(p.Points) != len(ballots) || len(p.Proofs) != (len(ballots)+batch-1)/batch {
		return nil, wrong
	}
	public, err := point(key.Parts[p.Teller-1])
	if err != nil {
		return nil, wrong
	}
	from, err := bases(ballots)
	if err != nil {
		return nil, err
	}
	made := make([]group.Element, len(p.Points))
	for i, raw := range p.Points {
		if made[i], err = point(raw); err != nil {
			return nil, wrong
		}
	}
	for i, raw := range p.Proofs {
		var proof dleq.Proof
		lo, hi := i*batch, min((i+1)*batch, len(made))
		if err := proof.UnmarshalBinary(curve, raw); err != nil || !(dleq.Verifier{Params: proving}).VerifyBatch(curve.Generator(), public, from[lo:hi], made[lo:hi], &proof) {
			return nil, wrong
		}
	}
	return made, nil
}

// joined is the private key of a vote as far as one encapsulated key needs it: what two parts give together.
type joined struct {
	public *ecdh.PublicKey
	enc    []byte
	shared []byte
}

// ECDH gives the shared secret of the one encapsulated key.
func (j joined) ECDH(remote *ecdh.PublicKey) ([]byte, error) {
	if !bytes.Equal(remote.Bytes(), j.enc) {
		return nil, ErrOpen
	}
	return j.shared, nil
}

// PublicKey is the vote's.
func (j joined) PublicKey() *ecdh.PublicKey { return j.public }

// Curve is P-256.
func (j joined) Curve() ecdh.Curve { return ecdh.P256() }

// Open opens ballots with the parts of two tellers and calls each with every one's choices. Nil choices are a ballot that does not open
// or holds no choices, or a paper of which two persons sealed different ones: whoever did it spoiled it, and it must not hold up the count.
// Nothing is kept.
func Open(key Key, c Context, ballots []Ballot, a, b Part, each func(Ballot, []Choice)) error {
	list := pieces(ballots)
	var opened [][]Choice
	err := openEach(key, ballots, a, b, func(i int, private hpke.PrivateKey) {
		c.Head = list[i].Head
		plain, err := hpke.Open(private, kdf, aead, c.info(), list[i].Sealed)
		if err != nil {
			plain = nil
		}
		opened = append(opened, read(plain, c.Items))
	})
	if err != nil {
		return err
	}
	for _, ballot := range ballots {
		choices := opened[0]
		if opened = opened[1:]; len(ballot.Second) > 0 {
			choices = agreed(choices, opened[0])
			opened = opened[1:]
		}
		each(ballot, choices)
	}
	return nil
}

// agreed are the choices that two persons sealed of one paper; nil where they did not seal the same.
func agreed(a, b []Choice) []Choice {
	if !slices.Equal(a, b) {
		return nil
	}
	return a
}

// openEach calls each with the key of every piece's own encapsulated key, which is what two tellers' parts give together.
func openEach(key Key, ballots []Ballot, a, b Part, each func(int, hpke.PrivateKey)) error {
	if a.Teller == b.Teller {
		return fmt.Errorf("%w: one teller alone opens nothing", ErrPart)
	}
	first, err := a.Check(key, ballots)
	if err != nil {
		return err
	}
	second, err := b.Check(key, ballots)
	if err != nil {
		return err
	}
	public, err := ecdh.P256().NewPublicKey(key.Public)
	if err != nil {
		return ErrDealing
	}
	la, lb := lagrange(a.Teller, b.Teller), lagrange(b.Teller, a.Teller)
	for i, ballot := range pieces(ballots) {
		sum := curve.NewElement().Mul(first[i], la)
		sum.Add(sum, curve.NewElement().Mul(second[i], lb))
		full, err := sum.MarshalBinary()
		if err != nil {
			return err
		}
		private, err := hpke.NewDHKEMPrivateKey(joined{public, ballot.Sealed[:encLen], full[1:33]})
		if err != nil {
			return err
		}
		each(i, private)
	}
	return nil
}

// lagrange is the weight of a teller's part beside another's.
func lagrange(me, other int) group.Scalar {
	apart := curve.NewScalar().Sub(number(other), number(me))
	return curve.NewScalar().Mul(number(other), apart.Inv(apart))
}

// Count opens and counts in memory. Spoiled are the heads whose ballots hold nothing that could be read.
func Count(key Key, c Context, form []Question, ballots []Ballot, a, b Part) (out Outcome, spoiled []int, err error) {
	out, c.Items = NewOutcome(form), len(form)
	err = Open(key, c, ballots, a, b, func(ballot Ballot, choices []Choice) {
		out.Add(form, ballot.Weight, choices)
		if choices == nil {
			spoiled = append(spoiled, ballot.Head)
		}
	})
	return out, spoiled, err
}

// partInfo binds a sealed part to whom it is from and for, and to what it opens: the whole vote, or one opening.
func partInfo(vote, purpose id.ID, from, to int) []byte {
	out := append([]byte("redproperty teller part 1\x00"), vote[:]...)
	out = append(out, purpose[:]...)
	return append(out, byte(from), byte(to))
}

// SendPart seals a part to another teller: the server passes it on and cannot open it. It goes to whom this teller dealt to, and to no key that
// a server names later: with the parts of two tellers that one would open every ballot.
func (s *Secret) SendPart(p Part, purpose id.ID, to int) ([]byte, error) {
	raw, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	return sealTo(s.DealtTo[to-1], partInfo(s.Vote, purpose, s.No, to), raw)
}

// ReceivePart opens a part that another teller has sent.
func (s *Secret) ReceivePart(sealed []byte, purpose id.ID, from int) (Part, error) {
	raw, err := s.openFor(partInfo(s.Vote, purpose, from, s.No), sealed)
	if err != nil {
		return Part{}, err
	}
	var p Part
	if err := json.Unmarshal(raw, &p); err != nil || p.Teller != from {
		return Part{}, errors.Join(ErrPart, err)
	}
	return p, nil
}
