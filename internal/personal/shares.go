package personal

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/clock"
)

// Holders is how many shares a ring is split into; all of them are needed.
const Holders = 2

// shareAlphabet leaves out I, L, O and U, which paper and eyes confuse with 1, 0 and V.
const shareAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var shareCoding = base32.NewEncoding(shareAlphabet).WithPadding(base32.NoPadding)

// shareLine is how many bytes stand in one printed line.
const shareLine = 20

// ExportShares splits the ring for two holders. Each share is a page of text to print or store; both
// are needed to get the ring back. One share alone tells nothing about the keys but their number:
// the first is random bytes, the second is the ring combined with them by exclusive or.
//
// A share holds a header, the set it belongs to, and numbered lines, each with its own check
// characters, so that a mistake in copying from paper is found in its line.
func ExportShares(r Ring, day clock.Date) ([Holders]string, error) {
	secret := sealPayload(r)
	pad := make([]byte, len(secret))
	set := make([]byte, 4)
	for _, b := range [][]byte{pad, set} {
		if _, err := rand.Read(b); err != nil {
			return [Holders]string{}, fmt.Errorf("share: %w", err)
		}
	}
	name := hex.EncodeToString(set)
	return [Holders]string{printShare(1, name, day, pad), printShare(2, name, day, xor(secret, pad))}, nil
}

// ImportShares puts a ring together from its two shares, given in any order. The error says which line
// of which share is wrong, that the shares do not belong together, or that one was given twice.
func ImportShares(a, b string) (Ring, error) {
	first, second, err := pair(a, b)
	if err != nil {
		return Ring{}, err
	}
	return openPayload(xor(first.data, second.data))
}

// pair reads two shares that belong together.
func pair(a, b string) (first, second share, err error) {
	if first, err = parseShare(a); err != nil {
		return first, second, fmt.Errorf("first share given: %w", err)
	}
	if second, err = parseShare(b); err != nil {
		return first, second, fmt.Errorf("second share given: %w", err)
	}
	switch {
	case first.set != second.set || len(first.data) != len(second.data):
		return first, second, errors.New("the shares are of different exports")
	case first.number == second.number:
		return first, second, errors.New("the same share was given twice: both holders are needed")
	}
	return first, second, nil
}

// sealPayload is the ring as bytes with a checksum, which is hidden by the split like the keys.
func sealPayload(r Ring) []byte {
	body := bytes.Join(append([][]byte{r.index}, r.keks...), nil)
	sum := sha256.Sum256(body)
	return append(body, sum[:8]...)
}

func openPayload(b []byte) (Ring, error) {
	if len(b) < 2*KeySize+8 || (len(b)-8)%KeySize != 0 {
		return Ring{}, errors.New("the shares do not hold a ring")
	}
	body, check := b[:len(b)-8], b[len(b)-8:]
	sum := sha256.Sum256(body)
	if !bytes.Equal(sum[:8], check) {
		return Ring{}, errors.New("the shares do not hold a ring")
	}
	keys := slices.Collect(slices.Chunk(body, KeySize))
	return Ring{index: keys[0], keks: keys[1:]}, nil
}

func xor(a, b []byte) []byte {
	out := make([]byte, len(a))
	for i := range a {
		out[i] = a[i] ^ b[i]
	}
	return out
}

const shareHeader = "RedProperty key share"

func printShare(number int, set string, day clock.Date, data []byte) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d of %d\n", shareHeader, number, Holders)
	fmt.Fprintf(&b, "set %s\n", set)
	fmt.Fprintf(&b, "# made %s. Useless alone; together with the other share it opens the personal data.\n", day)
	fmt.Fprintf(&b, "# Keep it apart from the other share and from every backup of the database.\n")
	n := 0
	for chunk := range slices.Chunk(data, shareLine) {
		n++
		text := shareCoding.EncodeToString(chunk)
		fmt.Fprintf(&b, "%02d %s %s\n", n, groups(text), lineCheck(number, set, n, text))
	}
	fmt.Fprintf(&b, "lines %d\n", n)
	return b.String()
}

// groups breaks text into fives for reading aloud.
func groups(text string) string {
	var parts []string
	for c := range slices.Chunk([]byte(text), 5) {
		parts = append(parts, string(c))
	}
	return strings.Join(parts, " ")
}

// lineCheck ties a line to its share, set and place, so that lines cannot be mixed up.
func lineCheck(number int, set string, line int, text string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %d %s", number, set, line, text))
	return shareCoding.EncodeToString(sum[:5])[:4]
}

type share struct {
	number int
	set    string
	data   []byte
}

func parseShare(text string) (share, error) {
	lines := keyLines(text)
	var s share
	var of int
	if len(lines) < 4 {
		return s, errors.New("not a key share")
	}
	if n, err := fmt.Sscanf(lines[0], shareHeader+" %d of %d", &s.number, &of); n != 2 || err != nil ||
		of != Holders || s.number < 1 || s.number > Holders {
		return s, errors.New("not a key share")
	}
	s.set = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(lines[1], "set ")))
	body, last := lines[2:len(lines)-1], lines[len(lines)-1]
	if last != fmt.Sprintf("lines %d", len(body)) {
		return s, errors.New("lines are missing")
	}
	for i, line := range body {
		chunk, err := s.parseLine(i+1, line)
		if err != nil {
			return s, err
		}
		s.data = append(s.data, chunk...)
	}
	return s, nil
}

// lookalikes turns what people read into what the alphabet means.
var lookalikes = strings.NewReplacer("O", "0", "I", "1", "L", "1")

func (s share) parseLine(n int, line string) ([]byte, error) {
	wrong := fmt.Errorf("line %02d is mistyped", n)
	words := strings.Fields(lookalikes.Replace(strings.ToUpper(line)))
	if len(words) < 3 || words[0] != fmt.Sprintf("%02d", n) {
		return nil, wrong
	}
	text := strings.Join(words[1:len(words)-1], "")
	if words[len(words)-1] != lineCheck(s.number, s.set, n, text) {
		return nil, wrong
	}
	chunk, err := shareCoding.DecodeString(text)
	if err != nil {
		return nil, wrong
	}
	return chunk, nil
}
