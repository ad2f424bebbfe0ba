package ballot

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strconv"
)

// A closing writes, and a verifier reads, a leaf per response: up to a million. Both are done here by hand, in the same
// form that the general functions of leaf.go write and read, several times faster.

// responseParts are the constant pieces of a response's leaf, between its seven values.
var responseParts = [8]string{
	`{"type":"response","v":1,"entry":{"round":"`, `","key":"`, `","token":"`, `","revision":`, `,"opening":"`, `","commitment":"`, `","attributes":"`, `"}}`,
}

// ResponseLeaf is the leaf of a response: Leaf of what Encode returns.
func ResponseLeaf(e Response) ([32]byte, error) {
	if err := e.check(); err != nil {
		return [32]byte{}, fmt.Errorf("leaf %s: %w", e.kind(), err)
	}
	var space [512]byte
	return Leaf(appendResponse(space[:0], e)), nil
}

// appendResponse writes what Encode returns.
func appendResponse(out []byte, e Response) []byte {
	out = append(out, responseParts[0]...)
	out = append(out, e.Round.String()...)
	out = appendHash(append(out, responseParts[1]...), e.Key)
	out = appendHash(append(out, responseParts[2]...), e.Token)
	out = strconv.AppendInt(append(out, responseParts[3]...), int64(e.Revision), 10)
	out = appendHash(append(out, responseParts[4]...), e.Opening)
	out = appendHash(append(out, responseParts[5]...), e.Commitment)
	out = appendHash(append(out, responseParts[6]...), e.Attributes)
	return append(out, responseParts[7]...)
}

func appendHash(out []byte, h Hash) []byte { return base64.RawURLEncoding.AppendEncode(out, h[:]) }

// leafScan reads pieces off the front; ok turns false at the first that is not there.
type leafScan struct {
	rest []byte
	ok   bool
}

func (s *leafScan) literal(text string) {
	s.ok = s.ok && bytes.HasPrefix(s.rest, []byte(text))
	if s.ok {
		s.rest = s.rest[len(text):]
	}
}

func (s *leafScan) take(n int) []byte {
	s.ok = s.ok && len(s.rest) >= n
	if !s.ok {
		return nil
	}
	out := s.rest[:n]
	s.rest = s.rest[n:]
	return out
}

func (s *leafScan) hash() Hash {
	var b [33]byte
	n, err := strict.Decode(b[:], s.take(43))
	s.ok = s.ok && err == nil && n == 32
	return Hash(b[:32])
}

// scanResponse reads a response's leaf; not ok means that something is wrong with it, which the general way names.
func scanResponse(encoded []byte) (e Response, ok bool) {
	s := &leafScan{encoded, true}
	s.literal(responseParts[0])
	round := s.take(36)
	s.ok = s.ok && e.Round.UnmarshalText(round) == nil
	s.literal(responseParts[1])
	e.Key = s.hash()
	s.literal(responseParts[2])
	e.Token = s.hash()
	s.literal(responseParts[3])
	digits := s.take(max(0, bytes.IndexByte(s.rest, ',')))
	e.Revision, _ = strconv.Atoi(string(digits))
	s.literal(responseParts[4])
	e.Opening = s.hash()
	s.literal(responseParts[5])
	e.Commitment = s.hash()
	s.literal(responseParts[6])
	e.Attributes = s.hash()
	s.literal(responseParts[7])
	ok = s.ok && len(s.rest) == 0 && e.check() == nil
	return e, ok && strconv.Itoa(e.Revision) == string(digits) && e.Round.String() == string(round)
}
