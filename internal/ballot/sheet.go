package ballot

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// sheetAlphabet is Crockford's: no letter is mistaken for a digit.
const sheetAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// sheetLength is the length of a sheet's code: 100 random bits.
const sheetLength = 20

// sheetMark opens the text of a sheet's QR code.
const sheetMark = "RPS1."

// SheetCode is the code on a paper ballot. The ballot's secret comes of it, so that who holds the sheet, and nobody else, can say what it
// says; it is short enough to be typed where a QR code cannot be read. As text it is five groups of four characters.
type SheetCode string

// NewSheetCode draws a code.
func NewSheetCode() (SheetCode, error) {
	random := make([]byte, sheetLength)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	for i, b := range random {
		random[i] = sheetAlphabet[b%32]
	}
	return SheetCode(random), nil
}

// ParseSheetCode reads a code as it was typed or scanned: small letters, blanks and dashes are allowed, O stands for 0, I and L for 1. A
// fault "ballot.sheet_code" otherwise.
func ParseSheetCode(typed string) (SheetCode, error) {
	text := strings.ToUpper(strings.TrimSpace(typed))
	if rest, ok := strings.CutPrefix(text, sheetMark); ok {
		text = rest
	}
	text = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(text)
	ok := len(text) == sheetLength
	for i := 0; i < len(text); i++ {
		ok = ok && strings.IndexByte(sheetAlphabet, text[i]) >= 0
	}
	if !ok {
		return "", fault.New(fault.Invalid, "ballot.sheet_code", "characters", sheetLength)
	}
	return SheetCode(text), nil
}

// String is the code in groups, as it is printed.
func (c SheetCode) String() string {
	var groups []string
	for rest := string(c); rest != ""; rest = rest[min(4, len(rest)):] {
		groups = append(groups, rest[:min(4, len(rest))])
	}
	return strings.Join(groups, "-")
}

// Scanned is what the QR code holds.
func (c SheetCode) Scanned() string { return sheetMark + string(c) }

// UnmarshalText reads a code that MarshalJSON or a person wrote.
func (c *SheetCode) UnmarshalText(text []byte) error {
	parsed, err := ParseSheetCode(string(text))
	if err == nil {
		*c = parsed
	}
	return err
}

// Secret is the secret of the sheet's ballot in a round.
func (c SheetCode) Secret(round id.ID) Secret {
	return Secret(digest(labelSheet, round[:], []byte(c)))
}

// Salts are those of the sheet's answers and of its words when it is keyed in. They come of the code: keyed in again after a lost answer the
// sheet has the same commitment, and so the same receipt; without the code they are as good as random.
func (c SheetCode) Salts(round id.ID) (answers, text Hash) {
	return digest(labelSheetSalt, round[:], []byte(c), []byte("answers")), digest(labelSheetSalt, round[:], []byte(c), []byte("text"))
}

// Badge is what an interviewer's device shows when it casts for a household: the interviewer's number in the round, with the server's mark
// that it is theirs. As text it is "i07.", and 43 characters.
type Badge struct {
	Number int64
	Mark   Hash
}

// NewBadge makes the badge of a number under a secret of the round.
func NewBadge(secret Hash, round id.ID, number int64) Badge {
	mac := hmac.New(sha256.New, secret[:])
	mac.Write(encode(labelBadge, round[:], []byte(InterviewerCode(number))))
	return Badge{number, Hash(mac.Sum(nil))}
}

// Valid tells whether the badge was made under the secret for the round.
func (b Badge) Valid(secret Hash, round id.ID) bool {
	want := NewBadge(secret, round, b.Number)
	return hmac.Equal(b.Mark[:], want.Mark[:])
}

// InterviewerCode names an interviewer by number: what stands where paper has its lot.
func InterviewerCode(number int64) string {
	text := strconv.FormatInt(number, 10)
	if number < 10 {
		text = "0" + text
	}
	return "i" + text
}

// String is the badge's text.
func (b Badge) String() string {
	return InterviewerCode(b.Number) + "." + base64.RawURLEncoding.EncodeToString(b.Mark[:])
}

// ParseBadge reads the text; a fault "ballot.malformed" otherwise. It does not verify.
func ParseBadge(text string) (Badge, error) {
	code, mark, ok := strings.Cut(text, ".")
	if !ok || len(code) < 3 || len(code) > 6 || code[0] != 'i' {
		return Badge{}, malformed(errors.New("want an interviewer's number and its mark"))
	}
	number, err := strconv.ParseInt(code[1:], 10, 64)
	if err != nil || number < 1 || InterviewerCode(number) != code {
		return Badge{}, malformed(errors.New("want an interviewer's number"))
	}
	h, err := ParseHash(mark)
	return Badge{number, h}, err
}
