package personal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
)

// KeySize is the length in bytes of every key handed to a Suite. A suite whose cipher wants fewer
// (SM4: 16) derives them from it.
const KeySize = 32

// Suite is the cryptography behind the vault. The default is AES-256-GCM with HMAC-SHA-256; where the
// commercial cryptography rules ask for SM4 and SM3, a program supplies its own.
type Suite interface {
	// Name is a short code kept beside each key made for this suite, so that old values stay readable.
	Name() string
	// Seal encrypts and authenticates plaintext, and authenticates bound without storing it. Two calls
	// with the same input give different output.
	Seal(key, plaintext, bound []byte) ([]byte, error)
	// Open undoes Seal. A changed byte, another key or another bound is an error.
	Open(key, sealed, bound []byte) ([]byte, error)
	// MAC is a keyed hash of 32 bytes.
	MAC(key, data []byte) []byte
}

// AES is the default suite: AES-256-GCM with a random 96-bit nonce in front, and HMAC-SHA-256. With
// random nonces one key is good for 2^32 values (NIST SP 800-38D, 8.3); rotation comes long before.
type AES struct{}

// Name returns "aes-256-gcm".
func (AES) Name() string { return "aes-256-gcm" }

// Seal returns nonce, ciphertext and tag in one slice.
func (AES) Seal(key, plaintext, bound []byte) ([]byte, error) {
	aead, err := newGCM(key)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plaintext)+aead.Overhead())
	if _, err := rand.Read(nonce); err != nil {
		return nil, fmt.Errorf("nonce: %w", err)
	}
	return aead.Seal(nonce, nonce, plaintext, bound), nil
}

// Open returns the plaintext of what Seal made.
func (AES) Open(key, sealed, bound []byte) ([]byte, error) {
	aead, err := newGCM(key)
	if err != nil {
		return nil, err
	}
	if len(sealed) < aead.NonceSize()+aead.Overhead() {
		return nil, errors.New("sealed value is too short")
	}
	nonce, text := sealed[:aead.NonceSize()], sealed[aead.NonceSize():]
	return aead.Open(nil, nonce, text, bound)
}

// MAC returns the HMAC-SHA-256 of data.
func (AES) MAC(key, data []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(data) // a hash never fails to write
	return h.Sum(nil)
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// newKey returns fresh randomness for one key.
func newKey() ([]byte, error) {
	k := make([]byte, KeySize)
	if _, err := rand.Read(k); err != nil {
		return nil, fmt.Errorf("new key: %w", err)
	}
	return k, nil
}
