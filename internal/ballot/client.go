package ballot

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// saltLength is that of PSS in this variant: the length of SHA-384.
const saltLength = sha512.Size384

// Pending is a ballot that was blinded and not yet signed. A client stores it before it asks for the signature, so that
// after a lost connection it asks again with the same blinded token, and gets the same signature. It holds the secret
// of the ballot and what links it to the drawing: it is deleted once the ballot is finished, and never leaves the client.
type Pending struct {
	public  *PublicKey
	round   id.ID
	secret  Secret
	prefix  Hash
	salt    [saltLength]byte
	factor  []byte // the blinding factor, as long as the modulus
	blinded []byte
	state   blindrsa.State
}

// Prepare draws a ballot's secret and blinds its token. It takes a key that was found in the ledger: a server that
// showed each household a key of its own could tell their ballots apart.
func Prepare(key TrustedKey) (*Pending, error) {
	return prepare(key.public, key.opened.Round, NewSecret())
}

func prepare(public *PublicKey, round id.ID, secret Secret) (*Pending, error) {
	p := &Pending{public: public, round: round, secret: secret, prefix: NewHash(), factor: make([]byte, public.Size())}
	rand.Read(p.salt[:]) // never fails: without randomness it ends the program
	r, err := rand.Int(rand.Reader, public.key.N)
	if err != nil {
		return nil, fmt.Errorf("blinding factor: %w", err)
	}
	r.FillBytes(p.factor)
	return p, p.blind()
}

// blind computes the blinded message from what was drawn; it is the same each time.
func (p *Pending) blind() error {
	message := prepared(p.prefix, Message(p.round, p.public.id, p.secret.Token()))
	var err error
	p.blinded, p.state, err = blindWith(p.public.key, message, p.salt[:], p.factor)
	return err
}

// blindWith is RFC 9474, section 4.2, with given randomness: the library reads the salt first, then the factor.
func blindWith(key *rsa.PublicKey, message, salt, factor []byte) ([]byte, blindrsa.State, error) {
	client, err := blindrsa.NewClient(blindrsa.SHA384PSSRandomized, key)
	if err != nil {
		return nil, blindrsa.State{}, fmt.Errorf("blind: %w", err)
	}
	blinded, state, err := client.Blind(io.MultiReader(bytes.NewReader(salt), bytes.NewReader(factor)), message)
	if err != nil {
		return nil, blindrsa.State{}, fmt.Errorf("blind: %w", err)
	}
	return blinded, state, nil
}

// Blinded is what to send: it tells nothing of the ballot.
func (p *Pending) Blinded() []byte { return bytes.Clone(p.blinded) }

// Key names the key that is asked to sign.
func (p *Pending) Key() Hash { return p.public.id }

// Finish makes the ballot of a blind signature. A signature that does not verify is a fault "ballot.forged": the
// client keeps the pending ballot and asks again.
func (p *Pending) Finish(blindSignature []byte) (Kept, error) {
	signature, err := unblind(p.public.key, p.state, blindSignature)
	if err != nil {
		return Kept{}, fault.New(fault.Invalid, "ballot.forged").Because(err)
	}
	kept := Kept{Round: p.round, Key: p.public.id, Secret: p.secret, Prefix: p.prefix, Signature: signature}
	return kept, p.public.Verify(p.round, kept.Ballot())
}

// unblind is RFC 9474, section 4.4.
func unblind(key *rsa.PublicKey, state blindrsa.State, blindSignature []byte) ([]byte, error) {
	client, err := blindrsa.NewClient(blindrsa.SHA384PSSRandomized, key)
	if err != nil {
		return nil, err
	}
	return client.Finalize(state, blindSignature)
}

// pendingJSON is the stored form. The order of fields is part of it.
type pendingJSON struct {
	Round  id.ID  `json:"round"`
	Key    string `json:"key"` // SPKI
	Secret Hash   `json:"secret"`
	Prefix Hash   `json:"prefix"`
	Salt   string `json:"salt"`
	Factor string `json:"factor"`
}

// MarshalJSON writes what ParsePending reads. It is as secret as the ballot.
func (p *Pending) MarshalJSON() ([]byte, error) {
	text := base64.RawURLEncoding.EncodeToString
	return json.Marshal(pendingJSON{p.round, text(p.public.spki), Hash(p.secret), p.prefix, text(p.salt[:]), text(p.factor)})
}

// ParsePending reads a stored pending ballot. Its key is trusted since it was when the ballot was prepared.
func ParsePending(body []byte) (*Pending, error) {
	var in pendingJSON
	if err := strictJSON(body, &in); err != nil {
		return nil, err
	}
	spki, err := strict.DecodeString(in.Key)
	if err != nil {
		return nil, malformed(err)
	}
	public, err := ParsePublicKey(spki)
	if err != nil {
		return nil, err
	}
	p := &Pending{public: public, round: in.Round, secret: Secret(in.Secret), prefix: in.Prefix}
	return p, p.restore(in.Salt, in.Factor)
}

// restore takes in what was drawn for blinding, and blinds.
func (p *Pending) restore(salt, factor string) error {
	s, err := unbase64(salt, saltLength)
	if err != nil {
		return err
	}
	p.salt = [saltLength]byte(s)
	if p.factor, err = unbase64(factor, p.public.Size()); err != nil {
		return err
	}
	if r := new(big.Int).SetBytes(p.factor); r.Sign() == 0 || r.Cmp(p.public.key.N) >= 0 {
		return malformed(errors.New("the blinding factor is out of range"))
	}
	return p.blind()
}
