package bundle

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/redproperty/redproperty/internal/ballot"
)

// Bytes are base64url without padding in JSON.
type Bytes []byte

// MarshalText writes the text form.
func (b Bytes) MarshalText() ([]byte, error) {
	return base64.RawURLEncoding.AppendEncode(nil, b), nil
}

// UnmarshalText reads it.
func (b *Bytes) UnmarshalText(text []byte) (err error) {
	*b, err = strict.AppendDecode(nil, text)
	return err
}

// strict reads base64url in its one form.
var strict = base64.RawURLEncoding.Strict()

// There is a line for each response, up to a million and more. They are written and read by hand, several times faster than
// by the general way. The pieces between the values:
const (
	partPos        = `{"type":"response","pos":`
	partStratum    = `,"stratum":"`
	partToken      = `","token":"`
	partPrefix     = `","prefix":"`
	partSignature  = `","signature":"`
	partRevision   = `","revision":`
	partOpening    = `,"opening":"`
	partCommitment = `","commitment":"`
	partAttributes = `","attributes":"`
	partLeaf       = `","leaf":"`
	partAnswers    = `","answers":`
	partSalt       = `,"salt":"`
	partText       = `","text":"`
	partExcluded   = `","excludedFrom":`
	partChannel    = `,"channel":"`
	partLot        = `","lot":"`
	partKeyed      = `","attributeSalt":"`
	partEnd        = `"}`
)

// appendResponse writes a response's line; open tells whether its answers stand in it.
func appendResponse(out []byte, r *Response, stratum string, leaf ballot.Hash, open bool) ([]byte, error) {
	hash := func(part string, h [32]byte) {
		out = base64.RawURLEncoding.AppendEncode(append(out, part...), h[:])
	}
	out = strconv.AppendInt(append(out, partPos...), r.Pos, 10)
	out = append(append(out, partStratum...), stratum...)
	hash(partToken, r.Token)
	hash(partPrefix, r.Prefix)
	out = base64.RawURLEncoding.AppendEncode(append(out, partSignature...), r.Signature)
	out = strconv.AppendInt(append(out, partRevision...), int64(r.Revision), 10)
	hash(partOpening, r.Opening)
	hash(partCommitment, r.Commitment)
	hash(partAttributes, r.Attributes)
	hash(partLeaf, leaf)
	if open {
		text, err := encode(r.Answers)
		if err != nil {
			return nil, err
		}
		out = append(append(out, partAnswers...), text...)
		hash(partSalt, r.Salt)
		hash(partText, r.Text)
	}
	if e := r.Excluded; e != nil {
		if strings.ContainsAny(e.Channel+e.Lot, "\"\\") {
			return nil, fmt.Errorf("response %s: no channel or lot is called %q, %q", leaf, e.Channel, e.Lot)
		}
		out = strconv.AppendInt(append(out, partExcluded...), int64(e.Revision), 10)
		out = append(append(out, partChannel...), e.Channel...)
		out = append(append(out, partLot...), e.Lot...)
		hash(partKeyed, e.Salt)
	}
	return append(out, partEnd...), nil
}

// scan reads pieces off the front; ok turns false at the first that is not there.
type scan struct {
	rest []byte
	ok   bool
}

func (s *scan) literal(text string) {
	if s.ok = s.ok && bytes.HasPrefix(s.rest, []byte(text)); s.ok {
		s.rest = s.rest[len(text):]
	}
}

// until takes what stands before a mark, which it leaves.
func (s *scan) until(mark byte) []byte {
	n := bytes.IndexByte(s.rest, mark)
	if s.ok = s.ok && n >= 0; !s.ok {
		return nil
	}
	out := s.rest[:n]
	s.rest = s.rest[n:]
	return out
}

func (s *scan) number() int64 {
	text := s.until(',')
	n, err := strconv.ParseInt(string(text), 10, 64)
	plain := len(text) == 1 || len(text) > 1 && text[0] >= '1' && text[0] <= '9'
	s.ok = s.ok && err == nil && n >= 0 && plain
	return n
}

func (s *scan) hash(part string) [32]byte {
	var b [33]byte
	s.literal(part)
	if s.ok = s.ok && len(s.rest) >= 43; !s.ok {
		return [32]byte(b[:32])
	}
	n, err := strict.Decode(b[:], s.rest[:43])
	s.ok = err == nil && n == 32
	s.rest = s.rest[43:]
	return [32]byte(b[:32])
}

// answers reads a string with the escapes that encode writes.
func (s *scan) answers() string {
	stop := bytes.Index(s.rest, []byte(partSalt))
	if s.ok = s.ok && stop > 0; !s.ok {
		return ""
	}
	raw := s.rest[:stop]
	s.rest = s.rest[stop:]
	if text, ok := unescape(raw); ok {
		return text
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		s.ok = false
		return ""
	}
	again, err := encode(text)
	s.ok = err == nil && bytes.Equal(again, raw)
	return text
}

// excluded reads how a response came in that was left out.
func (s *scan) excluded() *Excluded {
	var e Excluded
	s.literal(partExcluded)
	e.Revision = int(s.number())
	s.literal(partChannel)
	e.Channel = string(s.until('"'))
	s.literal(partLot)
	e.Lot = string(s.until('"'))
	e.Salt = s.hash(partKeyed)
	return &e
}

// scanned is a response as it was read, with what the line says of itself.
type scanned struct {
	Response
	code []byte // of the stratum; part of the line
	leaf ballot.Hash
	open bool
}

// scan reads a line that appendResponse wrote. It takes the memory of the response that was read into r before.
func (r *scanned) scan(line []byte) (ok bool) {
	*r = scanned{Response: Response{Signature: r.Signature[:0]}}
	s := &scan{line, true}
	s.literal(partPos)
	r.Pos = s.number()
	s.literal(partStratum)
	r.code = s.until('"')
	r.Token = s.hash(partToken)
	r.Prefix = s.hash(partPrefix)
	s.literal(partSignature)
	var err error
	if r.Signature, err = strict.AppendDecode(r.Signature, s.until('"')); err != nil {
		s.ok = false
	}
	s.literal(partRevision)
	r.Revision = int(s.number())
	r.Opening = s.hash(partOpening)
	r.Commitment = s.hash(partCommitment)
	r.Attributes = s.hash(partAttributes)
	r.leaf = s.hash(partLeaf)
	if s.ok && bytes.HasPrefix(s.rest, []byte(partAnswers)) {
		s.literal(partAnswers)
		r.open, r.Answers = true, s.answers()
		r.Salt = s.hash(partSalt)
		r.Text = s.hash(partText)
	}
	if s.ok && bytes.HasPrefix(s.rest, []byte(partExcluded)) {
		r.Excluded = s.excluded()
	}
	s.literal(partEnd)
	return s.ok && len(s.rest) == 0
}
