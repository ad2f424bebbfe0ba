package personal

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// Ring is what must be kept outside the database and apart from its backups: the key-encryption keys
// and the key of the blind indexes. With the ring and the database everything can be read; with one
// of the two, nothing.
type Ring struct {
	index []byte
	keks  [][]byte // the current one first; others only while a rotation is under way
}

// NewRing makes a ring of fresh keys.
func NewRing() (Ring, error) {
	index, err := newKey()
	if err != nil {
		return Ring{}, err
	}
	kek, err := newKey()
	if err != nil {
		return Ring{}, err
	}
	return Ring{index: index, keks: [][]byte{kek}}, nil
}

// kekID names a key-encryption key without telling anything about it.
func kekID(kek []byte) [8]byte {
	sum := sha256.Sum256(append([]byte("redproperty kek id\x00"), kek...))
	return [8]byte(sum[:8])
}

func (r Ring) current() []byte { return r.keks[0] }

func (r Ring) kek(name [8]byte) ([]byte, bool) {
	for _, k := range r.keks {
		if kekID(k) == name {
			return k, true
		}
	}
	return nil, false
}

// rotating tells whether an older key-encryption key is still kept.
func (r Ring) rotating() bool { return len(r.keks) > 1 }

// with returns a ring whose current key is kek and that still opens what the older ones wrapped.
func (r Ring) with(kek []byte) Ring {
	return Ring{index: r.index, keks: append([][]byte{kek}, r.keks...)}
}

// settled returns the ring with its current key only.
func (r Ring) settled() Ring { return Ring{index: r.index, keks: r.keks[:1]} }

// String hides the keys from logs and messages.
func (r Ring) String() string { return fmt.Sprintf("ring of %d keys", len(r.keks)) }

// GoString hides the keys from %#v.
func (r Ring) GoString() string { return r.String() }

// ringHeader is the first line of a key file; the number is its format.
const ringHeader = "redproperty-keys 1"

var errRing = errors.New("not a RedProperty key file, or a damaged one")

// MarshalText writes the ring as it stands in a key file: a header, one key a line, and a checksum.
func (r Ring) MarshalText() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintln(&b, "# Keys of the personal data in the database. Keep this file apart from backups of the database,")
	fmt.Fprintln(&b, "# and a copy with two holders: redproperty admin keys export.")
	fmt.Fprintln(&b, ringHeader)
	fmt.Fprintln(&b, "index", base64.StdEncoding.EncodeToString(r.index))
	for _, k := range r.keks {
		fmt.Fprintln(&b, "kek", base64.StdEncoding.EncodeToString(k))
	}
	fmt.Fprintln(&b, "check", r.checksum())
	return b.Bytes(), nil
}

func (r Ring) checksum() string {
	h := sha256.New()
	h.Write([]byte(ringHeader))
	h.Write(r.index)
	for _, k := range r.keks {
		h.Write(k)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// UnmarshalText reads a key file strictly. The error never quotes it.
func (r *Ring) UnmarshalText(text []byte) error {
	lines := keyLines(string(text))
	if len(lines) < 4 || lines[0] != ringHeader {
		return errRing
	}
	var out Ring
	for _, line := range lines[1 : len(lines)-1] {
		if err := out.readKey(line); err != nil {
			return err
		}
	}
	if len(out.keks) == 0 || out.index == nil || lines[len(lines)-1] != "check "+out.checksum() {
		return errRing
	}
	*r = out
	return nil
}

// keyLines drops comments and empty lines.
func keyLines(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out
}

func (r *Ring) readKey(line string) error {
	name, value, _ := strings.Cut(line, " ")
	key, err := base64.StdEncoding.DecodeString(value)
	if err != nil || len(key) != KeySize {
		return errRing
	}
	switch {
	case name == "index" && r.index == nil:
		r.index = key
	case name == "kek":
		r.keks = append(r.keks, key)
	default:
		return errRing
	}
	return nil
}
