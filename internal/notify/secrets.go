package notify

import (
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
)

// sealed is Secrets under one key.
type sealed struct {
	suite personal.AES
	key   []byte
}

// SealWith makes Secrets from a key of 32 bytes, derived for this purpose alone.
func SealWith(key []byte) Secrets { return sealed{key: key} }

func boundTo(row id.ID) []byte { return append([]byte("redproperty webhook 1\x00"), row[:]...) }

// Seal encrypts plaintext for the row; the empty text is nil.
func (s sealed) Seal(row id.ID, plaintext string) ([]byte, error) {
	if plaintext == "" {
		return nil, nil
	}
	return s.suite.Seal(s.key, []byte(plaintext), boundTo(row))
}

// Open decrypts what Seal made for the same row.
func (s sealed) Open(row id.ID, cipher []byte) (string, error) {
	if len(cipher) == 0 {
		return "", nil
	}
	text, err := s.suite.Open(s.key, cipher, boundTo(row))
	return string(text), err
}
