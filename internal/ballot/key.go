package ballot

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"sync"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// DefaultBits is the size of new keys, by ADR 9.
const DefaultBits = 2048

// exponent is the one public exponent that is accepted (F4).
const exponent = 65537

// Sizes are the sizes of keys in bits that are accepted.
var Sizes = []int{2048, 3072}

// PrivateKey signs the ballots of one stratum in one round. It is safe for concurrent use.
type PrivateKey struct {
	mu     sync.RWMutex
	key    *rsa.PrivateKey // nil once destroyed
	public *PublicKey
}

// GenerateKey makes a key of one of Sizes.
func GenerateKey(bits int) (*PrivateKey, error) {
	if !slices.Contains(Sizes, bits) {
		return nil, fmt.Errorf("ballot key: %d bits are not one of %v", bits, Sizes)
	}
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		return nil, fmt.Errorf("ballot key: %w", err)
	}
	if err := strong(&key.PublicKey); err != nil {
		return nil, fmt.Errorf("ballot key: %w", err)
	}
	return newPrivateKey(key)
}

// ParsePrivateKey reads what DER wrote. It is done for each signature, so that nothing is looked for again that the primes in it rule out.
func ParsePrivateKey(der []byte) (*PrivateKey, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("ballot key: %w", err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok || len(key.Primes) != 2 {
		return nil, errors.New("ballot key: not an RSA key of two primes")
	}
	if err := sized(&key.PublicKey); err != nil {
		return nil, fmt.Errorf("ballot key: %w", err)
	}
	return newPrivateKey(key)
}

func newPrivateKey(key *rsa.PrivateKey) (*PrivateKey, error) {
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("ballot key: %w", err)
	}
	return &PrivateKey{key: key, public: &PublicKey{key: &key.PublicKey, spki: spki, id: sha256.Sum256(spki)}}, nil
}

// DER is the key as PKCS #8. The caller encrypts it before it is stored anywhere, and clears the bytes.
// A destroyed key is a fault "ballot.key_destroyed".
func (k *PrivateKey) DER() ([]byte, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.key == nil {
		return nil, destroyed()
	}
	return x509.MarshalPKCS8PrivateKey(k.key)
}

// Public is the key that anybody verifies with; it stays after Destroy.
func (k *PrivateKey) Public() *PublicKey { return k.public }

// Destroy overwrites the numbers of the key and lets it sign nothing more. Copies that the runtime or the cryptographic
// library made stay in memory until they are reused: what ends the key for good is that its sealed form is deleted.
func (k *PrivateKey) Destroy() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.key == nil {
		return
	}
	p := &k.key.Precomputed
	for _, n := range append([]*big.Int{k.key.D, p.Dp, p.Dq, p.Qinv}, k.key.Primes...) {
		if n != nil {
			clear(n.Bits())
		}
	}
	k.key = nil
}

func destroyed() error { return fault.New(fault.Conflict, "ballot.key_destroyed") }

// blindSign is RFC 9474, section 4.3. The same message gives the same signature.
func (k *PrivateKey) blindSign(blinded []byte) ([]byte, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.key == nil {
		return nil, destroyed()
	}
	return blindrsa.NewSigner(k.key).BlindSign(blinded)
}

// PublicKey verifies the ballots of one stratum in one round. It is safe for concurrent use.
type PublicKey struct {
	key  *rsa.PublicKey
	spki []byte
	id   Hash
}

// ParsePublicKey reads a SubjectPublicKeyInfo (plain rsaEncryption, DER) and refuses weak and oddly spelled keys with a
// fault "ballot.key_weak" or "ballot.malformed". It takes some milliseconds: keep the result.
func ParsePublicKey(spki []byte) (*PublicKey, error) {
	parsed, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return nil, malformed(err)
	}
	key, ok := parsed.(*rsa.PublicKey)
	if !ok {
		return nil, malformed(errors.New("not an RSA key"))
	}
	if again, err := x509.MarshalPKIXPublicKey(key); err != nil || !bytes.Equal(again, spki) {
		return nil, malformed(errors.New("the key is not in its canonical form"))
	}
	if err := strong(key); err != nil {
		return nil, fault.New(fault.Invalid, "ballot.key_weak").Because(err)
	}
	return &PublicKey{key: key, spki: slices.Clone(spki), id: sha256.Sum256(spki)}, nil
}

// primes is the product of the odd primes below 1000: a sound modulus shares no factor with it.
var primes = func() *big.Int {
	product := big.NewInt(1)
	for n := int64(3); n < 1000; n += 2 {
		if p := big.NewInt(n); p.ProbablyPrime(0) {
			product.Mul(product, p)
		}
	}
	return product
}()

// strong refuses what a client can see to be a bad key. A signer who makes a bad key on purpose harms the count, which
// the ledger shows, not the secrecy of ballots: blinding hides the message under every modulus it is invertible in.
func strong(key *rsa.PublicKey) error {
	if err := sized(key); err != nil {
		return err
	}
	switch {
	case key.N.Bit(0) == 0 || new(big.Int).GCD(nil, nil, key.N, primes).Cmp(big.NewInt(1)) != 0:
		return errors.New("the modulus has a small factor")
	case key.N.ProbablyPrime(0):
		return errors.New("the modulus is a prime")
	}
	return nil
}

// sized refuses a key of another size or exponent.
func sized(key *rsa.PublicKey) error {
	switch {
	case !slices.Contains(Sizes, key.N.BitLen()):
		return fmt.Errorf("a modulus of %d bits", key.N.BitLen())
	case key.E != exponent:
		return errors.New("another exponent than 65537")
	}
	return nil
}

// ID is the SHA-256 of the SPKI: how ledger leaves and ballots name the key.
func (k *PublicKey) ID() Hash { return k.id }

// SPKI is the key as SubjectPublicKeyInfo in DER, as WebCrypto imports it.
func (k *PublicKey) SPKI() []byte { return slices.Clone(k.spki) }

// Size is the length of signatures and of blinded messages, in bytes.
func (k *PublicKey) Size() int { return k.key.Size() }

// Verify checks a ballot of the round: a fault "ballot.foreign_key" when it names another key, "ballot.forged" when
// the signature is not one of this key over this token in this round. It is plain RSASSA-PSS, so that the standard
// library decides, not the one that signed.
func (k *PublicKey) Verify(round id.ID, b Ballot) error {
	if b.Key != k.id {
		return fault.New(fault.Invalid, "ballot.foreign_key")
	}
	if err := verifyPSS(k.key, prepared(b.Prefix, Message(round, b.Key, b.Token)), b.Signature); err != nil {
		return fault.New(fault.Invalid, "ballot.forged").Because(err)
	}
	return nil
}

func verifyPSS(key *rsa.PublicKey, message, signature []byte) error {
	sum := sha512.Sum384(message)
	return rsa.VerifyPSS(key, crypto.SHA384, sum[:], signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
}

// checkBlinded refuses a blinded message that is no number between 1 and N−1, both excluded since they sign themselves.
func (k *PublicKey) checkBlinded(blinded []byte) error {
	n := new(big.Int).SetBytes(blinded)
	top := new(big.Int).Sub(k.key.N, big.NewInt(1))
	if len(blinded) != k.Size() || n.Cmp(big.NewInt(1)) <= 0 || n.Cmp(top) >= 0 {
		return fault.New(fault.Invalid, "ballot.blinded", "bytes", k.Size())
	}
	return nil
}
