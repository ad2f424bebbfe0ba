// Package teller is the cryptography of owners' votes by real name with sealed choices. Three tellers of different sides make a
// key together, without anybody ever holding it: each deals a secret of their own in shares (Feldman's verifiable sharing), the
// key is the sum of the secrets, and any two shares open a choice. Choices are sealed by HPKE (RFC 9180) to that key; opening
// one takes a part from each of two tellers, made for that choice and proved to be right, so that the private key is never put
// together, not even for the count. See docs/adr/0015-sealed-choices.md.
package teller

import (
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"reflect"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/secretsharing"

	"github.com/redproperty/redproperty/internal/id"
)

// Tellers is how many there are, Threshold how many of them open a choice.
const (
	Tellers   = 3
	Threshold = 2
)

var (
	curve = group.P256
	kem   = hpke.DHKEM(ecdh.P256())
	kdf   = hpke.HKDFSHA256()
	aead  = hpke.AES256GCM()
)

// Errors of the ceremony and of opening; what they wrap says which teller or ballot.
var (
	ErrDealing = errors.New("teller: a dealing is not in order")
	ErrPart    = errors.New("teller: a part was not made with the teller's share")
	ErrOpen    = errors.New("teller: a choice does not open")
	ErrSecret  = errors.New("teller: the secret is not in order")
	ErrScan    = errors.New("teller: a picture is not the one that was entered")
)

// Secret is what a teller keeps to themselves: on paper or a device of their own, never on a server.
type Secret struct {
	Vote      id.ID    `json:"vote"`
	No        int      `json:"no"`                // 1 to 3
	Transport []byte   `json:"transport"`         // private key by which the others reach this teller
	Own       []byte   `json:"own,omitempty"`     // the share of one's own dealing that is for oneself
	Dealing   *Dealing `json:"dealing,omitempty"` // as it was sent, so that sending it again sends the same
	DealtTo   Reaches  `json:"dealtTo"`           // whom it was sealed to
	Share     []byte   `json:"share,omitempty"`   // the sum of the shares that were dealt to this teller
	Ledger    *Known   `json:"ledger,omitempty"`  // as the device saw it last
	Since     *int64   `json:"since,omitempty"`   // how many entries the log of decisions had before the key was made
}

// Known is what a device has seen of the ledger: whose it is, and the newest checkpoint. A ledger that does not go on from it is not believed.
type Known struct {
	Key  string `json:"key"`
	Note string `json:"note"`
}

// Reaches are the keys by which the three tellers are reached.
type Reaches [Tellers][]byte

// Dealing is a teller's part in making the key: commitments for everybody, and a share for each other teller, sealed to them.
type Dealing struct {
	From        int               `json:"from" minimum:"1" maximum:"3"`
	Commitments [Threshold][]byte `json:"commitments" doc:"Points of P-256, compressed, base64"`
	Shares      []SealedShare     `json:"shares" minItems:"2" maxItems:"2" doc:"For each of the others"`
}

// SealedShare is a share that only the teller can open whom it is for.
type SealedShare struct {
	To     int    `json:"to" minimum:"1" maximum:"3"`
	Sealed []byte `json:"sealed" minLength:"4" maxLength:"400" doc:"Base64"`
}

// share is what a dealing has for a teller; nil for nothing.
func (d Dealing) share(to int) []byte {
	for _, s := range d.Shares {
		if s.To == to {
			return s.Sealed
		}
	}
	return nil
}

// Key is a vote's public key with what the parts of each teller are checked against.
type Key struct {
	Public []byte          `json:"public" doc:"Point of P-256, uncompressed, base64: choices are sealed to it (HPKE, DHKEM P-256, HKDF-SHA256, AES-256-GCM)"`
	Parts  [Tellers][]byte `json:"parts" doc:"Public counterpart of each teller's share, compressed, base64"`
	Hash   [32]byte        `json:"-"`
}

// Start makes the secret of the teller with a number.
func Start(vote id.ID, no int) (*Secret, error) {
	if no < 1 || no > Tellers {
		return nil, ErrSecret
	}
	k, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	return &Secret{Vote: vote, No: no, Transport: k.Bytes()}, nil
}

// Reach is the public key by which the others reach this teller.
func (s *Secret) Reach() ([]byte, error) {
	k, err := ecdh.P256().NewPrivateKey(s.Transport)
	if err != nil {
		return nil, ErrSecret
	}
	return k.PublicKey().Bytes(), nil
}

// CheckReach tells whether bytes are a key by which a teller can be reached.
func CheckReach(reach []byte) error {
	if _, err := ecdh.P256().NewPublicKey(reach); err != nil {
		return ErrSecret
	}
	return nil
}

// Deal deals a fresh secret to the three tellers. Called again with the same tellers it returns the same dealing.
func (s *Secret) Deal(reach Reaches) (Dealing, error) {
	if s.Dealing != nil && s.Dealing.From == s.No && reflect.DeepEqual(s.DealtTo, reach) {
		return *s.Dealing, nil
	}
	sharing := secretsharing.New(rand.Reader, Threshold-1, curve.RandomNonZeroScalar(rand.Reader))
	out := Dealing{From: s.No}
	for i, c := range sharing.CommitSecret() {
		var err error
		if out.Commitments[i], err = c.MarshalBinaryCompress(); err != nil {
			return Dealing{}, err
		}
	}
	for i, share := range sharing.Share(Tellers) {
		value, err := share.Value.MarshalBinary()
		if err != nil {
			return Dealing{}, err
		}
		if i+1 == s.No {
			s.Own = value
			continue
		}
		sealed, err := sealTo(reach[i], shareInfo(s.Vote, s.No, i+1), value)
		if err != nil {
			return Dealing{}, fmt.Errorf("%w: to teller %d", err, i+1)
		}
		out.Shares = append(out.Shares, SealedShare{To: i + 1, Sealed: sealed})
	}
	s.Dealing, s.DealtTo, s.Share = &out, reach, nil
	return out, nil
}

// Finish checks the three dealings, takes the shares for this teller and returns the vote's key. A teller confirms the key only
// after it: a dealer who gave shares that do not fit their commitments is named here.
//
// The key's hash covers the keys by which the tellers were reached: when the three compare it by another way than the server, nobody stood between
// them.
func (s *Secret) Finish(reach Reaches, dealings [Tellers]Dealing) (Key, error) {
	if !reflect.DeepEqual(s.DealtTo, reach) {
		return Key{}, fmt.Errorf("%w: the tellers are others than those dealt to", ErrDealing)
	}
	sum := curve.NewScalar()
	for i, d := range dealings {
		value := s.Own
		if i+1 != s.No {
			var err error
			if value, err = s.openFor(shareInfo(s.Vote, i+1, s.No), d.share(s.No)); err != nil {
				return Key{}, fmt.Errorf("%w: teller %d", ErrDealing, i+1)
			}
		}
		share, err := d.check(i+1, s.No, value)
		if err != nil {
			return Key{}, err
		}
		sum.Add(sum, share)
	}
	key, err := Combine(s.Vote, reach, dealings)
	if err != nil {
		return Key{}, err
	}
	if s.Share, err = sum.MarshalBinary(); err != nil {
		return Key{}, err
	}
	return key, nil
}

// check wants a share of the dealing that fits its commitments.
func (d Dealing) check(from, to int, value []byte) (group.Scalar, error) {
	wrong := fmt.Errorf("%w: teller %d", ErrDealing, from)
	points, err := d.points()
	if err != nil || d.From != from {
		return nil, wrong
	}
	share := secretsharing.Share{ID: number(to), Value: curve.NewScalar()}
	if err := share.Value.UnmarshalBinary(value); err != nil || len(value) == 0 {
		return nil, wrong
	}
	if !secretsharing.Verify(Threshold-1, share, points) {
		return nil, wrong
	}
	return share.Value, nil
}

func (d Dealing) points() ([]group.Element, error) {
	out := make([]group.Element, Threshold)
	for i, c := range d.Commitments {
		p, err := point(c)
		if err != nil {
			return nil, err
		}
		out[i] = p
	}
	return out, nil
}

// Combine makes the public key of three dealings; whoever has them can. Shares are not looked at: tellers do that in Finish.
func Combine(vote id.ID, reach Reaches, dealings [Tellers]Dealing) (Key, error) {
	public := curve.Identity()
	parts := [Tellers]group.Element{curve.Identity(), curve.Identity(), curve.Identity()}
	h := sha256.New()
	h.Write([]byte("redproperty teller key 1\x00"))
	h.Write(vote[:])
	for _, r := range reach {
		if err := CheckReach(r); err != nil {
			return Key{}, err
		}
		h.Write(r)
	}
	for i, d := range dealings {
		points, err := d.points()
		if err != nil || d.From != i+1 {
			return Key{}, fmt.Errorf("%w: teller %d", ErrDealing, i+1)
		}
		public.Add(public, points[0])
		for j := range parts {
			at := curve.NewElement().Mul(points[1], number(j+1))
			parts[j].Add(parts[j], at.Add(at, points[0]))
		}
		for _, c := range d.Commitments {
			h.Write(c)
		}
	}
	key := Key{}
	h.Sum(key.Hash[:0])
	var err error
	if key.Public, err = public.MarshalBinary(); err != nil || public.IsIdentity() {
		return Key{}, ErrDealing
	}
	for j, p := range parts {
		if key.Parts[j], err = p.MarshalBinaryCompress(); err != nil {
			return Key{}, err
		}
	}
	return key, nil
}

// CheckDealing tells whether a dealing is in shape: two points, and something for each of the others.
func CheckDealing(d Dealing) error {
	if _, err := d.points(); err != nil || d.From < 1 || d.From > Tellers {
		return ErrDealing
	}
	for to := 1; to <= Tellers; to++ {
		if sealed := d.share(to); (to == d.From) != (len(sealed) == 0) || len(sealed) > 200 {
			return ErrDealing
		}
	}
	if len(d.Shares) != Tellers-1 {
		return ErrDealing
	}
	return nil
}

func number(n int) group.Scalar { return curve.NewScalar().SetUint64(uint64(n)) }

// point reads a compressed point that is not the identity.
func point(b []byte) (group.Element, error) {
	p := curve.NewElement()
	if len(b) != 33 {
		return nil, ErrDealing
	}
	if err := p.UnmarshalBinary(b); err != nil || p.IsIdentity() {
		return nil, ErrDealing
	}
	return p, nil
}

func shareInfo(vote id.ID, from, to int) []byte {
	return append(append([]byte("redproperty teller share 1\x00"), vote[:]...), byte(from), byte(to))
}

// sealTo seals to a teller: the encapsulated key, then the ciphertext.
func sealTo(reach, info, plain []byte) ([]byte, error) {
	public, err := kem.NewPublicKey(reach)
	if err != nil {
		return nil, ErrSecret
	}
	return hpke.Seal(public, kdf, aead, info, plain)
}

func (s *Secret) openFor(info, sealed []byte) ([]byte, error) {
	private, err := kem.NewPrivateKey(s.Transport)
	if err != nil {
		return nil, ErrSecret
	}
	plain, err := hpke.Open(private, kdf, aead, info, sealed)
	if err != nil {
		return nil, ErrOpen
	}
	return plain, nil
}
