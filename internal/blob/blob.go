// Package blob keeps attachments: photos of work orders and documents of contracts. A blob is named by
// the SHA-256 of its bytes, so that the same file is stored once and a changed one is noticed. What comes
// in is told by its content, never by what the sender calls it; photos are drawn anew, so that neither
// metadata nor anything hidden behind the picture survives.
package blob

import (
	"context"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
)

// Hash names a blob: the SHA-256 of its bytes. It is 32 bytes in the database and hexadecimal in JSON.
type Hash [sha256.Size]byte

// HashOf returns the name of data.
func HashOf(data []byte) Hash { return sha256.Sum256(data) }

// ParseHash reads 64 lower-case hexadecimal digits.
func ParseHash(s string) (Hash, error) {
	var h Hash
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(h) || hex.EncodeToString(b) != s {
		return Hash{}, errors.New("not the name of an attachment: want 64 hexadecimal digits")
	}
	copy(h[:], b)
	return h, nil
}

// String returns the name in hexadecimal.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText writes the name in hexadecimal.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads the hexadecimal form.
func (h *Hash) UnmarshalText(b []byte) error {
	v, err := ParseHash(string(b))
	if err != nil {
		return err
	}
	*h = v
	return nil
}

// Value stores the 32 bytes.
func (h Hash) Value() (driver.Value, error) { return h[:], nil }

// Scan reads the 32 bytes.
func (h *Hash) Scan(src any) error {
	b, ok := src.([]byte)
	if !ok || len(b) != len(h) {
		return fmt.Errorf("cannot read %T as the name of an attachment", src)
	}
	copy(h[:], b)
	return nil
}

// Info is what a store knows of a blob.
type Info struct {
	Hash   Hash
	Size   int64 // bytes
	Stored clock.Instant
}

// Store keeps blobs. Its methods are safe for concurrent use and return the faults blob.not_found
// (NotFound) and blob.unavailable (Unavailable, with the cause for the log).
//
// Whether somebody may read a blob is not the store's question: the caller asks first.
type Store interface {
	// Put stores data durably and returns its name. Storing the same again renews Info.Stored, so that a
	// clean-up that spares young blobs does not take one that has just been asked for.
	Put(ctx context.Context, data []byte) (Hash, error)
	// Get opens a blob. Reading it to the end fails when the bytes are not those that were stored.
	Get(ctx context.Context, h Hash) (io.ReadCloser, error)
	// Stat tells size and time.
	Stat(ctx context.Context, h Hash) (Info, error)
	// Delete removes a blob; one that is not there is no error.
	Delete(ctx context.Context, h Hash) error
	// Walk calls fn with every blob in the order of their names, until fn returns an error.
	Walk(ctx context.Context, fn func(Info) error) error
}

func notFound() error { return fault.New(fault.NotFound, "blob.not_found") }

func unavailable(err error) error {
	if err == nil {
		return nil
	}
	return fault.New(fault.Unavailable, "blob.unavailable").Because(err)
}

// verified is a reader that compares what was read with the blob's name at the end.
type verified struct {
	io.ReadCloser
	want Hash
	sum  hash.Hash
}

func verify(rc io.ReadCloser, want Hash) io.ReadCloser {
	return &verified{ReadCloser: rc, want: want, sum: sha256.New()}
}

func (v *verified) Read(p []byte) (int, error) {
	n, err := v.ReadCloser.Read(p)
	v.sum.Write(p[:n]) // a hash never fails to write
	if errors.Is(err, io.EOF) && Hash(v.sum.Sum(nil)) != v.want {
		return n, unavailable(fmt.Errorf("attachment %s: the stored bytes have changed", v.want))
	}
	return n, err
}
